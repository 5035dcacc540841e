//! The rules of action control. What they judge by is the operator's, and compiled by the engine to a policy: here is what its findings
//! are called.

use aop_toon::{Effect, Phase, Severity};

use crate::rule::{Rule, Status};

const VALIDATOR: &str = "action_misuse_checker";
const SOURCE: &str = "the operator's setting `actions`";

/// `acl/unknown-action`
pub static UNKNOWN_ACTION: Rule = Rule {
    id: "acl/unknown-action",
    validator: VALIDATOR,
    severity: Severity::Error,
    effect: None,
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "action that no setting names",
    why: "With `default = \"deny\"` an agent may do what is listed and nothing else; a new tool has to be thought about first.",
    source: SOURCE,
};

/// `acl/not-allowed`
pub static NOT_ALLOWED: Rule = Rule {
    id: "acl/not-allowed",
    validator: VALIDATOR,
    severity: Severity::Error,
    effect: None,
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "action that this agent may not ask for",
    why: "Agents have different duties; what one is trusted with, another is not.",
    source: SOURCE,
};

/// `acl/param-schema`
pub static PARAM_SCHEMA: Rule = Rule {
    id: "acl/param-schema",
    validator: VALIDATOR,
    severity: Severity::Error,
    effect: None,
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "parameter that is missing, unknown or of another type",
    why: "A tool that is called otherwise than it was meant does something that nobody has thought of.",
    source: SOURCE,
};

/// `acl/param-value`
pub static PARAM_VALUE: Rule = Rule {
    id: "acl/param-value",
    validator: VALIDATOR,
    severity: Severity::Error,
    effect: None,
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "parameter with a value that is not allowed",
    why: "The right action with the wrong amount, recipient or size is the misuse that matters most.",
    source: SOURCE,
};

/// `acl/path-escape`
pub static PATH_ESCAPE: Rule = Rule {
    id: "acl/path-escape",
    validator: VALIDATOR,
    severity: Severity::Error,
    effect: None,
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "path that leaves its folder",
    why: "A path with `..`, in whatever encoding, reaches files that the tool was not made for.",
    source: "CWE-22; the operator's setting `path_root`",
};

/// `acl/host`
pub static HOST: Rule = Rule {
    id: "acl/host",
    validator: VALIDATOR,
    severity: Severity::Error,
    effect: None,
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "URL to a host that is not allowed",
    why: "A URL can carry data out, and reach machines inside that trust whoever can reach them.",
    source: "CWE-918; RFC 6890 (addresses inside); the operator's setting `hosts`",
};

/// `acl/budget`
pub static BUDGET: Rule = Rule {
    id: "acl/budget",
    validator: VALIDATOR,
    severity: Severity::Error,
    effect: None,
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "action that would pass a budget",
    why: "Each call may be right and their number, or what they add up to, wrong: a loop, a theft in small amounts, a bill.",
    source: "the operator's setting `budget`",
};

/// `acl/approval`
pub static APPROVAL: Rule = Rule {
    id: "acl/approval",
    validator: VALIDATOR,
    severity: Severity::Warning,
    effect: Some(Effect::RequireApproval),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "action that somebody has to approve",
    why: "Some actions cannot be undone, so that a person has to look first.",
    source: "the operator's setting `approval`",
};
