//! Why a rule fired in a run, or did not: what each of its clauses gave, with which values, from where.

mod lens;
mod paths;
mod report;
mod sightings;
mod telling;
#[cfg(test)]
mod tests;
mod text;

use aop_toon::Event;

use crate::eval::{ClauseSeen, NoProbe, Probe};
use crate::program::ClauseKind;
use crate::replay::{Caller, Replay, Scan};
use crate::set::PolicySet;
use crate::source_text::{line_of, whole};
use crate::state::{Duty, PolicyState};
use crate::typed::{Package, Rule};
use crate::value::Truth;
use lens::Lens;
pub use report::{
    ExplainedCandidate, ExplainedClause, ExplainedDuty, ExplainedEvent, ExplainedPart, ExplainedValue, Explanation,
};
use sightings::word;
use telling::Telling;

/// What is asked about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The rule: `package.rule`, or its name alone where only one policy has it.
    pub rule: String,
    /// The event that is meant, whether the rule fired or not; nothing for every event at which it fired or was undecided.
    pub why_not: Option<u64>,
    /// The role of whoever sends the events, for rules that ask `principal.role`.
    pub role: Option<String>,
    /// The organisation of whoever sends the events, for rules that ask `principal.organisation`.
    pub organisation: Option<String>,
}

/// Why nothing can be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The policies have no such rule.
    #[error("there is no rule `{rule}`; there are {known}")]
    NoSuchRule {
        /// What was asked for.
        rule: String,
        /// What there is.
        known: String,
    },
    /// Several policies have a rule of this name.
    #[error("`{rule}` is the name of several rules; write one of {known}")]
    Ambiguous {
        /// What was asked for.
        rule: String,
        /// Which ones.
        known: String,
    },
    /// The rule is about sets of runs.
    #[error("`{rule}` is a batch rule: it judges sets of runs, and no event of one; see `aop eval --phase batch`")]
    BatchRule {
        /// The rule.
        rule: String,
    },
    /// A line of the trace is no event.
    #[error("line {line}: {message}")]
    NoEvent {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The trace has no such event.
    #[error("the trace has no event #{seq}; it has {events} events")]
    NoSuchEvent {
        /// What was asked for.
        seq: u64,
        /// How many there are.
        events: usize,
    },
}

/// Explains what one rule makes of a run. The rule is judged alone: what others would refuse is accepted. `trace` is JSON Lines;
/// empty lines are passed over.
///
/// # Errors
/// When the set has no such rule, or a line is no event.
///
/// ```
/// use aop_dsl::{NoDetectors, Question, compile, explain};
///
/// let policies = compile("mail.aop", r#"
///     policy acme.mail version "1.0.0" dsl 1;
///     schema { action send(to: email); }
///     rule outside { on c: request(send) where c.params.to.domain != "acme.example" then deny "mail to {c.params.to}"; }
/// "#).unwrap();
/// let trace = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"send","params":{"to":"bob@acme.example"}},"meta":{}}"#.map(|byte| if byte == b'\n' { b' ' } else { byte });
/// let question = Question { rule: "outside".into(), why_not: Some(1), role: None, organisation: None };
/// let explanation = explain(&policies, &NoDetectors, &trace, &question).unwrap();
/// assert_eq!(explanation.events[0].value, "false");
/// ```
pub fn explain(set: &PolicySet, scan: &dyn Scan, trace: &[u8], question: &Question) -> Result<Explanation, ExplainError> {
    let code = code_of(set, &question.rule)?;
    let set = set.only(&code).expect("the set has this rule");
    let package = &set.packages()[0];
    let Some(rule) = package.rules.iter().find(|rule| rule.code == code) else {
        return Err(ExplainError::BatchRule { rule: code });
    };
    let events = events_of(trace)?;
    if let Some(seq) = question.why_not
        && !events.iter().any(|event| event.seq() == seq)
    {
        return Err(ExplainError::NoSuchEvent { seq, events: events.len() });
    }
    let lens = Lens::new(package, rule);
    let mut replay = Replay::new(&set, scan);
    let mut telling = Telling::new(&lens, package, rule, &events, question.why_not);
    let caller = Caller { role: question.role.as_deref(), organisation: question.organisation.as_deref() };
    for event in &events {
        let mut listener = Listener { package, rule, clauses: Vec::new(), value: None };
        let judgement = replay.take_watched(event, caller, &mut listener, &mut |occurrence, judgement, listener| {
            telling.event(occurrence, judgement, listener);
        });
        telling.found(judgement.findings, Some(event.seq()));
        telling.duties(duties_of(&set, replay.state()), event.seq());
    }
    telling.found(replay.finish(None, &mut NoProbe).findings, None);
    Ok(telling.explanation())
}

fn events_of(trace: &[u8]) -> Result<Vec<Event<'_>>, ExplainError> {
    let lines = (1..).zip(trace.split(|byte| *byte == b'\n')).filter(|(_, text)| !text.trim_ascii().is_empty());
    let event =
        |(line, text)| Event::parse(text).map_err(|error| ExplainError::NoEvent { line, message: error.to_string() });
    lines.map(event).collect()
}

/// The duties of the only rule that are open.
fn duties_of<'s>(set: &PolicySet, state: &'s PolicyState) -> Vec<&'s Duty> {
    let program = set.program();
    let mut open = Vec::new();
    for (rule, clause) in &program.duties {
        if let ClauseKind::Expect(duty) = &program.rule(*rule).clauses[usize::from(*clause)].kind
            && let Some(duties) = state.memories.duties(program.memory(duty.memory).hash)
        {
            open.extend(&duties.open);
        }
    }
    open
}

/// The code of the rule that is meant.
fn code_of(set: &PolicySet, asked: &str) -> Result<String, ExplainError> {
    let is_meant = |code: &str| code == asked || code.rsplit_once('.').is_some_and(|(_, name)| name == asked);
    let codes: Vec<&str> = set.rules().iter().map(|rule| rule.code.as_str()).filter(|code| is_meant(code)).collect();
    match codes[..] {
        [] => Err(no_such_rule(set, asked)),
        [code] => Ok(code.to_owned()),
        _ => Err(ExplainError::Ambiguous { rule: asked.to_owned(), known: codes.join(", ") }),
    }
}

fn no_such_rule(set: &PolicySet, asked: &str) -> ExplainError {
    const SHOWN_MAX: usize = 20;
    let codes: Vec<&str> = set.rules().iter().map(|rule| rule.code.as_str()).collect();
    let more = codes.len().saturating_sub(SHOWN_MAX);
    let mut known = codes[..codes.len().min(SHOWN_MAX)].join(", ");
    if more > 0 {
        known.push_str(&format!(" and {more} more"));
    }
    ExplainError::NoSuchRule { rule: asked.to_owned(), known }
}

/// Hears what the rule's clauses gave at an event.
struct Listener<'p> {
    package: &'p Package,
    rule: &'p Rule,
    /// With the clause's place; nothing for the trigger's condition.
    clauses: Vec<(Option<usize>, ExplainedClause)>,
    value: Option<Truth>,
}

impl Probe for Listener<'_> {
    const LISTENS: bool = true;

    fn clause(&mut self, seen: ClauseSeen<'_>) {
        let span = match seen.clause.and_then(|at| self.rule.clauses.get(at)) {
            Some(clause) => clause.span,
            None => self.rule.trigger.span,
        };
        let source = &self.package.source;
        let clause = ExplainedClause {
            text: whole(source, span),
            line: line_of(source, span),
            value: word(seen.truth).to_owned(),
            parts: Vec::new(),
            values: Vec::new(),
            witnesses: seen.witnesses.to_vec(),
            candidates: Vec::new(),
            nothing_like: None,
            duty: None,
            measured: seen.measured.map(str::to_owned),
            unknown: seen.unknown.map(ToString::to_string),
        };
        self.clauses.push((seen.clause, clause));
    }

    fn rule(&mut self, truth: Truth) {
        self.value = Some(truth);
    }
}
