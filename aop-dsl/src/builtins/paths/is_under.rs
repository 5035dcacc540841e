//! `is_under`

use crate::builtins::prelude::*;
use crate::value::path;

pub(in crate::builtins) static IS_UNDER: Builtin = Builtin {
    name: "is_under",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Path]), required("directory", &[Accepts::Path])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether a path is a directory or lies in it. A path that climbs above where it starts is in no directory.",
    examples: &[
        example(r#"is_under(path"/etc/ssh/config", "/etc")"#, "true"),
        example(r#"is_under(path"/etc", "/etc")"#, "true"),
        example(r#"is_under(path"/etcetera", "/etc")"#, "false"),
        example(r#"is_under(path"/tmp/../etc/passwd", "/tmp")"#, "false"),
    ],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Bool(path::is_under(text(arguments, 0)?, text(arguments, 1)?)))
}

pub(in crate::builtins) static IS_UNDER_DOMAIN: Builtin = Builtin {
    name: "is_under",
    group: Group::Mail,
    parameters: &[required("domain", &[Accepts::Domain]), required("parent", &[Accepts::Domain])],
    result: |_| Type::Bool,
    result_text: "bool",
    property: false,
    summary: "Whether a domain is another one or a name below it.",
    examples: &[
        example(r#"is_under(domain"mail.example.org", "example.org")"#, "true"),
        example(r#"is_under(domain"example.org", "example.org")"#, "true"),
        example(r#"is_under(domain"badexample.org", "example.org")"#, "false"),
    ],
    cost: Cost::Steps(4),
    run: run_domain,
};

fn run_domain<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (domain, parent) = (text(arguments, 0)?, text(arguments, 1)?);
    let is_below = domain.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'));
    Ok(Value::Bool(domain == parent || is_below))
}
