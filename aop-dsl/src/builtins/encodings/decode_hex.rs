//! `decode_hex`

use crate::builtins::prelude::*;

pub(in crate::builtins) static DECODE_HEX: Builtin = Builtin {
    name: "decode_hex",
    group: Group::Encoding,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The text that pairs of hexadecimal digits stand for. Unknown when there are others, or when the bytes are no UTF-8.",
    examples: &[example(r#"decode_hex("68656C6c6f")"#, r#""hello""#), example(r#"decode_hex("6")"#, "unknown")],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = text(arguments, 0)?.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes: Option<Vec<u8>> = text
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some((digit(*high)? << 4 | digit(*low)?) as u8),
            _ => None,
        })
        .collect();
    owned(String::from_utf8(bytes.ok_or(MALFORMED)?).map_err(|_| MALFORMED)?)
}
