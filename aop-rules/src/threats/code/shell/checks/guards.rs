//! Switching off what watches, and removing the traces (MITRE ATT&CK T1562, T1070).

use super::At;
use crate::threats::code::shell::script::{Call, assignment};

pub(super) fn check(at: At<'_>) -> bool {
    history(at) || walls(at.call()) || watchers(at.call()) || logs(at)
}

const HISTORIES: &[&str] = &[".bash_history", ".zsh_history", ".history", ".sh_history"];

/// A shell's history.
fn history(at: At<'_>) -> bool {
    let call = at.call();
    let switches_off = |text: &str| {
        assignment(text).is_some_and(|(name, value)| match name {
            "HISTFILE" => matches!(value, "" | "/dev/null"),
            "HISTSIZE" | "HISTFILESIZE" | "SAVEHIST" => value == "0",
            _ => false,
        })
    };
    let is_history = |path: &str| HISTORIES.iter().any(|name| path.ends_with(name));
    match &*call.name {
        "history" => call.has(&["-c", "-cw", "-wc"]),
        "unset" => call.has(&["HISTFILE", "HISTSIZE", "PROMPT_COMMAND"]),
        "set" => call.has(&["+o"]) && call.has(&["history"]),
        "rm" | "shred" | "truncate" | "ln" | "srm" | "unlink" => call.operands().any(|word| is_history(&word.text)),
        _ => {
            let set = at
                .command()
                .assignments
                .iter()
                .chain(call.args().iter().filter(|_| call.is(&["export", "declare", "typeset"])));
            { set }.any(|word| switches_off(&word.text))
                || (at.written().any(is_history)
                    && !at
                        .command()
                        .redirects
                        .iter()
                        .any(|redirect| redirect.kind == crate::threats::code::shell::script::RedirectKind::Append))
        }
    }
}

/// Firewalls and what confines programs.
fn walls(call: &Call<'_>) -> bool {
    let first = call.args().first().map(|word| &*word.text).unwrap_or_default();
    match &*call.name {
        "setenforce" => matches!(first, "0" | "permissive" | "Permissive"),
        "iptables" | "ip6tables" => {
            let accepts = call.has(&["-P", "--policy"]) && call.has(&["ACCEPT"]);
            call.has(&["-F", "--flush", "-X"]) && !call.has(&["-t", "nat"]) || accepts && call.has(&["INPUT"])
        }
        "nft" => call.has(&["flush"]) && call.has(&["ruleset"]),
        "ufw" => call.has(&["disable", "reset"]),
        "pfctl" => call.has(&["-d"]),
        "csrutil" => call.has(&["disable"]),
        "spctl" => call.has(&["--master-disable", "--global-disable"]),
        "aa-teardown" | "aa-disable" => true,
        "aa-complain" => !call.args().is_empty(),
        "sysctl" => call
            .args()
            .iter()
            .any(|word| matches!(&*word.text, "kernel.randomize_va_space=0" | "kernel.yama.ptrace_scope=0")),
        "sed" => {
            call.args().iter().any(|word| word.text.contains("SELINUX=disabled") || word.text.contains("SELINUX=permissive"))
        }
        _ => false,
    }
}

/// Programs that watch a machine.
const WATCHERS: &[&str] = &[
    "auditd",
    "apparmor",
    "selinux",
    "falcon-sensor",
    "falcond",
    "clamav-daemon",
    "clamd",
    "freshclam",
    "ufw",
    "firewalld",
    "iptables",
    "nftables",
    "rsyslog",
    "rsyslogd",
    "syslog",
    "syslogd",
    "syslog-ng",
    "fail2ban",
    "osqueryd",
    "wazuh-agent",
    "ossec",
    "falco",
    "crowdstrike",
    "sentinelone",
    "mdatp",
    "wdavdaemon",
    "sysmon",
    "windefend",
    "systemd-journald",
    "journald",
    "auditbeat",
    "filebeat",
    "auoms",
    "cbagentd",
    "ds_agent",
    "tetragon",
    "snort",
    "suricata",
    "aide",
    "mpssvc",
    "eventlog",
    "sense",
];

fn watchers(call: &Call<'_>) -> bool {
    let is_watcher = |text: &str| {
        let name = text.strip_suffix(".service").unwrap_or(text);
        WATCHERS.iter().any(|watcher| name.eq_ignore_ascii_case(watcher))
    };
    let names_one = || call.operands().any(|word| is_watcher(&word.text));
    match &*call.name {
        "systemctl" | "service" | "rc-service" | "sc" | "net" | "launchctl" | "initctl" => {
            call.has(&["stop", "disable", "mask", "kill", "unload", "bootout", "delete"]) && names_one()
        }
        "pkill" | "killall" | "stop-service" | "taskkill" => names_one(),
        "kill" => call.has(&["-1"]) && call.args().len() > 1,
        "rmmod" | "update-rc.d" | "chkconfig" => names_one(),
        "apt" | "apt-get" | "yum" | "dnf" => call.has(&["remove", "purge", "erase"]) && names_one(),
        "auditctl" => call.value_of(&["-e"]) == Some("0") || call.has(&["-D"]) || call.has(&["-e0"]),
        "killall5" => true,
        _ => false,
    }
}

/// The system's records.
fn logs(at: At<'_>) -> bool {
    const LOGS: &[&str] = &[
        "auth.log",
        "syslog",
        "wtmp",
        "btmp",
        "lastlog",
        "utmp",
        "secure",
        "audit.log",
        "messages",
        "faillog",
        "kern.log",
        "journal",
    ];
    let is_log = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        (path.starts_with("/var/log/") || path.starts_with("/var/run/") || path.starts_with("/run/")) && LOGS.contains(&name)
    };
    let call = at.call();
    let appends = || {
        at.command()
            .redirects
            .iter()
            .any(|redirect| redirect.kind == crate::threats::code::shell::script::RedirectKind::Append)
    };
    match &*call.name {
        "rm" | "shred" | "truncate" | "unlink" => call.operands().any(|word| is_log(&word.text)),
        "sed" => call.has_letter('i') && call.operands().any(|word| is_log(&word.text)),
        "journalctl" => {
            call.args().iter().any(|word| matches!(&*word.text, "--vacuum-time=1s" | "--vacuum-size=1" | "--vacuum-time=0"))
        }
        _ => at.written().any(is_log) && !appends(),
    }
}
