//! Passwords that command lines and `.netrc` files hold, and what is kept of passwords in files of users.

use std::ops::Range;

use aop_toon::Severity;

use super::placeholder::{is_placeholder, is_template};
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/command-line-password",
            summary: "password on a command line",
            why: "Command lines are kept in histories, logs and lists of processes. Left alone: variables, placeholders, and an \
                  option without a value, which asks for the password.",
            source: "manual pages of mysql, sshpass, docker login, redis-cli, ldapsearch and smbclient",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("mysql"),
                Anchor::Literal("mariadb"),
                Anchor::Literal("sshpass"),
                Anchor::Literal("docker login"),
                Anchor::Literal("podman login"),
                Anchor::Literal("helm registry login"),
                Anchor::Literal("redis-cli"),
                Anchor::Literal("ldapsearch"),
            ],
            verify: command,
        },
        hits: &[
            "mysql -uroot -pGr4nite7 shop",
            "mysqldump -h db.example --user=shop -p'Gr4nite&7' shop > dump.sql",
            "sshpass -p Gr4nite7 ssh ann@shop.example",
            "docker login -u bob -p Gr4nite7 registry.example",
            "docker login --username bob --password Gr4nite7",
            "redis-cli -h cache.example -a Gr4nite7 ping",
            "ldapsearch -x -D cn=admin -w Gr4nite7",
        ],
        misses: &[
            "mysql -u root -p shop",
            "mysql -uroot -p$MYSQL_PWD shop",
            "mysql -h db.example -P 3306",
            "sshpass -e ssh ann@shop.example",
            "docker login -u bob --password-stdin",
            "docker login -u bob -p <token>",
            "docker run -p 8080:8080 mysql",
            "redis-cli -p 6379 ping",
            "the mysql port is 3306\n-pGr4nite7",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/netrc-password",
            summary: "password in a .netrc file",
            why: "The file logs in to the named machine without a question. Left alone: placeholders and prose about machines.",
            source: "netrc manual page (GNU inetutils)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Literal("machine "), Anchor::Literal("default login ")], verify: netrc },
        hits: &[
            "machine shop.example login bob password Gr4nite7",
            "machine shop.example\n  login bob\n  password rosegarden\n",
            "default login bob password Gr4nite7",
        ],
        misses: &[
            "machine shop.example login bob",
            "machine shop.example login bob password <password>",
            "the machine needs a login and a password every day",
            "machine learning login page password field",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/password-hash",
            severity: Severity::Error,
            summary: "hash of a password",
            why: "Short and common passwords are found from their hash by trying. Left alone: hashes of other things, and a prefix \
                  without salt and hash.",
            source: "crypt(5), libxcrypt; RFC 2307 and RFC 3112 (userPassword); Apache, \"Password Formats\"; RFC 9106 (Argon2)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("$2a$"),
                Anchor::Literal("$2b$"),
                Anchor::Literal("$2y$"),
                Anchor::Literal("$1$"),
                Anchor::Literal("$5$"),
                Anchor::Literal("$6$"),
                Anchor::Literal("$y$"),
                Anchor::Literal("$apr1$"),
                Anchor::Literal("$argon2"),
                Anchor::Literal("{SHA}"),
                Anchor::Literal("{SSHA}"),
            ],
            verify: password_hash,
        },
        hits: &[
            "bob:$2b$12$q8Zt3kLmW0vXy7RbN5cJpOD2sHfG1aTuE9oVi4Kw6YmhQdCxBzS3e",
            "root:$6$Wq7tZk2n$kLmW0vXy7RbN5cJpOD2sHfG1aTuE9oVi4Kw6YmhQdCxBzS3eq8Zt3kLmW0vXy7RbN5cJpOD2sHfG1aTuE9oVi4:19000:0:99999:7:::",
            "bob:$apr1$k3Lm9vXy$7RbN5cJpOD2sHfG1aTuE9o",
            "userPassword: {SHA}kd8Zt3kLmW0vXy7RbN5cJpD2sHg=",
            "{\"hash\": \"$argon2id$v=19$m=65536,t=3,p=4$q8Zt3kLmW0vXy7Rb$N5cJpOD2sHfG1aTuE9oVi4Kw6YmhQdCxBzS3eq8Zt3k\"}",
        ],
        misses: &[
            "$2b$12$",
            "it costs $6$ or $5$ a month",
            "awk '{print $1$2}' file",
            "$2b$12$short",
            "{SHA} is a scheme",
            "preg_replace('a', '$1$2longreplacement', b)",
        ],
    },
];

/// A command is read so far for its options.
const COMMAND_BYTES_MAX: usize = 512;

/// The options that hold a password: as a word of their own before it, and joined to it.
fn options(command: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    match command.to_ascii_lowercase().as_str() {
        "mysql" | "mariadb" => Some((&[], &["--password=", "-p"])),
        "sshpass" => Some((&["-p"], &["-p"])),
        "docker login" | "podman login" | "helm registry login" => Some((&["-p", "--password"], &["--password=", "-p="])),
        "redis-cli" => Some((&["-a", "--pass"], &["--pass="])),
        "ldapsearch" => Some((&["-w"], &[])),
        _ => None,
    }
}

fn command(candidate: &Candidate<'_>) -> Option<Match> {
    let (text, bytes) = (candidate.text, candidate.bytes());
    let (apart, joined) = options(&text[candidate.start..candidate.end])?;
    if !candidate.begins_word(candidate.start) {
        return None;
    }
    let limit = text.floor_char_boundary(text.len().min(candidate.end + COMMAND_BYTES_MAX));
    // The rest of the command's name: `mysqldump`.
    let mut at = candidate.end + bytes[candidate.end..limit].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let mut is_value = false;
    while let Some(word) = argument(bytes, at, limit) {
        let written = &text[word.clone()];
        at = word.end;
        if is_value {
            // A dash begins the next option: the value was left out.
            return if written.starts_with('-') { None } else { judged(text, unquoted(bytes, word)) };
        }
        if matches!(written, "|" | "||" | "&&" | ";" | ">" | "<") {
            return None;
        }
        if apart.contains(&written) {
            is_value = true;
        } else if let Some(option) =
            joined.iter().find(|option| written.len() > option.len() && written.starts_with(*option))
        {
            return judged(text, unquoted(bytes, word.start + option.len()..word.end));
        }
    }
    None
}

/// The next argument of a command, with its quotes; nothing at the end of the line.
fn argument(bytes: &[u8], at: usize, limit: usize) -> Option<Range<usize>> {
    let start = at + bytes[at..limit].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    if start == at || matches!(bytes[start..limit].first(), None | Some(b'\n' | b'\r' | b'`')) {
        return None;
    }
    let mut quote = None;
    let length = bytes[start..limit]
        .iter()
        .take_while(|&&byte| {
            match quote {
                Some(open) if open == byte => quote = None,
                None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
                _ => {}
            }
            !matches!(byte, b'\n' | b'\r') && (quote.is_some() || !matches!(byte, b' ' | b'\t' | b'`'))
        })
        .count();
    Some(start..start + length)
}

fn unquoted(bytes: &[u8], word: Range<usize>) -> Range<usize> {
    let is_quote = |at: usize| matches!(bytes.get(at), Some(b'"' | b'\''));
    let start = word.start + usize::from(word.len() >= 2 && is_quote(word.start));
    let is_closing = word.end > start && is_quote(word.end - 1);
    start..word.end - usize::from(is_closing)
}

/// Whether a value is a password and no variable or placeholder for one.
fn judged(text: &str, value: Range<usize>) -> Option<Match> {
    const PASSWORD_BYTES_MIN: usize = 4;
    const SLOTS: &[&str] =
        &["password", "passwd", "pass", "pwd", "secret", "token", "mypassword", "my-password", "changeme"];
    let password = text.get(value.clone())?;
    let is_word = password.bytes().all(|byte| byte.is_ascii_punctuation());
    let is_found = password.len() >= PASSWORD_BYTES_MIN
        && !password.starts_with(['$', '<', '%', '{', '['])
        && !password.contains("$(")
        && !is_word
        && !is_template(password)
        && !is_placeholder(password)
        && !SLOTS.contains(&&*password.to_ascii_lowercase());
    is_found.then_some(Match { start: value.start, end: value.end, score: 0.85 })
}

fn netrc(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    if !candidate.begins_word(candidate.start) {
        return None;
    }
    let limit = candidate.text.floor_char_boundary(bytes.len().min(candidate.end + COMMAND_BYTES_MAX));
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    let mut at = candidate.end;
    let mut next = || {
        at += bytes[at..limit].iter().take_while(|byte| is_blank(byte)).count();
        let start = at;
        at += bytes[at..limit].iter().take_while(|byte| !is_blank(byte) && **byte != b'"').count();
        start..at
    };
    let is_machine = bytes[candidate.start].eq_ignore_ascii_case(&b'm');
    let machine = next();
    if is_machine {
        if &bytes[next()] != b"login" {
            return None;
        }
        next();
    }
    if &bytes[next()] != b"password" {
        return None;
    }
    // Prose may have the same words: `machine learning login page password field`.
    let value = next();
    let is_host = is_machine && (bytes[machine.clone()].contains(&b'.') || &bytes[machine] == b"localhost");
    let is_word = bytes[value.clone()].iter().all(u8::is_ascii_alphabetic);
    judged(candidate.text, value).filter(|_| is_host || !is_word)
}

fn password_hash(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let anchor = &candidate.text[candidate.start..candidate.end];
    let is_crypt = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/');
    let run = |at: usize, fits: &dyn Fn(&u8) -> bool| bytes[at..].iter().take(256).take_while(|byte| fits(byte)).count();
    let at = candidate.end;
    let end = match anchor {
        "$2a$" | "$2b$" | "$2y$" => {
            let is_cost = matches!(bytes.get(at..at + 3), Some([b'0'..=b'9', b'0'..=b'9', b'$']));
            (is_cost && run(at + 3, &is_crypt) == 53).then_some(at + 3 + 53)
        }
        "$1$" | "$apr1$" => salted(bytes, at, 22, &is_crypt),
        "$5$" => salted(bytes, behind_rounds(bytes, at), 43, &is_crypt),
        "$6$" => salted(bytes, behind_rounds(bytes, at), 86, &is_crypt),
        "$y$" => {
            let parameters = run(at, &is_crypt);
            let is_ended = parameters > 0 && bytes.get(at + parameters) == Some(&b'$');
            is_ended.then(|| salted(bytes, at + parameters + 1, 43, &is_crypt)).flatten()
        }
        "$argon2" => {
            let length = run(at, &|byte| byte.is_ascii_alphanumeric() || b"$=,+/".contains(byte));
            let parts: Vec<_> = candidate.text[at..at + length].split('$').collect();
            let is_whole = parts.len() >= 4
                && matches!(parts[0], "i" | "d" | "id")
                && parts[1..parts.len() - 2].iter().any(|part| part.contains("m="))
                && parts[parts.len() - 2].len() >= 8
                && parts[parts.len() - 1].len() >= 16;
            is_whole.then_some(at + length)
        }
        "{SHA}" | "{SSHA}" => {
            let length = run(at, &|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
            let fits = if anchor == "{SHA}" { length == 28 && bytes[at + 27] == b'=' } else { (32..=64).contains(&length) };
            fits.then_some(at + length)
        }
        _ => None,
    }?;
    (!is_placeholder(&candidate.text[at..end])).then_some(Match { start: candidate.start, end, score: 0.9 })
}

/// The end of a salt, a dollar sign and a hash of so many characters.
fn salted(bytes: &[u8], at: usize, hash: usize, is_crypt: &dyn Fn(&u8) -> bool) -> Option<usize> {
    let run = |at: usize| bytes.get(at..).map_or(0, |rest| rest.iter().take(128).take_while(|byte| is_crypt(byte)).count());
    let salt = run(at);
    let start = at + salt + 1;
    ((1..=32).contains(&salt) && bytes.get(at + salt) == Some(&b'$') && run(start) == hash).then_some(start + hash)
}

fn behind_rounds(bytes: &[u8], at: usize) -> usize {
    let Some(rest) = bytes[at..].strip_prefix(b"rounds=") else { return at };
    let digits = rest.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    at + 7 + digits + usize::from(rest.get(digits) == Some(&b'$'))
}
