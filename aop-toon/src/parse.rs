//! The strict parser: text → a checked table of nodes, in one pass.
//!
//! serde_json does not see duplicate keys, lone surrogates or overflowing numbers below a raw value, and gives no place
//! for what it refuses, so the checks that ingestion rests on are made here. A property test holds both parsers together.

use crate::document::{Kind, Limits, Node, NodeKind};
use crate::error::{Fault, FaultKind, shown};
use crate::path;
use crate::text::{self, LiteralFault};

/// However a caller sets [`Limits::depth`], the parser's recursion ends here.
const DEPTH_MAX: usize = 128;

/// A double holds every integer lexeme of so many digits without overflowing.
const DIGITS_SAFE: usize = 300;

/// The nodes of a document.
pub(crate) fn parse(text: &str, limits: &Limits) -> Result<Vec<Node>, Fault> {
    let mut parser = Parser::new(text, limits);
    parser.document()?;
    Ok(parser.nodes)
}

/// The fault of an input that is not UTF-8, with the pointer that its valid beginning leads to.
pub(crate) fn invalid_utf8_fault(bytes: &[u8], error: std::str::Utf8Error, limits: &Limits) -> Fault {
    let offset = error.valid_up_to();
    let valid = std::str::from_utf8(&bytes[..offset]).unwrap_or_default();
    let pointer = match Parser::new(valid, limits).document() {
        Err(fault) => fault.pointer,
        Ok(()) => String::new(),
    };
    let message = format!("the byte 0x{:02X} is not UTF-8; send the text encoded as UTF-8", bytes[offset]);
    Fault { kind: FaultKind::InvalidUtf8, pointer, offset, message }
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    depth_max: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, limits: &Limits) -> Self {
        // A node for every 16 bytes is what agents' events have: one allocation for nearly all of them.
        let nodes = Vec::with_capacity(text.len() / 16 + 8);
        Self { text, bytes: text.as_bytes(), at: 0, nodes, depth_max: limits.depth.min(DEPTH_MAX) }
    }

    fn document(&mut self) -> Result<(), Fault> {
        self.skip_white_space();
        if self.at == self.bytes.len() {
            return Err(self.fault(FaultKind::Empty, 0, None, "there is nothing here; an event is one JSON object"));
        }
        self.value(0, 0, 0)?;
        self.skip_white_space();
        if self.at < self.bytes.len() {
            let rest = shown(self.text[self.at..].trim_end());
            let message = format!("`{rest}` follows the document; send one JSON document at a time");
            return Err(self.fault(FaultKind::TrailingData, self.at, None, message));
        }
        Ok(())
    }

    /// Parses the value that starts here and pushes its nodes.
    fn value(&mut self, parent: usize, index: usize, depth: usize) -> Result<(), Fault> {
        let start = self.at;
        match self.bytes.get(start) {
            Some(b'"') => self.string(parent, index),
            Some(b'{') => self.object(parent, index, depth + 1),
            Some(b'[') => self.array(parent, index, depth + 1),
            Some(b'-' | b'0'..=b'9') => self.number(parent, index),
            Some(b't') => self.word("true", Kind::Bool, parent, index),
            Some(b'f') => self.word("false", Kind::Bool, parent, index),
            Some(b'n') => self.word("null", Kind::Null, parent, index),
            _ => {
                let node = self.open(NodeKind::Value(Kind::Null), parent, index);
                Err(self.unexpected(node, "a value"))
            }
        }
    }

    fn object(&mut self, parent: usize, index: usize, depth: usize) -> Result<(), Fault> {
        let object = self.container(Kind::Object, parent, index, depth)?;
        self.skip_white_space();
        let mut members = 0;
        // One bit for each key's length and ends: equal keys share a bit, so only an object whose keys collide is compared.
        let (mut seen, mut compare) = (0u64, false);
        if self.take(b'}') {
            return self.close(object);
        }
        loop {
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.unexpected(object, "a key in double quotes"));
            }
            let key = self.open(NodeKind::Key, object, members);
            self.literal(key)?;
            let bit = key_bit(self.content(key));
            compare |= seen & bit != 0 || self.nodes[key].escaped;
            seen |= bit;
            self.skip_white_space();
            if !self.take(b':') {
                return Err(self.unexpected(key, "`:` after the key"));
            }
            self.skip_white_space();
            self.value(object, members, depth)?;
            members += 1;
            self.skip_white_space();
            if self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                return Err(self.unexpected(object, "`,` or `}`"));
            }
            self.skip_white_space();
        }
        self.close(object)?;
        if compare { self.refuse_duplicate_keys(object) } else { Ok(()) }
    }

    fn array(&mut self, parent: usize, index: usize, depth: usize) -> Result<(), Fault> {
        let array = self.container(Kind::Array, parent, index, depth)?;
        self.skip_white_space();
        if self.take(b']') {
            return self.close(array);
        }
        let mut items = 0;
        loop {
            self.value(array, items, depth)?;
            items += 1;
            self.skip_white_space();
            if self.take(b']') {
                return self.close(array);
            }
            if !self.take(b',') {
                return Err(self.unexpected(array, "`,` or `]`"));
            }
            self.skip_white_space();
        }
    }

    fn container(&mut self, kind: Kind, parent: usize, index: usize, depth: usize) -> Result<usize, Fault> {
        let node = self.open(NodeKind::Value(kind), parent, index);
        if depth > self.depth_max {
            let message = format!("this is nested {depth} levels deep; at most {} are taken", self.depth_max);
            return Err(self.fault(FaultKind::TooDeep, self.at, Some(node), message));
        }
        self.at += 1;
        Ok(node)
    }

    fn string(&mut self, parent: usize, index: usize) -> Result<(), Fault> {
        let node = self.open(NodeKind::Value(Kind::String), parent, index);
        self.literal(node)
    }

    /// Scans the string literal that starts here into a node that is open.
    fn literal(&mut self, node: usize) -> Result<(), Fault> {
        match text::scan_literal(self.bytes, self.at) {
            Ok((quote, escaped)) => {
                self.nodes[node].escaped = escaped;
                self.at = quote + 1;
                self.close(node)
            }
            Err(fault) => Err(self.literal_fault(node, fault)),
        }
    }

    fn literal_fault(&self, node: usize, fault: LiteralFault) -> Fault {
        // A key that cannot be read cannot stand in a pointer: its object does.
        let place = if self.nodes[node].kind == NodeKind::Key { self.nodes[node].parent as usize } else { node };
        let quoted = |at: usize, len: usize| {
            let bytes = &self.bytes[at..(at + len).min(self.bytes.len())];
            shown(String::from_utf8_lossy(bytes).split('"').next().unwrap_or_default())
        };
        let (kind, offset, message) = match fault {
            LiteralFault::Unterminated => {
                (FaultKind::Syntax, self.bytes.len(), "the document ends inside of a string; its `\"` is missing".to_owned())
            }
            LiteralFault::ControlCharacter(at, byte) => (
                FaultKind::ControlCharacter,
                at,
                match byte {
                    b'\n' => "a line end stands in a string; write it as \\n".to_owned(),
                    b'\r' => "a carriage return stands in a string; write it as \\r".to_owned(),
                    b'\t' => "a tab stands in a string; write it as \\t".to_owned(),
                    _ => format!("the control character U+{byte:04X} stands in a string; write it as \\u{byte:04x}"),
                },
            ),
            LiteralFault::UnknownEscape(at) => {
                (FaultKind::Syntax, at, format!("`{}` is no escape; a backslash is written `\\\\`", quoted(at, 2)))
            }
            LiteralFault::BadHex(at) => {
                (FaultKind::Syntax, at, format!("`{}` needs four hexadecimal digits after `\\u`", quoted(at, 6)))
            }
            LiteralFault::LoneSurrogate(at) => (
                FaultKind::LoneSurrogate,
                at,
                format!("`{}` is half of a surrogate pair; write both halves or the character itself", quoted(at, 6)),
            ),
        };
        self.fault(kind, offset, Some(place), message)
    }

    fn number(&mut self, parent: usize, index: usize) -> Result<(), Fault> {
        let node = self.open(NodeKind::Value(Kind::Number), parent, index);
        let start = self.at;
        self.take(b'-');
        let leading_zero = self.bytes.get(self.at) == Some(&b'0');
        let whole_digits = self.digits();
        if whole_digits == 0 {
            return Err(self.unexpected(node, "a digit"));
        }
        if leading_zero && whole_digits > 1 {
            let lexeme = shown(&self.text[start..self.at]);
            let message = format!("`{lexeme}` begins with a zero; write the number without it, or as a string");
            return Err(self.fault(FaultKind::Syntax, start, Some(node), message));
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.unexpected(node, "a digit after the decimal point"));
        }
        let exponent = matches!(self.bytes.get(self.at), Some(b'e' | b'E'));
        if exponent {
            self.at += 1;
            let _sign = self.take(b'+') || self.take(b'-');
            if self.digits() == 0 {
                return Err(self.unexpected(node, "a digit of the exponent"));
            }
        }
        let lexeme = &self.text[start..self.at];
        let may_overflow = exponent || whole_digits > DIGITS_SAFE;
        if may_overflow && !lexeme.parse::<f64>().is_ok_and(f64::is_finite) {
            let message = format!("the number {} is beyond every double; send it as a string", shown(lexeme));
            return Err(self.fault(FaultKind::NumberOverflow, start, Some(node), message));
        }
        self.close(node)
    }

    /// Takes a run of digits; how many there were.
    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self, word: &str, kind: Kind, parent: usize, index: usize) -> Result<(), Fault> {
        let node = self.open(NodeKind::Value(kind), parent, index);
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.unexpected(node, "a value"));
        }
        self.at += word.len();
        self.close(node)
    }

    /// Pushes a node that begins here.
    fn open(&mut self, kind: NodeKind, parent: usize, index: usize) -> usize {
        let id = self.nodes.len();
        let (start, parent, index) = (self.at as u32, parent as u32, index as u32);
        self.nodes.push(Node { kind, escaped: false, start, end: start, next: id as u32 + 1, parent, index });
        id
    }

    /// Ends a node here: its text and everything below it.
    fn close(&mut self, node: usize) -> Result<(), Fault> {
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[node];
        node.end = self.at as u32;
        node.next = next;
        Ok(())
    }

    /// The raw content, without quotes, of a key or string.
    fn content(&self, node: usize) -> &'t str {
        let node = &self.nodes[node];
        &self.text[node.start as usize + 1..node.end as usize - 1]
    }

    fn refuse_duplicate_keys(&self, object: usize) -> Result<(), Fault> {
        let mut keys = Vec::new();
        let mut at = object + 1;
        while at < self.nodes[object].next as usize {
            keys.push((text::decode(self.content(at)), at));
            at = self.nodes[at + 1].next as usize;
        }
        keys.sort_unstable();
        let second = keys.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).min();
        let Some(second) = second else { return Ok(()) };
        let name = shown(&text::decode(self.content(second)));
        let message = format!("the key \"{name}\" stands twice in one object; keep one of them");
        Err(self.fault(FaultKind::DuplicateKey, self.nodes[second].start as usize, Some(second + 1), message))
    }

    fn skip_white_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }

    fn unexpected(&self, node: usize, wanted: &str) -> Fault {
        let rest = &self.text[self.at..];
        let message = match rest.chars().next() {
            None => format!("the document ends where {wanted} was expected"),
            Some(first) => {
                let word_end = rest.find(|character: char| !character.is_alphanumeric()).unwrap_or(rest.len());
                let found = &rest[..word_end.max(first.len_utf8())];
                let before = self.text[..self.at].trim_end().chars().next_back();
                format!("`{}` stands where {wanted} was expected{}", shown(found), hint(before, found))
            }
        };
        self.fault(FaultKind::Syntax, self.at, Some(node), message)
    }

    fn fault(&self, kind: FaultKind, offset: usize, node: Option<usize>, message: impl Into<String>) -> Fault {
        let pointer = node.map(|node| path::of_node(self.text, &self.nodes, node)).unwrap_or_default();
        Fault { kind, pointer, offset, message: message.into() }
    }
}

/// What JSON writes instead, for the slips that are made most: other languages' literals, and a comma too many.
fn hint(before: Option<char>, found: &str) -> &'static str {
    match (before, found) {
        (Some(','), "]" | "}") => "; the comma before it is one too many",
        (_, "True" | "False" | "None" | "TRUE" | "FALSE" | "NULL" | "Null" | "nil" | "undefined") => {
            "; JSON writes true, false and null"
        }
        (_, "NaN" | "nan" | "Infinity" | "inf") => "; JSON has no such number, send null or a string",
        (_, "'") => "; JSON writes strings in double quotes",
        (_, "+" | ".") => "; a number begins with a digit or `-`",
        (_, "/" | "#") => "; JSON has no comments",
        _ => "",
    }
}

/// A bit that equal keys share: by length and four bytes, mixed by a multiplication (Fibonacci hashing), since an object
/// whose keys collide costs a comparison of them all.
fn key_bit(content: &str) -> u64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes = content.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return 1 };
    let picked = u32::from_le_bytes([first, bytes[bytes.len() / 2], last, bytes[bytes.len() / 4]]);
    let mix = ((bytes.len() as u64).wrapping_mul(GOLDEN) ^ u64::from(picked)).wrapping_mul(GOLDEN);
    1 << (mix >> 58)
}
