//! `unanchored-domain`, `loose-domain`: a regular expression for a domain that other domains match too.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{AssertionKind, Ast, RepetitionKind};

use super::addresses::{self, address, better};
use super::{Sense, addresses::is_domain};
use crate::check::Checker;
use crate::check::annotations::Allowed;
use crate::typed::Expr;

/// What is wrong with the pattern of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hole {
    domain: String,
    /// A text that matches and should not.
    passes: String,
    why: &'static str,
}

impl Checker<'_, '_, '_> {
    pub(super) fn domain_regex(
        &mut self,
        allowed: &Allowed,
        value: &Expr,
        pattern: &Expr,
        text: &str,
        sense: Sense,
    ) -> bool {
        let Ok(ast) = Parser::new().parse(text) else { return false };
        let address = address(value);
        // In any text, only what stands behind `@` or `://` is sure to be a domain.
        let Some(hole) = hole(&ast, address.is_none()) else { return false };
        let message = format!("{}: `{}` matches too", hole.why, hole.passes);
        let quoted = self.quote(value.span);
        let is_mistake = address.is_some() && sense.refuses;
        if let Some(diagnostic) = self.loose(allowed, is_mistake, pattern.span, message) {
            diagnostic.help(match &address {
                Some(ty) => better(&quoted, ty, &hole.domain),
                None if text.contains("://") => {
                    format!("write `{}(/|$)`, with `://` before it", regex_syntax::escape(&hole.domain))
                }
                None => format!("write `{}$`, with `@` or `\\.` before it", regex_syntax::escape(&hole.domain)),
            });
        }
        true
    }

    /// The same for globs.
    pub(super) fn domain_glob(&mut self, allowed: &Allowed, value: &Expr, pattern: &Expr, text: &str, sense: Sense) {
        let Some(ty) = addresses::address(value) else { return };
        let core = text.split_once("://").map_or(text, |(_, rest)| rest).trim_matches('*');
        let domain = core.trim_start_matches(['@', '.']);
        if !is_domain(domain) {
            return;
        }
        let (why, passes) = if text.ends_with('*') {
            ("the glob goes on behind the domain", format!("{domain}.evil.example"))
        } else if text.starts_with('*') && core.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            ("the glob begins in the middle of a name", format!("evil{domain}"))
        } else {
            return;
        };
        let quoted = self.quote(value.span);
        if let Some(diagnostic) = self.loose(allowed, sense.refuses, pattern.span, format!("{why}: `{passes}` matches too"))
        {
            diagnostic.help(better(&quoted, &ty, domain));
        }
    }
}

/// What stands beside a part of the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Nothing: the search begins or ends anywhere.
    Open,
    /// An anchor, or a character that no name of a domain has.
    Bound,
    /// `@` or `://`, before it.
    Marked,
    /// Something else; what it lets pass is not known.
    Other,
}

fn hole(ast: &Ast, only_marked: bool) -> Option<Hole> {
    look(ast, Beside::Open, Beside::Open, only_marked, 0)
}

/// Looks for a domain in a part of a pattern, of which is known what stands before and behind it.
fn look(ast: &Ast, before: Beside, behind: Beside, only_marked: bool, depth: usize) -> Option<Hole> {
    // The parser of patterns limits their depth as well; this is for our own stack.
    if depth > 50 {
        return None;
    }
    match ast {
        Ast::Group(group) => look(&group.ast, before, behind, only_marked, depth + 1),
        Ast::Alternation(alternation) => {
            alternation.asts.iter().find_map(|branch| look(branch, before, behind, only_marked, depth + 1))
        }
        Ast::Concat(concat) => look_in_row(&concat.asts, before, behind, only_marked, depth),
        _ => None,
    }
}

fn look_in_row(parts: &[Ast], before: Beside, behind: Beside, only_marked: bool, depth: usize) -> Option<Hole> {
    let mut at = 0;
    while at < parts.len() {
        if character(&parts[at]).is_none() {
            let own_before = if at == 0 { before } else { beside_before(&parts[..at]) };
            let own_behind = parts.get(at + 1).map_or(behind, beside_behind);
            if let Some(hole) = look(&parts[at], own_before, own_behind, only_marked, depth + 1) {
                return Some(hole);
            }
            at += 1;
            continue;
        }
        let start = at;
        while at < parts.len() && character(&parts[at]).is_some() {
            at += 1;
        }
        let row: Vec<(char, bool)> = parts[start..at].iter().filter_map(character).collect();
        // A quantifier holds for the last character only, which then stands in a part of its own.
        let own_before = if start == 0 { before } else { beside_before(&parts[..start]) };
        let own_behind = parts.get(at).map_or(behind, beside_behind);
        if let Some(hole) = hole_in_text(&row, own_before, own_behind, only_marked) {
            return Some(hole);
        }
    }
    None
}

/// The character that a part stands for, and whether it is the `.` that stands for any.
fn character(part: &Ast) -> Option<(char, bool)> {
    match part {
        Ast::Literal(literal) => Some((literal.c, false)),
        Ast::Dot(_) => Some(('.', true)),
        _ => None,
    }
}

fn beside_before(parts: &[Ast]) -> Beside {
    match parts.last() {
        None => Beside::Open,
        Some(Ast::Assertion(assertion)) => match assertion.kind {
            AssertionKind::StartLine | AssertionKind::StartText => Beside::Bound,
            _ => Beside::Other,
        },
        Some(Ast::Repetition(repetition)) if matches!(*repetition.ast, Ast::Dot(_)) => Beside::Open,
        Some(_) => Beside::Other,
    }
}

fn beside_behind(part: &Ast) -> Beside {
    match part {
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::EndLine | AssertionKind::EndText => Beside::Bound,
            // Between `com` and `.evil` is a boundary too.
            AssertionKind::WordBoundary | AssertionKind::WordBoundaryEnd => Beside::Open,
            _ => Beside::Other,
        },
        Ast::Repetition(repetition) if matches!(*repetition.ast, Ast::Dot(_)) => match repetition.op.kind {
            RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore => Beside::Open,
            _ => Beside::Other,
        },
        _ => Beside::Other,
    }
}

/// Looks for a domain in plain characters.
fn hole_in_text(row: &[(char, bool)], before: Beside, behind: Beside, only_marked: bool) -> Option<Hole> {
    let in_name = |(character, _): &(char, bool)| character.is_ascii_alphanumeric() || matches!(character, '-' | '.');
    let mut start = 0;
    while start < row.len() {
        let length = row[start..].iter().take_while(|part| in_name(part)).count();
        let name: String = row[start..start + length].iter().map(|(character, _)| *character).collect();
        let domain = name.trim_matches('.').to_owned();
        if !is_domain(&domain) {
            start += length.max(1);
            continue;
        }
        let own_before = match row[..start].last() {
            None => before,
            Some(('@', _)) => Beside::Marked,
            Some(('/', _)) if row[..start].ends_with(&[('/', false), ('/', false)]) => Beside::Marked,
            Some(_) => Beside::Bound,
        };
        // Another character than one of a name ends it.
        let own_behind = if start + length < row.len() { Beside::Bound } else { behind };
        if only_marked && !(own_before == Beside::Marked && addresses::has_known_end(&domain)) {
            start += length;
            continue;
        }
        let any_dot = row[start..start + length].iter().enumerate().any(|(at, (_, any))| {
            *any && at >= name.len() - name.trim_start_matches('.').len() && at < name.trim_end_matches('.').len()
        });
        let starts_at_dot = name.starts_with('.') && !row[start].1;
        let hole = |passes: String, why| Some(Hole { domain: domain.clone(), passes, why });
        if own_behind == Beside::Open {
            return hole(format!("{domain}.evil.example"), "the pattern does not say that the domain ends here");
        }
        if any_dot {
            return hole(domain.replacen('.', "x", 1), "`.` stands for any character; a dot is written `\\.`");
        }
        if own_before == Beside::Open && !starts_at_dot {
            return hole(format!("evil{domain}"), "the pattern does not say where the domain begins");
        }
        start += length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(pattern: &str) -> Option<String> {
        hole(&Parser::new().parse(pattern).unwrap(), false).map(|hole| hole.passes)
    }

    #[test]
    fn holes_are_found() {
        assert_eq!(passes("ourcompany.com").as_deref(), Some("ourcompany.com.evil.example"));
        assert_eq!(passes(r"@ourcompany\.com").as_deref(), Some("ourcompany.com.evil.example"));
        assert_eq!(passes("@ourcompany.com$").as_deref(), Some("ourcompanyxcom"));
        assert_eq!(passes(r"ourcompany\.com$").as_deref(), Some("evilourcompany.com"));
        assert_eq!(passes(r"@(a\.example|ourcompany\.com)").as_deref(), Some("a.example.evil.example"));
        assert_eq!(passes(r"^https://ourcompany\.com.*$").as_deref(), Some("ourcompany.com.evil.example"));
    }

    #[test]
    fn closed_patterns_pass() {
        for pattern in [
            r"@ourcompany\.com$",
            r"[@.]ourcompany\.com$",
            r"^ourcompany\.com$",
            r"@(a\.example|ourcompany\.com)$",
            r"\.ourcompany\.com$",
            r"^https://ourcompany\.com/",
            r"^(.+\.)?ourcompany\.com$",
            r"^C-[0-9]{8}$",
            "password",
        ] {
            assert_eq!(passes(pattern), None, "{pattern}");
        }
    }
}
