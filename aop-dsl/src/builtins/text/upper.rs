//! `upper`

use crate::builtins::prelude::*;

pub(in crate::builtins) static UPPER: Builtin = Builtin {
    name: "upper",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The text in upper case.",
    examples: &[example(r#"upper("eur")"#, r#""EUR""#)],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    owned(text(arguments, 0)?.to_uppercase())
}
