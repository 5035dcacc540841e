//! `shadowed`, `duplicate-rule`: two rules that fire at the same events.

use std::collections::HashMap;

use crate::check::{Checked, Checker, canonical};
use crate::diagnostic::DiagnosticCode;
use crate::typed::{EffectSpec, Rule};

impl Checker<'_, '_, '_> {
    pub(super) fn shadowed(&mut self, rules: &[&Checked<Rule>]) {
        // Of rules with the same body, the first with the strongest effect.
        let mut strongest: HashMap<String, usize> = HashMap::new();
        let bodies: Vec<String> = rules.iter().map(|rule| canonical::body(&rule.typed)).collect();
        for (at, body) in bodies.iter().enumerate() {
            let known = strongest.entry(body.clone()).or_insert(at);
            if rules[at].typed.effect() > rules[*known].typed.effect() {
                *known = at;
            }
        }
        for (at, body) in bodies.iter().enumerate() {
            let other_at = strongest[body];
            let (rule, other) = (rules[at], rules[other_at]);
            if at == other_at {
                continue;
            }
            let name = &rule.typed.name;
            let (code, message) = if rule.typed.effect() < other.typed.effect() {
                let (own, stronger) = (rule.typed.effect(), other.typed.effect());
                let message = format!(
                    "`{name}` fires only where `{}` does, which asks for `{stronger}` and so decides over `{own}`",
                    other.typed.name
                );
                (DiagnosticCode::Shadowed, message)
            } else if effects(&rule.typed) == effects(&other.typed) {
                (DiagnosticCode::DuplicateRule, format!("`{name}` says the same as `{}`", other.typed.name))
            } else {
                continue;
            };
            let related = other.typed.span;
            if let Some(diagnostic) = self.lint(&rule.allowed, code, rule.typed.span, message) {
                diagnostic.related(related, "this one").help("remove it, or change what it asks for");
            }
        }
    }
}

/// What a rule asks for, without places.
fn effects(rule: &Rule) -> Vec<String> {
    let mut texts: Vec<String> = rule
        .effects
        .iter()
        .map(|effect| match effect {
            EffectSpec::Redact(path) => format!("redact{}", canonical::text(path)),
            EffectSpec::RedactDetected(path) => format!("detected{}", canonical::text(path)),
            other => format!("{other:?}"),
        })
        .collect();
    texts.sort_unstable();
    texts
}
