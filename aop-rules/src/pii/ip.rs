//! IP addresses, version 4 and 6, with a prefix length when one follows.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use aop_toon::{Effect, Phase, Severity};

use crate::rule::{Rule, Status};
use crate::scan::site::has_context;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::text::words;

/// `pii/ip`
pub static RULE: Rule = Rule {
    id: "pii/ip",
    validator: "pii_detector",
    severity: Severity::Info,
    effect: Some(Effect::Flag),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "IP address",
    why: "An address can be traced to a household, and the GDPR counts it as personal data. Left alone: addresses that are \
          nobody's (unspecified, loopback, broadcast, netmasks and all from 240.0.0.0 on), and four numbers that the \
          text calls a version.",
    source: "RFC 791, RFC 4291 and RFC 5952 (forms); RFC 6890 (addresses that are nobody's)",
};

/// Finds `IP_ADDRESS`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "IP_ADDRESS",
    region: None,
    look: Look::Code { anchors: &[Anchor::Digits(4), Anchor::Colon], verify },
    hits: &[
        "from 198.51.100.23, twice",
        "http://203.0.113.9:8080/x",
        "198.51.100.0/24",
        "at [2001:db8::5c1e:29f:81a4]:443",
        "fe80::1",
        "ping fe80::4%wlan1/64",
        "::ffff:192.0.2.1",
        "2001:DB8:0:0:8:800:200C:417A",
        "login from 5.6.7.8",
        "5.6.7.8:443",
        r#"{"remote": "5.6.7.8"}"#,
    ],
    misses: &[
        "127.0.0.1:8080",
        "0.0.0.0",
        "::1",
        "255.255.255.0",
        "version 10.4.1.9",
        "package 10.4.1.9 released",
        "Chrome/131.0.6778.85",
        "Chrome/126.0.0.0 Safari",
        "v1.2.3.4",
        "1.2.3.4.5",
        "300.1.1.1",
        "1.02.3.4",
        "12:34:56",
        "00:1b:44:11:3a:b7",
        "std::cout",
        "dead::beef",
        "a1::b2::c3",
        "openssl 3.0.2.1",
        "needs libfoo 12.10.2.1",
        "upgrade to 3.0.2.1 soon",
        "2.5.4.3",
        "cn is 2.5.29.17",
        "12:34:56:78:9a:bc:de:f0",
    ],
}];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let (start, end, longest_prefix, score) = match candidate.byte(candidate.start)? {
        b':' => version_6(candidate)?,
        _ => version_4(candidate)?,
    };
    Some(Match { start, end: end + prefix_length(candidate, end, longest_prefix), score })
}

type Address = (usize, usize, u32, f64);

fn version_4(candidate: &Candidate<'_>) -> Option<Address> {
    let start = candidate.start;
    let rest = &candidate.bytes()[start..];
    let mut octets = [0u8; 4];
    let mut at = 0;
    for (place, octet) in octets.iter_mut().enumerate() {
        if place > 0 {
            rest.get(at).filter(|&&byte| byte == b'.')?;
            at += 1;
        }
        let digits = rest[at..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(&rest[at..at + digits]).ok()?;
        *octet = text.parse().ok().filter(|_| digits == 1 || !text.starts_with('0'))?;
        at += digits;
    }
    let end = start + at;
    let address = Ipv4Addr::from(octets);
    let is_nobodys = address.is_unspecified() || address.is_loopback() || octets[0] >= 240 || octets[0] == 0;
    let digit = |at: Option<usize>| at.and_then(|at| candidate.byte(at)).is_some_and(|byte| byte.is_ascii_digit());
    let is_fraction = candidate.byte_before(start) == Some(b'.') && digit(start.checked_sub(2));
    let continues = matches!(candidate.byte(end), Some(b'.' | b'-')) && digit(Some(end + 1));
    if !candidate.stands_alone(start..end) || is_version(candidate, start, end) || is_fraction {
        return None;
    }
    let is_doubtful = || looks_like_numbering(&octets, candidate, start..end);
    Some((start, end, 32, if is_nobodys || continues || is_doubtful() { WEAK } else { 0.9 }))
}

/// Whether the four numbers are likelier a version or an object identifier: below the arcs of X.500 (2.5.4 and 2.5.29), or of one
/// digit each in a text where nothing speaks of hosts.
fn looks_like_numbering(octets: &[u8; 4], candidate: &Candidate<'_>, span: Range<usize>) -> bool {
    let is_x500 = matches!(octets, [2, 5, 4 | 29, _]);
    let are_digits = octets.iter().all(|&octet| octet < 10);
    let is_of_host = || {
        let is_path = matches!(candidate.byte_before(span.start), Some(b'/' | b'@' | b'[' | b'('));
        let has_port = matches!(candidate.byte(span.end), Some(b':' | b'/'));
        let is_same = octets.iter().all(|octet| *octet == octets[0]);
        is_path
            || has_port
            || is_same
            || candidate.site.is_named(HOST_WORDS)
            || has_context(candidate.text, span.clone(), HOST_WORDS)
    };
    (is_x500 || are_digits && !candidate.is_whole(span.clone())) && !is_of_host()
}

/// Words of hosts and their traffic.
const HOST_WORDS: &[&str] = &[
    "ip",
    "ips",
    "ipv4",
    "address",
    "addr",
    "host",
    "hosts",
    "hostname",
    "server",
    "client",
    "peer",
    "remote",
    "source",
    "src",
    "dst",
    "from",
    "dns",
    "resolver",
    "nameserver",
    "gateway",
    "router",
    "subnet",
    "ping",
    "traceroute",
    "curl",
    "ssh",
    "connect",
    "connected",
    "connection",
    "login",
    "request",
    "proxy",
    "forwarded",
    "blocked",
    "firewall",
    "visitor",
];

/// Whether the text calls the four numbers a version: a key, a word before or after, or a product's name and a slash.
fn is_version(candidate: &Candidate<'_>, start: usize, end: usize) -> bool {
    let text = candidate.text;
    let product = candidate.byte_before(start) == Some(b'/')
        && start.checked_sub(2).and_then(|at| candidate.byte(at)).is_some_and(|byte| byte.is_ascii_alphabetic());
    product
        || words::before(text, start).take(2).any(|word| word.is_any(VERSION_WORDS))
        || words::before(text, start).next().is_some_and(|word| start - word.end <= 2 && is_software(word))
        || words::after(text, end).next().is_some_and(|word| word.is_any(&["released", "release", "version"]))
        || candidate.site.is_named(VERSION_WORDS)
}

const VERSION_WORDS: &[&str] =
    &["version", "versions", "ver", "v", "release", "build", "package", "upgraded", "firmware", "oid", "section"];

/// Whether a word is a program's name, so that numbers behind it are its version.
fn is_software(word: words::Word<'_>) -> bool {
    let is_library = word.text.len() > 3 && word.text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("lib"));
    is_library || word.is_any(PROGRAMS)
}

const PROGRAMS: &[&str] = &[
    "openssl",
    "chrome",
    "chromium",
    "edge",
    "firefox",
    "safari",
    "opera",
    "webkit",
    "electron",
    "java",
    "jdk",
    "jre",
    "python",
    "ruby",
    "perl",
    "php",
    "node",
    "npm",
    "dotnet",
    "net",
    "mono",
    "kernel",
    "linux",
    "windows",
    "android",
    "ios",
    "macos",
    "nginx",
    "apache",
    "tomcat",
    "mysql",
    "postgres",
    "postgresql",
    "redis",
    "mongodb",
    "oracle",
    "docker",
    "kubernetes",
    "git",
    "cmake",
    "gcc",
    "clang",
    "bios",
    "driver",
    "plugin",
    "sdk",
    "api",
    "app",
    "dll",
    "schema",
];

/// An address whose first colon is the anchor.
fn version_6(candidate: &Candidate<'_>) -> Option<Address> {
    let bytes = candidate.bytes();
    let lead = bytes[..candidate.start].iter().rev().take(5).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let start = candidate.start - lead;
    let before = candidate.byte_before(start);
    if lead > 4 || before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'.' | b'_')) {
        return None;
    }
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let length = bytes[start..].iter().take(LENGTH_MAX + 1).take_while(|byte| is_part(byte)).count();
    let text = candidate.text[start..start + length].trim_end_matches('.');
    let text = if text.ends_with("::") { text } else { text.trim_end_matches(':') };
    let address: Ipv6Addr = text.parse().ok()?;
    let end = start + text.len();
    // Eight pairs are an EUI-64, as interfaces and volumes have.
    let is_hardware = text.split(':').count() == 8 && text.split(':').all(|group| group.len() == 2);
    let is_nobodys = address.is_unspecified() || address.is_loopback() || is_hardware;
    if !candidate.stands_alone(start..end) || (is_path_of_names(text) && !is_nobodys) {
        return None;
    }
    Some((start, end + zone_length(candidate, end), 128, if is_nobodys { WEAK } else { 0.9 }))
}

/// How sure a form makes that is nobody's address or goes on like a version: told of only where the threshold is lowered.
const WEAK: f64 = 0.1;

/// How long the zone behind a link-local address is, `%` included: `fe80::1%eth0` (RFC 4007).
fn zone_length(candidate: &Candidate<'_>, end: usize) -> usize {
    let rest = candidate.bytes().get(end..).unwrap_or_default();
    let name =
        rest.iter().skip(1).take(15).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')).count();
    if rest.first() == Some(&b'%') && name > 0 { 1 + name } else { 0 }
}

/// The longest form: six groups and an embedded address of version 4.
const LENGTH_MAX: usize = 45;

/// Whether it reads as names with `::` between them, as programs have: `dead::beef`.
fn is_path_of_names(text: &str) -> bool {
    let mut groups = text.split(':').filter(|group| !group.is_empty());
    groups.clone().count() <= 2 && !groups.any(|group| group.len() >= 3 && group.bytes().any(|byte| byte.is_ascii_digit()))
}

/// How long the prefix length that follows an address is, slash included.
fn prefix_length(candidate: &Candidate<'_>, end: usize, longest: u32) -> usize {
    let rest = candidate.bytes().get(end..).unwrap_or_default();
    let digits = rest.iter().skip(1).take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let fits = rest.first() == Some(&b'/')
        && candidate
            .text
            .get(end + 1..end + 1 + digits)
            .and_then(|text| text.parse().ok())
            .is_some_and(|bits: u32| bits <= longest)
        && !candidate.byte(end + 1 + digits).is_some_and(|byte| byte.is_ascii_alphanumeric());
    if fits { 1 + digits } else { 0 }
}
