//! Schemas of parameters: the one part of action control that is no program.

use aop_toon::{Event, Finding};

use super::ActionSettings;
use super::compiled_in::ActionError;

/// The schemas of the settings.
#[derive(Debug, Default)]
pub(super) struct Schemas;

impl Schemas {
    pub(super) fn new(settings: &ActionSettings) -> Result<Self, ActionError> {
        match settings.actions.iter().find(|(_, action)| action.schema.is_some()) {
            None => Ok(Self),
            Some((name, _)) => Err(ActionError::new(
                format!("{name}.schema"),
                "schemas take an engine with the cargo feature `json-schema`, and this one was built without it",
            )),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        true
    }

    pub(super) fn check(&self, _: &Event<'_>, _: &mut Vec<Finding>) {}
}
