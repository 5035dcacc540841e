//! `use`, `let` and `fn`.

use std::ops::Range;

use super::ast::{Function, Let, Use};
use super::grammar::Rule;
use super::mend::Mode;
use super::piece::{self, Shape};
use super::reader::Reader;
use crate::diagnostic::DiagnosticCode;

const USE: Shape = Shape {
    rule: Rule::use_item,
    mode: Mode::Definition,
    code: DiagnosticCode::Definition,
    what: "a `use`",
    example: "use acme.common as common;",
};

const LET: Shape = Shape {
    rule: Rule::let_item,
    mode: Mode::Definition,
    code: DiagnosticCode::Definition,
    what: "a `let`",
    example: "let internal: set<domain> = [\"ourcompany.com\"];",
};

const FUNCTION: Shape = Shape {
    rule: Rule::fn_item,
    mode: Mode::Definition,
    code: DiagnosticCode::Definition,
    what: "a `fn`",
    example: "fn external(a: email) -> bool = not (a.domain in internal);",
};

pub(super) fn read_use(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Use> {
    let span = reader.span_of(tokens.clone());
    piece::read(reader, tokens, USE, |lowering, parts| {
        let (mut package, mut alias) = (None, None);
        for part in parts {
            match part.as_rule() {
                Rule::dotted => package = Some(lowering.name(&part)),
                Rule::name => alias = Some(lowering.name(&part)),
                _ => {}
            }
        }
        Use { package: package.expect("the grammar has a name there"), alias, span }
    })
}

pub(super) fn read_let(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Let> {
    let span = reader.span_of(tokens.clone());
    let name_at = tokens.start + 1;
    let read = piece::read(reader, tokens, LET, |lowering, parts| {
        let (mut name, mut ty, mut value) = (None, None, None);
        for part in parts {
            match part.as_rule() {
                Rule::name => name = Some(lowering.name(&part)),
                Rule::ty => ty = Some(lowering.ty(part)),
                Rule::expr => value = Some(lowering.expr(part)),
                _ => {}
            }
        }
        let value = value.expect("the grammar has a value there");
        Let { name: name.expect("the grammar has a name there"), ty, value, span }
    });
    if read.is_none() {
        reader.break_name(name_at);
    }
    read
}

pub(super) fn read_function(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Function> {
    let span = reader.span_of(tokens.clone());
    let name_at = tokens.start + 1;
    let read = piece::read(reader, tokens, FUNCTION, |lowering, parts| {
        let (mut name, mut params, mut result, mut body) = (None, Vec::new(), None, None);
        for part in parts {
            match part.as_rule() {
                Rule::name => name = Some(lowering.name(&part)),
                Rule::params => params = lowering.field_defs(part),
                Rule::ty => result = Some(lowering.ty(part)),
                Rule::expr => body = Some(lowering.expr(part)),
                _ => {}
            }
        }
        Function {
            name: name.expect("the grammar has a name there"),
            params,
            result: result.expect("the grammar has a type there"),
            body: body.expect("the grammar has a body there"),
            span,
        }
    });
    if read.is_none() {
        reader.break_name(name_at);
    }
    read
}
