//! `is_base64`

use super::decode_base64::decode;
use crate::builtins::prelude::*;

pub(in crate::builtins) static IS_BASE64: Builtin = Builtin {
    name: "is_base64",
    group: Group::Encoding,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether a text of at least 16 characters is base64, in the standard or the URL alphabet, padded or not; line breaks do not matter.",
    examples: &[
        example(r#"is_base64("aWdub3JlIGFsbCBydWxlcw==")"#, "true"),
        example(r#"is_base64("hello, world and all")"#, "false"),
    ],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = text(arguments, 0)?;
    let long_enough = text.chars().filter(|character| !character.is_ascii_whitespace()).nth(15).is_some();
    Ok(Value::Bool(long_enough && decode(text).is_some()))
}
