//! A peer's side of the measure of detectors: answers lines as `aop scan` does, and goes over a file when it is timed.
//!
//! `aop-detector-rivals PEER scan` answers each line `{"id","text"}` or `{"id","json"}` of standard input with
//! `{"id","spans":[{"entity","start","end","path"?,"rule"?,"score"}]}`. `aop-detector-rivals PEER time FILE` reads the file, and for
//! each line on standard input goes over the file's lines once, from bytes to findings, and answers
//! `{"seconds":0.5,"findings":7}`. `benches/src/detectors/peer.rs` is the other side.

mod datafog;
mod redact;

use std::io::{BufRead, Write};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What may go wrong, for whoever runs it.
pub type Error = Box<dyn std::error::Error>;

/// A library, used as its users would use it best.
pub trait Peer {
    /// What is in a text.
    ///
    /// # Errors
    /// The library's.
    fn text(&self, text: &str) -> Result<Vec<Span>, Error>;

    /// What is in a JSON document.
    ///
    /// # Errors
    /// The library's.
    fn json(&self, document: &Value) -> Result<Vec<Span>, Error>;
}

/// One span, by bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Span {
    /// Presidio's name where it has one.
    pub entity: &'static str,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// A JSON Pointer, of a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The library's own name for it.
    pub rule: String,
    /// How sure it is.
    pub score: f64,
}

#[derive(Deserialize)]
struct Question {
    id: u64,
    text: Option<String>,
    json: Option<Value>,
}

#[derive(Serialize)]
struct Answer {
    id: u64,
    spans: Vec<Span>,
}

#[derive(Serialize)]
struct Round {
    seconds: f64,
    findings: usize,
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let peer: Box<dyn Peer> = match arguments.first() {
        Some(&"datafog") => Box::new(datafog::Datafog::default()),
        Some(&"redact") => Box::new(redact::Redact::default()),
        _ => return Err("usage: aop-detector-rivals datafog|redact scan|time [FILE]".into()),
    };
    match arguments[1..] {
        ["scan"] => scan(&*peer),
        ["time", file] => time(&*peer, &std::fs::read_to_string(file)?),
        _ => Err("usage: aop-detector-rivals datafog|redact scan|time [FILE]".into()),
    }
}

fn scan(peer: &dyn Peer) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        let spans = match (question.text, question.json) {
            (Some(text), _) => peer.text(&text)?,
            (None, Some(document)) => peer.json(&document)?,
            (None, None) => Vec::new(),
        };
        serde_json::to_writer(&mut out, &Answer { id: question.id, spans })?;
        writeln!(out)?;
    }
    Ok(())
}

fn time(peer: &dyn Peer, text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        line?;
        let start = Instant::now();
        let mut findings = 0;
        for line in text.lines() {
            findings += peer.json(&serde_json::from_str(line)?)?.len();
        }
        serde_json::to_writer(&mut out, &Round { seconds: start.elapsed().as_secs_f64(), findings })?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}
