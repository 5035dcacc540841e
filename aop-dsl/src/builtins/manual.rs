//! The page of the manual.

use super::{BUILTINS, Builtin, Group};

impl Group {
    const ALL: [Group; 13] = [
        Group::Text,
        Group::Mail,
        Group::Web,
        Group::Network,
        Group::Path,
        Group::Shell,
        Group::Time,
        Group::Version,
        Group::Number,
        Group::List,
        Group::Json,
        Group::Encoding,
        Group::Page,
    ];

    fn title(self) -> &'static str {
        match self {
            Group::Text => "Texts",
            Group::Mail => "Mail and domains",
            Group::Web => "URLs",
            Group::Network => "IP addresses",
            Group::Path => "Paths",
            Group::Shell => "Shell commands",
            Group::Time => "Times, durations and sizes",
            Group::Version => "Versions",
            Group::Number => "Numbers and conversions",
            Group::List => "Lists and sets",
            Group::Json => "JSON",
            Group::Encoding => "Encodings and hashes",
            Group::Page => "Web pages and what texts mention",
        }
    }
}

/// `docs/builtins.md`, made from the table.
pub fn manual() -> String {
    let mut page = String::from(INTRODUCTION);
    for group in Group::ALL {
        page += &format!("\n## {}\n", group.title());
        for builtin in BUILTINS.iter().filter(|builtin| builtin.group == group) {
            page += &section(builtin);
        }
    }
    page
}

const INTRODUCTION: &str = "\
# Built-in functions

<!-- Generated from aop-dsl/src/builtins: `AOP_UPDATE=1 cargo test -p aop-dsl --test builtins` writes this page. -->

A function is called as `f(x, y)` or as `x.f(y)`, which is the same. One that is marked as a property may also be written without
parentheses: `a.domain`. An argument may be given by its parameter's name: `substring(t, start: 3)`.

In the signatures, `text` is any of string, email, domain, url, path, semver and enum; `number` is int or decimal; `list<T>` is a list
or a set, and `T` the type of its items. A `?` behind a parameter's type says that it may be left out; behind the result's type,
that there may be no result: `absent` below.

When an argument is absent, so is the result, and when it is unknown, so is the result. What cannot be worked out is unknown: a text
that is no base64, a list of more than 10,000 items, a text of more than 1 MiB. All functions take time linear in their arguments.
";

fn section(builtin: &Builtin) -> String {
    let property = if builtin.property { " Property." } else { "" };
    let mut text = format!("\n### `{}`\n\n{}{property}\n\n```\n", builtin.signature(), builtin.summary);
    for example in builtin.examples {
        text += &format!("{} => {}\n", example.expression, example.value);
    }
    text + "```\n"
}
