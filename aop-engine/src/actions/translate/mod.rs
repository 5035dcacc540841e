//! Settings → the text of a policy: a rule for each thing that a setting forbids, under a comment that names the setting.
//!
//! The text is read by people too. Nothing of a setting stands outside of quotes ([`super::text`]), so that no name and no value can say
//! more than it is.

mod names;
mod params;
mod terms;

use std::collections::BTreeSet;

use aop_rules::acl;
use aop_rules::rule::Rule;
use aop_toon::Effect;

use super::compiled_in::{ActionError, PACKAGE};
use super::text::{in_comment, in_message, quoted, slug};
use super::{ActionSettings, Unnamed};
use names::Meant;
pub(super) use names::by_precedence;

/// What settings mean.
#[derive(Debug, Default)]
pub(super) struct Translation {
    /// The policy.
    pub(super) text: String,
    /// Its rules by their names, and what they are called in findings.
    pub(super) rules: Vec<(String, &'static Rule)>,
    /// The settings, by the lines with which their rules begin.
    settings: Vec<(usize, String)>,
    line: usize,
    names: BTreeSet<String>,
}

impl Translation {
    /// Which setting a line of the policy comes from.
    pub(super) fn setting_of_line(&self, line: usize) -> &str {
        let at = self.settings.partition_point(|(first, _)| *first <= line);
        at.checked_sub(1).map_or("", |at| &self.settings[at].1)
    }

    fn push(&mut self, text: &str) {
        self.line += text.bytes().filter(|byte| *byte == b'\n').count();
        self.text.push_str(text);
    }

    fn rule(&mut self, draft: Draft<'_>) {
        let Draft { setting, rule, at, trigger, clauses, effect, message } = draft;
        let name = self.free_name(&slug(&setting));
        self.settings.push((self.line + 1, setting.clone()));
        let severity = rule.severity.as_str();
        let at = at.map_or_else(String::new, |at| format!(" @at({at})"));
        let effect = effect.as_deref().unwrap_or("deny");
        let clauses: String = clauses.iter().map(|clause| format!("  {clause}\n")).collect();
        let text = format!(
            "\n// {}\nrule {name} @severity({severity}) @tags({}){at} {{\n  on c: {trigger}\n{clauses}  then {effect} \"{message}\";\n}}\n",
            in_comment(&setting),
            quoted(rule.id),
        );
        self.push(&text);
        self.rules.push((name, rule));
    }

    /// A rule's name that no other has.
    fn free_name(&mut self, wish: &str) -> String {
        let wish = format!("r_{wish}");
        let mut name = wish.clone();
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{wish}_{number}");
            number += 1;
        }
        name
    }
}

/// A rule in the making.
struct Draft<'d> {
    /// The setting that it comes from.
    setting: String,
    rule: &'static Rule,
    /// What its findings point at.
    at: Option<&'d str>,
    /// `request("x") where …`
    trigger: String,
    clauses: Vec<String>,
    /// `deny` when nothing is said.
    effect: Option<String>,
    /// As it stands between its quotes.
    message: String,
}

/// Translates settings.
///
/// # Errors
/// At the first setting that makes no sense, with its name.
pub(super) fn translate(settings: &ActionSettings) -> Result<Translation, ActionError> {
    params::check_patterns(settings)?;
    let mut translation = Translation::default();
    translation.push(&format!("// Made from the settings [engine.actions].\npolicy {PACKAGE} version \"1.0.0\" dsl 1;\n"));
    let named = by_precedence(settings)?;
    for (at, (name, action)) in named.iter().enumerate() {
        let more_telling = named[..at].iter().map(|(name, _)| *name);
        let meant = Meant::new(name, more_telling);
        if !action.allow {
            translation.rule(Draft {
                setting: format!("{name}.allow"),
                rule: &acl::NOT_ALLOWED,
                at: None,
                trigger: meant.request("c", &[]),
                clauses: Vec::new(),
                effect: None,
                message: format!("the action `{}` is not allowed (`{}`)", meant.shown(), in_message(name)),
            });
            continue;
        }
        terms::who(&mut translation, name, action, &meant);
        params::params(&mut translation, name, action, &meant)?;
        terms::provenances(&mut translation, name, action, &meant)?;
        terms::approval(&mut translation, name, action, &meant)?;
        terms::budgets(&mut translation, name, action, &meant)?;
    }
    if settings.default == Unnamed::Deny {
        translation.rule(Draft {
            setting: "default".to_owned(),
            rule: &acl::UNKNOWN_ACTION,
            at: None,
            trigger: Meant::new("*", named.iter().map(|(name, _)| *name)).request("c", &[]),
            clauses: Vec::new(),
            effect: None,
            message: "no setting names the action `{c.action}`, and `default` is deny".to_owned(),
        });
    }
    debug_assert!(
        translation.rules.iter().all(|(_, rule)| rule.effect.is_none_or(|effect| effect == Effect::RequireApproval))
    );
    Ok(translation)
}
