//! What stays when the session ends: scheduled commands, keys that let in, files that every login runs (MITRE ATT&CK T1053,
//! T1098.004, T1543, T1546.004).

use super::At;
use crate::threats::code::shell::files::is_drop_place;
use crate::threats::code::shell::flow::Data;
use crate::threats::code::shell::script::{Call, RedirectKind};

/// Whether the system or a shell runs a file by itself.
pub(in crate::threats::code::shell) fn is_startup(path: &str) -> bool {
    const NAMES: &[&str] = &[
        ".bashrc",
        ".bash_profile",
        ".bash_login",
        ".profile",
        ".zshrc",
        ".zprofile",
        ".zshenv",
        ".bash_logout",
        "rc.local",
        "crontab",
        "config.fish",
        ".xinitrc",
        ".xprofile",
        "bash.bashrc",
        "ld.so.preload",
        ".vimrc",
        "sitecustomize.py",
    ];
    let name = path.rsplit('/').next().unwrap_or_default();
    NAMES.contains(&name) || path == "/etc/profile" || is_in_startup_folder(path)
}

fn is_in_startup_folder(path: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "/etc/cron",
        "/var/spool/cron",
        "/etc/systemd/system",
        "/lib/systemd/system",
        "/etc/init.d",
        "/etc/profile.d",
        "/etc/rc",
        "/etc/update-motd.d",
        "/etc/xdg/autostart",
        "/library/launchagents",
        "/library/launchdaemons",
        "/.config/autostart",
        "/.config/systemd/user",
        ".git/hooks/",
        "/etc/udev/rules.d",
        "/start menu/programs/startup",
    ];
    let path = path.to_ascii_lowercase();
    FOLDERS.iter().any(|folder| path.contains(folder))
}

pub(super) fn check(at: At<'_>) -> bool {
    let (call, part) = (at.call(), at.part());
    let comes_in = part.own | part.piped | part.in_words();
    let lands = at.written().any(is_startup) || call.is(&["curl", "wget"]) && saves_at_startup(call);
    if lands && comes_in.is(Data::FETCHED) {
        return true;
    }
    schedules(at) || lets_in(at) || preloads(at) || adds_user(at) || renames(call) || plants(call)
}

fn saves_at_startup(call: &Call<'_>) -> bool {
    let value = call.value_of(&["-o", "-O", "--output", "--output-document", "-P", "--directory-prefix"]);
    let bundled = || {
        call.args().windows(2).any(|pair| {
            let option = &*pair[0].text;
            option.starts_with('-') && !option.starts_with("--") && option.ends_with(['o', 'O']) && is_startup(&pair[1].text)
        })
    };
    value.is_some_and(is_startup) || bundled()
}

/// A schedule that is fed from the network, or runs what lies where anybody may write.
fn schedules(at: At<'_>) -> bool {
    let (call, part) = (at.call(), at.part());
    if call.is(&["crontab"]) && (part.piped | part.in_words()).is(Data::FETCHED | Data::DECODED) {
        return true;
    }
    let prints = call.is(&["echo", "printf"]);
    prints && call.args().iter().any(|word| is_schedule(&word.text) && runs_from_drop_place(&word.text))
}

fn is_schedule(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("@reboot")
        || text
            .split_ascii_whitespace()
            .take(5)
            .filter(|field| field.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'/' | b',' | b'-')))
            .count()
            == 5
}

fn runs_from_drop_place(text: &str) -> bool {
    // Where output goes is another matter.
    let mut before = "";
    text.split_ascii_whitespace().any(|word| {
        let is_output = before.ends_with('>') || word.contains('>');
        before = word;
        !is_output && is_drop_place(word)
    })
}

/// A key of somebody's for the next login.
fn lets_in(at: At<'_>) -> bool {
    let (call, part) = (at.call(), at.part());
    let is_keys = |path: &str| path.ends_with("authorized_keys") || path.ends_with("authorized_keys2");
    if !at.written().any(is_keys) {
        return false;
    }
    let is_key = |call: &Call<'_>| {
        call.is(&["echo", "printf"])
            && call.args().iter().any(|word| {
                word.text.contains("ssh-rsa AAAA")
                    || word.text.contains("ssh-ed25519 AAAA")
                    || word.text.contains("ecdsa-sha2-")
            })
    };
    let from_here = at.command().redirects.iter().any(|redirect| {
        matches!(redirect.kind, RedirectKind::HereDoc | RedirectKind::HereString) && redirect.target.text.contains("AAAA")
    });
    is_key(call)
        || at.feeder().is_some_and(|feeder| is_key(feeder.call()))
        || from_here
        || (part.own | part.piped).is(Data::FETCHED | Data::DECODED)
}

/// A library that goes into every program.
fn preloads(at: At<'_>) -> bool {
    let is_preload = |text: &str| {
        let value =
            ["LD_PRELOAD=", "LD_LIBRARY_PATH=", "DYLD_INSERT_LIBRARIES=", "LD_AUDIT=", "BASH_ENV=", "PROMPT_COMMAND="]
                .iter()
                .find_map(|name| text.strip_prefix(name));
        value.is_some_and(is_drop_place)
    };
    let words = at.command().assignments.iter().chain(&at.command().words);
    at.written().any(|path| path == "/etc/ld.so.preload") || { words }.any(|word| is_preload(&word.text))
}

/// A second root.
fn adds_user(at: At<'_>) -> bool {
    let call = at.call();
    let is_root = call.is(&["useradd", "usermod", "adduser"])
        && (call.value_of(&["-u", "--uid"]) == Some("0") || call.has(&["-ou0", "-u0"]));
    let appends = at.written().any(|path| matches!(path, "/etc/passwd" | "/etc/shadow" | "/etc/group"));
    is_root || appends && (call.is(&["echo", "printf", "tee", "cat"]))
}

/// `alias sudo='sh /tmp/.s'`
fn renames(call: &Call<'_>) -> bool {
    call.is(&["alias"])
        && call.args().iter().any(|word| {
            let Some((name, value)) = word.text.split_once('=') else { return false };
            matches!(name, "sudo" | "su" | "ssh" | "passwd" | "login") && !value.trim_start().starts_with(name)
        })
}

/// A file that comes from where anybody may write to where the system starts it.
fn plants(call: &Call<'_>) -> bool {
    let mut operands = call.operands();
    call.is(&["cp", "mv", "install", "ln"])
        && operands.next().is_some_and(|word| is_drop_place(&word.text))
        && operands
            .last()
            .is_some_and(|word| is_in_startup_folder(&format!("{}/", word.text)) && !word.text.contains("systemd"))
}
