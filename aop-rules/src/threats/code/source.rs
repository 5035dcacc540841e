//! Parameters that are programs or documents as a whole, in which code is no injection.

use crate::scan::Parameter;
use crate::text::words::begins_with;

/// Whether a key says that a tool is given source code or a command.
pub(crate) fn is_named(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "command",
        "cmd",
        "commands",
        "code",
        "script",
        "source",
        "source_code",
        "program",
        "snippet",
        "patch",
        "diff",
        "file_text",
        "file_content",
        "file_contents",
        "new_str",
        "old_str",
        "new_string",
        "old_string",
        "str",
        "javascript",
        "js",
        "python",
        "bash",
        "shell",
        "cell",
        "notebook",
        "replacement_text",
        "insert_text",
        "new_content",
    ];
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    let letters = || name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    name.len() <= NAME_BYTES_MAX && names.iter().any(|known| letters().eq(known.bytes()))
}

/// A longer key is none of those that are known.
const NAME_BYTES_MAX: usize = 24;

/// Whether a key says what a file is to hold, where another names the file.
pub(crate) fn is_content_named(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "content",
        "contents",
        "text",
        "body",
        "data",
        "html",
        "markup",
        "source",
        "lines",
        "newcontent",
        "markdown",
        "value",
    ];
    is_one_of(name, NAMES)
}

/// Whether a key names a file.
pub(crate) fn names_file(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "path",
        "file",
        "filename",
        "filepath",
        "targetfile",
        "targetpath",
        "relativepath",
        "absolutepath",
        "outputpath",
        "outputfile",
        "destination",
        "notebookpath",
        "documentpath",
    ];
    is_one_of(name, NAMES)
}

/// Whether a key names a program that is run with the arguments beside it.
pub(crate) fn names_program(name: &str) -> bool {
    is_one_of(name, &["command", "cmd", "program", "executable", "exe", "binary", "bin", "shell", "interpreter"])
}

/// Whether a parameter is a page of markup: its key says so, or it is a whole document where a document may be. Scripts are
/// ordinary there, but for one that takes what the reader's browser keeps.
pub(crate) fn is_page(parameter: &Parameter<'_>, is_content: bool) -> bool {
    let text = parameter.text;
    if !parameter.bytes().has(b'<') {
        return false;
    }
    const NAMES: &[&str] =
        &["html", "htmlbody", "bodyhtml", "htmlcontent", "contenthtml", "markup", "svg", "xml", "page", "jsx"];
    let begins = text.trim_ascii_start();
    let is_whole = ["<!doctype html", "<html"].iter().any(|begin| begins_with(begins, begin));
    let is_markup = is_one_of(parameter.name, NAMES);
    (is_markup || is_whole && (is_content || is_content_named(parameter.name))) && !takes_from_reader(text)
}

fn takes_from_reader(text: &str) -> bool {
    let text = &text[..text.floor_char_boundary(PAGE_BYTES_MAX)];
    let lower = text.to_ascii_lowercase();
    ["document.cookie", "localstorage", "sessionstorage"].iter().any(|kept| lower.contains(kept))
}

/// So much of a page is looked at for what it takes.
const PAGE_BYTES_MAX: usize = 16 << 10;

/// Whether a text is a document: of some length and several lines.
pub(super) fn is_document(text: &str) -> bool {
    text.len() >= DOCUMENT_BYTES_MIN && memchr::memchr_iter(b'\n', text.as_bytes()).nth(DOCUMENT_LINES_MIN - 1).is_some()
}

const DOCUMENT_BYTES_MIN: usize = 400;

const DOCUMENT_LINES_MIN: usize = 6;
