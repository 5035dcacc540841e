//! A text's tokens → its items, each read by itself.

use std::ops::Range;

use super::ast::{Item, Span};
use super::lexer::TokenKind;
use super::reader::Reader;
use super::{batch, definitions, rule, schema, test, words};
use crate::diagnostic::{DiagnosticCode, shown};

/// Words with which items begin.
const ITEM_WORDS: [&str; 7] = ["use", "schema", "let", "fn", "rule", "batch", "test"];

/// Reads the items from a token on.
pub(super) fn read(reader: &mut Reader<'_, '_, '_>, first: usize) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = first;
    while at < reader.tokens.len() && !reader.is_full() {
        let kind = kind_at(reader, at);
        let end = match kind {
            Some(kind) => end_of_item(reader, at, kind),
            None => end_of_junk(reader, at),
        };
        match kind {
            Some(kind) => items.extend(item(reader, kind, at..end)),
            None => junk(reader, at..end),
        }
        at = end;
    }
    items
}

fn item(reader: &mut Reader<'_, '_, '_>, kind: &'static str, tokens: Range<usize>) -> Option<Item> {
    match kind {
        "use" => definitions::read_use(reader, tokens).map(Item::Use),
        "let" => definitions::read_let(reader, tokens).map(Item::Let),
        "fn" => definitions::read_function(reader, tokens).map(Item::Function),
        "schema" => schema::read(reader, tokens).map(Item::Schema),
        "rule" => rule::read(reader, tokens).map(Item::Rule),
        "batch" => batch::read(reader, tokens).map(Item::BatchRule),
        _ => test::read(reader, tokens).map(Item::Test),
    }
}

/// The kind of item that begins here; a word that is misspelt is mended.
fn kind_at(reader: &mut Reader<'_, '_, '_>, at: usize) -> Option<&'static str> {
    if !reader.is_word(at) {
        return None;
    }
    let text = reader.text(at);
    if let Some(word) = ITEM_WORDS.iter().find(|word| **word == text) {
        return Some(word);
    }
    let next = reader.kind(at + 1);
    let foreign = match (text, next) {
        ("import" | "include" | "using" | "require", Some(TokenKind::Word)) => Some("use"),
        ("const" | "var" | "val" | "define", Some(TokenKind::Word)) => Some("let"),
        ("def" | "function" | "func" | "fun", Some(TokenKind::Word)) if reader.text(at + 2) == "(" => Some("fn"),
        ("types" | "tools" | "actions", _) if reader.text(at + 1) == "{" => Some("schema"),
        _ => None,
    };
    let word = foreign.or_else(|| {
        let begins_like_item = matches!(next, Some(TokenKind::Word | TokenKind::Text)) || reader.text(at + 1) == "{";
        if begins_like_item { words::nearest(text, &ITEM_WORDS) } else { None }
    })?;
    let message = format!("`{}` begins no item; did you mean `{word}`?", shown(text));
    reader.mended_word(at, word, message);
    Some(word)
}

/// Behind the last token of the item that begins at `start`; a `;` that is missing is put there.
fn end_of_item(reader: &mut Reader<'_, '_, '_>, start: usize, kind: &str) -> usize {
    let has_braces = matches!(kind, "schema" | "rule" | "batch" | "test");
    let mut in_braces = false;
    let mut at = start + 1;
    // What belongs to the item's first words: `batch rule x`.
    if kind == "batch" && reader.text(at) == "rule" {
        at += 1;
    }
    while at < reader.tokens.len() {
        if reader.depth(at) == 0 {
            match reader.text(at) {
                ";" => return at + 1,
                "{" if has_braces => in_braces = true,
                "}" if in_braces => return at + 1,
                _ if reader.indent(at).is_some() && looks_like_item(reader, at) => break,
                _ => {}
            }
        }
        at += 1;
    }
    let is_cut_off = reader.patches_have_flaw(start..at);
    let ends_with_brace = reader.text(at - 1) == "}" && kind == "fn";
    if !has_braces && !is_cut_off && !ends_with_brace {
        let behind = reader.behind(at);
        reader.mended(DiagnosticCode::Separator, behind, ";", format!("a `{kind}` ends with `;`")).label("add `;` here");
    }
    at
}

/// Whether a line begins with an item, be its word misspelt.
fn looks_like_item(reader: &Reader<'_, '_, '_>, at: usize) -> bool {
    reader.starts_item(at) || (reader.text(at) == "rule" && reader.kind(at + 1) == Some(TokenKind::Word))
}

/// Behind what is no item: a `;`, closed braces, or the next line that begins with an item.
fn end_of_junk(reader: &Reader<'_, '_, '_>, start: usize) -> usize {
    let mut at = start;
    while at < reader.tokens.len() {
        if reader.depth(at) == 0 {
            if matches!(reader.text(at), ";" | "}") {
                let is_ended_twice = reader.text(at) == "}" && reader.text(at + 1) == ";";
                return at + 1 + usize::from(is_ended_twice);
            }
            if at > start && looks_like_item(reader, at) && (reader.indent(at).is_some() || reader.text(start) == "@") {
                return at;
            }
        }
        at += 1;
    }
    at
}

/// Says what stands where an item was expected.
fn junk(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) {
    let span = reader.span(tokens.start);
    let text = reader.text(tokens.start);
    if reader.patches_have_flaw(tokens.clone()) || matches!(text, ")" | "]" | "}") {
        // It is said already.
        return;
    }
    if text == ";" {
        let message = "this `;` ends nothing; items that end with `}` have none";
        reader.sink.error(DiagnosticCode::Separator, span, message).fix(span, "");
        return;
    }
    if text == "policy" {
        let message = "a file has one header, at its beginning; put the second policy into a file of its own";
        reader.sink.error(DiagnosticCode::Header, span, message);
        return;
    }
    if text == "@" {
        let all = annotations_only(reader, tokens);
        let message = "annotations stand behind the rule's name: `rule no_shell @severity(critical) {`";
        reader.sink.error(DiagnosticCode::AnnotationSyntax, all, message);
        return;
    }
    let message = match text {
        "permit" | "forbid" => {
            format!("`{text}` is of another language; write `rule name {{ on c: request(…) where … then deny \"…\"; }}`")
        }
        "allow" | "deny" | "default" | "violation" | "warn" => {
            format!("`{text}` is no item; a rule reads `rule name {{ on c: request(…) where … then deny \"…\"; }}`")
        }
        "raise" => "`raise` is no item; a rule reads `rule name { on c: request(…) where … then deny \"…\"; }`".to_owned(),
        "private" | "global" | "public" | "pub" | "export" => {
            format!("`{text}` is not needed: what a package defines can be used by others")
        }
        "on" | "where" | "after" | "without" | "then" | "unless" | "expect" | "seq" => {
            format!("`{text}` belongs into a rule: `rule name {{ on … then …; }}`")
        }
        "action" | "label" | "effect" | "type" => format!("`{text}` belongs into a schema: `schema {{ {text} …; }}`"),
        _ => format!(
            "`{}` begins no item; a policy has `use`, `schema`, `let`, `fn`, `rule`, `batch rule` and `test`",
            shown(text)
        ),
    };
    reader.sink.error(DiagnosticCode::Item, span, message);
}

fn annotations_only(reader: &Reader<'_, '_, '_>, tokens: Range<usize>) -> Span {
    reader.span_of(tokens)
}

impl Reader<'_, '_, '_> {
    /// Whether something in these tokens is wrong that is said already.
    pub(super) fn patches_have_flaw(&mut self, tokens: Range<usize>) -> bool {
        self.patches.sort();
        let part = self.span_of(tokens);
        self.patches.has_flaw(part) || self.patches.is_unreadable(part)
    }
}
