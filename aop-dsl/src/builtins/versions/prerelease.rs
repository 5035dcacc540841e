//! `prerelease`

use crate::builtins::prelude::*;
use crate::value::semver;

pub(in crate::builtins) static PRERELEASE: Builtin = Builtin {
    name: "prerelease",
    group: Group::Version,
    parameters: &[required("version", &[Accepts::Semver])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: true,
    summary: "What stands behind the hyphen of a version; absent for a release.",
    examples: &[example(r#"prerelease(semver"1.4.2-rc.1")"#, r#""rc.1""#), example(r#"semver"1.4.2".prerelease"#, "absent")],
    cost: Cost::Steps(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let version = semver::parse(text(arguments, 0)?).ok_or(MALFORMED)?;
    if version.pre.is_empty() { Err(Gap::Absent) } else { owned(version.pre.as_str().to_owned()) }
}
