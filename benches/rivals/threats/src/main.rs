//! The peers of the family of threats that are Rust libraries: each answers lines as `aop scan` does, and goes over a file when
//! it is timed.
//!
//! `aop-threat-rivals PEER scan` answers each line `{"id","text","provenance"}` of standard input with
//! `{"id","spans":[{"severity","rule"}]}`: one span where the library would stop the text. `aop-threat-rivals PEER time FILE` reads
//! the file of such lines, and for each line on standard input goes over its texts once and answers `{"seconds","findings"}`.
//! `benches/src/detectors/peer.rs` is the other side.

use std::io::{BufRead, Write};
use std::time::Instant;

use llm_security::{DetectionEngine, LLMSecurityConfig};
use security_rust::{RiskLevel, Scanner};
use serde::{Deserialize, Serialize};

/// What may go wrong, for whoever runs it.
pub type Error = Box<dyn std::error::Error>;

/// A library, called as its own pages say: the rule by which it would stop a text.
pub type Peer = Box<dyn Fn(&str) -> Option<&'static str>>;

#[derive(Deserialize)]
struct Question {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct Answer {
    id: String,
    spans: Vec<Span>,
}

#[derive(Serialize)]
struct Span {
    severity: &'static str,
    rule: &'static str,
}

#[derive(Serialize)]
struct Round {
    seconds: f64,
    findings: usize,
}

const USAGE: &str = "usage: aop-threat-rivals libinjectionrs|security-rust|llm-security scan|time [FILE]";

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [name, rest @ ..] = &arguments[..] else { return Err(USAGE.into()) };
    let peer = peer(name)?;
    match rest {
        ["scan"] => scan(&peer),
        ["time", file] => time(&peer, &std::fs::read_to_string(file)?),
        _ => Err(USAGE.into()),
    }
}

fn peer(name: &str) -> Result<Peer, Error> {
    Ok(match name {
        "libinjectionrs" => Box::new(|text| {
            if libinjectionrs::detect_sqli(text.as_bytes()).is_injection() {
                return Some("sqli");
            }
            libinjectionrs::detect_xss(text.as_bytes()).is_injection().then_some("xss")
        }),
        // the line at which its example of a firewall refuses
        "security-rust" => {
            let scanner = Scanner::default();
            Box::new(move |text| (scanner.assess(text).level >= RiskLevel::High).then_some("risk"))
        }
        "llm-security" => {
            let engine = DetectionEngine::new(LLMSecurityConfig { log_attacks: false, ..LLMSecurityConfig::default() });
            Box::new(move |text| engine.detect_prompt_injection(text).is_malicious.then_some("injection"))
        }
        _ => return Err(USAGE.into()),
    })
}

fn scan(peer: &Peer) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        let spans = peer(&question.text).map(|rule| Span { severity: "warning", rule }).into_iter().collect();
        serde_json::to_writer(&mut out, &Answer { id: question.id, spans })?;
        writeln!(out)?;
    }
    Ok(())
}

fn time(peer: &Peer, file: &str) -> Result<(), Error> {
    let read = |line| Ok(serde_json::from_str::<Question>(line)?.text);
    let texts = file.lines().map(read).collect::<Result<Vec<String>, Error>>()?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        line?;
        let start = Instant::now();
        let findings = texts.iter().filter(|text| peer(text).is_some()).count();
        serde_json::to_writer(&mut out, &Round { seconds: start.elapsed().as_secs_f64(), findings })?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}
