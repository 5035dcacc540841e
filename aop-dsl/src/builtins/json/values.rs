//! `values`

use crate::builtins::prelude::*;
use std::rc::Rc;

pub(in crate::builtins) static VALUES: Builtin = Builtin {
    name: "values",
    group: Group::Json,
    parameters: &[required("object", &[Accepts::Record, Accepts::Any])],
    result: |_| Type::list(Type::Any),
    result_text: "list<any>",
    property: false,
    summary: "The values of the members of an object, in the order in which they were sent; unknown when it is none.",
    examples: &[example(r#"to_string(values(parse_json("{\"b\": 1, \"a\": \"x\"}")))"#, r#""[1,\"x\"]""#)],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    match value(arguments, 0)? {
        Value::Json(json) if json.is_object() => list_of(json.entries().map(|(_, value)| Value::Json(value))),
        Value::OwnedJson(document, node) if document.value(*node).is_object() => {
            let values = document.value(*node).entries();
            list_of(values.map(|(_, value)| Value::OwnedJson(Rc::clone(document), value.id())))
        }
        _ => Err(WRONG_TYPE),
    }
}
