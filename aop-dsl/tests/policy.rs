//! Policies in, policy sets or diagnostics out.

use aop_dsl::{DiagnosticCode, PolicySet, PolicyState, compile};
use aop_toon::Event;
use proptest::prelude::*;

const GOOD: &str = r#"policy acme.mail version "1.4.0" dsl 1;"#;

/// What an author reads about each of these policies.
#[test]
fn diagnostics() {
    let cases = [
        ("nothing", ""),
        ("only a comment", "// mail rules\n"),
        ("no header", "rule acl_shell {\n  on c: request(shell_exec)\n  then deny \"no\";\n}\n"),
        ("another word", "package acme.mail;"),
        ("no name", r#"policy version "1.0.0" dsl 1;"#),
        ("a name in quotes", r#"policy "acme.mail" version "1.0.0" dsl 1;"#),
        ("no version", "policy acme.mail dsl 1;"),
        ("a version without quotes", "policy acme.mail version 1.0.0 dsl 1;"),
        ("a version without its end", "policy acme.mail version \"1.0.0 dsl 1;\n"),
        ("no language", r#"policy acme.mail version "1.0.0";"#),
        ("a language that is no number", r#"policy acme.mail version "1.0.0" dsl one;"#),
        ("parts in another order", r#"policy acme.mail dsl 1 version "1.0.0";"#),
        ("no semicolon", "policy acme.mail version \"1.0.0\" dsl 1\n\n// the end\n"),
        ("no semicolon, then a rule", "policy acme.mail version \"1.0.0\" dsl 1\nrule x { }"),
        ("a capital in the name", r#"policy acme.Mail version "1.0.0" dsl 1;"#),
        ("a dash in the name", r#"policy acme-mail version "1.0.0" dsl 1;"#),
        ("an empty word in the name", r#"policy acme..mail version "1.0.0" dsl 1;"#),
        ("a name that is taken", r#"policy std.labels version "1.0.0" dsl 1;"#),
        ("two numbers as version", r#"policy acme.mail version "1.0" dsl 1;"#),
        ("a leading zero in the version", r#"policy acme.mail version "1.04.0" dsl 1;"#),
        ("an empty version", r#"policy acme.mail version "" dsl 1;"#),
        ("another language", r#"policy acme.mail version "1.0.0" dsl 2;"#),
        ("a rule", "policy acme.mail version \"1.4.0\" dsl 1;\n\n// no shell\nrule acl_shell {\n}\n"),
        ("a use", "policy acme.mail version \"1.4.0\" dsl 1; use std.labels;"),
        ("a second header", "policy acme.mail version \"1.4.0\" dsl 1;\npolicy acme.files version \"1.0.0\" dsl 1;"),
        ("everything at once", "// draft\n\tpolicy Acme version \"one\" dsl 9; rule x {}"),
        ("a byte order mark", "\u{feff}policy acme.mail version \"1.4.0\" dsl 1;"),
        ("control characters", "\u{1b}[31mpolicy\u{0} x"),
        ("letters of other alphabets", "policy été.почта version \"1.0.0\" dsl 1;"),
    ];
    let mut page = String::new();
    for (title, source) in cases {
        let error = compile("mail.aop", source).expect_err(title);
        page.push_str(&format!("## {title}\n{error}\n"));
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(page) });
}

#[test]
fn a_header_is_read_with_its_comments_and_any_white_space() {
    for source in [
        GOOD,
        "policy acme.mail version\"1.4.0\"dsl 1;",
        "// mail\n\npolicy // the name:\n  acme.mail\r\n\tversion \"1.4.0\" dsl 1 ; // the end",
    ] {
        let policies = compile("mail.aop", source).unwrap();
        let [policy] = policies.policies() else { panic!("there is one policy") };
        assert_eq!((&*policy.name, &*policy.version), ("acme.mail", "1.4.0"), "{source}");
        assert_eq!(policies.hash(), compile("other.aop", GOOD).unwrap().hash());
    }
    for name in ["a", "policy.version", "versions", "dsl_1.x2", "acme.policy"] {
        let source = format!(r#"policy {name} version "0.0.1-rc.1+build-7" dsl 1;"#);
        assert_eq!(compile("x.aop", &source).unwrap().policies()[0].name, name);
    }
}

#[test]
fn a_set_grows_by_whole_policies_and_tells_its_contents_by_its_hash() {
    let mut policies = PolicySet::default();
    let mut hashes = vec![policies.hash()];
    for source in [GOOD, r#"policy acme.files version "1.0.0" dsl 1;"#, r#"policy acme.shell version "1.0.0" dsl 1;"#] {
        policies.add("x.aop", source).unwrap();
        hashes.push(policies.hash());
    }
    hashes.push(compile("x.aop", &GOOD.replace("1.4.0", "1.4.1")).unwrap().hash());
    let distinct: std::collections::BTreeSet<u64> = hashes.iter().copied().collect();
    assert_eq!(distinct.len(), hashes.len());

    let before = policies.clone();
    for (source, code) in [
        (GOOD, DiagnosticCode::LoadedTwice),
        ("rule x {}", DiagnosticCode::Header),
        ("policy x version \"1.0.0\" dsl 1; rule y {}", DiagnosticCode::NotCompiledYet),
    ] {
        assert_eq!(policies.add("again.aop", source).unwrap_err().diagnostics()[0].code, code);
        assert_eq!(policies, before, "a policy with a mistake leaves the set as it was");
    }
    let twice = policies.add("again.aop", GOOD).unwrap_err();
    assert_eq!(twice.diagnostics()[0].message, "the policy acme.mail is loaded twice; give one of them another name");
    assert_eq!((twice.name(), twice.diagnostics()[0].span.clone()), ("again.aop", 7..16));
}

#[test]
fn a_diagnostic_as_json() {
    let error = compile("mail.aop", "policy acme.mail version \"1.4.0\" dsl 1;\nrule x {}").unwrap_err();
    insta::assert_snapshot!(serde_json::to_string_pretty(&error).unwrap(), @r#"
    {
      "name": "mail.aop",
      "diagnostics": [
        {
          "code": "not-compiled-yet",
          "message": "this version reads a policy's header only; rules are not compiled yet",
          "span": {
            "start": 40,
            "end": 44
          },
          "line": 2,
          "column": 1,
          "width": 4,
          "line_text": "rule x {}"
        }
      ]
    }
    "#);
}

#[test]
fn without_rules_nothing_is_found_and_nothing_is_remembered() {
    let event = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
        "payload":{"action":"shell_exec","params":{"cmd":"rm -rf /"}},"meta":{}}"#;
    let event = Event::parse(event).unwrap();
    let (policies, mut state, mut findings) = (compile("mail.aop", GOOD).unwrap(), PolicyState::default(), Vec::new());
    policies.at_ingestion(&event, event.t(), &state, &mut findings);
    policies.observe(&event, event.t(), true, &mut state);
    policies.finish(&state, Some(event.t()), &mut findings);
    assert_eq!((findings, &state), (vec![], &PolicyState::default()));

    let written = serde_json::to_string(&state).unwrap();
    assert_eq!(written, "{}");
    assert_eq!(serde_json::from_str::<PolicyState>(&written).unwrap(), state);
    assert!(serde_json::from_str::<PolicyState>(r#"{"counts":[]}"#).is_err(), "another version's state is not dropped");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Any text is a policy or gets diagnostics that lie within it and can be shown.
    #[test]
    fn every_text_is_answered(
        source in prop_oneof![
            any::<String>(),
            prop::collection::vec(
                prop::sample::select(vec![
                    "policy", "acme.mail", "version", "\"1.4.0\"", "dsl", "1", ";", " ", "\n", "//", "/", "\"", "é", "rule", "{",
                ]),
                0..16,
            ).prop_map(|words| words.concat()),
        ],
    ) {
        let Err(error) = compile("x.aop", &source) else { return Ok(()) };
        prop_assert!(!error.diagnostics().is_empty() && error.to_string().starts_with("error["));
        for diagnostic in error.diagnostics() {
            prop_assert!(source.get(diagnostic.span.clone()).is_some());
            prop_assert!(diagnostic.message.len() < 400);
        }
    }

    /// What is added behind a header is never accepted in silence.
    #[test]
    fn nothing_after_the_header_is_passed_over(rest in "\\PC{1,20}") {
        let compiled = compile("x.aop", &format!("{GOOD}{rest}"));
        let is_nothing = rest.trim_matches(' ').is_empty() || rest.trim_start_matches(' ').starts_with("//");
        prop_assert_eq!(compiled.is_ok(), is_nothing);
    }
}
