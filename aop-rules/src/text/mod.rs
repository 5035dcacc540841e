//! What the detectors know about text: words, escapes, and the normalised view that undoes disguises.

pub mod base64;
pub mod escape;
pub mod view;
pub mod words;
