//! The policy language of AOP: rules that security engineers write themselves, in `.aop` files.
//!
//! [`compile`] (or [`check`], for several that use each other) turns policies into a [`PolicySet`], which is immutable and judges
//! events. It is told of an event as an [`Occurrence`], and answers with a [`Judgement`]. What a run must remember is a
//! [`PolicyState`], a value that can be written out and read back; what runs share is a [`SharedState`]. Whatever can be wrong with a
//! policy is said when it is compiled, as [`Diagnostics`]; judging events cannot fail.
//!
//! Stages, each with a type of its own: text → syntax tree → typed form → program → evaluation.
//!
//! ```
//! use aop_dsl::{Judgement, Occurrence, PolicyState, Scratch};
//! use aop_toon::{Effect, Event};
//!
//! let policies = aop_dsl::compile("mail.aop", r#"
//!     policy acme.mail version "1.4.0" dsl 1;
//!     schema { action send(to: email); }
//!     rule outside {
//!       on c: request(send) where c.params.to.domain != "acme.example"
//!       then deny "mail leaves the company";
//!     }
//! "#).unwrap();
//! let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
//!     "payload":{"action":"send","params":{"to":"eve@evil.example"}},"meta":{}}"#).unwrap();
//!
//! let (mut state, mut scratch, mut judgement) = (PolicyState::default(), Scratch::default(), Judgement::default());
//! let occurrence = Occurrence::new(&event, event.t());
//! policies.judge(&occurrence, &state, None, &mut scratch, &mut judgement);
//! assert_eq!((judgement.effect(), judgement.findings[0].message.as_str()), (Effect::Deny, "mail leaves the company"));
//! policies.observe(&occurrence, judgement.effect().accepts(), &mut state, None, &mut scratch);
//! ```
//!
//! Mistakes are said at their place, in the author's words:
//!
//! ```
//! let error = aop_dsl::compile("mail.aop", r#"policy acme.mail version "1.4" dsl 1;"#).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     r#"error[package-version]: "1.4" is no version; write three numbers, such as "1.4.0"
//!  --> mail.aop:1:26
//!   |
//! 1 | policy acme.mail version "1.4" dsl 1;
//!   |                          ^^^^^
//! "#,
//! );
//! ```
//!
//! This crate knows the words of `aop-toon` and nothing of the rules that AOP ships; what detectors have found in an event is told to
//! it. It reads no files: the caller hands in each policy's text and the name to show for it.

mod batch;
mod builtins;
mod check;
mod code_fields;
mod cost;
mod diagnostic;
mod environment;
mod eval;
mod explain;
mod flow;
pub mod import;
#[cfg(test)]
mod laws;
mod library;
mod lower;
mod manual;
mod occurrence;
mod program;
#[cfg(test)]
mod reference;
mod replay;
mod set;
mod source_text;
mod state;
mod syntax;
mod test;
mod typed;
mod types;
mod value;

pub use batch::RunRecord;
pub use builtins::manual as builtins_manual;
#[doc(hidden)]
pub use check::check_diagnostics;
pub use code_fields::CodeField;
pub use cost::{BatchCost, CostReport, RuleCost};
pub use diagnostic::{Diagnostic, DiagnosticCode, Diagnostics, Fix, Level, Related};
pub use environment::{Budget, DetectorKind, Environment, Resolver};
pub use explain::{
    ExplainError, ExplainedCandidate, ExplainedClause, ExplainedDuty, ExplainedEvent, ExplainedPart, ExplainedValue,
    Explanation, Question, explain,
};
#[doc(hidden)]
pub use manual::{diagnostics_manual, limits_manual, std_manual};
pub use occurrence::{Detected, DetectorFamily, Judgement, Occurrence, Redaction};
pub use replay::{NoDetectors, Scan};
pub use set::{Checked, PolicyInfo, PolicySet, RuleInfo, Scratch, Source, check, compile, compile_set, package_name};
pub use state::{PolicyState, SharedPart, SharedPartError, SharedState};
pub use syntax::format;
#[doc(hidden)]
pub use syntax::{syntax_diagnostics, syntax_shape};
pub use test::{RuleCoverage, TestReport, TestResult, test, test_trace, traced_rules};
pub use types::CodeLanguage;
