//! The strings that hold the document being walked, one in another.

use aop_toon::{Document, Limits, Value};

use super::Text;
use crate::scan::hit::{Inner, POINTER_BYTES_MAX};

/// The string that holds the document being walked, and the strings around that.
pub(crate) struct Within<'w> {
    pub(super) outer: Option<&'w Within<'w>>,
    pub(super) value: Value<'w>,
}

/// How many strings hold the document being walked.
pub(super) fn level_of(within: Option<&Within<'_>>) -> usize {
    within.map_or(0, |within| 1 + level_of(within.outer))
}

/// The JSON document that a string holds, when the whole of it is an object or an array. What is almost JSON (a key stands
/// twice, words before it, nested too deep) is scanned as text, with its escapes undone.
pub(crate) fn held_document(text: &str) -> Option<Document<'_>> {
    let text = text.trim_ascii();
    let bracketed =
        matches!((text.bytes().next(), text.bytes().next_back()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')));
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    if bracketed { Document::parse(text.as_bytes(), &limits).ok() } else { None }
}

/// The value of the scanned document itself in whose string the text lies.
pub(super) fn outermost<'v>(within: Option<&Within<'v>>) -> Option<Value<'v>> {
    let within = within?;
    outermost(within.outer).or(Some(within.value))
}

/// The way from the scanned document's string to the text.
pub(super) fn inner(text: Text<'_>) -> Option<Inner> {
    let mut within = text.within?;
    let mut steps = vec![text.value?];
    while let Some(outer) = within.outer {
        steps.push(within.value);
        within = outer;
    }
    steps.reverse();
    Some(Inner {
        nodes: steps.iter().map(|step| step.id()).collect(),
        pointers: steps.iter().map(|step| step.pointer_within(POINTER_BYTES_MAX).0).collect(),
    })
}
