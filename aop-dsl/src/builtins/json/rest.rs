//! `rest`

use crate::builtins::prelude::*;
use std::rc::Rc;

pub(in crate::builtins) static REST: Builtin = Builtin {
    name: "rest",
    group: Group::Json,
    parameters: &[required("object", &[Accepts::Record, Accepts::Any]), required("names", &[Accepts::Texts])],
    result: |_| Type::list(Type::Any),
    result_text: "list<any>",
    property: false,
    summary: "The values of an object's members, but for those of these names; unknown when it is no object. For what should not be there.",
    examples: &[
        example(r#"to_string(rest(parse_json("{\"a\": 1, \"b\": 2}"), ["a"]))"#, r#""[2]""#),
        example(r#"length(rest(parse_json("{\"a\": null}"), ["a"]))"#, "0"),
    ],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let object = value(arguments, 0)?;
    let json = object.as_json().filter(|json| json.is_object()).ok_or(WRONG_TYPE)?;
    let mut others = Vec::new();
    for (key, member) in json.entries() {
        let mut is_named = false;
        for name in list(arguments, 1)? {
            match name? {
                Value::Text(name) => is_named |= key.is(&name),
                _ => return Err(WRONG_TYPE),
            }
        }
        if !is_named {
            others.push(member.id());
        }
    }
    match object {
        Value::Json(json) => list_of(others.into_iter().map(|node| Value::Json(json.document().value(node)))),
        Value::OwnedJson(document, _) => list_of(others.into_iter().map(|node| Value::OwnedJson(Rc::clone(document), node))),
        _ => Err(WRONG_TYPE),
    }
}
