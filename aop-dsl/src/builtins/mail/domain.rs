//! `domain`

use crate::builtins::prelude::*;
use crate::value::email;

pub(in crate::builtins) static DOMAIN: Builtin = Builtin {
    name: "domain",
    group: Group::Mail,
    parameters: &[required("address", &[Accepts::Email])],
    result: |_| Type::Domain,
    result_text: "domain",
    property: true,
    summary: "The part of an address behind the `@`.",
    examples: &[
        example(r#"domain(email"Bob <bob@Example.org>")"#, r#"domain"example.org""#),
        example(r#"email"bob@example.org".domain"#, r#"domain"example.org""#),
    ],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    Ok(part(address, email::domain_of(address)))
}
