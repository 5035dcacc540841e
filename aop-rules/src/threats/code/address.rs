//! Addresses that lead inside: to a cloud's metadata, or to this machine and its network in disguise.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use memchr::{memchr_iter, memmem};

use super::ends::{ends, words_alone};
use crate::rule::Rule;
use crate::scan::{Look, Match, Parameter, Recognizer};

/// `threats/ssrf`
pub static RULE: Rule = Rule {
    id: "threats/ssrf",
    summary: "address that leads inside",
    why: "Whoever fetches from within a cloud gets the machine's keys from its metadata address, and reaches what no one outside does. \
          Left alone: `localhost` and private addresses as they are plainly written, which agents that write programs use all day; a \
          policy says which hosts an action may call.",
    source: "CWE-918; OWASP, Server Side Request Forgery Prevention Cheat Sheet; RFC 1918, RFC 3986 section 7.4, RFC 4291 section 2.5.5, \
             RFC 6890; the metadata addresses as AWS, Google Cloud, Azure, Alibaba and Oracle document them",
    ..Rule::ATTACK
};

/// Finds such addresses.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://2130706433/admin",
        "http://0x7f.1/",
        "http://0251.0376.0251.0376/",
        "http://[::ffff:10.0.0.5]/",
        "http://[fd00:ec2::254]/latest/",
        "https://bank.example.com@127.0.0.1/",
        "http://10.0.0.1.nip.io/status",
        "gopher://127.0.0.1:6379/_INFO",
        r#"{"command": "curl -s 169.254.169.254/latest/user-data"}"#,
        r#"{"url": "file:///opt/app/settings"}"#,
        r#"{"webhook_url": "ldap://10.0.0.2/x"}"#,
    ],
    misses: &[
        "http://localhost:3000/health",
        "http://192.168.1.20/status",
        "http://127.0.0.1:8080",
        "https://git@example.com/team/app.git",
        "https://ann:secret@files.example/a",
        "export NO_PROXY=localhost,127.0.0.1,169.254.169.254",
        "https://example.com/1/2",
        "version 127.1 of the file",
        "http://[2001:db8::1]/",
        "ldap://ldap.example.com/dc=example",
    ],
}];

/// So much of an address is looked at: its host stands at its begin.
const ADDRESS_BYTES_MAX: usize = 4096;
/// So many addresses of a value are looked at.
const ADDRESSES_MAX: usize = 32;

/// Where a value leads inside.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    let text = parameter.text;
    if parameter.is_key || text.len() < 8 {
        return None;
    }
    if !parameter.bytes().has_all(b":/") && !may_be_bare(parameter) {
        return None;
    }
    // A document may tell of addresses; one that stands alone in it is asked for.
    let is_document = memchr_iter(b'\n', text.trim_ascii_end().as_bytes()).nth(3).is_some();
    let words = is_document.then(|| words_alone(text)).into_iter().flatten();
    let parts = (!is_document).then_some(0..text.len()).into_iter().chain(words);
    let span = parts.flat_map(|part| ends(text, part)).find_map(|part| in_part(parameter, part))?;
    Some(Match { start: span.start, end: span.end, score: 0.85 })
}

fn in_part(parameter: &Parameter<'_>, part: Range<usize>) -> Option<Range<usize>> {
    let text = &parameter.text[part.clone()];
    let mut addresses = memmem::find_iter(text.as_bytes(), b"://").take(ADDRESSES_MAX);
    let span = addresses.find_map(|at| address(parameter, part.start + at));
    let by_host = || {
        let found = if may_be_bare(parameter) { bare(text) } else { None };
        found.map(|found| part.start + found.start..part.start + found.end)
    };
    span.or_else(by_host)
}

/// An address whose `://` is at an offset.
fn address(parameter: &Parameter<'_>, colon: usize) -> Option<Range<usize>> {
    let text = parameter.text;
    let is_scheme = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let length = text.as_bytes()[..colon].iter().rev().take(16).take_while(is_scheme).count();
    let start = colon - length;
    let scheme = &text[start..colon];
    let rest = &text[colon + 3..];
    let rest = &rest[..rest.floor_char_boundary(ADDRESS_BYTES_MAX)];
    let end = rest
        .find(|next: char| next.is_whitespace() || matches!(next, '"' | '\'' | '<' | '>' | '`' | ')' | '|' | ';'))
        .unwrap_or(rest.len());
    let rest = &rest[..end];
    let span = start..colon + 3 + end;
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let is = |schemes: &[&str]| schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if is(&["gopher", "dict", "netdoc", "jar"]) && !rest.is_empty() {
        return Some(span);
    }
    let is_whole = text[..span.start].bytes().all(|byte| byte.is_ascii_whitespace());
    if is(&["file", "ldap", "ldaps", "tftp", "sftp"]) && is_whole && asks_for_address(parameter.name) {
        // A directory or file server with a name is somebody's.
        let is_named = !is(&["file"]) && !is_inside_host(authority);
        return (!is_named).then_some(span);
    }
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let ends_in_dot = host.split(':').next().is_some_and(|name| name.ends_with('.'));
    let host = host_of(host);
    if ends_in_dot && parse_v4(host).is_some_and(|(address, _)| is_inside(address)) {
        return Some(span);
    }
    if is_metadata(host) || is_disguised(host) || is_rebinding(host) {
        return Some(span);
    }
    // The name before the `@` is what a reader takes for the host.
    let poses = poses_as_host(user) && (parse_v4(host).is_some() || host.starts_with('[') || has_no_password(user));
    poses.then_some(span)
}

/// Whether what stands before an `@` is a name alone, or a name and a port.
fn has_no_password(user: &str) -> bool {
    user.split_once(':')
        .is_none_or(|(_, port)| !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The host without its port and its last full stop.
fn host_of(host: &str) -> &str {
    let host = if host.starts_with('[') {
        host.find(']').map_or(host, |close| &host[..=close])
    } else {
        host.split(':').next().unwrap_or_default()
    };
    host.strip_suffix('.').unwrap_or(host)
}

/// Whether a key asks for an address, by its last word.
fn asks_for_address(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [
        "url", "uri", "link", "href", "webhook", "callback", "endpoint", "target", "feed", "image", "redirect", "location",
        "address", "host",
    ]
    .iter()
    .any(|end| lower.ends_with(end))
}

/// The hosts by which clouds tell a machine about itself.
fn is_metadata(host: &str) -> bool {
    const NAMES: &[&str] = &[
        "metadata.google.internal",
        "metadata.goog",
        "instance-data",
        "instance-data.ec2.internal",
        "metadata.azure.internal",
        "metadata.tencentyun.com",
    ];
    if NAMES.iter().any(|name| host.eq_ignore_ascii_case(name)) {
        return true;
    }
    match parse(host) {
        Some((IpAddr::V4(address), _)) => is_metadata_v4(address),
        Some((IpAddr::V6(address), _)) => {
            address == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254) || inner_v4(address).is_some_and(is_metadata_v4)
        }
        None => false,
    }
}

fn is_metadata_v4(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [169, 254, 169, 254] | [169, 254, 170, 2] | [100, 100, 100, 200] | [192, 0, 0, 192])
}

/// Whether a host is an inside address that is not written as people write it.
fn is_disguised(host: &str) -> bool {
    match parse(host) {
        Some((IpAddr::V4(address), is_plain)) => !is_plain && is_inside(address),
        Some((IpAddr::V6(address), _)) => inner_v4(address).is_some_and(is_inside),
        None => false,
    }
}

fn is_inside(address: Ipv4Addr) -> bool {
    let is_shared = matches!(address.octets(), [100, second, ..] if second & 0xc0 == 64);
    address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified() || is_shared
}

/// Whether a host's name or address is plainly this machine or its network.
fn is_inside_host(authority: &str) -> bool {
    let host = host_of(authority);
    host.is_empty()
        || host.eq_ignore_ascii_case("localhost")
        || matches!(parse(host), Some((IpAddr::V4(address), _)) if is_inside(address))
}

/// The address in one of the sixth version: mapped, compatible or translated.
fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let is_mapped = [a, b, c, d, e] == [0; 5] && f == 0xffff;
    let is_compatible = [a, b, c, d, e, f] == [0; 6] && g != 0;
    let is_translated = [a, b, c, d, e, f] == [0x64, 0xff9b, 0, 0, 0, 0];
    let octets = || Ipv4Addr::from((u32::from(g) << 16) | u32::from(h));
    (is_mapped || is_compatible || is_translated).then(octets)
}

/// An address, and whether it is written as people write it.
fn parse(host: &str) -> Option<(IpAddr, bool)> {
    if let Some(inside) = host.strip_prefix('[') {
        let inside = inside.strip_suffix(']')?;
        let inside = inside.split('%').next().unwrap_or_default();
        return inside.parse().ok().map(|address: Ipv6Addr| (IpAddr::V6(address), true));
    }
    parse_v4(host).map(|(address, is_plain)| (IpAddr::V4(address), is_plain))
}

/// One to four numbers, each decimal, octal or hexadecimal, as `inet_aton` reads them.
fn parse_v4(host: &str) -> Option<(Ipv4Addr, bool)> {
    if host.is_empty() || host.len() > 48 || !host.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let mut numbers = Vec::with_capacity(4);
    let mut is_plain = true;
    for part in host.split('.') {
        let (digits, radix) = match part.as_bytes() {
            [b'0', b'x' | b'X', ..] => (&part[2..], 16),
            [b'0', _, ..] => (&part[1..], 8),
            _ => (part, 10),
        };
        is_plain &= radix == 10;
        // What overflows wraps around in some readers; a number of more digits is none.
        let number = u64::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))?;
        numbers.push(number);
        if numbers.len() > 4 {
            return None;
        }
    }
    is_plain &= numbers.len() == 4;
    let (last, head) = numbers.split_last()?;
    let mut value = 0_u64;
    for (index, number) in head.iter().enumerate() {
        is_plain &= *number < 256;
        value |= (number & 0xff) << (24 - 8 * index);
    }
    let bits = 8 * (4 - head.len());
    is_plain &= *last >> bits == 0;
    value |= last & ((1 << bits) - 1);
    Some((Ipv4Addr::from(u32::try_from(value).ok()?), is_plain))
}

/// Names that stand for the address they have in them.
fn is_rebinding(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    if ["rbndr.us", "1u.ms", "rebind.network"].iter().any(|end| lower.ends_with(end)) {
        return true;
    }
    let Some(name) = ["nip.io", "sslip.io", "xip.io", "traefik.me", "ip.addr.tools"]
        .iter()
        .find_map(|end| lower.strip_suffix(end)?.strip_suffix('.'))
    else {
        return false;
    };
    let labels: Vec<&str> = name.split('.').collect();
    let of_labels = labels
        .windows(4)
        .any(|four| parse_v4(&four.join(".")).is_some_and(|(address, _)| is_inside(address) || is_metadata_v4(address)));
    let of_dashes = labels.iter().any(|label| {
        let parts: Vec<&str> = label.split('-').collect();
        parts
            .windows(4)
            .any(|four| parse_v4(&four.join(".")).is_some_and(|(address, _)| is_inside(address) || is_metadata_v4(address)))
    });
    let of_hex = labels.last().is_some_and(|label| {
        label.len() == 8 && u32::from_str_radix(label, 16).is_ok_and(|bits| is_inside(Ipv4Addr::from(bits)))
    });
    of_labels || of_dashes || of_hex
}

/// Whether what stands before an `@` looks like a host: `bank.example.com`.
fn poses_as_host(user: &str) -> bool {
    const ENDS: &[&str] = &["com", "org", "net", "io", "dev", "edu", "gov", "co", "app", "ai", "uk", "de", "fr"];
    let name = user.split([':', '&', '#', '?']).next().unwrap_or_default();
    name.rsplit_once('.')
        .is_some_and(|(head, end)| !head.is_empty() && ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// The hosts by which commands ask for the metadata.
const HOSTS: &[&str] = &["169.254.169.254", "metadata.google.internal", "100.100.100.200", "169.254.170.2"];

/// Whether all signs of one of those hosts are there.
fn may_be_bare(parameter: &Parameter<'_>) -> bool {
    HOSTS.iter().any(|host| parameter.bytes().has_all(host.as_bytes()))
}

/// The metadata's address without a scheme, as commands have it, where something is asked of it.
fn bare(text: &str) -> Option<Range<usize>> {
    HOSTS.iter().find_map(|host| {
        memmem::find_iter(text.as_bytes(), host.as_bytes()).take(4).find_map(|at| {
            let (before, behind) = (&text[..at], &text[at + host.len()..]);
            let begins = before.is_empty() || before.ends_with([' ', '"', '\'', '=', '/']);
            let asks = ["/latest", "/metadata", "/computeMetadata", "/opc", "/v1", "/v2", "/openstack"]
                .iter()
                .any(|path| behind.starts_with(path));
            let is_all = before.trim().is_empty()
                && behind.trim_start_matches(':').trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'/');
            (begins && asks || is_all).then_some(at..at + host.len())
        })
    })
}
