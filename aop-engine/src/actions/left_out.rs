//! No policy language, and so no action control: settings that ask for some are refused when the engine is built.

use std::borrow::Cow;

use aop_toon::{Event, Finding, Severity};

use super::ActionSettings;
use crate::error::Cause;
use crate::policies::Source;

/// No settings; there can be none.
#[derive(Debug)]
pub(crate) enum Actions {}

impl Actions {
    /// Nothing, for settings that say nothing.
    ///
    /// # Errors
    /// For any others: what was asked for and left out of the program must not look like what found nothing.
    pub(crate) fn new(settings: &ActionSettings) -> Result<Option<Self>, Cause> {
        if *settings == ActionSettings::default() {
            return Ok(None);
        }
        Err(Cause::LeftOut { setting: "actions", feature: "policies" })
    }

    pub(crate) fn told(&self, finding: Finding, _: Severity) -> Finding {
        finding
    }

    pub(crate) fn check_orders(&self, _: &Event<'_>, _: Severity, _: &mut Vec<Finding>) {}

    pub(crate) fn check_schemas(&self, _: &Event<'_>, _: &mut Vec<Finding>) {}
}

/// The policies alone.
pub(crate) fn beside<'s>(policies: &'s [Source], _: Option<&Actions>) -> Cow<'s, [Source]> {
    Cow::Borrowed(policies)
}
