//! Events and JSON texts that tests begin with.

use aop_toon::Event;
use proptest::prelude::*;

/// An event of the type, with this payload and meta.
pub(crate) fn event_json(seq: u64, event_type: &str, payload: &str, meta: &str) -> String {
    format!(
        r#"{{"seq":{seq},"t":"2025-12-05T10:00:00Z","actor":"agent","type":"{event_type}","payload":{payload},"meta":{meta}}}"#
    )
}

/// A request of an action, with the call ids that `meta` holds.
pub(crate) fn request(seq: u64, action: &str, meta: &str) -> Event<'static> {
    let json = event_json(seq, "action_request", &format!(r#"{{"action":"{action}","params":{{}}}}"#), meta);
    Event::parse(json.as_bytes()).unwrap().into_owned()
}

/// A response, with the call ids that `meta` holds.
pub(crate) fn response(seq: u64, meta: &str) -> Event<'static> {
    let json = event_json(seq, "action_response", r#"{"status":"success"}"#, meta);
    Event::parse(json.as_bytes()).unwrap().into_owned()
}

/// JSON texts, most of them well formed, with what parsers disagree about: repeated keys, escapes, halves of surrogate
/// pairs, large numbers, white space in every place.
pub(crate) fn json_text() -> impl Strategy<Value = String> {
    let space = || prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("\n\t"), 1 => Just("\r\n  ")];
    let pieces = prop::sample::select(vec![
        "a",
        "b",
        "a",
        "c d",
        "/",
        "~",
        "~1",
        "0",
        "é",
        "😀",
        "\u{2028}",
        "\\n",
        "\\t",
        "\\b",
        "\\f",
        "\\r",
        "\\/",
        "\\\\",
        "\\\"",
        "\\u0061",
        "\\u00E9",
        "\\u20ac",
        "\\u0000",
        "\\ud83d\\uDE00",
    ]);
    let spelled = prop::collection::vec(pieces, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()));
    let any_text = any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap());
    let literal = prop_oneof![3 => spelled, 1 => any_text].boxed();
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
        prop::sample::select(vec!["0", "-0", "-0.0", "1e5", "1E+2", "9007199254740993", "1e-400", "0.1"])
            .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        3 => literal.clone(),
        2 => number,
        1 => prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        let padded = (space(), inner, space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let member = (space(), literal.clone(), space(), padded.clone())
            .prop_map(|(before, key, after, value)| format!("{before}{key}{after}:{value}"));
        prop_oneof![
            prop::collection::vec(padded, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// The text with bytes taken out, put in and changed.
pub(crate) fn mutated(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let change =
        (any::<prop::sample::Index>(), 0..4u8, prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]\",:\\u01e.-"[..])]);
    (text, prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (at, what, byte) in changes {
            let at = at.index(bytes.len() + 1);
            match what {
                0 => bytes.insert(at, byte),
                1 => bytes.truncate(at),
                _ if at == bytes.len() => bytes.push(byte),
                2 => bytes[at] = byte,
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}
