//! What the language means, sentence by sentence: each test quotes the beginning of the sentence it shows.
//!
//! Most of them are policies whose own tests must pass; each has a trace in which the rule fires and one in which it does not.

mod events;
mod state;
mod unknown;
mod values;
mod windows;

use aop_dsl::{Environment, NoDetectors, Source};

/// The schema that most of these policies share.
const SCHEMA: &str = r#"
policy acme.meaning version "1.0.0" dsl 1;
use std.labels;
schema {
  action send(to: list<email>, text: string, copies: int?) : egress;
  action page(url: url) -> { body: string } : untrusted;
  action pay(amount: decimal, account: string, note: string?) : spend;
  action approve(request_seq: int) -> { approved: bool };
  action save(path: path, text: string);
  action db.drop(table: string);
  action db.delete(table: string, where: string?);
}
"#;

/// Shows a sentence of the manual: the policy compiles, and its tests (two at the least) pass.
fn shows(sentence: &str, policy: &str) {
    let source = Source { name: "meaning.aop".to_owned(), text: format!("{SCHEMA}{policy}") };
    let checked = aop_dsl::check(&[source], &Environment::default());
    let said: String = checked.diagnostics.iter().map(ToString::to_string).collect();
    let set = checked.set.unwrap_or_else(|| panic!("{sentence}…\n{said}"));
    let report = aop_dsl::test(&set, &NoDetectors, &|_| true);
    let failures: Vec<String> = report
        .results
        .iter()
        .flat_map(|result| result.failures.iter().map(|failure| format!("{}: {failure}", result.title)))
        .collect();
    assert!(failures.is_empty(), "{sentence}…\n{}", failures.join("\n"));
    assert!(report.results.len() >= 2, "{sentence}… is shown by a case and a near miss");
}

/// Shows a sentence that forbids something: this policy is refused with a diagnostic of this code.
fn forbids(sentence: &str, code: &str, policy: &str) {
    let source = Source { name: "meaning.aop".to_owned(), text: format!("{SCHEMA}{policy}") };
    let checked = aop_dsl::check(&[source], &Environment::default());
    let codes: Vec<String> =
        checked.diagnostics.iter().flat_map(|file| file.iter().map(|diagnostic| diagnostic.code.to_string())).collect();
    assert!(codes.iter().any(|found| found == code), "{sentence}… wants {code}, and there is {codes:?}");
}

/// Shows a sentence by a run that no `test` block can tell: the rule `r` of the policy flags exactly these events.
fn shows_of_trace(sentence: &str, policy: &str, events: &[String], flagged: &[u64]) {
    let source = Source { name: "meaning.aop".to_owned(), text: format!("{SCHEMA}{policy}") };
    let checked = aop_dsl::check(&[source], &Environment::default());
    let set = checked.set.unwrap_or_else(|| panic!("{sentence}…\n{}", checked.diagnostics[0]));
    let expected: Vec<String> =
        flagged.iter().map(|seq| format!(r#"{{"rule":"acme.meaning.r","effect":"flag","seq":{seq}}}"#)).collect();
    let head = format!(r#"{{"aoptest":1,"rules":["acme.meaning.r"],"expect":[{}]}}"#, expected.join(","));
    let mut report = aop_dsl::TestReport::default();
    aop_dsl::test_trace(&set, &NoDetectors, "run.aoptest", &format!("{head}\n{}", events.join("\n")), &mut report);
    assert_eq!(report.failed(), 0, "{sentence}… {:?}", report.results);
}
