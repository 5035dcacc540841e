//! `addresses`

use crate::builtins::prelude::*;
use crate::flow;
use crate::value::ITEMS_MAX;
use crate::value::view::View;

pub(in crate::builtins) static ADDRESSES: Builtin = Builtin {
    name: "addresses",
    group: Group::Page,
    parameters: &[required("value", &[Accepts::Text, Accepts::List, Accepts::Record, Accepts::Any])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "Where a value says that something can be sent: the e-mail addresses, URLs, domains and account numbers in all of its texts, as they are written there.",
    examples: &[
        example(
            r#"addresses("Pay to GB29NWBK60161331926819, ask bob@x.example")"#,
            r#"["GB29NWBK60161331926819", "bob@x.example"]"#,
        ),
        example(r#"addresses(["see https://a.example/x", "nothing here"])"#, r#"["https://a.example/x"]"#),
    ],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let mut found = Vec::new();
    match value(arguments, 0)? {
        Value::Json(json) => json.descendants().filter_map(aop_toon::Value::as_str).for_each(|text| add(&text, &mut found)),
        value => collect(&View::of(value), &mut found),
    }
    texts(found)
}

fn add(text: &str, found: &mut Vec<String>) {
    if found.len() <= ITEMS_MAX {
        found.extend(flow::addresses(text).into_iter().map(|range| text[range].to_owned()));
    }
}

/// As deep as the value.
fn collect(view: &View<'_>, found: &mut Vec<String>) {
    match view {
        View::Text(text) => add(text, found),
        View::List(list) => list.iter().for_each(|item| collect(&item, found)),
        View::Object(json) => json.descendants().filter_map(aop_toon::Value::as_str).for_each(|text| add(&text, found)),
        _ => {}
    }
}
