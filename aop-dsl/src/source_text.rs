//! Parts of a policy's text, as they are quoted to people.

use crate::syntax::ast::Span;

/// The longest quotation in a message, in characters.
const CHARACTERS_MAX: usize = 100;

/// A part of a text on one line, cut when it is long.
pub(crate) fn one_line(source: &str, span: Span) -> String {
    shortened(&whole(source, span))
}

/// A part of a text on one line: white space as single spaces and without comments, but texts in quotes as they are.
pub(crate) fn whole(source: &str, span: Span) -> String {
    let mut line = String::new();
    let mut characters = source.get(span.range()).unwrap_or_default().trim().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                line.push('"');
                while let Some(quoted) = characters.next() {
                    line.push(quoted);
                    match quoted {
                        '\\' => line.extend(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '/' if characters.peek() == Some(&'/') => while characters.next_if(|next| *next != '\n').is_some() {},
            white if white.is_whitespace() => {
                if !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            other => line.push(other),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// A line that is long, cut behind a word; its end is an ellipsis then.
pub(crate) fn shortened(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(CHARACTERS_MAX) else { return line.to_owned() };
    let cut = &line[..end];
    let is_between = line[end..].starts_with(' ');
    // A single word that is longer is cut where it has to be.
    let words = if is_between { cut } else { cut.rfind(' ').map_or(cut, |space| &cut[..space]) };
    format!("{} …", words.trim_end())
}

/// The line on which a part begins, counted from 1.
pub(crate) fn line_of(source: &str, span: Span) -> usize {
    source.get(..span.start as usize).unwrap_or_default().matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_on_one_line_and_texts_are_left_alone() {
        assert_eq!(one_line("on c:\n   request(x)", Span::new(0, 19)), "on c: request(x)");
        let source = "where a == \"two  blanks // \\\" \" // why\n  and b";
        assert_eq!(whole(source, Span::new(0, source.len())), "where a == \"two  blanks // \\\" \" and b");
        assert_eq!(one_line("short", Span::new(3, 90)), "");
    }

    #[test]
    fn what_is_long_is_cut_behind_a_word() {
        let long = "ä".repeat(150);
        assert_eq!(shortened(&long).chars().count(), CHARACTERS_MAX + 2);
        let words = "word ".repeat(30);
        let cut = shortened(words.trim_end());
        assert!(cut.ends_with("word …") && cut.chars().count() <= CHARACTERS_MAX + 2, "{cut}");
        assert_eq!(shortened("short"), "short");
    }

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!(line_of("a\nb\nc", Span::new(2, 3)), 2);
    }
}
