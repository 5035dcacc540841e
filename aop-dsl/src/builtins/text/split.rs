//! `split`

use crate::builtins::prelude::*;

pub(in crate::builtins) static SPLIT: Builtin = Builtin {
    name: "split",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text]), required("separator", &[Accepts::Text])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The parts between the occurrences of a separator; the whole text when the separator is empty.",
    examples: &[example(r#"split("a,b,,c", ",")"#, r#"["a", "b", "", "c"]"#), example(r#"split("abc", "")"#, r#"["abc"]"#)],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (whole, separator) = (cow(arguments, 0)?, text(arguments, 1)?);
    if separator.is_empty() { parts(whole, std::iter::once(&**whole)) } else { parts(whole, whole.split(separator)) }
}
