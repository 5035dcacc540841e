//! Text as HTML may hold it.

use crate::output::visible;

/// Text from outside as content or as an attribute between double quotes: no character of it is markup, and none of it is invisible
/// or turns the direction of what stands beside it.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_from_outside_is_markup() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("\" onload='x' a=\"", "&quot; onload=&#39;x&#39; a=&quot;");
        check("&lt;b&gt;", "&amp;lt;b&amp;gt;");
        check("a\u{202e}b\u{0}c\u{1b}[2J\u{200b}", "a\\u{202e}b\\u{0}c\\u{1b}[2J\\u{200b}");
    }
}
