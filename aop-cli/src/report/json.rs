//! One JSON document: every run with its findings, what was found across runs, and the summary.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::input::Source;
use crate::judge::{JudgedRun, Located};
use crate::report::Summary;

/// A document that is being written.
pub(crate) struct Document<W> {
    out: W,
    runs: u64,
    across_runs: Vec<Value>,
}

impl<W: Write> Document<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, runs: 0, across_runs: Vec::new() }
    }

    pub(super) fn write(&mut self, run: &JudgedRun, source: &Source) -> io::Result<()> {
        self.out.write_all(if self.runs == 0 { b"{\"runs\":[\n" } else { b",\n" })?;
        self.runs += 1;
        let run = json!({
            "run_id": run.run_id,
            "file": source.name,
            "events": run.events,
            "refused": run.refused,
            "findings": run.findings.iter().map(finding).collect::<Vec<_>>(),
        });
        serde_json::to_writer(&mut self.out, &run)?;
        Ok(())
    }

    pub(super) fn across_runs(&mut self, findings: &[Located]) {
        self.across_runs.extend(findings.iter().map(finding));
    }

    pub(super) fn end(mut self, summary: &Summary) -> io::Result<()> {
        if self.runs == 0 {
            self.out.write_all(b"{\"runs\":[\n")?;
        }
        let by_severity: serde_json::Map<String, Value> =
            summary.findings.iter().map(|(severity, count)| (severity.as_str().to_owned(), (*count).into())).collect();
        let numbers = json!({
            "runs": summary.runs,
            "events": summary.events,
            "refused": summary.refused,
            "bad_lines": summary.bad_lines,
            "bad_paths": summary.bad_paths,
            "findings": by_severity,
        });
        writeln!(self.out, "\n],\n\"across_runs\":{},\n\"summary\":{numbers}}}", Value::from(self.across_runs))?;
        self.out.flush()
    }
}

fn finding(located: &Located) -> Value {
    let mut value = serde_json::to_value(&located.finding).expect("findings are words and numbers, which JSON has");
    value["id"] = located.id.as_str().into();
    value["line"] = located.line.into();
    value
}
