//! `path`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static PATH: Builtin = Builtin {
    name: "path",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::String,
    result_text: "string",
    property: true,
    summary: "The path of a URL, as it is sent: percent signs are not decoded.",
    examples: &[example(r#"path(url"https://example.org/a/../b%20c?q=1")"#, r#""/b%20c""#)],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    Ok(part(address, Parts::of(address).path))
}
