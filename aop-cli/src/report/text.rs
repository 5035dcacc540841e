//! Findings for people: a heading for each run that has some, one line for each of them.

use std::io::{self, Write};

use anstyle::Style;
use aop_engine::{At, Finding, Severity};

use crate::input::Source;
use crate::judge::{JudgedRun, Located};
use crate::output::{BOLD, CYAN, DIM, RED, YELLOW, count, shown, visible};

pub(super) fn write(out: &mut impl Write, run: &JudgedRun, source: &Source) -> io::Result<()> {
    if run.findings.is_empty() {
        return Ok(());
    }
    let name = run.run_id.as_deref().map_or_else(|| "run without an id".into(), |id| format!("run {}", shown(id)));
    let refused = if run.refused > 0 { format!(", {} refused", run.refused) } else { String::new() };
    writeln!(out, "{BOLD}{name}{BOLD:#} in {}: {}{refused}", visible(&source.name), count(run.events, "event"))?;
    let places: Vec<String> = run.findings.iter().map(|located| line(located.line)).collect();
    let width = places.iter().map(String::len).max().unwrap_or_default();
    for (located, place) in run.findings.iter().zip(&places) {
        let finding = &located.finding;
        let style = style(finding.severity);
        let (severity, effect) = (finding.severity, finding.effect);
        let (rule, message) = (visible(&finding.rule), visible(&finding.message));
        write!(out, "  {style}{severity:<8}{style:#}  {place:<width$}  {rule}: {message}")?;
        writeln!(out, "  {DIM}[{}{effect}]{DIM:#}", details(finding))?;
    }
    writeln!(out)
}

pub(super) fn across_runs(out: &mut impl Write, findings: &[Located], runs: u64) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BOLD}over {}{BOLD:#}", count(runs, "run"))?;
    for Located { finding, .. } in findings {
        let (style, severity) = (style(finding.severity), finding.severity);
        let (rule, message) = (visible(&finding.rule), visible(&finding.message));
        let ids: Vec<_> = finding.run_ids.iter().map(|id| shown(id)).collect();
        let runs = if ids.is_empty() { String::new() } else { format!("runs {}, ", ids.join(", ")) };
        writeln!(out, "  {style}{severity:<8}{style:#}  {rule}: {message}  {DIM}[{runs}{}]{DIM:#}", finding.effect)?;
    }
    writeln!(out)
}

fn line(line: Option<usize>) -> String {
    line.map_or_else(|| "run".to_owned(), |line| format!("line {line}"))
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Info => CYAN,
    }
}

/// Where in the event, each part followed by a comma.
fn details(finding: &Finding) -> String {
    let mut out = String::new();
    if let Some(seq) = finding.seq {
        out.push_str(&format!("seq {seq}, "));
    }
    if let Some(path) = finding.path.as_deref() {
        let key = if finding.at == Some(At::Key) { "key of " } else { "" };
        out.push_str(&format!("{key}{}", shown(path)));
        if let Some(inner) = &finding.inner_path {
            out.push_str(&format!(" > {}", shown(inner)));
        }
        if let Some((start, end)) = finding.span {
            out.push_str(&format!(" {start}..{end}"));
        }
        out.push_str(", ");
    }
    out
}
