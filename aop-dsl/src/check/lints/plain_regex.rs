//! `plain-regex`: a regular expression that is a plain text.

use crate::check::Checker;
use crate::check::annotations::Allowed;
use crate::diagnostic::{DiagnosticCode, shown};
use crate::typed::Expr;

impl Checker<'_, '_, '_> {
    pub(super) fn plain_regex(&mut self, allowed: &Allowed, value: &Expr, pattern: &Expr, text: &str) {
        if text.is_empty()
            || text.chars().any(|character| {
                !(character.is_alphanumeric()
                    || matches!(character, ' ' | '_' | '-' | '/' | ':' | '@' | ',' | ';' | '=' | '%' | '&' | '\'' | '~'))
            })
        {
            return;
        }
        let quoted = self.quote(value.span);
        let message = format!("`{}` is a plain text: the pattern says no more than `contains`", shown(text));
        if let Some(diagnostic) = self.lint(allowed, DiagnosticCode::PlainRegex, pattern.span, message) {
            diagnostic
                .help(format!("write `{quoted} contains {text:?}`, or `{quoted} == {text:?}` when the whole is meant"));
        }
    }
}
