//! The AOP host: it authenticates, asks the engine, makes the event durable, answers; a worker stores.
//!
//! [`run`] serves a [`Config`] on a listener until it is told to stop. An event comes in over HTTP (`docs/http.md`), is
//! judged by [`aop_engine::Engine`], and is appended with its verdict to the [`wal`]; the answer is sent when that record is
//! synced to disk. A worker thread follows the log and moves events, findings and runs into the store, from which traces
//! and findings are read.
//!
//! Every request acts for a [`Principal`], whose organisation is part of every query. This crate knows no rule and no
//! policy; what an event means is the engine's to say.

mod auth;
mod clock;
mod config;
mod digest;
mod host;
mod ingest;
mod log;
mod principal;
mod problem;
mod progress;
mod record;
mod routes;
mod run;
mod server;
mod shared;
mod snapshot;
mod store;
pub mod wal;
mod worker;

pub use auth::{ApiKey, ApiKeyError};
pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Config, ConfigError, Limits, Order, WalSettings, WorkerSettings};
pub use principal::{InvalidName, OrganisationId, Principal, Role};
pub use run::RunStatus;
pub use server::{RunError, create_key, run, run_with_clock};
