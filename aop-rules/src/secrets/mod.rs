//! Secrets: one file a kind of issuer, one row a recognizer. The entity is always `SECRET`; the rule names the kind.

use crate::scan::Recognizer;

pub mod aop;
mod assignment;
pub mod authorization;
pub mod aws;
pub mod azure;
pub mod billing;
pub mod ci;
pub mod cloud;
pub mod commerce;
pub mod configuration;
pub mod connection_string;
pub mod data;
pub mod database;
pub mod delivery;
pub mod generic;
pub mod github;
pub mod gitlab;
pub mod google;
pub mod jwt;
pub mod language_models;
pub mod llm;
pub mod mail;
pub mod media;
pub mod messaging;
pub mod monitoring;
pub mod network;
pub mod observability;
pub mod packages;
pub mod payment;
pub mod placeholder;
pub mod private_key;
pub mod social;
mod value;
pub mod vault;
pub mod version_control;
pub mod work;

/// The recognizers of secrets, a table a kind of issuer, in the manual's order. One rule may have several.
pub static TABLES: &[&[Recognizer]] = &[
    aws::RECOGNIZERS,
    azure::RECOGNIZERS,
    google::RECOGNIZERS,
    cloud::RECOGNIZERS,
    network::RECOGNIZERS,
    github::RECOGNIZERS,
    gitlab::RECOGNIZERS,
    version_control::RECOGNIZERS,
    ci::RECOGNIZERS,
    packages::RECOGNIZERS,
    llm::RECOGNIZERS,
    vault::RECOGNIZERS,
    work::RECOGNIZERS,
    monitoring::RECOGNIZERS,
    data::RECOGNIZERS,
    payment::RECOGNIZERS,
    commerce::RECOGNIZERS,
    social::RECOGNIZERS,
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
