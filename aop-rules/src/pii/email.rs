//! E-mail addresses: `local@domain` with a domain that can be on the internet.

use aop_toon::{Effect, Phase, Severity};

use crate::rule::{Rule, Status};
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::text::words::follows_escape;

/// `pii/email`
pub static RULE: Rule = Rule {
    id: "pii/email",
    validator: "pii_detector",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "e-mail address",
    why: "An address names a person and is a way to reach them. Left alone: logins of repositories (`git@host:path`), \
          package versions (`name@1.2.3`), the password part of a URL, and file names such as `icon@2x.png`.",
    source: "RFC 5321 and RFC 5322 (the dot-atom form), RFC 1035 (labels); lengths of RFC 3696, erratum 1690",
};

/// Finds `EMAIL_ADDRESS`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "EMAIL_ADDRESS",
    region: None,
    look: Look::Code { anchors: &[Anchor::At], verify },
    hits: &[
        "write to bob@example.org today",
        "Jane.Doe+tag@mail.example.co.uk",
        "<ann_lee@sub.example.org>",
        "mailto:ann@example.org?subject=x",
        "to=ann@example.org&cc=",
        "邮箱ann@example.org请查收",
        "jörg@exämple.de",
        r"x\nbob@example.org",
        "ann＠example.org",
    ],
    misses: &[
        "git@github.com:org/repo.git",
        "@types/ws@8.5.13",
        "icon@2x.png",
        "@app.route('/')",
        "a @ b.com",
        "user@localhost",
        "postgres://app:secret@db.example.org/x",
        "@@@@@@@@",
        "x@-bad.example.org.",
    ],
}];

const LOCAL_BYTES_MAX: usize = 64;
const DOMAIN_BYTES_MAX: usize = 253;

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let text = candidate.text;
    let start = local_start(text, candidate.start)?;
    let end = candidate.end + domain_length(&text[candidate.end..])?;
    let local = &text[start..candidate.start];
    let is_repository = matches!(local, "git" | "hg" | "svn") && candidate.byte(end) == Some(b':');
    if is_repository || is_userinfo(text, start) {
        return None;
    }
    Some(Match { start, end, score: 1.0 })
}

/// Where the local part that ends at `at` begins; nothing when there is none.
fn local_start(text: &str, at: usize) -> Option<usize> {
    let mut start = at;
    for character in text[..at].chars().rev() {
        if at - start > LOCAL_BYTES_MAX {
            return None;
        }
        if !is_local(character) {
            break;
        }
        start -= character.len_utf8();
    }
    let start = start + usize::from(follows_escape(text.as_bytes(), start + 1));
    let local = &text[start.min(at)..at];
    // Punctuation before the first letter belongs to the sentence: `'ann@example.org'`, `...ann@example.org`.
    let start = start + (local.len() - local.trim_start_matches(['.', '\'', '-', '+', '%']).len());
    (start < at && !local.ends_with('.')).then_some(start)
}

fn is_local(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '.' | '_' | '%' | '+' | '-' | '\'')
        || is_letter_beyond_ascii(character)
}

/// Latin, Greek and Cyrillic letters: scripts that put spaces between words, so that a letter here is the address's own.
fn is_letter_beyond_ascii(character: char) -> bool {
    matches!(character, '\u{C0}'..='\u{52F}') && character.is_alphabetic()
}

/// How long the domain at the start of `rest` is; nothing when there is none that could be on the internet.
fn domain_length(rest: &str) -> Option<usize> {
    let mut length = 0;
    for character in rest.chars() {
        let in_domain =
            character.is_ascii_alphanumeric() || matches!(character, '.' | '-') || is_letter_beyond_ascii(character);
        if !in_domain || length > DOMAIN_BYTES_MAX {
            break;
        }
        length += character.len_utf8();
    }
    let domain = rest[..length].trim_end_matches(['.', '-']);
    let (_, last) = domain.rsplit_once('.')?;
    let labels_fit =
        domain.split('.').all(|label| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-'));
    let is_top_level = last.starts_with("xn--") || (last.chars().count() >= 2 && last.chars().all(char::is_alphabetic));
    let is_file = FILE_ENDINGS.iter().any(|ending| last.eq_ignore_ascii_case(ending));
    (labels_fit && is_top_level && !is_file && domain.len() <= DOMAIN_BYTES_MAX).then_some(domain.len())
}

/// Endings of files that are no top-level domains.
const FILE_ENDINGS: &[&str] =
    &["png", "jpg", "jpeg", "gif", "svg", "webp", "pdf", "js", "ts", "css", "json", "html", "yml", "yaml", "toml", "lock"];

/// Whether what stands before is the start of a URL with a user: `scheme://user:`.
fn is_userinfo(text: &str, start: usize) -> bool {
    if !matches!(text.as_bytes()[..start].last(), Some(b':' | b'/')) {
        return false;
    }
    let from = text.ceil_char_boundary(start.saturating_sub(LOCAL_BYTES_MAX));
    let near = &text[from..start];
    let token = near.rsplit(|character: char| character.is_whitespace()).next().unwrap_or_default();
    token.contains("://")
}
