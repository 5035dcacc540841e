//! `days`

use super::seconds::in_units;
use crate::builtins::prelude::*;

pub(in crate::builtins) static DAYS: Builtin = Builtin {
    name: "days",
    group: Group::Time,
    parameters: &[required("duration", &[Accepts::Duration])],
    result: |_| Type::Decimal,
    result_text: "decimal",
    property: true,
    summary: "A duration in days.",
    examples: &[example("days(1w)", "7")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    in_units(duration(arguments, 0)?, 86_400_000_000)
}
