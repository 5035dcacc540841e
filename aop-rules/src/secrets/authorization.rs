//! Credentials in headers of requests: `Authorization: Basic …` and `Bearer …`, and what `curl` is given.

use std::ops::Range;

use super::placeholder::{is_placeholder, is_template};
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::text::base64;
use crate::text::words::Name;

/// Finds credentials in headers.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &AUTHORIZATION,
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("basic "), Anchor::Literal("bearer ")], verify: authorization },
        hits: &[
            r#"{"headers": [["Authorization", "Basic c2hvcDo5c2Q4RmtxMg=="]]}"#,
            r#"{"headers": {"Authorization": "Bearer Zk3WqP9vL1sT7bXn4RdY"}}"#,
            "Authorization: Bearer Zk3WqP9vL1sT7bXn4RdY",
            "authorization: basic c2hvcDo5c2Q4RmtxMg==",
            "headers={'Authorization': 'Bearer Zk3WqP9vL1sT7bXn4RdY'}",
        ],
        misses: &[
            "Authorization: Bearer <token>",
            "Authorization: Bearer $TOKEN",
            "Authorization: Basic YWJjZGVmZ2hpamtsbW5vcA==",
            "a basic understanding of bearer authentication",
            "the bearer certificates1 and basic configuration2",
            "bearer 2024-report-final",
            "WWW-Authenticate: Basic realm=\"shop\"",
        ],
    },
    Recognizer {
        rule: &AUTHORIZATION,
        entity: "SECRET",
        region: None,
        look: Look::Code {
            anchors: &[Anchor::Named(&["authorization", "proxy authorization"]), Anchor::Literal("authorization")],
            verify: other_scheme,
        },
        hits: &[
            "Authorization: Token 7f1c0d2b9a4e8831c0de5f6a7b8c9d0e1f2a3b4c",
            "authorization: ApiKey Zk3WqP9vL1sT7bXn4RdY",
            r#"{"authorization": "Zk3WqP9vL1sT7bXn4RdY"}"#,
            r#"{"headers": {"Authorization": "Token 7f1c0d2b9a4e8831c0de5f6a7b8c9d0e1f2a3b4c"}}"#,
        ],
        misses: &[
            "Authorization: Token <token>",
            "Authorization: ApiKey ${SHOP_API_KEY}",
            r#"{"authorization": "required-since-2024"}"#,
            r#"{"authorization": "role based, version2 of 2024"}"#,
            "authorization is asked for in chapter 12a4b",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/curl-auth-header",
            summary: "credentials in a header given to curl",
            why: "Command lines are copied into tickets, logs and chats with the key they were tried with. Left alone: \
                  placeholders, variables, and headers that hold no credentials.",
            source: "curl manual page, option `-H, --header`",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("-H \""),
                Anchor::Literal("-H '"),
                Anchor::Literal("-H\""),
                Anchor::Literal("-H'"),
                Anchor::Literal("-H \\\""),
                Anchor::Literal("-H $'"),
                Anchor::Literal("--header"),
            ],
            verify: curl_header,
        },
        hits: &[
            "curl -H \"Authorization: Bearer Zk3WqP9vL1sT7bXn4RdY\" https://api.shop.example/x",
            "curl -X POST --header 'X-Api-Key: 7f1c0d2b9a4e8831' https://api.shop.example",
            "curl -H 'Authorization: Basic c2hvcDo5c2Q4RmtxMg==' -d x",
            "curl --header=\"PRIVATE-TOKEN: Zk3WqP9vL1sT7bXn4RdY\" x",
        ],
        misses: &[
            "curl -H \"Authorization: Bearer $TOKEN\" https://api.shop.example",
            "curl -H \"Authorization: Bearer <token>\" https://api.shop.example",
            "curl -H 'Accept: application/json1' x",
            "curl -H 'X-Request-Id: 7f1c0d2b9a4e8831' x",
            "curl -H 'Authorization: Token XXXXXXXXXXXXXXXX' x",
            "curl --header-file 7f1c0d2b9a4e8831",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/curl-auth-user",
            summary: "user and password given to curl",
            why: "`-u user:password` logs in with them. Left alone: a user without a password, placeholders, variables.",
            source: "curl manual page, option `-u, --user`",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("-u "), Anchor::Literal("--user")], verify: curl_user },
        hits: &[
            "curl -u shop:9sd8F!kq2 https://api.shop.example",
            "curl -X POST --user \"ann:Qu1et Harbour7\" https://api.shop.example",
            "curl --user='ann:9sd8Fkq2' x",
            "curl --user \"ann\":\"9sd8Fkq2\" x",
            "curl -u 'k7Lm2Xv9Qr4Tz:' https://api.shop.example",
        ],
        misses: &[
            "curl -u \"$USER:$PASSWORD\" x",
            "curl -u ann https://api.shop.example",
            "curl -u username:password x",
            "curl -u \":\" x",
            "docker run -u 1000:1000 shop",
            "curl --user-agent ann:9sd8Fkq2 x",
        ],
    },
];

static AUTHORIZATION: Rule = Rule {
    id: "secrets/authorization-header",
    summary: "credentials in an authorization header",
    why: "The header is all a server asks for. `Basic` holds user and password, only encoded; `Bearer` holds a token that \
                  whoever has it may use. Left alone: `Basic` that decodes to no user and password, placeholders, variables.",
    source: "RFC 7617 (Basic), RFC 6750 (Bearer), RFC 9110, section 11.6.2",
    ..Rule::SECRET
};

fn authorization(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    if !candidate.begins_word(candidate.start) || is_in_command(&bytes[..candidate.start]) {
        return None;
    }
    let start = candidate.end + bytes[candidate.end..].iter().take(4).take_while(|&&byte| byte == b' ').count();
    let length = bytes[start..].iter().take(TOKEN_BYTES_MAX).take_while(|&&byte| is_token(byte)).count();
    let end = start + candidate.text[start..start + length].trim_end_matches('.').len();
    let value = &candidate.text[start..end];
    let is_basic = bytes[candidate.start].eq_ignore_ascii_case(&b'b') && candidate.end - candidate.start == 6;
    let is_found =
        if is_basic { is_user_and_password(value) } else { value.len() >= 16 && is_opaque(value) && has_mixed_piece(value) };
    is_found.then_some(Match { start, end, score: if is_basic { 0.95 } else { 0.85 } })
}

/// The longest token that is read; the tickets of Kerberos are the longest there are.
const TOKEN_BYTES_MAX: usize = 16_384;

/// The characters of `token68` (RFC 9110) and a colon.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=:|%".contains(&byte)
}

/// Whether what stands before is an option of `curl` whose value goes on here: that is another rule's.
fn is_in_command(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(48)..];
    let near = String::from_utf8_lossy(near);
    let line = near.rsplit('\n').next().unwrap_or_default();
    ["-H \"", "-H '", "-H\"", "-H'", "--header"].iter().any(|option| line.contains(option))
}

/// Whether a text decodes to a user, a colon, and a password.
fn is_user_and_password(value: &str) -> bool {
    value.len() >= 8
        && base64::decode(value.as_bytes())
            .and_then(|decoded| String::from_utf8(decoded).ok())
            .and_then(|decoded| decoded.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned())))
            .is_some_and(|(user, password)| {
                let is_text = |part: &str| part.chars().all(|character| !character.is_control());
                is_text(&user) && is_text(&password) && !(user.is_empty() && password.is_empty()) && !is_template(&password)
            })
}

/// Whether a value is a token and no word, name or placeholder.
fn is_opaque(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let has_letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    digits >= 2 && has_letters && !is_placeholder(value) && !value.contains("://")
}

/// Whether letters and digits stand in one piece, which they do not in `2024-report-final`.
fn has_mixed_piece(value: &str) -> bool {
    const PIECE_BYTES_MIN: usize = 5;
    value.split(|sign: char| !sign.is_ascii_alphanumeric()).any(|piece| {
        piece.len() >= PIECE_BYTES_MIN
            && piece.bytes().any(|byte| byte.is_ascii_digit())
            && piece.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}

/// The value of the header with another scheme than `Basic` and `Bearer`, or with none.
fn other_scheme(candidate: &Candidate<'_>) -> Option<Match> {
    const VALUE_BYTES_MIN: usize = 16;
    let (text, bytes) = (candidate.text, candidate.bytes());
    let is_whole = candidate.is_keyed;
    let mut at = candidate.start;
    if !is_whole {
        let count = |at: usize, most: usize, signs: &[u8]| {
            bytes[at..].iter().take(most).take_while(|byte| signs.contains(byte)).count()
        };
        at = candidate.end + count(candidate.end, 3, b"\"'\\]");
        at += count(at, 2, b" ");
        let sign = count(at, 2, b":=,");
        if !candidate.begins_word(candidate.start) || sign == 0 || is_in_command(&bytes[..candidate.start]) {
            return None;
        }
        at += sign;
        at += count(at, 2, b" ");
        at += count(at, 3, b"\"'\\");
    } else if text.len() > TOKEN_BYTES_MAX {
        return None;
    }
    let run = |at: usize| bytes[at..].iter().take(TOKEN_BYTES_MAX).take_while(|&&byte| is_token(byte)).count();
    let mut length = run(at);
    let is_scheme =
        (3..=12).contains(&length) && bytes[at..at + length].iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-');
    if is_scheme && bytes.get(at + length) == Some(&b' ') {
        let scheme = &text[at..at + length];
        if scheme.eq_ignore_ascii_case("basic") || scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        at += length + 1;
        length = run(at);
    }
    let value = text[at..at + length].trim_end_matches('.');
    let is_found = value.len() >= VALUE_BYTES_MIN
        && is_opaque(value)
        && has_mixed_piece(value)
        && (!is_whole || at + length == text.trim_end().len());
    is_found.then_some(Match { start: at, end: at + value.len(), score: 0.85 })
}

fn curl_header(candidate: &Candidate<'_>) -> Option<Match> {
    let text = candidate.text;
    let opening = candidate.start + if text[candidate.start..].starts_with("--") { "--header".len() } else { "-h".len() };
    let (header, is_closed) = argument(text, opening)?;
    let (name, value) = text[header.clone()].split_once(':')?;
    let is_credential = name.len() <= 40 && {
        let name = Name::new(name);
        ["authorization", "token", "api key", "apikey", "auth", "auth key", "secret", "access key", "key", "password"]
            .iter()
            .any(|phrase| name.says(phrase))
    };
    if !is_closed || !is_credential {
        return None;
    }
    let start = header.end - value.trim_start().len();
    let value = value.trim();
    let (scheme, token) = match value.split_once(' ') {
        Some((scheme, token)) => (scheme, token.trim_start()),
        None => ("", value),
    };
    let start = start + (value.len() - token.len());
    let is_scheme =
        scheme.len() <= 16 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'='));
    let is_whole = token.bytes().all(|byte| is_token(byte) || matches!(byte, b'@' | b'!' | b'&' | b'*'));
    let is_found = is_scheme && is_whole && token.len() >= 8 && {
        if scheme.eq_ignore_ascii_case("basic") { is_user_and_password(token) } else { is_opaque(token) }
    };
    is_found.then_some(Match { start, end: start + token.len(), score: 0.9 })
}

/// The argument behind an option: what its quotes hold, or the word; and whether it ends.
fn argument(text: &str, at: usize) -> Option<(Range<usize>, bool)> {
    const ARGUMENT_BYTES_MAX: usize = 4096;
    let bytes = text.as_bytes();
    let mut at = at + usize::from(bytes.get(at) == Some(&b'='));
    at += bytes.get(at..)?.iter().take(4).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    at += usize::from(bytes.get(at) == Some(&b'$') && matches!(bytes.get(at + 1), Some(b'\'' | b'"')));
    at += usize::from(bytes.get(at) == Some(&b'\\') && bytes.get(at + 1) == Some(&b'"'));
    match bytes.get(at).copied() {
        Some(quote @ (b'"' | b'\'')) => {
            let start = at + 1;
            let is_inside = |byte: &&u8| **byte != quote && **byte != b'\n' && **byte != b'\\';
            let length = bytes[start..].iter().take(ARGUMENT_BYTES_MAX).take_while(is_inside).count();
            let is_closed = matches!(bytes.get(start + length), Some(&byte) if byte == quote || byte == b'\\');
            Some((start..start + length, is_closed))
        }
        _ => {
            let length =
                bytes.get(at..)?.iter().take(ARGUMENT_BYTES_MAX).take_while(|byte| !byte.is_ascii_whitespace()).count();
            Some((at..at + length, true))
        }
    }
}

fn curl_user(candidate: &Candidate<'_>) -> Option<Match> {
    let (text, bytes) = (candidate.text, candidate.bytes());
    let is_long = text[candidate.start..].starts_with("--");
    let is_option = candidate.byte_before(candidate.start).is_some_and(|byte| byte.is_ascii_whitespace())
        && (is_long || bytes[candidate.start + 1] == b'u')
        && matches!(bytes.get(candidate.start + if is_long { 6 } else { 2 }), Some(b' ' | b'=' | b'\t'));
    if !is_option {
        return None;
    }
    let (mut argument, mut is_closed) = argument(text, candidate.start + if is_long { 6 } else { 2 })?;
    // A shell joins pieces: `"ann":"password"`.
    if matches!(bytes.get(argument.end..argument.end + 3), Some([b'"' | b'\'', b':', b'"' | b'\''])) {
        let (password, is_password_closed) = self::argument(text, argument.end + 2)?;
        (argument.end, is_closed) = (password.end, is_password_closed);
    }
    let value = text.get(argument.clone())?;
    let (user, password) = value.split_once(':')?;
    let (user, password) = (user.trim_matches(['"', '\'']), password.trim_matches(['"', '\'']));
    let is_variable = |part: &str| part.starts_with('$') || is_template(part) || part.contains("$(");
    const SLOTS: &[&str] = &["password", "passwd", "pass", "token", "apikey", "api_key", "secret", "key"];
    let is_secret = if password.is_empty() {
        user.len() >= 10 && is_opaque(user)
    } else {
        password.len() >= 4
            && !SLOTS.contains(&&*password.to_ascii_lowercase())
            && !password.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_found = is_closed
        && is_secret
        && !is_variable(user)
        && !is_variable(password)
        && !is_slot(password)
        && follows_curl(&bytes[..candidate.start]);
    is_found.then_some(Match { start: argument.start, end: argument.end, score: 0.9 })
}

fn is_slot(password: &str) -> bool {
    let lower = password.to_ascii_lowercase();
    ["your", "xxx", "example", "changeme", "placeholder", "<"].iter().any(|word| lower.contains(word))
}

/// Whether the command is `curl`.
fn follows_curl(before: &[u8]) -> bool {
    const COMMAND_BYTES: usize = 400;
    let near = &before[before.len().saturating_sub(COMMAND_BYTES)..];
    near.windows(4).any(|word| word.eq_ignore_ascii_case(b"curl"))
}
