//! Batch rules: rules over whole runs.

use std::ops::Range;

use pest::iterators::Pairs;

use super::ast::{BatchRule, Expr, ExprKind, Window};
use super::clauses;
use super::grammar::Rule;
use super::lowering::Lowering;
use super::mend::Mode;
use super::piece::{self, Shape};
use super::reader::Reader;
use super::rule;
use crate::diagnostic::{DiagnosticCode, shown};

const BATCH_HEAD: Shape = Shape {
    rule: Rule::batch_head,
    mode: Mode::Head,
    code: DiagnosticCode::BatchSyntax,
    what: "a batch rule's first line",
    example: "batch rule drift @severity(warning) {",
};

const OVER: Shape = Shape {
    rule: Rule::over_clause,
    mode: Mode::Clause,
    code: DiagnosticCode::BatchSyntax,
    what: "an `over`",
    example: "over runs where run.status == \"completed\" window 7d by meta.agent_id",
};

const IF: Shape = Shape {
    rule: Rule::if_clause,
    mode: Mode::Clause,
    code: DiagnosticCode::BatchSyntax,
    what: "an `if`",
    example: "if runs.count >= 20 and p95(run.duration) > 10m",
};

const BATCH_WORDS: [&str; 3] = ["over", "if", "then"];

/// `batch rule drift @severity(warning) { over runs … if … then …; }`
pub(super) fn read(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<BatchRule> {
    let span = reader.span_of(tokens.clone());
    if reader.text(tokens.start + 1) != "rule" {
        let behind = reader.behind(tokens.start + 1);
        reader.mended(
            DiagnosticCode::BatchSyntax,
            behind,
            " rule",
            "`batch` stands before `rule`: `batch rule drift { … }`",
        );
    }
    let (head, body) = rule::head_and_body(reader, &tokens, "batch rule")?;
    let name_at = head.start + if reader.text(head.start + 1) == "rule" { 2 } else { 1 };
    let read_head = piece::read(reader, head, BATCH_HEAD, rule::read_head);
    let behind = reader.behind(body.start);
    let mut rule = BatchRule {
        name: rule::name_of(reader, name_at),
        annotations: Vec::new(),
        condition: None,
        window: None,
        by: Vec::new(),
        test: Expr { kind: ExprKind::Error, span: behind },
        then: rule::missing_then(reader.behind(body.end)),
        is_broken: read_head.is_none() || reader.patches_have_flaw(tokens),
        span,
    };
    if let Some((name, annotations)) = read_head {
        (rule.name, rule.annotations) = (name, annotations);
    }
    read_body(reader, &mut rule, body);
    Some(rule)
}

fn read_body(reader: &mut Reader<'_, '_, '_>, rule: &mut BatchRule, body: Range<usize>) {
    let mut has = [false; 3];
    for clause in split(reader, body.clone()) {
        let word = reader.text(clause.start);
        let span = reader.span(clause.start);
        let place = BATCH_WORDS.iter().position(|known| *known == word);
        if place.is_some_and(|place| std::mem::replace(&mut has[place], true)) {
            reader.flaw(DiagnosticCode::BatchSyntax, span, format!("a batch rule has one `{word}`"));
            rule.is_broken = true;
            continue;
        }
        let is_read = match word {
            "over" => match piece::read(reader, clause, OVER, over) {
                Some((condition, window, by)) => {
                    (rule.condition, rule.window, rule.by) = (condition, window, by);
                    true
                }
                None => false,
            },
            "if" => match piece::read(reader, clause, IF, |lowering, mut parts| {
                let expr = parts.find(|part| part.as_rule() == Rule::expr).expect("the grammar has an expression there");
                lowering.expr(expr)
            }) {
                Some(test) => {
                    rule.test = test;
                    true
                }
                None => false,
            },
            _ => match rule::read_then(reader, clause) {
                Some(then) => {
                    rule.then = then;
                    true
                }
                None => false,
            },
        };
        rule.is_broken |= !is_read;
    }
    if rule.is_broken && reader.patches_have_flaw(body) {
        return;
    }
    let examples = ["over runs window 7d by meta.agent_id", "if runs.count >= 20", "then flag \"why\";"];
    for ((has, word), example) in has.iter().zip(BATCH_WORDS).zip(examples) {
        if !has {
            rule.is_broken = true;
            let message = format!("this batch rule has no `{word}`, such as `{example}`");
            reader.flaw(DiagnosticCode::BatchSyntax, rule.name.span, message);
        }
    }
}

type Over = (Option<Expr>, Option<Window>, Vec<Expr>);

fn over(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> Over {
    let (mut condition, mut window, mut by) = (None, None, Vec::new());
    for part in parts {
        let span = lowering.span(&part);
        let is_again = match part.as_rule() {
            Rule::condition => condition.is_some(),
            Rule::batch_window => window.is_some(),
            Rule::by => !by.is_empty(),
            _ => false,
        };
        if is_again {
            let word = part.as_str().split_whitespace().next().unwrap_or_default();
            lowering.error(DiagnosticCode::BatchSyntax, span, format!("`{word}` stands here a second time"));
            continue;
        }
        match part.as_rule() {
            Rule::condition => condition = lowering.condition(part),
            Rule::batch_window => window = lowering.window(part),
            Rule::by => by = clauses::paths(lowering, part.into_inner()),
            _ => {}
        }
    }
    (condition, window, by)
}

fn split(reader: &mut Reader<'_, '_, '_>, body: Range<usize>) -> Vec<Range<usize>> {
    let Some(depth) = body.clone().map(|at| reader.depth(at)).min() else { return Vec::new() };
    let mut starts: Vec<usize> = Vec::new();
    for at in body.clone() {
        if reader.depth(at) != depth || reader.is_full() {
            continue;
        }
        let text = reader.text(at);
        let span = reader.span(at);
        let is_then = starts.last().is_some_and(|start| reader.text(*start) == "then");
        if text == ";" && !is_then {
            reader.mended(
                DiagnosticCode::Separator,
                span,
                " ",
                "a clause has no `;` behind it, only the rule's `then` has one",
            );
        } else if reader.is_word(at) && !reader.is_after_dot(at) && BATCH_WORDS.contains(&text) {
            starts.push(at);
        } else if starts.is_empty() {
            let message = format!("`{}` begins no clause; a batch rule begins with `over runs`", shown(text));
            reader.flaw(DiagnosticCode::BatchSyntax, span, message);
            // Only once, and the rest goes on.
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([body.end]);
    let clauses = starts.iter().copied().zip(ends).map(|(start, end)| start..end);
    clauses.filter(|clause| BATCH_WORDS.contains(&reader.text(clause.start))).collect()
}
