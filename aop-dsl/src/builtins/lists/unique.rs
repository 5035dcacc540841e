//! `unique`

use std::collections::HashSet;

use crate::builtins::prelude::*;
use crate::value::key;

pub(in crate::builtins) static UNIQUE: Builtin = Builtin {
    name: "unique",
    group: Group::List,
    parameters: &[required("list", &[Accepts::List])],
    result: |types| Type::list(item_type(types)),
    result_text: "list<T>",
    property: false,
    summary: "The items of a list without those that stood before.",
    examples: &[example(r#"unique(["a", "b", "a"])"#, r#"["a", "b"]"#)],
    cost: Cost::PerText(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let mut seen = HashSet::new();
    let items: Result<Vec<Value<'e>>, Gap> = list(arguments, 0)?.collect();
    list_of(items?.into_iter().filter(|item| seen.insert(key(item))))
}
