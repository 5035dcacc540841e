//! A text cut into tokens whose brackets are matched: what the files beside this one read pieces from.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ast::{Name, Span};
use super::lexer::{Token, TokenKind};
use super::patch::Patches;
use crate::diagnostic::{Diagnostic, DiagnosticCode, Sink};

/// With more mistakes than this the rest of a text is not read: they are more than are shown.
const ERRORS_MAX: usize = 1_000;

pub(super) struct Reader<'s, 'r, 'k> {
    pub(super) source: &'s str,
    pub(super) tokens: Vec<Token>,
    /// How many brackets are open around each token; a bracket stands outside of itself.
    pub(super) depths: Vec<u8>,
    pub(super) patches: Patches,
    pub(super) sink: &'r mut Sink<'k>,
    /// What was to be defined but could not be read.
    pub(super) broken: Vec<Name>,
    /// Tokens that stand for other words than are written.
    meant: BTreeMap<usize, &'static str>,
}

impl<'s, 'r, 'k> Reader<'s, 'r, 'k> {
    /// Of tokens whose brackets are still to be matched.
    pub(super) fn new(source: &'s str, tokens: Vec<Token>, patches: Patches, sink: &'r mut Sink<'k>) -> Self {
        Self { source, tokens, depths: Vec::new(), patches, sink, broken: Vec::new(), meant: BTreeMap::new() }
    }

    /// A token's text, or what it was mended to; empty behind the last.
    pub(super) fn text(&self, at: usize) -> &'s str {
        if let Some(meant) = self.meant.get(&at) {
            return meant;
        }
        self.tokens.get(at).map_or("", |token| &self.source[token.span.range()])
    }

    pub(super) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.kind(at) == Some(TokenKind::Word)
    }

    pub(super) fn depth(&self, at: usize) -> u8 {
        self.depths.get(at).copied().unwrap_or(0)
    }

    /// A token's place; behind the last token, the end of the text.
    pub(super) fn span(&self, at: usize) -> Span {
        let end = self.source.trim_end().len();
        self.tokens.get(at).map_or(Span::new(end, end), |token| token.span)
    }

    /// From the first of these tokens to the last.
    pub(super) fn span_of(&self, tokens: Range<usize>) -> Span {
        if tokens.is_empty() { self.behind(tokens.start) } else { self.span(tokens.start).to(self.span(tokens.end - 1)) }
    }

    /// The empty place right behind the token before this one.
    pub(super) fn behind(&self, at: usize) -> Span {
        let end = at.checked_sub(1).map_or(0, |last| self.span(last).end);
        Span { start: end, end }
    }

    /// Whether a token stands behind a dot, where every word is a field's name.
    pub(super) fn is_after_dot(&self, at: usize) -> bool {
        at > 0 && matches!(self.text(at - 1), "." | "?.")
    }

    /// How far a token is from the start of its line, when it is the first there.
    pub(super) fn indent(&self, at: usize) -> Option<usize> {
        let start = self.span(at).range().start;
        let gap = &self.source[self.behind(at).range().start..start];
        match gap.rfind('\n') {
            Some(line_end) => Some(gap.len() - line_end - 1),
            None => (at == 0).then_some(gap.len()),
        }
    }

    /// Whether an item begins with this token, as far as it and the next one tell.
    pub(super) fn starts_item(&self, at: usize) -> bool {
        if !self.is_word(at) || self.is_after_dot(at) {
            return false;
        }
        let (next, after) = (self.kind(at + 1), self.text(at + 2));
        match self.text(at) {
            "use" | "policy" => next == Some(TokenKind::Word),
            "rule" => next == Some(TokenKind::Word) && matches!(after, "{" | "@" | "-"),
            "schema" => self.text(at + 1) == "{",
            "let" => next == Some(TokenKind::Word) && matches!(after, ":" | "=" | ":="),
            "fn" => next == Some(TokenKind::Word) && after == "(",
            "batch" => self.text(at + 1) == "rule",
            "test" => next == Some(TokenKind::Text),
            _ => false,
        }
    }

    /// The name that was to be defined at a token is known, and nothing else of it.
    pub(super) fn break_name(&mut self, at: usize) {
        if matches!(self.kind(at), Some(TokenKind::Word | TokenKind::Text)) {
            let (text, span) = (self.text(at).trim_matches('"').to_owned(), self.span(at));
            self.broken.push(Name { text, span });
        }
    }

    /// Whether so many mistakes are said that the rest of the text need not be read.
    pub(super) fn is_full(&self) -> bool {
        self.sink.errors() > ERRORS_MAX
    }

    /// A mistake that nothing mends.
    pub(super) fn flaw(&mut self, code: DiagnosticCode, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.patches.flaw(span);
        self.sink.error(code, span, message)
    }

    /// A mistake; the text is read as if `replacement` stood there, which is offered as its fix.
    pub(super) fn mended(
        &mut self,
        code: DiagnosticCode,
        span: Span,
        replacement: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.patches.edit(span, replacement);
        self.sink.error(code, span, message).fix(span, replacement)
    }

    /// A misspelt word, which is read as the one that was meant.
    pub(super) fn mended_word(&mut self, at: usize, word: &'static str, message: impl Into<String>) {
        self.mended(DiagnosticCode::Keyword, self.span(at), word, message);
        self.meant.insert(at, word);
    }
}
