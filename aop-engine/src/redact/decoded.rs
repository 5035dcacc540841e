//! The value in an encoding of it: what base64, hexadecimal, percent signs, character references or escapes write.

use aop_rules::scan::{Detectors, Provenance, Scratch};
use aop_rules::text::encoded;
use aop_rules::text::inline::{self, DECODINGS_MAX};

use super::held;
use super::texts::each_of;
use crate::redaction::targets;

/// The value of an entity that a text is an encoding of; nothing when it is none.
pub(super) fn value_in(detectors: &Detectors, entity: &str, text: &str) -> Option<String> {
    value(detectors, entity, text, DECODINGS_MAX)
}

fn value(detectors: &Detectors, entity: &str, text: &str, mut left: usize) -> Option<String> {
    let mut text = text.to_owned();
    let mut is_read = false;
    while left > 0 && inline::spells_out(&text) {
        let read: String = inline::read(&text).map(|(character, _)| character).collect();
        if read == text {
            break;
        }
        (text, is_read, left) = (read, true, left - 1);
    }
    match said_by(&text).filter(|_| left > 0) {
        Some(said) => Some(found_in(detectors, entity, &said, left - 1)),
        // Digits that are set apart spell nothing out, and a reader leaves their spaces out as any.
        None => is_read.then_some(text),
    }
}

/// What a text says that is one piece of base64 or hexadecimal.
fn said_by(text: &str) -> Option<String> {
    let mut whole = None;
    encoded::each_piece(text, |range, _, said| {
        if range == (0..text.len()) {
            whole = Some(said.to_owned());
        }
    });
    whole
}

/// The first value of an entity in a text. What is not found again was known by its key, and is the whole text.
fn found_in(detectors: &Detectors, entity: &str, said: &str, left: usize) -> String {
    let mut hits = Vec::new();
    let mut found: Option<(String, bool)> = None;
    match held(said) {
        Some((_, document)) => {
            detectors.scan_json(&document, Provenance::Agent, &mut Scratch::default(), &mut hits);
            hits.retain(|hit| hit.entity == entity);
            each_of(&document, &targets(&hits), &mut |_, target, text| {
                found.get_or_insert_with(|| (text.to_owned(), target.is_encoded));
            });
        }
        None => {
            detectors.scan_text(said, Provenance::Agent, &mut Scratch::default(), &mut hits);
            let hit = hits.iter().find(|hit| hit.entity == entity);
            found = hit.and_then(|hit| {
                let text = said.get(hit.span.start as usize..hit.span.end as usize)?;
                Some((text.to_owned(), hit.views.iter().any(|view| *view != "normalised")))
            });
        }
    }
    let (text, is_encoded) = found.unwrap_or_else(|| (said.trim().to_owned(), true));
    if is_encoded { value(detectors, entity, &text, left).unwrap_or(text) } else { text }
}
