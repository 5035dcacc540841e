//! Code in an action's parameters: what must be found, what must be left alone, and that the work is bounded.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures and corpora from disk")]

mod commands;
#[path = "../common/mod.rs"]
mod common;
mod everyday;
mod hostile;
mod measured;
mod statements;
mod values;

use aop_rules::scan::{Language, Match, Parameter};

/// How a rule looks at a parameter.
type Look = fn(&Parameter<'_>) -> Option<Match>;

/// A value that nobody has declared, under a key that says nothing.
fn value(text: &str) -> Parameter<'_> {
    Parameter::new(text, "value", false, Language::Undeclared)
}
