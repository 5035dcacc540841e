//! US social security numbers: area, group and serial within the rules of the administration.

use aop_toon::{Effect, Phase, Severity};

use crate::rule::{Rule, Status};
use crate::scan::site::{follows_order_name, has_context, is_prose};
use crate::scan::{Anchor, Candidate, Identifier, Look, Match, Recognizer};

/// `pii/us-ssn`
pub static RULE: Rule = Rule {
    id: "pii/us-ssn",
    validator: "pii_detector",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "US social security number",
    why: "It identifies a person for life and opens credit in their name. Nine digits without separators are found only \
          where a key or a word nearby says so, with spaces or full stops also where the value is nothing else.",
    source: "SSA, POMS RM 10201.035 (no area 000, 666 or 900 to 999, no group 00, no serial 0000); two numbers the SSA has \
             declared void after they were printed in advertisements",
};

/// Finds `US_SSN`.
pub static RECOGNIZERS: &[Recognizer] = &[GROUPED, LOOSE];

/// In its three groups, or under its name.
const GROUPED: Recognizer = Recognizer {
    rule: &RULE,
    entity: "US_SSN",
    region: Some("US"),
    look: Look::Code { anchors: &[Anchor::Digits(9)], verify },
    hits: &[
        "her number is 536-90-4399.",
        "536 90 4399",
        "ssn 536904399 on file",
        "Social Security: 536.90.4399",
        "ssn_536-90-4399_v2",
        "号码536-90-4399。",
        "536\u{2011}90\u{2011}4399",
        "SSN: 536-90-4399 12 Main St",
        "Social security 536-90-4399 2026",
        "536-90-4399 536-90-4398",
        "id,536-90-4399,12",
        "12:536-90-4399",
        "/people/12/536-90-4399",
        "ssn 536904399,536904398",
        "ssn 536 90 4399 536 90 4398",
        r#"{"message": "536-90-4399"}"#,
        r#"{"case_note": "she said it is 536-90-4399"}"#,
        r#"{"order": {"customer": "536-90-4399"}}"#,
    ],
    misses: &[
        "666-90-4399",
        "000-90-4399",
        "912-90-4399",
        "536-00-4399",
        "536-90-0000",
        "078-05-1120",
        "536904399",
        "rows 536 90 4399 12",
        "1-536-90-4399",
        "536-90-4399-1",
        "536-90.4399",
        "536904399,536904398",
        "4 536 90 4399",
        "Invoice #536-90-4399",
        "order number 536-90-4399",
        "assn 536904399",
        "part 536-90-4399",
        "case no. 536-90-4399",
        "range 100-20-3000",
        r#"{"sku": "536-90-4399"}"#,
        r#"{"case_number": "536-90-4399"}"#,
        r#"{"case": {"number": "536-90-4399"}}"#,
        r#"{"legacyOrderNumber": "536-90-4399"}"#,
        r#"{"ssn_count": 536904399}"#,
    ],
};

/// With a hyphen lost, or all of them: other numbers are written so, and only its name makes it one.
const LOOSE: Recognizer = Recognizer {
    rule: &RULE,
    entity: "US_SSN",
    region: Some("US"),
    look: Look::Identifier(Identifier {
        layouts: &[("999-999999", 0.05), ("99999-9999", 0.05), ("999999999", 0.05)],
        check: is_issued,
        names: NAMES,
        ..Identifier::NONE
    }),
    hits: &["SSN 536-904399", r#"{"ssn": "53690-4399"}"#],
    misses: &["536-904399", "Austin, TX 53690-4399", "SSN 536-004399", "SSN 666-904399"],
};

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let (start, first_end) = (candidate.start, candidate.end);
    let bytes = candidate.bytes();
    let (digits, end, separator) = match first_end - start {
        9 => (<[u8; 9]>::try_from(&bytes[start..first_end]).ok()?, first_end, None),
        3 => {
            let form = bytes.get(start..start + 11)?;
            let separator = *form.get(3).filter(|byte| matches!(byte, b'-' | b' ' | b'.'))?;
            let digits = [form[0], form[1], form[2], form[4], form[5], form[7], form[8], form[9], form[10]];
            let fits = form[6] == separator && digits.iter().all(u8::is_ascii_digit);
            fits.then_some((digits, start + 11, Some(separator)))?
        }
        _ => return None,
    };
    if !candidate.stands_alone(start..end) || continues(candidate, start, end) || !is_issued(&digits) {
        return None;
    }
    let is_called_so = || candidate.site.is_named(NAMES) || has_context(candidate.text, start..end, NAMES);
    let score = match separator {
        _ if is_called_so() => 1.0,
        Some(_) if follows_order_name(candidate.text, start) => return None,
        Some(_) if candidate.site.names_a_thing() && !is_prose(candidate.text) => return None,
        Some(b'-') if has_context(candidate.text, start..end, WORDS) => 0.9,
        Some(b'-') => 0.85,
        Some(_) if candidate.is_whole(start..end) => 0.5,
        _ => return None,
    };
    Some(Match { start, end, score })
}

/// Whether more digits follow or go before behind a separator that numbers have within: then it is a part of another number.
/// A space, a comma, a colon or a slash ends a column or a list item.
fn continues(candidate: &Candidate<'_>, start: usize, end: usize) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| candidate.byte(at)).is_some_and(|byte| byte.is_ascii_digit());
    let joins = |byte: Option<u8>| matches!(byte, Some(b'-' | b'.'));
    (joins(candidate.byte_before(start)) && digit(start.checked_sub(2)))
        || (joins(candidate.byte(end)) && digit(Some(end + 1)))
}

/// Whether the administration gives out such numbers.
fn is_issued(digits: &[u8]) -> bool {
    let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
    let is_void = digits == b"078051120" || digits == b"219099999";
    area != b"000" && area != b"666" && area[0] != b'9' && group != b"00" && serial != b"0000" && !is_void
}

/// Names of keys that hold one, and words near one.
const NAMES: &[&str] =
    &["ssn", "ssns", "social security", "social security number", "socialsecuritynumber", "socialsecurity", "soc sec"];
/// Words that are another thing's as well, and speak of a number only where it stands in its groups.
const WORDS: &[&str] = &["ssid", "social", "security"];
