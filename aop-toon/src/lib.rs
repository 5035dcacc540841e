//! What an AI agent did, and what is wrong with it: the words that every part of AOP shares.
//!
//! An [`Event`] is one step of a run, parsed strictly from JSON (the form is called Toon) and borrowing its bytes. A
//! [`Trace`] is a run's events in order; [`Calls`] ties responses to requests as they arrive. A [`Finding`] says that a rule
//! was broken, where, and what is to be done. Data passes one way: bytes → [`Document`] → [`Event`] → [`Finding`].
//!
//! This crate knows no rule, no policy and no host. It does no input or output, asks no clock, and matches no patterns.

mod attributes;
mod canonical;
mod document;
mod error;
mod event;
mod finding;
mod meta;
mod pairing;
mod parse;
mod path;
mod payload;
mod recorder;
mod schema;
mod text;
mod time;
mod trace;
mod value;
mod words;

pub use attributes::AttributeValue;
pub use canonical::canonical_json;
pub use document::{Document, Kind, Limits, NodeId};
pub use error::{Fault, FaultKind, ParseError};
pub use event::{Event, EventBuf};
pub use finding::{Approval, At, Finding};
pub use meta::Meta;
pub use pairing::{Answered, Answers, Calls, OpenCall, Paired, Reused};
pub use path::{escape_pointer_token, unescape_pointer_token};
pub use payload::{ActionRequest, ActionResponse, ErrorReport, FinalOutput, Payload, Reasoning};
pub use recorder::{RecordError, Recorder};
pub use schema::{ENVELOPE, Field, META, Shape, is_run_id, manual as schema_manual, payload_fields};
pub use text::LiteralOffsets;
pub use time::{Timestamp, TimestampError};
pub use trace::{LineError, Trace, traces_from_jsonl};
pub use value::{Key, Number, Value};
pub use words::{Actor, Effect, EventType, Phase, Severity, Status, WordError};
