//! Which events a pattern means.

use aop_toon::EventType;

use crate::typed::{ActionEvent, ActionName, Pattern};
use crate::value::Truth;

/// The kinds of events that patterns tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Of(EventType),
    RunEnd,
}

/// Whether a pattern means an event with this action. A response whose request is not known has none: it is meant by
/// `response(*)`, and whether it is meant by a name is unknown.
pub(crate) fn matches(pattern: &Pattern, kind: Kind, action: Option<&str>) -> Truth {
    match (pattern, kind) {
        (Pattern::RunEnd, Kind::RunEnd) => Truth::True,
        (Pattern::AnyEvent, Kind::Of(_)) => Truth::True,
        (Pattern::Type(wanted), Kind::Of(found)) => (*wanted == found).into(),
        (Pattern::Action(wanted, names), Kind::Of(found)) => {
            if event_type(*wanted) != found {
                return Truth::False;
            }
            match action {
                Some(action) => names.iter().any(|name| names_action(name, action)).into(),
                None if names.contains(&ActionName::Any) => Truth::True,
                None => Truth::Unknown,
            }
        }
        _ => Truth::False,
    }
}

pub(crate) fn event_type(event: ActionEvent) -> EventType {
    match event {
        ActionEvent::Request => EventType::ActionRequest,
        ActionEvent::Response => EventType::ActionResponse,
    }
}

pub(crate) fn names_action(name: &ActionName, action: &str) -> bool {
    match name {
        ActionName::Exact(exact) => exact == action,
        ActionName::Glob(glob) => is_like(glob, action),
        ActionName::Any => true,
    }
}

/// Whether a glob, in which `*` stands for any characters, means the whole of a name.
fn is_like(glob: &str, name: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        let cases = [
            ("mail.*", "mail.send", true),
            ("mail.*", "mail.", true),
            ("mail.*", "gmail.send", false),
            ("*.delete", "db.delete", true),
            ("*.delete", "db.delete.all", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "a--b--b--c", true),
            ("a*b*c", "acb", false),
            ("a*a", "a", false),
            ("send", "send", true),
            ("send", "sender", false),
            ("*é*", "café au lait", true),
        ];
        for (glob, name, expected) in cases {
            assert_eq!(is_like(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn a_response_without_a_request_is_unknown_to_a_name() {
        let response = |names: &[ActionName]| Pattern::Action(ActionEvent::Response, names.to_vec());
        let kind = Kind::Of(EventType::ActionResponse);
        let exact = ActionName::Exact("pay".to_owned());
        assert_eq!(matches(&response(std::slice::from_ref(&exact)), kind, Some("pay")), Truth::True);
        assert_eq!(matches(&response(std::slice::from_ref(&exact)), kind, None), Truth::Unknown);
        assert_eq!(matches(&response(&[exact.clone(), ActionName::Any]), kind, None), Truth::True);
        assert_eq!(matches(&response(&[exact]), Kind::Of(EventType::ActionRequest), Some("pay")), Truth::False);
    }
}
