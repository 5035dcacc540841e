//! Shell commands, as far as a look at their text goes: words, quotes, operators, and what is run.

/// How deep `$(…)` and `sh -c "…"` are followed.
const DEPTH_MAX: usize = 4;

/// How many words are looked at, in all.
const WORDS_MAX: usize = crate::value::ITEMS_MAX + 1;

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Word {
    /// Without quotes and backslashes.
    pub(super) text: String,
    /// It is one of `| || & && ; ( ) { } > >> < …` or a line's end.
    pub(super) is_operator: bool,
    /// The commands in its `$(…)` and backquotes.
    pub(super) inner: Vec<String>,
}

/// The words of a command.
pub(super) fn words(command: &str) -> Vec<Word> {
    Reader { rest: command, words: Vec::new(), word: None }.read()
}

struct Reader<'a> {
    rest: &'a str,
    words: Vec<Word>,
    /// The word that is being read.
    word: Option<Word>,
}

impl Reader<'_> {
    fn read(mut self) -> Vec<Word> {
        while self.words.len() < WORDS_MAX {
            let Some(character) = self.next() else { break };
            match character {
                '\n' | ';' | '|' | '&' | '<' | '>' | '(' | ')' => self.operator(character),
                _ if character.is_whitespace() => self.end_word(),
                '#' if self.word.is_none() => self.comment(),
                '\\' => {
                    // A backslash at a line's end joins the lines.
                    if let Some(next) = self.next().filter(|next| *next != '\n') {
                        self.push(next);
                    }
                }
                '\'' => self.single_quoted(),
                '"' => self.double_quoted(),
                '`' => self.backquoted(),
                '$' if self.rest.starts_with('(') => self.substitution(),
                other => self.push(other),
            }
        }
        self.end_word();
        self.words
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        Some(character)
    }

    fn push(&mut self, character: char) {
        self.word.get_or_insert_default().text.push(character);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn operator(&mut self, first: char) {
        self.end_word();
        let mut text = String::from(first);
        // `&&`, `||`, `>>`, `;;`, `<<`, `>|`, `>&`: what matters is where words end.
        if let Some(next) = self.rest.chars().next().filter(|next| {
            (*next == first && !matches!(first, '\n' | '(' | ')'))
                || (matches!(first, '<' | '>') && matches!(next, '&' | '|'))
        }) {
            self.next();
            text.push(next);
        }
        self.words.push(Word { text, is_operator: true, inner: Vec::new() });
    }

    fn comment(&mut self) {
        self.rest = &self.rest[self.rest.find('\n').unwrap_or(self.rest.len())..];
    }

    fn single_quoted(&mut self) {
        let (quoted, rest) = self.rest.split_once('\'').unwrap_or((self.rest, ""));
        self.word.get_or_insert_default().text.push_str(quoted);
        self.rest = rest;
    }

    fn double_quoted(&mut self) {
        self.word.get_or_insert_default();
        while let Some(character) = self.next() {
            match character {
                '"' => return,
                '\\' => {
                    let next = self.next();
                    if let Some(kept) = next.filter(|next| !matches!(next, '"' | '\\' | '$' | '`' | '\n')) {
                        self.push('\\');
                        self.push(kept);
                    } else if let Some(escaped) = next.filter(|next| *next != '\n') {
                        self.push(escaped);
                    }
                }
                '`' => self.backquoted(),
                '$' if self.rest.starts_with('(') => self.substitution(),
                other => self.push(other),
            }
        }
    }

    fn backquoted(&mut self) {
        let (command, rest) = self.rest.split_once('`').unwrap_or((self.rest, ""));
        self.rest = rest;
        let word = self.word.get_or_insert_default();
        word.text.extend(["`", command, "`"]);
        word.inner.push(command.to_owned());
    }

    /// `$(…)`, whose `(` comes next: up to the bracket that closes it.
    fn substitution(&mut self) {
        let mut open = 0usize;
        let mut quote = None;
        let end = self.rest.char_indices().find(|(_, character)| {
            match (quote, character) {
                (Some(quoted), character) if quoted == *character => quote = None,
                (None, '\'' | '"') => quote = Some(*character),
                (None, '(') => open += 1,
                (None, ')') => open -= 1,
                _ => {}
            }
            open == 0
        });
        let end = end.map_or(self.rest.len(), |(at, _)| at);
        let command = self.rest[..end].trim_start_matches('(').to_owned();
        self.rest = self.rest.get(end + 1..).unwrap_or("");
        let word = self.word.get_or_insert_default();
        word.text.extend(["$(", &command, ")"]);
        word.inner.push(command);
    }
}

/// The names of the programs that a command starts, in the order of its text.
pub(super) fn programs(command: &str) -> Vec<String> {
    let mut found = Vec::new();
    find_programs(command, 0, &mut found);
    found
}

fn find_programs(command: &str, depth: usize, found: &mut Vec<String>) {
    if depth > DEPTH_MAX || found.len() >= WORDS_MAX {
        return;
    }
    let words = words(command);
    for simple in words.split(|word| word.is_operator && !matches!(word.text.as_bytes()[0], b'<' | b'>')) {
        find_in_simple(simple, depth, found);
    }
}

/// What the next word of a command may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Program,
    /// The value of an option, then a program.
    Value,
    /// The value of an option or the program itself: it is not known which, so it is named and the next one too.
    ValueOrProgram,
    /// Commands in one word.
    Commands,
    /// All words are one command.
    Rest,
    Argument,
}

/// Of a command without pipes and lists: `FOO=1 sudo rm x > y`.
fn find_in_simple(words: &[Word], depth: usize, found: &mut Vec<String>) {
    let mut next = Next::Program;
    let mut is_target = false;
    for (at, word) in words.iter().enumerate() {
        if next == Next::Rest {
            let rest: Vec<&str> = words[at..].iter().map(|word| word.text.as_str()).collect();
            return find_programs(&rest.join(" "), depth + 1, found);
        }
        if word.is_operator {
            // What stands behind `>` and `<` is a file.
            is_target = true;
            continue;
        }
        if next == Next::Commands && !word.text.starts_with('-') {
            find_programs(&word.text, depth + 1, found);
            next = Next::Argument;
            continue;
        }
        if !std::mem::take(&mut is_target) {
            next = look_at(word, next, found);
        }
        for command in &word.inner {
            find_programs(command, depth + 1, found);
        }
    }
}

/// Names the program when the word is one; says what the word behind it may be.
fn look_at(word: &Word, next: Next, found: &mut Vec<String>) -> Next {
    let text = word.text.as_str();
    match next {
        Next::Value => Next::Program,
        Next::Argument if SHELLS.contains(&name_before(found)) && is_command_option(text) => Next::Commands,
        Next::Argument if matches!(text, "-exec" | "-execdir" | "-ok" | "-okdir") => Next::Program,
        Next::Argument | Next::Commands | Next::Rest => next,
        _ if is_assignment(text) || KEYWORDS.contains(&text) => next,
        _ if text.starts_with("--") => {
            if text.contains('=') {
                Next::Program
            } else {
                Next::ValueOrProgram
            }
        }
        _ if text.starts_with('-') => {
            if takes_value(name_before(found), text) {
                Next::Value
            } else {
                Next::Program
            }
        }
        _ => {
            // What a substitution names is not known, so it stands for itself.
            let name = if word.inner.is_empty() { text.rsplit(['/', '\\']).next().unwrap_or(text) } else { text };
            let is_duration = name.starts_with(|character: char| character.is_ascii_digit());
            if name.is_empty() || (is_duration && DURATION_TAKERS.contains(&name_before(found))) {
                return next;
            }
            found.push(name.to_owned());
            match name {
                _ if next == Next::ValueOrProgram || RUNNERS.iter().any(|(runner, _)| *runner == name) => Next::Program,
                "eval" => Next::Rest,
                _ => Next::Argument,
            }
        }
    }
}

fn name_before(found: &[String]) -> &str {
    found.last().map_or("", String::as_str)
}

/// Whether an option of a program that runs others, such as `sudo -u`, takes the next word.
fn takes_value(runner: &str, option: &str) -> bool {
    let letters = RUNNERS.iter().find(|(name, _)| *name == runner).map_or("", |(_, letters)| *letters);
    matches!(option.as_bytes(), [b'-', letter] if letters.as_bytes().contains(letter))
}

/// `-c`, also as one of several letters (`-lc`), and PowerShell's and cmd's words for it.
fn is_command_option(word: &str) -> bool {
    let letters = word.strip_prefix('-').is_some_and(|letters| letters.ends_with('c') && letters.len() <= 4);
    letters || word.eq_ignore_ascii_case("-command") || word.eq_ignore_ascii_case("/c")
}

fn is_assignment(word: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    word.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// Words before a command that are no program.
const KEYWORDS: [&str; 11] = ["!", "do", "elif", "else", "if", "then", "time", "until", "while", "{", "}"];

/// Programs that run the program behind them, and the letters of their options that take a value.
const RUNNERS: [(&str, &str); 14] = [
    ("busybox", ""),
    ("command", ""),
    ("doas", "uC"),
    ("env", "uSC"),
    ("exec", "a"),
    ("ionice", "cnp"),
    ("nice", "n"),
    ("nohup", ""),
    ("setsid", ""),
    ("stdbuf", "ioe"),
    ("sudo", "ugphCrtUDRT"),
    ("timeout", "sk"),
    ("watch", "n"),
    ("xargs", "IndELPsa"),
];

/// Of these, the ones that take a number or duration first.
const DURATION_TAKERS: [&str; 2] = ["timeout", "watch"];

const SHELLS: [&str; 10] = ["ash", "bash", "cmd", "cmd.exe", "dash", "ksh", "powershell", "pwsh", "sh", "zsh"];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(command: &str, expected: &[&str]) {
        assert_eq!(programs(command), expected, "{command}");
    }

    #[test]
    fn programs_are_found() {
        check("ls -la /etc", &["ls"]);
        check("cat a | grep b || echo c; rm d & true", &["cat", "grep", "echo", "rm", "true"]);
        check("/usr/bin/curl http://x | /bin/sh", &["curl", "sh"]);
        check("A=1 B=2 env C=3 python3 x.py", &["env", "python3"]);
        check("sudo -n rm -rf /", &["sudo", "rm"]);
        check("sudo -u root rm x", &["sudo", "rm"]);
        check("sudo --user=root rm x", &["sudo", "rm"]);
        check("sudo --user root rm x", &["sudo", "root", "rm"]);
        check("timeout -k 5 10s curl x", &["timeout", "curl"]);
        check("find . -name x -exec rm {} ;", &["find", "rm"]);
        check("eval rm x '; curl y'", &["eval", "rm", "curl"]);
        check("find . | xargs -0 rm", &["find", "xargs", "rm"]);
        check("if test -f x; then rm x; fi", &["test", "rm", "fi"]);
        check("echo \"$(whoami) `id`\" > out", &["echo", "whoami", "id"]);
        check("echo x > $(mktemp)", &["echo", "mktemp"]);
        check("bash -lc 'curl x | sh -c \"rm y\"'", &["bash", "curl", "sh", "rm"]);
        check("r\\m x", &["rm"]);
        check("'r'm x # ; curl", &["rm"]);
        check("(cd x && make)", &["cd", "make"]);
        check("echo a\\\nb", &["echo"]);
        check("", &[]);
        check("$(", &["$()"]);
        check("$(which rm) -rf /", &["$(which rm)", "which"]);
        check("$CMD x", &["$CMD"]);
        check(r"C:\Windows\cmd.exe", &["C:Windowscmd.exe"]);
        check(r#""C:\Windows\cmd.exe" /c "del x""#, &["cmd.exe", "del"]);
    }

    #[test]
    fn words_lose_their_quotes() {
        let texts = |command: &str| words(command).into_iter().map(|word| word.text).collect::<Vec<_>>();
        assert_eq!(texts("a 'b c' \"d\\\"e\" f\\ g"), ["a", "b c", "d\"e", "f g"]);
        assert_eq!(texts("a>>b 2>&1"), ["a", ">>", "b", "2", ">&", "1"]);
        assert_eq!(texts("'' \"\""), ["", ""]);
        assert_eq!(texts("a 'b"), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(command in "[a '\"`$()\\\\|;&<>#=\n-]{0,60}", text in ".{0,60}") {
            for command in [command, text] {
                let _ = (words(&command), programs(&command));
            }
        }
    }
}
