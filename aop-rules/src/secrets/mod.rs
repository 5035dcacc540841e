//! Secrets: one file a kind of issuer, one row a recognizer. The entity is always `SECRET`; the rule names the kind.

use crate::scan::Recognizer;

mod assignment;
pub mod authorization;
pub mod aws;
pub mod configuration;
pub mod connection_string;
pub mod generic;
pub mod github;
pub mod jwt;
pub mod placeholder;
pub mod private_key;

/// The recognizers of secrets, a table a kind of issuer, in the manual's order. One rule may have several.
pub static TABLES: &[&[Recognizer]] = &[
    aws::RECOGNIZERS,
    github::RECOGNIZERS,
    private_key::RECOGNIZERS,
    jwt::RECOGNIZERS,
    connection_string::RECOGNIZERS,
    authorization::RECOGNIZERS,
    configuration::RECOGNIZERS,
    generic::RECOGNIZERS,
];
