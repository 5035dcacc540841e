//! Style sheets that run something, load something, or are written so that a filter does not see what they do.

use super::decoded::Decoded;

/// Whether a style does more than describe. `is_sheet` says whether braces belong there.
pub(super) fn acts(text: &str, is_sheet: bool) -> bool {
    let mut plain = [0; STYLE_BYTES_MAX];
    let mut length = 0;
    let mut hides = false;
    let mut characters = Decoded::new(text).peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                hides = true;
                // `\65` is a letter, `\e` the letter itself.
                let mut number = 0;
                let mut digits = 0;
                while let Some(digit) = characters.peek().and_then(|next| next.to_digit(16)).filter(|_| digits < 6) {
                    number = number * 16 + digit;
                    digits += 1;
                    characters.next();
                }
                if digits > 1 {
                    characters.next_if_eq(&' ');
                    if let Some(letter) = char::from_u32(number).filter(char::is_ascii) {
                        push(&mut plain, &mut length, letter);
                    }
                } else if digits == 1
                    && let Some(letter) = char::from_digit(number, 16)
                {
                    push(&mut plain, &mut length, letter);
                }
            }
            '/' if characters.peek() == Some(&'*') => {
                hides |= !is_sheet;
                characters.next();
                while let Some(inside) = characters.next() {
                    if inside == '*' && characters.next_if_eq(&'/').is_some() {
                        break;
                    }
                }
            }
            '{' | '}' | '[' | ']' => hides |= !is_sheet,
            _ if character <= ' ' => {}
            _ => push(&mut plain, &mut length, character),
        }
    }
    let plain = &plain[..length];
    let holds = |part: &str| memchr::memmem::find(plain, part.as_bytes()).is_some();
    ACTS.iter().any(|part| holds(part)) || hides && (!is_sheet || holds("url("))
}

fn push(plain: &mut [u8; STYLE_BYTES_MAX], length: &mut usize, character: char) {
    if let Some(place) = plain.get_mut(*length).filter(|_| character.is_ascii()) {
        *place = (character as u8).to_ascii_lowercase();
        *length += 1;
    }
}

/// So much of a style is looked at.
const STYLE_BYTES_MAX: usize = 1024;

/// What runs or loads code in the style sheets of some browser.
static ACTS: &[&str] = &[
    "expression(",
    "javascript:",
    "vbscript:",
    "behavior:",
    "behaviour:",
    "-moz-binding",
    "binding:url",
    "@import",
    "-o-link",
    "url(data:text",
    "url(\"data:text",
    "url('data:text",
    "format(\"svg\")",
    "url(data:image/svg",
    "content:url(",
];
