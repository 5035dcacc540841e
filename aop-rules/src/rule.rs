//! A rule's description: what the catalogue lists, the manual prints and the engine asks for.

use aop_toon::{Effect, Finding, Phase, Severity};

/// One rule we ship, described. Every rule is a `static` beside the code that checks it and one line in
/// [`CATALOGUE`](crate::catalogue::CATALOGUE).
///
/// ```
/// use aop_rules::rule::{Rule, Status};
/// use aop_toon::{Effect, Phase, Severity};
///
/// static RULE: Rule = Rule {
///     id: "lag/gap",
///     validator: "timelag_validator",
///     severity: Severity::Warning,
///     effect: Some(Effect::Flag),
///     phase: Phase::PostRun,
///     status: Status::Active,
///     summary: "too much time between two events",
///     why: "An agent that stands still is waiting for something nobody sees.",
///     source: "The limit is the operator's (`max_gap`).",
/// };
/// assert_eq!(RULE.family(), "lag");
/// assert_eq!(RULE.finding("62 s between events").effect, Effect::Flag);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `family/name`. Once released it keeps its meaning.
    pub id: &'static str,
    /// The validator users switch on and off, by the name they know, such as `pii_detector`.
    pub validator: &'static str,
    /// How serious a finding is when nothing about the place says otherwise.
    pub severity: Severity,
    /// What the rule does about it; `None` leaves it to the engine: deny at or over its threshold, flag below.
    pub effect: Option<Effect>,
    /// When the rule runs.
    pub phase: Phase,
    /// Whether it still runs.
    pub status: Status,
    /// What it finds, in a few words without a full stop: "card number".
    pub summary: &'static str,
    /// Why a reader should care, and what is deliberately left alone.
    pub why: &'static str,
    /// Where the fact it checks comes from: a standard, an issuer's page, or "the operator's setting".
    pub source: &'static str,
}

/// Whether a rule still runs. A rule that goes stays in the catalogue, so that its code is never given another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It runs.
    Active,
    /// It is gone; old findings still name it.
    Removed,
}

impl Rule {
    /// A rule about personal data with nothing said about it, for struct update.
    pub const PII: Self = Self {
        id: "",
        validator: "pii_detector",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        phase: Phase::Ingestion,
        status: Status::Active,
        summary: "",
        why: "",
        source: "",
    };

    /// A rule about secrets with nothing said about it, for struct update.
    pub const SECRET: Self = Self { severity: Severity::Critical, ..Self::PII };

    /// A rule about attacks with nothing said about it, for struct update. What is done about one depends on where its text
    /// came from, so the engine's threshold decides.
    pub const ATTACK: Self = Self { validator: "prompt_injection_detector", effect: None, ..Self::PII };

    /// A rule over many runs with nothing said about it, for struct update.
    pub const BATCH: Self = Self {
        validator: "batch_validator",
        severity: Severity::Warning,
        effect: Some(Effect::Flag),
        phase: Phase::Batch,
        ..Self::PII
    };

    /// The part of the id before the slash.
    pub fn family(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(family, _)| family)
    }

    /// A finding of this rule that says `message`, to be completed by struct update. Its effect is the rule's own, or
    /// flag where the rule leaves the choice to the engine (which looks that up in the catalogue).
    pub fn finding(&self, message: impl Into<String>) -> Finding
    where
        Self: 'static,
    {
        Finding::new(self.id, self.validator, self.severity, self.phase, self.effect.unwrap_or(Effect::Flag), message)
    }
}
