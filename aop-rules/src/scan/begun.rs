//! Blocks that have begun in a text and may go on in what follows it: what is far longer than a token and has blanks in it.
//!
//! Each says no sooner than its recognizer does that it is over; that it goes on may be said of what is no block.

use crate::text::base64::is_standard;

/// Where the first block begins that the end of a text does not end.
pub(crate) fn first(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let marked = memchr::memchr2_iter(b'-', b':', bytes).find_map(|at| begins_at(bytes, at));
    let store = key_store(bytes);
    marked.into_iter().chain(store).min()
}

/// The largest reach of a look that is not a token's: a Kubernetes manifest is read 1,024 bytes to both sides of the line with
/// its `kind`, which has 69 at most, and where its data begins is no nearer than the other end.
pub(crate) const REACH_BYTES: usize = 2304;

/// Where the block begins whose sign is the dash or the colon at an offset, when it goes on.
fn begins_at(bytes: &[u8], at: usize) -> Option<usize> {
    const LINES: &[u8] = b"private-lines: ";
    const DASH: usize = 7;
    let rest = &bytes[at..];
    if rest[0] == b':' {
        return manifest_data(bytes, at);
    }
    if let Some(block) = rest.strip_prefix(b"-----BEGIN ") {
        return pem_goes_on(block).then_some(at);
    }
    if let Some(start) = at.checked_sub(DASH)
        && bytes[start..].get(..LINES.len()).is_some_and(|found| found.eq_ignore_ascii_case(LINES))
    {
        return putty_goes_on(&bytes[start + LINES.len()..]).then_some(start);
    }
    let option = [b"--header".as_slice(), b"--user", b"-h", b"-u"]
        .into_iter()
        .find(|option| rest.get(..option.len()).is_some_and(|found| found.eq_ignore_ascii_case(option)))?;
    argument_goes_on(&rest[option.len()..]).then_some(at)
}

/// RFC 7468, OpenPGP armor: behind `-----BEGIN `.
fn pem_goes_on(block: &[u8]) -> bool {
    const LABEL_BYTES_MAX: usize = 48;
    const BLANKS_MAX: usize = 80;
    const END_LINE_BYTES_MAX: usize = 2 * LABEL_BYTES_MAX;
    let is_label = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b' ';
    let label = block.iter().take(LABEL_BYTES_MAX).take_while(is_label).count();
    let (label, rest) = block.split_at(label);
    if rest.len() < 5 {
        return true;
    }
    let is_key = label.ends_with(b"PRIVATE KEY") || label.ends_with(b"PRIVATE KEY BLOCK");
    let Some(body) = rest.strip_prefix(b"-----").filter(|_| is_key) else { return false };
    let (mut at, mut blanks, mut is_header) = (0, 0, false);
    while let Some(&byte) = body.get(at) {
        if body[at..].starts_with(b"-----") {
            return body.len() - at < END_LINE_BYTES_MAX;
        }
        let is_escape = byte == b'\\' && matches!(body.get(at + 1), Some(b'n' | b'r' | b't'));
        at += 1 + usize::from(is_escape);
        if byte.is_ascii_whitespace() || is_escape {
            blanks += 1;
            is_header &= !(is_escape || matches!(byte, b'\n' | b'\r'));
            if blanks > BLANKS_MAX {
                return false;
            }
            continue;
        }
        blanks = 0;
        is_header |= byte == b':';
        if !is_header && !byte.is_ascii_alphanumeric() && !b"+/=-\"',\\#>|*".contains(&byte) {
            return false;
        }
    }
    true
}

/// PuTTY's private lines, behind their name, up to the check sum that follows them.
fn putty_goes_on(rest: &[u8]) -> bool {
    const SUM: &[u8] = b"-MAC:";
    let inside = rest.iter().take_while(|&&byte| is_standard(byte) || byte.is_ascii_whitespace()).count();
    rest.len() - inside < SUM.len() && SUM.starts_with(&rest[inside..])
}

/// An argument of `curl` in quotes, behind its option; two of them where a colon joins them.
fn argument_goes_on(rest: &[u8]) -> bool {
    const LEAD_BYTES_MAX: usize = 8;
    const ARGUMENT_BYTES_MAX: usize = 4096;
    // What is found in it may be far from the option: both are let go together.
    const BEHIND_BYTES: usize = 640;
    let lead = rest.iter().take(LEAD_BYTES_MAX).take_while(|byte| b"= \t$\\".contains(byte)).count();
    let mut at = lead;
    for _ in 0..2 {
        let quote = match rest.get(at) {
            Some(&quote @ (b'"' | b'\'')) => quote,
            Some(_) => return false,
            None => return true,
        };
        let inside = &rest[at + 1..];
        let is_inside = |byte: &&u8| **byte != quote && !matches!(byte, b'\n' | b'\\');
        let length = inside.iter().take(ARGUMENT_BYTES_MAX).take_while(is_inside).count();
        match inside.get(length..) {
            None | Some([]) => return length < ARGUMENT_BYTES_MAX,
            Some([_, b':', ..]) => at += 1 + length + 2,
            Some(behind) => return length < ARGUMENT_BYTES_MAX && behind.len() < BEHIND_BYTES,
        }
    }
    rest.len() - at < BEHIND_BYTES
}

/// A line `data:`, which may be a manifest's.
fn manifest_data(bytes: &[u8], colon: usize) -> Option<usize> {
    const NAME: &[u8] = b"data";
    let start = colon.checked_sub(NAME.len())?;
    let is_near = bytes.len() - start < REACH_BYTES;
    let before = bytes[..start].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    let behind = bytes[colon + 1..].iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
    let is_line = is_near
        && bytes[start..colon] == *NAME
        && before.is_none_or(|&byte| byte == b'\n')
        && behind.is_none_or(|&byte| byte == b'\n');
    is_line.then_some(start)
}

/// A store of keys in base64, in lines: it is known by what stands a few bytes behind its beginning.
fn key_store(bytes: &[u8]) -> Option<usize> {
    const BYTES_BEFORE: usize = 15;
    let mut looked_to = 0;
    memchr::memmem::find_iter(bytes, b"GCSqGSIb3DQEHA").find_map(|at| {
        if at < looked_to {
            return None;
        }
        let is_inside = |byte: &&u8| is_standard(**byte) || matches!(byte, b'\n' | b'\r');
        looked_to = at + bytes[at..].iter().take_while(is_inside).count();
        let before = bytes[..at].iter().rev().take(BYTES_BEFORE).take_while(|byte| is_standard(**byte)).count();
        (looked_to == bytes.len()).then_some(at - before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(first(text).map(|at| &text[at..]), expected, "{text}");
    }

    #[test]
    fn what_has_begun_goes_on() {
        check("a -----BEGIN RSA PRIV", Some("-----BEGIN RSA PRIV"));
        check("-----BEGIN EC PRIVATE KEY-----\nq8Zt\n-----END", Some("-----BEGIN EC PRIVATE KEY-----\nq8Zt\n-----END"));
        check("x\nPrivate-Lines: 2\nAAAA\nPrivate", Some("Private-Lines: 2\nAAAA\nPrivate"));
        check("x\nPrivate-Lines: 2\nAAAA\nPrivate-MA", Some("Private-Lines: 2\nAAAA\nPrivate-MA"));
        check("kind: Secret\n data: \n", Some("data: \n"));
        check("curl -H \"Authorization: Bearer", Some("-H \"Authorization: Bearer"));
        check("curl -u \"ann\":\"pass", Some("-u \"ann\":\"pass"));
        check("a\nMIIKPQIBAzCCCfcGCSqGSIb3DQEHAaCC\nq8Zt", Some("MIIKPQIBAzCCCfcGCSqGSIb3DQEHAaCC\nq8Zt"));
    }

    #[test]
    fn what_is_over_is_not_waited_for() {
        let end = "-----END EC PRIVATE KEY-----";
        check(&format!("-----BEGIN EC PRIVATE KEY-----\nq8Zt\n{end}{}", " ".repeat(100)), None);
        check("-----BEGIN CERTIFICATE-----\nq8Zt", None);
        check("the words -----BEGIN PRIVATE KEY----- begin a key. They", None);
        check("Private-Lines: 2\nAAAA\nPrivate-MAC: 0c4f", None);
        check(&format!("data:\n{}", "so it goes on\n".repeat(200)), None);
        check("data: {}", None);
        check("metadata:\n", None);
        check("a well-used, re-heated \"word", None);
        check(&format!("curl -H \"a: b\" {}", "so it goes on ".repeat(50)), None);
        check("MIIKPQIBAzCCCfcGCSqGSIb3DQEHAaCC, and", None);
    }
}
