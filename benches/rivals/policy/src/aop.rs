//! Our own engine: the rule in `mail.aop`, all built-in families off, as the others have none.

use aop_engine::{Engine, Event, EventBuf, RunState, Scratch, Settings};

use crate::contender::{Contender, Error};
use crate::trace::Step;

/// An engine with the rule, the run's state, and a thread's buffers.
#[derive(Debug)]
pub struct Aop {
    engine: Engine,
    state: RunState,
    scratch: Scratch,
}

impl Aop {
    /// Compiles the rule.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn new() -> Result<Self, Error> {
        let policy = include_str!("../rules/mail.aop");
        let engine = Engine::builder().settings(Settings::none()).policy_named("mail.aop", policy)?.build()?;
        Ok(Self { state: engine.new_state(), engine, scratch: Scratch::default() })
    }
}

impl Contender for Aop {
    type Event = EventBuf;

    fn parse(&self, step: &Step) -> Result<EventBuf, Error> {
        Ok(Event::parse(step.line().as_bytes())?.into_owned())
    }

    fn start(&mut self) -> Result<(), Error> {
        self.state = self.engine.new_state();
        Ok(())
    }

    fn judge(&mut self, events: &[EventBuf]) -> Result<Vec<bool>, Error> {
        let Self { engine, state, scratch } = self;
        Ok(events.iter().map(|event| !engine.check_with(event, state, scratch).is_accepted()).collect())
    }
}
