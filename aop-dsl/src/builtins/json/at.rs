//! `at`

use crate::builtins::prelude::*;
use std::rc::Rc;

pub(in crate::builtins) static AT: Builtin = Builtin {
    name: "at",
    group: Group::Json,
    parameters: &[required("value", &[Accepts::Record, Accepts::Any]), required("pointer", &[Accepts::Text])],
    result: |_| Type::Any.optional(),
    result_text: "any?",
    property: false,
    summary: "The value that a JSON Pointer names, such as `/rows/0/id`; absent when it is not there or null.",
    examples: &[
        example(r#"to_string(at(parse_json("{\"rows\": [{\"id\": 7}]}"), "/rows/0/id"))"#, r#""7""#),
        example(r#"at(parse_json("{}"), "/a")"#, "absent"),
    ],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let base = value(arguments, 0)?;
    let json = base.as_json().ok_or(WRONG_TYPE)?;
    let node = find(json, text(arguments, 1)?).filter(|found| !found.is_null()).ok_or(Gap::Absent)?.id();
    match base {
        Value::Json(json) => Ok(Value::Json(json.document().value(node))),
        Value::OwnedJson(document, _) => Ok(Value::OwnedJson(Rc::clone(document), node)),
        _ => Err(WRONG_TYPE),
    }
}

/// RFC 6901, from this value on.
fn find<'d>(json: aop_toon::Value<'d>, pointer: &str) -> Option<aop_toon::Value<'d>> {
    let Some(tokens) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(json) };
    tokens.split('/').try_fold(json, |json, token| {
        if json.is_array() {
            let is_index = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
            return json.items().nth(token.parse().ok().filter(|_| is_index)?);
        }
        json.get(&token.replace("~1", "/").replace("~0", "~"))
    })
}
