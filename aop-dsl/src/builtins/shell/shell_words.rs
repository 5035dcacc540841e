//! `shell_words`

use super::syntax;
use crate::builtins::prelude::*;

pub(in crate::builtins) static SHELL_WORDS: Builtin = Builtin {
    name: "shell_words",
    group: Group::Shell,
    parameters: &[required("command", &[Accepts::Text])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The words of a shell command, without their quotes; operators such as `|`, `&&` and `>` are words of their own.",
    examples: &[example(
        r#"shell_words("grep -r 'api key' . | head -1")"#,
        r#"["grep", "-r", "api key", ".", "|", "head", "-1"]"#,
    )],
    cost: Cost::PerText(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let words = syntax::words(text(arguments, 0)?);
    texts(words.into_iter().map(|word| word.text))
}
