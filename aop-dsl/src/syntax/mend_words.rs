//! Words and numbers as other languages and people write them.

use super::ast::Span;
use super::lexer::TokenKind;
use super::mend::{Bracket, Mode, Walk};
use super::quantity;
use super::words;
use crate::diagnostic::{DiagnosticCode, shown};

/// Operators that are words.
const OPERATORS: [&str; 11] =
    ["and", "or", "in", "not", "matches", "contains", "starts_with", "ends_with", "derives_from", "is", "as"];

/// Words that may stand behind an operand in a clause.
const FOLLOWERS: [&str; 20] = [
    "where",
    "within",
    "per",
    "by",
    "for",
    "max",
    "keys",
    "events",
    "then",
    "window",
    "and",
    "or",
    "in",
    "not",
    "matches",
    "contains",
    "starts_with",
    "ends_with",
    "derives_from",
    "unless",
];

pub(super) fn word(walk: &mut Walk<'_, '_, '_, '_>, at: usize) {
    let text = walk.reader.text(at);
    // A field, a key or an argument's name may be any word.
    if walk.reader.is_after_dot(at) || (walk.text(at + 1) == ":" && text != "else") {
        return;
    }
    let span = walk.reader.span(at);
    let is_expression = matches!(walk.mode, Mode::Clause | Mode::Definition);
    if let Some(small) = shouted(text) {
        walk.mend(DiagnosticCode::Keyword, span, small, format!("`{text}` is written `{small}`"));
        return;
    }
    if walk.mode == Mode::Test && matches!(text, "None" | "nil" | "undefined" | "NULL") {
        walk.mend(DiagnosticCode::Keyword, span, "null", format!("`{text}` is written `null`"));
        return;
    }
    if walk.reader.kind(at.wrapping_sub(1)) == Some(TokenKind::Number) && at > walk.tokens.start && behind_number(walk, at) {
        return;
    }
    if !is_expression {
        return;
    }
    match text {
        "null" | "None" | "nil" | "NULL" | "undefined" => {
            let message = format!("there is no `{text}`; ask `has x` or `not has x`, or give a value for it: `x ?? \"\"`");
            walk.flaw(DiagnosticCode::Expression, span, message);
        }
        "if" if !walk.is_after_operand(at) && at > walk.tokens.start => {
            walk.flaw(DiagnosticCode::Expression, span, "there is no `if`; write conditions with `and`, `or` and `not`");
        }
        "_" => {
            let message = "`_` is no name; for the items of a list write `any x in list: …` or `all x in list: …`";
            walk.flaw(DiagnosticCode::Expression, span, message);
        }
        "not" if walk.is_after_operand(at) && walk.text(at + 1) != "in" => negated_operator(walk, at),
        "in" | "for" | "during" | "over" | "inside" if is_window(walk, at) => {
            let message = format!("a window stands behind `within`, not behind `{text}`");
            walk.mend(DiagnosticCode::Window, span, "within", message);
            fillers(walk, at + 1);
        }
        "times" if walk.reader.kind(at - 1) == Some(TokenKind::Number) => {
            walk.mend(DiagnosticCode::Keyword, span, "", "`times` is not needed behind a number");
        }
        "is" if walk.text(at + 1) == "not" => {
            let both = span.to(walk.reader.span(at + 1));
            walk.flaw(DiagnosticCode::Operator, both, "`is not` is written `not (x is string)`");
        }
        "last" | "past" | "the" | "previous" if walk.before(at) == "within" => fillers(walk, at),
        "every" | "each" | "forall" | "some" | "exists" if quantifies(walk, at) => {
            let meant = if matches!(text, "some" | "exists") { "any" } else { "all" };
            walk.mend(DiagnosticCode::Keyword, span, meant, format!("`{text}` is written `{meant}`"));
        }
        _ if walk.is_after_operand(at) && (walk.mode == Mode::Clause || walk.equals > 0) => misspelt_operator(walk, at),
        _ => {}
    }
}

/// Whether a word stands before a window: `in 60s`, `for the last 10m`.
fn is_window(walk: &Walk<'_, '_, '_, '_>, at: usize) -> bool {
    let number = at + 1 + count_fillers(walk, at + 1);
    let is_duration = || matches!(quantity::read(walk.text(number)), Ok(quantity::Quantity::Duration(_)));
    let is_apart = || quantity::unit_meant(walk.text(number + 1)).is_some() && walk.text(at) != "in";
    walk.mode == Mode::Clause
        && walk.is_after_operand(at)
        && walk.reader.kind(number) == Some(TokenKind::Number)
        && (is_duration() || is_apart())
}

fn count_fillers(walk: &Walk<'_, '_, '_, '_>, from: usize) -> usize {
    (from..from + 2).take_while(|at| matches!(walk.text(*at), "last" | "past" | "the" | "previous")).count()
}

/// `the last`, before a window.
fn fillers(walk: &mut Walk<'_, '_, '_, '_>, at: usize) {
    let count = count_fillers(walk, at);
    if count == 0 {
        return;
    }
    let words = walk.reader.span_of(at..at + count);
    let written = &walk.reader.source[words.range()];
    let message = format!("`{}` is not needed: `within 10m` looks back from the trigger", shown(written));
    let gap = Span { start: words.start, end: walk.reader.span(at + count).start };
    walk.skip_until(gap.range().end);
    walk.mend(DiagnosticCode::Window, gap, "", message);
}

/// `AND`, `True`: how the language writes it.
pub(super) fn shouted(text: &str) -> Option<&'static str> {
    match text {
        "AND" | "And" => Some("and"),
        "OR" | "Or" => Some("or"),
        "NOT" | "Not" => Some("not"),
        "IN" => Some("in"),
        "TRUE" | "True" => Some("true"),
        "FALSE" | "False" => Some("false"),
        _ => None,
    }
}

/// `some x in xs`
fn quantifies(walk: &Walk<'_, '_, '_, '_>, at: usize) -> bool {
    !walk.is_after_operand(at) && walk.reader.is_word(at + 1) && walk.text(at + 2) == "in"
}

/// A word behind a number: a unit that stands apart, `ago`, `event`.
fn behind_number(walk: &mut Walk<'_, '_, '_, '_>, at: usize) -> bool {
    let text = walk.reader.text(at);
    let (number, span) = (walk.reader.span(at - 1), walk.reader.span(at));
    let (digits, unit) = quantity::split(walk.reader.text(at - 1));
    if text == "ago" {
        let apart = Span { start: number.end, end: span.end };
        let message = "`ago` is not needed: a window looks back from the trigger";
        walk.mend(DiagnosticCode::Window, apart, "", message);
        return true;
    }
    if !unit.is_empty() {
        return false;
    }
    let meant = quantity::unit_meant(text).or_else(|| quantity::is_unit(text).then_some(text));
    if let Some(meant) = meant.filter(|_| text != "b" && walk.mode != Mode::Schema) {
        let whole = number.to(span);
        let written = format!("{digits}{meant}");
        let message = format!("a unit stands right behind its number: `{written}`");
        walk.mend(DiagnosticCode::Number, whole, written, message);
        return true;
    }
    if matches!(walk.before(at - 1), "within" | "max") && matches!(text, "event" | "calls" | "messages" | "steps" | "key") {
        let meant = if text == "key" { "keys" } else { "events" };
        walk.mend(DiagnosticCode::Window, span, meant, format!("`{text}` is written `{meant}`"));
        return true;
    }
    false
}

/// `a not matches b`
fn negated_operator(walk: &mut Walk<'_, '_, '_, '_>, at: usize) {
    let next = walk.text(at + 1);
    let span = walk.reader.span(at).to(walk.reader.span(at + 1));
    if OPERATORS.contains(&next) {
        let message = format!("`not {next}` is written `not (a {next} b)`");
        walk.flaw(DiagnosticCode::Operator, span, message);
    }
}

/// A word where an operator is due.
fn misspelt_operator(walk: &mut Walk<'_, '_, '_, '_>, at: usize) {
    let text = walk.reader.text(at);
    let is_quantified = matches!(walk.before(at), "any" | "all" | "count") && walk.text(at + 1) == "in";
    let is_annotation_or_pattern = matches!(walk.bracket(), Some(Bracket::Pattern | Bracket::Params | Bracket::Record));
    let is_known = FOLLOWERS.contains(&text) || OPERATORS.contains(&text);
    // `x as list`, `on c`, `then deny, flag`
    let is_named = matches!(walk.before(at), "let" | "fn" | "use" | "run") || walk.mode == Mode::Head;
    if is_known || is_quantified || is_annotation_or_pattern || is_named {
        return;
    }
    let meant = match text {
        "like" | "LIKE" | "ilike" | "regex" | "match" | "re_match" => Some("matches"),
        "includes" | "include" | "has_any" | "contain" => Some("contains"),
        "begins_with" | "startsWith" | "startswith" => Some("starts_with"),
        "endsWith" | "endswith" => Some("ends_with"),
        "xor" => None,
        "equals" | "eq" => Some("=="),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "mod" => Some("%"),
        "during" | "last" | "inside" => Some("within"),
        "derived_from" | "comes_from" => Some("derives_from"),
        _ => words::nearest(text, &FOLLOWERS).filter(|near| *near != "then").or_else(|| words::nearest(text, &OPERATORS)),
    };
    if let Some(meant) = meant {
        let span = walk.reader.span(at);
        let what = if OPERATORS.contains(&meant) || !meant.starts_with(char::is_alphabetic) {
            "is no operator"
        } else {
            "means nothing here"
        };
        walk.mend(DiagnosticCode::Keyword, span, meant, format!("`{}` {what}; did you mean `{meant}`?", shown(text)));
    }
}

/// A unit in another spelling: `10min`, `5MB`.
pub(super) fn number(walk: &mut Walk<'_, '_, '_, '_>, at: usize) {
    let text = walk.reader.text(at);
    let (digits, unit) = quantity::split(text);
    if let Some(meant) = quantity::unit_meant(unit).filter(|_| !unit.is_empty()) {
        let span = walk.reader.span(at);
        let written = format!("{digits}{meant}");
        walk.mend(DiagnosticCode::Number, span, written, format!("the unit `{unit}` is written `{meant}`"));
    } else if let Some(written) = quantity::of_several_units(text) {
        let span = walk.reader.span(at);
        let message = format!("a duration has one unit: `{written}`");
        walk.mend(DiagnosticCode::Number, span, written, message);
    }
}
