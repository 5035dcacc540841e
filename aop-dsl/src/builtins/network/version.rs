//! `version`

use crate::builtins::prelude::*;

pub(in crate::builtins) static VERSION: Builtin = Builtin {
    name: "version",
    group: Group::Network,
    parameters: &[required("address", &[Accepts::Ip])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "4 or 6.",
    examples: &[example(r#"version(ip"192.0.2.1")"#, "4"), example(r#"version(ip"::1")"#, "6")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    count(if ip(arguments, 0)?.is_ipv4() { 4 } else { 6 })
}
