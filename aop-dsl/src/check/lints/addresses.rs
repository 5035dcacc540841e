//! Whether a value is an address, and how its domain is better asked for.

use super::Sense;
use crate::builtins::BUILTINS;
use crate::check::Checker;
use crate::check::annotations::Allowed;
use crate::diagnostic::{Diagnostic, DiagnosticCode};
use crate::syntax::ast::{BinaryOp, Span};
use crate::typed::{Expr, ExprKind};
use crate::types::Type;

/// The type of an address (email, domain, url) that is looked at, be it as a string.
pub(super) fn address(value: &Expr) -> Option<Type> {
    match (value.ty.required(), &value.kind) {
        (ty @ (Type::Email | Type::Domain | Type::Url), _) => Some(ty.clone()),
        (_, ExprKind::Cast(inner)) => address(inner),
        (_, ExprKind::Binary { op: BinaryOp::Else, left, .. }) => address(left),
        // `lower(address)` is one still; `url.path` is not.
        (_, ExprKind::Builtin { builtin, arguments }) if !BUILTINS[*builtin].property => match arguments.as_slice() {
            [Some(inner)] if *value.ty.required() == Type::String => address(inner),
            _ => None,
        },
        _ => None,
    }
}

/// How a domain is asked for without a pattern.
pub(super) fn better(quoted: &str, ty: &Type, domain: &str) -> String {
    let part = match ty {
        Type::Email => ".domain",
        Type::Url => ".host",
        _ => "",
    };
    format!("ask for the domain itself: `{quoted}{part} in [\"{domain}\", \"*.{domain}\"]`")
}

impl Checker<'_, '_, '_> {
    /// A pattern that others pass too. In a rule that refuses events, about a value that is known to be an address, it is a hole
    /// in the rule or refuses the innocent, and so a mistake; elsewhere it is a warning.
    pub(super) fn loose(
        &mut self,
        allowed: &Allowed,
        is_mistake: bool,
        span: Span,
        message: String,
    ) -> Option<&mut Diagnostic> {
        if is_mistake {
            return Some(self.sink.error(DiagnosticCode::UnanchoredDomain, span, message));
        }
        self.lint(allowed, DiagnosticCode::LooseDomain, span, message)
    }
}

/// Whether a text is made like a domain: labels with dots between, the last one of letters.
pub(super) fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
    };
    let last_is_word =
        labels.last().is_some_and(|last| last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()));
    labels.len() >= 2 && labels.iter().all(is_label) && last_is_word
}

/// Ends of domains of more than two letters that stand in policies; every end of two letters is a country's.
const ENDS: &[&str] = &[
    "app", "biz", "cloud", "com", "dev", "edu", "example", "gov", "info", "int", "invalid", "mil", "net", "onion", "online",
    "org", "shop", "site", "test", "xyz",
];

/// Whether a text that is made like a domain most likely is one, and no file name or the like.
pub(super) fn has_known_end(domain: &str) -> bool {
    let end = domain.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    end.len() == 2 || ENDS.contains(&end.as_str())
}

/// Whether a plain text comparison that takes too much is a mistake: it must let pass what should not, for a text that is too
/// short in a list of what is refused only refuses more.
pub(super) fn text_is_mistake(sense: Sense, address: Option<&Type>) -> bool {
    address.is_some() && sense.refuses && sense.negated
}
