//! `is_punycode`

use crate::builtins::prelude::*;

pub(in crate::builtins) static IS_PUNYCODE: Builtin = Builtin {
    name: "is_punycode",
    group: Group::Mail,
    parameters: &[required("domain", &[Accepts::Domain])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: true,
    summary: "Whether a label of a domain is written in Punycode, because it has letters beyond ASCII.",
    examples: &[
        example(r#"is_punycode(domain"bücher.example")"#, "true"),
        example(r#"domain"example.org".is_punycode"#, "false"),
    ],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let is_punycode = text(arguments, 0)?.split('.').any(|label| label.starts_with("xn--"));
    Ok(Value::Bool(is_punycode))
}
