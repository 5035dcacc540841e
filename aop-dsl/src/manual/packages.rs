//! `docs/std.md`: the packages that come with the language, by their own comments.

use crate::library;
use crate::syntax::ast::{Expr, ExprKind, Item, SchemaMember, Span};

const INTRODUCTION: &str = "\
# The packages that come with AOP

<!-- Generated from aop-dsl/src/library/std: `AOP_UPDATE=1 cargo test -p aop-dsl --test manual` writes this page. -->

A policy takes one with `use std.mail;` and then writes `mail.is_free(a)`: the package's last word, or the name that stands behind `as`, and
what is wanted of it. They have words for schemas, values and functions, and no rules. The examples are tests.
";

/// Longer values are told by the number of their entries.
const VALUE_CHARACTERS_MAX: usize = 100;

/// `docs/std.md`, made from the packages' texts.
pub fn std_manual() -> String {
    let mut page = INTRODUCTION.to_owned();
    for name in library::NAMES {
        if let (Some(source), Some(tree)) = (library::package(name), library::tree(name)) {
            page += &section(name, source, &tree.items);
        }
    }
    page
}

fn section(name: &str, source: &str, items: &[Item]) -> String {
    let head: Vec<&str> = source.lines().take_while(|line| line.starts_with("//")).map(uncommented).collect();
    let mut page = format!("\n## `{name}`\n\n{}\n", paragraphs(&head));
    for (title, is_kind) in [("effect", true), ("label", false)] {
        let words: Vec<(&str, Span)> = members(items)
            .filter_map(|member| match member {
                SchemaMember::Effect(name) if is_kind => Some((name.text.as_str(), name.span)),
                SchemaMember::Label(name) if !is_kind => Some((name.text.as_str(), name.span)),
                _ => None,
            })
            .collect();
        if words.is_empty() {
            continue;
        }
        page += &format!("\n| {title} | |\n|---|---|\n");
        for (word, span) in words {
            page += &format!("| `{word}` | {} |\n", Above::of(source, span).text);
        }
    }
    let values: Vec<String> = items.iter().filter_map(|item| value(source, item)).collect();
    if !values.is_empty() {
        page += &format!("\n| value | |\n|---|---|\n{}", values.concat());
    }
    for item in items {
        let Item::Function(function) = item else { continue };
        let above = Above::of(source, function.span);
        let head = Span { start: function.name.span.start, end: function.result.span.end };
        page += &format!("\n### `{}`\n\n", &source[head.range()]);
        if !above.text.is_empty() {
            page += &format!("{}\n\n", above.text);
        }
        page += "```\n";
        for (expression, value) in above.examples {
            page += &format!("{expression} => {value}\n");
        }
        page += "```\n";
    }
    page
}

fn members(items: &[Item]) -> impl Iterator<Item = &SchemaMember> {
    items.iter().filter_map(|item| if let Item::Schema(schema) = item { Some(&schema.members) } else { None }).flatten()
}

/// The line of a `let`: its name, its type, what its comment says, and what it is.
fn value(source: &str, item: &Item) -> Option<String> {
    let Item::Let(constant) = item else { return None };
    let ty = constant.ty.as_ref().map_or(String::new(), |ty| format!(": {}", &source[ty.span.range()]));
    let text = Above::of(source, constant.span).text;
    let gap = match text.chars().next_back() {
        None => "",
        Some('.') => " ",
        Some(_) => ": ",
    };
    Some(format!("| `{}{ty}` | {text}{gap}{} |\n", constant.name.text, shown(source, &constant.value)))
}

fn shown(source: &str, value: &Expr) -> String {
    let written: Vec<&str> = source[value.span.range()].split_whitespace().collect();
    let written = written.join(" ");
    match &value.kind {
        ExprKind::List(items) if written.chars().count() > VALUE_CHARACTERS_MAX => format!("{} entries.", items.len()),
        _ => format!("`{}`", written.replace('|', "\\|")),
    }
}

/// What stands in comments right above an item.
struct Above<'s> {
    text: String,
    /// `// e.g. expression == value`
    examples: Vec<(&'s str, &'s str)>,
}

impl<'s> Above<'s> {
    fn of(source: &'s str, span: Span) -> Self {
        let before = &source[..span.range().start];
        let lines: Vec<&str> = before[..before.rfind('\n').map_or(0, |end| end)].lines().collect();
        let above = lines.iter().rev().take_while(|line| line.trim_start().starts_with("//")).count();
        let lines: Vec<&str> = lines[lines.len() - above..].iter().map(|line| uncommented(line)).collect();
        let (examples, text): (Vec<&str>, Vec<&str>) = lines.into_iter().partition(|line| line.starts_with("e.g. "));
        let examples = examples.into_iter().filter_map(|line| line.trim_start_matches("e.g. ").rsplit_once(" == "));
        Self { text: text.join(" "), examples: examples.collect() }
    }
}

fn uncommented(line: &str) -> &str {
    line.trim_start().trim_start_matches("//").trim()
}

/// An empty line parts paragraphs.
fn paragraphs(lines: &[&str]) -> String {
    let parts: Vec<String> = lines.split(|line| line.is_empty()).map(|part| part.join(" ")).collect();
    parts.join("\n\n")
}
