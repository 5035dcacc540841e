//! `substring`

use crate::builtins::prelude::*;

pub(in crate::builtins) static SUBSTRING: Builtin = Builtin {
    name: "substring",
    group: Group::Text,
    parameters: &[
        required("text", &[Accepts::Text]),
        required("start", &[Accepts::Int]),
        optional("length", &[Accepts::Int]),
    ],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "The characters from `start` on, counted from 0, or from the end when it is negative; all of them, or `length`. What is outside of the text is left out.",
    examples: &[
        example(r#"substring("abcdef", 2, 3)"#, r#""cde""#),
        example(r#"substring("abcdef", -2)"#, r#""ef""#),
        example(r#"substring("abc", 5)"#, r#""""#),
    ],
    cost: Cost::PerText(1),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let whole = cow(arguments, 0)?;
    let start = int(arguments, 1)?;
    let skipped = match usize::try_from(start) {
        Ok(start) => start,
        Err(_) => whole.chars().count().saturating_sub(usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let rest = &whole[offset(whole, skipped)..];
    let taken = if is_given(arguments, 2) { usize::try_from(int(arguments, 2)?).unwrap_or(0) } else { usize::MAX };
    Ok(part(whole, &rest[..offset(rest, taken)]))
}

/// Where the character with this number starts; the text's end when there are not so many.
fn offset(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}
