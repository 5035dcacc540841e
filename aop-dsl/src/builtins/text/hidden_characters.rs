//! `hidden_characters`

use crate::builtins::prelude::*;

pub(in crate::builtins) static HIDDEN_CHARACTERS: Builtin = Builtin {
    name: "hidden_characters",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "How many characters of a text cannot be seen but are read by a model: zero-width spaces, marks that turn the direction of writing, tags. Those that emoji and some scripts need are not counted.",
    examples: &[example(r#"hidden_characters("ig\u{200b}nore")"#, "1"), example(r#"hidden_characters("plain")"#, "0")],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    count(text(arguments, 0)?.chars().filter(|character| is_hidden(*character)).count())
}

fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}
