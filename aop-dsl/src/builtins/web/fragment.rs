//! `fragment`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static FRAGMENT: Builtin = Builtin {
    name: "fragment",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: true,
    summary: "What stands behind the `#` of a URL.",
    examples: &[example(r#"fragment(url"https://example.org/#top")"#, r#""top""#)],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    part_or_absent(address, Parts::of(address).fragment)
}
