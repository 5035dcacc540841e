//! Web addresses, for who lowers the threshold. A password in one is a secret and found as that.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `URL`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/url",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "web address",
        why: "An address can lead to a person's page. Most lead to nobody's, so that it is told of only where the threshold \
                  is lowered.",
        source: "RFC 3986 (form)",
        ..Rule::PII
    },
    entity: "URL",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("://"),
            Anchor::Literal(".com"),
            Anchor::Literal(".org"),
            Anchor::Literal(".net"),
            Anchor::Literal(".edu"),
            Anchor::Literal(".gov"),
            Anchor::Literal(".co."),
        ],
        verify: address,
    },
    hits: &["see http://example.org/a?b=1.", "https://www.example.co.uk/store/", "at example.com today", "example.co.nz"],
    misses: &["std::vector", "see ://x", "http://", "a://b"],
}];

/// The shortest and longest names of a scheme that are looked for.
const SCHEME_BYTES: std::ops::RangeInclusive<usize> = 2..=20;

/// Where the scheme before the anchor begins.
fn scheme_start(candidate: &Candidate<'_>) -> Option<usize> {
    let before = &candidate.bytes()[..candidate.start];
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-');
    let length = before.iter().rev().take(SCHEME_BYTES.end() + 1).take_while(is_part).count();
    SCHEME_BYTES.contains(&length).then_some(candidate.start - length)
}

fn address(candidate: &Candidate<'_>) -> Option<Match> {
    if candidate.byte(candidate.start) == Some(b'.') {
        return domain(candidate);
    }
    let start = scheme_start(candidate)?;
    let rest = &candidate.text[candidate.end..];
    let ends = |character: char| {
        character.is_whitespace() || matches!(character, '"' | '<' | '>' | '`' | '\\' | '|' | '{' | '}' | '\u{3000}'..)
    };
    let rest = &rest[..rest.floor_char_boundary(ADDRESS_BYTES_MAX)];
    let address =
        rest[..rest.find(ends).unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', ']']);
    let host = address.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let has_dot = host.trim_matches('.').contains('.');
    let fits = has_dot && host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
    fits.then_some(Match { start, end: candidate.end + address.len(), score: 0.3 })
}

/// A domain that no scheme stands before; an e-mail address's is not one.
fn domain(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let before = bytes[..candidate.start].iter().rev().take(DOMAIN_BYTES_MAX).take_while(is_part).count();
    let country = if bytes[candidate.end - 1] == b'.' {
        bytes[candidate.end..].iter().take(3).take_while(|byte| byte.is_ascii_lowercase()).count()
    } else {
        0
    };
    let (start, end) = (candidate.start - before, candidate.end + country);
    let is_address = matches!(candidate.byte_before(start), Some(b'@' | b'/' | b':' | b'_' | b'%' | b'='))
        || candidate.byte(end) == Some(b'@');
    let goes_on =
        candidate.byte(end) == Some(b'.') && candidate.byte(end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let fits = before > 0 && bytes[start].is_ascii_alphanumeric() && country != 1 && bytes[end - 1] != b'.';
    (fits && !is_address && !goes_on && candidate.stands_alone(start..end)).then_some(Match { start, end, score: 0.2 })
}

const DOMAIN_BYTES_MAX: usize = 253;
const ADDRESS_BYTES_MAX: usize = 2048;
