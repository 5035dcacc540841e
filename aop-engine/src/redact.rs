//! Redaction: the spans that were found are replaced, and no other byte of the document changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aop_toon::{Document, Key, Limits, LiteralOffsets, NodeId, Value};

/// One span to be replaced.
#[derive(Debug, Clone)]
pub(crate) struct Target<'h> {
    /// The string or number it is in.
    pub(crate) node: NodeId,
    /// Whether it is in the node's key. With an inner way, the last node's key.
    pub(crate) at_key: bool,
    /// The nodes on the way through JSON that is held by strings, from the outside in; each is of the JSON of the one before.
    pub(crate) inner: &'h [NodeId],
    /// Bytes of the decoded string, the innermost one.
    pub(crate) span: Range<usize>,
    /// What is put there, in angle brackets.
    pub(crate) entity: &'h str,
}

/// New text for some bytes of a document.
struct Edit {
    range: Range<usize>,
    text: String,
}

/// The document with every target replaced by its entity's name in angle brackets; nothing when there are no targets.
///
/// A number becomes a string with that name. The result is valid JSON of the same structure: a key that would stand twice in
/// its object gets a number. Redacting again changes nothing, since the names are found by no detector.
pub(crate) fn redact(document: &Document<'_>, targets: &[Target<'_>]) -> Option<String> {
    if targets.is_empty() {
        return None;
    }
    Some(applied(document.text(), edits(document, targets.to_vec())))
}

/// A text with edits made, which stand by place and without overlaps.
fn applied(text: &str, edits: Vec<Edit>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { range, text: replacement } in edits {
        out.push_str(&text[at..range.start]);
        out.push_str(&replacement);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The edits of a document's text, by place, without overlaps.
fn edits(document: &Document<'_>, mut targets: Vec<Target<'_>>) -> Vec<Edit> {
    // A key that holds the match is reached through its value's id; whatever lies deeper belongs to the value.
    let in_key = |target: &Target<'_>| target.at_key && target.inner.is_empty();
    targets.sort_by_key(|target| (target.node, !in_key(target), target.span.start));
    let mut keys = Keys::default();
    let mut edits = Vec::new();
    for group in targets.chunk_by(|a, b| a.node == b.node && in_key(a) == in_key(b)) {
        let value = document.value(group[0].node);
        if in_key(&group[0]) {
            edits.extend(value.key().map(|key| keys.edit(key, value, group)));
        } else if let Some(content) = value.content() {
            let start = value.span().start + 1;
            edits.extend(string_edits(value, group).into_iter().map({
                let mut offsets = LiteralOffsets::new(content);
                move |Edit { range, text }| {
                    let (from, to) = (offsets.raw(range.start), offsets.raw(range.end));
                    Edit { range: start + from..start + to, text: escaped(&text) }
                }
            }));
        } else {
            edits.push(Edit { range: value.span(), text: format!("\"{}\"", placeholder(group[0].entity)) });
        }
    }
    edits
}

/// The edits of a string, in bytes of its decoded text.
fn string_edits(value: Value<'_>, group: &[Target<'_>]) -> Vec<Edit> {
    let (direct, nested): (Vec<_>, Vec<_>) = group.iter().cloned().partition(|target| target.inner.is_empty());
    let mut edits: Vec<Edit> =
        direct.iter().map(|target| Edit { range: target.span.clone(), text: placeholder(target.entity) }).collect();
    if !nested.is_empty() {
        let text = value.as_str().unwrap_or_default();
        let start = text.len() - text.trim_ascii_start().len();
        let limits = Limits { bytes: text.len(), depth: usize::MAX };
        let inner =
            Document::parse(text.trim_ascii().as_bytes(), &limits).expect("the scan has parsed this text as JSON before");
        let targets = nested.into_iter().map(|target| Target { node: target.inner[0], inner: &target.inner[1..], ..target });
        let inner_edits = self::edits(&inner, targets.collect()).into_iter();
        edits.extend(inner_edits.map(|Edit { range, text }| Edit { range: start + range.start..start + range.end, text }));
    }
    without_overlaps(edits)
}

/// Overlapping edits become one, over all of their bytes, with the text of the first.
fn without_overlaps(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let mut apart: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match apart.last_mut() {
            Some(last) if edit.range.start < last.range.end => last.range.end = last.range.end.max(edit.range.end),
            _ => apart.push(edit),
        }
    }
    apart
}

/// A text with the spans replaced by their entities' names in angle brackets.
pub(crate) fn replace_spans<'h>(text: &str, spans: impl Iterator<Item = (Range<usize>, &'h str)>) -> String {
    let edits = spans.map(|(range, entity)| Edit { range, text: placeholder(entity) });
    applied(text, without_overlaps(edits.collect()))
}

fn placeholder(entity: &str) -> String {
    format!("<{entity}>")
}

/// A replacement as it stands in a string literal. It is ours: of what must be escaped it holds quotes and backslashes only.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The keys of the objects in which a key has been replaced, so that no object gets the same key twice.
#[derive(Default)]
struct Keys {
    taken: BTreeMap<NodeId, BTreeSet<String>>,
    counts: BTreeMap<(NodeId, String), usize>,
}

impl Keys {
    /// The edit of a whole key, in bytes of the document.
    fn edit(&mut self, key: Key<'_>, value: Value<'_>, group: &[Target<'_>]) -> Edit {
        let name = replace_spans(&key.as_str(), group.iter().map(|target| (target.span.clone(), target.entity)));
        let object = value.parent().expect("a value with a key stands in an object");
        let name = self.distinct(object, name);
        let literal = serde_json::to_string(&name).expect("a string can be written as JSON");
        Edit { range: key.span(), text: literal }
    }

    /// The name, with a number when the object has it already.
    fn distinct(&mut self, object: Value<'_>, name: String) -> String {
        let taken = self
            .taken
            .entry(object.id())
            .or_insert_with(|| object.entries().map(|(key, _)| key.as_str().into_owned()).collect());
        let count = self.counts.entry((object.id(), name.clone())).or_insert(1);
        let mut distinct = name.clone();
        while !taken.insert(distinct.clone()) {
            *count += 1;
            distinct = format!("{name}_{count}");
        }
        distinct
    }
}
