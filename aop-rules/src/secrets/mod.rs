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
pub mod command_line;
pub mod commerce;
pub mod configuration;
pub mod connection_string;
pub mod content;
pub mod cookie;
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

/// A kind of issuer: its heading in the manual and its recognizers.
#[derive(Debug)]
pub struct Subject {
    /// The heading, without a full stop.
    pub title: &'static str,
    /// One row a recognizer. One rule may have several.
    pub recognizers: &'static [Recognizer],
}

/// The recognizers of secrets, in the manual's order: issuers first, then what has a form whoever issued it, and last what
/// only a name gives away.
/// None without the feature `secrets`, so that none of them is linked in.
pub static SUBJECTS: &[Subject] = if cfg!(feature = "secrets") { ALL } else { &[] };

static ALL: &[Subject] = &[
    Subject { title: "Amazon Web Services", recognizers: aws::RECOGNIZERS },
    Subject { title: "Microsoft Azure", recognizers: azure::RECOGNIZERS },
    Subject { title: "Google", recognizers: google::RECOGNIZERS },
    Subject { title: "Other clouds", recognizers: cloud::RECOGNIZERS },
    Subject { title: "Hosting", recognizers: hosting::RECOGNIZERS },
    Subject { title: "Networks and devices", recognizers: network::RECOGNIZERS },
    Subject { title: "Infrastructure", recognizers: infrastructure::RECOGNIZERS },
    Subject { title: "GitHub", recognizers: github::RECOGNIZERS },
    Subject { title: "GitLab", recognizers: gitlab::RECOGNIZERS },
    Subject { title: "Other version control", recognizers: version_control::RECOGNIZERS },
    Subject { title: "Continuous integration", recognizers: ci::RECOGNIZERS },
    Subject { title: "Code quality", recognizers: code_quality::RECOGNIZERS },
    Subject { title: "Packages and images", recognizers: packages::RECOGNIZERS },
    Subject { title: "Language models", recognizers: language_models::RECOGNIZERS },
    Subject { title: "Speech and pictures", recognizers: speech_and_pictures::RECOGNIZERS },
    Subject { title: "Around language models", recognizers: model_tools::RECOGNIZERS },
    Subject { title: "Password managers and vaults", recognizers: vault::RECOGNIZERS },
    Subject { title: "Sign-in", recognizers: identity::RECOGNIZERS },
    Subject { title: "AOP", recognizers: aop::RECOGNIZERS },
    Subject { title: "Monitoring", recognizers: monitoring::RECOGNIZERS },
    Subject { title: "Databases and search", recognizers: database::RECOGNIZERS },
    Subject { title: "Data and maps", recognizers: data::RECOGNIZERS },
    Subject { title: "Payment", recognizers: payment::RECOGNIZERS },
    Subject { title: "Cryptocurrency exchanges", recognizers: crypto_exchange::RECOGNIZERS },
    Subject { title: "Shops and shipping", recognizers: commerce::RECOGNIZERS },
    Subject { title: "Chat", recognizers: chat::RECOGNIZERS },
    Subject { title: "Telephony", recognizers: telephony::RECOGNIZERS },
    Subject { title: "Mail", recognizers: mail::RECOGNIZERS },
    Subject { title: "Customers", recognizers: customers::RECOGNIZERS },
    Subject { title: "Social networks", recognizers: social::RECOGNIZERS },
    Subject { title: "Work", recognizers: work::RECOGNIZERS },
    Subject { title: "Files and designs", recognizers: content::RECOGNIZERS },
    Subject { title: "Private keys", recognizers: private_key::RECOGNIZERS },
    Subject { title: "JSON Web Tokens", recognizers: jwt::RECOGNIZERS },
    Subject { title: "Connection strings", recognizers: connection_string::RECOGNIZERS },
    Subject { title: "Headers of requests", recognizers: authorization::RECOGNIZERS },
    Subject { title: "Cookies", recognizers: cookie::RECOGNIZERS },
    Subject { title: "Command lines and files of users", recognizers: command_line::RECOGNIZERS },
    Subject { title: "Configuration files", recognizers: configuration::RECOGNIZERS },
    Subject { title: "By name alone", recognizers: generic::RECOGNIZERS },
];
