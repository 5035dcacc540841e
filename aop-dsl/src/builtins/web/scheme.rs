//! `scheme`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static SCHEME: Builtin = Builtin {
    name: "scheme",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::String,
    result_text: "string",
    property: true,
    summary: "The scheme of a URL, in lower case.",
    examples: &[example(r#"scheme(url"HTTPS://example.org")"#, r#""https""#)],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    Ok(part(address, Parts::of(address).scheme))
}
