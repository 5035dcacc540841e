//! What an operator says about actions.

use std::collections::BTreeMap;

use aop_rules::post_run::{Pattern, TimeSpan};
use aop_rules::scan::switch;
use serde::{Deserialize, Serialize};

/// Which actions may be asked for, by whom and with what. By default everything is allowed.
///
/// ```
/// use aop_engine::Engine;
/// use aop_engine::settings::ActionSettings;
///
/// let settings: ActionSettings = serde_json::from_str(r#"{
///     "default": "deny",
///     "actions": {
///         "read_*": {"params": {"path": {"required": true, "path_root": "/srv/data"}}},
///         "send_money": {"agents": [7], "approval": {"role": "finance", "ttl": "10m"}, "additional_params": false,
///             "params": {"amount": {"type": "number", "max": 500}, "to": {"pattern": "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"}},
///             "budget": [{"per": "run", "sum": "/amount", "max": 2000, "within": "1d"}]}
///     }
/// }"#).unwrap();
/// assert!(Engine::builder().actions(settings).build().is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActionSettings {
    /// What holds for an action that nothing here names.
    pub default: Unnamed,
    /// By the action's name, or a pattern with `*` and `?`. One rule holds for an action: that of its own name, else the
    /// pattern with the most characters that are no wildcards, else the first of those in alphabetical order.
    pub actions: BTreeMap<String, ActionRule>,
}

/// What holds for an action that nothing names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unnamed {
    /// It may be asked for.
    #[default]
    Allow,
    /// It may not.
    Deny,
}

/// What holds for one action, or for all that a pattern names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActionRule {
    /// Whether it may be asked for at all.
    pub allow: bool,
    /// The agents that may; every agent when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agents: Option<Vec<AgentName>>,
    /// The agents that may not. Where there are some, an agent that is not known may not either.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny_agents: Vec<AgentName>,
    /// The callers' roles that may ([`Context::role`](crate::Context::role)); every caller when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Pattern>>,
    /// The roles that may not. Where there are some, a caller without a role may not either.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny_roles: Vec<Pattern>,
    /// The organisations that may ([`Context::tenant`](crate::Context::tenant)); every one when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisations: Option<Vec<Pattern>>,
    /// The organisations that may not. Where there are some, a caller without an organisation may not either.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny_organisations: Vec<Pattern>,
    /// On whose instruction the action may be taken; anybody's when it is absent. A list names the user, and the tools too or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenances: Option<Vec<Instruction>>,
    /// Its parameters, by name.
    pub params: BTreeMap<String, ParamRule>,
    /// Whether it may have parameters that `params` does not name.
    pub additional_params: bool,
    /// A JSON Schema (2020-12) of its parameters. It takes an engine with the feature `json-schema`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<serde_json::Value>,
    /// Whether somebody has to approve each one: `true`, or by whom and for how long.
    #[serde(with = "switch")]
    pub approval: Option<ApprovalTerms>,
    /// How much of it there may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub budget: Vec<ActionBudget>,
}

impl Default for ActionRule {
    fn default() -> Self {
        Self {
            allow: true,
            agents: None,
            deny_agents: Vec::new(),
            roles: None,
            deny_roles: Vec::new(),
            organisations: None,
            deny_organisations: Vec::new(),
            provenances: None,
            params: BTreeMap::new(),
            additional_params: true,
            schema: None,
            approval: None,
            budget: Vec::new(),
        }
    }
}

/// An agent, or many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AgentName {
    /// The agent of this number.
    Id(i64),
    /// Agents whose number, as it is written, is like this: `"7"`, `"10*"`.
    Like(Pattern),
}

/// On whose instruction an action is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instruction {
    /// The user's, the system's, or the agent's own plan.
    User,
    /// What a tool's result says.
    Tool,
}

/// Who approves an action, and for how long that holds.
///
/// An approval is an accepted response of status `success` to the action `human_approve`, not spoken by the agent, whose result says
/// `approved: true`, and whose request has the parameters `action` (the action's name) and `params` (its parameters, the very same). Its caller has the role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApprovalTerms {
    /// The role of whoever reports the approval.
    pub role: String,
    /// How long it holds.
    pub ttl: TimeSpan,
}

impl Default for ApprovalTerms {
    fn default() -> Self {
        Self { role: "approver".to_owned(), ttl: TimeSpan::from_secs(600) }
    }
}

/// How much of an action there may be: of calls, of the amounts they name, of tokens or of seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionBudget {
    /// For whom it is.
    #[serde(default)]
    pub per: BudgetScope,
    /// A JSON Pointer into the parameters: the amounts there are added up. Amounts below nothing count as nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<String>,
    /// What is counted where there is no `sum`.
    #[serde(default)]
    pub count: BudgetCount,
    /// The most that is allowed.
    pub max: Bound,
    /// In how much time; the whole run when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<TimeSpan>,
}

/// For whom a budget is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetScope {
    /// The run.
    #[default]
    Run,
    /// All runs of the agent ([`SharedState`](crate::SharedState)).
    Agent,
    /// All runs of the organisation ([`SharedState`](crate::SharedState)).
    Organisation,
}

/// What a budget counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetCount {
    /// Calls of the action.
    #[default]
    Calls,
    /// What all events say in `meta.tokens`.
    Tokens,
    /// The seconds from the action's requests to their responses.
    Seconds,
}

/// What holds for one parameter. Where its value is an array, `min` to `schemes` hold for each item.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ParamRule {
    /// Whether it has to be there; null counts as absent.
    pub required: bool,
    /// Its JSON type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub param_type: Option<ParamType>,
    /// The most items of an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
    /// The most bytes: of a string those of its text, of anything else those of its JSON as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<usize>,
    /// The least number, itself included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Bound>,
    /// The greatest number, itself included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Bound>,
    /// The values it may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<Scalar>>,
    /// A regular expression that the whole of a string has to match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The most characters of a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The folder that a path has to stay in; a relative path starts there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_root: Option<String>,
    /// The hosts that a URL may name, as patterns: `*.example.org`. Addresses inside (loopback, private, link-local) have to
    /// be listed as they are written; no wildcard stands for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    /// The schemes that a URL may have: `https` and `http` when it is absent. Without `hosts` every host outside may be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schemes: Option<Vec<String>>,
}

/// A JSON type, as a setting names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamType {
    /// Text.
    String,
    /// Any number.
    Number,
    /// A number without fraction: `5`, `5.0` and `5e0` alike, as JSON Schema has it.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array,
    /// An object.
    Object,
}

/// A number as a limit: whole ones to the digit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A whole number.
    Integer(i64),
    /// A number, as it is written: 0.1 is exactly a tenth.
    Number(f64),
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            // Never with an exponent, and with as many digits as tell it from its neighbours.
            Self::Number(number) => number.fmt(f),
        }
    }
}

#[cfg(feature = "policies")]
impl Bound {
    pub(super) fn is_finite(self) -> bool {
        self.as_f64().is_finite()
    }

    /// The nearest double, for what is no judgement.
    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Number(number) => number,
        }
    }
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Bound {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// One value that a parameter may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, compared exactly.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Text, compared byte by byte.
    Text(String),
}
