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
//! assert_eq!(verdict.findings[0].rule, "secrets/aws-access-token");
//!
//! // At the end: what was missing, late, out of order or too frequent.
//! let report = run.finish();
//! # assert_eq!(report.summary.events, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Recorder`] makes the events out of a program's own values. `examples/agent_loop.rs` is a whole loop, with redaction, approvals and
//! refusals; `examples/tower_middleware.rs` is a guard before an HTTP service of tools.
//!
//! # Three phases, one engine
//!
//! | phase | call | when |
//! |---|---|---|
//! | ingestion | [`Run::check`], [`Run::judge`] and [`Run::observe`] | before an event is accepted |
//! | post-run | [`Run::finish`], [`Run::finish_at`] | after a run, or at any point of it |
//! | whole runs | [`Engine::evaluate`] | over a stored run ([`traces_from_jsonl`]): the same findings |
//! | batch | [`Engine::evaluate_all`], [`Engine::evaluate_stream`] | over many runs: what is unusual, and policies' batch rules |
//!
//! Checking event by event and evaluating the whole run give the same findings.
//!
//! # After a refusal
//!
//! `check` takes every event into the run's state, refused ones marked as refused: a refused event is evidence, and has its
//! place in the run. Do not leave it out, and do not send it again: go on with the next `seq`.
//!
//! - **deny**: do not act. What the agent does instead is the next event.
//! - **require_approval**: do not act. Record the approval as events of the run, then ask for the action anew, with a `seq` of
//!   its own, in an engine whose settings or policy know the approval.
//! - **throttle**: to be free to send the *same* event again later, look first and take it in only when it is not throttled;
//!   this is what the host does:
//!
//! ```
//! # use aop_engine::{Effect, Engine, Event};
//! # let engine = Engine::builder().build()?;
//! # let mut run = engine.start_run();
//! # let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"hi"},"meta":{}}"#)?;
//! let verdict = run.judge(&event);
//! if verdict.effect != Effect::Throttle {
//!     run.observe(&event, verdict.is_accepted());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Keep a run
//!
//! A run's memory is a value of bounded size. Write it out when your process ends, and go on later, with the same verdicts:
//!
//! ```
//! # use aop_engine::Engine;
//! # let engine = Engine::builder().build()?;
//! # let run = engine.start_run();
//! let written = run.into_state().to_json();
//! let run = engine.resume_run(engine.restore(&written)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Settings
//!
//! [`Settings`] is what a configuration file's `[engine]` table holds; the types inside it are in [`settings`]. Redaction,
//! thresholds, allow-lists, action control and the run validators are all set there, and what makes no sense is said by
//! [`EngineBuilder::build`], by name.
//!
//! # Features
//!
//! Everything is compiled in by default. `default-features = false` and a choice of these takes less:
//!
//! | feature | what it brings |
//! |---|---|
//! | `policies` | the policy language: [`EngineBuilder::policy`], [`mod@policy`] |
//! | `pii`, `secrets`, `threats` | the detectors of a family |
//! | `runs` | the validators of a run's times, steps, sequence and frequencies |
//! | `batch` | the rules over many runs |
//! | `tokens` | the redaction operator `token`, and the way back from it |
//! | `rayon` | [`Engine::evaluate_all`] and [`Engine::evaluate_stream`] on all cores |
//! | `json-schema` | schemas of parameters in the settings for actions; not among the defaults |
//!
//! What was left out is off by default, and settings that ask for it are refused by [`EngineBuilder::build`].
//!
//! # What it does not do
//!
//! No clock, no files, no sockets, no environment, and no threads but rayon's behind the feature `rayon` (on by default):
//! time comes from the events, or is passed to [`Run::finish_at`]. Judging cannot fail; parsing an event, building an engine
//! and reading a state back can, and each says what was wrong.

mod actions;
mod batch;
mod config;
mod engine;
mod error;
pub mod explain;
mod hiding;
mod identity;
mod ingest;
mod known;
mod learning;
mod policies;
#[cfg(feature = "policies")]
pub mod policy;
mod redact;
mod redaction;
mod report;
mod run;
mod run_state;
mod runs;
mod verdict;

/// The types inside [`Settings`], family by family. Their examples name them by the crates they are from, which are here as
/// [`rules`] and, for `aop_toon`, as this crate's own names.
pub mod settings {
    #[doc(inline)]
    pub use crate::actions::{
        ActionBudget, ActionRule, ActionSettings, AgentName, ApprovalTerms, Bound, BudgetCount, BudgetScope, Instruction,
        ParamRule, ParamType, Scalar, Unnamed,
    };
    #[doc(inline)]
    pub use aop_rules::batch::BatchSettings;
    #[doc(inline)]
    pub use aop_rules::post_run::{
        Applies, Approval, Before, Burst, By, ConformanceModel, ConformanceSettings, Context, ErrorShare, EventFilter,
        FinalOutputRule, FollowUp, FrequencySettings, LagLimit, Limit, LimitEffect, MissingStepSettings, Mix, Next, Outcome,
        Pattern, ResponseLimit, ReusedCallId, SequenceSettings, Silence, Step, StepBefore, StepKind, TimeLagSettings,
        TimeSpan, Workflow, WorkflowStep,
    };
    #[doc(inline)]
    pub use aop_rules::scan::{Checksum, Choice, Code, CustomRecognizer, Ml, PiiSettings, SecretSettings, ThreatSettings};
    #[doc(inline)]
    pub use aop_rules::scan::{DeclaredField, Language};
    #[doc(inline)]
    pub use aop_rules::threats::{ProvenanceSettings, Sensitivity};
}

#[cfg(feature = "policies")]
pub use aop_dsl::{RunRecord, SharedPart, SharedPartError, SharedState};
pub use aop_rules as rules;
pub use aop_rules::batch::{RunProfile, RunTraits, Sent, Who};
pub use aop_rules::post_run::{
    ActionRecord, ActorCounts, ConformanceModel, Fitness, LearnError, Learner, RunSteps, Timing, TraceRecord, TypeCounts,
    Usage,
};
pub use aop_rules::scan::site::Site;
pub use aop_rules::scan::{
    Match, Model, PiiSettings as Pii, Provenance, Recognize, SecretSettings as Secrets, ThreatSettings as Threats,
};
pub use aop_toon::{
    ActionRequest, ActionResponse, Actor, Answered, At, AttributeValue, Calls, Document, ENVELOPE, Effect, ErrorReport,
    Event, EventBuf, EventType, Fault, FaultKind, Field, FinalOutput, Finding, Key, Kind, Limits, LineError, LiteralOffsets,
    META, Meta, NodeId, Number, OpenCall, Paired, ParseError, Payload, Phase, Reasoning, RecordError, Recorder, Reused,
    Severity, Shape, Status, Timestamp, TimestampError, Trace, Value, WordError, canonical_json, escape_pointer_token,
    is_run_id, payload_fields, schema_manual, traces_from_jsonl,
};
pub use batch::{BatchReport, BatchState, EndedRun, RunNotes};
pub use config::Settings;
pub use engine::{Engine, EngineBuilder};
pub use error::{BuildError, StateError};
pub use identity::Scope;
pub use ingest::{Context, Scratch};
pub use learning::GoodRun;
#[cfg(not(feature = "policies"))]
pub use policies::SharedState;
pub use redact::{Operation, Operator, RedactionKey, RedactionKeyError, RedactionSettings, RestoreError};
pub use report::{Report, Summary};
pub use run::Run;
pub use run_state::RunState;
pub use verdict::Verdict;

/// The examples of `docs/redaction.md`.
#[cfg(doctest)]
#[doc = include_str!("../../docs/redaction.md")]
struct RedactionPage;

/// The examples of `docs/batch.md`.
#[cfg(doctest)]
#[cfg(feature = "batch")]
#[doc = include_str!("../../docs/batch.md")]
struct BatchPage;

/// The README's examples, so that they stay true.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The examples of the page on embedding.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embedding.md")]
struct Embedding;

/// The examples of the page on recognizers of one's own.
#[cfg(doctest)]
#[doc = include_str!("../../docs/recognizers.md")]
struct Recognizers;
