//! `keys`

use crate::builtins::prelude::*;

pub(in crate::builtins) static KEYS: Builtin = Builtin {
    name: "keys",
    group: Group::Json,
    parameters: &[required("object", &[Accepts::Record, Accepts::Any])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The names of the members of an object, in the order in which they were sent; unknown when it is none.",
    examples: &[
        example(r#"keys(parse_json("{\"b\": 1, \"a\": 2}"))"#, r#"["b", "a"]"#),
        example(r#"keys(parse_json("[]"))"#, "unknown"),
    ],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let object = value(arguments, 0)?;
    let json = object.as_json().filter(|json| json.is_object()).ok_or(WRONG_TYPE)?;

    texts(json.entries().map(|(key, _)| key.as_str().into_owned()))
}
