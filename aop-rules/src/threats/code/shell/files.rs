//! Files that give somebody else's rights to whoever has them, and the folders a system stands on.

use std::borrow::Cow;

/// Whether a path leads to what must not leave the machine: keys, passwords, tokens, a shell's history.
///
/// A public key, an example of a file of settings and the list of known hosts are none.
pub(in crate::threats::code) fn is_secret(path: &str) -> bool {
    // A word of a sentence has none of the signs that all of them have.
    let bytes = path.as_bytes();
    let has_signs = memchr::memchr3(b'/', b'_', b'\\', bytes).is_some() || memchr::memchr(b'.', bytes).is_some();
    if bytes.len() > PATH_BYTES_MAX || !has_signs {
        return false;
    }
    let path = plain(path);
    let path = path.trim_end_matches(['/', '*', ';', ',', ')']);
    if path.is_empty() {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if [".pub", ".example", ".sample", ".template", ".dist", ".md"].iter().any(|end| name.ends_with(end))
        || matches!(name, "known_hosts" | "config" | "authorized_keys") && path.contains("/.ssh/")
    {
        return false;
    }
    SECRET_NAMES.contains(&name)
        || (name == ".env" || name.starts_with(".env."))
        || SECRET_ENDS.iter().any(|end| path.ends_with(end) && is_cut(path, path.len() - end.len()))
        || goes_through_secret_folder(path)
}

/// A longer path is none.
const PATH_BYTES_MAX: usize = 512;

/// Whether what a path leads to is not even shown in an ordinary day's work: passwords' hashes and private keys.
pub(in crate::threats::code) fn is_never_shown(path: &str) -> bool {
    let path = plain(path);
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | "ntds.dit")
        || path == "/etc/shadow"
        || path == "/etc/gshadow"
        || path == "/etc/shadow-"
        || path.ends_with("/.aws/credentials")
        || path.ends_with(".git-credentials")
}

/// A path in lower case with slashes, its drive and quotes left out.
fn plain(path: &str) -> Cow<'_, str> {
    let path = path.trim_matches(['"', '\'']);
    if path.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'\\') {
        Cow::Owned(path.to_ascii_lowercase().replace('\\', "/"))
    } else {
        Cow::Borrowed(path)
    }
}

/// Whether a file's or folder's name begins at an offset.
fn is_cut(path: &str, at: usize) -> bool {
    at == 0 || path.as_bytes()[at] == b'/' || path.as_bytes()[at - 1] == b'/'
}

/// Whether a path goes through a folder of secrets, or is one.
fn goes_through_secret_folder(path: &str) -> bool {
    let bytes = path.as_bytes();
    let ends = |rest: &[u8], folder: &str| {
        rest.strip_prefix(folder.as_bytes()).is_some_and(|behind| behind.first().is_none_or(|&next| next == b'/'))
    };
    let begins = |at: usize| {
        let rest = &bytes[at..];
        matches!(rest[0], b'.' | b's' | b'l' | b'/') && SECRET_FOLDERS.iter().any(|folder| ends(rest, folder))
    };
    (0..bytes.len()).any(|at| is_cut(path, at) && begins(at))
}

/// Names of files that are told by their name alone.
const SECRET_NAMES: &[&str] = &[
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".git-credentials",
    ".npmrc",
    ".pypirc",
    ".my.cnf",
    ".vault-token",
    ".htpasswd",
    ".bash_history",
    ".zsh_history",
    ".psql_history",
    ".mysql_history",
    ".python_history",
    "wallet.dat",
    "logins.json",
    "key4.db",
    "ntds.dit",
    "terraform.tfstate",
    "shadow.bak",
    ".dockercfg",
    "application_default_credentials.json",
    "krb5.keytab",
    "sam.hive",
    "consolehost_history.txt",
    "login.keychain-db",
    ".env",
    "master.key",
    "credentials.json",
    "secrets.yml",
    "secrets.yaml",
    "secrets.json",
];

/// Ends of paths.
const SECRET_ENDS: &[&str] = &[
    "/etc/shadow",
    "/etc/gshadow",
    "/etc/shadow-",
    "/etc/passwd",
    "/etc/sudoers",
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    "/etc/kubernetes/admin.conf",
    "/environ",
    "/login data",
    "system32/config/sam",
    ".ssh/*",
    "gcloud/credentials.db",
    "config/gh/hosts.yml",
    ".config/hub",
    "filezilla/sitemanager.xml",
    "/proc/kcore",
];

/// Folders.
const SECRET_FOLDERS: &[&str] = &[
    ".ssh",
    ".aws",
    ".gnupg",
    ".kube",
    ".azure",
    ".config/gcloud",
    ".password-store",
    ".mozilla",
    "secrets/kubernetes.io",
    ".local/share/keyrings",
    ".electrum",
    ".config/google-chrome",
    "library/keychains",
    "/etc/letsencrypt/live",
    "/etc/ssl/private",
];

/// Whether a path is one that a system or a person loses everything with: the root, a home, a folder of the system.
pub(super) fn is_foundation(path: &str) -> bool {
    let lower = plain(path);
    let path = lower.trim_end_matches('*').trim_end_matches('.');
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    if path.is_empty() || path == "." || path == ".." {
        // `*`, `.` and `/` are that; nothing is not.
        return !lower.is_empty() && lower.len() <= 4;
    }
    if matches!(path, "/" | "~" | "$home" | "${home}" | "$home/" | "c:" | "d:" | "%userprofile%" | "%systemdrive%" | "$pwd")
    {
        return true;
    }
    if let Some(in_drive) = path.strip_prefix("c:/") {
        return matches!(in_drive, "" | "windows" | "windows/system32" | "users" | "program files");
    }
    let Some(rest) = path.strip_prefix('/') else {
        let own = path.strip_prefix("~/").or_else(|| path.strip_prefix("$home/")).or_else(|| path.strip_prefix("${home}/"));
        return own.is_some_and(|own| {
            matches!(own, ".ssh" | ".gnupg" | ".aws" | ".kube" | "documents" | "desktop" | "pictures" | "library")
        });
    };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty() && *part != ".").take(4).collect();
    match &parts[..] {
        [] => true,
        [one] => SYSTEM_FOLDERS.contains(one),
        ["home" | "users", _] | ["var", "log" | "lib" | "www" | "spool"] => true,
        ["usr", "bin" | "lib" | "lib64" | "sbin" | "local" | "share"] | ["etc", "ssh" | "ssl" | "pam.d" | "systemd"] => true,
        ["var", "lib", "dpkg" | "mysql" | "postgresql" | "docker"] => true,
        _ => false,
    }
}

const SYSTEM_FOLDERS: &[&str] = &[
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib32",
    "lib64",
    "media",
    "mnt",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "usr",
    "var",
    "system",
    "library",
    "users",
    "applications",
    "private",
    "volumes",
    "windows",
];

/// The same of a path that does not depend on where one is.
pub(super) fn is_far_foundation(path: &str) -> bool {
    let bytes = path.as_bytes();
    (matches!(bytes, [b'/' | b'~' | b'$' | b'%', ..]) || bytes.get(1) == Some(&b':')) && is_foundation(path)
}

/// Whether a path is a disk, not a file: `/dev/sda1`.
pub(super) fn is_disk(path: &str) -> bool {
    let Some(device) = path.strip_prefix("/dev/").or_else(|| path.strip_prefix(r"\\.\")) else { return false };
    let device = device.to_ascii_lowercase();
    ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "disk", "rdisk", "dm-", "md", "mapper/", "physicaldrive", "mem", "kmem"]
        .iter()
        .any(|kind| device.starts_with(kind))
}

/// Whether a path leads to where anybody may write and nobody looks.
pub(super) fn is_drop_place(path: &str) -> bool {
    ["/tmp/", "/var/tmp/", "/dev/shm/", "/run/shm/", "c:/users/public/", "c:/windows/temp/"]
        .iter()
        .any(|place| plain(path).starts_with(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_paths() {
        for path in [
            "~/.ssh/id_rsa",
            "/home/bob/.ssh",
            "~/.aws/credentials",
            ".env",
            "app/.env.production",
            "/etc/shadow",
            "/etc/passwd",
            "$HOME/.kube/config",
            "~/.gnupg/",
            "/proc/self/environ",
            r"C:\Users\bob\.ssh\id_ed25519",
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "~/.ssh/*",
            "~/.netrc",
        ] {
            assert!(is_secret(path), "{path}");
        }
        for path in [
            "~/.ssh/id_rsa.pub",
            ".env.example",
            "~/.ssh/known_hosts",
            "src/environ.rs",
            "README.md",
            "environment",
            "/etc/hosts",
            "docs/.ssh-notes",
            "my.env.txt",
            "",
            "id_rsa.md",
            "~/.ssh/config",
        ] {
            assert!(!is_secret(path), "{path}");
        }
    }

    #[test]
    fn foundations_are_known() {
        for path in [
            "/",
            "/*",
            "~",
            "~/",
            "~/*",
            "$HOME",
            "${HOME}/*",
            "*",
            "./*",
            ".",
            "/etc",
            "/home/*",
            "/home/bob",
            "/usr/lib",
            "/var/log/*",
            r"C:\",
            r"C:\Windows",
            "~/.ssh",
        ] {
            assert!(is_foundation(path), "{path}");
        }
        for path in [
            "build",
            "./build",
            "/tmp/x",
            "~/.cache/pip",
            "/var/lib/apt/lists/*",
            "*.o",
            "dist/*",
            "/opt/app/old",
            "",
            "../x",
            "/home/bob/src/target",
            "$TMP/x",
            "/workspace",
        ] {
            assert!(!is_foundation(path), "{path}");
        }
    }
}
