//! The settings, made ready: a policy, and what its rules are called.

use std::borrow::Cow;
use std::collections::BTreeMap;

use aop_dsl::Source;
use aop_rules::rule::Rule;
use aop_toon::{Effect, Event, Finding, Severity};

use super::{ActionSettings, ordered, schema, translate};
use crate::error::{BuildError, Cause, PolicyError};
use crate::ingest::by_threshold;
use crate::policy;

/// The package that the settings are translated to.
pub(super) const PACKAGE: &str = "aop.actions";

/// The operator's settings, made ready. Immutable, so one serves all threads.
#[derive(Debug)]
pub(crate) struct Actions {
    /// The policy that they mean; nothing when they say nothing that a policy could.
    source: Option<Source>,
    /// What the policy's rules are called in findings.
    rules: BTreeMap<String, &'static Rule>,
    schemas: schema::Schemas,
    ordered: ordered::Ordered,
}

/// A setting that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("actions.{setting}: {problem}")]
pub(crate) struct ActionError {
    setting: String,
    problem: String,
}

impl ActionError {
    pub(super) fn new(setting: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { setting: setting.into(), problem: problem.into() }
    }
}

impl Actions {
    /// Translates settings; nothing when they say nothing.
    ///
    /// # Errors
    /// At the first setting that makes no sense, with its name.
    pub(crate) fn new(settings: &ActionSettings) -> Result<Option<Self>, Cause> {
        let translation = translate::translate(settings)?;
        let schemas = schema::Schemas::new(settings)?;
        let ordered = ordered::Ordered::new(settings)?;
        if translation.rules.is_empty() && schemas.is_empty() {
            return Ok(None);
        }
        let source = (!translation.rules.is_empty())
            .then(|| Source { name: "the settings [engine.actions]".to_owned(), text: translation.text.clone() });
        if let Some(source) = &source {
            let checked = policy::check(std::slice::from_ref(source), &[]);
            let mistake = checked
                .diagnostics
                .iter()
                .flat_map(|file| file.iter())
                .find(|mistake| mistake.level == policy::Level::Error);
            if let Some(mistake) = mistake {
                return Err(ActionError::new(translation.setting_of_line(mistake.line), mistake.message.as_str()).into());
            }
        }
        let rules = translation.rules.into_iter().map(|(name, rule)| (format!("{PACKAGE}.{name}"), rule)).collect();
        Ok(Some(Self { source, rules, schemas, ordered }))
    }

    /// What a policy's finding is called when a rule of the settings made it; any other stays as it is.
    pub(crate) fn told(&self, finding: Finding, threshold: Severity) -> Finding {
        let Some(rule) = self.rules.get(&*finding.rule) else { return finding };
        // What is said of a memory that is full has the effect of no rule.
        let is_notice = finding.effect == Effect::Flag;
        let (severity, effect) = match rule.effect {
            _ if is_notice => (finding.severity, finding.effect),
            Some(_) => (rule.severity, finding.effect),
            None => (rule.severity, by_threshold(rule.severity, threshold)),
        };
        let Finding { seq, path, approval, witnesses, message, .. } = finding;
        let path = path.or_else(|| Some("/payload/action".to_owned()));
        Finding { seq, path, severity, effect, approval, witnesses, ..rule.finding(message) }
    }

    /// What follows from the finding that a result ordered this request.
    pub(crate) fn check_orders(&self, event: &Event<'_>, threshold: Severity, findings: &mut Vec<Finding>) {
        self.ordered.check(event, threshold, findings);
    }

    /// What the schemas say of a request's parameters.
    pub(crate) fn check_schemas(&self, event: &Event<'_>, findings: &mut Vec<Finding>) {
        self.schemas.check(event, findings);
    }
}

/// These policies, and the one that the settings are.
pub(crate) fn beside<'s>(policies: &'s [Source], actions: Option<&Actions>) -> Cow<'s, [Source]> {
    match actions.and_then(|actions| actions.source.as_ref()) {
        Some(source) => Cow::Owned(policies.iter().chain([source]).cloned().collect()),
        None => Cow::Borrowed(policies),
    }
}

/// The policy that settings for actions mean, as text: what the engine compiles from them, to be read, or to be kept as a policy of one's
/// own in their place. Schemas of parameters are no part of it.
///
/// ```
/// use aop_engine::policy::{Source, check, from_settings};
/// use aop_engine::settings::ActionSettings;
///
/// let settings: ActionSettings = serde_json::from_str(
///     r#"{"actions": {"transfer": {"params": {"amount": {"required": true, "max": 100}}}}}"#)?;
/// let text = from_settings(&settings)?;
/// assert!(text.contains("on c: request(\"transfer\")"));
/// assert!(check(&[Source { name: "actions.aop".into(), text }], &[]).set.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// At the first setting that makes no sense, with its name.
pub fn from_settings(settings: &ActionSettings) -> Result<String, BuildError> {
    let text = translate::translate(settings).map_err(Cause::from)?.text;
    Actions::new(settings)?;
    Ok(policy::format(PACKAGE, &text).map_err(|mistakes| Cause::from(PolicyError(vec![mistakes])))?)
}
