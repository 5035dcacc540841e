//! Traces: what is found in them, and whether redaction leaves every identifier, hash, time and counter as it was.
//!
//! The tokens that must survive are found here by plain regexes, apart from whatever the detectors hold for such a token.

use std::collections::BTreeMap;

use aop_engine::{Document, Engine, Event, Kind, Limits, Pii, Secrets, Settings, Value};
use regex::Regex;
use serde::Serialize;

use super::own::Own;
use crate::BenchError;

/// What happened on the traces.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Traces {
    /// How many events.
    pub events: usize,
    /// Their bytes.
    pub bytes: usize,
    /// How many findings, by entity; a secret's by its rule.
    pub findings: BTreeMap<String, usize>,
    /// How many tokens there are that must survive, and how many redaction has broken, by kind.
    pub tokens: BTreeMap<&'static str, TokenCounts>,
    /// Each token that was broken: the event's place and the kind.
    pub broken: Vec<(usize, String, &'static str)>,
    /// Events that redaction has made into something else than the same structure.
    pub reshaped: usize,
}

/// Tokens of one kind.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct TokenCounts {
    /// In the events.
    pub all: usize,
    /// No longer there after redaction.
    pub broken: usize,
}

/// Goes over events, one a line.
///
/// # Errors
/// When a line is no event or the engine cannot be built.
pub fn measure<'l>(own: &Own, lines: impl Iterator<Item = &'l str>) -> Result<Traces, BenchError> {
    let engine = redacting_engine()?;
    let tokens = Tokens::new()?;
    let mut outcome = Traces::default();
    for (place, line) in lines.enumerate() {
        let event = Event::parse(line.as_bytes()).map_err(|error| format!("event {place}: {error}"))?;
        outcome.events += 1;
        outcome.bytes += line.len();
        for found in own.find_in_event(&event) {
            let name = if found.entity == "SECRET" { found.rule } else { found.entity };
            *outcome.findings.entry(name).or_default() += 1;
        }
        let redacted = engine.redact_event(&event);
        outcome.compare(place, event.document(), redacted.as_deref(), &tokens)?;
    }
    Ok(outcome)
}

/// An engine that only redacts personal data and secrets.
///
/// # Errors
/// When it cannot be built.
pub fn redacting_engine() -> Result<Engine, BenchError> {
    let engine = Engine::builder().settings(Settings::none()).pii(Pii::default()).secrets(Secrets::default());
    Ok(engine.build()?)
}

impl Traces {
    fn compare(
        &mut self,
        place: usize,
        before: &Document<'_>,
        after: Option<&str>,
        tokens: &Tokens,
    ) -> Result<(), BenchError> {
        let after = after.map(|text| Document::parse(text.as_bytes(), &Limits::default())).transpose()?;
        if after.as_ref().is_some_and(|after| after.node_count() != before.node_count()) {
            self.reshaped += 1;
            return Ok(());
        }
        for value in before.root().descendants() {
            let found = tokens.of(value);
            if found.is_empty() {
                continue;
            }
            let left = after.as_ref().map(|after| text_of(after.value(value.id())));
            for (kind, token) in found {
                let counts = self.tokens.entry(kind).or_default();
                counts.all += 1;
                if left.as_ref().is_some_and(|left| !left.contains(&token)) {
                    counts.broken += 1;
                    self.broken.push((place, value.pointer(), kind));
                }
            }
        }
        Ok(())
    }

    /// All tokens that were broken.
    pub fn broken_count(&self) -> usize {
        self.tokens.values().map(|counts| counts.broken).sum()
    }
}

/// The tokens that must survive redaction.
struct Tokens {
    forms: [(&'static str, Regex); 3],
    technical_key: Regex,
    personal_key: Regex,
    number: Regex,
}

impl Tokens {
    fn new() -> Result<Self, BenchError> {
        Ok(Self {
            forms: [
                ("UUID", Regex::new(r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")?),
                ("hash of 32, 40 or 64 digits", Regex::new(r"(?i)\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b")?),
                ("timestamp", Regex::new(r"\b(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?")?),
            ],
            technical_key: Regex::new(concat!(
                r"(?:(?:^|[_.-])(?i:id|ids|seq|ts|time|timestamp|count|total|tokens|size|bytes|offset|index|version|",
                r"latency|duration|ms|ns)|[a-z](?:Id|Ids|Seq|Ts|Time|Timestamp|Count|Total|Tokens|Size|Bytes|Ms|Ns))$"
            ))?,
            personal_key: Regex::new(
                r"(?i)passport|national|tax|social|ssn|licen|medicare|health|patient|insur|bank|account",
            )?,
            number: Regex::new(r"^-?\d+(?:\.\d+)?$")?,
        })
    }

    /// The tokens in one string or number.
    fn of(&self, value: Value<'_>) -> Vec<(&'static str, String)> {
        if !matches!(value.kind(), Kind::String | Kind::Number) {
            return Vec::new();
        }
        let text = text_of(value);
        let forms = self.forms.iter();
        let mut found: Vec<_> =
            forms.flat_map(|(kind, form)| form.find_iter(&text).map(|token| (*kind, token.as_str().to_owned()))).collect();
        let key = value.key().map(|key| key.as_str().into_owned()).unwrap_or_default();
        if self.number.is_match(&text) && self.technical_key.is_match(&key) && !self.personal_key.is_match(&key) {
            found.push(("number under a technical key", text));
        }
        found
    }
}

fn text_of(value: Value<'_>) -> String {
    value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_is_gone_is_counted_as_broken() {
        let before = br#"{"order_id":571302846,"note":"run 8b21d60e-7704-4f3a-b916-e5093ca27d48 at 2026-01-05 10:00:00",
            "passport_id":"123456789","etag":"c64f10a97be2583d01f8a3d96e472b5c"}"#;
        let before = Document::parse(before, &Limits::default()).unwrap();
        let after = r#"{"order_id":"<US_SSN>","note":"run 8b21d60e-<PHONE_NUMBER>-b916-e5093ca27d48 at 2026-01-05 10:00:00",
            "passport_id":"<US_PASSPORT>","etag":"c64f10a97be2583d01f8a3d96e472b5c"}"#;
        let mut outcome = Traces::default();
        outcome.compare(0, &before, Some(after), &Tokens::new().unwrap()).unwrap();
        let counts: Vec<_> = outcome.tokens.iter().map(|(kind, counts)| (*kind, counts.all, counts.broken)).collect();
        let expected = [
            ("UUID", 1, 1),
            ("hash of 32, 40 or 64 digits", 1, 0),
            ("number under a technical key", 1, 1),
            ("timestamp", 1, 0),
        ];
        assert_eq!(counts, expected);
    }
}
