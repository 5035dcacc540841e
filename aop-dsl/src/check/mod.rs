//! Syntax tree → typed form: names are resolved, types agree, patterns compile, and what can be known beforehand is worked out.
//!
//! One pass over a package: the packages it uses ([`imports`]), the words and actions of its schema ([`schema`]), its `let`s and
//! functions ([`definitions`]), its rules ([`rule`], [`batch`]) and tests ([`test`]); then the [`lints`] look at what came out without
//! mistakes. A mistake is reported once: what follows from it has the type [`crate::types::Type::Error`], which fits everything.
//!
//! Time and memory are linear in the text: names are looked up in maps, and "did you mean" is asked a bounded number of times.

mod aggregate;
mod annotations;
mod batch;
mod canonical;
mod cycle;
mod definitions;
mod effects;
mod expr;
mod fields;
mod fold;
mod imports;
mod lints;
mod order;
mod pattern;
mod patterns;
mod rule;
mod schema;
mod scope;
mod suggest;
mod test;
mod type_expr;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, Sink, shown};
use crate::environment::Environment;
use crate::syntax::ast::{self, Item, Span};
use crate::typed::Package;

use definitions::Definitions;
use imports::{Exports, World};
use patterns::Patterns;
use schema::Vocabulary;

pub(crate) use lints::warn_of_undeclared;

/// What is bounded here, for the manual.
pub(crate) mod limits {
    pub(crate) use super::aggregate::{EVENTS_DEFAULT, KEPT_MAX, KEYS_DEFAULT};
    pub(crate) use super::definitions::PARAMETERS_MAX;
    pub(crate) use super::expr::{NESTED_DEPTH_MAX, NESTED_ITEMS_MAX};
    pub(crate) use super::imports::DEPTH_MAX as PACKAGES_MAX;
    pub(crate) use super::patterns::{BYTES_MAX as PATTERN_BYTES_MAX, STATES_MAX as PATTERN_STATES_MAX};
    pub(crate) use super::rule::{CLAUSES_MAX, EVENTS_MAX, WINDOW_EVENTS_MAX};
    pub(crate) use super::test::EVENTS_IN_A_ROW_MAX;
    pub(crate) use super::type_expr::{DEPTH_MAX as TYPE_DEPTH_MAX, PARTS_MAX as TYPE_PARTS_MAX};
}

/// Checks a package. Its mistakes and lints go into the sink; there is no typed form when anything in the sink is more than a
/// warning, be it of an earlier stage.
pub(crate) fn check(
    file: &ast::File,
    name: &str,
    source: &str,
    environment: &Environment<'_>,
    sink: &mut Sink<'_>,
) -> Option<Package> {
    let package = &file.header.name.text;
    let mut world = World::new(environment);
    world.enter(package);
    let mut checker = Checker::new(&mut world, sink, package);
    checker.declarations(file);
    let rules = checker.rules(file);
    let batch_rules = checker.batch_rules(file);
    checker.tests(file, &rules, &batch_rules);
    checker.lints(file, &rules, &batch_rules);
    // A lint may be an error where it matters most.
    if checker.sink.has_errors() {
        return None;
    }
    let schema = Arc::new(checker.vocabulary.to_schema());
    let tests = file.items.iter().filter_map(|item| if let Item::Test(test) = item { Some(test.clone()) } else { None });
    let undeclared = lints::undeclared(&rules);
    Some(Package {
        undeclared,
        name: package.clone(),
        version: file.header.version.text.clone(),
        source_name: name.into(),
        source: source.into(),
        schema,
        rules: rules.into_iter().map(|rule| rule.typed).collect(),
        batch_rules: batch_rules.into_iter().map(|rule| rule.typed).collect(),
        functions: world.functions,
        tests: tests.collect(),
    })
}

/// For the tests: everything that is said about a policy's text, up to its typed form.
#[doc(hidden)]
pub fn check_diagnostics(name: &str, source: &str, environment: &Environment<'_>) -> Diagnostics {
    let mut sink = Sink::new(name, source);
    if let Some(file) = crate::syntax::parse(source, &mut sink) {
        check(&file, name, source, environment, &mut sink);
    }
    sink.into_diagnostics()
}

/// How often "did you mean" is asked in one policy: each time looks at all names.
const SUGGESTIONS_MAX: usize = 100;

/// What is known of the package that is being checked.
struct Checker<'c, 'e, 's> {
    world: &'c mut World<'e>,
    sink: &'c mut Sink<'s>,
    /// The package's name.
    package: String,
    definitions: Definitions,
    vocabulary: Vocabulary,
    shapes: HashMap<fields::ShapeKey, Rc<fields::Shape>>,
    suggestions_left: usize,
    patterns: Patterns,
    /// The globs of actions that were seen, and how many actions they were held against.
    globs: HashSet<String>,
    globs_work: usize,
    /// A part of the rule could not be read, so what is missing in it is no second mistake.
    in_broken: bool,
}

/// A rule, and the lints that its author knows of.
struct Checked<R> {
    typed: R,
    allowed: annotations::Allowed,
}

impl<'c, 'e, 's> Checker<'c, 'e, 's> {
    fn new(world: &'c mut World<'e>, sink: &'c mut Sink<'s>, package: &str) -> Self {
        Self {
            world,
            sink,
            package: package.to_owned(),
            definitions: Definitions::default(),
            vocabulary: Vocabulary::default(),
            shapes: HashMap::new(),
            suggestions_left: SUGGESTIONS_MAX,
            patterns: Patterns::default(),
            globs: HashSet::new(),
            globs_work: 0,
            in_broken: false,
        }
    }

    /// What other packages may use of this one.
    fn declarations(&mut self, file: &ast::File) {
        self.definitions.broken = file.broken.iter().map(|name| name.text.clone()).collect();
        self.uses(file);
        self.schema(file);
        self.lets(file);
        self.functions(file);
    }

    fn into_exports(self) -> Exports {
        Exports { definitions: self.definitions, vocabulary: self.vocabulary }
    }

    /// What the author wrote, to be quoted in a message: on one line, cut when long.
    fn quote(&self, span: Span) -> String {
        let text = self.written(span);
        if text.contains(char::is_whitespace) {
            shown(&text.split_whitespace().take(40).collect::<Vec<_>>().join(" "))
        } else {
            shown(text)
        }
    }

    /// What stands there, for a fix: whole, as it is written.
    fn written(&self, span: Span) -> &str {
        self.sink.source().get(span.range()).unwrap_or_default()
    }

    /// How many names are gathered to look for one that was meant. Where many are wrong, those after the first hundred are told as
    /// they are, and nothing is gathered: each of them would cost as much as all that there is.
    fn names_max(&self) -> usize {
        if self.suggestions_left > 0 { usize::MAX } else { 0 }
    }

    /// The name that was probably meant.
    fn nearest<'n>(&mut self, word: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<String> {
        self.suggestions_left = self.suggestions_left.checked_sub(1)?;
        suggest::nearest(word, candidates).map(str::to_owned)
    }
}
