//! Texts of settings inside the text of a policy: whatever they hold, they stay inside their quotes.

/// As a text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    text.chars().for_each(|character| push(&mut written, character));
    written.push('"');
    written
}

/// As a part of a rule's message, where braces hold values.
pub(super) fn in_message(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '{' => written.push_str("{{"),
            '}' => written.push_str("}}"),
            _ => push(&mut written, character),
        }
    }
    written
}

fn push(written: &mut String, character: char) {
    match character {
        '"' => written.push_str("\\\""),
        '\\' => written.push_str("\\\\"),
        '\n' => written.push_str("\\n"),
        '\r' => written.push_str("\\r"),
        '\t' => written.push_str("\\t"),
        _ if is_hidden(character) => written.push_str(&format!("\\u{{{:x}}}", u32::from(character))),
        _ => written.push(character),
    }
}

/// What nobody sees, or what changes the order in which a text is read: it could make a line look like another one.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// As a comment on one line.
pub(super) fn in_comment(text: &str) -> String {
    let shown = |character: char| if is_hidden(character) { '\u{fffd}' } else { character };
    text.chars().map(shown).take(200).collect()
}

/// An expression as a pattern `re"…"`, where `\"` is the only escape; nothing when it stands on several lines, as a pattern cannot.
pub(super) fn pattern(expression: &str) -> Option<String> {
    let mut written = String::from("re\"");
    let mut characters = expression.chars();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\r' => return None,
            '"' => written.push_str("\\x22"),
            '\\' => match characters.next()? {
                '\n' | '\r' => return None,
                // To an expression, an escaped quote is a quote.
                '"' => written.push_str("\\x22"),
                escaped => written.extend(['\\', escaped]),
            },
            _ => written.push(character),
        }
    }
    written.push('"');
    Some(written)
}

/// As a part of a rule's name: what a name may have, cut.
pub(super) fn slug(text: &str) -> String {
    const CHARACTERS_MAX: usize = 40;
    let mut slug = String::new();
    for character in text.chars().take(CHARACTERS_MAX) {
        match character.to_ascii_lowercase() {
            plain if plain.is_ascii_alphanumeric() => slug.push(plain),
            '*' => slug.push_str("_any"),
            _ => slug.push('_'),
        }
    }
    slug
}
