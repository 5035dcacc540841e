//! The canonical form of a document: RFC 8785 (JCS). It exists for signatures; what is stored keeps its own bytes.

use crate::document::{Document, Kind};
use crate::error::{Fault, FaultKind, ParseError, shown};
use crate::value::{Number, Value};

/// The largest integer that every JSON reader holds exactly (RFC 7493 section 2.2): 2^53 − 1.
const INTEROPERABLE_MAX: u64 = (1 << 53) - 1;

/// How many faults one answer names: their pointers may be long, so their number must not follow the document's.
const FAULTS_MAX: usize = 16;

/// A document in the canonical form of RFC 8785, when it is I-JSON.
///
/// ```
/// use aop_toon::{Document, Limits, canonical_json};
///
/// let document = Document::parse(br#"{"b": 1.50, "a": [1e3, "\u20ac"]}"#, &Limits::default()).unwrap();
/// assert_eq!(canonical_json(&document).unwrap(), r#"{"a":[1000,"€"],"b":1.5}"#);
///
/// let document = Document::parse(br#"{"id": 9007199254740993}"#, &Limits::default()).unwrap();
/// assert_eq!(canonical_json(&document).unwrap_err().faults()[0].pointer, "/id");
/// ```
///
/// # Errors
/// A fault for each integer beyond ±(2^53 − 1), the first 16 of them: two readers would sign different numbers (RFC 7493).
pub fn canonical_json(document: &Document<'_>) -> Result<String, ParseError> {
    let beyond = document.root().descendants().filter_map(|value| not_interoperable(value, value.as_number()?));
    let faults: Vec<Fault> = beyond.take(FAULTS_MAX).collect();
    if let Some(error) = ParseError::from_faults(faults) {
        return Err(error);
    }
    let mut out = String::with_capacity(document.text().len());
    write_value(document.root(), &mut out);
    Ok(out)
}

fn not_interoperable(value: Value<'_>, number: Number<'_>) -> Option<Fault> {
    let digits = number.lexeme().trim_start_matches('-');
    let fits = !number.is_integer() || digits.parse::<u64>().is_ok_and(|integer| integer <= INTEROPERABLE_MAX);
    (!fits).then(|| Fault {
        kind: FaultKind::NotInteroperable,
        pointer: value.pointer(),
        offset: value.span().start,
        message: format!(
            "the integer {} is beyond ±9007199254740991, so it cannot be signed; send it as a string",
            shown(number.lexeme())
        ),
    })
}

fn write_value(value: Value<'_>, out: &mut String) {
    match value.kind() {
        Kind::Null | Kind::Bool => out.push_str(value.raw()),
        Kind::Number => out.push_str(ryu_js::Buffer::new().format(value.as_number().map_or(0.0, Number::as_f64))),
        Kind::String => write_string(&value.as_str().unwrap_or_default(), out),
        Kind::Array => {
            out.push('[');
            for (index, item) in value.items().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Kind::Object => {
            let mut members: Vec<_> = value.entries().map(|(key, value)| (key.as_str(), value)).collect();
            // RFC 8785 section 3.2.3: by UTF-16 code units, which is not the order of UTF-8 bytes.
            members.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push('{');
            for (index, (key, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(&key, out);
                out.push(':');
                write_value(value, out);
            }
            out.push('}');
        }
    }
}

/// A string as ECMAScript's JSON.stringify writes it, which RFC 8785 section 3.2.2.2 asks for.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < '\u{20}' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}
