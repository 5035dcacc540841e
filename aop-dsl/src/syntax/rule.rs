//! Rules: their first line, and their clauses one by one.

use std::ops::Range;

use pest::iterators::{Pair, Pairs};

use super::ast::{Annotation, Clause, EventMatch, Expr, ExprKind, Name, Pattern, Rule as RuleItem, Span, Then, Trigger};
use super::clauses;
use super::grammar::Rule;
use super::lowering::Lowering;
use super::mend::Mode;
use super::piece::{self, Shape};
use super::reader::Reader;
use super::split::{self, EFFECTS};
use crate::diagnostic::{DiagnosticCode, shown};

const HEAD: Shape = Shape {
    rule: Rule::rule_head,
    mode: Mode::Head,
    code: DiagnosticCode::AnnotationSyntax,
    what: "a rule's first line",
    example: "rule no_shell @severity(critical) @on_unknown(deny) {",
};

pub(super) fn read(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<RuleItem> {
    let span = reader.span_of(tokens.clone());
    let Some((head, body)) = head_and_body(reader, &tokens, "rule") else {
        reader.break_name(tokens.start + 1);
        return None;
    };
    let read_head = piece::read(reader, head.clone(), HEAD, read_head);
    let mut rule = RuleItem {
        name: name_of(reader, head.start + 1),
        annotations: Vec::new(),
        trigger: missing_trigger(reader.behind(body.start)),
        clauses: Vec::new(),
        then: missing_then(reader.behind(body.end)),
        is_broken: read_head.is_none() || reader.patches_have_flaw(tokens.clone()),
        span,
    };
    if let Some((name, annotations)) = read_head {
        (rule.name, rule.annotations) = (name, annotations);
    }
    read_body(reader, &mut rule, body);
    Some(rule)
}

pub(super) fn read_head(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> (Name, Vec<Annotation>) {
    let (mut name, mut annotations) = (None, Vec::new());
    for part in parts {
        match part.as_rule() {
            Rule::name => name = Some(lowering.name(&part)),
            Rule::annotation => annotations.push(annotation(lowering, part)),
            _ => {}
        }
    }
    (name.expect("the grammar has a name there"), annotations)
}

fn annotation(lowering: &mut Lowering<'_, '_>, pair: Pair<'_, Rule>) -> Annotation {
    let span = lowering.span(&pair);
    let (mut name, mut arguments) = (None, Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::word => name = Some(lowering.name(&part)),
            Rule::annotation_value => {
                let value = part.into_inner().next().expect("the grammar has a value there");
                if value.as_rule() == Rule::lint {
                    let Name { text, span } = lowering.name(&value);
                    arguments.push(Expr { kind: ExprKind::Name(text), span });
                } else {
                    arguments.push(lowering.expr(value));
                }
            }
            _ => {}
        }
    }
    Annotation { name: name.expect("the grammar has a name there"), arguments, span }
}

/// The tokens before the braces and those in them.
pub(super) fn head_and_body(
    reader: &mut Reader<'_, '_, '_>,
    tokens: &Range<usize>,
    what: &str,
) -> Option<(Range<usize>, Range<usize>)> {
    let opener = tokens.clone().find(|at| reader.text(*at) == "{" && reader.depth(*at) == 0);
    let Some(opener) = opener else {
        if !reader.patches_have_flaw(tokens.clone()) {
            let last = if reader.text(tokens.end - 1) == ";" { tokens.end - 1 } else { tokens.end };
            let behind = reader.behind(last);
            let message = format!("this {what} has no body; its clauses stand in `{{ … }}`");
            reader.flaw(DiagnosticCode::Clause, behind, message).label("`{` is missing");
        }
        return None;
    };
    let is_closed = tokens.end > opener + 1 && reader.text(tokens.end - 1) == "}" && reader.depth(tokens.end - 1) == 0;
    Some((tokens.start..opener, opener + 1..if is_closed { tokens.end - 1 } else { tokens.end }))
}

pub(super) fn name_of(reader: &Reader<'_, '_, '_>, at: usize) -> Name {
    let text = if reader.is_word(at) { reader.text(at) } else { "" };
    Name { text: text.to_owned(), span: reader.span(at) }
}

fn missing_trigger(span: Span) -> Trigger {
    let kind = Name { text: "event".to_owned(), span };
    let pattern = Pattern { kind, actions: None, span };
    let condition = Some(Expr { kind: ExprKind::Error, span });
    Trigger { event: EventMatch { binding: None, pattern, condition, span }, span }
}

pub(super) fn missing_then(span: Span) -> Then {
    Then { effects: Vec::new(), message: None, span }
}

fn read_body(reader: &mut Reader<'_, '_, '_>, rule: &mut RuleItem, body: Range<usize>) {
    let (mut trigger, mut then): (Option<Span>, Option<Span>) = (None, None);
    let (clauses, has_junk) = split::clauses(reader, body.clone());
    rule.is_broken |= has_junk;
    for clause in clauses {
        if reader.is_full() {
            return;
        }
        let word = reader.text(clause.start);
        // An effect without its `then`, which is put there.
        let word = if EFFECTS.contains(&word) { "then" } else { word };
        let span = reader.span(clause.start);
        if let Some(then) = then
            && word != "then"
        {
            let message = "nothing may stand behind `then`; put this clause before it";
            reader.flaw(DiagnosticCode::Then, span, message).related(then, "the `then`");
        }
        let is_read = match word {
            "on" => {
                let read = clauses::read_trigger(reader, clause);
                let is_read = read.is_some();
                match trigger {
                    Some(first) => {
                        let message =
                            "a rule has one `on`; for several events join actions with `|`, or write a second rule";
                        reader.flaw(DiagnosticCode::Trigger, span, message).related(first, "the first");
                    }
                    None => rule.trigger = read.unwrap_or_else(|| missing_trigger(span)),
                }
                trigger.get_or_insert(span);
                is_read
            }
            "then" => {
                if let Some(first) = then {
                    let message = "a rule has one `then`; join effects with `,`";
                    reader.flaw(DiagnosticCode::Then, span, message).related(first, "the first");
                }
                then.get_or_insert(span);
                let read = read_then(reader, clause);
                let is_read = read.is_some();
                rule.then = read.unwrap_or_else(|| missing_then(span));
                is_read
            }
            _ => {
                let read: Option<Clause> = clauses::read_clause(reader, clause);
                let is_read = read.is_some();
                rule.clauses.extend(read);
                is_read
            }
        };
        rule.is_broken |= !is_read;
    }
    if has_junk || rule.is_broken && reader.patches_have_flaw(body.clone()) {
        return;
    }
    if trigger.is_none() {
        rule.is_broken = true;
        let message = "this rule has no `on`: say which event it is about, such as `on c: request(send_email)`";
        reader.flaw(DiagnosticCode::Trigger, rule.name.span, message);
    }
    if then.is_none() {
        rule.is_broken = true;
        let message = "this rule has no `then`: say what to do, such as `then deny \"why\";`";
        reader.flaw(DiagnosticCode::Then, rule.name.span, message);
    }
}

/// A `then` whose `;` may be missing.
pub(super) fn read_then(reader: &mut Reader<'_, '_, '_>, mut clause: Range<usize>) -> Option<Then> {
    let semicolon = clause.clone().find(|at| reader.text(*at) == ";" && reader.depth(*at) == reader.depth(clause.start));
    match semicolon {
        Some(semicolon) => {
            // `;;`
            for at in semicolon + 1..clause.end {
                let span = reader.span(at);
                if EFFECTS.contains(&reader.text(at)) {
                    reader.flaw(DiagnosticCode::Then, span, "a rule has one `then`; join effects with `,`");
                    break;
                }
                if reader.text(at) != ";" {
                    let message = format!("nothing may stand behind `then`; `{}` does", shown(reader.text(at)));
                    reader.flaw(DiagnosticCode::Then, span, message);
                    break;
                }
                reader.mended(DiagnosticCode::Separator, span, "", "one `;` ends a rule's `then`");
            }
            clause.end = semicolon + 1;
        }
        None if !reader.patches_have_flaw(clause.clone()) => {
            let behind = reader.behind(clause.end);
            if reader.is_word(clause.end) {
                // A clause behind the `then`, which is said.
                reader.patches.edit(behind, ";");
                return clauses::read_then(reader, clause);
            }
            reader.mended(DiagnosticCode::Separator, behind, ";", "a rule's `then` ends with `;`").label("add `;` here");
        }
        None => {}
    }
    clauses::read_then(reader, clause)
}
