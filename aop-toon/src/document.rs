//! A parsed JSON document: its text and a flat table of its nodes, in document order.
//!
//! The table is what makes one walk enough. Every later reader (the schema, the scanner, a policy) goes over nodes that
//! are already cut out and checked, and copies nothing: a node is four offsets into the text.

use std::borrow::Cow;

use crate::error::{Fault, FaultKind, ParseError};
use crate::parse;
use crate::path;
use crate::value::Value;

/// How large and how deep a document may be.
///
/// ```
/// let limits = aop_toon::Limits::default();
/// assert_eq!((limits.bytes, limits.depth), (1 << 20, 64));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest document, in bytes.
    pub bytes: usize,
    /// How many containers may stand inside one another, the outermost one counted; never more than 128, whatever is said here.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 64 }
    }
}

/// The name of one value in a [`Document`]; ids rise in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// What a JSON value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, kept as it was written.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The kind with its article, as an error says it.
    pub fn with_article(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }
}

/// One value or one object key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    /// Whether a string or key holds escapes.
    pub(crate) escaped: bool,
    /// The first byte of the lexeme; a string's quotes belong to it.
    pub(crate) start: u32,
    /// The byte after the lexeme.
    pub(crate) end: u32,
    /// The node after this one and everything below it.
    pub(crate) next: u32,
    /// The container this stands in; the root's is itself.
    pub(crate) parent: u32,
    /// Its place in the container, counted from 0.
    pub(crate) index: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Value(Kind),
    /// An object's key; the node after it is its value.
    Key,
}

/// A JSON document that has passed the strict parser.
///
/// Parsing refuses what makes two readers disagree: duplicate keys, lone surrogates, invalid UTF-8, numbers that
/// overflow, a byte order mark, trailing data (RFC 8259, and RFC 7493 where it asks for more). Numbers keep their lexeme.
///
/// ```
/// use aop_toon::{Document, Limits};
///
/// let document = Document::parse(br#"{"to": ["a@example.org"], "id": 9007199254740993}"#, &Limits::default()).unwrap();
/// assert_eq!(document.pointer("/to/0").unwrap().as_str().unwrap(), "a@example.org");
/// assert_eq!(document.pointer("/id").unwrap().raw(), "9007199254740993");
/// ```
#[derive(Debug, Clone)]
pub struct Document<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// Parses one JSON document.
    ///
    /// # Errors
    /// A [`ParseError`] with the one fault that ended the parse.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, ParseError> {
        // Nodes hold offsets of 32 bits.
        let bytes_max = limits.bytes.min(u32::MAX as usize - 1);
        if bytes.len() > bytes_max {
            let message = format!("the document has {} bytes; at most {bytes_max} are taken", bytes.len());
            return Err(whole(FaultKind::TooLarge, message));
        }
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            return Err(whole(FaultKind::ByteOrderMark, "it begins with a byte order mark; send the JSON alone".into()));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return Err(parse::invalid_utf8_fault(bytes, error, limits).into()),
        };
        let nodes = parse::parse(text, limits)?;
        Ok(Self { text: Cow::Borrowed(text), nodes })
    }

    /// The document as it was sent.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        self.value(NodeId(0))
    }

    /// The value with this id, which must come from this document.
    ///
    /// # Panics
    /// When the id is another, larger document's.
    pub fn value(&self, id: NodeId) -> Value<'_> {
        Value::new(self, id)
    }

    /// The value that a JSON Pointer (RFC 6901) names, when there is one.
    pub fn pointer(&self, pointer: &str) -> Option<Value<'_>> {
        path::resolve(self.root(), pointer)
    }

    /// How many values and keys the document has.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The same document with a text of its own.
    pub fn into_owned(self) -> Document<'static> {
        Document { text: Cow::Owned(self.text.into_owned()), nodes: self.nodes }
    }
}

fn whole(kind: FaultKind, message: String) -> ParseError {
    Fault { kind, pointer: String::new(), offset: 0, message }.into()
}
