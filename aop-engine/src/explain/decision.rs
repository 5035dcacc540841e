//! Why a finding has its effect.

use aop_rules::catalogue;
use aop_rules::rule::Rule;
use aop_rules::scan::Provenance;
use aop_toon::{Effect, Finding, Phase};

use crate::engine::Engine;

pub(super) fn of(engine: &Engine, finding: &Finding) -> String {
    let effect = finding.effect;
    let become_of = match effect {
        Effect::Allow | Effect::Flag => "the event passes",
        Effect::Redact => "the event passes with this replaced",
        Effect::Throttle => "the event is refused for now",
        Effect::RequireApproval => "the event waits for an approval",
        Effect::Deny => "the event is refused",
    };
    let because = because(engine, finding);
    match finding.phase {
        Phase::Ingestion => format!("{effect} ({become_of}): {because}"),
        Phase::PostRun | Phase::Batch => format!("{effect}: {because}"),
    }
}

fn because(engine: &Engine, finding: &Finding) -> String {
    let Some(rule) = catalogue::rule(&finding.rule) else { return "the rule asks for it".to_owned() };
    if let Some(setting) = set_effect(engine, rule, finding) {
        return format!("the settings ask for it ({setting})");
    }
    if finding.phase != Phase::Ingestion {
        return "what is found after the event can only be flagged".to_owned();
    }
    let threshold = engine.settings().threshold;
    match rule.effect {
        Some(own) if own == finding.effect => "the rule asks for it".to_owned(),
        None if finding.effect == Effect::Deny && finding.severity >= threshold => {
            format!(
                "the rule names no effect, and its severity {} is at or over the threshold {threshold}",
                finding.severity
            )
        }
        None if finding.effect == Effect::Flag && finding.severity < threshold => {
            format!("its severity {} is under the threshold {threshold}", finding.severity)
        }
        _ => "the rule decides by what stands around it and who says it".to_owned(),
    }
}

/// The setting that names the effect of what was found, if one does.
fn set_effect(engine: &Engine, rule: &Rule, finding: &Finding) -> Option<String> {
    let settings = engine.settings();
    let by_rule = |choice: Option<&aop_rules::scan::Choice>, table: &str| {
        choice.and_then(|choice| choice.effect).map(|_| format!("{table}.rules.\"{}\"", rule.id))
    };
    match rule.family() {
        "pii" => {
            let entity = finding.entity.as_deref()?;
            let choice = settings.pii.as_ref()?.entities.get(entity)?;
            choice.effect.map(|_| format!("pii.entities.{entity}"))
        }
        "secrets" => by_rule(settings.secrets.as_ref()?.rules.get(rule.id), "secrets"),
        "threats" => {
            let threats = settings.threats.as_ref()?;
            let from = finding.provenance.as_deref().and_then(Provenance::from_word);
            let of_from =
                from.and_then(|from| threats.from.get(&from)?.effect.map(|_| format!("threats.from.{}", from.as_str())));
            by_rule(threats.rules.get(rule.id), "threats").or(of_from)
        }
        "freq" if finding.phase == Phase::Ingestion => Some("frequency.limits".to_owned()),
        _ => None,
    }
}
