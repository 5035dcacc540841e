//! Which detectors run, and what each does about what it finds.

use std::collections::BTreeMap;
use std::sync::Arc;

use aop_toon::Effect;
use serde::{Deserialize, Serialize};

use crate::scan::custom::{Code, CustomRecognizer, Ml};
use crate::scan::fields::DeclaredField;
use crate::scan::hit::Provenance;
use crate::scan::mistakes::{Mistakes, SettingsError};
use crate::threats::ProvenanceSettings;
use crate::threats::model::Weights;

/// The detectors' settings. By default everything runs that is compiled in: secrets and strong identifiers (cards, national ids, bank
/// accounts) are redacted, e-mail and IP addresses flagged, attacks judged by where they come from.
///
/// In a file each family is a table, or `false` to switch it off:
///
/// ```
/// use aop_rules::scan::DetectorSettings;
///
/// let settings: DetectorSettings = serde_json::from_str(r#"{
///     "pii": {"entities": {"EMAIL_ADDRESS": {"effect": "redact"}, "IP_ADDRESS": {"enabled": false}}, "allow": ["@example.org"]},
///     "threats": false
/// }"#).unwrap();
/// assert!(settings.secrets.is_some() && settings.threats.is_none());
/// assert!(serde_json::from_str::<DetectorSettings>(r#"{"pii": {"entitys": {}}}"#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table with `pii`, `secrets` and `threats`")]
pub struct DetectorSettings {
    /// Personal data; `None` looks for none.
    #[serde(with = "switch")]
    pub pii: Option<PiiSettings>,
    /// Secrets; `None` looks for none.
    #[serde(with = "switch")]
    pub secrets: Option<SecretSettings>,
    /// Attacks by text; `None` looks for none.
    #[serde(with = "switch")]
    pub threats: Option<ThreatSettings>,
}

impl Default for DetectorSettings {
    fn default() -> Self {
        Self {
            pii: cfg!(feature = "pii").then(PiiSettings::default),
            secrets: cfg!(feature = "secrets").then(SecretSettings::default),
            threats: cfg!(feature = "threats").then(ThreatSettings::default),
        }
    }
}

impl DetectorSettings {
    /// A family that was asked for and left out of the program must not look like one that found nothing.
    pub(super) fn are_compiled_in(&self) -> Result<(), SettingsError> {
        let mut mistakes = Mistakes::default();
        let mut family = |is_on: bool, is_there: bool, name: &str| {
            if is_on && !is_there {
                mistakes.add(
                    name,
                    format_args!("this program was built without the cargo feature `{name}`; add it, or write `false`"),
                );
            }
        };
        family(self.pii.is_some(), cfg!(feature = "pii"), "pii");
        family(self.secrets.is_some(), cfg!(feature = "secrets"), "secrets");
        family(self.threats.is_some(), cfg!(feature = "threats"), "threats");
        mistakes.into_result()
    }
}

/// What to look for among personal data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table of settings")]
pub struct PiiSettings {
    /// The least score that is reported, from 0 to 1. Below 0.5 also what only looks like personal data is.
    #[serde(deserialize_with = "score::read")]
    pub threshold: f64,
    /// The countries (ISO 3166-1 alpha-2, such as `DE`) whose identifiers are looked for; all of them when it is empty.
    pub regions: Vec<String>,
    /// By entity, such as `EMAIL_ADDRESS`; one that is not named runs as its rule says.
    pub entities: BTreeMap<String, Choice>,
    /// Values that are nobody's secret, compared without regard to ASCII case; `@example.org` allows every address there.
    pub allow: Vec<String>,
    /// Expressions, as the crate `regex` has them; a value is left alone when one matches the whole of it.
    pub allow_patterns: Vec<String>,
    /// Parts of an event that nothing is looked for in: JSON Pointers in which `*` stands for any part of one name and `**` for
    /// any number of names. They lead on through JSON that is held by strings.
    pub allow_paths: Vec<String>,
    /// A company's own recognizers.
    pub recognizers: Vec<CustomRecognizer>,
    /// A company's own recognizers in Rust. A file cannot hold them; a program gives them.
    #[serde(skip)]
    pub code: Vec<Code>,
    /// A model that names things in text. A file cannot hold it; a program gives it.
    #[serde(skip)]
    pub ml: Option<Ml>,
}

impl Default for PiiSettings {
    fn default() -> Self {
        Self {
            threshold: THRESHOLD,
            regions: Vec::new(),
            entities: BTreeMap::new(),
            allow: Vec::new(),
            allow_patterns: Vec::new(),
            allow_paths: Vec::new(),
            recognizers: Vec::new(),
            code: Vec::new(),
            ml: None,
        }
    }
}

/// The least score that is reported where nothing else is said.
const THRESHOLD: f64 = 0.5;

/// What to look for among secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table of settings")]
pub struct SecretSettings {
    /// The least score that is reported, from 0 to 1.
    #[serde(deserialize_with = "score::read")]
    pub threshold: f64,
    /// By rule, such as `secrets/github-pat`; one that is not named runs as the catalogue says.
    pub rules: BTreeMap<String, Choice>,
    /// Values that are no secrets, such as the keys of a test account.
    pub allow: Vec<String>,
    /// Expressions; a value is left alone when one matches the whole of it.
    pub allow_patterns: Vec<String>,
    /// Parts of an event that nothing is looked for in, as [`PiiSettings::allow_paths`] has them.
    pub allow_paths: Vec<String>,
}

impl Default for SecretSettings {
    fn default() -> Self {
        Self {
            threshold: THRESHOLD,
            rules: BTreeMap::new(),
            allow: Vec::new(),
            allow_patterns: Vec::new(),
            allow_paths: Vec::new(),
        }
    }
}

/// What to look for among attacks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table of settings")]
pub struct ThreatSettings {
    /// By rule, such as `threats/override`; one that is not named runs as the catalogue says.
    pub rules: BTreeMap<String, Choice>,
    /// By where a text comes from: how closely it is looked at, and what is done about what is found.
    pub from: BTreeMap<Provenance, ProvenanceSettings>,
    /// Texts that are no attacks, such as a phrase of the house: what is found must be this, without regard to ASCII case.
    pub allow: Vec<String>,
    /// Expressions; what is found is left alone when one matches the whole of it.
    pub allow_patterns: Vec<String>,
    /// Parts of an event that nothing is looked for in, as [`PiiSettings::allow_paths`] has them.
    pub allow_paths: Vec<String>,
    /// Parameters that hold statements of SQL or commands of a shell, which are ordinary there.
    pub fields: Vec<DeclaredField>,
    /// The model's weights, where they are not the ones that we ship. A file cannot hold them; a program gives them.
    #[serde(skip)]
    pub model: Option<Arc<Weights>>,
}

/// What to do about one entity or rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table such as { effect = \"redact\" }")]
pub struct Choice {
    /// Whether to look for it.
    pub enabled: bool,
    /// What to do about it, whatever the rule says; of an attack, wherever it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// The least score that is reported of this one, whatever the family's threshold.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "score::read_some")]
    pub threshold: Option<f64>,
}

impl Default for Choice {
    fn default() -> Self {
        Self { enabled: true, effect: None, threshold: None }
    }
}

/// Scores as a file has them, with a message for people where it has something else.
pub(crate) mod score {
    use std::fmt;

    use serde::de::{Deserializer, Error, Visitor};

    /// Reads a number. Whether it lies from 0 to 1 is told with all other mistakes.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(Score)
    }

    /// Reads a number for a setting that may be left out.
    pub(crate) fn read_some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        read(deserializer).map(Some)
    }

    struct Score;

    impl Visitor<'_> for Score {
        type Value = f64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a number from 0 to 1")
        }

        fn visit_f64<E: Error>(self, score: f64) -> Result<f64, E> {
            Ok(score)
        }

        fn visit_i64<E: Error>(self, score: i64) -> Result<f64, E> {
            Ok(score as f64)
        }

        fn visit_u64<E: Error>(self, score: u64) -> Result<f64, E> {
            Ok(score as f64)
        }
    }
}

/// Settings that are a table when something is on and `false` when it is off, for `#[serde(with = …)]`.
pub mod switch {
    use std::fmt;
    use std::marker::PhantomData;

    use serde::de::value::MapAccessDeserializer;
    use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
    use serde::ser::{Serialize, Serializer};

    /// Writes the table, or `false`.
    ///
    /// # Errors
    /// The serializer's own.
    pub fn serialize<T: Serialize, S: Serializer>(settings: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match settings {
            Some(settings) => settings.serialize(serializer),
            None => serializer.serialize_bool(false),
        }
    }

    /// Reads a table, `true` (the defaults) or `false`.
    ///
    /// # Errors
    /// When it is neither, and the table's own.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: Deserialize<'de> + Default,
        D: Deserializer<'de>,
    {
        deserializer.deserialize_any(TableOrBool(PhantomData))
    }

    struct TableOrBool<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for TableOrBool<T> {
        type Value = Option<T>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a table of settings, or `true` or `false`")
        }

        fn visit_bool<E: Error>(self, on: bool) -> Result<Option<T>, E> {
            Ok(on.then(T::default))
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }
}
