//! Rules of another language, expressed in ours: the same answers on their traces.
//!
//! The corpora hold 55 cases of Invariant's tests: a rule, a trace of messages, and how many violations there are. Our rules are
//! the files of the folder `expressed`; the traces are read from the corpora, and nothing of them stands here.

use std::fmt::Write as _;
use std::fs;

use aop_engine::policy::{self, Source};
use aop_engine::{Engine, Event};
use aop_tests::{corpora, skipped, workspace_root};
use serde_json::{Value, json};

/// What becomes of a case.
enum Answer {
    /// This file finds something exactly when the other language does.
    Same(&'static str),
    /// The other language refuses the rule or fails on it; our compiler refuses this file, with a diagnostic of this code.
    Refused(&'static str, &'static str),
    /// It cannot be said in our language, because.
    Not(&'static str),
}

use Answer::{Not, Refused, Same};

/// One for each line of the corpora's file.
#[rustfmt::skip]
const CASES: &[Answer] = &[
    Same("assistant_says_x"), // the first three are judged in pieces
    Same("assistant_says_x"),
    Same("assistant_says_x"),
    Same("word_in_short_table"),
    Same("word_in_line"),
    Same("word_in_line"),
    Same("word_in_line"),
    Same("number_from_role"),
    Same("greeting"),
    Same("greeting"),
    Same("greeting"),
    Same("greeting"),
    Same("one_call_after_another"),
    Same("trimmed_text"),
    Same("lines_of_text"),
    Refused("refused_replace", "arguments"),
    Refused("refused_items", "unknown-function"),
    Same("speaker_has_role"),
    Refused("refused_field", "unknown-field"),
    Refused("refused_inner_field", "unknown-field"),
    Same("json_in_text"),
    Same("words_hidden_in_image"),
    Same("words_hidden_in_image"),
    Same("words_hidden_in_image"),
    Same("banned_phrase"),
    Same("banned_phrase"),
    Same("banned_phrase"),
    Same("assistant_speaks"),
    Same("assistant_speaks"),
    Same("assistant_speaks"),
    Same("assistant_speaks"),
    Same("both_words"),
    Same("both_words"),
    Same("both_words"),
    Same("either_word"),
    Same("either_word"),
    Same("either_word"),
    Same("either_word"),
    Same("not_all_calls"),
    Same("all_calls"),
    Same("all_calls"),
    Same("words_in_message_and_call"),
    Same("assistant_says_hello"),
    Same("reply_to_sender"),
    Same("reply_to_sender"),
    Same("date_argument"),
    Same("date_argument"),
    Same("named_call"),
    Same("call_with_two"),
    Same("named_call"),
    Same("call_with_three"),
    Same("three_names"),
    Same("three_other_names"),
    Same("parameter_named_user"),
    Not("it asks a language model; a policy is total and has no network"),
];

#[test]
fn rules_of_another_language_give_the_same_answers() {
    let Some(corpora) = corpora() else {
        return skipped("rules of another language", "there are no corpora (AOP_CORPORA)");
    };
    let path = corpora.join("policies/invariant_cases.jsonl");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert_eq!(cases.len(), CASES.len(), "each line of {} has its line in the table", path.display());
    let (mut expressed, mut wrong) = (0, String::new());
    for (number, (case, answer)) in (1..).zip(cases.iter().zip(CASES)) {
        let is_right = match answer {
            Same(file) => is_the_same(file, case),
            Refused(file, code) => is_refused(file, code, case),
            Not(reason) => {
                assert!(!reason.is_empty());
                continue;
            }
        };
        match is_right {
            Ok(()) => expressed += 1,
            Err(why) => writeln!(wrong, "line {number}: {why}").expect("a string takes all text"),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(expressed >= 45, "{expressed} of {} cases are expressed", cases.len());
}

#[test]
fn every_file_is_in_the_table_and_formatted() {
    let folder = workspace_root().join("tests/tests/expressed");
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("a folder's entry can be read").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("its name is text").to_owned();
        let is_meant = |answer: &Answer| matches!(answer, Same(file) | Refused(file, _) if *file == name);
        assert!(CASES.iter().any(is_meant), "no case is expressed by {name}");
        let source = source(&name);
        let formatted = policy::format(&source.name, &source.text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(formatted, source.text, "run `aop policy fmt` on {name}");
    }
}

fn source(file: &str) -> Source {
    let name = format!("{file}.aop");
    let path = workspace_root().join("tests/tests/expressed").join(&name);
    Source { text: fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())), name }
}

fn is_the_same(file: &str, case: &Value) -> Result<(), String> {
    let violations = case["n"].as_u64().ok_or("the case expects no number")?;
    let findings = judge(&source(file), &case["args"]);
    let found = findings.len();
    if (found > 0) == (violations > 0) {
        Ok(())
    } else {
        Err(format!("{file}.aop finds {found} and {violations} were expected: {findings:?}"))
    }
}

fn is_refused(file: &str, code: &str, case: &Value) -> Result<(), String> {
    if !case["exc"].is_string() {
        return Err("the case expects no error".to_owned());
    }
    let checked = policy::check(&[source(file)], &[]);
    let codes: Vec<&str> = checked.diagnostics[0].iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    if checked.set.is_none() && codes.contains(&code) { Ok(()) } else { Err(format!("{file}.aop: {codes:?}, not {code}")) }
}

/// The messages of the findings of a file's rules on a trace. A case has one list of messages, or two: then only what the second
/// one triggers counts.
fn judge(source: &Source, arguments: &Value) -> Vec<String> {
    let engine = Engine::builder().policy_named(&source.name, &source.text).unwrap_or_else(|error| panic!("{error}"));
    let engine = engine.build().expect("the defaults make sense");
    let lists: Vec<&[Value]> =
        arguments.as_array().expect("a list of arguments").iter().filter_map(Value::as_array).map(Vec::as_slice).collect();
    let mut writer = Writer::default();
    lists.concat().iter().for_each(|message| writer.message(message));
    let past = if lists.len() > 1 { writer.events_of(lists[0]) } else { 0 };
    let mut run = engine.start_run();
    let mut findings = Vec::new();
    for (at, event) in writer.events.iter().enumerate() {
        let event = Event::parse(event.as_bytes()).unwrap_or_else(|error| panic!("{event}: {error}"));
        let verdict = run.check(&event);
        if at >= past {
            findings.extend(verdict.findings);
        }
    }
    findings.extend(run.finish().findings);
    findings.retain(|finding| finding.validator == "policy_checker");
    findings.into_iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
}

/// Messages of a chat → the events of a run.
#[derive(Default)]
struct Writer {
    events: Vec<String>,
    /// Requests that await a response.
    open: Vec<String>,
}

impl Writer {
    /// How many events these messages become.
    fn events_of(&self, messages: &[Value]) -> usize {
        let mut alone = Writer::default();
        messages.iter().for_each(|message| alone.message(message));
        alone.events.len()
    }

    fn message(&mut self, message: &Value) {
        if message.get("tools").is_some() {
            self.request("tools/list", &json!({}), "tools");
            return self.response(&json!({ "tools": message["tools"] }), "tools");
        }
        let role = message["role"].as_str().expect("a message has a role");
        if role == "tool" {
            let id = message["tool_call_id"].as_str().unwrap_or("none");
            if !self.open.iter().any(|open| open == id) {
                self.request("unknown", &json!({}), id);
            }
            return self.response(&message["content"], id);
        }
        if let Some(text) = text(&message["content"]) {
            let actor = if role == "assistant" { "agent" } else { role };
            self.event(actor, "reasoning", &json!({ "thought": text }), &message["metadata"]);
        }
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            let function = &call["function"];
            let name = function["name"].as_str().expect("a function has a name");
            self.request(name, &function["arguments"], call["id"].as_str().expect("a call has an id"));
        }
    }

    fn request(&mut self, action: &str, params: &Value, id: &str) {
        self.open.push(id.to_owned());
        self.event("agent", "action_request", &json!({ "action": action, "params": params }), &json!({ "call_id": id }));
    }

    fn response(&mut self, result: &Value, id: &str) {
        self.open.retain(|open| open != id);
        self.event("tool", "action_response", &json!({ "status": "success", "result": result }), &json!({ "call_id": id }));
    }

    fn event(&mut self, actor: &str, kind: &str, payload: &Value, meta: &Value) {
        let seq = self.events.len() + 1;
        let meta = if meta.is_object() { meta.clone() } else { json!({}) };
        let t = format!("2025-12-05T10:{:02}:{:02}Z", seq / 60, seq % 60);
        let event = json!({ "seq": seq, "t": t, "actor": actor, "type": kind, "payload": payload, "meta": meta });
        self.events.push(event.to_string());
    }
}

/// A message's text: a string, or parts of which some are text.
fn text(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(|part| part["text"].as_str()).collect()),
        _ => None,
    }
}
