//! `parse_json`

use std::rc::Rc;

use aop_toon::{Document, Limits};

use crate::builtins::prelude::*;
use crate::value::TEXT_MAX;

pub(in crate::builtins) static PARSE_JSON: Builtin = Builtin {
    name: "parse_json",
    group: Group::Json,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Any,
    result_text: "any",
    property: false,
    summary: "Reads a text as JSON. Unknown when it is none, has a key twice, or nests more than 64 deep.",
    examples: &[
        example(r#"canonical(parse_json("{\"b\": 1.50, \"a\": []}"))"#, r#""{\"a\":[],\"b\":1.5}""#),
        example(r#"parse_json("{")"#, "unknown"),
    ],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let limits = Limits { bytes: TEXT_MAX, depth: 64 };
    let document = Document::parse(text(arguments, 0)?.as_bytes(), &limits).map_err(|_| MALFORMED)?;
    let root = document.root().id();
    Ok(Value::OwnedJson(Rc::new(document.into_owned()), root))
}
