//! Commands after which data, a disk or a machine is gone (MITRE ATT&CK T1485, T1561, T1499).

use super::{At, Scene};
use crate::threats::code::shell::files::{is_disk, is_far_foundation, is_foundation};
use crate::threats::code::shell::script::{Call, Place, RedirectKind, base_name};

pub(super) fn check(at: At<'_>) -> bool {
    removes(at) || searches(at.call()) || wipes(at) || opens_up(at.call()) || empties(at)
}

/// `rm -rf /`
fn removes(at: At<'_>) -> bool {
    let call = at.call();
    let is_recursive = match &*call.name {
        "rm" => call.has_letter('r') || call.has_letter('R') || call.has(&["--recursive"]),
        "shred" | "srm" | "wipe" => true,
        "del" | "erase" | "rd" | "rmdir" => call.args().iter().any(|word| word.text.eq_ignore_ascii_case("/s")),
        "remove-item" | "ri" => call.args().iter().any(|word| word.text.to_ascii_lowercase().starts_with("-rec")),
        _ => return false,
    };
    if call.has(&["--no-preserve-root"]) {
        return true;
    }
    if !is_recursive {
        return false;
    }
    let is_elsewhere = went_elsewhere(at);
    let is_lost = |path: &str| is_far_foundation(path) || !is_elsewhere && is_foundation(path) && !path.starts_with('-');
    let of_windows = !call.is(&["rm", "shred", "srm", "wipe"]);
    let mut operands = call.operands().filter(|word| !(of_windows && word.text.len() == 2 && word.text.starts_with('/')));
    operands.any(|word| is_lost(&word.text) || is_disk(&word.text)) || call.by_xargs && is_fed_foundation(at)
}

/// Whether the script has gone into a folder of its own before, so that `*` is what is in there.
fn went_elsewhere(at: At<'_>) -> bool {
    let before = &at.scene.calls[..at.index];
    let gone = before.iter().rev().take(64).find(|call| call.is(&["cd", "pushd", "chdir"]));
    gone.and_then(|call| call.operands().next()).is_some_and(|word| !is_foundation(&word.text))
}

/// `ls / | xargs rm -rf`
fn is_fed_foundation(at: At<'_>) -> bool {
    let lists = |call: &Call<'_>| {
        let filters = call
            .args()
            .iter()
            .any(|word| matches!(&*word.text, "-name" | "-iname" | "-path" | "-regex" | "-mtime" | "-newer"));
        call.is(&["ls", "find", "echo", "printf"]) && !filters && call.operands().any(|word| is_far_foundation(&word.text))
    };
    let held = at.scene.script.commands.iter().zip(&at.scene.calls).skip(at.index).take(4);
    let is_held = |holder: Option<crate::threats::code::shell::script::Holder>| {
        holder.is_some_and(|holder| holder.command == at.index && holder.place != Place::Group)
    };
    at.feeder().is_some_and(|feeder| lists(feeder.call())) || { held }
        .any(|(command, call)| is_held(command.holder) && lists(call))
}

/// `find / -delete`
fn searches(call: &Call<'_>) -> bool {
    if !call.is(&["find", "fd"]) {
        return false;
    }
    let places = call.args().iter().take_while(|word| !word.text.starts_with(['-', '(', '!']));
    if !{ places }.any(|word| is_far_foundation(&word.text)) {
        return false;
    }
    let filters = call.args().iter().any(|word| {
        matches!(
            &*word.text,
            "-name"
                | "-iname"
                | "-path"
                | "-ipath"
                | "-regex"
                | "-mtime"
                | "-atime"
                | "-ctime"
                | "-mmin"
                | "-newer"
                | "-user"
                | "-empty"
                | "-size"
        )
    });
    let runs = |names: &[&str]| {
        call.args().windows(2).any(|pair| {
            matches!(&*pair[0].text, "-exec" | "-execdir" | "-ok") && names.contains(&&*base_name(&pair[1].text))
        })
    };
    runs(&["shred", "openssl", "gpg", "ccrypt", "7z"])
        || !filters && (call.has(&["-delete"]) || runs(&["rm", "dd", "truncate", "mv"]))
}

/// What is written over a disk.
fn wipes(at: At<'_>) -> bool {
    let call = at.call();
    let has_disk = || call.operands().any(|word| is_disk(&word.text));
    let by_program = match &*call.name {
        "dd" => call.args().iter().any(|word| word.text.strip_prefix("of=").is_some_and(is_disk)),
        "wipefs" | "blkdiscard" | "sgdisk" | "shred" | "hdparm" => {
            has_disk() && !call.has(&["-n", "-l", "-p", "-I", "-t", "-tT"])
        }
        "cp" | "tar" => call.operands().last().is_some_and(|word| is_disk(&word.text)) || call.is(&["tar"]) && has_disk(),
        "format" => call.operands().any(|word| word.text.len() == 2 && word.text.ends_with(':')),
        "diskpart" | "cipher" => call.args().iter().any(|word| word.text.to_ascii_lowercase().starts_with("/w")),
        name if name.starts_with("mkfs") || name == "mke2fs" || name == "mkswap" => has_disk(),
        _ => false,
    };
    by_program || at.written().any(is_disk)
}

/// Rights taken from or given to everybody, from the root on.
fn opens_up(call: &Call<'_>) -> bool {
    let is_recursive = call.has_letter('R') || call.has(&["--recursive"]);
    if !is_recursive || !call.is(&["chmod", "chown", "chgrp"]) {
        return false;
    }
    let is_wide = |text: &str| {
        matches!(
            text.trim_start_matches('0'),
            "777" | "666" | "" | "a+rwx" | "ugo+rwx" | "a-rwx" | "+rwx" | "ugo-rwx" | "a=rwx"
        )
    };
    let mode = call.operands().next().map(|word| &*word.text).unwrap_or_default();
    call.operands().skip(1).any(|word| {
        let path = &*word.text;
        if call.is(&["chmod"]) {
            return is_wide(mode) && is_far_foundation(path);
        }
        let name = path.trim_end_matches(['*', '/']);
        matches!(
            name,
            "" | "/etc" | "/usr" | "/bin" | "/sbin" | "/lib" | "/lib64" | "/var" | "/boot" | "/sys" | "/proc" | "/dev"
        ) && path.starts_with('/')
    })
}

/// What the system reads at every login, emptied; whatever is moved to where nothing comes back from.
fn empties(at: At<'_>) -> bool {
    const NEEDED: &[&str] =
        &["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/sudoers", "/etc/fstab", "/etc/resolv.conf", "/boot/vmlinuz"];
    let is_needed = |path: &str| NEEDED.contains(&path);
    let call = at.call();
    let truncates = at.command().redirects.iter().any(|redirect| {
        let text = &*redirect.target.text;
        // What is written there on purpose is not emptied.
        redirect.kind == RedirectKind::Out
            && is_needed(text)
            && (call.words.is_empty()
                || call.is(&["echo", "printf", ":", "true"]) && !matches!(text, "/etc/resolv.conf" | "/etc/fstab"))
    });
    let moves = call.is(&["mv"]) && call.operands().last().is_some_and(|word| word.text == "/dev/null");
    let truncates_log = call.is(&["truncate"]) && call.operands().any(|word| is_needed(&word.text));
    truncates || moves || truncates_log || call.is(&["crontab"]) && call.args().len() == 1 && call.has(&["-r"])
}

/// A function that pipes itself into itself in the background.
pub(super) fn is_bomb(scene: &Scene<'_>) -> Option<usize> {
    let commands = &scene.script.commands;
    let name = |index: usize| commands.get(index)?.words.first().map(|word| &*word.text);
    (0..commands.len()).find(|&index| {
        let Some(function) = name(index).and_then(|name| name.strip_suffix("()")) else { return false };
        let mut own = (index + 1..commands.len().min(index + 6)).filter(|&at| name(at) == Some(function));
        let both = own.next().zip(own.next());
        both.is_some_and(|(first, second)| commands[first].pipeline == commands[second].pipeline)
    })
}
