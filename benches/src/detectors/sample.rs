//! Findings in traces, drawn at random, with what is around them: for a person who reads whether they are right.

use aop_engine::rules::scan::Hit;
use aop_engine::{Document, Event, Limits, NodeId, Value};

use super::corpus::Corpora;
use super::own::Own;
use crate::BenchError;
use crate::events::Events;

/// Prints so many findings, the same ones for the same seed. It prints what was found: keep it off the record.
///
/// # Errors
/// When an event cannot be read.
pub fn print(events: &Events, seed: u64, count: usize) -> Result<(), BenchError> {
    let own = Own::new()?;
    let made = Corpora::find().and_then(|corpora| corpora.text("trace_corpus")).unwrap_or_default();
    let mut findings = Vec::new();
    for (source, line) in events.lines().map(|line| ("traces", line)).chain(made.lines().map(|line| ("made", line))) {
        let event = Event::parse(line.as_bytes())?;
        for hit in own.hits_in_event(&event) {
            let place = hit.node.map(|node| event.document().value(node).pointer()).unwrap_or_default();
            let run = event.meta().run_id().unwrap_or_default();
            findings.push(format!(
                "{:<20} {:<32} {:.2}  {source} {run}:{} {place}\n    {}",
                hit.entity,
                hit.rule.id,
                hit.score,
                event.seq(),
                surroundings(event.document(), &hit)
            ));
        }
    }
    println!("{} findings, {} of them, seed {seed}\n", findings.len(), count.min(findings.len()));
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for drawn in 0..count.min(findings.len()) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let left = findings.len() - drawn;
        findings.swap(drawn, drawn + (state % left as u64) as usize);
        println!("{}", findings[drawn]);
    }
    Ok(())
}

const AROUND_BYTES: usize = 48;

/// The match between guillemets, with the text on both sides.
fn surroundings(document: &Document<'_>, hit: &Hit) -> String {
    let Some(node) = hit.node else { return String::new() };
    let inner = hit.inner.as_ref().map_or(&[][..], |inner| &inner.nodes);
    let text = text_at(document.value(node), inner, hit.at_key);
    let (start, end) = (hit.span.start as usize, hit.span.end as usize);
    let from = text.floor_char_boundary(start.saturating_sub(AROUND_BYTES));
    let to = text.ceil_char_boundary(end + AROUND_BYTES);
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("?").escape_debug().to_string();
    format!("…{}«{}»{}…", part(from..start), part(start..end), part(end..to))
}

/// The string that a hit counts its bytes in, through JSON that is held by strings.
fn text_at(value: Value<'_>, inner: &[NodeId], at_key: bool) -> String {
    if let [node, rest @ ..] = inner {
        let text = value.as_str().unwrap_or_default();
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        return Document::parse(text.trim_ascii().as_bytes(), &limits)
            .map(|document| text_at(document.value(*node), rest, at_key))
            .unwrap_or_default();
    }
    match value.key() {
        Some(key) if at_key => key.as_str().into_owned(),
        _ => value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.into_owned()),
    }
}
