//! The packages that come with the language: `use std.labels;`. They have words, values and functions, and no rules.

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

#[cfg(test)]
mod tests;
