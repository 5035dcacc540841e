//! `host_ip`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static HOST_IP: Builtin = Builtin {
    name: "host_ip",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::Ip.optional(),
    result_text: "ip?",
    property: true,
    summary: "The host of a URL when it is an IP address, also one that is written as a single number; else absent.",
    examples: &[
        example(r#"host_ip(url"http://0x7f.1/")"#, r#"ip"127.0.0.1""#),
        example(r#"host_ip(url"http://[::1]/")"#, r#"ip"::1""#),
        example(r#"host_ip(url"http://example.org/")"#, "absent"),
    ],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Parts::of(text(arguments, 0)?).host_ip().map(Value::Ip).ok_or(Gap::Absent)
}
