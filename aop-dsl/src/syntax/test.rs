//! Tests: their steps, each read by itself.

use std::ops::Range;

use pest::iterators::{Pair, Pairs};

use super::ast::{Expectation, Json, JsonKind, Name, Span, Test, TestStep, TestStepKind};
use super::grammar::Rule;
use super::lexer::TokenKind;
use super::lowering::Lowering;
use super::mend::Mode;
use super::piece::{self, Shape};
use super::reader::Reader;
use crate::diagnostic::{DiagnosticCode, shown};

const HEAD: Shape = Shape {
    rule: Rule::test_head,
    mode: Mode::Head,
    code: DiagnosticCode::TestSyntax,
    what: "a test's first line",
    example: "test \"mail after page\" for web_to_mail {",
};

const STEP: Shape = Shape {
    rule: Rule::test_step,
    mode: Mode::Test,
    code: DiagnosticCode::TestSyntax,
    what: "a step of a test",
    example: "3s request(send_email) { to: [\"x@evil.example\"] };",
};

/// Words with which a step begins, behind its time.
const STEP_WORDS: [&str; 16] = [
    "request",
    "response",
    "reasoning",
    "final",
    "error",
    "event",
    "run_end",
    "user",
    "system",
    "agent",
    "role",
    "meta",
    "run",
    "runs",
    "end",
    "expect",
];

/// `test "mail after page" for web_to_mail { … }`
pub(super) fn read(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<Test> {
    let span = reader.span_of(tokens.clone());
    let opener = tokens.clone().find(|at| reader.text(*at) == "{" && reader.depth(*at) == 0);
    let Some(opener) = opener else {
        if !reader.patches_have_flaw(tokens.clone()) {
            let behind = reader.behind(tokens.end);
            reader.flaw(DiagnosticCode::TestSyntax, behind, "this test has no steps; they stand in `{ … }`");
        }
        return None;
    };
    let is_closed = tokens.end > opener + 1 && reader.text(tokens.end - 1) == "}" && reader.depth(tokens.end - 1) == 0;
    let end = if is_closed { tokens.end - 1 } else { tokens.end };
    let head = piece::read(reader, tokens.start..opener, HEAD, |lowering, parts| {
        let (mut title, mut rule) = (None, None);
        for part in parts {
            match part.as_rule() {
                Rule::string => title = Some(lowering.text(&part)),
                Rule::dotted => rule = Some(lowering.name(&part)),
                _ => {}
            }
        }
        (title.expect("the grammar has a title there"), rule.expect("the grammar has a name there"))
    });
    let mut is_broken = reader.patches_have_flaw(tokens);
    let mut steps = Vec::new();
    let mut at = opener + 1;
    while at < end && !reader.is_full() {
        let step_end = end_of_step(reader, at, end);
        match step(reader, at..step_end) {
            Some(step) => steps.push(step),
            None => is_broken = true,
        }
        at = step_end;
    }
    head.map(|(title, rule)| Test { title, rule, steps, is_broken, span })
}

/// Behind a step's `;`, which is put there when it is missing and the next step begins a line.
fn end_of_step(reader: &mut Reader<'_, '_, '_>, start: usize, end: usize) -> usize {
    let depth = reader.depth(start);
    let mut is_over = end;
    for at in start..end {
        if reader.depth(at) > depth {
            continue;
        }
        if reader.text(at) == ";" {
            return at + 1;
        }
        let begins_step = STEP_WORDS.contains(&reader.text(at)) || reader.kind(at) == Some(TokenKind::Number);
        if at > start && reader.indent(at).is_some() && begins_step && !goes_on(reader, start, at) {
            is_over = at;
            break;
        }
    }
    if !reader.patches_have_flaw(start..is_over) {
        let message = "a step of a test ends with `;`";
        let last = reader.span(is_over - 1);
        if reader.text(is_over - 1) == "," {
            reader.mended(DiagnosticCode::Separator, last, ";", message);
        } else {
            let behind = reader.behind(is_over);
            reader.mended(DiagnosticCode::Separator, behind, ";", message).label("add `;` here");
        }
    }
    is_over
}

/// Whether a step cannot have ended before a token.
fn goes_on(reader: &Reader<'_, '_, '_>, start: usize, at: usize) -> bool {
    let is_behind_time = (start..at).all(|before| reader.kind(before) == Some(TokenKind::Number));
    let before = reader.text(at - 1);
    is_behind_time || matches!(before, "seq" | "at" | "after" | "agent" | "expect" | "(" | "{" | "[" | "," | ":")
}

fn step(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>) -> Option<TestStep> {
    if tokens.len() == 1 && reader.text(tokens.start) == ";" {
        let span = reader.span(tokens.start);
        reader.mended(DiagnosticCode::Separator, span, "", "this `;` ends no step");
        return None;
    }
    let span = reader.span_of(tokens.clone());
    piece::read(reader, tokens, STEP, |lowering, parts| {
        let mut step = TestStep { at: None, times: 1, kind: TestStepKind::End { after: None }, span };
        for part in parts {
            match part.as_rule() {
                Rule::at => step.at = at(lowering, &part),
                Rule::times => {
                    let span = lowering.span(&part);
                    step.times = lowering.whole_number(part.as_str(), span, "number of events").unwrap_or(1);
                }
                Rule::expectation => step.kind = TestStepKind::Expect(expectation(lowering, part.into_inner())),
                Rule::agent_step => step.kind = TestStepKind::Agent { id: agent(lowering, part.into_inner()) },
                Rule::role_step => {
                    let role =
                        part.into_inner().find(|part| part.as_rule() == Rule::string).expect("the grammar has a text there");
                    step.kind = TestStepKind::Role { role: lowering.text(&role) };
                }
                Rule::meta_step => {
                    let body = part
                        .into_inner()
                        .find(|part| part.as_rule() == Rule::json_record)
                        .expect("the grammar has a record there");
                    step.kind = TestStepKind::Meta { body: json(lowering, body) };
                }
                Rule::runs_step => step.kind = runs(lowering, part.into_inner()),
                Rule::end_step => {
                    let after = part.into_inner().find(|part| part.as_rule() == Rule::at);
                    step.kind = TestStepKind::End { after: after.and_then(|after| at(lowering, &after)) };
                }
                Rule::said_step => {
                    let mut parts = part.into_inner();
                    let (who, text) = (parts.next(), parts.next());
                    let (who, text) = who.zip(text).expect("the grammar has a word and a text there");
                    step.kind = TestStepKind::Said { who: lowering.name(&who), text: lowering.text(&text) };
                }
                Rule::event_step => step.kind = event(lowering, part.into_inner(), span),
                _ => {}
            }
        }
        step
    })
}

fn at(lowering: &mut Lowering<'_, '_>, pair: &Pair<'_, Rule>) -> Option<(i64, String)> {
    let span = lowering.span(pair);
    let micros = lowering.duration(pair.as_str(), span, "time since the test's start")?;
    Some((micros, pair.as_str().to_owned()))
}

fn expectation(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> Expectation {
    let mut expectation = Expectation { effect: None, seq: None };
    for part in parts {
        match part.as_rule() {
            Rule::word if part.as_str() != "nothing" => expectation.effect = Some(lowering.name(&part)),
            Rule::number => {
                let span = lowering.span(&part);
                expectation.seq = lowering.whole_number(part.as_str(), span, "event's seq");
            }
            _ => {}
        }
    }
    expectation
}

fn agent(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> i64 {
    let number = parts.last().expect("the grammar has a number there");
    let span = lowering.span(&number);
    let id = lowering.whole_number(number.as_str(), span, "agent's id").unwrap_or(0);
    match i64::try_from(id) {
        Ok(id) => id,
        Err(_) => {
            lowering.error(DiagnosticCode::Number, span, format!("`{}` is too large for an agent's id", number.as_str()));
            0
        }
    }
}

fn runs(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>) -> TestStepKind {
    let (mut count, mut body) = (1, None);
    for part in parts {
        let span = lowering.span(&part);
        match part.as_rule() {
            Rule::number => count = lowering.whole_number(part.as_str(), span, "number of runs").unwrap_or(1),
            Rule::json_record => body = Some(json(lowering, part)),
            _ => {}
        }
    }
    TestStepKind::Runs { count, body: body.expect("the grammar has a record there") }
}

fn event(lowering: &mut Lowering<'_, '_>, parts: Pairs<'_, Rule>, whole: Span) -> TestStepKind {
    let (mut kind, mut action, mut body) = (Name { text: String::new(), span: whole }, None, None);
    for part in parts {
        match part.as_rule() {
            Rule::word => kind = lowering.name(&part),
            Rule::string | Rule::dotted => action = Some(lowering.name_or_text(&part)),
            Rule::json_record => body = Some(json(lowering, part)),
            _ => {}
        }
    }
    let needs_action = matches!(kind.text.as_str(), "request" | "response");
    let known = &STEP_WORDS[..7];
    if !known.contains(&kind.text.as_str()) {
        let near = super::words::nearest(&kind.text, &STEP_WORDS);
        let hint = near
            .map_or("; those begin with a kind of event, `user`, `agent`, `meta`, `end` or `expect`".to_owned(), |near| {
                format!("; did you mean `{near}`?")
            });
        lowering.error(DiagnosticCode::TestSyntax, kind.span, format!("`{}` is no step of a test{hint}", shown(&kind.text)));
    } else if needs_action && action.is_none() {
        let message = format!("a `{}` names its action: `{}(send_email) {{ … }}`", kind.text, kind.text);
        lowering.error(DiagnosticCode::TestSyntax, kind.span, message);
    } else if let Some(action) = action.as_ref().filter(|_| !needs_action) {
        let message = format!("a `{}` has no action; take out `({})`", kind.text, shown(&action.text));
        lowering.error(DiagnosticCode::TestSyntax, action.span, message);
    }
    TestStepKind::Event { kind, action, body }
}

/// Of a `json` or one of its kinds.
fn json(lowering: &mut Lowering<'_, '_>, pair: Pair<'_, Rule>) -> Json {
    let span = lowering.span(&pair);
    let kind = match pair.as_rule() {
        Rule::json => {
            let inner = pair.into_inner().next().expect("the grammar has a value there");
            return json(lowering, inner);
        }
        Rule::json_record => {
            let members = pair.into_inner().filter(|part| part.as_rule() == Rule::json_member);
            JsonKind::Record(members.map(|member| json_member(lowering, member)).collect())
        }
        Rule::json_list => {
            let items = pair.into_inner().filter(|part| part.as_rule() == Rule::json);
            JsonKind::List(items.map(|item| json(lowering, item)).collect())
        }
        Rule::string => JsonKind::Text(lowering.text(&pair).text),
        Rule::json_number => JsonKind::Number(pair.as_str().to_owned()),
        Rule::at => match lowering.duration(pair.as_str(), span, "value") {
            Some(micros) => JsonKind::Duration { micros, text: pair.as_str().to_owned() },
            None => JsonKind::Null,
        },
        _ => match pair.as_str() {
            "true" => JsonKind::Bool(true),
            "false" => JsonKind::Bool(false),
            "null" => JsonKind::Null,
            word => {
                let message = format!("`{0}` is no value; a text stands in double quotes: \"{0}\"", shown(word));
                lowering.error(DiagnosticCode::TestSyntax, span, message).fix(span, format!("\"{word}\""));
                JsonKind::Text(word.to_owned())
            }
        },
    };
    Json { kind, span }
}

fn json_member(lowering: &mut Lowering<'_, '_>, pair: Pair<'_, Rule>) -> (Name, Json) {
    let mut parts = pair.into_inner();
    let name = parts.next().expect("the grammar has a name first");
    let name = lowering.name_or_text(&name);
    let value = parts.find(|part| part.as_rule() == Rule::json).expect("the grammar has a value behind the colon");
    (name, json(lowering, value))
}
