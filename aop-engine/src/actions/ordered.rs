//! Actions that are not to be taken because a tool's result says so: what the run validator of obeyed instructions says of them.

use aop_rules::acl;
use aop_rules::post_run::Pattern;
use aop_rules::threats::obeyed;
use aop_toon::{Event, Finding, Severity};

use super::compiled_in::ActionError;
use super::translate::by_precedence;
use super::{ActionSettings, Instruction};
use crate::ingest::by_threshold;

/// Which actions these are.
#[derive(Debug)]
pub(super) struct Ordered {
    /// All entries of the settings, in the order in which they are asked; whether results may order what the entry names.
    entries: Vec<(Pattern, bool)>,
}

impl Ordered {
    pub(super) fn new(settings: &ActionSettings) -> Result<Self, ActionError> {
        if settings.actions.values().all(|action| action.provenances.is_none()) {
            return Ok(Self { entries: Vec::new() });
        }
        let entries = by_precedence(settings)?.into_iter().map(|(name, action)| {
            let pattern: Pattern = name.parse().map_err(|error| ActionError::new(name, format!("{error}")))?;
            let by_results = action.provenances.as_ref().is_none_or(|allowed| allowed.contains(&Instruction::Tool));
            Ok((pattern, by_results))
        });
        Ok(Self { entries: entries.collect::<Result<_, _>>()? })
    }

    /// Adds a finding where a request does what a result ordered, and would not pass for that.
    pub(super) fn check(&self, event: &Event<'_>, threshold: Severity, findings: &mut Vec<Finding>) {
        let Some(action) = event.action().filter(|_| !self.entries.is_empty()) else { return };
        let Some((name, false)) = self.entries.iter().find(|(name, _)| name.matches(&action)) else { return };
        let Some(order) = findings.iter().find(|finding| finding.rule == obeyed::RULE.id && !finding.effect.accepts())
        else {
            return;
        };
        let rule = &acl::NOT_ALLOWED;
        let message = format!("`{name}` is not to be done because a tool's result says so, and one has ordered this call");
        findings.push(Finding {
            seq: Some(event.seq()),
            path: order.path.clone().or_else(|| Some("/payload/action".to_owned())),
            witnesses: order.witnesses.clone(),
            effect: by_threshold(rule.severity, threshold),
            ..rule.finding(message)
        });
    }
}
