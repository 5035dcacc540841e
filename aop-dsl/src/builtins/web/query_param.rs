//! `query_param`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static QUERY_PARAM: Builtin = Builtin {
    name: "query_param",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url]), required("name", &[Accepts::Text])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: false,
    summary: "The first value of a parameter of a URL, decoded.",
    examples: &[
        example(r#"query_param(url"https://example.org/?q=a%20b&q=c", "q")"#, r#""a b""#),
        example(r#"query_param(url"https://example.org/", "q")"#, "absent"),
    ],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (address, name) = (cow(arguments, 0)?, text(arguments, 1)?);
    match Parts::of(address).query_param(name).ok_or(Gap::Absent)? {
        Cow::Borrowed(value) => Ok(part(address, value)),
        Cow::Owned(value) => owned(value),
    }
}
