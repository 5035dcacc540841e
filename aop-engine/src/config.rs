//! What an engine is told: one settings type for the whole of it, as a configuration file's `[engine]` table has it.

use aop_rules::acl::ActionSettings;
use aop_rules::post_run::{FrequencySettings, MissingStepSettings, SequenceSettings, TimeLagSettings, TimeSpan};
use aop_rules::scan::{DetectorSettings, PiiSettings, SecretSettings, ThreatSettings, switch};
use aop_toon::Severity;
use serde::{Deserialize, Serialize};

use crate::redact::RedactionSettings;

/// The settings of an [`Engine`](crate::Engine). By default everything is on, and quiet on an agent's ordinary day.
///
/// Each family is a table, `true` for its defaults, or `false`:
///
/// ```
/// let settings: aop_engine::Settings = serde_json::from_str(r#"{
///     "threshold": "critical",
///     "pii": {"entities": {"EMAIL_ADDRESS": {"effect": "redact"}}},
///     "timelag": {"max_response": "30s"},
///     "frequency": false
/// }"#).unwrap();
/// assert!(settings.secrets.is_some() && settings.frequency.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// From this severity on, a finding whose rule names no effect refuses its event; below, it flags.
    pub threshold: Severity,
    /// Personal data.
    #[serde(with = "switch")]
    pub pii: Option<PiiSettings>,
    /// Secrets.
    #[serde(with = "switch")]
    pub secrets: Option<SecretSettings>,
    /// Attacks by text.
    #[serde(with = "switch")]
    pub threats: Option<ThreatSettings>,
    /// What agents may ask for.
    #[serde(with = "switch")]
    pub actions: Option<ActionSettings>,
    /// How long things take.
    #[serde(with = "switch")]
    pub timelag: Option<TimeLagSettings>,
    /// The steps that a run must have.
    #[serde(with = "switch")]
    pub missing_step: Option<MissingStepSettings>,
    /// The order of a run's events.
    #[serde(with = "switch")]
    pub sequence: Option<SequenceSettings>,
    /// How often things happen.
    #[serde(with = "switch")]
    pub frequency: Option<FrequencySettings>,
    /// What is put in the place of what is redacted.
    pub redaction: RedactionSettings,
    /// How long a request waits for its response before a later response without a call id passes it over; forever by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_timeout: Option<TimeSpan>,
    /// How many findings of one rule one event may have; one more says how many were left out. Redaction leaves none out.
    pub findings_per_rule_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threshold: Severity::Error,
            pii: Some(PiiSettings::default()),
            secrets: Some(SecretSettings::default()),
            threats: Some(ThreatSettings::default()),
            actions: Some(ActionSettings::default()),
            timelag: Some(TimeLagSettings::default()),
            missing_step: Some(MissingStepSettings::default()),
            sequence: Some(SequenceSettings::default()),
            frequency: Some(FrequencySettings::default()),
            redaction: RedactionSettings::default(),
            call_timeout: None,
            findings_per_rule_max: 100,
        }
    }
}

impl Settings {
    /// Settings with every family off: an engine that accepts everything, for measuring and for choosing a few families.
    ///
    /// ```
    /// use aop_engine::{Pii, Settings};
    ///
    /// let only_pii = Settings { pii: Some(Pii::default()), ..Settings::none() };
    /// ```
    pub fn none() -> Self {
        Self {
            pii: None,
            secrets: None,
            threats: None,
            actions: None,
            timelag: None,
            missing_step: None,
            sequence: None,
            frequency: None,
            ..Self::default()
        }
    }

    pub(crate) fn detectors(&self) -> DetectorSettings {
        DetectorSettings { pii: self.pii.clone(), secrets: self.secrets.clone(), threats: self.threats.clone() }
    }
}
