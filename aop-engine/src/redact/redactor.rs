//! The settings of redaction, ready for use: which operation a value meets, and what is written in its place.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use aop_rules::scan::{Detectors, Provenance, Scratch, names_alike};

use super::REDACTED;
use super::canonical::{self, Kind};
use super::key::{DerivedKeys, RedactionKey};
use super::paths::Paths;
use super::placeholder::{self, Form, Placeholder};
use super::settings::{Operation, Operator, RedactionSettings, SettingsError};
use super::token::{self, Sealed};

/// Says what is written in the place of a value. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Redactor {
    rules: Arc<Rules>,
    key: Option<RedactionKey>,
    keys: Option<DerivedKeys>,
}

#[derive(Debug)]
struct Rules {
    settings: RedactionSettings,
    paths: Paths,
    /// The names that placeholders may have.
    entities: BTreeSet<&'static str>,
    /// Whether every value is replaced by its entity's name.
    is_plain: bool,
    /// Whether what one redaction leaves may be found by the next: what is put there is no placeholder.
    needs_another_look: bool,
}

/// A value that is replaced.
#[derive(Debug, Clone)]
pub(super) struct Found<'h> {
    pub(super) entity: &'h str,
    pub(super) operation: &'h Operation,
    /// The decoded text.
    pub(super) value: String,
    /// Whether the text is an encoding of what was found, such as base64: it has no other form then.
    pub(super) is_encoded: bool,
    /// Whether it is a number or a boolean.
    pub(super) is_bare: bool,
}

impl Redactor {
    /// # Errors
    /// The first setting that makes no sense, by its name.
    pub(crate) fn new(
        settings: &RedactionSettings,
        key: Option<RedactionKey>,
        detectors: &Detectors,
    ) -> Result<Self, SettingsError> {
        let ours = Detectors::entities().map(|(_, entity)| entity);
        let entities: BTreeSet<_> = ours.chain(detectors.own_entities()).chain([REDACTED]).collect();
        for name in settings.entities.keys() {
            if !entities.contains(name.as_str()) {
                let alike = names_alike(name, entities.iter().copied());
                let message = format!("there is no `{name}`; there are {alike}");
                return Err(SettingsError::new("entities", message));
            }
        }
        for (setting, operation) in settings.operations() {
            operation.validate(&setting)?;
            if !cfg!(feature = "tokens") && operation.operator == Operator::Token {
                let message = "this program was built without the cargo feature `tokens`, which the operator token needs";
                return Err(SettingsError::new(setting, message.to_owned()));
            }
            if key.is_none() && matches!(operation.operator, Operator::Hash | Operator::Token) {
                let message =
                    format!("the operator {} needs a redaction key, and there is none", operation.operator.as_str());
                return Err(SettingsError::new(setting, message));
            }
            if let Some(entity) = operation.text.as_deref().and_then(|text| found_in(detectors, text)) {
                return Err(SettingsError::new(setting, format!("`text` would itself be found, as {entity}")));
            }
        }
        let paths = Paths::new(&settings.paths)?;
        let writes_text = |operation: &Operation| {
            matches!(operation.operator, Operator::Mask | Operator::Remove) || operation.text.is_some()
        };
        let needs_another_look = settings.operations().any(|(_, operation)| writes_text(operation));
        let is_plain = settings
            .operations()
            .all(|(_, operation)| *operation == Operation { whole: operation.whole, ..Operation::default() });
        let rules = Rules { settings: settings.clone(), paths, entities, is_plain, needs_another_look };
        let keys = key.as_ref().map(DerivedKeys::new);
        Ok(Self { rules: Arc::new(rules), key, keys })
    }

    /// The same with the key of one tenant.
    pub(crate) fn for_tenant(&self, id: &str) -> Self {
        let key = self.key.as_ref().map(|key| key.for_tenant(id));
        let keys = key.as_ref().map(DerivedKeys::new);
        Self { rules: Arc::clone(&self.rules), key, keys }
    }

    pub(crate) fn keys(&self) -> Option<&DerivedKeys> {
        self.keys.as_ref()
    }

    /// One that puts the entity's name in the place of every value, wherever this one redacts.
    pub(crate) fn plain(&self) -> Self {
        let Rules { settings, paths, entities, .. } = &*self.rules;
        let mut settings = settings.clone();
        settings.each(|operation| {
            if operation.operator != Operator::Keep {
                *operation = Operation { whole: operation.whole, ..Operation::default() };
            }
        });
        let paths = Paths::new(&settings.paths).unwrap_or_else(|_| paths.clone());
        let rules = Rules { settings, paths, entities: entities.clone(), is_plain: true, needs_another_look: false };
        Self { rules: Arc::new(rules), key: self.key.clone(), keys: self.keys.clone() }
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.rules.is_plain
    }

    pub(crate) fn needs_another_look(&self) -> bool {
        self.rules.needs_another_look
    }

    pub(super) fn has_paths(&self) -> bool {
        !self.rules.paths.is_empty()
    }

    pub(crate) fn takes_leaves_whole(&self) -> bool {
        self.rules.paths.any_whole()
    }

    /// Whether everything at this place is redacted.
    pub(crate) fn is_whole(&self, pointer: &str) -> bool {
        self.rules.paths.operation(pointer).is_some_and(|operation| operation.whole)
    }

    pub(super) fn operation(&self, entity: &str, pointer: Option<&str>) -> &Operation {
        let RedactionSettings { default, entities, .. } = &self.rules.settings;
        let at_place = pointer.and_then(|pointer| self.rules.paths.operation(pointer));
        at_place.or_else(|| entities.get(entity)).unwrap_or(default)
    }

    /// Where in a text redaction has been before, in order. A token counts when it opens with the key, so that nobody hides a
    /// value by writing it like one; the other forms have no room for a value.
    pub(super) fn written_in(&self, text: &str) -> Vec<Range<usize>> {
        let is_ours = |placeholder: &Placeholder<'_>| {
            self.rules.entities.contains(placeholder.entity)
                && match placeholder.form {
                    Form::Name | Form::Hash => true,
                    Form::Token(body) => self.opened(placeholder.entity, body).is_some(),
                }
        };
        placeholder::all(text).filter(|(_, placeholder)| is_ours(placeholder)).map(|(range, _)| range).collect()
    }

    pub(super) fn is_entity(&self, name: &str) -> bool {
        self.rules.entities.contains(name)
    }

    pub(super) fn opened(&self, entity: &str, body: &str) -> Option<Sealed> {
        token::open(self.keys.as_ref()?, entity, body)
    }

    /// The text in the place of a value, of which `raw` stands in the document.
    pub(super) fn written(&self, found: &Found<'_>, raw: &str) -> String {
        let Found { entity, operation, value, is_bare, .. } = found;
        match (operation.operator, &self.keys) {
            (Operator::Keep, _) => value.clone(),
            (Operator::Remove, _) => String::new(),
            (Operator::Mask, _) => masked(entity, operation, value),
            (Operator::Replace, _) => operation.text.clone().unwrap_or_else(|| format!("<{entity}>")),
            (Operator::Hash, Some(keys)) => format!("<{entity}:h:{}>", keys.hash(entity, &found.canonical())),
            (Operator::Token, Some(keys)) => format!("<{entity}:t:{}>", token::seal(keys, entity, raw, *is_bare)),
            // The builder refuses these without a key; a name hides as much.
            (Operator::Hash | Operator::Token, None) => format!("<{entity}>"),
        }
    }
}

impl Found<'_> {
    fn canonical(&self) -> std::borrow::Cow<'_, str> {
        canonical_of(self.entity, &self.value, self.is_encoded)
    }
}

/// A value's form for hashes and fingerprints.
pub(super) fn canonical_of<'v>(entity: &str, value: &'v str, is_encoded: bool) -> std::borrow::Cow<'v, str> {
    if is_encoded { value.into() } else { canonical::canonical(entity, value) }
}

/// The value with its letters and digits hidden but for the last few. Of what has no form of its own everything is hidden.
fn masked(entity: &str, operation: &Operation, value: &str) -> String {
    let kind = canonical::kind(entity);
    let mask = operation.character.unwrap_or('*');
    let keep = operation.keep.unwrap_or(if kind == Kind::Account { 4 } else { 0 });
    let is_hidden = |character: char| kind == Kind::Exact || character.is_alphanumeric() || character == mask;
    let count = value.chars().filter(|&character| is_hidden(character)).count();
    let hidden = if count >= 2 * keep { count - keep } else { count };
    let mut seen = 0;
    let mut hide = |character: char| {
        seen += usize::from(is_hidden(character));
        if is_hidden(character) && seen <= hidden { mask } else { character }
    };
    value.chars().map(&mut hide).collect()
}

/// What the detectors of personal data and secrets find in a text.
fn found_in(detectors: &Detectors, text: &str) -> Option<&'static str> {
    let mut hits = Vec::new();
    detectors.scan_text(text, Provenance::Agent, &mut Scratch::default(), &mut hits);
    hits.iter().find(|hit| hit.is_data()).map(|hit| hit.entity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entity: &str, keep: Option<usize>, value: &str, expected: &str) {
        let operation = Operation { keep, ..Operator::Mask.into() };
        let once = masked(entity, &operation, value);
        assert_eq!(once, expected, "{entity} {value}");
        assert_eq!(masked(entity, &operation, &once), once, "masking twice");
    }

    #[test]
    fn a_mask_keeps_the_end_of_accounts_and_the_separators() {
        check("CREDIT_CARD", None, "4111 1111 1111 1234", "**** **** **** 1234");
        check("IBAN_CODE", None, "GB33-BUKB20201555555555", "****-**************5555");
        check("US_SSN", None, "536-90-4399", "***-**-****");
        check("US_SSN", Some(4), "536-90-4399", "***-**-4399");
        check("EMAIL_ADDRESS", None, "bob@example.org", "***@*******.***");
    }

    #[test]
    fn a_mask_keeps_nothing_of_secrets_and_of_short_values() {
        check("SECRET", None, "ghp_A-b 1", "*********");
        check("CREDIT_CARD", None, "1234567", "*******");
        check("CREDIT_CARD", Some(9), "4111 1111 1111 1234", "**** **** **** ****");
        check("US_SSN", Some(0), "５３６-90", "***-**");
    }
}
