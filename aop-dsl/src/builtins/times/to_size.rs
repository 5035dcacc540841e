//! `to_size`

use crate::builtins::prelude::*;

pub(in crate::builtins) static TO_SIZE: Builtin = Builtin {
    name: "to_size",
    group: Group::Time,
    parameters: &[required("bytes", &[Accepts::Int])],
    result: |_| Type::Size,
    result_text: "size",
    property: false,
    summary: "So many bytes as a size.",
    examples: &[example("to_size(64000)", "64kb"), example("to_size(-1)", "unknown")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let bytes = u64::try_from(int(arguments, 0)?).map_err(|_| ARITHMETIC)?;
    Ok(Value::Size(bytes))
}
