//! `hash`

use sha2::{Digest as _, Sha256};

use crate::builtins::prelude::*;
use crate::value::plain_text;

pub(in crate::builtins) static HASH: Builtin = Builtin {
    name: "hash",
    group: Group::Encoding,
    parameters: &[required("value", &[Accepts::Anything])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The SHA-256 of a text, or of the canonical JSON of any other value, in 64 hexadecimal digits.",
    examples: &[example(r#"hash("abc")"#, r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#)],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = plain_text(value(arguments, 0)?);
    owned(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}
