//! Characters beyond ASCII in tokens.
//!
//! A stranger may write an address so that a reader, or a model, sees it and a comparison does not: with characters that have no
//! width, or in the forms that are as wide as Chinese characters.

/// What a character beyond ASCII is to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wide {
    /// Another form of an ASCII character that addresses and ids have.
    Ascii(u8),
    Letter,
    /// It has no width.
    Nothing,
    /// It stands between tokens.
    Separator,
}

pub(super) fn wide(character: char) -> Wide {
    match character {
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => {
            Wide::Nothing
        }
        '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}' => Wide::Nothing,
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => Wide::Ascii(narrow(character)),
        '－' | '．' | '＿' | '＠' => Wide::Ascii(narrow(character)),
        // Hyphens; longer dashes stand between words.
        '\u{2010}' | '\u{2011}' => Wide::Ascii(b'-'),
        // The accents that follow their letters.
        '\u{300}'..='\u{36F}' => Wide::Letter,
        _ if character.is_alphanumeric() => Wide::Letter,
        _ => Wide::Separator,
    }
}

/// The ASCII character of a full-width form, which all stand in its order.
fn narrow(character: char) -> u8 {
    (u32::from(character) - 0xFEE0) as u8
}

/// Whether it is white space that is no line's end, such as stands between the groups of a number.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}
