//! Quoted-printable (RFC 2045, section 6.7): `=69` is a letter, and a line that ends in `=` goes on in the next.

use crate::text::view::View;

/// Whether a text has so many encoded bytes in a row that it is no formula, or a word that goes on in the next line.
///
/// ```
/// use aop_rules::text::disguise::quoted::is_quoted;
///
/// assert!(is_quoted("=69=67=6E=6F=72=65"));
/// assert!(is_quoted("the instruc=\ntions"));
/// assert!(!is_quoted("page=20&size=50, x =\n3"));
/// ```
pub fn is_quoted(text: &str) -> bool {
    const ROW_MIN: usize = 3;
    let bytes = text.as_bytes();
    let mut row_to = 0;
    let mut row = 0;
    memchr::memchr_iter(b'=', bytes).any(|at| {
        row = if at == row_to { row } else { 0 };
        if encoded(bytes, at).is_some() {
            row += 1;
            row_to = at + 3;
        }
        let is_letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_lowercase);
        let breaks_word = || soft_break(bytes, at).is_some_and(|end| is_letter(at.checked_sub(1)) && is_letter(Some(end)));
        row >= ROW_MIN || breaks_word()
    })
}

/// Makes a view of a text with its encoded bytes read.
///
/// ```
/// use aop_rules::text::disguise::quoted::build;
/// use aop_rules::text::view::View;
///
/// let mut view = View::default();
/// build(&mut view, "=69=67=6Eore=20caf=C3=A9s, foot=\nnotes");
/// assert_eq!(view.text(), "ignore cafés, footnotes");
/// ```
pub fn build(view: &mut View, text: &str) {
    view.clear();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let (read, length) = match character {
            '=' => match (soft_break(bytes, at), character_at(bytes, at)) {
                (Some(end), _) => (None, end - at),
                (None, Some((read, length))) => (Some(read), length),
                (None, None) => (Some('='), 1),
            },
            other => (Some(other), other.len_utf8()),
        };
        if let Some(read) = read {
            view.push(read, at, at + length);
        }
        at += length;
    }
}

/// The byte that is encoded at an offset.
fn encoded(bytes: &[u8], at: usize) -> Option<u8> {
    let [b'=', high, low] = bytes.get(at..)?.first_chunk::<3>()? else { return None };
    let digit = |byte: u8| if byte.is_ascii_lowercase() { None } else { char::from(byte).to_digit(16) };
    Some((digit(*high)? << 4 | digit(*low)?) as u8)
}

/// The character that encoded bytes at an offset stand for, and their length.
fn character_at(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let mut decoded = [0; 4];
    for count in 1..=decoded.len() {
        decoded[count - 1] = encoded(bytes, at + (count - 1) * 3)?;
        if let Ok(text) = std::str::from_utf8(&decoded[..count]) {
            return Some((text.chars().next()?, count * 3));
        }
    }
    None
}

/// The start of the next line, where an equals sign ends this one.
fn soft_break(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1..)? {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    }
}
