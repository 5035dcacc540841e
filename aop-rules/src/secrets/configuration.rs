//! Secrets in files of configuration, each known by the file's own form: Kubernetes, NuGet, Terraform, Bundler.

use std::ops::Range;

use super::assignment;
use super::placeholder::{is_placeholder, is_template};
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::text::words::Name;

/// Finds secrets by the file they stand in.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/kubernetes-secret-yaml",
            summary: "data of a Kubernetes Secret",
            why: "The values are base64, not encrypted: who reads the manifest reads the secret. The entries under `data` are \
                  marked as one. Left alone: templates, empty and very short values, sealed and external secrets, which hold \
                  none.",
            source: "Kubernetes documentation, \"Secrets\" (`kind: Secret`, field `data`)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("kind:")], verify: kubernetes },
        hits: &[
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n  password: OXNkOEZrcTJzaG9w\n",
            "apiVersion: v1\ndata:\n  dockercfg: |\n    eyJhdXRocyI6eyJyZWdpc3RyeSI6e319fQ==\nkind: \"Secret\"\n",
        ],
        misses: &[
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  password: OXNkOEZrcTJzaG9w\n",
            "apiVersion: v1\nkind: Secret\ndata:\n  password: {{ .Values.password }}\n",
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  data:\n    password: OXNkOEZrcTJzaG9w\n",
            "apiVersion: v1\nkind: Secret\ndata:\n  password: ''\n",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/nuget-config-password",
            summary: "password of a NuGet source",
            why: "`ClearTextPassword` is what the name says. Left alone: variables between percent signs, very short values.",
            source: "Microsoft Learn, \"nuget.config reference\", packageSourceCredentials",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("ClearTextPassword")], verify: nuget },
        hits: &[
            "<add key=\"ClearTextPassword\" value=\"Qu1et!Harbour\" />",
            "<add  key='ClearTextPassword'\n  value='9sd8F!kq2x' />",
        ],
        misses: &[
            "<add key=\"ClearTextPassword\" value=\"%NUGET_PASSWORD%\" />",
            "<add key=\"ClearTextPassword\" value=\"x\" />",
            "<add key=\"Username\" value=\"Qu1et!Harbour\" />",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/hashicorp-tf-password",
            summary: "administrator's password in a Terraform file",
            why: "Terraform files are kept in version control, and what they set up is reachable. Left alone: variables and \
                  references.",
            source: "Terraform documentation, arguments of database resources (`administrator_login_password`, `master_password`)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("login_password"),
                Anchor::Literal("master_password"),
                Anchor::Literal("administrator_password"),
                Anchor::Literal("admin_password"),
                Anchor::Literal("master_user_password"),
            ],
            verify: terraform,
        },
        hits: &["administrator_login_password = \"Qu1etHarbour\"", "  master_password      = \"9sd8F!kq2x\"\n"],
        misses: &[
            "administrator_login_password = var.password",
            "master_password = \"${var.password}\"",
            "administrator_login_password = \"short\"",
            "master_password: \"Qu1etHarbour\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sidekiq-sensitive-url",
            summary: "Sidekiq licence in a URL",
            why: "The two numbers before the host are the customer's licence for the paid packages.",
            source: "Sidekiq wiki, \"Commercial FAQ\" (gems.contribsys.com, enterprise.contribsys.com)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal(".contribsys.com")], verify: sidekiq_url },
        hits: &[
            "https://4f1c0d2b:7a9e8831@gems.contribsys.com/",
            "source \"http://4f1c0d2b:7a9e8831@enterprise.contribsys.com\"",
        ],
        misses: &[
            "https://gems.contribsys.com/",
            "https://4f1c0d2:7a9e8831@gems.contribsys.com",
            "https://user:7a9e8831@gems.contribsys.com",
        ],
    },
];

/// How far the `data` of a manifest is looked for, to both sides.
const MANIFEST_BYTES: usize = 1024;
/// Shorter values are `true`, a name, a port.
const ENCODED_BYTES_MIN: usize = 10;

fn kubernetes(candidate: &Candidate<'_>) -> Option<Match> {
    let text = candidate.text;
    let line_end = line_end(text, candidate.end, 64)?;
    let kind = text.get(candidate.end..line_end)?.trim().trim_matches(['"', '\'']);
    let line_start = candidate.start == 0 || matches!(candidate.byte_before(candidate.start), Some(b'\n' | b' ' | b'\t'));
    if !line_start || !kind.eq_ignore_ascii_case("secret") {
        return None;
    }
    let from = text.ceil_char_boundary(candidate.start.saturating_sub(MANIFEST_BYTES));
    let to = text.floor_char_boundary(text.len().min(line_end + MANIFEST_BYTES));
    let from = text[from..candidate.start].rfind("\n---").map_or(from, |at| from + at + 4);
    let to = text[line_end..to].find("\n---").map_or(to, |at| line_end + at);
    let entries = entries_of_data(&text[from..to])?;
    Some(Match { start: from + entries.start, end: from + entries.end, score: 0.95 })
}

fn line_end(text: &str, at: usize, most: usize) -> Option<usize> {
    let length = text.as_bytes()[at..].iter().take(most).take_while(|&&byte| byte != b'\n').count();
    (length < most).then_some(at + length)
}

/// From the first entry of `data` that holds a value in base64 to the end of the last one.
fn entries_of_data(manifest: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let mut data_indent = None;
    let mut key_start = None;
    let mut found: Option<Range<usize>> = None;
    for line in manifest.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        let Some(data) = data_indent else {
            if content == "data:" {
                data_indent = Some(indent);
            }
            continue;
        };
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if indent <= data {
            break;
        }
        let own = start + indent;
        let value = match content.split_once(':') {
            Some((_, value)) => {
                key_start = Some(own);
                value.trim().trim_matches(['"', '\''])
            }
            None => content,
        };
        let is_encoded = value.len() >= ENCODED_BYTES_MIN
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
        if is_encoded {
            let end = own + content.len();
            let first = found.map_or(key_start.unwrap_or(own), |found| found.start);
            found = Some(first..end);
        }
    }
    found
}

fn nuget(candidate: &Candidate<'_>) -> Option<Match> {
    const GAP_BYTES_MAX: usize = 32;
    let rest = &candidate.bytes()[candidate.end..];
    let gap = rest
        .iter()
        .take(GAP_BYTES_MAX)
        .take_while(|byte| matches!(byte, b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n'))
        .count();
    let at = candidate.end + gap;
    let is_value = rest[gap..].starts_with(b"value=") && matches!(rest.get(gap + 6), Some(b'"' | b'\''));
    let quote = rest.get(gap + 6).copied().filter(|_| is_value)?;
    let start = at + 7;
    let length = candidate.bytes()[start..].iter().take(256).take_while(|&&byte| byte != quote && byte != b'\n').count();
    let value = candidate.text.get(start..start + length)?;
    let is_variable = value.starts_with('%') && value.ends_with('%');
    let is_found = candidate.byte(start + length) == Some(quote)
        && value.len() >= 8
        && !is_variable
        && !is_template(value)
        && !is_placeholder(value);
    is_found.then_some(Match { start, end: start + length, score: 0.95 })
}

fn terraform(candidate: &Candidate<'_>) -> Option<Match> {
    let found = assignment::around(candidate.text, candidate.start..candidate.end)?;
    let value = &candidate.text[found.value.clone()];
    let name = Name::new(found.name);
    let says_password = name.as_str().ends_with("password");
    let sign = candidate.text[candidate.end..found.value.start].trim_start();
    let is_found = says_password
        && sign.starts_with('=')
        && found.is_quoted
        && value.len() >= 8
        && !value.contains(' ')
        && !is_template(value)
        && !is_placeholder(value);
    is_found.then_some(Match { start: found.value.start, end: found.value.end, score: 0.9 })
}

fn sidekiq_url(candidate: &Candidate<'_>) -> Option<Match> {
    let before = &candidate.bytes()[..candidate.start];
    let host = [b"@gems".as_slice(), b"@enterprise"].into_iter().find(|host| before.ends_with(host))?;
    let end = candidate.start - host.len();
    let start = end.checked_sub(17)?;
    let pair = &candidate.bytes()[start..end];
    let is_pair = pair.iter().enumerate().all(|(at, byte)| if at == 8 { *byte == b':' } else { byte.is_ascii_hexdigit() });
    (is_pair && before[..start].ends_with(b"//")).then_some(Match { start, end, score: 0.95 })
}
