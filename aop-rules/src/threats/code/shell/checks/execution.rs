//! Running what was downloaded or decoded (CWE-494, CWE-95), and the texts that a shell is handed to run.

use std::borrow::Cow;

use super::{At, SHELLS, Scene, is_interpreter};
use crate::threats::code::shell::files;
use crate::threats::code::shell::flow::{Data, FETCHERS};
use crate::threats::code::shell::script::{Call, RedirectKind, base_name};

/// Whether it runs what comes from the network.
pub(super) fn is_download(at: At<'_>) -> bool {
    runs(at, Data::FETCHED)
}

/// Whether it runs what was written otherwise.
pub(super) fn is_decoded(at: At<'_>) -> bool {
    runs(at, Data::DECODED)
}

fn runs(at: At<'_>, data: Data) -> bool {
    let (call, part) = (at.call(), at.part());
    let Some(name) = call.words.first() else { return false };
    if name.text.starts_with("$()") && part.in_name.is(data) {
        return true;
    }
    if part.piped.is(data) && reads_script(call) {
        return true;
    }
    match &*call.name {
        "eval" | "source" | "." | "exec" => (part.in_first | part.in_rest).is(data),
        "iex" | "invoke-expression" => (part.own | part.in_words() | part.piped).is(data),
        shell if SHELLS.contains(&shell) || is_interpreter(shell) => {
            let from_here = at.command().redirects.iter().any(|redirect| {
                matches!(redirect.kind, RedirectKind::HereString | RedirectKind::In) && redirect.target.text.contains("$()")
            });
            let is_script = |place: usize| call.words[place].text.contains("$()");
            let of_script = match script_place(call) {
                Some(1) => is_script(1) && part.in_first.is(data),
                Some(place) => is_script(place) && part.in_rest.is(data),
                None => false,
            };
            // Decoded text as standard input: `bash <<< …` is code, `bash x.sh <<< …` is not.
            let is_fed = from_here && script_place(call).is_none() && part.in_words().is(data);
            of_script || is_fed
        }
        _ => false,
    }
}

/// The place of the text or file that a shell or interpreter runs.
fn script_place(call: &Call<'_>) -> Option<usize> {
    let args = call.args();
    let option = args.iter().position(|word| takes_code(&call.name, &word.text));
    match option {
        Some(option) => (option + 1 < args.len()).then_some(option + 2),
        None => args.iter().position(|word| !word.text.starts_with('-')).map(|place| place + 1),
    }
}

/// Whether behind this option comes code: `-c`, `-lc`, `-e`.
pub(in crate::threats::code::shell) fn takes_code(name: &str, option: &str) -> bool {
    let short = option.len() <= 5 && option.starts_with('-') && !option.starts_with("--");
    match name {
        "cmd" => option.eq_ignore_ascii_case("/c") || option.eq_ignore_ascii_case("/k"),
        "pwsh" | "powershell" => {
            let option = option.to_ascii_lowercase();
            matches!(&*option, "-c" | "/c") || option.len() > 3 && "-command".starts_with(&option)
        }
        "php" => matches!(option, "-r" | "-B" | "-E"),
        "su" => matches!(option, "-c" | "--command"),
        name if SHELLS.contains(&name) => short && option.ends_with('c') || option == "-ic",
        "deno" | "bun" => matches!(option, "eval" | "-e"),
        _ => (short && option.ends_with(['c', 'e', 'E'])) || matches!(option, "--eval" | "--print" | "-p"),
    }
}

/// Whether a command runs what it reads: a shell without a script of its own.
pub(super) fn reads_script(call: &Call<'_>) -> bool {
    let is_stdin = |text: &str| matches!(text, "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0");
    if call.is(&["source", "."]) {
        return call.args().iter().any(|word| is_stdin(&word.text));
    }
    if call.is(&["at", "batch"]) {
        return true;
    }
    if call.is(&["iex", "invoke-expression"]) {
        return true;
    }
    let is_shell = call.is(SHELLS);
    if !is_shell && !is_interpreter(&call.name) {
        return false;
    }
    if call.by_xargs {
        return is_shell;
    }
    // What is a flag and needs no value is not told from the others: it is enough to know those that bring code.
    let brings_code = |text: &str| {
        takes_code(&call.name, text)
            || matches!(text, "-m" | "-n" | "-ne" | "-pe" | "-V" | "--version" | "-v" | "-h" | "--help" | "--check")
    };
    for word in call.args() {
        match &*word.text {
            "-s" if is_shell => return true,
            text if is_stdin(text) => return true,
            text if brings_code(text) => return false,
            text if text.starts_with(['-', '+']) => {}
            _ => return false,
        }
    }
    true
}

/// So many files that a script writes are remembered.
const WRITTEN_MAX: usize = 8;

/// The command that runs a file which the script has downloaded or decoded before.
pub(super) fn runs_what_it_wrote(scene: &Scene<'_>) -> Option<usize> {
    let mut written: Vec<Cow<'_, str>> = Vec::new();
    let mut has_unpacked = false;
    for index in 0..scene.script.commands.len() {
        let at = At { scene, index };
        let (call, part) = (at.call(), at.part());
        let Some(name) = call.words.first() else { continue };
        let is_path = name.text.contains(['/', '\\']) || name.text.to_ascii_lowercase().ends_with(".exe");
        let is_run = |path: &str| written.iter().any(|file| *file == base_name(path));
        if is_path && (is_run(&name.text) || has_unpacked && files::is_drop_place(&name.text)) {
            return Some(index);
        }
        let takes_file =
            call.is(SHELLS) || is_interpreter(&call.name) || call.is(&["source", ".", "start", "start-process", "open"]);
        if takes_file && script_place(call).is_some_and(|place| is_run(&call.words[place].text)) {
            return Some(index);
        }
        let comes_from = part.own | part.piped;
        if !comes_from.is(Data::FETCHED | Data::DECODED) {
            continue;
        }
        has_unpacked |= call.is(&["tar", "unzip", "bsdtar"]);
        let mut files: Vec<&str> = at.written().collect();
        if part.own.is(Data::FETCHED) && call.is(FETCHERS) || call.is(&["openssl"]) {
            let named = call.value_of(&["-o", "-O", "--output", "--output-document", "-OutFile", "-outfile", "-out"]);
            let own_name = call.operands().map(|word| &*word.text).filter(|text| text.contains('/'));
            files.extend(named.filter(|name| !name.starts_with('-')));
            files.extend(
                call.args().iter().filter_map(|word| word.text.strip_prefix("-o").or_else(|| word.text.strip_prefix("-O"))),
            );
            // Bundled: `-so FILE`, `-fsSLo FILE`.
            let bundled = call.args().windows(2).filter(|pair| {
                let option = &pair[0].text;
                option.starts_with('-') && !option.starts_with("--") && option.len() < 9 && option.ends_with(['o', 'O'])
            });
            files.extend(bundled.map(|pair| &*pair[1].text));
            files.extend(own_name);
        }
        let names = files.into_iter().map(|file| base_name(file.split('?').next().unwrap_or(file)));
        written.extend(names.filter(|name| !name.is_empty() && name != "null" && name != "-"));
        written.truncate(WRITTEN_MAX);
    }
    None
}

/// Calls `each` with the texts that a command hands to a shell.
pub(super) fn inner<'s>(at: At<'s>, each: &mut dyn FnMut(Cow<'s, str>)) {
    let call = at.call();
    let args = call.args();
    match &*call.name {
        "eval" if !args.is_empty() => return each(Cow::Owned(joined(call, 1))),
        "ssh" => {
            // Behind the host, which is the first that is neither an option nor an option's value.
            const FLAGS: &[&str] = &["-t", "-T", "-A", "-q", "-v", "-n", "-N", "-f", "-C", "-4", "-6"];
            let takes_value = |text: &str| text.len() == 2 && text.starts_with('-') && !FLAGS.contains(&text);
            let is_value = |place: usize| place > 0 && takes_value(&args[place - 1].text);
            let host = (0..args.len()).find(|&place| !args[place].text.starts_with('-') && !is_value(place));
            if let Some(place) = host.filter(|place| place + 1 < args.len()) {
                each(Cow::Owned(joined(call, place + 2)));
            }
            return;
        }
        "trap" => {
            if let Some(first) = args.first() {
                each(Cow::Borrowed(&*first.text));
            }
            return;
        }
        "git" => {
            // What git runs by a setting: a program for connections, a pager, an alias behind `!`.
            let sets = call.has(&["config"]);
            for word in args.iter().filter(|word| word.is_quoted).take(8) {
                let value = word.text.split_once('=').map_or(&*word.text, |(_, value)| value);
                let value = if sets { &*word.text } else { value };
                if sets || word.text.contains('=') {
                    each(Cow::Owned(value.trim_start_matches('!').to_owned()));
                }
            }
            return;
        }
        "awk" | "gawk" | "mawk" | "vim" | "vi" | "nmap" | "mysql" | "psql" | "sqlite3" | "find" | "tar" => {
            args.iter().for_each(|word| quoted_after(&word.text, &["system(", "\\! ", ":!", "exec="], each));
        }
        "bash" | "sh" | "zsh" | "dash" | "ksh" | "ash" => {
            let fed = at.command().redirects.iter();
            fed.filter(|redirect| matches!(redirect.kind, RedirectKind::HereDoc | RedirectKind::HereString))
                .for_each(|redirect| each(redirect.target.text.clone()));
        }
        "alias" => {
            args.iter()
                .filter_map(|word| word.text.split_once('='))
                .for_each(|(_, value)| each(Cow::Owned(value.to_owned())));
        }
        name if is_interpreter(name) => {
            if let Some(place) = script_place(call) {
                quoted_after(&call.words[place].text, &["system(", "popen(", "exec(", "call(", "run(", "execSync("], each);
            }
            return;
        }
        _ => {}
    }
    // `docker exec app sh -c '…'`, `find . -exec bash -c '…'`: a shell anywhere in the words.
    for (place, word) in call.words.iter().enumerate().take(64) {
        let name = base_name(&word.text);
        if SHELLS.contains(&&*name)
            && let Some(option) = call.words.iter().skip(place + 1).take(4).position(|word| takes_code(&name, &word.text))
            && let Some(text) = call.words.get(place + option + 2)
        {
            if matches!(&*name, "cmd" | "powershell" | "pwsh") {
                each(Cow::Owned(joined(call, place + option + 2)));
            } else {
                each(text.text.clone());
            }
            break;
        }
    }
    if call.is(&["echo", "printf"]) && is_handed_on(at) {
        let text = joined(call, 1);
        each(Cow::Owned(text.replace("\\n", "\n")));
    }
}

/// Whether what a command prints will be run: piped into a shell, or written to a file that a shell or the system runs.
fn is_handed_on(at: At<'_>) -> bool {
    let pipeline = at.command().pipeline;
    // The group it stands in hands on what its commands print.
    let holder = at.command().holder.map(|holder| at.scene.script.commands[holder.command].pipeline);
    let behind = at.scene.script.commands.iter().zip(&at.scene.calls).skip(at.index + 1).take(8);
    let mut behind = behind.filter(|(command, _)| command.pipeline == pipeline || Some(command.pipeline) == holder);
    behind.any(|(_, call)| {
        reads_script(call)
            || call.is(&["crontab"])
            || call.is(&["tee"]) && call.operands().any(|word| super::persistence::is_startup(&word.text))
    }) || at.written().any(super::persistence::is_startup)
}

/// The words from a place on, with blanks between them.
fn joined(call: &Call<'_>, place: usize) -> String {
    let words: Vec<&str> = call.words.iter().skip(place).map(|word| &*word.text).collect();
    words.join(" ")
}

/// The quoted texts behind the calls of a function that starts programs.
fn quoted_after<'t>(code: &'t str, calls: &[&str], each: &mut dyn FnMut(Cow<'t, str>)) {
    for call in calls {
        for (start, _) in code.match_indices(call).take(4) {
            let rest = &code[start + call.len()..];
            let quoted = rest.trim_start_matches(['[', '(', ' ', 'f', 'r', 'b']);
            let Some(quote) = quoted.chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) else {
                if matches!(*call, ":!" | "\\! " | "exec=") {
                    each(Cow::Borrowed(rest));
                }
                continue;
            };
            if let Some(text) = quoted[1..].split(quote).next() {
                each(Cow::Borrowed(text));
            }
        }
    }
}
