//! `minutes`

use super::seconds::in_units;
use crate::builtins::prelude::*;

pub(in crate::builtins) static MINUTES: Builtin = Builtin {
    name: "minutes",
    group: Group::Time,
    parameters: &[required("duration", &[Accepts::Duration])],
    result: |_| Type::Decimal,
    result_text: "decimal",
    property: true,
    summary: "A duration in minutes.",
    examples: &[example("minutes(90s)", "1.5")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    in_units(duration(arguments, 0)?, 60_000_000)
}
