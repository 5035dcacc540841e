//! No policy language: types of the same names as with it, which hold no rule and never find anything.

use aop_rules::scan::{DeclaredField, Detectors, Hit};
use aop_toon::{Event, Finding, NodeId, Paired, Timestamp};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use crate::config::Settings;
use crate::error::BuildError;

/// A policy's text; there can be none.
#[derive(Debug, Clone)]
pub(crate) enum Source {}

/// No policies.
#[derive(Debug, Clone, Default)]
pub(crate) struct PolicySet;

/// What policies remember of a run: nothing. What an engine with policies has written is passed over, so that its state can still be
/// read; the engine says of such a part that it began anew.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct PolicyState {}

impl<'de> Deserialize<'de> for PolicyState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self {})
    }
}

/// The memory that runs share. Without the feature `policies` nothing is remembered in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SharedState(());

/// Buffers of the evaluation.
#[derive(Debug, Default)]
pub(crate) struct Scratch;

/// What policies say of an event or a run.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) findings: Vec<Finding>,
    pub(crate) redactions: Vec<Redaction>,
}

/// A part of an event that a policy asks to replace.
#[derive(Debug, Clone, Copy)]
#[expect(dead_code, reason = "no policy asks, and the engine's code reads what one would")]
pub(crate) enum Redaction {
    Leaf(NodeId),
    Detected(usize),
}

/// What a detector has found, in the words of the language; nobody reads it.
pub(crate) type Detected<'e> = std::marker::PhantomData<&'e ()>;

/// An event that arrives, with what its run knows of it.
#[derive(Debug)]
#[expect(dead_code, reason = "the engine's code tells it, and no policy reads it")]
pub(crate) struct Occurrence<'e> {
    pub(crate) event: &'e Event<'e>,
    pub(crate) clock: Timestamp,
    pub(crate) agent_id: Option<i64>,
    pub(crate) role: Option<&'e str>,
    pub(crate) organisation: Option<&'e str>,
    pub(crate) paired: &'e [Paired],
    pub(crate) detected: Option<&'e [Detected<'e>]>,
}

impl PolicySet {
    pub(crate) fn is_empty(&self) -> bool {
        true
    }

    pub(crate) fn hash(&self) -> u64 {
        0
    }

    pub(crate) fn uses_shared_state(&self) -> bool {
        false
    }

    pub(crate) fn remembers_detections(&self) -> bool {
        false
    }

    pub(crate) fn judge(
        &self,
        _: &Occurrence<'_>,
        _: &PolicyState,
        _: Option<&SharedState>,
        _: &mut Scratch,
        _: &mut Judgement,
    ) {
    }

    pub(crate) fn observe(
        &self,
        _: &Occurrence<'_>,
        _: bool,
        _: &mut PolicyState,
        _: Option<&mut SharedState>,
        _: &mut Scratch,
    ) {
    }

    pub(crate) fn observe_judged(
        &self,
        occurrence: &Occurrence<'_>,
        accepted: bool,
        state: &mut PolicyState,
        shared: Option<&mut SharedState>,
        scratch: &mut Scratch,
    ) {
        self.observe(occurrence, accepted, state, shared, scratch);
    }

    pub(crate) fn finish(&self, _: &PolicyState, _: Option<Timestamp>, _: &mut Judgement) {}

    pub(crate) fn adopt(&self, _: &mut PolicyState, _: Option<u64>) {}
}

/// The empty set: there is no source to compile.
pub(crate) fn compile(_: &[Source], _: &[Source], _: &Settings, _: &Detectors) -> Result<PolicySet, BuildError> {
    Ok(PolicySet)
}

/// What policies declare to be code: nothing.
pub(crate) fn declared_fields(_: &PolicySet) -> Vec<DeclaredField> {
    Vec::new()
}

/// No policy has a rule.
pub(crate) fn rule_hash(_: &PolicySet, _: &str) -> Option<u64> {
    None
}

/// What has been found, in the words of the language, which nobody reads.
pub(crate) fn all_detected<'d>(_: &[Hit]) -> Vec<Detected<'d>> {
    Vec::new()
}

/// No policy has a rule.
pub(crate) fn told(_: &PolicySet, _: &str) -> Option<String> {
    None
}
