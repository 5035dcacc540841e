//! What can be done about a finding that is wrong here: settings, as they would be written.

use aop_rules::catalogue;
use aop_rules::validators;
use aop_toon::Finding;
use serde::Serialize;

use crate::engine::Engine;

/// Something to do about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// What it does.
    pub what: String,
    /// The settings for it, as a configuration file has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toml: Option<String>,
}

pub(super) fn of(engine: &Engine, finding: &Finding) -> Vec<Remedy> {
    let Some(rule) = catalogue::rule(&finding.rule) else {
        let is_of_policy = crate::policies::rule_hash(&engine.policies, &finding.rule).is_some();
        let what = if is_of_policy {
            "change the rule in its policy: narrow its trigger or its condition, or give it another effect".to_owned()
        } else {
            "change the recognizer: its pattern, its words, or its examples of what it must leave alone".to_owned()
        };
        return vec![Remedy { what, toml: None }];
    };
    let mut remedies = Vec::new();
    let table = match rule.family() {
        "pii" => Some("pii"),
        "secrets" => Some("secrets"),
        "threats" => Some("threats"),
        _ => None,
    };
    if let (Some(table), Some(path)) = (table, plain_path(finding)) {
        let what = "leave this place alone (or put the value itself into `allow`)".to_owned();
        remedies.push(Remedy { what, toml: Some(format!("[engine.{table}]\nallow_paths = [{path}]\n")) });
    }
    let off = match (rule.family(), finding.entity.as_deref()) {
        ("pii", Some(entity)) => Some(format!("[engine.pii.entities.{entity}]\nenabled = false\n")),
        ("secrets", _) => Some(format!("[engine.secrets.rules.\"{}\"]\nenabled = false\n", rule.id)),
        ("threats", _) => Some(format!("[engine.threats.rules.\"{}\"]\nenabled = false\n", rule.id)),
        _ => None,
    };
    if let Some(toml) = off {
        remedies.push(Remedy { what: "look for none of this kind".to_owned(), toml: Some(toml) });
    }
    let of_rule =
        validators::remedy(rule.id).map(|(what, toml)| Remedy { what: what.to_owned(), toml: Some(toml.to_owned()) });
    remedies.extend(of_rule);
    if let Some(validator) = validators::validator(rule.validator).filter(|_| table.is_none()) {
        // A validator may have a second table; the settings that decide are of the one that is meant.
        let deciding = validators::deciding(rule.id).first().and_then(|setting| setting.split('.').next());
        let table = deciding.unwrap_or(validator.table);
        let toml = format!("[engine]\n{table} = false\n");
        remedies.push(Remedy { what: format!("switch all of [engine.{table}] off"), toml: Some(toml) });
    }
    remedies
}

/// The finding's place as a setting has it; nothing where a pointer's key was hidden, or holds what would mean more than one place.
fn plain_path(finding: &Finding) -> Option<String> {
    let path = finding.path.as_deref().filter(|_| finding.at.is_none())?;
    let inner = finding.inner_path.as_deref().unwrap_or_default().replace(' ', "").replace("%20", " ");
    let whole = format!("{path}{inner}");
    let is_plain = !path.is_empty() && !whole.contains(['*', '<', '\'', '\n']) && !whole.chars().any(char::is_control);
    is_plain.then(|| format!("'{whole}'"))
}
