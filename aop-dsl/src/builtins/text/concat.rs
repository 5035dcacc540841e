//! `concat`

use crate::builtins::prelude::*;

pub(in crate::builtins) static CONCAT: Builtin = Builtin {
    name: "concat",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text]), required("more", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The second text behind the first.",
    examples: &[example(r#"concat("a", "b")"#, r#""ab""#)],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (text, more) = (text(arguments, 0)?, text(arguments, 1)?);
    owned([text, more].concat())
}

pub(in crate::builtins) static CONCAT_LISTS: Builtin = Builtin {
    name: "concat",
    group: Group::List,
    parameters: &[required("list", &[Accepts::List]), required("more", &[Accepts::Same])],
    result: |types| Type::list(item_type(types)),
    result_text: "list<T>",
    property: false,
    summary: "The items of the second list behind those of the first.",
    examples: &[example(r#"concat(["a"], ["b", "a"])"#, r#"["a", "b", "a"]"#)],
    cost: Cost::PerText(4),
    run: run_lists,
};

fn run_lists<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (items, more) = (list(arguments, 0)?, list(arguments, 1)?);
    let items: Result<Vec<Value<'e>>, Gap> = items.chain(more).collect();
    list_of(items?)
}
