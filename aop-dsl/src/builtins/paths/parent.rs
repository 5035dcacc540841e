//! `parent`

use crate::builtins::prelude::*;
use crate::value::path;

pub(in crate::builtins) static PARENT: Builtin = Builtin {
    name: "parent",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Path])],
    result: |_| Type::Path.optional(),
    result_text: "path?",
    property: true,
    summary: "The directory that a path is in; absent for a root, for a single part and for `..`.",
    examples: &[example(r#"parent(path"/etc/passwd")"#, r#"path"/etc""#), example(r#"parent(path"notes.txt")"#, "absent")],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let whole = cow(arguments, 0)?;
    part_or_absent(whole, path::parent(whole))
}
