//! A name by itself.

use super::path::Place;
use super::{constant, named};
use crate::check::Checker;
use crate::check::fields::EventKind;
use crate::check::scope::{RESERVED, Scope, ScopeKind};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::Span;
use crate::typed::{self, Expr, Global, Slot};
use crate::types::Type;

/// What other languages call "not there".
const NOTHING: &[&str] = &["null", "nil", "None", "NULL", "undefined"];

impl Checker<'_, '_, '_> {
    pub(super) fn name(&mut self, scope: &mut Scope, name: &str, span: Span) -> Place {
        if let Some((local, ty)) = scope.local(name) {
            if ty == Type::Error {
                return Place::Mistake;
            }
            return Place::Value(Expr { kind: typed::ExprKind::Local(local), ty, span });
        }
        if let Some(place) = self.implied(scope, name, span) {
            return place;
        }
        if let Some(at) = scope.binding(name) {
            return self.binding(scope, at, name, span);
        }
        if let Some(found) = self.definitions.lets.get(name) {
            found.used.set(true);
            if found.ty == Type::Error {
                return Place::Mistake;
            }
            return Place::Value(constant(found.value.clone(), found.ty.clone(), span));
        }
        if RESERVED.contains(&name) {
            return self.reserved(scope, name, span);
        }
        if let Some(import) = self.definitions.imports.get(name) {
            import.used.set(true);
            return Place::Package(name.to_owned());
        }
        if self.definitions.broken_imports.contains(name) || self.definitions.broken.contains(name) {
            return Place::Mistake;
        }
        self.unknown_name(scope, name, span);
        Place::Mistake
    }

    /// In `by`, a field of the event that is meant.
    fn implied(&mut self, scope: &mut Scope, name: &str, span: Span) -> Option<Place> {
        let at = scope.implied?;
        let binding = &scope.bindings[at];
        let (slot, shape) = (binding.slot, binding.shape.clone());
        match (name, shape.kind) {
            (_, EventKind::Mistake) => return Some(Place::Mistake),
            ("agent", _) => return Some(Place::Agent(slot)),
            ("principal", _) => return Some(Place::Principal(slot)),
            ("request", EventKind::Response) => return Some(Place::Request(at)),
            _ => {}
        }
        let event = |of_request, (field, ty)| {
            Place::Value(Expr { kind: typed::ExprKind::Event { slot, of_request, field }, ty, span })
        };
        if let Some(found) = shape.field(name) {
            return Some(event(false, found));
        }
        // A response is asked for what its request says, so that both can share a key.
        if shape.kind == EventKind::Response && matches!(name, "params" | "rationale") {
            return shape.request_field(name).map(|found| event(true, found));
        }
        None
    }

    fn binding(&mut self, scope: &mut Scope, at: usize, name: &str, span: Span) -> Place {
        let binding = &mut scope.bindings[at];
        binding.used = true;
        if binding.visible {
            return Place::Event(at);
        }
        let clause = binding.clause;
        let (message, help) = if scope.in_message {
            let message = format!("`{name}` is an event of `{clause}`; there is none to show when the rule fires");
            (message, "messages show the trigger and the events of `after` and `seq`".to_owned())
        } else if scope.bindings.first().is_some_and(|trigger| trigger.name.as_ref().is_some_and(|first| first.text == name))
        {
            // The trigger, where events are looked at before it comes.
            let message = format!("the trigger `{name}` is not known here: this is worked out when the other event arrives");
            (message, "mention only the event that is looked at".to_owned())
        } else {
            let message = format!("`{name}` is an event of `{clause}`, and only that clause can ask about it");
            (message, "put the condition into its `where`; a message may show it".to_owned())
        };
        self.sink.error(DiagnosticCode::OutOfPlace, span, message).help(help);
        Place::Mistake
    }

    fn reserved(&mut self, scope: &Scope, name: &str, span: Span) -> Place {
        let (in_rule, run_end) = match scope.kind {
            ScopeKind::Rule { run_end } => (true, run_end),
            _ => (false, false),
        };
        let is_batch = scope.kind == ScopeKind::Batch;
        let help = match name {
            "agent" if in_rule && !run_end => return Place::Agent(Slot::TRIGGER),
            "agent" if is_batch && scope.of_run => return Place::Agent(Slot::TRIGGER),
            "principal" if in_rule && !run_end => return Place::Principal(Slot::TRIGGER),
            "now" if in_rule => {
                return Place::Value(Expr { kind: typed::ExprKind::Global(Global::Now), ty: Type::Time, span });
            }
            "run" if run_end || scope.of_run => return Place::Run,
            "meta" if is_batch && scope.of_run => {
                return Place::Value(Expr { kind: typed::ExprKind::Global(Global::RunMeta), ty: Type::Any, span });
            }
            "runs" if is_batch && !scope.of_run => return Place::Runs,
            "flow" if in_rule && scope.in_message && scope.has_flow => return Place::Flow,
            "cycle" if in_rule && scope.in_message && scope.has_cycle => return Place::Cycle,
            "prev" if scope.has_previous => return Place::Event(0),
            "agent" | "principal" if run_end => "there is no event at the end of a run, and no caller",
            "agent" | "principal" | "now" if scope.kind == ScopeKind::Function => "hand it to the function as a parameter",
            "run" if is_batch => "one run is known in `where`, in `by` and in an aggregate: `p95(run.duration)`",
            "meta" if is_batch => "one run is known in `where`, in `by` and in an aggregate",
            "runs" if is_batch => "here one run is asked about: `run.duration`, `run.status`",
            "run" if in_rule => {
                "it is known in rules `on run_end` and in batch rules; `count(event) … within run` counts as the run goes"
            }
            "meta" if in_rule => "the trigger's is `c.meta`, by the trigger's name",
            "flow" => "it tells a message what a `derives_from` of the rule's clauses has found",
            "cycle" => "it tells a message what the rule's clause `cycle` has found",
            "prev" => "it is the event one period before, in the condition of `cycle(KEY where …)`",
            "runs" => "`runs.count` is known in batch rules",
            _ => "it is known in rules",
        };
        let message = format!("`{name}` is not known here");
        self.sink.error(DiagnosticCode::OutOfPlace, span, message).help(help);
        Place::Mistake
    }

    fn unknown_name(&mut self, scope: &Scope, name: &str, span: Span) {
        // The parser has said what to write for `null`.
        if self.in_broken || NOTHING.contains(&name) {
            return;
        }
        let mut names: Vec<String> = scope.visible_names().map(str::to_owned).collect();
        if let Some(at) = scope.implied {
            names.extend(scope.bindings[at].shape.field_names().into_iter().map(str::to_owned));
        }
        names.extend(self.definitions.lets.keys().take(self.names_max()).cloned());
        names.extend(self.definitions.imports.keys().cloned());
        if matches!(scope.kind, ScopeKind::Rule { .. } | ScopeKind::Batch) {
            names.extend(RESERVED.iter().map(|name| (*name).to_owned()));
        }
        names.sort_unstable();
        let nearest = self.nearest(name, names.iter().map(String::as_str));
        let is_function = self.definitions.has_function(name) || !named(name).is_empty();
        if is_function {
            let message = format!("`{name}` is a function; call it: `{name}(…)`");
            self.sink.error(DiagnosticCode::UnknownName, span, message);
            return;
        }
        let message = match scope.implied {
            Some(at) if scope.bindings[at].name.is_none() || at == 0 => {
                format!("{} has no field `{name}`", scope.bindings[at].shape.kind.described())
            }
            _ => format!("nothing is called `{name}` here"),
        };
        if let Some(list) = scope.gone(name).filter(|_| scope.in_message) {
            self.gone_item(scope, name, list, span);
            return;
        }
        let meant = meant_fields(scope, name);
        let diagnostic = self.sink.error(DiagnosticCode::UnknownName, span, message);
        if let [field] = meant.as_slice() {
            match field.strip_prefix("_.") {
                None => diagnostic.help(format!("did you mean `{field}`?")).fix(span, field.clone()),
                Some(unnamed) => {
                    diagnostic.help(format!("give the event a name, such as `c: request(…)`, and write `c.{unnamed}`"))
                }
            };
        } else if let [own, .., of_trigger] = meant.as_slice() {
            diagnostic.help(format!("did you mean `{own}`, or the trigger's `{of_trigger}`?"));
        } else if let Some(nearest) = nearest {
            diagnostic.help(format!("did you mean `{nearest}`?")).fix(span, nearest);
        }
    }

    /// A message is written when the rule fires, for no single item of a list.
    fn gone_item(&mut self, scope: &Scope, name: &str, list: Span, span: Span) {
        let quoted = self.quote(list);
        let message = format!("`{name}` is an item of `{quoted}` in a condition, and no message can show which one it was");
        let root = quoted.split(['.', '[', '?']).next().unwrap_or_default();
        let is_shown = scope.binding(root).is_some_and(|at| scope.bindings[at].visible);
        let diagnostic = self.sink.error(DiagnosticCode::OutOfPlace, span, message).related(list, "the list");
        if is_shown && !quoted.ends_with('…') {
            diagnostic.help(format!("show the whole list: `{{{quoted}}}`"));
        }
    }
}

/// Fields of this name that events which may be mentioned have, the nearest event first and the trigger last; `_.` stands before
/// one of an event without a name.
fn meant_fields(scope: &Scope, name: &str) -> Vec<String> {
    let visible = scope.bindings.iter().rev().filter(|binding| binding.visible);
    visible
        .filter_map(|binding| {
            let shape = &binding.shape;
            let path = if shape.field_names().contains(&name) {
                name.to_owned()
            } else if shape.kind == EventKind::Request && shape.params.field(name).is_some() {
                format!("params.{name}")
            } else if shape.kind == EventKind::Response && shape.result.field(name).is_some() {
                format!("result.{name}")
            } else if shape.kind == EventKind::Response && name == "params" {
                "request.params".to_owned()
            } else {
                return None;
            };
            let event = binding.name.as_ref().map_or("_", |name| &name.text);
            Some(format!("{event}.{path}"))
        })
        .collect()
}
