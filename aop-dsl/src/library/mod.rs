//! The packages that come with the language: `use std.labels;`. They have words, values and functions, and no rules.

use std::sync::OnceLock;

use crate::diagnostic::Sink;
use crate::syntax::{self, ast};

/// Their names, sorted.
pub(crate) const NAMES: &[&str] = &["std.files", "std.labels", "std.mail", "std.net", "std.shell", "std.time", "std.web"];

/// The text of a package of [`NAMES`].
pub(crate) fn package(name: &str) -> Option<&'static str> {
    Some(match name {
        "std.files" => include_str!("std/files.aop"),
        "std.labels" => include_str!("std/labels.aop"),
        "std.mail" => include_str!("std/mail.aop"),
        "std.net" => include_str!("std/net.aop"),
        "std.shell" => include_str!("std/shell.aop"),
        "std.time" => include_str!("std/time.aop"),
        "std.web" => include_str!("std/web.aop"),
        _ => return None,
    })
}

/// The syntax tree of a package of [`NAMES`], read once: most policies use the same ones.
pub(crate) fn tree(name: &str) -> Option<&'static ast::File> {
    static TREES: [OnceLock<Option<ast::File>>; NAMES.len()] = [const { OnceLock::new() }; NAMES.len()];
    let at = NAMES.binary_search(&name).ok()?;
    let read = || {
        let text = package(name)?;
        syntax::parse(text, &mut Sink::new(name, text))
    };
    TREES[at].get_or_init(read).as_ref()
}

#[cfg(test)]
mod tests;
