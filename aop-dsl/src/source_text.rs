//! Parts of a policy's text, as they are quoted to people.

use crate::syntax::ast::Span;

/// The longest quotation, in characters.
const CHARACTERS_MAX: usize = 100;

/// A part of a text on one line: white space as single spaces, cut when it is long.
pub(crate) fn one_line(source: &str, span: Span) -> String {
    let words: Vec<&str> = source.get(span.range()).unwrap_or_default().split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_short_and_on_one_line() {
        assert_eq!(one_line("on c:\n   request(x)", Span::new(0, 19)), "on c: request(x)");
        let long = "ä".repeat(150);
        assert_eq!(one_line(&long, Span::new(0, long.len())).chars().count(), CHARACTERS_MAX + 1);
        assert_eq!(one_line("short", Span::new(3, 90)), "");
    }
}
