//! The README's session with the host works as printed.

use std::process::Command;

use aop_tests::{Host, workspace_root};

/// The commands of the README's `console` block, each with the output that is printed under it.
fn session(readme: &str) -> Vec<(&str, String)> {
    let block =
        readme.split("```console\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the README has a session");
    let mut steps: Vec<(&str, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command, String::new())),
            (None, Some((_, output))) => {
                output.push_str(line);
                output.push('\n');
            }
            (None, None) => panic!("the session begins with output: {line}"),
        }
    }
    steps
}

/// A text with the digits of every time of this host's clock masked.
fn without_times(text: &str) -> String {
    let mut pieces = text.split(r#"_at":""#);
    let mut masked = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, rest) = piece.split_once('"').expect("a time ends with a quote");
        masked.push_str(r#"_at":"…""#);
        masked.push_str(rest);
    }
    masked
}

#[test]
fn the_session_works_as_printed() {
    let readme = std::fs::read_to_string(workspace_root().join("README.md")).unwrap();
    let steps = session(&readme);
    assert!(steps.len() >= 5);
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), &[]);
    for (command, printed) in steps {
        let output = Command::new("bash")
            .args(["-c", command])
            .env("AOP_URL", host.address())
            .env("AOP_API_KEY", host.key())
            .output()
            .expect("bash can be started");
        let output = String::from_utf8(output.stdout).unwrap();
        assert_eq!(without_times(&output), without_times(&printed), "$ {command}");
    }
}
