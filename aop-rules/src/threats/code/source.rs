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

/// Whether a key is one under which a document may stand.
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

/// Whether a key says that its text is written to the file beside it. A command, a query, arguments or anything that a tool
/// runs is none of that, whatever file stands beside it.
pub(crate) fn is_file_content_named(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "content",
        "contents",
        "text",
        "body",
        "code",
        "html",
        "markup",
        "markdown",
        "lines",
        "source",
        "sourcecode",
        "snippet",
        "patch",
        "diff",
        "filetext",
        "filecontent",
        "filecontents",
        "newcontent",
        "newstr",
        "newstring",
        "newtext",
        "oldstr",
        "oldstring",
        "oldtext",
        "inserttext",
        "replacementtext",
    ];
    is_one_of(name, NAMES)
}

/// Whether a key names the file that is written.
pub(crate) fn names_file(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "path",
        "file",
        "filename",
        "filepath",
        "targetfile",
        "relativepath",
        "absolutepath",
        "outputfile",
        "notebookpath",
    ];
    is_one_of(name, NAMES)
}

/// Whether a key says that the object is a request to somebody, of which `path` is a part: it writes no file.
pub(crate) fn names_request(name: &str) -> bool {
    const NAMES: &[&str] =
        &["method", "httpmethod", "verb", "url", "baseurl", "uri", "endpoint", "host", "headers", "query", "params"];
    is_one_of(name, NAMES)
}

/// Whether a path leads to a file of text or source code, by its last part: an extension that only such files have, or a
/// well-known name. Folders, addresses and files that a shell runs when it starts are none.
pub(crate) fn is_text_file(path: &str) -> bool {
    let path = path.trim();
    let has_control = path.bytes().any(|byte| byte.is_ascii_control());
    if path.len() > PATH_BYTES_MAX || has_control || path.contains("://") || path.contains(['?', '|', '`', '$', '<', '>']) {
        return false;
    }
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    if FILES.contains(&name) {
        return true;
    }
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// A longer path is none that an agent writes to.
const PATH_BYTES_MAX: usize = 1024;

/// Files of text and source code without an extension.
#[rustfmt::skip]
const FILES: &[&str] = &[
    "AUTHORS", "BUILD", "Brewfile", "CHANGELOG", "CMakeLists.txt", "CODEOWNERS", "CONTRIBUTING", "Caddyfile", "Containerfile",
    "Dockerfile", "GNUmakefile", "Gemfile", "Jenkinsfile", "Justfile", "LICENSE", "Makefile", "NOTICE", "Pipfile", "Procfile",
    "README", "Rakefile", "TODO", "Vagrantfile", "WORKSPACE", "dockerfile", "justfile", "makefile", ".dockerignore",
    ".editorconfig", ".env", ".env.example", ".gitattributes", ".gitignore", ".prettierrc", ".eslintrc",
];

#[rustfmt::skip]
const EXTENSIONS: &[&str] = &[
    "adoc", "asm", "astro", "bash", "bat", "c", "cc", "cfg", "cjs", "clj", "cmake", "cmd", "conf", "cpp", "cs", "csproj", "css",
    "csv", "cts", "cxx", "dart", "ddl", "diff", "dockerfile", "ejs", "el", "env", "erb", "erl", "ex", "exs", "fish", "fs", "go",
    "gql", "gradle", "graphql", "groovy", "h", "haml", "hbs", "hcl", "hh", "hpp", "hs", "htm", "html", "ini", "ipynb", "j2",
    "java", "jinja", "jinja2", "jl", "js", "json", "json5", "jsonc", "jsonl", "jsp", "jsx", "kt", "kts", "less", "liquid", "lisp",
    "log", "lua", "m", "md", "mdx", "mjs", "mk", "ml", "mm", "mts", "mustache", "nim", "nix", "njk", "patch", "php", "phtml",
    "pl", "pm", "properties", "proto", "ps1", "psm1", "pug", "py", "pyi", "r", "rb", "rs", "rst", "sass", "scala", "scss", "sh",
    "sql", "svelte", "svg", "swift", "tex", "tf", "tfvars", "tmpl", "toml", "tpl", "ts", "tsv", "tsx", "twig", "txt", "vb",
    "vue", "xhtml", "xml", "xsd", "xsl", "yaml", "yml", "zig", "zsh",
];

/// Whether a key, by its end, says that its text is there to be read, sought or put into a document: a command in it is told of.
pub(crate) fn is_told_in(name: &str) -> bool {
    #[rustfmt::skip]
    const ENDS: &[&str] = &[
        "answer", "body", "caption", "code", "comment", "comments", "content", "contents", "desc", "description", "details", "doc",
        "docs", "documentation", "error", "example", "examples", "fact", "feedback", "find", "help", "history", "html", "instruction",
        "instructions", "keyword", "keywords", "label", "lines", "log", "logs", "markdown", "memory", "message", "msg", "name", "needle",
        "new", "note", "notes", "observation", "old", "output", "patch", "pattern", "plan", "post", "prompt", "query", "question",
        "quote", "readme", "reason", "reasoning", "regex", "regexp", "replace", "replacement", "reply", "response", "result", "search",
        "snippet", "source", "stderr", "stdout", "str", "string", "subject", "summary", "text", "thought", "thoughts", "title",
        "topic", "transcript",
    ];
    let lower = name.to_ascii_lowercase();
    lower == "q" || ENDS.iter().any(|end| lower.ends_with(end))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_text_are_told_from_other_paths() {
        for path in
            ["notes/a.md", "/srv/app/main.py", "C:\\work\\x.TS", "Dockerfile", "ci/Makefile", ".github/ci.yml", "o'brien.md"]
        {
            assert!(is_text_file(path), "{path}");
        }
        for path in [
            "/work",
            "/",
            ".",
            "",
            "Rome",
            "src/",
            "/api/users",
            "https://files.example/a.html",
            "a.html?x=1",
            "x; rm -rf ~",
            ".md",
            "photo.png",
            "/usr/bin/python3",
            "~/.bashrc",
            "a.md\nb.md",
            "$(id).md",
        ] {
            assert!(!is_text_file(path), "{path}");
        }
    }

    #[test]
    fn what_is_run_is_no_content_of_a_file() {
        for name in ["content", "file_text", "new_str", "newString", "code", "Body"] {
            assert!(is_file_content_named(name), "{name}");
        }
        for name in
            ["command", "cmd", "commands", "script", "bash", "shell", "args", "argv", "query", "sql", "value", "data"]
        {
            assert!(!is_file_content_named(name), "{name}");
        }
    }
}
