//! How closely texts are looked at by where they come from, and what is done about what is found there.

use std::fmt;

use aop_toon::{Effect, Severity};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use super::{is_code, is_right_of_users, judge, model};
use crate::rule::Rule;
use crate::scan::{Provenance, ThreatSettings, suggestion};

/// How closely texts are looked at.
///
/// ```
/// use aop_rules::threats::Sensitivity;
///
/// assert_eq!(serde_json::from_str::<Sensitivity>(r#""high""#).unwrap(), Sensitivity::High);
/// let said = serde_json::from_str::<Sensitivity>(r#""medium""#).unwrap_err().to_string();
/// assert!(said.starts_with("there is no `medium`; write `normal`"), "{said}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Nothing is reported.
    Off,
    /// Only what is nearly certain.
    Low,
    /// As the rules say.
    Normal,
    /// Also what is doubtful, and orders that a user has a right to give; and what is a warning else is an error.
    High,
}

impl Sensitivity {
    /// Every level, the least first.
    pub const ALL: [Sensitivity; 4] = [Self::Off, Self::Low, Self::Normal, Self::High];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        ["off", "low", "normal", "high"][self as usize]
    }

    /// The least score that is reported; nothing where nothing is. The model's scores are 0.5 at its own threshold.
    fn threshold(self) -> Option<f64> {
        match self {
            Self::Off => None,
            Self::Low => Some(0.8),
            Self::Normal => Some(0.5),
            Self::High => Some(0.3),
        }
    }
}

/// What people call the levels besides.
const ALSO: &[(&str, &str)] = &[
    ("none", "off"),
    ("disabled", "off"),
    ("medium", "normal"),
    ("default", "normal"),
    ("strict", "high"),
    ("max", "high"),
];

impl<'de> Deserialize<'de> for Sensitivity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;

        impl Visitor<'_> for Word {
            type Value = Sensitivity;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(r#""off", "low", "normal" or "high""#)
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Sensitivity, E> {
                let level = Sensitivity::ALL.into_iter().find(|level| level.as_str() == word);
                let names = || Sensitivity::ALL.map(Sensitivity::as_str);
                level.ok_or_else(|| E::custom(suggestion(word, ALSO, &names())))
            }
        }

        deserializer.deserialize_any(Word)
    }
}

/// What holds for texts of one provenance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table such as { sensitivity = \"high\" }")]
pub struct ProvenanceSettings {
    /// How closely they are looked at: off for the operator's own prompts, normal for all others, unless it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// What to do about what is found in them, where the rule's own settings do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
}

/// What a find is worth under settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// How bad it is.
    pub severity: Severity,
    /// What to do about it; `None` leaves it to the engine: deny at or over its threshold, flag below.
    pub effect: Option<Effect>,
    /// The least score that is reported.
    pub threshold: f64,
}

impl ThreatSettings {
    /// How closely texts of a provenance are looked at.
    pub fn sensitivity(&self, from: Provenance) -> Sensitivity {
        let unsaid = if from == Provenance::System { Sensitivity::Off } else { Sensitivity::Normal };
        self.from.get(&from).and_then(|settings| settings.sensitivity).unwrap_or(unsaid)
    }

    /// The least score that is reported of what a rule finds in texts of a provenance; nothing where nothing is reported.
    ///
    /// ```
    /// use aop_rules::scan::{Provenance, ThreatSettings};
    /// use aop_rules::threats::r#override::RULE;
    ///
    /// let settings: ThreatSettings = serde_json::from_str(r#"{"from": {"user": {"sensitivity": "low"}}}"#).unwrap();
    /// assert_eq!(settings.threshold(&RULE, Provenance::User), Some(0.8));
    /// assert_eq!(settings.threshold(&RULE, Provenance::Tool), Some(0.5));
    /// assert_eq!(settings.threshold(&RULE, Provenance::System), None);
    /// ```
    pub fn threshold(&self, rule: &Rule, from: Provenance) -> Option<f64> {
        self.worth(rule, from).map(|worth| worth.threshold)
    }

    /// What a find of a rule in a text of a provenance is worth; nothing where it is not reported.
    ///
    /// What checks code looks at what an action is about to do, whoever has asked for it, so that the provenance changes
    /// nothing there.
    pub fn worth(&self, rule: &Rule, from: Provenance) -> Option<Worth> {
        let choice = self.rules.get(rule.id).cloned().unwrap_or_default();
        if !choice.enabled {
            return None;
        }
        if is_code(rule) {
            let (severity, effect) = judge(rule, from)?;
            return Some(Worth { severity, effect: choice.effect.or(effect), threshold: choice.threshold.unwrap_or(0.0) });
        }
        let sensitivity = self.sensitivity(from);
        let threshold = sensitivity.threshold()?;
        // An operator who has his own prompts looked at takes them for texts that others have a hand in, as users do.
        let judged_as = if from == Provenance::System { Provenance::User } else { from };
        let is_high = sensitivity == Sensitivity::High;
        let (severity, effect) = match judge(rule, judged_as) {
            Some((Severity::Warning, effect)) if is_high => (Severity::Error, effect),
            Some(judged) => judged,
            // What is a user's right is worth knowing to whoever looks so closely.
            None if is_high && judged_as == Provenance::User && is_right_of_users(rule) => {
                (Severity::Warning, Some(Effect::Flag))
            }
            None => return None,
        };
        // An order alone is for a person to look at: ordinary texts hold many.
        let of_all = self.from.get(&from).and_then(|settings| settings.effect).filter(|_| rule.id != model::INSTRUCTION.id);
        let effect = choice.effect.or(of_all).or(effect);
        Some(Worth { severity, effect, threshold: choice.threshold.unwrap_or(threshold) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_asked_as_closely_as_the_rules_are() {
        let settings: ThreatSettings = serde_json::from_str(
            r#"{"from": {"tool": {"sensitivity": "high", "effect": "deny"}, "user": {"sensitivity": "low"}, "agent": {"sensitivity": "high"}}}"#,
        )
        .unwrap();
        let worth = |rule: &Rule, from| {
            settings.worth(rule, from).map(|Worth { severity, effect, threshold }| (severity, effect, threshold))
        };
        let (flag, deny) = (Some(Effect::Flag), Some(Effect::Deny));
        assert_eq!(worth(&model::ATTACK, Provenance::Tool), Some((Severity::Error, deny, 0.3)));
        assert_eq!(worth(&model::ATTACK, Provenance::User), Some((Severity::Warning, flag, 0.8)));
        assert_eq!(worth(&model::ATTACK, Provenance::Agent), None);
        // An order in a result is no reason to refuse the result.
        assert_eq!(worth(&model::INSTRUCTION, Provenance::Tool), Some((Severity::Info, flag, 0.3)));
        assert_eq!(worth(&model::INSTRUCTION, Provenance::User), None);
    }
}
