//! The rules of recognizers that are not ours.

use std::sync::{Mutex, PoisonError};

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::recognizer::{Look, Recognizer};

/// What tells one rule that is not ours from another.
#[derive(Debug, PartialEq)]
pub(crate) struct Described {
    pub(crate) id: String,
    pub(crate) entity: String,
    pub(crate) severity: Severity,
    pub(crate) effect: Option<Effect>,
    pub(crate) summary: String,
    pub(crate) source: &'static str,
}

/// The recognizer of this description.
///
/// Hits and findings name their rule by a reference that lives as long as the process, since all rules but these are part of the
/// program. So these are kept for as long, each once: settings that are built again, however often, keep nothing new.
pub(crate) fn recognizer(described: &Described) -> &'static Recognizer {
    static KEPT: Mutex<Vec<&'static Recognizer>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |known: &&&'static Recognizer| {
        let rule = known.rule;
        known.entity == described.entity
            && (rule.id, rule.summary, rule.source) == (&described.id, &described.summary, described.source)
            && (rule.severity, rule.effect) == (described.severity, described.effect)
    };
    if let Some(known) = kept.iter().find(is_it) {
        return known;
    }
    let rule = Rule {
        id: described.id.clone().leak(),
        severity: described.severity,
        effect: described.effect,
        summary: described.summary.clone().leak(),
        why: "Whoever runs this asks for it.",
        source: described.source,
        ..Rule::PII
    };
    let recognizer: &'static Recognizer = Box::leak(Box::new(Recognizer {
        rule: Box::leak(Box::new(rule)),
        entity: described.entity.clone().leak(),
        region: None,
        look: Look::Custom,
        hits: &[],
        misses: &[],
    }));
    kept.push(recognizer);
    recognizer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rule_is_kept_once() {
        let described = |severity| Described {
            id: "custom/interned-once".into(),
            entity: "INTERNED_ONCE".into(),
            severity,
            effect: None,
            summary: "interned once".into(),
            source: "the test",
        };
        let first = recognizer(&described(Severity::Error));
        assert!(std::ptr::eq(first, recognizer(&described(Severity::Error))));
        assert!(!std::ptr::eq(first, recognizer(&described(Severity::Info))));
    }
}
