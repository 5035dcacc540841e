//! Secrets: one file a kind of issuer, one row a recognizer. The entity is always `SECRET`; the rule names the kind.

use crate::scan::Recognizer;

pub mod aop;
mod assignment;
pub mod authorization;
pub mod aws;
pub mod azure;
pub mod chat;
pub mod ci;
pub mod cloud;
pub mod code_quality;
pub mod commerce;
pub mod configuration;
pub mod connection_string;
pub mod content;
pub mod crypto_exchange;
pub mod customers;
pub mod data;
pub mod database;
pub mod generic;
pub mod github;
pub mod gitlab;
pub mod google;
pub mod hosting;
pub mod identity;
pub mod infrastructure;
pub mod jwt;
pub mod language_models;
pub mod mail;
pub mod model_tools;
pub mod monitoring;
pub mod network;
pub mod packages;
pub mod payment;
pub mod placeholder;
pub mod private_key;
pub mod social;
pub mod speech_and_pictures;
pub mod telephony;
mod value;
pub mod vault;
pub mod version_control;
pub mod work;

/// The recognizers of secrets, a table a kind of issuer, in the manual's order: issuers first, then what has a form whoever
/// issued it, and last what only a name gives away. One rule may have several.
pub static TABLES: &[&[Recognizer]] = &[
    aws::RECOGNIZERS,
    azure::RECOGNIZERS,
    google::RECOGNIZERS,
    cloud::RECOGNIZERS,
    hosting::RECOGNIZERS,
    network::RECOGNIZERS,
    infrastructure::RECOGNIZERS,
    github::RECOGNIZERS,
    gitlab::RECOGNIZERS,
    version_control::RECOGNIZERS,
    ci::RECOGNIZERS,
    code_quality::RECOGNIZERS,
    packages::RECOGNIZERS,
    language_models::RECOGNIZERS,
    speech_and_pictures::RECOGNIZERS,
    model_tools::RECOGNIZERS,
    vault::RECOGNIZERS,
    identity::RECOGNIZERS,
    aop::RECOGNIZERS,
    monitoring::RECOGNIZERS,
    database::RECOGNIZERS,
    data::RECOGNIZERS,
    payment::RECOGNIZERS,
    crypto_exchange::RECOGNIZERS,
    commerce::RECOGNIZERS,
    chat::RECOGNIZERS,
    telephony::RECOGNIZERS,
    mail::RECOGNIZERS,
    customers::RECOGNIZERS,
    social::RECOGNIZERS,
    work::RECOGNIZERS,
    content::RECOGNIZERS,
    private_key::RECOGNIZERS,
    jwt::RECOGNIZERS,
    connection_string::RECOGNIZERS,
    authorization::RECOGNIZERS,
    configuration::RECOGNIZERS,
    generic::RECOGNIZERS,
];
