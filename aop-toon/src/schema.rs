//! The schema of Toon as tables: the parser, the policy checker and the manual read the same lines.

use crate::document::{Kind, NodeId};
use crate::error::{Fault, FaultKind, shown};
use crate::time::Timestamp;
use crate::value::Value;
use crate::words::{Actor, EventType, Status};

/// One field that Toon knows.
///
/// ```
/// use aop_toon::{EventType, payload_fields};
///
/// let required: Vec<&str> =
///     payload_fields(EventType::ActionRequest).iter().filter(|field| field.required).map(|field| field.name).collect();
/// assert_eq!(required, ["action", "params"]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the JSON object.
    pub name: &'static str,
    /// What it may hold.
    pub shape: Shape,
    /// Whether an event without it, or with null there, is refused.
    pub required: bool,
    /// What it means, in one sentence.
    pub about: &'static str,
}

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A string.
    Text,
    /// A string of 1 to 256 bytes.
    Name,
    /// 1 to 128 characters out of letters, digits, `.`, `_`, `:` and `-`.
    RunId,
    /// A string or an array of up to 256 strings, each of 1 to 256 bytes.
    Names,
    /// An integer from 0 to 2^63−1, written without fraction and exponent.
    Count,
    /// A number that is not negative.
    Measure,
    /// A number from 0 to 1.
    Share,
    /// An RFC 3339 time with an offset.
    Time,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An object.
    Object,
    /// An array.
    Array,
    /// Any JSON, null too.
    Any,
}

const fn required(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, shape, required: true, about }
}

const fn optional(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, shape, required: false, about }
}

/// The fields of an event.
pub static ENVELOPE: &[Field] = &[
    required("seq", Shape::Count, "the event's place in its run; a run starts at 0 or 1"),
    required("t", Shape::Time, "when it happened"),
    required("actor", Shape::Word(Actor::WORDS), "who did or said it"),
    required("type", Shape::Word(EventType::WORDS), "what kind of event it is"),
    required("payload", Shape::Object, "what happened; the type decides its fields"),
    required("meta", Shape::Object, "what is known about the event"),
];

/// The fields of `meta`.
pub static META: &[Field] = &[
    optional("run_id", Shape::RunId, "the run it belongs to"),
    optional("agent_id", Shape::Count, "the agent that runs"),
    optional("call_id", Shape::Names, "ties a response to its request"),
    optional("tool_call_id", Shape::Names, "read where call_id is absent"),
    optional("session_id", Shape::Name, "groups runs"),
    optional("subject_id", Shape::Name, "whose data it is"),
    optional("idempotency_key", Shape::Name, "the same key is the same event, however often it is sent"),
    optional("signature", Shape::Text, "a signature over the canonical event"),
];

static REASONING: &[Field] = &[
    required("thought", Shape::Text, "what was thought or said"),
    optional("goal", Shape::Text, "what it is meant to reach"),
    optional("steps", Shape::Array, "the steps that are planned"),
    optional("plan", Shape::Any, "the strategy"),
];

static ACTION_REQUEST: &[Field] = &[
    required("action", Shape::Name, "the action's name"),
    required("params", Shape::Object, "what it is called with"),
    optional("rationale", Shape::Text, "why the agent wants it"),
];

static ACTION_RESPONSE: &[Field] = &[
    required("status", Shape::Word(Status::WORDS), "how it ended"),
    optional("result", Shape::Any, "what it gave"),
    optional("error", Shape::Text, "why it failed"),
    optional("latency_ms", Shape::Measure, "how long it took, in milliseconds"),
];

static FINAL_OUTPUT: &[Field] = &[
    required("output", Shape::Any, "the answer"),
    optional("summary", Shape::Text, "the answer in short"),
    optional("confidence", Shape::Share, "how sure the agent is"),
];

static ERROR: &[Field] = &[
    required("error_type", Shape::Name, "the kind of error"),
    required("message", Shape::Text, "what failed"),
    optional("stack_trace", Shape::Text, "where it failed"),
];

/// The fields of the payload of events of this type.
pub fn payload_fields(event_type: EventType) -> &'static [Field] {
    match event_type {
        EventType::Reasoning => REASONING,
        EventType::ActionRequest => ACTION_REQUEST,
        EventType::ActionResponse => ACTION_RESPONSE,
        EventType::FinalOutput => FINAL_OUTPUT,
        EventType::Error => ERROR,
    }
}

/// The most strings that an array of [`Shape::Names`] holds: what is looked up for each of them must stay bounded.
const NAMES_MAX: usize = 256;

/// The most fields that one table has.
pub(crate) const FIELDS_MAX: usize = 8;

/// Where a table's fields are in one object, in the table's order; an optional field that is null counts as absent.
pub(crate) type Slots = [Option<NodeId>; FIELDS_MAX];

/// Finds a table's fields in an object and checks them; what is wrong is added to `faults`.
pub(crate) fn read(object: Value<'_>, table: &[Field], faults: &mut Vec<Fault>) -> Slots {
    let mut slots = Slots::default();
    // Senders write fields in the table's order, more or less: the field after the last one is looked at first.
    let mut expected = 0;
    for (key, value) in object.entries() {
        let names = |index: &usize| key.is(table[*index].name);
        let Some(index) = (expected..table.len()).chain(0..expected).find(names) else { continue };
        expected = index + 1;
        let field = &table[index];
        if value.is_null() && !(field.required && matches!(field.shape, Shape::Any)) {
            if field.required {
                faults.push(fault(value, FaultKind::WrongType, wanted(field, "null")));
            }
            slots[index] = field.required.then(|| value.id());
            continue;
        }
        slots[index] = Some(value.id());
        if let Err(fault) = check(field, value) {
            faults.push(fault);
        }
    }
    for (field, slot) in table.iter().zip(slots) {
        if field.required && slot.is_none() {
            let pointer = format!("{}/{}", object.pointer(), field.name);
            let message = format!("`{}` is missing: {}", field.name, field.about);
            faults.push(Fault { kind: FaultKind::MissingField, pointer, offset: object.span().start, message });
        }
    }
    slots
}

/// Refuses a value that its field cannot hold.
fn check(field: &Field, value: Value<'_>) -> Result<(), Fault> {
    let wrong_type = || Err(fault(value, FaultKind::WrongType, wanted(field, value.kind().with_article())));
    let bad = |is: &str| Err(fault(value, FaultKind::BadValue, wanted(field, is)));
    let name_fits = |text: &str| (1..=256).contains(&text.len());
    match field.shape {
        Shape::Any => Ok(()),
        Shape::Object if value.is_object() => Ok(()),
        Shape::Array if value.is_array() => Ok(()),
        Shape::Object | Shape::Array => wrong_type(),
        // The one shape whose strings are long: it is not decoded to be checked.
        Shape::Text if value.kind() == Kind::String => Ok(()),
        Shape::Names if value.is_array() => {
            let count = value.items().count();
            if count > NAMES_MAX {
                return bad(&format!("an array of {count}"));
            }
            match value.items().find(|item| !item.as_str().is_some_and(|text| name_fits(&text))) {
                None => Ok(()),
                Some(item) => {
                    let is = item.as_str().map_or_else(|| item.kind().with_article().to_owned(), |text| quoted(&text));
                    let message = format!("an id in `{}` is {is}; it must be a string of 1 to 256 bytes", field.name);
                    Err(fault(
                        item,
                        if item.as_str().is_some() { FaultKind::BadValue } else { FaultKind::WrongType },
                        message,
                    ))
                }
            }
        }
        Shape::Text | Shape::Name | Shape::Names | Shape::RunId | Shape::Time | Shape::Word(_) => {
            let Some(text) = value.as_str() else { return wrong_type() };
            let fits = match field.shape {
                Shape::Name | Shape::Names => name_fits(&text),
                Shape::RunId => is_run_id(&text),
                Shape::Time => text.parse::<Timestamp>().is_ok(),
                Shape::Word(words) => words.contains(&&*text),
                _ => true,
            };
            if fits { Ok(()) } else { bad(&quoted(&text)) }
        }
        Shape::Count | Shape::Measure | Shape::Share => {
            let Some(number) = value.as_number() else { return wrong_type() };
            let fits = match field.shape {
                // `-0` is an integer that is no count: it has a sign.
                Shape::Count => number.as_u64().is_some_and(|count| i64::try_from(count).is_ok()),
                Shape::Share => (0.0..=1.0).contains(&number.as_f64()),
                _ => number.as_f64() >= 0.0,
            };
            if fits { Ok(()) } else { bad(&shown(number.lexeme())) }
        }
    }
}

/// A string as an error shows it: what cannot be seen in the cut text is said.
fn quoted(text: &str) -> String {
    match text.len() {
        0 => "empty".to_owned(),
        length @ 257.. => format!("`{}`, which has {length} bytes", shown(text)),
        _ => format!("`{}`", shown(text)),
    }
}

/// Whether a text can name a run: it stands in paths of URLs and files as it is.
///
/// ```
/// assert!(aop_toon::is_run_id("a556af2a-6d76-5cdc-8540-1460114b7b8a"));
/// assert!(!aop_toon::is_run_id("../etc"));
/// ```
pub fn is_run_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b'.' | b'_' | b':' | b'-');
    // A fold without an early exit is what the compiler can do for many bytes at once.
    (1..=128).contains(&text.len())
        && text.bytes().fold(true, |all, byte| all & fits(byte))
        && text.bytes().any(|byte| byte != b'.')
}

fn wanted(field: &Field, is: &str) -> String {
    let should_be = match field.shape {
        Shape::Text => "a string".to_owned(),
        Shape::Name => "a string of 1 to 256 bytes".to_owned(),
        Shape::RunId => "1 to 128 letters, digits, `.`, `_`, `:` or `-`, not dots alone".to_owned(),
        Shape::Names => "a string, or an array of up to 256 strings, each of 1 to 256 bytes".to_owned(),
        Shape::Count => "an integer from 0 to 9223372036854775807".to_owned(),
        Shape::Measure => "a number that is not negative".to_owned(),
        Shape::Share => "a number from 0 to 1".to_owned(),
        Shape::Time => "an RFC 3339 time with an offset, such as 2025-12-05T10:00:00Z".to_owned(),
        Shape::Word(words) => format!("one of {}", words.join(", ")),
        Shape::Object => "an object".to_owned(),
        Shape::Array => "an array".to_owned(),
        Shape::Any => "any JSON".to_owned(),
    };
    format!("`{}` is {is}; it must be {should_be}", field.name)
}

fn fault(value: Value<'_>, kind: FaultKind, message: String) -> Fault {
    Fault { kind, pointer: value.pointer(), offset: value.span().start, message }
}

/// The schema as a page of the manual, in Markdown.
pub fn manual() -> String {
    let mut page = String::from("# Toon: the fields of an event\n\nMade from the tables in `aop-toon/src/schema.rs`.\n");
    let sections = std::iter::once(("The event".to_owned(), ENVELOPE))
        .chain(EventType::ALL.iter().map(|&of| (format!("`payload` of `{of}`"), payload_fields(of))))
        .chain(std::iter::once(("`meta`".to_owned(), META)));
    for (title, table) in sections {
        page.push_str(&format!("\n## {title}\n\n| field | holds | needed | meaning |\n|---|---|---|---|\n"));
        for field in table {
            let holds = wanted(field, "");
            let holds = holds.split_once("it must be ").map_or("", |(_, holds)| holds);
            let needed = if field.required { "yes" } else { "" };
            page.push_str(&format!("| `{}` | {holds} | {needed} | {} |\n", field.name, field.about));
        }
    }
    page.push_str("\nAn optional field that is null counts as absent. Fields that no table names are kept, and given back byte for byte.\n");
    page
}

/// Slots that are known to be full, because the table says `required` and [`read`] found no fault.
pub(crate) fn filled(slot: Option<NodeId>) -> NodeId {
    slot.expect("a required field of a checked event is there")
}
