//! The one pass over an event's bytes that serves all detectors.
//!
//! [`Detectors`] is built once from [`DetectorSettings`]; [`Detectors::scan`] walks an event's node table in order and
//! appends a [`Hit`] for each find. Keys, strings and numbers are looked at; JSON in a string is descended into, three
//! levels deep, and text that only resembles JSON is looked at with its escapes undone too.
//!
//! What only identifies the event is left out, and so is never redacted: `seq`, `t`, and of `meta` the `run_id`, the call
//! ids, `session_id`, `subject_id`, `idempotency_key` and `signature`. They must not hold personal data.

mod assignment;
mod enabled;
mod hit;
mod identifier;
mod layout;
mod literals;
mod names;
mod pattern;
mod prefilter;
mod recognizer;
mod secret;
mod settings;
mod shapes;
pub mod site;
mod stream;
mod token;
mod walk;

use std::sync::atomic::{AtomicU64, Ordering};

use aop_toon::{Document, Event};

pub use hit::{Hit, Inner, Provenance};
pub use identifier::Identifier;
pub use recognizer::{Anchor, Candidate, Look, Match, Recognizer};
pub use secret::{SecretForm, entropy};
pub use settings::{Choice, DetectorSettings, PiiSettings, SecretSettings, SettingsError, ThreatSettings, switch};
pub use stream::{Released, Stream};

use crate::text::view::View;
use crate::{pii, secrets, threats};
use enabled::{Enabled, Judgement};
use names::Meanings;
use prefilter::Prefilter;
use walk::Walk;

/// All detectors that are switched on. Immutable, so one serves all threads.
///
/// ```
/// use aop_rules::scan::{DetectorSettings, Detectors, Provenance, Scratch};
///
/// let detectors = Detectors::new(&DetectorSettings::default()).unwrap();
/// let mut hits = Vec::new();
/// detectors.scan_text("write to bob@example.org", Provenance::User, &mut Scratch::default(), &mut hits);
/// assert_eq!((hits[0].rule.id, hits[0].span.clone()), ("pii/email", 9..24));
/// ```
#[derive(Debug)]
pub struct Detectors {
    enabled: Vec<Enabled>,
    prefilter: Prefilter,
    allow: Allowed,
    /// Tells these detectors from others, for what a scratch remembers.
    number: u64,
}

/// Buffers that a scan uses again; keep one a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Decoded strings, one buffer for each level of JSON in strings.
    decoded: [String; JSON_LEVELS],
    view: View,
    meanings: Meanings,
}

/// An event's own JSON, and how deep JSON in its strings is followed.
const JSON_LEVELS: usize = 4;

impl Detectors {
    /// Builds the detectors.
    ///
    /// # Errors
    /// When the settings name an entity or a rule that does not exist.
    pub fn new(settings: &DetectorSettings) -> Result<Self, SettingsError> {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let mut enabled = Vec::new();
        let mut allow = Allowed::default();
        if let Some(pii) = &settings.pii {
            let all = || pii::TABLES.iter().copied().flatten();
            check_names("pii.entities", pii.entities.keys(), all().map(|recognizer| recognizer.entity))?;
            check_names("pii.regions", pii.regions.iter(), all().filter_map(|recognizer| recognizer.region))?;
            let is_near = |recognizer: &&Recognizer| {
                pii.regions.is_empty()
                    || recognizer.region.is_none_or(|region| pii.regions.iter().any(|near| near == region))
            };
            for recognizer in all().filter(is_near) {
                let choice = pii.entities.get(recognizer.entity).cloned().unwrap_or_default();
                let judgement =
                    Judgement { severity: recognizer.rule.severity, effect: choice.effect.or(recognizer.rule.effect) };
                enable(&mut enabled, recognizer, &choice, pii.threshold, |_| Some(judgement));
            }
            allow.add(&pii.allow);
        }
        if let Some(secrets) = &settings.secrets {
            let all = || secrets::TABLES.iter().copied().flatten();
            check_names("secrets.rules", secrets.rules.keys(), all().map(|recognizer| recognizer.rule.id))?;
            for recognizer in all() {
                let choice = secrets.rules.get(recognizer.rule.id).cloned().unwrap_or_default();
                let judgement =
                    Judgement { severity: recognizer.rule.severity, effect: choice.effect.or(recognizer.rule.effect) };
                enable(&mut enabled, recognizer, &choice, secrets.threshold, |_| Some(judgement));
            }
            allow.add(&secrets.allow);
        }
        if let Some(threats) = &settings.threats {
            let all = || threats::TABLES.iter().copied().flatten();
            check_names("threats.rules", threats.rules.keys(), all().map(|recognizer| recognizer.rule.id))?;
            for recognizer in all() {
                let choice = threats.rules.get(recognizer.rule.id).cloned().unwrap_or_default();
                enable(&mut enabled, recognizer, &choice, 0.0, |provenance| {
                    let (severity, effect) = threats::judge(recognizer.rule, provenance)?;
                    Some(Judgement { severity, effect: choice.effect.or(effect) })
                });
            }
        }
        let prefilter = Prefilter::new(&enabled);
        Ok(Self { enabled, prefilter, allow, number: COUNT.fetch_add(1, Ordering::Relaxed) })
    }

    /// Looks at everything in an event that somebody may have written, and appends what is found, in document order.
    /// The text's provenance is the actor's.
    pub fn scan(&self, event: &Event<'_>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if !self.enabled.is_empty() {
            Walk::new(self, event.actor().into(), hits).event(event, scratch);
        }
    }

    /// Looks at a JSON document of any form.
    pub fn scan_json(&self, document: &Document<'_>, provenance: Provenance, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if !self.enabled.is_empty() {
            Walk::new(self, provenance, hits).tree(document.root(), None, scratch);
        }
    }

    /// Looks at a bare text, which is taken as it is: JSON in it is not descended into. The hits have no node.
    pub fn scan_text(&self, text: &str, provenance: Provenance, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if !self.enabled.is_empty() {
            Walk::new(self, provenance, hits).bare_text(text, scratch);
        }
    }

    /// What detectors can find: the family of rules and the entity, in the order of the tables.
    pub fn entities() -> impl Iterator<Item = (&'static str, &'static str)> {
        recognizers().map(|recognizer| (recognizer.rule.family(), recognizer.entity))
    }

    pub(crate) fn enabled(&self, index: u16) -> &Enabled {
        &self.enabled[usize::from(index)]
    }

    pub(crate) fn prefilter(&self) -> &Prefilter {
        &self.prefilter
    }

    /// Whether nothing in a text is worth a look, of what data is found by. Where attacks are looked for too, no text is quiet:
    /// their wordings may begin with any word.
    pub(crate) fn is_quiet(&self, text: &str) -> bool {
        let finds_attacks = self.enabled.iter().any(|enabled| enabled.recognizer.rule.family() == "threats");
        !finds_attacks && self.prefilter.is_quiet(text)
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn allows(&self, text: &str) -> bool {
        self.allow.contains(text)
    }
}

/// All recognizers there are, in the manual's order.
pub fn recognizers() -> impl Iterator<Item = &'static Recognizer> {
    [pii::TABLES, secrets::TABLES, threats::TABLES].into_iter().flatten().copied().flatten()
}

fn enable(
    enabled: &mut Vec<Enabled>,
    recognizer: &'static Recognizer,
    choice: &Choice,
    threshold: f64,
    judge: impl Fn(Provenance) -> Option<Judgement>,
) {
    if choice.enabled {
        enabled.push(Enabled::new(recognizer, choice.threshold.unwrap_or(threshold), judge));
    }
}

fn check_names<'n>(
    setting: &'static str,
    names: impl Iterator<Item = &'n String>,
    known: impl Iterator<Item = &'static str> + Clone,
) -> Result<(), SettingsError> {
    for name in names {
        if !known.clone().any(|known| known == name) {
            return Err(SettingsError { setting, name: name.clone(), known: alike(name, known) });
        }
    }
    Ok(())
}

/// The known names that share a word with one that is not known, or all where none does.
fn alike(name: &str, known: impl Iterator<Item = &'static str>) -> String {
    let words = |name: &str| -> Vec<String> {
        name.to_ascii_lowercase().split(['/', '-', '_']).skip_while(|word| *word == "secrets").map(str::to_owned).collect()
    };
    let wanted = words(name);
    let mut known: Vec<_> = known.collect();
    known.dedup();
    let mut shown: Vec<_> =
        known.iter().copied().filter(|known| words(known).iter().any(|word| wanted.contains(word))).collect();
    if shown.is_empty() {
        shown.clone_from(&known);
    }
    let others = if shown.len() < known.len() { " and others" } else { "" };
    shown.join(", ") + others
}

/// Values that are not reported.
#[derive(Debug, Default)]
struct Allowed {
    values: Vec<String>,
    domains: Vec<String>,
}

impl Allowed {
    fn add(&mut self, values: &[String]) {
        for value in values {
            let list = if value.starts_with('@') { &mut self.domains } else { &mut self.values };
            list.push(value.to_ascii_lowercase());
        }
    }

    fn contains(&self, text: &str) -> bool {
        self.values.iter().any(|value| value.eq_ignore_ascii_case(text))
            || text.find('@').is_some_and(|at| self.domains.iter().any(|domain| domain.eq_ignore_ascii_case(&text[at..])))
    }
}
