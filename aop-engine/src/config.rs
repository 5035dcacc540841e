//! What an engine is told: one settings type for the whole of it, as a configuration file's `[engine]` table has it.

pub(crate) use aop_rules::batch::BatchSettings;
use aop_rules::post_run::{
    ConformanceSettings, FrequencySettings, MissingStepSettings, SequenceSettings, TimeLagSettings, TimeSpan,
};
use aop_rules::scan::{DetectorSettings, PiiSettings, SecretSettings, ThreatSettings, switch};
use aop_toon::Severity;
use serde::{Deserialize, Serialize};

use crate::actions::ActionSettings;
use crate::error::Cause;
use crate::redact::RedactionSettings;

/// The settings of an [`Engine`](crate::Engine). By default everything is on that is compiled in, and quiet on an agent's ordinary day.
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
    /// The way that runs go, by a workflow model: nothing without one.
    #[serde(with = "switch")]
    pub conformance: Option<ConformanceSettings>,
    /// The order of a run's events.
    #[serde(with = "switch")]
    pub sequence: Option<SequenceSettings>,
    /// How often things happen.
    #[serde(with = "switch")]
    pub frequency: Option<FrequencySettings>,
    /// What is unusual among many runs.
    #[serde(with = "switch")]
    pub batch: Option<BatchSettings>,
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
            pii: cfg!(feature = "pii").then(PiiSettings::default),
            secrets: cfg!(feature = "secrets").then(SecretSettings::default),
            threats: cfg!(feature = "threats").then(ThreatSettings::default),
            actions: Some(ActionSettings::default()),
            timelag: cfg!(feature = "runs").then(TimeLagSettings::default),
            missing_step: cfg!(feature = "runs").then(MissingStepSettings::default),
            conformance: cfg!(feature = "runs").then(ConformanceSettings::default),
            sequence: cfg!(feature = "runs").then(SequenceSettings::default),
            frequency: cfg!(feature = "runs").then(FrequencySettings::default),
            batch: crate::batch::IS_THERE.then(BatchSettings::default),
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
            conformance: None,
            sequence: None,
            frequency: None,
            batch: None,
            ..Self::default()
        }
    }

    /// A validator that was asked for and left out of the program must not look like one that found nothing.
    pub(crate) fn validators_are_compiled_in(&self) -> Result<(), Cause> {
        let Self { timelag, missing_step, conformance, sequence, frequency, .. } = self;
        let asked = [
            ("timelag", timelag.is_some()),
            ("missing_step", missing_step.is_some()),
            ("conformance", conformance.is_some()),
            ("sequence", sequence.is_some()),
            ("frequency", frequency.is_some()),
        ];
        if self.batch.is_some() && !crate::batch::IS_THERE {
            return Err(Cause::LeftOut { setting: "batch", feature: "batch" });
        }
        match asked.iter().find(|(_, is_on)| *is_on && !cfg!(feature = "runs")) {
            Some(&(setting, _)) => Err(Cause::LeftOut { setting, feature: "runs" }),
            None => Ok(()),
        }
    }

    pub(crate) fn detectors(&self) -> DetectorSettings {
        DetectorSettings { pii: self.pii.clone(), secrets: self.secrets.clone(), threats: self.threats.clone() }
    }
}
