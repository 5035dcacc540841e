//! Findings, written for people, for programs, and for code hosts.

mod html;
mod json;
mod jsonl;
mod junit;
mod sarif;
mod step;
mod text;

use std::collections::BTreeMap;
use std::io::{self, Write};

use aop_engine::{Finding, Severity};
use clap::ValueEnum;

use crate::input::Source;
use crate::judge::{JudgedRun, Located};
use crate::output::count;
pub(crate) use step::Step;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: a heading for each run that has findings, and a summary
    Text,
    /// One finding a line, as JSON; the run_id is its first member
    Jsonl,
    /// One SARIF 2.1.0 log, as code hosts and editors read it
    Sarif,
    /// One JSON document: every run with its findings, and the summary
    Json,
    /// One page of HTML for people: a timeline of each run, and charts
    Html,
    /// JUnit's XML: each run is a test case
    Junit,
}

/// Writes runs' findings in one format.
pub(crate) enum Reporter<W> {
    Text(W),
    Jsonl(W),
    Sarif(sarif::Log<W>),
    Json(json::Document<W>),
    Html(Box<html::Page<W>>),
    Junit(junit::Suite<W>),
}

impl<W: Write> Reporter<W> {
    pub(crate) fn new(format: Format, threshold: Severity, out: W) -> Self {
        match format {
            Format::Text => Self::Text(out),
            Format::Jsonl => Self::Jsonl(out),
            Format::Sarif => Self::Sarif(sarif::Log::new(out)),
            Format::Json => Self::Json(json::Document::new(out)),
            Format::Html => Self::Html(Box::new(html::Page::new(out))),
            Format::Junit => Self::Junit(junit::Suite::new(out, threshold)),
        }
    }

    /// Whether it shows each event of a run.
    pub(crate) fn shows_steps(&self) -> bool {
        matches!(self, Self::Html(_))
    }

    /// Writes what was found in a run.
    pub(crate) fn run(&mut self, run: &JudgedRun, source: &Source) -> io::Result<()> {
        match self {
            Self::Text(out) => text::write(out, run, source),
            Self::Jsonl(out) => jsonl::write(out, run, source),
            Self::Sarif(log) => log.write(run, source),
            Self::Json(document) => document.write(run, source),
            Self::Html(page) => {
                page.write(run, source);
                Ok(())
            }
            Self::Junit(suite) => {
                suite.write(run, source);
                Ok(())
            }
        }
    }

    /// Writes what was found over so many runs together.
    pub(crate) fn across_runs(&mut self, findings: &[Located], runs: u64) -> io::Result<()> {
        match self {
            Self::Text(out) => text::across_runs(out, findings, runs),
            Self::Jsonl(out) => jsonl::across_runs(out, findings, runs),
            Self::Sarif(log) => log.across_runs(findings, runs),
            Self::Json(document) => {
                document.across_runs(findings);
                Ok(())
            }
            Self::Html(page) => {
                page.across_runs(findings, runs);
                Ok(())
            }
            Self::Junit(suite) => {
                suite.across_runs(findings, runs);
                Ok(())
            }
        }
    }

    /// Ends the report, with the summary where the format has a place for it.
    pub(crate) fn end(self, summary: &Summary) -> io::Result<()> {
        match self {
            Self::Text(mut out) => {
                writeln!(out, "{summary}")?;
                out.flush()
            }
            Self::Jsonl(mut out) => out.flush(),
            Self::Sarif(log) => log.end(summary.bad_lines == 0 && summary.bad_paths == 0),
            Self::Json(document) => document.end(summary),
            Self::Html(page) => page.end(summary),
            Self::Junit(suite) => suite.end(),
        }
    }
}

/// All runs in numbers.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) runs: u64,
    pub(crate) events: u64,
    pub(crate) refused: u64,
    pub(crate) bad_lines: u64,
    pub(crate) bad_paths: u64,
    pub(crate) findings: BTreeMap<Severity, u64>,
}

impl Summary {
    /// Counts a run with the findings that are reported.
    pub(crate) fn add(&mut self, run: &JudgedRun) {
        self.runs += 1;
        self.events += run.events;
        self.refused += run.refused;
        self.add_each(run.findings.iter().map(|located| &located.finding));
    }

    /// Counts findings that are of no single run.
    pub(crate) fn add_findings(&mut self, findings: &[Located]) {
        self.add_each(findings.iter().map(|located| &located.finding));
    }

    fn add_each<'f>(&mut self, findings: impl Iterator<Item = &'f Finding>) {
        for finding in findings {
            *self.findings.entry(finding.severity).or_default() += 1;
        }
    }

    /// The highest severity of any finding.
    pub(crate) fn worst(&self) -> Option<Severity> {
        self.findings.last_key_value().map(|(severity, _)| *severity)
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}: ", count(self.runs, "run"), count(self.events, "event"))?;
        if self.findings.is_empty() {
            f.write_str("nothing found")?;
        } else {
            let total = self.findings.values().sum();
            let by_severity: Vec<String> =
                self.findings.iter().rev().map(|(severity, number)| format!("{number} {severity}")).collect();
            write!(f, "{} ({})", count(total, "finding"), by_severity.join(", "))?;
        }
        if self.refused > 0 {
            write!(f, "; {} refused", count(self.refused, "event"))?;
        }
        if self.bad_lines > 0 {
            write!(f, "; {} could not be read", count(self.bad_lines, "line"))?;
        }
        if self.bad_paths > 0 {
            write!(f, "; {} could not be read", count(self.bad_paths, "path"))?;
        }
        Ok(())
    }
}
