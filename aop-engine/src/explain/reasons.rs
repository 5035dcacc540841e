//! What spoke for a finding, in sentences.

use aop_rules::scan::{Hit, Look, Provenance, Recognizer, recognizers};
use aop_rules::threats::model::{self, Question, Weights};
use aop_rules::{catalogue, threats};
use aop_toon::{Event, Finding};

use crate::engine::Engine;

pub(super) fn of(engine: &Engine, event: Option<&Event<'_>>, finding: &Finding) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut of_rule = recognizers().filter(|recognizer| recognizer.rule.id == finding.rule);
    let recognizer = of_rule.find(|recognizer| finding.entity.as_deref().is_none_or(|entity| entity == recognizer.entity));
    if let (Some(recognizer), Some(score)) = (recognizer, finding.score) {
        reasons.push(look(recognizer, score));
        if matches!(recognizer.look, Look::Model(Question::Attack)) {
            reasons.extend(of_model(engine, event, finding));
        }
        if let Some(least) = least_score(engine, finding) {
            reasons.push(format!("its score is {score}, and {least} or more is reported here"));
        }
    }
    if let Some(provenance) = finding.provenance.as_deref() {
        let who = match provenance {
            "tool" => "it is said by a tool, which has no right to instruct",
            "user" => "it is said by the user, who may say what they like",
            "agent" | "params" => "it is said by the agent itself",
            "system" => "it is said by the operator",
            _ => "it is said by a test of the agent's defences",
        };
        reasons.push(who.to_owned());
    }
    if !finding.views.is_empty() {
        let views: Vec<&str> = finding.views.iter().map(AsRef::as_ref).collect();
        reasons.push(format!("it was read after these decodings, from the outside in: {}", views.join(", ")));
    }
    if let Some(inner) = &finding.inner_path {
        reasons.push(format!("the text holds JSON, and it stands there at {inner}"));
    }
    if reasons.is_empty() {
        reasons.push(finding.message.clone());
    }
    reasons
}

/// How the recognizer looks, and what in that gave the score.
fn look(recognizer: &Recognizer, score: f64) -> String {
    let is = |other: f64| (score - other).abs() < 1e-9;
    match &recognizer.look {
        Look::Identifier(identifier) => {
            let form = identifier.layouts.iter().find(|(_, alone)| is(*alone));
            if is(identifier.named) && !identifier.names.is_empty() {
                format!("it has the form and the check digits, and a key or label names it ({})", some(identifier.names))
            } else if let Some((form, _)) = form {
                format!("it has the form {form} and its check digits")
            } else if is(identifier.near) && !identifier.words.is_empty() {
                format!("it has the form, and a word near it makes it likelier ({})", some(identifier.words))
            } else {
                "it has the form, written in a way that makes it less sure".to_owned()
            }
        }
        Look::Secret(form) if !form.tokens.is_empty() => format!("it has the form {}", some(form.tokens)),
        Look::Secret(form) => format!("a key or assignment with {} in its name holds it", some(form.names)),
        Look::Wordings(_) => "its words say so, as a pattern of the rule has them".to_owned(),
        Look::Model(Question::Attack) => "a small linear model weighed its words; what counted most:".to_owned(),
        Look::Model(Question::Instruction) => {
            "a small linear model takes this sentence for an order to whoever reads it".to_owned()
        }
        Look::Parameter(_) => "its tokens say so: it was read as the code it would be run as".to_owned(),
        Look::Unseen(_) => "it holds characters that nobody sees".to_owned(),
        Look::Code { .. } => "the rule's own check found it".to_owned(),
        Look::Custom => "a recognizer of the settings or the program found it".to_owned(),
    }
}

/// What the model has seen in the window.
fn of_model(engine: &Engine, event: Option<&Event<'_>>, finding: &Finding) -> Vec<String> {
    let Some(window) = event.and_then(|event| window(engine, event, finding)) else { return Vec::new() };
    let shipped = Weights::shipped();
    let own = engine.settings().threats.as_ref().and_then(|threats| threats.model.clone());
    let reasons = model::reasons(&window, own.as_ref().unwrap_or(&shipped));
    reasons.iter().map(|reason| format!("  {:+.2}  {}", reason.weight, reason.said)).collect()
}

/// The text that the model has read; only what it is about is told, and not the text.
fn window(engine: &Engine, event: &Event<'_>, finding: &Finding) -> Option<String> {
    let is_it = |hit: &&Hit| {
        hit.rule.id == finding.rule && Some((hit.span.start, hit.span.end)) == finding.span && hit.inner.is_none()
    };
    let hits = engine.hits_of(event);
    let hit = hits.iter().find(is_it)?;
    let text = event.document().value(hit.node?).as_str()?;
    text.get(hit.span.start as usize..hit.span.end as usize).map(str::to_owned)
}

/// The least score that is reported of what was found.
fn least_score(engine: &Engine, finding: &Finding) -> Option<f64> {
    let settings = engine.settings();
    let rule = catalogue::rule(&finding.rule)?;
    match rule.family() {
        "secrets" => {
            let secrets = settings.secrets.as_ref()?;
            Some(secrets.rules.get(rule.id).and_then(|choice| choice.threshold).unwrap_or(secrets.threshold))
        }
        "threats" if rule.id != threats::obeyed::RULE.id => {
            let provenance = Provenance::from_word(finding.provenance.as_deref()?)?;
            settings.threats.as_ref()?.threshold(rule, provenance)
        }
        "pii" => {
            let pii = settings.pii.as_ref()?;
            let choice = finding.entity.as_deref().and_then(|entity| pii.entities.get(entity));
            Some(choice.and_then(|choice| choice.threshold).unwrap_or(pii.threshold))
        }
        _ => None,
    }
}

/// The first few of a list.
fn some(list: &[&str]) -> String {
    const SHOWN_MAX: usize = 5;
    let shown: Vec<&str> = list.iter().take(SHOWN_MAX).copied().collect();
    let more = list.len().saturating_sub(SHOWN_MAX);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
