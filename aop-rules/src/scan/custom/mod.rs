//! Recognizers that are not ours: a company's patterns from the settings, its Rust code, and models.
//!
//! Each is switched on, compared with thresholds and allow-lists, and judged as a row of the tables is. They look once at each
//! text, where the rows are asked about places in it.

mod code;
mod examples;
mod interned;
mod pattern;
mod settings;

use std::ops::Range;
use std::sync::Arc;

pub use code::{Code, Ml, Model, Recognize};
pub use settings::{Checksum, CustomRecognizer};

use crate::scan::enabled::Enabled;
use crate::scan::mistakes::Mistakes;
use crate::scan::recognizer::{Match, Recognizer};
use crate::scan::settings::PiiSettings;
use crate::scan::site::Site;
use interned::Described;
use pattern::CustomPattern;

/// A recognizer that is not ours, read.
#[derive(Debug, Clone)]
pub(crate) struct OwnRecognizer {
    pub(crate) recognizer: &'static Recognizer,
    how: How,
    /// Whether its examples are to be tried, and where in the settings it stands.
    settings: Option<(CustomRecognizer, String)>,
}

/// How it looks.
#[derive(Debug, Clone)]
pub(crate) enum How {
    Pattern(Arc<CustomPattern>),
    Code(Code),
    /// One entity of the model.
    Model(Ml),
}

impl OwnRecognizer {
    /// Phrases that keys name it by.
    pub(crate) fn names(&self) -> &[String] {
        match &self.how {
            How::Pattern(pattern) => &pattern.names,
            How::Code(_) | How::Model(_) => &[],
        }
    }

    /// Tries the examples that its settings hold.
    pub(crate) fn try_examples(&self, enable: &dyn Fn(&OwnRecognizer) -> Enabled, mistakes: &mut Mistakes) {
        if let Some((settings, place)) = &self.settings {
            examples::check(settings, place, self, enable, mistakes);
        }
    }
}

/// Reads the recognizers that the settings name or hold. Mistakes are noted, and what has one is left out.
pub(crate) fn read(pii: &PiiSettings, mistakes: &mut Mistakes) -> Vec<OwnRecognizer> {
    let mut own: Vec<OwnRecognizer> = Vec::new();
    for (index, settings) in pii.recognizers.iter().enumerate() {
        let place = format!("pii.recognizers[{index}] ({})", settings.name);
        if let Err(problem) = check_entity(&settings.name) {
            mistakes.add(format_args!("pii.recognizers[{index}].name"), problem);
            continue;
        }
        if is_ours(&settings.name) {
            mistakes.add(
                format_args!("{place}.name"),
                format_args!("there is a recognizer of this name; choose another, such as `ACME_{}`", settings.name),
            );
            continue;
        }
        if pii.recognizers[..index].iter().any(|before| before.name == settings.name) {
            mistakes.add(
                format_args!("{place}.name"),
                "another recognizer has this name; give it one of its own, or join both patterns by `|`",
            );
            continue;
        }
        let threshold = pii.entities.get(&settings.name).and_then(|choice| choice.threshold).unwrap_or(pii.threshold);
        let Some(pattern) = CustomPattern::new(settings, &place, threshold, mistakes) else { continue };
        let recognizer = interned::recognizer(&Described {
            id: format!("custom/{}", in_words(&settings.name, "-")),
            entity: settings.name.clone(),
            severity: settings.severity,
            effect: Some(settings.effect),
            summary: settings.summary.clone().unwrap_or_else(|| in_words(&settings.name, " ")),
            source: "The operator's setting (`pii.recognizers`)",
        });
        let settings = Some((settings.clone(), place));
        own.push(OwnRecognizer { recognizer, how: How::Pattern(Arc::new(pattern)), settings });
    }
    for (index, code) in pii.code.iter().enumerate() {
        let entity = code.entity();
        if let Err(problem) = check_entity(entity) {
            mistakes.add(format_args!("pii.code[{index}]"), problem);
            continue;
        }
        if is_ours(entity) || own.iter().any(|other| other.recognizer.entity == entity) {
            mistakes.add(format_args!("pii.code[{index}]"), format_args!("another recognizer has the name `{entity}`"));
            continue;
        }
        let recognizer = interned::recognizer(&Described {
            id: format!("custom/{}", in_words(entity, "-")),
            entity: entity.to_owned(),
            severity: code.severity(),
            effect: code.effect(),
            summary: code.summary().map_or_else(|| in_words(entity, " "), str::to_owned),
            source: "The operator's program",
        });
        own.push(OwnRecognizer { recognizer, how: How::Code(code.clone()), settings: None });
    }
    if let Some(model) = &pii.ml {
        read_model(model, &mut own, mistakes);
    }
    own
}

fn read_model(model: &Ml, own: &mut Vec<OwnRecognizer>, mistakes: &mut Mistakes) {
    if model.text_bytes_max() < MODEL_BYTES_MIN {
        let problem =
            format!("a model that takes {} bytes at a time; {MODEL_BYTES_MIN} are the least", model.text_bytes_max());
        mistakes.add("pii.ml", problem);
    }
    if model.entities().is_empty() {
        mistakes.add("pii.ml", "a model that names no entities finds nothing");
    }
    for entity in model.entities() {
        if let Err(problem) = check_entity(entity) {
            mistakes.add("pii.ml", problem);
            continue;
        }
        let recognizer = interned::recognizer(&Described {
            id: format!("custom/ml-{}", in_words(entity, "-")),
            entity: (*entity).to_owned(),
            severity: aop_toon::Severity::Warning,
            effect: Some(aop_toon::Effect::Redact),
            summary: format!("{} by the model", in_words(entity, " ")),
            source: "The operator's model",
        });
        own.push(OwnRecognizer { recognizer, how: How::Model(model.clone()), settings: None });
    }
}

/// The longest name of an entity.
const ENTITY_BYTES_MAX: usize = 64;

/// Whether this can be an entity's name: `ACME_STAFF_NUMBER`.
fn check_entity(name: &str) -> Result<(), String> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if name.len() > ENTITY_BYTES_MAX {
        return Err(format!("a name of {} bytes; {ENTITY_BYTES_MAX} are the most", name.len()));
    }
    if name.split('_').all(is_word) && name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return Ok(());
    }
    let mut meant: String =
        name.chars().map(|each| if each.is_ascii_alphanumeric() { each.to_ascii_uppercase() } else { ' ' }).collect();
    meant = meant.split_whitespace().collect::<Vec<_>>().join("_");
    if !meant.starts_with(|first: char| first.is_ascii_uppercase()) {
        meant.insert_str(0, if meant.is_empty() { "ACME_STAFF_NUMBER" } else { "ACME_" });
    }
    Err(format!("`{name}` is no entity's name; they have capitals, digits and single `_`: `{meant}`"))
}

/// Whether a recognizer that comes with the program finds this entity.
fn is_ours(entity: &str) -> bool {
    crate::pii::TABLES.iter().copied().flatten().any(|recognizer| recognizer.entity == entity)
}

fn in_words(entity: &str, joined_by: &str) -> String {
    entity.to_ascii_lowercase().replace('_', joined_by)
}

/// The recognizers that are not ours and are switched on, each by its number.
#[derive(Debug)]
pub(crate) struct Own {
    patterns: Vec<(u16, Arc<CustomPattern>)>,
    code: Vec<(u16, Code)>,
    model: Option<(Ml, Vec<(u16, &'static str)>)>,
    /// The shortest text that any of them is to be asked about, whatever its key says.
    bytes_min: usize,
}

/// The least that a model takes at a time.
const MODEL_BYTES_MIN: usize = 64;
/// How much of a part of a text a model sees again in the next, so that no name is cut.
const OVERLAP_BYTES: usize = 128;

impl Own {
    pub(crate) fn of(switched_on: &[(u16, &OwnRecognizer)]) -> Self {
        let mut own = Self { patterns: Vec::new(), code: Vec::new(), model: None, bytes_min: usize::MAX };
        for (owner, recognizer) in switched_on {
            let bytes_min = match &recognizer.how {
                How::Pattern(pattern) => {
                    own.patterns.push((*owner, Arc::clone(pattern)));
                    if pattern.finds_alone() { pattern.bytes_min } else { usize::MAX }
                }
                How::Code(code) => {
                    own.code.push((*owner, code.clone()));
                    1
                }
                How::Model(model) => {
                    let (_, entities) = own.model.get_or_insert_with(|| (model.clone(), Vec::new()));
                    entities.push((*owner, recognizer.recognizer.entity));
                    2
                }
            };
            own.bytes_min = own.bytes_min.min(bytes_min);
        }
        own
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.code.is_empty() && self.model.is_none()
    }

    /// The shortest text that any of them is to be asked about, whatever its key says.
    pub(crate) fn bytes_min(&self) -> usize {
        self.bytes_min
    }

    /// Appends what they find in a text, each with its finder's number. `named` are the recognizers that the text's key names.
    pub(crate) fn scan(&self, text: &str, site: &Site<'_>, named: &[u16], is_number: bool, found: &mut Vec<(u16, Match)>) {
        for (owner, pattern) in &self.patterns {
            pattern.scan(text, named.contains(owner), |at| found.push((*owner, at)));
        }
        for (owner, code) in &self.code {
            let mut matches = Vec::new();
            code.scan(text, site, &mut matches);
            found.extend(matches.into_iter().filter(|at| is_sound(text, at)).map(|at| (*owner, at)));
        }
        if let Some((model, entities)) = self.model.as_ref().filter(|_| !is_number) {
            for part in parts(text, model.text_bytes_max().max(MODEL_BYTES_MIN)) {
                model.scan(&text[part.clone()], &mut |entity, at| {
                    let owner = entities.iter().find(|(_, known)| *known == entity).map(|(owner, _)| *owner);
                    if let Some(owner) = owner.filter(|_| is_sound(&text[part.clone()], &at)) {
                        found.push((owner, Match { start: part.start + at.start, end: part.start + at.end, ..at }));
                    }
                });
            }
        }
    }
}

/// Whether a find lies in the text and its score is one.
fn is_sound(text: &str, found: &Match) -> bool {
    (0.0..=1.0).contains(&found.score) && text.get(found.start..found.end).is_some_and(|value| !value.is_empty())
}

/// A text in parts of at most so many bytes, which end and begin between words where they can and overlap.
fn parts(text: &str, bytes_max: usize) -> impl Iterator<Item = Range<usize>> {
    let overlap = OVERLAP_BYTES.min(bytes_max / 4);
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        if text.len() - start <= bytes_max {
            next = None;
            return Some(start..text.len());
        }
        let most = text.floor_char_boundary(start + bytes_max);
        let gap = |from: usize, to: usize| {
            let from = text.ceil_char_boundary(from);
            text.get(from..to)?.rfind(|each: char| each.is_ascii_whitespace()).map(|at| from + at)
        };
        let end = gap(start + bytes_max / 2, most).unwrap_or(most);
        let again = text.floor_char_boundary(end - overlap);
        next = Some(gap(start + bytes_max / 4, again).map_or(again, |at| at + 1));
        Some(start..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_a_text_and_overlap() {
        for (text, most) in [("word ".repeat(100), 64), ("ä".repeat(300), 65), ("x".repeat(1000), 64), ("a b".into(), 64)] {
            let parts: Vec<_> = parts(&text, most).collect();
            assert_eq!((parts[0].start, parts[parts.len() - 1].end), (0, text.len()));
            assert!(parts.iter().all(|part| part.len() <= most && text.get(part.clone()).is_some()), "{parts:?}");
            assert!(
                parts.windows(2).all(|pair| pair[0].start < pair[1].start && pair[1].start + 8 <= pair[0].end),
                "{parts:?}"
            );
        }
    }

    #[test]
    fn names_of_entities() {
        assert_eq!(check_entity("ACME_STAFF_2"), Ok(()));
        for (wrong, meant) in
            [("acme staff", "`ACME_STAFF`"), ("A__B", "`A_B`"), ("7_UP", "`ACME_7_UP`"), ("", "`ACME_STAFF_NUMBER`")]
        {
            assert!(check_entity(wrong).unwrap_err().ends_with(meant), "{wrong}");
        }
    }
}
