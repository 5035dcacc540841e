//! What the text is read as where a mistake was mended, so that what follows it is read too.
//!
//! A piece of the source with its changes made is a [`Patched`] text, whose places are translated back to those of the source.

use std::borrow::Cow;

use super::ast::Span;

/// A change of the text.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) span: Span,
    pub(super) replacement: Cow<'static, str>,
}

/// The changes made while a text was cut up, and the places with mistakes that nothing mends.
#[derive(Debug, Default)]
pub(super) struct Patches {
    edits: Vec<Edit>,
    flaws: Vec<Span>,
    unreadable: Vec<Span>,
    is_sorted: bool,
}

impl Patches {
    /// Reads the text as if `replacement` stood at `span`.
    pub(super) fn edit(&mut self, span: Span, replacement: impl Into<Cow<'static, str>>) {
        self.edits.push(Edit { span, replacement: replacement.into() });
        self.is_sorted = false;
    }

    /// A mistake was said that nothing mends: what cannot be read around it needs no second word.
    pub(super) fn flaw(&mut self, span: Span) {
        self.flaws.push(span);
        self.is_sorted = false;
    }

    /// A place that must not be read at all.
    pub(super) fn unreadable(&mut self, span: Span) {
        self.unreadable.push(span);
        self.is_sorted = false;
    }

    /// How many places have mistakes, mended or not.
    pub(super) fn flaws(&self) -> usize {
        self.flaws.len() + self.edits.len()
    }

    /// To be called before the questions below.
    pub(super) fn sort(&mut self) {
        if !self.is_sorted {
            self.edits.sort_by_key(|edit| edit.span);
            self.flaws.sort();
            self.unreadable.sort();
            self.is_sorted = true;
        }
    }

    pub(super) fn has_flaw(&self, part: Span) -> bool {
        has_one(&self.flaws, part)
    }

    pub(super) fn is_unreadable(&self, part: Span) -> bool {
        has_one(&self.unreadable, part)
    }

    /// The changes that begin in a part of the text.
    pub(super) fn edits(&self, part: Span) -> &[Edit] {
        let start = self.edits.partition_point(|edit| edit.span.start < part.start);
        let end = self.edits.partition_point(|edit| edit.span.start <= part.end);
        let in_part = &self.edits[start..end.max(start)];
        // What is added right behind the part belongs to it, what is changed there does not.
        let inside = in_part.iter().take_while(|edit| edit.span.end <= part.end).count();
        &in_part[..inside]
    }
}

fn has_one(spans: &[Span], part: Span) -> bool {
    let first = spans.partition_point(|span| span.start < part.start);
    spans.get(first).is_some_and(|span| span.start <= part.end)
}

/// A part of the source with changes made.
#[derive(Debug)]
pub(super) struct Patched<'s> {
    pub(super) text: Cow<'s, str>,
    /// Where parts of the text begin, in the text and in the source; those that were put in have no length in the source.
    parts: Vec<Part>,
    end: usize,
}

#[derive(Debug)]
struct Part {
    at: usize,
    source_at: usize,
    is_added: bool,
}

impl<'s> Patched<'s> {
    /// `edits` may be in any order; of two that overlap the first counts.
    pub(super) fn new(source: &'s str, part: Span, mut edits: Vec<Edit>) -> Self {
        let range = part.range();
        if edits.is_empty() {
            let parts = vec![Part { at: 0, source_at: range.start, is_added: false }];
            return Self { text: Cow::Borrowed(&source[range.clone()]), parts, end: range.end };
        }
        edits.sort_by_key(|edit| edit.span);
        let (mut text, mut parts, mut source_at) = (String::with_capacity(range.len() + 16), Vec::new(), range.start);
        for Edit { span, replacement } in edits {
            let edited = span.range();
            if edited.start < source_at || edited.end > range.end {
                continue;
            }
            parts.push(Part { at: text.len(), source_at, is_added: false });
            text.push_str(&source[source_at..edited.start]);
            parts.push(Part { at: text.len(), source_at: edited.start, is_added: true });
            text.push_str(&replacement);
            source_at = edited.end;
        }
        parts.push(Part { at: text.len(), source_at, is_added: false });
        text.push_str(&source[source_at..range.end]);
        Self { text: Cow::Owned(text), parts, end: range.end }
    }

    /// The place in the source of a place in the text.
    pub(super) fn source_at(&self, at: usize) -> usize {
        let next = self.parts.partition_point(|part| part.at <= at);
        let part = &self.parts[next.saturating_sub(1)];
        if part.is_added { part.source_at } else { (part.source_at + (at - part.at)).min(self.end) }
    }

    /// The place in the source of a part of the text.
    pub(super) fn source_span(&self, start: usize, end: usize) -> Span {
        let source_start = self.source_at(start);
        // The end of what was put in is the end of what was taken out.
        let source_end = self.source_at(end).max(source_start);
        Span::new(source_start, source_end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_translated_back() {
        let source = "x a && b y";
        let edits = vec![Edit { span: Span::new(4, 6), replacement: "and".into() }];
        let patched = Patched::new(source, Span::new(2, 8), edits);
        assert_eq!(patched.text, "a and b");
        assert_eq!(patched.source_span(0, 1).range(), 2..3);
        assert_eq!(patched.source_span(2, 5).range(), 4..6);
        assert_eq!(patched.source_span(6, 7).range(), 7..8);
    }
}
