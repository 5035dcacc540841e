//! `urls`

use super::scan;
use crate::builtins::prelude::*;

pub(in crate::builtins) static URLS: Builtin = Builtin {
    name: "urls",
    group: Group::Page,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::list(Type::Url),
    result_text: "list<url>",
    property: false,
    summary: "The URLs that a text mentions: what has a scheme and `//`, or starts with `www.`.",
    examples: &[example(
        r#"urls("see https://Example.org/a, or www.example.com.")"#,
        r#"[url"https://example.org/a", url"http://www.example.com/"]"#,
    )],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    texts(scan::urls(text(arguments, 0)?))
}
