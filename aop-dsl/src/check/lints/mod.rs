//! Lints: what is allowed, but probably not meant. They look at rules without mistakes only, and those that look at a whole policy
//! (what nothing mentions, what has no test) at policies without mistakes; most are warnings, which `@allow(name)` silences for a
//! rule.

mod addresses;
mod class;
mod domain_regex;
mod domain_text;
mod gap_passes;
mod path_glob;
mod plain_regex;
mod produced;
mod satisfiable;
mod shadow;
mod undeclared;
mod untested;
mod unused;
mod windows;

use std::collections::HashSet;

pub(super) use undeclared::undeclared;
pub(crate) use undeclared::warn as warn_of_undeclared;

use super::{Checked, Checker, canonical};
use crate::syntax::ast::{self, BinaryOp};
use crate::typed::{BatchRule, ClauseKind, Const, Expr, ExprKind, Rule};
use crate::types::Type;

/// How the looks at an expression stand to a rule's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sense {
    /// Whether the rule refuses events, or whether that is not known: in a function.
    refuses: bool,
    /// Whether the rule fires when the expression is false, so that a pattern that takes too much lets too much pass; so it is
    /// counted in a function, of which that is not known.
    negated: bool,
}

/// The conditions that decide whether a rule fires.
fn conditions(rule: &Rule) -> Vec<(&Expr, Sense)> {
    let refuses = !rule.effect().accepts();
    let mut found = vec![(&rule.trigger.condition, Sense { refuses, negated: false })];
    for clause in &rule.clauses {
        let is_without = matches!(clause.kind, ClauseKind::Without { .. });
        let sense = Sense { refuses, negated: clause.negated != is_without };
        match &clause.kind {
            ClauseKind::Condition(condition) => found.push((condition, sense)),
            ClauseKind::After { event, .. } | ClauseKind::Without { event, .. } | ClauseKind::Expect { event, .. } => {
                found.push((&event.condition, sense));
            }
            ClauseKind::Seq { steps, .. } => found.extend(steps.iter().map(|step| (&step.condition, sense))),
            ClauseKind::Aggregate(aggregate) => found.push((&aggregate.event.condition, sense)),
            ClauseKind::Cycle(_) => {}
        }
    }
    found
}

impl Checker<'_, '_, '_> {
    pub(super) fn lints(&mut self, file: &ast::File, rules: &[Checked<Rule>], batch_rules: &[Checked<BatchRule>]) {
        if !self.sink.has_errors() {
            self.unused_definitions(file, rules, batch_rules);
            self.untested(file, rules, batch_rules);
        }
        let whole: Vec<&Checked<Rule>> = rules.iter().filter(|rule| is_whole(&rule.typed)).collect();
        self.shadowed(&whole);
        let produced = self.schema_is_whole(file).then(|| produced::Produced::of(&self.vocabulary));
        let mut gaps_told = HashSet::new();
        for rule in whole {
            self.windows(rule);
            self.satisfiable(rule);
            if let Some(produced) = &produced {
                self.produced(rule, produced);
            }
            for (condition, sense) in conditions(&rule.typed) {
                self.text_lints(&rule.allowed, condition, sense);
            }
            self.gap_passes(rule, &mut gaps_told);
        }
        let sense = Sense { refuses: true, negated: true };
        let own = format!("{}.", self.package);
        let bodies: Vec<Expr> = self
            .world
            .functions
            .iter()
            .filter(|function| function.name.strip_prefix(&own).is_some_and(|name| !name.contains('.')))
            .filter(|function| is_whole_expr(&function.body))
            .map(|function| function.body.clone())
            .collect();
        let allowed = super::annotations::Allowed::default();
        for body in &bodies {
            self.text_lints(&allowed, body, sense);
        }
    }

    /// Whether all words and actions that rules may ask for are known.
    fn schema_is_whole(&self, file: &ast::File) -> bool {
        let is_broken = |item: &ast::Item| matches!(item, ast::Item::Schema(schema) if schema.is_broken);
        self.definitions.broken_imports.is_empty() && !file.items.iter().any(is_broken)
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
                self.path_glob(allowed, value, pattern.span, text);
            }
            (BinaryOp::Contains | BinaryOp::StartsWith | BinaryOp::EndsWith, Const::Text(text)) => {
                self.domain_text(allowed, op, value, pattern, text, sense);
            }
            _ => {}
        }
    }
}

/// Whether a rule mentions nothing whose own mistake was told elsewhere.
fn is_whole(rule: &Rule) -> bool {
    let mut is_whole = true;
    canonical::visit_rule(rule, &mut |expr| is_whole &= expr.ty != Type::Error);
    is_whole
}

fn is_whole_expr(expr: &Expr) -> bool {
    let mut is_whole = true;
    canonical::visit(expr, &mut |expr| is_whole &= expr.ty != Type::Error);
    is_whole
}
