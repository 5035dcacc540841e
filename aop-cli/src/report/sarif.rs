//! Findings as a SARIF 2.1.0 log (OASIS standard, with errata 01), written as they come.

use std::io::{self, Write};

use aop_engine::rules::catalogue::CATALOGUE;
use aop_engine::rules::rule::{Rule, Status};
use aop_engine::{At, Effect, Finding, Phase, Severity};
use serde_json::{Value, json};

use crate::input::Source;
use crate::judge::{JudgedRun, Located};
use crate::output::count;
use crate::uri;

/// A log that is being written.
pub(crate) struct Log<W> {
    out: W,
    results: u64,
}

impl<W: Write> Log<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, results: 0 }
    }

    /// Writes a run's findings, one result a line.
    pub(super) fn write(&mut self, run: &JudgedRun, source: &Source) -> io::Result<()> {
        run.findings.iter().try_for_each(|located| self.push(&result(run, source, located)))
    }

    /// Writes what was found over so many runs together.
    pub(super) fn across_runs(&mut self, findings: &[Located], runs: u64) -> io::Result<()> {
        findings.iter().try_for_each(|located| self.push(&result_across_runs(located, runs)))
    }

    fn push(&mut self, result: &Value) -> io::Result<()> {
        self.out.write_all(if self.results == 0 { HEAD.as_bytes() } else { b",\n" })?;
        self.results += 1;
        serde_json::to_writer(&mut self.out, result)?;
        Ok(())
    }

    /// Completes the log; `is_complete` says whether all input could be read.
    pub(super) fn end(mut self, is_complete: bool) -> io::Result<()> {
        if self.results == 0 {
            self.out.write_all(HEAD.as_bytes())?;
        }
        let tool = json!({"driver": {
            "name": "aop",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": active_rules().map(descriptor).collect::<Vec<_>>(),
        }});
        let invocations = json!([{"executionSuccessful": is_complete}]);
        write!(
            self.out,
            "\n],\n\"tool\":{tool},\n\"invocations\":{invocations},\n\"columnKind\":\"unicodeCodePoints\"}}]}}\n"
        )?;
        self.out.flush()
    }
}

/// A log's beginning, up to the first result.
const HEAD: &str = "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n\
    \"version\":\"2.1.0\",\"runs\":[{\"results\":[\n";

fn active_rules() -> impl Iterator<Item = &'static Rule> {
    CATALOGUE.iter().copied().filter(|rule| rule.status == Status::Active)
}

fn descriptor(rule: &Rule) -> Value {
    let help = format!("{}\n\nSource: {}.", rule.why, rule.source.trim_end_matches('.'));
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "tags": [rule.validator, rule.phase.as_str()],
            // read by code hosts that sort alerts by a number from 0 to 10
            "security-severity": match rule.severity {
                Severity::Critical => "9.5",
                Severity::Error => "8.0",
                Severity::Warning => "5.0",
                Severity::Info => "1.0",
            },
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(run: &JudgedRun, source: &Source, located: &Located) -> Value {
    let finding = &located.finding;
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "locations": [location(run, source, finding, located.line)],
        "partialFingerprints": {"aopFinding/v1": located.id},
        "properties": properties(run.run_id.as_deref(), finding),
    });
    if let Some(index) = active_rules().position(|rule| rule.id == finding.rule) {
        result["ruleIndex"] = index.into();
    }
    let witnesses: Vec<Value> = finding.witnesses.iter().map(|&seq| witness(run, source, seq)).collect();
    if !witnesses.is_empty() {
        result["relatedLocations"] = witnesses.into();
    }
    result
}

/// A result that is of no single run, and so stands in no file.
fn result_across_runs(Located { id, finding, .. }: &Located, runs: u64) -> Value {
    let mut properties = properties(None, finding);
    properties["runs"] = runs.into();
    let name = count(runs, "run");
    json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]}],
        "partialFingerprints": {"aopFinding/v1": id},
        "properties": properties,
    })
}

/// Where a finding is: the line of its event, and the place in the event as a JSON Pointer.
fn location(run: &JudgedRun, source: &Source, finding: &Finding, line: Option<usize>) -> Value {
    let mut location = json!({});
    if let Some(uri) = uri_of(source) {
        let mut physical = json!({"artifactLocation": {"uri": uri}});
        if let Some(line) = line {
            physical["region"] = json!({"startLine": line});
        }
        location["physicalLocation"] = physical;
    }
    let run_name = run.run_id.as_deref().unwrap_or(&source.name);
    let event = finding.seq.map_or_else(|| run_name.to_owned(), |seq| format!("{run_name}#{seq}"));
    let logical = match &finding.path {
        Some(path) => json!({
            "name": path.rsplit('/').next(),
            "fullyQualifiedName": format!("{event}{path}"),
            "kind": if finding.at == Some(At::Key) { "property" } else { "value" },
        }),
        None => json!({"fullyQualifiedName": event, "kind": if finding.seq.is_some() { "object" } else { "resource" }}),
    };
    location["logicalLocations"] = json!([logical]);
    location
}

/// Another event that belongs to a finding.
fn witness(run: &JudgedRun, source: &Source, seq: u64) -> Value {
    let of_event = Finding::new("", "", Severity::Info, Phase::PostRun, Effect::Flag, "");
    let mut location = location(run, source, &Finding { seq: Some(seq), ..of_event }, run.line_of(seq));
    location["message"] = json!({"text": format!("event {seq}")});
    location
}

fn properties(run_id: Option<&str>, finding: &Finding) -> Value {
    let mut properties = serde_json::to_value(finding).expect("findings are words and numbers, which JSON has");
    let members = properties.as_object_mut().expect("a finding is an object");
    // these stand in the result itself
    members.retain(|name, _| !matches!(name.as_str(), "rule" | "message"));
    members.insert("run_id".to_owned(), run_id.into());
    properties
}

/// The file as a URI reference (RFC 3986): as it was given, so that a relative path stays relative. Standard input has none.
fn uri_of(source: &Source) -> Option<String> {
    let path = source.path.as_ref()?.to_str()?.replace('\\', "/");
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    Some(format!("{scheme}{}", uri::encoded(&path, true)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::uri_of;
    use crate::input::Source;

    #[test]
    fn paths_become_uri_references() {
        let check = |path: &str, expected: &str| {
            let source = Source { name: path.into(), path: Some(PathBuf::from(path)), is_named: true, bytes: 0 };
            assert_eq!(uri_of(&source).unwrap(), expected);
        };
        check("runs/a b.jsonl", "runs/a%20b.jsonl");
        check("/runs/é.jsonl", "file:///runs/%C3%A9.jsonl");
    }
}
