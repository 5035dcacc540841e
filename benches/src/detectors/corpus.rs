//! The labelled corpora, as they lie in the folder `pii` of the corpora.

use std::fs;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::BenchError;
use crate::events::corpora_folder;

/// The folder with the corpora of personal data and secrets.
#[derive(Debug, Clone)]
pub struct Corpora {
    folder: PathBuf,
}

impl Corpora {
    /// The folder (`AOP_CORPORA`, or `../shared/corpora` beside the checkout), if there is one.
    pub fn find() -> Option<Self> {
        let folder = corpora_folder().join("pii");
        folder.is_dir().then_some(Self { folder })
    }

    /// The rows of one file; `None`, with a word on standard error, where it is absent.
    ///
    /// # Errors
    /// When a row is not what it should be.
    pub fn rows<T: DeserializeOwned>(&self, name: &str) -> Result<Option<Vec<T>>, BenchError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let rows = text.lines().enumerate().map(|(place, line)| {
            serde_json::from_str(line).map_err(|error| format!("{name}.jsonl:{}: {error}", place + 1).into())
        });
        rows.collect::<Result<_, BenchError>>().map(Some)
    }

    /// A file as it is.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(self.path(name)).ok();
        if text.is_none() {
            eprintln!("skipped: {name}, which is not in {}", self.folder.display());
        }
        text
    }

    /// Where a file is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension("jsonl")
    }
}

/// A span that somebody has marked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Gold {
    /// What it is.
    pub entity: String,
    /// Its first byte.
    #[serde(rename = "start_byte")]
    pub start: usize,
    /// The byte after its last.
    #[serde(rename = "end_byte")]
    pub end: usize,
}

/// A text with its spans: `synth_dataset`, `hard_negatives` and `evasion_cases`.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    /// The row's id.
    pub id: String,
    /// What kind of text it is, where the corpus has kinds.
    #[serde(default)]
    pub category: String,
    /// The text.
    pub text: String,
    /// The value as one would write it plainly, in `evasion_cases`.
    #[serde(default)]
    pub canonical: String,
    /// What is in it.
    pub spans: Vec<Gold>,
}

/// A case of Presidio's own tests.
#[derive(Debug, Clone, Deserialize)]
pub struct PresidioCase {
    /// The row's id.
    pub id: String,
    /// The entity whose recognizer is tested.
    pub entity: String,
    /// `detect`, `validate` or `context`.
    pub kind: String,
    /// The text; of a validation, the value, which some tests give as a number.
    #[serde(deserialize_with = "text_or_number")]
    pub text: String,
    /// How many findings there must be (detect).
    #[serde(default)]
    pub expected_len: usize,
    /// Whether `spans` says where (detect).
    #[serde(default)]
    pub positions_known: bool,
    /// Where they are (detect).
    #[serde(default)]
    pub spans: Vec<Gold>,
    /// What the check of the value must say; nothing where Presidio leaves it open (validate).
    #[serde(default)]
    pub expected: Option<bool>,
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// A secret to be found (`tp`), or a look-alike to be left alone (`fp`).
#[derive(Debug, Clone, Deserialize)]
pub struct SecretCase {
    /// The row's id.
    pub id: String,
    /// gitleaks' rule.
    pub rule: String,
    /// `tp` or `fp`.
    pub kind: String,
    /// The text; empty where the rule is about a file's name alone.
    pub text: String,
    /// The secret's first byte, −1 where there is none.
    pub start_byte: i64,
    /// The byte after its last.
    pub end_byte: i64,
    /// Whether the regex of gitleaks' rule matches.
    pub regex_matches: bool,
}

/// A JSON document and the places where something must be found.
#[derive(Debug, Deserialize)]
pub struct KeyedCase {
    /// The row's id.
    pub id: String,
    /// The document, as it is written.
    pub json: Box<RawValue>,
    /// A JSON Pointer and an entity each.
    pub expected: Vec<(String, String)>,
}
