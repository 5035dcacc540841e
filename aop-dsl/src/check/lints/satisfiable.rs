//! `never-fires`, `always-true`: conditions that contradict themselves, and conditions that always hold.
//!
//! A condition is taken apart at its `and`s; what is said of the same path is put together. Either it leaves a few values
//! (`==`, `in`, the words of an enum), which are tried one by one, or it leaves a range.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::check::{Checked, Checker, canonical, fold};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{BinaryOp, Span};
use crate::typed::{ClauseKind, Const, EventMatch, Expr, ExprKind, Rule};
use crate::types::Type;
use crate::value;

/// How many pairs of a value and a comparison are tried for one path.
const TRIES_MAX: usize = 20_000;

impl Checker<'_, '_, '_> {
    pub(super) fn satisfiable(&mut self, rule: &Checked<Rule>) {
        let mut about_trigger: Vec<&Expr> = vec![&rule.typed.trigger.condition];
        let mut past: HashMap<String, (bool, Span)> = HashMap::new();
        for clause in &rule.typed.clauses {
            match &clause.kind {
                ClauseKind::Condition(condition) if !clause.negated => about_trigger.push(condition),
                ClauseKind::Condition(condition) => self.satisfiable_alone(rule, condition, true),
                ClauseKind::After { event, window, scope } => {
                    self.satisfiable_event(rule, event, clause.negated);
                    let key = format!("{window:?}{scope:?}{}", own_text(event));
                    self.after_and_without(rule, &mut past, key, !clause.negated, clause.span);
                }
                ClauseKind::Without { event, window, scope } => {
                    self.satisfiable_event(rule, event, !clause.negated);
                    let key = format!("{window:?}{scope:?}{}", own_text(event));
                    self.after_and_without(rule, &mut past, key, clause.negated, clause.span);
                }
                ClauseKind::Expect { event, .. } => self.satisfiable_event(rule, event, false),
                ClauseKind::Seq { steps, .. } => {
                    for step in steps {
                        self.satisfiable_event(rule, step, clause.negated);
                    }
                }
                ClauseKind::Aggregate(aggregate) => self.satisfiable_event(rule, &aggregate.event, clause.negated),
                ClauseKind::Cycle(_) => {}
            }
        }
        let conjuncts: Vec<Literal<'_>> =
            about_trigger.into_iter().flat_map(|condition| literals(condition, true)).collect();
        if let Some(found) = contradiction(&conjuncts) {
            self.contradicts(rule, &found, "this rule never fires", DiagnosticCode::NeverFires);
        }
        for conjunct in &conjuncts {
            self.tautology(rule, conjunct);
        }
    }

    fn satisfiable_event(&mut self, rule: &Checked<Rule>, event: &EventMatch, negated: bool) {
        self.satisfiable_alone(rule, &event.condition, negated);
    }

    /// A condition of an event of a clause, or behind `unless`: with `negated`, one that never holds takes nothing away.
    fn satisfiable_alone(&mut self, rule: &Checked<Rule>, condition: &Expr, negated: bool) {
        let conjuncts = literals(condition, true);
        if let Some(found) = contradiction(&conjuncts) {
            let (effect, code) = if negated {
                ("so it never matters", DiagnosticCode::AlwaysTrue)
            } else {
                ("so this rule never fires", DiagnosticCode::NeverFires)
            };
            self.contradicts(rule, &found, effect.trim_start_matches("so "), code);
        }
        for conjunct in &conjuncts {
            self.tautology(rule, conjunct);
        }
    }

    fn contradicts(&mut self, rule: &Checked<Rule>, found: &Contradiction, effect: &str, code: DiagnosticCode) {
        let second = self.quote(found.second);
        let message = match found.first {
            Some(first) if self.quote(first) == second => {
                format!("`{second}` is asked to hold and not to hold, so {effect}")
            }
            Some(first) => format!("`{}` and `{second}` cannot both hold, so {effect}", self.quote(first)),
            None => format!("`{second}` never holds, so {effect}"),
        };
        let first = found.first;
        if let Some(diagnostic) = self.lint(&rule.allowed, code, found.second, message)
            && let Some(first) = first
        {
            diagnostic.related(first, "this one");
        }
    }

    /// `x != 1 or x != 2`: one of them always holds.
    fn tautology(&mut self, rule: &Checked<Rule>, conjunct: &Literal<'_>) {
        let is_junction = matches!(&conjunct.expr.kind, ExprKind::Binary { op: BinaryOp::Or | BinaryOp::And, .. });
        let is_constant = matches!(conjunct.expr.kind, ExprKind::Const(Const::Bool(_))) && conjunct.is_written;
        if is_constant {
            if conjunct.holds == matches!(conjunct.expr.kind, ExprKind::Const(Const::Bool(true))) {
                let message = format!("`{}` always holds", self.quote(conjunct.expr.span));
                self.lint(&rule.allowed, DiagnosticCode::AlwaysTrue, conjunct.expr.span, message);
            }
            return;
        }
        if !is_junction {
            return;
        }
        let negated = literals(conjunct.expr, !conjunct.holds);
        if negated.len() > 1
            && let Some(found) = contradiction(&negated)
        {
            let second = self.quote(found.second);
            let message = match found.first {
                Some(first) => format!("`{}` or `{second}` always holds", self.quote(first)),
                None => format!("`{second}` always holds"),
            };
            self.lint(&rule.allowed, DiagnosticCode::AlwaysTrue, conjunct.expr.span, message);
        }
    }

    /// The same event asked for and ruled out.
    fn after_and_without(
        &mut self,
        rule: &Checked<Rule>,
        past: &mut HashMap<String, (bool, Span)>,
        key: String,
        asked_for: bool,
        span: Span,
    ) {
        match past.get(&key) {
            Some((known, first)) if *known != asked_for => {
                let first = *first;
                let message = "the same event is asked for and ruled out, so this rule never fires";
                if let Some(diagnostic) = self.lint(&rule.allowed, DiagnosticCode::NeverFires, span, message) {
                    diagnostic.related(first, "this one");
                }
            }
            _ => {
                past.insert(key, (asked_for, span));
            }
        }
    }
}

/// An event's text, the same in every slot.
fn own_text(event: &EventMatch) -> String {
    let mut text = String::new();
    canonical::write_event(&mut text, event);
    text.replace(&format!("{:?}", event.slot), "own")
}

/// A part of a condition that must hold, or must not.
#[derive(Debug, Clone, Copy)]
struct Literal<'e> {
    expr: &'e Expr,
    holds: bool,
    /// It stands in the policy; a condition that was left out does not.
    is_written: bool,
}

/// Two parts that contradict each other, or one that contradicts itself.
#[derive(Debug)]
struct Contradiction {
    first: Option<Span>,
    second: Span,
}

/// What must hold when the condition does: its parts, taken apart at `and` (at `or` where it must not hold).
fn literals(condition: &Expr, holds: bool) -> Vec<Literal<'_>> {
    let mut found = Vec::new();
    let mut rest = vec![(condition, holds)];
    while let Some((expr, holds)) = rest.pop() {
        match &expr.kind {
            ExprKind::Binary { op: BinaryOp::And, left, right } if holds => rest.extend([(&**right, true), (&**left, true)]),
            ExprKind::Binary { op: BinaryOp::Or, left, right } if !holds => {
                rest.extend([(&**right, false), (&**left, false)])
            }
            ExprKind::Not(inner) => rest.push((inner, !holds)),
            _ => {
                // `true` that stands for a condition that was left out has the place of the pattern, which holds more than it.
                let is_written = !(matches!(expr.kind, ExprKind::Const(Const::Bool(true)))
                    && expr.span.end - expr.span.start > 4)
                    || found.len() + rest.len() > 0;
                found.push(Literal { expr, holds, is_written });
            }
        }
    }
    found
}

/// What is said of one path.
#[derive(Default)]
struct Said<'e> {
    ty: Option<&'e Type>,
    comparisons: Vec<(BinaryOp, &'e Expr, Span)>,
}

fn contradiction(literals: &[Literal<'_>]) -> Option<Contradiction> {
    let mut seen: HashMap<String, (bool, Span)> = HashMap::new();
    let mut paths: HashMap<String, Said<'_>> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    for literal in literals {
        let span = literal.expr.span;
        if let ExprKind::Const(Const::Bool(truth)) = literal.expr.kind {
            if truth != literal.holds {
                return Some(Contradiction { first: None, second: span });
            }
            continue;
        }
        let text = canonical::text(literal.expr);
        match seen.get(&text) {
            Some((holds, first)) if *holds != literal.holds => {
                return Some(Contradiction { first: Some(*first), second: span });
            }
            Some(_) => continue,
            None => {
                seen.insert(text, (literal.holds, span));
            }
        }
        if let ExprKind::Binary { op, left, right } = &literal.expr.kind
            && let Some((op, path, known)) = comparison(*op, left, right)
            && let Some(op) = if literal.holds { Some(op) } else { opposite(op) }
        {
            let key = canonical::text(path);
            let said = paths.entry(key.clone()).or_insert_with(|| {
                order.push(key);
                Said::default()
            });
            said.ty = Some(path.ty.required());
            said.comparisons.push((op, known, span));
        }
    }
    order.iter().find_map(|path| impossible(&paths[path]))
}

/// A path compared with a constant, the path on the left.
fn comparison<'e>(op: BinaryOp, left: &'e Expr, right: &'e Expr) -> Option<(BinaryOp, &'e Expr, &'e Expr)> {
    use BinaryOp::{Contains, EndsWith, Equal, Greater, GreaterEqual, In, Less, LessEqual, NotEqual, NotIn, StartsWith};
    let is_constant = |expr: &Expr| matches!(expr.kind, ExprKind::Const(_));
    match op {
        Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual | In | NotIn | Contains | StartsWith | EndsWith
            if is_constant(right) && !is_constant(left) =>
        {
            Some((op, left, right))
        }
        Equal | NotEqual if is_constant(left) => Some((op, right, left)),
        Less if is_constant(left) => Some((Greater, right, left)),
        LessEqual if is_constant(left) => Some((GreaterEqual, right, left)),
        Greater if is_constant(left) => Some((Less, right, left)),
        GreaterEqual if is_constant(left) => Some((LessEqual, right, left)),
        _ => None,
    }
}

fn opposite(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Equal => BinaryOp::NotEqual,
        BinaryOp::NotEqual => BinaryOp::Equal,
        BinaryOp::Less => BinaryOp::GreaterEqual,
        BinaryOp::LessEqual => BinaryOp::Greater,
        BinaryOp::Greater => BinaryOp::LessEqual,
        BinaryOp::GreaterEqual => BinaryOp::Less,
        BinaryOp::In => BinaryOp::NotIn,
        BinaryOp::NotIn => BinaryOp::In,
        _ => return None,
    })
}

/// Whether no value is all that is said of it.
fn impossible(said: &Said<'_>) -> Option<Contradiction> {
    let ty = said.ty?;
    if let Some((_, _, span)) = said.comparisons.iter().find(|(op, list, _)| {
        *op == BinaryOp::In && matches!(&list.kind, ExprKind::Const(Const::List(items)) if items.is_empty())
    }) {
        return Some(Contradiction { first: None, second: *span });
    }
    if said.comparisons.len() < 2 && !matches!(ty, Type::Enum(_)) {
        return None;
    }
    match candidates(said, ty)? {
        Some((candidates, first)) => {
            let tries: usize = said.comparisons.iter().map(|(_, known, _)| members(known)).sum();
            if candidates.len().saturating_mul(tries) > TRIES_MAX {
                return None;
            }
            let mut second = None;
            for candidate in &candidates {
                let failed = said.comparisons.iter().find(|(op, known, _)| !may_hold(*op, candidate, known, ty))?;
                second = Some(failed.2);
            }
            let second = second?;
            let first = first.filter(|first| *first != second);
            let first = first.or_else(|| said.comparisons.iter().map(|(_, _, span)| *span).find(|span| *span != second));
            Some(Contradiction { first, second })
        }
        None => empty_range(said, ty),
    }
}

/// How many constants one is.
fn members(known: &Expr) -> usize {
    match &known.kind {
        ExprKind::Const(Const::List(items)) => items.len().max(1),
        _ => 1,
    }
}

/// Values, and the comparison that leaves only them.
type Candidates = (Vec<Const>, Option<Span>);

/// The only values that are possible, `Some(None)` when they cannot be told, nothing when they are too many.
fn candidates(said: &Said<'_>, ty: &Type) -> Option<Option<Candidates>> {
    for (op, known, span) in &said.comparisons {
        let ExprKind::Const(value) = &known.kind else { continue };
        match (op, value) {
            (BinaryOp::Equal, value) => return Some(Some((vec![value.clone()], Some(*span)))),
            (BinaryOp::In, Const::List(items)) if items.len() > TRIES_MAX => return None,
            // An entry of a set may stand for many values.
            (BinaryOp::In, Const::List(items))
                if !matches!(ty, Type::Domain | Type::Path | Type::Ip) && members_are_values(known, ty) =>
            {
                return Some(Some((items.to_vec(), Some(*span))));
            }
            _ => {}
        }
    }
    match ty {
        Type::Enum(words) => Some(Some((words.iter().map(|word| Const::Text(word.as_str().into())).collect(), None))),
        _ => Some(None),
    }
}

fn members_are_values(list: &Expr, ty: &Type) -> bool {
    match list.ty.required() {
        Type::List(item) | Type::Set(item) => crate::check::expr::comparable(item, ty),
        _ => false,
    }
}

/// Whether a comparison may hold for this value; so it does when that cannot be told.
fn may_hold(op: BinaryOp, value: &Const, known: &Expr, ty: &Type) -> bool {
    let candidate = Expr { kind: ExprKind::Const(value.clone()), ty: ty.clone(), span: known.span };
    let among = |list: &Const| match list {
        Const::List(items) if members_are_values(known, ty) => {
            let item = |item: &Const| Expr { kind: ExprKind::Const(item.clone()), ty: ty.clone(), span: known.span };
            Some(items.iter().any(|entry| {
                !matches!(fold::binary(BinaryOp::Equal, &candidate, &item(entry), &Type::Bool), Some(Ok(Const::Bool(false))))
            }))
        }
        _ => None,
    };
    let ExprKind::Const(known_value) = &known.kind else { return true };
    match op {
        BinaryOp::In if !matches!(ty, Type::Domain | Type::Path | Type::Ip) => among(known_value).unwrap_or(true),
        BinaryOp::NotIn if !matches!(ty, Type::Domain | Type::Path | Type::Ip) => {
            among(known_value).is_none_or(|among| !among)
        }
        BinaryOp::In | BinaryOp::NotIn => true,
        _ => !matches!(fold::binary(op, &candidate, known, &Type::Bool), Some(Ok(Const::Bool(false)))),
    }
}

/// Bounds that leave nothing between them.
fn empty_range(said: &Said<'_>, ty: &Type) -> Option<Contradiction> {
    // The tightest bound on each side, and whether its value is allowed itself.
    let mut lower: Option<(&Const, bool, Span)> = None;
    let mut upper: Option<(&Const, bool, Span)> = None;
    for (op, known, span) in &said.comparisons {
        let ExprKind::Const(value) = &known.kind else { continue };
        let (side, inclusive, tighter) = match op {
            BinaryOp::Greater => (&mut lower, false, Ordering::Greater),
            BinaryOp::GreaterEqual => (&mut lower, true, Ordering::Greater),
            BinaryOp::Less => (&mut upper, false, Ordering::Less),
            BinaryOp::LessEqual => (&mut upper, true, Ordering::Less),
            _ => continue,
        };
        let replaces = match side {
            None => true,
            Some((bound, bound_inclusive, _)) => match compare(ty, value, bound) {
                Some(Ordering::Equal) => *bound_inclusive && !inclusive,
                order => order == Some(tighter),
            },
        };
        if replaces {
            *side = Some((value, inclusive, *span));
        }
    }
    let ((low, low_inclusive, low_span), (high, high_inclusive, high_span)) = (lower?, upper?);
    let is_empty = match compare(ty, low, high)? {
        Ordering::Greater => true,
        Ordering::Equal => !(low_inclusive && high_inclusive),
        // Between two whole numbers in a row there is none.
        Ordering::Less => match (ty, low, high) {
            (Type::Int, Const::Number(low), Const::Number(high)) => {
                !low_inclusive && !high_inclusive && *high - *low <= rust_decimal::Decimal::ONE && low.fract().is_zero()
            }
            _ => false,
        },
    };
    let (first, second) = if low_span.start < high_span.start { (low_span, high_span) } else { (high_span, low_span) };
    is_empty.then_some(Contradiction { first: Some(first), second })
}

fn compare(ty: &Type, one: &Const, other: &Const) -> Option<Ordering> {
    value::order(ty, &value::from_const(one), &value::from_const(other)).ok()
}
