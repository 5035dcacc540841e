//! What the detectors have found in an event, so that nothing that is said of the event shows it.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use aop_rules::scan::{Detectors, Hit};
use aop_toon::Event;

use crate::redact::found_texts;
use crate::redaction::targets;

/// Shorter values stand in texts by chance.
const CHARACTERS_MIN: usize = 4;
/// A message shows no more than so many characters of a value, and then three dots in one sign.
const CUT_CHARACTERS_MAX: usize = 128;
/// So few texts are looked for one by one.
const FEW: usize = 16;
/// So many such signs of one message are looked at.
const CUTS_MAX: usize = 64;

/// The texts of an event's personal data and secrets. Much of it is found only where it stands, by its key, so that a
/// message with the same text in it looks harmless.
#[derive(Debug, Default)]
pub(crate) struct KnownData {
    /// Built when a text is met that may hold one of many.
    finder: OnceCell<Option<AhoCorasick>>,
    /// In the order of their texts.
    texts: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    text: String,
    entity: &'static str,
    /// Whether it could be the name of a field.
    is_name: bool,
}

impl KnownData {
    pub(crate) fn of(detectors: &Detectors, event: &Event<'_>, hits: &[Hit]) -> Self {
        let data: Vec<&Hit> = hits.iter().filter(|hit| hit.is_data() && hit.node.is_some()).collect();
        if data.is_empty() {
            return Self::default();
        }
        let document = event.document();
        let mut texts = BTreeMap::new();
        let mut know = |text: &str, entity: &'static str| {
            if text.chars().count() >= CHARACTERS_MIN {
                texts.entry(text.to_owned()).or_insert(entity);
            }
        };
        for (hit, written) in data.iter().zip(found_texts(detectors, document, &targets(data.iter().copied()))) {
            for text in written {
                let literal = serde_json::Value::from(text.as_str()).to_string();
                know(&literal[1..literal.len() - 1], hit.entity);
                know(&shown(&text), hit.entity);
                know(&text, hit.entity);
            }
            let sent = hit.raw(document).and_then(|range| document.text().get(range));
            know(sent.unwrap_or_default(), hit.entity);
        }
        let known = |(text, entity): (String, _)| Known { is_name: is_name(&text), text, entity };
        Self { finder: OnceCell::new(), texts: texts.into_iter().map(known).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Where any of it stands in a message, or the beginning of any that was cut.
    pub(crate) fn in_message(&self, message: &str) -> Vec<(Range<usize>, &'static str)> {
        if self.is_empty() {
            return Vec::new();
        }
        let cuts = message.match_indices('…').take(CUTS_MAX).filter_map(|(cut, _)| self.beginning_before(message, cut));
        self.spans(message, |_| true).into_iter().chain(cuts).collect()
    }

    /// Where any of it stands in a key of a pointer. A password that is a word would take the names of fields away, and show by
    /// that which word it is.
    pub(crate) fn in_key(&self, key: &str) -> Vec<(Range<usize>, &'static str)> {
        self.spans(key, |known| !known.is_name)
    }

    fn spans(&self, text: &str, counts: impl Fn(&Known) -> bool) -> Vec<(Range<usize>, &'static str)> {
        if self.texts.len() <= FEW && !self.texts.iter().any(|known| text.contains(&known.text)) {
            return Vec::new();
        }
        // An automaton of so many texts is far within what the library can build.
        let build = || AhoCorasick::new(self.texts.iter().map(|known| &known.text)).ok();
        let Some(finder) = self.finder.get_or_init(build).as_ref().filter(|_| !self.is_empty()) else { return Vec::new() };
        let spans = finder.find_overlapping_iter(text).map(|found| (found.range(), &self.texts[found.pattern().as_usize()]));
        spans.filter(|(_, known)| counts(known)).map(|(range, known)| (range, known.entity)).collect()
    }

    /// The longest beginning of any text that ends at an offset.
    fn beginning_before(&self, message: &str, cut: usize) -> Option<(Range<usize>, &'static str)> {
        let starts = message[..cut].char_indices().rev().take(CUT_CHARACTERS_MAX).skip(CHARACTERS_MIN - 1);
        let begun = starts.filter_map(|(start, _)| {
            let beginning = &message[start..cut];
            let known = self.texts.get(self.texts.partition_point(|known| known.text.as_str() < beginning))?;
            known.text.starts_with(beginning).then_some((start..cut, known.entity))
        });
        begun.last()
    }
}

/// A text as a message shows it: what would not be seen is written out.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || !character.is_ascii() && character.escape_debug().nth(1).is_some() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Letters, and what joins words.
fn is_name(text: &str) -> bool {
    text.chars().all(|character| character.is_alphabetic() || matches!(character, '_' | '-'))
}
