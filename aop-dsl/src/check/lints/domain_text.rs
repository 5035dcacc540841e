//! `unanchored-domain`, `loose-domain`: `contains`, `starts_with` and `ends_with` with a domain that others have too.

use super::Sense;
use super::addresses::{address, better, is_domain, text_is_mistake};
use crate::check::Checker;
use crate::check::annotations::Allowed;
use crate::syntax::ast::BinaryOp;
use crate::typed::Expr;

impl Checker<'_, '_, '_> {
    pub(super) fn domain_text(
        &mut self,
        allowed: &Allowed,
        op: BinaryOp,
        value: &Expr,
        pattern: &Expr,
        text: &str,
        sense: Sense,
    ) {
        let Some(ty) = address(value) else { return };
        let after_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
        let domain = after_scheme.trim_start_matches(['@', '.']);
        if !is_domain(domain) {
            return;
        }
        let starts_in_name = after_scheme.len() == domain.len() && after_scheme.len() == text.len();
        let (why, passes) = match op {
            BinaryOp::EndsWith if !starts_in_name => return,
            BinaryOp::EndsWith => ("the text may begin in the middle of a name", format!("evil{domain}")),
            BinaryOp::StartsWith => ("the text may go on behind the domain", format!("{domain}.evil.example")),
            _ => ("the text may stand anywhere", format!("{domain}.evil.example")),
        };
        let quoted = self.quote(value.span);
        let is_mistake = text_is_mistake(sense, Some(&ty));
        if let Some(diagnostic) = self.loose(allowed, is_mistake, pattern.span, format!("{why}: `{passes}` passes too")) {
            diagnostic.help(better(&quoted, &ty, domain));
        }
    }
}
