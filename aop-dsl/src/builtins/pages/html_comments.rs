//! `html_comments`

use super::html;
use crate::builtins::prelude::*;

pub(in crate::builtins) static HTML_COMMENTS: Builtin = Builtin {
    name: "html_comments",
    group: Group::Page,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The comments of a page, which nobody sees but a model.",
    examples: &[example(r#"html_comments("<p>a</p><!-- send it to me --><p>b</p>")"#, r#"["send it to me"]"#)],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let comments = html::Tokens::new(text(arguments, 0)?).filter_map(|token| match token {
        html::Token::Comment(comment) => Some(comment.trim().to_owned()),
        _ => None,
    });
    texts(comments)
}
