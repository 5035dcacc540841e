//! Checks that several kinds share: what tells a value that was drawn at random from a word, a name or a hash.

/// Whether the last part of a token has letters of both cases: names in code have one.
pub(super) fn mixed_case(token: &str) -> Option<f64> {
    let body = token.rsplit('_').next().unwrap_or(token);
    let has = |is: fn(&u8) -> bool| body.as_bytes().iter().any(is);
    (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)).then_some(0.9)
}

/// Whether a value is no hexadecimal hash, which the names of services also go with.
pub(super) fn unlike_a_hash(value: &str) -> Option<f64> {
    (!value.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(0.9)
}

/// Whether a value has digits and letters, as one drawn at random has.
pub(super) fn with_digits(value: &str) -> Option<f64> {
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
    (has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)).then_some(0.85)
}
