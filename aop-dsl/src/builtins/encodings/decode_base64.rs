//! `decode_base64`

use crate::builtins::prelude::*;

pub(in crate::builtins) static DECODE_BASE64: Builtin = Builtin {
    name: "decode_base64",
    group: Group::Encoding,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The text that base64 stands for, in the standard or the URL alphabet, padded or not. Unknown when it is none, or when its bytes are no UTF-8.",
    examples: &[
        example(r#"decode_base64("aGVsbG8=")"#, r#""hello""#),
        example(r#"decode_base64("aGVsbG8")"#, r#""hello""#),
        example(r#"decode_base64("a")"#, "unknown"),
        example(r#"decode_base64("/w==")"#, "unknown"),
    ],
    cost: Cost::PerText(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let bytes = decode(text(arguments, 0)?).ok_or(MALFORMED)?;
    owned(String::from_utf8(bytes).map_err(|_| MALFORMED)?)
}

/// RFC 4648 sections 4 and 5; white space is passed over, bits that stand for nothing must be 0.
pub(in crate::builtins) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut symbols: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let padded = symbols.len();
    while symbols.last() == Some(&b'=') && padded - symbols.len() < 2 {
        symbols.pop();
    }
    if symbols.len() % 4 == 1 || (padded > symbols.len() && !padded.is_multiple_of(4)) {
        return None;
    }
    let mut bytes = Vec::with_capacity(symbols.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0u32, 0);
    for symbol in symbols {
        bits = bits << 6 | u32::from(value_of(symbol)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    (bits == 0).then_some(bytes)
}

fn value_of(symbol: u8) -> Option<u8> {
    match symbol {
        b'A'..=b'Z' => Some(symbol - b'A'),
        b'a'..=b'z' => Some(symbol - b'a' + 26),
        b'0'..=b'9' => Some(symbol - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}
