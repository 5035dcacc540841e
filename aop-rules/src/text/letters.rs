//! Which characters are letters or digits, at the cost of one look.

use std::sync::LazyLock;

/// Below it stand the alphabets, with gaps between them; behind it mostly syllables and ideographs, whole blocks of letters.
const TABLE_END: u32 = 0x3000;

/// A bit for each character below [`TABLE_END`].
static TABLE: LazyLock<[u64; TABLE_END as usize / 64]> = LazyLock::new(|| {
    let mut table = [0; TABLE_END as usize / 64];
    for code in 0..TABLE_END {
        let is_one = char::from_u32(code).is_some_and(char::is_alphanumeric);
        table[code as usize / 64] |= u64::from(is_one) << (code % 64);
    }
    table
});

/// Whether a character is a letter or a digit of any script, as [`char::is_alphanumeric`] says; it is asked of each character of
/// a text many times over.
#[inline]
pub(crate) fn is_alphanumeric(character: char) -> bool {
    match u32::from(character) {
        0..0x80 => character.is_ascii_alphanumeric(),
        code @ 0x80..TABLE_END => TABLE[code as usize / 64] >> (code % 64) & 1 == 1,
        // Ideographs, and the syllables of Korean.
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 => true,
        _ => character.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_standard_library_says() {
        assert!(('\0'..=char::MAX).all(|character| is_alphanumeric(character) == character.is_alphanumeric()));
    }
}
