//! Tokens of GitHub: a prefix that tells the kind, random characters, and a check sum.

use aop_toon::{Effect, Phase, Severity};

use super::placeholder::is_placeholder;
use crate::rule::{Rule, Status};
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::verify::crc32;

/// `secrets/github-token`
pub static RULE: Rule = Rule {
    id: "secrets/github-token",
    validator: "pii_detector",
    severity: Severity::Critical,
    effect: Some(Effect::Redact),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "GitHub token",
    why: "Who has the token reads and writes what its owner may. The check sum only raises the score: a token with a wrong \
          one may have been mistyped by somebody who still has the right one. Left alone: placeholders.",
    source: "GitHub, \"Behind GitHub's new authentication token formats\" (2021): prefixes, CRC-32 of the random part in six \
             base-62 digits",
};

/// Finds classic and fine-grained tokens.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "SECRET",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("ghp_"),
            Anchor::Literal("gho_"),
            Anchor::Literal("ghu_"),
            Anchor::Literal("ghs_"),
            Anchor::Literal("ghr_"),
            Anchor::Literal("github_pat_"),
        ],
        verify,
    },
    hits: &[
        "token: ghp_k4Rz8WmQ2nVb7XtYc9Ls3PdJf6Hg1T0uAeKq",
        "https://x:ghs_k4Rz8WmQ2nVb7XtYc9Ls3PdJf6Hg1T0uAeKq@github.com/o/r",
        "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",
    ],
    misses: &[
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "ghp_k4Rz8WmQ2nVb7XtYc9Ls3PdJf6Hg1T0uAeK",
        "ghp_your_token_goes_here_and_nowhere_else_ok",
        "xghp_k4Rz8WmQ2nVb7XtYc9Ls3PdJf6Hg1T0uAeKq",
        "the prefix ghp_ names a token",
    ],
}];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let prefix = &candidate.text[candidate.start..candidate.end];
    let is_lower = prefix.bytes().all(|byte| !byte.is_ascii_uppercase());
    if !is_lower || candidate.byte_before(candidate.start) == Some(b'_') || !candidate.begins_word(candidate.start) {
        return None;
    }
    let is_fine_grained = prefix.len() > 4;
    let (least, most) = if is_fine_grained { (82, 82) } else { (36, 255) };
    let is_body = |byte: &u8| byte.is_ascii_alphanumeric() || (is_fine_grained && *byte == b'_');
    let length = candidate.bytes()[candidate.end..].iter().take(most + 1).take_while(|byte| is_body(byte)).count();
    if !(least..=most).contains(&length) {
        return None;
    }
    let end = candidate.end + length;
    let body = &candidate.text[candidate.end..end];
    if is_placeholder(body) {
        return None;
    }
    let score = if !is_fine_grained && has_check_sum(body.as_bytes()) { 1.0 } else { 0.9 };
    Some(Match { start: candidate.start, end, score })
}

/// Whether the last six of 36 characters are the check sum of the thirty before.
fn has_check_sum(body: &[u8]) -> bool {
    body.split_at_checked(30).is_some_and(|(random, sum)| sum == crc32::base62(crc32::of(random)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_of_the_random_part() {
        let random = b"Q7mZr2XbT9vKd4LsW8nYc5HpJf3Ga1";
        let token = [random.as_slice(), crc32::base62(crc32::of(random)).as_slice()].concat();
        assert!(has_check_sum(&token));
        assert!(!has_check_sum(b"Q7mZr2XbT9vKd4LsW8nYc5HpJf3Ga1000000"));
    }
}
