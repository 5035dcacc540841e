//! `words`

use crate::builtins::prelude::*;

pub(in crate::builtins) static WORDS: Builtin = Builtin {
    name: "words",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The words of a text: runs of letters and digits.",
    examples: &[example(r#"words("Pay 500 EUR, now!")"#, r#"["Pay", "500", "EUR", "now"]"#)],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = cow(arguments, 0)?;
    parts(text, text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()))
}
