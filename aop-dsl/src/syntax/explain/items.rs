//! Mistakes in first lines, definitions and schemas.

use super::{Answer, Failure, RESERVED};
use crate::diagnostic::{DiagnosticCode, shown};
use crate::syntax::ast::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::lexer::TokenKind;
use crate::syntax::mend::Mode;

/// Types that have a name of their own.
const TYPES: [&str; 17] = [
    "bool", "int", "decimal", "float", "string", "email", "domain", "url", "ip", "cidr", "path", "semver", "time",
    "duration", "size", "any", "record",
];

pub(super) fn head_name(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span) = (DiagnosticCode::Name, failure.span());
    let what = if failure.shape.rule == Rule::test_head { "test" } else { "rule" };
    if what == "test" {
        if failure.expects(Rule::kw_for) {
            let message = "a test says which rule it is for: `test \"mail after page\" for web_to_mail {`";
            return Some(failure.say(DiagnosticCode::TestSyntax, span, message));
        }
        if failure.expects(Rule::string) {
            let message = "a test has a title in double quotes: `test \"mail after page\" for web_to_mail {`";
            return Some(failure.say(DiagnosticCode::TestSyntax, span, message));
        }
    }
    let found = failure.found();
    let at_name = failure.at == failure.tokens.start + if failure.shape.rule == Rule::batch_head { 3 } else { 2 };
    if at_name && found == "(" {
        return Some(failure.say(code, span, "a rule has no parameters; its name stands by itself: `rule no_shell {`"));
    }
    if found == ":" && failure.at + 1 == failure.tokens.end {
        return Some(failure.mend(code, span, "", "a rule's name has no `:` behind it"));
    }
    if at_name && failure.found_kind() == Some(TokenKind::Word) && failure.reader.is_word(failure.at + 1) {
        let value = failure.reader.span(failure.at + 1);
        let written = format!("@{found}({})", failure.text(failure.at + 1));
        let message = format!("an annotation is written `{}`", shown(&written));
        return Some(failure.mend(DiagnosticCode::AnnotationSyntax, span.to(value), written, message));
    }
    if failure.expects(Rule::name) {
        if failure.found_kind() == Some(TokenKind::Number) {
            return Some(failure.say(code, span, format!("`{}` is no name; names begin with a letter", shown(found))));
        }
        if failure.found_kind() == Some(TokenKind::Text) {
            let name = found.trim_matches('"').replace([' ', '-', '.'], "_");
            return Some(failure.mend(code, span, name, "a rule's name has no quotes"));
        }
        if RESERVED.contains(&found) {
            return Some(failure.say(code, span, format!("`{found}` is a word of the language and can name nothing")));
        }
        if matches!(found, "" | "@") {
            return Some(failure.say(code, span, "this rule has no name: `rule no_shell {`"));
        }
    }
    let mut end = failure.at;
    while matches!(failure.text(end), "-" | ".") && failure.reader.is_word(end + 1) {
        end += 2;
    }
    if end > failure.at && failure.at == failure.tokens.start + if failure.shape.rule == Rule::batch_head { 3 } else { 2 } {
        let whole = failure.reader.span_of(failure.at - 1..end);
        let name = failure.reader.source[whole.range()].replace(['-', '.'], "_");
        let message = format!("a rule's name is one word of a-z, 0-9 and _; write `{name}`");
        return Some(failure.mend(code, whole, name, message));
    }
    None
}

/// `@severity critical`, `@severity: critical`, `@severity = critical`
pub(super) fn annotation(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let code = DiagnosticCode::AnnotationSyntax;
    let at = failure.at;
    if failure.found() == ":" && at == failure.tokens.start + 2 && failure.reader.is_word(at + 1) {
        let whole = failure.reader.behind(at).to(failure.reader.span(at + 1));
        let written = format!(" @tags(\"{}\")", failure.text(at + 1));
        return Some(failure.mend(code, whole, written, "a rule's tags are an annotation"));
    }
    let (name, value) = match failure.found() {
        ":" | "=" => (at.checked_sub(1)?, at + 1),
        _ if at >= 2 && failure.text(at - 2) == "@" => (at - 1, at),
        _ => return None,
    };
    let is_annotation = name > 0 && failure.text(name - 1) == "@";
    if !is_annotation || !failure.tokens.contains(&value) {
        return None;
    }
    let name_span = failure.reader.span(name);
    let whole = Span { start: name_span.end, end: failure.reader.span(value).end };
    let written = format!("({})", failure.text(value));
    let message = format!("an annotation's value stands in parentheses: `@{}{written}`", shown(failure.text(name)));
    Some(failure.mend(code, whole, written, message))
}

pub(super) fn used_file(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span) = (failure.shape.code, failure.span());
    if failure.found_kind() == Some(TokenKind::Text) {
        return Some(failure.say(code, span, "`use` names a package, not a file: `use acme.common;`"));
    }
    if failure.found() == "{" || (failure.found() == "." && failure.text(failure.at + 1) == "*") {
        return Some(failure.say(
            code,
            span,
            "`use` brings a whole package: `use acme.common as common;`, then `common.name`",
        ));
    }
    if failure.found() == "," {
        return Some(failure.say(code, span, "a `use` names one package; write one `use` for each"));
    }
    None
}

pub(super) fn definition_name(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Name, failure.span(), failure.found());
    if failure.at == failure.tokens.start + 2 && found == "-" {
        let message = format!("a name has no `-`; write `{}_{}`", failure.before(), failure.text(failure.at + 1));
        return Some(failure.say(code, span, message));
    }
    if failure.expects(Rule::equals) && failure.shape.rule == Rule::let_item && matches!(found, ";" | "") {
        let message = "a `let` gives its name a value: `let internal: set<domain> = [\"ourcompany.com\"];`";
        return Some(failure.say(failure.shape.code, span, message));
    }
    let behind = failure.reader.behind(failure.at);
    if failure.expects(Rule::colon) && failure.shape.rule == Rule::let_item && failure.found_kind() == Some(TokenKind::Word)
    {
        return Some(failure.mend(failure.shape.code, behind, ":", "a type stands behind its name and a `:`"));
    }
    if failure.expects(Rule::equals) && matches!(failure.found_kind(), Some(TokenKind::Number | TokenKind::Text)) {
        return Some(failure.mend(failure.shape.code, behind, " =", "a value stands behind `=`"));
    }
    if failure.shape.rule == Rule::let_item && found == "," && failure.expects(Rule::semicolon) {
        return Some(failure.say(failure.shape.code, span, "a `let` gives one name its value; write one `let` for each"));
    }
    if failure.expects(Rule::equals) && found == "==" {
        return Some(failure.mend(DiagnosticCode::Operator, span, "=", "a definition has one `=`"));
    }
    None
}

/// `fn f(a: email): bool = …`, `fn f(a: email) = …`
pub(super) fn function_result(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    if failure.shape.rule != Rule::fn_item {
        return None;
    }
    let (code, span) = (failure.shape.code, failure.span());
    if failure.expects(Rule::arrow) {
        return match failure.found() {
            ":" | "=>" => Some(failure.mend(code, span, "->", "a function's result has its type behind `->`")),
            _ => {
                let message = "a function says what type its result has: `fn external(a: email) -> bool = …;`";
                Some(failure.say(code, span, message))
            }
        };
    }
    if failure.expects(Rule::colon) && matches!(failure.found(), "," | ")") {
        let message = format!("`{}` has no type; write `{}: string`", shown(failure.before()), shown(failure.before()));
        return Some(failure.say(code, span, message));
    }
    None
}

/// `fn f(a: email) -> bool { return …; }`
pub(super) fn function_body(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let is_body = matches!(failure.found(), "{" | "return") && failure.shape.rule == Rule::fn_item;
    let message = "a function is one expression behind `=`: `fn external(a: email) -> bool = not (a.domain in internal);`";
    let (code, span) = (failure.shape.code, failure.span());
    is_body.then(|| failure.say(code, span, message))
}

pub(super) fn action(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (failure.shape.code, failure.span(), failure.found());
    let behind = failure.reader.behind(failure.at);
    let is_action = failure.shape.rule == Rule::action_member;
    if is_action && (failure.expects(Rule::params) || failure.expects(Rule::paren_open)) {
        if found == "-" {
            let message = "an action's name with `-` in it stands in double quotes: `action \"send-mail\"(…);`";
            return Some(failure.say(DiagnosticCode::Name, span, message));
        }
        if matches!(found, ";" | ":" | "->") {
            let message = format!("an action has parentheses, be they empty: `action {}()`", shown(failure.before()));
            return Some(failure.mend(code, behind, "()", message));
        }
    }
    if is_action && failure.expects(Rule::words) && found == "," {
        return Some(failure.mend(code, span, " :", "an action's labels and effects stand behind `:`"));
    }
    if found == "?" && (failure.expects(Rule::colon) || failure.expects_type()) {
        let message = "a `?` stands behind the type of what may be absent: `body: string?`";
        return Some(failure.say(DiagnosticCode::TypeSyntax, span, message));
    }
    if failure.expects(Rule::colon) && failure.found_kind() == Some(TokenKind::Word) && TYPES.contains(&failure.before()) {
        let whole = failure.reader.span(failure.at - 1).to(span);
        let written = format!("{found}: {}", failure.before());
        let message = format!("a parameter's name stands before its type: `{written}`");
        return Some(failure.mend(code, whole, written, message));
    }
    if is_action && found == "{" && failure.before() == ":" {
        let colon = failure.reader.span(failure.at - 1);
        return Some(failure.mend(code, colon, "->", "a result's type stands behind `->`, labels and effects behind `:`"));
    }
    if is_action && failure.expects(Rule::words) && failure.found_kind() == Some(TokenKind::Word) {
        if matches!(found, "returns" | "return" | "result" | "gives") {
            return Some(failure.mend(code, span, "->", "a result's type stands behind `->`"));
        }
        return Some(failure.mend(code, behind, " :", "an action's labels and effects stand behind `:`"));
    }
    if is_action
        && failure.expects(Rule::comma)
        && failure.expects(Rule::semicolon)
        && failure.found_kind() == Some(TokenKind::Word)
    {
        return Some(failure.mend(
            DiagnosticCode::Separator,
            behind,
            ",",
            "an action's labels and effects are joined by `,`",
        ));
    }
    if failure.shape.rule == Rule::type_member && failure.expects(Rule::equals) {
        return match found {
            ":" => Some(failure.mend(code, span, "=", "a type is defined with `=`")),
            "{" => Some(failure.mend(code, behind, " =", "a type is defined with `=`")),
            _ => None,
        };
    }
    let is_unnamed = failure.expects(Rule::colon) && matches!(found, "," | ")" | "}");
    if is_unnamed && failure.reader.is_word(failure.at - 1) {
        let name = failure.before();
        return Some(failure.say(code, span, format!("`{0}` has no type; write `{0}: string`", shown(name))));
    }
    if failure.expects(Rule::colon) && failure.found_kind() == Some(TokenKind::Word) {
        return Some(failure.mend(code, behind, ":", "a type stands behind its name and a `:`"));
    }
    let is_label = matches!(failure.shape.rule, Rule::label_member | Rule::effect_member);
    if is_label && found == "," {
        return Some(failure.say(
            code,
            span,
            "each label or effect has a line of its own: `label untrusted; label internal;`",
        ));
    }
    None
}

/// `string[]`, `[string]`, `List<string>`, `enum("a")`
pub(super) fn types(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found, before) = (DiagnosticCode::TypeSyntax, failure.span(), failure.found(), failure.before());
    let at = failure.at;
    let is_type_mode = matches!(failure.shape.mode, Mode::Schema | Mode::Definition);
    if !is_type_mode && !failure.expects_type() {
        return None;
    }
    if found == "[" && failure.text(at + 1) == "]" && failure.reader.is_word(at - 1) && !failure.expects_operand() {
        let whole = failure.reader.span(at - 1).to(failure.reader.span(at + 1));
        let meant = format!("list<{before}>");
        return Some(failure.mend(code, whole, meant.clone(), format!("a list's type is written `{meant}`")));
    }
    if found == "[" && failure.expects_type() && failure.text(at + 2) == "]" {
        let whole = span.to(failure.reader.span(at + 2));
        let meant = format!("list<{}>", failure.text(at + 1));
        return Some(failure.mend(code, whole, meant.clone(), format!("a list's type is written `{meant}`")));
    }
    if found == "<" && failure.reader.is_word(at - 1) && !failure.expects_operator() {
        let meant = match before.to_ascii_lowercase().as_str() {
            "list" | "array" | "vec" | "vector" | "seq" | "sequence" => Some("list"),
            "set" | "hashset" => Some("set"),
            _ => None,
        };
        let name = failure.reader.span(at - 1);
        return Some(match meant {
            Some(meant) => failure.mend(code, name, meant, format!("`{before}` is written `{meant}`")),
            None if matches!(before, "Optional" | "optional" | "Option" | "Maybe") => {
                failure.say(code, name, "a value that may be absent has a type with `?` behind it, such as `string?`")
            }
            None => failure.say(code, name, format!("`{}` takes no type in `<…>`; `list` and `set` do", shown(before))),
        });
    }
    if before == "enum" && matches!(found, "(" | "{" | "<") {
        return Some(failure.say(code, span, "an enum's words stand in `[…]`: `enum[\"EUR\", \"USD\"]`"));
    }
    if failure.expects_type() && failure.found_kind() == Some(TokenKind::Text) {
        let message = format!("a text is no type; a choice of words is written `enum[{}, …]`", shown(found));
        return Some(failure.say(code, span, message));
    }
    None
}
