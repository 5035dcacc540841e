//! `json_type`

use crate::builtins::prelude::*;
use aop_toon::Kind;

pub(in crate::builtins) static JSON_TYPE: Builtin = Builtin {
    name: "json_type",
    group: Group::Json,
    parameters: &[required("value", &[Accepts::Record, Accepts::Any])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The type of a value in the words of JSON Schema: `null`, `boolean`, `integer`, `number`, `string`, `array` or `object`. \
        A number without a fraction is an integer however it is written (`5`, `5.0`, `5e0`).",
    examples: &[
        example(r#"json_type(parse_json("5.0"))"#, r#""integer""#),
        example(r#"json_type(parse_json("0.5"))"#, r#""number""#),
        example(r#"json_type(parse_json("[1]"))"#, r#""array""#),
    ],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let json = value(arguments, 0)?.as_json().ok_or(WRONG_TYPE)?;
    let word = match json.kind() {
        Kind::Null => "null",
        Kind::Bool => "boolean",
        Kind::Number if json.as_number().is_some_and(|number| is_whole(number.lexeme())) => "integer",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    };
    Ok(Value::Text(Cow::Borrowed(word)))
}

/// Whether a number has no fraction, by its digits: a double would take one that is long for a whole number.
fn is_whole(lexeme: &str) -> bool {
    let (digits, exponent) = lexeme.split_once(['e', 'E']).unwrap_or((lexeme, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    match exponent.parse::<i64>() {
        Ok(exponent) if exponent >= 0 => fraction.len() as u64 <= exponent.unsigned_abs(),
        Ok(exponent) => {
            let zeros = whole.len() - whole.trim_end_matches('0').len();
            let is_zero = whole.trim_start_matches('-').bytes().all(|digit| digit == b'0');
            fraction.is_empty() && (is_zero || zeros as u64 >= exponent.unsigned_abs())
        }
        // An exponent of that length: nothing is left of the number, or all of it is whole.
        Err(_) => !exponent.starts_with('-') || digits.bytes().all(|digit| matches!(digit, b'0' | b'.' | b'-')),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn whole_numbers() {
        for lexeme in ["0", "-0", "5", "5.0", "5e0", "1.50e1", "1500e-2", "0.0", "0e-5", "-10e-1", "1e300"] {
            assert!(super::is_whole(lexeme), "{lexeme}");
        }
        for lexeme in ["0.5", "5.01", "1.5e0", "15e-1", "1e-300", "9007199254740993.5", "1.25e1", "-5e-99999999999999999999"]
        {
            assert!(!super::is_whole(lexeme), "{lexeme}");
        }
    }
}
