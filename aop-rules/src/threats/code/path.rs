//! Paths that climb out of where they belong, however the climb is written.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

use super::ends::{ends, words_alone};
use super::shell::files;
use crate::rule::Rule;
use crate::scan::{Language, Look, Match, Parameter, Recognizer};
use crate::text::words::begins_with;

/// `threats/path-traversal`
pub static RULE: Rule = Rule {
    id: "threats/path-traversal",
    summary: "path that leads out of its place",
    why: "A tool that opens the file it is named opens `../../etc/passwd` too. Judged by where the climb leads, how far it goes and \
          how it is written. Left alone: relative paths within a project, documents, and commands of a shell.",
    source: "CWE-22, CWE-23 and CWE-36; OWASP, Path Traversal; RFC 3629, section 10, on overlong forms",
    ..Rule::ATTACK
};

/// Finds such paths.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        "../../../etc/passwd",
        r"..\..\..\windows\win.ini",
        "%2e%2e%2f%2e%2e%2fetc%2fhosts",
        "..%c0%af..%c0%afetc/passwd",
        "....//....//etc/passwd",
        "/var/www/images/../../../../root/notes",
        "../../../../../../../x",
        "images/../../../x",
        "php://filter/convert.base64-encode/resource=index",
        "file:///etc/passwd",
        "report.php%00.png",
        r#"{"path": "/proc/self/environ"}"#,
        r#"{"filename": "~/.ssh/id_rsa"}"#,
    ],
    misses: &[
        "../src/lib.rs",
        "../../package.json",
        "import x from '../../../components/button'",
        "/usr/lib/gcc/x86_64-linux-gnu/13/../../../x86_64-linux-gnu",
        "wait... and then...",
        "1..10 and a/../b",
        r#"{"path": "/home/ann/project/src/main.rs"}"#,
        r#"{"path": ".env"}"#,
        "file:///home/ann/project/src/main.rs",
        "https://files.example/a%20b/c%2Fd",
    ],
}];

/// A longer value, or one of more lines, is a document: only what stands alone in it is looked at.
const VALUE_BYTES_MAX: usize = 2048;
const VALUE_LINES_MAX: usize = 2;

/// Where a value climbs out.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    let text = parameter.text;
    if parameter.is_key || parameter.language != Language::Undeclared || text.len() < 4 {
        return None;
    }
    let bytes = parameter.bytes();
    let has_signs = bytes.has(b'%')
        || bytes.has(b'.') && memmem::find(text.as_bytes(), b"..").is_some()
        || bytes.has_all(b":/") && memmem::find(text.as_bytes(), b"://").is_some()
        || bytes.has(0)
        || text.starts_with(['/', '~', '$'])
        || text.as_bytes().get(1) == Some(&b':');
    if !has_signs || parameter.holds_command() {
        return None;
    }
    let trimmed = text.trim_ascii_end();
    if trimmed.len() > VALUE_BYTES_MAX || memchr_iter(b'\n', trimmed.as_bytes()).nth(VALUE_LINES_MAX).is_some() {
        let span = words_alone(text).into_iter().flat_map(|word| ends(text, word)).find_map(|word| {
            let part = &text[word.clone()];
            let found = wrapper(part).or_else(|| climbs(part))?;
            Some(word.start + found.start..word.start + found.end)
        })?;
        return Some(Match { start: span.start, end: span.end, score: 0.8 });
    }
    let span = wrapper(text).or_else(|| climbs(text)).or_else(|| cut_short(text)).or_else(|| absolute(parameter))?;
    Some(Match { start: span.start, end: span.end, score: 0.8 })
}

/// Addresses that PHP and others open as files.
fn wrapper(text: &str) -> Option<Range<usize>> {
    const WRAPPERS: &[&str] = &[
        "php://filter",
        "php://input",
        "php://fd",
        "phar://",
        "expect://",
        "compress.zlib://",
        "compress.bzip2://",
        "data://text",
        "zip://",
    ];
    let start = text.len() - text.trim_start().len();
    let is = |wrapper: &&str| begins_with(&text[start..], wrapper);
    if WRAPPERS.iter().any(is) {
        return Some(start..text.len());
    }
    let path = text[start..].get(..7).filter(|head| head.eq_ignore_ascii_case("file://")).map(|_| &text[start + 7..])?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let own = ["home/", "users/", "tmp/", "usr/local/", "var/lib/", "dev/"];
    let place = path.trim_start_matches('/').to_ascii_lowercase();
    let is_of_system = is_target(&place) && !own.iter().any(|folder| place.starts_with(folder));
    (is_of_system || files::is_secret(path)).then_some(start..text.len())
}

/// What stands at an offset as a dot or as what parts folders, and how it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Plainly,
    /// Percent-encoded once, as an address may have it.
    Encoded,
    /// As only somebody writes it who wants to get past a check.
    Evasively,
}

const DOTS: &[(&[u8], Written)] = &[
    (b".", Written::Plainly),
    (b"%2e", Written::Encoded),
    (b"%252e", Written::Evasively),
    (b"%25252e", Written::Evasively),
    (b"%c0%ae", Written::Evasively),
    (b"%c0%2e", Written::Evasively),
    (b"%e0%40%ae", Written::Evasively),
    (b"%e0%80%ae", Written::Evasively),
    (b"%c0ae", Written::Evasively),
    (b"%u002e", Written::Evasively),
    (b"%uff0e", Written::Evasively),
    (b"0x2e", Written::Evasively),
    (b"\\u002e", Written::Evasively),
];
const SEPARATORS: &[(&[u8], Written)] = &[
    (b"/", Written::Plainly),
    (b"\\", Written::Plainly),
    (b"%2f", Written::Encoded),
    (b"%5c", Written::Encoded),
    (b"%252f", Written::Evasively),
    (b"%255c", Written::Evasively),
    (b"%25252f", Written::Evasively),
    (b"%c0%af", Written::Evasively),
    (b"%c0%2f", Written::Evasively),
    (b"%c1%9c", Written::Evasively),
    (b"%c1%8s", Written::Evasively),
    (b"%c0%5c", Written::Evasively),
    (b"%e0%80%af", Written::Evasively),
    (b"%c0af", Written::Evasively),
    (b"%bg%qf", Written::Evasively),
    (b"%u2215", Written::Evasively),
    (b"%u2216", Written::Evasively),
    (b"%uff0f", Written::Evasively),
    (b"0x2f", Written::Evasively),
    (b"0x5c", Written::Evasively),
    (b";/", Written::Evasively),
    (b"\\u002f", Written::Evasively),
];

/// What stands at an offset, and the byte behind it.
fn at(bytes: &[u8], at: usize, forms: &[(&[u8], Written)]) -> Option<(Written, usize)> {
    let rest = bytes.get(at..)?;
    let is = |form: &[u8]| begins_with(rest, form);
    forms.iter().find(|(form, _)| is(form)).map(|(form, written)| (*written, at + form.len()))
}

/// A run of `../`.
struct Climb {
    span: Range<usize>,
    levels: usize,
    /// Its dots are percent-encoded.
    has_encoded_dots: bool,
    is_encoded: bool,
    is_evasive: bool,
    /// `....//`: what is left when `../` is taken out once is `../`.
    is_doubled: bool,
}

fn climb(bytes: &[u8], start: usize) -> Option<Climb> {
    let mut climb = Climb {
        span: start..start,
        levels: 0,
        has_encoded_dots: false,
        is_encoded: false,
        is_evasive: false,
        is_doubled: false,
    };
    let mut place = start;
    loop {
        let (mut dots, mut parts, mut seen) = (0, 0, Vec::new());
        let mut next = place;
        while let Some((written, behind)) = at(bytes, next, DOTS).filter(|_| dots < 8) {
            (dots, next) = (dots + 1, behind);
            seen.push((written, true));
        }
        while let Some((written, behind)) = at(bytes, next, SEPARATORS).filter(|_| parts < 8) {
            (parts, next) = (parts + 1, behind);
            seen.push((written, false));
        }
        // `./` between climbs goes nowhere; at the end of a path `..` needs nothing behind it.
        let is_idle = dots == 1 && parts > 0 && climb.levels > 0;
        if dots < 2 && !is_idle || parts == 0 && (next < bytes.len() || climb.levels == 0) {
            break;
        }
        climb.levels += usize::from(!is_idle);
        climb.is_doubled |= dots > 2 && parts > 0;
        for (written, is_dot) in seen {
            climb.is_evasive |= written == Written::Evasively;
            climb.is_encoded |= written == Written::Encoded;
            climb.has_encoded_dots |= written == Written::Encoded && is_dot;
        }
        place = next;
        climb.span.end = next;
        if next >= bytes.len() {
            break;
        }
    }
    (climb.levels > 0).then_some(climb)
}

/// More levels than a project has.
const LEVELS_MAX: usize = 4;

fn climbs(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from < bytes.len() {
        let rest = &bytes[from..];
        let place = from + rest.iter().position(|&byte| matches!(byte, b'.' | b'%' | b'0' | b'\\'))?;
        let Some(climb) = climb(bytes, place) else {
            from = place + 1;
            continue;
        };
        from = climb.span.end.max(place + 1);
        // `a..b` and `wait...` are no climbs.
        let follows_word = |before: u8| before.is_ascii_alphanumeric() && !climb.is_encoded && !climb.is_evasive;
        let is_part =
            place.checked_sub(1).map(|before| bytes[before]).is_none_or(|before| before != b'.' && !follows_word(before));
        if is_part && leads_out(text, &climb) {
            let end = text[climb.span.end..]
                .find([' ', '"', '\'', '\n', ')', '>'])
                .map_or(text.len(), |length| climb.span.end + length);
            return Some(climb.span.start..end);
        }
    }
    None
}

fn leads_out(text: &str, climb: &Climb) -> bool {
    let target = text[climb.span.end..].split([' ', '"', '\'', '\n', '&', '?', '#', ')', '\0']).next().unwrap_or_default();
    let target = target.split("%00").next().unwrap_or(target);
    if climb.is_evasive || climb.has_encoded_dots || climb.is_doubled && climb.levels > 1 {
        return !target.is_empty() || climb.levels > 1;
    }
    // One or two levels up from a home there is no `/etc`; but a file `etc/x` of a project may be there.
    if is_target(target) && (climb.levels > 1 || climb.is_encoded || climb.is_doubled) {
        return true;
    }
    if ["web-inf/", "meta-inf/"].iter().any(|own| begins_with(target, own)) {
        return true;
    }
    if climb.levels > 1 && files::is_secret(target) && !target.starts_with(".env") {
        return true;
    }
    if climb.is_encoded && climb.levels > 1 {
        return true;
    }
    let before = &text[..climb.span.start];
    let begins = before.rfind([' ', '"', '\'', '(', '=', '\n']).map_or(0, |blank| blank + 1);
    let folders = &before[begins..];
    let is_path = !text.trim().contains([' ', '\n']);
    if (folders.starts_with('/') || folders.as_bytes().get(1) == Some(&b':')) && is_path {
        let depth =
            folders.split(['/', '\\']).filter(|part| !part.is_empty() && *part != "." && !part.ends_with(':')).count();
        return climb.levels >= depth && climb.levels > 1 && !target.is_empty();
    }
    // Into a folder, and further up than where the path began.
    let depth = folders.split(['/', '\\']).filter(|part| !part.is_empty() && !matches!(*part, "." | "..")).count();
    let turns_back = depth > 0 && climb.levels > depth + 1 && !folders.contains(':');
    is_path && (turns_back || climb.levels > LEVELS_MAX)
}

/// Where systems keep what is theirs: from a root on.
fn is_target(path: &str) -> bool {
    const TARGETS: &[&str] = &[
        "etc/",
        "proc/self",
        "proc/1/",
        "proc/version",
        "proc/cmdline",
        "root/",
        "var/log/",
        "windows/",
        "winnt/",
        "boot.ini",
        "win.ini",
        "windows\\",
        "winnt\\",
        "web-inf/",
        "meta-inf/",
        "home/",
        "usr/local/",
        "var/run/",
        "var/lib/",
        "inetpub/",
        "program files",
        "users/",
        "system32/",
        "etc\\",
        "dev/",
        "boot/",
        "autoexec.bat",
        "tmp/",
    ];
    let mut lower = path.get(..path.floor_char_boundary(24)).unwrap_or_default().to_ascii_lowercase();
    if lower.contains('%') {
        lower = lower.replace("%2f", "/").replace("%5c", "\\").replace("%c0%af", "/").replace("%252f", "/");
    }
    let lower = lower.trim_start_matches(['/', '\\']);
    let lower = match lower.as_bytes() {
        [drive, b':', ..] if drive.is_ascii_alphabetic() => lower[2..].trim_start_matches(['/', '\\']),
        _ => lower,
    };
    TARGETS.iter().any(|target| lower.starts_with(target))
}

/// A path that a zero byte cuts short.
fn cut_short(text: &str) -> Option<Range<usize>> {
    let at = memmem::find(text.as_bytes(), b"%00").or_else(|| memchr(0, text.as_bytes()))?;
    let before = &text[..at];
    let is_path = !text.contains(' ')
        && text.len() < 256
        && before.contains(['.', '/', '\\'])
        && before.ends_with(|last: char| last.is_ascii_alphanumeric());
    let behind = text[at..].trim_start_matches("%00").trim_start_matches('\0');
    let is_ending = behind.is_empty() || behind.starts_with(['.', '/', '%']);
    (is_path && is_ending && memchr_iter(0, text.as_bytes()).count() < 3).then_some(0..text.len())
}

/// Names of parameters that hold a path, as letters in lower case.
const NAMES: &[&str] = &[
    "path",
    "file",
    "filename",
    "filepath",
    "filepaths",
    "files",
    "paths",
    "document",
    "attachment",
    "attachments",
    "template",
    "page",
    "include",
    "resource",
    "uri",
    "url",
    "src",
    "source",
    "input",
    "inputfile",
    "fileuri",
    "target",
    "dir",
    "directory",
    "folder",
    "key",
    "keyfile",
];

/// The path of a system's secrets where a file is asked for.
fn absolute(parameter: &Parameter<'_>) -> Option<Range<usize>> {
    let text = parameter.text.trim();
    let is_absolute = text.starts_with(['/', '~', '$']) || text.as_bytes().get(1) == Some(&b':');
    if !is_absolute || text.len() > 256 {
        return None;
    }
    let name = parameter.name;
    let is = |known: &&str| {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        letters.eq(known.bytes())
    };
    let lower = text.to_ascii_lowercase().replace('\\', "/");
    const FILES: &[&str] = &[
        "/etc/passwd",
        "/etc/shadow",
        "/etc/gshadow",
        "/etc/sudoers",
        "/proc/self/environ",
        "/proc/1/environ",
        "/proc/self/mem",
        "/.netrc",
        "/.pgpass",
        "/.aws/credentials",
        "/.git-credentials",
        "/.kube/config",
        "/.bash_history",
        "/.zsh_history",
        "/.docker/config.json",
        "/system32/config/sam",
        "/windows/win.ini",
        "/.vault-token",
        "/serviceaccount/token",
        "/etc/kubernetes/admin.conf",
    ];
    let is_secret = FILES.iter().any(|file| lower.ends_with(file))
        || files::is_never_shown(text)
        || lower.contains("/.gnupg/private")
        || lower.starts_with("/proc/self/");
    (is_secret && name.len() <= 24 && NAMES.iter().any(is)).then_some(0..parameter.text.len())
}
