//! URLs, addresses and domains in any text. Each is looked for where its mark stands (`://`, `@`, `.`), and no further than
//! the longest that there can be, so the time is linear.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::value::{domain, email, url};

/// No URL that is longer is looked at whole.
const URL_MAX: usize = 8_192;

/// What is found is bounded like every list.
const FOUND_MAX: usize = crate::value::ITEMS_MAX + 1;

/// The URLs of a text in their normal form: what has a scheme and `//`, or starts with `www.`.
pub(super) fn urls(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_url(text, at) {
        let candidate = candidate(&text[start..]);
        found.extend(url::read(candidate).filter(|url| url::Parts::of(url).host.is_some()).map(Cow::into_owned));
        at = start + candidate.len().max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        if found.len() >= FOUND_MAX {
            break;
        }
    }
    found
}

/// Where the next URL starts.
fn next_url(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(mark) = text[at..].find([':', 'w', 'W']).map(|offset| at + offset) {
        let rest = &text[mark..];
        if rest.starts_with("://") {
            let before = &text.as_bytes()[from..mark];
            let scheme = before
                .iter()
                .rev()
                .take(16)
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'))
                .count();
            if scheme > 0 {
                return Some(mark - scheme);
            }
        }
        let is_www = rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
        if is_www
            && !text[..mark].ends_with(|character: char| character.is_alphanumeric() || matches!(character, '.' | '/' | '@'))
        {
            return Some(mark);
        }
        at = mark + 1;
    }
    None
}

/// As far as a URL goes: up to white space, quotes and brackets, without the punctuation that ends a sentence. A closing
/// bracket stays when it has its opening one in the same URL, as in `…/wiki/Rust_(language)`.
fn candidate(text: &str) -> &str {
    let is_end = |character: char| character.is_whitespace() || character.is_control() || "\"'<>`{}|\\".contains(character);
    let end =
        text.char_indices().find(|(at, character)| *at >= URL_MAX || is_end(*character)).map_or(text.len(), |found| found.0);
    let mut url = &text[..end];
    let count = |wanted: char| url.chars().filter(|character| *character == wanted).count();
    let (round_open, square_open) = (count('('), count('['));
    let (mut round_closed, mut square_closed) = (count(')'), count(']'));
    while let Some(last) = url.chars().next_back() {
        match last {
            ')' if round_closed > round_open => round_closed -= 1,
            ']' if square_closed > square_open => square_closed -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '*' | '_' => {}
            _ => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

/// The e-mail addresses of a text in their normal form.
pub(super) fn emails(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let local =
            run_before(&text[..at], 64, |character| character.is_alphanumeric() || "!#$%&*+-/=?^_~.".contains(character));
        let host = host_after(&text[at + 1..]);
        let address = format!("{}@{host}", local.trim_start_matches(['.', '/', '=', '&', '?']));
        found.extend(email::read(Cow::Owned(address)).map(Cow::into_owned));
        if found.len() >= FOUND_MAX {
            break;
        }
    }
    found
}

/// The characters before a place that a test lets pass, at most so many.
fn run_before(text: &str, characters_max: usize, is_part: impl Fn(char) -> bool) -> &str {
    let start = text.char_indices().rev().take(characters_max).take_while(|(_, character)| is_part(*character)).last();
    start.map_or("", |(at, _)| &text[at..])
}

/// The host at the start of a text.
fn host_after(text: &str) -> &str {
    let end = text.char_indices().take(254).find(|(_, character)| !is_of_host(*character));
    let end = end.map_or_else(|| text.char_indices().nth(254).map_or(text.len(), |found| found.0), |found| found.0);
    text[..end].trim_end_matches(['.', '-', '_'])
}

fn is_of_host(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '-' | '_')
}

/// The domains of a text in their normal form, each once: those of URLs and addresses, and names that end in a well-known
/// top-level domain.
pub(super) fn domains(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for run in text.split(|character: char| !is_of_host(character)) {
        let start = (run.as_ptr() as usize) - (text.as_ptr() as usize);
        let marked = text[..start].ends_with("://") || text[..start].ends_with('@');
        let name = run.trim_matches(['.', '-', '_']);
        if !name.contains('.') || name.len() > 4 * 253 || !(marked || is_well_known(name)) {
            continue;
        }
        let Some(name) = domain::read(Cow::Borrowed(name)) else { continue };
        if seen.insert(name.to_string()) {
            found.push(name.into_owned());
        }
        if found.len() >= FOUND_MAX {
            break;
        }
    }
    found
}

/// Whether a name by itself is a domain and no file, number or sentence.
fn is_well_known(name: &str) -> bool {
    let top = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    TOP_LEVEL.binary_search(&top.as_str()).is_ok() || top.starts_with("xn--")
}

/// Top-level domains that are no endings of files, sorted.
const TOP_LEVEL: [&str; 76] = [
    "ae", "agency", "ai", "app", "ar", "at", "au", "be", "biz", "blog", "br", "ca", "ch", "cl", "click", "cloud", "club",
    "cn", "co", "com", "cz", "de", "dev", "dk", "edu", "es", "eu", "example", "fi", "fr", "gov", "gr", "hk", "hu", "ie",
    "il", "info", "int", "io", "ir", "it", "jp", "kr", "link", "live", "mil", "mx", "net", "news", "nl", "no", "nz",
    "onion", "online", "org", "pt", "ro", "ru", "se", "sg", "shop", "site", "store", "su", "tech", "test", "tk", "top",
    "tr", "tv", "tw", "ua", "uk", "us", "vip", "xyz",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn urls_are_found_as_people_write_them() {
        for (text, expected) in [
            ("see (https://example.org/a_(b)), ok", vec!["https://example.org/a_(b)"]),
            ("[x](https://evil.example/?q=1)", vec!["https://evil.example/?q=1"]),
            ("<a href=\"https://a.example/x\">", vec!["https://a.example/x"]),
            ("http://a.example, http://b.example.", vec!["http://a.example", "http://b.example"]),
            ("(((http://a.example)))))", vec!["http://a.example"]),
            ("WWW.Example.com!", vec!["http://www.example.com/"]),
            ("a://", vec![]),
            ("x.www.y awww.b", vec![]),
            ("ftp://files.example/x and mailto:bob@example.org", vec!["ftp://files.example/x"]),
        ] {
            let expected: Vec<String> = expected.into_iter().filter_map(url::read).map(Cow::into_owned).collect();
            assert_eq!(urls(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_found() {
        assert_eq!(emails("a@x.org, \"B\" <b@Y.org>; c@z."), ["a@x.org", "b@y.org", "c@z"]);
        assert_eq!(emails("mailto:d@x.org?subject=@ e@ @f"), ["d@x.org"]);
    }

    #[test]
    fn domains_are_found_and_files_are_not() {
        assert_eq!(
            domains("a.com A.COM. https://user@b.internal:80/x c@d.local e.pdf 1.5 f.g"),
            ["a.com", "b.internal", "d.local"]
        );
        assert_eq!(domains("https://e.pdf/ x.com"), ["e.pdf", "x.com"]);
        assert!(TOP_LEVEL.is_sorted());
    }

    proptest! {
        #[test]
        fn any_text_is_scanned(text in "[a:/w.@ )(\\]é,]{0,60}", other in ".{0,60}") {
            for text in [text, other] {
                for found in urls(&text) {
                    prop_assert_eq!(url::read(&found).map(Cow::into_owned), Some(found.clone()));
                }
                let _ = (emails(&text), domains(&text));
            }
        }
    }
}
