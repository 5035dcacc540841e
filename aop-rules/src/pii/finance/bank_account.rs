//! Account numbers of banks that have no check digits everybody knows: only their key or label tells them.

use crate::pii::label::value_start;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Identifier, Look, Match, Recognizer};

/// Finds `BANK_ACCOUNT_NUMBER` and `SORT_CODE`.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/bank-account",
            summary: "bank account number",
            why: "Money goes to it and is drawn from it. Countries number their accounts in their own ways, so that only a key \
                  or a label that says bank account makes the digits a finding.",
            source: "the key's or label's own words; at most 17 digits as in the Nacha Operating Rules, entry detail record",
            ..Rule::PII
        },
        entity: "BANK_ACCOUNT_NUMBER",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("account number"),
                Anchor::Literal("account no"),
                Anchor::Literal("acct no"),
                Anchor::Literal("acct number"),
                Anchor::Literal("bank account"),
                Anchor::Named(NAMES),
            ],
            verify,
        },
        hits: &[
            "bank account number: 20481537",
            "her checking account no. 002048153790 at the bank",
            r#"{"bank_account_number": "20481537"}"#,
            r#"{"bank": {"account_number": 20481537901}}"#,
            r#"{"accountNo": "2048-1537-90"}"#,
        ],
        misses: &[
            "20481537",
            "account number required",
            "account number 12",
            r#"{"account_id": "20481537"}"#,
            r#"{"bank_account": "joint"}"#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/sort-code",
            severity: aop_toon::Severity::Warning,
            effect: Some(aop_toon::Effect::Flag),
            summary: "British sort code",
            why: "With the account number beside it, money can be moved. Six digits are found only where a key or a label says so.",
            source: "Pay.UK, sort codes (six digits, written in pairs)",
            ..Rule::PII
        },
        entity: "SORT_CODE",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[("99-99-99", 0.1), ("99 99 99", 0.05), ("999999", 0.01)],
            names: &["sort code", "sortcode", "sort code number", "bank sort code"],
            words: &["account number", "account no", "bank"],
            near: 0.4,
            named: 0.9,
            ..Identifier::NONE
        }),
        hits: &["sort code 20-48-15", "Sort code: 204815", r#"{"sortCode": "20-48-15"}"#],
        misses: &["20-48-15", "204815", "sort code 20-48-1", "sort 204815 rows"],
    },
];

/// Names of keys that hold one.
const NAMES: &[&str] = &[
    "account number",
    "accountnumber",
    "account no",
    "account num",
    "acct number",
    "acct no",
    "acct num",
    "bank account",
    "bank account number",
    "bank account no",
    "bankaccount",
    "bank acct",
    "kontonummer",
    "numero de cuenta",
    "numéro de compte",
    "iban or account",
    "deposit account",
];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let is_keyed = candidate.is_whole(candidate.start..candidate.end) && candidate.site.is_named(NAMES);
    let start = if is_keyed { 0 } else { value_start(candidate)? };
    let bytes = candidate.bytes();
    let is_part = |at: usize| {
        bytes[at].is_ascii_digit()
            || (matches!(bytes[at], b'-' | b' ')
                && at > start
                && bytes[at - 1].is_ascii_digit()
                && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
    };
    let length = (start..bytes.len()).take(BYTES_MAX + 1).take_while(|&at| is_part(at)).count();
    let end = start + length;
    let digits = bytes[start..end].iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_bank = is_keyed
        || crate::scan::site::has_context(candidate.text, candidate.start..end, BANK_WORDS)
        || candidate.text[candidate.start..candidate.end].eq_ignore_ascii_case("bank account");
    let fits = (DIGITS_MIN..=DIGITS_MAX).contains(&digits)
        && candidate.stands_alone(start..end)
        && (!is_keyed || end == bytes.len());
    fits.then_some(Match { start, end, score: if is_bank { 0.85 } else { 0.6 } })
}

/// Shorter numbers are a branch's or a position in a list.
const DIGITS_MIN: usize = 6;
const DIGITS_MAX: usize = 18;
const BYTES_MAX: usize = 26;

const BANK_WORDS: &[&str] = &[
    "bank",
    "checking",
    "savings",
    "deposit",
    "routing",
    "sort code",
    "iban",
    "swift",
    "bic",
    "wire",
    "transfer",
    "beneficiary",
];
