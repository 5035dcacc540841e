//! `html_text`

use super::html;
use crate::builtins::prelude::*;

pub(in crate::builtins) static HTML_TEXT: Builtin = Builtin {
    name: "html_text",
    group: Group::Page,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "What a page says: its text without tags, comments, scripts and styles, decoded, white space folded.",
    examples: &[example(r#"html_text("<p>Hello,&nbsp;<b>Bob</b></p><script>x()</script>")"#, r#""Hello, Bob""#)],
    cost: Cost::PerText(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    owned(html::text_of(text(arguments, 0)?))
}
