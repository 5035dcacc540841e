//! `unused`: a `let`, a function or a used package that nothing mentions.

use crate::check::annotations::Allowed;
use crate::check::{Checked, Checker, canonical};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, Item, Name};
use crate::typed::{ActionName, BatchRule, Const, ExprKind, Pattern, Rule};

/// Longer lists hold no effects and labels.
const LIST_MAX: usize = 64;

impl Checker<'_, '_, '_> {
    /// A package without rules is there to be used by others, so only its own `use` may be idle.
    pub(super) fn unused_definitions(
        &mut self,
        file: &ast::File,
        rules: &[Checked<Rule>],
        batch_rules: &[Checked<BatchRule>],
    ) {
        for rule in rules {
            self.mark_actions(&rule.typed);
        }
        self.mark_asked_words(rules);
        let allowed = Allowed::default();
        let has_rules = !rules.is_empty() || !batch_rules.is_empty();
        for item in &file.items {
            match item {
                Item::Let(constant) if has_rules => {
                    let known = self.definitions.lets.get(&constant.name.text);
                    let is_idle = known.is_some_and(|known| !known.used.get());
                    if is_idle {
                        self.unused(&allowed, &constant.name, "constant");
                    }
                }
                Item::Function(function) if has_rules => {
                    let known = self.definitions.functions.get(&function.name.text);
                    let is_idle = known.is_some_and(|known| !known.used.get());
                    if is_idle {
                        self.unused(&allowed, &function.name, "function");
                    }
                }
                Item::Use(used) => {
                    let import = self.definitions.imports.values().find(|import| import.span == used.span);
                    // A package without rules may hand on what others declare.
                    if has_rules && import.is_some_and(|import| !import.used.get()) {
                        let name = Name { text: used.package.text.clone(), span: used.package.span };
                        let message = format!("nothing of the package `{}` is used", name.text);
                        if let Some(diagnostic) = self.lint(&allowed, DiagnosticCode::Unused, name.span, message) {
                            diagnostic.help("remove the `use`");
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Packages whose actions a rule asks for.
    fn mark_actions(&mut self, rule: &Rule) {
        for event in rule.events() {
            let Pattern::Action(_, names) = &event.pattern else { continue };
            for name in names {
                match name {
                    ActionName::Exact(name) => self.definitions.mark_action(name),
                    // Any action may be one of theirs.
                    ActionName::Glob(_) | ActionName::Any => {
                        self.definitions.mark(|vocabulary| !vocabulary.actions.is_empty())
                    }
                }
            }
        }
    }

    /// Packages whose words a rule asks for.
    fn mark_asked_words(&mut self, rules: &[Checked<Rule>]) {
        for rule in rules {
            canonical::visit_rule(&rule.typed, &mut |expr| {
                match &expr.kind {
                    ExprKind::Const(Const::Text(word)) => self.definitions.mark_word(word),
                    // `any e in ["spend", "egress"]: e in c.effects`
                    ExprKind::Const(Const::List(items)) if items.len() <= LIST_MAX => {
                        for item in items.iter() {
                            if let Const::Text(word) = item {
                                self.definitions.mark_word(word);
                            }
                        }
                    }
                    _ => {}
                }
            });
        }
    }
}
