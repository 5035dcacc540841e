//! Private keys as files hold them: PEM blocks of every kind, PuTTY's format, PKCS #12.

use super::placeholder::is_placeholder;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer, entropy};
use crate::text::base64::is_standard;

/// Finds private keys.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &PRIVATE_KEY,
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("-----BEGIN ")], verify: pem },
        hits: &[
            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgk8Qz3vX1b7LwYt5N\n-----END PRIVATE KEY-----",
            "key: -----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\\nc2gtZWQyNTUxOQ==\\n-----END OPENSSH PRIVATE KEY-----\\n",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,7D1F8C3A5B9E2046\n\nq8Zt/3kLmW0vXy7RbN+5cJpD2sHfG1aTuE9oVi4Kw6Y=\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgk8Qz3vX1b7LwYt5N",
            "tail -3 key.pem\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAq8Zt3kLm\nW0vXy7RbN5cJpD2sHfG1aTuE\n[cut]",
            "key=\"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIIq8Zt3kLmW0vXy7RbN5cJpD2sHfG1aTuE9oVi4Kw6Ym\\noAoGCCqGSM49AwEH\"",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nlQWGBGk8Qz3vX1b7LwYt5NcRb0aJ2mEd9HsKf4Ti6GoPuVyWqSxZhCjDnBlAeMrU\n=Ab3d\n-----END PGP PRIVATE KEY BLOCK-----",
        ],
        misses: &[
            "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEk8Qz3vX1b7LwYt5NcRb0aJ2mEd9H\n-----END PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUk8Qz3vX1b7LwYt5NcRb0aJ2mEd9HsKf4Ti6GoPuVyWqS\n-----END CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq...",
            "-----BEGIN PRIVATE KEY-----",
            "grep for -----BEGIN RSA PRIVATE KEY----- in the repository\nand tell the owner1\nwhat stands there2",
            "-----BEGIN PRIVATE KEY-----\nYOUR1PRIVATE2KEY3GOES4HERE5INTHIS6LINE\nAND1IN2THE3NEXT4LINE5AS6WELL7",
            "the file begins with -----BEGIN RSA PRIVATE KEY----- and ends with -----END RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        ],
    },
    Recognizer {
        rule: &PRIVATE_KEY,
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("Private-Lines: ")], verify: putty },
        hits: &[
            "Private-Lines: 1\nAAAAIQDq8Zt3kLmW0vXy7RbN5cJpD2sHfG1aTuE9oVi4Kw6YQ==\nPrivate-MAC: 0c4f1d2b7a9e8831",
            "PuTTY-User-Key-File-3: ssh-ed25519\r\nPrivate-Lines: 1\r\nAAAAIHZ0M2tMbVcwdlh5N1JiTjVjSnBEMnNIZkcxYVR1RTk=\r\nPrivate-MAC: 9e88310c4f1d2b7a",
        ],
        misses: &[
            "Private-Lines: 14",
            "Public-Lines: 2\nAAAAB3NzaC1yc2EAAAADAQABAAABAQDq8Zt3kLmW0vXy7RbN5cJpD2sHfG1aTuE9\n",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/pkcs12-file",
            summary: "PKCS #12 key store",
            why: "The file holds a private key, and its password is often short. It is known in base64 by its version and the \
                  object identifier of its content; certificates in PKCS #7, which have the same identifier, are left alone.",
            source: "RFC 7292, section 4 (PFX: version 3, contentType data)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("GCSqGSIb3DQEHA")], verify: pkcs12 },
        hits: &[
            "MIIKPQIBAzCCCfcGCSqGSIb3DQEHAaCCCegEggnkMIIJ4DCCBHcGCSqGSIb3DQEHBqCCBGgwggRkAgEAMIIEXQYJKoZIhvcNAQcBMBwGCiqGSIb3DQEMAQYwDgQI",
            "keystore: MIIDxwIBAzCCA4EGCSqGSIb3DQEHAaCCA3IEggNuMIIDajCCAm8GCSqGSIb3DQEHBqCCAmAwggJcAgEAMIICVQYJKoZIhvcNAQcBMBwGCiqGSIb3DQEMAQYwDg",
        ],
        misses: &["MIIKPQYJKoZIhvcNAQcCoIIKLjCCCioCAQExADALBgkqhkiG9w0BBwGgggoQ", "x GCSqGSIb3DQEHAaCCCegEggnkMIIJ4DCCBHc"],
    },
];

static PRIVATE_KEY: Rule = Rule {
    id: "secrets/private-key",
    summary: "private key",
    why: "Who has the key signs, decrypts and logs in as its owner. Left alone: public keys, certificates, and a first line \
          without a key. A key whose last line was cut off is told by two lines of it.",
    source: "RFC 7468 (PEM), RFC 4716 and OpenSSH PROTOCOL.key, RFC 9580 (OpenPGP armor), PuTTY manual, appendix on PPK files",
    ..Rule::SECRET
};

/// Names before `PRIVATE KEY` are one or two words: `RSA`, `ENCRYPTED`, `SSH2 ENCRYPTED`.
const LABEL_BYTES_MAX: usize = 48;
/// Shorter blocks are told of, not shown: 24 bytes are less than any key.
const BODY_BYTES_MIN: usize = 32;

fn pem(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let label = bytes[candidate.end..].iter().take(LABEL_BYTES_MAX).take_while(|byte| is_label(**byte)).count();
    let label = &bytes[candidate.end..candidate.end + label];
    if !bytes[candidate.start..].starts_with(b"-----BEGIN ")
        || !(label.ends_with(b"PRIVATE KEY") || label.ends_with(b"PRIVATE KEY BLOCK"))
    {
        return None;
    }
    let body_start = candidate.end + label.len();
    let body_start = body_start + bytes[body_start..].starts_with(b"-----").then_some(5)?;
    let body = armored(&bytes[body_start..]);
    let end_line = [b"-----END ", label, b"-----"].concat();
    let end = body_start + body.length;
    if body.key_characters >= BODY_BYTES_MIN && bytes[end..].starts_with(&end_line) {
        return Some(Match { start: candidate.start, end: end + end_line.len(), score: 1.0 });
    }
    let length = cut_short(&bytes[body_start..])?;
    Some(Match { start: candidate.start, end: body_start + length, score: 0.9 })
}

/// How long the beginning of a key is whose end was cut off, with what stands before it: lines of base64, at least two of
/// them or as many characters as one full line has. Words are none: they are short, or have no digits.
fn cut_short(rest: &[u8]) -> Option<usize> {
    const LINE_BYTES_MAX: usize = 4096;
    const LINES_MAX: usize = 256;
    const FULL_LINE_BYTES: usize = 64;
    /// Shorter pieces behind a blank are words of a sentence, shorter ones behind a line's end too.
    const BEHIND_BLANK_BYTES: usize = 32;
    const BEHIND_LINE_END_BYTES: usize = 16;
    let (mut at, mut end) = (0, 0);
    let (mut lines, mut characters, mut key) = (0, 0, String::new());
    for _ in 0..LINES_MAX {
        let gap = line_gap(&rest[at..]);
        if gap.length == 0 {
            break;
        }
        at += gap.length;
        if lines == 0
            && let Some(header) = header_length(&rest[at..])
        {
            at += header;
            continue;
        }
        let length = rest[at..].iter().take(LINE_BYTES_MAX).take_while(|&&byte| is_standard(byte)).count();
        let piece = &rest[at..at + length];
        let least = if gap.has_line_end { BEHIND_LINE_END_BYTES } else { BEHIND_BLANK_BYTES };
        let is_long = length >= least && piece.iter().any(u8::is_ascii_digit);
        // The last line is as long as what was left.
        let is_last =
            lines > 0 && gap.has_line_end && length > 0 && !matches!(rest.get(at + length), Some(b' ' | b',' | b'.'));
        if !is_long && !is_last {
            break;
        }
        at += length;
        end = at;
        lines += usize::from(is_long);
        characters += length;
        if key.len() < FULL_LINE_BYTES {
            key.push_str(std::str::from_utf8(piece).ok()?);
        }
    }
    const ENTROPY_MIN: f64 = 3.5;
    let is_key = (lines >= 2 || lines == 1 && characters >= FULL_LINE_BYTES)
        && key.bytes().any(|byte| byte.is_ascii_lowercase())
        && entropy(&key) >= ENTROPY_MIN
        && !is_placeholder(&key);
    is_key.then_some(end)
}

struct Gap {
    length: usize,
    has_line_end: bool,
}

/// Blanks and line ends, as they are or written out.
fn line_gap(rest: &[u8]) -> Gap {
    let mut gap = Gap { length: 0, has_line_end: false };
    while gap.length < BLANKS_MAX {
        match rest[gap.length..] {
            [b'\n' | b'\r', ..] => gap = Gap { length: gap.length + 1, has_line_end: true },
            [b'\\', b'n' | b'r', ..] => gap = Gap { length: gap.length + 2, has_line_end: true },
            [b' ' | b'\t', ..] => gap.length += 1,
            _ => break,
        }
    }
    gap
}

/// How long the header line is that a text begins with: `DEK-Info: …`.
fn header_length(rest: &[u8]) -> Option<usize> {
    const NAME_BYTES_MAX: usize = 24;
    const HEADER_BYTES_MAX: usize = 256;
    let name = rest.iter().take(NAME_BYTES_MAX).take_while(|&&byte| byte.is_ascii_alphabetic() || byte == b'-').count();
    let is_header = name > 0 && rest[name..].starts_with(b": ");
    is_header.then(|| {
        let is_inside = |byte: &&u8| !matches!(**byte, b'\n' | b'\r' | b'\\');
        rest.iter().take(HEADER_BYTES_MAX).take_while(is_inside).count()
    })
}

fn is_label(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' '
}

struct Body {
    length: usize,
    key_characters: usize,
}

/// What stands between the first line and the next dashes: base64, header lines, and line ends as they are or written out.
fn armored(rest: &[u8]) -> Body {
    let mut body = Body { length: 0, key_characters: 0 };
    let mut blanks = 0;
    let mut line_characters = 0;
    let mut is_header = false;
    while let Some(&byte) = rest.get(body.length) {
        if rest[body.length..].starts_with(b"-----") {
            break;
        }
        let is_escape = byte == b'\\' && matches!(rest.get(body.length + 1), Some(b'n' | b'r' | b't'));
        if byte.is_ascii_whitespace() || is_escape {
            blanks += 1;
            if matches!(byte, b'\n' | b'\r' | b'\\') {
                body.key_characters += if is_header { 0 } else { line_characters };
                (line_characters, is_header) = (0, false);
            }
            if blanks > BLANKS_MAX {
                break;
            }
            body.length += if is_escape { 2 } else { 1 };
            continue;
        }
        blanks = 0;
        if byte == b':' {
            is_header = true;
        }
        let is_key = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        let is_frame = matches!(byte, b'"' | b'\'' | b',' | b'\\' | b'#' | b'>' | b'|' | b'*');
        let in_header = is_header && byte.is_ascii_graphic() || matches!(byte, b'-' | b':');
        if !is_key && !is_frame && !in_header {
            break;
        }
        line_characters += usize::from(is_key);
        body.length += 1;
    }
    body.key_characters += if is_header { 0 } else { line_characters };
    body
}

/// Indented lines have blanks before them; more than this is no block any more.
const BLANKS_MAX: usize = 80;

fn putty(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let digits = bytes[candidate.end..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let start = candidate.end + digits;
    let body = armored_lines(&bytes[start..]);
    let start = start + bytes[start..].iter().take(2).take_while(|byte| byte.is_ascii_whitespace()).count();
    let end = start + armored_lines(&bytes[start..]);
    (digits > 0 && body >= BODY_BYTES_MIN && bytes[end..].starts_with(b"Private-MAC:")).then_some(Match {
        start,
        end: start + candidate.text[start..end].trim_end().len(),
        score: 1.0,
    })
}

/// How long the lines of base64 are that a text begins with, their ends included. A line without its end is none.
fn armored_lines(rest: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let line = rest[length..].iter().take(128).take_while(|&&byte| is_standard(byte)).count();
        let end = rest[length + line..].iter().take(2).take_while(|byte| byte.is_ascii_whitespace()).count();
        if end == 0 {
            return length;
        }
        length += line + end;
    }
}

/// How far before the object identifier a store begins, in base64: two headers and the version, eleven bytes and a third.
const PFX_BYTES_BEFORE: usize = 15;

fn pkcs12(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let start = candidate.start.checked_sub(PFX_BYTES_BEFORE)?;
    let head = &bytes[start..candidate.start];
    if !begins_store(head)
        || candidate.byte_before(start).is_some_and(is_standard)
        || &bytes[candidate.start..candidate.end] != ANCHOR
    {
        return None;
    }
    // A store ends where the next begins: however many follow each other, each byte is looked at for one of them.
    let mut end = candidate.end;
    let mut last = end;
    while let Some(&byte) = bytes.get(end) {
        let is_line_end = matches!(byte, b'\n' | b'\r');
        let is_next = is_line_end
            && bytes.get(end + 1..end + 1 + PFX_BYTES_BEFORE).is_some_and(begins_store)
            && bytes[end + 1 + PFX_BYTES_BEFORE..].starts_with(ANCHOR);
        if is_next || !(is_line_end || is_standard(byte)) {
            break;
        }
        end += 1;
        if !is_line_end {
            last = end;
        }
    }
    (last - start >= STORE_BYTES_MIN).then_some(Match { start, end: last, score: 0.95 })
}

/// Whether bytes before the object identifier are the headers of a store in base64.
fn begins_store(head: &[u8]) -> bool {
    head.starts_with(b"MII") && &head[6..12] == b"IBAzCC" && head.iter().all(|&byte| is_standard(byte))
}

/// A store with a key has more bytes.
const STORE_BYTES_MIN: usize = 100;

const ANCHOR: &[u8] = b"GCSqGSIb3DQEHA";
