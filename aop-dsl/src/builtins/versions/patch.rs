//! `patch`

use crate::builtins::prelude::*;
use crate::value::semver;

pub(in crate::builtins) static PATCH: Builtin = Builtin {
    name: "patch",
    group: Group::Version,
    parameters: &[required("version", &[Accepts::Semver])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "The third number of a version.",
    examples: &[example(r#"patch(semver"1.4.2-rc.1")"#, "2")],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let version = semver::parse(text(arguments, 0)?).ok_or(MALFORMED)?;
    Ok(Value::Number(version.patch.into()))
}
