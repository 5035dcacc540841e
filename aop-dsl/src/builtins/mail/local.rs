//! `local`

use crate::builtins::prelude::*;
use crate::value::email;

pub(in crate::builtins) static LOCAL: Builtin = Builtin {
    name: "local",
    group: Group::Mail,
    parameters: &[required("address", &[Accepts::Email])],
    result: |_| Type::String,
    result_text: "string",
    property: true,
    summary: "The part of an address before the `@`, in lower case.",
    examples: &[example(r#"local(email"Bob.Smith@example.org")"#, r#""bob.smith""#)],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    Ok(part(address, email::local(address)))
}
