//! `is_loopback`

use crate::builtins::prelude::*;
use crate::value::ip as addresses;

pub(in crate::builtins) static IS_LOOPBACK: Builtin = Builtin {
    name: "is_loopback",
    group: Group::Network,
    parameters: &[required("address", &[Accepts::Ip])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: true,
    summary: "Whether an address leads to the machine itself; `0.0.0.0` and `::` do too.",
    examples: &[example(r#"is_loopback(ip"127.0.0.1")"#, "true"), example(r#"is_loopback(ip"::ffff:127.0.0.1")"#, "true")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(addresses::is_loopback(ip(arguments, 0)?)))
}
