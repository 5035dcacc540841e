//! `depth`

use crate::builtins::prelude::*;
use crate::value::path;

pub(in crate::builtins) static DEPTH: Builtin = Builtin {
    name: "depth",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Path])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "How many parts a path has.",
    examples: &[example(r#"depth(path"/etc/ssh/sshd_config")"#, "3"), example(r#"depth(path"/")"#, "0")],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    count(path::depth(text(arguments, 0)?))
}
