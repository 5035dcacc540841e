//! A shell's text as its commands: words with their quotes undone, redirections, and how commands hang together.

use std::borrow::Cow;
use std::ops::Range;

/// The commands of a text, in the order in which they begin.
#[derive(Debug, Default)]
pub(super) struct Script<'t> {
    pub(super) commands: Vec<Command<'t>>,
}

/// A simple command, or a group of them.
#[derive(Debug)]
pub(super) struct Command<'t> {
    /// The command's name and what is handed to it.
    pub(super) words: Vec<Word<'t>>,
    /// `NAME=value` before the name.
    pub(super) assignments: Vec<Word<'t>>,
    pub(super) redirects: Vec<Redirect<'t>>,
    /// What stands before it.
    pub(super) joined: Joined,
    /// The group or the word that it stands in.
    pub(super) holder: Option<Holder>,
    /// Whether it is a group, whose commands have it as their holder.
    pub(super) is_group: bool,
    /// Commands that are joined by pipes have the same number.
    pub(super) pipeline: usize,
    pub(super) span: Range<usize>,
}

/// What stands before a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// Nothing, a `;`, a line's end, `&`, `&&` or `||`.
    After,
    /// A pipe.
    Pipe,
}

/// What a command stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) command: usize,
    /// How many words the holder had before the one that this stands in.
    pub(super) word: usize,
    pub(super) place: Place,
}

/// How a command stands in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `$(…)` or backticks.
    Substitution,
    /// `<(…)` or `>(…)`.
    Process,
    /// `(…)` or `{ …; }`.
    Group,
}

/// A word as the command gets it.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    /// Quotes and escapes undone, known variables filled in. What a substitution gives is written `$()`.
    pub(super) text: Cow<'t, str>,
    /// As written.
    pub(super) raw: &'t str,
    /// Whether a part of it is in quotes.
    pub(super) is_quoted: bool,
    /// Whether what parts it from its neighbours is `$IFS` or a brace expansion, or it has an expansion to nothing in it.
    pub(super) is_hidden: bool,
    pub(super) span: Range<usize>,
}

/// A redirection and where it leads.
#[derive(Debug)]
pub(super) struct Redirect<'t> {
    pub(super) kind: RedirectKind,
    pub(super) target: Word<'t>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RedirectKind {
    /// `<`
    In,
    /// `>`, `>|`, `&>`
    Out,
    /// `>>`
    Append,
    /// `<>`
    Both,
    /// `>&` or `<&`
    Duplicate,
    /// `<<<`
    HereString,
    /// `<<`; the target is the document.
    HereDoc,
}

impl Command<'_> {
    /// The words from the command's own name on, those that only start it (`sudo -u bob`, `nohup`, `xargs -n 1`) left out.
    pub(super) fn call(&self) -> Call<'_> {
        let mut words = &self.words[..];
        let mut by_xargs = false;
        // So many starters, one in front of the other, are more than anybody writes.
        for _ in 0..8 {
            let Some(first) = words.first() else { break };
            let name = base_name(&first.text);
            let Some((_, valued)) = STARTERS.iter().find(|(starter, _)| *starter == name) else { break };
            let rest = after_options(&words[1..], valued, name == "timeout");
            // `env` or `time` alone is a command of its own.
            if rest.is_empty() {
                break;
            }
            by_xargs |= matches!(&*name, "xargs" | "parallel");
            words = rest;
        }
        Call { words, name: words.first().map(|word| base_name(&word.text)).unwrap_or_default(), by_xargs }
    }
}

/// Commands that start another, with their options that take a value.
const STARTERS: &[(&str, &[&str])] = &[
    ("sudo", &["-u", "-g", "-h", "-p", "-C", "-T", "-U", "-r", "-t"]),
    ("doas", &["-u", "-C"]),
    ("env", &["-u", "-C", "-S"]),
    ("nohup", &[]),
    ("time", &["-f", "-o"]),
    ("nice", &["-n"]),
    ("ionice", &["-c", "-n", "-p"]),
    ("timeout", &["-s", "-k"]),
    ("exec", &["-a"]),
    ("command", &[]),
    ("builtin", &[]),
    ("setsid", &[]),
    ("stdbuf", &["-i", "-o", "-e"]),
    ("busybox", &[]),
    ("toybox", &[]),
    ("chronic", &[]),
    ("unbuffer", &[]),
    ("watch", &["-n", "-d"]),
    ("xargs", &["-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E"]),
    ("parallel", &["-j", "-I", "-a", "--jobs"]),
];

/// The words behind options, and behind the span of time of `timeout`.
fn after_options<'w, 't>(words: &'w [Word<'t>], valued: &[&str], has_duration: bool) -> &'w [Word<'t>] {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let is_assignment = assignment(&word.text).is_some();
        if !is_assignment && !word.text.starts_with('-') {
            break;
        }
        at += 1 + usize::from(valued.contains(&&*word.text));
    }
    words.get(at + usize::from(has_duration)..).unwrap_or_default()
}

/// The name and the value of `NAME=value`.
pub(super) fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_name && !name.is_empty() && !name.as_bytes()[0].is_ascii_digit()).then_some((name, value))
}

/// A program's name without its folder and `.exe`, in lower case.
pub(super) fn base_name(path: &str) -> Cow<'_, str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = match name.len().checked_sub(4).and_then(|at| name.split_at_checked(at)) {
        Some((stem, end)) if end.eq_ignore_ascii_case(".exe") => stem,
        _ => name,
    };
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// What a command runs.
#[derive(Debug)]
pub(super) struct Call<'c> {
    /// The name and what is handed to it; empty for assignments alone.
    pub(super) words: &'c [Word<'c>],
    /// The program's name, see [`base_name`].
    pub(super) name: Cow<'c, str>,
    /// Whether it gets its last arguments from what is piped in.
    pub(super) by_xargs: bool,
}

impl<'c> Call<'c> {
    /// What is handed to it.
    pub(super) fn args(&self) -> &'c [Word<'c>] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether the name is one of these.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        names.contains(&&*self.name)
    }

    /// Whether an argument is one of these.
    pub(super) fn has(&self, options: &[&str]) -> bool {
        self.args().iter().any(|word| options.contains(&&*word.text))
    }

    /// Whether a bundle of short options (`-rf`) has this letter.
    pub(super) fn has_letter(&self, letter: char) -> bool {
        self.args().iter().any(|word| is_bundle(&word.text) && word.text.contains(letter))
    }

    /// The argument behind an option, or `--option=value`'s value.
    pub(super) fn value_of(&self, options: &[&str]) -> Option<&'c str> {
        let args = self.args();
        args.iter().enumerate().find_map(|(at, word)| {
            if options.contains(&&*word.text) {
                return args.get(at + 1).map(|value| &*value.text);
            }
            let (option, value) = word.text.split_once('=')?;
            options.contains(&option).then_some(value)
        })
    }

    /// The arguments that are no options.
    pub(super) fn operands(&self) -> impl Iterator<Item = &'c Word<'c>> + use<'c> {
        self.args().iter().filter(|word| !word.text.starts_with('-'))
    }
}

/// `-rf`, not `--recursive`.
fn is_bundle(text: &str) -> bool {
    text.len() > 1 && text.starts_with('-') && !text.starts_with("--")
}
