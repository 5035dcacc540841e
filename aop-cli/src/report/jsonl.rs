//! Findings as lines of JSON: the finding as it is everywhere, after the run it belongs to.

use std::io::{self, Write};

use aop_engine::Finding;
use serde::Serialize;

use crate::input::Source;
use crate::judge::{JudgedRun, Located};

#[derive(Serialize)]
struct Line<'a> {
    run_id: Option<&'a str>,
    /// Says which run is meant where the events name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// Over how many runs, for a finding that is of no single one.
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<u64>,
    /// The same whenever the same is found.
    id: &'a str,
    #[serde(flatten)]
    finding: &'a Finding,
}

pub(super) fn write(out: &mut impl Write, run: &JudgedRun, source: &Source) -> io::Result<()> {
    let run_id = run.run_id.as_deref();
    let file = run_id.is_none().then_some(source.name.as_str());
    for located in &run.findings {
        serde_json::to_writer(&mut *out, &Line { run_id, file, runs: None, id: &located.id, finding: &located.finding })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

pub(super) fn across_runs(out: &mut impl Write, findings: &[Located], runs: u64) -> io::Result<()> {
    for Located { id, finding, .. } in findings {
        serde_json::to_writer(&mut *out, &Line { run_id: None, file: None, runs: Some(runs), id, finding })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
