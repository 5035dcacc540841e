//! Reads a shell's text as its commands: text → [`Script`].
//!
//! POSIX quoting, `$(…)`, backticks, here-documents, ANSI-C quotes, and what hides a word: `$IFS`, brace expansion, variables that
//! the text itself sets. It is one walk over the bytes with a stack of its own: any text gives something, and what is no
//! shell gives words that no check knows.

mod expansion;
mod quotes;

use std::borrow::Cow;

use super::script::{Command, Holder, Joined, Place, Redirect, RedirectKind, Script, Word, assignment};

/// Reads a text.
pub(super) fn read(text: &str) -> Script<'_> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        script: Script::default(),
        frames: vec![Frame::new(Closes::Never, None)],
        pipelines: 0,
        documents: Vec::new(),
        variables: Vec::new(),
        filled_in: 0,
        has_single: true,
        has_double: true,
    };
    while reader.at < text.len() {
        reader.step();
    }
    while reader.frames.len() > 1 {
        reader.close();
    }
    reader.end_command(Joined::After);
    reader.script
}

/// Deeper nesting is read as text.
const DEPTH_MAX: usize = 24;
/// So many variables are remembered, of values no longer than this, filled in so far in all.
const VARIABLES_MAX: usize = 16;
const VALUE_BYTES_MAX: usize = 128;
const FILLED_IN_BYTES_MAX: usize = 4096;

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    script: Script<'t>,
    /// The nested texts that are open, the outermost first.
    frames: Vec<Frame>,
    pipelines: usize,
    /// Here-documents that begin at the line's end: whose they are and what ends them.
    documents: Vec<(usize, String)>,
    variables: Vec<(&'t str, String)>,
    filled_in: usize,
    /// Whether a quote may still be closed: one search that fails is enough.
    has_single: bool,
    has_double: bool,
}

/// A text that is being read: the whole, or what stands in `$(…)`.
struct Frame {
    closes: Closes,
    holder: Option<Holder>,
    command: Option<usize>,
    joined: Joined,
    pipeline: usize,
    word: Option<Draft>,
    /// The redirection whose target is the next word.
    redirect: Option<RedirectKind>,
    in_quotes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Closes {
    Never,
    Parenthesis,
    Backtick,
    Brace,
}

/// A word that is being read.
#[derive(Default)]
struct Draft {
    start: usize,
    text: String,
    is_quoted: bool,
    is_hidden: bool,
}

impl Frame {
    fn new(closes: Closes, holder: Option<Holder>) -> Self {
        let joined = Joined::After;
        Self { closes, holder, command: None, joined, pipeline: 0, word: None, redirect: None, in_quotes: false }
    }
}

impl<'t> Reader<'t> {
    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the outermost frame stays")
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(text)
    }

    /// The word in the making, begun here if there is none.
    fn draft(&mut self) -> &mut Draft {
        let at = self.at;
        self.frame().word.get_or_insert_with(|| Draft { start: at, ..Draft::default() })
    }

    /// Takes so many bytes as they are.
    fn literal(&mut self, length: usize) {
        let text = self.text;
        let end = text.ceil_char_boundary((self.at + length).min(text.len()));
        let from = self.at;
        self.draft().text.push_str(&text[from..end]);
        self.at = end;
    }

    fn step(&mut self) {
        let byte = self.bytes[self.at];
        if self.frame().in_quotes {
            return self.step_in_quotes(byte);
        }
        match byte {
            b' ' | b'\t' | b'\r' => {
                self.end_word();
                self.at += 1;
            }
            b'\n' => {
                self.end_command(Joined::After);
                self.at += 1;
                self.here_documents();
            }
            b'#' if self.frame().word.is_none() => {
                self.at = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |length| self.at + length);
            }
            b';' => {
                self.end_command(Joined::After);
                self.at += 1;
            }
            b'&' if self.peek(1) == Some(b'>') => self.redirection(RedirectKind::Out, 2),
            b'&' => {
                self.end_command(Joined::After);
                self.at += if self.peek(1) == Some(b'&') { 2 } else { 1 };
            }
            b'|' if self.peek(1) == Some(b'|') => {
                self.end_command(Joined::After);
                self.at += 2;
            }
            b'|' => {
                self.end_command(Joined::Pipe);
                self.at += if self.peek(1) == Some(b'&') { 2 } else { 1 };
            }
            b'<' | b'>' => self.angle(byte),
            b'(' => self.parenthesis(),
            b')' => {
                if self.frame().closes == Closes::Parenthesis {
                    self.close();
                } else {
                    // The pattern of a `case`.
                    self.end_command(Joined::After);
                }
                self.at += 1;
            }
            b'{' if self.at_command() && self.peek(1).is_some_and(|next| next.is_ascii_whitespace()) => {
                self.open_group(Closes::Brace);
            }
            b'}' if self.frame().closes == Closes::Brace && self.frame().word.is_none() && self.at_command() => {
                self.close();
                self.at += 1;
            }
            b'`' => self.backtick(),
            b'$' => self.dollar(),
            b'\'' => self.single_quotes(),
            b'"' => self.double_quotes(),
            b'\\' => self.backslash(),
            _ => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().take_while(|&&byte| !is_special(byte)).count();
                self.literal(length.max(1));
            }
        }
    }

    fn step_in_quotes(&mut self, byte: u8) {
        match byte {
            b'"' => {
                self.frame().in_quotes = false;
                self.at += 1;
            }
            b'\\' if matches!(self.peek(1), Some(b'"' | b'\\' | b'$' | b'`')) => {
                self.at += 1;
                self.literal(1);
            }
            b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
            b'`' => self.backtick(),
            b'$' => self.dollar(),
            _ => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().take_while(|&&byte| !matches!(byte, b'"' | b'\\' | b'`' | b'$')).count();
                self.literal(length.max(1));
            }
        }
    }

    /// Whether the next word is a command's name.
    fn at_command(&mut self) -> bool {
        let frame = self.frame();
        let (command, is_within) = (frame.command, frame.word.is_some() || frame.redirect.is_some());
        !is_within && command.is_none_or(|command| self.script.commands[command].words.is_empty())
    }

    fn backtick(&mut self) {
        // Within one, the next ends it, quotes around it or not.
        if let Some(depth) = self.frames.iter().rposition(|frame| frame.closes == Closes::Backtick) {
            while self.frames.len() > depth {
                self.close();
            }
            self.at += 1;
        } else if self.frames.len() < DEPTH_MAX {
            self.open(Closes::Backtick, Place::Substitution, 1);
        } else {
            self.literal(1);
        }
    }

    fn angle(&mut self, byte: u8) {
        if self.peek(1) == Some(b'(') && self.frames.len() < DEPTH_MAX {
            return self.open(Closes::Parenthesis, Place::Process, 2);
        }
        let (kind, length) = if byte == b'<' {
            if self.starts_with(b"<<<") {
                (RedirectKind::HereString, 3)
            } else if self.starts_with(b"<<-") {
                (RedirectKind::HereDoc, 3)
            } else if self.starts_with(b"<<") {
                (RedirectKind::HereDoc, 2)
            } else if self.starts_with(b"<&") {
                (RedirectKind::Duplicate, 2)
            } else if self.starts_with(b"<>") {
                (RedirectKind::Both, 2)
            } else {
                (RedirectKind::In, 1)
            }
        } else if self.starts_with(b">>") {
            (RedirectKind::Append, 2)
        } else if self.starts_with(b">&") {
            (RedirectKind::Duplicate, 2)
        } else if self.starts_with(b">|") {
            (RedirectKind::Out, 2)
        } else {
            (RedirectKind::Out, 1)
        };
        self.redirection(kind, length);
    }

    fn redirection(&mut self, kind: RedirectKind, length: usize) {
        // The number before it is the file's, no word.
        let is_number = |word: &Draft| !word.is_quoted && word.text.bytes().all(|byte| byte.is_ascii_digit());
        let frame = self.frame();
        if frame.word.as_ref().is_some_and(is_number) {
            frame.word = None;
        } else {
            self.end_word();
        }
        self.command();
        self.frame().redirect = Some(kind);
        self.at += length;
    }

    fn parenthesis(&mut self) {
        if self.peek(1) == Some(b')') {
            // A function: `name() { …; }`.
            self.literal(2);
            self.end_command(Joined::After);
        } else if self.frames.len() < DEPTH_MAX {
            self.open_group(Closes::Parenthesis);
        } else {
            self.literal(1);
        }
    }

    fn open_group(&mut self, closes: Closes) {
        if self.frame().word.is_some() {
            // The list of an array, or the call of another language.
            self.end_word();
        }
        let command = self.command();
        let commands = &mut self.script.commands;
        commands[command].is_group |= commands[command].words.is_empty();
        let holder = Holder { command, word: commands[command].words.len(), place: Place::Group };
        if self.frames.len() < DEPTH_MAX {
            self.frames.push(Frame::new(closes, Some(holder)));
        }
        self.at += 1;
    }

    fn open(&mut self, closes: Closes, place: Place, length: usize) {
        self.draft().text.push_str("$()");
        let command = self.command();
        let holder = Holder { command, word: self.script.commands[command].words.len(), place };
        self.frames.push(Frame::new(closes, Some(holder)));
        self.at += length;
    }

    fn close(&mut self) {
        self.end_command(Joined::After);
        if self.frames.len() > 1 {
            self.frames.pop();
        }
    }

    /// The command that is being read, begun here if there is none.
    fn command(&mut self) -> usize {
        let here = self.at;
        let at = self.frame().word.as_ref().map_or(here, |word| word.start);
        if let Some(command) = self.frame().command {
            return command;
        }
        let frame = self.frame();
        let (holder, joined) = (frame.holder, frame.joined);
        let mut pipeline = frame.pipeline;
        if joined != Joined::Pipe || pipeline == 0 {
            self.pipelines += 1;
            pipeline = self.pipelines;
        }
        let index = self.script.commands.len();
        self.script.commands.push(Command {
            words: Vec::new(),
            assignments: Vec::new(),
            redirects: Vec::new(),
            joined,
            holder,
            is_group: false,
            pipeline,
            span: at..at,
        });
        let frame = self.frame();
        (frame.command, frame.pipeline) = (Some(index), pipeline);
        index
    }

    fn end_word(&mut self) {
        let Some(draft) = self.frame().word.take() else { return };
        let span = draft.start..self.at;
        // What the shell itself knows before a command.
        const RESERVED: &[&str] = &["if", "then", "else", "elif", "while", "until", "do", "!"];
        let is_plain = !draft.is_quoted;
        if is_plain && self.at_command() && RESERVED.contains(&&*draft.text) {
            return;
        }
        let index = self.frame().command.unwrap_or_else(|| {
            self.frame().word = Some(Draft { start: draft.start, ..Draft::default() });
            let index = self.command();
            self.frame().word = None;
            index
        });
        let raw = &self.text[span.clone()];
        let text = if draft.text == raw { Cow::Borrowed(raw) } else { Cow::Owned(draft.text) };
        let word = Word { text, raw, is_quoted: draft.is_quoted, is_hidden: draft.is_hidden, span: span.clone() };
        let redirect = self.frame().redirect.take();
        let command = &mut self.script.commands[index];
        command.span.end = span.end;
        match redirect {
            Some(RedirectKind::HereDoc) => {
                self.documents.push((index, word.text.into_owned()));
            }
            Some(kind) => command.redirects.push(Redirect { kind, target: word }),
            None if command.words.is_empty() && !command.is_group && assignment(raw).is_some() => {
                self.remember(&word);
                self.script.commands[index].assignments.push(word);
            }
            None if is_plain && raw.len() > 2 && raw.starts_with('{') && raw.ends_with('}') && raw.contains(',') => {
                let inside = &raw[1..raw.len() - 1];
                let parts =
                    inside.split(',').map(|part| Word { text: Cow::Borrowed(part), raw, is_hidden: true, ..word.clone() });
                command.words.extend(parts);
            }
            None => command.words.push(word),
        }
    }

    /// Remembers what a variable is set to.
    fn remember(&mut self, word: &Word<'t>) {
        let Some((name, value)) = assignment(&word.text) else { return };
        let is_literal = !value.is_empty() && value.len() <= VALUE_BYTES_MAX && !value.contains(['$', '`']);
        let Some((name, _)) = word.raw.split_once('=').filter(|(raw, _)| *raw == name) else { return };
        if is_literal && self.variables.len() < VARIABLES_MAX {
            self.variables.push((name, value.to_owned()));
        }
    }

    fn end_command(&mut self, next: Joined) {
        self.end_word();
        let frame = self.frame();
        (frame.joined, frame.redirect) = (next, None);
        let Some(index) = frame.command.take() else { return };
        let words = &self.script.commands[index].words;
        // The first round of a loop.
        if let [first, name, of, item, ..] = &words[..]
            && first.text == "for"
            && of.text == "in"
            && item.text.len() <= VALUE_BYTES_MAX
            && !item.text.contains('$')
            && self.variables.len() < VARIABLES_MAX
        {
            let variable = (name.raw, item.text.clone().into_owned());
            self.variables.push(variable);
        }
    }

    /// The documents that begin with this line.
    fn here_documents(&mut self) {
        for (command, delimiter) in std::mem::take(&mut self.documents) {
            let start = self.at;
            let mut end = self.bytes.len();
            while self.at < self.bytes.len() {
                let line = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |length| self.at + length);
                let is_last = self.text[self.at..line].trim() == delimiter;
                if is_last {
                    end = self.at;
                }
                self.at = self.bytes.len().min(line + 1);
                if is_last {
                    break;
                }
            }
            let end = end.max(start);
            let raw = &self.text[start..end];
            let target = Word { text: Cow::Borrowed(raw), raw, is_quoted: true, is_hidden: false, span: start..end };
            self.script.commands[command].redirects.push(Redirect { kind: RedirectKind::HereDoc, target });
        }
    }
}

/// Whether a byte means something to a shell outside of quotes.
fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\r'
            | b'\n'
            | b';'
            | b'&'
            | b'|'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'`'
            | b'$'
            | b'\''
            | b'"'
            | b'\\'
            | b'#'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Commands as their words, one line a command, `|` before a piped one, indented by what it stands in.
    fn check(text: &str, expected: &[&str]) {
        let script = read(text);
        let lines = script.commands.iter().filter(|command| !command.is_group).map(|command| {
            let pipe = if command.joined == Joined::Pipe { "| " } else { "" };
            let words: Vec<&str> = command.words.iter().map(|word| &*word.text).collect();
            let to: Vec<String> =
                command.redirects.iter().map(|redirect| format!(" {:?} {}", redirect.kind, redirect.target.text)).collect();
            format!("{pipe}{}{}", words.join("·"), to.concat())
        });
        assert_eq!(lines.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn words_are_what_the_command_gets() {
        check(r#"echo "a b" 'c d' e\ f"#, &["echo·a b·c d·e f"]);
        check(r#"c""url w'g'et r\m"#, &["curl·wget·rm"]);
        check(r"$'\x72m' -rf $'a\tb'", &["rm·-rf·a\tb"]);
        check("cat${IFS}/etc/passwd; ls$IFS$9-l", &["cat·/etc/passwd", "ls·-l"]);
        check("{curl,-s,http://x}", &["curl·-s·http://x"]);
        check("a=cu; b=rl; $a$b x", &["", "", "curl·x"]);
        check("x='rm -rf'; $x /", &["", "rm·-rf·/"]);
        check("it's here; don't", &["its here; dont"]);
        check("wait, it's fine; ls", &["wait,·it's·fine", "ls"]);
        check(r"C:\Windows\notepad.exe .\run.ps1", &[r"C:\Windows\notepad.exe·.\run.ps1"]);
    }

    #[test]
    fn commands_hang_together() {
        check("a && b || c; d & e\nf", &["a", "b", "c", "d", "e", "f"]);
        check("a | b |& c", &["a", "| b", "| c"]);
        check("if a; then b; else c; fi", &["a", "b", "c", "fi"]);
        check("echo $(a | b) `c`", &["echo·$()·$()", "a", "| b", "c"]);
        check(r#"x "$(a "b c")" d"#, &["x·$()·d", "a·b c"]);
        check("diff <(a) <(b)", &["diff·$()·$()", "a", "b"]);
        check("(a; b) | c", &["a", "b", "| c"]);
        check("{ a; b; } | c", &["a", "b", "| c"]);
        check("echo $((1 + 2)) x", &["echo·$((1 + 2))·x"]);
        check("a # b; c\nd", &["a", "d"]);
    }

    #[test]
    fn redirections_have_their_targets() {
        check("a > b 2>&1 < c", &["a Out b Duplicate 1 In c"]);
        check("a >> b <<< 'x y'", &["a Append b HereString x y"]);
        check("cat <<E > f\none\ntwo\nE\nb", &["cat Out f HereDoc one\ntwo\n", "b"]);
        check("cat <<E\nnever ends", &["cat HereDoc never ends"]);
    }
}
