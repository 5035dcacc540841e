//! `emails`

use super::scan;
use crate::builtins::prelude::*;

pub(in crate::builtins) static EMAILS: Builtin = Builtin {
    name: "emails",
    group: Group::Page,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::list(Type::Email),
    result_text: "list<email>",
    property: false,
    summary: "The e-mail addresses that a text mentions.",
    examples: &[example(
        r#"emails("write to Bob@Example.org, <eve@x.example>.")"#,
        r#"[email"bob@example.org", email"eve@x.example"]"#,
    )],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    texts(scan::emails(text(arguments, 0)?))
}
