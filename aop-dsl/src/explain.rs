//! Why a rule fired in a run, or did not: what each of its clauses gave, with which values, from where.

use std::fmt;

use aop_toon::{Event, Finding};
use serde::Serialize;

use crate::eval::{ClauseSeen, Probe};
use crate::replay::{Replay, Scan};
use crate::set::PolicySet;
use crate::source_text::one_line;
use crate::syntax::ast::Span;
use crate::typed::{Package, Rule};
use crate::value::Truth;

/// What is asked about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The rule: `package.rule`, or its name alone where only one policy has it.
    pub rule: String,
    /// The event that is meant, whether the rule fired or not; nothing for every event at which it fired or was undecided.
    pub why_not: Option<u64>,
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

/// What a rule made of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// `package.rule`
    pub rule: String,
    /// How often its trigger's pattern matched.
    pub triggers: usize,
    /// The events that are explained, in order.
    pub events: Vec<ExplainedEvent>,
    /// What was found at the end of the run, such as duties that were not done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at_the_end: Vec<Finding>,
}

impl Explanation {
    /// Whether the rule found anything.
    pub fn has_fired(&self) -> bool {
        !self.at_the_end.is_empty() || self.events.iter().any(|event| !event.findings.is_empty())
    }
}

/// What a rule made of one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedEvent {
    /// The event.
    pub seq: u64,
    /// `true`, `false`, `unknown`, or `no trigger` where the trigger's pattern does not match.
    pub value: String,
    /// The clauses, in the order of the text; a rule's value is the least of theirs.
    pub clauses: Vec<ExplainedClause>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What one clause gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedClause {
    /// As it stands in the policy, on one line.
    pub text: String,
    /// Its line in the policy.
    pub line: usize,
    /// `true`, `false` or `unknown`.
    pub value: String,
    /// The paths in it and what they held.
    pub values: Vec<ExplainedValue>,
    /// The events that made it true, nearest first.
    pub witnesses: Vec<u64>,
    /// What was counted or added up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<String>,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

/// What a path held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedValue {
    /// The path as it stands in the policy.
    pub path: String,
    /// Its value, cut when it is long.
    pub value: String,
    /// The JSON Pointer to it in the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
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
/// let question = Question { rule: "outside".into(), why_not: Some(1) };
/// let explanation = explain(&policies, &NoDetectors, &trace, &question).unwrap();
/// assert_eq!(explanation.events[0].value, "false");
/// ```
pub fn explain(set: &PolicySet, scan: &dyn Scan, trace: &[u8], question: &Question) -> Result<Explanation, ExplainError> {
    let code = code_of(set, &question.rule)?;
    let set = set.only(&code).expect("the set has this rule");
    let package = &set.packages()[0];
    let Some(rule) = package.rules.iter().find(|rule| rule.code == code) else {
        return Err(no_such_rule(&set, &question.rule));
    };
    let mut replay = Replay::new(&set, scan);
    let mut explanation = Explanation { rule: code, triggers: 0, events: Vec::new(), at_the_end: Vec::new() };
    let (mut count, mut is_there) = (0, false);
    for (line, text) in (1..).zip(trace.split(|byte| *byte == b'\n')) {
        if text.trim_ascii().is_empty() {
            continue;
        }
        let event = Event::parse(text).map_err(|error| ExplainError::NoEvent { line, message: error.to_string() })?;
        count += 1;
        let mut listener = Listener { package, rule, clauses: Vec::new(), value: None };
        let judgement = replay.take(&event, None, &mut listener);
        let Listener { clauses, value, .. } = listener;
        explanation.triggers += usize::from(value.is_some());
        let is_meant = match question.why_not {
            Some(seq) => seq == event.seq(),
            None => !judgement.findings.is_empty() || value == Some(Truth::Unknown),
        };
        is_there |= is_meant;
        if is_meant {
            let value = value.map_or("no trigger", word).to_owned();
            explanation.events.push(ExplainedEvent { seq: event.seq(), value, clauses, findings: judgement.findings });
        }
    }
    if let Some(seq) = question.why_not
        && !is_there
    {
        return Err(ExplainError::NoSuchEvent { seq, events: count });
    }
    if question.why_not.is_none() {
        explanation.at_the_end = replay.finish(None).findings;
    }
    Ok(explanation)
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

fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "false",
        Truth::Unknown => "unknown",
        Truth::True => "true",
    }
}

struct Listener<'p> {
    package: &'p Package,
    rule: &'p Rule,
    clauses: Vec<ExplainedClause>,
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
        let values = seen.values.iter().map(|value| ExplainedValue {
            path: one_line(source, value.span),
            value: value.shown.clone(),
            pointer: value.pointer.clone(),
        });
        self.clauses.push(ExplainedClause {
            text: one_line(source, span),
            line: line_of(source, span),
            value: word(seen.truth).to_owned(),
            values: values.collect(),
            witnesses: seen.witnesses.to_vec(),
            measured: seen.measured.map(str::to_owned),
            unknown: seen.unknown.map(ToString::to_string),
        });
    }

    fn rule(&mut self, truth: Truth) {
        self.value = Some(truth);
    }
}

fn line_of(source: &str, span: Span) -> usize {
    source.get(..span.start as usize).unwrap_or_default().matches('\n').count() + 1
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for event in &self.events {
            match event.value.as_str() {
                "true" => writeln!(f, "{} fired at #{}", self.rule, event.seq)?,
                "unknown" => writeln!(f, "{} could not be decided at #{}", self.rule, event.seq)?,
                "no trigger" => writeln!(f, "#{} is no event that triggers {}", event.seq, self.rule)?,
                _ => writeln!(f, "{} did not fire at #{}", self.rule, event.seq)?,
            }
            for clause in &event.clauses {
                writeln!(f, "  {:<7} line {}: {}", clause.value, clause.line, clause.text)?;
                for value in &clause.values {
                    let from =
                        value.pointer.as_ref().map_or_else(String::new, |pointer| format!("  (#{} {pointer})", event.seq));
                    writeln!(f, "            {} = {}{from}", value.path, value.value)?;
                }
                if let Some(measured) = &clause.measured {
                    writeln!(f, "            came to {measured}")?;
                }
                if !clause.witnesses.is_empty() {
                    let witnesses: Vec<String> = clause.witnesses.iter().map(|seq| format!("#{seq}")).collect();
                    writeln!(f, "            by {}", witnesses.join(", "))?;
                }
                if let Some(unknown) = &clause.unknown {
                    writeln!(f, "            {unknown}")?;
                }
            }
            for finding in &event.findings {
                writeln!(f, "  {}: {}", finding.effect, finding.message)?;
            }
        }
        for finding in &self.at_the_end {
            let at = finding.seq.map_or_else(String::new, |seq| format!(" about #{seq}"));
            writeln!(f, "{} at the end of the run{at}: {}", self.rule, finding.message)?;
        }
        if self.events.is_empty() && self.at_the_end.is_empty() {
            let times = if self.triggers == 1 { "once".to_owned() } else { format!("{} times", self.triggers) };
            writeln!(f, "{} did not fire; its trigger matched {times}. Ask about one event with --why-not SEQ.", self.rule)?;
        }
        Ok(())
    }
}
