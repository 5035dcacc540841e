//! The fields of the event, and what its run knows of it.

use std::borrow::Cow;

use aop_toon::{EventType, Payload, Status, Timestamp};
use rust_decimal::Decimal;

use super::context::{Current, Flows};
use crate::program::RequestFact;
use crate::program::pattern::Kind;
use crate::state::Requests;
use crate::typed::{DetectorFamily, EventField, Global};
use crate::types::Type;
use crate::value::{self, Detection, Gap, Outcome, Reason, Value};

const MISSING: Gap = Gap::Unknown(Reason::Missing);

/// A field of the event, read as a type.
pub(super) fn field<'e>(current: &Current<'e>, field: EventField, ty: &Type) -> Outcome<'e> {
    let Some(event) = current.event else { return of_run_end(current, field) };
    let words = |word: &'static str| Ok(Value::Text(Cow::Borrowed(word)));
    match field {
        EventField::Seq => return Ok(Value::Number(Decimal::from(event.seq()))),
        EventField::T => return Ok(Value::Time(event.t())),
        EventField::Actor => return words(event.actor().as_str()),
        EventField::Type => return words(event.event_type().as_str()),
        EventField::Meta => return value::read(event.meta().object(), ty),
        EventField::CallId => return event.meta().call_ids().next().map(Value::Text).ok_or(Gap::Absent),
        EventField::AgentId => {
            return current.agent_id().map(|agent| Value::Number(Decimal::from(agent))).ok_or(MISSING);
        }
        EventField::PrincipalRole => return current.role.map(|role| Value::Text(Cow::Borrowed(role))).ok_or(Gap::Absent),
        EventField::PrincipalOrganisation => {
            return current.organisation.map(|name| Value::Text(Cow::Borrowed(name))).ok_or(Gap::Absent);
        }
        _ => {}
    }
    let optional = |text: Option<Cow<'e, str>>| text.map(Value::Text).ok_or(Gap::Absent);
    match (field, event.payload()) {
        (EventField::Params, Payload::ActionRequest(request)) => value::read(request.params, ty),
        (EventField::Rationale, Payload::ActionRequest(request)) => optional(request.rationale),
        (EventField::Status, Payload::ActionResponse(response)) => words(response.status.as_str()),
        (EventField::PromisedResult, Payload::ActionResponse(response))
            if response.status == Status::Success && response.result.is_none_or(|result| result.is_null()) =>
        {
            Err(MISSING)
        }
        (EventField::Result | EventField::PromisedResult, Payload::ActionResponse(response)) => {
            value::read_member(response.result, ty)
        }
        (EventField::Error, Payload::ActionResponse(response)) => optional(response.error),
        (EventField::Latency, Payload::ActionResponse(response)) => {
            let since_request = || {
                let request = current.answers.and_then(|answers| answers.clock)?;
                Some(current.now.micros_since(request))
            };
            // A float beyond what can be counted becomes the most that can.
            let given = response.latency_ms.map(|latency| (latency * 1000.0).round() as i64);
            given.or_else(since_request).map(Value::Duration).ok_or(Gap::Absent)
        }
        (EventField::Thought, Payload::Reasoning(reasoning)) => Ok(Value::Text(reasoning.thought)),
        (EventField::Goal, Payload::Reasoning(reasoning)) => optional(reasoning.goal),
        (EventField::Steps, Payload::Reasoning(reasoning)) => value::read_member(reasoning.steps, ty),
        (EventField::Plan, Payload::Reasoning(reasoning)) => value::read_member(reasoning.plan, ty),
        (EventField::Output, Payload::FinalOutput(output)) => value::read(output.output, ty),
        (EventField::Summary, Payload::FinalOutput(output)) => optional(output.summary),
        (EventField::Confidence, Payload::FinalOutput(output)) => output.confidence.map(Value::Float).ok_or(Gap::Absent),
        (EventField::ErrorType, Payload::Error(error)) => Ok(Value::Text(error.error_type)),
        (EventField::Message, Payload::Error(error)) => Ok(Value::Text(error.message)),
        (EventField::StackTrace, Payload::Error(error)) => optional(error.stack_trace),
        // A field that other events have: of `event`, or of a pattern's alternative.
        _ => Err(if ty.is_optional() { Gap::Absent } else { MISSING }),
    }
}

fn of_run_end<'e>(current: &Current<'e>, field: EventField) -> Outcome<'e> {
    match field {
        EventField::T => Ok(Value::Time(current.now)),
        EventField::Seq => current.run.last_seq.map(|seq| Value::Number(Decimal::from(seq))).ok_or(MISSING),
        EventField::PrincipalRole | EventField::PrincipalOrganisation | EventField::CallId => Err(Gap::Absent),
        _ => Err(MISSING),
    }
}

/// Where a field stands in the event's document.
pub(super) fn place<'e>(current: &Current<'e>, field: EventField) -> Option<aop_toon::Value<'e>> {
    let event = current.event?;
    match (field, event.payload()) {
        (EventField::Meta, _) => return Some(event.meta().object()),
        (EventField::Params, Payload::ActionRequest(request)) => return Some(request.params),
        (EventField::Result | EventField::PromisedResult, Payload::ActionResponse(response)) => {
            return response.result.filter(|found| !found.is_null());
        }
        (EventField::Output, Payload::FinalOutput(output)) => return Some(output.output),
        _ => {}
    }
    let name = match field {
        EventField::Rationale => "rationale",
        EventField::Error => "error",
        EventField::Thought => "thought",
        EventField::Goal => "goal",
        EventField::Steps => "steps",
        EventField::Plan => "plan",
        EventField::Summary => "summary",
        EventField::ErrorType => "error_type",
        EventField::Message => "message",
        EventField::StackTrace => "stack_trace",
        EventField::Action => "action",
        _ => return None,
    };
    event.document().root().get("payload")?.get(name).filter(|found| !found.is_null())
}

/// Why an event has no action.
pub(super) fn no_action(current: &Current<'_>) -> Reason {
    if current.kind == Kind::Of(EventType::ActionResponse) { Reason::NoRequest } else { Reason::Missing }
}

/// A fact of the request that the event answers; the action is also a request's own.
pub(super) fn request_fact<'e>(current: &Current<'e>, requests: &Requests, fact: RequestFact) -> Outcome<'e> {
    let no_request = Gap::Unknown(Reason::NoRequest);
    match fact {
        RequestFact::Action => current.action.clone().map(Value::Text).ok_or(Gap::Unknown(no_action(current))),
        RequestFact::Seq => current.answers.map(|answers| Value::Number(Decimal::from(answers.seq))).ok_or(no_request),
        RequestFact::Time => {
            let answers = current.answers.ok_or(no_request)?;
            let kept = || requests.clock(answers.seq).map(Timestamp::from_micros);
            answers.clock.or_else(kept).map(Value::Time).ok_or(no_request)
        }
    }
}

/// What is kept of the request that the event answers.
pub(super) fn of_request<'e>(current: &Current<'e>, requests: &'e Requests, hash: u64) -> Outcome<'e> {
    let answers = current.answers.ok_or(Gap::Unknown(Reason::NoRequest))?;
    match requests.value(answers.seq, hash) {
        Some(Some(value)) => value.outcome(),
        Some(None) => Err(Gap::Unknown(Reason::Forgotten)),
        None => Err(Gap::Unknown(Reason::NoRequest)),
    }
}

pub(super) fn global<'e>(current: &Current<'e>, flows: &Flows, global: Global) -> Outcome<'e> {
    let number = |number: u64| Ok(Value::Number(Decimal::from(number)));
    let run = &current.run;
    match global {
        Global::Now => Ok(Value::Time(current.now)),
        Global::RunDuration => Ok(Value::Duration(run.started.map_or(0, |started| current.now.micros_since(started)))),
        Global::RunEvents => number(run.events),
        Global::RunRequests => number(run.requests),
        Global::RunResponses => number(run.responses),
        Global::RunErrors => number(run.errors),
        Global::RunRefused => number(run.refused),
        Global::FlowBytes => flows.last.as_ref().map_or(Err(Gap::Absent), |flow| number(flow.bytes as u64)),
        Global::FlowPath => match (&flows.last, current.event) {
            (Some(flow), Some(event)) => match flow.leaf {
                Some(leaf) => Ok(Value::Text(Cow::Owned(event.document().value(leaf).pointer()))),
                None => Err(Gap::Absent),
            },
            _ => Err(Gap::Absent),
        },
        Global::FlowSource => {
            flows.last.as_ref().map(|flow| Value::Text(Cow::Owned(flow.source_path.clone()))).ok_or(Gap::Absent)
        }
        Global::CycleLength | Global::CycleCount => {
            let found = flows.cycle.ok_or(Gap::Absent)?;
            number(if global == Global::CycleLength { found.length } else { found.count } as u64)
        }
        Global::RunStatus | Global::RunId | Global::RunMeta | Global::RunsCount => Err(MISSING),
    }
}

/// What detectors say of a part of the event.
pub(super) fn detected<'e>(
    current: &Current<'e>,
    family: DetectorFamily,
    kinds: &[Box<str>],
    place: aop_toon::Value<'e>,
) -> Outcome<'e> {
    if current.detected.is_none() {
        return Err(Gap::Unknown(Reason::NotScanned));
    }
    let (mut score, mut count) = (0.0f64, 0u32);
    for (_, found) in within(current, family, kinds, place) {
        score = score.max(found);
        count = count.saturating_add(1);
    }
    let score = Decimal::try_from(score).unwrap_or_default();
    Ok(Value::Detection(Detection { score, count }))
}

/// Which of the event's detections are of these kinds and lie in a part of it, with their scores.
pub(super) fn within<'c, 'e: 'c>(
    current: &'c Current<'e>,
    family: DetectorFamily,
    kinds: &'c [Box<str>],
    place: aop_toon::Value<'e>,
) -> impl Iterator<Item = (usize, f64)> + use<'c, 'e> {
    let found = current.detected.unwrap_or_default().iter().enumerate();
    found
        .filter(move |(_, found)| {
            found.family == family
                && (kinds.is_empty() || kinds.iter().any(|kind| **kind == *found.entity))
                && current.event.is_some_and(|event| is_below(event.document().value(found.node), place))
        })
        .map(|(at, found)| (at, found.score))
}

/// Whether a value is another one or below it. Values come before what is below them.
fn is_below(mut value: aop_toon::Value<'_>, container: aop_toon::Value<'_>) -> bool {
    while value.id() > container.id() {
        match value.parent() {
            Some(parent) => value = parent,
            None => return false,
        }
    }
    value.id() == container.id()
}
