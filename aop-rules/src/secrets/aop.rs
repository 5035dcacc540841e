//! Our own API keys, which agents log in to the host with.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};
use crate::verify::crc32;

/// Finds keys of AOP.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "secrets/aop-api-key",
        summary: "AOP API key",
        why: "Who has the key writes events in the agent's name. The check sum only raises the score: a key with a wrong one may \
              have been mistyped by somebody who still has the right one. Left alone: placeholders.",
        source: "AOP, \"Security\": aop, environment, key id, 43 base-62 digits and six of their CRC-32",
        ..Rule::SECRET
    },
    entity: "SECRET",
    region: None,
    look: Look::Secret(SecretForm {
        tokens: &["aop_{L2-16}_{a4-40}_{a49}"],
        entropy: 3.0,
        check: check_sum,
        ..SecretForm::NONE
    }),
    hits: &[
        "export AOP_API_KEY=aop_live_k7Qm2Zx9_Zk3WqP9vL1sT7bXn4RdYuOe5GhJ2mAcF8iNkQw0xSyEbT6pR1",
        "{\"Authorization\": \"Bearer aop_test_4f1c0d2b_Zk3WqP9vL1sT7bXn4RdYuOe5GhJ2mAcF8iNkQw0xSyEbT6pR1\"}",
    ],
    misses: &[
        "aop_test_k",
        "aop_live_k7Qm2Zx9_Zk3WqP9vL1sT7bXn4RdYuOe5GhJ2mAcF8iNkQw0xSyEbT6pR",
        "aop_live_k7Qm2Zx9_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "use aop_rules_scan_recognizer_Detectors",
    ],
}];

/// How sure a key is: its last six characters are the check sum of the random ones, or of all before them.
fn check_sum(key: &str) -> Option<f64> {
    let (rest, sum) = key.split_at_checked(key.len() - 6)?;
    let random = rest.rsplit('_').next()?;
    let is_right = |part: &str| crc32::base62(crc32::of(part.as_bytes())) == sum.as_bytes();
    Some(if is_right(random) || is_right(rest) { 1.0 } else { 0.9 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_check_sum_makes_a_key_sure() {
        let random = "Zk3WqP9vL1sT7bXn4RdYuOe5GhJ2mAcF8iNkQw0xSyE";
        let sum = crc32::base62(crc32::of(random.as_bytes()));
        let key = format!("aop_live_k7Qm2Zx9_{random}{}", std::str::from_utf8(&sum).expect("it is ASCII"));
        assert_eq!(check_sum(&key), Some(1.0));
        assert_eq!(check_sum(&format!("aop_live_k7Qm2Zx9_{random}000000")), Some(0.9));
    }
}
