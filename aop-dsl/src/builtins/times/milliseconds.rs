//! `milliseconds`

use super::seconds::in_units;
use crate::builtins::prelude::*;

pub(in crate::builtins) static MILLISECONDS: Builtin = Builtin {
    name: "milliseconds",
    group: Group::Time,
    parameters: &[required("duration", &[Accepts::Duration])],
    result: |_| Type::Decimal,
    result_text: "decimal",
    property: true,
    summary: "A duration in milliseconds.",
    examples: &[example("milliseconds(2s)", "2000")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    in_units(duration(arguments, 0)?, 1_000)
}
