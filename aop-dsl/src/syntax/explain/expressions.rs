//! Mistakes in expressions.

use super::{Answer, Failure, RESERVED};
use crate::diagnostic::{DiagnosticCode, shown};
use crate::syntax::grammar::Rule;
use crate::syntax::lexer::TokenKind;
use crate::syntax::mend::Mode;

pub(super) fn reserved_name(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (span, found) = (failure.span(), failure.found());
    let only_names = failure.expects(Rule::name) && !failure.expects_operand();
    let is_reserved = only_names && RESERVED.contains(&found) && failure.text(failure.at + 1) != "(";
    is_reserved.then(|| {
        let message = format!("`{found}` is a word of the language and can name nothing; choose another name");
        failure.say(DiagnosticCode::Name, span, message)
    })
}

/// `any x in xs where …`, `any(x in xs)`, `xs.any(x => …)`
pub(super) fn quantifier(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Expression, failure.span(), failure.found());
    let example = "for the items of a list write `any x in list: condition` or `all x in list: condition`";
    if failure.expects_operand() && matches!(found, "any" | "all") {
        return Some(failure.say(code, span, example));
    }
    let quantifies = (failure.tokens.start..failure.at).rev().take(64).any(|at| {
        matches!(failure.text(at), "any" | "all" | "count")
            && failure.text(at + 2) == "in"
            && !failure.reader.is_after_dot(at)
    });
    if failure.expects(Rule::colon) && quantifies && failure.expects_operator() {
        return Some(match found {
            "where" | "|" | "," | ";" | "satisfies" | "=>" | "->" | "such" if !failure.text(failure.at + 1).is_empty() => {
                failure.mend(code, span, ":", "a quantifier's condition stands behind `:`: `any x in list: condition`")
            }
            _ => failure.say(code, span, "a quantifier has a condition behind `:`: `any x in list: condition`"),
        });
    }
    None
}

pub(super) fn expression(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Expression, failure.span(), failure.found());
    if failure.expects_operand() {
        let before = failure.before();
        return match found {
            "if" => Some(failure.say(code, span, "there is no `if`; write conditions with `and`, `or` and `not`")),
            "{" => Some(failure.say(code, span, "records have no literals; compare their fields one by one")),
            "lambda" | "=>" => {
                Some(failure.say(code, span, "there are no functions without a name; write `any x in list: …`"))
            }
            "*" if before == "*" => Some(failure.say(code, span, "there is no `**`")),
            "*" | "_" => {
                Some(failure.say(code, span, "for all items of a list write `any x in list: …` or `all x in list: …`"))
            }
            "," if before == "(" => None,
            "in" | "matches" | "contains" | "starts_with" | "ends_with" | "derives_from" | "and" | "or" => {
                Some(failure.say(code, span, format!("`{found}` has nothing before it to compare")))
            }
            "" | ")" | "]" | ";" | "within" | "where" | "then" if !before.is_empty() => {
                let message = format!("`{}` has nothing behind it; an expression belongs there", shown(before));
                Some(failure.say(code, span, message))
            }
            _ => None,
        };
    }
    if failure.expects_operator() {
        return match found {
            "?" => Some(failure.say(code, span, "there is no `… ? … : …`; write conditions with `and`, `or` and `not`")),
            "else" | "elif" | "elseif" => {
                Some(failure.say(code, span, format!("there is no `{found}`; write a second rule")))
            }
            "if" => Some(failure.say(code, span, "there is no `if` here; conditions stand in a `where`")),
            "++" | "--" => Some(failure.say(code, span, "values do not change; there is no `++`")),
            "{" => Some(failure.say(code, span, "a condition has no block behind it; what to do stands in the `then`")),
            "=>" | "->" | ":-" => Some(failure.say(code, span, format!("`{found}` is no operator"))),
            "," if is_thousands(failure) => {
                let whole = failure.reader.span(failure.at - 1).to(failure.reader.span(failure.at + 1));
                let written = format!("{}_{}", failure.before(), failure.text(failure.at + 1));
                let message = format!("a number's thousands are told apart by `_`: `{written}`");
                Some(failure.mend(DiagnosticCode::Number, whole, written, message))
            }
            "," if failure.shape.code == DiagnosticCode::Message => Some(failure.say(
                DiagnosticCode::Message,
                span,
                "each value of a message has braces of its own: `{a} and {b}`",
            )),
            "," if failure.shape.mode == Mode::Clause && failure.expects(Rule::EOI) => {
                Some(failure.mend(DiagnosticCode::Separator, span, " and", "conditions are joined by `and`, not by `,`"))
            }
            _ if is_value(failure) => {
                let message = format!("an operator is missing before `{}`, such as `==` or `and`", shown(found));
                Some(failure.say(code, span, message))
            }
            _ => None,
        };
    }
    None
}

/// `5,000`
fn is_thousands(failure: &Failure<'_, '_, '_, '_>) -> bool {
    let (before, next) = (failure.before(), failure.text(failure.at + 1));
    let is_close = failure.reader.span(failure.at).end == failure.reader.span(failure.at + 1).start;
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(before) && are_digits(next) && next.len() == 3 && is_close
}

/// Whether what was found is a value by itself.
fn is_value(failure: &Failure<'_, '_, '_, '_>) -> bool {
    match failure.found_kind() {
        Some(TokenKind::Text | TokenKind::Tagged | TokenKind::Number) => true,
        Some(TokenKind::Word) => !RESERVED.contains(&failure.found()) || matches!(failure.found(), "true" | "false"),
        _ => false,
    }
}
