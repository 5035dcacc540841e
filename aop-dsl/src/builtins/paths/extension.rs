//! `extension`

use crate::builtins::prelude::*;
use crate::value::path;

pub(in crate::builtins) static EXTENSION: Builtin = Builtin {
    name: "extension",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Path])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: true,
    summary: "What stands behind the last dot of a path's name. A name that only starts with a dot has none.",
    examples: &[
        example(r#"extension(path"a/report.tar.gz")"#, r#""gz""#),
        example(r#"path"/home/bob/.ssh".extension"#, "absent"),
    ],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let whole = cow(arguments, 0)?;
    part_or_absent(whole, path::extension(whole))
}
