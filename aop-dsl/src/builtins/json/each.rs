//! `each`

use crate::builtins::prelude::*;
use std::rc::Rc;

pub(in crate::builtins) static EACH: Builtin = Builtin {
    name: "each",
    group: Group::Json,
    parameters: &[required("value", &[Accepts::Any])],
    result: |_| Type::list(Type::Any),
    result_text: "list<any>",
    property: false,
    summary: "The items of an array; of anything else a list with it alone. For what may be given once or several times: \
        `any r in each(c.params.to): …`.",
    examples: &[
        example(r#"to_string(each(parse_json("[1, 2]")))"#, r#""[1,2]""#),
        example(r#"to_string(each(parse_json("\"a\"")))"#, r#""[\"a\"]""#),
    ],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let whole = value(arguments, 0)?;
    match whole {
        // A list of JSON is read item by item where it stands.
        Value::Json(json) if json.is_array() => Ok(whole.clone()),
        Value::OwnedJson(document, node) if document.value(*node).is_array() => Ok(whole.clone()),
        other => Ok(Value::List(Rc::from([other.clone()]))),
    }
}
