//! `domains`

use super::scan;
use crate::builtins::prelude::*;

pub(in crate::builtins) static DOMAINS: Builtin = Builtin {
    name: "domains",
    group: Group::Page,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::list(Type::Domain),
    result_text: "list<domain>",
    property: false,
    summary: "The domains that a text mentions: in URLs and e-mail addresses, and by themselves when they end in a well-known top-level domain. Each is named once.",
    examples: &[example(
        r#"domains("mail bob@example.org or see evil.com and https://example.org/x; not report.pdf")"#,
        r#"[domain"example.org", domain"evil.com"]"#,
    )],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    texts(scan::domains(text(arguments, 0)?))
}
