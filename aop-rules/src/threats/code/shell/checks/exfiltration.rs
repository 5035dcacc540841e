//! Secrets on their way out: by HTTP, raw sockets, mail, copies, names that are looked up (CWE-200, MITRE ATT&CK T1048).

use super::{At, Scene};
use crate::text::words::begins_with;
use crate::threats::code::shell::files;
use crate::threats::code::shell::flow::{Data, FETCHERS};
use crate::threats::code::shell::script::{Call, RedirectKind, Word, assignment, base_name};

/// Programs that send what they read.
const SENDERS: &[&str] = &[
    "nc",
    "ncat",
    "netcat",
    "nc.traditional",
    "nc.openbsd",
    "socat",
    "telnet",
    "mail",
    "mailx",
    "mutt",
    "sendmail",
    "msmtp",
    "swaks",
    "ssh",
    "openssl",
    "gh",
    "aws",
    "gsutil",
    "rclone",
    "croc",
    "ftp",
    "tftp",
    "websocat",
    "logger",
    "hub",
    "glab",
    "ix",
    "termbin",
];
/// Programs that copy files to elsewhere.
const COPIERS: &[&str] =
    &["scp", "rsync", "rclone", "aws", "gsutil", "gcloud", "az", "sftp", "pscp", "lftp", "s3cmd", "gh", "croc", "mc"];
/// Programs that look names up, which their server gets to see.
const RESOLVERS: &[&str] =
    &["dig", "nslookup", "host", "ping", "ping6", "drill", "resolvectl", "kdig", "fping", "traceroute"];

pub(super) fn check(at: At<'_>) -> bool {
    shows(at) || to_device(at) || fetches_with(at) || sends(at) || copies(at) || looks_up(at) || sends_found(at)
}

/// Shows what is never shown.
fn shows(at: At<'_>) -> bool {
    const READERS: &[&str] = &[
        "cat",
        "less",
        "more",
        "head",
        "tail",
        "tac",
        "nl",
        "strings",
        "xxd",
        "od",
        "hexdump",
        "base64",
        "bat",
        "type",
        "get-content",
        "unshadow",
        "john",
        "hashcat",
    ];
    let call = at.call();
    call.is(READERS) && call.operands().any(|word| files::is_never_shown(&word.text))
        || call.is(&["security"]) && call.has(&["dump-keychain"])
}

/// `cat key > /dev/tcp/host/port`
fn to_device(at: At<'_>) -> bool {
    let part = at.part();
    let data = part.own | part.piped | part.in_words();
    data.is(Data::SECRET | Data::ENVIRONMENT | Data::DATABASE)
        && at.written().any(|path| path.starts_with("/dev/tcp/") || path.starts_with("/dev/udp/"))
}

/// An HTTP client that is given what must not leave.
fn fetches_with(at: At<'_>) -> bool {
    let (call, part) = (at.call(), at.part());
    if !call.is(FETCHERS) || is_here(call) {
        return false;
    }
    let args = call.args();
    // Options that take a file or a secret for what it is made for.
    let is_proper = |place: usize| {
        let before = place.checked_sub(1).map(|before| &*args[before].text).unwrap_or_default();
        let is_header = is_authorization(&args[place].text);
        is_header
            || matches!(
                before,
                "-E" | "--cert"
                    | "--key"
                    | "--cacert"
                    | "--netrc-file"
                    | "-K"
                    | "--config"
                    | "-o"
                    | "-O"
                    | "--output"
                    | "-u"
                    | "--user"
                    | "-b"
                    | "-c"
            )
    };
    let is_file = |place: usize| {
        let text = &*args[place].text;
        let before = place.checked_sub(1).map(|before| &*args[before].text).unwrap_or_default();
        let is_upload =
            |option: &str| matches!(option, "-T" | "--upload-file" | "--post-file" | "--body-file" | "-InFile" | "-infile");
        let with_at = text.rsplit_once('@').is_some_and(|(head, file)| {
            let file = file.split([';', ',']).next().unwrap_or(file);
            !head.contains("://") && files::is_secret(file)
        });
        let by_option = is_upload(before) && files::is_secret(text);
        let by_value = text.split_once('=').is_some_and(|(option, file)| is_upload(option) && files::is_secret(file));
        let attached = text.strip_prefix("-T").is_some_and(files::is_secret);
        with_at || by_option || by_value || attached
    };
    if (0..args.len()).any(|place| !is_proper(place) && is_file(place)) {
        return true;
    }
    let in_words = part.in_first | part.in_rest;
    let carries = (0..args.len()).filter(|&place| args[place].text.contains("$()") && !is_proper(place)).any(|place| {
        // Who one is says little by itself; in an address it reports back.
        let is_address = args[place].text.contains(['/', '.', '?', '=']);
        in_words.is(Data::SECRET | Data::ENVIRONMENT | Data::DATABASE) || is_address && in_words.is(Data::IDENTITY)
    });
    let is_tainted = (0..args.len()).any(|place| !is_proper(place) && at.scene.is_tainted(args[place].raw));
    let is_fed = part.piped.is(Data::SECRET | Data::ENVIRONMENT | Data::DATABASE)
        && (call.by_xargs
            || args.iter().any(|word| {
                matches!(&*word.text, "-" | "." | "@-" | "--upload-file")
                    || word.text.ends_with("@-")
                    || word.text.contains("=-")
            }));
    carries || is_tainted || is_fed
}

fn is_authorization(text: &str) -> bool {
    const HEADERS: &[&str] =
        &["authorization:", "x-vault-token:", "private-token:", "x-api-key:", "x-aws-ec2-metadata-token:"];
    HEADERS.iter().any(|header| begins_with(text, header))
}

/// Whether it only talks to this machine.
fn is_here(call: &Call<'_>) -> bool {
    let is_local = |text: &str| {
        let host = text.split_once("://").map_or(text, |(_, rest)| rest);
        let host = host.split(['/', ':', '?']).next().unwrap_or_default();
        matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0" | "host.docker.internal")
    };
    call.operands().any(|word| is_local(&word.text))
}

/// A program that sends what it is fed.
fn sends(at: At<'_>) -> bool {
    let (call, part) = (at.call(), at.part());
    let is_sender = match &*call.name {
        "openssl" => call.has(&["s_client"]),
        "gh" | "glab" | "hub" => call.has(&["gist", "snippet"]),
        "aws" | "gsutil" => call.has(&["cp"]) && call.has(&["-"]),
        name => SENDERS.contains(&name),
    };
    if !is_sender || is_here(call) {
        return false;
    }
    let is_fed = at.command().redirects.iter().any(|redirect| {
        matches!(redirect.kind, RedirectKind::In | RedirectKind::HereString) && files::is_secret(&redirect.target.text)
    });
    // A backup of a database goes somewhere, but not by a bare socket.
    let is_bare = call.is(&["nc", "ncat", "netcat", "socat", "telnet", "openssl", "ftp", "tftp", "websocat"]);
    let any = if is_bare { Data::PRIVATE } else { Data::SECRET | Data::ENVIRONMENT };
    let is_public = call.is(&["ssh"]) && part.piped.is(Data::ENVIRONMENT) && !part.piped.is(Data::SECRET);
    is_fed || (part.piped.is(any) && !is_public) || (is_bare && part.in_words().is(Data::SECRET | Data::ENVIRONMENT))
}

/// A program that copies files to elsewhere.
fn copies(at: At<'_>) -> bool {
    let call = at.call();
    if !call.is(COPIERS) {
        return false;
    }
    let args = call.args();
    let is_elsewhere = |text: &str| {
        let colon = text.find(':').filter(|&colon| colon > 1 && !text[..colon].contains('/'));
        colon.is_some() || text.contains("://")
    };
    let is_gist = call.is(&["gh", "croc"]) && call.has(&["gist", "send"]);
    if !is_gist && !args.iter().any(|word| is_elsewhere(&word.text)) {
        return false;
    }
    let is_proper = |place: usize| {
        place
            .checked_sub(1)
            .is_some_and(|before| matches!(&*args[before].text, "-i" | "-F" | "-e" | "--config" | "--exclude" | "--profile"))
    };
    (0..args.len()).any(|place| {
        let text = &*args[place].text;
        !is_proper(place) && !is_elsewhere(text) && !text.starts_with('-') && files::is_secret(text)
    })
}

/// A name to look up that has data in it.
fn looks_up(at: At<'_>) -> bool {
    let (call, part) = (at.call(), at.part());
    if !call.is(RESOLVERS) {
        return false;
    }
    let data = part.in_first | part.in_rest;
    let any = Data::SECRET | Data::ENVIRONMENT | Data::IDENTITY | Data::ENCODED;
    at.has_substitution(|text| text.contains('.')) && data.is(any)
        || call.args().iter().any(|word| at.scene.is_tainted(word.raw))
        || call.by_xargs && part.piped.is(Data::SECRET | Data::ENVIRONMENT)
}

/// `find / -name id_rsa -exec curl -T {} …`, `find ~ -name '*.pem' | xargs -I{} curl -F k=@{} …`: what a search for secrets
/// finds is handed to a program that sends it.
fn sends_found(at: At<'_>) -> bool {
    const SEARCHERS: &[&str] = &["find", "fd", "locate"];
    let call = at.call();
    if call.is(SEARCHERS) {
        let run = call.args().iter().position(|word| matches!(&*word.text, "-exec" | "-execdir" | "-ok" | "-x" | "-X"));
        let run = run.and_then(|place| call.words.get(place + 2..)).filter(|words| !words.is_empty());
        return run.is_some_and(|words| looks_for_secrets(call) && sends_file(words));
    }
    let feeder = at.feeder().filter(|_| call.by_xargs);
    feeder.is_some_and(|feeder| feeder.call().is(SEARCHERS) && looks_for_secrets(feeder.call()) && sends_file(call.words))
}

/// Whether a search is for files that hold secrets, by the names it asks for.
fn looks_for_secrets(call: &Call<'_>) -> bool {
    const ENDS: &[&str] = &[".pem", ".key", ".ppk", ".p12", ".pfx", ".kdbx", ".keystore", ".jks", ".ovpn", "wallet.dat"];
    const PARTS: &[&str] =
        &["id_rsa", "id_ed25519", "id_ecdsa", "id_dsa", "credential", "password", "passwd", "secret", "token"];
    call.args().iter().any(|word| {
        let name = word.text.to_ascii_lowercase();
        let name = name.trim_matches('*');
        files::is_secret(name) || ENDS.iter().any(|end| name.ends_with(end)) || PARTS.iter().any(|part| name.contains(part))
    })
}

/// Whether a command sends the file that it is given as `{}`, or at its end, to elsewhere.
fn sends_file(words: &[Word<'_>]) -> bool {
    let Some((first, args)) = words.split_first() else { return false };
    let call = Call { words, name: base_name(&first.text), by_xargs: false };
    if is_here(&call) {
        return false;
    }
    let uploads = args.iter().any(|word| {
        let text = &*word.text;
        matches!(text, "-T" | "--upload-file" | "--post-file" | "--body-file")
            || text.starts_with("-T{")
            || text.starts_with("--upload-file=")
            || text.starts_with("--post-file=")
            || text.contains("@{}")
            || text == "@"
    });
    let is_remote = |text: &str| text.contains("://") || text.find(':').is_some_and(|colon| !text[..colon].contains('/'));
    call.is(FETCHERS) && uploads
        || call.is(COPIERS) && args.iter().any(|word| is_remote(&word.text))
        || call.is(&["nc", "ncat", "netcat", "mail", "mailx", "mutt", "swaks"])
}

/// So many variables with secrets in them are remembered.
const TAINTED_MAX: usize = 8;

/// Variables that hold secrets.
pub(super) fn tainted<'s>(scene: &Scene<'s>) -> Vec<&'s str> {
    let mut names = Vec::new();
    let secret = Data::SECRET | Data::ENVIRONMENT;
    for (index, command) in scene.script.commands.iter().enumerate() {
        let part = scene.parts[index];
        let words = &command.words[..];
        if part.in_words().is(secret) {
            names.extend(
                command
                    .assignments
                    .iter()
                    .filter(|word| word.text.contains("$()"))
                    .filter_map(|word| Some(assignment(word.raw)?.0)),
            );
            if let [first, name, ..] = words
                && first.text == "for"
            {
                names.push(name.raw);
            }
        }
        if part.piped.is(secret) && words.first().is_some_and(|word| word.text == "read") {
            names.extend(words[1..].iter().filter(|word| !word.text.starts_with('-')).map(|word| word.raw));
        }
        names.truncate(TAINTED_MAX);
    }
    names
}

impl Scene<'_> {
    /// Whether a word has a variable in it that holds a secret.
    fn is_tainted(&self, raw: &str) -> bool {
        self.tainted.iter().any(|name| {
            raw.match_indices('$').take(8).any(|(at, _)| {
                let rest = raw[at + 1..].trim_start_matches('{');
                rest.strip_prefix(name)
                    .is_some_and(|after| !after.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
            })
        })
    }
}
