//! `aop policy`: what the author of a policy sees.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use aop_tests::{aop_binary, sarif_faults, skipped};

const MAIL: &str = r#"policy acme.mail version "1.0.0" dsl 1;

schema {
  action send(to: email, text: string);
  action page(url: url) -> { body: string };
}

rule outside {
  on c: request(send) where c.params.to.domain != "acme.example"
  after w: response(page) within 10m
  then deny "mail to {c.params.to} after #{w.seq}";
}

test "a stranger" for outside {
  response(page) { result: { body: "hi" } };
  request(send) { to: "eve@evil.example", text: "x" };
  expect deny at seq 3;
}

test "a colleague" for outside {
  response(page) { result: { body: "hi" } };
  request(send) { to: "bob@acme.example", text: "x" };
  expect nothing;
}
"#;

const TRACE: &str = r#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{"action":"page","params":{"url":"https://a.example/"}},"meta":{"call_id":"c1"}}
{"seq":2,"t":"2025-12-05T10:00:01Z","actor":"tool","type":"action_response","payload":{"status":"success","result":{"body":"hi"}},"meta":{"call_id":"c1"}}
{"seq":3,"t":"2025-12-05T10:00:02Z","actor":"agent","type":"action_request","payload":{"action":"send","params":{"to":"bob@acme.example","text":"x"}},"meta":{"call_id":"c2"}}
{"seq":4,"t":"2025-12-05T10:00:03Z","actor":"agent","type":"action_request","payload":{"action":"send","params":{"to":"eve@evil.example","text":"x"}},"meta":{"call_id":"c3"}}
"#;

struct Place(tempfile::TempDir);

impl Place {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn aop(&self, arguments: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } =
            Command::new(aop_binary()).args(arguments).current_dir(self.path()).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }
}

#[test]
fn check_says_every_mistake_and_the_exit_code_says_so() {
    let bad = MAIL.replace("domain != ", "domian != ").replace("within 10m", "within 10");
    let place = Place::with(&[("good.aop", MAIL), ("bad.aop", &bad.replace("acme.mail", "acme.bad"))]);
    let (code, said, _) = place.aop(&["policy", "check", "good.aop"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.ends_with("1 file, 1 rule: 0 errors, 0 warnings\n"), "{said}");
    let (code, said, _) = place.aop(&["policy", "check", "."]);
    assert_eq!(code, 1);
    assert!(said.contains("bad.aop:9:") && said.contains("`domain`"), "{said}");
    assert!(said.contains("bad.aop:10:"), "both mistakes are said: {said}");
    let (code, said, _) = place.aop(&["policy", "check", "--format", "json", "bad.aop"]);
    assert_eq!(code, 1);
    let diagnostics: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(diagnostics[0]["name"], "bad.aop");
    assert!(diagnostics[0]["diagnostics"].as_array().unwrap().len() >= 2);
    let (code, _, said) = place.aop(&["policy", "check", "none.aop"]);
    assert_eq!(code, 2);
    assert!(said.contains("none.aop"), "{said}");
}

#[test]
fn diagnostics_are_valid_sarif() {
    let place = Place::with(&[("bad.aop", &MAIL.replace("domain != ", "domian != "))]);
    let (code, log, _) = place.aop(&["policy", "check", "--format", "sarif", "bad.aop"]);
    assert_eq!(code, 1);
    let parsed: serde_json::Value = serde_json::from_str(&log).unwrap();
    let result = &parsed["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 9);
    assert!(result["fixes"].is_array(), "a fix is checked too: {result}");
    assert_eq!(sarif_faults(&parsed), Vec::<String>::new());
    let Some(schema) = std::env::var_os("AOP_SARIF_SCHEMA") else {
        return skipped("diagnostics_are_valid_sarif", "AOP_SARIF_SCHEMA names no schema; scripts/test installs one");
    };
    fs::write(place.path().join("log.sarif"), &log).unwrap();
    let validate = "import json, sys, jsonschema; schema, log = (json.load(open(path)) for path in sys.argv[1:]); jsonschema.validate(log, schema)";
    let python = std::env::var_os("AOP_PYTHON").unwrap_or_else(|| "python3".into());
    let validated =
        Command::new(python).args(["-c", validate]).arg(schema).arg(place.path().join("log.sarif")).output().unwrap();
    assert!(validated.status.success(), "{}", String::from_utf8_lossy(&validated.stderr));
}

#[test]
fn tests_run_and_failures_are_told() {
    let place = Place::with(&[("mail.aop", MAIL)]);
    let (code, said, _) = place.aop(&["policy", "test", "--coverage", "mail.aop"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2 tests: 0 failed"), "{said}");
    assert!(
        said.contains("not tested: acme.mail.outside: no test in which `after w: response(page) within 10m` does not hold"),
        "{said}"
    );
    let wrong = Place::with(&[("mail.aop", &MAIL.replace("expect nothing", "expect deny at seq 3"))]);
    let (code, said, _) = wrong.aop(&["policy", "test", "mail.aop"]);
    assert_eq!(code, 1);
    assert!(said.contains("a colleague") && said.contains("deny at #3 was expected, and nothing was found"), "{said}");
    let (code, said, _) = wrong.aop(&["policy", "test", "--only", "stranger", "mail.aop"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn traces_beside_policies_are_tests_too() {
    let expected = r#"{"aoptest": 1, "title": "a whole run", "rules": ["acme.mail.outside"], "expect": [{"rule": "acme.mail.outside", "effect": "deny", "seq": 4}]}"#;
    let place = Place::with(&[("mail.aop", MAIL), ("run.aoptest", &format!("{expected}\n{TRACE}"))]);
    let (code, said, _) = place.aop(&["policy", "test", "."]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3 tests: 0 failed"), "{said}");
    let place = Place::with(&[
        ("mail.aop", MAIL),
        ("run.aoptest", &format!("{}\n{TRACE}", expected.replace("\"seq\": 4", "\"seq\": 3"))),
    ]);
    let (code, said, _) = place.aop(&["policy", "test", "."]);
    assert_eq!(code, 1);
    assert!(said.contains("deny at #3 was expected and not found"), "{said}");
}

#[test]
fn fmt_writes_the_one_form_and_check_only_looks() {
    let place = Place::with(&[("mail.aop", MAIL), ("ragged.aop", &MAIL.replace("\n  ", "\n      "))]);
    let (code, _, said) = place.aop(&["policy", "fmt", "--check", "."]);
    assert_eq!(code, 1);
    assert!(said.contains("ragged.aop") && !said.contains("mail.aop is not"), "{said}");
    let (code, said, _) = place.aop(&["policy", "fmt", "."]);
    assert_eq!(code, 0);
    assert!(said.contains("ragged.aop"), "{said}");
    assert_eq!(fs::read_to_string(place.path().join("ragged.aop")).unwrap(), MAIL);
    assert_eq!(place.aop(&["policy", "fmt", "--check", "."]).0, 0);
}

#[test]
fn explain_says_why_and_why_not() {
    let place = Place::with(&[("mail.aop", MAIL), ("run.jsonl", TRACE)]);
    let (code, said, _) = place.aop(&["policy", "explain", "run.jsonl", "--policy", "mail.aop", "--rule", "outside"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("acme.mail.outside fired at #4"), "{said}");
    assert!(said.contains("by #2"), "{said}");
    assert!(said.contains("/payload/params/to"), "{said}");
    let why_not = ["policy", "explain", "run.jsonl", "--policy", "mail.aop", "--rule", "outside", "--why-not", "3"];
    let (code, said, _) = place.aop(&why_not);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("did not fire at #3") && said.contains("acme.example"), "{said}");
    let (code, _, said) = place.aop(&["policy", "explain", "run.jsonl", "--policy", "mail.aop", "--rule", "inside"]);
    assert_eq!(code, 2);
    assert!(said.contains("there is no rule `inside`; there are acme.mail.outside"), "{said}");
}

#[test]
fn cost_is_told_for_each_rule() {
    let place = Place::with(&[("mail.aop", MAIL)]);
    let (code, said, _) = place.aop(&["policy", "cost", "mail.aop"]);
    assert_eq!(code, 0);
    assert!(said.contains("acme.mail.outside"), "{said}");
    let (_, said, _) = place.aop(&["policy", "cost", "--format", "json", "mail.aop"]);
    serde_json::from_str::<serde_json::Value>(&said).unwrap();
}

#[test]
fn settings_for_actions_become_a_policy_that_judges_the_same() {
    let config = "[engine.actions.actions.send.params.to]\none_of = [\"bob@acme.example\"]\n";
    let place = Place::with(&[("aop.toml", config), ("run.jsonl", TRACE)]);
    let (code, policy, said) = place.aop(&["policy", "from-settings", "--config", "aop.toml"]);
    assert_eq!(code, 0, "{said}");
    assert!(policy.contains("// send.params.to.one_of\nrule r_send_params_to_one_of"), "{policy}");
    fs::write(place.path().join("actions.aop"), policy).unwrap();
    let (code, said, _) = place.aop(&["policy", "fmt", "--check", "actions.aop"]);
    assert_eq!(code, 0, "{said}");
    let (_, by_settings, _) = place.aop(&["eval", "--config", "aop.toml", "run.jsonl"]);
    let (_, by_policy, _) = place.aop(&["eval", "--policy", "actions.aop", "run.jsonl"]);
    assert_eq!(by_settings.matches("acl/param-value").count(), 1, "{by_settings}");
    assert_eq!(by_policy.matches("aop.actions.r_send_params_to_one_of").count(), 1, "{by_policy}");
    fs::write(place.path().join("bad.toml"), "[engine.actions.actions.send.params.to]\npattern = \"(\"\n").unwrap();
    let (code, _, said) = place.aop(&["policy", "from-settings", "--config", "bad.toml"]);
    assert_eq!(code, 2);
    assert!(said.contains("bad.toml: actions.send.params.to.pattern: "), "{said}");
}

#[test]
fn a_manifest_becomes_a_policy_that_passes_check() {
    let manifest = r#"{"tools": [{"name": "page", "inputSchema": {"type": "object", "properties": {"url": {"type": "string", "format": "uri"}}, "required": ["url"]}}]}"#;
    let place = Place::with(&[("tools.json", manifest)]);
    let (code, policy, said) = place.aop(&["policy", "import", "tools.json", "--name", "acme.tools"]);
    assert_eq!(code, 0);
    assert!(said.contains("1 tool is without hints, so without effects and labels: \"page\""), "{said}");
    assert!(policy.contains("action page(url: url);"), "{policy}");
    fs::write(place.path().join("tools.aop"), policy).unwrap();
    let (code, said, _) = place.aop(&["policy", "check", "tools.aop"]);
    assert_eq!(code, 0, "{said}");
    let (code, said, _) = place.aop(&["policy", "fmt", "--check", "tools.aop"]);
    assert_eq!(code, 0, "{said}");
    fs::write(place.path().join("bad.json"), "{\"tools\": [{}]}").unwrap();
    let (code, _, said) = place.aop(&["policy", "import", "bad.json"]);
    assert_eq!(code, 2);
    assert!(said.contains("bad.json: tool 0") && said.contains("has no name"), "{said}");
}

#[test]
fn eval_judges_by_policies_of_a_folder_that_use_each_other() {
    let common = "policy acme.common version \"1.0.0\" dsl 1;\n\nlet ours: set<domain> = [\"acme.example\"];\n";
    let mail = MAIL.replace("dsl 1;", "dsl 1;\nuse acme.common;").replace("!= \"acme.example\"", "not in common.ours");
    let place = Place::with(&[("common.aop", common), ("mail.aop", &mail), ("run.jsonl", TRACE)]);
    for policies in ["mail.aop", "."] {
        let (code, said, complaint) = place.aop(&["eval", "--policy", policies, "run.jsonl"]);
        assert_eq!(code, 1, "{said}{complaint}");
        assert!(said.contains("acme.mail.outside: mail to"), "{said}");
        assert!(said.contains("[seq 4") && said.contains("deny"), "{said}");
        assert!(!said.contains("eve@evil.example"), "findings do not show personal data: {said}");
    }
    let (code, _, said) = place.aop(&["eval", "--policy", "run.jsonl", "run.jsonl"]);
    assert_eq!(code, 2);
    assert!(said.contains("error["), "{said}");
}

#[test]
fn eval_is_told_the_role_of_the_sender() {
    let policy = r#"policy acme.roles version "1.0.0" dsl 1;

rule owners_only {
  on c: request(send)
  unless c.principal.role == "owner"
  then deny "owners only";
}
"#;
    let place = Place::with(&[("roles.aop", policy), ("run.jsonl", TRACE)]);
    let denied = |arguments: &[&str]| {
        let (_, said, _) = place.aop(&[&["eval", "--policy", "roles.aop", "run.jsonl"], arguments].concat());
        said.matches("owners only").count()
    };
    assert_eq!((denied(&[]), denied(&["--role", "agent"]), denied(&["--role", "owner"])), (2, 2, 0));
    let explain = ["policy", "explain", "run.jsonl", "--policy", "roles.aop", "--rule", "owners_only", "--role", "owner"];
    assert_eq!(place.aop(&explain).0, 0);
    assert_eq!(place.aop(&explain[..7]).0, 1);
}
