//! Which bracket closes which, and how deep they stand in each other.
//!
//! This comes before anything is read, so that nothing which goes into the depth of a text meets one without end.

use super::reader::Reader;
use crate::diagnostic::DiagnosticCode;

/// How deep brackets, `list<…>` and quantifiers may stand in each other.
pub(crate) const DEPTH_MAX: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paren,
    List,
    Brace,
    /// Of `list<…>`.
    Angle,
    /// `any x in …: `, which reaches as far as it can.
    Quantifier,
}

impl Kind {
    fn is_bracket(self) -> bool {
        !matches!(self, Self::Angle | Self::Quantifier)
    }

    fn opener(self) -> &'static str {
        match self {
            Self::Paren => "(",
            Self::List => "[",
            Self::Brace => "{",
            Self::Angle => "<",
            Self::Quantifier => "any",
        }
    }

    fn closer(self) -> &'static str {
        match self {
            Self::Paren => ")",
            Self::List => "]",
            Self::Brace => "}",
            Self::Angle => ">",
            Self::Quantifier => "",
        }
    }
}

/// Fills in the depths of the reader's tokens.
pub(super) fn check(reader: &mut Reader<'_, '_, '_>) {
    let tokens = reader.tokens.len();
    let mut brackets = Brackets {
        stack: Vec::new(),
        opened: [0; 3],
        depth: 0,
        beyond: 0,
        is_too_deep: false,
        item_indent: 0,
        depths: vec![0; tokens],
        taken_back: vec![0; tokens + 1],
    };
    for at in 0..tokens {
        brackets.token(reader, at);
    }
    brackets.end(reader);
    reader.depths = brackets.depths;
    let mut taken_back = 0_i64;
    for (depth, change) in reader.depths.iter_mut().zip(&brackets.taken_back) {
        taken_back += i64::from(*change);
        *depth = u8::try_from((i64::from(*depth) - taken_back).max(0)).unwrap_or(u8::MAX);
    }
}

struct Brackets {
    stack: Vec<(Kind, usize)>,
    /// How many `(`, `[` and `{` are open.
    opened: [usize; 3],
    depth: usize,
    /// How many brackets are open beyond those that are kept.
    beyond: usize,
    is_too_deep: bool,
    /// How far the item is indented in which the brackets are open.
    item_indent: usize,
    depths: Vec<u8>,
    /// Where the depth is one less than it seemed, since a bracket turned out to be left open: +1 at its start, -1 at its end.
    taken_back: Vec<i32>,
}

impl Brackets {
    fn token(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize) {
        if reader.starts_item(at) {
            self.item(reader, at);
        }
        let text = reader.text(at);
        if self.beyond > 0 && !matches!(text, ")" | "]" | "}" | "(" | "[" | "{") {
            self.depths[at] = u8::MAX;
            return;
        }
        match text {
            ")" | "]" | "}" => self.close(reader, at, text),
            ">" if matches!(self.stack.last(), Some((Kind::Angle, _))) => self.pop(),
            ";" => self.drop_soft(),
            "where" | "within" | "after" | "without" | "unless" | "then" | "by" | "per" | "expect"
                if !reader.is_after_dot(at) =>
            {
                self.drop_soft();
            }
            _ => {}
        }
        self.depths[at] = u8::try_from(self.depth + self.beyond).unwrap_or(u8::MAX);
        let kind = match text {
            "(" => Some(Kind::Paren),
            "[" => Some(Kind::List),
            "{" => Some(Kind::Brace),
            "<" if at > 0 && matches!(reader.text(at - 1), "list" | "set") => Some(Kind::Angle),
            "any" | "all" | "count" if reader.is_word(at + 1) && !reader.is_after_dot(at) => Some(Kind::Quantifier),
            _ => None,
        };
        if let Some(kind) = kind {
            self.open(reader, kind, at);
        }
    }

    fn open(&mut self, reader: &mut Reader<'_, '_, '_>, kind: Kind, at: usize) {
        if self.stack.len() < DEPTH_MAX {
            self.stack.push((kind, at));
            if kind.is_bracket() {
                self.opened[kind as usize] += 1;
                self.depth += 1;
            }
            return;
        }
        self.beyond += usize::from(kind.is_bracket());
        if !std::mem::replace(&mut self.is_too_deep, true) {
            let span = reader.span(at);
            reader.patches.unreadable(span);
            let message = format!("brackets and quantifiers stand more than {DEPTH_MAX} deep in each other");
            let outermost = reader.span(self.stack[0].1);
            let diagnostic = reader.sink.error(DiagnosticCode::Nesting, span, message);
            diagnostic.related(outermost, "the outermost").help("give the inner parts names with `let` or `fn`");
        }
    }

    fn close(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize, closer: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        self.drop_soft();
        let kind = match closer {
            ")" => Kind::Paren,
            "]" => Kind::List,
            _ => Kind::Brace,
        };
        let span = reader.span(at);
        match self.stack.last() {
            Some((top, _)) if *top == kind => self.pop(),
            _ if self.opened[kind as usize] > 0 => {
                while let Some(&(top, opener)) = self.stack.last() {
                    self.pop();
                    if top == kind {
                        break;
                    }
                    self.leave_open(reader, top, opener, at);
                }
            }
            Some(&(top, opener)) if top != Kind::Brace && kind != Kind::Brace => {
                let message = format!("`{closer}` closes a `{}`; write `{}`", top.opener(), top.closer());
                let opener = reader.span(opener);
                reader.mended(DiagnosticCode::Brackets, span, top.closer(), message).related(opener, "opened here");
                self.pop();
            }
            _ => {
                let message = format!("`{closer}` closes nothing");
                reader.patches.edit(span, " ");
                reader.sink.error(DiagnosticCode::Brackets, span, message).fix(span, "");
            }
        }
    }

    /// A bracket without its end; `at` is where it must have ended.
    fn leave_open(&mut self, reader: &mut Reader<'_, '_, '_>, kind: Kind, opener: usize, at: usize) {
        if !kind.is_bracket() {
            return;
        }
        self.taken_back[opener + 1] += 1;
        self.taken_back[at] -= 1;
        if self.is_too_deep {
            return;
        }
        let (span, end) = (reader.span(opener), reader.span(at));
        let message = format!("this `{}` is not closed", kind.opener());
        let diagnostic = reader.flaw(DiagnosticCode::Brackets, span, message);
        diagnostic.label(format!("no `{}` closes it", kind.closer()));
        if end.start < end.end {
            diagnostic.related(end, "before this");
        }
    }

    /// An item that begins where brackets are open: when it looks like the start of a new one, the last was left open.
    fn item(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize) {
        let indent = reader.indent(at);
        if self.depth == 0 {
            self.stack.clear();
            self.item_indent = indent.unwrap_or(0);
            self.is_too_deep = false;
            return;
        }
        if indent.is_none_or(|indent| indent > self.item_indent) {
            return;
        }
        self.leave_all_open(reader, at);
        self.is_too_deep = false;
    }

    fn end(&mut self, reader: &mut Reader<'_, '_, '_>) {
        self.leave_all_open(reader, reader.tokens.len());
    }

    /// Only the innermost is said: it is the one that was forgotten, or the text was cut off.
    fn leave_all_open(&mut self, reader: &mut Reader<'_, '_, '_>, at: usize) {
        self.beyond = 0;
        let mut is_said = self.is_too_deep;
        while let Some(&(kind, opener)) = self.stack.last() {
            self.pop();
            if is_said && kind.is_bracket() {
                self.taken_back[opener + 1] += 1;
                self.taken_back[at] -= 1;
                reader.patches.flaw(reader.span(opener));
            } else {
                self.leave_open(reader, kind, opener, at);
                is_said |= kind.is_bracket();
            }
        }
    }

    fn pop(&mut self) {
        if let Some((kind, _)) = self.stack.pop()
            && kind.is_bracket()
        {
            self.opened[kind as usize] -= 1;
            self.depth -= 1;
        }
    }

    /// What ends without a sign of its own.
    fn drop_soft(&mut self) {
        while let Some((Kind::Angle | Kind::Quantifier, _)) = self.stack.last() {
            self.pop();
        }
    }
}
