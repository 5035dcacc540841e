//! Keys of payment, banking, accounting and trade in currencies.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
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
            id: "secrets/finicity-api-token",
            summary: "Finicity app key",
            why: "It is half of the pair that reads people's bank accounts. It looks like a hash, so only a name gives \
                  it away.",
            source: r#"Mastercard, "Open Banking", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["finicity"], values: &["{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"FINICITY_KEY = "91bae1f7cadb108a560ddc92204d4c9c""#,
            r#"{"finicityToken": "9519d3b0c7bc0d6009bfb2a365dc51f1"}"#,
        ],
        misses: &[
            r#"checksum = "534e79a13a906b40b5da04e758a905e9""#,
            r#"FINICITY_KEY = "45d274ed01dd438ce476fd8edf2fbea5c""#,
            r#"FINICITY_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/finicity-client-secret",
            summary: "Finicity partner secret",
            why: "With the partner id it reads people's bank accounts.",
            source: r#"Mastercard, "Open Banking", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["finicity"], values: &["{a20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"FINICITY_KEY = "C9xyB9RDJXnFexnbfPyK""#, r#"{"finicityToken": "R5J1b9Kw8vZCpxRZZXd6"}"#],
        misses: &[
            r#"checksum = "z6cSKMGCP8QYz95vy777""#,
            r#"FINICITY_KEY = "Z55DtHpO7X3rsGffcgVYn""#,
            r#"FINICITY_KEY = "xxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/flutterwave-encryption-key",
            summary: "Flutterwave encryption key",
            why: "It decrypts the card data that the merchant sends.",
            source: r#"Flutterwave, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["FLWSECK_TEST-{h12}", "FLWSECK_TEST{h12}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &["export KEY='FLWSECK_TEST-a48d25bc8e2c'", "it is FLWSECK_TEST8a459c29a4eb now"],
        misses: &[
            r#"token = "FLWSECK_TEST-3a7bb5f4611""#,
            r#"token = "FLWSECK_TEST-aaaaaaaaaaaa""#,
            r#"token = "FLWSECK_TESTc1e8bfbbaa1""#,
            r#"token = "FLWSECK_TESTaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/flutterwave-public-key",
            severity: Severity::Error,
            summary: "Flutterwave public key",
            why: "It starts payments to the merchant. It is made to be in pages: an error, not worse.",
            source: r#"Flutterwave, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["FLWPUBK_TEST-{h32}-X", "FLWPUBK-{h32}-X"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "FLWPUBK_TEST-cdafac5e87c655e7b863dff17134442e-X"}"#,
            "export KEY='FLWPUBK-21ee7fe7b44964dab506734fe74d900d-X'",
        ],
        misses: &[
            r#"token = "FLWPUBK_TEST-04d12e18e05e9a557ee63a25cd81acd-X""#,
            r#"token = "FLWPUBK_TEST-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-X""#,
            r#"token = "FLWPUBK-d07431bc3e1c820c14b9a24f382ebdb-X""#,
            r#"token = "FLWPUBK-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-X""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/flutterwave-secret-key",
            summary: "Flutterwave secret key",
            why: "It charges, refunds and pays out in the merchant's name.",
            source: r#"Flutterwave, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["FLWSECK_TEST-{h32}-X", "FLWSECK-{h32}-X"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"token = "FLWSECK_TEST-ea276b26ce75ee53084e4d8a2c53bd5e-X""#,
            "Authorization: Bearer FLWSECK-4f377d05797db67c39dce5de5aa6e575-X",
        ],
        misses: &[
            r#"token = "FLWSECK_TEST-fa6fc6efafbeea2d01c2f66c8d194ae-X""#,
            r#"token = "FLWSECK_TEST-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-X""#,
            r#"token = "FLWSECK-1c6ad638d90b54f48870dc166b9f2a9-X""#,
            r#"token = "FLWSECK-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-X""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/freshbooks-access-token",
            summary: "FreshBooks client secret",
            why: "With the client id it reads and writes the books of those who signed in.",
            source: r#"FreshBooks, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["freshbooks"],
            values: &["{h64}", "{a64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"FRESHBOOKS_KEY = "38f1a1a5137659c6c0f2f082e349ab220da43c452b8d369e31f484f62fb00822""#,
            r#"{"freshbooksKey": "Xr6YRMjGOSQBFZtVocnQFPDba7S2x43PGiuzt1wGIlrFGCcWg091MkdchghaTsh7"}"#,
        ],
        misses: &[
            r#"checksum = "af66bc90b313a906aa64011335baa1a37bd581d5542bad6be24aee6cb82d6268""#,
            r#"FRESHBOOKS_KEY = "0ee3b001638f353ea7e31db906159bb16bb0996cbf39d5d55c1c34bfa89e735ad""#,
            r#"FRESHBOOKS_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/freemius-secret-key",
            summary: "Freemius secret key",
            why: "It signs requests for the product, and so makes licences and reads who bought them.",
            source: r#"Freemius, "SDK", integration"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["freemius", "secret key"],
            values: &["sk_{s29}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"FREEMIUS_KEY = "sk_3ZR1fmr!U851LAGe#DF9pmIFxa26t""#,
            r#"{"secretKey": "sk_dRhjH$1Bzb$wlHbzdxo1flYQHqByE"}"#,
        ],
        misses: &[
            r#"checksum = "sk_TQYEXjn0$KYsyNMLqs+x0zdZAqe7d""#,
            r#"FREEMIUS_KEY = "sk_NjdPBleUGICmTlmb$@Tv7ZNvJNMuTl""#,
            r#"FREEMIUS_KEY = "sk_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gocardless-api-token",
            summary: "GoCardless access token",
            why: "It debits the accounts of the merchant's customers. `live_` begins much else, so a name has to say \
                  whose it is.",
            source: r#"GoCardless, "API reference", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["gocardless", "go cardless"],
            values: &["live_{g40}", "sandbox_{g40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"GOCARDLESS_KEY = "live_D4om+/yVnD9J2iC0klTAvSeIKg3Y1SLkVM1ZSy53""#,
            r#"{"gocardlessKey": "sandbox_gf8buF1FoK-amEWNuUOazLgxbLLnqeIIPtKA+7fM"}"#,
        ],
        misses: &[
            r#"checksum = "live_A25tfzPOI0hbkzAnm8tN+bOQHsWPw2oP37/83JfU""#,
            r#"GOCARDLESS_KEY = "live_rgXCq-OUooAaJ3M84-IV2i4D5SZ9GLu49qPfslLgM""#,
            r#"GOCARDLESS_KEY = "live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
];
