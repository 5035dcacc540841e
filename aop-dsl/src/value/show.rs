//! Values as messages show them.

use super::quantity::{show_duration, show_size};
use super::view::{List, View};
use super::{Value, canonical};

/// How many characters of a value a message shows.
const CHARACTERS_MAX: usize = 80;

/// No number that detectors know takes more bytes in groups: an IBAN of 34 characters takes 42.
const GROUPED_MAX: usize = 48;

/// The value as a person would write it, cut after 80 characters. Control characters, and those that turn the direction of
/// writing, are written as escapes.
pub(crate) fn show(value: &Value<'_>) -> String {
    let mut out = Short::default();
    match View::of(value) {
        // A text by itself is shown without quotes.
        View::Text(text) => out.text(&text),
        view => write(&view, &mut out),
    }
    out.text
}

/// The value as [`show`] gives it, and how long it is where it was cut.
pub(crate) fn show_with_length(value: &Value<'_>) -> String {
    let shown = show(value);
    if !shown.ends_with('…') {
        return shown;
    }
    let length = match View::of(value) {
        View::Text(text) => format!("{} characters", text.chars().count()),
        View::List(list) => format!("{} items", list.len()),
        _ => format!("{} characters of JSON", canonical::canonical_text(value).chars().count()),
    };
    format!("{shown} ({length})")
}

/// A text of a policy in quotes, cut likewise; for diagnostics.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = Short { is_public: true, ..Short::default() };
    out.quoted(text);
    out.text
}

fn write(view: &View<'_>, out: &mut Short) {
    match view {
        View::Text(text) => out.quoted(text),
        View::Duration(micros) => out.push(&show_duration(*micros)),
        View::Size(bytes) => out.push(&show_size(*bytes)),
        View::List(list) => write_list(list, out),
        View::Object(object) => {
            out.push("{");
            for (index, (key, value)) in object.entries().enumerate() {
                out.push(if index > 0 { ", " } else { "" });
                out.quoted(&key.as_str());
                out.push(": ");
                write(&View::of_json(value), out);
                if out.is_full() {
                    return;
                }
            }
            out.push("}");
        }
        scalar => out.push(&canonical::scalar_text(scalar)),
    }
}

fn write_list(list: &List<'_>, out: &mut Short) {
    out.push("[");
    for (index, item) in list.iter().enumerate() {
        out.push(if index > 0 { ", " } else { "" });
        write(&item, out);
        if out.is_full() {
            return;
        }
    }
    out.push("]");
}

/// A text that takes no more than the characters that are shown; then it ends in `…`.
#[derive(Default)]
struct Short {
    text: String,
    characters: usize,
    /// It is a policy's text, in which nobody's data is.
    is_public: bool,
}

impl Short {
    fn is_full(&self) -> bool {
        self.characters > CHARACTERS_MAX
    }

    fn push(&mut self, text: &str) {
        for character in text.chars() {
            self.character(character);
            if self.is_full() {
                return;
            }
        }
    }

    fn character(&mut self, character: char) {
        self.characters += 1;
        if self.characters <= CHARACTERS_MAX {
            self.text.push(character);
        } else if self.characters == CHARACTERS_MAX + 1 {
            self.text.pop();
            if !self.is_public {
                self.leave_out_beginnings();
            }
            self.text.push('…');
        }
    }

    /// What is cut off may be the end of an account number in groups, of a key or of an address, which a detector knows by the
    /// whole of it and would hide. So the last words go that have a digit or an `@` in them.
    fn leave_out_beginnings(&mut self) {
        let is_of_data = |word: &&str| word.contains(|character: char| character.is_ascii_digit() || character == '@');
        let mut kept = self.text.as_str();
        let is_near = |kept: &str| self.text.len() - kept.len() < GROUPED_MAX;
        while is_near(kept)
            && let Some(word) = kept.split_whitespace().next_back().filter(is_of_data)
        {
            let end = kept.trim_end().len();
            kept = &kept[..end - word.len()];
        }
        self.text.truncate(kept.len());
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            if is_shown(character) {
                self.character(character)
            } else {
                self.push(&character.escape_default().to_string())
            }
            if self.is_full() {
                return;
            }
        }
    }

    fn quoted(&mut self, text: &str) {
        self.push("\"");
        self.text(text);
        self.push("\"");
    }
}

/// Whether a character shows as itself and leaves the others in their places.
fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        && !matches!(character, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_shows_no_beginning_of_an_account_or_address() {
        let words = "word ".repeat(12);
        for data in ["DE89 3704 0044 0532 0130 00", "ann.of.the.north@stranger.example", "sk-0123456789abcdefghijklmno"] {
            let text = format!("{words}{data} and more words behind it");
            assert_eq!(show(&Value::Text(text.as_str().into())), format!("{words}…"), "{data}");
            let short = &text[words.len()..words.len() + data.len()];
            assert_eq!(show(&Value::Text(short.into())), data);
        }
    }
}
