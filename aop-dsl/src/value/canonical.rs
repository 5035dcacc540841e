//! One text for each value, however it was written.
//!
//! Unlike the form of RFC 8785 (`aop_toon::canonical_json`, for signatures), it keeps numbers of any length exact and sorts
//! members by code points.

use std::fmt::Write;

use super::Value;
use super::quantity::{show_duration, show_size};
use super::view::{View, sorted_members};

/// The value as JSON in one form: members sorted by name, numbers in their shortest exact form, no white space. Times,
/// durations and the like are texts.
pub(crate) fn canonical_text(value: &Value<'_>) -> String {
    let mut out = String::new();
    write(&View::of(value), &mut out);
    out
}

/// A text as it is, everything else as its canonical text without quotes.
pub(crate) fn plain_text(value: &Value<'_>) -> String {
    match View::of(value) {
        View::List(_) | View::Object(_) => canonical_text(value),
        scalar => scalar_text(&scalar),
    }
}

pub(super) fn write(view: &View<'_>, out: &mut String) {
    match view {
        View::Text(text) => write_string(text, out),
        View::List(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(&item, out);
            }
            out.push(']');
        }
        View::Object(object) => {
            out.push('{');
            for (index, (key, value)) in sorted_members(*object).into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(&key, out);
                out.push(':');
                write(&View::of_json(value), out);
            }
            out.push('}');
        }
        View::Null | View::Bool(_) | View::Number(_) => out.push_str(&scalar_text(view)),
        other => write_string(&scalar_text(other), out),
    }
}

/// What is neither a list nor an object, without quotes.
pub(super) fn scalar_text(view: &View<'_>) -> String {
    match view {
        View::Null => "null".to_owned(),
        View::Bool(truth) => truth.to_string(),
        View::Number(number) => {
            let mut out = String::new();
            number.write(&mut out);
            out
        }
        View::Text(text) => text.to_string(),
        View::Time(time) => time.to_string(),
        View::Duration(micros) => show_duration(*micros),
        View::Size(bytes) => show_size(*bytes),
        View::Ip(ip) => ip.to_string(),
        View::Network(network) => network.to_string(),
        View::Pattern(_, text) => (*text).to_owned(),
        View::Detection(detection) => format!("{} found, score {}", detection.count, detection.score.normalize()),
        View::Digest(_) => "(too long to be remembered)".to_owned(),
        View::List(_) | View::Object(_) => String::new(),
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| matches!(character, '"' | '\\' | '\0'..='\x1f')) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        match special.as_bytes()[0] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            // A String takes whatever is written to it.
            control => drop(write!(out, "\\u{control:04x}")),
        }
        rest = &special[1..];
    }
    out.push_str(rest);
    out.push('"');
}
