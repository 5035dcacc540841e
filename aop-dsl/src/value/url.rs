//! Addresses of the web, in the form in which browsers write them (WHATWG): host in lower case, `..` resolved, default port
//! gone.
//!
//! Tools are often given `example.com/page`; without a scheme it is read as `http://example.com/page`, when it starts with a
//! domain.

use std::borrow::Cow;
use std::net::IpAddr;

use ::url::{ParseError, Url, form_urlencoded};

use super::domain;

/// The normal form of a URL; nothing for a text that is none.
pub(crate) fn read(text: &str) -> Option<Cow<'_, str>> {
    if is_plainly_normal(text) { Some(Cow::Borrowed(text)) } else { parsed(text).map(Cow::Owned) }
}

/// Whether a text is surely a URL in its normal form: most are, and parsing takes long. Only the plainest are known here: a
/// domain in lower case without `xn--` whose last label begins with a letter, no user, no port, and of the rest only what no
/// part of a URL ever escapes, without a segment that begins with a dot.
fn is_plainly_normal(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let Some(slash) = rest.find('/') else { return false };
    let (host, path) = rest.split_at(slash);
    let is_label = |label: &str| {
        let is_edge = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let is_inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        let bytes = label.as_bytes();
        is_edge(bytes.first()) && is_edge(bytes.last()) && bytes.iter().all(is_inner) && bytes.get(2..4) != Some(b"--")
    };
    // What ends with a number is an address of the network.
    let is_name = host.rsplit('.').next().is_some_and(|last| last.starts_with(|first: char| first.is_ascii_lowercase()));
    let is_kept = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.~?=&+,:;@!$*()".contains(byte);
    let has_dots = path.as_bytes().windows(2).any(|pair| pair == b"/.");
    host.len() < 254 && is_name && host.split('.').all(is_label) && path.as_bytes().iter().all(is_kept) && !has_dots
}

fn parsed(text: &str) -> Option<String> {
    match Url::parse(text) {
        // `example.com:8080/page`
        Ok(url) if url.cannot_be_a_base() && (url.scheme().contains('.') || url.scheme() == "localhost") => {
            without_scheme(text)
        }
        Ok(url) => Some(url.into()),
        Err(ParseError::RelativeUrlWithoutBase) => without_scheme(text),
        Err(_) => None,
    }
}

/// `example.com/page`, but neither `/page` nor `bob@example.com`.
fn without_scheme(text: &str) -> Option<String> {
    let url = Url::parse(&format!("http://{text}")).ok()?;
    let is_host = match url.host()? {
        ::url::Host::Domain(domain) => domain.contains('.') || domain == "localhost",
        ::url::Host::Ipv4(_) => true,
        ::url::Host::Ipv6(_) => false,
    };
    let plain = text.starts_with(char::is_alphanumeric) && url.username().is_empty() && url.password().is_none();
    (is_host && plain).then(|| url.into())
}

/// Where the parts of a URL in its normal form are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub(crate) scheme: &'a str,
    /// `user:password`, when it is there.
    pub(crate) user: Option<&'a str>,
    /// As it stands there.
    pub(crate) host: Option<&'a str>,
    /// When it is not the scheme's.
    pub(crate) port: Option<u16>,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// The parts of a URL in its normal form.
    pub(crate) fn of(url: &'a str) -> Self {
        let (rest, fragment) = split(url, '#');
        let (rest, query) = split(rest, '?');
        let (scheme, rest) = rest.split_once(':').unwrap_or(("", rest));
        let Some(rest) = rest.strip_prefix("//") else {
            // A path that starts with `//` has `/.` before it, so that it is read as no host.
            let path = rest.strip_prefix("/.").filter(|path| path.starts_with("//")).unwrap_or(rest);
            return Self { scheme, user: None, host: None, port: None, path, query, fragment };
        };
        let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
        // The colons of an IPv6 address stand in brackets.
        let (host, port) = match place.rfind(':').filter(|colon| place.rfind(']').is_none_or(|bracket| bracket < *colon)) {
            Some(colon) => (&place[..colon], place[colon + 1..].parse().ok()),
            None => (place, None),
        };
        Self { scheme, user, host: Some(host).filter(|host| !host.is_empty()), port, path, query, fragment }
    }

    /// The host in its normal form: a domain, or an address as it stands in a URL.
    pub(crate) fn host_name(&self) -> Option<Cow<'a, str>> {
        let host = self.host?;
        Some(domain::read(Cow::Borrowed(host)).unwrap_or(Cow::Borrowed(host)))
    }

    /// The host's address, when it is one.
    pub(crate) fn host_ip(&self) -> Option<IpAddr> {
        super::ip::read(self.host?.trim_start_matches('[').trim_end_matches(']'))
    }

    /// The port it leads to.
    pub(crate) fn port_or_default(&self) -> Option<u16> {
        self.port.or(match self.scheme {
            "http" | "ws" => Some(80),
            "https" | "wss" => Some(443),
            "ftp" => Some(21),
            _ => None,
        })
    }

    /// The first value of a parameter, decoded.
    pub(crate) fn query_param(&self, name: &str) -> Option<Cow<'a, str>> {
        form_urlencoded::parse(self.query?.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(read(text).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn urls_have_the_form_that_browsers_write() {
        check("https://Example.COM:443/a/../b?q=1#x", Some("https://example.com/b?q=1#x"));
        check("HTTPS://bücher.example", Some("https://xn--bcher-kva.example/"));
        check("http://0x7f.1/", Some("http://127.0.0.1/"));
        check(r"https:\\evil.example\x", Some("https://evil.example/x"));
        check(" https://a.example/\n", Some("https://a.example/"));
        check("mailto:bob@example.org", Some("mailto:bob@example.org"));
        check("file:///etc/passwd", Some("file:///etc/passwd"));
    }

    #[test]
    fn a_scheme_may_be_left_out_before_a_domain() {
        check("www.eve-blog.com", Some("http://www.eve-blog.com/"));
        check("example.com:8080/x", Some("http://example.com:8080/x"));
        check("localhost:8080/x", Some("http://localhost:8080/x"));
        check("127.0.0.1/x", Some("http://127.0.0.1/x"));
        for text in
            ["", "/etc/passwd", "//evil.example", "bob@example.org", "word", "two words", "https://", "http://a b/", "?q"]
        {
            check(text, None);
        }
    }

    #[test]
    fn parts_are_found() {
        let url = read("https://user:pw@Mail.Example.com.:8443/a/b?x=1&y=a%20b#frag").unwrap();
        let parts = Parts::of(&url);
        assert_eq!((parts.scheme, parts.user, parts.port), ("https", Some("user:pw"), Some(8443)));
        assert_eq!(parts.host_name().as_deref(), Some("mail.example.com"));
        assert_eq!((parts.path, parts.query, parts.fragment), ("/a/b", Some("x=1&y=a%20b"), Some("frag")));
        assert_eq!(parts.query_param("y").as_deref(), Some("a b"));
        assert_eq!(parts.query_param("z"), None);
        let of_address = Parts::of("http://[::1]:80/");
        assert_eq!((of_address.host, of_address.port), (Some("[::1]"), Some(80)));
        assert_eq!(of_address.host_ip().map(|ip| ip.is_loopback()), Some(true));
        assert_eq!(Parts::of("http://[::1]/").port_or_default(), Some(80));
        assert_eq!(Parts::of("file:///etc/passwd").host_name(), None);
        assert_eq!(Parts::of("mailto:bob@example.org").path, "bob@example.org");
    }

    proptest! {
        #[test]
        fn what_is_plainly_normal_is_what_the_parser_writes(
            text in "https?://([a-z0-9-]{1,4}\\.){0,3}[a-z0-9-]{1,4}[/a-zA-Z0-9._~?=&+,:;@!$*()-]{0,12}",
        ) {
            if is_plainly_normal(&text) {
                prop_assert_eq!(parsed(&text), Some(text));
            }
        }

        #[test]
        fn parts_are_those_of_the_parser(text in ".{0,40}", url in "(https?|ftp|file|x):/{0,3}([a-z:]{1,4}@)?[a-zA-Z0-9.\\[\\]:]{0,8}(:[0-9]{0,5})?[/a-z.?#@:]{0,10}") {
            for text in [text, url] {
                let Some(normal) = read(&text) else { continue };
                let parsed = Url::parse(&normal).unwrap();
                let parts = Parts::of(&normal);
                prop_assert_eq!(parsed.scheme(), parts.scheme);
                prop_assert_eq!(parsed.host_str().filter(|host| !host.is_empty()), parts.host, "{}", normal);
                prop_assert_eq!(parsed.port(), parts.port);
                prop_assert_eq!(parsed.path(), parts.path);
                prop_assert_eq!(parsed.query(), parts.query);
                prop_assert_eq!(parsed.fragment(), parts.fragment);
                let _ = (parts.host_name(), parts.host_ip(), parts.query_param("a"));
            }
        }
    }
}
