//! Hardware addresses of network cards.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `MAC_ADDRESS`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/mac-address",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "hardware (MAC) address",
        why: "It names a device for life, and the places where it is seen tell where its owner is. Left alone: the broadcast \
              address and the one of zeros, twelve digits without separators, and bytes that go on.",
        source: "IEEE 802-2014, section 8 (EUI-48); RFC 7043 (privacy)",
        ..Rule::PII
    },
    entity: "MAC_ADDRESS",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Colon,
            Anchor::Atom(2, 2),
            Anchor::Atom(4, 4),
            Anchor::Literal("mac"),
            Anchor::Literal("hardware address"),
            Anchor::Named(NAMES),
        ],
        verify,
    },
    hits: &[
        "device 00:1b:44:11:3a:b7",
        "at AC:DE:48:0F:11:2A.",
        "08-00-27-4E-9C-D1 is mine",
        "0c84.dc9a.1f7e",
        "MAC AC-DE-48-FF-11-2A",
        r#"{"mac": "AC-DE-48-0F-11-2A"}"#,
        r#"{"wifi_mac_address": "acde480f112a"}"#,
    ],
    misses: &[
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "21:43:05:17:38 elapsed",
        "001b44113ab7",
        "00:1b:44:11:3a:b7:9c",
        "2001:db8:aa:bb:cc:dd",
        "12-34-56-78-90-12",
        "mac and cheese",
    ],
}];

/// Names of keys that hold one.
const NAMES: &[&str] =
    &["mac", "mac address", "macaddress", "macaddr", "mac addr", "hwaddr", "hardware address", "bssid", "ethernet address"];

const BYTES: usize = 6;

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    if candidate.is_keyed {
        let value = &bytes[candidate.start..candidate.end];
        let is_compact = value.len() == 2 * BYTES && value.iter().all(u8::is_ascii_hexdigit);
        let whole = Match { start: candidate.start, end: candidate.end, score: 0.95 };
        return if is_compact { Some(whole) } else { written(candidate, candidate.start, 0.95) };
    }
    match candidate.byte(candidate.start)? {
        b':' => written(candidate, candidate.start.checked_sub(2)?, 0.9),
        // The word before it.
        byte if byte.is_ascii_alphabetic() => {
            let near = &bytes[candidate.end..];
            let gap = (1..NEAR_BYTES_MAX).find(|&gap| near.get(gap..).is_some_and(|rest| length(rest).is_some()))?;
            written(candidate, candidate.end + gap, 0.95)
        }
        // A byte that begins with a digit: the address begins with it or with one that stands before it.
        _ => {
            let is_group = matches!(candidate.byte_before(candidate.start), Some(b'-' | b'.'));
            if !is_group && !matches!(candidate.byte(candidate.end), Some(b'-' | b'.' | b':')) {
                return None;
            }
            let steps = if is_group { STEPS } else { &STEPS[..1] };
            steps.iter().find_map(|step| written(candidate, candidate.start.checked_sub(*step)?, 0.85))
        }
    }
}

/// How far before a group the address can begin: pairs with hyphens, fours with full stops.
const STEPS: &[usize] = &[0, 3, 6, 9, 12, 15, 5, 10];

/// How far behind the word an address that begins with a letter is looked for.
const NEAR_BYTES_MAX: usize = 24;

fn written(candidate: &Candidate<'_>, start: usize, score: f64) -> Option<Match> {
    let rest = candidate.bytes().get(start..)?;
    let length = length(rest)?;
    let (end, separator) = (start + length, rest[if length == 14 { 4 } else { 2 }]);
    let hex = || rest[..length].iter().filter(|byte| byte.is_ascii_hexdigit());
    let is_nobodys = hex().all(|byte| *byte == b'0') || hex().all(|byte| byte.eq_ignore_ascii_case(&b'f'));
    // Six pairs of digits are as likely a date and a time; only the colon says what they are, and only when they cannot.
    let has_letter = hex().any(u8::is_ascii_alphabetic);
    let is_joined = candidate.byte(end) == Some(separator) || candidate.byte_before(start) == Some(separator);
    let fits = !is_nobodys && !is_joined && (has_letter || separator == b':') && candidate.stands_alone(start..end);
    fits.then_some(Match { start, end, score })
}

/// How long the address at the start of `rest` is: six pairs with the same `:` or `-` between, or three fours with full stops.
fn length(rest: &[u8]) -> Option<usize> {
    let separator = *rest.get(2)?;
    let is_hex =
        |range: std::ops::Range<usize>| rest.get(range).is_some_and(|group| group.iter().all(u8::is_ascii_hexdigit));
    let pairs = matches!(separator, b':' | b'-')
        && (0..BYTES).all(|pair| is_hex(3 * pair..3 * pair + 2))
        && (1..BYTES).all(|pair| rest[3 * pair - 1] == separator);
    let fours =
        rest.get(4) == Some(&b'.') && rest.get(9) == Some(&b'.') && (0..3).all(|four| is_hex(5 * four..5 * four + 4));
    if pairs { Some(17) } else { fours.then_some(14) }
}
