//! More rights than one has, for good: programs that run as root, the list of who may, a container that is no bounds (MITRE ATT&CK
//! T1548, T1611).

use super::{At, SHELLS, is_interpreter};
use crate::threats::code::shell::files::is_drop_place;
use crate::threats::code::shell::script::{Call, base_name};

pub(super) fn check(at: At<'_>) -> bool {
    let call = at.call();
    sets_user(at) || sudoers(at) || leaves_container(call) || gives_capability(call) || rewrites_accounts(call)
}

/// `chmod u+s /bin/bash`
fn sets_user(at: At<'_>) -> bool {
    let call = at.call();
    if !call.is(&["chmod"]) {
        return false;
    }
    let mut operands = call.operands();
    let Some(mode) = operands.next().map(|word| &*word.text) else { return false };
    let by_number = mode.len() == 4
        && mode.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(mode.as_bytes()[0], b'4' | b'5' | b'6' | b'7');
    let by_letter = mode.split(',').any(|part| matches!(part, "+s" | "u+s" | "ug+s" | "a+s" | "u+sx" | "u+xs" | "+xs"));
    if !by_number && !by_letter {
        return false;
    }
    // Programs that give a shell to whoever runs them.
    const OPENERS: &[&str] =
        &["find", "vim", "vi", "nmap", "less", "more", "awk", "env", "cp", "tar", "nano", "dd", "tee", "gdb", "busybox"];
    let copies_shell = |path: &str| {
        at.scene.calls[..at.index].iter().rev().take(64).any(|call| {
            let mut operands = call.operands();
            let is_shell = operands.next().is_some_and(|from| SHELLS.contains(&&*base_name(&from.text)));
            call.is(&["cp", "install", "mv", "ln"]) && is_shell && operands.last().is_some_and(|to| to.text == path)
        })
    };
    operands.any(|word| {
        let name = base_name(&word.text);
        SHELLS.contains(&&*name)
            || is_interpreter(&name)
            || OPENERS.contains(&&*name)
            || is_drop_place(&word.text)
            || copies_shell(&word.text)
    })
}

/// The list of who may be root.
fn sudoers(at: At<'_>) -> bool {
    let is_list = |path: &str| path == "/etc/sudoers" || path.starts_with("/etc/sudoers.d/");
    let call = at.call();
    at.written().any(is_list)
        || call.is(&["sed", "perl"]) && call.has_letter('i') && call.operands().any(|word| is_list(&word.text))
        || call.is(&["cp", "mv", "install"])
            && call.operands().last().is_some_and(|word| is_list(&word.text))
            && call.operands().count() > 1
}

/// A container that has the whole machine in it.
fn leaves_container(call: &Call<'_>) -> bool {
    let args = call.args();
    match &*call.name {
        "docker" | "podman" | "nerdctl" => {
            let mounts_root = args.iter().enumerate().any(|(place, word)| {
                let before = place.checked_sub(1).map(|before| &*args[before].text).unwrap_or_default();
                let mount =
                    word.text.strip_prefix("-v").or_else(|| word.text.strip_prefix("--volume=")).unwrap_or(&word.text);
                let is_volume = matches!(before, "-v" | "--volume") || mount.len() < word.text.len();
                let by_mount = word.text.contains("source=/,") || word.text.contains("src=/,");
                is_volume && mount.starts_with("/:/") || by_mount
            });
            let is_privileged = call.has(&["--privileged", "--privileged=true", "--cap-add=SYS_ADMIN", "--cap-add=ALL"]);
            let shares = call.has(&["--pid=host", "--pid"]) || args.iter().any(|word| word.text == "nsenter");
            mounts_root || is_privileged && shares
        }
        "nsenter" => {
            let first = call.value_of(&["-t", "--target"]) == Some("1") || call.has(&["-t1", "--target=1"]);
            first && args.len() > 2
        }
        "kubectl" => args.iter().any(|word| {
            let text = &*word.text;
            text.contains("hostPID") && text.contains("rivileged")
                || text.contains("hostPath") && text.contains("\"path\":\"/\"")
        }),
        "chroot" => args.first().is_some_and(|word| matches!(&*word.text, "/host" | "/hostfs" | "/rootfs" | "/host_root")),
        _ => false,
    }
}

fn gives_capability(call: &Call<'_>) -> bool {
    const WIDE: &[&str] =
        &["cap_setuid", "cap_sys_admin", "cap_dac_override", "cap_setgid", "cap_sys_ptrace", "cap_dac_read_search"];
    let opens = |path: &str| SHELLS.contains(&&*base_name(path)) || is_interpreter(&base_name(path)) || is_drop_place(path);
    let is_wide = |text: &str| WIDE.iter().any(|name| text.to_ascii_lowercase().contains(name));
    call.is(&["setcap"])
        && call.args().iter().any(|word| is_wide(&word.text))
        && call.operands().any(|word| opens(&word.text))
        || call.is(&["find"])
            && call.args().windows(2).any(|pair| {
                pair[0].text == "-perm" && matches!(&*pair[1].text, "-4000" | "-u=s" | "/4000" | "-6000" | "/6000" | "+4000")
            })
}

/// The accounts' own files, edited in place.
fn rewrites_accounts(call: &Call<'_>) -> bool {
    let is_list = |path: &str| matches!(path, "/etc/shadow" | "/etc/passwd" | "/etc/group");
    call.is(&["sed", "perl", "ed"]) && call.has_letter('i') && call.operands().any(|word| is_list(&word.text))
}
