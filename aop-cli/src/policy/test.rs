//! `aop policy test`: the tests that stand in policies, and traces with what is expected of them.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aop_engine::policy::{self, TestReport};
use clap::ValueEnum;

use crate::error::Error;
use crate::exit::Exit;
use crate::output::{BOLD, DIM, RED, complain, count, visible};
use crate::policy::files::{PolicyFile, check_files};

/// Run the tests of policies
///
/// The `test` blocks of every file, and every *.aoptest trace beside them. A test fails when something that it expects is not
/// found, or when its rule finds something that it does not expect.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// Policy files, or folders: every *.aop below
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say which clauses no test has seen hold, or fail
    #[arg(long)]
    coverage: bool,
    /// Run only the tests with this text in their title or rule
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let files = PolicyFile::read_all(&arguments.paths)?;
    let checked = check_files(&files);
    let Some(set) = checked.set else {
        for diagnostics in &checked.diagnostics {
            io::stderr().lock().write_all(diagnostics.to_string().as_bytes())?;
        }
        return Ok(Exit::Found);
    };
    let is_meant = |text: &str| arguments.only.as_ref().is_none_or(|only| text.contains(only.as_str()));
    let mut report = policy::test(&set, &is_meant);
    for path in traces_beside(&files)? {
        let text = fs::read_to_string(&path).map_err(|error| Error::read(&path, error))?;
        if is_meant(&path.display().to_string()) {
            policy::test_trace(&set, &path.display().to_string(), &text, &mut report);
        }
    }
    let mut out = anstream::stdout().lock();
    match arguments.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => write_text(&report, arguments.coverage, &mut out)?,
    }
    if report.results.is_empty() {
        complain("there is no test in these files");
        return Ok(Exit::Found);
    }
    Ok(if report.failed() > 0 { Exit::Found } else { Exit::Good })
}

fn write_text(report: &TestReport, coverage: bool, out: &mut impl io::Write) -> io::Result<()> {
    for result in report.results.iter().filter(|result| !result.failures.is_empty()) {
        let (place, title) = (visible(&result.place), visible(&result.title));
        writeln!(out, "{RED}failed{RED:#} {BOLD}{title}{BOLD:#} for {} {DIM}({place}){DIM:#}", result.rule)?;
        for failure in &result.failures {
            writeln!(out, "  {}", visible(failure))?;
        }
    }
    if coverage {
        for rule in &report.coverage {
            for gap in &rule.gaps {
                writeln!(out, "not tested: {}: {}", rule.rule, visible(gap))?;
            }
        }
        let (seen, all) = report.coverage.iter().fold((0, 0), |(seen, all), rule| (seen + rule.seen, all + rule.all));
        let share = (seen * 100).checked_div(all).unwrap_or(100);
        writeln!(out, "coverage: {seen} of {all} outcomes of clauses seen ({share} %)")?;
    }
    let failed = report.failed() as u64;
    writeln!(out, "{}: {} failed", count(report.results.len() as u64, "test"), failed)
}

/// The *.aoptest files in the folders of the policies, by name.
fn traces_beside(files: &[PolicyFile]) -> Result<Vec<PathBuf>, Error> {
    let mut folders: Vec<&Path> = files.iter().filter_map(|file| file.path.parent()).collect();
    folders.sort();
    folders.dedup();
    let mut found = Vec::new();
    for folder in folders {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let paths = entries.map_err(|error| Error::read(folder, error))?.into_iter().map(|entry| entry.path());
        found.extend(paths.filter(|path| path.extension().is_some_and(|extension| extension == "aoptest")));
    }
    found.sort();
    Ok(found)
}
