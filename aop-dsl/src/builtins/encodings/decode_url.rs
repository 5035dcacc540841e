//! `decode_url`

use crate::builtins::prelude::*;

pub(in crate::builtins) static DECODE_URL: Builtin = Builtin {
    name: "decode_url",
    group: Group::Encoding,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The text with its percent signs decoded (`%20`); a `+` stays one. Unknown when the bytes are no UTF-8.",
    examples: &[
        example(r#"decode_url("a%20b%2Fc+d")"#, r#""a b/c+d""#),
        example(r#"decode_url("100%")"#, r#""100%""#),
        example(r#"decode_url("%ff")"#, "unknown"),
    ],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = cow(arguments, 0)?;
    if !text.contains('%') {
        return Ok(Value::Text(text.clone()));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    owned(String::from_utf8(bytes).map_err(|_| MALFORMED)?)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
