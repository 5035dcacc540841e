//! Lints: what is allowed, but probably not meant. They look at policies without mistakes only; most are warnings, which
//! `@allow(name)` silences for a rule.

mod addresses;
mod class;
mod domain_regex;
mod domain_text;
mod plain_regex;
mod produced;
mod satisfiable;
mod shadow;
mod untested;
mod unused;
mod windows;

use super::{Checked, Checker};
use crate::syntax::ast::{self, BinaryOp};
use crate::typed::{BatchRule, Clause, ClauseKind, Const, Expr, ExprKind, Rule};

/// How the looks at an expression stand to a rule's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sense {
    /// Whether the rule refuses events, or whether that is not known: in a function.
    refuses: bool,
    /// Whether the rule fires when the expression is false, so that a pattern that takes too much lets too much pass; so it is
    /// counted in a function, of which that is not known.
    negated: bool,
}

impl Checker<'_, '_, '_> {
    pub(super) fn lints(&mut self, file: &ast::File, rules: &[Checked<Rule>], batch_rules: &[Checked<BatchRule>]) {
        self.unused_definitions(file, rules, batch_rules);
        self.untested(file, rules, batch_rules);
        self.shadowed(rules);
        let produced = produced::Produced::of(&self.vocabulary);
        for rule in rules {
            self.windows(rule);
            self.satisfiable(rule);
            self.produced(rule, &produced);
            let refuses = !rule.typed.effect().accepts();
            let sense = Sense { refuses, negated: false };
            self.text_lints(&rule.allowed, &rule.typed.trigger.condition, sense);
            for clause in &rule.typed.clauses {
                self.clause_lints(rule, clause, sense);
            }
        }
        let sense = Sense { refuses: true, negated: true };
        let own = format!("{}.", self.package);
        let bodies: Vec<Expr> = self
            .world
            .functions
            .iter()
            .filter(|function| function.name.strip_prefix(&own).is_some_and(|name| !name.contains('.')))
            .map(|function| function.body.clone())
            .collect();
        let allowed = super::annotations::Allowed::default();
        for body in &bodies {
            self.text_lints(&allowed, body, sense);
        }
    }

    fn clause_lints(&mut self, rule: &Checked<Rule>, clause: &Clause, sense: Sense) {
        let flipped = |flip: bool| Sense { negated: sense.negated != flip, ..sense };
        match &clause.kind {
            ClauseKind::Condition(condition) => self.text_lints(&rule.allowed, condition, flipped(clause.negated)),
            ClauseKind::After { event, .. } | ClauseKind::Expect { event, .. } => {
                self.text_lints(&rule.allowed, &event.condition, flipped(clause.negated));
            }
            ClauseKind::Without { event, .. } => self.text_lints(&rule.allowed, &event.condition, flipped(!clause.negated)),
            ClauseKind::Seq { steps, .. } => {
                for step in steps {
                    self.text_lints(&rule.allowed, &step.condition, flipped(clause.negated));
                }
            }
            ClauseKind::Aggregate(aggregate) => {
                self.text_lints(&rule.allowed, &aggregate.event.condition, flipped(clause.negated));
            }
            ClauseKind::Cycle(_) => {}
        }
    }

    /// The lints about patterns and texts, on every comparison of a condition.
    fn text_lints(&mut self, allowed: &super::annotations::Allowed, condition: &Expr, sense: Sense) {
        let mut rest = vec![(condition, sense)];
        while let Some((expr, sense)) = rest.pop() {
            match &expr.kind {
                ExprKind::Not(inner) => rest.push((inner, Sense { negated: !sense.negated, ..sense })),
                ExprKind::Binary { op, left, right } => {
                    if let ExprKind::Const(known) = &right.kind {
                        self.text_lint(allowed, *op, left, right, known, sense);
                    }
                    rest.extend([(&**right, sense), (&**left, sense)]);
                }
                _ => rest.extend(expr.children().into_iter().rev().map(|part| (part, sense))),
            }
        }
    }

    fn text_lint(
        &mut self,
        allowed: &super::annotations::Allowed,
        op: BinaryOp,
        value: &Expr,
        pattern: &Expr,
        known: &Const,
        sense: Sense,
    ) {
        use crate::types::PatternKind;
        match (op, known) {
            (BinaryOp::Matches, Const::Pattern(PatternKind::Regex, text)) => {
                if self.misused_class(allowed, value, pattern, text, sense) {
                    return;
                }
                if !self.domain_regex(allowed, value, pattern, text, sense) {
                    self.plain_regex(allowed, value, pattern, text);
                }
            }
            (BinaryOp::Matches, Const::Pattern(PatternKind::Glob, text)) => {
                self.domain_glob(allowed, value, pattern, text, sense);
            }
            (BinaryOp::Contains | BinaryOp::StartsWith | BinaryOp::EndsWith, Const::Text(text)) => {
                self.domain_text(allowed, op, value, pattern, text, sense);
            }
            _ => {}
        }
    }
}
