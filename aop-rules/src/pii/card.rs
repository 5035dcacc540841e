//! Payment card numbers: an issuer's range, one of its lengths, and the Luhn digit.

use aop_toon::{Effect, Phase, Severity};

use crate::rule::{Rule, Status};
use crate::scan::site::{follows_technical_name, has_context};
use crate::scan::{Anchor, Candidate, Match, Recognizer};
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
pub static RECOGNIZER: Recognizer = Recognizer {
    rule: &RULE,
    entity: "CREDIT_CARD",
    anchors: &[Anchor::Digits(12)],
    verify,
    hits: &[
        "pay with 4012888888881881 please",
        "5105-1051-0510-5100",
        "3714 496353 98431",
        "amex 371449635398431",
        "4012.8888.8888.1881",
        "maestro card 630495060000",
        r"pay\n4012888888881881",
        "٤٠١٢٨٨٨٨٨٨٨٨١٨٨١",
    ],
    misses: &[
        "4012888888881882",
        "span_id=4012888888881881",
        "order #4012888888881881",
        "0.4012888888881881",
        "630495060000",
        "1766475513597000000",
        "4012888888881881a",
        "+4012888888881881",
        "4012 8888-8888 1881",
        "id 3e67af94-5500-4012-8888-888888881881",
    ],
};

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
    let mut digits = Digits::default();
    let is_grouped = first_end - start < 12;
    let end = if is_grouped {
        grouped(candidate, &mut digits)?
    } else {
        digits.push_all(&candidate.bytes()[start..first_end])?;
        first_end
    };
    if !candidate.stands_alone(start..end) || continues(candidate, start, end) {
        return None;
    }
    let fit = fit(digits.as_slice())?;
    if !luhn::is_valid(digits.as_slice()) {
        return None;
    }
    let is_called_card = || candidate.site.is_named(NAMES) || has_context(candidate.text, start..end, WORDS);
    let is_called_other = || candidate.site.is_technical() || follows_technical_name(candidate.text, start);
    let score = match (fit, is_grouped) {
        _ if is_called_card() => 1.0,
        (Fit::Usual, true) => 0.95,
        (Fit::Usual, false) if !is_called_other() => 0.8,
        _ => return None,
    };
    Some(Match { start, end, score })
}

/// The groups from the candidate on, all parted by the same character, in a layout that cards are printed in; the end of
/// the last.
fn grouped(candidate: &Candidate<'_>, digits: &mut Digits) -> Option<usize> {
    const LAYOUTS: &[&[usize]] = &[&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 3]];
    let bytes = candidate.bytes();
    let separator = *bytes.get(candidate.end).filter(|byte| matches!(byte, b' ' | b'-' | b'.'))?;
    let mut lengths = [0; 6];
    let mut ends = [0; 6];
    let mut groups = 0;
    let mut at = candidate.start;
    while groups < lengths.len() {
        let length = bytes[at..].iter().take(DIGITS_MAX).take_while(|byte| byte.is_ascii_digit()).count();
        (lengths[groups], ends[groups]) = (length, at + length);
        groups += 1;
        at += length;
        if length == 0 || bytes.get(at) != Some(&separator) || !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            break;
        }
        at += 1;
    }
    let layout = LAYOUTS
        .iter()
        .find(|layout| lengths[..groups].starts_with(layout) && has_table_end(&lengths[layout.len()..groups]))?;
    let end = ends[layout.len() - 1];
    bytes[candidate.start..end].iter().filter(|byte| byte.is_ascii_digit()).try_for_each(|&byte| digits.push(byte))?;
    Some(end)
}

/// Whether the groups after a card's can be something else: an expiry date, a CVV. More groups of four are a table.
fn has_table_end(rest: &[usize]) -> bool {
    rest.first().is_none_or(|&length| length < 4)
}

/// Whether the number is a part of a longer one: a fraction, an amount, a phone number, a range, a date and time.
fn continues(candidate: &Candidate<'_>, start: usize, end: usize) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| candidate.byte(at)).is_some_and(|byte| byte.is_ascii_digit());
    let before = match candidate.byte_before(start) {
        Some(b'+' | b'$') => true,
        Some(b'.' | b',' | b'-' | b':' | b'/') => digit(start.checked_sub(2)),
        _ => false,
    };
    before || matches!(candidate.byte(end), Some(b'.' | b',' | b'-' | b':')) && digit(Some(end + 1))
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

    fn push_all(&mut self, ascii: &[u8]) -> Option<()> {
        ascii.iter().take(DIGITS_MAX + 1).try_for_each(|&byte| self.push(byte))
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
