//! A schema: its members, each read by itself.

use std::ops::Range;

use super::ast::{Action, Name, Schema, SchemaMember};
use super::grammar::Rule;
use super::lexer::TokenKind;
use super::mend::Mode;
use super::piece::{self, Shape};
use super::reader::Reader;
use super::words;
use crate::diagnostic::{DiagnosticCode, shown};

const MEMBER_WORDS: [&str; 4] = ["action", "label", "effect", "type"];

const fn shape(rule: Rule, what: &'static str, example: &'static str) -> Shape {
    Shape { rule, mode: Mode::Schema, code: DiagnosticCode::SchemaSyntax, what, example }
}

const ACTION: Shape =
    shape(Rule::action_member, "an `action`", "action get_website(url: url, depth: int?) -> { body: string } : untrusted;");
const LABEL: Shape = shape(Rule::label_member, "a `label`", "label untrusted;");
const EFFECT: Shape = shape(Rule::effect_member, "an `effect`", "effect egress;");
const TYPE: Shape = shape(Rule::type_member, "a `type`", "type Address = { street: string, zip: string? };");

/// `schema { … }`
pub(super) fn read(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Schema> {
    let span = reader.span_of(tokens.clone());
    let mut schema = Schema { members: Vec::new(), is_broken: reader.patches_have_flaw(tokens.clone()), span };
    let opener = tokens.start + 1;
    if reader.text(opener) != "{" {
        let place = reader.span(opener);
        let message = "a schema has no name; write `schema { … }`";
        reader.flaw(DiagnosticCode::SchemaSyntax, place, message);
        return Some(Schema { is_broken: true, ..schema });
    }
    let is_closed = tokens.end > opener + 1 && reader.text(tokens.end - 1) == "}" && reader.depth(tokens.end - 1) == 0;
    let end = if is_closed { tokens.end - 1 } else { tokens.end };
    let mut at = opener + 1;
    while at < end && !reader.is_full() {
        let member_end = end_of_member(reader, at, end);
        match member(reader, at..member_end) {
            Some(member) => schema.members.push(member),
            None => {
                schema.is_broken = true;
                reader.break_name(at + 1);
            }
        }
        at = member_end;
    }
    Some(schema)
}

/// Behind a member's `;`, which is put there when it is missing and the next member begins a line.
fn end_of_member(reader: &mut Reader<'_, '_, '_>, start: usize, end: usize) -> usize {
    let depth = reader.depth(start);
    for at in start..end {
        if reader.depth(at) > depth {
            continue;
        }
        if reader.text(at) == ";" {
            return at + 1;
        }
        let goes_on = matches!(reader.text(at.saturating_sub(1)), ":" | "," | "->" | "=" | "." | "(" | "<" | "[")
            && !matches!(reader.kind(at + 1), Some(TokenKind::Word | TokenKind::Text));
        let begins_line = at > start + 1 && reader.indent(at).is_some() && !goes_on;
        if begins_line && MEMBER_WORDS.contains(&reader.text(at)) && !reader.is_after_dot(at) {
            missing_semicolon(reader, start, at);
            return at;
        }
    }
    missing_semicolon(reader, start, end);
    end
}

fn missing_semicolon(reader: &mut Reader<'_, '_, '_>, start: usize, at: usize) {
    if reader.patches_have_flaw(start..at) {
        return;
    }
    let last = reader.span(at - 1);
    let message = "a schema's members end with `;`";
    if reader.text(at - 1) == "," {
        reader.mended(DiagnosticCode::Separator, last, ";", message);
    } else {
        let behind = reader.behind(at);
        reader.mended(DiagnosticCode::Separator, behind, ";", message).label("add `;` here");
    }
}

fn member(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<SchemaMember> {
    let span = reader.span_of(tokens.clone());
    let word = member_word(reader, tokens.start)?;
    match word {
        "label" => piece::read(reader, tokens, LABEL, |lowering, mut parts| {
            SchemaMember::Label(lowering.name(&parts.next().expect("the grammar has a word there")))
        }),
        "effect" => piece::read(reader, tokens, EFFECT, |lowering, mut parts| {
            SchemaMember::Effect(lowering.name(&parts.next().expect("the grammar has a word there")))
        }),
        "type" => piece::read(reader, tokens, TYPE, |lowering, parts| {
            let (mut name, mut ty) = (None, None);
            for part in parts {
                match part.as_rule() {
                    Rule::name => name = Some(lowering.name(&part)),
                    Rule::ty => ty = Some(lowering.ty(part)),
                    _ => {}
                }
            }
            let name = name.expect("the grammar has a name there");
            SchemaMember::Type { name, ty: ty.expect("the grammar has a type there"), span }
        }),
        _ => piece::read(reader, tokens, ACTION, |lowering, parts| {
            let unnamed = Name { text: String::new(), span };
            let mut action = Action { name: unnamed, params: Vec::new(), result: None, words: Vec::new(), span };
            for part in parts {
                match part.as_rule() {
                    Rule::string | Rule::dotted => action.name = lowering.name_or_text(&part),
                    Rule::params => action.params = lowering.field_defs(part),
                    Rule::result => {
                        let ty = part.into_inner().find(|part| part.as_rule() == Rule::ty);
                        action.result = ty.map(|ty| lowering.ty(ty));
                    }
                    Rule::words => {
                        let words = part.into_inner().filter(|word| word.as_rule() == Rule::dotted);
                        action.words = words.map(|word| lowering.name(&word)).collect();
                    }
                    _ => {}
                }
            }
            SchemaMember::Action(action)
        }),
    }
}

/// The word with which a member begins; a misspelt one is mended.
fn member_word(reader: &mut Reader<'_, '_, '_>, at: usize) -> Option<&'static str> {
    let text = reader.text(at);
    if let Some(word) = MEMBER_WORDS.iter().find(|word| **word == text) {
        return Some(word);
    }
    let span = reader.span(at);
    if text == ";" {
        let message = "this `;` ends nothing; one stands behind each member";
        reader.mended(DiagnosticCode::Separator, span, "", message);
        return None;
    }
    if reader.patches_have_flaw(at..at + 1) {
        return None;
    }
    let meant = match text {
        "tool" | "function" | "fn" | "def" | "request" | "call" => Some("action"),
        "tag" | "source" => Some("label"),
        "record" | "struct" | "entity" | "enum" => Some("type"),
        _ if reader.text(at + 1) == "(" => None,
        _ => words::nearest(text, &MEMBER_WORDS),
    };
    match meant {
        Some(word) => {
            let message = format!("`{}` begins no member of a schema; did you mean `{word}`?", shown(text));
            reader.mended_word(at, word, message);
            Some(word)
        }
        None => {
            let mut message = format!("`{}` begins no member of a schema", shown(text));
            if reader.is_word(at) && reader.text(at + 1) == "(" {
                message.push_str(&format!("; did you mean `action {}(…)`?", shown(text)));
            } else {
                message.push_str("; those are `action`, `label`, `effect` and `type`");
            }
            reader.flaw(DiagnosticCode::SchemaSyntax, span, message);
            None
        }
    }
}
