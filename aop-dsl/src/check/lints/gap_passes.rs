//! `gap-passes`: a rule that refuses what is *not* something asks it of a value that a function, or a caller, may not give.
//!
//! `c.params.url.host not in ours` is false of a `mailto:` URL, which has no host: what is absent makes its comparison false, and
//! the rule lets it pass. `not (c.params.url.host in ours)` refuses it.

use std::collections::HashSet;

use super::conditions;
use crate::builtins::BUILTINS;
use crate::check::{Checked, Checker, canonical};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{BinaryOp, Span};
use crate::typed::{EventField, Expr, ExprKind, Rule};
use crate::types::Type;

/// A comparison that is false where there is nothing.
struct Gap {
    whole: Span,
    op: BinaryOp,
    sides: [Span; 2],
    /// The side that may be nothing.
    absent: Span,
}

impl Checker<'_, '_, '_> {
    /// Looks at the conditions of a rule that refuses, and at the functions of this package that they call. `told` are the
    /// comparisons that other rules were told of.
    pub(super) fn gap_passes(&mut self, rule: &Checked<Rule>, told: &mut HashSet<Span>) {
        if rule.typed.effect().accepts() {
            return;
        }
        let mut gaps = Vec::new();
        for (condition, sense) in conditions(&rule.typed) {
            self.gaps(condition, sense.negated, &mut gaps);
        }
        for Gap { whole, op, sides: [left, right], absent } in gaps {
            if !told.insert(whole) {
                continue;
            }
            let (quoted, absent) = (self.quote(whole), self.quote(absent));
            let positive = if op == BinaryOp::NotIn { "in" } else { "==" };
            let mended = format!("not ({} {positive} {})", self.quote(left), self.quote(right));
            let fix = format!("not ({} {positive} {})", self.written(left), self.written(right));
            let message = format!("where there is no `{absent}`, `{quoted}` is false, and the rule lets it pass");
            if let Some(diagnostic) = self.lint(&rule.allowed, DiagnosticCode::GapPasses, whole, message) {
                diagnostic
                    .help(format!("`{mended}` refuses that too; `has {absent} and …` says that it may pass"))
                    .fix(whole, fix);
            }
        }
    }

    fn gaps(&self, condition: &Expr, negated: bool, gaps: &mut Vec<Gap>) {
        let asked = asked_for(condition);
        let mut called = HashSet::new();
        let mut rest = vec![(condition, negated)];
        while let Some((expr, negated)) = rest.pop() {
            match &expr.kind {
                ExprKind::Not(inner) => {
                    rest.push((inner, !negated));
                    continue;
                }
                ExprKind::Binary { op: op @ (BinaryOp::NotIn | BinaryOp::NotEqual), left, right } if !negated => {
                    let sides = [&**left, &**right];
                    if let Some(absent) = sides.into_iter().find(|side| may_give_nothing(side) && !is_asked(&asked, side)) {
                        gaps.push(Gap {
                            whole: expr.span,
                            op: *op,
                            sides: sides.map(|side| side.span),
                            absent: absent.span,
                        });
                    }
                }
                ExprKind::Call { function, .. } => {
                    let function = &self.world.functions[function.0 as usize];
                    let is_own = function.name.rsplit_once('.').is_some_and(|(package, _)| package == self.package);
                    if is_own && called.insert((&function.name, negated)) {
                        rest.push((&function.body, negated));
                    }
                }
                _ => {}
            }
            rest.extend(expr.children().into_iter().map(|part| (part, negated)));
        }
    }
}

/// The expressions of which a condition asks whether they are there, as texts.
fn asked_for(condition: &Expr) -> HashSet<String> {
    let mut asked = HashSet::new();
    canonical::visit(condition, &mut |part| {
        if let ExprKind::Has(inner) = &part.kind {
            asked.insert(canonical::text(inner));
        }
    });
    asked
}

fn is_asked(asked: &HashSet<String>, expr: &Expr) -> bool {
    let mut is_asked = false;
    canonical::visit(expr, &mut |part| {
        is_asked |= gives_nothing_itself(part) && asked.contains(&canonical::text(part));
    });
    is_asked
}

/// Whether an expression may be absent because a function in it gives nothing, though all that it is given is there.
fn may_give_nothing(expr: &Expr) -> bool {
    gives_nothing_itself(expr)
        || match &expr.kind {
            ExprKind::Builtin { arguments, .. } => arguments.iter().flatten().any(may_give_nothing),
            ExprKind::Field { base, .. } | ExprKind::Cast(base) | ExprKind::Negate(base) => may_give_nothing(base),
            ExprKind::Binary { op: BinaryOp::Else, right, .. } => may_give_nothing(right),
            ExprKind::Binary { left, right, .. } if !matches!(expr.ty.required(), Type::Bool) => {
                may_give_nothing(left) || may_give_nothing(right)
            }
            _ => false,
        }
}

fn gives_nothing_itself(expr: &Expr) -> bool {
    let (builtin, arguments) = match &expr.kind {
        ExprKind::Builtin { builtin, arguments } => (builtin, arguments),
        // Nobody has to say in what role he sends an event.
        ExprKind::Event { field: EventField::PrincipalRole | EventField::PrincipalOrganisation, .. } => return true,
        _ => return false,
    };
    let types: Vec<Option<&Type>> =
        arguments.iter().map(|argument| argument.as_ref().map(|argument| argument.ty.required())).collect();
    BUILTINS.get(*builtin).is_some_and(|builtin| (builtin.result)(&types).is_optional())
}
