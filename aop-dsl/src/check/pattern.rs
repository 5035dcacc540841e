//! `request(db.delete | db.drop)`: which events are meant.

use std::rc::Rc;

use aop_toon::EventType;

use super::fields::{EventKind, Shape, matching};
use super::scope::Scope;
use super::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, ActionPattern};
use crate::typed::{ActionEvent, ActionName, Pattern};

const KINDS: &[(&str, EventKind)] = &[
    ("request", EventKind::Request),
    ("response", EventKind::Response),
    ("reasoning", EventKind::Reasoning),
    ("final", EventKind::Final),
    ("error", EventKind::Error),
    ("event", EventKind::Any),
    ("run_end", EventKind::RunEnd),
];

/// What other tools call our kinds of events.
const FOREIGN: &[(&str, &str)] = &[
    ("action", "request"),
    ("action_request", "request"),
    ("action_response", "response"),
    ("answer", "final"),
    ("any", "event"),
    ("call", "request"),
    ("end", "run_end"),
    ("failure", "error"),
    ("final_output", "final"),
    ("message", "reasoning"),
    ("observation", "response"),
    ("output", "final"),
    ("result", "response"),
    ("system", "reasoning"),
    ("thought", "reasoning"),
    ("tool_call", "request"),
    ("tool_result", "response"),
    ("user", "reasoning"),
];

/// How many actions all globs of a policy together are held against.
const GLOBS_WORK_MAX: usize = 10_000_000;

impl Checker<'_, '_, '_> {
    /// The pattern and what is known of its events.
    pub(super) fn pattern(&mut self, scope: &Scope, pattern: &ast::Pattern) -> (Pattern, Rc<Shape>) {
        let Some(kind) = KINDS.iter().find(|(name, _)| *name == pattern.kind.text).map(|(_, kind)| *kind) else {
            self.unknown_kind(pattern);
            return (Pattern::AnyEvent, self.shape(EventKind::Mistake, &[]));
        };
        let has_action = matches!(kind, EventKind::Request | EventKind::Response);
        let actions = match &pattern.actions {
            Some(actions) if has_action => actions.iter().map(|action| self.action_name(scope, action)).collect(),
            Some(actions) => {
                if let Some(action) = actions.iter().find(|action| action.text != "*" || action.quoted) {
                    let message = format!("{} has no action, so `{}` cannot be asked for", kind.described(), action.text);
                    self.sink
                        .error(DiagnosticCode::UnknownEvent, action.span, message)
                        .help(format!("write `{}`; only `request` and `response` have an action", kind.as_str()));
                }
                Vec::new()
            }
            None if has_action => {
                let message = format!("which {}? Its action stands in parentheses", kind.as_str());
                self.sink
                    .error(DiagnosticCode::UnknownEvent, pattern.span, message)
                    .help(format!("`{}(*)` is any {0}", kind.as_str()))
                    .fix(pattern.kind.span, format!("{}(*)", kind.as_str()));
                vec![ActionName::Any]
            }
            None => Vec::new(),
        };
        let shape =
            if self.globs_work > GLOBS_WORK_MAX { self.shape(EventKind::Mistake, &[]) } else { self.shape(kind, &actions) };
        let typed = match kind {
            EventKind::Request => Pattern::Action(ActionEvent::Request, actions),
            EventKind::Response => Pattern::Action(ActionEvent::Response, actions),
            EventKind::Reasoning => Pattern::Type(EventType::Reasoning),
            EventKind::Final => Pattern::Type(EventType::FinalOutput),
            EventKind::Error => Pattern::Type(EventType::Error),
            EventKind::Any | EventKind::Mistake => Pattern::AnyEvent,
            EventKind::RunEnd => Pattern::RunEnd,
        };
        (typed, shape)
    }

    fn unknown_kind(&mut self, pattern: &ast::Pattern) {
        let word = &pattern.kind.text;
        if self.vocabulary.actions.contains_key(word) {
            let message = format!("`{word}` is an action, and an event is its request or its response");
            self.sink
                .error(DiagnosticCode::UnknownEvent, pattern.kind.span, message)
                .help(format!("write `request({word})` or `response({word})`"));
            return;
        }
        let foreign = FOREIGN.iter().find(|(foreign, _)| foreign == word).map(|(_, own)| (*own).to_owned());
        let nearest = foreign.or_else(|| self.nearest(word, KINDS.iter().map(|(name, _)| *name)));
        let message = format!("there is no kind of event `{word}`");
        let diagnostic = self.sink.error(DiagnosticCode::UnknownEvent, pattern.kind.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(pattern.kind.span, nearest),
            None => diagnostic.help(format!("events are {}", suggest::list(KINDS.iter().map(|(name, _)| *name), "and"))),
        };
    }

    fn action_name(&mut self, scope: &Scope, action: &ActionPattern) -> ActionName {
        if !action.quoted && action.text == "*" {
            return ActionName::Any;
        }
        if !action.quoted && action.text.contains('*') {
            self.glob(scope, action);
            return ActionName::Glob(action.text.clone());
        }
        let is_known = self.vocabulary.actions.contains_key(&action.text) || self.definitions.broken.contains(&action.text);
        if !self.vocabulary.actions.is_empty() && !is_known && !self.vocabulary.is_broken {
            self.undeclared_action(scope, action);
        }
        ActionName::Exact(action.text.clone())
    }

    /// Globs are held against all actions, once each: their product is bounded.
    fn glob(&mut self, scope: &Scope, action: &ActionPattern) {
        let actions = &self.vocabulary.actions;
        if actions.is_empty() || self.vocabulary.is_broken || !self.globs.insert(action.text.clone()) {
            return;
        }
        self.globs_work = self.globs_work.saturating_add(actions.len());
        if self.globs_work > GLOBS_WORK_MAX {
            let message = format!("`{}` is one glob too many for {} actions", action.text, actions.len());
            self.sink.error(DiagnosticCode::BadPattern, action.span, message).help("name the actions that are meant");
        } else if matching(&self.vocabulary, &action.text).next().is_none() {
            let message = format!("no action of the schema has a name like `{}`", action.text);
            self.lint(&scope.allowed, DiagnosticCode::UndeclaredAction, action.span, message);
        }
    }

    /// A name that is nearly that of a declared action is a slip of the pen, and a rule about it would never fire.
    fn undeclared_action(&mut self, scope: &Scope, action: &ActionPattern) {
        let nearest = self.nearest_action(&action.text);
        let message = format!("the schema has no action `{}`", action.text);
        match nearest {
            Some(nearest) => {
                let replacement = if action.quoted { format!("{nearest:?}") } else { nearest.clone() };
                self.sink
                    .error(DiagnosticCode::UnknownAction, action.span, message)
                    .help(format!("did you mean `{nearest}`? Else declare `{}` in the schema", action.text))
                    .fix(action.span, replacement);
            }
            None => {
                if let Some(diagnostic) = self.lint(&scope.allowed, DiagnosticCode::UndeclaredAction, action.span, message) {
                    diagnostic.help("declare it, so that its fields have types; as it is they are of type `any`");
                }
            }
        }
    }

    /// The declared action with the most similar name.
    pub(super) fn nearest_action(&mut self, name: &str) -> Option<String> {
        self.suggestions_left = self.suggestions_left.checked_sub(1)?;
        suggest::nearest(name, self.vocabulary.actions.keys().map(String::as_str)).map(str::to_owned)
    }
}

/// Whether a name matches a glob as a whole; `*` stands for any characters.
pub(super) fn glob_matches(glob: &str, name: &str) -> bool {
    let mut parts = glob.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::glob_matches;

    #[test]
    fn globs_match_whole_names() {
        for (glob, name, expected) in [
            ("mail.*", "mail.send", true),
            ("mail.*", "email.send", false),
            ("*.send", "mail.send", true),
            ("*.send", "mail.sender", false),
            ("m*l.*d", "mail.send", true),
            ("a*a", "a", false),
            ("a*a*a", "aaa", true),
        ] {
            assert_eq!(glob_matches(glob, name), expected, "{glob} {name}");
        }
    }
}
