//! Keys of search engines, streams and services of data.

use aop_toon::Severity;

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/algolia-api-key",
            summary: "Algolia API key",
            why: "An admin key changes every index; only a search key may be in public, and both look the same. It looks \
                  like a hash, so only a name gives it away.",
            source: r#"Algolia, "API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["algolia"], values: &["{L32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"ALGOLIA_KEY = "fm65msogbs5vhtk06txq1pi2z8gr52n0""#,
            r#"{"algoliaToken": "k4pn57z0pgpsvxz4srb2s7nsshh1a2zm"}"#,
        ],
        misses: &[
            r#"checksum = "9nedw6pmlscra271bu666tbbn5u3exsk""#,
            r#"ALGOLIA_KEY = "ygaljrjsi5b8jfmalbjs1i72ee0pkiz9f""#,
            r#"ALGOLIA_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/confluent-access-token",
            severity: Severity::Error,
            summary: "Confluent Cloud API key",
            why: "It is half of the pair that signs in to a cluster. Sixteen characters without a prefix, so only a name \
                  gives it away.",
            source: r#"Confluent, "Use API keys to authenticate""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["confluent"],
            values: &["{L16}", "{U16}"],
            entropy: 3.0,
            check: with_digits,
            ..SecretForm::NONE
        }),
        hits: &[r#"CONFLUENT_KEY = "3kzjvnrttifpbpas""#, r#"{"confluentKey": "GVHA7WG5GOEWWS1D"}"#],
        misses: &[
            r#"checksum = "dk248mi1ikvn3b94""#,
            r#"CONFLUENT_KEY = "ri8ki4qclq3olozej""#,
            r#"CONFLUENT_KEY = "xxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/confluent-secret-key",
            summary: "Confluent Cloud API secret",
            why: "With the API key it reads and writes the topics of a cluster.",
            source: r#"Confluent, "Use API keys to authenticate""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["cflt{b60}"],
            names: &["confluent"],
            values: &["{b64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "export KEY='cfltrhOgPlmczW99T5TAVzl0er/yOynET+aJln3qfqrUMCoFp4UOuho78vuHQG6R'",
            "a: cfltsUTdlsKjl8Jg6ijY7/JLYlUlm1dhZMX/aw7ZwWN3Qt5toLSTJNG25F4Mw3N1\nb: 1",
            r#"CONFLUENT_KEY = "kcdr4CPh4kofrogmj0vgX/x+8PP0F11zfmD8Kh36AxBqtJbbuVXHglkRRLmXkGqQ""#,
            r#"{"confluentToken": "gSob5DVSRlNLh6AxO1o+Imaqjw1r/vLEdv0rIfnnJiv00D5ouX7NInXkuE3jh4AD"}"#,
        ],
        misses: &[
            r#"token = "cfltGFQ0FkypMU8GWBQ6hN4rlgjUC/ioksetYzTbBpBpsrh3hh0j+5kwF5TgSZi""#,
            r#"token = "cfltxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"checksum = "PNbevc2QaSaMA/SH7RfXtBR6DNO2nBoeZXmKUQ3gAyoxYaKCY8n1a/a4pwUXZ4ZH""#,
            r#"CONFLUENT_KEY = "ApYEkAhnSL2ETueOihcQ/mM5xRPFxAGr9z6snpSv/XtsyZxAHMOThocneCGJtucmT""#,
            r#"CONFLUENT_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/cloudinary-url",
            summary: "Cloudinary URL with key and secret",
            why: "The pair uploads, changes and deletes the pictures and films of the account.",
            source: r#"Cloudinary, "SDK quick starts", configuration"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["cloudinary://{d15}:{w27}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "export KEY='cloudinary://051372768147976:OV40EiSBUnUTc-u5UPbJ-5ztmGq'",
            "a: cloudinary://597467919646914:E1Tq-bad_QY1Ncv1eZ5GBqtQj5r\nb: 1",
        ],
        misses: &[
            r#"token = "cloudinary://584328619283751:lZv_z6_GOxWjRg7PdSziIx39KB""#,
            r#"token = "cloudinary://000000000000000:xxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/finnhub-access-token",
            summary: "Finnhub API key",
            why: "Requests with it count against its account. Without a prefix, so only a name gives it away.",
            source: r#"Finnhub, "API documentation", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["finnhub"],
            values: &["{a20}", "{a40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"FINNHUB_KEY = "h08txk5w6Cy1tK2fegEQ""#, r#"{"finnhubKey": "ohuLgEfJ3DzNJzxP3EZBMoiXFO5HS3MifQzg9RDl"}"#],
        misses: &[
            r#"checksum = "WPQHbtmEp6juSDbvdSdw""#,
            r#"FINNHUB_KEY = "YSzye7IsywWfXUySgxZf8""#,
            r#"FINNHUB_KEY = "xxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
];
