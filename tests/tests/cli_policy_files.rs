//! `aop policy` and the files it is given: which are read, which tests are run, and what is said where there is nothing to read.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use aop_tests::aop_binary;

/// A policy with a test of its own.
fn policy(name: &str) -> String {
    format!(
        "policy acme.{name} version \"1.0.0\" dsl 1;

schema {{
  action {name}(to: email);
}}

rule outside {{
  on c: request({name}) where c.params.to.domain != \"acme.example\"
  then deny;
}}

test \"a stranger\" for outside {{
  request({name}) {{ to: \"eve@evil.example\" }};
  expect deny at seq 1;
}}

test \"a colleague\" for outside {{
  request({name}) {{ to: \"bob@acme.example\" }};
  expect nothing;
}}
"
    )
}

/// A trace of which it is expected that the rule refuses its first event.
fn trace(name: &str, to: &str) -> String {
    format!(
        r#"{{"aoptest":1,"rules":["acme.{name}.outside"],"expect":[{{"rule":"acme.{name}.outside","effect":"deny","seq":1}}]}}
{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"{name}","params":{{"to":"{to}"}}}},"meta":{{}}}}
"#
    )
}

struct Place(tempfile::TempDir);

impl Place {
    /// Two policies, each with a trace; that of `chat` fails.
    fn two() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.write("mail.aop", policy("mail"));
        place.write("chat.aop", policy("chat"));
        place.write("mail.aoptest", trace("mail", "eve@evil.example"));
        place.write("chat.aoptest", trace("chat", "bob@acme.example"));
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn aop_with(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let mut child = Command::new(aop_binary())
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
    }

    fn aop(&self, arguments: &[&str]) -> (i32, String, String) {
        self.aop_with(arguments, "")
    }
}

#[test]
fn a_single_policy_is_tried_on_its_own_traces() {
    let place = Place::two();
    let (code, said, note) = place.aop(&["policy", "test", "mail.aop"]);
    assert_eq!((code, said.as_str()), (0, "1 policy, 1 trace, 3 tests: 0 failed\n"));
    assert!(note.contains("1 trace beside the given files not run"), "{note}");
    let (code, said, note) = place.aop(&["policy", "test", "."]);
    assert_eq!((code, note.as_str()), (1, ""));
    assert!(said.contains("chat.aoptest") && said.ends_with("2 policies, 2 traces, 6 tests: 1 failed\n"), "{said}");
}

#[test]
fn a_trace_that_is_named_is_tried_on_the_policies_beside_it() {
    let place = Place::two();
    let (code, said, _) = place.aop(&["policy", "test", "mail.aoptest"]);
    assert_eq!((code, said.as_str()), (0, "0 policies, 1 trace, 1 test: 0 failed\n"));
    let (code, said, _) = place.aop(&["policy", "test", "chat.aoptest"]);
    assert_eq!(code, 1);
    assert!(said.contains("deny at #1 was expected and not found"), "{said}");
    let (code, said, _) = place.aop(&["policy", "test", "mail.aop", "chat.aoptest"]);
    assert_eq!(code, 1);
    assert!(said.ends_with("1 policy, 2 traces, 4 tests: 1 failed\n"), "the tests in chat.aop are not run: {said}");
    place.write("lost.aoptest", trace("lost", "eve@evil.example"));
    let (code, _, said) = place.aop(&["policy", "test", "lost.aoptest"]);
    assert_eq!(code, 2);
    assert!(said.contains("lost.aoptest: there is no policy acme.lost beside it"), "{said}");
    let (code, said, _) = place.aop(&["policy", "test", "."]);
    assert_eq!(code, 1);
    assert!(said.contains("there is no rule acme.lost.outside in these policies"), "{said}");
}

#[test]
fn standard_input_is_a_policy_too() {
    let place = Place(tempfile::tempdir().unwrap());
    let good = policy("mail");
    assert_eq!(place.aop_with(&["policy", "check", "-"], &good).0, 0);
    let (code, said, _) = place.aop_with(&["policy", "check", "-"], &good.replace("domain !=", "domian !="));
    assert_eq!(code, 1);
    assert!(said.contains("standard input:8:"), "{said}");
    assert!(place.aop_with(&["policy", "test", "-"], &good).1.contains("2 tests: 0 failed"));
    assert!(place.aop_with(&["policy", "cost", "-"], &good).1.contains("acme.mail.outside"));
    assert_eq!(place.aop_with(&["policy", "fmt", "-"], &good), (0, good.clone(), String::new()));
    place.write("mail.aop", &good);
    let (code, _, said) = place.aop_with(&["policy", "fmt", "-", "mail.aop"], &good);
    assert_eq!(code, 2);
    assert!(said.contains("`-` stands alone"), "{said}");
    let run = trace("mail", "eve@evil.example");
    let run = run.lines().nth(1).unwrap();
    let (code, said, _) = place.aop_with(&["policy", "explain", "-", "--policy", "mail.aop", "--rule", "outside"], run);
    assert_eq!(code, 1);
    assert!(said.contains("acme.mail.outside fired at #1"), "{said}");
    let both = ["policy", "explain", "-", "--policy", "-", "--rule", "outside"];
    assert_eq!(place.aop_with(&both, run).0, 2);
}

#[test]
fn what_cannot_be_read_is_said_with_its_name() {
    let place = Place(tempfile::tempdir().unwrap());
    fs::create_dir(place.path().join("empty")).unwrap();
    fs::create_dir(place.path().join("folder.json")).unwrap();
    place.write("latin.aop", b"policy acme.a version \"1.0.0\" dsl 1;\n// caf\xe9\n");
    place.write("nothing.aop", "");
    for verb in ["check", "test", "cost", "fmt"] {
        let said = |argument: &str| {
            let (code, out, said) = place.aop(&["policy", verb, argument]);
            assert_eq!((code, out.as_str()), (2, ""), "{verb} {argument}: {said}");
            said
        };
        assert!(said("empty").contains("empty: there is no *.aop file in this folder"), "{verb}");
        assert!(said("gone.aop").contains("gone.aop: No such file"), "{verb}");
        assert!(said("latin.aop").contains("latin.aop:2: the text is not UTF-8 (byte 43)"), "{verb}");
        assert!(said("folder.json").contains("folder.json: there is no *.aop file in this folder"), "{verb}");
        let (code, out, said) = place.aop(&["policy", verb, "nothing.aop"]);
        assert_eq!(code, 1, "{verb}: {out}{said}");
        assert!(format!("{out}{said}").contains("nothing.aop:1:1"), "{verb}: {out}{said}");
    }
    place.write("mail.aop", policy("mail"));
    for arguments in [
        &["policy", "import", "folder.json"][..],
        &["policy", "explain", "folder.json", "--policy", "mail.aop", "--rule", "outside"],
    ] {
        let (code, out, said) = place.aop(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(said.contains("folder.json is a folder; name a file"), "{said}");
    }
}
