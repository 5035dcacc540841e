//! `is_private`

use crate::builtins::prelude::*;
use crate::value::ip as addresses;

pub(in crate::builtins) static IS_PRIVATE: Builtin = Builtin {
    name: "is_private",
    group: Group::Network,
    parameters: &[required("address", &[Accepts::Ip])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: true,
    summary: "Whether an address is of a private network: RFC 1918, RFC 6598 and unique local addresses of IPv6.",
    examples: &[example(r#"is_private(ip"10.1.2.3")"#, "true"), example(r#"ip"93.184.216.34".is_private"#, "false")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(addresses::is_private(ip(arguments, 0)?)))
}
