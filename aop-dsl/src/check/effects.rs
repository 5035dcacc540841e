//! `then …`: what a rule asks for.

use super::Checker;
use super::expr::root_slot;
use super::scope::Scope;
use super::suggest;
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{Argument, EffectExpr, ExprKind as Written, Span, Then};
use crate::typed::{EffectSpec, EventField, Expr, ExprKind, Slot};
use crate::types::Type;

const NAMES: &[&str] = &["flag", "redact", "throttle", "require_approval", "deny"];

/// What others call our effects.
const FOREIGN: &[(&str, &str)] = &[
    ("alert", "flag"),
    ("approve", "require_approval"),
    ("ask", "require_approval"),
    ("block", "deny"),
    ("forbid", "deny"),
    ("log", "flag"),
    ("mask", "redact"),
    ("raise", "deny"),
    ("refuse", "deny"),
    ("reject", "deny"),
    ("report", "flag"),
    ("warn", "flag"),
];

/// The longest a caller is told to wait, or an approval holds: a hundred years.
const MICROS_MAX: i64 = 100 * 366 * 24 * 3_600 * 1_000_000;

pub(super) fn is_effect(name: &str) -> bool {
    NAMES.contains(&name)
}

impl Checker<'_, '_, '_> {
    pub(super) fn effects(&mut self, scope: &mut Scope, then: &Then) -> Vec<EffectSpec> {
        let mut effects: Vec<EffectSpec> = Vec::new();
        let mut plain: Vec<(&str, Span)> = Vec::new();
        for effect in &then.effects {
            let name = effect.name.text.as_str();
            // Only paths may be several.
            if let Some((_, first)) = plain.iter().find(|(known, _)| *known == name && name != "redact") {
                let message = format!("`{name}` stands twice");
                self.sink.error(DiagnosticCode::EffectArguments, effect.span, message).related(*first, "first here");
                continue;
            }
            plain.push((name, effect.span));
            effects.extend(self.effect(scope, effect));
        }
        effects
    }

    fn effect(&mut self, scope: &mut Scope, effect: &EffectExpr) -> Option<EffectSpec> {
        let name = effect.name.text.as_str();
        let arguments = effect.arguments.as_deref().unwrap_or_default();
        match name {
            "flag" | "deny" => {
                if let Some(argument) = arguments.first() {
                    let message = format!("`{name}` takes nothing in parentheses");
                    let diagnostic = self.sink.error(DiagnosticCode::EffectArguments, argument.value.span, message);
                    if matches!(argument.value.kind, Written::Text(_)) {
                        diagnostic.help(format!("the message stands behind it: `then {name} \"…\"`"));
                    }
                    return None;
                }
                Some(if name == "flag" { EffectSpec::Flag } else { EffectSpec::Deny })
            }
            "redact" => self.redact(scope, effect, arguments),
            "throttle" => {
                let [wait] = self.named_arguments(effect, arguments, ["wait"], "throttle(wait: 5s)")?;
                Some(EffectSpec::Throttle { wait_micros: self.duration(wait, "the wait")? })
            }
            "require_approval" => {
                let usage = "require_approval(role: \"finance\", ttl: 10m)";
                let [role, ttl] = self.named_arguments(effect, arguments, ["role", "ttl"], usage)?;
                let ttl_micros = self.duration(ttl, "the time for which an approval holds");
                let role = match &super::walk::bare(&role.value).kind {
                    Written::Text(role) if !role.trim().is_empty() => role.clone(),
                    Written::Error => return None,
                    _ => {
                        let message =
                            format!("the role is a text such as \"finance\", not `{}`", self.quote(role.value.span));
                        self.sink.error(DiagnosticCode::EffectArguments, role.value.span, message);
                        return None;
                    }
                };
                Some(EffectSpec::RequireApproval { role, ttl_micros: ttl_micros? })
            }
            _ => {
                self.unknown_effect(effect);
                None
            }
        }
    }

    fn unknown_effect(&mut self, effect: &EffectExpr) {
        let name = &effect.name;
        let lower = name.text.to_lowercase();
        let message = format!("there is no effect `{}`", name.text);
        if lower == "allow" || lower == "permit" {
            self.sink
                .error(DiagnosticCode::UnknownEffect, name.span, message)
                .help("what no rule refuses is allowed; an exception of a rule stands in its `unless`");
            return;
        }
        let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == lower).map(|(_, own)| (*own).to_owned());
        let nearest = foreign.or_else(|| self.nearest(&name.text, NAMES.iter().copied()));
        let diagnostic = self.sink.error(DiagnosticCode::UnknownEffect, name.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            None => diagnostic.help(format!("effects are {}", suggest::list(NAMES.iter().copied(), "and"))),
        };
    }

    /// Arguments in the order of their names; they may be given without names in that order.
    fn named_arguments<'a, const N: usize>(
        &mut self,
        effect: &EffectExpr,
        arguments: &'a [Argument],
        names: [&str; N],
        usage: &str,
    ) -> Option<[&'a Argument; N]> {
        let mut given: [Option<&Argument>; N] = [None; N];
        let effect_name = &effect.name.text;
        for (at, argument) in arguments.iter().enumerate() {
            let place = match &argument.name {
                Some(name) => names.iter().position(|known| *known == name.text),
                None => (at < N).then_some(at),
            };
            match place.filter(|place| given[*place].is_none()) {
                Some(place) => given[place] = Some(argument),
                None => {
                    let (span, what) = match &argument.name {
                        Some(name) if names.contains(&name.text.as_str()) => {
                            (name.span, format!("`{}` is given twice", name.text))
                        }
                        Some(name) => (name.span, format!("`{effect_name}` has no argument `{}`", name.text)),
                        None => (argument.value.span, format!("`{effect_name}` takes no more than {N} arguments")),
                    };
                    self.sink.error(DiagnosticCode::EffectArguments, span, what).help(format!("write `{usage}`"));
                    return None;
                }
            }
        }
        let missing: Vec<&str> =
            names.iter().zip(&given).filter(|(_, given)| given.is_none()).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            let message = format!("`{effect_name}` also needs {}", suggest::list(missing, "and"));
            self.sink.error(DiagnosticCode::EffectArguments, effect.span, message).help(format!("write `{usage}`"));
            return None;
        }
        let mut given = given.into_iter().flatten();
        Some(std::array::from_fn(|_| given.next().expect("none is missing")))
    }

    fn duration(&mut self, argument: &Argument, what: &str) -> Option<i64> {
        match super::walk::bare(&argument.value).kind {
            Written::Duration { micros, .. } if (1..=MICROS_MAX).contains(&micros) => Some(micros),
            Written::Duration { .. } => {
                let message = format!("{what} is longer than nothing and at most a hundred years");
                self.sink.error(DiagnosticCode::EffectArguments, argument.value.span, message);
                None
            }
            Written::Error => None,
            _ => {
                let quoted = self.quote(argument.value.span);
                let message = format!("{what} is a duration such as `5s` or `10m`, not `{quoted}`");
                let is_number = matches!(argument.value.kind, Written::Int(_));
                let diagnostic = self.sink.error(DiagnosticCode::EffectArguments, argument.value.span, message);
                if is_number {
                    diagnostic.help("a duration has a unit: `ms`, `s`, `m`, `h`, `d` or `w`");
                }
                None
            }
        }
    }

    fn redact(&mut self, scope: &mut Scope, effect: &EffectExpr, arguments: &[Argument]) -> Option<EffectSpec> {
        let [Argument { name: None, value }] = arguments else {
            let message = "`redact` takes one path of the event";
            self.sink
                .error(DiagnosticCode::EffectArguments, effect.span, message)
                .help("write `redact(c.params)`, or `redact(pii(c.params))` for what the detector finds");
            return None;
        };
        let path = self.expr(scope, value, None);
        if path.ty == Type::Error {
            return None;
        }
        let (target, detected) = match &path.kind {
            ExprKind::Detect(detect) => (&*detect.target, true),
            _ => (&path, false),
        };
        if !self.is_redactable(target) {
            return None;
        }
        Some(if detected { EffectSpec::RedactDetected(path) } else { EffectSpec::Redact(without_cast(path)) })
    }

    /// What a rule's findings point at.
    pub(super) fn at(&mut self, scope: &mut Scope, path: &crate::syntax::ast::Expr, run_end: bool) -> Option<Expr> {
        let typed = self.expr(scope, path, None);
        if typed.ty == Type::Error {
            return None;
        }
        let is_of_trigger = !run_end && root_slot(&typed) == Some(Slot::TRIGGER);
        let is_of_request = matches!(root(&typed), ExprKind::Event { of_request: true, .. });
        if !is_of_trigger || is_of_request {
            let message = format!("`@at` takes a path of the trigger, and `{}` is none", self.quote(path.span));
            self.sink
                .error(DiagnosticCode::Annotation, path.span, message)
                .help("write a part of it, such as `@at(c.params.to)`");
            return None;
        }
        Some(without_cast(typed))
    }

    /// What is replaced stands in the payload of the trigger.
    fn is_redactable(&mut self, path: &Expr) -> bool {
        let quoted = self.quote(path.span);
        let help = "write the trigger's `redact(c.params)`, or a part of it";
        let message = match root_slot(path) {
            None => format!("`redact` takes a path of the event, and `{quoted}` is none"),
            Some(slot) if slot != Slot::TRIGGER => format!("`{quoted}` is of another event, which was accepted long ago"),
            Some(_) => match root(path) {
                ExprKind::Event { of_request: true, .. } => {
                    format!("`{quoted}` is of the request, which was accepted before its response came")
                }
                ExprKind::Event {
                    field:
                        EventField::Params
                        | EventField::Rationale
                        | EventField::Result
                        | EventField::PromisedResult
                        | EventField::Error
                        | EventField::Thought
                        | EventField::Goal
                        | EventField::Steps
                        | EventField::Plan
                        | EventField::Output
                        | EventField::Summary
                        | EventField::Message
                        | EventField::StackTrace,
                    ..
                } => return true,
                _ => format!("`{quoted}` is what the event is known by, and cannot be replaced"),
            },
        };
        self.sink.error(DiagnosticCode::EffectArguments, path.span, message).help(help);
        false
    }
}

fn root(mut path: &Expr) -> &ExprKind {
    loop {
        match &path.kind {
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } | ExprKind::Cast(base) => path = base,
            other => return other,
        }
    }
}

fn without_cast(path: Expr) -> Expr {
    match path.kind {
        ExprKind::Cast(inner) => without_cast(*inner),
        _ => path,
    }
}
