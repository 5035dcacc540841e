//! Keys of monitoring, logs and traces.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/datadog-access-token",
            summary: "Datadog API or application key",
            why: "It sends and, with an application key, reads metrics, logs and dashboards. Without a prefix, so only a \
                  name gives it away.",
            source: r#"Datadog, "API and application keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["datadog", "dd api", "dd app", "dd application"],
            values: &["{L40}", "{h32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"DATADOG_KEY = "5dq2w3din1m0ljey3773revlcd8y1qfl7opj2keu""#,
            r#"{"datadogKey": "aa3704a626a1ef787a779ce2a722f38b"}"#,
        ],
        misses: &[
            r#"checksum = "c52zaccp324pob2ptq310mpfxqpl5fubpj3p6v4v""#,
            r#"DATADOG_KEY = "erhdz58jn2i0uvbywupvz5mx7b3x0788ptwtqw60h""#,
            r#"DATADOG_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dynatrace-api-token",
            summary: "Dynatrace API token",
            why: "It reads and writes what the environment measures and how it is set up.",
            source: r#"Dynatrace, "Access tokens", token format"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["dt0c01.{a24}.{a64}", "dt0s01.{a24}.{a64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "{\"headers\": [\"dt0c01.GAxSFNsrp5jMEQoylqrA0XUD.fUM1yyRuusAD0lGekh2ss3fLhTakRmgedRw6Vi7QjjiqlVGs8Cig4ICFKs\
             2Tvonw\"]}",
            "a: dt0s01.5g3lFJ0qMGjkRDEEIesfBMQ6.mt3aRdcTMF51hMTp1mSFG5HuBEqd8MoAUhVh8EZMpnIkKfQxhH7tAtNzEvazX3Qb\nb: 1",
        ],
        misses: &[
            r#"token = "dt0c01.PH8OCZqE2TPrLdfy1rUzybCP.sZpRWVkCi4hKXngR9xrKXHpHxYALIrgltj7X7q6XyZy6IGe0QUBwMZ01HCIgQiO""#,
            "token = \"dt0c01.xxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            r#"token = "dt0s01.JZOpgd9KSpbcEgFaRI5jrn08.8s218gMvhV5iN5czkgqunxgZfZ1EiNl0sk5eEzAmgaBKV5g1hHON6Czcfi14uMP""#,
            "token = \"dt0s01.xxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dynatrace-oauth-client-secret",
            summary: "Dynatrace OAuth client secret",
            why: "With the client id it manages the account.",
            source: r#"Dynatrace, "OAuth clients""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["dt0s02.{U8}.{U64}", "dt0s16.{U24}.{U64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"token = "dt0s02.L416Q21Z.9K1RNVJDECNN3DCQPZ2TL4AZ6HUIK518SCQUPBKIPC882VNK8PILPL9ORE3JZT7N""#,
            "Authorization: Bearer dt0s16.3X7VNKRE8Y3R2JQR9IE8H4KQ.4COA2ZUZMZM39WCWDDIVSHV3YMCFQ1LYB9HU9823TCC5Z8XB6QR09\
             LNW5197GCFX",
        ],
        misses: &[
            r#"token = "dt0s02.PPGGP7GR.VNFG6FRRNZL5AG4C61NF23DAXFST66CDDWYLCSEZCCP3RKESYX61K7MJIO9Y5S0""#,
            r#"token = "dt0s02.XXXXXXXX.XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX""#,
            r#"token = "dt0s16.YGW5682ISSKRK1XSMGRLMQWG.46AO0AU7V4WCARMJSBSBTD8FOORIXX2X0KVXDC5ZXNHNICQD9INPTUQF26KO2H2""#,
            "token = \"dt0s16.XXXXXXXXXXXXXXXXXXXXXXXX.XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/grafana-api-key",
            summary: "Grafana API key",
            why: "It reads or changes dashboards and data sources, as its role goes.",
            source: r#"Grafana, "API keys" (the key is base64 of a JSON object that begins with `k`)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["eyJrIjoi{B70-400}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"token = "eyJrIjoiVjrRK0MWluHkV+Eogxhr6ot44fD2TvgKo0bajkZ/y1ZNurT7zIL65qlDkbqnHE9rCDyRqWHLL6""#,
            "export KEY='eyJrIjoit9Dr5fIK4Nbsu1GijuloWZeA81Df85UPoQbVMpul517/xuAbHAX5fMawBm9WErrP/G5FdqvcpQn'",
        ],
        misses: &[
            r#"token = "eyJrIjoiLNU7RQ2CUJGoqbuVYHVmu9h+17FM49XhL4ouODxz3A38mu3KN4P/PtKcgCR8a6UF0ysIO""#,
            r#"token = "eyJrIjoixxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/grafana-cloud-api-token",
            summary: "Grafana Cloud access policy token",
            why: "It writes and reads the metrics, logs and traces of a stack.",
            source: r#"Grafana, "Grafana Cloud access policies""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glc_{B32-400}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer glc_JOf+h3FkmrPwW+sKSTnq136J930CcFJ1Au",
            "it is glc_QsP9NU+z4z64MXPUPONIf5rFuUeDM+4IXLo now",
        ],
        misses: &[r#"token = "glc_ifxtiSl6TKP5sU7kxk0C++UXzAbyRel""#, r#"token = "glc_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/grafana-service-account-token",
            summary: "Grafana service account token",
            why: "It reads or changes dashboards and data sources, as the role of its account goes.",
            source: r#"Grafana, "Service accounts""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["glsa_{a32}_{x8}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["glsa_p1L6naaAOiEnkW4OIvczUaRfvCB5pS5O_7Bf02E5C"]}"#,
            "Authorization: Bearer glsa_DBJmQFzXd8e3Fp1DWdUho7xe7KleZfeo_589E07C4",
        ],
        misses: &[
            r#"token = "glsa_BOTi7vtcsdt9cxd5OX2K1wJxhvEqh4F_c5FFEDb4""#,
            r#"token = "glsa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_AAAAAAAA""#,
        ],
    },
];
