//! Tokens and comments → what to print and where a line may break.

use std::ops::Range;

use super::page::{self, Mark};
use super::spacing::Brackets;
use crate::syntax::ast::{Comment, Span};
use crate::syntax::clauses::AGGREGATES;
use crate::syntax::lexer::TokenKind;
use crate::syntax::reader::Reader;
use crate::syntax::split::ends_operand;

/// The longest line on which a whole rule, schema or test stays, in characters.
const BLOCK_WIDTH_MAX: usize = 120;

pub(super) fn of<'s>(reader: &Reader<'s, '_, '_>, comments: &'s [Comment]) -> Vec<Mark<'s>> {
    let mut layout = Layout {
        reader,
        brackets: Brackets::of(reader),
        comments,
        next: 0,
        marks: Vec::new(),
        last_end: 0,
        in_schema: false,
    };
    let mut at = 0;
    while at < reader.tokens.len() {
        let end = layout.end_of_item(at);
        layout.begin(at, at == 0);
        layout.item(at..end);
        at = end;
    }
    layout.rest_of_comments(reader.source.len(), false);
    layout.marks
}

struct Layout<'l, 's, 'r, 'k> {
    reader: &'l Reader<'s, 'r, 'k>,
    brackets: Brackets,
    comments: &'s [Comment],
    /// The first comment that is not printed yet.
    next: usize,
    marks: Vec<Mark<'s>>,
    /// Where in the source that ended which was printed last.
    last_end: usize,
    in_schema: bool,
}

impl<'s> Layout<'_, 's, '_, '_> {
    fn end_of_item(&self, start: usize) -> usize {
        let has_braces = matches!(self.reader.text(start), "schema" | "rule" | "batch" | "test");
        let mut at = start;
        while at < self.reader.tokens.len() {
            match self.reader.text(at) {
                ";" => return at + 1,
                "{" if has_braces => return self.brackets.closer(at) + 1,
                "(" | "[" | "{" => at = self.brackets.closer(at),
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// A new line for a token, with the comments before it and one empty line where there was one.
    fn begin(&mut self, at: usize, is_first: bool) {
        let start = self.reader.span(at).range().start;
        let printed = self.rest_of_comments(start, is_first);
        self.new_line(start, is_first && !printed);
    }

    fn new_line(&mut self, start: usize, is_first: bool) {
        let gap = &self.reader.source[self.last_end..start];
        let lines: Vec<&str> = gap.split('\n').collect();
        let is_blank = lines.len() > 2 && lines[1..lines.len() - 1].iter().any(|line| line.trim().is_empty());
        self.marks.push(if is_blank && !is_first { Mark::Blank } else { Mark::HardLine });
    }

    /// The comments before a place, each on its own line or behind what stands before it.
    fn rest_of_comments(&mut self, until: usize, is_first: bool) -> bool {
        let mut has_printed = false;
        while let Some(comment) = self.comment_before(until) {
            if self.is_on_own_line(comment) {
                self.new_line(comment.span.range().start, is_first && !has_printed);
                self.marks.push(Mark::Own(&comment.text));
            } else {
                self.marks.push(Mark::Behind(&comment.text));
            }
            self.last_end = comment.span.range().end;
            has_printed = true;
        }
        has_printed
    }

    fn comment_before(&mut self, until: usize) -> Option<&'s Comment> {
        let comment = self.comments.get(self.next).filter(|comment| comment.span.range().start < until)?;
        self.next += 1;
        Some(comment)
    }

    fn is_on_own_line(&self, comment: &Comment) -> bool {
        self.last_end == 0 || self.reader.source[self.last_end..comment.span.range().start].contains('\n')
    }

    /// The comments before a place within a statement.
    fn comments_within(&mut self, until: usize) {
        while let Some(comment) = self.comment_before(until) {
            let is_own = self.is_on_own_line(comment);
            self.marks.push(if is_own { Mark::Own(&comment.text) } else { Mark::Behind(&comment.text) });
            self.last_end = comment.span.range().end;
        }
    }

    fn item(&mut self, tokens: Range<usize>) {
        match self.reader.text(tokens.start) {
            "schema" | "rule" | "batch" | "test" => self.block(tokens),
            "let" | "fn" => self.definition(tokens),
            _ => self.run(tokens),
        }
    }

    /// `let name = …;`: what is behind the `=` goes to a new line when it does not fit.
    fn definition(&mut self, tokens: Range<usize>) {
        let equals = tokens.clone().find(|at| self.reader.text(*at) == "=" && self.reader.depth(*at) == 0);
        let Some(equals) = equals else { return self.run(tokens) };
        self.run(tokens.start..equals + 1);
        let value = equals + 1..tokens.end;
        self.comments_within(self.reader.span(value.start).range().start);
        if matches!(self.reader.text(value.start), "[" | "(") {
            self.text(" ");
            self.expression(value);
        } else {
            self.marks.extend([Mark::Open, Mark::Indent, Mark::Line(" ")]);
            self.expression(value);
            self.marks.extend([Mark::Dedent, Mark::Close]);
        }
    }

    /// A schema, a rule or a test: what stood on one line stays there when it fits.
    fn block(&mut self, tokens: Range<usize>) {
        let (start, last_end) = (self.marks.len(), self.last_end);
        let was_one_line = !self.reader.source[self.reader.span_of(tokens.clone()).range()].contains('\n');
        if was_one_line && !self.has_comment_before(tokens.end - 1) {
            self.block_on(tokens.clone(), true);
            if page::flat_width(&self.marks[start..]) <= BLOCK_WIDTH_MAX {
                return;
            }
            self.marks.truncate(start);
            self.last_end = last_end;
        }
        self.block_on(tokens, false);
    }

    fn block_on(&mut self, tokens: Range<usize>, is_one_line: bool) {
        let opener = tokens.clone().find(|at| self.reader.text(*at) == "{").unwrap_or(tokens.start);
        let closer = tokens.end - 1;
        self.head(tokens.start..opener + 1);
        let word = self.reader.text(tokens.start);
        self.in_schema = word == "schema";
        let parts = match word {
            "rule" | "batch" => self.clauses(opener + 1..closer, word == "batch"),
            _ => self.statements(opener + 1..closer),
        };
        self.marks.push(Mark::Indent);
        for (index, part) in parts.iter().enumerate() {
            if is_one_line {
                self.text(" ");
            } else {
                self.begin(part.start, index == 0);
            }
            match word {
                "rule" | "batch" => self.clause(part.clone()),
                _ => self.run(part.clone()),
            }
        }
        if parts.is_empty() && !self.has_comment_before(closer) {
            self.marks.push(Mark::Dedent);
            self.text("}");
        } else if is_one_line {
            self.marks.push(Mark::Dedent);
            self.text(" ");
            self.text("}");
        } else {
            self.rest_of_comments(self.reader.span(closer).range().start, parts.is_empty());
            self.marks.extend([Mark::Dedent, Mark::HardLine]);
            self.text("}");
        }
        self.last_end = self.reader.span(closer).range().end;
        self.in_schema = false;
    }

    /// What stands before the braces; annotations go to new lines when they do not fit.
    fn head(&mut self, tokens: Range<usize>) {
        let is_annotation =
            |at: &usize| self.reader.text(*at) == "@" && self.reader.depth(*at) == self.reader.depth(tokens.start);
        let starts: Vec<usize> = tokens.clone().filter(is_annotation).collect();
        let first = starts.first().copied().unwrap_or(tokens.end);
        self.run(tokens.start..first);
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(tokens.end);
            self.comments_within(self.reader.span(*start).range().start);
            self.marks.extend([Mark::Open, Mark::Indent, Mark::Line(" ")]);
            self.run(*start..end);
            self.marks.extend([Mark::Dedent, Mark::Close]);
        }
    }

    fn has_comment_before(&self, at: usize) -> bool {
        self.comments.get(self.next).is_some_and(|comment| comment.span.start < self.reader.span(at).start)
    }

    /// The members of a schema or the steps of a test.
    fn statements(&self, body: Range<usize>) -> Vec<Range<usize>> {
        let mut statements = Vec::new();
        let (mut start, mut at) = (body.start, body.start);
        while at < body.end {
            match self.reader.text(at) {
                ";" => {
                    statements.push(start..at + 1);
                    start = at + 1;
                }
                "(" | "[" | "{" => at = self.brackets.closer(at),
                _ => {}
            }
            at += 1;
        }
        statements
    }

    /// The clauses of a rule; the `where` of its `on` is one by itself when it begins a line.
    fn clauses(&self, body: Range<usize>, is_batch: bool) -> Vec<Range<usize>> {
        let mut clauses: Vec<Range<usize>> = Vec::new();
        let mut has_own_where = false;
        let mut at = body.start;
        while at < body.end {
            let text = self.reader.text(at);
            let word = clauses.last().map_or("", |clause| self.word_of(clause.start));
            let is_plain = self.reader.is_word(at) && !self.reader.is_after_dot(at);
            let is_behind_unless =
                clauses.last().is_some_and(|clause| at == clause.start + 1) && self.reader.text(at - 1) == "unless";
            let begins = match text {
                _ if !is_plain || is_behind_unless => false,
                "where" if is_batch => false,
                "where" if matches!(word, "after" | "without" | "expect") && !has_own_where => {
                    has_own_where = true;
                    false
                }
                "where" if word == "on" && !has_own_where => {
                    has_own_where = true;
                    self.reader.indent(at).is_some()
                }
                "over" | "if" => is_batch,
                "on" | "after" | "without" | "seq" | "unless" | "expect" | "then" | "where" => true,
                "cycle" => self.reader.text(at + 1) == "(" && (at == body.start || ends_operand(self.reader, at - 1)),
                _ if AGGREGATES.contains(&text) => {
                    self.reader.text(at + 1) == "(" && (at == body.start || ends_operand(self.reader, at - 1))
                }
                // A second `where` behind a window is a clause of its own.
                "within" => {
                    has_own_where = true;
                    false
                }
                _ => false,
            };
            if begins {
                if let Some(last) = clauses.last_mut() {
                    last.end = at;
                }
                has_own_where &= text == "where" && word == "on";
                clauses.push(at..body.end);
            }
            if matches!(text, "(" | "[" | "{") {
                at = self.brackets.closer(at);
            }
            at += 1;
        }
        clauses
    }

    /// The word that says what a clause is.
    fn word_of(&self, at: usize) -> &'s str {
        if self.reader.text(at) == "unless" { self.reader.text(at + 1) } else { self.reader.text(at) }
    }

    /// A clause: its parts go to new lines where they do not fit.
    fn clause(&mut self, tokens: Range<usize>) {
        let is_trigger = self.reader.text(tokens.start) == "on";
        let mut starts = vec![tokens.start];
        let mut at = tokens.start + 1;
        while at < tokens.end {
            let text = self.reader.text(at);
            let is_part = match self.reader.kind(at) {
                Some(TokenKind::Word) if !self.reader.is_after_dot(at) => match text {
                    "where" | "within" | "by" | "per" | "window" => self.reader.text(at - 1) != "unless",
                    "max" => self.reader.kind(at + 1) == Some(TokenKind::Number),
                    _ => false,
                },
                Some(TokenKind::Message) => true,
                _ => false,
            };
            if is_part {
                starts.push(at);
            }
            if matches!(text, "(" | "[" | "{") {
                at = self.brackets.closer(at);
            }
            at += 1;
        }
        let ends = starts.iter().skip(1).copied().chain([tokens.end]).collect::<Vec<_>>();
        for (index, (start, end)) in starts.into_iter().zip(ends).enumerate() {
            if index == 0 {
                self.expression(start..end);
                continue;
            }
            self.comments_within(self.reader.span(start).range().start);
            self.marks.push(Mark::Open);
            // The `where` of an `on` stands under the `on`.
            let has_indent = !is_trigger;
            self.marks.extend(has_indent.then_some(Mark::Indent));
            self.marks.push(Mark::Line(" "));
            self.expression(start..end);
            self.marks.extend(has_indent.then_some(Mark::Dedent));
            self.marks.push(Mark::Close);
        }
    }

    /// Tokens whose `or`s, or else `and`s, are places to break; the first has no space before it.
    fn expression(&mut self, tokens: Range<usize>) {
        self.comments_within(self.reader.span(tokens.start).range().start);
        for operator in ["or", "and"] {
            let places = self.places_of(tokens.clone(), operator);
            if places.is_empty() {
                continue;
            }
            self.marks.push(Mark::Open);
            let ends = places.iter().copied().chain([tokens.end]).collect::<Vec<_>>();
            let mut start = tokens.start;
            for (index, end) in ends.into_iter().enumerate() {
                if index > 0 {
                    self.marks.push(Mark::Indent);
                    self.comments_within(self.reader.span(start).range().start);
                    self.marks.push(Mark::Line(" "));
                    self.token(start);
                    self.text(" ");
                    self.expression(start + 1..end);
                    self.marks.push(Mark::Dedent);
                } else {
                    // An `and` stands further in than the `or` it is part of.
                    let is_mixed = operator == "or" && !self.places_of(start..end, "and").is_empty();
                    self.marks.extend(is_mixed.then_some(Mark::Indent));
                    self.expression(start..end);
                    self.marks.extend(is_mixed.then_some(Mark::Dedent));
                }
                start = end;
            }
            self.marks.push(Mark::Close);
            return;
        }
        self.run(tokens);
    }

    /// Where an operator stands among tokens, outside of brackets.
    fn places_of(&self, tokens: Range<usize>, operator: &str) -> Vec<usize> {
        let mut places = Vec::new();
        let mut at = tokens.start;
        while at < tokens.end {
            let text = self.reader.text(at);
            if text == operator
                && self.reader.is_word(at)
                && !self.reader.is_after_dot(at)
                && self.reader.text(at + 1) != ":"
            {
                places.push(at);
            }
            if matches!(text, "(" | "[" | "{") {
                at = self.brackets.closer(at);
            }
            at += 1;
        }
        places
    }

    /// Tokens one behind the other, with brackets as groups.
    fn run(&mut self, tokens: Range<usize>) {
        let mut at = tokens.start;
        while at < tokens.end {
            if at > tokens.start {
                self.space(at);
            }
            if matches!(self.reader.text(at), "(" | "[" | "{") && self.brackets.closer(at) < tokens.end {
                self.bracket(at);
                at = self.brackets.closer(at);
            } else {
                self.token(at);
            }
            at += 1;
        }
    }

    fn space(&mut self, at: usize) {
        if self.has_space(at) {
            self.text(" ");
        }
    }

    fn has_space(&self, at: usize) -> bool {
        // The `:` before an action's labels and effects stands by itself.
        let is_words = self.in_schema && self.reader.text(at) == ":" && self.reader.depth(at) == 1;
        is_words || self.brackets.has_space(self.reader, at)
    }

    /// `(…)`, `[…]`, `{…}`: its parts stand on lines of their own when they do not fit on one.
    fn bracket(&mut self, opener: usize) {
        let closer = self.brackets.closer(opener);
        let sign = self.reader.text(opener);
        let is_seq = opener > 0 && self.reader.text(opener - 1) == "seq" && sign == "[";
        self.token(opener);
        if closer == opener + 1 {
            return self.token(closer);
        }
        let parts = self.parts(opener + 1..closer);
        let has_commas = parts.len() > 1 || self.reader.text(closer - 1) == ",";
        let is_index = sign == "[" && !is_seq && ends_operand(self.reader, opener.saturating_sub(1)) && opener > 0;
        let is_enum = opener > 0 && self.reader.text(opener - 1) == "enum";
        let ends_with_comma = match sign {
            "(" => has_commas && !self.brackets.is_pattern(opener + 1),
            "[" => !is_seq && (!is_index || is_enum),
            _ => true,
        };
        let padding = if sign == "{" || is_seq { " " } else { "" };
        self.marks.extend([Mark::Open, Mark::Indent, Mark::Line(padding)]);
        for (index, part) in parts.iter().enumerate() {
            let is_last = index + 1 == parts.len();
            self.expression(part.clone());
            if is_seq {
                self.separator(part.end, closer, ";");
            } else if !is_last {
                self.separator(part.end, closer, ",");
            } else if ends_with_comma {
                self.marks.push(Mark::IfBroken(","));
                self.skip_comma(part.end, closer);
            }
            if !is_last {
                self.comments_within(self.reader.span(parts[index + 1].start).range().start);
                self.marks.push(Mark::Line(" "));
            }
        }
        self.comments_within(self.reader.span(closer).range().start);
        self.marks.extend([Mark::Dedent, Mark::Line(padding)]);
        self.token(closer);
        self.marks.push(Mark::Close);
    }

    /// The sign behind a part; it may be missing behind the last.
    fn separator(&mut self, at: usize, closer: usize, sign: &'static str) {
        self.text(sign);
        self.skip_comma(at, closer);
    }

    fn skip_comma(&mut self, at: usize, closer: usize) {
        // A comment before the sign is printed behind it.
        if at < closer && self.next >= self.comments.len() {
            self.last_end = self.reader.span(at).range().end;
        }
    }

    /// What stands between the commas or semicolons within brackets.
    fn parts(&self, inside: Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let (mut start, mut at) = (inside.start, inside.start);
        while at < inside.end {
            match self.reader.text(at) {
                "," | ";" => {
                    parts.push(start..at);
                    start = at + 1;
                }
                "(" | "[" | "{" => at = self.brackets.closer(at),
                _ => {}
            }
            at += 1;
        }
        if start < inside.end {
            parts.push(start..inside.end);
        }
        parts
    }

    fn token(&mut self, at: usize) {
        let span: Span = self.reader.span(at);
        let text = self.reader.text(at);
        if matches!(text, ";" | ",") {
            // Comments before it go behind it.
            self.text(text);
            return;
        }
        self.comments_within(span.range().start);
        self.text(text);
        self.last_end = span.range().end;
    }

    fn text(&mut self, text: &'s str) {
        self.marks.push(Mark::Text(text));
    }
}
