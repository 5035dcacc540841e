//! `parse_time`

use crate::builtins::prelude::*;

pub(in crate::builtins) static PARSE_TIME: Builtin = Builtin {
    name: "parse_time",
    group: Group::Time,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Time,
    result_text: "time",
    property: false,
    summary: "Reads a time (`2025-12-05T10:00:00Z`) or a day (`2025-12-05`, which is its midnight in UTC). Unknown when the text is neither.",
    examples: &[
        example(r#"parse_time("2025-12-05")"#, r#"time"2025-12-05T00:00:00Z""#),
        example(r#"parse_time("2025-12-05T11:00:00+01:00")"#, r#"time"2025-12-05T10:00:00Z""#),
        example(r#"parse_time("tomorrow")"#, "unknown"),
    ],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = text(arguments, 0)?.trim();
    let time = if text.len() == "2025-12-05".len() { format!("{text}T00:00:00Z").parse() } else { text.parse() };
    time.map(Value::Time).map_err(|_| MALFORMED)
}
