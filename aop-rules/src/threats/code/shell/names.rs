//! The commands that a text may break out into.

/// Whether a program's name is one that attackers call, or anybody: what is put in disguise is one of these.
pub(super) fn is_command(name: &str) -> bool {
    COMMANDS.binary_search(&name).is_ok()
}

/// Sorted.
#[rustfmt::skip]
pub(super) const COMMANDS: &[&str] = &[
    "apt", "apt-get", "awk", "base64", "bash", "busybox", "cat", "chattr", "chmod", "chown", "cmd", "cp", "crontab", "curl", "cut", "dash",
    "date", "dd", "dig", "dir", "docker", "echo", "env", "eval", "exec", "export", "fetch", "find", "ftp", "gawk", "gcc", "git", "grep", "head",
    "host", "hostname", "id", "ifconfig", "ip", "ipconfig", "iptables", "kill", "killall", "ksh", "kubectl", "less", "ln", "ls", "mail",
    "mkdir", "mkfifo", "mkfs", "more", "mount", "mv", "mysql", "nc", "ncat", "netcat", "netstat", "nice", "nmap", "node", "nohup",
    "nslookup", "openssl", "passwd", "perl", "php", "ping", "pip", "pkill", "powershell", "printenv", "printf", "ps", "psql", "pwd",
    "pwsh", "python", "python2", "python3", "reboot", "rev", "rm", "rmdir", "rsync", "ruby", "scp", "sed", "sh", "shred", "shutdown",
    "sleep", "sort", "ssh", "strings", "su", "sudo", "systemctl", "tail", "tar", "tee", "telnet", "touch", "tr", "type", "uname",
    "unlink", "useradd", "vim", "wall", "wc", "wget", "who", "whoami", "xargs", "xxd", "zsh",
];

/// Whether a program's name is one of Windows, or of those that only attackers put into values.
pub(super) fn is_tool_of_attack(name: &str) -> bool {
    const TOOLS: &[&str] = &[
        "del",
        "rd",
        "ver",
        "set",
        "net",
        "systeminfo",
        "certutil",
        "iwr",
        "irm",
        "iex",
        "mshta",
        "bitsadmin",
        "reg",
        "schtasks",
        "tftp",
        "socat",
        "xterm",
        "mknod",
        "halt",
        "poweroff",
        "nl",
        "tac",
        "traceroute",
        "timeout",
        "ps",
    ];
    TOOLS.contains(&name)
}

/// Whether a text that begins with this name is a command line: it breaks out of nothing.
pub(super) fn starts_a_line(name: &str) -> bool {
    const TOOLS: &[&str] = &[
        "alias",
        "bun",
        "bundle",
        "cargo",
        "cd",
        "cmake",
        "composer",
        "conda",
        "deno",
        "dotnet",
        "go",
        "gradle",
        "gh",
        "helm",
        "jq",
        "make",
        "mvn",
        "npm",
        "npx",
        "pip3",
        "pnpm",
        "poetry",
        "pytest",
        "rustc",
        "source",
        "terraform",
        "tox",
        "tsc",
        "uv",
        "yarn",
        "for",
        "if",
        "while",
        "brew",
        "choco",
        "dnf",
        "yum",
        "apk",
        "gem",
        "java",
        "javac",
        "g++",
        "clang",
        "test",
        "[",
        "[[",
        "ffmpeg",
        "aws",
        "gcloud",
        "az",
        "run",
    ];
    is_command(name) || TOOLS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted() {
        assert!(COMMANDS.is_sorted());
        assert!(is_command("curl") && !is_command("zebra"));
    }
}
