//! Recognizers in Rust, and models: what a program gives to the detectors that no settings file can hold.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use aop_toon::{Effect, Severity};

use crate::scan::recognizer::Match;
use crate::scan::site::Site;

/// A company's own recognizer in Rust, for what no pattern can say.
///
/// It is asked about every key, string and number that is looked at, in the normalised view and in what was decoded too, so it
/// has to be quick: the time it takes is the time of every event. It must be pure: the same answer for the same text, whatever
/// it was asked before. It should look no further than some hundred bytes around a find; of a text that arrives in pieces it
/// sees no more.
///
/// ```
/// use aop_rules::scan::{Code, DetectorSettings, Detectors, Match, PiiSettings, Provenance, Recognize, Scratch, site::Site};
///
/// /// Names of ships of our fleet.
/// struct Ships(Vec<&'static str>);
///
/// impl Recognize for Ships {
///     fn entity(&self) -> &str {
///         "ACME_SHIP"
///     }
///
///     fn scan(&self, text: &str, _site: &Site<'_>, found: &mut Vec<Match>) {
///         for ship in &self.0 {
///             found.extend(text.match_indices(ship).map(|(start, _)| Match { start, end: start + ship.len(), score: 0.9 }));
///         }
///     }
/// }
///
/// let pii = PiiSettings { code: vec![Code::new(Ships(vec!["Aurelia", "Sea Holly"]))], ..PiiSettings::default() };
/// let detectors = Detectors::new(&DetectorSettings { pii: Some(pii), ..DetectorSettings::default() })?;
/// let mut hits = Vec::new();
/// detectors.scan_text("the Sea Holly is late", Provenance::User, &mut Scratch::default(), &mut hits);
/// assert_eq!((hits[0].rule.id, hits[0].span.clone()), ("custom/acme-ship", 4..13));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Recognize: Send + Sync {
    /// What it finds, in capitals: `ACME_SHIP`. Its rule is then `custom/acme-ship`.
    fn entity(&self) -> &str;

    /// Appends what is found in a text. A find whose ends are no characters' boundaries in the text, or whose score is no
    /// number from 0 to 1, is left out.
    fn scan(&self, text: &str, site: &Site<'_>, found: &mut Vec<Match>);

    /// How bad a find is.
    fn severity(&self) -> Severity {
        Severity::Error
    }

    /// What is done about a find; `None` leaves it to the engine: deny at or over its threshold, flag below.
    fn effect(&self) -> Option<Effect> {
        Some(Effect::Redact)
    }

    /// What a find is called in messages, in a few words; the entity's words unless said.
    fn summary(&self) -> Option<&str> {
        None
    }
}

/// A model that names things in text, such as people and places: where one plugs in.
///
/// It must be pure, as a [`Recognize`] must: the same answer for the same text. It takes as much text at a time as it says;
/// longer texts are given in overlapping parts, cut between words. Numbers are not shown to it. What it finds is compared with
/// the threshold, the allow-lists and the finds of the other recognizers like everything else.
pub trait Model: Send + Sync {
    /// What it can name, in capitals: `PERSON`. The rule of a find is then `custom/ml-person`.
    fn entities(&self) -> &[&str];

    /// The most bytes of text that it takes at a time; at least 64.
    fn text_bytes_max(&self) -> usize;

    /// Tells what is found in a text: one of the entities, where, and how sure the model is. What is none of the entities is
    /// left out, and so is a find as [`Recognize::scan`] says.
    fn scan(&self, text: &str, found: &mut dyn FnMut(&str, Match));
}

/// A [`Recognize`] as settings hold it. Two are equal when they are the same one.
#[derive(Clone)]
pub struct Code(Arc<dyn Recognize>);

/// A [`Model`] as settings hold it. Two are equal when they are the same one.
#[derive(Clone)]
pub struct Ml(Arc<dyn Model>);

impl Code {
    /// Takes a recognizer.
    pub fn new(recognizer: impl Recognize + 'static) -> Self {
        Self(Arc::new(recognizer))
    }
}

impl Ml {
    /// Takes a model.
    pub fn new(model: impl Model + 'static) -> Self {
        Self(Arc::new(model))
    }
}

impl From<Arc<dyn Recognize>> for Code {
    fn from(recognizer: Arc<dyn Recognize>) -> Self {
        Self(recognizer)
    }
}

impl From<Arc<dyn Model>> for Ml {
    fn from(model: Arc<dyn Model>) -> Self {
        Self(model)
    }
}

impl Deref for Code {
    type Target = dyn Recognize;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl Deref for Ml {
    type Target = dyn Model;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Ml {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({})", self.0.entity())
    }
}

impl fmt::Debug for Ml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ml({})", self.0.entities().join(", "))
    }
}
