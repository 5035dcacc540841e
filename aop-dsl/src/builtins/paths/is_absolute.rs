//! `is_absolute`

use crate::builtins::prelude::*;
use crate::value::path;

pub(in crate::builtins) static IS_ABSOLUTE: Builtin = Builtin {
    name: "is_absolute",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Path])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: true,
    summary: "Whether a path starts at a root or at somebody's home (`~`).",
    examples: &[
        example(r#"is_absolute(path"/etc")"#, "true"),
        example(r#"is_absolute(path"C:/Users")"#, "true"),
        example(r#"is_absolute(path"a/b")"#, "false"),
    ],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(path::is_absolute(text(arguments, 0)?)))
}
