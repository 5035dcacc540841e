//! The policy language of AOP: rules that security engineers write themselves, in `.aop` files.
//!
//! [`compile`] turns a policy's text into a [`PolicySet`], which is immutable and judges events; what a run must remember for
//! it is a [`PolicyState`], a value that can be written out and read back. Whatever can be wrong with a policy is said when it
//! is compiled, as [`Diagnostics`]; judging events cannot fail. Stages: text → syntax → policy set.
//!
//! **This version reads a policy's header only**: its name, its version and the language's version. A file with rules is
//! refused, with a diagnostic that says so, so that no rule is ever believed to be in force when it is not. A policy set has
//! no rules, hence no findings.
//!
//! ```
//! let policies = aop_dsl::compile("mail.aop", r#"
//!     // who may write to whom
//!     policy acme.mail version "1.4.0" dsl 1;
//! "#).unwrap();
//! assert_eq!(policies.policies()[0].name, "acme.mail");
//!
//! let error = aop_dsl::compile("mail.aop", r#"policy acme.mail version "1.4" dsl 1;"#).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     r#"error[package-version]: "1.4" is no version; write three numbers, such as "1.4.0"
//!   --> mail.aop:1:26
//!    |
//!  1 | policy acme.mail version "1.4" dsl 1;
//!    |                          ^^^^^
//! "#,
//! );
//! ```
//!
//! This crate knows the words of `aop-toon` and nothing of the rules that AOP ships. It reads no files: the caller hands in
//! each policy's text and the name to show for it.

mod diagnostic;
mod parse;
mod program;

pub use diagnostic::{Diagnostic, DiagnosticCode, Diagnostics};
pub use program::{PolicyInfo, PolicySet, PolicyState, compile};
