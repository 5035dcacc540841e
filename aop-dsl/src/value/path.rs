//! Paths of files, POSIX's and Windows': normalised by their text alone.
//!
//! Separators are `/` (a backslash is one too, since it is to Windows), `.` and doubled separators are gone, `..` has taken
//! the part before it. Only a share keeps its two backslashes (`\\server/share`). `/..` is `/`, as for the system. A `..`
//! that climbs above where a relative path starts, or above `~`, stays. What is written in percent signs stays as it is.

use std::borrow::Cow;

/// What the path of a share starts with; `//` would be `/` to POSIX.
const SHARE: &str = r"\\";

/// The normal form of a path; nothing for a text that no system takes, because it holds a NUL.
pub(crate) fn read(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.contains('\0') {
        return None;
    }
    Some(if is_normal(&text) { text } else { Cow::Owned(normalise(&text)) })
}

/// Whether nothing has to be changed.
fn is_normal(text: &str) -> bool {
    let rest = text.strip_prefix('/').unwrap_or(text);
    !text.contains('\\')
        && drive(text).is_none()
        && (text == "/" || rest.split('/').all(|part| !matches!(part, "" | "." | "..")))
}

fn normalise(text: &str) -> String {
    let (root, rest) = root(text);
    // `~` and `~bob` stand for places of their own, but only where a path starts.
    let from_home = rest.len() == text.len() && text.starts_with('~');
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split(is_separator) {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." && !(from_home && parts.len() == 1) => {
                    parts.pop();
                }
                None if root.ends_with(is_separator) => {}
                _ => parts.push(part),
            },
            _ => parts.push(part),
        }
    }
    match parts.first() {
        None if root.is_empty() => ".".to_owned(),
        // It has come to the start and means no home and no drive there.
        Some(first) if root.is_empty() && !from_home && (first.starts_with('~') || drive(first).is_some()) => {
            format!("./{}", parts.join("/"))
        }
        _ => root + &parts.join("/"),
    }
}

fn is_separator(character: char) -> bool {
    matches!(character, '/' | '\\')
}

/// What a path starts from, in its normal form, and the rest: `/`, `C:/`, `C:` (the directory that is current there),
/// `\\` (a share), or nothing.
fn root(text: &str) -> (String, &str) {
    if let Some(rest) = text.strip_prefix(r"\\?\UNC\").or_else(|| text.strip_prefix(r"\\?\unc\")) {
        return (SHARE.to_owned(), rest);
    }
    if let Some(rest) = text.strip_prefix(r"\\?\").or_else(|| text.strip_prefix(r"\\.\")) {
        return if drive(rest).is_some() { root(rest) } else { (SHARE.to_owned(), rest) };
    }
    if let Some(rest) = text.strip_prefix(SHARE) {
        return (SHARE.to_owned(), rest);
    }
    let (drive, rest) = drive(text).map_or((String::new(), text), |letter| (format!("{letter}:"), &text[2..]));
    match rest.strip_prefix(is_separator) {
        Some(rest) => (drive + "/", rest),
        None => (drive, rest),
    }
}

/// The letter of a drive, in upper case.
fn drive(text: &str) -> Option<char> {
    match text.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => Some(char::from(letter.to_ascii_uppercase())),
        _ => None,
    }
}

/// Of a path in its normal form: its root and its parts.
fn parts(path: &str) -> (&str, impl DoubleEndedIterator<Item = &str>) {
    let (root, rest) = path.split_at(root_len(path));
    (root, rest.split('/').filter(|part| !matches!(*part, "" | ".")))
}

fn root_len(path: &str) -> usize {
    if path.starts_with(SHARE) {
        return SHARE.len();
    }
    let drive = if drive(path).is_some() { 2 } else { 0 };
    drive + usize::from(path[drive..].starts_with('/'))
}

/// Whether it starts at a root of the system, or at somebody's home.
pub(crate) fn is_absolute(path: &str) -> bool {
    path.starts_with('~') || path[..root_len(path)].ends_with(is_separator)
}

/// Whether it climbs above where it starts.
pub(crate) fn climbs(path: &str) -> bool {
    parts(path).1.any(|part| part == "..")
}

/// The last part; nothing for a root or when it is a `..`.
pub(crate) fn name(path: &str) -> Option<&str> {
    parts(path).1.next_back().filter(|part| *part != "..")
}

/// What is behind the last dot of the name, unless the name starts with it.
pub(crate) fn extension(path: &str) -> Option<&str> {
    let (stem, extension) = name(path)?.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then_some(extension)
}

/// The directory that it is in; nothing for a root, for a single part and for a path that ends in `..`.
pub(crate) fn parent(path: &str) -> Option<&str> {
    let name = name(path)?;
    let (root, before) = (root_len(path), path.len() - name.len());
    let end = if before > root { before - 1 } else { before };
    if end == 0 { None } else { Some(&path[..end]) }
}

/// How many parts it has.
pub(crate) fn depth(path: &str) -> usize {
    parts(path).1.count()
}

/// Whether it is this directory or lies in it. What climbs is in no directory.
pub(crate) fn is_under(path: &str, directory: &str) -> bool {
    let (root, mut own) = parts(path);
    let (directory_root, mut wanted) = parts(directory);
    root == directory_root && !climbs(path) && !climbs(directory) && wanted.all(|part| own.next() == Some(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normal(text: &str) -> String {
        read(Cow::Borrowed(text)).unwrap().into_owned()
    }

    #[test]
    fn paths_are_normalised_by_their_text() {
        for (text, expected) in [
            ("/etc/passwd", "/etc/passwd"),
            ("/etc//ssh/./sshd_config", "/etc/ssh/sshd_config"),
            ("/tmp/../etc/passwd", "/etc/passwd"),
            ("/tmp/..\\etc\\passwd", "/etc/passwd"),
            ("/../../etc", "/etc"),
            ("/..", "/"),
            ("//etc", "/etc"),
            ("/etc/", "/etc"),
            ("", "."),
            (".", "."),
            ("./a", "a"),
            ("a/..", "."),
            ("a/../../b", "../b"),
            ("../../a", "../../a"),
            ("~/.ssh/id_rsa", "~/.ssh/id_rsa"),
            ("~/..", "~/.."),
            ("~bob/../x", "~bob/../x"),
            ("a/~/..", "a"),
            ("a/../~/x", "./~/x"),
            ("./c:/x", "./c:/x"),
            (r"c:\Users\bob\..\eve", "C:/Users/eve"),
            (r"C:\..\x", "C:/x"),
            (r"c:x\..\..\y", "C:../y"),
            (r"c:", "C:"),
            (r"\\server\share\a\..\b", r"\\server/share/b"),
            (r"\\?\C:\a", "C:/a"),
            (r"\\?\UNC\server\share", r"\\server/share"),
            (r"\etc\passwd", "/etc/passwd"),
            ("%2e%2e/x", "%2e%2e/x"),
            (" /etc ", " /etc "),
        ] {
            assert_eq!(normal(text), expected, "{text:?}");
        }
        assert_eq!(read(Cow::Borrowed("a\0b")), None);
        assert!(matches!(read(Cow::Borrowed("/a/b.c")), Some(Cow::Borrowed(_))));
    }

    #[test]
    fn parts_of_paths() {
        for (path, name_, extension_, parent_, depth_, absolute) in [
            ("/etc/passwd", Some("passwd"), None, Some("/etc"), 2, true),
            ("/a.tar.gz", Some("a.tar.gz"), Some("gz"), Some("/"), 1, true),
            ("/home/bob/.ssh", Some(".ssh"), None, Some("/home/bob"), 3, true),
            ("/", None, None, None, 0, true),
            (".", None, None, None, 0, false),
            ("a", Some("a"), None, None, 1, false),
            ("..", None, None, None, 1, false),
            ("../a.x", Some("a.x"), Some("x"), Some(".."), 2, false),
            ("~/a", Some("a"), None, Some("~"), 2, true),
            ("C:/Users", Some("Users"), None, Some("C:/"), 1, true),
            ("C:/", None, None, None, 0, true),
            ("C:x", Some("x"), None, Some("C:"), 1, false),
            (r"\\server/share", Some("share"), None, Some(r"\\server"), 2, true),
        ] {
            assert_eq!(
                (name(path), extension(path), parent(path), depth(path), is_absolute(path)),
                (name_, extension_, parent_, depth_, absolute),
                "{path}"
            );
        }
    }

    #[test]
    fn a_path_is_under_a_directory_by_whole_parts() {
        for (path, directory, expected) in [
            ("/etc/passwd", "/etc", true),
            ("/etc", "/etc", true),
            ("/etcetera", "/etc", false),
            ("/etc", "/etc/ssh", false),
            ("/etc", "/", true),
            ("etc/passwd", "/etc", false),
            ("../x", ".", false),
            ("a/b", ".", true),
            ("C:/x/y", "C:/x", true),
            ("C:/x", "D:/", false),
            ("~/.ssh/id", "~/.ssh", true),
            ("~/../x", "~", false),
        ] {
            assert_eq!(is_under(path, directory), expected, "{path} under {directory}");
        }
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own(text in ".{0,40}", path in "[a-cC:/\\\\.~?]{0,20}") {
            for text in [text, path] {
                let Some(normal) = read(Cow::Borrowed(&text)) else { continue };
                let again = read(Cow::Borrowed(&normal));
                prop_assert_eq!(again.as_deref(), Some(&*normal), "{:?}", text);
                let _ = (name(&normal), extension(&normal), parent(&normal), depth(&normal), is_absolute(&normal));
                prop_assert!(climbs(&normal) || is_under(&normal, &normal), "{}", normal);
                if let Some(parent) = parent(&normal) {
                    let again = read(Cow::Borrowed(parent));
                    prop_assert_eq!(again.as_deref(), Some(parent), "{}", normal);
                }
            }
        }
    }
}
