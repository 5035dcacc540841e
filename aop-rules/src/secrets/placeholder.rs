//! What stands where a secret will stand: `EXAMPLE`, `xxxx`, `your-token-here`.

/// Whether a token that has a secret's form is an example of one: it says so, or it has too few different characters to
/// have been drawn at random.
pub fn is_placeholder(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let mut seen = 0u128;
    token.bytes().for_each(|byte| seen |= 1 << (byte & 0x7F));
    let different = seen.count_ones() as usize;
    WORDS.iter().any(|word| lower.contains(word)) || different < 7.min(token.len() / 2) || has_long_repeat(token.as_bytes())
}

/// Words that nobody draws at random. Issuers' own documentation ends its keys in `EXAMPLE`.
const WORDS: &[&str] =
    &["example", "xxxx", "placeholder", "redacted", "your", "dummy", "0123456789", "abcdefgh", "1234567890"];

/// Six times the same character in a row: chance gives that once in 10^8 tokens.
fn has_long_repeat(token: &[u8]) -> bool {
    token.windows(6).any(|window| window.iter().all(|&byte| byte == window[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_say_so() {
        for token in ["AKIAIOSFODNN7EXAMPLE", "xxxxxxxxxxxxxxxxxxxx", "your_token_goes_here", "aaaaaaaabbbbbbbbcccccccc"] {
            assert!(is_placeholder(token), "{token}");
        }
        assert!(!is_placeholder("zk3WqP9vL1sT7bXn4RdY"));
    }
}
