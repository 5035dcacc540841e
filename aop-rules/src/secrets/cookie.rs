//! Cookies that keep somebody signed in.

use aop_toon::Severity;

use super::placeholder::is_placeholder;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer, entropy};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "secrets/session-cookie",
        severity: Severity::Error,
        summary: "session cookie",
        why: "Whoever sends it is signed in as the one it was given to, until it expires. Left alone: cookies of settings, UUIDs, \
              short ids, and words.",
        source: "RFC 6265, section 8.4 (session identifiers); OWASP Session Management Cheat Sheet",
        ..Rule::SECRET
    },
    entity: "SECRET",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Named(&["cookie", "session id", "sessionid", "jsessionid", "phpsessid", "session cookie"]),
            Anchor::Literal("sessionid="),
            Anchor::Literal("session_id="),
            Anchor::Literal("phpsessid="),
            Anchor::Literal("connect.sid="),
            Anchor::Literal("session="),
            Anchor::Literal("_session_id="),
        ],
        verify: cookie,
    },
    hits: &[
        "Cookie: theme=dark; sessionid=q8zt3klmw0vxy7rbn5cjpd2shfg1atu9",
        "Set-Cookie: JSESSIONID=7F1C0D2B9A4E8831C0DE5F6A7B8C9D0E; Path=/; HttpOnly",
        r#"{"cookie": "7f1c0d2b9a4e8831c0de5f6a7b8c9d0e"}"#,
        r#"{"session_id": "Zk3WqP9vL1sT7bXn4RdY"}"#,
        r#"{"headers": {"Cookie": "PHPSESSID=q8zt3klmw0vxy7rbn5cjpd2shf"}}"#,
    ],
    misses: &[
        "Cookie: theme=dark; lang=en-GB-2024-edition",
        "Set-Cookie: sessionid=deleted; Path=/",
        r#"{"session_id": "8b21d60e-7704-4f3a-b916-e5093ca27d48"}"#,
        r#"{"session_id": "run-2024-11-23-airline-7"}"#,
        r#"{"cookie": "chocolate"}"#,
        "https://shop.example/?session=spring-2024-conference",
    ],
}];

fn cookie(candidate: &Candidate<'_>) -> Option<Match> {
    const VALUE_BYTES_MIN: usize = 16;
    const VALUE_BYTES_MAX: usize = 1024;
    let bytes = candidate.bytes();
    let at = if candidate.is_keyed { candidate.start } else { candidate.end };
    let is_value = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/=_-.%".contains(byte);
    let length = bytes[at..].iter().take(VALUE_BYTES_MAX + 1).take_while(is_value).count();
    if length > VALUE_BYTES_MAX || candidate.is_keyed && at + length != candidate.text.trim_end().len() {
        return None;
    }
    let value = candidate.text[at..at + length].trim_end_matches('.');
    // One piece drawn at random: of a UUID the pieces are shorter, and it names a session without opening it.
    let is_random = |piece: &str| {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        piece.len() >= VALUE_BYTES_MIN && digits >= 2 && digits < piece.len() && entropy(piece) >= 3.0
    };
    let is_found = value.split(['-', '.', '%', '_']).any(is_random) && !is_placeholder(value);
    is_found.then_some(Match { start: at, end: at + value.len(), score: 0.8 })
}
