//! Keys of payment, shops and shipping: Stripe, Square, Plaid, Shopify, Shippo and others.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/stripe-access-token",
            summary: "Stripe secret or restricted key",
            why: "A live key moves money; a test key shows how the account is built. Publishable keys (pk_) are \
              public and left alone.",
            source: "Stripe documentation, \"API keys\" (prefixes sk_, rk_; modes test, live)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "sk_live_{a16-120}",
                "sk_test_{a16-120}",
                "sk_prod_{a16-120}",
                "rk_live_{a16-120}",
                "rk_test_{a16-120}",
                "rk_prod_{a16-120}",
            ],
            entropy: 2.0,
            ..SecretForm::NONE
        }),
        hits: &["token: sk_live_ctolfTclkWVagm9X, then", r#"{"note": "use rk_prod_CoREXncB0mtSCtjX here"}"#],
        misses: &["token: sk_live_S6vtD4ySKcqVDnQ, then", "token: sk_live_xxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/stripe-webhook-secret",
            summary: "webhook signing secret",
            why: "Who has it forges the messages that tell an order is paid. Stripe and all users of Standard \
              Webhooks write it so.",
            source: "Stripe documentation, \"Webhooks\" (prefix whsec_); Standard Webhooks specification",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["whsec_{b32-64}", "whsec_{b31-63}="], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: whsec_uRu4572QcoEAHdP4iEAkuf17V8DOxjCH, then",
            r#"{"note": "use whsec_8InKXbC8WKMxKHO9MFO0WjypiCLE45B= here"}"#,
        ],
        misses: &["token: whsec_SpD0N4h22vRBmqPIHVBr1dvZXSLS4oK, then", "token: whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/square-access-token",
            summary: "Square access token",
            why: "It reads payments and customers, and charges cards on file.",
            source: "Square developer documentation, \"Access tokens\" (prefixes sq0atp-, EAAA)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["sq0atp-{w22-60}"],
            names: &["square"],
            values: &["EAAA{w22-60}"],
            entropy: 2.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: sq0atp-cZp7YYk9Z8wTTTO2zKLMSD, then",
            r#"{"note": "use sq0atp-groaK9jwskIuwk7tWSNqi0 here"}"#,
            r#"SQUARE_TOKEN="EAAAUzCLLNbGXMeZOpuOJvqY7i""#,
            r#"{"squareToken": "EAAAGxKZOdvRc4yEa41G2lGFgk"}"#,
        ],
        misses: &[
            "token: sq0atp-xTEfYiW3rirXJtivfaO99, then",
            "token: sq0atp-xxxxxxxxxxxxxxxxxxxxxx",
            r#"SQUARE_TOKEN="EAAAU3dV7Hqwf3k3vlgfdWSxQ""#,
            r#"{"checksum": "EAAABHTmHpP8oR10zTA5JF4x2J"}"#,
            r#"SQUARE_TOKEN="${SQUARE_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/square-application-secret",
            summary: "Square application secret",
            why: "With the application's id it obtains tokens for every seller who has authorised it.",
            source: "Square developer documentation, \"OAuth API\" (prefix sq0csp-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sq0csp-{w43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: sq0csp-3hLKcZsFiXaELf81GrQOsZJ7u9LyFXiSZUK5OLNI2Ua, then",
            r#"{"note": "use sq0csp-1nojqRN54jeF0CnKrdLgo0mezWznCSfxnKaVTFc40mA here"}"#,
        ],
        misses: &[
            "token: sq0csp-EkFy1Av7eOcPCIiahIBHkiXQqiAS4yCNsSqNXGtwpP, then",
            "token: sq0csp-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
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
    Recognizer {
        rule: &Rule {
            id: "secrets/plaid-client-id",
            severity: Severity::Error,
            summary: "Plaid client id",
            why: "It names the account, and with the secret opens its customers' banks. It has no form of its own, \
              so a name has to say whose it is.",
            source: "Plaid documentation, \"API keys\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "plaid token",
                "plaid key",
                "plaid secret",
                "plaid api",
                "plaid client",
                "plaid access",
                "plaid auth",
                "plaid oauth",
                "plaid id",
            ],
            values: &["{a24}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"PLAID_TOKEN="vL6vOo79IKIXvetxTrInPNnE""#, r#"{"plaidToken": "vjnyToNBv0YNQjTVCa9jE0gB"}"#],
        misses: &[
            r#"PLAID_TOKEN="AdnNxGPykFx6yjzxBgrNULZ""#,
            r#"{"checksum": "XRzERZKwCZezTrj5WpQ0LW1M"}"#,
            r#"PLAID_TOKEN="${PLAID_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/plaid-secret-key",
            summary: "Plaid secret",
            why: "With the client id it reads bank accounts of customers. It has no form of its own, so a name has \
              to say whose it is.",
            source: "Plaid documentation, \"API keys\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "plaid token",
                "plaid key",
                "plaid secret",
                "plaid api",
                "plaid client",
                "plaid access",
                "plaid auth",
                "plaid oauth",
                "plaid sandbox",
                "plaid production",
            ],
            values: &["{L30}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"PLAID_TOKEN="l7hdil339vrxt8j1vr6g8kk1bcxyug""#, r#"{"plaidToken": "vr3gfefugplzydunrvneyh6gz4a7lm"}"#],
        misses: &[
            r#"PLAID_TOKEN="y6owv6xrdqj2i8zzxtlnfu81rl8tx""#,
            r#"{"checksum": "rdknoxzabubc80x1b4fkbbk5240xb6"}"#,
            r#"PLAID_TOKEN="${PLAID_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/plaid-api-token",
            summary: "Plaid access token",
            why: "It reads one customer's bank account, and does not expire.",
            source: "Plaid documentation, \"Items and access tokens\" (access-environment-identifier)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "access-sandbox-{h8}-{h4}-{h4}-{h4}-{h12}",
                "access-development-{h8}-{h4}-{h4}-{h4}-{h12}",
                "access-production-{h8}-{h4}-{h4}-{h4}-{h12}",
            ],
            ..SecretForm::NONE
        }),
        hits: &[
            "token: access-sandbox-3cbf5c39-749e-2c49-1eb9-487395018f79, then",
            r#"{"note": "use access-production-44fe07f5-679f-ff02-eba5-71e7b3ec5dec here"}"#,
        ],
        misses: &[
            "token: access-sandbox-c1db9bed-fdaf-2f89-39c6-65c3c5da270, then",
            "token: access-sandbox-8f9a950e-89f0-65ec-30a1-xxxxxxxxxxxx",
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
            id: "secrets/braintree-access-token",
            summary: "Braintree access token",
            why: "It takes payments and reads transactions of the merchant.",
            source: "Braintree documentation, \"Access tokens\" (access_token$environment$merchant$key)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["access_token$production${L16}${h32}", "access_token$sandbox${L16}${h32}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: access_token$production$zzlqims02xynej51$22217275a116587b415a21126b324039, then",
            r#"{"note": "use access_token$sandbox$j0vmlqh8wfw2n8k0$12d1f428a97876fc25b53c62eb7d275d here"}"#,
        ],
        misses: &[
            "token: access_token$production$dw4z325cgrkfxghv$9621aa7b6fb49fe01a1b0831002ee66, then",
            "token: access_token$production$2jfs32lxpu2e3zkd$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/paypal-client-secret",
            summary: "PayPal client secret",
            why: "With the client id it pays out and refunds. It has no form of its own, so a name has to say \
              whose it is.",
            source: "PayPal developer documentation, \"Get started with REST APIs\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["paypal secret", "paypal client secret", "paypal app secret"],
            values: &["E{w79}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"PAYPAL_SECRET="Ezi1P1jRsJVmtGsGmnH4HU6ZC9yL5gpcvQ87d18Ws2hNUQ9OJyWniHixANgu6ERXPZ8S5ffq1nNTfhaW""#,
            r#"{"paypalSecret": "E8lqM4nFemoI7jyqde5foTpg3IC4bsWAEI7lPow138Xz6f1GQ0N6ccuiUXG2hvB1bHas2Bwn1oCGjO3T"}"#,
        ],
        misses: &[
            r#"PAYPAL_SECRET="EQJ9ieT52k7FrIkTHi1q6f8jmfBCtWKLTrRWI4GgS8saQqpSArxGD2JrRNNvLdzOFgy4zZipLZ5ekW5""#,
            r#"{"checksum": "EW4ason8A2G81hCuSU9QUBnQD08O9kDkKfgBlaUkFJRpFvOsiDCSVmLbVMTkGxdpZPD4Q54IBjhnrpDz"}"#,
            r#"PAYPAL_SECRET="${PAYPAL_SECRET}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/razorpay-key",
            severity: Severity::Error,
            summary: "Razorpay key",
            why: "The id is half of the pair that takes payments; the mode tells test from live.",
            source: "Razorpay documentation, \"API keys\" (prefixes rzp_live_, rzp_test_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["rzp_live_{a14}", "rzp_test_{a14}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: rzp_live_i2x14fyQvqXOj3, then", r#"{"note": "use rzp_test_xhN8j85MvCc2cp here"}"#],
        misses: &["token: rzp_live_i6FCUBHTg9f3C, then", "token: rzp_live_xxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/adyen-api-key",
            summary: "Adyen API key",
            why: "It takes and refunds payments of the merchant. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Adyen documentation, \"API credentials\" (prefix AQE)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["adyen"], values: &["AQE{s60-200}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"ADYEN_TOKEN="AQES6PzhiCyIJCtUln8AXRTXXtyB6hTr2tuav4bYOL6MZ8PIpKPJ8f2CXDcN6e6""#,
            r#"{"adyenToken": "AQEBl0e0c5ywWgDvsUf4lzqyQfk4XIRcdBxQj56cvOaBp05v3nqIxZQvGipMTQ8"}"#,
        ],
        misses: &[
            r#"ADYEN_TOKEN="AQEMh1ZSuADVcbXLrZQe78MTPI5EP3tItjqwuxRQdeg5wcCEydoHXmMpUM9wYa""#,
            r#"{"checksum": "AQEHTpS2inIARooGlY5Mwg56bCNDRb0cc6sDBl1mBmwnZ453B4SSJ0ZLTbC3V6y"}"#,
            r#"ADYEN_TOKEN="${ADYEN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mollie-api-key",
            summary: "Mollie API key",
            why: "A live key takes and refunds payments. It has no form of its own, so a name has to say whose it \
              is.",
            source: "Mollie documentation, \"Authentication\" (prefixes live_, test_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["mollie"],
            values: &["live_{a30}", "test_{a30}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MOLLIE_TOKEN="live_Tnut2XMGZ40bT9YMdaqcqqWr21qBnR""#,
            r#"{"mollieToken": "test_VyY76xLOsmgGX7rAPB3YnZBIPzTFJ9"}"#,
        ],
        misses: &[
            r#"MOLLIE_TOKEN="live_VfOS0lh5R9SYYJBeqkjbzR48sZIlk""#,
            r#"{"checksum": "live_F8Pgcm6pGURUqGbGtfXtLPGAeAq7oj"}"#,
            r#"MOLLIE_TOKEN="${MOLLIE_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/lemon-squeezy-api-key",
            summary: "Lemon Squeezy API key",
            why: "It reads orders and customers, and issues licences. It has no form of its own, so a name has to \
              say whose it is.",
            source: "Lemon Squeezy documentation, \"API: getting started\" (JSON Web Token)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["lemonsqueezy", "lemon squeezy"],
            values: &["eyJ{w20-}.eyJ{w100-}.{w200-}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"LEMONSQUEEZY_TOKEN="eyJwWIHUFtAyPLeIoVoLN9B.eyJFxlM8s3bAipkdkdt6hLalKeYmocvNjn3yVlhzOi63NEQ1LO4ahmDQJ0I31eDk47jwSgN3IoRC2E18zxnGWSQ99f9kiJ1omM8f2Pt.0FO4nLFkntrjDiYpuv6AwQ58jwH6AcEn3YUgcCcK1NvUAcnYI3YUrZLjTML3ldRi0IFloOfzTqoHSa4MEr8GYrVk3fEOLklNgnc7fUv9G3crJ0arKNSXSud4cRxYgTrcTJ6Z0KfxLnIiZj0kbaqrsHjXT3iHBQWlJKkr4Jk9451MjbNnIJvE2PhWxbG7K4ZEcKFEe5AM""#,
            r#"{"lemonsqueezyToken": "eyJnmcLD7FpVXo9uOwkWs92.eyJLlPyLn9GKOz5z3M2Lwtk6KSMDgdYLu8kPs6lvcdmEpy5jtPekFO4yw6JLQUy6WW3jHk8iAVkb2LlChao7jR1UwX0xWl1A6i6we17.Mx2Yv9ql3lQXCUs95wGq0SyvkV0JP00Iw4KlzbvdyLNKAXcKKToNDqhxsO0gRdsbK53rWfymsBALTcdnOJg6zZDZZwqGtfzQkQOQxOYT8MtK72VC1cINvMuGirIn29SLMqswrRO1tuLedLw3wUIpGwVKqDPNBesrWPJdE1kvKz7PhS1DR19dbd0WUmJ2G21suWCVpijE"}"#,
        ],
        misses: &[
            r#"LEMONSQUEEZY_TOKEN="eyJkuidYW7RJwAI0kdvsk4o.eyJr7GLl0d2tFchlZPH1n3uABdCEUMk30WJ1pzZCiE00mvqsTETBb3tSKx3ni96Bs6wxd80NMtaCacpenpZouOhFcQqbE3lIk0CzJEi.sSEPfzZCfhvag97ZG6r4p4351H2PIWixkNlal4YCMwOpz5qsCAhZmuooQ68yiN2ZselCJzbttkBiS4ASVYj20kxfHvSQuZgpdC9Bm4Ps1qS90xgW550bglFxGsQyoRSGMC6Rr95NlbYLxa11TZfVP6fO5aJAQS8dDBDnxTgVRAHBTHJCZf0CHAM3L2wQ8n0d0AZJ2hZ""#,
            r#"{"checksum": "eyJIGgR4fkf3L30od2gbj7t.eyJfR6XYlRkDBPpnCZiPultK9NERWZYawx6KbSvWl1y1vRQqfzFATbnOsXZkLMRP9IGwJUnM5WP71RJ9wIiwAYgE5BOT237WVzgYrv9.Z3hL76Cg9Bf7mtucDWy8uGRHBLoryaEjHF684xDx1wIC83i9np6JswCZzeJN4d6uMOh975VU3lY9AzM9DVL8CN9UBWORzXQGK16CvfxWFzs3Gc9CndVguISmquyeerbc1yErRQ8GY9vjHDYIt1H3LjylARV9r0wXRxS4YkaEi4NKUcjIo2ncVzlC9qYnrwuJm3s9b2qX"}"#,
            r#"LEMONSQUEEZY_TOKEN="${LEMONSQUEEZY_TOKEN}""#,
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
