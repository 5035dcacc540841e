//! What to print and where a line may break → text.

/// The longest line, in characters, where the text can be broken at all.
const WIDTH_MAX: usize = 120;

/// A step of printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark<'s> {
    Text(&'s str),
    /// What follows up to its `Close` stands on one line when it fits there; else each of its own `Line`s breaks.
    Open,
    Close,
    /// A place to break; otherwise this text.
    Line(&'static str),
    /// A new line in any case.
    HardLine,
    /// One empty line.
    Blank,
    Indent,
    Dedent,
    /// Printed only when the group is broken.
    IfBroken(&'static str),
    /// A comment behind something; the line ends with it.
    Behind(&'s str),
    /// A comment on a line of its own.
    Own(&'s str),
}

pub(super) fn print(marks: &[Mark<'_>]) -> String {
    let mut page =
        Page { text: String::new(), column: 0, indent: 0, line_indent: 0, is_line_due: false, groups: Vec::new() };
    for (at, mark) in marks.iter().enumerate() {
        page.mark(*mark, &marks[at + 1..]);
    }
    page.end_line();
    page.text
}

/// How many characters steps print when nothing in them is broken.
pub(super) fn flat_width(marks: &[Mark<'_>]) -> usize {
    let width = |mark: &Mark<'_>| match mark {
        Mark::Text(text) => text.chars().count(),
        Mark::Line(flat) => flat.len(),
        _ => 0,
    };
    marks.iter().map(width).sum()
}

struct Page {
    text: String,
    column: usize,
    indent: usize,
    /// How far the line is indented that was begun last.
    line_indent: usize,
    /// A comment ended the line.
    is_line_due: bool,
    /// Whether each open group is broken.
    groups: Vec<bool>,
}

impl Page {
    fn mark(&mut self, mark: Mark<'_>, rest: &[Mark<'_>]) {
        let is_broken = self.groups.last().copied().unwrap_or(true);
        match mark {
            Mark::Text(text) => self.write(text),
            Mark::Open => {
                let fits = !is_broken || self.fits(rest);
                self.groups.push(!fits);
            }
            Mark::Close => _ = self.groups.pop(),
            Mark::Line(_) if is_broken => self.end_line(),
            Mark::Line(flat) => {
                if self.column > 0 && !self.is_line_due {
                    self.write(flat);
                }
            }
            Mark::HardLine => self.end_line(),
            Mark::Blank => {
                self.end_line();
                if !self.text.is_empty() && !self.text.ends_with("\n\n") {
                    self.text.push('\n');
                }
            }
            Mark::Indent => self.indent += 1,
            Mark::Dedent => self.indent = self.indent.saturating_sub(1),
            Mark::IfBroken(text) if is_broken => self.write(text),
            Mark::IfBroken(_) => {}
            Mark::Behind(text) => {
                if self.column > 0 && !self.is_line_due && !self.text.ends_with(' ') {
                    self.write(" ");
                }
                self.write(text);
                self.is_line_due = true;
            }
            Mark::Own(text) => {
                self.end_line();
                self.write(text);
                self.is_line_due = true;
            }
        }
    }

    fn write(&mut self, text: &str) {
        if self.is_line_due {
            self.end_line();
        }
        if self.column == 0 && !text.is_empty() {
            for _ in 0..self.line_indent {
                self.text.push_str("  ");
            }
            self.column = 2 * self.line_indent;
        }
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    fn end_line(&mut self) {
        self.is_line_due = false;
        self.line_indent = self.indent;
        if self.column > 0 {
            while self.text.ends_with(' ') {
                self.text.pop();
            }
            self.text.push('\n');
            self.column = 0;
        }
    }

    /// Whether what follows, up to the end of the group that begins with it and on to the next place where a line may break,
    /// fits on the line. What is looked at is no longer than a line.
    fn fits(&self, rest: &[Mark<'_>]) -> bool {
        let mut left = WIDTH_MAX.saturating_sub(if self.column == 0 { 2 * self.line_indent } else { self.column });
        // Groups that are open, this one first; behind its end lines may break again.
        let mut open = 1_usize;
        let mut is_over = false;
        for mark in rest {
            let length = match mark {
                Mark::Text(text) => text.chars().count(),
                Mark::Line(_) if is_over => return true,
                Mark::Line(flat) => flat.len(),
                Mark::HardLine | Mark::Blank | Mark::Own(_) | Mark::Behind(_) => return is_over,
                Mark::Open if is_over => return true,
                Mark::Open => {
                    open += 1;
                    0
                }
                Mark::Close => {
                    open = open.saturating_sub(1);
                    is_over |= open == 0;
                    0
                }
                Mark::Indent | Mark::Dedent | Mark::IfBroken(_) => 0,
            };
            match left.checked_sub(length) {
                Some(now) => left = now,
                None => return false,
            }
        }
        true
    }
}
