//! `path-glob`: a glob that no path matches, because paths are normalised before they are compared and globs are not.

use crate::check::Checker;
use crate::check::annotations::Allowed;
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::Span;
use crate::typed::Expr;
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn path_glob(&mut self, allowed: &Allowed, value: &Expr, pattern: Span, text: &str) {
        if *value.ty.required() != Type::Path {
            return;
        }
        let Some((part, mended)) = not_normal(text) else { return };
        let message = format!("paths are normalised before they are compared, and none {part}");
        let literal = format!("glob\"{text}\"");
        let written = self.sink.source().get(pattern.range()).unwrap_or_default() == literal;
        if let Some(diagnostic) = self.lint(allowed, DiagnosticCode::PathGlob, pattern, message) {
            diagnostic.help(format!("write `glob\"{mended}\"`"));
            if written {
                diagnostic.fix(pattern, format!("glob\"{mended}\""));
            }
        }
    }
}

/// What stands in no path's normal form, and the glob without it. Choices and classes are not looked into.
fn not_normal(text: &str) -> Option<(&'static str, String)> {
    if text.contains(['{', '[', '\\']) {
        return None;
    }
    // What climbs out of the directory above is not known, and `./~` is no home.
    let starts_here = text.strip_prefix("./").filter(|rest| !rest.starts_with(['~', '*', '?']));
    match starts_here {
        Some(rest) if !rest.is_empty() => Some(("begins with `./`", rest.to_owned())),
        _ if text.contains("/./") => Some(("has `/./` in it", text.replace("/./", "/"))),
        _ if text.contains("//") => Some(("has `//` in it", text.replace("//", "/"))),
        _ if text.len() > 1 && text.ends_with('/') => Some(("ends with `/`", text.trim_end_matches('/').to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_normal_path_has() {
        for (glob, mended) in [
            ("./notes/*.txt", Some("notes/*.txt")),
            ("/etc//ssh/*", Some("/etc/ssh/*")),
            ("/etc/./ssh/*", Some("/etc/ssh/*")),
            ("/etc/", Some("/etc")),
            ("/", None),
            ("/etc/**", None),
            ("**/.env", None),
            ("../*", None),
            ("./~*", None),
            ("/etc{,/}", None),
        ] {
            assert_eq!(not_normal(glob).map(|(_, mended)| mended).as_deref(), mended, "{glob}");
        }
    }
}
