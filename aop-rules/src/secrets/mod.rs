//! Secrets: one file a kind of issuer, one row a recognizer. The entity is always `SECRET`; the rule names the kind.

use crate::scan::Recognizer;

pub mod aop;
mod assignment;
pub mod authorization;
pub mod aws;
pub mod billing;
pub mod configuration;
pub mod connection_string;
pub mod database;
pub mod delivery;
pub mod generic;
pub mod github;
pub mod jwt;
pub mod language_models;
pub mod mail;
pub mod media;
pub mod messaging;
pub mod observability;
pub mod placeholder;
pub mod private_key;
mod value;

/// The recognizers of secrets, a table a kind of issuer, in the manual's order. One rule may have several.
pub static TABLES: &[&[Recognizer]] = &[
    aws::RECOGNIZERS,
    github::RECOGNIZERS,
    aop::RECOGNIZERS,
    language_models::RECOGNIZERS,
    delivery::RECOGNIZERS,
    observability::RECOGNIZERS,
    database::RECOGNIZERS,
    billing::RECOGNIZERS,
    messaging::RECOGNIZERS,
    mail::RECOGNIZERS,
    media::RECOGNIZERS,
    private_key::RECOGNIZERS,
    jwt::RECOGNIZERS,
    connection_string::RECOGNIZERS,
    authorization::RECOGNIZERS,
    configuration::RECOGNIZERS,
    generic::RECOGNIZERS,
];
