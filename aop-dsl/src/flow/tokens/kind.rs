//! What a piece is.

use std::ops::Range;

use super::piece::{AT, DIGIT, DOT, JOINER, LOWER, SLASH, UNDERLINE, UPPER, WIDE};
use super::{ID_BYTES_MIN, TokenKind};

/// What of a piece is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Canonical {
    Bytes(Range<usize>),
    /// All letters and digits, without what groups them.
    Ungrouped,
}

/// The kind of a piece, and what of it is compared.
pub(super) fn classify(bytes: &[u8], has: u16) -> (TokenKind, Canonical) {
    let whole = Canonical::Bytes(0..bytes.len());
    let has_letters = has & (LOWER | UPPER | WIDE) != 0;
    if has_letters && has & (AT | DOT | SLASH) != 0 {
        if let Some(host) = behind_scheme(bytes, has) {
            return (TokenKind::Address, Canonical::Bytes(without_www(bytes, host)));
        }
        if has & AT != 0 {
            let mut parts = bytes.split(|byte| *byte == b'@');
            if let (Some(local), Some(host), None) = (parts.next(), parts.next(), parts.next())
                && !local.is_empty()
                && !local.contains(&b':')
                && is_domain(host)
            {
                return (TokenKind::Address, whole);
            }
        } else if has & DOT != 0 && is_domain(host_of(bytes)) {
            let kind = if is_file_name(bytes) { TokenKind::Id } else { TokenKind::Address };
            return (kind, Canonical::Bytes(without_www(bytes, 0)));
        }
    }
    if has & !(LOWER | UPPER | DIGIT) == 0 && is_account(bytes) {
        return (TokenKind::Address, whole);
    }
    let kind = if is_id(bytes, has) { TokenKind::Id } else { TokenKind::Word };
    if kind == TokenKind::Id && has == DIGIT | JOINER && bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-') {
        return (kind, Canonical::Ungrouped);
    }
    (kind, whole)
}

/// Where the host begins in `https://a.example/b`.
pub(super) fn behind_scheme(bytes: &[u8], has: u16) -> Option<usize> {
    let is_candidate = has & (SLASH | JOINER) == SLASH | JOINER;
    let scheme = is_candidate.then(|| bytes.windows(3).position(|window| window == b"://"))??;
    Some(scheme + 3)
}

fn without_www(bytes: &[u8], start: usize) -> Range<usize> {
    let has_www = bytes[start..].get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"www."));
    start + if has_www { 4 } else { 0 }..bytes.len()
}

/// The host of an address that is a URL, or a domain with something behind it; not that of a mail address. Behind `www.`, and when
/// it says something: `localhost` is no host that a stranger owns.
pub(super) fn host_in(bytes: &[u8], has: u16) -> Option<Range<usize>> {
    let (start, has_scheme) = match behind_scheme(bytes, has) {
        Some(start) => (start, true),
        None => (0, false),
    };
    let end =
        start + bytes[start..].iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(bytes.len() - start);
    // Who stands before the `@` is a user, if there is a scheme; else this is a mail address.
    let user = bytes[start..end].iter().rposition(|byte| *byte == b'@');
    if user.is_some() && !has_scheme {
        return None;
    }
    let start = start + user.map_or(0, |at| at + 1);
    let host = host_of(&bytes[start..end]);
    let host = host.strip_suffix(b".").unwrap_or(host);
    let says_something = is_domain(host) && (has_scheme || !is_file_name(host)) || is_ip(host);
    says_something.then(|| {
        let whole = &bytes[..start + host.len()];
        without_www(whole, start)
    })
}

/// What stands before the path or the port.
pub(super) fn host_of(address: &[u8]) -> &[u8] {
    address.split(|byte| matches!(byte, b'/' | b':' | b'#' | b'?')).next().unwrap_or_default()
}

/// `a.example`: two labels or more, the last one of letters.
pub(super) fn is_domain(host: &[u8]) -> bool {
    let Some(dot) = host.iter().rposition(|byte| *byte == b'.') else { return false };
    let (labels, last) = (&host[..dot], &host[dot + 1..]);
    (2..=24).contains(&last.len())
        && last.iter().all(|byte| byte.is_ascii_alphabetic())
        && labels.split(|byte| *byte == b'.').all(|label| {
            !label.is_empty() && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte >= 0x80)
        })
}

/// `203.0.113.7`: what an id of digits may be too.
fn is_ip(host: &[u8]) -> bool {
    host.split(|byte| *byte == b'.').count() == 4
        && host.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && host.iter().filter(|byte| byte.is_ascii_digit()).count() >= ID_BYTES_MIN
}

/// `budget.xlsx`: no path, no `www.`, and an ending of a file.
fn is_file_name(bytes: &[u8]) -> bool {
    let Some(dot) = bytes.iter().rposition(|byte| *byte == b'.') else { return false };
    let ending = &bytes[dot + 1..];
    let mut lower = [0; FILE_ENDING_MAX];
    let Some(lower) = lower.get_mut(..ending.len()) else { return false };
    lower.copy_from_slice(ending);
    lower.make_ascii_lowercase();
    is_file_ending(lower) && without_www(bytes, 0).start == 0
}

/// The longest ending of a file.
const FILE_ENDING_MAX: usize = 6;

/// Endings that are files' rather than countries' or organisations'.
fn is_file_ending(lower: &[u8]) -> bool {
    match lower.len() {
        2 => matches!(lower, b"db" | b"go" | b"gz" | b"js" | b"md" | b"ps" | b"py" | b"rb" | b"rs" | b"sh" | b"ts"),
        3 => matches!(
            lower,
            b"bak"
                | b"bat"
                | b"bin"
                | b"bmp"
                | b"cfg"
                | b"cpp"
                | b"css"
                | b"csv"
                | b"doc"
                | b"eml"
                | b"env"
                | b"exe"
                | b"gif"
                | b"htm"
                | b"ini"
                | b"jar"
                | b"jpg"
                | b"key"
                | b"log"
                | b"lua"
                | b"mdx"
                | b"odt"
                | b"pdf"
                | b"pem"
                | b"php"
                | b"png"
                | b"ppt"
                | b"rst"
                | b"rtf"
                | b"sql"
                | b"svg"
                | b"tar"
                | b"tex"
                | b"tgz"
                | b"tmp"
                | b"tsv"
                | b"tsx"
                | b"txt"
                | b"wav"
                | b"xls"
                | b"xml"
                | b"yml"
                | b"zip"
        ),
        4 => matches!(
            lower,
            b"conf" | b"docx" | b"html" | b"java" | b"jpeg" | b"json" | b"lock" | b"pptx" | b"toml" | b"xlsx" | b"yaml"
        ),
        5 => matches!(lower, b"ipynb" | b"jsonl"),
        6 => matches!(lower, b"sqlite"),
        _ => false,
    }
}

/// `LT601010012345678901`: a country, two digits and 10 to 30 letters or digits more.
pub(super) fn is_account(bytes: &[u8]) -> bool {
    (14..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(u8::is_ascii_alphanumeric)
}

/// Letters with digits, six digits, an underscore, or a capital inside; six characters at least, and no date or time.
fn is_id(bytes: &[u8], has: u16) -> bool {
    if bytes.len() < ID_BYTES_MIN {
        return false;
    }
    let (has_letters, has_digits) = (has & (LOWER | UPPER | WIDE) != 0, has & DIGIT != 0);
    if has & UNDERLINE != 0 {
        return true;
    }
    if has_digits {
        let is_long = || bytes.iter().filter(|byte| byte.is_ascii_digit()).count() >= ID_BYTES_MIN;
        return (has_letters || is_long()) && !is_date(bytes);
    }
    // `aB`, `ABc`
    has & UPPER != 0
        && (bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            || bytes.windows(3).any(|three| {
                three[0].is_ascii_uppercase() && three[1].is_ascii_uppercase() && three[2].is_ascii_lowercase()
            }))
}

/// `2025-12-05`, `2025-12-05T10:00:00Z`, `5.12.2025`: everybody writes the same dates.
pub(super) fn is_date(bytes: &[u8]) -> bool {
    let day = bytes.split(|byte| matches!(byte, b'T' | b't')).next().unwrap_or_default();
    let mut parts = day.split(|byte| matches!(byte, b'-' | b'.' | b'/'));
    let (Some(first), Some(second), Some(third), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_number =
        |part: &[u8], lengths: Range<usize>| lengths.contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let is_day = is_number(second, 1..3)
        && (is_number(first, 4..5) && is_number(third, 1..3) || is_number(first, 1..3) && is_number(third, 4..5));
    let clock = &bytes[day.len()..];
    is_day
        && clock
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b't' | b'Z' | b'z' | b':' | b'.' | b'+' | b'-'))
}
