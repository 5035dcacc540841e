//! `derives_from`: whether enough of a value's text was said before, in an event of the run.
//!
//! What is remembered of a text are its winnowed fingerprints (S. Schleimer, D. Wilkerson, A. Aiken: "Winnowing: local
//! algorithms for document fingerprinting", SIGMOD 2003) and its exact short tokens; never the text. Data passes one way:
//! text → normal form, grams and tokens → [`Table`] → [`Flows`].
//!
//! A text (a string or number of a value) derives from an event when
//! - a piece of [`COPIED_UNITS_ENOUGH`] letters and digits in a row stands in one text of the event, or pieces of
//!   [`grams::COPY_UNITS_FOUND`] or more make up half of it. White space, punctuation, case, accents and escapes do not count.
//!   Every such piece is found, wherever it stands: that is the guarantee of winnowing. By chance texts share less: of 86,000
//!   pairs of real texts of different origin none had a longer piece in common than 18, but for two that held one phrase;
//! - or it holds an address, the host of one, an account number or an id that stands there, in any spelling ([`tokens`]), and
//!   that no user or system message said (nor the schema, as an action's name);
//! - or all of it is one word of four bytes or more with a letter, or a few short words, that stand so there and that nobody has
//!   said.
//!
//! A value without white space is compared by its tokens: two account numbers that share most of their digits are two accounts.
//! It is searched for pieces too where it has [`COPIED_UNITS_ENOUGH`] letters and digits that belong to no address or account,
//! unless a user or system message said it (a file's name, say); of a URL, what stands behind its `?` or `#` is.

mod grams;
mod normal;
mod query;
mod stored;
mod table;
mod tokens;

use std::collections::BTreeSet;
use std::ops::Range;

use aop_toon::{Kind, NodeId, Value};

pub(crate) use table::{ENTRIES_MAX, TOLD_MAX, Table};
pub(crate) use tokens::addresses;

use grams::Winnow;
use normal::Normal;
use table::{Entry, TOKEN};
use tokens::Tokens;

/// A piece of so many units is enough, however long the value is.
pub(crate) const COPIED_UNITS_ENOUGH: usize = 24;

/// A longer value without white space is no name, which somebody may have said before, but data, such as base64.
pub(crate) const WHOLE_BYTES_MAX: usize = 64;

/// Pointers of sources are cut at a container when they are longer.
const PATH_BYTES_MAX: usize = 256;

/// A place that texts come from: a path of an event that some rule names, such as `w.result`. The number is the caller's; it
/// should be the place's identity hash, so that what is remembered outlives a reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct SourceId(pub(crate) u64);

impl SourceId {
    /// A hash as it is remembered for this place, so that those of other places are not met when it is looked for.
    fn mixed(self, hash: u64) -> u64 {
        hash ^ grams::fold(self.0, 0)
    }
}

/// What a text that is put in belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) id: SourceId,
    /// The event's.
    pub(crate) seq: u64,
    /// Whether a user or system message says it: then its tokens count although they were told.
    pub(crate) told: bool,
}

/// What a query has found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Flows {
    /// The best one of each event, ordered by `seq`.
    pub(crate) found: Vec<Flow>,
    /// Whether an event that is not among them gave nothing. When false (the table is full), that is unknown.
    pub(crate) complete: bool,
}

/// Text that went from a past event into a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flow {
    /// The event that it comes from.
    pub(crate) seq: u64,
    /// How many bytes of the value were copied.
    pub(crate) bytes: usize,
    /// The leaf of the value; nothing when the query was about a text.
    pub(crate) leaf: Option<NodeId>,
    /// Bytes of the value's (decoded) text: the longest piece, of which up to four letters may be missing at each end.
    pub(crate) value_span: Range<usize>,
    /// A JSON Pointer into the event that it comes from; when that is long, of a container.
    pub(crate) source_path: String,
    /// The same piece there, in bytes of the (decoded) text.
    pub(crate) source_span: Range<usize>,
}

/// Words that are the policy's own, such as the names of declared actions: who says them copies nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Vocabulary {
    hashes: BTreeSet<u64>,
}

impl Vocabulary {
    pub(crate) fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut tokens = Tokens::default();
        let mut hashes = BTreeSet::new();
        for name in names {
            tokens.read(name);
            hashes.extend(tokens.found.iter().map(|token| token.hash));
        }
        Self { hashes }
    }
}

/// Buffers that are used again; what is in them means nothing.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    text: String,
    reading: Reading,
    search: query::Search,
}

/// What a text is broken into.
#[derive(Debug, Default)]
struct Reading {
    normal: Normal,
    winnow: Winnow,
    tokens: Tokens,
}

impl Table {
    /// Puts in every text of a value. Its paths are those of the value's document, the event.
    pub(crate) fn insert_value(&mut self, source: Source, value: Value<'_>, scratch: &mut Scratch) {
        let event = self.event(source);
        for leaf in value.descendants() {
            with_text(leaf, &mut scratch.text, |text| {
                self.insert_text(source.id, event, || leaf.pointer_within(PATH_BYTES_MAX).0, text, &mut scratch.reading);
            });
        }
        self.end_event(event);
    }

    /// Puts in one text, which stands at `path`.
    pub(crate) fn insert(&mut self, source: Source, path: &str, text: &str, scratch: &mut Scratch) {
        let event = self.event(source);
        self.insert_text(source.id, event, || path.to_owned(), text, &mut scratch.reading);
        self.end_event(event);
    }

    fn insert_text(
        &mut self,
        source: SourceId,
        event: u32,
        path: impl FnOnce() -> String,
        text: &str,
        reading: &mut Reading,
    ) {
        if text.len() < tokens::WORD_BYTES_MIN {
            return;
        }
        let leaf = self.begin_leaf(event);
        reading.normal.read(text);
        reading.winnow.read(reading.normal.units());
        for gram in &reading.winnow.grams {
            let span = reading.normal.span(text, gram.units());
            let entry = Entry {
                hash: source.mixed(gram.hash),
                beside: grams::beside(reading.normal.wide_gram(gram.unit as usize), gram.hash),
                leaf,
                start: span.start as u32,
                end: span.end as u32,
                unit: gram.unit,
            };
            self.put(event, entry);
        }
        reading.tokens.read(text);
        for token in &reading.tokens.found {
            self.put(
                event,
                Entry { hash: source.mixed(token.hash), beside: 0, leaf, start: token.start, end: token.end, unit: TOKEN },
            );
        }
        self.end_leaf(path);
    }

    /// Puts in what a user or system message says: its tokens are nobody else's.
    pub(crate) fn insert_told_value(&mut self, value: Value<'_>, scratch: &mut Scratch) {
        for leaf in value.descendants() {
            with_text(leaf, &mut scratch.text, |text| self.insert_told_text(text, &mut scratch.reading.tokens));
        }
    }

    /// As [`Table::insert_told_value`], of one text.
    #[cfg(test)]
    pub(crate) fn insert_told(&mut self, text: &str, scratch: &mut Scratch) {
        self.insert_told_text(text, &mut scratch.reading.tokens);
    }

    fn insert_told_text(&mut self, text: &str, tokens: &mut Tokens) {
        tokens.read(text);
        for token in &tokens.found {
            self.tell(token.hash);
        }
    }
}

/// Calls `then` with the text of a string or number; with nothing for other values.
fn with_text(value: Value<'_>, buffer: &mut String, then: impl FnOnce(&str)) {
    match value.kind() {
        Kind::String if value.is_escaped() => {
            buffer.clear();
            value.decode_into(buffer);
            then(buffer);
        }
        Kind::String => then(value.content().unwrap_or_default()),
        Kind::Number => then(value.raw()),
        _ => {}
    }
}

#[cfg(test)]
mod spellings;
#[cfg(test)]
mod tests;
