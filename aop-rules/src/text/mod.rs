//! What the detectors know about text: words, what is spelled out in place, pieces in another writing, and the
//! normalised view that undoes disguises; and the disguises that only attacks are worth undoing for.

pub mod base64;
pub mod bidi;
pub(crate) mod block;
pub mod codes;
pub mod disguise;
pub mod encoded;
pub mod escape;
pub mod hidden;
pub mod inline;
pub(crate) mod letters;
pub mod lookalike;
pub mod view;
pub mod words;
