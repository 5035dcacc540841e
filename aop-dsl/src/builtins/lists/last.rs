//! `last`

use crate::builtins::prelude::*;

pub(in crate::builtins) static LAST: Builtin = Builtin {
    name: "last",
    group: Group::List,
    parameters: &[required("list", &[Accepts::List])],
    result: |types| item_type(types).optional(),
    result_text: "T?",
    property: true,
    summary: "The last item of a list; absent when there is none.",
    examples: &[example(r#"last(["a", "b"])"#, r#""b""#)],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    list(arguments, 0)?.last().unwrap_or(Err(Gap::Absent))
}
