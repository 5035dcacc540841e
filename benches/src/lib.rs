//! Each figure beside its floor: what the scoreboard (`cargo run --release -p aop-benches -- [AREA]`) and the criterion
//! benches measure, and on what.
//!
//! [`events`] says on which events, [`measure`] lets contenders take turns, an area ([`parse`], [`engine`], [`batch`], [`detectors`],
//! [`threats`], [`wal`], [`http`]) gives [`Row`]s, and [`board`] prints them. A ratio is the median of the ratios of each round, so the
//! machine's mood passes over both sides alike.

pub mod batch;
pub mod board;
pub mod detectors;
pub mod engine;
pub mod events;
pub mod http;
pub mod load;
pub mod measure;
pub mod page;
pub mod parse;
pub mod policy;
pub mod serve;
pub mod threats;
pub mod wal;

pub use board::{Goal, Row};

/// What may go wrong while measuring: a message for whoever runs the scoreboard.
pub type BenchError = Box<dyn std::error::Error + Send + Sync>;
