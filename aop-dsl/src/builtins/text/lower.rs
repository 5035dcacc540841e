//! `lower`

use crate::builtins::prelude::*;

pub(in crate::builtins) static LOWER: Builtin = Builtin {
    name: "lower",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The text in lower case.",
    examples: &[example(r#"lower("Straße ÄB")"#, r#""straße äb""#)],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = cow(arguments, 0)?;
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Ok(Value::Text(text.clone()));
    }
    owned(text.to_lowercase())
}
