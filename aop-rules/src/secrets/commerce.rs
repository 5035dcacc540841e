//! Keys of shops, market places, shipping and travel.

use aop_toon::Severity;

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/duffel-api-token",
            summary: "Duffel API token",
            why: "It searches, books and pays for journeys. That of the test mode looks alike but for a word.",
            source: r#"Duffel, "Making requests""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["duffel_live_{g43}", "duffel_test_{g43}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "duffel_live_KfqDjjhoC/XQeHvDw70RLswtFe8pPwX8_iAvKOVXDCC"}"#,
            "export KEY='duffel_test_JIZRwbD+kWaRDjn6n23MYRd5LYW+ArXDEI6Ur6R7ped'",
        ],
        misses: &[
            r#"token = "duffel_live_M4aRPfjoPJ+he1E8CamwfeJxim-JbyuieCJjMnI4Bc""#,
            r#"token = "duffel_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"token = "duffel_test_XiPCLUFRXErCMtKv_DNKW4TrpcJOsedpE-obDqy2mb""#,
            r#"token = "duffel_test_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/easypost-api-token",
            summary: "EasyPost API key",
            why: "It buys postage on the account's bill.",
            source: r#"EasyPost, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["EZAK{a54}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"token = "EZAKW3t7A4gKoXU5Tm0ysODAxBWtanBz4qdUpOoELsLicPKiVHo7hZUB6T""#,
            "export KEY='EZAKKFcSBq2OumSltcQe2WpULc5dFYpzepzQTEpLnNdBDcwgB079JcNajS'",
        ],
        misses: &[
            r#"token = "EZAKLQaWXGuuXaCFZ8E57kWzl2nO9grI3o0dbnFTi2vxYVr2mCeOgq43v""#,
            r#"token = "EZAKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/easypost-test-api-token",
            severity: Severity::Error,
            summary: "EasyPost test API key",
            why: "It buys no postage, and shows the parcels of the test account. Left alone: the same letters within \
                  base64.",
            source: r#"EasyPost, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["EZTK{a54}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"token = "EZTKwLqAuyYAebAMo3XtAxnFQ0wXwEeZvdnhpujuiiZtTn8Cg0iE14pf4F""#,
            "export KEY='EZTKtyXpYGRzPtAnTcLw8EYBkrOVAD87OlI0I3P9ZWJo24nlkxXlqmoiJd'",
        ],
        misses: &[
            r#"token = "EZTK16H4S0u9jlYPEF4fpuYlIb1JIyDcLxrpxkCvKGbiKx5SSIAO6bReW""#,
            r#"token = "EZTKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/etsy-access-token",
            summary: "Etsy API key",
            why: "It calls the API as the application, and with a seller's consent manages the shop. Without a prefix, \
                      so only a name gives it away.",
            source: r#"Etsy, "Open API v3", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["etsy"],
            values: &["{a24}"],
            entropy: 3.0,
            check: with_digits,
            ..SecretForm::NONE
        }),
        hits: &[r#"ETSY_KEY = "Am7EWaT4Ftbz05Zxes9JCkZc""#, r#"{"etsyToken": "dEaI0KpmFzFXyn47Cev6SYiz"}"#],
        misses: &[
            r#"checksum = "qjMAxr5YU1ztlCHO83hyBfvo""#,
            r#"ETSY_KEY = "6xx9KpTnC457hQt9cb6sOwxSt""#,
            r#"ETSY_KEY = "xxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"SetsyKey = "HWalDqEw1xw65vpsbPCgkL9c""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/lob-api-key",
            summary: "Lob API key",
            why: "It prints and posts letters and cheques in its owner's name. It has no form of its own, so a \
              name has to say whose it is.",
            source: "Lob documentation, \"Authentication\" (prefixes live_, test_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["lob"],
            values: &["live_{h35}", "test_{h35}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"LOB_TOKEN="live_cc90c870c3fe5af7d7610ac7a8f13022c9d""#,
            r#"{"lobToken": "test_b650e05f0d72cc41ea5cff98960a24cc26a"}"#,
        ],
        misses: &[
            r#"LOB_TOKEN="live_31291871e9a695abacb1812097eeff036c""#,
            r#"{"checksum": "live_9fd67050a5a20ef0650891e0ab0f7504b70"}"#,
            r#"LOB_TOKEN="${LOB_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/lob-pub-api-key",
            severity: Severity::Error,
            summary: "Lob publishable key",
            why: "It verifies addresses at its owner's cost. Public by design, so an error and not critical.",
            source: "Lob documentation, \"Authentication\" (prefixes live_pub_, test_pub_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["lob"],
            values: &["live_pub_{h31}", "test_pub_{h31}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"LOB_TOKEN="live_pub_24e1c2f1a0c426ccea8a6646ae66be4""#,
            r#"{"lobToken": "test_pub_d1d6e464a71387b1bec63faf719f10c"}"#,
        ],
        misses: &[
            r#"LOB_TOKEN="live_pub_bbf5fb040bba5817b977fd5b42df80""#,
            r#"{"checksum": "live_pub_91174f6c413363853a7ee6d01210b24"}"#,
            r#"LOB_TOKEN="${LOB_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/shippo-api-token",
            summary: "Shippo API token",
            why: "It buys shipping labels and reads the addresses they go to.",
            source: "Shippo documentation, \"Authentication\" (prefixes shippo_live_, shippo_test_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["shippo_live_{h40}", "shippo_test_{h40}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: shippo_live_cabb927dada27a1b349464745594e8e448801261, then",
            r#"{"note": "use shippo_test_d8fd53bc0e690e7394bc032f4752901b93f50fa8 here"}"#,
        ],
        misses: &[
            "token: shippo_live_d687df666ba6a088f0bfc2c16f34faa3a39c11a, then",
            "token: shippo_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/shopify-access-token",
            summary: "Shopify access token",
            why: "It reads customers and orders of a shop, as far as its scopes go.",
            source: "Shopify documentation, \"Access tokens\" (prefix shpat_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["shpat_{x32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &["token: shpat_5D2ef66dcE9bFd7D8f0DabfB7cFA759, then", "token: shpat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/shopify-custom-access-token",
            summary: "Shopify custom app token",
            why: "It reads customers and orders of a shop, as far as its scopes go.",
            source: "Shopify documentation, \"Access tokens\" (prefix shpca_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["shpca_{x32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &["token: shpca_Fb79FeFCd51eEEfaA755bc43dd208d6, then", "token: shpca_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/shopify-private-app-access-token",
            summary: "Shopify private app token",
            why: "It reads customers and orders of a shop, as far as its scopes go.",
            source: "Shopify documentation, \"Access tokens\" (prefix shppa_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["shppa_{x32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &["token: shppa_Bb19A3AC3B2DD5Be4f6c0ac6c5bD4eC, then", "token: shppa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/shopify-shared-secret",
            summary: "Shopify shared secret",
            why: "It signs what the shop sends; who has it forges that.",
            source: "Shopify documentation, \"App credentials\" (prefix shpss_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["shpss_{x32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &["token: shpss_a5F2FfBba2c71e470F73E9Dbfa1CA3c, then", "token: shpss_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/squarespace-access-token",
            summary: "Squarespace API key",
            why: "It reads orders and customers of a shop. It has no form of its own, so a name has to say whose \
              it is.",
            source: "Squarespace developer documentation, \"API keys\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["squarespace", "square space"],
            values: &["{x8}-{x4}-{x4}-{x4}-{x12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SQUARESPACE_TOKEN="B5b939cF-Eb99-8EC5-aE75-98e0fB171b14""#,
            r#"{"squarespaceToken": "D361AFba-8cc0-3c7e-62f7-FED2b7Cf6ACF"}"#,
        ],
        misses: &[
            r#"SQUARESPACE_TOKEN="A19da0FD-FA7F-B7AE-fee7-61CE2AA2b7c""#,
            r#"{"checksum": "8bCa9619-2dFA-bA4e-81f3-9fF4De7626bf"}"#,
            r#"SQUARESPACE_TOKEN="${SQUARESPACE_TOKEN}""#,
        ],
    },
];
