//! What an agent may ask for: actions by name, parameters by schema and value.
//!
//! [`ActionSettings`] are the operator's words; [`Actions`] is what they compile to, once; [`Actions::check`] judges a request.

mod host;
mod param;
mod path;
pub mod rules;
mod settings;

use aop_toon::{Event, Finding, Payload, Value};

pub use settings::{ActionRule, ActionSettings, ParamRule, ParamType, Scalar, Unnamed};

use crate::post_run::Pattern;
use crate::rule::Rule;
use param::Param;

/// The operator's settings, compiled. Immutable, so one serves all threads.
///
/// ```
/// use aop_rules::acl::{ActionSettings, Actions};
/// use aop_toon::Event;
///
/// let settings: ActionSettings = serde_json::from_str(
///     r#"{"actions": {"transfer": {"params": {"amount": {"required": true, "max": 100}}}}}"#).unwrap();
/// let actions = Actions::new(&settings).unwrap();
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"transfer","params":{"amount":250}},"meta":{"agent_id":7}}"#).unwrap();
/// let mut findings = Vec::new();
/// actions.check(&event, event.meta().agent_id(), &mut findings);
/// assert_eq!(findings[0].message, "parameter `amount` is 250; at most 100 is allowed");
/// assert_eq!(findings[0].path.as_deref(), Some("/payload/params/amount"));
/// ```
#[derive(Debug)]
pub struct Actions {
    default: Unnamed,
    named: Vec<Action>,
}

#[derive(Debug)]
struct Action {
    name: Pattern,
    /// How many of the name's characters are no wildcards; all of them, for a name that is no pattern.
    plain: usize,
    is_exact: bool,
    allow: bool,
    agents: Option<Vec<i64>>,
    params: Vec<Param>,
    additional_params: bool,
    approval: bool,
}

/// A setting that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("actions.{setting}: {problem}")]
pub struct ActionError {
    setting: String,
    problem: String,
}

impl Actions {
    /// Compiles settings.
    ///
    /// # Errors
    /// At the first setting that makes no sense, with its name: an expression that does not parse, bounds that no number
    /// meets, an empty name.
    pub fn new(settings: &ActionSettings) -> Result<Self, ActionError> {
        let mut named =
            settings.actions.iter().map(|(name, rule)| Action::new(name, rule)).collect::<Result<Vec<_>, _>>()?;
        // The first that matches holds: exact names, then the most telling pattern; the map gives alphabetical order.
        named.sort_by_key(|action| (!action.is_exact, std::cmp::Reverse(action.plain)));
        Ok(Self { default: settings.default, named })
    }

    /// Judges an event; only requests for actions have anything to judge. `agent_id` is the caller's principal, where there
    /// is one, else what the event says.
    pub fn check(&self, event: &Event<'_>, agent_id: Option<i64>, findings: &mut Vec<Finding>) {
        let Payload::ActionRequest(request) = event.payload() else { return };
        let mut report = |rule: &'static Rule, path: String, message: String| {
            findings.push(Finding { seq: Some(event.seq()), path: Some(path), ..rule.finding(message) });
        };
        let name: &str = &request.action;
        let shown = shown_name(name);
        let at_action = || "/payload/action".to_owned();
        let Some(action) = self.named.iter().find(|action| action.name.matches(name)) else {
            if self.default == Unnamed::Deny {
                report(
                    &rules::UNKNOWN_ACTION,
                    at_action(),
                    format!("no setting names the action `{shown}`, and `default` is deny"),
                );
            }
            return;
        };
        if !action.allow {
            report(&rules::NOT_ALLOWED, at_action(), format!("the action `{shown}` is not allowed (`{}`)", action.name));
            return;
        }
        if let Some(agents) = &action.agents
            && !agent_id.is_some_and(|id| agents.contains(&id))
        {
            let who = agent_id.map_or("an agent without `meta.agent_id`".into(), |id| format!("agent {id}"));
            let list: Vec<_> = agents.iter().take(10).map(i64::to_string).collect();
            report(
                &rules::NOT_ALLOWED,
                at_action(),
                format!("{who} may not ask for `{shown}`; it is for agents {}", list.join(", ")),
            );
        }
        action.check_params(request.params, &mut report);
        if action.approval {
            report(&rules::APPROVAL, at_action(), format!("the action `{shown}` has to be approved"));
        }
    }
}

impl Action {
    fn new(name: &str, rule: &ActionRule) -> Result<Self, ActionError> {
        let pattern: Pattern =
            name.parse().map_err(|error| ActionError { setting: "\"\"".into(), problem: format!("{error}") })?;
        let params = rule.params.iter().map(|(param, rule)| {
            Param::new(param, rule)
                .map_err(|(field, problem)| ActionError { setting: format!("{name}.params.{param}.{field}"), problem })
        });
        let wildcards = name.chars().filter(|character| matches!(character, '*' | '?')).count();
        Ok(Self {
            name: pattern,
            plain: name.chars().count() - wildcards,
            is_exact: wildcards == 0,
            allow: rule.allow,
            agents: rule.agents.clone(),
            params: params.collect::<Result<_, _>>()?,
            additional_params: rule.additional_params,
            approval: rule.approval,
        })
    }

    fn check_params(&self, params: Value<'_>, report: &mut dyn FnMut(&'static Rule, String, String)) {
        for param in &self.params {
            match params.get(&param.name).filter(|value| !value.is_null()) {
                None if param.rule.required => {
                    report(&rules::PARAM_SCHEMA, params.pointer(), format!("parameter `{}` is missing", param.name));
                }
                None => {}
                Some(value) => param.check(value, &mut |rule, place, problem| {
                    report(rule, place.pointer_within(1024).0, format!("parameter `{}` {problem}", param.name));
                }),
            }
        }
        if self.additional_params {
            return;
        }
        for (key, value) in params.entries() {
            if !self.params.iter().any(|param| key.is(&param.name)) {
                let known: Vec<_> = self.params.iter().take(10).map(|param| param.name.as_str()).collect();
                let known = if known.is_empty() { "it has none".into() } else { format!("it has {}", known.join(", ")) };
                report(
                    &rules::PARAM_SCHEMA,
                    value.pointer_within(1024).0,
                    format!("`{}` has a parameter that it should not have; {known}", self.name),
                );
            }
        }
    }
}

/// An action's name as a message shows it: cut, and only where it looks like a name, since an agent may write anything there.
fn shown_name(name: &str) -> String {
    let is_name =
        name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':' | '/' | ' '));
    if is_name && name.len() <= 80 && !name.bytes().filter(u8::is_ascii_digit).count().ge(&9) {
        name.to_owned()
    } else {
        "…".to_owned()
    }
}
