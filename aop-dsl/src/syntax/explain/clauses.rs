//! Mistakes in the clauses of rules and the steps of tests.

use super::{Answer, Failure, RESERVED};
use crate::diagnostic::{DiagnosticCode, shown};
use crate::syntax::clauses::EVENT_KINDS;
use crate::syntax::grammar::Rule;
use crate::syntax::lexer::TokenKind;
use crate::syntax::split::EFFECTS;

pub(super) fn event(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Pattern, failure.span(), failure.found());
    let before = failure.before();
    let at = failure.at;
    if found == "-" && (failure.expects(Rule::action_name) || failure.expects(Rule::bar)) {
        let message = "an action's name with `-` in it stands in double quotes: `request(\"send-mail\")`";
        return Some(failure.say(code, span, message));
    }
    let is_due = [Rule::pattern, Rule::event, Rule::binding, Rule::name].into_iter().any(|rule| failure.expects(rule));
    if is_due
        && !failure.expects_operand()
        && let Some(answer) = missing_event(failure)
    {
        return Some(answer);
    }
    // `on c request(x)`, `on send_email(x)`
    let is_named = failure.reader.is_word(at.saturating_sub(1)) && failure.found_kind() == Some(TokenKind::Word);
    if is_named && EVENT_KINDS.contains(&found) && matches!(before, "no" | "not" | "never") {
        let message = match failure.text(failure.tokens.start) {
            "expect" => "an `expect` is about an event that must come; one that must not come is a rule about that event",
            _ => "an event that must not have been is written `without`: `without a: response(human_approve) within 30m`",
        };
        return Some(failure.say(code, failure.reader.span(at - 1), message));
    }
    if is_named && EVENT_KINDS.contains(&found) && !EVENT_KINDS.contains(&before) {
        let behind = failure.reader.behind(at);
        return Some(failure.mend(code, behind, ":", "an event's name stands before `:`, such as `c: request(send_email)`"));
    }
    if is_named && found == "as" {
        let message = "an event's name stands before it: `c: request(send_email)`";
        return Some(failure.say(code, span, message));
    }
    if found == "(" && is_due && !failure.expects_operand() {
        return Some(failure.say(
            code,
            span,
            "an event has no parentheses around it: `after w: response(get_website) within 10m`",
        ));
    }
    if found == ":" && is_due {
        return Some(failure.mend(code, span, "", format!("`{before}` has no `:` behind it")));
    }
    if found == "," && failure.expects(Rule::kw_within) {
        return Some(failure.mend(DiagnosticCode::Separator, span, "", "the parts of a clause have no `,` between them"));
    }
    if is_named && EVENT_KINDS.contains(&before) && failure.expects(Rule::paren_open) {
        let written = format!("({found})");
        let whole = failure.reader.behind(at).to(span);
        let message = format!("the action of an event stands in parentheses: `{before}{written}`");
        return Some(failure.mend(code, whole, written, message));
    }
    if before == "seq" {
        return Some(failure.say(
            code,
            span,
            "the steps of a `seq` stand in `[…]`: `seq [ a: request(x); b: request(y); ]`",
        ));
    }
    if found == "." && failure.shape.rule == Rule::event_clause && compares(failure) {
        let word = failure.text(failure.tokens.start);
        let message = format!(
            "`{word}` asks for an event, and this is a condition: `{word} w: response(get_website) where …`; one about the \
             trigger stands in a `where`"
        );
        let from = failure.tokens.start + 1;
        let to = (from..failure.tokens.end).find(|at| matches!(failure.text(*at), "within" | "per" | "where"));
        let condition = failure.reader.span_of(from..to.unwrap_or(failure.tokens.end));
        return Some(failure.say(code, condition, message));
    }
    if found == "." && failure.reader.is_word(at - 1) && !failure.expects_operand() {
        let message = "an action is named in an event's parentheses: `request(mail.send)`";
        return Some(failure.say(code, span, message));
    }
    if found == "[" || found == "{" {
        let message = format!("the action of an event stands in parentheses: `{}(send_email)`", shown(before));
        return Some(failure.say(code, span, message));
    }
    if matches!(found, "and" | "or" | "not") && !failure.expects_operand() {
        let message = format!("`{found}` joins conditions, and this is none yet; a condition stands behind `where`");
        return Some(failure.say(code, span, message));
    }
    None
}

/// Whether something is compared before the clause's window.
fn compares(failure: &Failure<'_, '_, '_, '_>) -> bool {
    let mut texts =
        failure.tokens.clone().map(|at| failure.text(at)).take_while(|text| !matches!(*text, "where" | "within"));
    texts.any(|text| {
        let words = ["==", "!=", "<", "<=", ">", ">=", "in", "matches", "contains", "starts_with", "ends_with", "is"];
        words.contains(&text)
    })
}

pub(super) fn missing_event(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Pattern, failure.span(), failure.found());
    let reading = failure.reading();
    if RESERVED.contains(&found) && failure.text(failure.at + 1) == ":" {
        let message = format!("`{found}` is a word of the language and can name nothing; choose another name");
        return Some(failure.say(DiagnosticCode::Name, span, message));
    }
    if matches!(found, "" | "where" | "within" | "per" | ";" | "]" | ")") {
        let message = "the event is missing, such as `c: request(send_email)`";
        failure.flaw(code, span, message).help(reading);
        return Some(failure.silent());
    }
    if matches!(found, "!" | "not" | "no") && failure.text(failure.tokens.start) == "expect" {
        let message = "an `expect` is about an event that must come; one that must not come is a rule about that event";
        return Some(failure.say(code, span, message));
    }
    if matches!(found, "!" | "not" | "no") {
        let message =
            "an event that must not have been is written `without`: `without a: response(human_approve) within 30m`";
        return Some(failure.say(code, span, message));
    }
    None
}

pub(super) fn aggregate(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Clause, failure.span(), failure.found());
    let name = failure.text(failure.tokens.start);
    if failure.expects(Rule::comparison) {
        let message = match found {
            "within" | "by" | "per" | "max" => {
                format!("the comparison stands before `{found}`: `{name}(…) > 5 {found} …`")
            }
            "=" | "is" => format!("`{name}` is compared with `>`, `>=`, `<`, `<=` or `==`"),
            _ => format!("`{name}(…)` is compared with a number: `{name}(…) > 5`"),
        };
        return Some(failure.say(code, span, message));
    }
    if failure.shape.rule == Rule::value_clause && failure.expects(Rule::kw_for) && found == ")" {
        let message = format!("`{name}` says of which events: `{name}(t.params.amount for t: request(transfer))`");
        return Some(failure.say(code, span, message));
    }
    if failure.shape.rule == Rule::value_clause && failure.expects(Rule::kw_for) && found == "," {
        let message = format!("what `{name}` takes is said with `for`: `{name}(t.params.amount for t: request(transfer))`");
        return Some(failure.mend(code, span, " for", message));
    }
    if failure.shape.rule == Rule::value_clause && found == "*" && EVENT_KINDS.contains(&failure.text(failure.at - 2)) {
        let message = format!("`{name}` says what it takes of each event: `{name}(d.params.to for d: request(*))`");
        return Some(failure.say(code, span, message));
    }
    if failure.shape.rule == Rule::count_clause && found == "for" {
        let message = "`count` takes the event alone: `count(t: request(transfer) where …)`";
        return Some(failure.say(code, span, message));
    }
    if matches!(found, "and" | "or") && !failure.expects_operand() {
        let message =
            format!("`{found}` joins no clauses: all clauses of a rule must hold, and a condition stands in a `where`");
        return Some(failure.say(code, span, message));
    }
    None
}

pub(super) fn then(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Then, failure.span(), failure.found());
    let is_message = matches!(failure.found_kind(), Some(TokenKind::Message | TokenKind::Text));
    let is_behind_message = failure.at > 0 && failure.reader.kind(failure.at - 1) == Some(TokenKind::Message);
    let effect = if found == "," { failure.text(failure.at + 1) } else { found };
    if is_behind_message && EFFECTS.contains(&effect) {
        let both: Vec<&str> =
            failure.tokens.clone().map(|at| failure.text(at)).filter(|text| EFFECTS.contains(text)).collect();
        let message = format!("a rule has one message, behind all its effects: `then {} \"…\"`", both.join(", "));
        return Some(failure.say(code, span, message));
    }
    if failure.expects(Rule::effect) || failure.expects(Rule::word) {
        if is_message && failure.before() == "," {
            let comma = failure.reader.span(failure.at - 1);
            return Some(failure.mend(code, comma, "", "the message stands behind the effects without a `,`"));
        }
        if is_message || matches!(found, ";" | "") {
            let message =
                "`then` says what to do before its message: flag, redact(…), throttle(…), require_approval(…) or deny";
            return Some(failure.say(code, span, message));
        }
    }
    if found == "{" {
        return Some(failure.say(code, span, "effects stand behind `then` without braces: `then deny \"why\";`"));
    }
    if found == "+" && !failure.expects_operand() && failure.before().starts_with('"') {
        return Some(failure.say(code, span, "a message is one text; values stand in its braces, such as `{c.action}`"));
    }
    if failure.found_kind() == Some(TokenKind::Word)
        && matches!(failure.before(), "redact" | "throttle" | "require_approval")
    {
        let message = format!("what `{0}` takes stands in parentheses: `{0}(…)`", failure.before());
        return Some(failure.say(code, span, message));
    }
    let next_is_message = failure.reader.kind(failure.at + 1) == Some(TokenKind::Message);
    if matches!(found, "because" | "with" | "message" | "reason" | ":" | "=") && next_is_message {
        return Some(failure.mend(
            code,
            span,
            "",
            format!("the message stands right behind the effects, without `{found}`"),
        ));
    }
    if matches!(found, "and" | "or" | "+" | "&" | "|") {
        return Some(failure.mend(code, span, ",", "effects are joined by `,`"));
    }
    if is_message && matches!(failure.reader.kind(failure.at.wrapping_sub(1)), Some(TokenKind::Message | TokenKind::Text)) {
        return Some(failure.say(code, span, "a rule has one message; values stand in its braces, such as `{c.action}`"));
    }
    if matches!(found, "if" | "when" | "where" | "unless" | "within") {
        let message = format!("`{found}` stands before `then`: a rule's conditions come first");
        return Some(failure.say(code, span, message));
    }
    None
}

pub(super) fn batch(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (failure.shape.code, failure.span(), failure.found());
    if failure.expects(Rule::kw_runs) {
        return Some(match found {
            "run" => failure.mend(DiagnosticCode::Keyword, span, "runs", "`over run` is written `over runs`"),
            _ => {
                failure.say(code, span, "a batch rule is over runs: `over runs where run.status == \"completed\" window 7d`")
            }
        });
    }
    if matches!(found, "within" | "in" | "last") && failure.shape.rule == Rule::over_clause {
        return Some(failure.mend(
            DiagnosticCode::Keyword,
            span,
            "window",
            format!("`{found}` is written `window` in a batch rule"),
        ));
    }
    None
}

pub(super) fn step(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (failure.shape.code, failure.span(), failure.found());
    let behind = failure.reader.behind(failure.at);
    let before = failure.before();
    if failure.expects(Rule::paren_close) {
        let message =
            "an event's parentheses hold its action only; its values stand in braces: `request(send_email) { to: [] };`";
        return Some(failure.say(code, span, message));
    }
    if failure.expects(Rule::brace_open) && failure.reader.is_word(failure.at) && failure.text(failure.at + 1) == ":" {
        return Some(failure.say(code, span, "an event's values stand in braces: `request(send_email) { to: [] };`"));
    }
    if failure.expects(Rule::colon) && matches!(failure.found_kind(), Some(TokenKind::Text | TokenKind::Number)) {
        return Some(failure.mend(DiagnosticCode::Separator, behind, ":", "a key stands before `:` and its value"));
    }
    if matches!(before, "user" | "system") && failure.found_kind() == Some(TokenKind::Word) {
        let written = format!("\"{found}\"");
        return Some(failure.mend(
            DiagnosticCode::Quotes,
            span,
            written,
            format!("what the {before} says stands in double quotes"),
        ));
    }
    if failure.expects(Rule::at) && failure.found_kind() == Some(TokenKind::Number) {
        let written = format!("{found}s");
        let message = format!("a time has a unit: `{written}`");
        return Some(failure.mend(DiagnosticCode::Number, span, written, message));
    }
    if before == "expect" && found == ":" {
        return Some(failure.mend(code, span, "", "`expect` has no `:` behind it"));
    }
    if failure.text(failure.tokens.start) == "expect" && matches!(found, "and" | "," | "or") {
        return Some(failure.say(code, span, "an `expect` names one effect; write one `expect` for each"));
    }
    if failure.expects(Rule::kw_seq) {
        return Some(match failure.found_kind() {
            Some(TokenKind::Number) => {
                failure.mend(code, behind, " seq", "an event is meant by its seq: `expect deny at seq 3;`")
            }
            _ => failure.say(code, span, "an event is meant by its seq: `expect deny at seq 3;`"),
        });
    }
    if failure.text(failure.tokens.start) == "expect" && failure.expects(Rule::kw_at) {
        if failure.before() == "no" {
            let both = failure.reader.span(failure.at - 1).to(span);
            return Some(failure.mend(code, both, "nothing", "that no rule says anything is written `expect nothing`"));
        }
        let message = "an `expect` names one effect: `expect deny at seq 3;`, `expect nothing;`";
        return Some(failure.say(code, span, message));
    }
    if failure.expects(Rule::colon) && matches!(found, "," | "}") {
        return Some(failure.say(
            code,
            span,
            format!("`{}` has no value; a key stands before `:` and its value", shown(failure.before())),
        ));
    }
    if matches!(found, "+" | "after" | "at" | "@") && failure.at == failure.tokens.start {
        let message = "a step begins with its time since the test's start, if it has one: `3s request(…) { … };`";
        return Some(failure.mend(code, span, "", message));
    }
    if found == "/" || found == "+" || found == "*" {
        return Some(failure.say(code, span, "values in a test are written out; nothing is worked out there"));
    }
    None
}

pub(super) fn window(failure: &mut Failure<'_, '_, '_, '_>) -> Option<Answer> {
    let (code, span, found) = (DiagnosticCode::Window, failure.span(), failure.found());
    if failure.expects(Rule::whole_run) {
        let message = match found {
            "" | ";" | "then" => "`within` has no window behind it; write a duration, `30 events` or `run`".to_owned(),
            _ => format!("`{}` is no window; write a duration such as `10m`, `30 events` or `run`", shown(found)),
        };
        return Some(failure.say(code, span, message));
    }
    if failure.expects(Rule::events) && found == "of" {
        return Some(failure.say(code, span, "a window looks back from the trigger; it is `within 10m`, and nothing more"));
    }
    None
}
