//! Where a request sends something: hosts, domains of mail addresses, and people's addresses and accounts by fingerprint.
//!
//! A host counts where a parameter is an address by its form (`https://…`, also inside a command) or by its name (`host`,
//! `domain`); a link in a text that is only talked about (`body`, `message`) does not.

use std::collections::BTreeSet;

use aop_toon::{Finding, Value};

/// Parameters that hold prose. What stands there is said, not sent to.
const PROSE: &[&str] = &[
    "body",
    "caption",
    "comment",
    "content",
    "description",
    "html",
    "markdown",
    "message",
    "note",
    "notes",
    "prompt",
    "subject",
    "summary",
    "text",
    "title",
];

/// Parameters that hold a host without a scheme.
const HOSTS: &[&str] = &["domain", "endpoint", "host", "hostname", "server", "site"];

/// Parameters that name who gets something.
const RECIPIENTS: &[&str] = &[
    "account",
    "address",
    "bcc",
    "beneficiary",
    "cc",
    "dest",
    "destination",
    "email",
    "iban",
    "number",
    "payee",
    "phone",
    "receiver",
    "recipient",
    "recipients",
    "target",
    "to",
    "wallet",
];

/// A host's labels that are shown; longer names are cut in front, so that data in a name's labels makes no new destination.
const LABELS_MAX: usize = 3;
/// A longer label is not shown.
const LABEL_BYTES_MAX: usize = 24;

/// The hosts, and the domains of mail addresses, that a request's parameters name.
pub(super) fn of_params(params: Value<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for value in params.descendants() {
        let Some(content) = value.content().filter(|content| content.len() >= 3) else { continue };
        let may_have = memchr::memchr2(b'@', b':', content.as_bytes()).is_some() || content.contains('.');
        if !may_have {
            continue;
        }
        let name = name_of(value);
        if is_any(&name, PROSE) {
            continue;
        }
        let text = value.as_str().unwrap_or_default();
        urls(&text, &mut found);
        if text.contains('@') {
            found.extend(text.split([' ', ',', ';', '<', '>', '"', '\n', '\t']).filter_map(mail_domain));
        }
        if is_any(&name, HOSTS) {
            found.extend(host(text.trim()).filter(|host| host.contains(['.', ':'])));
        }
    }
    found
}

/// The recipients among what was found in a request, by their fingerprints.
pub(super) fn of_findings(findings: &[Finding]) -> impl Iterator<Item = String> {
    findings.iter().filter_map(|finding| {
        let (print, entity) = (finding.fingerprint.as_deref()?, finding.entity.as_deref()?);
        let inside = finding.path.as_deref()?.strip_prefix("/payload/params/")?;
        let name = inside.rsplit('/').find(|token| !token.bytes().all(|byte| byte.is_ascii_digit()))?;
        (entity != "SECRET" && finding.at.is_none() && is_any(name, RECIPIENTS)).then(|| format!("{entity} {print}"))
    })
}

/// The key a value stands under; of an array's item, the array's.
fn name_of(value: Value<'_>) -> String {
    let mut at = Some(value);
    while let Some(value) = at {
        if let Some(key) = value.key() {
            return key.as_str().into_owned();
        }
        at = value.parent();
    }
    String::new()
}

/// Whether a parameter's name is one of these, or ends with one after a `_` or `-`: `recipient_email`.
fn is_any(name: &str, names: &[&str]) -> bool {
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or(name);
    names.iter().any(|known| name.eq_ignore_ascii_case(known) || last.eq_ignore_ascii_case(known))
}

/// The hosts of all `scheme://host` in a text.
fn urls(text: &str, found: &mut BTreeSet<String>) {
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let is_scheme = rest[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        rest = &rest[at + 3..];
        if is_scheme {
            found.extend(host(rest));
        }
    }
}

/// The host at the beginning of what follows a scheme: what stands before the path, without user and port.
fn host(text: &str) -> Option<String> {
    let end =
        text.find(|c: char| c.is_whitespace() || c.is_control() || "/?#\\\"'<>|`){}".contains(c)).unwrap_or(text.len());
    let authority = &text[..end];
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(inner) = authority.strip_prefix('[') {
        let (address, _) = inner.split_once(']')?;
        let address: std::net::Ipv6Addr = address.parse().ok()?;
        return Some(address.to_string());
    }
    let name = authority.split_once(':').map_or(authority, |(name, _)| name).trim_end_matches('.');
    (!name.is_empty() && name.len() <= 253 && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)))
        .then(|| shown_host(name))
}

/// The domain of a mail address, with an `@` before it.
fn mail_domain(word: &str) -> Option<String> {
    let word = word.trim_end_matches(['.', ')', ']', '\'']).trim_start_matches(['(', '[', '\'']);
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    let (local, domain) = word.split_once('@')?;
    let is_domain = domain.contains('.') && !domain.contains(['@', '/', ':']) && !local.contains(['/', ':']);
    (is_domain && !local.is_empty()).then(|| host(domain)).flatten().map(|domain| format!("@{domain}"))
}

/// A host as it is kept: in small letters, its last labels.
fn shown_host(name: &str) -> String {
    let name = name.to_lowercase();
    if name.parse::<std::net::Ipv4Addr>().is_ok() {
        return name;
    }
    let labels: Vec<&str> = name.split('.').collect();
    let from = labels.len().saturating_sub(LABELS_MAX);
    let shown = |(place, label): (usize, &&str)| {
        let is_own = place + from + 2 < labels.len();
        if is_own && label.len() > LABEL_BYTES_MAX { "*".to_owned() } else { (*label).to_owned() }
    };
    let kept: Vec<String> = labels[from..].iter().enumerate().map(shown).collect();
    format!("{}{}", if from > 0 { "*." } else { "" }, kept.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aop_toon::{Document, Limits};

    #[track_caller]
    fn check(params: &str, expected: &[&str]) {
        let document = Document::parse(params.as_bytes(), &Limits::default()).expect("it is JSON");
        assert_eq!(of_params(document.root()).into_iter().collect::<Vec<_>>(), expected, "{params}");
    }

    #[test]
    fn hosts_and_mail_domains_are_found() {
        check(r#"{"url":"https://user:pw@Files.Example.org:8443/a?b=@c"}"#, &["files.example.org"]);
        check(
            r#"{"command":"curl -T notes.txt https://drop.example/x && wget http:\/\/b.example"}"#,
            &["b.example", "drop.example"],
        );
        check(
            r#"{"to":["ann@one.example","Bob <bob@Two.example>"],"cc":"c@one.example; d@three.example"}"#,
            &["@one.example", "@three.example", "@two.example"],
        );
        check(r#"{"host":"db.example.org","server_host":"10.0.0.7:5432"}"#, &["10.0.0.7", "db.example.org"]);
        check(r#"{"url":"http://[2001:db8::1]:80/"}"#, &["2001:db8::1"]);
    }

    #[test]
    fn what_is_only_said_is_no_destination() {
        check(r#"{"body":"see https://x.example and mail a@b.example","subject":"about c@d.example"}"#, &[]);
        check(r#"{"path":"/srv/data/file.txt","version":"1.2.3","ratio":"3:4","handle":"@somebody"}"#, &[]);
        check(r#"{"host":"localhost","url":"mailto","q":"a://"}"#, &[]);
    }

    #[test]
    fn data_in_a_name_makes_no_new_destination() {
        check(r#"{"url":"http://aa.bb.cc.t.example.net/"}"#, &["*.t.example.net"]);
        check(r#"{"url":"http://0123456789abcdef0123456789abcdef.example.net/"}"#, &["*.example.net"]);
    }

    #[test]
    fn recipients_are_known_by_fingerprint() {
        use crate::rule::Rule;
        static RULE: Rule = Rule { id: "pii/email", ..Rule::PII };
        let at = |path: &str| Finding {
            path: Some(path.to_owned()),
            entity: Some("EMAIL_ADDRESS".into()),
            fingerprint: Some("0123456789abcdef".to_owned()),
            ..RULE.finding("e-mail address")
        };
        let found: Vec<String> =
            of_findings(&[at("/payload/params/to/0"), at("/payload/params/body"), at("/payload/result/to")]).collect();
        assert_eq!(found, ["EMAIL_ADDRESS 0123456789abcdef"]);
    }
}
