//! `pii(c.params, kinds: ["iban"])`: what the engine's detectors have found.

use super::flow::without_cast;
use super::mistake;
use crate::check::scope::{Scope, ScopeKind};
use crate::check::walk::bare;
use crate::check::{Checker, suggest};
use crate::diagnostic::{DiagnosticCode, shown};
use crate::syntax::ast::{self, Argument, Span};
use crate::typed::{Const, Detect, DetectorFamily, Expr, ExprKind};
use crate::types::Type;

const DETECTORS: &[(&str, DetectorFamily)] =
    &[("pii", DetectorFamily::Pii), ("secrets", DetectorFamily::Secrets), ("injection", DetectorFamily::Injection)];

pub(in crate::check) fn is_detector(name: &str) -> bool {
    detector(name).is_some()
}

pub(super) fn detector(name: &str) -> Option<DetectorFamily> {
    DETECTORS.iter().find(|(detector, _)| *detector == name).map(|(_, family)| *family)
}

impl Checker<'_, '_, '_> {
    pub(super) fn detect(
        &mut self,
        scope: &mut Scope,
        (name, family): (&str, DetectorFamily),
        arguments: &[&Argument],
        span: Span,
    ) -> Expr {
        if !matches!(scope.kind, ScopeKind::Rule { .. }) {
            let message = format!("`{name}` looks at an event, so it stands in a rule");
            self.sink.error(DiagnosticCode::Detector, span, message);
            return mistake(span);
        }
        let (mut target, mut kinds, mut failed) = (None, None, false);
        for argument in arguments {
            let word = argument.name.as_ref().map(|name| name.text.as_str());
            match word {
                None if target.is_none() => target = Some(&argument.value),
                None | Some("kinds") if kinds.is_none() => kinds = Some(&argument.value),
                _ => {
                    let message = format!("`{name}` takes a path and perhaps `kinds`");
                    let at = argument.name.as_ref().map_or(argument.value.span, |name| name.span);
                    self.sink
                        .error(DiagnosticCode::Arguments, at, message)
                        .help(format!("`{name}(c.params, kinds: [\"…\"])`"));
                    failed = true;
                }
            }
        }
        let Some(target) = target else {
            if !failed {
                let message = format!("`{name}` needs to know where to look");
                self.sink.error(DiagnosticCode::Arguments, span, message).help(format!("write `{name}(c.params)`"));
            }
            return mistake(span);
        };
        let target = self.expr(scope, target, None);
        let target = without_cast(target);
        let kinds = kinds.map(|kinds| self.kinds(family, name, kinds));
        if failed || !self.needs_path(&target, &format!("`{name}` looks at a path of an event")) {
            return mistake(span);
        }
        let kinds = match kinds {
            None => Vec::new(),
            Some(Some(kinds)) => kinds,
            Some(None) => return mistake(span),
        };
        let kind = ExprKind::Detect(Detect { detector: family, target: Box::new(target), kinds });
        Expr { kind, ty: Type::Detection, span }
    }

    /// The detectors' words for the kinds that are asked for.
    fn kinds(&mut self, family: DetectorFamily, detector: &str, kinds: &ast::Expr) -> Option<Vec<String>> {
        let mut scope = Scope::new(ScopeKind::Let);
        let list = self.expr(&mut scope, kinds, Some(&Type::list(Type::String)));
        if list.ty == Type::Error {
            return None;
        }
        let spans: Vec<Span> = match &bare(kinds).kind {
            ast::ExprKind::List(items) => items.iter().map(|item| item.span).collect(),
            _ => Vec::new(),
        };
        let ExprKind::Const(Const::List(words)) = &list.kind else {
            let message = format!("`kinds` is a list of words, and `{}` is {}", self.quote(list.span), suggest::a(&list.ty));
            let help = format!("write `kinds: [\"{}\"]`", self.example_kind(family));
            self.sink.error(DiagnosticCode::Detector, list.span, message).help(help);
            return None;
        };
        let mut entities: Vec<String> = Vec::new();
        let mut failed = false;
        if words.is_empty() {
            let message = format!("`{detector}` looks for nothing with an empty list of kinds");
            self.sink.error(DiagnosticCode::Detector, list.span, message).help("leave `kinds` out to look for all");
            return None;
        }
        for (at, word) in words.iter().enumerate() {
            let span = spans.get(at).copied().unwrap_or(list.span);
            let Const::Text(word) = word else { continue };
            let found = self.entities(family, word);
            if found.is_empty() {
                self.unknown_kind_of(family, detector, word, span);
                failed = true;
            }
            for entity in found {
                if !entities.contains(&entity) {
                    entities.push(entity);
                }
            }
        }
        (!failed).then_some(entities)
    }

    /// The entities that a word means: the one of this name, or those of whose name it is a part.
    fn entities(&self, family: DetectorFamily, word: &str) -> Vec<String> {
        let kinds = || self.world.environment.detectors.iter().filter(|kind| kind.family == family);
        let wanted = word.to_lowercase().replace(['-', ' '], "_");
        if let Some(kind) = kinds().find(|kind| kind.entity.to_lowercase() == wanted) {
            return vec![kind.entity.clone()];
        }
        // Several words mean what has them all in a row: `credit_card`.
        let parts = |text: &str| format!("_{text}_");
        kinds()
            .filter(|kind| parts(&kind.entity.to_lowercase()).contains(&parts(&wanted)))
            .map(|kind| kind.entity.clone())
            .collect()
    }

    fn example_kind(&self, family: DetectorFamily) -> String {
        let kind = self.world.environment.detectors.iter().find(|kind| kind.family == family);
        kind.map_or_else(|| "word".to_owned(), |kind| kind.entity.to_lowercase())
    }

    fn unknown_kind_of(&mut self, family: DetectorFamily, detector: &str, word: &str, span: Span) {
        let kinds = self.world.environment.detectors.iter().filter(|kind| kind.family == family);
        let names: Vec<String> = kinds.map(|kind| kind.entity.to_lowercase()).collect();
        let parts: Vec<&str> = names.iter().flat_map(|name| name.split('_').chain([name.as_str()])).collect();
        let nearest = self.nearest(word, parts);
        let message = format!("`{detector}` finds no {:?}", shown(word));
        let diagnostic = self.sink.error(DiagnosticCode::Detector, span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(span, format!("{nearest:?}")),
            None if names.is_empty() => diagnostic.help("the detectors that were given find nothing of that family"),
            None => diagnostic.help(format!("it finds {}", suggest::list(names.iter().map(String::as_str), "and"))),
        };
    }
}
