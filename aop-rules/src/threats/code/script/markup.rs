//! Tags and attributes as browsers read them, which is far from how they should be written.

use std::cell::Cell;

use super::decoded::{Address, address};
use super::style;
use crate::text::words::begins_with;

/// An attribute: its name, in whatever case, and its value, as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'t> {
    pub(super) name: &'t str,
    pub(super) value: Option<&'t str>,
    /// The byte behind it.
    pub(super) end: usize,
}

/// The attributes of a tag from a byte on, up to its end.
#[derive(Debug, Clone)]
pub(super) struct Attributes<'t> {
    text: &'t str,
    at: usize,
    left: usize,
    budget: &'t Budget,
}

/// What is still looked at in a value. Hostile markup makes every tag as long as the text; an ordinary value does not come near.
#[derive(Debug)]
pub(super) struct Budget {
    attributes: Cell<usize>,
    sheets: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { attributes: Cell::new(1024), sheets: Cell::new(6) }
    }
}

/// Takes one from what is left, if there is any.
fn take(left: &Cell<usize>) -> Option<()> {
    left.set(left.get().checked_sub(1)?);
    Some(())
}

/// So many attributes of a tag are looked at.
const ATTRIBUTES_MAX: usize = 32;

impl<'t> Attributes<'t> {
    pub(super) fn new(text: &'t str, at: usize, budget: &'t Budget) -> Self {
        Self { text, at, left: ATTRIBUTES_MAX, budget }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, is_part: impl Fn(u8) -> bool) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|&&byte| is_part(byte)).count();
    }
}

/// Blanks and control characters, which part attributes for one browser or another.
fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

impl<'t> Iterator for Attributes<'t> {
    type Item = Attribute<'t>;

    fn next(&mut self) -> Option<Attribute<'t>> {
        self.left = self.left.checked_sub(1)?;
        take(&self.budget.attributes)?;
        self.skip(|byte| is_blank(byte) || byte == b'/');
        if matches!(self.byte()?, b'>' | b'<') {
            return None;
        }
        let start = self.at;
        // A sign that begins a name belongs to it, even `=`.
        self.at += 1;
        self.skip(|byte| !is_blank(byte) && !matches!(byte, b'=' | b'/' | b'>' | b'<'));
        let name = self.text.get(start..self.at).unwrap_or_default();
        let name_end = self.at;
        self.skip(is_blank);
        if self.byte() != Some(b'=') {
            self.at = name_end;
            return Some(Attribute { name, value: None, end: name_end });
        }
        self.skip(|byte| byte == b'=' || is_blank(byte));
        let value = match self.byte() {
            Some(quote @ (b'"' | b'\'' | b'`')) => {
                let inside = self.at + 1;
                let end = memchr::memchr(quote, &self.text.as_bytes()[inside..]).map(|end| inside + end);
                self.at = end.map_or(self.text.len(), |end| end + 1);
                self.text.get(inside..end.unwrap_or(self.text.len()))
            }
            _ => {
                let start = self.at;
                self.at += usize::from(self.byte() == Some(b'<'));
                self.skip(|byte| !is_blank(byte) && !matches!(byte, b'>' | b'<'));
                self.text.get(start..self.at)
            }
        };
        Some(Attribute { name, value, end: self.at })
    }
}

impl Attribute<'_> {
    /// Whether it runs code by itself, whatever the tag.
    pub(super) fn runs(&self) -> bool {
        let Some(value) = self.value else { return false };
        let name = local(self.name);
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        is_handler(name) && !value.trim_start().is_empty() && !value.starts_with('{')
            || is("srcdoc")
            || is("style") && style::acts(value, false)
            || is("type")
                && value
                    .get(..8)
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("text/jav") || kind.eq_ignore_ascii_case("text/vbs"))
            || is("implementation")
            || is("datasrc")
            || is("dataformatas")
            || is("attributename") && (local(value).eq_ignore_ascii_case("href") || is_handler(value))
            || is("handler")
            || is("xmlns") && (value.starts_with("x-schema") || value.starts_with("x:"))
            || !is("alt") && !is("title") && !is("placeholder") && address(value) == Address::Runs
    }
}

/// A name without its namespace and without signs that some browsers drop.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':')
        .next()
        .unwrap_or(name)
        .trim_matches(|sign: char| matches!(sign, '"' | '\'' | '`' | '\\' | '?' | '+' | '\u{fffd}') || sign <= ' ')
}

/// Whether an attribute is called like one that holds a script to run at an event.
pub(super) fn is_handler(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_event =
        bytes.len() >= 5 && bytes[..2].eq_ignore_ascii_case(b"on") && bytes[2..].iter().all(u8::is_ascii_alphabetic);
    // Words that begin so and are no events.
    is_event
        && !["online", "onset", "onsite", "onward", "onwards", "onboarding", "onions", "onion", "ontology", "ongoing"]
            .iter()
            .any(|word| name.eq_ignore_ascii_case(word))
}

/// Whether a tag that begins at `<` runs, loads or embeds something; if so, the byte behind what says so. `budget` is what is
/// still looked at in the value.
pub(super) fn tag(text: &str, open: usize, budget: &Budget) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = open + 1;
    at += bytes[at..].iter().take(TAG_BLANKS_MAX).take_while(|&&byte| byte < b' ').count();
    match bytes.get(at)? {
        b'?' => return instruction(text, at + 1),
        b'!' => return declaration(text, at + 1),
        b'%' | b'/' => {
            // An end tag has no attributes, but for browsers that read them.
            let has_name = bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
            let runs = Attributes::new(text, at + 1, budget).skip(usize::from(has_name)).find(Attribute::runs);
            return runs.map(|attribute| attribute.end);
        }
        byte if byte.is_ascii_alphabetic() => {}
        _ => return None,
    }
    let end = at
        + bytes[at..]
            .iter()
            .take(TAG_NAME_MAX)
            .take_while(|&&byte| !is_blank(byte) && !matches!(byte, b'/' | b'>' | b'<'))
            .count();
    let end = text.floor_char_boundary(end);
    // NUL in a name was dropped by some browsers.
    let is_split = bytes.get(end) == Some(&0) || text[at..end].contains('\\');
    let name = local(text.get(at..end)?);
    let is = |known: &[&str]| known.iter().any(|tag| name.eq_ignore_ascii_case(tag));
    let attributes = || Attributes::new(text, end, budget);
    let has = |names: &[&str]| {
        let is_named =
            |attribute: &Attribute<'_>| names.iter().any(|known| local(attribute.name).eq_ignore_ascii_case(known));
        attributes().any(|attribute| is_named(&attribute))
    };
    // `Array<Script>` is a type of a program.
    let is_type = name == "Script" && open > 0 && bytes[open - 1].is_ascii_alphanumeric();
    let runs = is(&[
        "script",
        "applet",
        "vmlframe",
        "bgsound",
        "handler",
        "listener",
        "event-source",
        "xss",
        "isindex",
        "ilayer",
        "portal",
    ]) || is_split && name.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("scr"))
        || is(&["iframe", "frame", "embed", "object", "layer"]) && (attributes().next().is_some() || is(&["object"]))
        || is(&["base", "import", "xml"]) && has(&["href", "src", "implementation", "namespace", "id", "target"])
        || is(&["link"]) && has(&["href"])
        || is(&["meta"]) && (has(&["http-equiv"]) || attributes().any(|attribute| is_odd_charset(&attribute)))
        || is(&["style"]) && take(&budget.sheets).is_some() && style::acts(sheet(text, end), true)
        || is(&["stylesheet"]) && name.len() < end - at
        || is(&["set", "animate", "animatetransform"])
            && has(&["attributename"])
            && has(&["to", "from", "values"])
            && has_address(&mut attributes())
        || is(&["svg"]) && has(&["contentscripttype"]);
    if runs && !is_type {
        return Some(end);
    }
    attributes().find(Attribute::runs).map(|attribute| attribute.end)
}

fn has_address(attributes: &mut Attributes<'_>) -> bool {
    attributes.any(|attribute| {
        attribute.name.eq_ignore_ascii_case("attributename")
            && attribute.value.is_some_and(|value| local(value).eq_ignore_ascii_case("href"))
    })
}

/// Encodings in which a filter does not see the signs of markup.
fn is_odd_charset(attribute: &Attribute<'_>) -> bool {
    let odd = ["utf-7", "utf7", "x-imap4-modified-utf7", "mac-farsi", "x-mac-farsi", "hz-gb-2312", "us-ascii"];
    attribute.name.eq_ignore_ascii_case("charset")
        && attribute.value.is_some_and(|value| odd.iter().any(|known| value.eq_ignore_ascii_case(known)))
}

/// What a `<style>` holds.
fn sheet(text: &str, from: usize) -> &str {
    let end = text.floor_char_boundary((from + SHEET_BYTES_MAX).min(text.len()));
    text.get(from..end).unwrap_or_default()
}

/// `<?php`, `<?xml-stylesheet`, `<?import`
fn instruction(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let begins = |word: &str| begins_with(rest, word);
    let found = ["php", "=", "xml-stylesheet", "import ", "xml:namespace"].into_iter().find(|word| begins(word))?;
    Some(at + found.len())
}

/// `<!ENTITY x SYSTEM "…">`, `<!DOCTYPE x SYSTEM "…">`; and a condition of old browsers in which a script stands is found by that.
fn declaration(text: &str, at: usize) -> Option<usize> {
    let end = text.floor_char_boundary((at + DECLARATION_BYTES_MAX).min(text.len()));
    let rest = text.get(at..end)?;
    let begins = |word: &str| begins_with(rest, word);
    let is_external = |rest: &str| rest.split_ascii_whitespace().take(4).any(|word| word.eq_ignore_ascii_case("system"));
    let entity = begins("entity") && (is_external(rest) || rest.split_ascii_whitespace().nth(1) == Some("%"));
    let doctype = begins("doctype") && is_external(rest) && !rest.contains("about:legacy-compat");
    // An entity that is made of others again and again fills the memory.
    let bomb = begins("entity") && rest.matches('&').count() >= 4;
    // Attributes that every element of a name gets.
    let attributes = begins("attlist");
    (entity || doctype || bomb || attributes).then_some(at + "entity".len())
}

const DECLARATION_BYTES_MAX: usize = 200;

const SHEET_BYTES_MAX: usize = 1024;

const TAG_NAME_MAX: usize = 40;

const TAG_BLANKS_MAX: usize = 4;
