//! What the detectors know about text: words, and the normalised view that undoes disguises.

pub mod view;
pub mod words;
