//! Keys of exchanges that trade in cryptocurrencies.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/bittrex-access-key",
            severity: Severity::Error,
            summary: "Bittrex access key",
            why: "It is half of the pair that signed orders until the exchange closed in 2023. It looks like the secret; \
                  what no name calls a secret is taken for it.",
            source: r#"Bittrex, "API v3", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["bittrex"], values: &["{a32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"BITTREX_KEY = "kUEwivdATxudW8ZL7uTk0al0OaX1YCUs""#,
            r#"{"bittrexToken": "7R8mEc5zHkEfaNkCrZ2bO7LdKEB8nKRg"}"#,
        ],
        misses: &[
            r#"checksum = "ojvNvgA0zjrCYRxMAqTWHcHLism84wX0""#,
            r#"BITTREX_KEY = "IEJHXrOCnpKL1LiHqKktk0BIDAm8ImDjN""#,
            r#"BITTREX_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/bittrex-secret-key",
            summary: "Bittrex secret key",
            why: "With the access key it signed orders until the exchange closed in 2023. It looks like the access key, \
                  so a name has to call it a secret.",
            source: r#"Bittrex, "API v3", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["bittrex secret", "bittrex api secret"],
            values: &["{a32}"],
            entropy: 3.0,
            check: |_| Some(0.95),
            ..SecretForm::NONE
        }),
        hits: &[
            r#"BITTREX_SECRET = "OC8N3NFLH9KS36NITCEn6hP7WklgImSW""#,
            r#"{"bittrexApiSecret": "FNk4D9vRyPUaWjIvxnnTB9fZocVI3Pp9"}"#,
        ],
        misses: &[
            r#"checksum = "ii0Ao4OZ1FYF6fHZeoTng6sXrcAMCcw9""#,
            r#"BITTREX_SECRET = "aa53toF8TA9KG4e2Uol9gxsz6c2ROkmDL""#,
            r#"BITTREX_SECRET = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/coinbase-access-token",
            summary: "Coinbase access token",
            why: "It reads the account and moves what is in it, as far as its scopes go.",
            source: r#"Coinbase, "OAuth2""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["coinbase"], values: &["{w64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"COINBASE_KEY = "4wS5eiCDQ6RFfiYQtsuaoV3_L4nYgg3IWA54rQv-g8omr8rvB4U7neqaNM23lJL7""#,
            r#"{"coinbaseToken": "PBRXS_ZK6uAxIA1ziyxWbsHaVGKW3uZL72NWXEWDAgec1_9Sw0DvJPMMt2VIS8TV"}"#,
        ],
        misses: &[
            r#"checksum = "7EJoigh_KVUJ4Uy7fsv7GtSB1nt14lMJMt6Zkcg_mu7BoUyOqyZTf5FrrhbOgTok""#,
            r#"COINBASE_KEY = "Hux1NR3mS5tU1nho9gVAAZL36vc9_tlxcl0WQjZWcbAX_a0v0d0oV3pSaBPTy7cv4""#,
            r#"COINBASE_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/kraken-access-token",
            summary: "Kraken key",
            why: "It trades and, with the right, withdraws. It has no form of its own, so a name has to say whose \
              it is.",
            source: "Kraken documentation, \"How to create an API key\" (base64 private key)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["kraken"], values: &["{g80-90}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"KRAKEN_TOKEN="AGWk9lGKJZbjmKpYE1QG79KBdrtrRZmrWyw9REeFmxBIi9r9emHGzmRlhXHKWk0xHbceVfKSqUNoJ8xk""#,
            r#"{"krakenToken": "EauTRb6qJ8lGZWRcLaVNwUnidp23Uk96it5hjO4fGUjZvxzJIOJm9QyaLo8wu1LsddHyppWsFkoXqfaB"}"#,
        ],
        misses: &[
            r#"KRAKEN_TOKEN="1NclwsuJjOIIlAqoLZjImtL07ErAUibeYaK8atm5BfWTeIuj6mhIcNolKCSEk8gWgikDr6jZFVBs6nN""#,
            r#"{"checksum": "RcRyDQ6rPL3ZzlHJJ6Mx6olGR53oI1LXIKcmiV9hthjzQ52VqfTVuip7QMW4cCWfmVmI2i2TF7kDH0N6"}"#,
            r#"KRAKEN_TOKEN="${KRAKEN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/kucoin-access-token",
            severity: Severity::Error,
            summary: "KuCoin API key",
            why: "It is half of the pair that trades on the exchange. It has no form of its own, so a name has to \
              say whose it is.",
            source: "KuCoin documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["kucoin"], values: &["{h24}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[r#"KUCOIN_TOKEN="02e46a611425c92a5616be6e""#, r#"{"kucoinToken": "dfd133fa62fe25aea6715c6a"}"#],
        misses: &[
            r#"KUCOIN_TOKEN="4c29ebaf71ad1223978c48a""#,
            r#"{"checksum": "c574691111bd7d52c9fbfb6e"}"#,
            r#"KUCOIN_TOKEN="${KUCOIN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/kucoin-secret-key",
            summary: "KuCoin API secret",
            why: "With the key and a passphrase it trades and withdraws. It has no form of its own, so a name has \
              to say whose it is.",
            source: "KuCoin documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["kucoin"], values: &["{x8}-{x4}-{x4}-{x4}-{x12}"], ..SecretForm::NONE }),
        hits: &[
            r#"KUCOIN_TOKEN="AFd7A78f-cCAC-Eb54-f7cb-fcA0c6EC83bd""#,
            r#"{"kucoinToken": "cc85C158-c198-64BD-6Ba1-6DbB5e2C1A0F"}"#,
        ],
        misses: &[
            r#"KUCOIN_TOKEN="f07D6cAE-8B3d-Fbbe-a5E4-6Fb850EaAF1""#,
            r#"{"checksum": "D3000264-55aA-1174-b184-05CF7BbC1Ed8"}"#,
            r#"KUCOIN_TOKEN="${KUCOIN_TOKEN}""#,
        ],
    },
];
