//! What is wrong with settings, told at once.

use std::collections::BTreeMap;
use std::fmt;

use crate::scan::settings::Choice;

/// Settings that cannot be used: every mistake in them, a line each, with its place, its value and what would be right.
///
/// ```
/// use aop_rules::scan::{DetectorSettings, Detectors};
///
/// let settings: DetectorSettings = serde_json::from_str(
///     r#"{"pii": {"threshold": 50, "regions": ["de"]}}"#).unwrap();
/// let said = Detectors::new(&settings).unwrap_err().to_string();
/// assert!(said.starts_with("pii.threshold: 50 is no score; write a number from 0 to 1\npii.regions: "), "{said}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    mistakes: Vec<String>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.mistakes.join("\n"))
    }
}

impl std::error::Error for SettingsError {}

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<String>);

impl Mistakes {
    /// Notes what is wrong at a setting.
    pub(crate) fn add(&mut self, setting: impl fmt::Display, problem: impl fmt::Display) {
        self.0.push(format!("{setting}: {problem}"));
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Nothing, when nothing is wrong.
    pub(crate) fn into_result(self) -> Result<(), SettingsError> {
        if self.0.is_empty() { Ok(()) } else { Err(SettingsError { mistakes: self.0 }) }
    }

    /// A score, which lies from 0 to 1.
    pub(crate) fn score(&mut self, setting: impl fmt::Display, score: f64) {
        if !(0.0..=1.0).contains(&score) {
            self.add(setting, format_args!("{score} is no score; write a number from 0 to 1"));
        }
    }

    /// What is chosen by name, for names that have to be known ones.
    pub(crate) fn choices<'k>(
        &mut self,
        setting: &str,
        choices: &BTreeMap<String, Choice>,
        known: impl Iterator<Item = &'k str> + Clone,
    ) {
        self.names(setting, choices.keys(), known);
        for (name, choice) in choices {
            if let Some(threshold) = choice.threshold {
                self.score(format_args!("{setting}.{}.threshold", key(name)), threshold);
            }
        }
    }

    /// Countries by their codes, which people often take for others.
    pub(crate) fn regions<'k>(&mut self, setting: &str, regions: &[String], known: impl Iterator<Item = &'k str> + Clone) {
        let code_of = |region: &str| {
            let region = region.to_ascii_uppercase();
            COUNTRIES.iter().find(|(names, _)| names.contains(&&*region)).map(|(_, code)| *code)
        };
        for region in regions.iter().filter(|region| !known.clone().any(|known| known == **region)) {
            match code_of(region) {
                Some(code) => self.add(setting, format_args!("there is no `{region}`; write `{code}` (ISO 3166-1)")),
                None => self.names(setting, std::iter::once(region), known.clone()),
            }
        }
    }

    /// Names that have to be known ones.
    pub(crate) fn names<'n, 'k>(
        &mut self,
        setting: &str,
        names: impl Iterator<Item = &'n String>,
        known: impl Iterator<Item = &'k str> + Clone,
    ) {
        for name in names {
            if known.clone().any(|known| known == name) {
                continue;
            }
            if let Some(meant) = known.clone().find(|known| known.eq_ignore_ascii_case(name)) {
                self.add(setting, format_args!("there is no `{name}`; write `{meant}`"));
                continue;
            }
            self.add(setting, format_args!("there is no `{name}`; there are {}", alike(name, known.clone())));
        }
    }
}

/// What countries are called besides their codes of ISO 3166-1.
const COUNTRIES: &[(&[&str], &str)] = &[
    (&["UK", "EN", "GBR", "ENGLAND", "UNITED KINGDOM"], "GB"),
    (&["USA", "UNITED STATES"], "US"),
    (&["DEU", "GER", "GERMANY"], "DE"),
    (&["EL", "GRC", "GREECE"], "GR"),
    (&["ESP", "SPAIN"], "ES"),
    (&["CHE", "SUI", "SWITZERLAND"], "CH"),
    (&["SWE", "SWEDEN"], "SE"),
    (&["DNK", "DENMARK"], "DK"),
    (&["AUT", "AUSTRIA"], "AT"),
    (&["JPN", "JA", "JAPAN"], "JP"),
    (&["KO", "KOR", "KOREA"], "KR"),
    (&["CHN", "ZH", "CHINA"], "CN"),
    (&["FRA", "FRANCE"], "FR"),
    (&["ITA", "ITALY"], "IT"),
    (&["IND", "INDIA"], "IN"),
];

/// What is said of a word that is none of a few known ones: which is meant, by its letters or by what people call it besides, else
/// which there are.
pub(crate) fn suggestion(word: &str, also: &[(&str, &str)], known: &[&str]) -> String {
    let lower = word.to_ascii_lowercase();
    let is_near =
        |known: &&&str| lower.len() > 2 && (lower.starts_with(**known) || known.starts_with(&lower)) || lower == **known;
    let shown: String = word.chars().take(40).flat_map(char::escape_debug).collect();
    let meant = also.iter().find(|(other, _)| *other == lower).map(|(_, meant)| meant);
    match meant.or_else(|| known.iter().find(is_near)) {
        Some(meant) => format!("there is no `{shown}`; write `{meant}`"),
        None => format!("there is no `{shown}`; there are {}", known.join(", ")),
    }
}

/// The known names that share a word with one that is not known, or all where none does, as a message lists them.
///
/// ```
/// use aop_rules::scan::names_alike;
///
/// assert_eq!(names_alike("EMAIL", ["EMAIL_ADDRESS", "US_SSN"].into_iter()), "EMAIL_ADDRESS and others");
/// ```
pub fn names_alike<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    alike(name, known)
}

fn alike<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    let words = |name: &str| -> Vec<String> {
        name.to_ascii_lowercase().split(['/', '-', '_']).skip_while(|word| *word == "secrets").map(str::to_owned).collect()
    };
    let wanted = words(name);
    let mut all: Vec<&str> = Vec::new();
    known.for_each(|known| {
        if !all.contains(&known) {
            all.push(known);
        }
    });
    let mut shown: Vec<_> =
        all.iter().copied().filter(|known| words(known).iter().any(|word| wanted.contains(word))).collect();
    if shown.is_empty() {
        shown.clone_from(&all);
    }
    let others = if shown.len() < all.len() { " and others" } else { "" };
    shown.join(", ") + others
}

/// A key as TOML has it.
fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(is_bare) { name.to_owned() } else { format!("{name:?}") }
}

/// A text as a message shows it: on one line and not too long.
pub(crate) fn shown(text: &str) -> String {
    const CHARACTERS_MAX: usize = 80;
    let cut: String = text.chars().take(CHARACTERS_MAX).collect();
    let rest = if cut.len() < text.len() { "…" } else { "" };
    format!("{:?}{rest}", cut)
}
