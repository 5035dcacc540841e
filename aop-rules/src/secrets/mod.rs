//! Secrets: one file a kind of issuer, one row a recognizer. The entity is always `SECRET`; the rule names the kind.

use crate::scan::Recognizer;

pub mod aws;
pub mod github;
pub mod placeholder;

/// The recognizers of secrets, a table a kind of issuer, in the manual's order. One rule may have several.
pub static TABLES: &[&[Recognizer]] = &[aws::RECOGNIZERS, github::RECOGNIZERS];
