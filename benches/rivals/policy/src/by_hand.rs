//! The rule in plain Rust: the floor under every engine.

use crate::contender::{Contender, Error};
use crate::trace::{INTERNAL, Kind, Step};

/// The rule, written by hand.
#[derive(Debug, Default)]
pub struct ByHand {
    has_page: bool,
}

impl Contender for ByHand {
    type Event = Step;

    fn parse(&self, step: &Step) -> Result<Step, Error> {
        Ok(*step)
    }

    fn start(&mut self) -> Result<(), Error> {
        self.has_page = false;
        Ok(())
    }

    fn judge(&mut self, events: &[Step]) -> Result<Vec<bool>, Error> {
        let judge = |event: &Step| match (event.kind, event.action) {
            (Kind::Request, "send_email") => self.has_page && !event.param.1.ends_with(INTERNAL),
            (Kind::Response, "get_website") => {
                self.has_page = true;
                false
            }
            _ => false,
        };
        Ok(events.iter().map(judge).collect())
    }
}
