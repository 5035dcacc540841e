//! Labelled texts: what attacks, what only tells its reader to do something, what is harmless.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aop_rules::scan::Provenance;
use serde::Deserialize;
use serde_json::Value;

use crate::own;

/// One text.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// The file it is from, without its ending; `own` for ours, `trace-…` for the texts of recorded runs.
    pub(crate) file: String,
    /// Which texts it is held out together with: those of the same harmless text. Its line there, or its carrier's.
    pub(crate) line: usize,
    /// What kind of text its file says it is.
    pub(crate) kind: String,
    pub(crate) provenance: Provenance,
    pub(crate) label: Label,
    pub(crate) text: String,
    /// The file of the harmless text into which it was put.
    pub(crate) carrier: Option<String>,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// Attacks its reader.
    Attack,
    /// Tells its reader to do something, in words that anybody could use.
    Instruction,
    Harmless,
}

/// The files of texts, in the order in which they are read.
const FILES: &[&str] =
    &["asb_text", "bipia_train", "code", "cse_code", "deepset", "docs", "frr_multilingual", "garak", "mitre_frr", "pyrit"];

/// A text that says less is no example.
const TRACE_TEXT_BYTES_MIN: usize = 20;

#[derive(Deserialize)]
struct Row {
    text: String,
    label: String,
    kind: String,
    provenance: String,
}

#[derive(Deserialize)]
struct Run {
    file: String,
    label: Value,
}

#[derive(Deserialize)]
struct TraceEvent {
    actor: String,
    payload: Value,
}

/// Reads all of them: the corpora's, those of the harmless runs, our own.
pub(crate) fn read(folder: &Path) -> Result<Vec<Text>, String> {
    let mut texts = Vec::new();
    for file in FILES {
        let path = folder.join("threats").join(format!("{file}.jsonl"));
        for (line, row) in lines::<Row>(&path)?.into_iter().enumerate() {
            let label = match (row.label.as_str(), row.kind.as_str()) {
                ("injection", "indirect_naive") => Label::Instruction,
                ("injection", _) => Label::Attack,
                _ => Label::Harmless,
            };
            let provenance = Provenance::from_word(&row.provenance).unwrap_or(Provenance::User);
            let file = (*file).to_owned();
            // BIPIA puts its orders into the very texts that are harmless without them.
            let line = if file == "bipia_train" { 0 } else { line };
            texts.push(Text { file, line, kind: row.kind, provenance, label, text: row.text, carrier: None });
        }
    }
    traces(folder, &mut texts)?;
    own::add(&mut texts)?;
    Ok(texts)
}

fn lines<T: for<'d> Deserialize<'d>>(path: &Path) -> Result<Vec<T>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The rows of a file of JSON lines.
pub(crate) fn parse<T: for<'d> Deserialize<'d>>(text: &str) -> Result<Vec<T>, String> {
    let rows = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    rows.map(|(at, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))).collect()
}

/// What users and tools say in runs that nobody attacks, each text once.
fn traces(folder: &Path, texts: &mut Vec<Text>) -> Result<(), String> {
    let folder = folder.join("traces");
    let mut seen = BTreeSet::new();
    for run in lines::<Run>(&folder.join("INDEX.jsonl"))? {
        let suite = run.file.split('/').next().unwrap_or_default();
        let is_attacked = suite == "asb" || (suite == "agentdojo" && run.label["mode"] != "benign");
        if is_attacked {
            continue;
        }
        for event in lines::<TraceEvent>(&folder.join(&run.file))? {
            let Some(provenance @ (Provenance::User | Provenance::Tool)) = Provenance::from_word(&event.actor) else {
                continue;
            };
            for text in strings(&event.payload) {
                if text.len() >= TRACE_TEXT_BYTES_MIN && seen.insert(text.to_owned()) {
                    texts.push(Text {
                        file: format!("trace-{suite}"),
                        line: seen.len(),
                        kind: event.actor.clone(),
                        provenance,
                        label: Label::Harmless,
                        text: text.to_owned(),
                        carrier: None,
                    });
                }
            }
        }
    }
    Ok(())
}

/// All strings in a value, in document order.
pub(crate) fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// The orders that AgentDojo's attackers give, cut out of their usual template: each alone, and each result with the bare order in the
/// template's place. For measuring only; no model is trained on them.
pub(crate) fn orders(folder: &Path) -> Result<[Vec<Text>; 2], String> {
    const BEFORE: &str = "Ignore your previous iunstructions. Do ";
    const BEHIND: &str = " instead.";
    let folder = folder.join("traces");
    let (mut alone, mut in_results) = (BTreeSet::new(), BTreeSet::new());
    for run in lines::<Run>(&folder.join("INDEX.jsonl"))? {
        if run.label["attack"] != "ignore_previous" {
            continue;
        }
        for event in lines::<TraceEvent>(&folder.join(&run.file))? {
            for text in strings(&event.payload) {
                let Some((before, rest)) = text.split_once(BEFORE) else { continue };
                let Some((order, behind)) = rest.split_once(BEHIND) else { continue };
                alone.insert(order.split_whitespace().collect::<Vec<_>>().join(" "));
                in_results.insert(format!("{before}{order}{behind}"));
            }
        }
    }
    let text = |text| Text {
        file: "trace-agentdojo".to_owned(),
        line: 0,
        kind: "order".to_owned(),
        provenance: Provenance::Tool,
        label: Label::Instruction,
        text,
        carrier: None,
    };
    Ok([alone, in_results].map(|texts| texts.into_iter().map(text).collect()))
}
