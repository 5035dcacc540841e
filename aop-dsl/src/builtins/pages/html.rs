//! HTML, read as far as it goes: tags, comments and texts. Whatever is broken ends somewhere, and each byte is looked at
//! once.

use crate::value::TEXT_MAX;

/// A piece of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Tag(Tag<'a>),
    /// What stands between `<!--` and `-->`.
    Comment(&'a str),
    Text(&'a str),
}

/// A tag: its name, and what stands behind the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) is_end: bool,
    rest: &'a str,
}

/// The pieces of a page in their order.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// `script` or `style`: all up to its end tag is its text.
    raw: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        Self { rest: page, raw: None }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (head, tail) = self.rest.split_at(bytes);
        self.rest = tail;
        head
    }

    fn text(&mut self) -> Token<'a> {
        let end = match self.raw.take() {
            Some(name) => end_tag(self.rest, name),
            // A `<` that opens nothing is text.
            None => self
                .rest
                .char_indices()
                .skip(1)
                .find(|(at, character)| *character == '<' && opens(&self.rest[*at..]))
                .map(|found| found.0),
        };
        let end = end.unwrap_or(self.rest.len());
        Token::Text(self.take(end))
    }

    fn comment(&mut self) -> Token<'a> {
        let body = &self.rest["<!--".len()..];
        // `<!-->` is a whole comment for browsers.
        let empty = ["->", ">"].into_iter().find(|end| body.starts_with(end));
        let (length, end) = match (empty, body.find("-->")) {
            (Some(end), _) => (0, end.len()),
            (None, Some(length)) => (length, "-->".len()),
            (None, None) => (body.len(), 0),
        };
        self.take("<!--".len() + length + end);
        Token::Comment(&body[..length])
    }

    fn tag(&mut self) -> Token<'a> {
        let is_end = self.rest.starts_with("</");
        let body = &self.rest[if is_end { 2 } else { 1 }..];
        let name_end = body
            .find(|character: char| character.is_ascii_whitespace() || matches!(character, '>' | '/'))
            .unwrap_or(body.len());
        let (name, rest) = body.split_at(name_end);
        let end = tag_end(rest);
        let before = self.rest.len() - rest.len();
        self.take(before + end);
        if end < rest.len() {
            self.take(1);
        }
        if !is_end {
            self.raw = ["script", "style"].into_iter().find(|raw| name.eq_ignore_ascii_case(raw));
        }
        Token::Tag(Tag { name, is_end, rest: &rest[..end] })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        Some(if self.raw.is_some() || !opens(self.rest) {
            self.text()
        } else if self.rest.starts_with("<!--") {
            self.comment()
        } else {
            self.tag()
        })
    }
}

/// Whether a tag, a comment or a declaration starts here.
fn opens(text: &str) -> bool {
    match text.as_bytes() {
        [b'<', b'/', next, ..] => next.is_ascii_alphabetic(),
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
        _ => false,
    }
}

/// Where an element that holds only text ends.
fn end_tag(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        let after = text.get(at + 2..at + 2 + name.len());
        after.is_some_and(|after| after.eq_ignore_ascii_case(name))
    })
}

/// Where a tag's `>` is, outside of quoted values.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in rest.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'>' => return at,
            None if matches!(byte, b'"' | b'\'') && after_equals => quote = Some(byte),
            None => {}
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    rest.len()
}

impl<'a> Tag<'a> {
    /// Names and values of its attributes, the values as they stand there; without a value it is empty.
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.rest;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|character: char| character.is_ascii_whitespace() || character == '/');
            if rest.is_empty() {
                return None;
            }
            // The first character belongs to the name whatever it is.
            let is_end = |character: char| character.is_ascii_whitespace() || matches!(character, '=' | '/');
            let name_end =
                rest.char_indices().skip(1).find(|(_, character)| is_end(*character)).map_or(rest.len(), |found| found.0);
            let (name, after) = rest.split_at(name_end);
            let Some(after) = after.trim_start().strip_prefix('=') else {
                rest = after;
                return Some((name, ""));
            };
            let after = after.trim_start();
            let (value, left) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(|character: char| character.is_ascii_whitespace()).unwrap_or(after.len())),
            };
            rest = left;
            Some((name, value))
        })
    }
}

/// A page's text without tags, comments, scripts and styles, decoded, white space folded to single spaces.
pub(super) fn text_of(page: &str) -> String {
    let mut text = String::new();
    let mut skipped = false;
    for token in Tokens::new(page) {
        match token {
            Token::Text(piece) if !skipped => text.push_str(&decode(piece)),
            Token::Tag(tag) => {
                skipped = !tag.is_end && ["script", "style"].iter().any(|raw| tag.name.eq_ignore_ascii_case(raw));
                if is_block(tag.name) {
                    text.push(' ');
                }
            }
            _ => {}
        }
        if text.len() > TEXT_MAX {
            break;
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether what stands before and behind a tag are different words.
fn is_block(name: &str) -> bool {
    const INLINE: [&str; 14] =
        ["a", "abbr", "b", "big", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup"];
    !INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline))
}

/// A text with its character references resolved: the named ones of XML, `&nbsp;`, and those by number.
pub(super) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((character, length)) => {
                decoded.push(character);
                rest = &rest[length..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded + rest
}

/// The character that a reference at the start of a text means, and the reference's length.
fn reference(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 6] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\''), ("&nbsp;", '\u{a0}')];
    if let Some((name, character)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((*character, name.len()));
    }
    let number = text.strip_prefix("&#")?;
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let length = digits.bytes().take(8).take_while(|byte| char::from(*byte).is_digit(radix)).count();
    let code = u32::from_str_radix(&digits[..length], radix).ok()?;
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), text.len() - digits.len() + length + semicolon))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attributes(page: &str) -> Vec<(&str, &str)> {
        let tags = Tokens::new(page).filter_map(|token| match token {
            Token::Tag(tag) => Some(tag),
            _ => None,
        });
        tags.flat_map(Tag::attributes).collect()
    }

    #[test]
    fn attributes_of_broken_tags_are_found() {
        assert_eq!(
            attributes(r#"<img src="a>b" alt='x "y"' hidden>"#),
            [("src", "a>b"), ("alt", "x \"y\""), ("hidden", "")]
        );
        assert_eq!(attributes("<img/src=a/onerror = go()>"), [("src", "a/onerror"), ("=", ""), ("go()", "")]);
        assert_eq!(attributes("<a href=x"), [("href", "x")]);
        assert_eq!(attributes("<a href=\"x"), [("href", "x")]);
        assert_eq!(attributes("<a it's href=x>"), [("it's", ""), ("href", "x")]);
        assert_eq!(attributes("a < b href=x"), []);
        assert_eq!(attributes("<!-- <a href=x> --><a href=y>"), [("href", "y")]);
        assert_eq!(attributes("<script>\"<a href=x>\"</script><a href=y>"), [("href", "y")]);
    }

    #[test]
    fn texts_are_what_people_see() {
        for (page, text) in [
            ("<p>a</p><p>b</p>", "a b"),
            ("a<b>c</b>", "ac"),
            ("1 < 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
            ("&#65;&#x42;&#99999999999; &unknown;", "AB\u{fffd}999; &unknown;"),
            ("<STYLE>p { }</STYLE >x", "x"),
            ("<!--", ""),
            ("<!-->x-->", "x-->"),
            ("<script>x", ""),
            ("<", "<"),
        ] {
            assert_eq!(text_of(page), text, "{page}");
        }
    }

    proptest! {
        #[test]
        fn any_page_is_read(page in "[<>a/!\\-= \"'&#;x]{0,60}", text in ".{0,60}") {
            for page in [page, text] {
                let _ = (text_of(&page), attributes(&page), decode(&page));
            }
        }
    }
}
