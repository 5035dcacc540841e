//! `user`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static USER: Builtin = Builtin {
    name: "user",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: true,
    summary: "What stands before the `@` of a URL: a name, and a password when there is one.",
    examples: &[
        example(r#"user(url"https://example.org@evil.example/")"#, r#""example.org""#),
        example(r#"user(url"https://example.org/")"#, "absent"),
    ],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    part_or_absent(address, Parts::of(address).user)
}
