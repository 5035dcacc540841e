//! What is unknown, and why: worked out only when something is to be said.

mod blame;
mod names;
mod past;
#[cfg(test)]
mod tests;

use std::fmt;

use aop_toon::Kind;

use super::context::{Context, Scope};
use super::past::{Sight, States};
use super::probe::{Probe, Searching};
use crate::program::{ClauseKind, ExprId, Rule};
use crate::types::Type;
use crate::value::{self, Gap, Reason, Truth, Value};
use blame::{Blame, slot_name};
pub(super) use past::passed_over;

/// What is unknown and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Unknown {
    /// A value that is not what it should be.
    Value(UnknownValue),
    /// Something else, in words.
    Told(String),
}

/// A value that is not what it should be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnknownValue {
    /// The path, as a person would write it: `c.params.amount`.
    pub(crate) place: String,
    /// The event that it is of, where that is not the one which is judged.
    pub(crate) event: Option<u64>,
    pub(crate) reason: Reason,
    /// What it should be.
    pub(crate) expected: Option<Type>,
    /// What stands there.
    pub(crate) found: Option<Kind>,
}

impl Unknown {
    /// With no more than a name and a reason.
    pub(super) fn of(place: String, reason: Reason) -> Self {
        Self::Value(UnknownValue { place, event: None, reason, expected: None, found: None })
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(words) => f.write_str(words),
            Self::Value(value) => {
                f.write_str(&value.place)?;
                if let Some(seq) = value.event {
                    write!(f, " of #{seq}")?;
                }
                write!(f, " {}", of_reason(value.reason, value.expected.as_ref(), value.found))
            }
        }
    }
}

/// A reason in words that follow the place: "`c.params.amount` is missing".
pub(crate) fn of_reason(reason: Reason, expected: Option<&Type>, found: Option<Kind>) -> String {
    let expected = expected.and_then(type_name);
    let with_expected = |words: &str| match &expected {
        Some(expected) => format!("{words} (expected: {expected})"),
        None => words.to_owned(),
    };
    match (reason, found) {
        (Reason::Missing, _) => with_expected("is missing"),
        (Reason::WrongType, Some(found)) => with_expected(&format!("is {}", found.with_article())),
        (Reason::WrongType, None) => with_expected("has another type than expected"),
        (Reason::Malformed, _) => match &expected {
            Some(expected) => format!("cannot be read as {expected}"),
            None => "cannot be read as what it should be".to_owned(),
        },
        (Reason::Arithmetic, _) => "is out of range".to_owned(),
        (Reason::TooLong, _) => "is too long".to_owned(),
        (Reason::Forgotten, _) => "is not remembered any more, since memory is bounded".to_owned(),
        (Reason::NoRequest, _) => "is not known, since no request is known for the response".to_owned(),
        (Reason::NoSharedState, _) => "is not known, since nobody gave the memory that runs share".to_owned(),
        (Reason::NoAgent, _) => "is not known, since no agent is known for the event".to_owned(),
        (Reason::OtherRun, _) => "is not known, since the texts of other runs are not kept".to_owned(),
        (Reason::NotScanned, _) => "is not known, since no detector has looked at the event".to_owned(),
    }
}

/// A type in a word or two; nothing when it may be anything.
fn type_name(ty: &Type) -> Option<String> {
    const CHARACTERS_MAX: usize = 40;
    match ty {
        Type::Any | Type::Error => None,
        Type::Record(_) => Some("an object".to_owned()),
        Type::Enum(words) if ty.to_string().chars().count() > CHARACTERS_MAX => {
            Some(format!("one of {} words", words.len()))
        }
        Type::List(_) | Type::Set(_) if ty.to_string().chars().count() > CHARACTERS_MAX => Some("a list".to_owned()),
        _ => Some(ty.to_string()),
    }
}

/// Why a rule could not be decided: the first part of it that is unknown. The rule was decided before: this search, made once for a
/// finding, evaluates parts again, and its steps are not those of the decision. It goes down one way: at each level of the rule's
/// expressions it takes no more steps than the decision took.
pub(super) fn of_rule<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    rule: &'e Rule,
    meant: Truth,
) -> Unknown {
    quietly(context, |context| first_unknown(context, states, rule, meant))
}

fn first_unknown<'e>(
    context: &mut Context<'e, '_, Searching<'_>>,
    states: States<'e>,
    rule: &'e Rule,
    meant: Truth,
) -> Unknown {
    if meant == Truth::Unknown {
        return Unknown::of(format!("the action of {}", slot_name(rule, 0)), Reason::NoRequest);
    }
    if context.truth(rule.condition, Scope::default()) == Truth::Unknown {
        return of_condition(context, rule, rule.condition);
    }
    for at in 0..rule.clauses.len() as u16 {
        let mut sight = Sight::default();
        if context.clause(states, rule, at, &mut sight) == Truth::Unknown {
            return of_clause(context, states, rule, at);
        }
    }
    Unknown::of("the rule".to_owned(), context.reason.unwrap_or(Reason::Missing))
}

/// Why a clause is unknown.
pub(super) fn of_clause<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    rule: &'e Rule,
    at: u16,
) -> Unknown {
    quietly(context, |context| {
        context.reason = None;
        context.clause(states, rule, at, &mut Sight::default());
        let reason = context.reason.unwrap_or(Reason::Missing);
        match &rule.clauses[usize::from(at)].kind {
            ClauseKind::Condition(condition) => of_condition(context, rule, *condition),
            ClauseKind::Cycle(cycle) => {
                of_value(context, rule, cycle.bound, 0).unwrap_or_else(|| Unknown::of("the cycle".to_owned(), reason))
            }
            _ => past::of_clause(context, states, rule, at, reason),
        }
    })
}

/// Evaluates without telling who listens anything but the steps that it takes.
fn quietly<'e, 's, P: Probe, T>(
    context: &mut Context<'e, 's, P>,
    evaluate: impl FnOnce(&mut Context<'e, '_, Searching<'_>>) -> T,
) -> T {
    let probe = &mut *context.probe;
    let mut search_step = || probe.search_step();
    let mut searching = Searching(&mut search_step);
    let mut quiet = Context {
        program: context.program,
        current: context.current,
        requests: context.requests,
        flow: context.flow,
        memo: &mut *context.memo,
        flows: &mut *context.flows,
        probe: &mut searching,
        reason: context.reason,
    };
    let result = evaluate(&mut quiet);
    let reason = quiet.reason;
    context.reason = reason;
    result
}

/// Why a condition about the event is unknown.
pub(super) fn of_condition<'e, P: Probe>(context: &mut Context<'e, '_, P>, rule: &'e Rule, condition: ExprId) -> Unknown {
    Blame::new(context, rule, 0).of_condition(condition, Scope::default())
}

/// The same where past events are in slots.
pub(super) fn of_condition_at<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    rule: &'e Rule,
    condition: ExprId,
    scope: Scope<'_, 'e>,
) -> Unknown {
    Blame::new(context, rule, 0).of_condition(condition, scope)
}

/// Why a value of the event, which is in this slot, is unknown, absent or missing; nothing when it is there.
fn of_value<'e, P: Probe>(context: &mut Context<'e, '_, P>, rule: &'e Rule, value: ExprId, slot: u16) -> Option<Unknown> {
    Blame::new(context, rule, slot).value(value, Scope::default(), true)
}

/// What a message shows where a value should stand and there is none.
pub(super) fn in_place<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    value: ExprId,
    scope: Scope<'_, 'e>,
    gap: Gap,
) -> String {
    let (Gap::Unknown(reason @ (Reason::WrongType | Reason::Malformed)), Ok(found)) = (gap, context.place(value, scope))
    else {
        return in_place_of_kept(gap).to_owned();
    };
    let expected = context.program.exprs.declared(value).and_then(type_name);
    let words = expected.map_or_else(|| in_place_of_kept(Gap::Unknown(reason)).to_owned(), |ty| format!("(expected: {ty})"));
    format!("{} {words}", value::show(&Value::Json(found)))
}

/// The same where only the reason was kept.
pub(crate) fn in_place_of_kept(gap: Gap) -> &'static str {
    match gap {
        Gap::Absent => "(none)",
        Gap::Unknown(Reason::Missing) => "(missing)",
        Gap::Unknown(Reason::WrongType | Reason::Malformed) => "(unreadable)",
        Gap::Unknown(Reason::Arithmetic) => "(out of range)",
        Gap::Unknown(Reason::TooLong) => "(too long)",
        Gap::Unknown(Reason::Forgotten) => "(forgotten)",
        Gap::Unknown(Reason::NoRequest) => "(request not known)",
        Gap::Unknown(Reason::NoSharedState | Reason::NoAgent | Reason::OtherRun) => "(not known)",
        Gap::Unknown(Reason::NotScanned) => "(not scanned)",
    }
}
