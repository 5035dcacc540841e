//! Which rules an event may trigger and which memories it feeds: looked up by what the event is, so that rules about other
//! events cost nothing.
//!
//! An action that a policy names has a bucket of its own. For all others there are the patterns that may mean them, `*` and globs.
//! Within a bucket, rules that cannot hold unless a value is one of a few, or has one of a few texts in it, are found by that
//! value: [`Guarded`].

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use crate::program::node::{ExprId, RequestValueId};
use crate::program::stable_hash::{BuildNameHasher, BuildUnhashed};
use crate::typed::ActionName;

/// An action that some policy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NameId(pub(crate) u32);

#[derive(Debug, Default)]
pub(crate) struct Dispatch {
    /// The actions that policies name.
    pub(crate) names: HashMap<Box<str>, NameId, BuildNameHasher>,
    pub(crate) requests: ByAction,
    pub(crate) responses: ByAction,
    /// By [`aop_toon::EventType`], for those that have no action.
    pub(crate) reasoning: Bucket,
    pub(crate) finals: Bucket,
    pub(crate) errors: Bucket,
    pub(crate) run_end: Bucket,
}

/// Requests or responses.
#[derive(Debug, Default)]
pub(crate) struct ByAction {
    /// By [`NameId`]: what means this action in particular.
    pub(crate) named: Vec<Bucket>,
    /// What means every action.
    pub(crate) any: Bucket,
    /// What means actions that no policy names, if their names are like this.
    pub(crate) like: Vec<(Box<[ActionName]>, Bucket)>,
    /// What may mean a response whose request is not known.
    pub(crate) orphan: Bucket,
}

/// What there is to do about an event.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    /// [`crate::program::RuleId`]
    pub(crate) rules: Index,
    /// [`crate::program::WatchId`]
    pub(crate) watches: Index,
    /// Of a request: what is kept of it for rules about its response.
    pub(crate) kept: Box<[RequestValueId]>,
}

/// Things with conditions, found by what their conditions need.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Those that are always looked at.
    pub(crate) always: Box<[u32]>,
    /// Those that are found by a value.
    pub(crate) guarded: Box<[Guarded]>,
}

/// Things by the place of a pattern.
pub(crate) type ByPattern = Box<[Box<[u32]>]>;

/// Things whose conditions need something of one value.
#[derive(Debug)]
pub(crate) struct Guarded {
    /// The value, about the event.
    pub(crate) value: ExprId,
    /// All of them: when the value is unknown, so may be their conditions.
    pub(crate) all: Box<[u32]>,
    /// By the quick hash of what the value must be equal to.
    pub(crate) equal: HashMap<u64, Box<[u32]>, BuildUnhashed>,
    /// By what must stand in the text: a pattern's things are at its place.
    pub(crate) texts: Option<(AhoCorasick, ByPattern)>,
    /// Those whose conditions need the number to be over or under a bound.
    pub(crate) bounds: Bounds,
}

/// Things by the bounds that a number must pass, sorted; what is found may still be at the bound.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    /// Rising: these need at least so much.
    pub(crate) at_least: Box<[(rust_decimal::Decimal, u32)]>,
    /// Falling: these need at most so much.
    pub(crate) at_most: Box<[(rust_decimal::Decimal, u32)]>,
}
