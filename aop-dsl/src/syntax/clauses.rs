//! The clauses of a rule: each a piece that is read by itself.

use std::ops::Range;

use pest::iterators::Pairs;

use super::ast::{
    Aggregate, Argument, BinaryOp, Clause, ClauseKind, Cycle, EffectExpr, EventMatch, Expr, Name, Span, Template, Then,
    Trigger, Window,
};
use super::expr::binary_op;
use super::grammar::Rule;
use super::lexer::TokenKind;
use super::lowering::Lowering;
use super::mend::Mode;
use super::message;
use super::piece::{self, Shape};
use super::reader::Reader;
use crate::diagnostic::DiagnosticCode;

/// Functions over the events of a window.
pub(super) const AGGREGATES: [&str; 4] = ["count", "sum", "distinct", "max"];

const fn shape(rule: Rule, code: DiagnosticCode, what: &'static str, example: &'static str) -> Shape {
    Shape { rule, mode: Mode::Clause, code, what, example }
}

const TRIGGER: Shape = shape(Rule::trigger, DiagnosticCode::Trigger, "an `on`", "on c: request(send_email) where …");
const AFTER: Shape =
    shape(Rule::event_clause, DiagnosticCode::Clause, "an `after`", "after w: response(get_website) where … within 10m");
const WITHOUT: Shape = shape(
    Rule::event_clause,
    DiagnosticCode::Clause,
    "a `without`",
    "without a: response(human_approve) where … within 30m",
);
const EXPECT: Shape =
    shape(Rule::event_clause, DiagnosticCode::Clause, "an `expect`", "expect a: response(*) where … within 30s");
const WHERE: Shape =
    shape(Rule::where_clause, DiagnosticCode::Clause, "a `where`", "where c.params.amount > 100 and not has c.params.note");
const SEQ: Shape = shape(
    Rule::seq_clause,
    DiagnosticCode::Clause,
    "a `seq`",
    "seq [ a: response(query_crm); b: request(shell_exec); ] within 10m",
);
const COUNT: Shape =
    shape(Rule::count_clause, DiagnosticCode::Clause, "a `count`", "count(request(*)) > 100 within 60s per agent");
const VALUE: Shape = shape(
    Rule::value_clause,
    DiagnosticCode::Clause,
    "a `sum`, `distinct` or `max`",
    "sum(t.params.amount for t: request(transfer)) > 5000.00 within 1h",
);
const CYCLE: Shape = shape(
    Rule::cycle_clause,
    DiagnosticCode::Clause,
    "a `cycle`",
    "cycle(c.action where c.params == prev.params) >= 3 within 30 events",
);
const UNLESS: Shape =
    shape(Rule::expression, DiagnosticCode::Clause, "an `unless`", "unless after h: response(human_approve) within 10m");
const THEN: Shape = shape(Rule::then_clause, DiagnosticCode::Then, "a `then`", "then deny \"no approval for {c.action}\";");

pub(super) fn read_trigger(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Trigger> {
    let span = reader.span_of(tokens.clone());
    piece::read(reader, tokens, TRIGGER, |lowering, mut parts| {
        let event = parts.find(|part| part.as_rule() == Rule::event).expect("the grammar has an event in an `on`");
        Trigger { event: lowering.event(event), span }
    })
}

/// Any clause but `on` and `then`.
pub(super) fn read_clause(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Clause> {
    match reader.text(tokens.start) {
        "unless" => read_unless(reader, tokens),
        word => read_as(reader, word, tokens),
    }
}

/// A clause that begins with this word, or would if it were not missing.
fn read_as(reader: &mut Reader<'_, '_, '_>, word: &str, tokens: Range<usize>) -> Option<Clause> {
    let span = reader.span_of(tokens.clone());
    let kind = match word {
        "where" => piece::read(reader, tokens, WHERE, |lowering, parts| ClauseKind::Where(only_expr(lowering, parts))),
        "after" => piece::read(reader, tokens, AFTER, |lowering, parts| {
            let EventParts { event, window, scope } = event_parts(lowering, parts);
            ClauseKind::After { event, window, scope }
        }),
        "without" => piece::read(reader, tokens, WITHOUT, |lowering, parts| {
            let EventParts { event, window, scope } = event_parts(lowering, parts);
            ClauseKind::Without { event, window, scope }
        }),
        "expect" => piece::read(reader, tokens, EXPECT, |lowering, parts| {
            let EventParts { event, window, scope } = event_parts(lowering, parts);
            if let Some(scope) = scope {
                let message = "an `expect` looks at its own run only; take out the `per`";
                lowering.error(DiagnosticCode::Clause, scope.span, message);
            }
            ClauseKind::Expect { event, window }
        }),
        "seq" => piece::read(reader, tokens, SEQ, seq),
        "cycle" => piece::read(reader, tokens, CYCLE, |lowering, parts| ClauseKind::Cycle(cycle(lowering, parts))),
        "count" => piece::read(reader, tokens, COUNT, |lowering, parts| ClauseKind::Aggregate(aggregate(lowering, parts))),
        _ => piece::read(reader, tokens, VALUE, |lowering, parts| ClauseKind::Aggregate(aggregate(lowering, parts))),
    };
    kind.map(|kind| Clause { kind, span })
}

/// `unless after …`, `unless count(…) > 3 within 1h`, `unless c.params.amount < 10`
fn read_unless(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Clause> {
    let span = reader.span_of(tokens.clone());
    let inner = tokens.start + 1..tokens.end;
    if inner.is_empty() {
        let message = "`unless` has nothing behind it; a clause such as `after …` or a condition belongs there";
        reader.flaw(DiagnosticCode::Clause, span, message);
        return None;
    }
    let (first, first_span) = (reader.text(inner.start), reader.span(inner.start));
    if first == "unless" {
        reader.mended(DiagnosticCode::Clause, first_span, "", "`unless` stands here a second time");
        return None;
    }
    let is_negated = first == "not" && is_clause_word(reader, inner.start + 1);
    if is_negated {
        let both = span_of_first_two(reader, &tokens);
        reader.flaw(DiagnosticCode::Clause, both, "`unless not` is not needed: write the clause by itself");
        return None;
    }
    let inner = if first == "where" {
        let message = "`unless` takes its condition without `where`";
        reader.mended(DiagnosticCode::Clause, first_span, "", message);
        inner.start + 1..inner.end
    } else {
        inner
    };
    let is_clause = is_clause_word(reader, inner.start) || is_aggregate(reader, inner.clone());
    let clause = if is_clause {
        read_clause(reader, inner)?
    } else if starts_event(reader, inner.start) {
        let before = Span { start: reader.span(inner.start).start, end: reader.span(inner.start).start };
        let message = "an event that must not have been stands behind `unless after`";
        reader.mended(DiagnosticCode::Clause, before, "after ", message);
        read_as(reader, "after", inner)?
    } else {
        let inner_span = reader.span_of(inner.clone());
        let condition = piece::read(reader, inner, UNLESS, only_expr)?;
        Clause { kind: ClauseKind::Where(condition), span: inner_span }
    };
    Some(Clause { kind: ClauseKind::Unless(Box::new(clause)), span })
}

fn span_of_first_two(reader: &Reader<'_, '_, '_>, tokens: &Range<usize>) -> Span {
    reader.span_of(tokens.start..tokens.start + 2)
}

/// Whether a clause begins with this word.
pub(super) fn is_clause_word(reader: &Reader<'_, '_, '_>, at: usize) -> bool {
    reader.is_word(at)
        && matches!(reader.text(at), "after" | "without" | "seq" | "expect" | "where" | "unless" | "cycle")
        && (reader.text(at) != "cycle" || reader.text(at + 1) == "(")
}

/// Whether an event's pattern begins here: `h: response(…)`, `response(…)`, `error where …`.
pub(super) fn starts_event(reader: &Reader<'_, '_, '_>, at: usize) -> bool {
    let is_named = reader.is_word(at) && reader.text(at + 1) == ":";
    let kind = if is_named { at + 2 } else { at };
    let begins = match reader.text(kind) {
        "request" | "response" => reader.text(kind + 1) == "(",
        word => EVENT_KINDS.contains(&word) && matches!(reader.text(kind + 1), "where" | "within"),
    };
    reader.is_word(kind) && !reader.is_after_dot(kind) && (begins || is_named && EVENT_KINDS.contains(&reader.text(kind)))
}

/// Whether these tokens are a clause over the events of a window, not a call of a function of that name.
pub(super) fn is_aggregate(reader: &Reader<'_, '_, '_>, tokens: Range<usize>) -> bool {
    let (name, opener) = (reader.text(tokens.start), tokens.start + 1);
    if !AGGREGATES.contains(&name) || reader.text(opener) != "(" {
        return false;
    }
    let inside = reader.depth(opener) + 1;
    let end = (opener + 1..tokens.end).find(|at| reader.depth(*at) < inside).unwrap_or(tokens.end);
    let mut inner = opener + 1..end;
    if name == "count" {
        let is_bound = reader.text(opener + 2) == ":";
        let kind = if is_bound { opener + 3 } else { opener + 1 };
        return EVENT_KINDS.contains(&reader.text(kind));
    }
    inner.any(|at| reader.depth(at) == inside && reader.text(at) == "for" && !reader.is_after_dot(at))
}

/// The words for kinds of events.
pub(super) const EVENT_KINDS: [&str; 7] = ["request", "response", "reasoning", "final", "error", "event", "run_end"];

fn only_expr(lowering: &mut Lowering<'_, '_>, mut parts: Pairs<'_, Rule>) -> Expr {
    let expr = parts.find(|part| part.as_rule() == Rule::expr).expect("the grammar has an expression there");
    lowering.expr(expr)
}

struct EventParts {
    event: EventMatch,
    window: Option<Window>,
    scope: Option<Name>,
}

fn event_parts(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> EventParts {
    let (mut event, mut window, mut scope) = (None, None, None);
    for part in parts {
        match part.as_rule() {
            Rule::event => event = Some(lowering.event(part)),
            Rule::window => window = lowering.window(part),
            Rule::scope => scope = lowering.scope(part),
            _ => {}
        }
    }
    EventParts { event: event.expect("the grammar has an event there"), window, scope }
}

fn seq(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> ClauseKind {
    let (mut steps, mut window, mut scope) = (Vec::new(), None, None);
    for part in parts {
        match part.as_rule() {
            Rule::event => steps.push(lowering.event(part)),
            Rule::window => window = lowering.window(part),
            Rule::scope => scope = lowering.scope(part),
            _ => {}
        }
    }
    ClauseKind::Seq { steps, window, scope }
}

fn aggregate(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> Aggregate {
    let (mut function, mut value, mut event, mut bound) = (None, None, None, None);
    let (mut comparison, mut comparison_span) = (BinaryOp::Greater, Span::default());
    let (mut window, mut by, mut keys_max, mut events_max, mut scope) = (None, Vec::new(), None, None, None);
    for part in parts {
        let span = lowering.span(&part);
        let rule = part.as_rule();
        let is_again = match rule {
            Rule::word => false,
            Rule::window => window.is_some(),
            Rule::by => !by.is_empty(),
            Rule::scope => scope.is_some(),
            _ => false,
        };
        if is_again {
            let message =
                format!("`{}` stands here a second time", part.as_str().split_whitespace().next().unwrap_or_default());
            lowering.error(DiagnosticCode::Clause, span, message);
            continue;
        }
        match rule {
            Rule::word => function = Some(lowering.name(&part)),
            Rule::expr => value = Some(lowering.expr(part)),
            Rule::event => event = Some(lowering.event(part)),
            Rule::comparison => (comparison, comparison_span) = (binary_op(part.as_str()), span),
            Rule::sum => bound = Some(lowering.expr(part)),
            Rule::window => window = lowering.window(part),
            Rule::by => by = paths(lowering, part.into_inner()),
            Rule::scope => scope = lowering.scope(part),
            Rule::limit => limit(lowering, part.into_inner(), &mut keys_max, &mut events_max),
            _ => {}
        }
    }
    Aggregate {
        function: function.expect("the grammar has a word first"),
        value,
        event: event.expect("the grammar has an event there"),
        comparison,
        comparison_span,
        bound: bound.expect("the grammar has a bound there"),
        window,
        by,
        keys_max,
        events_max,
        scope,
    }
}

/// Of a `by`.
pub(super) fn paths(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> Vec<Expr> {
    parts.filter(|part| part.as_rule() == Rule::path).map(|path| lowering.path(path)).collect()
}

/// `max 4096 keys`, `max 4096 events`
fn limit(
    lowering: &mut Lowering<'_, '_>,
    parts: Pairs<'_, Rule>,
    keys_max: &mut Option<(u64, Span)>,
    events_max: &mut Option<(u64, Span)>,
) {
    let mut number = None;
    for part in parts {
        let span = lowering.span(&part);
        if part.as_rule() == Rule::number {
            number = lowering.whole_number(part.as_str(), span, "bound").map(|number| (number, span));
            continue;
        }
        let slot = if part.as_str() == "keys" { &mut *keys_max } else { &mut *events_max };
        if slot.is_some() {
            lowering.error(
                DiagnosticCode::Clause,
                span,
                format!("the bound of {} stands here a second time", part.as_str()),
            );
        } else {
            *slot = number;
        }
    }
}

fn cycle(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> Cycle {
    let (mut key, mut condition, mut bound, mut window) = (None, None, None, None);
    let (mut comparison, mut comparison_span) = (BinaryOp::GreaterEqual, Span::default());
    for part in parts {
        match part.as_rule() {
            Rule::expr => key = Some(lowering.expr(part)),
            Rule::condition => condition = lowering.condition(part),
            Rule::comparison => (comparison, comparison_span) = (binary_op(part.as_str()), lowering.span(&part)),
            Rule::sum => bound = Some(lowering.expr(part)),
            Rule::window => window = lowering.window(part),
            _ => {}
        }
    }
    Cycle {
        key: key.expect("the grammar has a key there"),
        condition,
        comparison,
        comparison_span,
        bound: bound.expect("the grammar has a bound there"),
        window,
    }
}

/// `then deny, redact(c.params) "…";`
pub(super) fn read_then(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Then> {
    let span = reader.span_of(tokens.clone());
    let message = tokens.clone().find(|at| reader.kind(*at) == Some(TokenKind::Message)).map(|at| reader.span(at));
    let mut then = piece::read(reader, tokens, THEN, |lowering, parts| {
        let mut then = Then { effects: Vec::new(), message: None, span };
        for part in parts {
            match part.as_rule() {
                Rule::effect => then.effects.push(effect(lowering, part.into_inner(), span)),
                Rule::message => then.message = Some(Template { parts: Vec::new(), span: lowering.span(&part) }),
                _ => {}
            }
        }
        then
    })?;
    // What the message says is no part of the piece: its braces hold pieces of their own.
    if let (Some(template), Some(message)) = (&mut then.message, message) {
        template.span = message;
        template.parts = message::parts(reader, message);
    }
    Some(then)
}

fn effect(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>, whole: Span) -> EffectExpr {
    let mut effect = EffectExpr { name: Name { text: String::new(), span: whole }, arguments: None, span: whole };
    for part in parts {
        let span = lowering.span(&part);
        if part.as_rule() == Rule::call {
            let arguments: Vec<Argument> = lowering.arguments(part);
            effect.arguments = Some(arguments);
            effect.span = effect.span.to(span);
        } else {
            effect.name = lowering.name(&part);
            effect.span = span;
        }
    }
    effect
}
