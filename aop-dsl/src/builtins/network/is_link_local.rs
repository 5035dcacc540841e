//! `is_link_local`

use crate::builtins::prelude::*;
use crate::value::ip as addresses;

pub(in crate::builtins) static IS_LINK_LOCAL: Builtin = Builtin {
    name: "is_link_local",
    group: Group::Network,
    parameters: &[required("address", &[Accepts::Ip])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: true,
    summary: "Whether an address is of the link alone: `169.254.0.0/16`, where clouds keep their metadata, and `fe80::/10`.",
    examples: &[example(r#"is_link_local(ip"169.254.169.254")"#, "true")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(addresses::is_link_local(ip(arguments, 0)?)))
}
