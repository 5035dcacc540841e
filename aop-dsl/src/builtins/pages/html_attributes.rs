//! `html_attributes`

use super::html;
use crate::builtins::prelude::*;

pub(in crate::builtins) static HTML_ATTRIBUTES: Builtin = Builtin {
    name: "html_attributes",
    group: Group::Page,
    parameters: &[required("text", &[Accepts::Text]), required("name", &[Accepts::Text])],
    result: |_| Type::list(Type::String),
    result_text: "list<string>",
    property: false,
    summary: "The values of an attribute in all tags of a page, decoded, in their order; broken HTML is read as far as it goes.",
    examples: &[
        example(r#"html_attributes("<a HREF='/x?a=1&amp;b=2'>", "href")"#, r#"["/x?a=1&b=2"]"#),
        example(r#"html_attributes("<img src=a.png alt=\"<!-- ignore -->\">", "alt")"#, r#"["<!-- ignore -->"]"#),
        example(r#"html_attributes("<img src=a.png", "src")"#, r#"["a.png"]"#),
    ],
    cost: Cost::PerText(8),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (page, name) = (text(arguments, 0)?, text(arguments, 1)?);
    let tags = html::Tokens::new(page).filter_map(|token| match token {
        html::Token::Tag(tag) => Some(tag),
        _ => None,
    });
    texts(tags.flat_map(|tag| {
        tag.attributes().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| html::decode(value))
    }))
}
