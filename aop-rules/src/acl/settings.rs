//! What an operator says about actions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which actions may be asked for, by whom and with what. By default everything is allowed.
///
/// ```
/// use aop_rules::acl::{ActionSettings, Actions};
///
/// let settings: ActionSettings = serde_json::from_str(r#"{
///     "default": "deny",
///     "actions": {
///         "read_*": {"params": {"path": {"required": true, "path_root": "/srv/data"}}},
///         "send_money": {"agents": [7], "approval": true, "additional_params": false,
///             "params": {"amount": {"type": "number", "max": 500}, "to": {"pattern": "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"}}}
///     }
/// }"#).unwrap();
/// assert!(Actions::new(&settings).is_ok());
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
    pub agents: Option<Vec<i64>>,
    /// Its parameters, by name.
    pub params: BTreeMap<String, ParamRule>,
    /// Whether it may have parameters that `params` does not name.
    pub additional_params: bool,
    /// Whether somebody has to approve each one.
    pub approval: bool,
}

impl Default for ActionRule {
    fn default() -> Self {
        Self { allow: true, agents: None, params: BTreeMap::new(), additional_params: true, approval: false }
    }
}

/// What holds for one parameter. Where its value is an array, `min` to `hosts` hold for each item.
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
    /// The least number, itself included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The greatest number, itself included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
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
