//! Which events a pattern names.

use aop_toon::EventType;

use super::expression::Binding;
use super::past::Seen;
use crate::typed::{ActionEvent, ActionName, EventMatch, Pattern};
use crate::value::Truth;

/// "`request`, `response`, `reasoning`, `final`, `error`, `event`, `run_end`": whether the event is one of these and meets the
/// condition, with Kleene's `and`.
pub(super) fn met<'e>(event: &'e EventMatch, seen: &'e Seen, binding: &Binding<'e>) -> Truth {
    match is_meant(&event.pattern, seen) {
        Truth::False => Truth::False,
        meant => meant.and(binding.with(event.slot, seen).truth(&event.condition)),
    }
}

pub(super) fn is_meant(pattern: &Pattern, seen: &Seen) -> Truth {
    match pattern {
        Pattern::Action(kind, names) => {
            let wanted = match kind {
                ActionEvent::Request => EventType::ActionRequest,
                ActionEvent::Response => EventType::ActionResponse,
            };
            if seen.event.event_type() != wanted {
                return Truth::False;
            }
            names.iter().fold(Truth::False, |truth, name| truth.or(is_named(name, seen.action.as_deref())))
        }
        Pattern::Type(event_type) => (seen.event.event_type() == *event_type).into(),
        Pattern::AnyEvent => Truth::True,
        Pattern::RunEnd => Truth::False,
    }
}

/// "Patterns of actions may use `|`, `*` and globs." A response whose request is not known may be of any action.
fn is_named(name: &ActionName, action: Option<&str>) -> Truth {
    match (name, action) {
        (ActionName::Any, _) => Truth::True,
        (ActionName::Exact(name), Some(action)) => (name == action).into(),
        (ActionName::Glob(glob), Some(action)) => is_like(glob.as_bytes(), action.as_bytes()).into(),
        (_, None) => Truth::Unknown,
    }
}

/// `*` stands for any characters; the whole name must match.
fn is_like(glob: &[u8], name: &[u8]) -> bool {
    match glob.split_first() {
        None => name.is_empty(),
        Some((b'*', rest)) => (0..=name.len()).any(|skipped| is_like(rest, &name[skipped..])),
        Some((first, rest)) => name.split_first().is_some_and(|(other, name)| first == other && is_like(rest, name)),
    }
}
