//! `date`

use crate::builtins::prelude::*;
use crate::value::time as calendar;

pub(in crate::builtins) static DATE: Builtin = Builtin {
    name: "date",
    group: Group::Time,
    parameters: &[required("time", &[Accepts::Time])],
    result: |_| Type::String,
    result_text: "string",
    property: true,
    summary: "The day of a time in UTC, as `2025-12-05`.",
    examples: &[example(r#"date(time"2025-12-05T23:30:00-01:00")"#, r#""2025-12-06""#)],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    owned(calendar::date(time(arguments, 0)?))
}
