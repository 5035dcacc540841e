//! What an instruction in a tool's result orders, what a call does, and whether the one is the other.
//!
//! Here are the pure parts; what is remembered of a run is [`crate::post_run::ObeyedState`]. Of a result only the stretch
//! around the instruction is read ([`stretch`]), and of that only fingerprints of what can be told again ([`reading`]): names
//! of actions, accounts, addresses, ids, paths, names and rows of words. A later call that has some of these does what it was
//! told ([`order`]), unless the user or the operator said so too.

mod kind;
pub(crate) mod order;
mod prints;
pub(crate) mod reading;
pub(crate) mod stretch;

use aop_toon::{Effect, Severity};
use serde::{Deserialize, Serialize};

use crate::rule::Rule;
use crate::scan::ThreatSettings;

/// `threats/obeyed-instruction`
pub static RULE: Rule = Rule {
    id: "threats/obeyed-instruction",
    severity: Severity::Critical,
    effect: Some(Effect::Deny),
    summary: "action that an instruction in a tool's result ordered",
    why: "The result held text that reads like an instruction, and this call has its action's name, its account, its address or \
          its words, which neither the user nor the operator has said. No look at a text alone can tell that an agent has obeyed; \
          this can. The finding's witness is the result. The weaker what was found in the result, the more a call has to share: \
          words and names are enough behind an error; behind a warning it takes the action's name, where it goes, or two things; \
          behind a hint (severity info) the action's name, an account or an e-mail address that are new to the run. Left alone: \
          what the user named too, calls that quote the instruction itself, and, unless an error was found, the calls of an agent \
          whose user told it to do what a text says.",
    source: "CWE-1427; OWASP LLM01:2025 (Prompt Injection); MITRE ATLAS AML.T0051.001 (indirect prompt injection)",
    ..Rule::ATTACK
};

/// What the correlation is told: part of the settings of `threats`, under its rule's id.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObeyedSettings {
    /// What is to be done about a call that obeys.
    pub effect: Effect,
    /// The least score that is reported.
    pub threshold: f64,
}

impl ObeyedSettings {
    /// The correlation's settings among those of attacks; nothing when it is switched off.
    ///
    /// ```
    /// use aop_rules::scan::ThreatSettings;
    /// use aop_rules::threats::obeyed::ObeyedSettings;
    ///
    /// assert!(ObeyedSettings::of(&ThreatSettings::default()).is_some());
    /// let off = r#"{"rules": {"threats/obeyed-instruction": {"enabled": false}}}"#;
    /// assert_eq!(ObeyedSettings::of(&serde_json::from_str(off).unwrap()), None);
    /// ```
    pub fn of(settings: &ThreatSettings) -> Option<Self> {
        let choice = settings.rules.get(RULE.id).cloned().unwrap_or_default();
        let effect = choice.effect.or(RULE.effect).unwrap_or(Effect::Deny);
        choice.enabled.then_some(Self { effect, threshold: choice.threshold.unwrap_or(0.0) })
    }
}
