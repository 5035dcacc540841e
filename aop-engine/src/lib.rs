//! Judge what AI agents do: events in, findings and a verdict out. Pure, in microseconds.
//!
//! An agent's steps arrive as [`Event`]s. An [`Engine`] says of each what is to be done ([`Verdict`]): let it pass, redact
//! it, refuse it. It keeps what it must remember of a run in a [`Run`] (or a [`RunState`] that you keep), and says at the
//! end what the run as a whole has broken ([`Report`]). Data passes one way:
//!
//! ```text
//! bytes ── Event::parse ──▶ Event ── Run::check ──▶ Verdict { effect, findings, redacted }
//!                                       └─ Run::finish ──▶ Report { findings, summary }
//! ```
//!
//! # In an agent's loop
//!
//! ```
//! use aop_engine::{Effect, Engine, Event};
//!
//! // Once, at the start: everything is on by default, and `Settings` says what to change.
//! let engine = Engine::builder().build()?;
//!
//! // For each run: tell it every step, *before* you act on it.
//! let mut run = engine.start_run();
//! let step = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
//!     "payload":{"action":"send_email","params":{"body":"key: AKIAQ3EGRZTX7WMNP2LD"}},"meta":{"run_id":"r-1"}}"#;
//! let verdict = run.check(&Event::parse(step)?);
//! match verdict.effect {
//!     Effect::Allow | Effect::Flag => { /* go on, and keep the findings */ }
//!     Effect::Redact => { /* go on with verdict.redacted instead of the step */ }
//!     Effect::Throttle | Effect::RequireApproval | Effect::Deny => { /* do not act; tell the agent why */ }
//! }
//! assert_eq!(verdict.effect, Effect::Redact);
//! assert_eq!(verdict.findings[0].rule, "secrets/aws-access-key");
//!
//! // At the end: what was missing, late, out of order or too frequent.
//! let report = run.finish();
//! # assert_eq!(report.summary.events, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Three phases, one engine
//!
//! | phase | call | when |
//! |---|---|---|
//! | ingestion | [`Run::check`], [`Engine::check`], [`Engine::judge`] | before an event is accepted |
//! | post-run | [`Run::finish`], [`Engine::finish`] | after a run, or at any point of it |
//! | whole runs | [`Engine::evaluate`], [`Engine::evaluate_all`] | over stored runs: the same findings |
//!
//! Checking event by event and evaluating the whole run give the same findings. A refused event stays in the run's state,
//! marked as refused, and is shown to it as such: do not leave it out.
//!
//! # What it does not do
//!
//! No clock, no files, no sockets, no environment, and no threads but rayon's behind the feature `rayon` (on by default):
//! time comes from the events, or is passed to [`Run::finish_at`]. Building is the only thing that can fail.

mod config;
mod engine;
mod error;
mod ingest;
mod redact;
mod report;
mod run;
mod run_state;
mod verdict;

pub use aop_rules as rules;
pub use aop_rules::acl::ActionSettings as ActionControl;
pub use aop_rules::post_run::{
    FrequencySettings as EventFrequency, MissingStepSettings as MissingStep, SequenceSettings as Sequence,
    TimeLagSettings as TimeLag, TimeSpan,
};
pub use aop_rules::scan::{PiiSettings as Pii, Provenance, SecretSettings as Secrets, ThreatSettings as Threats};
pub use aop_toon::*;
pub use config::Settings;
pub use engine::{Engine, EngineBuilder};
pub use error::{BuildError, StateError};
pub use ingest::Scratch;
pub use report::{Report, Summary};
pub use run::Run;
pub use run_state::RunState;
pub use verdict::Verdict;

/// The README's examples, so that they stay true.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
