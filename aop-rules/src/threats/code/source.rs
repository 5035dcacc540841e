//! Parameters that are programs or documents as a whole, in which code is no injection.

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

/// Whether a text is a document: of some length and several lines.
pub(super) fn is_document(text: &str) -> bool {
    text.len() >= DOCUMENT_BYTES_MIN && memchr::memchr_iter(b'\n', text.as_bytes()).nth(DOCUMENT_LINES_MIN - 1).is_some()
}

const DOCUMENT_BYTES_MIN: usize = 400;

const DOCUMENT_LINES_MIN: usize = 6;
