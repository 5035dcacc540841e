//! `aop policy test`: the tests that stand in policies, and traces with what is expected of them.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aop_engine::policy::{self, Checked, PolicySet, TestReport};
use clap::ValueEnum;

use crate::error::Error;
use crate::exit::Exit;
use crate::output::{BOLD, DIM, RED, complain, count, note, visible};
use crate::policy::files::{PolicyFile, check_files, neighbours, read_text};

/// Run the tests of policies
///
/// The `test` blocks of every file, and the *.aoptest traces beside them: of a folder all of them, of a single file those
/// that name one of its rules. A test fails when something that it expects is not found, or when its rule finds something
/// that it does not expect.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// Policy files, or folders: every *.aop below; *.aoptest traces, tried on the policies beside them; - for a policy on
    /// standard input
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
    let (named, paths): (Vec<PathBuf>, Vec<PathBuf>) = arguments.paths.iter().cloned().partition(|path| is_trace(path));
    let files = PolicyFile::read_all(&paths)?;
    let Traces { run: traces, others } = traces(&files, &paths, &named)?;
    let mut all = files.clone();
    all.extend(asked_beside(&files, &traces)?);

    let is_meant = |text: &str| arguments.only.as_ref().is_none_or(|only| text.contains(only.as_str()));
    let Some(set) = checked(&all)? else { return Ok(Exit::Found) };
    // What a trace asks for beside the given policies is judged; its own tests are not run.
    let mut report = match files.len() {
        0 => TestReport::default(),
        given if given == all.len() => policy::test(&set, &is_meant),
        _ => checked(&files)?.map(|set| policy::test(&set, &is_meant)).unwrap_or_default(),
    };
    let mut traces_run = 0;
    for Trace { path, text, .. } in &traces {
        if is_meant(&path.display().to_string()) {
            policy::test_trace(&set, &path.display().to_string(), text, &mut report);
            traces_run += 1;
        }
    }
    let mut out = anstream::stdout().lock();
    match arguments.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => {
            let what = what_was_run(files.len() as u64, traces_run);
            write_text(&report, arguments.coverage, &what, &mut out)?;
        }
    }
    if others > 0 {
        note(format_args!("{} beside the given files not run: of other policies", count(others, "trace")));
    }
    if report.results.is_empty() {
        complain("there is no test in these files");
        return Ok(Exit::Found);
    }
    Ok(if report.failed() > 0 { Exit::Found } else { Exit::Good })
}

/// The set, or the mistakes on standard error.
fn checked(files: &[PolicyFile]) -> Result<Option<PolicySet>, Error> {
    let Checked { set, diagnostics } = check_files(files);
    if set.is_none() {
        for diagnostics in &diagnostics {
            io::stderr().lock().write_all(diagnostics.to_string().as_bytes())?;
        }
    }
    Ok(set)
}

/// `2 policies, 1 trace`
fn what_was_run(policies: u64, traces: u64) -> String {
    let policies = if policies == 1 { "1 policy".to_owned() } else { format!("{policies} policies") };
    match traces {
        0 => policies,
        _ => format!("{policies}, {}", count(traces, "trace")),
    }
}

fn write_text(report: &TestReport, coverage: bool, what: &str, out: &mut impl io::Write) -> io::Result<()> {
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
    writeln!(out, "{what}, {}: {} failed", count(report.results.len() as u64, "test"), failed)
}

/// An *.aoptest file.
struct Trace {
    path: PathBuf,
    text: String,
    /// The packages of the rules that it names.
    packages: Vec<String>,
    /// It was named itself, so that its policies are looked for beside it.
    is_named: bool,
}

struct Traces {
    run: Vec<Trace>,
    /// How many beside single files are of other policies.
    others: u64,
}

fn is_trace(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "aoptest") && !path.is_dir()
}

/// The traces that are meant: those named, all in a folder that is given, and of those beside a single file the ones that name a rule
/// of the given policies.
fn traces(files: &[PolicyFile], paths: &[PathBuf], named: &[PathBuf]) -> Result<Traces, Error> {
    let folders: Vec<PathBuf> = paths.iter().filter(|path| path.is_dir()).cloned().collect();
    let given: Vec<String> = files.iter().filter_map(|file| policy::package_name(&file.source.text)).collect();
    let mut found = Traces { run: Vec::new(), others: 0 };
    let mut all: Vec<(PathBuf, bool)> = named.iter().map(|path| (path.clone(), true)).collect();
    all.extend(traces_beside(files)?.into_iter().map(|path| (path, false)));
    let mut known = Vec::new();
    for (path, is_named) in all {
        let place = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if known.contains(&place) {
            continue;
        }
        known.push(place);
        let text = read_text(&path)?;
        let rules = policy::traced_rules(&text);
        let package = |rule: &String| rule.rsplit_once('.').map(|(package, _)| package.to_owned());
        let packages: Vec<String> = rules.iter().flatten().filter_map(package).collect();
        let is_in_folder = folders.iter().any(|folder| path.starts_with(folder));
        if is_named || is_in_folder || packages.iter().any(|package| given.contains(package)) {
            found.run.push(Trace { path, text, packages, is_named });
        } else {
            found.others += 1;
        }
    }
    Ok(found)
}

/// The policies beside traces that these ask for, and that are not given.
fn asked_beside(files: &[PolicyFile], traces: &[Trace]) -> Result<Vec<PolicyFile>, Error> {
    let mut found: Vec<PolicyFile> = Vec::new();
    let given: Vec<String> = files.iter().filter_map(|file| policy::package_name(&file.source.text)).collect();
    for trace in traces {
        for source in neighbours(&[PolicyFile::at(&trace.path)]) {
            let Some(package) = policy::package_name(&source.text) else { continue };
            let is_new = !given.contains(&package) && found.iter().all(|file| file.source.name != source.name);
            if is_new && trace.packages.contains(&package) {
                found.push(PolicyFile { path: PathBuf::from(&source.name), source });
            }
        }
        let has = |package: &String| {
            given.contains(package)
                || found.iter().any(|file| policy::package_name(&file.source.text).as_ref() == Some(package))
        };
        if trace.is_named && !trace.packages.iter().any(has) {
            let asked = trace.packages.first().map_or("which its first line names", String::as_str);
            return Err(Error::usage(format!("{}: there is no policy {asked} beside it", trace.path.display())));
        }
    }
    Ok(found)
}

/// The *.aoptest files in the folders of the policies, by name.
fn traces_beside(files: &[PolicyFile]) -> Result<Vec<PathBuf>, Error> {
    let mut folders: Vec<&Path> = files.iter().filter_map(|file| file.path.parent()).collect();
    folders.sort();
    folders.dedup();
    let mut found = Vec::new();
    for folder in folders {
        let is_here = folder.as_os_str().is_empty();
        let entries = fs::read_dir(if is_here { Path::new(".") } else { folder })
            .and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let names =
            entries.map_err(|error| Error::read(folder, error))?.into_iter().map(|entry| folder.join(entry.file_name()));
        found.extend(names.filter(|path| is_trace(path)));
    }
    found.sort();
    Ok(found)
}
