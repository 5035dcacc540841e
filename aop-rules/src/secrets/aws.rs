//! Keys of Amazon Web Services: the access key id, which is named by its prefix, and the secret that goes with it, which only
//! its key or the text before it names.

use aop_toon::{Effect, Phase, Severity};

use super::placeholder::is_placeholder;
use crate::rule::{Rule, Status};
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// `secrets/aws-access-key`
pub static RULE: Rule = Rule {
    id: "secrets/aws-access-key",
    validator: "pii_detector",
    severity: Severity::Critical,
    effect: Some(Effect::Redact),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "AWS access key",
    why: "Who has the key acts as its owner. The id is redacted too: it tells the account and is half of the pair. Left \
          alone: keys of the documentation, which end in EXAMPLE, and placeholders.",
    source: "AWS IAM user guide, \"Unique identifiers\" (prefixes AKIA, ASIA, ABIA, ACCA; base32 body)",
};

/// Access keys and their ids.
pub static RECOGNIZERS: &[Recognizer] = &[ACCESS_KEY_ID, SECRET_ACCESS_KEY];

/// Finds access key ids: a prefix and sixteen base32 characters.
const ACCESS_KEY_ID: Recognizer = Recognizer {
    rule: &RULE,
    entity: "SECRET",
    region: None,
    look: Look::Code {
        anchors: &[Anchor::Literal("AKIA"), Anchor::Literal("ASIA"), Anchor::Literal("ABIA"), Anchor::Literal("ACCA")],
        verify: access_key_id,
    },
    hits: &["key = AKIAZQ3T6WNB5DLX2YRM", "\"ASIAZQ3T6WNB5DLX2YRM\"", "aws_access_key_id:ABIAZQ3T6WNB5DLX2YRM;"],
    misses: &[
        "AKIAIOSFODNN7EXAMPLE",
        "key = AKIAXXXXXXXXXXXXXXXX",
        "akiazq3t6wnb5dlx2yrm",
        "AKIAZQ3T6WNB5DLX2YR",
        "AKIAZQ3T6WNB5DLX2YRMA",
        "XAKIAZQ3T6WNB5DLX2YRM",
        "AKIAZQ3T6WNB5DLX2YR1",
    ],
};

fn access_key_id(candidate: &Candidate<'_>) -> Option<Match> {
    const BYTES: usize = 20;
    let (start, end) = (candidate.start, candidate.start + BYTES);
    let key = candidate.text.get(start..end)?;
    let has_form = key[..4].bytes().all(|byte| byte.is_ascii_uppercase())
        && key[4..].bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
    (has_form && candidate.stands_alone(start..end) && !is_placeholder(&key[4..])).then_some(Match {
        start,
        end,
        score: 0.95,
    })
}

/// Finds secret access keys: forty base64 characters that a key or the words right before call so.
const SECRET_ACCESS_KEY: Recognizer = Recognizer {
    rule: &RULE,
    entity: "SECRET",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Whole(40..41),
            Anchor::Literal("secret_access_key"),
            Anchor::Literal("secretaccesskey"),
            Anchor::Literal("secret access key"),
            Anchor::Literal("secret-access-key"),
            Anchor::Literal("aws_secret_key"),
        ],
        verify: secret_access_key,
    },
    hits: &[
        "aws_secret_access_key = q8Zt/3kLmW0vXy7RbN+5cJpD2sHfG1aTuE9oVi4K",
        "export AWS_SECRET_ACCESS_KEY=\"q8Zt/3kLmW0vXy7RbN+5cJpD2sHfG1aTuE9oVi4K\"",
        "\"SecretAccessKey\": \"q8Zt/3kLmW0vXy7RbN+5cJpD2sHfG1aTuE9oVi4K\"",
    ],
    misses: &[
        "q8Zt/3kLmW0vXy7RbN+5cJpD2sHfG1aTuE9oVi4K",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}",
        "the secret access key is 40 characters long",
        "aws_secret_access_key = 04815f16cbddef50f801bf47f5d2193fa372e6bd",
    ],
};

/// The names that such a key goes by.
const NAMES: &[&str] = &["secret access key", "secretaccesskey", "aws secret key", "aws secret", "awssecretkey"];

fn secret_access_key(candidate: &Candidate<'_>) -> Option<Match> {
    const BYTES: usize = 40;
    let is_whole = candidate.is_whole(candidate.start..candidate.end);
    let start =
        if is_whole { candidate.start } else { candidate.end + assignment_length(&candidate.bytes()[candidate.end..]) };
    let end = start + BYTES;
    let key = candidate.text.get(start..end)?;
    let is_body = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let has_form = key.bytes().all(is_body) && !candidate.byte(end).is_some_and(|byte| is_body(byte) || byte == b'=');
    let is_hash = key.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !has_form || is_hash || is_placeholder(key) || (is_whole && !candidate.site.is_named(NAMES)) {
        return None;
    }
    Some(Match { start, end, score: 0.9 })
}

/// How many bytes of quotes, spaces and signs of assignment part a name and its value.
fn assignment_length(rest: &[u8]) -> usize {
    rest.iter()
        .take(12)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'=' | b':' | b'>' | b'\\'))
        .count()
}
