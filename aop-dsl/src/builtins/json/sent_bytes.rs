//! `sent_bytes`

use crate::builtins::prelude::*;

pub(in crate::builtins) static SENT_BYTES: Builtin = Builtin {
    name: "sent_bytes",
    group: Group::Json,
    parameters: &[required("value", &[Accepts::Record, Accepts::Any])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "The size of a value in bytes: of a string that of its text, of anything else that of its JSON as it was sent.",
    examples: &[
        example(r#"sent_bytes(parse_json("\"é\""))"#, "2"),
        example(r#"sent_bytes(parse_json("{\"a\": [1, 2]}"))"#, "13"),
    ],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let json = value(arguments, 0)?.as_json().ok_or(WRONG_TYPE)?;
    count(json.as_str().map_or(json.raw().len(), |text| text.len()))
}
