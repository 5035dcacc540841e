//! `no-test`, `no-positive-test`, `no-negative-test`: rules that nobody has seen fire, or leave a run alone.

use std::collections::HashMap;

use crate::check::annotations::Allowed;
use crate::check::{Checked, Checker};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, Item, Span, TestStepKind};
use crate::typed::{BatchRule, Rule};

/// What the tests of a rule show.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    fires: bool,
    /// A run in which nothing is found, or an event at which nothing is.
    spares: bool,
}

impl Checker<'_, '_, '_> {
    pub(super) fn untested(&mut self, file: &ast::File, rules: &[Checked<Rule>], batch_rules: &[Checked<BatchRule>]) {
        let mut shown: HashMap<&str, Shown> = HashMap::new();
        for item in &file.items {
            let Item::Test(test) = item else { continue };
            let shown = shown.entry(&test.rule.text).or_default();
            for step in &test.steps {
                if let TestStepKind::Expect(expectation) = &step.kind {
                    shown.fires |= expectation.effect.is_some();
                    shown.spares |= expectation.effect.is_none();
                }
            }
        }
        for rule in rules {
            self.untested_rule(
                &rule.allowed,
                &rule.typed.name,
                rule.typed.span,
                shown.get(rule.typed.name.as_str()).copied(),
            );
        }
        for rule in batch_rules {
            self.untested_rule(
                &rule.allowed,
                &rule.typed.name,
                rule.typed.span,
                shown.get(rule.typed.name.as_str()).copied(),
            );
        }
    }

    fn untested_rule(&mut self, allowed: &Allowed, name: &str, span: Span, shown: Option<Shown>) {
        let (code, message) = match shown {
            None | Some(Shown { fires: false, spares: false }) => (DiagnosticCode::NoTest, format!("`{name}` has no test")),
            Some(Shown { fires: false, .. }) => (DiagnosticCode::NoPositiveTest, format!("no test shows `{name}` fire")),
            Some(Shown { spares: false, .. }) => {
                (DiagnosticCode::NoNegativeTest, format!("no test shows a run that `{name}` leaves alone"))
            }
            Some(_) => return,
        };
        if let Some(diagnostic) = self.lint(allowed, code, span, message) {
            diagnostic.help(match code {
                DiagnosticCode::NoNegativeTest => "add a test that says `expect nothing;`",
                DiagnosticCode::NoPositiveTest => "add a test that expects its effect, such as `expect deny at seq 1;`",
                _ => "add one that shows it fire, and one with a near miss that says `expect nothing;`",
            });
        }
    }
}
