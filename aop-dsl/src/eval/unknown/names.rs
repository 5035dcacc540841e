//! Fields and facts as a policy writes them.

use crate::typed::{EventField, Global};

pub(super) fn field_name(field: EventField) -> &'static str {
    match field {
        EventField::Seq => "seq",
        EventField::T => "t",
        EventField::Actor => "actor",
        EventField::Type => "type",
        EventField::Meta => "meta",
        EventField::Action => "action",
        EventField::Params => "params",
        EventField::Rationale => "rationale",
        EventField::Effects => "effects",
        EventField::Labels => "labels",
        EventField::Declared => "declared",
        EventField::CallId => "call_id",
        EventField::Status => "status",
        EventField::Result | EventField::PromisedResult => "result",
        EventField::Error => "error",
        EventField::Latency => "latency",
        EventField::Thought => "thought",
        EventField::Goal => "goal",
        EventField::Steps => "steps",
        EventField::Plan => "plan",
        EventField::Output => "output",
        EventField::Summary => "summary",
        EventField::Confidence => "confidence",
        EventField::ErrorType => "error_type",
        EventField::Message => "message",
        EventField::StackTrace => "stack_trace",
        EventField::AgentId => "agent.id",
        EventField::PrincipalRole => "principal.role",
        EventField::PrincipalOrganisation => "principal.organisation",
    }
}

pub(super) fn global_name(global: Global) -> &'static str {
    match global {
        Global::Now => "now",
        Global::RunDuration => "run.duration",
        Global::RunEvents => "run.events",
        Global::RunRequests => "run.requests",
        Global::RunResponses => "run.responses",
        Global::RunErrors => "run.errors",
        Global::RunRefused => "run.refused",
        Global::RunStatus => "run.status",
        Global::RunId => "run.id",
        Global::RunMeta => "run.meta",
        Global::FlowBytes => "flow.bytes",
        Global::FlowPath => "flow.path",
        Global::FlowSource => "flow.source",
        Global::CycleLength => "cycle.length",
        Global::CycleCount => "cycle.count",
        Global::RunsCount => "runs.count",
    }
}
