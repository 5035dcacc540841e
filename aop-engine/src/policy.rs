//! The policy language with the engine's detectors in it: what tools for authors need, beside [`EngineBuilder::policy`].
//!
//! ```
//! use aop_engine::policy::{Source, check, test};
//!
//! let source = Source { name: "mail.aop".into(), text: r#"
//!     policy acme.mail version "1.0.0" dsl 1;
//!     schema { action send(to: email, text: string); }
//!     rule no_iban { on c: request(send) where pii(c.params, kinds: ["iban"]).count > 0 then deny "an account leaves"; }
//!     test "an account" for no_iban { request(send) { to: "a@b.example", text: "GB29 NWBK 6016 1331 9268 19" }; expect deny at seq 1; }
//!     test "none" for no_iban { request(send) { to: "a@b.example", text: "hello" }; expect nothing; }
//! "#.into() };
//! let checked = check(&[source], &[]);
//! let report = test(&checked.set.expect("it has no mistakes"), &|_| true);
//! assert_eq!((report.results.len(), report.failed()), (2, 0));
//! ```
//!
//! [`EngineBuilder::policy`]: crate::EngineBuilder::policy

use std::borrow::Cow;
use std::collections::BTreeMap;

use aop_dsl::{CodeField, CodeLanguage, Detected, DetectorFamily, DetectorKind, Environment, NoDetectors, Resolver, Scan};
use aop_rules::scan::{DeclaredField, DetectorSettings, Detectors, Hit, Language, Scratch};
use aop_toon::Event;

#[doc(inline)]
pub use aop_dsl::{
    Checked, CostReport, Diagnostic, DiagnosticCode, Diagnostics, Explanation, Level, PolicySet, Question, RuleInfo,
    RunRecord, SharedState, Source, TestReport, TestResult, import, package_name, traced_rules,
};

#[doc(inline)]
pub use crate::actions::from_settings;

/// Checks policies together: every mistake and every warning of each, and the set when there is no mistake. What they `use` may be
/// among them or among `others`, which are not in force themselves.
pub fn check(sources: &[Source], others: &[Source]) -> Checked {
    check_kinds(sources, others, &mut std::iter::empty())
}

/// As [`check`], where a company's own recognizers find more.
pub(crate) fn check_with(sources: &[Source], others: &[Source], detectors: &Detectors) -> Checked {
    let own = detectors.own_entities().map(|entity| DetectorKind::new(DetectorFamily::Pii, entity));
    check_kinds(sources, others, &mut { own })
}

fn check_kinds(sources: &[Source], others: &[Source], own: &mut dyn Iterator<Item = DetectorKind>) -> Checked {
    let packages: Packages<'_> =
        others.iter().filter_map(|source| Some((aop_dsl::package_name(&source.text)?, source))).collect();
    let mut environment = environment(&packages);
    environment.detectors.extend(own);
    aop_dsl::check(sources, &environment)
}

/// A policy in its one layout ([`aop_dsl::format`]); `name` is what diagnostics call it.
///
/// # Errors
/// The mistakes in the syntax.
pub fn format(name: &str, text: &str) -> Result<String, Diagnostics> {
    aop_dsl::format(text).map_err(|mistakes| mistakes.named(name))
}

/// Runs the tests of a set whose title or rule `is_meant`.
pub fn test(set: &PolicySet, is_meant: &dyn Fn(&str) -> bool) -> TestReport {
    aop_dsl::test(set, scanner(set).as_ref(), is_meant)
}

/// Runs an `*.aoptest` trace against a set, and adds the results.
pub fn test_trace(set: &PolicySet, name: &str, text: &str, report: &mut TestReport) {
    aop_dsl::test_trace(set, scanner(set).as_ref(), name, text, report);
}

/// Why a rule fired in a run, or did not. `trace` is JSON Lines.
///
/// # Errors
/// When the set has no such rule, or a line is no event.
pub fn explain(set: &PolicySet, trace: &[u8], question: &Question) -> Result<Explanation, aop_dsl::ExplainError> {
    aop_dsl::explain(set, scanner(set).as_ref(), trace, question)
}

/// What policies are compiled in here.
fn environment(resolver: &dyn Resolver) -> Environment<'_> {
    let kinds = Detectors::entities().map(|(family, entity)| DetectorKind::new(family_of(family), entity));
    Environment { detectors: kinds.collect(), ..Environment::new(resolver) }
}

/// Packages by the names in their headers.
struct Packages<'s>(BTreeMap<String, &'s Source>);

impl<'s> FromIterator<(String, &'s Source)> for Packages<'s> {
    fn from_iter<I: IntoIterator<Item = (String, &'s Source)>>(packages: I) -> Self {
        Self(packages.into_iter().collect())
    }
}

impl Resolver for Packages<'_> {
    fn package(&self, name: &str) -> Option<(String, String)> {
        self.0.get(name).map(|source| (source.name.clone(), source.text.clone()))
    }
}

/// The detectors with their default settings, when the set asks for any.
fn scanner(set: &PolicySet) -> Box<dyn Scan> {
    if set.uses_detectors().is_empty() {
        return Box::new(NoDetectors);
    }
    let detectors = Detectors::new(&DetectorSettings::default()).expect("the default settings are good");
    Box::new(Scanner(detectors.declaring(&declared_fields(set))))
}

/// What the schemas of policies declare to hold code, in the detectors' words.
pub(crate) fn declared_fields(set: &PolicySet) -> Vec<DeclaredField> {
    let declared = |field: CodeField| {
        let language = match field.language {
            CodeLanguage::Sql => Language::Sql,
            CodeLanguage::Shell => Language::Shell,
        };
        Some(DeclaredField { action: field.action.parse().ok()?, param: field.param, language })
    };
    set.code_fields().into_iter().filter_map(declared).collect()
}

struct Scanner(Detectors);

impl Scan for Scanner {
    fn scan<'e>(&self, event: &'e Event<'e>, found: &mut Vec<Detected<'e>>) {
        let mut hits = Vec::new();
        self.0.scan(event, &mut Scratch::default(), &mut hits);
        found.extend(hits.iter().filter_map(detected));
    }
}

/// What the detectors have found, in the language's words and in the same order, so that places stay.
pub(crate) fn all_detected<'d>(hits: &[Hit]) -> Vec<Detected<'d>> {
    hits.iter().filter_map(detected).collect()
}

fn detected<'d>(hit: &Hit) -> Option<Detected<'d>> {
    Some(Detected {
        family: family_of(hit.rule.family()),
        entity: Cow::Borrowed(hit.entity),
        score: hit.score,
        // an event's hits all have one
        node: hit.node?,
        at_key: hit.at_key,
        span: hit.span.start as usize..hit.span.end as usize,
    })
}

fn family_of(rules: &str) -> DetectorFamily {
    match rules {
        "pii" | "custom" => DetectorFamily::Pii,
        "secrets" => DetectorFamily::Secrets,
        _ => DetectorFamily::Injection,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_schema_declares_is_told_to_the_detectors() {
        let policy = |name: &str, rest: &str| Source {
            name: format!("{name}.aop"),
            text: format!("policy acme.{name} version \"1.0.0\" dsl 1;\n{rest}"),
        };
        let sources = [
            policy(
                "tools",
                "schema { type Step = { run: shell }; action deploy(steps: list<Step>, \"a/b\": shell?, note: string); }",
            ),
            policy("db", "use acme.tools; schema { action query(sql: sql); }"),
        ];
        let set = check(&sources, &[]).set.unwrap();
        let declared: Vec<_> = declared_fields(&set).iter().map(|field| serde_json::to_string(field).unwrap()).collect();
        assert_eq!(
            declared,
            [
                r#"{"action":"deploy","param":"/a~1b","language":"shell"}"#,
                r#"{"action":"deploy","param":"/steps/*/run","language":"shell"}"#,
                r#"{"action":"query","param":"/sql","language":"sql"}"#,
            ]
        );
    }
}
