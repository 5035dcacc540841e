//! Keys of payment, banking and accounting.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
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
];
