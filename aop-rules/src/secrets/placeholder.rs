//! What stands where a secret will stand: `EXAMPLE`, `xxxx`, `your-token-here`, `${TOKEN}`.

/// Whether a token that has a secret's form is an example of one: it says so, it counts up, or it has too few different
/// characters to have been drawn at random.
pub fn is_placeholder(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let mut seen = 0u128;
    token.bytes().for_each(|byte| seen |= 1 << (byte & 0x7F));
    let different = seen.count_ones() as usize;
    WORDS.iter().any(|word| lower.contains(word))
        || different < 6.min(token.len() / 2)
        || has_long_repeat(bytes)
        || counts_up(bytes)
        || is_template(token)
}

/// Words that nobody draws at random. Issuers' own documentation ends its keys in `EXAMPLE`.
const WORDS: &[&str] = &[
    "example",
    "xxxx",
    "placeholder",
    "redacted",
    "your",
    "dummy",
    "changeme",
    "change_me",
    "change-me",
    "change_this",
    "replace_",
    "replace-",
    "replaceme",
    "insert_",
    "insert-",
    "_here",
    "-here",
    "goes-",
    "goes_",
    "abcdefgh",
    "somesecret",
    "mysecret",
    "my_secret",
    "my-secret",
    "notarealkey",
    "not-a-real",
    "not_a_real",
];

/// Whether a value stands for another that a program puts there: `${X}`, `$(cat x)`, `{{ x }}`, `<x>`, `%s`, `#{x}`, `****`, `...`.
pub fn is_template(value: &str) -> bool {
    let is_variable = value.strip_prefix(['$', '%', '@']).is_some_and(|name| {
        let name = name.trim_end_matches('%');
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    });
    is_variable
        || (value.starts_with('<') && value.contains('>'))
        || (value.starts_with('[') && value.ends_with(']'))
        || value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).is_some_and(is_slot)
        || TEMPLATES.iter().any(|sign| value.contains(sign))
}

/// Whether what stands in braces is a name or a number: few digits, as `{password1}` and `{0}` have.
fn is_slot(inside: &str) -> bool {
    inside.bytes().filter(u8::is_ascii_digit).count() < 2
}

const TEMPLATES: &[&str] =
    &["${", "$(", "{{", "#{", "%(", "<%", "%{", "***", "...", "…", "•••", "$env:", "process.env", "ENC["];

/// Whether the same character stands six times in a row, and in a quarter of the token: chance gives that once in 10^8.
fn has_long_repeat(token: &[u8]) -> bool {
    let run = token.chunk_by(|a, b| a == b).map(<[u8]>::len).max().unwrap_or(0);
    run >= 6 && run * 4 >= token.len()
}

/// Whether nine of ten characters are the one after their neighbour, as in `0123456789abcdef`.
fn counts_up(token: &[u8]) -> bool {
    let steps = token.windows(2).filter(|pair| pair[1] == pair[0].wrapping_add(1) || pair == b"90").count();
    token.len() >= 8 && steps * 10 >= (token.len() - 1) * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_say_so() {
        for token in [
            "AKIAIOSFODNN7EXAMPLE",
            "xxxxxxxxxxxxxxxxxxxx",
            "your_token_goes_here",
            "aaaaaaaabbbbbbbbcccccccc",
            "0123456789abcdef0123456789abcdef",
            "abcdefghijklmnopqrstuvwxyz",
            "${API_KEY}",
            "$API_KEY",
            "%API_KEY%",
            "$(cat key.txt)",
            "{{ vault.key }}",
            "<api key>",
            "********",
        ] {
            assert!(is_placeholder(token), "{token}");
        }
        for token in ["zk3WqP9vL1sT7bXn4RdY", "$2b$10$Zk3WqP9vL1sT7bXn4RdYuO", "P@ssw0rd$1", "4f1c0d2b7a9e8831"] {
            assert!(!is_placeholder(token), "{token}");
        }
    }
}
