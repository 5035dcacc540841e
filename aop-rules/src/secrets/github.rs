//! Tokens of GitHub: a prefix that tells the kind, random characters, and a check sum.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};
use crate::verify::crc32;

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/github-pat",
            summary: "GitHub personal access token",
            why: "It reads and writes what its owner may. The check sum only raises the score: a token with a wrong one \
                  may have been mistyped by somebody who still has the right one.",
            source: "GitHub, \"Behind GitHub's new authentication token formats\" (2021): prefixes, CRC-32 of the random \
                     part in six base-62 digits",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["ghp_{a36-255}"],
            entropy: 3.0,
            check: with_check_sum,
            ..SecretForm::NONE
        }),
        hits: &[
            "it is ghp_XCXLjWCmCptcLql0WQd3qQRT2WYAWGuSk5y4eCiF now",
            r#"token = "ghp_mfXuCZyEncQ1DWiopOxILlpBEIma9dNmrYJh4Oek""#,
        ],
        misses: &[
            r#"token = "ghp_7yGA5a7SIg3GTvgHfGt1AfL4RuGR2UbwOX9""#,
            r#"token = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            "ghp_your_token_goes_here_and_nowhere_else_ok",
            "xghp_sSQYX28bJGIqjpAHJiqtBVyf19wb5FoEPeF4",
            "the prefix ghp_ names a token",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/github-oauth",
            summary: "GitHub OAuth access token",
            why: "It reads and writes what somebody let the application do. The check sum only raises the score: a token \
                  with a wrong one may have been mistyped by somebody who still has the right one.",
            source: "GitHub, \"Behind GitHub's new authentication token formats\" (2021): prefixes, CRC-32 of the random \
                     part in six base-62 digits",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["gho_{a36-255}"],
            entropy: 3.0,
            check: with_check_sum,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"headers": ["gho_u2TU81Wsse2zbR8Hni44UZN7XKxecb3IUya5YdI"]}"#,
            "Authorization: Bearer gho_9Bk8aPxtU8PF87A3ab6ztUnpXfZ5uujhbZ19GTYP",
        ],
        misses: &[
            r#"token = "gho_S4Irm7mZqJBkE1HZl9mRKGNu8KMCE5Yv4Ha""#,
            r#"token = "gho_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/github-app-token",
            summary: "GitHub App token",
            why: "It acts as the app, for itself (`ghs_`, which actions get too) or for a person (`ghu_`). The check sum \
                  only raises the score: a token with a wrong one may have been mistyped by somebody who still has the \
                  right one.",
            source: "GitHub, \"Behind GitHub's new authentication token formats\" (2021): prefixes, CRC-32 of the random \
                     part in six base-62 digits",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["ghu_{a36-255}", "ghs_{a36-255}"],
            entropy: 3.0,
            check: with_check_sum,
            ..SecretForm::NONE
        }),
        hits: &[
            "export KEY='ghu_DzhcSIdcTFTToRVztcHK0h3qo4Z2k4kwn2vyy'",
            "it is ghs_sO2txpEZYHu4sbCF0zySvPk38eXVyrLwcVyMAuuB now",
            "https://x:ghs_tpXGciDZYe7wJ9i9P7wXVIcea1nUV7aCmPHW@github.com/o/r",
        ],
        misses: &[
            r#"token = "ghu_VtLCroQxhbh3poXdLzA6WFByDrxiG5FEpjT""#,
            r#"token = "ghu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"token = "ghs_X140AilMGh6MmP1IXIKtQt9BKd3a6aQuKU6""#,
            r#"token = "ghs_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/github-refresh-token",
            summary: "GitHub refresh token",
            why: "It yields new tokens of a person for an app. The check sum only raises the score: a token with a wrong \
                  one may have been mistyped by somebody who still has the right one.",
            source: "GitHub, \"Behind GitHub's new authentication token formats\" (2021): prefixes, CRC-32 of the random \
                     part in six base-62 digits",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["ghr_{a36-255}"],
            entropy: 3.0,
            check: with_check_sum,
            ..SecretForm::NONE
        }),
        hits: &[
            "Authorization: Bearer ghr_SSC3XBnMpvBvf39He0RhOB38jMWyUr8r8Z32gTgvXU",
            "it is ghr_IflSrkY7ASVzN07FKjJANXVhmH8HMMHFpsLQYbDD2C now",
        ],
        misses: &[
            r#"token = "ghr_nxVcyJlCLOpJvXQFS5NGsnlhkggp9avMzKj""#,
            r#"token = "ghr_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/github-fine-grained-pat",
            summary: "GitHub fine-grained personal access token",
            why: "It reads and writes what it was made for.",
            source: r#"GitHub, "Managing your personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["github_pat_{v82}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "a: 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\nb: 1",
            "{\"value\": \"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\
             \"}",
        ],
        misses: &[
            r#"token = "github_pat_A4jP1C_fMdcZ8CCjtTTKxRdeoTpocKGZ1563xCxCVnt1KAVqwE1Z9oI_zoHFY2gkQDBwdq3nYPtUEo2TI""#,
            r#"token = "github_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
];

/// How sure a classic token makes.
fn with_check_sum(token: &str) -> Option<f64> {
    const PREFIX_BYTES: usize = 4;
    Some(if has_check_sum(&token.as_bytes()[PREFIX_BYTES..]) { 1.0 } else { 0.9 })
}

/// Whether the last six of 36 characters are the check sum of the thirty before.
fn has_check_sum(body: &[u8]) -> bool {
    body.split_at_checked(30).is_some_and(|(random, sum)| sum == crc32::base62(crc32::of(random)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_of_the_random_part() {
        let random = b"Q7mZr2XbT9vKd4LsW8nYc5HpJf3Ga1";
        let token = [b"ghp_", random.as_slice(), crc32::base62(crc32::of(random)).as_slice()].concat();
        assert_eq!(with_check_sum(std::str::from_utf8(&token).unwrap()), Some(1.0));
        assert_eq!(with_check_sum("ghp_Q7mZr2XbT9vKd4LsW8nYc5HpJf3Ga1000000"), Some(0.9));
    }
}
