//! JSON Web Tokens, as they are and once more in base64.

use aop_toon::{Document, Kind, Limits};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::text::base64;

/// Finds JSON Web Tokens.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/jwt",
            summary: "JSON Web Token",
            why: "Until it expires a token opens what its subject may open, and its claims name that subject. It is sure when \
                  header and payload decode to JSON objects and the header names an algorithm, likely by its form alone.",
            source: "RFC 7519 (JWT), RFC 7515, section 7.1 (compact serialization)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal(".ey")], verify: jwt },
        hits: &[
            "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1LTcyOTEiLCJpYXQiOjE3MzAwMDAwMDB9.Zk3WqP9vL1sT7bXn4RdYuOe5GhJ2mAcF8iNkQw0xSyE",
            "?t=eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTcyOTEifQ.",
            r#"{"session": "eyJhbGciOiJFUzI1NiJ9.eyJ1c2VyIjoidS03MjkxIn0.q8Zt3kLmW0vXy7RbN5cJpD2sHfG1aTuE9oVi4Kw6YQ"}"#,
        ],
        misses: &[
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIi",
            "a.key.eyebrow.eyelash",
            "from the.eyes.of",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/jwt-base64",
            summary: "JSON Web Token in base64",
            why: "Encoding hides the token from nobody: it opens what the token opens. Left alone: base64 whose text is no token.",
            source: "RFC 7519 (JWT), RFC 4648 (base64)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("ZXlK")], verify: jwt_base64 },
        hits: &[
            "ZXlKaGJHY2lPaUpJVXpJMU5pSXNJblI1Y0NJNklrcFhWQ0o5LmV5SnpkV0lpT2lKMUxUY3lPVEVpZlEuWmszV3FQOXZMMXNUN2JYbjRSZFl1T2U1R2hKMm1BY0Y4aQ==",
            "jwt: ZXlKaGJHY2lPaUp1YjI1bEluMC5leUp6ZFdJaU9pSjFMVGN5T1RFaWZRLg",
        ],
        misses: &[
            "ZXlKaGJHY2lPaUpJVXpJMU5pSXNJblI1Y0NJNklrcFhWQ0o5",
            "ZXlKaG",
            "xZXlKaGJHY2lPaUp1YjI1bEluMC5leUp6ZFdJaU9pSjFMVGN5T1RFaWZRLg",
        ],
    },
];

/// The shortest header and the shortest payload with a claim.
const HEADER_BYTES_MIN: usize = 11;
const PAYLOAD_BYTES_MIN: usize = 15;

fn jwt(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let header = bytes[..candidate.start].iter().rev().take_while(|&&byte| is_part(byte)).count();
    let start = candidate.start - header;
    // What a `\n` left in the text has glued to the token.
    let start = start + usize::from(crate::text::words::follows_escape(bytes, start + 1));
    let payload = bytes[candidate.start + 1..].iter().take_while(|&&byte| is_part(byte)).count();
    let payload_end = candidate.start + 1 + payload;
    if candidate.byte(payload_end) != Some(b'.') {
        return None;
    }
    let signature =
        bytes[payload_end + 1..].iter().take_while(|&&byte| is_part(byte) || matches!(byte, b'/' | b'+')).count();
    let end = payload_end + 1 + signature;
    let end = end + bytes[end..].iter().take(2).take_while(|&&byte| byte == b'=').count();
    let form = Form::of(&bytes[start..end])?;
    Some(Match { start, end, score: form.score() })
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// How much of a token is what it looks like.
enum Form {
    /// Header and payload are JSON objects, and the header names an algorithm.
    Decoded,
    /// Three parts, two of which begin as JSON objects do in base64.
    Written,
}

impl Form {
    fn of(token: &[u8]) -> Option<Self> {
        let mut parts = token.split(|&byte| byte == b'.');
        let (header, payload) = (parts.next()?, parts.next()?);
        let signature = parts.next()?;
        let is_written = [header, payload].iter().all(|part| part.starts_with(b"ey"))
            && header.len() >= HEADER_BYTES_MIN
            && payload.len() >= PAYLOAD_BYTES_MIN
            && [header, payload].iter().all(|part| part.iter().any(u8::is_ascii_uppercase));
        if !is_written {
            return None;
        }
        let is_decoded = is_object_with(header, Some("alg")) && is_object_with(payload, None);
        match is_decoded {
            true => Some(Self::Decoded),
            false => (signature.len() >= 10).then_some(Self::Written),
        }
    }

    fn score(&self) -> f64 {
        match self {
            Self::Decoded => 1.0,
            Self::Written => 0.8,
        }
    }
}

fn is_object_with(part: &[u8], member: Option<&str>) -> bool {
    let Some(json) = base64::decode(part) else { return false };
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    Document::parse(&json, &limits).is_ok_and(|document| {
        let root = document.root();
        root.kind() == Kind::Object && member.is_none_or(|member| root.get(member).is_some())
    })
}

fn jwt_base64(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let start = candidate.start;
    let is_encoded = |byte: u8| is_part(byte) || matches!(byte, b'+' | b'/');
    if !bytes[start..].starts_with(b"ZXlK")
        || !candidate.begins_word(start)
        || candidate.byte_before(start).is_some_and(is_encoded)
    {
        return None;
    }
    let length = bytes[start..].iter().take_while(|&&byte| is_encoded(byte)).count();
    let token = base64::decode(&bytes[start..start + length])?;
    Form::of(&token)?;
    let end = start + length + bytes[start + length..].iter().take(2).take_while(|&&byte| byte == b'=').count();
    Some(Match { start, end, score: 0.95 })
}
