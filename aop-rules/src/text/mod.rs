//! What the detectors know about text: words, what is spelled out in place, pieces in another writing, and the
//! normalised view that undoes disguises.

pub mod base64;
pub mod encoded;
pub mod escape;
pub mod inline;
pub mod view;
pub mod words;
