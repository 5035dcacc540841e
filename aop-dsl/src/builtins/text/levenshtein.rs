//! `levenshtein`

use crate::builtins::prelude::*;

pub(in crate::builtins) static LEVENSHTEIN: Builtin = Builtin {
    name: "levenshtein",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text]), required("other", &[Accepts::Text])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "How many characters have to be added, removed or changed to make one text of the other. Unknown when one has more than 256 characters. Finds domains that look like another.",
    examples: &[example(r#"levenshtein("examp1e.com", "example.com")"#, "1"), example(r#"levenshtein("", "abc")"#, "3")],
    cost: Cost::Steps(4096),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (text, other) = (text(arguments, 0)?, text(arguments, 1)?);
    let fits = |text: &str| text.len() <= 4 * CHARACTERS_MAX && text.chars().count() <= CHARACTERS_MAX;
    if !fits(text) || !fits(other) {
        return Err(TOO_LONG);
    }
    count(strsim::levenshtein(text, other))
}

/// The work is the product of the two lengths.
const CHARACTERS_MAX: usize = 256;
