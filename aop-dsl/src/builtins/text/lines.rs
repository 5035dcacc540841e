//! `lines`

use crate::builtins::prelude::*;

pub(in crate::builtins) static LINES: Builtin = Builtin {
    name: "lines",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The lines of a text, without their ends (`\\n` or `\\r\\n`).",
    examples: &[example(r#"lines("one\r\ntwo\n")"#, r#"["one", "two"]"#)],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = cow(arguments, 0)?;
    parts(text, text.lines())
}
