//! A company's own recognizer, as a settings file has it.

use aop_toon::{Effect, Severity};
use serde::{Deserialize, Serialize};

use crate::scan::settings::score;
use crate::verify::{iban, iso7064, luhn, verhoeff};

/// A company's own recognizer: a pattern, what makes it surer, and examples that are tried when the settings are loaded.
///
/// ```
/// use aop_rules::scan::{CustomRecognizer, DetectorSettings, Detectors, PiiSettings, Provenance, Scratch};
///
/// let staff_number: CustomRecognizer = serde_json::from_str(r#"{
///     "name": "ACME_STAFF_NUMBER",
///     "pattern": "\\b[0-9]{6}\\b",
///     "checksum": "luhn",
///     "keywords": ["staff"],
///     "must_find": ["our staff member 100008 has left"],
///     "must_leave": ["order 100008", "staff 100009"]
/// }"#)?;
/// let pii = PiiSettings { recognizers: vec![staff_number], ..PiiSettings::default() };
/// let detectors = Detectors::new(&DetectorSettings { pii: Some(pii), ..DetectorSettings::default() })?;
/// let mut hits = Vec::new();
/// detectors.scan_text("staff no. 100008", Provenance::User, &mut Scratch::default(), &mut hits);
/// assert_eq!((hits[0].rule.id, hits[0].entity), ("custom/acme-staff-number", "ACME_STAFF_NUMBER"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomRecognizer {
    /// What it finds, in capitals: `ACME_STAFF_NUMBER`. Its rule is then `custom/acme-staff-number`.
    pub name: String,
    /// How it is written, as the crate `regex` has it. A group named `value` is what counts, where there is one.
    pub pattern: String,
    /// Words that make it likelier when they stand near, in any case and as whole words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// What its key says, or a label near it: `staff number` is also `staffNumber` and `STAFF_NUMBER`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Which check digits its letters and digits carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<Checksum>,
    /// How sure the pattern alone makes; 0.8 unless there are keywords or names, then 0: it has to have one of them.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "score::read_some")]
    pub score: Option<f64>,
    /// How sure a keyword near it makes; 0.8 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "score::read_some")]
    pub near: Option<f64>,
    /// How sure its name makes; 0.95 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "score::read_some")]
    pub named: Option<f64>,
    /// How bad a find is.
    #[serde(default = "severity")]
    pub severity: Severity,
    /// What is done about a find.
    #[serde(default = "effect")]
    pub effect: Effect,
    /// What a find is called in messages; the name's words unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Texts in which it must be found; one that begins with `{` is taken as JSON.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_find: Vec<String>,
    /// Texts that it must leave alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_leave: Vec<String>,
}

fn severity() -> Severity {
    Severity::Error
}

fn effect() -> Effect {
    Effect::Redact
}

impl CustomRecognizer {
    /// One of this name and pattern, with nothing else said.
    pub fn new(name: impl Into<String>, pattern: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            pattern: pattern.into(),
            keywords: Vec::new(),
            names: Vec::new(),
            checksum: None,
            score: None,
            near: None,
            named: None,
            severity: severity(),
            effect: effect(),
            summary: None,
            must_find: Vec::new(),
            must_leave: Vec::new(),
        }
    }
}

/// Check digits by name. Separators in a value do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Checksum {
    /// Luhn's, of the digits.
    #[serde(rename = "luhn")]
    Luhn,
    /// Verhoeff's, of the digits.
    #[serde(rename = "verhoeff")]
    Verhoeff,
    /// ISO 7064 MOD 11-2 of the digits, of which the last may be an `X`.
    #[serde(rename = "mod_11_2")]
    Mod11And2,
    /// ISO 7064 MOD 11,10 of the digits.
    #[serde(rename = "mod_11_10")]
    Mod11And10,
    /// ISO 7064 MOD 37,36 of the letters and digits.
    #[serde(rename = "mod_37_36")]
    Mod37And36,
    /// ISO 7064 MOD 97-10 of the letters and digits: the remainder is 1.
    #[serde(rename = "mod_97_10")]
    Mod97And10,
    /// The same with the first four characters moved to the end, as account numbers (IBAN) have it.
    #[serde(rename = "iban")]
    Iban,
}

impl Checksum {
    /// Whether a value's check digits are right.
    ///
    /// ```
    /// use aop_rules::scan::Checksum;
    ///
    /// assert!(Checksum::Luhn.holds("7992-7398-713"));
    /// assert!(!Checksum::Luhn.holds("7992-7398-710"));
    /// assert!(!Checksum::Luhn.holds("no digits"));
    /// ```
    pub fn holds(self, value: &str) -> bool {
        let keeps = |byte: &u8| match self {
            Self::Luhn | Self::Verhoeff | Self::Mod11And10 => byte.is_ascii_digit(),
            Self::Mod11And2 => byte.is_ascii_digit() || matches!(byte, b'X' | b'x'),
            Self::Mod37And36 | Self::Mod97And10 | Self::Iban => byte.is_ascii_alphanumeric(),
        };
        let kept: Vec<u8> = value.bytes().filter(keeps).map(|byte| byte.to_ascii_uppercase()).collect();
        let holds = match self {
            Self::Luhn => luhn::is_valid_ascii,
            Self::Verhoeff => verhoeff::is_valid,
            Self::Mod11And2 => iso7064::is_mod_11_2,
            Self::Mod11And10 => iso7064::is_mod_11_10,
            Self::Mod37And36 => iso7064::is_mod_37_36,
            Self::Mod97And10 => iso7064::is_mod_97_10,
            Self::Iban => iban::has_check_digits,
        };
        holds(&kept)
    }

    /// Its name in the settings.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Luhn => "luhn",
            Self::Verhoeff => "verhoeff",
            Self::Mod11And2 => "mod_11_2",
            Self::Mod11And10 => "mod_11_10",
            Self::Mod37And36 => "mod_37_36",
            Self::Mod97And10 => "mod_97_10",
            Self::Iban => "iban",
        }
    }
}
