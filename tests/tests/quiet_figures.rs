//! How many ordinary runs have a finding at or over warning with default settings: the tables of `docs/quiet.md`.
//! `AOP_UPDATE=1 cargo test -p aop-tests --test quiet_figures` writes them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use aop_engine::{Engine, Event, Severity, Trace};
use aop_tests::{corpora, skipped, trace_files, workspace_root};

const BEGIN: &str = "<!-- Figures: `AOP_UPDATE=1 cargo test -p aop-tests --test quiet_figures` writes what follows. -->\n";
const END: &str = "<!-- End of the figures. -->";

/// What is counted as ordinary: the name of a corpus, and how its files' names begin and go on.
const CORPORA: [(&str, &str, &str); 3] =
    [("tau-airline", "tau-airline", ""), ("SWE-agent", "swe-agent", ""), ("AgentDojo, benign", "agentdojo", "_benign__")];

/// The validators that look for data and attacks in texts; the others watch what a run does.
const DETECTORS: [&str; 2] = ["pii_detector", "prompt_injection_detector"];

#[test]
fn the_page_says_what_the_defaults_find() {
    let Some(corpora) = corpora() else {
        return skipped("the figures of docs/quiet.md", "there are no corpora (AOP_CORPORA)");
    };
    let judged: Vec<Judged> = CORPORA.iter().map(|(_, folder, part)| judge(&corpora, folder, part)).collect();
    let mut tables = String::new();
    write_tables(&mut tables, &judged).expect("a string takes all text");
    let path = workspace_root().join("docs/quiet.md");
    let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (before, rest) = page.split_once(BEGIN).expect("the page says where its figures begin");
    let (on_page, after) = rest.split_once(END).expect("the page says where its figures end");
    if std::env::var_os("AOP_UPDATE").is_some() {
        return fs::write(&path, [before, BEGIN, &tables, END, after].concat()).expect("the page can be written");
    }
    assert!(on_page == tables, "docs/quiet.md has other figures; run this test with AOP_UPDATE=1. They are:\n{tables}");
}

/// The runs of a corpus: of each, the rules that found something at or over warning, by validator.
struct Judged {
    runs: Vec<BTreeSet<(String, String)>>,
}

fn judge(corpora: &Path, folder: &str, part: &str) -> Judged {
    let engine = Engine::builder().build().expect("the defaults are good settings");
    let root = corpora.join("traces").join(folder);
    let files = trace_files(corpora).into_iter().filter(|file| {
        file.starts_with(&root) && file.file_name().is_some_and(|name| name.to_string_lossy().contains(part))
    });
    let runs = files.map(|file| {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let events =
            text.lines().map(|line| Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}")));
        let report = engine.evaluate(&Trace::new(None, events.collect()));
        let found = report.findings.into_iter().filter(|finding| finding.severity >= Severity::Warning);
        found
            .inspect(|finding| {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                println!("{name} {} {:?} {:?} {}", finding.rule, finding.seq, finding.path, finding.message);
            })
            .map(|finding| (finding.validator.to_string(), finding.rule.to_string()))
            .collect()
    });
    let runs: Vec<BTreeSet<(String, String)>> = runs.collect();
    assert!(!runs.is_empty(), "there are no runs of {folder}");
    Judged { runs }
}

impl Judged {
    /// The share of runs with a finding of a validator that counts.
    fn share(&self, counts: impl Fn(&str, &str) -> bool) -> String {
        let of = self.runs.len();
        let part = self.runs.iter().filter(|found| found.iter().any(|(validator, rule)| counts(validator, rule))).count();
        format!("{part} of {of} ({:.1} %)", 100.0 * part as f64 / of as f64)
    }
}

fn write_tables(page: &mut String, judged: &[Judged]) -> fmt::Result {
    let mut by_validator: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (validator, rule) in judged.iter().flat_map(|of| &of.runs).flatten() {
        by_validator.entry(validator).or_default().insert(rule);
    }
    let mut row = |name: &str, counts: &dyn Fn(&str, &str) -> bool| {
        let cells: Vec<String> = judged.iter().map(|of| of.share(counts)).collect();
        writeln!(page, "| {name} | {} |", cells.join(" | "))
    };
    row("runs with a finding at or over warning", &|_, _| true)?;
    row("– of what a run does: all but the detectors", &|validator, _| !DETECTORS.contains(&validator))?;
    row("– of attacks", &|validator, _| validator == "prompt_injection_detector")?;
    row("– of personal data and secrets", &|validator, _| validator == "pii_detector")?;
    for (validator, rules) in by_validator {
        for rule in rules {
            row(&format!("`{validator}`: `{rule}`"), &|_, found| found == rule)?;
        }
    }
    let names: Vec<&str> = CORPORA.iter().map(|(name, ..)| *name).collect();
    let head = format!("| | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    page.insert_str(0, &head);
    page.push('\n');
    Ok(())
}
