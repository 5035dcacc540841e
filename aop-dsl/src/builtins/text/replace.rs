//! `replace`

use crate::builtins::prelude::*;
use crate::value::TEXT_MAX;

pub(in crate::builtins) static REPLACE: Builtin = Builtin {
    name: "replace",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text]), required("old", &[Accepts::Text]), required("new", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The text with each occurrence of `old` replaced, from left to right.",
    examples: &[example(r#"replace("a-b-c", "-", "/")"#, r#""a/b/c""#), example(r#"replace("abc", "", "x")"#, r#""abc""#)],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (text, old, new) = (cow(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
    if old.is_empty() {
        return Ok(Value::Text(text.clone()));
    }
    if text.len() <= TEXT_MAX && !text.contains(old) {
        return Ok(Value::Text(text.clone()));
    }
    // Where even as many as there is room for would not be too long, they need not be counted.
    let is_too_long = |found: usize| found.saturating_mul(new.len()) > TEXT_MAX;
    if is_too_long(text.len() / old.len()) && is_too_long(text.matches(old).count()) {
        return Err(TOO_LONG);
    }
    owned(text.replace(old, new))
}
