//! Dogwood: Cedar's rules with operators over the past, watched by the incremental engine, one authorizer for a run.
//!
//! This is the engine in memory. The same crate's durable engine, which syncs a log for each event, waits for the disk, and
//! nothing else here does. A window has to have an end: a day is more than a run takes. Nothing is pinned in the schema, as
//! an authorizer sees one run only.

use dogwood_language::{
    Authorizer, Event, LoweredPolicySet, ParsedPolicySet, PolicySchema, ServiceSchema, TemporalEngine, Validator, Value,
};
use dogwood_local_engine::LocalTemporalEngine;

use crate::contender::{Contender, Error};
use crate::trace::{INTERNAL, Kind, Step};

/// The rule and its schema: what an authorizer of a run is made of.
struct Rule {
    parsed: ParsedPolicySet,
    schema: PolicySchema,
}

impl Rule {
    fn compile() -> Result<Self, Error> {
        let service = ServiceSchema::builder().event_schema_str(include_str!("../rules/mail.dwschema")).build()?;
        let schema = PolicySchema::from_cedarschema_str(include_str!("../rules/mail.cedarschema"))?;
        let rule = Self { parsed: ParsedPolicySet::parse(include_str!("../rules/mail.dw"), &service)?, schema };
        if let Some(error) = Validator::new().validate(&rule.lower()?).validation_errors().next() {
            return Err(format!("{error:?}").into());
        }
        Ok(rule)
    }

    fn lower(&self) -> Result<LoweredPolicySet, Error> {
        Ok(self.parsed.lower(&self.schema)?)
    }

    fn authorizer(&self) -> Result<Authorizer, Error> {
        Ok(Authorizer::builder(self.lower()?).temporal_engine(LocalTemporalEngine::new()).build()?)
    }

    fn monitor(&self) -> Result<LocalTemporalEngine, Error> {
        let lowered = self.lower()?;
        let leaves: Vec<_> = lowered.temporal_fields().cloned().collect();
        let mut monitor = LocalTemporalEngine::new();
        monitor.prepare(&leaves, lowered.cedar_schema(), &[])?;
        Ok(monitor)
    }
}

/// The rule, and the authorizer of the run that is watched.
pub struct Dogwood {
    rule: Rule,
    authorizer: Authorizer,
}

impl Dogwood {
    /// Compiles the rule.
    ///
    /// # Errors
    /// When it does not compile, or the schema does not fit it.
    pub fn new() -> Result<Self, Error> {
        let rule = Rule::compile()?;
        Ok(Self { authorizer: rule.authorizer()?, rule })
    }
}

impl Contender for Dogwood {
    type Event = Event;

    fn parse(&self, step: &Step) -> Result<Event, Error> {
        parse(step)
    }

    fn start(&mut self) -> Result<(), Error> {
        self.authorizer = self.rule.authorizer()?;
        Ok(())
    }

    fn judge(&mut self, events: &[Event]) -> Result<Vec<bool>, Error> {
        let mut verdicts = Vec::with_capacity(events.len());
        for event in events {
            let response = self.authorizer.is_authorized(event);
            if let Some(error) = response.as_ref().and_then(|response| response.diagnostics().errors().next()) {
                return Err(error.into());
            }
            verdicts.push(response.is_some_and(|response| !response.allowed()));
        }
        Ok(verdicts)
    }
}

/// The engine's monitor of the past alone, without Cedar's part of a decision, which takes most of its time: the caller tests
/// the action and the recipient, and asks the monitor only about external mail. No user would; it shows what the monitor takes.
pub struct Monitor {
    rule: Rule,
    engine: LocalTemporalEngine,
}

impl Monitor {
    /// Compiles the rule.
    ///
    /// # Errors
    /// As [`Dogwood::new`].
    pub fn new() -> Result<Self, Error> {
        let rule = Rule::compile()?;
        Ok(Self { engine: rule.monitor()?, rule })
    }
}

impl Contender for Monitor {
    /// An event, and whether it is external mail.
    type Event = (Event, bool);

    fn parse(&self, step: &Step) -> Result<(Event, bool), Error> {
        let is_mail = step.kind == Kind::Request && step.action == "send_email";
        Ok((parse(step)?, is_mail && !step.param.1.ends_with(INTERNAL)))
    }

    fn start(&mut self) -> Result<(), Error> {
        self.engine = self.rule.monitor()?;
        Ok(())
    }

    fn judge(&mut self, events: &[(Event, bool)]) -> Result<Vec<bool>, Error> {
        let mut verdicts = Vec::with_capacity(events.len());
        for (event, is_external_mail) in events {
            self.engine.observe(event);
            let is_after_page = *is_external_mail && self.engine.evaluate()?.values().any(|holds| *holds);
            verdicts.push(is_after_page);
        }
        Ok(verdicts)
    }
}

fn parse(step: &Step) -> Result<Event, Error> {
    let event = Event::builder(&format!("Rivals::Action::{}", step.action), step.kind.as_str())
        .timestamp(i64::try_from(step.seq)?)
        .principal("Rivals::Agent::\"7\"")
        .resource("Rivals::Run::\"rivals\"");
    let (name, value) = step.param;
    Ok(match step.kind {
        Kind::Request => event.request_context("input", name, Value::String(value.to_owned())).build(),
        Kind::Response => event.build(),
    })
}
