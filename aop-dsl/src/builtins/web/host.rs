//! `host`

use crate::builtins::prelude::*;
use crate::value::url::Parts;

pub(in crate::builtins) static HOST: Builtin = Builtin {
    name: "host",
    group: Group::Web,
    parameters: &[required("address", &[Accepts::Url])],
    result: |_| Type::Domain.optional(),
    result_text: "domain?",
    property: true,
    summary: "The host of a URL; an address of digits stays as it is. Absent when there is none, as in `mailto:`.",
    examples: &[
        example(r#"host(url"https://user@Mail.Example.com:8443/x")"#, r#"domain"mail.example.com""#),
        example(r#"url"mailto:bob@example.org".host"#, "absent"),
    ],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let address = cow(arguments, 0)?;
    match Parts::of(address).host_name().ok_or(Gap::Absent)? {
        Cow::Borrowed(host) => Ok(part(address, host)),
        Cow::Owned(host) => owned(host),
    }
}
