//! The one pass over an event's bytes that serves all detectors.
//!
//! [`Detectors`] is built once from [`DetectorSettings`]; [`Detectors::scan`] walks an event's node table in order and
//! appends a [`Hit`] for each find. Keys, strings and numbers are looked at; JSON in a string is descended into, three
//! levels deep, and text that only resembles JSON is looked at with its escapes undone too.
//!
//! What only identifies the event is left out, and so is never redacted: `seq`, `t`, and of `meta` the `run_id`, the call
//! ids, `session_id`, `subject_id`, `idempotency_key` and `signature`. They must not hold personal data.

pub(crate) mod allow;
mod assignment;
mod begun;
mod custom;
mod enabled;
mod fields;
mod hit;
mod identifier;
mod layout;
mod literals;
pub(crate) mod mistakes;
mod names;
mod pattern;
mod places;
mod prefilter;
mod recognizer;
mod secret;
mod settings;
mod shapes;
pub mod site;
mod stream;
mod token;
mod walk;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aop_toon::{Document, Event};

pub use custom::{Checksum, Code, CustomRecognizer, Ml, Model, Recognize};
pub use fields::DeclaredField;
pub(crate) use hit::POINTER_BYTES_MAX;
pub use hit::{Hit, Inner, Provenance};
pub use identifier::Identifier;
pub(crate) use mistakes::suggestion;
pub use mistakes::{SettingsError, names_alike};
pub use places::PathPattern;
pub use recognizer::{Anchor, Candidate, Language, Look, Match, Parameter, Recognizer};
pub use secret::{SecretForm, entropy};
pub use settings::{Choice, DetectorSettings, PiiSettings, SecretSettings, ThreatSettings, switch};
pub use stream::{Released, Stream};

use crate::rule::Rule;
use crate::text::view::View;
use crate::threats::Worth;
use crate::threats::model::{Question, Weights};
use crate::threats::words::Wordings;
use crate::{pii, secrets, threats};
use allow::{AllowLists, Allowed};
use custom::{Own, OwnRecognizer};
use enabled::{Enabled, Judgement};
use fields::Fields;
use mistakes::Mistakes;
use names::{CleanKeys, Meanings};
use prefilter::Prefilter;
pub(crate) use walk::held_document;
use walk::{Walk, WordScratch};

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
    /// Those of them that are not ours.
    own: Own,
    /// Those of them that look at an action's parameters.
    parameters: Vec<u16>,
    /// Those that look at what nobody sees.
    unseen: Vec<u16>,
    /// What parameters are declared to hold.
    fields: Fields,
    /// The patterns over words.
    wordings: Wordings,
    /// Whether attacks are looked for.
    finds_attacks: bool,
    /// The model's questions, and its weights.
    model: Vec<(u16, Question)>,
    weights: Arc<Weights>,
    /// Whose texts are read for attacks on readers.
    read: [bool; Provenance::ALL.len()],
    prefilter: Prefilter,
    /// Whether what is found in a key depends on its text alone.
    keys_are_alike: bool,
    /// Tells these detectors from others, for what a scratch remembers.
    number: u64,
}

/// Buffers that a scan uses again; keep one a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Decoded strings, one buffer for each level of JSON in strings.
    decoded: [String; JSON_LEVELS],
    view: View,
    words: WordScratch,
    meanings: Meanings,
    clean_keys: CleanKeys<40>,
    /// Bare texts without data: names of actions, messages of findings.
    clean_texts: CleanKeys<160>,
}

/// An event's own JSON, and how deep JSON in its strings is followed.
const JSON_LEVELS: usize = 4;

impl Detectors {
    /// Builds the detectors.
    ///
    /// # Errors
    /// Every mistake in the settings: an entity, a rule or a region that does not exist, a threshold that is none, an expression
    /// that does not parse, an example of a company's recognizer that does not come out as it says.
    pub fn new(settings: &DetectorSettings) -> Result<Self, SettingsError> {
        settings.are_compiled_in()?;
        let mut mistakes = Mistakes::default();
        let mut enabled = Vec::new();
        let mut own = Vec::new();
        if let Some(pii) = &settings.pii {
            let given = enable_pii(pii, &mut enabled, &mut mistakes);
            own.extend(given);
        }
        if let Some(secrets) = &settings.secrets {
            enable_secrets(secrets, &mut enabled, &mut mistakes);
        }
        let mut fields = Fields::default();
        let mut weights = None;
        if let Some(threats) = &settings.threats {
            enable_threats(threats, &mut enabled, &mut mistakes);
            fields = Fields::new(&threats.fields, &mut mistakes);
            weights = threats.model.clone();
        }
        mistakes.into_result()?;
        let own: Vec<(u16, &OwnRecognizer)> = own.iter().map(|(owner, own)| (*owner, own)).collect();
        let weights = weights.unwrap_or_else(Weights::shipped);
        Ok(Self { fields, weights, ..Self::of(enabled, Own::of(&own)) })
    }

    /// The same detectors with further declarations of what parameters hold, such as a policy's schema has. Those of the settings
    /// win over them.
    ///
    /// ```
    /// use aop_rules::scan::{DeclaredField, DetectorSettings, Detectors, Language};
    ///
    /// let field = DeclaredField { action: "db.query".parse().unwrap(), param: "/sql".to_owned(), language: Language::Sql };
    /// let detectors = Detectors::new(&DetectorSettings::default()).unwrap().declaring(&[field]);
    /// # let _ = detectors;
    /// ```
    pub fn declaring(self, fields: &[DeclaredField]) -> Self {
        Self { fields: self.fields.with(fields), ..self }
    }

    fn of(enabled: Vec<Enabled>, own: Own) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let prefilter = Prefilter::new(&enabled);
        // Where a path decides, or somebody's code, a key that is clean here may not be clean there.
        let keys_are_alike = own.is_empty() && !enabled.iter().any(|enabled| enabled.allowed.has_paths());
        let of = |is_of: fn(&Look) -> bool| {
            let owners = (0..).zip(&enabled).filter(|(_, enabled)| is_of(&enabled.recognizer.look));
            owners.map(|(owner, _)| owner).collect::<Vec<u16>>()
        };
        let parameters = of(|look| matches!(look, Look::Parameter(_)));
        let unseen = of(|look| matches!(look, Look::Unseen(_)));
        let (mut wordings, mut model) = (Wordings::default(), Vec::new());
        for (owner, enabled) in (0..).zip(&enabled) {
            if let Look::Wordings(patterns) = enabled.recognizer.look {
                wordings.add(owner, patterns).unwrap_or_else(|fault| panic!("{}: {fault}", enabled.recognizer.rule.id));
            }
            if let Look::Model(question) = enabled.recognizer.look {
                model.push((owner, question));
            }
        }
        let finds_attacks = enabled.iter().any(|enabled| enabled.recognizer.rule.family() == "threats");
        let is_read = |provenance| {
            let is_of_readers = |rule: &Rule| rule.family() == "threats" && !threats::is_code(rule);
            let reads = |enabled: &Enabled| is_of_readers(enabled.recognizer.rule);
            enabled.iter().any(|enabled| reads(enabled) && enabled.judgement(provenance).is_some())
        };
        let read = Provenance::ALL.map(is_read);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self {
            enabled,
            own,
            parameters,
            unseen,
            fields: Fields::default(),
            wordings,
            model,
            weights: Weights::shipped(),
            finds_attacks,
            read,
            prefilter,
            keys_are_alike,
            number,
        }
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
            Walk::new(self, provenance, hits).document(document, scratch);
        }
    }

    /// Looks at a bare text, which is taken as it is: JSON in it is not descended into. The hits have no node.
    pub fn scan_text(&self, text: &str, provenance: Provenance, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if !self.enabled.is_empty() {
            Walk::new(self, provenance, hits).bare_text(text, scratch);
        }
    }

    /// As [`Detectors::scan_text`], for personal data and secrets alone. Short texts in which there are none, such as names of
    /// actions, are remembered in the buffers.
    pub fn scan_text_for_data(&self, text: &str, provenance: Provenance, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if self.enabled.is_empty() || scratch.clean_texts.has(self.number, provenance, text) {
            return;
        }
        let before = hits.len();
        Walk::new(self, provenance, hits).for_data().bare_text(text, scratch);
        if hits.len() == before && self.keys_are_alike {
            scratch.clean_texts.add(self.number, provenance, text);
        }
    }

    /// Looks at a part of a text that is still coming. The model, which weighs a text as a whole, is not asked.
    pub(crate) fn scan_part(&self, text: &str, provenance: Provenance, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if !self.enabled.is_empty() {
            Walk::new(self, provenance, hits).in_parts().bare_text(text, scratch);
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
        !self.finds_attacks && self.own.is_empty() && self.prefilter.is_quiet(text)
    }

    /// The recognizers that look at an action's parameters.
    pub(crate) fn parameters(&self) -> &[u16] {
        &self.parameters
    }

    /// The recognizers that look at what nobody sees.
    pub(crate) fn unseen_looks(&self) -> &[u16] {
        &self.unseen
    }

    /// Whether texts of a provenance are read for attacks on readers.
    pub(crate) fn reads(&self, provenance: Provenance) -> bool {
        self.read[provenance as usize]
    }

    /// The patterns over words.
    pub(crate) fn wordings(&self) -> &Wordings {
        &self.wordings
    }

    /// What the model is asked, each with whose question it is.
    pub(crate) fn model(&self) -> (&[(u16, Question)], &Weights) {
        (&self.model, &self.weights)
    }

    /// What parameters are declared to hold.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) fn keys_are_alike(&self) -> bool {
        self.keys_are_alike
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The recognizers that are not ours.
    pub(crate) fn own(&self) -> &Own {
        &self.own
    }

    /// What the recognizers find that are not ours: the entities of a company's settings, of its program and of its model.
    pub fn own_entities(&self) -> impl Iterator<Item = &'static str> {
        let own = self.enabled.iter().map(|enabled| enabled.recognizer);
        own.filter(|recognizer| matches!(recognizer.look, Look::Custom)).map(|recognizer| recognizer.entity)
    }
}

/// All recognizers there are, in the manual's order.
pub fn recognizers() -> impl Iterator<Item = &'static Recognizer> {
    let personal = pii::TABLES.iter().copied().flatten();
    let secrets = secrets::SUBJECTS.iter().flat_map(|subject| subject.recognizers);
    personal.chain(secrets).chain(threats::TABLES.iter().copied().flatten())
}

/// Switches personal data on; what is not ours of it, each with its number.
fn enable_pii(pii: &PiiSettings, enabled: &mut Vec<Enabled>, mistakes: &mut Mistakes) -> Vec<(u16, OwnRecognizer)> {
    mistakes.score("pii.threshold", pii.threshold);
    let own = custom::read(pii, mistakes);
    let all = || pii::TABLES.iter().copied().flatten();
    let entities = all().map(|recognizer| recognizer.entity).chain(own.iter().map(|own| own.recognizer.entity));
    // One that has a mistake itself is known all the same: its name is not what is wrong.
    let entities = entities.chain(pii.recognizers.iter().map(|custom| custom.name.as_str()));
    mistakes.choices("pii.entities", &pii.entities, entities);
    mistakes.regions("pii.regions", &pii.regions, all().filter_map(|recognizer| recognizer.region));
    let lists = AllowLists { family: "pii", values: &pii.allow, patterns: &pii.allow_patterns, paths: &pii.allow_paths };
    let allowed = Arc::new(Allowed::new(lists, mistakes));
    let enable = |recognizer: &'static Recognizer| {
        let enabled = switched_on(recognizer, pii.entities.get(recognizer.entity), pii.threshold, &allowed)?;
        let is_weak = |(entity, score): &(&str, f64)| *entity == recognizer.entity && *score < enabled.threshold;
        (!pii::WEAK.iter().any(is_weak)).then_some(enabled)
    };
    let is_near = |recognizer: &&Recognizer| {
        pii.regions.is_empty() || recognizer.region.is_none_or(|region| pii.regions.iter().any(|near| near == region))
    };
    enabled.extend(all().filter(is_near).filter_map(enable));
    let enable_own = |own: &OwnRecognizer| Some(enable(own.recognizer)?.named_by(own.names()));
    let mut numbered = Vec::new();
    for own in own {
        if let Some(switched_on) = enable_own(&own) {
            own.try_examples(&|own| enable_own(own).expect("it is switched on"), mistakes);
            numbered.push((u16::try_from(enabled.len()).unwrap_or(u16::MAX), own));
            enabled.push(switched_on);
        }
    }
    if enabled.len() > RECOGNIZERS_MAX {
        mistakes
            .add("pii.recognizers", format_args!("{} recognizers in all; {RECOGNIZERS_MAX} are the most", enabled.len()));
    }
    numbered
}

/// So many recognizers may be switched on before the secrets and the attacks, so that each has a number.
const RECOGNIZERS_MAX: usize = 32_000;

fn enable_secrets(secrets: &SecretSettings, enabled: &mut Vec<Enabled>, mistakes: &mut Mistakes) {
    mistakes.score("secrets.threshold", secrets.threshold);
    let all = || secrets::SUBJECTS.iter().flat_map(|subject| subject.recognizers);
    mistakes.choices("secrets.rules", &secrets.rules, all().map(|recognizer| recognizer.rule.id));
    let lists = AllowLists {
        family: "secrets",
        values: &secrets.allow,
        patterns: &secrets.allow_patterns,
        paths: &secrets.allow_paths,
    };
    let allowed = Arc::new(Allowed::new(lists, mistakes));
    let enable = |recognizer| switched_on(recognizer, secrets.rules.get(recognizer.rule.id), secrets.threshold, &allowed);
    enabled.extend(all().filter_map(enable));
}

/// A recognizer of data, unless it is switched off. What it finds is worth the same wherever it comes from.
fn switched_on(
    recognizer: &'static Recognizer,
    choice: Option<&Choice>,
    threshold: f64,
    allowed: &Arc<Allowed>,
) -> Option<Enabled> {
    let choice = choice.cloned().unwrap_or_default();
    let judgement = Judgement {
        severity: recognizer.rule.severity,
        effect: choice.effect.or(recognizer.rule.effect),
        threshold: choice.threshold.unwrap_or(threshold),
    };
    choice.enabled.then(|| Enabled::new(recognizer, allowed, |_| Some(judgement)))
}

fn enable_threats(threats: &ThreatSettings, enabled: &mut Vec<Enabled>, mistakes: &mut Mistakes) {
    let all = || threats::TABLES.iter().copied().flatten();
    let ids = all().map(|recognizer| recognizer.rule.id).chain([threats::obeyed::RULE.id]);
    mistakes.choices("threats.rules", &threats.rules, ids);
    let lists = AllowLists {
        family: "threats",
        values: &threats.allow,
        patterns: &threats.allow_patterns,
        paths: &threats.allow_paths,
    };
    let allowed = Arc::new(Allowed::new(lists, mistakes));
    for recognizer in all() {
        let judge = |provenance| {
            let Worth { severity, effect, threshold } = threats.worth(recognizer.rule, provenance)?;
            Some(Judgement { severity, effect, threshold })
        };
        if Provenance::ALL.into_iter().any(|provenance| judge(provenance).is_some()) {
            enabled.push(Enabled::new(recognizer, &allowed, judge));
        }
    }
}
