//! `host_refusal`

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::builtins::prelude::*;
use crate::builtins::text::is_like::is_like;

pub(in crate::builtins) static HOST_REFUSAL: Builtin = Builtin {
    name: "host_refusal",
    group: Group::Web,
    parameters: &[
        required("address", &[Accepts::Text, Accepts::Any]),
        required("hosts", &[Accepts::Texts]),
        optional("schemes", &[Accepts::Texts]),
    ],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: false,
    summary: "Why a URL may not be used where only these hosts may be reached: they are names or patterns with `*` and `?`. Addresses \
        inside, in any disguise, have to be listed as they are written. A user before the host and other schemes (`https` and `http`, \
        if none are given) are refused. Of an array, the first text in it that may not; else absent.",
    examples: &[
        example(r#"host_refusal("https://api.example.org/x", ["*.example.org"])"#, "absent"),
        example(r#"host_refusal("https://evil.example/x", ["*.example.org"])"#, r#""leads to `evil.example`""#),
        example(r#"host_refusal("http://0x7f.1/", ["*"])"#, r#""leads to an address inside""#),
        example(r#"host_refusal("http://a.example/", ["*"], ["https"])"#, r#""has another scheme than `https`""#),
    ],
    cost: Cost::PerText(64),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let hosts = lowercase_texts(arguments, 1)?;
    let schemes = if is_given(arguments, 2) {
        lowercase_texts(arguments, 2)?
    } else {
        vec![Cow::Borrowed("https"), Cow::Borrowed("http")]
    };
    first_of(value(arguments, 0)?, |url| refusal(url, &hosts, &schemes).map(|reason| Value::Text(Cow::Owned(reason))))
}

fn lowercase_texts<'e>(arguments: &[Option<Value<'e>>], at: usize) -> Result<Vec<Cow<'e, str>>, Gap> {
    let lowercase = |text: Cow<'e, str>| match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => text,
    };
    list(arguments, at)?
        .map(|item| match item? {
            Value::Text(text) => Ok(lowercase(text)),
            _ => Err(WRONG_TYPE),
        })
        .collect()
}

/// Why a URL may not be used; nothing when its host is on the list.
fn refusal(url: &str, hosts: &[Cow<'_, str>], schemes: &[Cow<'_, str>]) -> Option<String> {
    // Parsers disagree about these, so that a checker and a fetcher would see two hosts.
    if url.chars().any(|character| character.is_whitespace() || character.is_control() || character == '\\') {
        return Some("has a space, a control character or a backslash, which readers of URLs take in different ways".into());
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("is no URL with a host: write `https://…`".into());
    };
    if !schemes.iter().any(|allowed| allowed.eq_ignore_ascii_case(scheme)) {
        let allowed: Vec<String> = schemes.iter().take(10).map(|scheme| format!("`{scheme}`")).collect();
        return Some(format!("has another scheme than {}", allowed.join(" or ")));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("has a user before its host".into());
    }
    let Some(host) = host_of(authority).map(str::to_ascii_lowercase) else {
        return Some("has a host that is no name and no address, which readers of URLs take in different ways".into());
    };
    let is_listed = hosts.iter().any(|pattern| **pattern == *host);
    if !is_listed && let Some(inside) = inside(&host) {
        return Some(format!("leads to {inside}"));
    }
    let is_allowed = is_listed || hosts.iter().any(|pattern| is_like(&host, pattern));
    let shown: String = host.chars().take(80).collect();
    (!is_allowed).then(|| format!("leads to `{shown}`"))
}

/// The host of `host:port`, without the brackets of an IPv6 address and without the root's full stop; nothing when it is neither a name
/// as DNS has them nor an address.
fn host_of(authority: &str) -> Option<&str> {
    let is_port = |rest: &str| rest.is_empty() || rest.strip_prefix(':').is_some_and(is_digits);
    if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        return (address.parse::<Ipv6Addr>().is_ok() && is_port(port)).then_some(address);
    }
    let host = authority.split(':').next().unwrap_or_default();
    let port = &authority[host.len()..];
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    // What ends in a number is an address to whoever fetches it, or nothing.
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_address = loose_version_4(&host.to_ascii_lowercase()).is_some();
    let ends_in_number = is_digits(last) || last.to_ascii_lowercase().strip_prefix("0x").is_some_and(is_hexadecimal);
    (host.split('.').all(is_label) && is_port(port) && (is_address || !ends_in_number)).then_some(host)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What inside place a host names, in whatever form its address is written.
fn inside(host: &str) -> Option<&'static str> {
    if ["localhost", "local", "internal", "localdomain", "home.arpa"]
        .iter()
        .any(|name| host == *name || host.ends_with(&format!(".{name}")))
    {
        return Some("a name inside");
    }
    if let Some(address) = loose_version_4(host) {
        return inside_address(IpAddr::V4(address))
            .or_else(|| host.parse::<Ipv4Addr>().is_err().then_some("an address in disguise"));
    }
    let Ok(address) = host.parse::<Ipv6Addr>() else {
        // A name without a full stop is looked up in the folder of names of whoever fetches it.
        return (!host.contains('.')).then_some("a name inside");
    };
    inside_address(address.to_canonical())
}

fn inside_address(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            let [first, second, third, _] = address.octets();
            // Shared between carriers, for protocols (192.0.0.0/24), for measuring networks (198.18.0.0/15): RFC 6890.
            let is_shared = first == 100 && (64..128).contains(&second)
                || [first, second, third] == [192, 0, 0]
                || first == 198 && matches!(second, 18 | 19);
            let is_inside =
                address.is_loopback() || address.is_private() || address.is_link_local() || address.is_broadcast();
            (is_inside || is_shared || first == 0 || first >= 224).then_some("an address inside")
        }
        IpAddr::V6(address) => {
            let first = address.segments()[0];
            // An IPv4 address in the clothes of NAT64 (64:ff9b::/96), 6to4 (2002::/16), of ::/96 or of ::ffff:0:0/96 (RFC 2765) is not told
            // from one inside. fec0::/10 was for sites.
            let clothes = &address.segments()[..6];
            let is_clothed = *clothes == [0x64, 0xff9b, 0, 0, 0, 0]
                || *clothes == [0; 6]
                || *clothes == [0, 0, 0, 0, 0xffff, 0]
                || first == 0x2002
                || first & 0xffc0 == 0xfec0;
            let is_inside = address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local();
            (is_inside || is_clothed || address.is_multicast()).then_some("an address inside")
        }
    }
}

/// An IPv4 address as the C library reads it: one to four parts, each decimal, octal or hexadecimal.
fn loose_version_4(host: &str) -> Option<Ipv4Addr> {
    let parts = host.split('.').map(|part| match part.strip_prefix("0x") {
        Some("") => Some(0),
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if part.len() > 1 && part.starts_with('0') => u32::from_str_radix(part, 8).ok(),
        None => part.parse().ok(),
    });
    let parts: Vec<u32> = parts.take(5).collect::<Option<_>>()?;
    let (&last, first) = parts.split_last()?;
    if first.len() > 3 || first.iter().any(|&part| part > 255) || u64::from(last) >= 1 << (8 * (4 - first.len())) {
        return None;
    }
    let high = first.iter().enumerate().fold(0, |address, (place, part)| address | part << (24 - 8 * place));
    Some(Ipv4Addr::from(high | last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, hosts: &[&str], expected: Option<&str>) {
        let hosts: Vec<Cow<'_, str>> = hosts.iter().map(|host| Cow::Borrowed(*host)).collect();
        assert_eq!(refusal(url, &hosts, &["https".into(), "http".into()]).as_deref(), expected, "{url}");
    }

    #[test]
    fn listed_hosts() {
        check("https://api.example.org/x?y#z", &["*.example.org"], None);
        check("https://API.example.org.:8443", &["*.example.org"], None);
        check("http://127.0.0.1:8080/", &["127.0.0.1"], None);
        check("https://example.org.evil.net/", &["*.example.org", "example.org"], Some("leads to `example.org.evil.net`"));
        check("https://evil.net/#.example.org", &["*.example.org"], Some("leads to `evil.net`"));
        check("https://evil.net?.example.org", &["*.example.org"], Some("leads to `evil.net`"));
        check("https://example.org@evil.net/", &["*"], Some("has a user before its host"));
        check("ftp://example.org/", &["*"], Some("has another scheme than `https` or `http`"));
    }

    #[test]
    fn what_no_host_looks_like() {
        for host in [
            "evil.com[.example.org",
            "evil.com;.example.org",
            "evil.com,x.example.org",
            ".example.org",
            "a..example.org",
            "a.example.org:80a",
            "[::1",
            "[::1]x.example.org",
            "[evil.example.org]",
            "256.1",
            "4294967296",
            "a.example.org.0xff",
            "",
            "b%61d.example.org",
            "bücher.example.org",
        ] {
            let said = "has a host that is no name and no address, which readers of URLs take in different ways";
            check(&format!("https://{host}/"), &["*", "*.example.org"], Some(said));
        }
    }

    #[test]
    fn addresses_inside() {
        for host in [
            "127.0.0.1",
            "10.1.2.3",
            "169.254.169.254",
            "[::1]",
            "[fd00::1]",
            "[::ffff:10.0.0.1]",
            "100.64.0.1",
            "2130706433",
            "0x7f.1",
            "017700000001",
        ] {
            check(&format!("http://{host}/"), &["*"], Some("leads to an address inside"));
        }
        check("http://localhost/", &["*"], Some("leads to a name inside"));
        check("http://intranet/", &["*"], Some("leads to a name inside"));
        check("http://intranet/", &["intranet"], None);
        check("http://[2001:db8::7]:8080/", &["*"], None);
        check("http://3405803783/", &["*"], Some("leads to an address in disguise"));
        check("http://203.0.113.7/", &["*"], None);
    }
}
