//! `aop scan`: looks at texts, JSON and events, and answers each line with what is in it.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use aop_engine::rules::scan::{DetectorSettings, Detectors, Hit, Scratch};
use aop_engine::{At, Document, Event, Limits, Provenance, Severity, Value};
use clap::ValueEnum;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::input::{Chunk, Line, Source, each_line};
use crate::output::{complain, shown, visible};

/// Look for personal data, secrets and attacks in texts, JSON and events, line by line
///
/// Each line is {"id","text","provenance"?}, {"id","json","provenance"?} or a Toon event; other members are passed over.
/// Each is answered by one line {"id","spans":[…]}, in the same order.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The file to read; - for standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,
    /// What to look for
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Family::Pii, Family::Secrets, Family::Threats])]
    detectors: Vec<Family>,
    /// What start and end count
    #[arg(long, value_enum, default_value_t = Unit::Byte)]
    unit: Unit,
    /// How answers are written
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Settings: the engine table of this TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
A span: {\"entity\",\"start\",\"end\",\"path\"?,\"at\"?,\"inner_path\"?,\"raw\"?,\"views\"?,\"score\",\"severity\",\"rule\"}. start and end count in the
decoded string that path (a JSON Pointer) leads to; of a text, in the text. at is \"key\" when an object's key is meant;
inner_path leads on through JSON that is held by the string. raw is the same place in bytes of the document as it was sent.
An id is given back as it came, null when there was none; an event's is \"run_id:seq\", or its seq when it names no run.
A provenance is user (the default), system, agent, tool, redteam or params; an event's is its actor's.
A line that cannot be read is answered {\"id\",\"spans\":[],\"error\"} and told on standard error. Blank lines are passed over.

Exit codes:
  0  no span at or over the threshold (error, unless AOP_VALIDATION_THRESHOLD or settings say otherwise)
  1  at least one span at or over the threshold
  2  a line could not be read, or the arguments make no sense; what could be read was answered all the same";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Family {
    /// Personal data
    Pii,
    /// Secrets
    Secrets,
    /// Attacks by text
    Threats,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Unit {
    /// Bytes of UTF-8
    Byte,
    /// Unicode code points
    Char,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
}

/// The longest line. Texts and documents may be larger than an event.
pub(crate) const LINE_LIMITS: Limits = Limits { bytes: 64 << 20, depth: 64 };

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let configuration = Configuration::load(arguments.config.as_deref())?;
    // building the engine checks all of the settings, those of the detectors among them
    let settings = configuration.engine(&[])?.settings().clone();
    let wants = |family| arguments.detectors.contains(&family);
    let detectors = DetectorSettings {
        pii: settings.pii.filter(|_| wants(Family::Pii)),
        secrets: settings.secrets.filter(|_| wants(Family::Secrets)),
        threats: settings.threats.filter(|_| wants(Family::Threats)),
    };
    let detectors = Detectors::new(&detectors).map_err(|error| Error::usage(error.to_string()))?;
    let scanner = Scanner { detectors, unit: arguments.unit };

    let source = Source::of_argument(&arguments.file)?;
    let Format::Jsonl = arguments.format;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut worst, mut is_bad) = (None, false);
    let work = |chunk: &Chunk, line: &Line, scratch: &mut Scratch| scanner.answer(chunk, line, scratch);
    each_line(&source, LINE_LIMITS.bytes, &mut out, work, |out, _, line, answer| {
        let Some(answer) = answer else { return Ok(()) };
        worst = worst.max(answer.worst);
        if let Some(error) = answer.error {
            is_bad = true;
            complain(format_args!("{}:{}: {error}", visible(&source.name), line.number));
        }
        out.write_all(&answer.line)
    })?;
    let found = worst.is_some_and(|worst: Severity| worst >= settings.threshold);
    Ok(if is_bad {
        Exit::Bad
    } else if found {
        Exit::Found
    } else {
        Exit::Good
    })
}

struct Scanner {
    detectors: Detectors,
    unit: Unit,
}

/// What a line is answered.
struct Answer {
    line: Vec<u8>,
    worst: Option<Severity>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Spans<'a> {
    id: &'a RawValue,
    spans: Vec<Span<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Span<'a> {
    entity: &'a str,
    start: usize,
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inner_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<(usize, usize)>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    views: &'a [&'static str],
    score: f64,
    severity: Severity,
    rule: &'a str,
}

impl Scanner {
    /// Nothing for a blank line.
    fn answer(&self, chunk: &Chunk, line: &Line, scratch: &mut Scratch) -> Option<Answer> {
        let text = match chunk.text(line) {
            Ok(text) => text,
            Err(error) => return Some(failed("null", error.to_string())),
        };
        if text.trim_ascii().is_empty() {
            return None;
        }
        let document = match Document::parse(text, &LINE_LIMITS) {
            Ok(document) => document,
            Err(error) => return Some(failed("null", error.to_string())),
        };
        let mut hits = Vec::new();
        let root = document.root();
        let id = root.get("id").map_or("null", Value::raw).to_owned();
        let is_like_an_event = ["seq", "payload"].iter().all(|name| root.get(name).is_some());
        Some(match (root.get("text"), root.get("json")) {
            _ if is_like_an_event => match Event::from_document(document) {
                Ok(event) => {
                    self.detectors.scan(&event, scratch, &mut hits);
                    self.found(&event_id(&event), Text::Within(event.document()), &hits)
                }
                Err(error) => failed(&id, error.to_string()),
            },
            (Some(text), None) => match (text.as_str(), provenance(root)) {
                (Some(text), Ok(provenance)) => {
                    self.detectors.scan_text(&text, provenance, scratch, &mut hits);
                    self.found(&id, Text::Bare(&text), &hits)
                }
                (None, _) => failed(&id, "at /text: it must be a string; JSON of any kind goes under \"json\"".to_owned()),
                (_, Err(error)) => failed(&id, error),
            },
            (None, Some(json)) => match (Document::parse(json.raw().as_bytes(), &LINE_LIMITS), provenance(root)) {
                (Ok(json), Ok(provenance)) => {
                    self.detectors.scan_json(&json, provenance, scratch, &mut hits);
                    self.found(&id, Text::Within(&json), &hits)
                }
                (Err(error), _) => failed(&id, error.to_string()),
                (_, Err(error)) => failed(&id, error),
            },
            (Some(_), Some(_)) => failed(&id, "it has \"text\" and \"json\"; keep one of them".to_owned()),
            (None, None) => failed(
                &id,
                "it has none of \"text\", \"json\" and an event's \"seq\" and \"payload\"; give it one of them".to_owned(),
            ),
        })
    }

    fn found(&self, id: &str, text: Text<'_>, hits: &[Hit]) -> Answer {
        let spans = hits.iter().map(|hit| self.span(hit, text)).collect();
        Answer { line: written(id, spans, None), worst: hits.iter().map(|hit| hit.severity).max(), error: None }
    }

    fn span<'h>(&self, hit: &'h Hit, text: Text<'_>) -> Span<'h> {
        let (mut start, mut end) = (hit.span.start as usize, hit.span.end as usize);
        if self.unit == Unit::Char {
            text.with_text_of(hit, |text| {
                let characters = |end: usize| text.get(..end).unwrap_or(text).chars().count();
                (start, end) = (characters(start), characters(end));
            });
        }
        let path = match (text, hit.node) {
            (Text::Within(document), Some(node)) => Some(document.value(node).pointer()),
            _ => None,
        };
        Span {
            entity: hit.entity,
            start,
            end,
            path,
            at: hit.at_key.then_some(At::Key),
            inner_path: hit.inner.as_ref().map(|inner| inner.path()),
            raw: match text {
                Text::Within(document) => hit.raw(document).map(|raw| (raw.start, raw.end)),
                Text::Bare(_) => None,
            },
            views: &hit.views,
            score: hit.score,
            severity: hit.severity,
            rule: hit.rule.id,
        }
    }
}

/// What was scanned.
#[derive(Clone, Copy)]
enum Text<'t> {
    Bare(&'t str),
    Within(&'t Document<'t>),
}

impl Text<'_> {
    /// Calls `then` with the decoded string in which a hit counts its bytes.
    fn with_text_of(self, hit: &Hit, then: impl FnOnce(&str)) {
        match (self, hit.node) {
            (Text::Bare(text), _) => then(text),
            (Text::Within(document), Some(node)) => {
                let inner = hit.inner.as_ref().map_or(&[][..], |inner| &inner.nodes);
                with_string(document.value(node), inner, hit.at_key, &mut Some(then));
            }
            (Text::Within(_), None) => {}
        }
    }
}

/// Follows the way through JSON that is held by strings, to the string at its end.
fn with_string(value: Value<'_>, inner: &[aop_engine::NodeId], at_key: bool, then: &mut Option<impl FnOnce(&str)>) {
    if let Some((node, rest)) = inner.split_first() {
        let text = value.as_str().unwrap_or_default();
        if let Ok(document) = Document::parse(text.trim_ascii().as_bytes(), &LINE_LIMITS) {
            with_string(document.value(*node), rest, at_key, then);
        }
        return;
    }
    let text = match value.key() {
        Some(key) if at_key => key.as_str(),
        _ => value.as_str().unwrap_or_else(|| value.raw().into()),
    };
    if let Some(then) = then.take() {
        then(&text);
    }
}

fn provenance(root: Value<'_>) -> Result<Provenance, String> {
    let Some(value) = root.get("provenance") else { return Ok(Provenance::User) };
    value.as_str().and_then(|word| Provenance::from_word(&word)).ok_or_else(|| {
        let words = Provenance::ALL.map(Provenance::as_str).join(", ");
        format!("at /provenance: {} is no provenance; write one of {words}", shown(value.raw()))
    })
}

/// An event has no id of its own; its run and its place in it are one.
fn event_id(event: &Event<'_>) -> String {
    match event.meta().run_id() {
        Some(run_id) => serde_json::Value::from(format!("{run_id}:{}", event.seq())).to_string(),
        None => event.seq().to_string(),
    }
}

fn failed(id: &str, error: String) -> Answer {
    Answer { line: written(id, Vec::new(), Some(&error)), worst: None, error: Some(error) }
}

fn written(id: &str, spans: Vec<Span<'_>>, error: Option<&str>) -> Vec<u8> {
    let id = serde_json::from_str(id).expect("an id is JSON that was parsed, or written here");
    let mut line = serde_json::to_vec(&Spans { id, spans, error }).expect("spans are words and numbers, which JSON has");
    line.push(b'\n');
    line
}
