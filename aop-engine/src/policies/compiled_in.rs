//! The policy language, as the engine asks it.

use aop_dsl::{DetectorFamily, Diagnostics};
use aop_rules::scan::Detectors;

pub(crate) use aop_dsl::{Judgement, Occurrence, PolicySet, PolicyState, Redaction, Scratch, SharedState, Source};

pub(crate) use crate::policy::{all_detected, declared_fields};

use crate::config::Settings;
use crate::error::{BuildError, Cause, PolicyError};
use crate::policy;

/// Policies in force under these settings; what they use may be among them or among `packages`.
pub(crate) fn compile(
    sources: &[Source],
    packages: &[Source],
    settings: &Settings,
    detectors: &Detectors,
) -> Result<PolicySet, BuildError> {
    let checked = policy::check_with(sources, packages, detectors);
    let mistakes: Vec<Diagnostics> = checked.diagnostics.into_iter().filter(Diagnostics::has_errors).collect();
    let set = checked.set.ok_or_else(|| Cause::from(PolicyError(mistakes)))?;
    for family in set.uses_detectors() {
        let (is_on, name, setting) = match family {
            DetectorFamily::Pii => (settings.pii.is_some(), "pii", "pii"),
            DetectorFamily::Secrets => (settings.secrets.is_some(), "secrets", "secrets"),
            DetectorFamily::Injection => (settings.threats.is_some(), "injection", "threats"),
        };
        if !is_on {
            return Err(Cause::DetectorsOff { name, setting }.into());
        }
    }
    Ok(set)
}

/// A hash of the meaning of the rule with this code.
pub(crate) fn rule_hash(policies: &PolicySet, code: &str) -> Option<u64> {
    policies.rules().iter().find(|rule| rule.code == code).map(|rule| rule.hash)
}

/// What its author says of the rule with this code, which may be nothing; nothing too where no policy has it.
pub(crate) fn told(policies: &PolicySet, code: &str) -> Option<String> {
    let info = policies.rules().iter().find(|rule| rule.code == code)?;
    Some(info.description.clone().unwrap_or_default())
}
