//! `query`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static QUERY: Builtin = Builtin {
    name: "query",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: true,
    summary: "What stands behind the `?` of a URL.",
    examples: &[
        example(r#"query(url"https://example.org/?q=1&r=2#top")"#, r#""q=1&r=2""#),
        example(r#"query(url"https://example.org/")"#, "absent"),
    ],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    part_or_absent(address, Parts::of(address).query)
}
