//! `weekday`

use crate::builtins::prelude::*;
use crate::value::time as calendar;

pub(in crate::builtins) static WEEKDAY: Builtin = Builtin {
    name: "weekday",
    group: Group::Time,
    parameters: &[required("time", &[Accepts::Time])],
    result: |_| Type::Enum(calendar::WEEKDAYS.map(str::to_owned).into()),
    result_text: "enum",
    property: true,
    summary: "The day of the week in UTC: \"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\" or \"sunday\".",
    examples: &[example(r#"weekday(time"2025-12-05T10:30:00Z")"#, r#""friday""#)],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Text(Cow::Borrowed(calendar::weekday(time(arguments, 0)?))))
}
