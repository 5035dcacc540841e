//! A pattern: how a secret is written, as literal text and runs of characters of a class.

use std::ops::Range;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(Vec<u8>),
    Run { class: Class, least: usize, most: usize },
}

/// A set of ASCII characters, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class(u128);

impl Class {
    fn has(self, byte: u8) -> bool {
        byte < 128 && self.0 >> byte & 1 == 1
    }

    fn of(letter: char) -> Option<Self> {
        let (ranges, signs): (&[&str], &str) = match letter {
            'd' => (&["09"], ""),
            'l' => (&["az"], ""),
            'u' => (&["AZ"], ""),
            'L' => (&["az", "09"], ""),
            'U' => (&["AZ", "09"], ""),
            'a' => (&["az", "AZ", "09"], ""),
            'h' => (&["af", "09"], ""),
            'x' => (&["af", "AF", "09"], ""),
            'n' => (&["AZ", "27"], ""),
            'v' => (&["az", "AZ", "09"], "_"),
            'w' => (&["az", "AZ", "09"], "_-"),
            'k' => (&["az", "09"], "_-"),
            'b' => (&["az", "AZ", "09"], "+/"),
            'B' => (&["az", "AZ", "09"], "+/="),
            'g' => (&["az", "AZ", "09"], "+/=_-"),
            'r' => (&["az", "AZ", "09"], "_.=-"),
            's' => (&["!!", "#&", "(;", "==", "?[", "]_", "a~"], ""),
            _ => return None,
        };
        let mut bits = 0;
        for range in ranges {
            for byte in range.as_bytes()[0]..=range.as_bytes()[1] {
                bits |= 1 << byte;
            }
        }
        signs.bytes().for_each(|byte| bits |= 1 << byte);
        Some(Self(bits))
    }
}

/// The most characters of a part without a limit of its own.
const RUN_BYTES_MAX: usize = 4096;
/// The shortest literal text that a token is looked for by.
pub(crate) const LITERAL_BYTES_MIN: usize = 3;

/// A secret's written form, read.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
    /// The part that the scanner looks for.
    anchor: Option<usize>,
}

impl Pattern {
    /// Reads the notation of [`SecretForm`](super::SecretForm).
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn new(written: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = written;
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('{') {
                let (part, after) = inside.split_once('}').ok_or_else(|| format!("`{written}`: a `{{` has no `}}`"))?;
                parts.push(run(part).ok_or_else(|| format!("`{written}`: `{{{part}}}` is no class with a count"))?);
                rest = after;
            } else {
                let length = rest.find('{').unwrap_or(rest.len());
                parts.push(Part::Literal(rest.as_bytes()[..length].to_vec()));
                rest = &rest[length..];
            }
        }
        let is_long = |part: &Part| matches!(part, Part::Literal(text) if text.len() >= LITERAL_BYTES_MIN);
        let anchor = parts.iter().position(is_long);
        Ok(Self { parts, anchor })
    }

    /// The literal text that the scanner looks for.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.parts[self.anchor?] {
            Part::Literal(text) => std::str::from_utf8(text).ok(),
            Part::Run { .. } => None,
        }
    }

    /// Whether that is the first of it.
    pub(crate) fn begins_with_literal(&self) -> bool {
        self.anchor == Some(0)
    }

    /// The token around the literal text that stands at an offset in any case, when nothing touches it.
    pub(crate) fn token_around(&self, bytes: &[u8], literal: usize) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        let end = forward(&self.parts[anchor..], bytes, literal)?;
        let start = backward(&self.parts[..anchor], bytes, literal)?;
        (self.begins_at(bytes, start) && self.ends_at(bytes, end)).then_some(start..end)
    }

    /// Whether the whole of a value is so written.
    pub(crate) fn is_whole(&self, value: &[u8]) -> bool {
        forward(&self.parts, value, 0) == Some(value.len())
    }

    fn begins_at(&self, bytes: &[u8], start: usize) -> bool {
        let first = bytes[start];
        let Some(before) = start.checked_sub(1).map(|before| bytes[before]) else { return true };
        let is_own = match &self.parts[0] {
            Part::Run { class, .. } => class.has(before),
            Part::Literal(_) => first.is_ascii_alphanumeric() && matches!(before, b'_' | b'-'),
        };
        let is_escape = crate::text::words::follows_escape(bytes, start);
        !is_own && (!before.is_ascii_alphanumeric() || is_escape || !first.is_ascii_alphanumeric())
    }

    fn ends_at(&self, bytes: &[u8], end: usize) -> bool {
        let Some(&after) = bytes.get(end) else { return true };
        let is_own = matches!(self.parts.last(), Some(Part::Run { class, .. }) if class.has(after));
        let ends_a_word = bytes[end - 1].is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
        !is_own && !ends_a_word
    }

    /// The characters that were drawn at random, of a token so written.
    pub(crate) fn random_part(&self, token: &str) -> String {
        let mut random = String::new();
        let mut at = 0;
        for part in &self.parts {
            match part {
                Part::Literal(text) => at += text.len(),
                Part::Run { class, most, .. } => {
                    let length = run_length(&token.as_bytes()[at..], *class, *most);
                    random.push_str(&token[at..at + length]);
                    at += length;
                }
            }
        }
        random
    }
}

fn run(part: &str) -> Option<Part> {
    let letter = part.chars().next()?;
    let counts = &part[letter.len_utf8()..];
    let (least, most) = match counts.split_once('-') {
        None => (counts.parse().ok()?, counts.parse().ok()?),
        Some((least, "")) => (least.parse().ok()?, RUN_BYTES_MAX),
        Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
    };
    Some(Part::Run { class: Class::of(letter)?, least, most }).filter(|_| least <= most)
}

fn run_length(bytes: &[u8], class: Class, most: usize) -> usize {
    bytes.iter().take(most).take_while(|&&byte| class.has(byte)).count()
}

/// The end of what is written so from an offset on.
fn forward(parts: &[Part], bytes: &[u8], start: usize) -> Option<usize> {
    parts.iter().try_fold(start, |at, part| {
        let rest = bytes.get(at..)?;
        match part {
            Part::Literal(text) => rest.starts_with(text).then_some(at + text.len()),
            Part::Run { class, least, most } => {
                let length = run_length(rest, *class, *most);
                (length >= *least).then_some(at + length)
            }
        }
    })
}

/// The start of what is written so up to an offset.
fn backward(parts: &[Part], bytes: &[u8], end: usize) -> Option<usize> {
    parts.iter().rev().try_fold(end, |at, part| {
        let rest = &bytes[..at];
        match part {
            Part::Literal(text) => rest.ends_with(text).then(|| at - text.len()),
            Part::Run { class, least, most } => {
                let length = rest.iter().rev().take(*most).take_while(|&&byte| class.has(byte)).count();
                (length >= *least).then(|| at - length)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<&str>) {
        let pattern = Pattern::new(pattern).unwrap();
        let at = text.find(pattern.literal().unwrap()).unwrap();
        assert_eq!(pattern.token_around(text.as_bytes(), at).map(|range| &text[range]), expected, "{text}");
    }

    #[test]
    fn tokens_are_found_around_their_literal_text() {
        check("glpat-{w20}", "x glpat-0123456789abcdefghij.", Some("glpat-0123456789abcdefghij"));
        check("glpat-{w20}", "glpat-0123456789abcdefghijk", None);
        check("glpat-{w20}", "myglpat-0123456789abcdefghij", None);
        check("{h4}-us{d1-2}", "key=00ff-us12;", Some("00ff-us12"));
        check("{h4}-us{d1-2}", "key=a00ff-us12;", None);
        check("abc_{a2-}", "abc_defgh ", Some("abc_defgh"));
        check("abc_{d2}", "x-abc_12", None);
        check("abc_{d2}", r"x\nabc_12", Some("abc_12"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for wrong in ["a{w}", "a{w20", "a{?2}", "a{d3-2}"] {
            assert!(Pattern::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_random_part_leaves_the_literals_out() {
        assert_eq!(Pattern::new("ab-{d2}-{l2}").unwrap().random_part("ab-12-xy"), "12xy");
    }

    #[test]
    fn a_printable_character_is_no_blank_and_no_quote() {
        let class = Class::of('s').unwrap();
        for byte in 0..128u8 {
            let is_printable = byte.is_ascii_graphic() && !b"\"'<>\\`".contains(&byte);
            assert_eq!(class.has(byte), is_printable, "{:?}", char::from(byte));
        }
    }
}
