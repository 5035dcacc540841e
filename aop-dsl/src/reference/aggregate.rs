//! `count`, `sum`, `distinct` and `max` over a window.

use super::expression::{Binding, is_ordered};
use super::past::{Moment, Seen};
use super::pattern;
use super::rule::Verdict;
use crate::syntax::ast::BinaryOp;
use crate::typed::{Aggregate, AggregateFunction, Expr, ExprKind, Key, Rule, Slot};
use crate::types::Type;
use crate::value::{self, Gap, Outcome, Truth, Value};

/// An event that is counted.
struct Member<'e> {
    seen: &'e Seen,
    /// `False` is none.
    truth: Truth,
    /// Nothing for `count`.
    value: Option<Outcome<'e>>,
}

/// "Counts include the trigger; refused events are not counted. `by` splits the state by a key. A missing `by` key is unknown."
pub(super) fn of<'e>(aggregate: &'e Aggregate, rule: &'e Rule, moment: Moment<'e>, binding: &Binding<'e>) -> Verdict {
    let bound = match binding.value(&aggregate.bound) {
        Ok(bound) => bound,
        Err(Gap::Absent) => return Truth::False.into(),
        Err(Gap::Unknown(_)) => return Truth::Unknown.into(),
    };
    let asked: Vec<Outcome<'e>> = aggregate.by.iter().map(|key| binding.value(&key.of_trigger)).collect();
    if asked.iter().any(Result::is_err) {
        return Truth::Unknown.into();
    }
    let own = own_keys(aggregate, moment, binding);
    // A key is asked for that has no cell of its own, and there is no room for another one.
    let is_shared = own.len() as u64 >= aggregate.keys_max
        && own.iter().all(|key| same_key(&aggregate.by, key, &asked) != Truth::True)
        && !aggregate.by.is_empty();
    let counted: Vec<Member<'e>> = moment
        .before(aggregate.window, aggregate.scope)
        .into_iter()
        .filter(|seen| seen.is_accepted)
        .chain(moment.trigger)
        .filter_map(|seen| {
            let truth = pattern::met(&aggregate.event, seen, binding);
            let key = key_of(aggregate, seen, binding);
            let truth = truth.and(if is_shared {
                own.iter().fold(Truth::True, |truth, own| truth.and(same_key(&aggregate.by, own, &key).not()))
            } else {
                same_key(&aggregate.by, &key, &asked)
            });
            let bound = binding.with(aggregate.event.slot, seen);
            let value = aggregate.value.as_ref().filter(|_| truth != Truth::False).map(|value| bound.value(value));
            (truth != Truth::False).then_some(Member { seen, truth, value })
        })
        .collect();
    let truth = match aggregate.function {
        AggregateFunction::Count => count(aggregate, &counted, &bound),
        AggregateFunction::Sum => sum(aggregate, &counted, &bound),
        AggregateFunction::Distinct => distinct(aggregate, &counted, &bound),
        AggregateFunction::Max => max(aggregate, &counted, &bound),
    };
    let trigger_seq = moment.trigger.map(|trigger| trigger.event.seq());
    let sure = counted.iter().filter(|member| member.truth == Truth::True).map(|member| member.seen.event.seq());
    let _ = rule;
    Verdict { truth, witnesses: sure.filter(|seq| Some(*seq) != trigger_seq).collect(), overflow: is_shared }
}

fn key_of<'e>(aggregate: &'e Aggregate, seen: &'e Seen, binding: &Binding<'e>) -> Vec<Outcome<'e>> {
    if pattern::is_meant(&aggregate.event.pattern, seen) == Truth::False {
        return Vec::new();
    }
    aggregate.by.iter().map(|key| binding.with(aggregate.event.slot, seen).value(&key.of_event)).collect()
}

/// Whether two keys are the same. "A missing `by` key is unknown", and it is when a part of it is.
fn same_key(by: &[Key], one: &[Outcome<'_>], other: &[Outcome<'_>]) -> Truth {
    if one.iter().chain(other).any(Result::is_err) {
        return Truth::Unknown;
    }
    let parts = by.iter().zip(one.iter().flatten().zip(other.iter().flatten()));
    parts.fold(Truth::True, |truth, (key, (one, other))| {
        truth.and(value::equal_as(key.of_event.ty.required(), one, other).map_or(Truth::Unknown, Truth::from))
    })
}

/// "`max N keys` bounds it: past the bound, new keys share one cell; nothing is evicted": the first N keys of the run have one
/// of their own. A key comes in with an accepted event that may be counted for some trigger.
fn own_keys<'e>(aggregate: &'e Aggregate, moment: Moment<'e>, binding: &Binding<'e>) -> Vec<Vec<Outcome<'e>>> {
    let mut own: Vec<Vec<Outcome<'e>>> = Vec::new();
    let pattern = &aggregate.event.pattern;
    let past = moment.of_scope(aggregate.scope).into_iter();
    for seen in past.filter(|seen| seen.is_accepted && pattern::is_meant(pattern, seen) != Truth::False) {
        let bound = binding.with(aggregate.event.slot, seen);
        let may_count = conjuncts(&aggregate.event.condition)
            .into_iter()
            .filter(|part| !speaks_of(part, Slot::TRIGGER))
            .all(|part| bound.truth(part) != Truth::False);
        let key = key_of(aggregate, seen, binding);
        let is_new = own.iter().all(|own| same_key(&aggregate.by, own, &key) != Truth::True);
        if may_count && is_new && key.iter().all(Result::is_ok) && (own.len() as u64) < aggregate.keys_max {
            own.push(key);
        }
    }
    own
}

fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    match &condition.kind {
        ExprKind::Binary { op: BinaryOp::And, left, right } => [conjuncts(left), conjuncts(right)].concat(),
        _ => vec![condition],
    }
}

/// Whether an expression speaks of the event in a slot.
fn speaks_of(expr: &Expr, slot: Slot) -> bool {
    let any = |parts: &[&Expr]| parts.iter().any(|part| speaks_of(part, slot));
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) => false,
        ExprKind::List(items) => items.iter().any(|item| speaks_of(item, slot)),
        // `now` and `agent.id` are the trigger's.
        ExprKind::Global(_) => slot == Slot::TRIGGER,
        ExprKind::Event { slot: of, .. } => *of == slot,
        ExprKind::Field { base, .. } => any(&[base]),
        ExprKind::Index { base, index } => any(&[base, index]),
        ExprKind::Call { arguments, .. } => arguments.iter().any(|argument| speaks_of(argument, slot)),
        ExprKind::Builtin { arguments, .. } => arguments.iter().flatten().any(|argument| speaks_of(argument, slot)),
        ExprKind::Detect(detect) => any(&[&detect.target]),
        ExprKind::Cast(inner) | ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => any(&[inner]),
        ExprKind::Is { value, .. } => any(&[value]),
        ExprKind::Binary { left, right, .. } => any(&[left, right]),
        ExprKind::DerivesFrom { value, source } => any(&[value, source]),
        ExprKind::Quantified { domain, body, .. } => any(&[domain, body]),
        ExprKind::RunAggregate { value, .. } => value.as_ref().is_some_and(|value| speaks_of(value, slot)),
        ExprKind::Baseline { aggregate, .. } => any(&[aggregate]),
    }
}

/// How many there are: between those that are counted for sure and all that may be.
fn count(aggregate: &Aggregate, counted: &[Member<'_>], bound: &Value<'_>) -> Truth {
    let sure = counted.iter().filter(|member| member.truth == Truth::True).count();
    over(sure..=counted.len(), |count| holds(aggregate, &whole(count), bound))
}

/// How many different values there are. An absent one is none; an unknown one may be another one or one of them.
fn distinct(aggregate: &Aggregate, counted: &[Member<'_>], bound: &Value<'_>) -> Truth {
    let ty = value_type(aggregate);
    let different = |values: &mut dyn Iterator<Item = &Value<'_>>| {
        let mut different: Vec<Value<'_>> = Vec::new();
        for value in values {
            if different.iter().all(|other| value::equal_as(ty, other, value) != Ok(true)) {
                different.push(value.clone());
            }
        }
        different.len()
    };
    let sure = different(&mut counted.iter().filter(|member| member.truth == Truth::True).filter_map(Member::known));
    let known = different(&mut counted.iter().filter_map(Member::known));
    let unknown = counted.iter().filter(|member| member.is_unknown()).count();
    over(sure..=known + unknown, |count| holds(aggregate, &whole(count), bound))
}

/// What the amounts add up to. An absent one is none; with an unknown one, or one that may not count, anything between the
/// least and the greatest sum is possible.
fn sum(aggregate: &Aggregate, counted: &[Member<'_>], bound: &Value<'_>) -> Truth {
    let ty = value_type(aggregate);
    let zero = match ty {
        Type::Duration => Value::Duration(0),
        Type::Size => Value::Size(0),
        Type::Float => Value::Float(0.0),
        _ => whole(0),
    };
    if counted.iter().any(Member::is_unknown) {
        return Truth::Unknown;
    }
    let (mut least, mut greatest) = (zero.clone(), zero.clone());
    for member in counted {
        let Some(amount) = member.known() else { continue };
        let is_sure = member.truth == Truth::True;
        let is_negative = value::order(ty, amount, &zero).is_ok_and(std::cmp::Ordering::is_lt);
        for (total, counts) in [(&mut least, is_sure || is_negative), (&mut greatest, is_sure || !is_negative)] {
            if counts {
                match value::arithmetic(BinaryOp::Add, total, amount, ty) {
                    Ok(added) => *total = added,
                    Err(_) => return Truth::Unknown,
                }
            }
        }
    }
    let truths = (holds(aggregate, &least, bound), holds(aggregate, &greatest, bound));
    let is_between = |value: &Value<'_>| {
        let order = |total: &Value<'_>| value::order(ty, total, value).ok();
        order(&least).is_some_and(std::cmp::Ordering::is_lt) && order(&greatest).is_some_and(std::cmp::Ordering::is_gt)
    };
    match aggregate.comparison {
        BinaryOp::Equal | BinaryOp::NotEqual if is_between(bound) => Truth::Unknown,
        _ => either(truths.0, truths.1),
    }
}

/// The greatest value; nothing is not greater and not less than anything.
fn max(aggregate: &Aggregate, counted: &[Member<'_>], bound: &Value<'_>) -> Truth {
    let ty = value_type(aggregate);
    let greater = |one: &Value<'_>, other: &Value<'_>| value::order(ty, one, other).is_ok_and(std::cmp::Ordering::is_gt);
    let mut greatest: Option<&Value<'_>> = None;
    for value in counted.iter().filter(|member| member.truth == Truth::True).filter_map(Member::known) {
        if greatest.is_none_or(|greatest| greater(value, greatest)) {
            greatest = Some(value);
        }
    }
    let mut truths = vec![greatest.map_or(Truth::False, |greatest| holds(aggregate, greatest, bound))];
    for value in counted.iter().filter(|member| member.truth != Truth::True).filter_map(Member::known) {
        if greatest.is_none_or(|greatest| greater(value, greatest)) {
            truths.push(holds(aggregate, value, bound));
        }
    }
    if counted.iter().any(Member::is_unknown) {
        // It may be anything that is not less than the greatest.
        truths.push(match (aggregate.comparison, greatest) {
            (BinaryOp::Greater | BinaryOp::GreaterEqual, _) => Truth::True,
            (BinaryOp::Less | BinaryOp::LessEqual, _) => Truth::False,
            (BinaryOp::Equal, Some(greatest)) if greater(greatest, bound) => Truth::False,
            (BinaryOp::NotEqual, Some(greatest)) if greater(greatest, bound) => Truth::True,
            _ => Truth::Unknown,
        });
    }
    truths.into_iter().reduce(either).expect("there is one at the least")
}

impl<'e> Member<'e> {
    fn known(&self) -> Option<&Value<'e>> {
        self.value.as_ref().and_then(|value| value.as_ref().ok())
    }

    fn is_unknown(&self) -> bool {
        matches!(self.value, Some(Err(Gap::Unknown(_))))
    }
}

/// The truth that all possible worlds agree on.
fn either(one: Truth, other: Truth) -> Truth {
    if one == other { one } else { Truth::Unknown }
}

fn over(possible: std::ops::RangeInclusive<usize>, truth: impl Fn(usize) -> Truth) -> Truth {
    possible.map(truth).reduce(either).expect("there is one at the least")
}

fn holds(aggregate: &Aggregate, value: &Value<'_>, bound: &Value<'_>) -> Truth {
    match value::order(aggregate.ty.required(), value, bound) {
        Ok(order) => is_ordered(aggregate.comparison, order).into(),
        Err(_) => Truth::Unknown,
    }
}

fn value_type(aggregate: &Aggregate) -> &Type {
    aggregate.value.as_ref().expect("only `count` has no value").ty.required()
}

fn whole(count: usize) -> Value<'static> {
    Value::Number(rust_decimal::Decimal::from(count))
}
