//! Secrets: one file an issuer, one line a recognizer. The entity is always `SECRET`; the rule names the kind.

use crate::scan::Recognizer;

pub mod aws;
pub mod github;
mod placeholder;

/// The recognizers of secrets, in the manual's order. One rule may have several.
pub static RECOGNIZERS: &[&Recognizer] = &[&aws::ACCESS_KEY_ID, &aws::SECRET_ACCESS_KEY, &github::TOKEN];
