//! `@severity(critical)` and the like.

use std::collections::HashMap;

use aop_toon::{Phase, Severity};

use super::walk::bare;
use super::{Checker, suggest};
use crate::diagnostic::{Diagnostic, DiagnosticCode};
use crate::syntax::ast::{Annotation, Expr, ExprKind, Name, Span};
use crate::typed::OnUnknown;

/// Lints that a rule's author knows of.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowed(Vec<DiagnosticCode>);

impl Allowed {
    pub(super) fn has(&self, code: DiagnosticCode) -> bool {
        self.0.contains(&code)
    }
}

/// What the annotations of a rule say.
#[derive(Debug, Default)]
pub(super) struct Annotations {
    pub(super) severity: Option<Severity>,
    pub(super) on_unknown: Option<(OnUnknown, Span)>,
    pub(super) phase: Option<(Phase, Span)>,
    pub(super) description: Option<String>,
    /// What the findings point at, as it is written.
    pub(super) at: Option<Expr>,
    pub(super) allowed: Allowed,
}

const NAMES: &[&str] = &["severity", "on_unknown", "phase", "description", "tags", "reference", "at", "allow"];

impl Checker<'_, '_, '_> {
    /// A warning that may be silenced. Gives it back, unless it is silenced, so that more can be said.
    pub(super) fn lint(
        &mut self,
        allowed: &Allowed,
        code: DiagnosticCode,
        span: Span,
        message: impl Into<String>,
    ) -> Option<&mut Diagnostic> {
        (!allowed.has(code)).then(|| self.sink.warning(code, span, message))
    }

    pub(super) fn annotations(&mut self, annotations: &[Annotation]) -> Annotations {
        let mut result = Annotations::default();
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for annotation in annotations {
            let name = annotation.name.text.as_str();
            if !NAMES.contains(&name) {
                self.unknown_annotation(&annotation.name);
                continue;
            }
            if let Some(&first) = seen.get(name)
                && name != "allow"
            {
                let message = format!("`@{name}` stands twice");
                self.sink.error(DiagnosticCode::Annotation, annotation.span, message).related(first, "first here");
                continue;
            }
            seen.insert(name, annotation.span);
            match name {
                "severity" => {
                    let word = self.word_argument(annotation, Severity::WORDS);
                    result.severity = word.and_then(|word| word.parse().ok());
                }
                "on_unknown" => {
                    let word = self.word_argument(annotation, &["deny", "flag", "ignore"]);
                    result.on_unknown = word.map(|word| (on_unknown(word), annotation.span));
                }
                "phase" => {
                    let word = self.word_argument(annotation, &["ingestion", "post_run"]);
                    let phase = word.map(|word| if word == "post_run" { Phase::PostRun } else { Phase::Ingestion });
                    result.phase = phase.map(|phase| (phase, annotation.span));
                }
                "allow" => self.allow(annotation, &mut result.allowed),
                "at" => match annotation.arguments.as_slice() {
                    [path] => result.at = Some(path.clone()),
                    _ => {
                        let message = "`@at` takes one path of the trigger: `@at(c.params.to)`";
                        self.sink.error(DiagnosticCode::Annotation, annotation.span, message);
                    }
                },
                "tags" => {
                    self.text_arguments(annotation, usize::MAX);
                }
                "reference" => {
                    if let Some((text, span)) = self.text_arguments(annotation, 1).pop()
                        && !text.starts_with("https://")
                    {
                        let message = format!("{text:?} is no reference; write an address that begins with `https://`");
                        self.sink.error(DiagnosticCode::Annotation, span, message);
                    }
                }
                _ => result.description = self.text_arguments(annotation, 1).pop().map(|(text, _)| text),
            }
        }
        result
    }

    fn unknown_annotation(&mut self, name: &Name) {
        let nearest = self.nearest(&name.text, NAMES.iter().copied());
        let message = format!("there is no annotation `@{}`", name.text);
        let diagnostic = self.sink.error(DiagnosticCode::Annotation, name.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            None => diagnostic.help(format!("annotations are {}", suggest::list(NAMES.iter().copied(), "and"))),
        };
    }

    /// The one word in the parentheses, which must be one of these.
    fn word_argument(&mut self, annotation: &Annotation, words: &[&'static str]) -> Option<&'static str> {
        let name = &annotation.name.text;
        let [argument] = annotation.arguments.as_slice() else {
            let message = format!("`@{name}` takes one word: {}", suggest::list(words.iter().copied(), "or"));
            self.sink.error(DiagnosticCode::Annotation, annotation.span, message);
            return None;
        };
        let written = match &bare(argument).kind {
            ExprKind::Name(word) | ExprKind::Text(word) => word.as_str(),
            ExprKind::Error => return None,
            _ => "",
        };
        if let Some(word) = words.iter().find(|word| **word == written) {
            return Some(word);
        }
        let nearest = self.nearest(written, words.iter().copied());
        let quoted = self.quote(argument.span);
        let message = format!("`@{name}` takes {}, not `{quoted}`", suggest::list(words.iter().copied(), "or"));
        let diagnostic = self.sink.error(DiagnosticCode::Annotation, argument.span, message);
        if let Some(nearest) = nearest {
            diagnostic.help(format!("did you mean `{nearest}`?")).fix(argument.span, nearest);
        }
        None
    }

    /// The texts in the parentheses: at least one, and at most `most`.
    fn text_arguments(&mut self, annotation: &Annotation, most: usize) -> Vec<(String, Span)> {
        let name = &annotation.name.text;
        if annotation.arguments.is_empty() || annotation.arguments.len() > most {
            let what = if most == 1 { "one text" } else { "texts" };
            let message = format!("`@{name}` takes {what} in quotes: `@{name}(\"…\")`");
            self.sink.error(DiagnosticCode::Annotation, annotation.span, message);
            return Vec::new();
        }
        let mut texts = Vec::new();
        for argument in &annotation.arguments {
            match &bare(argument).kind {
                ExprKind::Text(text) => texts.push((text.clone(), argument.span)),
                ExprKind::Error => {}
                _ => {
                    let message = format!("`@{name}` takes a text in quotes, not `{}`", self.quote(argument.span));
                    self.sink.error(DiagnosticCode::Annotation, argument.span, message);
                }
            }
        }
        texts
    }

    fn allow(&mut self, annotation: &Annotation, allowed: &mut Allowed) {
        let lints = || DiagnosticCode::ALL.iter().filter(|code| code.is_lint());
        if annotation.arguments.is_empty() {
            self.sink.error(
                DiagnosticCode::Annotation,
                annotation.span,
                "`@allow` takes the names of lints: `@allow(no-test)`",
            );
        }
        for argument in &annotation.arguments {
            // A name with hyphens reads as a subtraction: the text is what is meant.
            let text: String = self.sink.source().get(argument.span.range()).unwrap_or_default().to_owned();
            let written: String = text.chars().filter(|character| !character.is_whitespace() && *character != '"').collect();
            match lints().find(|code| code.as_str() == written) {
                Some(code) => allowed.0.push(*code),
                None => {
                    let nearest = self.nearest(&written, lints().map(|code| code.as_str()));
                    let message = format!("there is no lint `{written}`");
                    let diagnostic = self.sink.warning(DiagnosticCode::UnknownLint, argument.span, message);
                    if let Some(nearest) = nearest {
                        diagnostic.help(format!("did you mean `{nearest}`?")).fix(argument.span, nearest);
                    } else if DiagnosticCode::ALL.iter().any(|code| code.as_str() == written) {
                        diagnostic.help("only warnings can be allowed; this is a mistake to be mended");
                    }
                }
            }
        }
    }
}

fn on_unknown(word: &str) -> OnUnknown {
    match word {
        "deny" => OnUnknown::Deny,
        "flag" => OnUnknown::Flag,
        _ => OnUnknown::Ignore,
    }
}
