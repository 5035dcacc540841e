//! Words that markup breaks: `ig<b>no</b>re`, `ig<!-- -->nore`, `**ig**nore`.

use crate::text::disguise::{Lexicon, Word};
use crate::text::view::View;

/// Whether a word that markup breaks is one that attacks are written with.
pub fn is_worth_reading(text: &str, lexicon: &impl Lexicon) -> bool {
    let bytes = text.as_bytes();
    let mut seen_to = 0;
    memchr::memchr2_iter(b'<', b'*', bytes).any(|at| {
        if at < seen_to || markup_within_word(text, at).is_none() {
            return false;
        }
        let before =
            bytes[seen_to..at].iter().rev().take(Word::BYTES_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let mut word = Word::default();
        let mut next = at - before;
        loop {
            match bytes.get(next) {
                Some(letter) if letter.is_ascii_alphabetic() => {
                    word.push(*letter);
                    next += 1;
                }
                Some(b'<' | b'*') => match markup_within_word(text, next) {
                    Some(end) => next = end,
                    None => break,
                },
                _ => break,
            }
        }
        seen_to = next;
        word.as_str().is_some_and(|word| lexicon.tells(word))
    })
}

/// Makes a view of a text without the markup that stands within words.
///
/// ```
/// use aop_rules::text::disguise::broken::build;
/// use aop_rules::text::view::View;
///
/// let mut view = View::default();
/// build(&mut view, "<p>ig<b>no</b>re it</p>, ru<!-- or not -->les");
/// assert_eq!(view.text(), "<p>ignore it</p>, rules");
/// ```
pub fn build(view: &mut View, text: &str) {
    view.clear();
    let mut at = 0;
    while let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if matches!(character, '<' | '*')
            && let Some(end) = markup_within_word(text, at)
        {
            at = end;
            continue;
        }
        view.push(character, at, at + character.len_utf8());
        at += character.len_utf8();
    }
}

/// Longer markup is read, not seen through.
const MARKUP_BYTES_MAX: usize = 96;
/// More stars are no emphasis (CommonMark, 6.2).
const STARS_MAX: usize = 3;

/// The byte after the markup that begins at an offset, when letters touch it on both sides, or other markup that they touch.
fn markup_within_word(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphabetic();
    let touches = |byte: Option<&u8>, sign: u8| byte.is_some_and(|&byte| is_word(byte) || byte == sign);
    if bytes[start] == b'*' {
        let length = bytes[start..].iter().take(STARS_MAX + 1).take_while(|&&byte| byte == b'*').count();
        let is_within = start.checked_sub(1).is_some_and(|before| is_word(bytes[before]));
        return (is_within && length <= STARS_MAX && bytes.get(start + length).is_some_and(|&byte| is_word(byte)))
            .then_some(start + length);
    }
    touches(start.checked_sub(1).and_then(|before| bytes.get(before)), b'>').then_some(())?;
    let head = &bytes[start..bytes.len().min(start + MARKUP_BYTES_MAX)];
    let length = if head.starts_with(b"<!--") {
        memchr::memmem::find(head, b"-->")? + 3
    } else {
        matches!(head.get(1), Some(b'/' | b'a'..=b'z' | b'A'..=b'Z')).then_some(())?;
        memchr::memchr(b'>', head)? + 1
    };
    let end = start + length;
    touches(bytes.get(end), b'<').then_some(end)
}

#[cfg(test)]
mod tests {
    use crate::text::disguise::Disguise;
    use crate::text::disguise::tests::{check, check_left_alone};

    #[test]
    fn broken_words_are_whole() {
        check(Disguise::Broken, "i<i>g</i>n<b></b>ore it", "ignore it");
        check(Disguise::Broken, "ig<!-- x -->nore it", "ignore it");
        check(Disguise::Broken, "**Ig**nore *the ru*les", "**Ignore *the rules");
    }

    #[test]
    fn other_markup_is_left_alone() {
        check_left_alone(&[
            "Vec<String>::new()",
            "a<b and c>d",
            "re<b>view</b>",
            "<p>ignore</p>",
            "x<y<z",
            "a*b*c",
            "**ignore** it",
        ]);
    }
}
