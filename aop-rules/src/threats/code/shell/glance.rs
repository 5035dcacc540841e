//! A first look at a text: whether it can hold a command that attacks at all, in one pass and without taking its words apart.
//!
//! Every check asks for a program by its name, or for a sign that hides one. So a text of which no command begins with such a
//! name, and that has none of those signs, need not be read. What is said here errs on the side of reading.

/// Whether a text may hold a command that attacks, in any of its commands, or, with `behind_signs`, in any but the first.
pub(super) fn may_attack(text: &str, behind_signs: bool) -> bool {
    let bytes = text.as_bytes();
    if !behind_signs && may_begin(bytes, 0) {
        return true;
    }
    let is_letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    // Asked once for the whole text: that something is anywhere in it.
    let (mut has_quotes, mut has_pipe, mut names_target) = (None, None, None);
    let has = |part: &str| memchr::memmem::find(bytes, part.as_bytes()).is_some();
    let mut at = 0;
    while let Some(ahead) = bytes[at..].iter().position(|&byte| CLASSES[usize::from(byte)]) {
        let sign = at + ahead;
        at = sign + 1;
        let next = bytes.get(at).copied().unwrap_or(b' ');
        let may = match bytes[sign] {
            b';' | b'|' | b'&' | b'\n' | b')' | b'}' | b'{' | b'`' => may_begin(bytes, at),
            // A function, which may be one that only starts itself.
            b'(' => next == b')' && *has_pipe.get_or_insert_with(|| has("|")) || may_begin(bytes, at),
            b'\\' => true,
            b'$' => {
                matches!(next, b'(' | b'{' | b'\'' | b'"' | b'_')
                    || next.is_ascii_alphabetic()
                    || sign > 0 && !is_blank(bytes[sign - 1]) && !is_blank(next)
            }
            b'>' => {
                leads_somewhere(bytes, at, || *names_target.get_or_insert_with(|| has("history") || has("authorized_keys")))
            }
            // An option, behind which a shell is handed a text.
            b'-' => !is_letter(sign.checked_sub(1)) && !matches!(next, b'-' | b'\n') && !is_blank(next),
            b'/' => {
                let is_option = !is_letter(sign.checked_sub(1))
                    && matches!(next, b'c' | b'C' | b'e' | b'E' | b'k' | b'K' | b'\'' | b'"' | b'$');
                // In quotation marks and backticks a name may hold anything up to its last folder.
                is_option
                    || *has_quotes.get_or_insert_with(|| memchr::memchr3(b'\'', b'"', b'`', bytes).is_some())
                        && is_known_behind_slash(bytes, at)
            }
            b'\'' | b'"' => is_letter(sign.checked_sub(1)) && is_letter(Some(at)) && joins_name(bytes, sign),
            b'=' => sign > 0 && matches!(bytes[sign - 1], b'D' | b'H' | b'S' | b'T' | b'V' | b'\'' | b'"'),
            // `iex`, `Invoke-Expression`
            b'x' | b'X' => {
                sign > 1 && bytes[sign - 1].eq_ignore_ascii_case(&b'e') && matches!(bytes[sign - 2], b'i' | b'I' | b'-')
            }
            // `Net.Sockets.TCPClient`
            _ => next.eq_ignore_ascii_case(&b't') && bytes.get(at + 1).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'c')),
        };
        if may {
            return true;
        }
    }
    false
}

/// The signs at which something may begin, or be hidden.
static CLASSES: [bool; 256] = {
    let mut classes = [false; 256];
    let signs = b";|&\n(){}`\\$>-/'\"=xX.";
    let mut at = 0;
    while at < signs.len() {
        classes[signs[at] as usize] = true;
        at += 1;
    }
    classes
};

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

/// Words behind which the next command begins.
const RESERVED: &[&[u8]] = &[b"if", b"then", b"else", b"elif", b"while", b"until", b"do", b"!"];

/// What the command is that begins at a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    /// It may be one that a check asks about.
    Known,
    /// It is none of those.
    Otherwise,
    /// A sign stands there, behind which the next begins.
    Behind,
}

impl From<bool> for Begins {
    fn from(is_known: bool) -> Self {
        if is_known { Begins::Known } else { Begins::Otherwise }
    }
}

fn may_begin(bytes: &[u8], at: usize) -> bool {
    begins(bytes, at) == Begins::Known
}

/// What the command is that begins at a byte.
pub(super) fn begins(bytes: &[u8], mut at: usize) -> Begins {
    loop {
        at += bytes[at..].iter().take_while(|&&byte| is_blank(byte)).count();
        match bytes.get(at) {
            None => return Begins::Otherwise,
            Some(b';' | b'|' | b'&' | b'\n' | b'(' | b')' | b'}' | b'#') => return Begins::Behind,
            Some(b'{') if bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => return Begins::Behind,
            Some(b'{' | b'`' | b'<' | b'>' | b'\\') => return Begins::Known,
            _ => {}
        }
        let mut name = [0; NAME_BYTES_MAX + 5];
        let (mut length, mut has_quotes, mut asks) = (0, false, false);
        let starts_at_root = bytes[at..].iter().find(|byte| !matches!(byte, b'\'' | b'"')) == Some(&b'/');
        let end = loop {
            match bytes.get(at) {
                Some(b'\'' | b'"') => has_quotes = true,
                Some(b'=' | b'\\') => return Begins::Known,
                // Money is no variable.
                Some(b'$') if length > 0 || !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => return Begins::Known,
                Some(b'/') => length = 0,
                Some(&byte) if is_blank(byte) => break byte,
                Some(&byte @ (b';' | b'|' | b'&' | b'\n' | b'(' | b')' | b'{' | b'}' | b'`' | b'<' | b'>')) => break byte,
                Some(&byte) => {
                    asks |= byte == b'?';
                    // A longer name is none, but what is behind its last slash may be one.
                    if let Some(place) = name.get_mut(length) {
                        *place = byte.to_ascii_lowercase();
                        length += 1;
                    }
                }
                None => break b' ',
            }
            at += 1;
        };
        let name = &name[..length];
        let is_redirected = matches!(end, b'<' | b'>') && name.iter().all(u8::is_ascii_digit);
        if is_redirected || starts_at_root && (asks || has_quotes) || has_quotes && name.is_empty() {
            return Begins::Known;
        }
        if RESERVED.contains(&name) {
            continue;
        }
        return is_known_program(name).into();
    }
}

/// Whether behind a slash stands a name that a check asks about, up to the end of its word. What is behind the next slash is
/// looked at there.
fn is_known_behind_slash(bytes: &[u8], at: usize) -> bool {
    let is_part = |byte: &&u8| !is_blank(**byte) && !b";|&\n(){}`<>/".contains(*byte);
    let mut name = [0; 2 * NAME_BYTES_MAX];
    let mut length = 0;
    let word = bytes[at..].iter().take_while(is_part).take(name.len());
    for (place, byte) in name.iter_mut().zip(word.filter(|byte| !matches!(byte, b'\'' | b'"'))) {
        *place = byte.to_ascii_lowercase();
        length += 1;
    }
    is_known_program(&name[..length])
}

/// Whether behind a `>` stands a place outside, or a file that matters by its name. `names_target` says whether the text has
/// such a name.
fn leads_somewhere(bytes: &[u8], at: usize, names_target: impl FnOnce() -> bool) -> bool {
    let rest = &bytes[at..];
    let is_between = |byte: &&u8| is_blank(**byte) || matches!(**byte, b'>' | b'&' | b'|');
    let skipped = rest.iter().take(BETWEEN_BYTES_MAX).take_while(is_between).count();
    match rest.get(skipped) {
        Some(b'/' | b'~' | b'$' | b'.' | b'\\' | b'"' | b'\'' | b'{' | b'`') => true,
        Some(next) if next.is_ascii_alphanumeric() || *next == b'_' => names_target(),
        Some(_) => skipped == BETWEEN_BYTES_MAX,
        None => false,
    }
}

/// More blanks and signs between a redirection and where it leads are not looked through.
const BETWEEN_BYTES_MAX: usize = 16;

/// Whether the word around a quotation mark is, without it, one that PowerShell runs texts by.
fn joins_name(bytes: &[u8], quote: usize) -> bool {
    let is_part = |byte: &&u8| !is_blank(**byte) && !matches!(**byte, b'\n' | b';' | b'|' | b'&' | b'(' | b')');
    let before = bytes[..quote].iter().rev().take(WORD_BYTES_MAX).take_while(is_part).count();
    let behind = bytes[quote..].iter().take(WORD_BYTES_MAX).take_while(is_part).count();
    let word = bytes[quote - before..quote + behind].iter().filter(|byte| !matches!(byte, b'\'' | b'"'));
    let word: Vec<u8> = word.map(u8::to_ascii_lowercase).collect();
    ["iex", "-expression", ".tcpclient"].iter().any(|name| memchr::memmem::find(&word, name.as_bytes()).is_some())
}

/// So much of a word is looked at before and behind a quotation mark.
const WORD_BYTES_MAX: usize = 64;

/// Whether a check asks about a program of this name, with what may stand behind it: `python3.11`, `mkfs.ext4`, `cmd.exe`.
fn is_known_program(name: &[u8]) -> bool {
    let name = name.strip_suffix(b".exe").unwrap_or(name);
    let stem = name.iter().rposition(|byte| !byte.is_ascii_digit() && *byte != b'.').map_or(0, |last| last + 1);
    is_known(name) || is_known(&name[..stem]) || name.starts_with(b"mkfs")
}

fn is_known(name: &[u8]) -> bool {
    name.len() <= NAME_BYTES_MAX && NAMES.binary_search_by(|known| known.as_bytes().cmp(name)).is_ok()
}

/// The longest name.
const NAME_BYTES_MAX: usize = 28;

/// All names that a check or the flow of data asks for, and some arguments; sorted.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    ".", "7z", ":", "[", "[[", "a+rwx", "a+s", "a-rwx", "a2b_base64", "aa-complain", "aa-disable", "aa-teardown",
    "add-mppreference", "adduser", "aide", "alias", "apparmor", "apt", "apt-get", "aria2c", "ash", "at", "audit.log", "auditbeat",
    "auditctl", "auditd", "auditpol", "auoms", "authorized_keys", "authorized_keys2", "awk", "aws", "aws_secret_access_key", "axel",
    "az", "b64decode", "base32", "base64", "base64_decode", "bash", "bash.bashrc", "bat", "batch", "bcdedit", "bitsadmin",
    "blkdiscard", "bootout", "bootstatuspolicy", "bsdtar", "btmp", "builtin", "bun", "busybox", "cap_dac_override",
    "cap_dac_read_search", "cap_setgid", "cap_setuid", "cap_sys_admin", "cap_sys_ptrace", "cat", "cbagentd", "ccrypt", "cd",
    "certutil", "chattr", "chdir", "chgrp", "child_process", "chkconfig", "chmod", "chown", "chronic", "chroot", "cipher",
    "clamav-daemon", "clamd", "clear-eventlog", "cmd", "cmstp", "command", "compgen", "comsvcs", "config.fish", "cp", "cpio",
    "croc", "crontab", "crowdstrike", "csh", "csrutil", "curl", "curl_exec", "curlie", "currentversionrun", "cut", "dash", "date",
    "dd", "declare", "decode64", "decodebytes", "del", "deno", "dig", "dir", "disableantispyware", "diskpart", "dnf", "doas",
    "docker", "docker-compose", "downloaddata", "downloadfile", "downloadstring", "drill", "ds_agent", "du", "dump-keychain",
    "dup2", "ecdsa-sha2-", "echo", "ed", "env", "env.to_h", "erase", "eval", "eventlog", "exec", "export", "fail2ban", "faillog",
    "falco", "falcon-sensor", "falcond", "fc", "fd", "fetch", "filebeat", "find", "find-generic-password", "find-internet-password",
    "firewall", "firewalld", "fish", "flush", "format", "fping", "freshclam", "frombase64", "frombase64string", "fromhex",
    "fsockopen", "ftp", "ftpget", "gawk", "gbase64", "gcc", "gcloud", "gdb", "get-content", "getfacl", "getline", "getstream", "gh",
    "git", "glab", "gpg", "grep", "gsutil", "gzinflate", "halt", "hashcat", "hdparm", "head", "hexdump", "history", "hklmsam",
    "hklmsecurity", "hklmsystem", "host", "host.docker.internal", "hostname", "http", "http.client", "http.get", "http.request",
    "httplib", "https", "https.get", "https.request", "httpx.get", "hub", "id", "iex", "ifconfig", "initctl", "install",
    "installutil", "invoke-expression", "invoke-restmethod", "invoke-webrequest", "io.popen", "ionice", "ip", "ip6tables",
    "ipconfig", "iptables", "ipython", "irm", "iwr", "ix", "john", "journal", "journalctl", "journald", "kdig", "kern.log", "kill",
    "killall", "killall5", "ksh", "kubectl", "last", "lastlog", "launchctl", "ld.so.preload", "less", "lftp", "ln", "locate",
    "logger", "login", "ls", "lsass", "lua", "luajit", "lwp-download", "lwp-mirror", "lwp-request", "mail", "mailx",
    "marshal.loads", "mask", "mawk", "mc", "mdatp", "mimikatz", "mkdir", "mke2fs", "mkfifo", "mkfs", "mknod", "mksh", "mkswap",
    "mongodump", "more", "mount", "mpssvc", "mshta", "msiexec", "msmtp", "mutt", "mv", "mysql", "mysqldump", "n-za-m", "nano",
    "nat", "nc", "nc.openbsd", "nc.traditional", "ncat", "nerdctl", "net", "net.connect", "net.sockets.tcpclient", "net1", "netcat",
    "netsh", "netstat", "nft", "nftables", "nice", "nl", "nmap", "node", "nodejs", "nohup", "nsenter", "nslookup", "od", "op",
    "open", "open-uri", "open3", "openread", "openssl", "os.environ", "os.execute", "os.system", "osascript", "osqueryd", "ossec",
    "p", "parallel", "pass", "passthru", "passwd", "pbpaste", "perl", "permissive", "pfctl", "pg_dump", "pg_dumpall", "php", "ping",
    "ping6", "pip", "pkill", "podman", "popen", "poweroff", "powershell", "powershell.exe", "printenv", "printf", "procdump",
    "process.env", "ps", "pscp", "psql", "pty.spawn", "pushd", "pwd", "pwsh", "pwsh.exe", "pypy", "python", "python2", "python3",
    "rbash", "rc-service", "rc.local", "rclone", "rd", "reboot", "recoveryenabled", "reg", "regsvr32", "remove-eventlog",
    "remove-item", "requests.get", "requests.post", "requests.put", "resolvectl", "rev", "ri", "rivileged", "rm", "rmdir", "rmmod",
    "rot13", "rot_13", "rsync", "rsyslog", "rsyslogd", "ruby", "ruleset", "rundll32", "runinthiscontext", "s3cmd", "s_client", "sc",
    "schtasks", "scp", "scrobj", "sctp", "secret-tool", "security", "sed", "selinux", "sendmail", "sentinelone", "service", "set",
    "set-mppreference", "setcap", "setenforce", "setsid", "sftp", "sgdisk", "sh", "shadowcopy", "shell_exec", "shred", "shutdown",
    "sitecustomize.py", "sleep", "smtplib", "snort", "socat", "socket", "sort", "source", "spctl", "sponge", "sqlite3", "srm",
    "ssh", "ssh-add", "ssh-copy-id", "ssh-keygen", "start", "start-process", "stat", "stdbuf", "stop-service",
    "stream_socket_client", "strings", "su", "subprocess", "subprocess.", "sudo", "suricata", "swaks", "sysctl", "syslog",
    "syslog-ng", "syslogd", "sysmon", "systemctl", "systemd", "systemd-journald", "systeminfo", "tac", "tail", "tar", "taskkill",
    "tclsh", "tcpsocket", "tcsh", "tee", "telnet", "termbin", "tetragon", "tftp", "time", "timeout", "touch", "toybox", "tr",
    "traceroute", "trap", "true", "truncate", "type", "typeset", "u+s", "u+sx", "u+xs", "ufw", "ug+s", "ugo+rwx", "ugo-rwx",
    "uname", "unbuffer", "unhexlify", "unlink", "unload", "unset", "unshadow", "unzip", "update-rc.d", "uri.open", "urlcache",
    "urlopen", "urlretrieve", "useradd", "usermod", "userspublic", "utmp", "uudecode", "uuencode", "ver", "verifyctl", "vi", "vim",
    "vssadmin", "w", "wall", "watch", "wazuh-agent", "wbadmin", "wc", "wdavdaemon", "websocat", "wevtutil", "wget", "wget2", "who",
    "whoami", "windefend", "winlogon", "wipe", "wipefs", "wmic", "wtmp", "x509", "xargs", "xclip", "xh", "xsel", "xterm", "xxd",
    "yum", "zip", "zlib.decompress", "zsh", "ztcp",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::threats::code::shell::command::attack_read;
    use crate::threats::code::shell::injection::{breakout, grade, grade_read};
    use crate::threats::code::shell::names;

    /// Words that the checks know as arguments alone, and that begin sentences or lines of everyday's work.
    #[rustfmt::skip]
    const ARGUMENTS: &[&str] = &[
        "config", "wallet.dat", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa", "credential", "password",
        "0.0.0.0", "127.0.0.1", "add", "advfirewall", "apk", "appdata", "auth", "auth.log", "brew", "bundle", "cargo", "choco",
        "cl", "clang", "clear-log", "cmake", "code", "composer", "conda", "connect", "create", "delete", "disable", "dotnet", "e",
        "ec", "en", "enc", "encodedcommand", "export-credentials", "ffmpeg", "for", "g++", "gem", "get", "get-secret-value",
        "gist", "go", "gradle", "helm", "if", "java", "javac", "jq", "localgroup", "localhost", "lookup", "make", "messages", "mvn",
        "npm", "npx", "null", "off", "pip3", "pnpm", "poetry", "process", "purge", "pytest", "read", "remove", "reset", "run",
        "rustc", "save", "secret", "secure", "send", "sense", "shadows", "show", "snippet", "ssl", "stop", "tcp", "temp",
        "terraform", "test", "token", "tox", "tsc", "udp", "user", "uv", "while", "yarn",
    ];

    const SOURCES: &[&str] = &[
        include_str!("checks/code.rs"),
        include_str!("checks/destruction.rs"),
        include_str!("checks/disguise.rs"),
        include_str!("checks/execution.rs"),
        include_str!("checks/exfiltration.rs"),
        include_str!("checks/guards.rs"),
        include_str!("checks/mod.rs"),
        include_str!("checks/persistence.rs"),
        include_str!("checks/privilege.rs"),
        include_str!("checks/reverse_shell.rs"),
        include_str!("checks/windows.rs"),
        include_str!("flow.rs"),
        include_str!("names.rs"),
        include_str!("script.rs"),
    ];

    /// Every text in quotation marks in the files that hold the checks.
    fn literals() -> impl Iterator<Item = &'static str> {
        let lines = SOURCES.iter().flat_map(|source| source.split("#[cfg(test)]").next().unwrap_or_default().lines());
        let code = lines.filter(|line| !line.trim_start().starts_with("//"));
        code.flat_map(|line| line.split('"').skip(1).step_by(2))
    }

    #[test]
    fn every_name_that_a_check_knows_is_known() {
        assert!(NAMES.is_sorted() && NAMES.iter().all(|name| name.len() <= NAME_BYTES_MAX));
        let is_name = |text: &&str| {
            text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.+-".contains(&byte))
                && !text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let unknown: Vec<&str> =
            literals().filter(is_name).filter(|name| !is_known(name.as_bytes()) && !ARGUMENTS.contains(name)).collect();
        assert!(unknown.is_empty(), "the first look does not know: {unknown:?}");
        let mut arguments = ARGUMENTS.iter();
        assert!(arguments.all(|name| !names::is_command(name) && !names::is_tool_of_attack(name)));
    }

    /// Pieces that commands are made of, and what hides them.
    fn piece() -> impl Strategy<Value = String> {
        let signs: &'static [&'static str] = &[
            " ",
            " ",
            " ",
            ";",
            "; ",
            " | ",
            "|",
            "&",
            " && ",
            "\n",
            "(",
            ")",
            "{ ",
            "}",
            "`",
            "\\",
            "$",
            "$(",
            "${",
            ">",
            " > ",
            ">>",
            "<",
            "<<E\n",
            "'",
            "\"",
            "''",
            "\"\"",
            "-",
            " -c ",
            " -e ",
            "/",
            "=",
            "#",
            "$IFS",
            "$@",
            "()",
            "()",
            "{a,b}",
            ",",
            "x",
            "a",
            "5",
            "it's",
            "don't",
            "the garden",
            ". ",
            "/etc/passwd",
            "~/.ssh/id_rsa",
            "/dev/sda",
            "/bin/",
            ".exe",
            "!",
            "then ",
            "a=b ",
            "/b?n",
            "https://h.example/a",
            "LD_PRELOAD=/tmp/x",
            "/dev/tcp/h.example/1",
            ".bash_history",
            "authorized_keys",
            "ssh-rsa AAAA",
            "iex",
            "Invoke-Expression",
            "New-Object Net.Sockets.TCPClient",
            "SQBFAFgAIAAoAE4A",
            " /c ",
            "/s",
            "*",
            "/*",
        ];
        let literals: Vec<&'static str> = literals().filter(|text| !text.is_empty()).collect();
        prop_oneof![
            3 => prop::sample::select(signs).prop_map(str::to_owned),
            1 => prop::sample::select(NAMES).prop_map(str::to_owned),
            2 => prop::sample::select(literals).prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn nothing_is_lost(pieces in prop::collection::vec(piece(), 0..14)) {
            let text = pieces.concat();
            prop_assert!(may_attack(&text, false) || attack_read(&text).is_none(), "{text:?}");
        }

        #[test]
        fn nothing_that_names_broken_up_hide_is_lost(name in prop::sample::select(NAMES), at in 0_usize..12, quote in prop::sample::select(&["''", "\"\"", "\\", "$@", "${x}", "$1"][..]), rest in prop::sample::select(&[" -rf /", " ~/.ssh/id_rsa", " https://h.example/a | sh", " -c 'rm -rf /'", ""][..])) {
            let at = at.min(name.len());
            for text in [format!("{}{quote}{}{rest}", &name[..at], &name[at..]), format!("ls; {}{quote}{}{rest}", &name[..at], &name[at..])] {
                prop_assert!(may_attack(&text, false) || attack_read(&text).is_none(), "{text:?}");
            }
        }
    }

    #[test]
    fn prose_and_values_are_not_read() {
        for text in [
            "We could load on the evening before; the yard is lit and the gate has a good lock.",
            "Meet at 5; bring wine & beer. Tom's or Ann's place? It's late, don't wait.",
            "- eggs\n- milk (1 l)\n- bread, 2 loaves\n\nThanks!\nAnn",
            "AT&T; they call $5 a day (or more) a \"bargain\".",
            "a | b | c",
        ] {
            assert!(!may_attack(text, true), "{text}");
        }
    }

    const VALUES: &[&str] = &[
        " ",
        " ",
        ";",
        "; ",
        " | ",
        "&",
        " && ",
        "\n",
        "(",
        ")",
        "{ ",
        "`",
        "\\",
        "$(",
        "${IFS}",
        ">",
        "<",
        "'",
        "\"",
        "''",
        "-",
        "/",
        "=",
        "#",
        "$@",
        "()",
        "a",
        "x",
        "5",
        "8.8.8.8",
        "it's ",
        "the garden ",
        ". ",
        "/etc/passwd",
        "~/.ssh/id_rsa",
        "/b?n/c?t",
        ".exe",
        "h.example",
        "-rf /x",
        "/s",
        "-a",
        "a.txt",
        "report.pdf",
        "ipconfig",
        "net user",
        "del ",
        "'a b/'",
        "sudo ",
        "env ",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn nothing_that_breaks_out_is_lost(
            pieces in prop::collection::vec(prop_oneof![prop::sample::select(VALUES), prop::sample::select(names::COMMANDS)], 0..12),
        ) {
            let text = pieces.concat();
            prop_assert_eq!(grade(&text, b";", ""), grade_read(&text, b";", ""), "{:?}", text);
            prop_assert!(may_attack(&text, true) || breakout(&text).is_none(), "{text:?}");
        }
    }
}
