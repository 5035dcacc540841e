//! Whatever is found can be explained, no explanation shows what was found, and the settings it names do what it says.
#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;

use aop_engine::explain::{About, EXCERPT_CHARACTERS_MAX, Explanation};
use aop_engine::{Engine, Event, EventBuf, Finding, Provenance, Scope, Settings, Trace};
use aop_tests::workspace_root;
use serde_json::{Map, Value, json};

/// A run with settings, and what may not be shown of it.
struct Case {
    name: String,
    settings: Value,
    events: Vec<EventBuf>,
}

#[test]
fn every_finding_of_every_fixture_can_be_explained_and_shows_no_data() {
    let default = Engine::builder().build().unwrap();
    let mut explained = 0;
    for case in cases() {
        let own = (case.settings != json!({})).then(|| engine(&case.settings));
        let engine = own.as_ref().unwrap_or(&default);
        let trace = Trace::new(None, case.events.clone());
        let hidden = data_of(engine, &trace);
        let scope = Scope { run: Some("r"), ..Scope::default() };
        let findings = engine.evaluate(&trace).findings;
        for (finding, id) in findings.iter().zip(engine.finding_ids(scope, &findings)) {
            let explanation =
                engine.explain(About { finding, id: &id, trace: &trace, role: None, organisation: None, lines: &[] });
            check(&case, finding, &explanation, &hidden);
            explained += 1;
        }
    }
    assert!(explained > 300, "only {explained} findings were explained");
}

fn check(case: &Case, finding: &Finding, explanation: &Explanation, hidden: &[String]) {
    let Case { name, .. } = case;
    let rule = &finding.rule;
    assert!(!explanation.rule.title.is_empty() && !explanation.decision.is_empty(), "{name}: {rule}");
    assert!(!explanation.reasons.is_empty() && !explanation.remedies.is_empty(), "{name}: {rule}");
    assert_eq!(explanation.event.as_ref().map(|event| event.seq), finding.seq, "{name}: {rule}");
    if finding.span.is_some() {
        let excerpt = explanation.excerpt.as_ref().unwrap_or_else(|| panic!("{name}: {rule} has no excerpt"));
        let (text, _) = excerpt.lines();
        assert!(text.chars().count() <= EXCERPT_CHARACTERS_MAX, "{name}: {rule}: {text}");
    }
    let said = explanation.to_string();
    let quoted = serde_json::to_string(explanation).unwrap();
    for secret in hidden {
        assert!(!quoted.contains(secret.as_str()), "{name}: {rule} shows {secret}: {quoted}");
        assert!(!said.contains(secret.as_str()), "{name}: {rule} shows {secret}: {said}");
    }
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{name}: {rule} writes to the terminal");
}

/// Clauses and messages of policies quote events: by what a text looks like, by the key it stands under, and when it is cut.
#[test]
fn no_clause_of_a_policy_shows_data() {
    const POLICY: &str = r#"
policy acme.mail version "1.0.0" dsl 1;
rule quoted {
    on c: request(mail) where (c.params.token as string) != "x" and (c.params.password as string) != "y"
    then deny "mail to {c.params.to} with {c.params.token} and {c.params.password}";
}
"#;
    let engine = Engine::builder().policy(POLICY).unwrap().build().unwrap();
    let token = format!("ghp_{}", "16C7e42F292c6912E7710c838347Ae178B4a");
    let password = "hollow-Lantern-4471-quarry";
    let params = json!({"to": "jane.roe@mail-provider.com", "token": token, "password": password});
    let request = event(1, 0.0, "agent", "action_request", json!({"action": "mail", "params": params}));
    let trace = Trace::new(None, vec![parsed(&request)]);
    let findings = engine.evaluate(&trace).findings;
    let finding = findings.iter().find(|finding| finding.rule == "acme.mail.quoted").unwrap();
    let explanation = engine.explain(About { finding, id: "id", trace: &trace, role: None, organisation: None, lines: &[] });
    let clauses = explanation.clauses.as_ref().unwrap();
    assert!(clauses.events[0].clauses.iter().any(|clause| clause.parts.iter().any(|part| !part.values.is_empty())));
    for said in [explanation.to_string(), serde_json::to_string(&explanation).unwrap()] {
        for hidden in [&token[..12], password, "hollow-Lantern", "jane.roe"] {
            assert!(!said.contains(hidden), "{hidden}: {said}");
        }
    }
}

/// The texts that the detectors take for somebody's data, but for those that stand in every text (a word, a year).
fn data_of(engine: &Engine, trace: &Trace<'_>) -> Vec<String> {
    let detectors = aop_engine::rules::scan::Detectors::new(&aop_engine::rules::scan::DetectorSettings {
        pii: engine.settings().pii.clone(),
        secrets: engine.settings().secrets.clone(),
        threats: None,
    })
    .unwrap();
    let mut texts = Vec::new();
    for event in trace.events() {
        let mut hits = Vec::new();
        detectors.scan(event, &mut Default::default(), &mut hits);
        let sent = hits.iter().filter_map(|hit| Some(event.raw()[hit.raw(event.document())?].to_owned()));
        texts.extend(sent.filter(|text| text.len() >= 8 && text.bytes().any(|byte| byte.is_ascii_digit())));
    }
    texts
}

/// What an explanation says can be set is a setting, and what it says is then no longer found is not.
#[test]
fn the_settings_of_an_explanation_do_what_it_says() {
    let mut tried = 0;
    let mut faults = Vec::new();
    let mut seen = std::collections::BTreeMap::new();
    let default = Engine::builder().build().unwrap();
    for case in cases() {
        let own = (case.settings != json!({})).then(|| engine(&case.settings));
        let before = own.as_ref().unwrap_or(&default);
        let trace = Trace::new(None, case.events.clone());
        for finding in before.evaluate(&trace).findings {
            // The cases of a rule are alike, and an engine is not built in no time.
            let times: &mut u32 = seen.entry(finding.rule.to_string()).or_default();
            *times += 1;
            if *times > 2 {
                continue;
            }
            let explanation = before.explain(About {
                finding: &finding,
                id: "",
                trace: &trace,
                role: None,
                organisation: None,
                lines: &[],
            });
            for remedy in &explanation.remedies {
                let Some(toml) = &remedy.toml else { continue };
                let written: Value =
                    toml::from_str(toml).unwrap_or_else(|error| panic!("{}: {error}\n{toml}", finding.rule));
                let mut settings = case.settings.clone();
                merge(&mut settings, &written["engine"]);
                let after = engine(&settings).evaluate(&trace).findings;
                let is_it = |other: &Finding| {
                    other.rule == finding.rule
                        && (other.seq, &other.path, other.span, &other.entity)
                            == (finding.seq, &finding.path, finding.span, &finding.entity)
                };
                tried += 1;
                if after.iter().any(is_it) {
                    faults.push(format!("{}: {} is still found with\n{toml}", case.name, finding.rule));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults.join("\n"));
    assert!(tried > 150, "only {tried} settings were tried");
}

/// Puts one table of settings over another.
fn merge(settings: &mut Value, over: &Value) {
    match (settings, over) {
        (Value::Object(settings), Value::Object(over)) => {
            for (name, value) in over {
                merge(settings.entry(name).or_insert(json!({})), value);
            }
        }
        (settings, over) => *settings = over.clone(),
    }
}

fn engine(settings: &Value) -> Engine {
    let settings: Settings = serde_json::from_value(settings.clone()).unwrap_or_else(|error| panic!("{settings}: {error}"));
    Engine::builder().settings(settings).build().unwrap()
}

/// Every case of every fixture of the rules, as a run.
fn cases() -> Vec<Case> {
    let folder = workspace_root().join("aop-rules/fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let case: Value = serde_json::from_str(text).unwrap();
            cases.extend(run_of(&name, &case).map(|(settings, events)| Case {
                name: format!("{name}:{line}"),
                settings,
                events: events.iter().map(|event| parsed(event)).collect(),
            }));
        }
    }
    cases
}

fn parsed(event: &Value) -> EventBuf {
    let text = event.to_string();
    Event::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}")).into_owned()
}

/// A case's settings, below `[engine]`, and its events; nothing for a form that is no run.
fn run_of(name: &str, case: &Value) -> Option<(Value, Vec<Value>)> {
    let settings = case.get("settings").cloned().unwrap_or(json!({}));
    if let Some(events) = case["events"].as_array() {
        let settings = if name.starts_with("threats") { json!({"threats": settings}) } else { settings };
        let (mut seq, mut seconds) = (0, -1.0);
        let expand = |short: &Value| {
            seq = short["seq"].as_u64().unwrap_or(seq + 1);
            seconds = short["at"].as_f64().unwrap_or(seconds + 1.0);
            in_full(short, seq, seconds)
        };
        return Some((settings, events.iter().map(expand).collect()));
    }
    if case["event"].is_object() {
        let settings = if name.starts_with("acl") { json!({"actions": settings}) } else { settings };
        return Some((settings, vec![case["event"].clone()]));
    }
    let lowered = case["threshold"].as_f64().map(|threshold| json!({"pii": {"threshold": threshold}}));
    let text = case.get("text").or_else(|| case.get("json"))?;
    let actor = case["provenance"].as_str().and_then(Provenance::from_word).map_or("user", |provenance| match provenance {
        Provenance::Params => "agent",
        other => other.as_str(),
    });
    let payload = if case["provenance"] == "params" {
        return Some((
            lowered.unwrap_or(json!({})),
            vec![event(1, 0.0, "agent", "action_request", json!({"action": "act", "params": {"text": text}}))],
        ));
    } else if text.is_string() && actor != "tool" {
        return Some((lowered.unwrap_or(json!({})), vec![event(1, 0.0, actor, "reasoning", json!({"thought": text}))]));
    } else {
        json!({"status": "success", "result": text})
    };
    Some((lowered.unwrap_or(json!({})), vec![event(1, 0.0, actor, "action_response", payload)]))
}

/// An event that a fixture writes in short.
fn in_full(short: &Value, seq: u64, seconds: f64) -> Value {
    let (actor, event_type, payload) = if let Some(text) = short.get("user") {
        ("user", "reasoning", json!({"thought": text, "goal": text}))
    } else if let Some(text) = short.get("system") {
        ("system", "reasoning", json!({"thought": text}))
    } else if let Some(text) = short.get("thought") {
        ("agent", "reasoning", json!({"thought": text}))
    } else if let Some(action) = short.get("request").or_else(|| short.get("call")) {
        ("agent", "action_request", json!({"action": action, "params": short.get("params").cloned().unwrap_or(json!({}))}))
    } else if let Some(status) = short.get("response") {
        ("tool", "action_response", json!({"status": status, "result": short.get("result"), "error": short.get("error")}))
    } else if let Some(result) = short.get("result") {
        ("tool", "action_response", json!({"status": "success", "result": result}))
    } else if let Some(output) = short.get("final") {
        ("agent", "final_output", json!({"output": output}))
    } else {
        ("agent", "error", json!({"error_type": short["failure"], "message": short["failure"]}))
    };
    let mut event = event(seq, seconds, short["actor"].as_str().unwrap_or(actor), event_type, payload);
    let mut meta: Map<String, Value> = short["meta"].as_object().cloned().unwrap_or_default();
    if let Some(call_id) = short.get("call_id").filter(|id| !id.is_null()) {
        meta.insert("call_id".to_owned(), call_id.clone());
    }
    event["meta"] = meta.into();
    event
}

fn event(seq: u64, seconds: f64, actor: &str, event_type: &str, payload: Value) -> Value {
    let t = aop_engine::Timestamp::from_micros(1_764_928_800_000_000 + (seconds * 1e6).round() as i64);
    json!({"seq": seq, "t": t, "actor": actor, "type": event_type, "payload": payload, "meta": {}})
}
