//! Policy engines on one job: external mail after a web page's output is refused.
//!
//! All contenders judge the same traces ([`trace`]), each event as it arrives, and are held against the rule in plain Rust
//! before anything is timed. Each is used as its users would use it best: see [`aop`], [`dogwood`], [`rego`] and
//! [`cel_expression`]. Events are parsed beforehand, rules are compiled once, and a run's beginning is not timed.
//!
//! Where forms differ in what they spare an engine, the others have the lighter one: their events hold what the rule reads and
//! no texts, a response names its action (ours finds its request by the call's id), and engines that keep nothing between
//! evaluations are asked about requests only.
//!
//! This is a workspace of its own: its lock file holds our crates' dependencies, and changes when they do.

pub mod aop;
pub mod board;
pub mod by_hand;
pub mod cel_expression;
pub mod contender;
pub mod dogwood;
pub mod job;
#[path = "../../../src/measure.rs"]
pub mod measure;
pub mod rego;
pub mod trace;
