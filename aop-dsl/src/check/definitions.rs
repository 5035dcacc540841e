//! `let` and `fn`.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::imports::Import;
use super::schema::Vocabulary;
use super::scope::{RESERVED, Scope, ScopeKind};
use super::type_expr::TypePlace;
use super::walk::walk;
use super::{Checker, order};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, ExprKind, Item, Name, Span};
use crate::typed::{self, Const, FunctionId};
use crate::types::Type;

/// The most parameters of a function.
pub(crate) const PARAMETERS_MAX: usize = 64;

/// The names that a package gives to values and functions, and those of the packages it uses.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    pub(super) lets: HashMap<String, Constant>,
    pub(super) functions: HashMap<String, Rc<Signature>>,
    pub(super) imports: HashMap<String, Import>,
    /// Used packages that could not be read: what is said about their content would only confuse.
    pub(super) broken_imports: HashSet<String>,
    /// What could not be read of the file, by name: using it is no second mistake.
    pub(super) broken: HashSet<String>,
    /// The functions that the file has, before they are checked.
    function_names: HashSet<String>,
}

#[derive(Debug)]
pub(super) struct Constant {
    pub(super) ty: Type,
    pub(super) value: Const,
    pub(super) span: Span,
    pub(super) used: Cell<bool>,
}

#[derive(Debug)]
pub(super) struct Signature {
    /// Nothing when the function has a mistake that makes it useless.
    pub(super) id: Option<FunctionId>,
    pub(super) params: Vec<(String, Type)>,
    pub(super) result: Type,
    pub(super) span: Span,
    pub(super) used: Cell<bool>,
}

impl Definitions {
    /// An effect or a label is mentioned: the used packages that declare it are of use.
    pub(super) fn mark_word(&self, word: &str) {
        self.mark(|vocabulary| vocabulary.effects.contains_key(word) || vocabulary.labels.contains_key(word));
    }

    /// An action is mentioned.
    pub(super) fn mark_action(&self, name: &str) {
        self.mark(|vocabulary| vocabulary.actions.contains_key(name));
    }

    /// Marks the used packages whose vocabulary is so.
    pub(super) fn mark(&self, is_so: impl Fn(&Vocabulary) -> bool) {
        for import in self.imports.values().filter(|import| !import.used.get() && is_so(&import.exports.vocabulary)) {
            import.used.set(true);
        }
    }

    /// Whether the file has a function of this name, be it checked or not.
    pub(super) fn has_function(&self, name: &str) -> bool {
        self.function_names.contains(name)
    }
}

impl Checker<'_, '_, '_> {
    /// Whether a name is free for a `let`, a function or a used package.
    pub(super) fn may_define(&mut self, name: &str, span: Span) -> bool {
        let (message, first) = if RESERVED.contains(&name) {
            (format!("`{name}` has a meaning in rules; choose another name"), None)
        } else if let Some(constant) = self.definitions.lets.get(name) {
            (format!("`{name}` is the name of a `let` already"), Some(constant.span))
        } else if let Some(function) = self.definitions.functions.get(name) {
            (format!("`{name}` is the name of a function already"), Some(function.span))
        } else if let Some(import) = self.definitions.imports.get(name) {
            (format!("`{name}` is the name of the package `{}` already", import.package), Some(import.span))
        } else {
            return true;
        };
        let diagnostic = self.sink.error(DiagnosticCode::NameTaken, span, message);
        if let Some(first) = first {
            diagnostic.related(first, "here");
        }
        false
    }

    /// The file's constants. They may stand in any order, but not in a circle.
    pub(super) fn lets(&mut self, file: &ast::File) {
        let functions =
            file.items.iter().filter_map(|item| if let Item::Function(function) = item { Some(function) } else { None });
        self.definitions.function_names = functions.map(|function| function.name.text.clone()).collect();
        let lets: Vec<&ast::Let> = file
            .items
            .iter()
            .filter_map(|item| if let Item::Let(constant) = item { Some(constant) } else { None })
            .collect();
        let names = places(lets.iter().map(|constant| &constant.name));
        let needs = needs(lets.iter().map(|constant| &constant.value), &names);
        let order = order::order(&needs);
        for circle in &order.circles {
            let names: Vec<&str> =
                circle.iter().chain(circle.first()).take(8).map(|&at| lets[at].name.text.as_str()).collect();
            let first = &lets[circle[0]].name;
            let message = format!("`{}` is defined by itself: {}", first.text, names.join(" → "));
            self.sink.error(DiagnosticCode::Circular, first.span, message);
            for &at in circle {
                self.define_let(lets[at], Type::Error, Const::Bool(false));
            }
        }
        let circular: HashSet<usize> = order.circles.into_iter().flatten().collect();
        for at in order.sorted {
            if !circular.contains(&at) {
                self.constant(lets[at]);
            }
        }
    }

    fn constant(&mut self, constant: &ast::Let) {
        if !self.may_define(&constant.name.text, constant.name.span) {
            return;
        }
        let declared = constant.ty.as_ref().map(|ty| self.type_of(ty, TypePlace::Definition));
        let mut scope = Scope::new(ScopeKind::Let);
        let value = self.expr(&mut scope, &constant.value, declared.as_ref());
        let value = match &declared {
            Some(declared) => self.fitting(value, declared, "this `let`"),
            None => value,
        };
        let (ty, value) = match value.kind {
            _ if value.ty == Type::Error => (Type::Error, Const::Bool(false)),
            typed::ExprKind::Const(known) => (declared.unwrap_or(value.ty), known),
            _ => {
                let message = format!("the value of `{}` is not known before an event arrives", constant.name.text);
                self.sink
                    .error(DiagnosticCode::NotConstant, constant.value.span, message)
                    .help("a `let` is a constant; write a function (`fn`) for what must be worked out");
                (Type::Error, Const::Bool(false))
            }
        };
        self.define_let(constant, ty, value);
    }

    fn define_let(&mut self, constant: &ast::Let, ty: Type, value: Const) {
        let span = constant.name.span;
        let known = Constant { ty, value, span, used: Cell::new(false) };
        self.definitions.lets.entry(constant.name.text.clone()).or_insert(known);
    }

    /// The file's functions. They may stand in any order, but none may call itself, directly or through others.
    pub(super) fn functions(&mut self, file: &ast::File) {
        let functions: Vec<&ast::Function> = file
            .items
            .iter()
            .filter_map(|item| if let Item::Function(function) = item { Some(function) } else { None })
            .collect();
        let names = places(functions.iter().map(|function| &function.name));
        let needs = needs(functions.iter().map(|function| &function.body), &names);
        let order = order::order(&needs);
        let mut circular: HashSet<usize> = HashSet::new();
        for circle in &order.circles {
            let names: Vec<&str> =
                circle.iter().chain(circle.first()).take(8).map(|&at| functions[at].name.text.as_str()).collect();
            let first = &functions[circle[0]].name;
            let message = format!("`{}` calls itself: {}", first.text, names.join(" → "));
            self.sink.error(DiagnosticCode::Circular, first.span, message).help(
                "functions do not call themselves, so that the cost of a rule is known; use `any` or `all` to walk a list",
            );
            circular.extend(circle);
        }
        // Who calls one of a circle shall not be told that it does not exist.
        for &at in &circular {
            self.function(functions[at], true);
        }
        for at in order.sorted {
            if !circular.contains(&at) {
                self.function(functions[at], false);
            }
        }
    }

    fn function(&mut self, function: &ast::Function, circular: bool) {
        let name = &function.name;
        let is_built_in = !super::expr::named(&name.text).is_empty() || super::expr::is_detector(&name.text);
        if is_built_in {
            let message = format!("`{}` is a function of the language; choose another name", name.text);
            self.sink.error(DiagnosticCode::NameTaken, name.span, message);
        }
        let may_define = !is_built_in && self.may_define(&name.text, name.span);
        let mut scope = Scope::new(ScopeKind::Function);
        if function.params.len() > PARAMETERS_MAX {
            let message = format!("`{}` has more than {PARAMETERS_MAX} parameters", name.text);
            self.sink.error(DiagnosticCode::Arguments, name.span, message);
        }
        let mut params: Vec<(String, Type)> = Vec::new();
        for param in function.params.iter().take(PARAMETERS_MAX) {
            let ty = self.type_of(&param.ty, TypePlace::Definition);
            let taken = scope.taken(&param.name.text);
            let is_free = self.check_free(&param.name, taken);
            scope.push_local(&param.name, if is_free { ty.clone() } else { Type::Error });
            params.push((param.name.text.clone(), ty));
        }
        let result = self.type_of(&function.result, TypePlace::Definition);
        let errors = self.sink.errors();
        let body = if circular {
            None
        } else {
            let body = self.expr(&mut scope, &function.body, Some(&result));
            Some(self.fitting(body, &result, "this function's result"))
        };
        let has_errors = is_built_in || self.sink.errors() > errors;
        while let Some(param) = scope.pop_local() {
            if body.is_some() && !param.used && !has_errors {
                self.unused(&scope.allowed, &param.name, "parameter");
            }
        }
        if !may_define {
            return;
        }
        let id = body.map(|body| {
            let id = FunctionId(u32::try_from(self.world.functions.len()).unwrap_or(u32::MAX));
            self.world.functions.push(typed::Function {
                name: format!("{}.{}", self.package, name.text),
                params: params.iter().map(|(_, ty)| ty.clone()).collect(),
                locals: scope.locals_max,
                body,
            });
            id
        });
        let signature = Signature { id, params, result, span: name.span, used: Cell::new(false) };
        self.definitions.functions.insert(name.text.clone(), Rc::new(signature));
    }

    /// Says so when the name of an event or variable is taken by another (which stands at `taken`), or means something else.
    pub(super) fn check_free(&mut self, name: &Name, taken: Option<Span>) -> bool {
        if name.text == "_" {
            return true;
        }
        if let Some(first) = taken {
            let message = format!("`{}` is the name of something else here already", name.text);
            self.sink.error(DiagnosticCode::NameTaken, name.span, message).related(first, "here");
            return false;
        }
        // The names of packages and functions stand elsewhere than those of values, so they are not in the way.
        if RESERVED.contains(&name.text.as_str()) || self.definitions.lets.contains_key(&name.text) {
            return self.may_define(&name.text, name.span);
        }
        true
    }

    /// A name that nothing mentions. One that begins with `_` says so itself.
    pub(super) fn unused(&mut self, allowed: &super::annotations::Allowed, name: &Name, what: &str) {
        if name.text.starts_with('_') {
            return;
        }
        let message = format!("the {what} `{}` is not used", name.text);
        if let Some(diagnostic) = self.lint(allowed, DiagnosticCode::Unused, name.span, message) {
            diagnostic.help(format!("remove it, or call it `_{}`", name.text));
        }
    }
}

/// Where each name stands in the list; of equal ones the first.
fn places<'n>(names: impl Iterator<Item = &'n Name>) -> HashMap<&'n str, usize> {
    let mut places = HashMap::new();
    for (at, name) in names.enumerate() {
        places.entry(name.text.as_str()).or_insert(at);
    }
    places
}

/// For each expression the places of the names that it mentions.
fn needs<'e>(expressions: impl Iterator<Item = &'e ast::Expr>, places: &HashMap<&str, usize>) -> Vec<Vec<usize>> {
    expressions
        .map(|expr| {
            let mut needs = Vec::new();
            let mut seen = HashSet::new();
            walk(expr, &mut |part| {
                let name = match &part.kind {
                    ExprKind::Name(name) => name,
                    // A method's name stands where a field's does.
                    ExprKind::Call { callee, .. } => match &callee.kind {
                        ExprKind::Field { name, .. } => &name.text,
                        _ => return,
                    },
                    _ => return,
                };
                if let Some(&at) = places.get(name.as_str())
                    && seen.insert(at)
                {
                    needs.push(at);
                }
            });
            needs
        })
        .collect()
}
