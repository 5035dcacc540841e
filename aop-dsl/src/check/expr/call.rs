//! Calls: `f(x)`, `package.f(x)`, `x.f(y)`.

use std::rc::Rc;

use super::{detect, mistake, run_functions};
use crate::builtins::{self, BUILTINS, Mismatch, Resolved};
use crate::check::definitions::Signature;
use crate::check::scope::{Scope, ScopeKind};
use crate::check::walk::bare;
use crate::check::{Checker, fold, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, Argument, Name, Span};
use crate::typed::{Expr, ExprKind};
use crate::types::Type;

/// What other languages call our functions.
const FOREIGN: &[(&str, &str)] = &[
    ("len", "length"),
    ("size", "length"),
    ("count", "length"),
    ("lowercase", "lower"),
    ("tolower", "lower"),
    ("uppercase", "upper"),
    ("toupper", "upper"),
    ("strip", "trim"),
];

/// Functions of other languages for which we have an operator.
const OPERATORS: &[(&str, &str)] = &[
    ("startswith", "x starts_with \"…\""),
    ("starts_with", "x starts_with \"…\""),
    ("endswith", "x ends_with \"…\""),
    ("ends_with", "x ends_with \"…\""),
    ("contains", "x contains \"…\""),
    ("includes", "x contains \"…\""),
    ("matches", "x matches re\"…\""),
    ("regex", "x matches re\"…\""),
    ("exists", "has x"),
    ("defined", "has x"),
    ("coalesce", "x ?? y"),
    ("default", "x ?? y"),
    ("derives_from", "x derives_from y"),
];

/// What other languages call our quantifiers, and what they have that we have not.
const QUANTIFIERS: &[(&str, Option<&str>)] = &[
    ("all", Some("all")),
    ("any", Some("any")),
    ("every", Some("all")),
    ("exists", Some("any")),
    ("exists_one", None),
    ("filter", None),
    ("forall", Some("all")),
    ("map", None),
    ("some", Some("any")),
];

/// Whether it is a function over the events of a window.
fn is_aggregate(word: &str) -> bool {
    matches!(word, "count" | "sum" | "distinct" | "max")
}

impl Checker<'_, '_, '_> {
    pub(super) fn call(&mut self, scope: &mut Scope, callee: &ast::Expr, arguments: &[Argument], span: Span) -> Expr {
        match &callee.kind {
            ast::ExprKind::Name(name) => {
                let name = Name { text: name.clone(), span: callee.span };
                let arguments: Vec<&Argument> = arguments.iter().collect();
                self.call_named(scope, &name, &arguments, span)
            }
            ast::ExprKind::Field { base, name, optional } => {
                if let ast::ExprKind::Name(alias) = &base.kind
                    && scope.taken(alias).is_none()
                    && !self.definitions.lets.contains_key(alias)
                {
                    if self.definitions.broken_imports.contains(alias) {
                        return mistake(span);
                    }
                    if self.definitions.imports.contains_key(alias) {
                        return self.call_of_package(scope, alias, name, arguments, span);
                    }
                }
                if let [Argument { name: None, value: variable }, Argument { name: None, value: body }] = arguments
                    && let ast::ExprKind::Name(_) = &variable.kind
                    && self.quantifier_of_cel(name, [base, variable, body], span)
                {
                    return mistake(span);
                }
                let receiver = Argument { name: None, value: (**base).clone() };
                let all: Vec<&Argument> = std::iter::once(&receiver).chain(arguments).collect();
                let result = self.call_named(scope, name, &all, span);
                if *optional && result.ty != Type::Error && !result.ty.is_optional() {
                    let ty = result.ty.clone().optional();
                    return Expr { ty, ..result };
                }
                result
            }
            ast::ExprKind::Error => mistake(span),
            _ => {
                let message = format!("`{}` is no function", self.quote(callee.span));
                self.sink.error(DiagnosticCode::UnknownFunction, callee.span, message);
                mistake(span)
            }
        }
    }

    fn call_named(&mut self, scope: &mut Scope, name: &Name, arguments: &[&Argument], span: Span) -> Expr {
        if let Some(family) = detect::detector(&name.text) {
            return self.detect(scope, (&name.text, family), arguments, span);
        }
        if let Some(function) = self.definitions.functions.get(&name.text).cloned() {
            function.used.set(true);
            return self.call_function(scope, &name.text, &function, arguments, span);
        }
        if scope.kind == ScopeKind::Batch && run_functions::is_run_function(&name.text) {
            return self.run_function(scope, &name.text, name.span, arguments, span);
        }
        if !named(&name.text).is_empty() {
            return self.call_builtin(scope, name, arguments, span);
        }
        if self.definitions.broken.contains(&name.text) {
            return mistake(span);
        }
        let is_aggregate = is_aggregate(&name.text) && matches!(scope.kind, ScopeKind::Rule { .. });
        // Arguments may have mistakes of their own; the events of an aggregate are none here.
        for argument in arguments.iter().filter(|_| !is_aggregate) {
            if !matches!(argument.value.kind, ast::ExprKind::Name(_)) {
                self.expr(scope, &argument.value, None);
            }
        }
        self.unknown_function(scope, name);
        mistake(span)
    }

    /// `list.exists(x, …)`, as in CEL; whether it is that, and said.
    fn quantifier_of_cel(&mut self, name: &Name, parts: [&ast::Expr; 3], span: Span) -> bool {
        let word = name.text.to_lowercase();
        let Some((_, own)) = QUANTIFIERS.iter().find(|(foreign, _)| *foreign == word) else { return false };
        if !named(&name.text).is_empty() || self.definitions.has_function(&name.text) {
            return false;
        }
        let source = self.sink.source();
        let [list, variable, body] = parts.map(|part| source.get(part.span.range()).unwrap_or_default());
        let [quoted_list, quoted_variable, quoted_body] = parts.map(|part| self.quote(part.span));
        let quoted = format!("any {quoted_variable} in {quoted_list}: {quoted_body}");
        let message = match own {
            Some(own) => format!("`{}` is written `{}`", name.text, quoted.replacen("any", own, 1)),
            None => format!("there is no `{}`", name.text),
        };
        let diagnostic = self.sink.error(DiagnosticCode::UnknownFunction, name.span, message);
        match own {
            // In parentheses, since a quantifier reaches as far to the right as it can.
            Some(own) => diagnostic.fix(span, format!("({own} {variable} in {list}: {body})")),
            None => diagnostic.help(format!(
                "`{quoted}` asks whether there is such an item, `{}` how many there are",
                quoted.replacen("any", "count", 1)
            )),
        };
        true
    }

    fn unknown_function(&mut self, scope: &Scope, name: &Name) {
        if self.definitions.has_function(&name.text) {
            if scope.kind == ScopeKind::Let {
                let message = format!("a `let` cannot call `{}`: it is worked out before functions are", name.text);
                self.sink.error(DiagnosticCode::NotConstant, name.span, message);
            }
            // Else the function has a mistake, which is reported.
            return;
        }
        let word = name.text.to_lowercase();
        let foreign = FOREIGN.iter().find(|(foreign, own)| *foreign == word && !named(own).is_empty());
        let own = self.definitions.functions.keys().take(self.names_max());
        let mut names: Vec<String> = own.cloned().collect();
        names.extend(BUILTINS.iter().map(|builtin| builtin.name.to_owned()));
        names.extend(["pii", "secrets", "injection"].map(str::to_owned));
        if scope.kind == ScopeKind::Batch {
            names.extend(run_functions::names().map(str::to_owned));
        }
        names.sort_unstable();
        let nearest =
            foreign.map(|(_, own)| (*own).to_owned()).or_else(|| self.nearest(&name.text, names.iter().map(String::as_str)));
        let operator = OPERATORS.iter().find(|(foreign, _)| *foreign == word).map(|(_, operator)| *operator);
        let is_aggregate = is_aggregate(&word) && matches!(scope.kind, ScopeKind::Rule { .. });
        let is_run_function = run_functions::is_run_function(&name.text);
        let message = format!("there is no function `{}`", name.text);
        let diagnostic = self.sink.error(DiagnosticCode::UnknownFunction, name.span, message);
        if let Some(operator) = operator {
            diagnostic.help(format!("it is an operator: `{operator}`"));
        } else if is_aggregate {
            diagnostic.help(
                "events are counted in a clause of their own, beside `on … where …`: `count(request(*)) > 5 within 1m`",
            );
        } else if is_run_function {
            diagnostic.help("functions over runs are known in batch rules");
        } else if let Some(nearest) = nearest {
            diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest);
        }
    }

    fn call_of_package(&mut self, scope: &mut Scope, alias: &str, name: &Name, arguments: &[Argument], span: Span) -> Expr {
        let Some(import) = self.definitions.imports.get(alias) else { return mistake(span) };
        import.used.set(true);
        let package = import.package.clone();
        let functions = &import.exports.definitions.functions;
        if let Some(function) = functions.get(&name.text).cloned() {
            let arguments: Vec<&Argument> = arguments.iter().collect();
            return self.call_function(scope, &format!("{alias}.{}", name.text), &function, &arguments, span);
        }
        let mut names: Vec<String> = functions.keys().take(self.names_max()).cloned().collect();
        names.sort_unstable();
        let has_none = functions.is_empty();
        let nearest = self.nearest(&name.text, names.iter().map(String::as_str));
        let message = format!("the package `{package}` has no function `{}`", name.text);
        let diagnostic = self.sink.error(DiagnosticCode::UnknownFunction, name.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            None if has_none => diagnostic.help("it has no functions"),
            None if names.is_empty() => diagnostic,
            None => diagnostic.help(format!("it has {}", suggest::list(names.iter().map(String::as_str), "and"))),
        };
        mistake(span)
    }

    /// A function that a package defines.
    fn call_function(
        &mut self,
        scope: &mut Scope,
        name: &str,
        function: &Rc<Signature>,
        arguments: &[&Argument],
        span: Span,
    ) -> Expr {
        let params = &function.params;
        let signature = || {
            let params: Vec<String> = params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
            format!("{name}({})", params.join(", "))
        };
        let mut given: Vec<Option<Expr>> = vec![None; params.len()];
        let mut failed = function.id.is_none();
        for (at, argument) in arguments.iter().enumerate() {
            let place = match &argument.name {
                Some(word) => params.iter().position(|(param, _)| *param == word.text),
                None => (at < params.len()).then_some(at),
            };
            let Some(place) = place.filter(|place| given[*place].is_none()) else {
                let at = argument.name.as_ref().map_or(argument.value.span, |name| name.span);
                let message = match &argument.name {
                    Some(word) if params.iter().any(|(param, _)| *param == word.text) => {
                        format!("`{}` is given twice", word.text)
                    }
                    Some(word) => format!("`{name}` has no parameter `{}`", word.text),
                    None => format!("`{name}` takes {}, and here are {}", arguments_text(params.len()), arguments.len()),
                };
                if !failed {
                    self.sink.error(DiagnosticCode::Arguments, at, message).help(format!("it is `{}`", signature()));
                }
                failed = true;
                continue;
            };
            let (param, ty) = &params[place];
            let value = self.expr(scope, &argument.value, Some(ty));
            let value = self.fitting(value, ty, &format!("the parameter `{param}` of `{name}`"));
            failed |= value.ty == Type::Error;
            given[place] = Some(value);
        }
        let missing: Vec<&str> =
            given.iter().zip(params).filter(|(given, _)| given.is_none()).map(|(_, (param, _))| param.as_str()).collect();
        if !missing.is_empty() && !failed {
            let message = format!("`{name}` also needs {}", suggest::list(missing.iter().copied(), "and"));
            self.sink.error(DiagnosticCode::Arguments, span, message).help(format!("it is `{}`", signature()));
            failed = true;
        }
        let (Some(id), false) = (function.id, failed) else { return mistake(span) };
        let arguments = given.into_iter().flatten().collect();
        Expr { kind: ExprKind::Call { function: id, arguments }, ty: function.result.clone(), span }
    }

    /// A function of the language.
    fn call_builtin(&mut self, scope: &mut Scope, name: &Name, arguments: &[&Argument], span: Span) -> Expr {
        let values: Vec<Expr> = arguments.iter().map(|argument| self.expr(scope, &argument.value, None)).collect();
        if values.iter().any(|value| value.ty == Type::Error) {
            return mistake(span);
        }
        let is_literal = |argument: &Argument| matches!(bare(&argument.value).kind, ast::ExprKind::Text(_));
        let types: Vec<builtins::Argument<'_>> = arguments
            .iter()
            .zip(&values)
            .map(|(argument, value)| builtins::Argument {
                name: argument.name.as_ref().map(|name| name.text.as_str()),
                ty: value.ty.required(),
                is_literal: is_literal(argument),
            })
            .collect();
        match builtins::resolve(&name.text, &types) {
            Ok(resolved) => self.builtin_call(scope, resolved, arguments, values, span),
            Err(mismatch) => {
                self.mismatch(name, arguments, &values, mismatch, span);
                mistake(span)
            }
        }
    }

    fn builtin_call(
        &mut self,
        scope: &mut Scope,
        resolved: Resolved,
        written: &[&Argument],
        values: Vec<Expr>,
        span: Span,
    ) -> Expr {
        let Resolved { builtin, arguments: places } = resolved;
        let mut values: Vec<Option<Expr>> = values.into_iter().map(Some).collect();
        // A literal text is read as what its parameter takes, when that is no string.
        for (place, parameter) in places.iter().zip(BUILTINS[builtin].parameters) {
            let Some(at) = *place else { continue };
            if let ast::ExprKind::Text(_) = &bare(&written[at].value).kind
                && !parameter.takes(&Type::String)
                && let Some(ty) = parameter.literal_type()
            {
                let value = self.expr(scope, &written[at].value, Some(&ty));
                if value.ty == Type::Error {
                    return mistake(span);
                }
                values[at] = Some(value);
            }
        }
        let arguments: Vec<Option<Expr>> =
            places.iter().map(|place| place.and_then(|at| values.get_mut(at).and_then(Option::take))).collect();
        let types: Vec<Option<Type>> =
            arguments.iter().map(|argument| argument.as_ref().map(|argument| argument.ty.required().clone())).collect();
        let result = (BUILTINS[builtin].result)(&types.iter().map(Option::as_ref).collect::<Vec<_>>());
        let optional = arguments.iter().flatten().any(|argument| argument.ty.is_optional());
        let ty = if optional { result.optional() } else { result };
        match fold::call(builtin, &arguments, &types) {
            Some(known) => super::constant(known, ty, span),
            None => Expr { kind: ExprKind::Builtin { builtin, arguments }, ty, span },
        }
    }

    fn mismatch(&mut self, name: &Name, arguments: &[&Argument], values: &[Expr], mismatch: Mismatch, span: Span) {
        let signature = |builtin: usize| BUILTINS[builtin].signature();
        match mismatch {
            Mismatch::NoSuchFunction => {
                let message = format!("there is no function `{}`", name.text);
                self.sink.error(DiagnosticCode::UnknownFunction, name.span, message);
            }
            Mismatch::Missing { builtin, parameter } => {
                let message = format!("`{}` also needs `{}`", name.text, BUILTINS[builtin].parameters[parameter].name);
                self.sink.error(DiagnosticCode::Arguments, span, message).help(format!("it is `{}`", signature(builtin)));
            }
            Mismatch::TooMany { builtin, argument } => {
                let most = BUILTINS[builtin].parameters.len();
                let message = format!("`{}` takes {}, and here are {}", name.text, arguments_text(most), arguments.len());
                let at = arguments.get(argument).map_or(span, |argument| argument.value.span);
                self.sink.error(DiagnosticCode::Arguments, at, message).help(format!("it is `{}`", signature(builtin)));
            }
            Mismatch::UnknownName { builtin, argument } => {
                let Some(word) = arguments.get(argument).and_then(|argument| argument.name.as_ref()) else { return };
                let parameters = || BUILTINS[builtin].parameters.iter().map(|parameter| parameter.name);
                let message = if parameters().any(|parameter| parameter == word.text) {
                    format!("`{}` is given twice", word.text)
                } else {
                    format!("`{}` has no parameter `{}`", name.text, word.text)
                };
                self.sink
                    .error(DiagnosticCode::Arguments, word.span, message)
                    .help(format!("it is `{}`", signature(builtin)));
            }
            Mismatch::WrongType { builtin, argument, parameter, expected } => {
                let Some(value) = values.get(argument) else { return };
                let parameter = &BUILTINS[builtin].parameters[parameter];
                let need = format!("the parameter `{}` of `{}` takes {expected}", parameter.name, name.text);
                if *value.ty.required() == Type::Any {
                    self.untyped(value, &need, &Type::String);
                    return;
                }
                let message = format!("{need}, and `{}` is {}", self.quote(value.span), suggest::a(&value.ty));
                let items = matches!(value.ty.required(), Type::List(item) | Type::Set(item) if parameter.takes(item));
                let quoted = self.quote(value.span);
                let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, value.span, message);
                if items {
                    diagnostic.help(format!("ask for each item: `any x in {quoted}: {}(x) …`", name.text));
                }
            }
        }
    }
}

/// The functions of the language of this name, by their places in the table.
pub(in crate::check) fn named(name: &str) -> std::ops::Range<usize> {
    let start = BUILTINS.partition_point(|builtin| builtin.name < name);
    let end = BUILTINS.partition_point(|builtin| builtin.name <= name);
    start..end
}

fn arguments_text(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "one argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}
