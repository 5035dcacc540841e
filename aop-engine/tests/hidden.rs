//! What is said of an event shows nothing of what was found in it, also where the text alone does not tell.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use aop_engine::{Engine, Event};

/// The message and the path of what a policy says of an action with these parameters.
#[track_caller]
fn said(rule: &str, params: &str) -> Vec<(String, String)> {
    let policy = format!("policy acme.leak version \"1.0.0\" dsl 1;\n{rule}");
    let engine = Engine::builder().policy(&policy).unwrap().build().unwrap();
    let event = format!(
        r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"pay","params":{params}}},"meta":{{}}}}"#
    );
    let verdict = engine.start_run().check(&Event::parse(event.as_bytes()).unwrap());
    let ours = verdict.findings.into_iter().filter(|finding| finding.rule.starts_with("acme"));
    ours.map(|finding| (finding.message, finding.path.unwrap_or_default())).collect()
}

const LEAK: &str =
    r#"rule leak { on c: request(*) where c.params.password as string != "x" then flag "pw {c.params.password}"; }"#;

#[test]
fn what_is_found_by_its_key_is_not_shown_by_a_message() {
    for password in ["Xk9#mQ2vLp7z", r#"Xk9#\"mQ2v\u200bLp7z"#, r"Xk9#mQ2\u0076Lp7z"] {
        let said = said(LEAK, &format!(r#"{{"password":"{password}"}}"#));
        assert_eq!(said.len(), 1, "{password}");
        assert!(said[0].0.starts_with("pw <") && said[0].0.ends_with('>'), "{said:?}");
        assert!(!said[0].0.contains("Xk9"), "{said:?}");
    }
}

#[test]
fn what_was_cut_off_is_not_shown_by_its_beginning() {
    let password = "correct-horse-battery-staple-and-more-of-such-words-until-it-is-too-long-for-a-message-to-be-shown";
    let said = said(LEAK, &format!(r#"{{"password":"{password}Xk9#"}}"#));
    assert_eq!(said.len(), 1);
    assert!(!said[0].0.contains("correct"), "{said:?}");
}

#[test]
fn a_password_that_is_a_word_leaves_the_names_of_fields() {
    let said = said(LEAK, r#"{"password":"password"}"#);
    assert_eq!(said.len(), 1);
    assert!(!said[0].1.contains('<'), "{said:?}");
}

#[test]
fn what_is_found_by_its_key_is_not_shown_by_a_pointer() {
    let engine = Engine::builder().build().unwrap();
    let event = r#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{"action":"pay","params":{"password":"Xk9#mQ2vLp7z","Xk9#mQ2vLp7z":{"to":"bob@example.org"}}},"meta":{}}"#;
    let verdict = engine.start_run().check(&Event::parse(event.as_bytes()).unwrap());
    assert!(verdict.findings.len() >= 2);
    let written = serde_json::to_string(&verdict.findings).unwrap();
    assert!(!written.contains("Xk9#mQ2vLp7z"), "{written}");
    assert!(written.contains("/payload/params/password"), "{written}");
}
