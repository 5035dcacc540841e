//! A hash for finding candidates: equal values have the same, and whoever is found is looked at in full.

use crate::program::stable_hash::{NameHasher, stable_hash};
use crate::value::{Value, hash};

/// Of a value of a scalar type.
pub(crate) fn quick_hash(value: &Value<'_>) -> u64 {
    match value {
        Value::Text(text) => text_hash(text),
        Value::Number(number) => stable_hash(number),
        Value::Bool(truth) => u64::from(*truth) + 1,
        Value::Time(t) => mixed(t.micros() as u64),
        Value::Duration(micros) => mixed(*micros as u64),
        Value::Size(bytes) => mixed(*bytes),
        other => hash(other),
    }
}

fn text_hash(text: &str) -> u64 {
    use std::hash::Hasher as _;
    let mut hasher = NameHasher::default();
    hasher.write(text.as_bytes());
    mixed(hasher.finish())
}

fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    number ^ (number >> 33)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn equal_values_have_the_same() {
        let number = |text: &str| Value::Number(text.parse::<Decimal>().unwrap());
        assert_eq!(quick_hash(&number("1.50")), quick_hash(&number("1.5")));
        assert_ne!(quick_hash(&number("1.5")), quick_hash(&number("15")));
        let text = |text: &'static str| Value::Text(Cow::Borrowed(text));
        assert_eq!(
            quick_hash(&text("a long text of many words")),
            quick_hash(&Value::Text(Cow::Owned("a long text of many words".to_owned())))
        );
        assert_ne!(quick_hash(&text("ab")), quick_hash(&text("ab\0")));
    }
}
