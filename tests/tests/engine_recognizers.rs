//! A company's own recognizers in an engine: verdicts, redaction and policies.

use aop_engine::settings::CustomRecognizer;
use aop_engine::{Effect, Engine, Event, Match, Model, Pii, Recognize, Settings, Site};

fn contract() -> CustomRecognizer {
    CustomRecognizer::new("ACME_CONTRACT", r"\bAC-[0-9]{4}\b")
}

const EVENT: &[u8] = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
    "payload":{"action":"send","params":{"text":"it is AC-0815","AC-4711":{"held":"{\"no\":\"AC-1111\"}"}}},"meta":{}}"#;

struct Word;

impl Recognize for Word {
    fn entity(&self) -> &str {
        "ACME_WORD"
    }

    fn scan(&self, text: &str, _site: &Site<'_>, found: &mut Vec<Match>) {
        found.extend(text.match_indices("xyzzy").map(|(start, word)| Match { start, end: start + word.len(), score: 0.9 }));
    }

    fn effect(&self) -> Option<Effect> {
        None
    }
}

impl Model for Word {
    fn entities(&self) -> &[&str] {
        &["PERSON"]
    }

    fn text_bytes_max(&self) -> usize {
        512
    }

    fn scan(&self, _text: &str, _found: &mut dyn FnMut(&str, Match)) {}
}

#[test]
fn finds_are_redacted_wherever_they_stand() {
    let pii = Pii { recognizers: vec![contract()], ..Pii::default() };
    let engine = Engine::builder().pii(pii).build().unwrap();
    let verdict = engine.start_run().check(&Event::parse(EVENT).unwrap());
    assert_eq!(verdict.effect, Effect::Redact);
    let rules: Vec<_> = verdict.findings.iter().map(|finding| &*finding.rule).collect();
    assert_eq!(rules, ["custom/acme-contract"; 3]);
    let text = verdict.redacted.unwrap();
    assert!(
        text.contains(r#""text":"it is <ACME_CONTRACT>""#) && text.contains(r#"{\"no\":\"<ACME_CONTRACT>\"}"#),
        "{text}"
    );
    assert!(text.contains(r#""<ACME_CONTRACT>":{"#), "{text}");
    assert!(verdict.findings.iter().all(|finding| !serde_json::to_string(finding).unwrap().contains("AC-4711")));
    let again = Event::parse(text.as_bytes()).unwrap();
    assert_eq!(engine.redact_event(&again), None);
}

#[test]
fn an_effect_that_is_not_said_goes_by_the_threshold() {
    let engine = Engine::builder().recognizer(Word).build().unwrap();
    let event = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"reasoning","payload":{"thought":"say xyzzy"},"meta":{}}"#;
    let verdict = engine.start_run().check(&Event::parse(event).unwrap());
    assert_eq!((verdict.effect, &*verdict.findings[0].rule), (Effect::Deny, "custom/acme-word"));
}

#[test]
fn policies_ask_for_them_by_name() {
    let policy = r#"
        policy acme.contracts version "1.0.0" dsl 1;
        rule stays { on c: request(*) where pii(c.params, kinds: ["ACME_CONTRACT"]).count > 0 then deny "a contract leaves"; }
    "#;
    let builder = |pii| Engine::builder().pii(pii).policy(policy).unwrap().build();
    let unknown = builder(Pii::default()).unwrap_err().to_string();
    assert!(unknown.contains("ACME_CONTRACT"), "{unknown}");
    let engine = builder(Pii { recognizers: vec![contract()], ..Pii::default() }).unwrap();
    let verdict = engine.start_run().check(&Event::parse(EVENT).unwrap());
    assert_eq!(verdict.effect, Effect::Deny);
    assert!(verdict.findings.iter().any(|finding| finding.message.contains("a contract leaves")));
}

#[test]
fn a_recognizer_that_is_never_asked_is_a_mistake() {
    for builder in [Engine::builder().recognizer(Word), Engine::builder().ml(Word)] {
        let error = builder.settings(Settings::none()).build().unwrap_err().to_string();
        assert!(error.starts_with("a recognizer or a model is given, and `pii` is switched off"), "{error}");
    }
}
