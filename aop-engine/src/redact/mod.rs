//! Redaction: the spans that were found are replaced, and no other byte of the document changes.
//!
//! `Redactor` (settings and key) says what is written in a value's place, [`redact`] where it is written. What is written as a
//! token [`restore`](restore::restore) brings back.

mod canonical;
mod decoded;
mod key;
mod paths;
mod placeholder;
mod redactor;
mod restore;
mod settings;
mod texts;
mod token;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aop_toon::{Document, Key, Limits, LiteralOffsets, NodeId, Value};

pub use key::{RedactionKey, RedactionKeyError};
pub(crate) use redactor::Redactor;
pub use restore::RestoreError;
pub(crate) use restore::restore;
pub(crate) use settings::SettingsError;
pub use settings::{Operation, Operator, RedactionSettings};
pub(crate) use texts::{fingerprints, found_texts};

use redactor::Found;

/// The entity of what is taken whole, by a policy or a path.
pub(crate) const REDACTED: &str = "REDACTED";

/// One span to be replaced.
#[derive(Debug, Clone)]
pub(crate) struct Target<'h> {
    /// The value it is in.
    pub(crate) node: NodeId,
    /// Whether it is in the node's key. With an inner way, the last node's key.
    pub(crate) at_key: bool,
    /// The nodes on the way through JSON that is held by strings, from the outside in; each is of the JSON of the one before.
    pub(crate) inner: &'h [NodeId],
    /// Bytes of the decoded string, the innermost one.
    pub(crate) span: Range<usize>,
    /// What was found.
    pub(crate) entity: &'h str,
    /// Whether the span is an encoding of what was found, such as base64.
    pub(crate) is_encoded: bool,
}

impl Target<'_> {
    /// Whether it is in a key of the document itself.
    fn is_in_key(&self) -> bool {
        self.at_key && self.inner.is_empty()
    }
}

/// New text for some bytes of a document.
struct Edit<'h> {
    range: Range<usize>,
    put: Put<'h>,
    /// How many string literals its place is in.
    literals: usize,
}

enum Put<'h> {
    /// What makes a key distinct.
    Number(String),
    Found(Found<'h>),
}

/// The document with every target replaced; nothing when there is nothing to replace.
///
/// The result is valid JSON of the same structure: a number becomes a string or null, and a key that would stand twice in its
/// object gets a number. What redaction has written before stays.
pub(crate) fn redact(document: &Document<'_>, targets: Vec<Target<'_>>, redactor: &Redactor) -> Option<String> {
    let edits = edits(document, targets, redactor, "");
    if edits.is_empty() {
        return None;
    }
    let text = document.text();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { range, put, literals } in edits {
        out.push_str(&text[at..range.start]);
        let written = match put {
            Put::Number(number) => number,
            Put::Found(found) => {
                let written = redactor.written(&found, &text[range.clone()]);
                match (found.is_bare, written.is_empty()) {
                    (false, _) => written,
                    (true, true) => "null".to_owned(),
                    (true, false) => literal(&written),
                }
            }
        };
        out.push_str(&(0..literals).fold(written, |written, _| content(&written)));
        at = range.end;
    }
    out.push_str(&text[at..]);
    // A mask is a mask already.
    (out != text).then_some(out)
}

/// A text as a string literal.
fn literal(text: &str) -> String {
    serde_json::to_string(text).expect("a string can be written as JSON")
}

/// A text as it stands inside of a string literal.
fn content(text: &str) -> String {
    let literal = literal(text);
    literal[1..literal.len() - 1].to_owned()
}

/// The edits of a document's text, by place, without overlaps. `before` is the pointer to the string that holds the document.
fn edits<'h>(document: &Document<'_>, mut targets: Vec<Target<'h>>, redactor: &'h Redactor, before: &str) -> Vec<Edit<'h>> {
    // A key that holds the match is reached through its value's id; whatever lies deeper belongs to the value.
    targets.sort_by_key(|target| (target.node, !target.is_in_key(), target.span.start));
    let mut keys = Keys::default();
    let mut edits = Vec::new();
    for group in targets.chunk_by(|a, b| a.node == b.node && a.is_in_key() == b.is_in_key()) {
        let value = document.value(group[0].node);
        let pointer = redactor.has_paths().then(|| format!("{before}{}", value.pointer()));
        let texts = Texts { redactor, pointer: pointer.as_deref() };
        if group[0].is_in_key() {
            edits.extend(value.key().into_iter().flat_map(|key| {
                let name = key.as_str();
                let mut edits = texts.edits(&name, group);
                keys.keep_distinct(value, &name, &mut edits, redactor);
                in_literal(key.content(), key.span().start + 1, edits)
            }));
        } else if let Some(content) = value.content() {
            let text = value.as_str().unwrap_or_default();
            edits.extend(in_literal(content, value.span().start + 1, texts.edits(&text, group)));
        } else {
            edits.extend(texts.of_bare(value, group));
        }
    }
    edits
}

/// Edits of a decoded string as edits of the text that its literal is in, whose content begins at `start`.
fn in_literal<'h>(content: &str, start: usize, edits: Vec<Edit<'h>>) -> Vec<Edit<'h>> {
    let mut offsets = LiteralOffsets::new(content);
    let raw = |Edit { range, put, literals }: Edit<'h>| {
        let (from, to) = (offsets.raw(range.start), offsets.raw(range.end));
        Edit { range: start + from..start + to, put, literals: literals + 1 }
    };
    edits.into_iter().map(raw).collect()
}

/// The texts at one place.
struct Texts<'h, 'p> {
    redactor: &'h Redactor,
    pointer: Option<&'p str>,
}

impl<'h> Texts<'h, '_> {
    /// The edits of a string, in bytes of its decoded text.
    fn edits(&self, text: &str, group: &[Target<'h>]) -> Vec<Edit<'h>> {
        let (direct, nested): (Vec<_>, Vec<_>) = group.iter().cloned().partition(|target| target.inner.is_empty());
        let written = self.redactor.written_in(text);
        let mut edits: Vec<Edit<'h>> = direct.iter().filter_map(|target| self.edit(text, target, &written)).collect();
        if !nested.is_empty() {
            match held(text) {
                Some((start, inner)) => {
                    let inward =
                        |target: &Target<'h>| Target { node: target.inner[0], inner: &target.inner[1..], ..target.clone() };
                    let targets = nested.iter().map(inward).collect();
                    let inner_edits = self::edits(&inner, targets, self.redactor, self.pointer.unwrap_or_default());
                    let outward = |edit: Edit<'h>| Edit { range: start + edit.range.start..start + edit.range.end, ..edit };
                    edits.extend(inner_edits.into_iter().map(outward));
                }
                // What was found is somewhere in here.
                None => edits.extend(nested.iter().filter_map(|target| {
                    self.edit(text, &Target { span: 0..text.len(), is_encoded: true, ..target.clone() }, &written)
                })),
            }
        }
        without_overlaps(text, edits)
    }

    /// The edit for a target. `written` is where redaction has been before.
    fn edit(&self, text: &str, target: &Target<'h>, written: &[Range<usize>]) -> Option<Edit<'h>> {
        let operation = self.redactor.operation(target.entity, self.pointer);
        // A span that does not fit its text would be a mistake of the scan's: the whole text goes, rather than nothing.
        let range = if text.get(target.span.clone()).is_some() { target.span.clone() } else { 0..text.len() };
        if operation.operator == Operator::Keep || range.is_empty() || lies_in(&range, written) {
            return None;
        }
        let value = text[range.clone()].to_owned();
        let found = Found { entity: target.entity, operation, value, is_encoded: target.is_encoded, is_bare: false };
        Some(Edit { range, put: Put::Found(found), literals: 0 })
    }

    /// The edit of a number or a boolean.
    fn of_bare(&self, value: Value<'_>, group: &[Target<'h>]) -> Option<Edit<'h>> {
        let operations = group.iter().map(|target| (target, self.redactor.operation(target.entity, self.pointer)));
        let (target, operation) = operations.rev().max_by_key(|(_, operation)| operation.operator.strength())?;
        let found =
            Found { entity: target.entity, operation, value: value.raw().to_owned(), is_encoded: false, is_bare: true };
        (operation.operator != Operator::Keep).then(|| Edit { range: value.span(), put: Put::Found(found), literals: 0 })
    }
}

/// Whether a span lies in one of these, which are in order and apart.
fn lies_in(span: &Range<usize>, ranges: &[Range<usize>]) -> bool {
    let before = ranges.partition_point(|range| range.start <= span.start);
    ranges[..before].last().is_some_and(|range| span.end <= range.end)
}

/// The JSON that a string holds, and where it begins in it.
fn held(text: &str) -> Option<(usize, Document<'_>)> {
    let start = text.len() - text.trim_ascii_start().len();
    let limits = Limits { bytes: text.len(), depth: usize::MAX };
    Some((start, Document::parse(text.trim_ascii().as_bytes(), &limits).ok()?))
}

/// Overlapping edits become one, over all of their bytes, by the operation that hides most; of equal ones by the first.
fn without_overlaps<'h>(text: &str, mut edits: Vec<Edit<'h>>) -> Vec<Edit<'h>> {
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let mut apart: Vec<Edit<'h>> = Vec::with_capacity(edits.len());
    let mut grown = BTreeSet::new();
    for edit in edits {
        let index = apart.len().saturating_sub(1);
        match apart.last_mut() {
            Some(last) if edit.range.start < last.range.end => {
                last.range.end = last.range.end.max(edit.range.end);
                let strength = |put: &Put<'_>| match put {
                    Put::Number(_) => None,
                    Put::Found(found) => Some(found.operation.operator.strength()),
                };
                if strength(&edit.put) > strength(&last.put) {
                    last.put = edit.put;
                }
                last.literals = 0;
                grown.insert(index);
            }
            _ => apart.push(edit),
        }
    }
    for index in grown {
        let Edit { range, put, .. } = &mut apart[index];
        if let Put::Found(found) = put {
            found.value = text[range.clone()].to_owned();
            found.is_bare = false;
        }
    }
    apart
}

/// A text with the spans replaced by their entities' names in angle brackets.
pub(crate) fn replace_spans<'h>(text: &str, spans: impl Iterator<Item = (Range<usize>, &'h str)>) -> String {
    let mut spans: Vec<_> = spans.collect();
    spans.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, entity) in spans {
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(&format!("<{entity}>"));
        }
        at = at.max(range.end);
    }
    out.push_str(&text[at..]);
    out
}

/// The keys of the objects in which a key has been replaced, so that no object gets the same key twice.
#[derive(Default)]
struct Keys {
    taken: BTreeMap<NodeId, BTreeSet<String>>,
    counts: BTreeMap<(NodeId, String), usize>,
}

impl Keys {
    /// Adds a number to the edits of a key when its object has the new name already.
    fn keep_distinct(&mut self, value: Value<'_>, name: &str, edits: &mut Vec<Edit<'_>>, redactor: &Redactor) {
        let Some(object) = value.parent().filter(|_| !edits.is_empty()) else { return };
        let name_after = applied(name, edits, redactor);
        let names = |object: Value<'_>| object.entries().map(|(key, _): (Key<'_>, _)| key.as_str().into_owned()).collect();
        let taken = self.taken.entry(object.id()).or_insert_with(|| names(object));
        let count = self.counts.entry((object.id(), name_after.clone())).or_insert(1);
        let mut number = String::new();
        while !taken.insert(format!("{name_after}{number}")) {
            *count += 1;
            number = format!("_{count}");
        }
        if !number.is_empty() {
            edits.push(Edit { range: name.len()..name.len(), put: Put::Number(number), literals: 0 });
        }
    }
}

/// A key's decoded text with its edits made.
fn applied(text: &str, edits: &[Edit<'_>], redactor: &Redactor) -> String {
    let mut out = String::new();
    let mut at = 0;
    for Edit { range, put, .. } in edits {
        out.push_str(&text[at..range.start]);
        match put {
            Put::Number(number) => out.push_str(number),
            Put::Found(found) => out.push_str(&redactor.written(found, &content(&found.value))),
        }
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use aop_rules::scan::{DetectorSettings, Detectors};

    use super::*;

    /// What becomes of a document whose root string has these finds.
    #[track_caller]
    fn check(settings: &str, finds: &[(&'static str, Range<usize>)], json: &str, expected: &str) {
        let detectors = Detectors::new(&DetectorSettings::default()).unwrap();
        let key = RedactionKey::new(std::array::from_fn(|at| at as u8));
        let redactor = Redactor::new(&serde_json::from_str(settings).unwrap(), Some(key), &detectors).unwrap();
        let document = Document::parse(json.as_bytes(), &Limits::default()).unwrap();
        let node = document.root().id();
        let target = |(entity, span): &(&'static str, Range<usize>)| Target {
            node,
            at_key: false,
            inner: &[],
            span: span.clone(),
            entity,
            is_encoded: false,
        };
        let redacted = redact(&document, finds.iter().map(target).collect(), &redactor);
        assert_eq!(redacted.as_deref().unwrap_or(json), expected);
    }

    #[test]
    fn overlapping_finds_are_one_by_the_operator_that_hides_most() {
        let json = r#""to 536-90-4399@example.org!""#;
        let finds = [("US_SSN", 3..14), ("EMAIL_ADDRESS", 3..26)];
        check("{}", &finds, json, r#""to <EMAIL_ADDRESS>!""#);
        check(r#"{"default": "remove", "entities": {"EMAIL_ADDRESS": "mask"}}"#, &finds, json, r#""to !""#);
        check(r#"{"default": "mask", "entities": {"EMAIL_ADDRESS": "remove"}}"#, &finds, json, r#""to !""#);
        check(r#"{"default": "keep", "entities": {"US_SSN": "mask"}}"#, &finds, json, r#""to ***-**-****@example.org!""#);
        let apart = [("US_SSN", 3..8), ("EMAIL_ADDRESS", 6..14), ("US_SSN", 13..16)];
        check("{}", &apart, json, r#""to <US_SSN>xample.org!""#);
    }

    #[test]
    fn a_span_that_does_not_fit_takes_its_whole_text() {
        check("{}", &[("US_SSN", 1..99)], r#""some text""#, r#""<US_SSN>""#);
        check("{}", &[("US_SSN", 1..2)], r#""é text""#, r#""<US_SSN>""#);
    }

    // Each find once walked back to the bracket that might be before it, so that this took minutes.
    #[test]
    fn many_finds_in_what_looks_like_a_token_are_no_more_work() {
        const COUNT: usize = 60_000;
        let finds: Vec<_> = (0..COUNT).map(|at| ("US_SSN", at * 12..at * 12 + 11)).collect();
        for separator in [":", "-"] {
            let json = format!("\"{}\"", format!("536-90-4399{separator}").repeat(COUNT));
            check("{}", &finds, &json, &format!("\"{}\"", format!("<US_SSN>{separator}").repeat(COUNT)));
        }
        let closed = format!("\"<US_SSN:t:{}>\"", "536-90-4399-".repeat(COUNT));
        let finds: Vec<_> = finds.iter().map(|(entity, span)| (*entity, span.start + 10..span.end + 10)).collect();
        check("{}", &finds, &closed, &format!("\"<US_SSN:t:{}>\"", "<US_SSN>-".repeat(COUNT)));
    }

    #[test]
    fn what_redaction_has_written_stays() {
        let token = "<US_SSN:t:h4ooqN_oUx9NWi2mBkS9dx_S_Z0hQrPDr-u3yg>";
        for text in ["<US_SSN>", "<US_SSN:h:abcdefghijklmnopabcd>", "<REDACTED>", token] {
            let json = format!("\"{text}\"");
            check("{}", &[("US_SSN", 3..7), ("REDACTED", 0..text.len())], &json, &json);
        }
        let changed = token.replace("h4oo", "h4op");
        check("{}", &[("US_SSN", 3..7)], &format!("\"{changed}\""), &format!("\"<US<US_SSN>{}\"", &changed[7..]));
        check("{}", &[("US_SSN", 1..9)], "\"<UNKNOWN9>\"", "\"<<US_SSN>>\"");
    }
}
