//! What a policy is compiled in: the packages it may use, what detectors find, and what rules may cost.

use std::fmt;

use crate::typed::DetectorFamily;

/// Gives the text of a package that a policy uses. The compiler opens no files itself; packages named `std.*` are built in and
/// never asked for.
///
/// ```
/// use aop_dsl::Resolver;
///
/// struct Common;
///
/// impl Resolver for Common {
///     fn package(&self, name: &str) -> Option<(String, String)> {
///         let text = r#"policy acme.common version "1.0.0" dsl 1; let partners = ["a.example"];"#;
///         (name == "acme.common").then(|| ("common.aop".to_owned(), text.to_owned()))
///     }
/// }
/// ```
pub trait Resolver {
    /// The name to show for a package's text (such as its file's) and the text; nothing when there is no such package.
    fn package(&self, name: &str) -> Option<(String, String)>;
}

/// No package but those of `std`.
impl Resolver for () {
    fn package(&self, _name: &str) -> Option<(String, String)> {
        None
    }
}

/// Something that the detectors find.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DetectorKind {
    /// Whose it is.
    pub family: DetectorFamily,
    /// As the detectors spell it, such as `IBAN_CODE`. A policy may write the whole or one of its words: `"iban"`.
    pub entity: String,
}

impl DetectorKind {
    /// Something that the detectors of a family find.
    pub fn new(family: DetectorFamily, entity: impl Into<String>) -> Self {
        Self { family, entity: entity.into() }
    }
}

/// What rules may cost at most. A rule over the budget is refused, at the part of its text that costs.
///
/// ```
/// let budget = aop_dsl::Budget { steps_per_event_max: 50_000, ..Default::default() };
/// assert!(budget.bytes_per_run_max > 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of one rule for one event: expressions that are evaluated, past events that are looked at. A step takes some ten
    /// nanoseconds, and hardly any event comes near the bound, which holds for lists of 1,024 items and memories that are full.
    pub steps_per_event_max: u64,
    /// Bytes of state for one run, of all rules of a package, without keys.
    pub bytes_per_run_max: u64,
    /// Bytes of state for one key of one clause.
    pub bytes_per_key_max: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps_per_event_max: 1 << 24, bytes_per_run_max: 256 << 20, bytes_per_key_max: 1 << 20 }
    }
}

/// What a policy is compiled in.
///
/// ```
/// use aop_dsl::{DetectorFamily, DetectorKind, Environment};
///
/// let mut environment = Environment::default();
/// environment.detectors.push(DetectorKind::new(DetectorFamily::Pii, "PASSPORT"));
/// ```
#[derive(Clone)]
pub struct Environment<'a> {
    /// Where used packages come from.
    pub resolver: &'a dyn Resolver,
    /// What detectors find. By default what those find that AOP ships.
    pub detectors: Vec<DetectorKind>,
    /// What the rules may cost.
    pub budget: Budget,
}

impl Default for Environment<'_> {
    fn default() -> Self {
        Self { resolver: &(), detectors: shipped_detectors(), budget: Budget::default() }
    }
}

impl<'a> Environment<'a> {
    /// The default with packages from a resolver.
    pub fn new(resolver: &'a dyn Resolver) -> Self {
        Self { resolver, ..Environment::default() }
    }
}

impl fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("detectors", &self.detectors)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// This crate does not know the detectors; it knows the words for what those find that AOP ships.
fn shipped_detectors() -> Vec<DetectorKind> {
    use DetectorFamily::{Injection, Pii, Secrets};
    [
        (Pii, "CREDIT_CARD"),
        (Pii, "EMAIL_ADDRESS"),
        (Pii, "IBAN_CODE"),
        (Pii, "IP_ADDRESS"),
        (Pii, "US_SSN"),
        (Secrets, "SECRET"),
        (Injection, "PROMPT_INJECTION"),
    ]
    .into_iter()
    .map(|(family, entity)| DetectorKind::new(family, entity))
    .collect()
}
