//! `never-produced`: a label or effect that no action has; one that no schema declares is a mistake.

use std::collections::HashSet;

use crate::check::schema::Vocabulary;
use crate::check::{Checked, Checker, canonical};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{BinaryOp, Span};
use crate::typed::{Const, EventField, Expr, ExprKind, Rule};

/// The words that actions of the schema have.
pub(super) struct Produced {
    labels: HashSet<String>,
    effects: HashSet<String>,
}

impl Produced {
    pub(super) fn of(vocabulary: &Vocabulary) -> Self {
        let owned = |words: HashSet<&str>| words.into_iter().map(str::to_owned).collect();
        Self { labels: owned(vocabulary.produced_labels()), effects: owned(vocabulary.produced_effects()) }
    }
}

impl Checker<'_, '_, '_> {
    pub(super) fn produced(&mut self, rule: &Checked<Rule>, produced: &Produced) {
        let mut asked: Vec<(String, Span, bool)> = Vec::new();
        canonical::visit_rule(&rule.typed, &mut |expr| asked.extend(asked_word(expr)));
        for (word, span, is_label) in asked {
            let (what, whose) = if is_label { ("label", "response") } else { ("effect", "request") };
            let (known, has) = if is_label {
                (&self.vocabulary.labels, &produced.labels)
            } else {
                (&self.vocabulary.effects, &produced.effects)
            };
            match known.get(&word) {
                None => self.unknown_word(&word, span, what),
                Some(_) => {
                    if !has.contains(&word) {
                        let message = format!("no action of the schema has the {what} `{word}`, so no {whose} ever has it");
                        if let Some(diagnostic) = self.lint(&rule.allowed, DiagnosticCode::NeverProduced, span, message) {
                            diagnostic.help(format!("mark the actions that have it: `action name(…) : {word};`"));
                        }
                    }
                }
            }
        }
    }
}

/// `"egress" in c.effects`, `w.labels contains "untrusted"`
fn asked_word(expr: &Expr) -> Option<(String, Span, bool)> {
    let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
    let (word, set) = match op {
        BinaryOp::In | BinaryOp::NotIn => (left, right),
        BinaryOp::Contains => (right, left),
        _ => return None,
    };
    let ExprKind::Const(Const::Text(text)) = &word.kind else { return None };
    match &set.kind {
        ExprKind::Event { field: EventField::Labels, .. } => Some((text.to_string(), word.span, true)),
        ExprKind::Event { field: EventField::Effects, .. } => Some((text.to_string(), word.span, false)),
        _ => None,
    }
}
