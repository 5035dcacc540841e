//! `name`

use crate::builtins::prelude::*;
use crate::value::path;

pub(in crate::builtins) static NAME: Builtin = Builtin {
    name: "name",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Path])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: true,
    summary: "The last part of a path; absent for a root and for `..`.",
    examples: &[example(r#"name(path"/etc/ssh/../passwd")"#, r#""passwd""#), example(r#"name(path"/")"#, "absent")],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let whole = cow(arguments, 0)?;
    part_or_absent(whole, path::name(whole))
}
