//! `hours`

use super::seconds::in_units;
use crate::builtins::prelude::*;

pub(in crate::builtins) static HOURS: Builtin = Builtin {
    name: "hours",
    group: Group::Time,
    parameters: &[required("duration", &[Accepts::Duration])],
    result: |_| Type::Decimal,
    result_text: "decimal",
    property: true,
    summary: "A duration in hours.",
    examples: &[example("hours(1d)", "24")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    in_units(duration(arguments, 0)?, 3_600_000_000)
}
