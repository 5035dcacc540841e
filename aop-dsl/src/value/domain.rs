//! Names of hosts: lower case, in the ASCII form of IDNA, without the dot that may end them.

use std::borrow::Cow;

use idna::AsciiDenyList;

/// The longest name of DNS, without its last dot, and the longest of its labels.
const NAME_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// A text longer than this is no domain in any spelling: each character of a name gives a byte at least, but for those few
/// that IDNA drops.
const TEXT_MAX: usize = 4 * NAME_MAX;

/// The normal form of a domain; nothing for a text that is none, such as an address of digits.
pub(crate) fn read(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.len() > TEXT_MAX {
        return None;
    }
    if is_normal(&text) {
        return Some(text);
    }
    // Unlike hosts of URLs, names with the underscores of DNS (`_dmarc.example.com`) are fine.
    let ascii = idna::domain_to_ascii_cow(text.as_bytes(), AsciiDenyList::URL).ok()?;
    let name = ascii.strip_suffix('.').unwrap_or(&ascii);
    is_name(name).then(|| Cow::Owned(name.to_owned()))
}

/// Whether nothing has to be changed. A label in Punycode is for IDNA to look into.
fn is_normal(text: &str) -> bool {
    is_name(text) && !text.split('.').any(|label| label.starts_with("xn--"))
}

/// Whether this is a name in its normal form, but for what may be wrong inside of Punycode.
fn is_name(text: &str) -> bool {
    let label_fits = |label: &str| (1..=LABEL_MAX).contains(&label.len());
    text.len() <= NAME_MAX
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
        && text.split('.').all(label_fits)
        && text.rsplit('.').next().is_some_and(|last| !is_numeric(last))
}

/// Whether a name that ends in this label is read as an IPv4 address by browsers: `1.2.3.4`, `0x7f.1`.
fn is_numeric(label: &str) -> bool {
    let is_hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    label.bytes().all(|byte| byte.is_ascii_digit()) || label.strip_prefix("0x").is_some_and(is_hex)
}

/// The normal form of an entry of a set: a domain, or `*.` and a domain for all names below it.
pub(crate) fn read_entry(text: &str) -> Option<Cow<'_, str>> {
    match text.strip_prefix("*.") {
        Some(parent) => Some(Cow::Owned(format!("*.{}", read(Cow::Borrowed(parent))?))),
        None => read(Cow::Borrowed(text)),
    }
}

/// Whether a domain is what an entry says; both in their normal form.
pub(crate) fn is_in(domain: &str, entry: &str) -> bool {
    match entry.strip_prefix("*.") {
        Some(parent) => domain.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => domain == entry,
    }
}

/// The domains that this one lies under, the nearest first: for `a.b.example.com` these are `b.example.com`, `example.com`,
/// `com`.
pub(crate) fn parents(domain: &str) -> impl Iterator<Item = &str> {
    domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..])
}

/// A name with its letters instead of Punycode, for looking at its letters.
pub(crate) fn to_unicode(domain: &str) -> String {
    idna::domain_to_unicode(domain).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(read(Cow::Borrowed(text)).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn names_are_folded() {
        check("OurCompany.com", Some("ourcompany.com"));
        check("ourcompany.com.", Some("ourcompany.com"));
        check("Bücher.Example", Some("xn--bcher-kva.example"));
        check("XN--BCHER-KVA.example", Some("xn--bcher-kva.example"));
        check("ｅｘａｍｐｌｅ。com", Some("example.com"));
        check("_dmarc.example.com", Some("_dmarc.example.com"));
        check("localhost", Some("localhost"));
        check("a.b-c.d3", Some("a.b-c.d3"));
        assert!(matches!(read(Cow::Borrowed("example.com")), Some(Cow::Borrowed(_))));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "", ".", "..", "a..b", ".com", "a.com..", "1.2.3.4", "0x7f.1", "a.0x1f", "a b.com", "a/b", "a@b.com", "*.x.com",
            "x:80", "[::1]",
        ] {
            check(text, None);
        }
        check("xn--a", None);
        check(&"a".repeat(64), None);
        check(&format!("{}com", "a.".repeat(125)), Some(&format!("{}com", "a.".repeat(125))));
        check(&format!("{}com", "a.".repeat(126)), None);
        check(&"ü".repeat(100_000), None);
    }

    #[test]
    fn a_star_stands_for_all_names_below() {
        let entry = read_entry("*.OurCompany.com").unwrap();
        assert_eq!(entry, "*.ourcompany.com");
        for (domain, expected) in [
            ("mail.ourcompany.com", true),
            ("a.b.ourcompany.com", true),
            ("ourcompany.com", false),
            ("notourcompany.com", false),
            ("ourcompany.com.evil.example", false),
        ] {
            assert_eq!(is_in(domain, &entry), expected, "{domain}");
        }
        assert!(is_in("ourcompany.com", "ourcompany.com"));
        for text in ["*", "*.", "a.*.com", "*a.com", "*.*.com"] {
            assert_eq!(read_entry(text), None, "{text}");
        }
        assert_eq!(parents("a.b.example.com").collect::<Vec<_>>(), ["b.example.com", "example.com", "com"]);
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own(text in ".{0,40}", name in "[a-zA-Zäß。0-9_.-]{1,20}") {
            for text in [text, name] {
                if let Some(normal) = read(Cow::Borrowed(&text)) {
                    prop_assert!(normal.is_ascii() && !normal.is_empty());
                    let again = read(Cow::Borrowed(&normal));
                    prop_assert_eq!(again.as_deref(), Some(&*normal), "{}", text);
                }
                read_entry(&text);
                to_unicode(&text);
            }
        }
    }
}
