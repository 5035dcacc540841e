//! `aop explain`: why there is a finding.

use std::io::{self, Write as _};
use std::path::PathBuf;

use aop_engine::explain::{About, Explanation};
use aop_engine::{Context, Engine, Event, Finding, Limits, Scope, Scratch, SharedState, Trace};
use clap::ValueEnum;
use serde_json::Value;

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::judge::Caller;
use crate::output::{note, visible};
use crate::policy::{PolicyFile, read_bytes};

/// Say why there is a finding: its rule, its place, what spoke for it, its witnesses, and what to do about it
///
/// The run is judged again, with the same settings and policies as it was. Personal data and secrets are not shown.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// An id or its beginning; a line of `aop eval --format jsonl` (- reads it from standard input); or RULE, RULE@SEQ or RULE@SEQ/PATH
    #[arg(value_name = "FINDING")]
    finding: String,
    /// The Toon JSONL file that it was found in
    #[arg(value_name = "TRACE")]
    trace: PathBuf,
    /// Settings: the engine table of this TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A policy file, or a folder of them, to judge by as well; may be given again
    #[arg(long = "policy", value_name = "PATH")]
    policies: Vec<PathBuf>,
    /// A workflow model that runs are compared with, as `aop learn` writes it; it wins over one in the settings
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The role of whoever sends the events, for rules that ask `principal.role`
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// The organisation whose events these are, for rules that ask `principal.organisation`
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// How the explanation is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON array of explanations
    Json,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  it was explained
  2  the trace has no such finding, or something could not be read";

/// So many findings are explained of what fits several.
const EXPLAINED_MAX: usize = 20;

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let asked = Asked::read(&arguments.finding, &arguments.trace)?;
    let mut configuration = Configuration::load(arguments.config.as_deref())?;
    if let Some(file) = &arguments.model {
        configuration.read_model(file)?;
    }
    let engine = configuration.engine(&PolicyFile::read_all(&arguments.policies)?)?;
    let bytes = read_bytes(&arguments.trace)?;
    let name = arguments.trace.display().to_string();
    let caller = Caller { role: arguments.role.as_deref(), organisation: arguments.organisation.as_deref() };
    let mut shared = SharedState::default();
    let mut explanations = Vec::new();
    let mut fitting = 0;
    for (run_id, lines, events) in runs(&bytes, &name)? {
        let trace = Trace::new(run_id.clone(), events);
        let scope = Scope { run: Some(run_id.as_deref().unwrap_or(&name)), ..Scope::default() };
        for (id, finding) in judged(&engine, &trace, scope, caller, &mut shared) {
            if asked.fits(&id, &finding) {
                fitting += 1;
                if fitting <= EXPLAINED_MAX {
                    explanations.push(engine.explain(About {
                        finding: &finding,
                        id: &id,
                        trace: &trace,
                        role: caller.role,
                        organisation: caller.organisation,
                        lines: &lines,
                    }));
                }
            }
        }
    }
    if explanations.is_empty() {
        return Err(Error::usage(format!(
            "{name} has no finding `{}` with these settings; `aop eval --format jsonl {name}` lists them, each with its id",
            visible(&arguments.finding)
        )));
    }
    write(&explanations, arguments.format)?;
    if fitting > EXPLAINED_MAX {
        note(format_args!("{} more findings fit; name one by its id", fitting - EXPLAINED_MAX));
    }
    Ok(Exit::Good)
}

fn write(explanations: &[Explanation], format: Format) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, explanations).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => {
            for (place, explanation) in explanations.iter().enumerate() {
                write!(out, "{}{explanation}", if place > 0 { "\n" } else { "" })?;
            }
        }
    }
    Ok(())
}

/// Which finding is meant.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// By its id, or the beginning of one.
    Id(String),
    /// By its rule, its event and its path.
    Place { rule: String, seq: Option<u64>, path: Option<String> },
}

impl Asked {
    fn read(word: &str, trace: &std::path::Path) -> Result<Self, Error> {
        if word != "-" {
            return Self::parse(word);
        }
        if trace.as_os_str() == "-" {
            return Err(Error::usage("standard input is the finding or the trace, and not both"));
        }
        Self::parse(io::read_to_string(io::stdin().lock())?.lines().next().unwrap_or_default())
    }

    fn parse(word: &str) -> Result<Self, Error> {
        const ID_DIGITS_MIN: usize = 6;
        let word = word.trim();
        if word.starts_with('{') {
            let line: Value = serde_json::from_str(word)
                .map_err(|error| Error::usage(format!("the finding is no line of `aop eval --format jsonl`: {error}")))?;
            let text = |name: &str| line[name].as_str().map(str::to_owned);
            return match (text("id"), text("rule")) {
                (Some(id), _) => Ok(Self::Id(id)),
                (None, Some(rule)) => Ok(Self::Place { rule, seq: line["seq"].as_u64(), path: text("path") }),
                (None, None) => Err(Error::usage("the finding has neither `id` nor `rule`")),
            };
        }
        if word.len() >= ID_DIGITS_MIN && word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self::Id(word.to_ascii_lowercase()));
        }
        let (rule, place) = word.split_once('@').map_or((word, None), |(rule, place)| (rule, Some(place)));
        let Some(place) = place else { return Ok(Self::Place { rule: rule.to_owned(), seq: None, path: None }) };
        let digits = place.find('/').unwrap_or(place.len());
        let seq = place[..digits].parse().map_err(|_| {
            Error::usage(format!("`{}` is no event's number; write RULE@SEQ or RULE@SEQ/PATH", visible(&place[..digits])))
        })?;
        let path = Some(&place[digits..]).filter(|path| !path.is_empty()).map(str::to_owned);
        Ok(Self::Place { rule: rule.to_owned(), seq: Some(seq), path })
    }

    fn fits(&self, id: &str, finding: &Finding) -> bool {
        match self {
            Self::Id(asked) => id.starts_with(asked.as_str()),
            Self::Place { rule, seq, path } => {
                finding.rule == *rule && (seq.is_none() || *seq == finding.seq) && (path.is_none() || *path == finding.path)
            }
        }
    }
}

/// A run of a file: its id, the lines of its events, and these.
type Run<'b> = (Option<String>, Vec<usize>, Vec<Event<'b>>);

/// The runs of a file, in the order of their first events.
fn runs<'b>(bytes: &'b [u8], name: &str) -> Result<Vec<Run<'b>>, Error> {
    let mut runs: Vec<Run<'b>> = Vec::new();
    for (line, text) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if text.trim_ascii().is_empty() {
            continue;
        }
        let event = match Event::parse_with(text, &Limits::default()) {
            Ok(event) => event,
            Err(error) => {
                note(format_args!("{}:{line} is passed over: {error}", visible(name)));
                continue;
            }
        };
        let run_id = event.meta().run_id().map(|id| id.into_owned());
        let place = runs.iter().position(|(id, _, _)| *id == run_id).unwrap_or_else(|| {
            runs.push((run_id, Vec::new(), Vec::new()));
            runs.len() - 1
        });
        runs[place].1.push(line);
        runs[place].2.push(event);
    }
    if runs.is_empty() { Err(Error::usage(format!("{}: there is no event in it", visible(name)))) } else { Ok(runs) }
}

/// What is found in a run, with the ids that `aop eval` gives.
fn judged(
    engine: &Engine,
    trace: &Trace<'_>,
    scope: Scope<'_>,
    caller: Caller<'_>,
    shared: &mut SharedState,
) -> Vec<(String, Finding)> {
    let (mut state, mut scratch) = (engine.new_state(), Scratch::default());
    let mut found = Vec::new();
    let mut keep = |findings: Vec<Finding>| {
        let ids = engine.finding_ids(scope, &findings);
        found.extend(ids.into_iter().zip(findings));
    };
    for event in trace.events() {
        let context = Context { shared: Some(&mut *shared), ..caller.context() };
        keep(engine.check_in(event, &mut state, context, &mut scratch).findings);
    }
    keep(engine.finish(&state, None).findings);
    found
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[test]
    fn a_finding_is_named_in_three_ways() {
        let place =
            |rule: &str, seq, path: Option<&str>| Asked::Place { rule: rule.into(), seq, path: path.map(Into::into) };
        let check = |word: &str, expected: Asked| assert_eq!(Asked::parse(word).unwrap(), expected, "{word}");
        check("A4772d3c", Asked::Id("a4772d3c".into()));
        check("pii/card", place("pii/card", None, None));
        check("seq/gap@4", place("seq/gap", Some(4), None));
        check("pii/card@5/payload/result/card", place("pii/card", Some(5), Some("/payload/result/card")));
        check(r#"{"id":"ab","rule":"pii/card"}"#, Asked::Id("ab".into()));
        check(r#"{"rule":"pii/card","seq":5,"path":"/x"}"#, place("pii/card", Some(5), Some("/x")));
        for bad in ["pii/card@five", "{", "{}"] {
            assert!(Asked::parse(bad).is_err(), "{bad}");
        }
    }
}
