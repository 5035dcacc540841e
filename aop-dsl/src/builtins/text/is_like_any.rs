//! `is_like_any`

use super::is_like::{WORK_MAX, is_like};
use crate::builtins::prelude::*;

pub(in crate::builtins) static IS_LIKE_ANY: Builtin = Builtin {
    name: "is_like_any",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text]), required("patterns", &[Accepts::Texts])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether the whole of a text is like one of these patterns, in which `*` stands for any text (also none) and `?` for any \
        one character.",
    examples: &[
        example(r#"is_like_any("get-mail", ["get-*", "list-*"])"#, "true"),
        example(r#"is_like_any("forget-mail", ["get-*", "list-*"])"#, "false"),
    ],
    // A pattern with many `*` may look at every place of the text for each.
    cost: Cost::PerText(64),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let name = text(arguments, 0)?;
    let (mut work, mut is_any) = (0, false);
    for pattern in list(arguments, 1)? {
        let Value::Text(pattern) = pattern? else { return Err(WRONG_TYPE) };
        work = name.len().saturating_mul(pattern.len()).saturating_add(work);
        if work > WORK_MAX {
            return Err(TOO_LONG);
        }
        is_any = is_any || is_like(name, &pattern);
    }
    Ok(Value::Bool(is_any))
}
