//! The validators, described: one row each, of which the manual's pages are made ([`page`]) and explanations take their settings.
//!
//! A validator is what users switch on and off as a whole. Its row says what it watches, its settings with their defaults, an example
//! that the tests run, and what it costs; its rules stand in the [`CATALOGUE`]. A test holds each row's
//! settings to those of the real type.

mod page;
mod settings;
mod table;

pub use page::page;
pub use settings::{deciding, remedy};
pub use table::VALIDATORS;

use crate::catalogue::CATALOGUE;
use crate::rule::Rule;

/// One validator.
#[derive(Debug)]
pub struct Validator {
    /// The name users know, such as `timelag_validator`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub title: &'static str,
    /// When it looks.
    pub when: &'static str,
    /// What it looks at, and how.
    pub watches: &'static str,
    /// Its table below `[engine]`; empty when it is set otherwise.
    pub table: &'static str,
    /// The settings of its table, in the order of the type.
    pub settings: &'static [Setting],
    /// It at work.
    pub example: Example,
    /// The family of its rules; empty when they are not ours.
    pub family: &'static str,
    /// The work an event, in words.
    pub time: &'static str,
    /// What it remembers of a run, with its bounds.
    pub memory: fn() -> String,
    /// The page that tells all of it.
    pub more: &'static str,
}

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the table.
    pub name: &'static str,
    /// Its default as TOML; empty where it is absent by default.
    pub default: &'static str,
    /// What it says.
    pub says: &'static str,
}

/// Settings, a run, and what is found in it.
#[derive(Debug)]
pub struct Example {
    /// A configuration file.
    pub toml: &'static str,
    /// A policy, where the validator goes by one.
    pub policy: &'static str,
    /// The run's events, one a line.
    pub trace: &'static str,
    /// The rules that find something of this validator, each with its event.
    pub finds: &'static [(&'static str, u64)],
}

impl Validator {
    /// Its rules, in the catalogue's order.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let family = self.family;
        CATALOGUE.iter().copied().filter(move |rule| !family.is_empty() && rule.family() == family)
    }
}

/// The validator of this name, by which a rule names it.
///
/// ```
/// assert_eq!(aop_rules::validators::validator("timelag_validator").unwrap().table, "timelag");
/// ```
pub fn validator(name: &str) -> Option<&'static Validator> {
    VALIDATORS.iter().find(|validator| validator.name == name)
}
