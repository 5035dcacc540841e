//! `trim`

use crate::builtins::prelude::*;

pub(in crate::builtins) static TRIM: Builtin = Builtin {
    name: "trim",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The text without the white space at its ends.",
    examples: &[example(r#"trim("  hi\n")"#, r#""hi""#)],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = cow(arguments, 0)?;
    Ok(part(text, text.trim()))
}
