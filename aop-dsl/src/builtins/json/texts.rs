//! `texts`

use crate::builtins::prelude::*;
use crate::value::ITEMS_MAX;
use crate::value::view::View;

pub(in crate::builtins) static TEXTS: Builtin = Builtin {
    name: "texts",
    group: Group::Json,
    parameters: &[required("value", &[Accepts::Record, Accepts::Any, Accepts::List])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "All texts in a value, however deep, in the order in which they were sent; the names of members are not among them.",
    examples: &[example(r#"texts(parse_json("{\"a\": \"x\", \"b\": [1, {\"c\": \"y\"}]}"))"#, r#"["x", "y"]"#)],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    match value(arguments, 0)? {
        Value::Json(json) => list_of(json.descendants().filter_map(aop_toon::Value::as_str).map(Value::Text)),
        Value::OwnedJson(document, node) => {
            self::texts(document.value(*node).descendants().filter_map(aop_toon::Value::as_str).map(Cow::into_owned))
        }
        value => {
            let mut found = Vec::new();
            collect(&View::of(value), &mut found);
            self::texts(found)
        }
    }
}

/// As deep as the value.
fn collect(view: &View<'_>, found: &mut Vec<String>) {
    match view {
        View::Text(text) if found.len() <= ITEMS_MAX => found.push(text.to_string()),
        View::List(list) => list.iter().for_each(|item| collect(&item, found)),
        View::Object(json) => found.extend(json.descendants().filter_map(aop_toon::Value::as_str).map(Cow::into_owned)),
        _ => {}
    }
}
