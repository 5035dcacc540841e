//! What a value looks like: drawn at random, or words, code, an address, an example.

use crate::scan::entropy;
use crate::secrets::placeholder::is_template;

/// Whether a value was drawn at random, as far as a look can tell: one piece of it changes often between upper case, lower
/// case and digits, as no word, date or version does.
pub(super) fn is_random(value: &str) -> bool {
    let pieces = value.split(|character: char| !character.is_ascii_alphanumeric());
    let is_uuid = value.len() == 36
        && pieces.clone().map(str::len).eq([8, 4, 4, 4, 12])
        && value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_uuid
        || pieces.clone().any(is_random_piece)
        || (pieces.count() >= 3 && value.len() >= 24 && entropy(value) > 4.2 && changes(value) * 4 >= value.len())
}

fn is_random_piece(piece: &str) -> bool {
    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
    let is_mixed = digits > 0 && digits < piece.len();
    piece.len() >= 10 && is_mixed && changes(piece) * 5 >= piece.len() && changes(piece) >= 3 && entropy(piece) > 2.8
        || piece.len() >= 24 && digits == 0 && changes(piece) * 3 >= piece.len() && entropy(piece) > 3.8
}

/// How often neighbours are of different kinds: upper case, lower case, digit. The step from a capital to the rest of its
/// word is none.
fn changes(text: &str) -> usize {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    text.as_bytes()
        .windows(2)
        .filter(|pair| kind(pair[0]) != kind(pair[1]) && (kind(pair[0]), kind(pair[1])) != (1, 2))
        .count()
}

/// Whether a value is nothing but words, as descriptions and settings are.
pub(super) fn is_prose(value: &str) -> bool {
    let letters = value.trim_matches(|character: char| matches!(character, '-' | '_' | '.' | ',' | '(' | ')' | '\''));
    letters.split(['-', '_', ' ', '.', '/', '|', ',']).all(|word| {
        word.chars().all(char::is_alphabetic) && word.chars().skip(1).all(char::is_lowercase)
            || word.chars().all(char::is_uppercase)
    })
}

/// Passwords of manuals, and words that stand for one.
pub(super) fn is_password_example(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "example",
        "xxx",
        "placeholder",
        "redacted",
        "your",
        "dummy",
        "changeme",
        "change_me",
        "change-me",
        "password",
        "passwd",
        "hidden",
        "filtered",
    ];
    let lower = value.to_lowercase();
    let first = value.chars().next();
    is_template(value)
        || WORDS.iter().any(|word| lower.contains(word))
        || value.chars().all(|character| Some(character) == first)
        || value.chars().filter(|&character| matches!(character, '*' | '•' | '●' | 'x' | 'X')).count() * 2
            > value.chars().count()
}

/// Whether a value that is not quoted is a piece of code: a call, an index, a member, a variable.
pub(super) fn is_code(value: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && word.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
            && !is_random_piece(word)
    };
    let has_call = value.find(['(', '[']).is_some_and(|at| at > 0 && is_member(&value[..at], is_word));
    let is_path = value.contains(['.', '>', '_', '-']) && value.contains('.') && is_member(value, is_word);
    let is_variable = value.starts_with(['$', '&', '*', '@', '%']) && is_word(&value[1..]);
    let is_type = value.contains("::") && value.trim_start_matches(':').split("::").all(is_word);
    let digits = value.trim_start_matches('-');
    let suffix = digits.trim_start_matches(|character: char| character.is_ascii_digit());
    let is_number = suffix.len() < digits.len() && NUMBER_SUFFIXES.contains(&suffix);
    has_call || is_path || is_variable || is_type || is_number || value.starts_with(['(', '[', '{', '<', '|', '='])
}

/// What a number in code may end in.
const NUMBER_SUFFIXES: &[&str] =
    &["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64", "L", "UL"];

fn is_member(value: &str, is_word: impl Fn(&str) -> bool) -> bool {
    value
        .trim_start_matches(['!', '&', '*', '$'])
        .split(['.', '?', ':'])
        .filter(|word| !word.is_empty())
        .all(|word| is_word(word) || word == "->")
}

/// Whether a value is a place where something is kept: a URL or a file.
pub(super) fn is_address(value: &str) -> bool {
    value.contains("://")
        || value.starts_with("./")
        || value.starts_with("../")
        || value.starts_with("~/")
        || (value.starts_with('/') && value[1..].contains('/'))
}
