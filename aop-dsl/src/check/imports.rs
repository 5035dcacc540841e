//! `use`: other packages, each read and checked once.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use super::definitions::Definitions;
use super::schema::Vocabulary;
use super::{Checker, suggest};
use crate::diagnostic::{DiagnosticCode, Level, Sink};
use crate::environment::Environment;
use crate::syntax::ast::{self, Item, Span, Use};
use crate::typed;

/// How many packages may use one another in a row.
pub(crate) const DEPTH_MAX: usize = 32;

/// What all packages of one compilation share.
pub(super) struct World<'e> {
    pub(super) environment: &'e Environment<'e>,
    /// Of all packages: those of a used package stand before those of its user.
    pub(super) functions: Vec<typed::Function>,
    packages: HashMap<String, Result<Rc<Exports>, String>>,
    /// The packages that are being checked, from the outermost.
    open: Vec<String>,
}

/// What a package gives to others.
#[derive(Debug)]
pub(super) struct Exports {
    pub(super) definitions: Definitions,
    pub(super) vocabulary: Vocabulary,
}

/// A package that this one uses.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) package: String,
    pub(super) exports: Rc<Exports>,
    pub(super) span: Span,
    /// Whether something of it is mentioned.
    pub(super) used: Cell<bool>,
}

impl<'e> World<'e> {
    pub(super) fn new(environment: &'e Environment<'e>) -> Self {
        Self { environment, functions: Vec::new(), packages: HashMap::new(), open: Vec::new() }
    }

    /// A package is being checked from now on.
    pub(super) fn enter(&mut self, name: &str) {
        self.open.push(name.to_owned());
    }

    /// A package by its name, or a sentence about what is wrong with it.
    fn package(&mut self, name: &str) -> Result<Rc<Exports>, String> {
        if let Some(at) = self.open.iter().position(|open| open == name) {
            let mut circle: Vec<&str> = self.open[at..].iter().map(String::as_str).collect();
            circle.push(name);
            return Err(format!("packages may not use one another in a circle: {}", circle.join(" → ")));
        }
        if let Some(known) = self.packages.get(name) {
            return known.clone();
        }
        if self.open.len() > DEPTH_MAX {
            return Err(format!("more than {DEPTH_MAX} packages use one another in a row"));
        }
        let result = self.load(name);
        self.packages.insert(name.to_owned(), result.clone());
        result
    }

    fn load(&mut self, name: &str) -> Result<Rc<Exports>, String> {
        let built_in = crate::library::package(name).zip(crate::library::tree(name));
        let (source_name, source, tree) = match built_in {
            Some((text, tree)) => (format!("{name}.aop"), Cow::Borrowed(text), Some(Cow::Borrowed(tree))),
            None if name.starts_with("std.") => return Err(no_such_std(name)),
            None => {
                let found = self.environment.resolver.package(name);
                let (source_name, source) = found.ok_or_else(|| format!("there is no package `{name}`"))?;
                (source_name, Cow::Owned(source), None)
            }
        };
        let mut sink = Sink::new(&source_name, &source);
        let tree = tree.or_else(|| crate::syntax::parse(&source, &mut sink).map(Cow::Owned));
        let exports = tree.map(|file| {
            let declared = &file.header.name;
            if declared.text != name {
                let message = format!("this is the package `{}`, and `{name}` was asked for", declared.text);
                sink.error(DiagnosticCode::Package, declared.span, message);
            }
            self.enter(name);
            let mut checker = Checker::new(self, &mut sink, name);
            checker.declarations(&file);
            let exports = checker.into_exports();
            self.open.pop();
            exports
        });
        match exports {
            Some(exports) if !sink.has_errors() => Ok(Rc::new(exports)),
            _ => {
                let diagnostics = sink.into_diagnostics();
                let first = diagnostics.iter().find(|diagnostic| diagnostic.level == Level::Error);
                let first = first.map_or_else(String::new, |first| {
                    format!(": {source_name}:{}:{}: {}", first.line, first.column, first.message)
                });
                Err(format!("the package `{name}` has mistakes{first}"))
            }
        }
    }
}

fn no_such_std(name: &str) -> String {
    let names = crate::library::NAMES.iter().copied();
    match suggest::nearest(name, names.clone()) {
        Some(nearest) => format!("there is no package `{name}`; did you mean `{nearest}`?"),
        None => format!("there is no package `{name}`; there are {}", suggest::list(names, "and")),
    }
}

impl Checker<'_, '_, '_> {
    /// The packages that the file uses.
    pub(super) fn uses(&mut self, file: &ast::File) {
        for item in &file.items {
            if let Item::Use(used) = item {
                self.use_package(used);
            }
        }
    }

    fn use_package(&mut self, used: &Use) {
        let name = &used.package.text;
        let alias = alias_of(used);
        let exports = match self.world.package(name) {
            Ok(exports) => exports,
            Err(message) => {
                self.sink.error(DiagnosticCode::Package, used.package.span, message);
                self.definitions.broken_imports.insert(alias.to_owned());
                return;
            }
        };
        let alias_span = used.alias.as_ref().map_or(used.package.span, |alias| alias.span);
        if let Some(other) = self.definitions.imports.get(alias) {
            let first = other.span;
            if other.package == *name {
                let message = format!("the package `{name}` is used twice");
                self.sink.error(DiagnosticCode::NameTaken, alias_span, message).related(first, "first here");
            } else {
                let message = format!("`{alias}` is the name of the package `{}` already", other.package);
                self.sink
                    .error(DiagnosticCode::NameTaken, alias_span, message)
                    .related(first, "here")
                    .help(format!("give it another name: `use {name} as …;`"));
            }
            return;
        }
        if !self.may_define(alias, alias_span) {
            return;
        }
        let import = Import { package: name.clone(), exports: exports.clone(), span: used.span, used: Cell::new(false) };
        self.definitions.imports.insert(alias.to_owned(), import);
        self.take_vocabulary(&exports.vocabulary, name, used.package.span);
    }
}

/// The name by which a package is mentioned: its last segment when no other is given.
fn alias_of(used: &Use) -> &str {
    match &used.alias {
        Some(alias) => &alias.text,
        None => used.package.text.rsplit('.').next().unwrap_or(&used.package.text),
    }
}
