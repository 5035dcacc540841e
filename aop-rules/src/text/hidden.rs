//! Messages in characters that show nothing: Unicode's tag characters, variation selectors, zero-width characters as bits.

use std::ops::Range;

use crate::text::view::is_invisible;
use crate::text::words::runs;

/// What a message is hidden in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hiding {
    /// Tag characters: ASCII moved to U+E0000.
    Tags,
    /// Variation selectors: a byte each, 16 from U+FE00 on and the rest from U+E0100 on.
    Selectors,
    /// Two characters of no width, a bit each.
    Bits,
}

impl Hiding {
    /// Its word in a finding's views.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Selectors => "selectors",
            Self::Bits => "zero-width",
        }
    }
}

/// Fewer characters say nothing.
const MESSAGE_LENGTH_MIN: usize = 4;

/// Calls `each` with every message that is hidden in a text: where it is, in what, and what it says. The flags of England and
/// other parts of countries, which are written with tags, are none, nor are the selectors of emoji.
///
/// ```
/// use aop_rules::text::hidden::{Hiding, each_message};
///
/// let tags: String = "ignore".chars().map(|letter| char::from_u32(0xE0000 + letter as u32).unwrap()).collect();
/// let mut messages = Vec::new();
/// each_message(&format!("Nice day{tags}!"), |range, hiding, said| messages.push((range, hiding, said.to_owned())));
/// assert_eq!(messages, [(8..32, Hiding::Tags, "ignore".to_owned())]);
/// each_message("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} ❤\u{FE0F}", |_, _, _| unreachable!());
/// ```
pub fn each_message(text: &str, mut each: impl FnMut(Range<usize>, Hiding, &str)) {
    if !has_hidden_bytes(text.as_bytes()) {
        return;
    }
    let mut tagged = Tagged::default();
    for run in runs(text, is_hiding) {
        let hidden = &text[run.clone()];
        let is_flag = text[..run.start].ends_with('🏴') && hidden.chars().count() <= FLAG_LENGTH_MAX;
        if !is_flag && hidden.contains(is_tag) {
            if run.start - tagged.range.end > GAP_BYTES_MAX {
                std::mem::take(&mut tagged).tell(&mut each);
            }
            tagged.add(text, run.clone());
        }
        let bytes: Vec<u8> = hidden.chars().filter_map(selected).collect();
        if bytes.len() >= MESSAGE_LENGTH_MIN
            && let Some(said) = said(bytes)
        {
            each(run.clone(), Hiding::Selectors, &said);
        }
        if let Some(said) = bits(hidden) {
            each(run, Hiding::Bits, &said);
        }
    }
    tagged.tell(&mut each);
}

/// The longest of the sequences that are flags has six characters and the one that ends it.
const FLAG_LENGTH_MAX: usize = 7;

/// Tag characters that are further apart are two messages.
const GAP_BYTES_MAX: usize = 512;

/// Tag characters that stand near each other, which are one message together, whatever stands between them.
#[derive(Debug, Default)]
struct Tagged {
    said: String,
    range: Range<usize>,
}

impl Tagged {
    fn add(&mut self, text: &str, run: Range<usize>) {
        let before = self.said.len();
        self.said.extend(text[run.clone()].chars().filter_map(tag));
        if before == 0 {
            self.range = run;
            return;
        }
        // Lines that are hidden one by one, or other text between them, part words; letters that are hidden singly do not.
        let is_single = self.said.len() == before + 1;
        if !is_single {
            let is_line = text[self.range.end..run.start].contains('\n');
            self.said.insert(before, if is_line { '\n' } else { ' ' });
        }
        self.range.end = run.end;
    }

    fn tell(self, each: &mut impl FnMut(Range<usize>, Hiding, &str)) {
        if self.said.trim().len() >= MESSAGE_LENGTH_MIN {
            each(self.range, Hiding::Tags, &self.said);
        }
    }
}

/// Whether a text has a byte that begins a tag, a selector or a character of no width.
fn has_hidden_bytes(bytes: &[u8]) -> bool {
    memchr::memchr3_iter(0xF3, 0xEF, 0xE2, bytes)
        .any(|at| matches!(bytes.get(at..at + 2), Some([0xF3, 0xA0] | [0xEF, 0xB8 | 0xBB] | [0xE2, 0x80 | 0x81])))
}

/// Whether a character shows nothing.
fn is_hiding(character: char) -> bool {
    !character.is_ascii() && character != '\u{AD}' && is_invisible(character)
}

/// The ASCII character that a tag stands for.
fn tag(character: char) -> Option<char> {
    let code = (character as u32).checked_sub(0xE0000)?;
    (0x20..0x7F).contains(&code).then_some(code as u8 as char)
}

fn is_tag(character: char) -> bool {
    tag(character).is_some()
}

/// The byte that a selector stands for.
fn selected(character: char) -> Option<u8> {
    match character {
        '\u{FE00}'..='\u{FE0F}' => Some((character as u32 - 0xFE00) as u8),
        '\u{E0100}'..='\u{E01EF}' => Some((character as u32 - 0xE0100 + 16) as u8),
        _ => None,
    }
}

/// What two kinds of characters without width say as the bits of bytes, the higher one first, whichever of them is the one.
fn bits(hidden: &str) -> Option<String> {
    const BITS_MIN: usize = MESSAGE_LENGTH_MIN * 8;
    let mut signs = hidden.chars().filter(|&character| tag(character).is_none() && selected(character).is_none());
    let first = signs.clone().next()?;
    let other = signs.find(|&sign| sign != first)?;
    let bits: Vec<bool> = hidden.chars().filter(|&sign| sign == first || sign == other).map(|sign| sign == other).collect();
    if bits.len() < BITS_MIN {
        return None;
    }
    [false, true].into_iter().find_map(|one| {
        let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit != one));
        // Some write a letter with seven bits.
        [8, 7].into_iter().find_map(|width| said(bits.chunks_exact(width).map(byte).collect()))
    })
}

/// Bytes as a text, when they are one that a person would write.
fn said(bytes: Vec<u8>) -> Option<String> {
    let is_text = |character: char| !character.is_control() || matches!(character, '\n' | '\r' | '\t');
    String::from_utf8(bytes).ok().filter(|text| text.chars().all(is_text) && text.contains(|c: char| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn messages(text: &str) -> Vec<(Hiding, String)> {
        let mut messages = Vec::new();
        each_message(text, |range, hiding, said| {
            assert!(text.get(range).is_some_and(|hidden| !hidden.is_empty()));
            messages.push((hiding, said.to_owned()));
        });
        messages
    }

    #[test]
    fn each_way_to_hide_is_known() {
        let said = "send the key";
        let tags: String = said.chars().map(|letter| char::from_u32(0xE0000 + letter as u32).unwrap_or(letter)).collect();
        assert_eq!(messages(&format!("a{tags}")), [(Hiding::Tags, said.to_owned())]);
        let between: String = tags.chars().flat_map(|tag| ['x', tag]).collect();
        assert_eq!(messages(&between), [(Hiding::Tags, said.to_owned())]);
        let selector = |byte: u8| char::from_u32(if byte < 16 { 0xFE00 } else { 0xE0100 - 16 } + u32::from(byte));
        let selectors: String = said.bytes().filter_map(selector).collect();
        assert_eq!(messages(&format!("😀{selectors}")), [(Hiding::Selectors, said.to_owned())]);
        for signs in [['\u{200B}', '\u{200C}'], ['\u{200D}', '\u{2060}']] {
            for width in [8, 7] {
                let bits = |byte: u8| (0..width).rev().map(move |bit| usize::from(byte >> bit & 1));
                let written: String = said.bytes().flat_map(bits).map(|bit| signs[bit]).collect();
                assert_eq!(messages(&format!("a{written}b")), [(Hiding::Bits, said.to_owned())]);
            }
        }
    }

    #[test]
    fn tags_that_are_far_apart_are_two_messages() {
        let tags =
            |said: &str| said.chars().filter_map(|letter| char::from_u32(0xE0000 + letter as u32)).collect::<String>();
        let apart = |gap: usize| format!("a{}{}{}b", tags("send"), "-".repeat(gap), tags("the key"));
        assert_eq!(messages(&apart(512)), [(Hiding::Tags, "send the key".to_owned())]);
        assert_eq!(messages(&apart(513)), ["send", "the key"].map(|said| (Hiding::Tags, said.to_owned())));
        // What says too little by itself does not say more for what stands far away.
        let singly: String = tags("send").chars().map(|tag| format!("{tag}{}", "-".repeat(600))).collect();
        assert_eq!(messages(&singly), []);
    }

    #[test]
    fn what_scripts_and_emoji_need_says_nothing() {
        for text in [
            "👨\u{200D}👩\u{200D}👧\u{200D}👦 👍🏽 ❤\u{FE0F}\u{200D}🔥",
            "می\u{200C}خواهم نمی\u{200C}شود",
            "क\u{94D}\u{200D}ष श\u{94D}\u{200C}र",
            "\u{FEFF}col1,col2",
            "co\u{AD}op\u{AD}er\u{AD}ate",
            "葛\u{E0100}城市",
            "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        ] {
            assert_eq!(messages(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_passed_through(text in "(\\PC|[\u{E0000}-\u{E01EF}]|[\u{FE00}-\u{FE0F}]|[\u{200B}-\u{200F}]){0,80}") {
            messages(&text);
        }
    }
}
