//! `is_public`

use crate::builtins::prelude::*;
use crate::value::ip as addresses;

pub(in crate::builtins) static IS_PUBLIC: Builtin = Builtin {
    name: "is_public",
    group: Group::Network,
    parameters: &[required("address", &[Accepts::Ip])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: true,
    summary: "Whether an address is one of the public Internet: neither private nor of the machine or the link, nor reserved for multicast, documentation or other uses.",
    examples: &[
        example(r#"is_public(ip"93.184.216.34")"#, "true"),
        example(r#"is_public(ip"10.1.2.3")"#, "false"),
        example(r#"is_public(ip"224.0.0.1")"#, "false"),
    ],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(addresses::is_public(ip(arguments, 0)?)))
}
