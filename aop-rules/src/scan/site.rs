//! Where a text stands: the key that names it, and the words around a match. Keys are evidence.

use std::borrow::Cow;
use std::cell::OnceCell;

use aop_toon::Value;

use crate::text::words::{self, Name, Word};

/// The place of a text in its document, asked only when a match is in doubt.
#[derive(Debug, Default)]
pub struct Site<'d> {
    value: Option<Value<'d>>,
    names: OnceCell<[Option<Name>; 2]>,
}

impl<'d> Site<'d> {
    /// A text of its own, outside of any document; also an object's key, which has no name but itself.
    pub fn bare() -> Self {
        Self::default()
    }

    /// A value's text.
    pub fn of(value: Value<'d>) -> Self {
        Self { value: Some(value), names: OnceCell::new() }
    }

    /// Whether the name says one of these phrases (lower-case words with single spaces), alone or after its parent's
    /// name: `{"card": {"number": …}}` says `card number`.
    pub fn is_named(&self, phrases: &[&str]) -> bool {
        let [own, with_parent] = self.names();
        let says = |name: &Option<Name>| {
            name.as_ref().is_some_and(|name| phrases.iter().any(|phrase| name.says(phrase) && holds(name.as_str(), phrase)))
        };
        says(own) || says(with_parent)
    }

    /// Whether the name is of a thing that is ordered, made or sent, such as `sku`, `case_number` or `number` in `order`.
    pub fn names_a_thing(&self) -> bool {
        let [own, with_parent] = self.names();
        let is_partial = |name: &&Name| is_any_of(name.as_str(), NUMBER);
        let name = if own.as_ref().filter(is_partial).is_some() { with_parent } else { own };
        name.as_ref().is_some_and(|name| is_things_name(name.as_str()))
    }

    /// The name in lower-case words, alone and after its parent's.
    pub fn key_names(&self) -> impl Iterator<Item = &str> {
        self.names().iter().flatten().map(Name::as_str)
    }

    fn names(&self) -> &[Option<Name>; 2] {
        self.names.get_or_init(|| {
            let Some(value) = self.value else { return [None, None] };
            let own = name_of(value);
            let parent = container(value).and_then(name_of);
            let with_parent = own.as_deref().zip(parent).map(|(own, parent)| Name::new(&format!("{parent} {own}")));
            [own.as_deref().map(Name::new), with_parent]
        })
    }
}

/// The name of a value: the key of the member that it is, or that its array is; where the key only says that a value
/// follows (`value`), the text of the `name` beside it; in a pair of strings, as header lists have them, the first.
fn name_of(value: Value<'_>) -> Option<Cow<'_, str>> {
    let parent = value.parent()?;
    if let Some(key) = value.key() {
        let key = key.as_str();
        if is_one_of(&key, GENERIC_KEYS)
            && let Some(name) = sibling_name(parent, value)
        {
            return Some(name);
        }
        return Some(key);
    }
    let first = parent.items().next()?;
    let is_pair = value.index() == 1 && parent.items().nth(2).is_none() && first.id() != value.id();
    if is_pair && parent.key().is_none() {
        return short_text(first);
    }
    // An item of a list is what the list is; lists in lists are tables, whose rows say nothing.
    if parent.key().is_some() { name_of(parent) } else { None }
}

/// The text beside a value that says what it is: `{"Name": "ssn", "Value": …}`.
fn sibling_name<'d>(object: Value<'d>, value: Value<'d>) -> Option<Cow<'d, str>> {
    let is_naming = |(key, sibling): &(aop_toon::Key<'_>, Value<'_>)| {
        sibling.id() != value.id() && is_one_of(&key.as_str(), NAMING_KEYS)
    };
    object.entries().take(SIBLINGS_MAX).filter(is_naming).find_map(|(_, sibling)| short_text(sibling))
}

/// A name stands among the first members of its object.
const SIBLINGS_MAX: usize = 16;

fn is_one_of(key: &str, words: &[&str]) -> bool {
    words.iter().any(|word| key.eq_ignore_ascii_case(word))
}

/// The name of a value, after its container's where it says little by itself: `{"card": {"number": …}}` is `card number`.
pub(crate) fn full_name(value: Value<'_>) -> Option<Cow<'_, str>> {
    let own = name_of(value)?;
    if !is_one_of(&own, PARTIAL_NAMES) {
        return Some(own);
    }
    match container(value).and_then(name_of) {
        Some(parent) => Some(Cow::Owned(format!("{parent} {own}"))),
        None => Some(own),
    }
}

/// Whether a key names its value by itself, whatever stands beside it or around it.
pub(crate) fn is_full_name(key: &str) -> bool {
    !is_one_of(key, GENERIC_KEYS) && !is_one_of(key, PARTIAL_NAMES)
}

/// Names that say which part of something a value is.
const PARTIAL_NAMES: &[&str] = &[
    "number",
    "no",
    "num",
    "nr",
    "code",
    "id",
    "value",
    "key",
    "secret",
    "token",
    "date",
    "cvv",
    "cvc",
    "expiry",
    "exp",
    "home",
    "work",
    "primary",
    "secondary",
    "main",
    "other",
    "default",
    "old",
    "new",
    "current",
    "previous",
    "day",
];

/// The object around the member that gives the value its name.
fn container(value: Value<'_>) -> Option<Value<'_>> {
    let parent = value.parent()?;
    if value.key().is_some() { Some(parent) } else { parent.parent() }
}

fn short_text(value: Value<'_>) -> Option<Cow<'_, str>> {
    value.content().filter(|content| content.len() <= 40)?;
    value.as_str()
}

const GENERIC_KEYS: &[&str] = &["value", "val", "v", "values", "content", "data", "parametervalue"];
const NAMING_KEYS: &[&str] = &["name", "key", "k", "field", "label", "type", "id", "parameterkey", "parameter", "header"];

pub(crate) fn is_technical_name(name: &str) -> bool {
    let (first, last) = (name.split(' ').next().unwrap_or_default(), name.rsplit(' ').next().unwrap_or_default());
    is_any_of(last, TECHNICAL_LAST) || is_any_of(first, SPOKEN) || is_things_name(name)
}

/// Whether a name in lower-case words begins with a thing that is ordered, made or sent, or says which number of one it holds.
fn is_things_name(name: &str) -> bool {
    let (first, last) = (name.split(' ').next().unwrap_or_default(), name.rsplit(' ').next().unwrap_or_default());
    let numbered = || name.rsplit(' ').nth(1).is_some_and(|word| is_any_of(word, THINGS));
    is_any_of(first, THINGS) || is_any_of(last, PRODUCT_CODES) || is_any_of(last, NUMBER) && numbered()
}

/// Whether a name that says a phrase is of the thing itself, and not of how many there are, which kind it is or where it is
/// kept: `passport_count`, `phone_type`, `zip_file`.
pub(crate) fn holds(name: &str, phrase: &str) -> bool {
    name.ends_with(phrase) || !is_other_matter(name.rsplit(' ').next().unwrap_or_default())
}

/// Whether a word at the end of a name says something about the thing before it.
pub(crate) fn is_other_matter(word: &str) -> bool {
    is_any_of(word, OTHER_MATTERS)
}

const OTHER_MATTERS: &[&str] = &[
    "count",
    "counts",
    "counter",
    "total",
    "totals",
    "sold",
    "quantity",
    "qty",
    "rate",
    "price",
    "limit",
    "size",
    "length",
    "len",
    "file",
    "files",
    "filename",
    "path",
    "type",
    "types",
    "kind",
    "format",
    "regex",
    "pattern",
    "schema",
    "country",
    "status",
    "expiry",
    "expires",
    "expiration",
    "verified",
    "required",
    "enabled",
    "optional",
    "brand",
    "issuer",
    "version",
    "checksum",
];

/// Whether a word is in a list of lower-case words, whatever its case.
fn is_any_of(word: &str, words: &[&str]) -> bool {
    let same_length = words.iter().filter(|known| known.len() == word.len());
    same_length.into_iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a value is a text and no id: several words. Of what a person writes under `message` or `request` the key says nothing.
pub(crate) fn is_prose(value: &str) -> bool {
    const LOOKED_AT_BYTES: usize = 256;
    const WORDS_MIN: usize = 3;
    let is_word = |piece: &&[u8]| piece.len() >= 2 && piece.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    let bytes = &value.as_bytes()[..value.len().min(LOOKED_AT_BYTES)];
    let pieces = bytes.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b'.' | b':' | b'!' | b'?'));
    pieces.filter(is_word).nth(WORDS_MIN - 1).is_some()
}

const TECHNICAL_LAST: &[&str] = &[
    "id",
    "ids",
    "uid",
    "uuid",
    "guid",
    "seq",
    "sequence",
    "ts",
    "timestamp",
    "time",
    "at",
    "ms",
    "ns",
    "us",
    "nano",
    "nanos",
    "etag",
    "hash",
    "sha",
    "sha1",
    "sha256",
    "md5",
    "digest",
    "checksum",
    "crc",
    "token",
    "tokens",
    "nonce",
    "version",
    "revision",
    "offset",
    "count",
    "size",
    "bytes",
    "latency",
    "duration",
    "index",
    "seed",
    "port",
    "span",
    "trace",
    "cursor",
    "epoch",
    "commit",
    "score",
];
/// What somebody says goes by these names as well as what a program counts.
const SPOKEN: &[&str] = &["request", "message"];
/// Codes of products, which name a value wherever they stand.
const PRODUCT_CODES: &[&str] = &["sku", "isbn", "ean", "gtin", "upc", "barcode"];
const THINGS: &[&str] = &[
    "order",
    "trace",
    "span",
    "case",
    "part",
    "product",
    "item",
    "article",
    "model",
    "lot",
    "batch",
    "range",
    "transaction",
    "txn",
    "docket",
    "rma",
    "tracking",
    "invoice",
    "isbn",
    "sku",
    "version",
    "ticket",
    "parcel",
    "shipment",
    "fedex",
    "ups",
    "usps",
    "dhl",
    "barcode",
    "ean",
    "gtin",
    "upc",
    "serial",
    "receipt",
    "rechnung",
    "bestellung",
    "facture",
    "factura",
];

/// Whether the word behind a match is a unit: what stands before it is an amount, however it is written.
///
/// ```
/// use aop_rules::scan::site::is_amount_of;
///
/// assert!(is_amount_of("4096 bytes", 4));
/// assert!(!is_amount_of("4096, bytes", 4));
/// ```
pub fn is_amount_of(text: &str, end: usize) -> bool {
    let unit = words::after(text, end).next();
    unit.is_some_and(|word| {
        word.start - end <= 1
            && text.as_bytes()[end..word.start].iter().all(|&byte| byte == b' ')
            && is_any_of(word.text, UNITS)
    })
}

const UNITS: &[&str] = &[
    "bytes",
    "byte",
    "kb",
    "mb",
    "gb",
    "kib",
    "mib",
    "gib",
    "ms",
    "ns",
    "sec",
    "seconds",
    "milliseconds",
    "nanoseconds",
    "rows",
    "lines",
    "items",
    "times",
    "tokens",
    "units",
    "records",
    "requests",
    "packets",
    "events",
    "visitors",
    "people",
    "eur",
    "usd",
];

/// How far around a match words count as its context, in bytes.
const CONTEXT_BYTES: usize = 48;

/// Whether one of these phrases (lower-case words with single spaces) stands near a match, by whole words.
///
/// ```
/// use aop_rules::scan::site::has_context;
///
/// let text = "the Social-Security number 528714093";
/// assert!(has_context(text, 27..36, &["social security"]));
/// assert!(!has_context("assn 528714093", 5..14, &["ssn"]));
/// ```
pub fn has_context(text: &str, span: std::ops::Range<usize>, phrases: &[&str]) -> bool {
    let from = text.ceil_char_boundary(span.start.saturating_sub(CONTEXT_BYTES));
    let to = text.floor_char_boundary(text.len().min(span.end + CONTEXT_BYTES / 2));
    // Most words begin as no phrase does: one bit for each letter turns them away.
    let initial = |byte: u8| 1u32 << (byte & 31);
    let initials = phrases.iter().filter_map(|phrase| phrase.bytes().next()).fold(0, |mask, byte| mask | initial(byte));
    [from..span.start, span.end..to].into_iter().any(|near| {
        let bytes = &text.as_bytes()[near.clone()];
        let mut is_inside = false;
        bytes.iter().enumerate().any(|(at, &byte)| {
            let begins = words::is_word_byte(byte) && !is_inside;
            is_inside = words::is_word_byte(byte);
            begins
                && initials & initial(byte) != 0
                && phrases.iter().any(|phrase| begins_with(&bytes[at..], phrase))
                && !words::is_in_placeholder(text.as_bytes(), near.start + at)
        })
    })
}

/// Whether a text begins with the words of a phrase, whatever their case and whatever stands between them.
fn begins_with(text: &[u8], phrase: &str) -> bool {
    let mut at = 0;
    for &expected in phrase.as_bytes() {
        let fits = match expected {
            b' ' => {
                let gap = text[at..].iter().take_while(|&&byte| !words::is_word_byte(byte)).count();
                at += gap;
                gap > 0
            }
            _ => {
                let found = text.get(at).map(u8::to_ascii_lowercase);
                at += 1;
                found == Some(expected)
            }
        };
        if !fits {
            return false;
        }
    }
    !text.get(at).is_some_and(|&byte| words::is_word_byte(byte))
}

/// Whether the words right before a match name a technical thing: `order #`, `invoice no.`, `span_id=`, `message id`.
///
/// ```
/// use aop_rules::scan::site::follows_technical_name;
///
/// assert!(follows_technical_name("span_id=808442", 8));
/// assert!(follows_technical_name("invoice no. 808442", 12));
/// assert!(!follows_technical_name("my card 808442", 8));
/// ```
pub fn follows_technical_name(text: &str, at: usize) -> bool {
    follows_order_name(text, at) || word_before(text, at).is_some_and(|word| is_any_of(word.text, TECHNICAL_LAST))
}

/// Whether the words right before a match name a thing that is ordered, sent or counted: `order #`, `invoice no.`, `ISBN`. Behind
/// such a word even the form that people's numbers have is none of theirs.
///
/// ```
/// use aop_rules::scan::site::follows_order_name;
///
/// assert!(follows_order_name("Invoice #536-90-4399", 9));
/// assert!(!follows_order_name("id 536-90-4399", 3));
/// ```
pub fn follows_order_name(text: &str, at: usize) -> bool {
    let Some(word) = word_before(text, at) else { return false };
    let named = if is_any_of(word.text, NUMBER) { words::before(text, word.start).next() } else { Some(word) };
    named.is_some_and(|named| is_any_of(named.text, THINGS) || is_any_of(named.text, SPOKEN))
}

const NUMBER: &[&str] = &["number", "no", "nr", "num"];

/// The word before a match, with a few signs between at most.
fn word_before(text: &str, at: usize) -> Option<Word<'_>> {
    const GAP_BYTES_MAX: usize = 4;
    let gap = text[..at].bytes().rev().take_while(|&byte| !words::is_word_byte(byte)).count();
    words::before(text, at).next().filter(|_| gap <= GAP_BYTES_MAX)
}
