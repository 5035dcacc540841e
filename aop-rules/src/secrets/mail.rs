//! Keys of services that send mail.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/mailchimp-api-key",
            summary: "Mailchimp key",
            why: "It reads whole mailing lists. It has no form of its own, so a name has to say whose it is.",
            source: "Mailchimp developer documentation, \"API keys\" (key, hyphen, data center)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["mailchimp", "mail chimp"],
            values: &["{h32}-us{d1-2}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MAILCHIMP_TOKEN="885f34aaa8ed8491433f5b737d2ac6d6-us6""#,
            r#"{"mailchimpToken": "6caf5c03959c0c0e2cfe6a7b3966e577-us8"}"#,
        ],
        misses: &[
            r#"MAILCHIMP_TOKEN="7471a5288d5438dd0bb6a396b27630b-us8""#,
            r#"{"checksum": "d0dc7a7e276588c754ab3f52cb5ea8ae-us4"}"#,
            r#"MAILCHIMP_TOKEN="${MAILCHIMP_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mailersend-api-token",
            summary: "MailerSend API token",
            why: "It sends mail in the name of its domains.",
            source: "MailerSend developer documentation, \"Authentication\" (prefix mlsn.)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["mlsn.{h64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: mlsn.b75bc15cb449fb1cba18a448559a9951572b89085be0936dd79bc09111f3b62f, then",
            r#"{"note": "use mlsn.6dd04f41af6d7acf728286d46c0ea3a29d6f29f5221d776ac352492779ba7876 here"}"#,
        ],
        misses: &[
            "token: mlsn.dc1cd482da65adc4c7cc17ef74d82d468118a6060783c08ce3fd47d2cad2f34, then",
            "token: mlsn.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mailgun-private-api-token",
            summary: "Mailgun private key",
            why: "It sends mail in the name of its domains and reads what was sent. In capitals it has no form of its own: then a name has to say whose it is.",
            source: "Mailgun documentation, \"Authentication\" (prefix key-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["mailgun", "mail gun"],
            values: &["key-{x32}"],
            tokens: &["key-{h32}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "curl --data key-7f1c0d2b9a4e8831c0de5f6a7b8c9d0e",
            r#"MAILGUN_TOKEN="key-fc54577e9CFFf2c24da8F51e1C3AC88D""#,
            r#"{"mailgunToken": "key-4Be5A4cA00717Aaa55d2Fba8cC5E94C8"}"#,
        ],
        misses: &[
            "cache-key-7f1c0d2b9a4e8831c0de5f6a7b8c9d0e",
            r#"MAILGUN_TOKEN="key-5be4baEF2dF5e75ABe22EfEC05De72A""#,
            r#"{"checksum": "key-FE7aB207277E1dB168cDfEcd02BfA1f2"}"#,
            r#"MAILGUN_TOKEN="${MAILGUN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mailgun-pub-key",
            severity: Severity::Error,
            summary: "Mailgun public key",
            why: "It validates addresses at its owner's cost. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Mailgun documentation, \"Email validation\" (prefix pubkey-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["mailgun", "mail gun"],
            values: &["pubkey-{x32}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MAILGUN_TOKEN="pubkey-F460C3D0Ca20A7Cf3d8CaFF95A05CaaF""#,
            r#"{"mailgunToken": "pubkey-Bd9242a8fAeb9a7BC075ce3EA5be88b3"}"#,
        ],
        misses: &[
            r#"MAILGUN_TOKEN="pubkey-FaA396B1e690811D7Ab9aF3e7067208""#,
            r#"{"checksum": "pubkey-f622a9E3bfd4DED7bf5BD25ADDAc9CBF"}"#,
            r#"MAILGUN_TOKEN="${MAILGUN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mailgun-signing-key",
            summary: "Mailgun key",
            why: "It sends mail or signs what Mailgun reports; both kinds are written so. It has no form of its \
              own, so a name has to say whose it is.",
            source: "Mailgun documentation, \"Securing webhooks\" and \"API keys\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["mailgun", "mail gun"],
            values: &["{h32}-{h8}-{h8}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MAILGUN_TOKEN="a29d006ac03c27b1ec860922120b588c-559577f6-c57f5156""#,
            r#"{"mailgunToken": "d147ab5005fce1a43cd299e630c2b458-fe499491-d2050d96"}"#,
        ],
        misses: &[
            r#"MAILGUN_TOKEN="60ad8c9f3c6672fb64823cde6bd7502-d16a017e-25acb41f""#,
            r#"{"checksum": "c69df07997056a66fb3ba1eb7f49a0ef-a42e6073-2821c1ba"}"#,
            r#"MAILGUN_TOKEN="${MAILGUN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/postmark-server-token",
            summary: "Postmark server token",
            why: "It sends mail in its owner's name and reads what was sent. It has no form of its own, so a name \
              has to say whose it is.",
            source: "Postmark developer documentation, \"API authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["postmark"], values: &["{x8}-{x4}-{x4}-{x4}-{x12}"], ..SecretForm::NONE }),
        hits: &[
            r#"POSTMARK_TOKEN="13Be6Dbf-A046-f079-F3bB-46cE2aaa1eb9""#,
            r#"{"postmarkToken": "AeBcb6bf-04dE-1E0D-0DD4-C26F9cDC1891"}"#,
        ],
        misses: &[
            r#"POSTMARK_TOKEN="bCA4BF77-8Edc-0D9D-0B77-B2B7b3D6EaC""#,
            r#"{"checksum": "bf0be1b7-dc91-6bDd-A4b4-7BBae13E55c0"}"#,
            r#"POSTMARK_TOKEN="${POSTMARK_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/resend-api-key",
            summary: "Resend API key",
            why: "It sends mail in the name of its domains.",
            source: "Resend documentation, \"API keys\" (prefix re_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["re_{a8}_{a24}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: re_n4u7h4vK_aEWHmXHxDVyCyjfkHkiJ03Vj, then",
            r#"{"note": "use re_qoDt96fx_5prGW67GBg0P4yhynrJ4iIWn here"}"#,
        ],
        misses: &["token: re_k2mxPY7l_jLsLS3Vba4S1I6hiCZ7hrkC, then", "token: re_tCs24jQH_xxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sendgrid-api-token",
            summary: "SendGrid API key",
            why: "It sends mail in its owner's name.",
            source: "Twilio SendGrid documentation, \"API keys\" (prefix SG., 69 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["SG.{r66}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: SG.j4kCrTepcbp4YPUnKQCBnhhMo7khRcnvYDWa5QODKLnOaOvoMvRCRapOT8e8PvpQnb, then",
            r#"{"note": "use SG.6HEenbJKv1kts6PFaIVfVpcrfuuVGeZk1hziJfF6rU8NqgSHM9hw8ctBKdG2QpXFUS here"}"#,
        ],
        misses: &[
            "token: SG.NQiSFE1lzX8F4vqg4xiIpBRoYPa5WGidNXynxt1Q7Gi1W6IgRQI0gDoQws2FUjsNU, then",
            "token: SG.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sendinblue-api-token",
            summary: "Brevo API key",
            why: "It sends mail in its owner's name and reads the contacts.",
            source: "Brevo (Sendinblue) developer documentation, \"Authentication\" (prefix xkeysib-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["xkeysib-{h64}-{a16}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &[
            "token: xkeysib-703f75324a1128aa3405a87ea0296b59d77442daf88d9c628b672d6d1a990f5-wK2XoAZWqSPKpZHq, then",
            "token: xkeysib-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-7jrPgjTiZNzOJfsW",
        ],
    },
];
