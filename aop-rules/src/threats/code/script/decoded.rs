//! An attribute's value as a browser sees it: entities undone, and without the signs it skips in an address.

/// The characters of a value, with its entities undone.
#[derive(Debug, Clone)]
pub(super) struct Decoded<'t> {
    rest: &'t str,
}

impl<'t> Decoded<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: &text[..text.floor_char_boundary(VALUE_BYTES_MAX)] }
    }
}

/// A longer value is looked at so far.
const VALUE_BYTES_MAX: usize = 2048;

impl Iterator for Decoded<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        if first == '&'
            && let Some((character, bytes)) = entity(self.rest)
        {
            self.rest = &self.rest[bytes..];
            return Some(character);
        }
        self.rest = &self.rest[first.len_utf8()..];
        Some(first)
    }
}

/// The entity that a text begins with, and its length. A semicolon may be missing, as browsers have it.
fn entity(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        let is_hex = matches!(bytes.get(2), Some(b'x' | b'X'));
        let start = if is_hex { 3 } else { 2 };
        let is_digit = |byte: &&u8| if is_hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
        let digits = bytes[start..].iter().take(ENTITY_DIGITS_MAX).take_while(is_digit).count();
        let number = u32::from_str_radix(text.get(start..start + digits)?, if is_hex { 16 } else { 10 }).ok()?;
        let end = start + digits;
        return Some((char::from_u32(number)?, end + usize::from(bytes.get(end) == Some(&b';'))));
    }
    let length = bytes[1..].iter().take(ENTITY_NAME_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let name = &text[1..=length];
    let &(_, character) = NAMED.iter().find(|(known, _)| *known == name)?;
    Some((character, 1 + length + usize::from(bytes.get(1 + length) == Some(&b';'))))
}

const ENTITY_DIGITS_MAX: usize = 12;

const ENTITY_NAME_MAX: usize = 10;

/// The entities that hide an address or a call (HTML, Named character references).
static NAMED: &[(&str, char)] = &[
    ("colon", ':'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("lpar", '('),
    ("rpar", ')'),
    ("period", '.'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("amp", '&'),
    ("sol", '/'),
    ("semi", ';'),
    ("equals", '='),
    ("grave", '`'),
    ("bsol", '\\'),
    ("lbrack", '['),
    ("rbrack", ']'),
    ("lcub", '{'),
    ("rcub", '}'),
    ("comma", ','),
    ("num", '#'),
    ("excl", '!'),
    ("nbsp", ' '),
];

/// What a browser would do with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    /// It runs it, or shows it as a page of its own making: `javascript:`, `data:text/html`.
    Runs,
    /// Anything else.
    Leads,
}

/// What a browser would do with an address in an attribute. Blanks and control characters in a scheme mean nothing to it.
pub(super) fn address(value: &str) -> Address {
    let mut begin = [0; SCHEME_BYTES_MAX];
    let mut length = 0;
    for character in Decoded::new(value) {
        if character <= ' '
            || character == '\u{ad}'
            || ('\u{200b}'..='\u{200f}').contains(&character)
            || character == '\u{feff}'
            || character == '\u{fffd}'
        {
            continue;
        }
        // What programs and disguises put before an address.
        if length == 0 && matches!(character, '"' | '\'' | '`') {
            continue;
        }
        if !character.is_ascii() {
            break;
        }
        begin[length] = (character as u8).to_ascii_lowercase();
        length += 1;
        if length == SCHEME_BYTES_MAX {
            break;
        }
    }
    let begin = &begin[..length];
    let runs =
        RUN.iter().any(|scheme| begin.starts_with(scheme.as_bytes())) || begin.strip_prefix(b"data:").is_some_and(is_page);
    if runs { Address::Runs } else { Address::Leads }
}

/// So much of an address tells its scheme and, of data, its type.
const SCHEME_BYTES_MAX: usize = 48;

/// Schemes that run what follows, or show it as something else than it is.
static RUN: &[&str] = &[
    "javascript:",
    "vbscript:",
    "vbs:",
    "livescript:",
    "mocha:",
    "mhtml:",
    "view-source:",
    "jscript:",
    "feed:javascript:",
    "jar:http",
];

/// Whether data, from behind its scheme, is a page, a drawing or a script: its type says so, or nothing is said and it begins so.
fn is_page(data: &[u8]) -> bool {
    let types: &[&[u8]] = &[
        b"text/html",
        b"text/xml",
        b"image/svg",
        b"application/xhtml",
        b"application/xml",
        b"application/javascript",
        b"text/javascript",
        b"text/j",
        b"application/x-",
        b"text/plain",
        b"text/css",
        b"application/ecma",
    ];
    types.iter().any(|kind| data.starts_with(kind)) || data.first().is_none_or(|&first| matches!(first, b',' | b';'))
}
