//! `misused-class`, `class-as-name`: `[^ourcompany.com$]` is a set of characters, not a name.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{Ast, ClassSet, ClassSetItem};

use super::{Sense, addresses};
use crate::check::Checker;
use crate::check::annotations::Allowed;
use crate::diagnostic::{DiagnosticCode, shown};
use crate::typed::Expr;

impl Checker<'_, '_, '_> {
    /// Says so when a character class was probably meant to be a name or a group. In a rule that refuses events, about an
    /// address, the rule would do nothing of what its author thinks: that is a mistake.
    pub(super) fn misused_class(
        &mut self,
        allowed: &Allowed,
        value: &Expr,
        pattern: &Expr,
        text: &str,
        sense: Sense,
    ) -> bool {
        let Ok(ast) = Parser::new().parse(text) else { return false };
        let Some(class) = misused(&ast) else { return false };
        let written = &text[class.start..class.end];
        let inner = written.trim_start_matches("[^").trim_start_matches('[').trim_end_matches(']');
        let message = format!("`{}` matches one character out of this set, not the text `{}`", shown(written), shown(inner));
        let address = addresses::address(value);
        let quoted = self.quote(value.span);
        let domain = inner.trim_end_matches('$').trim_start_matches('@').replace('\\', "");
        let help = match &address {
            Some(ty) if addresses::is_domain(&domain) => addresses::better(&quoted, ty, &domain),
            _ if inner.contains('|') => format!("write `({})` for one of several texts", inner.trim_end_matches('$')),
            _ if written.starts_with("[^") => {
                format!("write `not ({quoted} matches re\"{}$\")`", regex_syntax::escape(inner.trim_end_matches('$')))
            }
            _ => format!("write the text without brackets: `{}`", regex_syntax::escape(inner)),
        };
        if address.is_some() && sense.refuses {
            self.sink.error(DiagnosticCode::ClassAsName, pattern.span, message).help(help);
            return true;
        }
        if let Some(diagnostic) = self.lint(allowed, DiagnosticCode::MisusedClass, pattern.span, message) {
            diagnostic.help(help);
        }
        true
    }
}

/// The place of a class that reads like a text: single characters only, at least four, and among them what no set needs (one of
/// them twice beside letters, a `|` between letters, an anchor).
fn misused(ast: &Ast) -> Option<std::ops::Range<usize>> {
    let mut rest = vec![ast];
    while let Some(ast) = rest.pop() {
        match ast {
            Ast::ClassBracketed(class) => {
                if let ClassSet::Item(item) = &class.kind
                    && let Some(characters) = characters(item)
                    && reads_like_text(&characters)
                {
                    return Some(class.span.start.offset..class.span.end.offset);
                }
            }
            Ast::Repetition(repetition) => rest.push(&repetition.ast),
            Ast::Group(group) => rest.push(&group.ast),
            Ast::Alternation(alternation) => rest.extend(alternation.asts.iter().rev()),
            Ast::Concat(concat) => rest.extend(concat.asts.iter().rev()),
            _ => {}
        }
    }
    None
}

fn characters(item: &ClassSetItem) -> Option<Vec<char>> {
    match item {
        ClassSetItem::Literal(literal) => Some(vec![literal.c]),
        ClassSetItem::Union(union) => {
            let mut all = Vec::new();
            for item in &union.items {
                all.extend(characters(item)?);
            }
            Some(all)
        }
        _ => None,
    }
}

fn reads_like_text(characters: &[char]) -> bool {
    if characters.len() < 4 {
        return false;
    }
    let letters = characters.iter().filter(|character| character.is_alphanumeric()).count();
    let mut sorted = characters.to_vec();
    sorted.sort_unstable();
    let twice = sorted.windows(2).any(|pair| pair[0] == pair[1] && pair[0].is_alphanumeric());
    let between = |mark: char| {
        let inside = characters.get(1..characters.len() - 1).unwrap_or_default();
        inside.contains(&mark)
    };
    let anchored = characters.last() == Some(&'$') || characters.first() == Some(&'@');
    letters >= 3 && (twice || between('|') || (anchored && characters.contains(&'.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_that_read_like_texts() {
        for (pattern, expected) in [
            ("[^ourcompany.com$]", true),
            ("[abc|def]", true),
            ("[ourcompany]", true),
            ("^x[@acme.example]$", true),
            ("[aeiou]", false),
            ("[A-Za-z0-9._-]+", false),
            ("[.$*|]", false),
            ("[\"']", false),
            ("[abcdef]", false),
        ] {
            let ast = Parser::new().parse(pattern).unwrap();
            assert_eq!(misused(&ast).is_some(), expected, "{pattern}");
        }
    }
}
