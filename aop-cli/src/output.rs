//! Words for people, on standard error and standard output.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};

pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();

/// Says on standard error what is wrong.
pub(crate) fn complain(what: impl Display) {
    say(RED, "error", what);
}

/// Says on standard error what the user may want to know.
pub(crate) fn note(what: impl Display) {
    say(CYAN, "note", what);
}

fn say(style: Style, word: &str, what: impl Display) {
    // when nobody can be told, the exit code still says it
    let _ = writeln!(anstream::stderr(), "{style}{word}:{style:#} {what}");
}

/// A count with its noun: `1 run`, `2 runs`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Text from outside as a terminal may see it: control characters and invisible marks are escaped, so that nothing in a
/// trace can move the cursor, change the colours or turn the reading direction.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let is_plain = |character: char| !character.is_control() && !is_invisible(character);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_plain(character) { out.push(character) } else { out.extend(character.escape_unicode()) }
    }
    Cow::Owned(out)
}

/// [`visible`], and cut when it is long.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    const CHARACTERS_MAX: usize = 120;
    match text.char_indices().nth(CHARACTERS_MAX) {
        None => visible(text),
        Some((end, _)) => Cow::Owned(format!("{}…", visible(&text[..end]))),
    }
}

/// Marks that change how the text around them is shown: directions, zero-width spaces, tags.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{count, shown, visible};

    #[test]
    fn a_trace_cannot_write_to_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
        assert_eq!(visible("/payload/é"), "/payload/é");
        assert!(shown(&"x".repeat(500)).ends_with("x…"));
    }

    #[test]
    fn one_has_no_plural() {
        assert_eq!((count(1, "run"), count(0, "run")), ("1 run".to_owned(), "0 runs".to_owned()));
    }
}
