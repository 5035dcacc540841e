//! Program and event → judgement, and program and event → changed state.
//!
//! A judgement ([`judge`]) looks at the state and leaves it as it is; only [`observe`] (and [`advance`], for time) changes it. Both
//! are generic over a [`Probe`], which sees every step.

mod aggregate;
mod apply;
mod context;
mod duty;
mod event;
mod expr;
mod finding;
mod judge;
mod look;
mod notice;
mod observe;
mod past;
mod probe;
mod rule;
mod unknown;

pub(crate) use apply::{adopt, advance};
pub(crate) use expr::QUANTIFIED_MAX;
pub(crate) use finding::UNDECIDED;
pub use judge::Scratch;
pub(crate) use judge::{finish, judge, states};
pub(crate) use look::{Look, look};
pub(crate) use observe::{Taken, observe};
pub(crate) use past::SEARCH_MAX;
pub(crate) use probe::{ClauseSeen, NoProbe, Probe};
pub(crate) use unknown::in_place_of_kept;
