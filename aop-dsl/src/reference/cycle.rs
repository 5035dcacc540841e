//! `cycle(KEY where …) CMP E within W`

use super::expression::{Binding, is_ordered};
use super::past::{Moment, Seen};
use super::pattern;
use super::rule::Verdict;
use crate::typed::{Cycle, Rule, Scope};
use crate::value::{self, Gap, Outcome, Truth, Value};

/// "The last R × L matching events repeat a sequence of L keys R times; the shortest L wins." The trigger is the last of them,
/// and refused events are seen.
pub(super) fn of<'e>(cycle: &'e Cycle, rule: &'e Rule, moment: Moment<'e>, binding: &Binding<'e>) -> Verdict {
    let wanted = match binding.value(&cycle.bound) {
        Ok(Value::Number(bound)) => bound,
        Ok(other) => panic!("a bound of a cycle is an int, not {other:?}"),
        Err(Gap::Absent) => return Truth::False.into(),
        Err(Gap::Unknown(_)) => return Truth::Unknown.into(),
    };
    // The nearest first: the trigger, then what it would match.
    let past = moment
        .before(cycle.window, Scope::Run)
        .into_iter()
        .filter(|seen| pattern::met(&rule.trigger, seen, binding) == Truth::True);
    let events: Vec<&Seen> = moment.trigger.into_iter().chain(past).collect();
    let keys: Vec<Vec<Outcome<'e>>> = events
        .iter()
        .map(|seen| cycle.same.iter().map(|path| binding.with(rule.trigger.slot, seen).value(path)).collect())
        .collect();
    for length in 1..events.len() {
        let repeated = (length..events.len()).take_while(|&at| is_same(cycle, &keys[at - length], &keys[at])).count();
        let times = (repeated + length) / length;
        if is_ordered(cycle.comparison, rust_decimal::Decimal::from(times).cmp(&wanted)) {
            let others = events[1..length * times].iter().map(|seen| seen.event.seq()).collect();
            return Verdict { truth: Truth::True, witnesses: others, overflow: false };
        }
    }
    // "A missing required value or a wrong type is unknown": such a trigger may be the same as any event before it.
    let of_trigger = keys.first().map_or(&[][..], Vec::as_slice);
    let is_absent = of_trigger.iter().any(|value| matches!(value, Err(Gap::Absent)));
    let is_unknown = of_trigger.iter().any(|value| matches!(value, Err(Gap::Unknown(_))));
    let is_enough = is_ordered(cycle.comparison, rust_decimal::Decimal::from(events.len()).cmp(&wanted));
    if is_unknown && !is_absent && events.len() > 1 && is_enough { Truth::Unknown.into() } else { Truth::False.into() }
}

/// Whether all that must repeat is the same in two events; what is not there is the same as nothing.
fn is_same(cycle: &Cycle, one: &[Outcome<'_>], other: &[Outcome<'_>]) -> bool {
    cycle.same.iter().zip(one.iter().zip(other)).all(|(path, (one, other))| match (one, other) {
        (Ok(one), Ok(other)) => value::equal_as(path.ty.required(), one, other) == Ok(true),
        _ => false,
    })
}
