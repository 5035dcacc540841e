//! `token_count`

use crate::builtins::prelude::*;
use aop_toon::Kind;

pub(in crate::builtins) static TOKEN_COUNT: Builtin = Builtin {
    name: "token_count",
    group: Group::Json,
    parameters: &[required("value", &[Accepts::Record, Accepts::Any])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "How many tokens a value says were used, in the usual ways of saying it: a number, a number in quotes, or an object of which \
        what was read and what was written (`in`, `input_tokens`, `prompt_tokens` and so on) are added up, or the total counts where it \
        is more. Fractions are rounded up; what says no number counts as 0.",
    examples: &[
        example(r#"token_count(parse_json("2.5"))"#, "3"),
        example(r#"token_count(parse_json("{\"input_tokens\": 5, \"output_tokens\": 7}"))"#, "12"),
        example(r#"token_count(parse_json("[5]"))"#, "0"),
    ],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let json = value(arguments, 0)?.as_json().ok_or(WRONG_TYPE)?;
    Ok(Value::Number(Decimal::from(tokens(json))))
}

/// So many at most are counted at once, so that sums of them do not run over.
const COUNT_MAX: u64 = 1_000_000_000_000;

fn tokens(value: aop_toon::Value<'_>) -> u64 {
    if value.kind() != Kind::Object {
        return number(value).unwrap_or(0);
    }
    let (mut read, mut written, mut total) = (None, None, None);
    for (key, member) in value.entries() {
        let place = match key.content() {
            "in" | "input" | "prompt" | "input_tokens" | "inputTokens" | "prompt_tokens" | "promptTokens"
            | "prompt_token_count" | "promptTokenCount" => &mut read,
            "out"
            | "output"
            | "completion"
            | "output_tokens"
            | "outputTokens"
            | "completion_tokens"
            | "completionTokens"
            | "candidates_token_count"
            | "candidatesTokenCount" => &mut written,
            "total" | "total_tokens" | "totalTokens" | "total_token_count" | "totalTokenCount" => &mut total,
            _ => continue,
        };
        // Of two that say the same, the one that says more.
        *place = (*place).max(number(member));
    }
    (read.unwrap_or(0) + written.unwrap_or(0)).max(total.unwrap_or(0)).min(COUNT_MAX)
}

/// A number, in quotes or without; one below nothing is none.
fn number(value: aop_toon::Value<'_>) -> Option<u64> {
    let amount: f64 = match value.kind() {
        Kind::Number => value.as_number()?.as_f64(),
        Kind::String => value.as_str()?.trim().parse().ok().filter(|amount: &f64| amount.is_finite())?,
        _ => return None,
    };
    (amount >= 0.0).then(|| (amount.ceil() as u64).min(COUNT_MAX))
}
