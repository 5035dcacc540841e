//! `join`

use crate::builtins::prelude::*;
use crate::value::{TEXT_MAX, plain_text};

pub(in crate::builtins) static JOIN: Builtin = Builtin {
    name: "join",
    group: Group::List,
    parameters: &[required("list", &[Accepts::Texts]), required("separator", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The texts of a list with a separator between them.",
    examples: &[example(r#"join(["a", "b"], ", ")"#, r#""a, b""#), example(r#"join([], ", ")"#, r#""""#)],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let separator = text(arguments, 1)?;
    let mut joined = String::new();
    for (index, item) in list(arguments, 0)?.enumerate() {
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(&plain_text(&item?));
        if joined.len() > TEXT_MAX {
            return Err(TOO_LONG);
        }
    }
    owned(joined)
}
