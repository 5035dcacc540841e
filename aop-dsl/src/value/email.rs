//! Addresses of mail: `bob@example.org`, also written `Bob <bob@example.org>`. In the normal form the whole is in lower case
//! and the domain in its own normal form, so that equal addresses are equal texts.
//!
//! What mail programs could read as two addresses, or as another one, is no address here.

use std::borrow::Cow;
use std::net::IpAddr;

use super::domain;

/// The longest part before the `@` (RFC 5321 section 4.5.3.1.1), and a length beyond which no text is an address.
const LOCAL_MAX: usize = 64;
const TEXT_MAX: usize = 2048;

/// The normal form of an address; nothing for a text that is none.
pub(crate) fn read(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.len() > TEXT_MAX {
        return None;
    }
    if is_normal(&text) {
        return Some(text);
    }
    let address = addr_spec(&text)?;
    let (local, host) = split(address)?;
    if local.len() > LOCAL_MAX || !is_local(local) {
        return None;
    }
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(literal) => Cow::Owned(format!("[{}]", address_literal(literal)?)),
        None => domain::read(Cow::Borrowed(host))?,
    };
    Some(Cow::Owned(format!("{}@{host}", local.to_lowercase())))
}

/// The part before the `@` of an address in its normal form.
pub(crate) fn local(address: &str) -> &str {
    split(address).map_or(address, |(local, _)| local)
}

/// The part after the `@` of an address in its normal form.
pub(crate) fn domain_of(address: &str) -> &str {
    split(address).map_or("", |(_, host)| host)
}

/// A host cannot hold an `@`, while a quoted local part can.
fn split(address: &str) -> Option<(&str, &str)> {
    address.rsplit_once('@')
}

/// Most addresses need no work.
fn is_normal(text: &str) -> bool {
    split(text).is_some_and(|(local, host)| {
        let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'+');
        local.len() <= LOCAL_MAX
            && local.bytes().all(is_plain)
            && is_local(local)
            && matches!(domain::read(Cow::Borrowed(host)), Some(Cow::Borrowed(same)) if same.len() == host.len())
    })
}

/// The address itself, without the name before it and the angle brackets around it.
fn addr_spec(text: &str) -> Option<&str> {
    let text = text.trim_matches([' ', '\t']);
    if text.contains(|character: char| character.is_control() && character != '\t') {
        return None;
    }
    match text.strip_suffix('>') {
        None => Some(text),
        Some(rest) => {
            let (name, address) = rest.rsplit_once('<')?;
            is_display_name(name.trim_matches([' ', '\t'])).then_some(address)
        }
    }
}

/// Words and quoted texts (RFC 5322 section 3.2.5), and dots. Commas and the like would start another address.
fn is_display_name(name: &str) -> bool {
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                if !skip_quoted(&mut characters) {
                    return false;
                }
            }
            ' ' | '\t' | '.' => {}
            other if is_atext(other) => {}
            _ => return false,
        }
    }
    true
}

/// Goes on behind the closing quote; false when there is none.
fn skip_quoted(characters: &mut std::str::Chars<'_>) -> bool {
    while let Some(character) = characters.next() {
        match character {
            '"' => return true,
            '\\' => {
                characters.next();
            }
            _ => {}
        }
    }
    false
}

/// `bob.smith` or `"bob smith"` (RFC 5321 section 4.1.2).
fn is_local(local: &str) -> bool {
    match local.strip_prefix('"') {
        Some(quoted) => {
            let mut characters = quoted.chars();
            skip_quoted(&mut characters) && characters.as_str().is_empty()
        }
        None => local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext)),
    }
}

/// RFC 5322 section 3.2.3, and all letters of RFC 6531.
fn is_atext(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(character)
        || (!character.is_ascii() && !character.is_whitespace() && !character.is_control())
}

/// `[192.0.2.1]` and `[IPv6:2001:db8::1]` (RFC 5321 section 4.1.3).
fn address_literal(literal: &str) -> Option<IpAddr> {
    let tagged = literal.get(..5).filter(|tag| tag.eq_ignore_ascii_case("ipv6:"));
    super::ip::read(tagged.map_or(literal, |tag| &literal[tag.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(read(Cow::Borrowed(text)).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn addresses_are_folded() {
        check("bob@example.org", Some("bob@example.org"));
        check("Bob.Smith+tag@Example.ORG", Some("bob.smith+tag@example.org"));
        check("Bob <b@X.org>", Some("b@x.org"));
        check("  \"Smith, Bob\" <b@x.org> ", Some("b@x.org"));
        check("<b@x.org>", Some("b@x.org"));
        check("Dr. Bob Ünal <b@x.org>", Some("b@x.org"));
        check("b@Bücher.example", Some("b@xn--bcher-kva.example"));
        check("Jürgen@x.org", Some("jürgen@x.org"));
        check("\"a b\"@x.org", Some("\"a b\"@x.org"));
        check("\"a@ourcompany.com\"@evil.example", Some("\"a@ourcompany.com\"@evil.example"));
        check("b@[192.0.2.1]", Some("b@[192.0.2.1]"));
        check("b@[IPv6:::ffff:192.0.2.1]", Some("b@[192.0.2.1]"));
        check("b@localhost", Some("b@localhost"));
        assert!(matches!(read(Cow::Borrowed("bob@example.org")), Some(Cow::Borrowed(_))));
        assert_eq!(domain_of("\"a@ourcompany.com\"@evil.example"), "evil.example");
        assert_eq!(local("bob.smith@example.org"), "bob.smith");
    }

    #[test]
    fn what_could_be_two_addresses_is_none() {
        for text in [
            "",
            "bob",
            "@x.org",
            "bob@",
            "a@x.org, b@y.org",
            "a@x.org b@y.org",
            "a@ourcompany.com, Bob <b@evil.example>",
            "a@ourcompany.com Bob <b@evil.example>",
            "x; <b@evil.example>",
            "<a@x.org> <b@y.org>",
            "Bob <b@x.org> x",
            "Bob <b@x.org",
            "b@x.org\r\nBcc: c@y.org",
            "\"a\"b\"@x.org",
            "\"a@x.org",
            "a..b@x.org",
            ".a@x.org",
            "a(comment)@x.org",
            "a@x.org@y.org",
            "a@1.2.3.4",
            "a@[x]",
            "mailto:a@x.org:",
        ] {
            check(text, None);
        }
        check(&format!("{}@x.org", "a".repeat(65)), None);
        check(&"<".repeat(100_000), None);
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own(text in ".{0,40}", address in "(\"?[a-z A-Z\\\\]{0,5}\"? ?<)?[a-zA-ZäİΣ.\"@+]{1,6}@[a-zA-ZÄ.]{1,8}>?") {
            for text in [text, address] {
                if let Some(normal) = read(Cow::Borrowed(&text)) {
                    let again = read(Cow::Borrowed(&normal));
                    prop_assert_eq!(again.as_deref(), Some(&*normal), "{:?}", text);
                    prop_assert!(!domain_of(&normal).is_empty());
                }
            }
        }
    }
}
