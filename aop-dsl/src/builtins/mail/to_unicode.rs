//! `to_unicode`

use crate::builtins::prelude::*;
use crate::value::domain;

pub(in crate::builtins) static TO_UNICODE: Builtin = Builtin {
    name: "to_unicode",
    group: Group::Mail,
    parameters: &[required("domain", &[Accepts::Domain])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "A domain with its letters instead of Punycode.",
    examples: &[example(r#"to_unicode(domain"xn--bcher-kva.example")"#, r#""bücher.example""#)],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    owned(domain::to_unicode(text(arguments, 0)?))
}
