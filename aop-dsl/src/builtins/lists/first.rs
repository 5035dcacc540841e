//! `first`

use crate::builtins::prelude::*;

pub(in crate::builtins) static FIRST: Builtin = Builtin {
    name: "first",
    group: Group::List,
    parameters: &[required("list", &[Accepts::List])],
    result: |types| item_type(types).optional(),
    result_text: "T?",
    property: true,
    summary: "The first item of a list; absent when there is none.",
    examples: &[example(r#"first(["a", "b"])"#, r#""a""#), example("first([])", "absent")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    list(arguments, 0)?.next().unwrap_or(Err(Gap::Absent))
}
