//! Clean events of one kilobyte, in which nothing is found: what an agent's day is made of.

use serde_json::{Value, json};

/// Their length, in bytes.
pub const BYTES: usize = 1024;

/// What the events are, each with its line of [`BYTES`] bytes.
pub fn clean() -> [(&'static str, String); 4] {
    [
        ("prose from a tool", padded("tool", "action_response", |text| result(json!(text)))),
        ("prose from the user", padded("user", "reasoning", |text| json!({"thought": text}))),
        ("JSON from a tool", padded("tool", "action_response", |text| result(rows(text)))),
        ("parameters of an action", padded("agent", "action_request", request)),
    ]
}

fn result(result: Value) -> Value {
    json!({"status": "success", "result": result, "error": null, "latency_ms": 12})
}

/// Rows of short values, the text in the last one.
fn rows(text: &str) -> Value {
    let row = |number: usize| {
        json!({"name": format!("lamp {number}"), "state": "in stock", "shelf": "B", "count": number * 3, "price": 19.5,
            "note": "packed, ready for the next van"})
    };
    json!({"rows": (1..=6).map(row).collect::<Vec<_>>(), "more": false, "remark": text})
}

fn request(text: &str) -> Value {
    json!({"action": "write_note", "params": {"title": "Vans for the north", "folder": "reports/spring", "tags": ["vans", "roads"],
        "limit": 20, "exact": false, "body": text}})
}

/// An event of exactly so many bytes, its text cut to fit.
fn padded(actor: &str, event_type: &str, payload: impl Fn(&str) -> Value) -> String {
    let line = |text: &str| {
        json!({"seq": 1, "t": "2026-01-05T10:00:00Z", "actor": actor, "type": event_type, "payload": payload(text),
            "meta": {"agent_id": 1}})
        .to_string()
    };
    line(&PROSE[..BYTES - line("").len()])
}

/// Plain sentences without a sign that JSON escapes.
const PROSE: &str = "Two of the five vans stood in the workshop last week, so the northern villages got their parcels a day late. \
The garage has ordered new brakes and expects them on Thursday. Until then the small van drives the long round, and the shop on the \
market square sends its own boy with a bicycle. Nobody has complained so far, but the baker asked whether the flour could come before \
six. We could load on the evening before; the yard is lit and the gate has a good lock. In March the bridge near the mill is closed for \
eight days. The way round it takes half an hour and passes the quarry, where the road is narrow. A second driver would help there, and \
Jonas has said that he is free on most days. The lamps for the depot have come: forty of them, in four boxes, all whole. They hang in \
the long hall now and use a third of the power. The old ones that still work go to the school, which needs them for the stage. The \
yearly count of the stock begins on Monday. The aisles are kept free for it, and the ladders hang where they belong on both long walls. \
The last count took nine hours and found three pallets that stood in the wrong row for most of a year.";

#[cfg(test)]
mod tests {
    use aop_engine::Event;
    use aop_engine::rules::scan::{DetectorSettings, Detectors, Scratch};

    use super::*;

    #[test]
    fn they_are_of_one_kilobyte_and_clean() {
        let detectors = Detectors::new(&DetectorSettings::default()).unwrap();
        for (name, line) in clean() {
            assert_eq!((line.len(), line.is_ascii()), (BYTES, true), "{name}");
            let (event, mut hits) = (Event::parse(line.as_bytes()).unwrap(), Vec::new());
            detectors.scan(&event, &mut Scratch::default(), &mut hits);
            assert!(hits.is_empty(), "{name}: {hits:?}");
        }
    }
}
