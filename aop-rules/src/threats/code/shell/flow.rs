//! What goes into a command and what comes out of it: whether it comes from the network, is a secret, was decoded.

use std::ops::{BitOr, BitOrAssign};

use super::script::{Call, Command, Place, RedirectKind, Script, assignment};
use super::{files, installers};

/// What data is: a set of the kinds below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Data(u8);

impl Data {
    /// From the network.
    pub(super) const FETCHED: Data = Data(1);
    /// A key, a password, a file that holds them.
    pub(super) const SECRET: Data = Data(1 << 1);
    /// The environment, with what it holds.
    pub(super) const ENVIRONMENT: Data = Data(1 << 2);
    /// Who and where one is.
    pub(super) const IDENTITY: Data = Data(1 << 3);
    /// A whole database.
    pub(super) const DATABASE: Data = Data(1 << 4);
    /// Written in another writing, now undone.
    pub(super) const DECODED: Data = Data(1 << 5);
    /// Written so that it passes where text does not.
    pub(super) const ENCODED: Data = Data(1 << 6);
    /// What must not leave the machine.
    pub(super) const PRIVATE: Data = Data(Self::SECRET.0 | Self::ENVIRONMENT.0 | Self::IDENTITY.0 | Self::DATABASE.0);

    pub(super) fn is(self, any: Data) -> bool {
        self.0 & any.0 != 0
    }
}

impl BitOr for Data {
    type Output = Data;

    fn bitor(self, other: Data) -> Data {
        Data(self.0 | other.0)
    }
}

impl BitOrAssign for Data {
    fn bitor_assign(&mut self, other: Data) {
        self.0 |= other.0;
    }
}

/// One command's part in the flow.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part {
    /// What it gives by itself, of its group's commands.
    pub(super) own: Data,
    /// What comes by the pipe, from all before.
    pub(super) piped: Data,
    /// What substitutions put into its words: its name, the first argument, the others.
    pub(super) in_name: Data,
    pub(super) in_first: Data,
    pub(super) in_rest: Data,
}

impl Part {
    /// What substitutions put into its words.
    pub(super) fn in_words(&self) -> Data {
        self.in_name | self.in_first | self.in_rest
    }
}

/// The flow through a script: a part for each command.
pub(super) fn of(script: &Script<'_>, calls: &[Call<'_>]) -> Vec<Part> {
    let mut parts = vec![Part::default(); script.commands.len()];
    // A command stands behind what holds it, so that from the end on whatever is in a command is known before it is.
    for index in (0..script.commands.len()).rev() {
        let command = &script.commands[index];
        let part = &mut parts[index];
        part.own |= given(command, &calls[index]);
        let out = part.own | part.in_words();
        let Some(holder) = command.holder else { continue };
        let starters = script.commands[holder.command].words.len() - calls[holder.command].words.len();
        let at = match holder.place {
            Place::Group => &mut parts[holder.command].own,
            Place::Substitution | Place::Process => {
                let held = &mut parts[holder.command];
                match holder.word.checked_sub(starters) {
                    None | Some(0) => &mut held.in_name,
                    Some(1) => &mut held.in_first,
                    Some(_) => &mut held.in_rest,
                }
            }
        };
        *at |= out;
    }
    // What was given before in the same pipeline; the pipelines of nested texts come in between, so each has its own sum.
    let pipelines = script.commands.iter().map(|command| command.pipeline).max().unwrap_or_default();
    let mut sums = vec![Data::default(); pipelines + 1];
    for (command, part) in script.commands.iter().zip(&mut parts) {
        let sum = &mut sums[command.pipeline];
        part.piped = *sum;
        *sum |= part.own | part.in_words();
    }
    // A group's commands read what is piped into the group.
    for index in 0..script.commands.len() {
        if let Some(holder) = script.commands[index].holder.filter(|holder| holder.place == Place::Group) {
            let piped = parts[holder.command].piped;
            parts[index].piped |= piped;
        }
    }
    parts
}

/// Programs that get what an address holds.
pub(super) const FETCHERS: &[&str] = &[
    "curl",
    "wget",
    "fetch",
    "aria2c",
    "axel",
    "lwp-request",
    "lwp-download",
    "lwp-mirror",
    "http",
    "https",
    "xh",
    "wget2",
    "iwr",
    "irm",
    "invoke-webrequest",
    "invoke-restmethod",
    "curlie",
    "ftpget",
    "tftp",
];

/// What a command gives.
fn given(command: &Command<'_>, call: &Call<'_>) -> Data {
    let mut data = Data::default();
    if call.is(FETCHERS) && !installers::fetches_one(command, call) {
        data |= Data::FETCHED;
    }
    if is_decoder(call) {
        data |= Data::DECODED;
    }
    match &*call.name {
        "base64" | "base32" | "xxd" | "od" | "hexdump" | "uuencode" if !data.is(Data::DECODED) => data |= Data::ENCODED,
        "env" | "printenv" | "export" | "set" | "declare" | "compgen" => {
            let is_listing = call.args().iter().all(|word| matches!(&*word.text, "-0" | "-p" | "-x" | "-px" | "-xp" | "-v"));
            if is_listing && command.assignments.is_empty() {
                data |= Data::ENVIRONMENT;
            }
        }
        "history" | "fc" => data |= Data::SECRET,
        "whoami" | "id" | "w" | "who" | "last" | "ifconfig" | "pbpaste" | "xclip" | "xsel" => data |= Data::IDENTITY,
        "mysqldump" | "pg_dump" | "pg_dumpall" | "mongodump" => data |= Data::DATABASE,
        "security" if call.has(&["dump-keychain", "find-generic-password", "find-internet-password"]) => {
            data |= Data::SECRET
        }
        "gh" if call.has(&["auth"]) && call.has(&["token"]) => data |= Data::SECRET,
        "kubectl" if call.has(&["get"]) && call.args().iter().any(|word| word.text.starts_with("secret")) => {
            data |= Data::SECRET;
        }
        "secret-tool" | "pass" | "op" if call.has(&["lookup", "show", "read"]) => data |= Data::SECRET,
        "aws" if call.has(&["get-secret-value", "aws_secret_access_key", "export-credentials"]) => data |= Data::SECRET,
        "reg" if call.has(&["save"]) => data |= Data::SECRET,
        _ => {}
    }
    // Programs that only look at a file's name or rights, or use a key for what it is made for.
    const LEAVE_ALONE: &[&str] = &[
        "ls",
        "stat",
        "chmod",
        "chown",
        "chgrp",
        "mkdir",
        "touch",
        "ssh-add",
        "ssh-keygen",
        "ssh-copy-id",
        "test",
        "[",
        "[[",
        "rm",
        "git",
        "vim",
        "vi",
        "nano",
        "code",
        "source",
        ".",
        "ssh",
        "cd",
        "ln",
        "du",
        "chattr",
        "curl",
        "wget",
        "scp",
        "rsync",
        "sftp",
        "rclone",
        "getfacl",
        "docker",
        "docker-compose",
        "kubectl",
        "helm",
        "printf",
        "mv",
        "id",
    ];
    let reads = !call.is(LEAVE_ALONE) && call.operands().any(|word| is_secret_argument(&word.text));
    let is_fed = |kind| matches!(kind, RedirectKind::In | RedirectKind::Both);
    let is_fed = command.redirects.iter().any(|redirect| is_fed(redirect.kind) && files::is_secret(&redirect.target.text));
    if reads && !matches!(&*call.name, "echo") || is_fed {
        data |= Data::SECRET;
    }
    // A home or all settings, packed.
    if call.is(&["tar", "zip", "7z", "bsdtar", "cpio"])
        && call
            .operands()
            .any(|word| matches!(word.text.trim_end_matches(['/', '*']), "~" | "$HOME" | "/home" | "/root" | "/etc"))
    {
        data |= Data::SECRET;
    }
    data
}

/// Whether an argument names a secret file, by itself or behind `if=`.
fn is_secret_argument(text: &str) -> bool {
    files::is_secret(text) || assignment(text).is_some_and(|(_, value)| files::is_secret(value))
}

/// Whether a command undoes a writing.
fn is_decoder(call: &Call<'_>) -> bool {
    match &*call.name {
        "base64" | "base32" | "gbase64" => call.has(&["--decode", "-D"]) || call.has_letter('d'),
        "xxd" => call.has_letter('r'),
        "openssl" => call.has(&["-d"]) && call.args().first().is_some_and(|word| word.text != "x509"),
        "uudecode" | "rev" => true,
        "tr" => call.args().iter().any(|word| word.text.to_ascii_lowercase().contains("n-za-m")),
        "printf" => call.args().first().is_some_and(|word| spells_bytes(&word.text) || spells_bytes(word.raw)),
        "echo" => call.args().iter().any(|word| spells_bytes(word.raw)),
        "awk" | "gawk" | "mawk" => call.args().iter().any(|word| word.text.contains("%c")),
        "frombase64string" => true,
        _ => false,
    }
}

/// Whether a text spells bytes out: `\x72\x6d`, `\162\155`.
fn spells_bytes(text: &str) -> bool {
    let is_escape = |rest: &str| {
        let rest = rest.as_bytes();
        matches!(rest, [b'x', digit, ..] if digit.is_ascii_hexdigit())
            || matches!(rest, [b'0'..=b'7', b'0'..=b'7', b'0'..=b'7', ..])
    };
    text.split('\\').skip(1).filter(|rest| is_escape(rest)).take(2).count() == 2
}
