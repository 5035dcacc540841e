//! What redaction writes: `<US_SSN>`, `<US_SSN:h:…>`, `<US_SSN:t:…>`.

use std::ops::Range;

/// How many letters a hash has.
pub(super) const HASH_LETTERS: usize = 20;

/// What stands in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placeholder<'t> {
    pub(super) entity: &'t str,
    pub(super) form: Form<'t>,
    /// How many bytes it has, angle brackets included.
    pub(super) bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form<'t> {
    Name,
    Hash,
    Token(&'t str),
}

/// The placeholder with which a text begins.
pub(super) fn parse(text: &str) -> Option<Placeholder<'_>> {
    let inside = text.strip_prefix('<')?;
    let bytes = inside.as_bytes();
    let name = bytes.iter().position(|byte| !matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))?;
    if !bytes[0].is_ascii_uppercase() {
        return None;
    }
    let (entity, rest) = inside.split_at(name);
    let (form, length) = match rest.as_bytes() {
        [b'>', ..] => (Form::Name, 0),
        [b':', b'h', b':', letters @ ..] => {
            let is_hash = letters.get(HASH_LETTERS) == Some(&b'>')
                && letters[..HASH_LETTERS].iter().all(|letter| matches!(letter, b'a'..=b'p'));
            is_hash.then_some((Form::Hash, 3 + HASH_LETTERS))?
        }
        [b':', b't', b':', body @ ..] => {
            let length = body.iter().position(|&byte| !is_base64url(byte))?;
            (body[length] == b'>').then(|| (Form::Token(&rest[3..3 + length]), 3 + length))?
        }
        _ => return None,
    };
    Some(Placeholder { entity, form, bytes: 1 + name + length + 1 })
}

/// The placeholders of a text, in order. None has a bracket inside, so that each byte is read once.
pub(super) fn all(text: &str) -> impl Iterator<Item = (Range<usize>, Placeholder<'_>)> {
    text.match_indices('<').filter_map(|(start, _)| {
        let placeholder = parse(&text[start..])?;
        Some((start..start + placeholder.bytes, placeholder))
    })
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redaction_writes_is_read() {
        let forms = |text| parse(text).map(|Placeholder { entity, form, bytes }| (entity, form, bytes));
        assert_eq!(forms("<US_SSN> and"), Some(("US_SSN", Form::Name, 8)));
        assert_eq!(forms("<A:h:abcdefghijklmnopabcd>"), Some(("A", Form::Hash, 26)));
        assert_eq!(forms("<A:t:a-_9>"), Some(("A", Form::Token("a-_9"), 10)));
        for other in [
            "",
            "<",
            "<>",
            "<a>",
            "<A",
            "<A:h:abc>",
            "<A:h:qbcdefghijklmnopabcd>",
            "<A:t:a+b>",
            "<A:x:abc>",
            "<_A>",
            "US_SSN>",
        ] {
            assert_eq!(forms(other), None, "{other}");
        }
    }

    #[test]
    fn all_of_a_text_are_found() {
        let text = "é <US_SSN> x <A:t:4111> <<B> <C <D>";
        let found: Vec<_> = all(text).map(|(range, placeholder)| (&text[range], placeholder.entity)).collect();
        assert_eq!(found, [("<US_SSN>", "US_SSN"), ("<A:t:4111>", "A"), ("<B>", "B"), ("<D>", "D")]);
    }
}
