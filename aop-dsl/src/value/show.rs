//! Values as messages show them.

use super::quantity::{show_duration, show_size};
use super::view::{List, View};
use super::{Value, canonical};

/// How many characters of a value a message shows.
const CHARACTERS_MAX: usize = 80;

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
    if shown.chars().count() < CHARACTERS_MAX || !shown.ends_with('…') {
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
    let mut out = Short::default();
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
            self.text.push('…');
        }
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
