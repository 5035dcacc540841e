//! What redaction writes: `<US_SSN>`, `<US_SSN:h:…>`, `<US_SSN:t:…>`.

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

/// The placeholder in which a span lies as a whole.
pub(super) fn around(text: &str, span: std::ops::Range<usize>) -> Option<Placeholder<'_>> {
    let bytes = text.as_bytes();
    // From the span's first byte back to the bracket, over nothing but what a placeholder is written with.
    let start = (0..=span.start).rev().map_while(|at| bytes.get(at).map(|byte| (at, *byte)));
    let start = start.take_while(|(_, byte)| *byte == b'<' || *byte == b':' || is_base64url(*byte));
    let start = start.into_iter().find(|(_, byte)| *byte == b'<')?.0;
    parse(&text[start..]).filter(|placeholder| span.end <= start + placeholder.bytes)
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
    fn a_span_lies_in_one_or_not() {
        let text = "é <US_SSN> x <A:t:4111>";
        let entity = |word: &str| {
            let start = text.find(word).unwrap();
            around(text, start..start + word.len()).map(|placeholder| placeholder.entity)
        };
        assert_eq!(entity("SSN"), Some("US_SSN"));
        assert_eq!(entity("<US_SSN>"), Some("US_SSN"));
        assert_eq!(entity("4111"), Some("A"));
        assert_eq!(entity("<US_SSN> x"), None);
        assert_eq!(entity("x"), None);
        assert_eq!(entity("é"), None);
    }
}
