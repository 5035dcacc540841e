//! What can be wrong with an event, said so that its sender can mend it.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong with a document: its kind, its place, and a sentence that names the value at fault.
///
/// ```
/// use aop_toon::{Event, FaultKind};
///
/// let error = Event::parse(br#"{"seq":1,"seq":2}"#).unwrap_err();
/// let fault = &error.faults()[0];
/// assert_eq!(fault.kind, FaultKind::DuplicateKey);
/// assert_eq!(fault.pointer, "/seq");
/// assert_eq!(fault.message, "the key \"seq\" stands twice in one object; keep one of them");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What kind of fault this is; stable, for programs.
    pub kind: FaultKind,
    /// Where it is: a JSON Pointer (RFC 6901) to the value at fault, or to the innermost place the parser had reached.
    pub pointer: String,
    /// Where it is in the input, in bytes from its start.
    pub offset: usize,
    /// What is wrong and what would be right, for people.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "at {place} (byte {}): {}", self.offset, self.message)
    }
}

/// The kinds of [`Fault`], in the order in which a document is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultKind {
    /// There is nothing but white space.
    Empty,
    /// The input is larger than [`crate::Limits::bytes`].
    TooLarge,
    /// The input begins with a byte order mark, which RFC 8259 section 8.1 forbids.
    ByteOrderMark,
    /// The input is not UTF-8.
    InvalidUtf8,
    /// The input is not JSON as RFC 8259 has it.
    Syntax,
    /// A control character stands unescaped in a string.
    ControlCharacter,
    /// An escape names half of a surrogate pair, so the string is no Unicode text.
    LoneSurrogate,
    /// A number is too large for an IEEE 754 double.
    NumberOverflow,
    /// Containers are nested deeper than [`crate::Limits::depth`].
    TooDeep,
    /// One object has the same key twice; parsers disagree about which of them counts.
    DuplicateKey,
    /// Something follows the document.
    TrailingData,
    /// A field that an event must have is absent.
    MissingField,
    /// A field has another type than the schema gives it.
    WrongType,
    /// A field has the right type and a value that it cannot have.
    BadValue,
    /// A number cannot be signed, because two parsers could read it differently (RFC 7493, I-JSON).
    NotInteroperable,
}

/// Everything that is wrong with one document; never empty.
///
/// A fault of syntax ends the parse, so it stands alone; faults against the schema are all reported in one go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParseError {
    faults: Vec<Fault>,
}

impl ParseError {
    /// The faults, in document order; there is at least one.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The error for a list of faults, or nothing when the list is empty.
    pub(crate) fn from_faults(faults: Vec<Fault>) -> Option<Self> {
        (!faults.is_empty()).then_some(Self { faults })
    }
}

impl From<Fault> for ParseError {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ParseError {}

/// The longest piece of a sender's value that an error repeats, in characters.
const SHOWN_CHARACTERS_MAX: usize = 40;

/// A value as an error shows it: cut when long, with what cannot be seen escaped; quotes and backslashes stay as they are.
pub(crate) fn shown(value: &str) -> String {
    let mut text = String::new();
    for character in value.chars().take(SHOWN_CHARACTERS_MAX) {
        match character {
            '"' | '\'' | '\\' => text.push(character),
            other => text.extend(other.escape_debug()),
        }
    }
    if value.chars().nth(SHOWN_CHARACTERS_MAX).is_some() {
        text.push('…');
    }
    text
}
