//! What is put in the place of what was found: the settings.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is put in the place of what was found, in all places, for one entity, at one place of a document.
///
/// A place wins over an entity, and an entity over the default. The key of the operators `hash` and `token` is not in here:
/// it is given to [`EngineBuilder::redaction_key`](crate::EngineBuilder::redaction_key).
///
/// ```
/// use aop_engine::{Operator, RedactionSettings};
///
/// let settings: RedactionSettings = serde_json::from_str(r#"{
///     "entities": {"US_SSN": "hash", "CREDIT_CARD": {"operator": "mask", "keep": 4}},
///     "paths": {"/payload/params/*/note": {"operator": "remove", "whole": true}}
/// }"#).unwrap();
/// assert_eq!(settings.default.operator, Operator::Replace);
/// assert_eq!(settings.entities["US_SSN"].operator, Operator::Hash);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RedactionSettings {
    /// Where nothing else is said.
    pub default: Operation,
    /// By entity, such as `US_SSN`; `REDACTED` is what a policy or a path takes whole.
    pub entities: BTreeMap<String, Operation>,
    /// By place: a JSON Pointer in which `*` stands for any part of one name and `**` for any number of names. It means the
    /// value there, its key, and whatever lies below. Of several that fit, the one with the most names without `*` wins.
    pub paths: BTreeMap<String, Operation>,
}

/// What becomes of a value that was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// The entity's name in angle brackets stands there, or a text of your own.
    #[default]
    Replace,
    /// Its letters and digits become `*`, but for the last few.
    Mask,
    /// Nothing stands there; in the place of a number, `null`.
    Remove,
    /// A keyed hash stands there, `<US_SSN:h:…>`: equal values have equal hashes, and nobody without the key can try values.
    Hash,
    /// It stands there encrypted, `<US_SSN:t:…>`; [`Engine::restore_tokens`](crate::Engine::restore_tokens) brings it back.
    Token,
    /// It stays, and is reported.
    Keep,
}

impl Operator {
    /// Its word in settings.
    pub fn as_str(self) -> &'static str {
        ["replace", "mask", "remove", "hash", "token", "keep"][self as usize]
    }

    /// How much of a value is hidden, from nothing on: where two finds overlap, the greater counts for both.
    pub(super) fn strength(self) -> u8 {
        match self {
            Self::Keep => 0,
            Self::Mask => 1,
            Self::Token => 2,
            Self::Hash => 3,
            Self::Replace => 4,
            Self::Remove => 5,
        }
    }
}

/// An operator with its options. In settings it is the operator's word, or a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operation {
    /// What is done.
    pub operator: Operator,
    /// Of `replace`: what is put there instead of the entity's name.
    pub text: Option<String>,
    /// Of `mask`: how many letters and digits stay at the end. 4 of cards and accounts and none of anything else, unless said.
    /// Of a value with fewer than twice as many none stays.
    pub keep: Option<usize>,
    /// Of `mask`: what each hidden character becomes, `*` unless said.
    pub character: Option<char>,
    /// Of a path: everything there is redacted, whatever it holds: all texts, numbers and booleans.
    pub whole: bool,
}

impl From<Operator> for Operation {
    fn from(operator: Operator) -> Self {
        Self { operator, ..Self::default() }
    }
}

/// The table of an [`Operation`].
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    operator: Operator,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "read_count")]
    keep: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    character: Option<char>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    whole: bool,
}

/// Reads how many characters stay.
fn read_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    struct Count;

    impl Visitor<'_> for Count {
        type Value = usize;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a count of characters, such as 0 or 4")
        }

        fn visit_i64<E: Error>(self, count: i64) -> Result<usize, E> {
            usize::try_from(count).map_err(|_| E::invalid_value(Unexpected::Signed(count), &self))
        }

        fn visit_u64<E: Error>(self, count: u64) -> Result<usize, E> {
            usize::try_from(count).map_err(|_| E::invalid_value(Unexpected::Unsigned(count), &self))
        }
    }
    deserializer.deserialize_any(Count).map(Some)
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { operator, text, keep, character, whole } = self.clone();
        if self == &Self::from(operator) {
            return operator.serialize(serializer);
        }
        Table { operator, text, keep, character, whole }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrTable)
    }
}

struct WordOrTable;

impl<'de> Visitor<'de> for WordOrTable {
    type Value = Operation;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an operator (replace, mask, remove, hash, token or keep), or a table with an `operator`")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Operation, E> {
        Operator::deserialize(StrDeserializer::new(word)).map(Operation::from)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Operation, A::Error> {
        let Table { operator, text, keep, character, whole } = Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Operation { operator, text, keep, character, whole })
    }
}

/// What a mask may consist of. Any other character may be a part of a value or part two of them, and what is masked with it would
/// be found again.
const MASK_CHARACTERS: [char; 5] = ['*', '•', '●', '█', '▒'];

/// Settings of redaction that cannot be; it names the setting and the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("redaction.{setting}: {message}")]
pub(crate) struct SettingsError {
    setting: String,
    message: String,
}

impl SettingsError {
    pub(super) fn new(setting: impl Into<String>, message: impl Into<String>) -> Self {
        Self { setting: setting.into(), message: message.into() }
    }
}

impl RedactionSettings {
    /// All operations, each with its setting's name.
    pub(super) fn operations(&self) -> impl Iterator<Item = (String, &Operation)> {
        let entities = self.entities.iter().map(|(name, operation)| (format!("entities.{name}"), operation));
        let paths = self.paths.iter().map(|(path, operation)| (format!("paths.\"{path}\""), operation));
        std::iter::once(("default".to_owned(), &self.default)).chain(entities).chain(paths)
    }
}

impl RedactionSettings {
    pub(super) fn each(&mut self, change: impl FnMut(&mut Operation)) {
        let Self { default, entities, paths } = self;
        std::iter::once(default).chain(entities.values_mut()).chain(paths.values_mut()).for_each(change);
    }
}

impl Operation {
    /// Says what of it makes no sense.
    pub(super) fn validate(&self, setting: &str) -> Result<(), SettingsError> {
        let Self { operator, text, keep, character, whole } = self;
        let fail = |message: String| Err(SettingsError::new(setting, message));
        let misplaced = |name: &str, of: &str| {
            fail(format!("`{name}` is an option of the operator {of}, and the operator here is {}", operator.as_str()))
        };
        if text.is_some() && *operator != Operator::Replace {
            return misplaced("text", "replace");
        }
        if keep.is_some() && *operator != Operator::Mask {
            return misplaced("keep", "mask");
        }
        if character.is_some() && *operator != Operator::Mask {
            return misplaced("character", "mask");
        }
        if let Some(character) = character.filter(|character| !MASK_CHARACTERS.contains(character)) {
            return fail(format!(
                "`character` is {character:?}; it is one of {}, which no value is written with",
                MASK_CHARACTERS.map(|allowed| format!("`{allowed}`")).join(", ")
            ));
        }
        if *whole && !setting.starts_with("paths.") {
            return fail("`whole` is an option of a path".to_owned());
        }
        if *whole && *operator == Operator::Keep {
            return fail("`whole` with the operator keep would do nothing".to_owned());
        }
        Ok(())
    }
}
