//! Names of accounts, where a key says so.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `USERNAME`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/username",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "user name",
        why: "People keep one name on many sites, so it links what they do. It is also on every page they write on; it is told \
              of only where the threshold is lowered.",
        source: "NIST SP 800-122, section 2.2",
        ..Rule::PII
    },
    entity: "USERNAME",
    region: None,
    look: Look::Code { anchors: &[Anchor::Named(NAMES)], verify },
    hits: &[r#"{"username": "ann_lee7"}"#, r#"{"userName": "annlee"}"#],
    misses: &[r#"{"username": "Ann Lee (7)"}"#, r#"{"username": "${DB_USER}"}"#, r#"{"user": "annlee"}"#],
}];

/// Names of keys that hold one.
const NAMES: &[&str] = &["username", "user name", "login name", "screen name", "nickname"];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let text = &candidate.text[candidate.start..candidate.end];
    let is_name = (3..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    (is_name && candidate.is_keyed).then_some(Match { start: candidate.start, end: candidate.end, score: 0.3 })
}
