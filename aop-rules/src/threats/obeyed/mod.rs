//! What an instruction in a tool's result orders, what a call does, and whether the one is the other.
//!
//! Here are the pure parts; what is remembered of a run is [`crate::post_run::ObeyedState`]. Of a result only the stretch
//! around the instruction is read (`stretch`), and of that only fingerprints of what can be told again (`reading`): names
//! of actions, accounts, addresses, ids, paths, names and rows of words. A later call that has some of these does what it was
//! told (`order`), unless the user or the operator said so too.

pub(crate) mod act;
mod actions;
pub(crate) mod heard;
mod kind;
mod lists;
pub(crate) mod order;
mod pieces;
mod prints;
pub(crate) mod reading;
pub(crate) mod source;
mod spelled;
pub(crate) mod stretch;
pub(crate) mod told;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use aop_toon::{Effect, Severity};
use serde::Serialize;

use self::pieces::is_separator;
use self::reading::Mark;
use crate::rule::Rule;
use crate::scan::allow::{AllowLists, Allowed};
use crate::scan::mistakes::Mistakes;
use crate::scan::{Provenance, ThreatSettings};
use crate::threats::sensitivity::Sensitivity;

/// `threats/obeyed-instruction`
pub static RULE: Rule = Rule {
    id: "threats/obeyed-instruction",
    severity: Severity::Critical,
    effect: Some(Effect::Deny),
    summary: "action that an instruction in a tool's result ordered",
    why: "The result held text that reads like an instruction, and this call has its action's name, its account, its address or \
          its words, which neither the user nor the operator has said. No look at a text alone can tell that an agent has obeyed; \
          this can. The finding's witness is the result. The weaker what was found in the result, the more a call has to share, \
          and the less is done about it. Behind an error words and names are enough; behind a warning it takes the action's name, \
          where it goes, or two things: both are refused. A hint (severity info) is any sentence that tells somebody to do \
          something: there it takes the action's name, an account or an e-mail address that are new to the run, the finding is an \
          error, and the call waits for an approval. Where the user left just that to a text (answer the mail, pay the bill, do \
          what the ticket says), it is a warning and passes, but for payments, which wait. Left alone: what the user named too, the words of \
          calls that quote the instruction itself, and on a hint alone calls that only look something up. What a tool that failed \
          says is needed first waits where it is found as an order.",
    source: "CWE-1427; OWASP LLM01:2025 (Prompt Injection); MITRE ATLAS AML.T0051.001 (indirect prompt injection)",
    ..Rule::ATTACK
};

/// What the correlation is told: part of the settings of `threats`, under its rule's id, and the family's allow-lists.
#[derive(Debug, Clone)]
pub struct ObeyedSettings {
    /// What is to be done about a call that obeys, whatever its grounds; nothing where they decide.
    pub effect: Option<Effect>,
    /// The least score that is reported.
    pub threshold: f64,
    allowed: Arc<Allowed>,
    /// What the allowed values name: an account is the same however it is grouped.
    allowed_marks: Arc<[u64]>,
}

impl ObeyedSettings {
    /// The correlation's settings among those of attacks; nothing when it is switched off. Mistakes in allow-lists are
    /// [`Detectors::new`](crate::scan::Detectors::new)'s to tell, and are left out here.
    ///
    /// ```
    /// use aop_rules::scan::ThreatSettings;
    /// use aop_rules::threats::obeyed::ObeyedSettings;
    ///
    /// assert!(ObeyedSettings::of(&ThreatSettings::default()).is_some());
    /// let off = r#"{"rules": {"threats/obeyed-instruction": {"enabled": false}}}"#;
    /// assert!(ObeyedSettings::of(&serde_json::from_str(off).unwrap()).is_none());
    /// ```
    pub fn of(settings: &ThreatSettings) -> Option<Self> {
        let choice = settings.rules.get(RULE.id).cloned().unwrap_or_default();
        let lists = AllowLists {
            family: "threats",
            values: &settings.allow,
            patterns: &settings.allow_patterns,
            paths: &settings.allow_paths,
        };
        choice.enabled.then(|| Self {
            effect: choice.effect,
            threshold: choice.threshold.unwrap_or(0.0),
            allowed: Arc::new(Allowed::new(lists, &mut Mistakes::default())),
            allowed_marks: settings.allow.iter().flat_map(|value| marks_of(value)).collect(),
        })
    }

    /// What of the settings decides what the orders that are remembered mean: which rules look at whom. Thresholds, effects,
    /// degrees of sensitivity and allow-lists decide what becomes of a finding, and an order that was found under others stays
    /// one; but where a rule is switched off its orders count no more, and where one is switched on nothing is known yet of
    /// what it would have found.
    pub fn remembered(settings: &ThreatSettings) -> impl Serialize + use<> {
        let off = settings.rules.iter().filter(|(_, choice)| !choice.enabled).map(|(id, _)| id.clone());
        let deaf = Provenance::ALL.into_iter().filter(|from| settings.sensitivity(*from) == Sensitivity::Off);
        (off.collect::<BTreeSet<_>>(), deaf.collect::<Vec<_>>())
    }

    /// Whether an operator allows a value, or all that stands at its place.
    pub(crate) fn allows(&self, pointer: impl Fn() -> String, text: &str) -> bool {
        self.allowed.contains(text.trim()) || self.allowed.has_paths() && self.allowed.covers(&pointer())
    }

    /// Leaves out what an operator allows within a text.
    pub(crate) fn leave_out(&self, text: &str, marks: &mut Vec<Mark>) {
        if marks.is_empty() || self.allowed.is_empty() {
            return;
        }
        let pieces = text.split(is_separator).map(|piece| piece.trim_matches(['.', ':', '!', '?', '\'', '*']));
        let allowed: Vec<u64> = pieces.filter(|piece| self.allowed.contains(piece)).flat_map(marks_of).collect();
        marks.retain(|mark| !self.allowed_marks.contains(&mark.hash) && !allowed.contains(&mark.hash));
    }
}

fn marks_of(value: &str) -> Vec<u64> {
    reading::read(&reading::plain(value)).marks.into_iter().map(|mark| mark.hash).collect()
}
