//! `port`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static PORT: Builtin = Builtin {
    name: "port",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::Int.optional(),
    result_text: "int?",
    property: true,
    summary: "The port of a URL, or that of its scheme.",
    examples: &[
        example(r#"port(url"https://example.org/")"#, "443"),
        example(r#"port(url"http://example.org:8080/")"#, "8080"),
        example(r#"port(url"mailto:bob@example.org")"#, "absent"),
    ],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let port = Parts::of(text(arguments, 0)?).port_or_default().ok_or(Gap::Absent)?;
    count(port.into())
}
