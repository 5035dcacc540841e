//! Which script a letter is of, for words that only look like others.

/// What letters are told apart by. Scripts that nobody mixes with Latin to deceive are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Georgian,
    Cherokee,
    Hebrew,
    Arabic,
    /// Han, Kana, Hangul and Bopomofo, which are written with one another and with Latin letters.
    EastAsian,
    /// Letters that stand for other letters: mathematical, full-width, enclosed.
    Styled,
    Other,
}

/// Whether a word has letters of two scripts that are not written together.
pub(super) fn is_mixed(text: &str) -> bool {
    text.split(|character: char| !character.is_alphabetic()).any(is_mixed_word)
}

fn is_mixed_word(word: &str) -> bool {
    let mut scripts = word.chars().map(script);
    let Some(first) = scripts.next() else { return false };
    let together = |one: Script, other: Script| {
        one == other || matches!((one, other), (Script::Latin, Script::EastAsian) | (Script::EastAsian, Script::Latin))
    };
    scripts.any(|script| !together(first, script))
}

fn script(letter: char) -> Script {
    match u32::from(letter) {
        0x2c..=0x2af | 0x1d00..=0x1d25 | 0x1d2c..=0x1d5c | 0x1d62..=0x1d65 | 0x1d6b..=0x1d77 | 0x1e00..=0x1eff => {
            Script::Latin
        }
        0x2c60..=0x2c7f | 0xa720..=0xa7ff | 0xab30..=0xab64 | 0xfb00..=0xfb06 => Script::Latin,
        0x370..=0x3ff | 0x1d26..=0x1d2a | 0x1f00..=0x1fff => Script::Greek,
        0x400..=0x52f | 0x1c80..=0x1c8f | 0x1d2b | 0x2de0..=0x2dff | 0xa640..=0xa69f => Script::Cyrillic,
        0x530..=0x58f | 0xfb13..=0xfb17 => Script::Armenian,
        0x10a0..=0x10ff | 0x1c90..=0x1cbf | 0x2d00..=0x2d2f => Script::Georgian,
        0x13a0..=0x13ff | 0xab70..=0xabbf => Script::Cherokee,
        0x590..=0x5ff | 0xfb1d..=0xfb4f => Script::Hebrew,
        0x600..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => Script::Arabic,
        0x1100..=0x11ff | 0x2e80..=0x2fdf | 0x3005..=0x318f | 0x31a0..=0x31ff | 0x3400..=0x9fff => Script::EastAsian,
        0xa960..=0xa97f | 0xac00..=0xd7ff | 0xf900..=0xfaff | 0xff66..=0xffdc | 0x1b000..=0x1b16f | 0x20000..=0x3ffff => {
            Script::EastAsian
        }
        0x2100..=0x214f | 0x2460..=0x24ff | 0xff21..=0xff5a | 0x1d400..=0x1d7ff | 0x1f100..=0x1f1ff => Script::Styled,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::is_mixed;

    #[test]
    fn words_of_one_script_are_fine() {
        for text in ["paypal", "Straße déjà", "Москва, Paris", "ελληνικά", "東京タワーA", "한국어 text", "שלום", "", "123"]
        {
            assert!(!is_mixed(text), "{text}");
        }
        for text in ["pаypal", "gооgle", "αdmin", "ｂank x b\u{1d5ba}nk", "Հello"] {
            assert!(is_mixed(text), "{text}");
        }
    }
}
