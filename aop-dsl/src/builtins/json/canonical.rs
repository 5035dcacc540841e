//! `canonical`

use crate::builtins::prelude::*;
use crate::value::canonical_text;

pub(in crate::builtins) static CANONICAL: Builtin = Builtin {
    name: "canonical",
    group: Group::Json,
    parameters: &[required("value", &[Accepts::Anything])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "A value as JSON in one form, however it was written: members sorted by name, numbers in their shortest form, no white space.",
    examples: &[example(r#"canonical(parse_json("{\"b\": 1.0, \"a\": 2}"))"#, r#""{\"a\":2,\"b\":1}""#)],
    cost: Cost::PerText(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    owned(canonical_text(value(arguments, 0)?))
}
