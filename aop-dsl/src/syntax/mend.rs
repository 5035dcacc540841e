//! What people write who come from another language, found in a piece before the grammar reads it, and mended.
//!
//! One walk over the piece's tokens, with the bracket each stands in.

use std::borrow::Cow;
use std::ops::Range;

use super::ast::Span;
use super::clauses::EVENT_KINDS;
use super::lexer::TokenKind;
use super::mend_words;
use super::patch::Edit;
use super::reader::Reader;
use super::split::ends_operand;
use crate::diagnostic::{Diagnostic, DiagnosticCode};

/// The kind of text that a piece is, since a sign may be right in one and wrong in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A clause of a rule, or an expression.
    Clause,
    /// `use`, `let`, `fn`.
    Definition,
    Schema,
    Test,
    /// The first line of a rule or test.
    Head,
}

/// What a piece is read as.
#[derive(Debug, Default)]
pub(super) struct Mended {
    pub(super) edits: Vec<Edit>,
    /// A mistake was said that is not mended.
    pub(super) is_flawed: bool,
    /// Parts of the piece that are read by themselves.
    covered: Vec<Span>,
}

impl Mended {
    /// Whether an earlier change is in a part that is read by itself.
    pub(super) fn covers(&self, edit: &Edit) -> bool {
        let ends_it = edit.replacement == "\"";
        let is_in = |part: &Span| part.start <= edit.span.start && (edit.span.start < part.end || ends_it);
        self.covered.iter().any(|part| is_in(part) && edit.span.end <= part.end)
    }
}

/// Looks through a piece.
pub(super) fn piece(reader: &mut Reader<'_, '_, '_>, tokens: Range<usize>, mode: Mode) -> Mended {
    let mut walk = Walk { reader, tokens, mode, mended: Mended::default(), brackets: Vec::new(), skip_until: 0, equals: 0 };
    for at in walk.tokens.clone() {
        if walk.reader.span(at).range().start >= walk.skip_until {
            walk.token(at);
        }
    }
    walk.mended
}

/// What a bracket is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `f(…)`
    Call,
    /// `(…)` around an expression.
    Group,
    /// `request(…)`
    Pattern,
    /// Parameters of an action or a function.
    Params,
    List,
    /// `a[…]`
    Index,
    /// `seq […]`
    Seq,
    /// `{…}`: a record's type, or one in a test.
    Record,
    /// `{…}` where an expression should be.
    Braces,
}

struct Open {
    bracket: Bracket,
    at: usize,
    /// It should be `[…]`.
    is_list: bool,
    /// Braces around the whole condition of a clause.
    is_condition: bool,
}

pub(super) struct Walk<'w, 's, 'r, 'k> {
    pub(super) reader: &'w mut Reader<'s, 'r, 'k>,
    pub(super) tokens: Range<usize>,
    pub(super) mode: Mode,
    pub(super) mended: Mended,
    brackets: Vec<Open>,
    /// What is before this was taken together with something before it.
    skip_until: usize,
    /// How many `=` stood outside of brackets.
    pub(super) equals: usize,
}

impl<'s> Walk<'_, 's, '_, '_> {
    pub(super) fn text(&self, at: usize) -> &'s str {
        if self.tokens.contains(&at) { self.reader.text(at) } else { "" }
    }

    /// The text of the token before one; empty at the start of the piece.
    pub(super) fn before(&self, at: usize) -> &'s str {
        if at > self.tokens.start { self.reader.text(at - 1) } else { "" }
    }

    /// Takes what stands before a place together with what was just seen.
    pub(super) fn skip_until(&mut self, end: usize) {
        self.skip_until = end;
    }

    /// Whether an operand ends right before a token, so that an operator is due.
    pub(super) fn is_after_operand(&self, at: usize) -> bool {
        at > self.tokens.start && ends_operand(self.reader, at - 1)
    }

    pub(super) fn bracket(&self) -> Option<Bracket> {
        self.brackets.last().map(|open| open.bracket)
    }

    /// A mistake; the piece is read as if `replacement` stood there, which is offered as its fix.
    pub(super) fn mend(
        &mut self,
        code: DiagnosticCode,
        span: Span,
        replacement: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let replacement = replacement.into();
        self.mended.edits.push(Edit { span, replacement: replacement.clone() });
        self.reader.sink.error(code, span, message).fix(span, replacement)
    }

    /// A mistake that nothing mends.
    pub(super) fn flaw(&mut self, code: DiagnosticCode, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.mended.is_flawed = true;
        self.reader.sink.error(code, span, message)
    }

    fn token(&mut self, at: usize) {
        match self.reader.kind(at) {
            Some(TokenKind::Sign) => self.sign(at),
            Some(TokenKind::Word) => {
                if !self.missing_separator(at) {
                    mend_words::word(self, at);
                }
            }
            Some(TokenKind::Number) => {
                if !self.missing_separator(at) {
                    mend_words::number(self, at);
                }
            }
            Some(TokenKind::Message) => {
                // Its braces hold pieces of their own.
                let span = self.reader.span(at);
                self.mended.edits.push(Edit { span, replacement: "\"\"".into() });
                self.mended.covered.push(span);
            }
            _ => _ = self.missing_separator(at),
        }
    }

    fn sign(&mut self, at: usize) {
        let span = self.reader.span(at);
        let sign = self.reader.text(at);
        let is_expression = matches!(self.mode, Mode::Clause | Mode::Definition);
        let code = DiagnosticCode::Operator;
        match sign {
            "(" | "[" | "{" => self.open(at),
            ")" | "]" | "}" => self.close(at),
            "," => self.comma(at),
            ";" if at + 1 < self.tokens.end
                && matches!(self.bracket(), Some(Bracket::Record | Bracket::Params | Bracket::List | Bracket::Call)) =>
            {
                self.mend(DiagnosticCode::Separator, span, ",", "what stands in brackets is joined by `,`");
            }
            "&&" | "&" => _ = self.mend(code, span, "and", format!("`{sign}` is written `and`")),
            "||" => _ = self.mend(code, span, "or", "`||` is written `or`"),
            "|" if self.mode == Mode::Schema => self.union(at),
            "|" if is_expression && self.bracket() != Some(Bracket::Pattern) => {
                self.mend(code, span, "or", "`|` stands between the actions of an event; in a condition it is `or`");
            }
            "!" if self.text(at + 1) == "in" => _ = self.mend(code, span, "not ", "`!in` is written `not in`"),
            "!" => _ = self.mend(code, span, "not ", "`!` is written `not`"),
            "===" => _ = self.mend(code, span, "==", "`===` is written `==`"),
            "<>" if matches!(self.before(at), "list" | "set") => {
                let message = format!("`{0}` takes the type of its items: `{0}<string>`", self.before(at));
                self.flaw(DiagnosticCode::TypeSyntax, span, message);
            }
            "!==" | "<>" => _ = self.mend(code, span, "!=", format!("`{sign}` is written `!=`")),
            "=~" => {
                let message = "`=~` is written `matches`, and the pattern `re\"…\"`";
                self.mend(code, span, "matches", message);
            }
            "~=" => _ = self.mend(code, span, "==", "`~=` is no operator; texts are compared with `==` or `matches`"),
            "::" => _ = self.mend(code, span, ".", "`::` is written `.`"),
            "=" | ":=" => self.equals(at),
            "->" if self.bracket() == Some(Bracket::Seq) => {
                self.mend(
                    DiagnosticCode::Separator,
                    span,
                    ";",
                    "the steps of a `seq` end with `;`, and come one after the other",
                );
            }
            "->" if self.mode == Mode::Clause => {
                _ = self.mend(code, span, ".", "`->` stands before a result's type; a field takes `.`")
            }
            "=>" | "~" => {
                let message = match sign {
                    "=>" if self.mode == Mode::Test => "a key stands before `:`, not before `=>`",
                    "=>" => "`=>` is no operator; for each item of a list write `any x in list: …` or `all x in list: …`",
                    _ => "`~` is no operator; patterns are compared with `matches`",
                };
                self.flaw(code, span, message);
            }
            "." if self.reader.kind(at + 1) == Some(TokenKind::Number) && !self.is_after_operand(at) => {
                let number = span.to(self.reader.span(at + 1));
                let written = format!("0.{}", self.reader.text(at + 1));
                self.skip_until = number.range().end;
                self.mend(DiagnosticCode::Number, number, written, "a number has a digit before its point");
            }
            _ => {}
        }
    }

    /// `=` where it defines nothing.
    fn equals(&mut self, at: usize) {
        let span = self.reader.span(at);
        let sign = self.reader.text(at);
        let is_outside = self.brackets.is_empty();
        let defines = is_outside && matches!(self.mode, Mode::Definition | Mode::Schema) && self.equals == 0;
        self.equals += usize::from(is_outside);
        let is_key = self.reader.is_word(at.saturating_sub(1)) && matches!(self.before(at - 1), "(" | "," | "{");
        if defines {
            if sign == ":=" {
                self.mend(DiagnosticCode::Operator, span, "=", "`:=` is written `=`");
            }
            return;
        }
        match self.mode {
            Mode::Test => _ = self.mend(DiagnosticCode::Operator, span, ":", "a key stands before `:`, not before `=`"),
            Mode::Head => {}
            Mode::Schema => {
                let message = "a parameter has no default value; when it may be absent its type ends with `?`";
                self.flaw(DiagnosticCode::SchemaSyntax, span, message);
            }
            // `let a = 5, b = 6`: what is wrong is the comma.
            Mode::Definition if is_outside && self.before(at - 1) == "," => {}
            Mode::Definition if self.bracket() == Some(Bracket::Params) => {
                self.flaw(DiagnosticCode::Definition, span, "a parameter has no default value");
            }
            Mode::Clause | Mode::Definition => {
                let is_binding = is_outside && at >= self.tokens.start + 2 && at - self.tokens.start <= 3 && self.binds(at);
                if is_binding {
                    self.mend(DiagnosticCode::Pattern, span, ":", "an event's name stands before `:`, not before `=`");
                } else if is_key && self.bracket() == Some(Bracket::Call) {
                    self.mend(DiagnosticCode::Operator, span, ":", "an argument's name stands before `:`, not before `=`");
                } else {
                    self.mend(DiagnosticCode::Operator, span, "==", format!("`{sign}` compares nothing; write `==`"));
                }
            }
        }
    }

    /// Whether the word before a token is the name of an event: `on c = request(…)`.
    fn binds(&self, at: usize) -> bool {
        let is_first = matches!(self.before(at - 1), "on" | "after" | "without" | "expect" | "for");
        is_first && EVENT_KINDS.contains(&self.text(at + 1))
    }

    fn open(&mut self, at: usize) {
        let before = self.before(at);
        let is_after_operand = self.is_after_operand(at) && mend_words::shouted(before).is_none();
        let bracket = match self.reader.text(at) {
            "(" if matches!(self.mode, Mode::Schema | Mode::Test | Mode::Head) => Bracket::Params,
            "(" if self.mode == Mode::Definition && self.before(at - 1) == "fn" => Bracket::Params,
            "(" if EVENT_KINDS.contains(&before) && !self.reader.is_after_dot(at - 1) => Bracket::Pattern,
            "(" if is_after_operand => Bracket::Call,
            "(" => Bracket::Group,
            "[" if before == "seq" => Bracket::Seq,
            "[" if is_after_operand && before != "enum" => Bracket::Index,
            "[" => Bracket::List,
            _ if matches!(self.mode, Mode::Test | Mode::Schema) => Bracket::Record,
            _ if matches!(before, "as" | "is" | "<" | ":" | "->" | "record") => Bracket::Record,
            _ => Bracket::Braces,
        };
        let is_condition = bracket == Bracket::Braces
            && self.mode == Mode::Clause
            && self.brackets.is_empty()
            && at > 0
            && matches!(self.reader.text(at - 1), "where" | "unless");
        self.brackets.push(Open { bracket, at, is_list: false, is_condition });
        if bracket == Bracket::Pattern && self.text(at + 1) == ")" {
            let inside = Span { start: self.reader.span(at).end, end: self.reader.span(at + 1).start };
            let message = format!("these parentheses name no action; write `{before}(*)` for any");
            self.mend(DiagnosticCode::Pattern, inside, "*", message);
        }
    }

    fn close(&mut self, at: usize) {
        let Some(open) = self.brackets.pop() else { return };
        if open.is_condition {
            self.condition_in_braces(open.at, at);
            return;
        }
        if open.is_list {
            let (opener, closer) = (self.reader.span(open.at), self.reader.span(at));
            let whole = opener.to(closer);
            let inside = &self.reader.source[opener.range().end..closer.range().start];
            let is_clean = self.reader.patches.edits(whole).is_empty();
            let fix = (is_clean && inside.len() <= 200).then(|| format!("[{}]", inside.trim()));
            self.mended.edits.push(Edit { span: opener, replacement: "[".into() });
            self.mended.edits.push(Edit { span: closer, replacement: "]".into() });
            let diagnostic = self.reader.sink.error(DiagnosticCode::Expression, whole, "a list stands in `[ … ]`");
            if let Some(fix) = fix {
                diagnostic.fix(whole, fix);
            }
        }
    }

    /// `when { … }`, as in Cedar.
    fn condition_in_braces(&mut self, opener: usize, closer: usize) {
        let (first, last) = (self.reader.span(opener), self.reader.span(closer));
        let whole = first.to(last);
        let inside = self.reader.source[first.range().end..last.range().start].trim();
        let is_clean = self.reader.patches.edits(whole).is_empty();
        // What goes on behind it needs them.
        let goes_on = matches!(self.text(closer + 1), "and" | "or");
        let fix = if goes_on { format!("({inside})") } else { inside.to_owned() };
        self.mended.edits.push(Edit { span: first, replacement: "(".into() });
        self.mended.edits.push(Edit { span: last, replacement: ")".into() });
        let message = format!("a condition stands behind `{}` without braces", self.reader.text(opener - 1));
        let diagnostic = self.reader.sink.error(DiagnosticCode::Clause, whole, message);
        if is_clean && !inside.is_empty() && inside.len() <= 200 {
            diagnostic.fix(whole, fix);
        }
    }

    fn comma(&mut self, at: usize) {
        let span = self.reader.span(at);
        let before = self.before(at);
        match self.bracket() {
            _ if matches!(before, "," | "(" | "[" | "{") => {
                self.mend(DiagnosticCode::Separator, span, "", "there is nothing before this `,`");
            }
            Some(Bracket::Pattern) => {
                self.mend(DiagnosticCode::Pattern, span, " |", "the actions of an event are joined by `|`, not by `,`");
            }
            Some(Bracket::Seq) => _ = self.mend(DiagnosticCode::Separator, span, ";", "the steps of a `seq` end with `;`"),
            Some(Bracket::Group | Bracket::Braces) => {
                if let Some(open) = self.brackets.last_mut() {
                    open.is_list = true;
                }
            }
            _ => {}
        }
    }

    /// `string | null` in a schema.
    fn union(&mut self, at: usize) {
        let next = self.text(at + 1);
        if matches!(next, "null" | "None" | "nil" | "undefined") {
            let span = self.reader.behind(at).to(self.reader.span(at + 1));
            self.mend(DiagnosticCode::TypeSyntax, span, "?", "a value that may be absent has a type with `?` behind it");
            self.skip_until = span.range().end;
        } else {
            let span = self.reader.span(at);
            let message = "a value has one type; for a choice of words write `enum[\"a\", \"b\"]`, for anything `any`";
            self.flaw(DiagnosticCode::TypeSyntax, span, message);
        }
    }

    /// Two values side by side where a `,` or `;` belongs between them.
    fn missing_separator(&mut self, at: usize) -> bool {
        let is_behind_type = matches!(self.before(at), ">" | "?") && self.mode != Mode::Clause;
        if (!self.is_after_operand(at) && !is_behind_type) || self.reader.is_after_dot(at) {
            return false;
        }
        let is_key = self.text(at + 1) == ":" || (self.mode == Mode::Test && self.text(at + 1) == "=");
        let is_value = self.reader.kind(at) != Some(TokenKind::Word);
        let (sign, what) = match self.bracket() {
            Some(Bracket::Seq) if is_key && self.before(at) == ")" => (";", "the steps of a `seq` end with `;`"),
            Some(Bracket::List) if is_value && self.before(at) != "enum" => (",", "the items of a list are joined by `,`"),
            Some(Bracket::Record) if is_key => (",", "the members of a record are joined by `,`"),
            Some(Bracket::Params) if is_key => (",", "parameters are joined by `,`"),
            _ => return false,
        };
        let behind = self.reader.behind(at);
        self.mend(DiagnosticCode::Separator, behind, sign, what).label(format!("add `{sign}` here"));
        true
    }
}
