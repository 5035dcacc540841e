//! `mixed_script`

use super::scripts;
use crate::builtins::prelude::*;
use crate::value::domain;

pub(in crate::builtins) static MIXED_SCRIPT: Builtin = Builtin {
    name: "mixed_script",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether a word mixes letters of scripts that are not written together, such as a Cyrillic letter in a Latin word.",
    examples: &[
        example(r#"mixed_script("pаypal")"#, "true"),
        example(r#"mixed_script("Москва and Paris")"#, "false"),
        example(r#"mixed_script("東京タワー")"#, "false"),
    ],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(scripts::is_mixed(text(arguments, 0)?)))
}

pub(in crate::builtins) static MIXED_SCRIPT_OF_DOMAIN: Builtin = Builtin {
    name: "mixed_script",
    group: Group::Mail,
    parameters: &[required("domain", &[Accepts::Domain])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether a label of a domain mixes letters of scripts that are not written together.",
    examples: &[
        example(r#"mixed_script(domain"pаypal.com")"#, "true"),
        example(r#"mixed_script(domain"paypal.com")"#, "false"),
    ],
    cost: Cost::PerText(8),
    run: run_domain,
};

fn run_domain<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(scripts::is_mixed(&domain::to_unicode(text(arguments, 0)?))))
}
