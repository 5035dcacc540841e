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

/// Passwords of manuals, and words that stand for one. What such a word leaves of the value decides: `xxxxXk7mQ2` is none.
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
    let has_word = WORDS.iter().any(|word| lower.contains(word));
    is_template(value) && !is_strong_in_brackets(value)
        || has_word && !is_strong(value) && !is_mixed_without(value, WORDS)
        || value.chars().all(|character| Some(character) == first)
        || value.chars().filter(|&character| matches!(character, '*' | '•' | '●' | 'x' | 'X')).count() * 2
            > value.chars().count()
}

/// Whether letters and digits take turns in what is left of a value when these words are taken out.
fn is_mixed_without(value: &str, words: &[&str]) -> bool {
    const PIECE_BYTES_MIN: usize = 6;
    const CHANGES_MIN: usize = 3;
    let mut rest = value.to_ascii_lowercase();
    for word in words {
        rest = rest.replace(word, &" ".repeat(word.len()));
    }
    // The same bytes as in the value, in its own case.
    let rest: String = if rest.len() == value.len() {
        rest.chars().zip(value.chars()).map(|(left, own)| if left == ' ' { ' ' } else { own }).collect()
    } else {
        return false;
    };
    let rest = rest.trim_start_matches(['x', 'X', ' ']);
    rest.split(|character: char| !character.is_ascii_alphanumeric())
        .any(|piece| piece.len() >= PIECE_BYTES_MIN && changes(piece) >= CHANGES_MIN)
}

/// Whether a value has characters of at least three kinds (upper case, lower case, digit, sign), a sign among them that no
/// name, path or version has, and no blank.
pub(super) fn is_strong(value: &str) -> bool {
    const STRONG_BYTES_MIN: usize = 8;
    const SIGNS: &[u8] = b"#$!^&*+~?@";
    let has = |is: fn(&u8) -> bool| usize::from(value.as_bytes().iter().any(is));
    let kinds = has(u8::is_ascii_uppercase) + has(u8::is_ascii_lowercase) + has(u8::is_ascii_digit);
    value.len() >= STRONG_BYTES_MIN
        && value.bytes().all(|byte| byte.is_ascii_graphic())
        && kinds >= 2
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().enumerate().any(|(at, byte)| at > 0 && SIGNS.contains(&byte))
}

/// Whether what stands in angle brackets is no name of what belongs there.
fn is_strong_in_brackets(value: &str) -> bool {
    const STRONG_BYTES_MIN: usize = 6;
    const SIGNS: &[u8] = b"#$!^&*+~?@";
    let Some(inside) = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else { return false };
    let has = |is: fn(&u8) -> bool| inside.as_bytes().iter().any(is);
    inside.len() >= STRONG_BYTES_MIN
        && inside.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && inside.bytes().skip(1).any(|byte| SIGNS.contains(&byte))
}

/// Whether a value is one of the passwords that people choose most. They are words, so only a key of exactly that name tells
/// them from other words.
pub(super) fn is_common_password(value: &str) -> bool {
    const STEMS: &[&str] = &[
        "letmein",
        "qwerty",
        "iloveyou",
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "trustno",
        "superman",
        "batman",
        "starwars",
        "whatever",
        "shadow",
        "michael",
        "jennifer",
        "master",
        "welcome",
        "admin",
        "abc",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "pa$$word",
        "qwertz",
        "azerty",
        "qwertyuiop",
        "asdfgh",
        "asdfghjkl",
        "zxcvbn",
        "zxcvbnm",
        "hunter",
        "mustang",
        "freedom",
        "ninja",
        "login",
        "hello",
        "cheese",
        "computer",
        "summer",
        "winter",
        "spring",
        "autumn",
        "flower",
        "hottie",
        "loveme",
        "pokemon",
        "charlie",
        "jordan",
        "liverpool",
        "chelsea",
        "arsenal",
        "ashley",
        "nicole",
        "jessica",
        "daniel",
        "thomas",
        "password",
        "secret",
        "changeit",
    ];
    /// Words that stand for a password, or for something else, when no digit follows them.
    const WITH_DIGITS_ONLY: &[&str] = &[
        "master", "admin", "login", "hello", "abc", "welcome", "password", "secret", "changeit", "summer", "winter",
        "spring", "autumn", "computer", "hunter", "trustno", "freedom", "flower", "shadow", "cheese",
    ];
    const WALKS: &[&str] = &[
        "1q2w3e4r",
        "1q2w3e4r5t",
        "1qaz2wsx",
        "zaq12wsx",
        "q1w2e3r4",
        "qazwsx",
        "qazwsxedc",
        "a1b2c3d4",
        "123qwe",
        "qwe123",
        "1234qwer",
        "123abc",
    ];
    let lower = value.to_ascii_lowercase();
    let stem = lower.trim_end_matches(|character: char| character.is_ascii_digit() || character == '!');
    let has_digits = stem.len() < lower.len();
    WALKS.contains(&&*lower)
        || STEMS.contains(&stem) && lower.len() >= 6 && (has_digits || !WITH_DIGITS_ONLY.contains(&stem))
}

/// Whether a value is several words that make no sentence, as a passphrase is: function words and the words of forms
/// (`must`, `field`, `required`) do not stand in it.
pub(super) fn is_passphrase(value: &str) -> bool {
    const PHRASE_BYTES_MIN: usize = 16;
    const SENTENCE: &[&str] = &[
        "the",
        "and",
        "for",
        "not",
        "you",
        "your",
        "our",
        "must",
        "should",
        "may",
        "can",
        "cannot",
        "could",
        "will",
        "was",
        "were",
        "are",
        "has",
        "have",
        "had",
        "been",
        "with",
        "from",
        "into",
        "this",
        "that",
        "these",
        "than",
        "then",
        "when",
        "where",
        "which",
        "what",
        "who",
        "how",
        "why",
        "only",
        "too",
        "very",
        "least",
        "most",
        "more",
        "less",
        "between",
        "before",
        "after",
        "per",
        "please",
        "enter",
        "type",
        "choose",
        "provide",
        "contain",
        "contains",
        "include",
        "characters",
        "character",
        "letters",
        "digits",
        "digit",
        "symbols",
        "symbol",
        "numbers",
        "number",
        "length",
        "short",
        "long",
        "minimum",
        "maximum",
        "min",
        "max",
        "required",
        "optional",
        "missing",
        "invalid",
        "valid",
        "incorrect",
        "wrong",
        "empty",
        "blank",
        "null",
        "none",
        "field",
        "form",
        "value",
        "string",
        "text",
        "input",
        "data",
        "user",
        "username",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "login",
        "account",
        "admin",
        "root",
        "reset",
        "change",
        "changed",
        "update",
        "updated",
        "set",
        "unset",
        "stored",
        "store",
        "see",
        "use",
        "used",
        "using",
        "hash",
        "hashed",
        "encrypted",
        "plain",
        "redacted",
        "hidden",
        "removed",
        "masked",
        "expired",
        "expires",
        "failed",
        "error",
        "same",
        "match",
        "matches",
        "column",
        "parameter",
        "vault",
        "manager",
        "environment",
        "variable",
        "config",
        "file",
        "default",
        "example",
        "placeholder",
        "sample",
        "test",
        "new",
        "old",
        "current",
        "confirm",
        "repeat",
        "again",
        "forgot",
        "does",
        "did",
        "its",
        "any",
        "all",
        "via",
        "available",
        "unknown",
        "request",
        "ask",
        "contact",
        "support",
        "generated",
        "random",
        "automatically",
        "weak",
        "strong",
    ];
    let separator = if value.contains('-') { '-' } else { ' ' };
    let mut words = 0;
    let is_words = value.split(separator).all(|word| {
        words += 1;
        (3..=10).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !SENTENCE.contains(&word)
    });
    is_words && value.len() >= PHRASE_BYTES_MIN && words >= if separator == '-' { 4 } else { 3 }
}

/// Whether a value is rules that a value must keep, as validators write them: `min:8|max:64`.
pub(super) fn is_validation(value: &str) -> bool {
    const RULES: &[&str] = &[
        "min",
        "max",
        "size",
        "len",
        "length",
        "between",
        "digits",
        "regex",
        "required",
        "nullable",
        "string",
        "confirmed",
        "minlength",
        "maxlength",
        "same",
        "different",
        "alpha",
        "sometimes",
    ];
    let mut has_rule = false;
    value.split(['|', ',']).all(|rule| {
        let (name, argument) = rule.split_once(':').unwrap_or((rule, ""));
        has_rule |= RULES.contains(&name.trim());
        let is_number = |byte: u8| byte.is_ascii_digit();
        RULES.contains(&name.trim()) || !name.is_empty() && (argument.is_empty() && name.bytes().all(is_number))
    }) && has_rule
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
    // A tag of YAML: `!vault`, `!!binary`.
    let is_tag =
        value.strip_prefix('!').is_some_and(|tag| tag.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'!'));
    is_tag || has_call || is_path || is_variable || is_type || is_number || value.starts_with(['(', '[', '{', '<', '|', '='])
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
