//! Code of another language on the command line: `python -c`, `perl -e`, `awk '…'`.

use super::{At, is_interpreter};

pub(super) fn check(at: At<'_>) -> bool {
    let call = at.call();
    let is_awk = call.is(&["awk", "gawk", "mawk"]);
    if !is_awk && !is_interpreter(&call.name) {
        return false;
    }
    // The modules that are loaded by an option belong to it.
    let code: Vec<&str> = call.args().iter().map(|word| &*word.text).collect();
    is_attack(&code.join("\n").to_ascii_lowercase())
}

/// Whether code opens a shell to elsewhere, runs what it gets or decodes, sends secrets, or destroys.
fn is_attack(code: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    let connects = has(&[
        "socket",
        "fsockopen",
        "net.connect",
        "require('net')",
        "require(\"net\")",
        "/inet/tcp",
        "/inet/udp",
        "tcpsocket",
        "stream_socket_client",
    ]) && (has(&["connect", "tcpsocket", "fsockopen", "/inet/"]));
    let starts_programs = has(&[
        "dup2",
        "pty.spawn",
        "os.system",
        "subprocess",
        "popen",
        "exec(\"/bin",
        "exec('/bin",
        "exec(",
        "os.execute",
        "child_process",
        "io.popen",
        "shell_exec",
        "passthru",
        "|&getline",
        "| &getline",
        "open3",
        "/bin/sh",
        "/bin/bash",
    ]);
    if connects && starts_programs || code.contains("/inet/tcp") && code.contains("getline") {
        return true;
    }
    let fetches = has(&[
        "urlopen",
        "requests.get",
        "urlretrieve",
        "file_get_contents('http",
        "file_get_contents(\"http",
        "http.get",
        "https.get",
        "fetch(",
        "').get(",
        "\").get(",
        "lwp::simple",
        "uri.open",
        "open-uri",
        "net/http",
        "httpx.get",
        "curl_exec",
    ]);
    let runs = has(&[
        "exec(",
        "eval(",
        "eval get",
        "eval ",
        "os.system(",
        "subprocess.",
        "runinthiscontext",
        "new function(",
        "popen(",
        "`#{",
    ]);
    let decodes = has(&[
        "b64decode",
        "base64_decode",
        "frombase64",
        "decodebytes",
        "a2b_base64",
        "fromhex",
        "unhexlify",
        "'base64')",
        "\"base64\")",
        "atob(",
        "unpack(",
        "unpack ",
        "pack(",
        "rot13",
        "rot_13",
        "zlib.decompress",
        "marshal.loads",
        "decode64",
        "gzinflate",
    ]);
    if runs && (fetches || decodes) {
        return true;
    }
    let sends = fetches
        || has(&[
            "requests.post",
            "requests.put",
            ".post(",
            "httplib",
            "http.client",
            "sendall(",
            "http.request",
            "https.request",
            "smtplib",
        ]);
    sends && (takes_environment(code) || names_secret(code)) || destroys(code)
}

/// The environment as a whole, not one of its variables.
fn takes_environment(code: &str) -> bool {
    ["os.environ", "process.env", "%env", "env.to_h", "getenv()"].iter().any(|name| {
        code.match_indices(name).take(8).any(|(at, name)| !code[at + name.len()..].trim_start().starts_with(['[', '.', '{']))
    })
}

/// Whether a quoted text of the code names a secret file.
fn names_secret(code: &str) -> bool {
    code.split(['"', '\'', '`', '(']).any(crate::threats::code::shell::files::is_secret)
}

fn destroys(code: &str) -> bool {
    let removes = ["rmtree(", "rm_rf(", "rmsync(", "rm_r(", "rimraf(", "remove_tree("];
    let removes_all = removes.iter().any(|call| {
        code.match_indices(call).take(4).any(|(at, call)| {
            let path = code[at + call.len()..].trim_start_matches(['"', '\'', '(', 'r']);
            let path = path.split(['"', '\'', ')', ',']).next().unwrap_or_default();
            crate::threats::code::shell::files::is_far_foundation(path)
                || code[at + call.len()..].starts_with("os.path.expanduser('~')")
        })
    });
    removes_all || code.contains("fork while") || code.contains("os.fork()") && code.contains("while")
}
