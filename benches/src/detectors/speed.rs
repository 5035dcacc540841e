//! How quickly: raw JSON to findings and to redacted JSON beside their floors, texts that are meant to be slow, and peers.
//!
//! Everything is on one thread, and a figure is in megabytes (10⁶ bytes) a second.

use std::cell::RefCell;
use std::hint::black_box;
use std::time::Instant;

use aop_engine::rules::scan::{DetectorSettings, Detectors, Provenance, Scratch};
use aop_engine::{Document, Event, Limits};
use serde_json::json;

use super::corpus::Corpora;
use super::peer::Peer;
use super::traces::redacting_engine;
use crate::events::Events;
use crate::measure::{Series, take_turns};
use crate::parse::untyped;
use crate::{BenchError, Goal, Row};

const AREA: &str = "detectors";
const ROUNDS: usize = 9;

/// Measures ours beside the floors, and the texts that are meant to be slow.
///
/// # Errors
/// When the detectors cannot be built or an event is not valid.
pub fn rows(events: &Events) -> Result<Vec<Row>, BenchError> {
    let mut rows = Vec::new();
    if let Some(text) = Corpora::find().and_then(|corpora| corpora.text("trace_corpus")) {
        let lines: Vec<&str> = text.lines().collect();
        rows.extend(of_traces("made traces", &lines)?);
    }
    let lines: Vec<&str> = events.lines().collect();
    rows.extend(of_traces(&events.name, &lines)?);
    rows.extend(worst_cases()?);
    Ok(rows)
}

/// Measures ours and each peer in turns, over the same file of events. A peer that cannot be timed is told of and left out.
///
/// # Errors
/// When the detectors cannot be built.
pub fn beside(peers: &[Peer], corpora: &Corpora) -> Result<Vec<Row>, BenchError> {
    let Some(text) = corpora.text("trace_corpus") else { return Ok(Vec::new()) };
    let lines: Vec<&str> = text.lines().collect();
    let detectors = detectors(false)?;
    let bytes = bytes_of(&lines);
    let mut rows = Vec::new();
    for peer in peers {
        let mut timed = match peer.timed(&corpora.path("trace_corpus")) {
            Ok(timed) => timed,
            Err(error) => {
                eprintln!("skipped: the speed of a peer: {error}");
                continue;
            }
        };
        let mut failure = None;
        let mut own = || mb_per_s(bytes, || find_all(&detectors, &lines));
        let mut theirs = || match timed.round() {
            Ok(seconds) => bytes as f64 / seconds / 1e6,
            Err(error) => {
                failure = Some(error);
                f64::NAN
            }
        };
        let [own, theirs] = take_turns(3, [&mut own, &mut theirs]);
        if let Some(error) = failure {
            return Err(error);
        }
        let name = super::finder::Finder::name(peer);
        rows.push(Row::new(AREA, "made traces, raw JSON to findings", &own, "MB/s").beside(name, &theirs));
    }
    Ok(rows)
}

fn detectors(with_threats: bool) -> Result<Detectors, BenchError> {
    let settings = if with_threats { json!({}) } else { json!({"threats": false}) };
    let settings: DetectorSettings = serde_json::from_value(settings)?;
    Ok(Detectors::new(&settings)?)
}

fn bytes_of(lines: &[&str]) -> usize {
    lines.iter().map(|line| line.len()).sum()
}

fn mb_per_s(bytes: usize, work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    bytes as f64 / start.elapsed().as_secs_f64() / 1e6
}

fn find_all(detectors: &Detectors, lines: &[&str]) {
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    for line in lines {
        hits.clear();
        if let Ok(event) = Event::parse(black_box(line.as_bytes())) {
            detectors.scan(&event, &mut scratch, &mut hits);
        }
        black_box(&hits);
    }
}

fn of_traces(name: &str, lines: &[&str]) -> Result<Vec<Row>, BenchError> {
    for line in lines {
        Event::parse(line.as_bytes())?;
    }
    let (data, all, engine) = (detectors(false)?, detectors(true)?, redacting_engine()?);
    let bytes = bytes_of(lines);
    let scratch = RefCell::new(aop_engine::Scratch::default());
    let redact = |line: &&str| {
        if let Ok(event) = Event::parse(black_box(line.as_bytes())) {
            black_box(engine.redact_event_with(&event, &mut scratch.borrow_mut()));
        }
    };
    let parse = |line: &&str| {
        black_box(Document::parse(black_box(line.as_bytes()), &Limits::default()).is_ok());
    };
    let seek = |line: &&str| {
        black_box(memchr::memchr_iter(b'@', black_box(line.as_bytes())).count());
    };
    let mut findings = || mb_per_s(bytes, || find_all(&data, lines));
    let mut with_threats = || mb_per_s(bytes, || find_all(&all, lines));
    let mut redacted = || mb_per_s(bytes, || lines.iter().for_each(redact));
    let mut document = || mb_per_s(bytes, || lines.iter().for_each(parse));
    let mut value = || mb_per_s(bytes, || lines.iter().copied().for_each(untyped));
    let mut memchr = || mb_per_s(bytes, || lines.iter().for_each(seek));
    let contenders: [crate::measure::Contender<'_>; 6] =
        [&mut findings, &mut with_threats, &mut redacted, &mut document, &mut value, &mut memchr];
    let [findings, with_threats, redacted, document, value, memchr] = take_turns(ROUNDS, contenders);

    let name = format!("{name}, {} B a line", bytes / lines.len().max(1));
    let row = |what: &str, series: &Series| Row::new(AREA, format!("{name}: {what}"), series, "MB/s");
    Ok(vec![
        row("raw JSON to findings", &findings).beside("Document::parse", &document).goal(Goal::AtLeast(180.0)),
        row("raw JSON to redacted", &redacted).beside("Document::parse", &document).goal(Goal::AtLeast(120.0)),
        row("raw JSON to findings, attacks too", &with_threats).beside("Document::parse", &document),
        row("the floor, Document::parse", &document).beside("memchr of `@`", &memchr),
        row("the floor, serde_json::Value", &value).beside("memchr of `@`", &memchr),
    ])
}

/// How long a megabyte may take before ten are not tried, in seconds.
const PATIENCE: f64 = 4.0;

/// Texts of which every byte is an anchor for some recognizer.
fn worst_cases() -> Result<Vec<Row>, BenchError> {
    let detectors = detectors(false)?;
    let mut rows = Vec::new();
    for (name, make) in WORST {
        let (small, large) = (make(1_000_000), make(10_000_000));
        let speed = |text: &str| {
            let mut hits = Vec::new();
            let scan = || detectors.scan_text(black_box(text), Provenance::User, &mut Scratch::default(), &mut hits);
            mb_per_s(text.len(), scan)
        };
        let first = speed(&small);
        if first < 1.0 / PATIENCE {
            let what = format!("1 MB of {name}; 10 MB were not tried");
            rows.push(Row::new(AREA, what, &Series::from([first]), "MB/s").goal(Goal::AtLeast(50.0)));
            continue;
        }
        let (mut of_small, mut of_large) = (|| speed(&small), || speed(&large));
        let [of_small, of_large] = take_turns(3, [&mut of_small, &mut of_large]);
        rows.push(Row::new(AREA, format!("10 MB of {name}"), &of_large, "MB/s").goal(Goal::AtLeast(50.0)));
        rows.push(
            Row::new(AREA, format!("10 MB of {name}, linear"), &of_large, "MB/s")
                .beside("1 MB", &of_small)
                .goal(Goal::RatioAtLeast(0.7)),
        );
    }
    Ok(rows)
}

type Make = fn(usize) -> String;

const WORST: [(&str, Make); 8] = [
    ("digits", |bytes| numbers().take(bytes).collect()),
    ("`@`", |bytes| "@".repeat(bytes)),
    ("`a@b.`", |bytes| "a@b.".repeat(bytes / 4)),
    ("`4111 `", |bytes| "4111 ".repeat(bytes / 5)),
    ("`-----BEGIN`", |bytes| "-----BEGIN ".repeat(bytes / 11)),
    ("nested base64, one token", |bytes| nested_base64(bytes)),
    ("nested base64, tokens of 4 KB", |bytes| format!("{} ", nested_base64(4096)).repeat(bytes / 4097)),
    ("`password=`", |bytes| "password=".repeat(bytes / 9)),
];

/// Digits without a period, the same every time.
fn numbers() -> impl Iterator<Item = char> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'0' + (state % 10) as u8)
    })
}

/// About so many bytes of base64 of base64 of base64 of mail addresses.
fn nested_base64(bytes: usize) -> String {
    let plain = "write to imre.falk@example.org, ".repeat((bytes * 27 / 64 / 32).max(1));
    let mut text = plain.into_bytes();
    for _ in 0..3 {
        text = base64(&text).into_bytes();
    }
    String::from_utf8(text).expect("base64 is ASCII")
}

/// Bytes in base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().chain(&[0, 0]).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) & 63;
            text.push(if place > group.len() { '=' } else { char::from(ALPHABET[sextet as usize]) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let written = ["", "f", "fo", "foo", "foob", "fooba"].map(|text| base64(text.as_bytes()));
        assert_eq!(written, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE="]);
    }

    #[test]
    fn worst_cases_are_as_long_as_they_say() {
        for (name, make) in WORST {
            let bytes = make(100_000).len();
            assert!((90_000..=110_000).contains(&bytes), "{name}: {bytes}");
        }
    }
}
