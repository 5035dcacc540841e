//! Payment card numbers: an issuer's range, one of its lengths, and the Luhn digit.

use std::ops::Range;

use aop_toon::{Effect, Phase, Severity};

use crate::rule::{Rule, Status};
use crate::scan::site::{follows_technical_name, has_context, is_amount_of};
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::verify::luhn;

/// `pii/card`
pub static RULE: Rule = Rule {
    id: "pii/card",
    validator: "pii_detector",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "payment card number",
    why: "Whoever reads a card number can often spend with it, and PCI DSS forbids to store it in the clear. Left alone: \
          numbers that a key or the word before calls an id, a counter or a time, and lengths that cards seldom have \
          (12, 13, 17 to 19 digits) or ranges that no issuer has published, unless a key or a word nearby says card.",
    source: "ISO/IEC 7812-1 (Luhn digit, up to 19 digits); the issuers' published ranges as of 2024",
};

/// Finds `CREDIT_CARD`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CREDIT_CARD",
    region: None,
    look: Look::Code { anchors: &[Anchor::Digits(12)], verify },
    hits: &[
        "pay with 4012888888881881 please",
        "5105-1051-0510-5100",
        "3714 496353 98431",
        "amex 371449635398431",
        "4012.8888.8888.1881",
        "maestro card 630495060000",
        r"pay\n4012888888881881",
        "٤٠١٢٨٨٨٨٨٨٨٨١٨٨١",
        "card 4012 8888 8888 1881 123",
        "4012 8888 8888 1881 1229 123",
        "4012 8888 8888 1881 5105 1051 0510 5100",
        "4012-8888-8888-1881-123",
        "Box 12 4012 8888 8888 1881",
        "Bob,4012888888881881,2027-01,NO",
        "17,4012888888881881",
        "4012888888881881,123",
        "4012888888881881:123",
        "4012888888881881-123",
        "4012888888881881-2029 is her card",
        "card 4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1 exp",
        "4012 8888 8888 1881,5105 1051 0510 5100",
    ],
    misses: &[
        "4012888888881882",
        "span_id=4012888888881881",
        "order #4012888888881881",
        "0.4012888888881881",
        "630495060000",
        "card 4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 2",
        "1768204917300000000",
        "4012888888881881a",
        "+4012888888881881",
        "4012 8888-8888 1881",
        "4012 8888 8888 1881 1234 5678",
        "4012 8888 8888 1881 1234 56",
        "parcel no. 4012888888881881",
        "17 8 4012 8888 8888 1881 7 4",
        "4012888888881881-2029",
        "4012888888881881-123-4",
        "12-4012888888881881",
        "$4012888888881881,50",
        "4012888888881882,123",
        "id 8b21d60e-7704-4012-8888-888888881881",
        "order no 4012888888881881",
        "transaction 4012888888881881",
        "4012888888881881 bytes",
        r#"{"cards_sold": "4012888888881882"}"#,
    ],
}];

const DIGITS_MAX: usize = 19;

/// How well the digits fit an issuer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// A length in wide use.
    Usual,
    /// A length that is allowed and rare, so that other numbers are likelier.
    Rare,
}

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let (start, first_end) = (candidate.start, candidate.end);
    if !candidate.begins_word(start) {
        return None;
    }
    if first_end - start >= 12 {
        let fit = fit_of(&candidate.bytes()[start..first_end])?;
        return judged(candidate, start..first_end, fit, joins_next(candidate, first_end), false);
    }
    let groups = Groups::from(candidate)?;
    LAYOUTS.iter().filter(|layout| groups.has(0, layout)).find_map(|layout| {
        let end = groups.ends[layout.len() - 1];
        let fit = fit_of(&candidate.bytes()[start..end])?;
        let is_last = layout.len() == groups.count;
        let joins_next =
            if is_last { joins_next(candidate, end) } else { groups.is_table_behind(candidate.bytes(), layout.len()) };
        judged(candidate, start..end, fit, joins_next, true)
    })
}

/// A number that an issuer could have given out, as its surroundings let it be seen.
fn judged(candidate: &Candidate<'_>, span: Range<usize>, fit: Fit, joins_next: bool, is_grouped: bool) -> Option<Match> {
    if !candidate.stands_alone(span.clone()) || is_amount(candidate, span.start) {
        return None;
    }
    let score = if candidate.site.is_named(NAMES) || has_context(candidate.text, span.clone(), WORDS) {
        1.0
    } else if joins_next || joins_previous(candidate, span.start) || (is_grouped && is_in_row(candidate.bytes(), &span)) {
        return None;
    } else if fit == Fit::Rare {
        0.3
    } else if is_grouped {
        0.95
    } else if candidate.is_technical
        || follows_technical_name(candidate.text, span.start)
        || is_amount_of(candidate.text, span.end)
    {
        return None;
    } else {
        0.8
    };
    Some(Match { start: span.start, end: span.end, score })
}

/// How digits with single separators fit an issuer; nothing when they do not, or their check digit is wrong.
fn fit_of(number: &[u8]) -> Option<Fit> {
    let mut digits = Digits::default();
    number.iter().filter(|byte| byte.is_ascii_digit()).try_for_each(|&byte| digits.push(byte))?;
    fit(digits.as_slice()).filter(|_| luhn::is_valid(digits.as_slice()))
}

/// How cards are printed. A layout that is the beginning of another stands behind it.
const LAYOUTS: &[&[usize]] = &[&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 3]];

/// Groups of digits that are parted by the same character; no more of them than a card and one behind it have.
struct Groups {
    lengths: [usize; 9],
    ends: [usize; 9],
    count: usize,
    separator: u8,
}

impl Groups {
    fn from(candidate: &Candidate<'_>) -> Option<Self> {
        let bytes = candidate.bytes();
        let separator = *bytes.get(candidate.end).filter(|byte| matches!(byte, b' ' | b'-' | b'.'))?;
        let mut groups = Self { lengths: [0; 9], ends: [0; 9], count: 0, separator };
        let mut at = candidate.start;
        while groups.count < groups.lengths.len() {
            let length = bytes[at..].iter().take(DIGITS_MAX).take_while(|byte| byte.is_ascii_digit()).count();
            at += length;
            (groups.lengths[groups.count], groups.ends[groups.count]) = (length, at);
            groups.count += 1;
            if bytes.get(at) != Some(&separator) || !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
                break;
            }
            at += 1;
        }
        Some(groups)
    }

    /// Whether the groups from one on begin with a layout.
    fn has(&self, first: usize, layout: &[usize]) -> bool {
        self.lengths[first..self.count].starts_with(layout)
    }

    /// Whether the groups from one on are a table's and not what stands behind a card's number: an expiry date, a security
    /// code, the next card.
    fn is_table_behind(&self, bytes: &[u8], first: usize) -> bool {
        let is_card = |layout: &&&[usize]| {
            let span = self.ends[first - 1] + 1..self.ends[first + layout.len() - 1];
            self.has(first, layout) && fit_of(&bytes[span]).is_some()
        };
        let is_code = self.count == first + 1 && self.lengths[first] == CODE_DIGITS;
        // A date of four digits stands alone or before a code.
        let is_row = self.lengths[first] == 4 && self.count > first + 1 && self.lengths[first + 1] != CODE_DIGITS;
        let is_date_or_code = is_code || self.separator == b' ' && !is_row;
        !is_date_or_code && !LAYOUTS.iter().any(|layout| is_card(&layout))
    }
}

/// The digits of a security code, as most cards have it.
const CODE_DIGITS: usize = 3;

/// Whether the number is a fraction, an amount of money or a phone number: that no word beside it changes.
fn is_amount(candidate: &Candidate<'_>, start: usize) -> bool {
    match candidate.byte_before(start) {
        Some(b'+' | b'$') => true,
        Some(b'.') => is_digit(candidate, start.checked_sub(2)),
        _ => false,
    }
}

/// Whether the number goes on from the one before it. Behind the end of a column or a list item (`,`, `:`, a space) it
/// does not.
fn joins_previous(candidate: &Candidate<'_>, start: usize) -> bool {
    matches!(candidate.byte_before(start), Some(b'-' | b'/')) && is_digit(candidate, start.checked_sub(2))
}

/// Whether numbers stand on both sides that are parted by a blank as its own groups are, and are not all groups of four as
/// a card's are: then it is a part of a row of numbers.
fn is_in_row(bytes: &[u8], span: &Range<usize>) -> bool {
    let before = bytes[..span.start].strip_suffix(b" ").unwrap_or_default();
    let before = before.iter().rev().take(DIGITS_MAX).take_while(|byte| byte.is_ascii_digit()).count();
    let behind = bytes[span.end..].strip_prefix(b" ").unwrap_or_default();
    let behind = behind.iter().take(DIGITS_MAX).take_while(|byte| byte.is_ascii_digit()).count();
    before > 0 && behind > 0 && (before, behind) != (4, 4)
}

/// Whether the number goes on in the one after it, which a security code does not.
fn joins_next(candidate: &Candidate<'_>, end: usize) -> bool {
    let behind = candidate.bytes().get(end + 1..).unwrap_or_default();
    let length = behind.iter().take(DIGITS_MAX).take_while(|byte| byte.is_ascii_digit()).count();
    let is_code = || {
        let next = behind.get(length);
        length == CODE_DIGITS && !next.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    };
    match candidate.byte(end) {
        Some(b'.') => length > 0,
        Some(b'-') => length > 0 && !is_code(),
        _ => false,
    }
}

fn is_digit(candidate: &Candidate<'_>, at: Option<usize>) -> bool {
    at.and_then(|at| candidate.byte(at)).is_some_and(|byte| byte.is_ascii_digit())
}

/// How the digits fit an issuer's range and lengths; nothing when no issuer has such numbers.
fn fit(digits: &[u8]) -> Option<Fit> {
    let prefix = digits.iter().take(6).fold(0u32, |prefix, &digit| prefix * 10 + u32::from(digit));
    let length = digits.len();
    let (usual, allowed) =
        ISSUERS.iter().find(|issuer| (issuer.0..=issuer.1).contains(&prefix)).map(|issuer| (issuer.2, issuer.3))?;
    match length {
        _ if usual == length => Some(Fit::Usual),
        _ if allowed.contains(&length) => Some(Fit::Rare),
        _ => None,
    }
}

/// First and last six digits of a range, the usual length, all lengths. The first row that fits counts.
static ISSUERS: &[(u32, u32, usize, &[usize])] = &[
    (180_000, 180_099, 15, &[]),                           // JCB
    (213_100, 213_199, 15, &[]),                           // JCB
    (220_000, 220_499, 16, &[17, 18, 19]),                 // Mir
    (222_100, 272_099, 16, &[]),                           // Mastercard
    (300_000, 305_999, 14, &[16]),                         // Diners Club
    (309_500, 309_599, 14, &[16]),                         // Diners Club
    (340_000, 349_999, 15, &[]),                           // American Express
    (352_800, 358_999, 16, &[17, 18, 19]),                 // JCB
    (360_000, 369_999, 14, &[15, 16, 17, 18, 19]),         // Diners Club
    (370_000, 379_999, 15, &[]),                           // American Express
    (380_000, 399_999, 14, &[16, 17, 18, 19]),             // Diners Club
    (400_000, 499_999, 16, &[13, 19]),                     // Visa
    (501_800, 501_899, 16, &[12, 13, 14, 15, 17, 18, 19]), // Maestro
    (502_000, 502_099, 16, &[12, 13, 14, 15, 17, 18, 19]), // Maestro
    (503_800, 503_899, 16, &[12, 13, 14, 15, 17, 18, 19]), // Maestro
    (508_500, 508_999, 16, &[]),                           // RuPay
    (510_000, 559_999, 16, &[]),                           // Mastercard
    (560_000, 599_999, 16, &[12, 13, 14, 15, 17, 18, 19]), // Maestro
    (601_100, 601_199, 16, &[17, 18, 19]),                 // Discover
    (620_000, 629_999, 16, &[17, 18, 19]),                 // UnionPay
    (630_400, 630_499, 16, &[12, 13, 14, 15, 17, 18, 19]), // Maestro
    (644_000, 659_999, 16, &[17, 18, 19]),                 // Discover
    (670_000, 679_999, 16, &[12, 13, 14, 15, 17, 18, 19]), // Maestro
    (810_000, 829_999, 16, &[17, 18, 19]),                 // UnionPay, RuPay
    (979_200, 979_299, 16, &[]),                           // Troy
    // Not given out today, as far as is published; believed where the text calls it a card.
    (100_000, 199_999, 0, &[15]), // UATP
    (300_000, 699_999, 0, &[14, 15, 16]),
];

/// The digits of one number, as values.
#[derive(Default)]
struct Digits {
    values: [u8; DIGITS_MAX],
    length: usize,
}

impl Digits {
    fn push(&mut self, ascii: u8) -> Option<()> {
        *self.values.get_mut(self.length)? = ascii - b'0';
        self.length += 1;
        Some(())
    }

    fn as_slice(&self) -> &[u8] {
        &self.values[..self.length]
    }
}

/// Names of keys that hold a card's number.
const NAMES: &[&str] = &[
    "card number",
    "card no",
    "card num",
    "card",
    "credit card",
    "creditcard",
    "cc",
    "cc number",
    "ccnum",
    "cardnumber",
    "pan",
    "debit card",
];
/// Words near one.
const WORDS: &[&str] = &[
    "card",
    "cards",
    "credit",
    "debit",
    "cc",
    "visa",
    "mastercard",
    "maestro",
    "amex",
    "discover",
    "diners",
    "jcb",
    "unionpay",
    "pan",
    "cvv",
    "cvc",
];
