//! `length`

use crate::builtins::prelude::*;

pub(in crate::builtins) static LENGTH: Builtin = Builtin {
    name: "length",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "How many characters a text has.",
    examples: &[example(r#"length("Straße")"#, "6"), example(r#""".length"#, "0")],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    count(text(arguments, 0)?.chars().count())
}

pub(in crate::builtins) static LENGTH_OF_LIST: Builtin = Builtin {
    name: "length",
    group: Group::List,
    parameters: &[required("list", &[Accepts::List])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "How many items a list or set has, doubles included.",
    examples: &[example(r#"length(["a", "b", "a"])"#, "3"), example("[].length", "0")],
    cost: Cost::Steps(4),
    run: run_list,
};

fn run_list<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    count(list(arguments, 0)?.len())
}
