//! Walking a parsed document: values, keys and numbers that borrow from it.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Document, Kind, Node, NodeId, NodeKind};
use crate::path;
use crate::text;

/// One value of a [`Document`]: a cursor, cheap to copy.
///
/// ```
/// use aop_toon::{Document, Limits};
///
/// let document = Document::parse(br#"{"rows": [{"id": 7}, {"id": 12}]}"#, &Limits::default()).unwrap();
/// let rows = document.root().get("rows").unwrap();
/// let ids: Vec<u64> = rows.items().filter_map(|row| row.get("id")?.as_number()?.as_u64()).collect();
/// assert_eq!(ids, [7, 12]);
/// assert_eq!(rows.items().nth(1).unwrap().get("id").unwrap().pointer(), "/rows/1/id");
/// ```
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    id: u32,
}

impl<'d> Value<'d> {
    pub(crate) fn new(document: &'d Document<'_>, id: NodeId) -> Self {
        assert!((id.0 as usize) < document.nodes.len(), "node {} is of another document", id.0);
        Self { document, id: id.0 }
    }

    fn at(self, id: u32) -> Self {
        Self { id, ..self }
    }

    fn node(self) -> &'d Node {
        &self.document.nodes[self.id as usize]
    }

    /// Its name in the document.
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// The document it is in.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.node().kind {
            NodeKind::Value(kind) => kind,
            NodeKind::Key => Kind::String,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Its text as it was sent; a string's quotes belong to it.
    pub fn raw(self) -> &'d str {
        &self.document.text[self.span()]
    }

    /// Where it is in the document, in bytes.
    pub fn span(self) -> Range<usize> {
        self.node().start as usize..self.node().end as usize
    }

    /// A string's literal without its quotes, escapes and all.
    pub fn content(self) -> Option<&'d str> {
        (self.kind() == Kind::String).then(|| &self.document.text[content_span(self.node())])
    }

    /// Whether it is a string that is written with escapes, so that reading it copies.
    pub fn is_escaped(self) -> bool {
        self.node().escaped
    }

    /// A string's text; borrowed when nothing in it is escaped.
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        let content = self.content()?;
        Some(if self.is_escaped() { text::decode(content) } else { Cow::Borrowed(content) })
    }

    /// Appends a string's text to `out`; false, and nothing appended, when this is no string.
    pub fn decode_into(self, out: &mut String) -> bool {
        match self.content() {
            Some(content) if self.is_escaped() => text::decode_into(content, out),
            Some(content) => out.push_str(content),
            None => return false,
        }
        true
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.raw() == "true")
    }

    /// A number, with its lexeme.
    pub fn as_number(self) -> Option<Number<'d>> {
        (self.kind() == Kind::Number).then(|| Number { lexeme: self.raw() })
    }

    /// An object's value under this key.
    pub fn get(self, key: &str) -> Option<Value<'d>> {
        self.entries().find(|(name, _)| name.is(key)).map(|(_, value)| value)
    }

    /// An object's members in the order in which they were sent; nothing for any other value.
    pub fn entries(self) -> impl Iterator<Item = (Key<'d>, Value<'d>)> {
        let end = if self.is_object() { self.node().next } else { 0 };
        let mut at = self.id + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let (key, value) = (self.at(at), self.at(at + 1));
                at = value.node().next;
                (Key { node: key }, value)
            })
        })
    }

    /// An array's items; nothing for any other value.
    pub fn items(self) -> impl Iterator<Item = Value<'d>> {
        let end = if self.is_array() { self.node().next } else { 0 };
        let mut at = self.id + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let item = self.at(at);
                at = item.node().next;
                item
            })
        })
    }

    /// This value and every value below it, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Value<'d>> {
        (self.id..self.node().next).map(move |id| self.at(id)).filter(|value| value.node().kind != NodeKind::Key)
    }

    /// The container it stands in; nothing for the root.
    pub fn parent(self) -> Option<Value<'d>> {
        (self.id != 0).then(|| self.at(self.node().parent))
    }

    /// The key it stands under, in an object.
    pub fn key(self) -> Option<Key<'d>> {
        let before = self.at(self.id.checked_sub(1)?);
        let own = before.node().kind == NodeKind::Key && before.node().parent == self.node().parent;
        own.then_some(Key { node: before })
    }

    /// Its place in the container it stands in, counted from 0.
    pub fn index(self) -> usize {
        self.node().index as usize
    }

    /// The JSON Pointer (RFC 6901) that names it.
    pub fn pointer(self) -> String {
        path::of_node(&self.document.text, &self.document.nodes, self.id as usize)
    }

    /// The JSON Pointer that names it, or, when that is longer than `bytes_max`, the nearest container it lies in whose
    /// pointer is not; and whether it is its own. Who makes many pointers of a stranger's document asks for these: a long
    /// key would stand in each of them.
    ///
    /// ```
    /// use aop_toon::{Document, Limits};
    ///
    /// let document = Document::parse(br#"{"a": {"long key": 1}}"#, &Limits::default()).unwrap();
    /// let value = document.pointer("/a/long key").unwrap();
    /// assert_eq!(value.pointer_within(20), ("/a/long key".into(), true));
    /// assert_eq!(value.pointer_within(8), ("/a".into(), false));
    /// ```
    pub fn pointer_within(self, bytes_max: usize) -> (String, bool) {
        path::of_node_within(&self.document.text, &self.document.nodes, self.id as usize, bytes_max)
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.raw())
    }
}

fn content_span(node: &Node) -> Range<usize> {
    node.start as usize + 1..node.end as usize - 1
}

/// An object's key.
#[derive(Clone, Copy, Debug)]
pub struct Key<'d> {
    node: Value<'d>,
}

impl<'d> Key<'d> {
    /// The key's text; borrowed when nothing in it is escaped.
    pub fn as_str(self) -> Cow<'d, str> {
        self.node.as_str().unwrap_or_default()
    }

    /// The key's literal without its quotes, escapes and all.
    pub fn content(self) -> &'d str {
        self.node.content().unwrap_or_default()
    }

    /// Whether the key is written with escapes, so that reading it copies.
    pub fn is_escaped(self) -> bool {
        self.node.is_escaped()
    }

    /// Where it is in the document, in bytes, quotes included.
    pub fn span(self) -> Range<usize> {
        self.node.span()
    }

    /// Whether this is the key's text.
    pub fn is(self, name: &str) -> bool {
        if self.node.is_escaped() {
            return self.as_str() == name;
        }
        // As bytes, since this is asked for each field of each event and cutting a str looks for its boundaries.
        self.node.document.text.as_bytes()[content_span(self.node.node())] == *name.as_bytes()
    }
}

/// A number as it was written.
///
/// ```
/// use aop_toon::{Document, Limits};
///
/// let document = Document::parse(b"[18446744073709551615, 1.50]", &Limits::default()).unwrap();
/// let numbers: Vec<_> = document.root().items().map(|item| item.as_number().unwrap()).collect();
/// assert_eq!(numbers[0].as_u64(), Some(u64::MAX));
/// assert_eq!((numbers[1].lexeme(), numbers[1].as_f64()), ("1.50", 1.5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number<'d> {
    lexeme: &'d str,
}

impl<'d> Number<'d> {
    /// The digits as they were sent.
    pub fn lexeme(self) -> &'d str {
        self.lexeme
    }

    /// Its value, when it is written as an integer that fits.
    pub fn as_u64(self) -> Option<u64> {
        self.lexeme.parse().ok()
    }

    /// Its value, when it is written as an integer that fits.
    pub fn as_i64(self) -> Option<i64> {
        self.lexeme.parse().ok()
    }

    /// The nearest double; finite, since the parser refuses what overflows.
    pub fn as_f64(self) -> f64 {
        self.lexeme.parse().unwrap_or(f64::NAN)
    }

    /// Whether it is written without fraction and exponent.
    pub fn is_integer(self) -> bool {
        !self.lexeme.contains(['.', 'e', 'E'])
    }
}
