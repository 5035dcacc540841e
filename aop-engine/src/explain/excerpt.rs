//! The bytes that a finding is about, as they may be shown: personal data and secrets replaced, cut, and marked.

use std::ops::Range;

use aop_rules::scan::{self, Hit, Provenance};
use aop_toon::{At, Document, Event, Finding, Limits, Value};
use serde::Serialize;

use crate::engine::Engine;
use crate::known::KnownData;

/// So many characters of an event are shown around what was found, itself included.
pub const EXCERPT_CHARACTERS_MAX: usize = 80;
/// And so many of them before it.
const BEFORE_MAX: usize = 24;

/// A piece of an event with what was found marked in it. It holds no personal data and no secret that the detectors know of: their
/// entities' names stand there instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// What stands before it, shortened.
    pub before: String,
    /// What was found.
    pub found: String,
    /// What stands behind it, shortened.
    pub after: String,
}

impl Excerpt {
    /// The text, and below it a line of carets under what was found.
    pub fn lines(&self) -> (String, String) {
        let pad = " ".repeat(self.before.chars().count());
        let carets = "^".repeat(self.found.chars().count().max(1));
        (format!("{}{}{}", self.before, self.found, self.after), format!("{pad}{carets}"))
    }
}

impl Engine {
    /// The place in an event that a finding is about; nothing when it is about the event as a whole, or the place is not there.
    ///
    /// ```
    /// use aop_engine::{Engine, Event};
    ///
    /// let engine = Engine::builder().build()?;
    /// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
    ///     "payload":{"thought":"my card is 4111 1111 1111 1111, thanks"},"meta":{}}"#)?;
    /// let finding = &engine.start_run().check(&event).findings[0];
    /// let excerpt = engine.excerpt(&event, finding).unwrap();
    /// assert_eq!(excerpt.lines().0, "my card is <CREDIT_CARD>, thanks");
    /// assert_eq!(excerpt.found, "<CREDIT_CARD>");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn excerpt(&self, event: &Event<'_>, finding: &Finding) -> Option<Excerpt> {
        let hits = self.hits_of(event);
        let known = KnownData::of(&self.detectors, event, &hits);
        let place = place(event, finding, &hits)?;
        let Place { text, span, mut data } = place;
        data.extend(known.in_message(&text));
        data.extend(self.data_in(&text));
        Some(shown(&text, span, data))
    }

    /// A text of an event as it may be shown: without the personal data and secrets of that event, on one line, cut.
    pub fn shown_text(&self, event: &Event<'_>, text: &str, characters_max: usize) -> String {
        let known = KnownData::of(&self.detectors, event, &self.hits_of(event));
        let mut data = known.in_message(text);
        data.extend(self.data_in(text));
        cut_end(&visible(&replaced(text, &joined(data), 0..text.len())), characters_max)
    }

    pub(super) fn hits_of(&self, event: &Event<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.detectors.scan(event, &mut scan::Scratch::default(), &mut hits);
        hits
    }

    pub(super) fn data_in(&self, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let mut hits = Vec::new();
        self.detectors.scan_text(text, Provenance::Agent, &mut scan::Scratch::default(), &mut hits);
        let data = hits.iter().filter(|hit| hit.is_data());
        data.map(|hit| (hit.span.start as usize..hit.span.end as usize, hit.entity)).collect()
    }
}

/// A text of an event, the bytes of it that are meant, and where detectors have found data in it.
struct Place {
    text: String,
    span: Range<usize>,
    data: Vec<(Range<usize>, &'static str)>,
}

fn place(event: &Event<'_>, finding: &Finding, hits: &[Hit]) -> Option<Place> {
    let document = event.document();
    let span = finding.span.map(|(start, end)| start as usize..end as usize);
    let place = finding.path.as_deref().and_then(|path| {
        let value = document.pointer(path)?;
        let at_key = finding.at == Some(At::Key);
        let inner = finding.inner_path.as_deref();
        let text = match inner {
            None => text_of(value, at_key),
            Some(inner) => followed(&text_of(value, false), inner, at_key)?,
        };
        let is_here = |hit: &&Hit| {
            hit.is_data()
                && hit.node == Some(value.id())
                && hit.at_key == at_key
                && hit.inner.as_ref().map(|inner| inner.path()).as_deref() == inner
        };
        let data = hits.iter().filter(is_here).map(|hit| (hit.span.start as usize..hit.span.end as usize, hit.entity));
        let span = span.clone().unwrap_or(0..text.len());
        text.get(span.clone())?;
        Some(Place { data: data.collect(), span, text })
    });
    // A pointer that a key was hidden in, or that was too long, leads nowhere; the bytes as they were sent are there all the same.
    place.or_else(|| {
        let span = finding.raw.map(|(start, end)| start as usize..end as usize)?;
        document.text().get(span.clone())?;
        let raw = |hit: &Hit| Some((hit.raw(document)?, hit.entity));
        let data = hits.iter().filter(|hit| hit.is_data()).filter_map(raw).collect();
        Some(Place { text: document.text().to_owned(), span, data })
    })
}

fn text_of(value: Value<'_>, at_key: bool) -> String {
    match value.key().filter(|_| at_key) {
        Some(key) => key.as_str().into_owned(),
        None => value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.into_owned()),
    }
}

/// The text at the end of a way through JSON that strings hold.
fn followed(held: &str, inner: &str, at_key: bool) -> Option<String> {
    let mut held = held.to_owned();
    let mut pointers = inner.split(' ').peekable();
    while let Some(pointer) = pointers.next() {
        let limits = Limits { bytes: held.len(), depth: usize::MAX };
        let document = Document::parse(held.trim_ascii().as_bytes(), &limits).ok()?.into_owned();
        held = text_of(document.pointer(&pointer.replace("%20", " "))?, at_key && pointers.peek().is_none());
    }
    Some(held)
}

fn shown(text: &str, span: Range<usize>, data: Vec<(Range<usize>, &'static str)>) -> Excerpt {
    let data = joined(data);
    // What is replaced is not cut in two: data that reaches over an end of the span belongs to it.
    let overlaps = |range: &Range<usize>| range.start < span.end && span.start < range.end;
    let touched = data.iter().map(|(range, _)| range).filter(|range| overlaps(range));
    let (start, end) =
        touched.fold((span.start, span.end), |(start, end), range| (start.min(range.start), end.max(range.end)));
    let before = visible(&replaced(text, &data, 0..start));
    let found = cut_end(&visible(&replaced(text, &data, start..end)), EXCERPT_CHARACTERS_MAX - BEFORE_MAX);
    let before = cut_start(&before, BEFORE_MAX);
    let rest = EXCERPT_CHARACTERS_MAX.saturating_sub(before.chars().count() + found.chars().count());
    Excerpt { after: cut_end(&visible(&replaced(text, &data, end..text.len())), rest), before, found }
}

/// The spans in order, those that overlap as one, within no character.
pub(super) fn joined(mut data: Vec<(Range<usize>, &'static str)>) -> Vec<(Range<usize>, &'static str)> {
    data.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut apart: Vec<(Range<usize>, &'static str)> = Vec::new();
    for (range, entity) in data {
        match apart.last_mut() {
            Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push((range, entity)),
        }
    }
    apart
}

/// A part of a text, with what is found in it replaced. No span lies across the part's ends.
pub(super) fn replaced(text: &str, data: &[(Range<usize>, &'static str)], part: Range<usize>) -> String {
    let mut out = String::new();
    let mut at = part.start;
    for (range, entity) in data.iter().filter(|(range, _)| part.start <= range.start && range.end <= part.end) {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&format!("<{entity}>"));
        at = range.end;
    }
    out.push_str(text.get(at..part.end).unwrap_or_default());
    out
}

/// A text on one line: what is not seen, moves the cursor or turns the direction is written out.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push('⏎'),
            _ if character.is_control() || !character.is_ascii() && character.escape_debug().nth(1).is_some() => {
                out.extend(character.escape_unicode());
            }
            _ => out.push(character),
        }
    }
    out
}

/// The end of a text that is too long.
fn cut_start(text: &str, characters_max: usize) -> String {
    let count = text.chars().count();
    if count <= characters_max {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(count + 1 - characters_max)).collect()
}

/// The beginning of a text that is too long.
pub(super) fn cut_end(text: &str, characters_max: usize) -> String {
    match characters_max.checked_sub(1) {
        None => String::new(),
        Some(_) if text.chars().count() <= characters_max => text.to_owned(),
        Some(kept) => text.chars().take(kept).chain(['…']).collect(),
    }
}
