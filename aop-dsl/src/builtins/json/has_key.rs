//! `has_key`

use crate::builtins::prelude::*;

pub(in crate::builtins) static HAS_KEY: Builtin = Builtin {
    name: "has_key",
    group: Group::Json,
    parameters: &[required("object", &[Accepts::Record, Accepts::Any]), required("key", &[Accepts::Text])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether an object has a member of this name, be it null; unknown when it is no object.",
    examples: &[
        example(r#"has_key(parse_json("{\"a\": null}"), "a")"#, "true"),
        example(r#"has_key(parse_json("{}"), "a")"#, "false"),
    ],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let object = value(arguments, 0)?;
    let json = object.as_json().filter(|json| json.is_object()).ok_or(WRONG_TYPE)?;

    Ok(Value::Bool(json.get(text(arguments, 1)?).is_some()))
}
