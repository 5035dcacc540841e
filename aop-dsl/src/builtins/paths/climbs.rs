//! `climbs`

use crate::builtins::prelude::*;
use crate::value::path;

pub(in crate::builtins) static CLIMBS: Builtin = Builtin {
    name: "climbs",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Path])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: true,
    summary: "Whether a path climbs above where it starts.",
    examples: &[example(r#"climbs(path"a/../../b")"#, "true"), example(r#"climbs(path"a/../b")"#, "false")],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(path::climbs(text(arguments, 0)?)))
}
