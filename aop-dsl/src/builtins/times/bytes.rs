//! `bytes`

use crate::builtins::prelude::*;

pub(in crate::builtins) static BYTES: Builtin = Builtin {
    name: "bytes",
    group: Group::Time,
    parameters: &[required("size", &[Accepts::Size])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "A size in bytes.",
    examples: &[example("bytes(64kb)", "64000"), example("(1kib).bytes", "1024")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    match value(arguments, 0)? {
        Value::Size(bytes) => Ok(Value::Number(Decimal::from(*bytes))),
        _ => Err(WRONG_TYPE),
    }
}

pub(in crate::builtins) static BYTES_OF_TEXT: Builtin = Builtin {
    name: "bytes",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "How many bytes a text takes in UTF-8.",
    examples: &[example(r#"bytes("Straße")"#, "7")],
    cost: Cost::Steps(2),
    run: run_text,
};

fn run_text<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    count(text(arguments, 0)?.len())
}
