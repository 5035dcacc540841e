//! `count_of`

use crate::builtins::prelude::*;

pub(in crate::builtins) static COUNT_OF: Builtin = Builtin {
    name: "count_of",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text]), required("part", &[Accepts::Text])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "How often a text stands in another, without overlaps; 0 for the empty text.",
    examples: &[example(r#"count_of("a, b, c", ",")"#, "2"), example(r#"count_of("aaa", "aa")"#, "1")],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (text, part) = (text(arguments, 0)?, text(arguments, 1)?);
    count(if part.is_empty() { 0 } else { text.matches(part).count() })
}
