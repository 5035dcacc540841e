//! Keys of monitoring, logs, traces, product analytics and calls at night.

use aop_toon::Severity;

use super::value::{unlike_a_hash, with_digits};
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/axiom-api-token",
            summary: "Axiom token",
            why: "It writes or reads data sets, as far as its scopes go.",
            source: "Axiom documentation, \"Tokens\" (prefixes xaat-, xapt-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["xaat-{h8}-{h4}-{h4}-{h4}-{h12}", "xapt-{h8}-{h4}-{h4}-{h4}-{h12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            "token: xaat-c41349bf-372f-6c1b-3e93-3dd95ae866f0, then",
            r#"{"note": "use xapt-5e592867-2d8e-55c8-243f-20c8474840dd here"}"#,
        ],
        misses: &[
            "token: xaat-8ae991d6-d803-dde3-c52f-90d5cfc386c, then",
            "token: xaat-3a103f4e-49d3-b6c7-331d-xxxxxxxxxxxx",
        ],
    },
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
    Recognizer {
        rule: &Rule {
            id: "secrets/honeycomb-api-key",
            summary: "Honeycomb API key",
            why: "It writes events, and with more scopes reads and changes them.",
            source: "Honeycomb documentation, \"API keys\" (prefixes hcaik_, hcbik_, hcxmk_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["hcaik_{L58}", "hcbik_{L58}", "hcxik_{L58}", "hcamk_{L58}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: hcaik_ne69oz81m11jc72ttc8hn1n8n17cirsw384qbg7wn2o5nwhbvqkuyo5fzx, then",
            r#"{"note": "use hcamk_1ijbssmmuaqdy62c968b3mvefk95kok19vlb6usprfkdp0xweo0xsqve3l here"}"#,
        ],
        misses: &[
            "token: hcaik_qx1k2i5bmawu6sru38h62l9hr1vz0pty0lyz2dglpkpgcmfwoaxb4gwod, then",
            "token: hcaik_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/new-relic-browser-api-token",
            severity: Severity::Error,
            summary: "New Relic browser key",
            why: "It writes measurements of pages. Public by design, so an error and not critical.",
            source: "New Relic documentation, \"API keys\" (prefix NRJS-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["NRJS-{h19}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: NRJS-529779c36663ef6250b, then", r#"{"note": "use NRJS-c26b21bc842841ae2ec here"}"#],
        misses: &["token: NRJS-ae050c6554f74818d4, then", "token: NRJS-xxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/new-relic-insert-key",
            summary: "New Relic insert key",
            why: "It writes events into the account.",
            source: "New Relic documentation, \"API keys\" (prefix NRII-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["NRII-{w32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: NRII-kShwcmlwcapiPR4RMFoCPhnDXqDEjo3N, then",
            r#"{"note": "use NRII-wHtLdgIBauvhu6beXHmSE5BnrI596Eoc here"}"#,
        ],
        misses: &["token: NRII-LzaufSdjHGMDdC1fpDKszU392xP7Ce7, then", "token: NRII-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/new-relic-user-api-key",
            summary: "New Relic user key",
            why: "It reads all data of the account and changes its settings.",
            source: "New Relic documentation, \"API keys\" (prefix NRAK-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["NRAK-{a27}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: NRAK-qnlK3qm3byOqUKeiFIcWEqdrgyC, then", r#"{"note": "use NRAK-XsOLYDnZSnv2o9Eo6NUcCxAuuiB here"}"#],
        misses: &["token: NRAK-RyfYLGsFjWCB8yYbzHbIUeADaF, then", "token: NRAK-xxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/new-relic-user-api-id",
            severity: Severity::Error,
            summary: "New Relic key id",
            why: "It is half of the pair that names a user's key. It has no form of its own, so a name has to say \
              whose it is.",
            source: "New Relic documentation, \"API keys\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["new relic", "newrelic"],
            values: &["{a64}"],
            entropy: 3.0,
            check: unlike_a_hash,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"NEW_RELIC_TOKEN="3GtreG8d3oGNxa1cRc560IItyxQ0m4CxZKhnGAJY6mUPfaMurnBmHaTe9hArJdAH""#,
            r#"{"newRelicToken": "FaUWJt3Rwk3ojx34SxPv1a2OHtTG536DujMs6jQaFWOB5VfwEdiCYoW1bFa8ypg9"}"#,
        ],
        misses: &[
            r#"NEW_RELIC_TOKEN="CE25POg2mfNOe0wFXnXfcq0FmpLAZP3IO7Z3XNxVwfwbxTq4gBtR1m0rPqAoX1K""#,
            r#"{"checksum": "cweHtPEepLaoRSWz2xTd2HMVBdHy8Tx0kNp9dCndByOBjP1lkM9hWZumz2f7PfRY"}"#,
            r#"NEW_RELIC_TOKEN="${NEW_RELIC_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/opsgenie-api-key",
            summary: "Opsgenie key",
            why: "It reads and closes alerts. It has no form of its own, so a name has to say whose it is.",
            source: "Atlassian Opsgenie documentation, \"API key management\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["opsgenie"], values: &["{h8}-{h4}-{h4}-{h4}-{h12}"], ..SecretForm::NONE }),
        hits: &[
            r#"OPSGENIE_TOKEN="70b28b4a-1d71-bc0f-dd93-135d88f647c9""#,
            r#"{"opsgenieToken": "c8f5d3e8-dd6d-413f-e91a-3e829329a1eb"}"#,
        ],
        misses: &[
            r#"OPSGENIE_TOKEN="1c2201ba-e584-2b7e-1387-5d013258838""#,
            r#"{"checksum": "4880a6a7-f5d4-8836-03e7-438d7ae57df3"}"#,
            r#"OPSGENIE_TOKEN="${OPSGENIE_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/pagerduty-api-key",
            summary: "PagerDuty key",
            why: "It reads and closes incidents. It has no form of its own, so a name has to say whose it is.",
            source: "PagerDuty developer documentation, \"Authentication\" (20 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["pagerduty", "pager duty"],
            values: &["{w20}", "{h32}"],
            entropy: 2.8,
            check: with_digits,
            ..SecretForm::NONE
        }),
        hits: &[r#"PAGERDUTY_TOKEN="qaXzDTlhz0P0McO99J3A""#, r#"{"pagerdutyToken": "7751c964f74d57926ff039e0618cec55"}"#],
        misses: &[
            r#"PAGERDUTY_TOKEN="yFhKSZzqBVtFoFoRG4x""#,
            r#"{"checksum": "QwJlOUseTn5DBTuIdstj"}"#,
            r#"PAGERDUTY_TOKEN="${PAGERDUTY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/posthog-personal-api-key",
            summary: "PostHog personal key",
            why: "It reads what users did and who they are. Project keys (phc_) are public and left alone.",
            source: "PostHog documentation, \"Personal API keys\" (prefix phx_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["phx_{a40-60}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: phx_xzjROdGTcvNaYG7CrzGq7XiGtQuU5LbGkuascCwV, then",
            r#"{"note": "use phx_29KU8wr1folAKAdzw1Dx3hVECmgs8mIRkK3PVTEC here"}"#,
        ],
        misses: &[
            "token: phc_k4Rz8WmQ2nVb7XtYc9Ls3PdJf6Hg1T0uAeKqZ5oM2wE",
            "token: phx_DtTGRsIvXtkIlumVBDdOjzjEot6S5DJXfD9dOEI, then",
            "token: phx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/rollbar-access-token",
            summary: "Rollbar access token",
            why: "It reads errors with the data in them, as far as its scope goes. It has no form of its own, so a \
              name has to say whose it is.",
            source: "Rollbar documentation, \"Access tokens\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["rollbar"], values: &["{h32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            r#"ROLLBAR_TOKEN="83b6a8cddcbdea30d9609715443f2c9f""#,
            r#"{"rollbarToken": "549f04251972a65f2b719eef19508bd0"}"#,
        ],
        misses: &[
            r#"ROLLBAR_TOKEN="7b94284055ae6ce031aaaa14fafeecb""#,
            r#"{"checksum": "858a61ad05dce2fccf8235d5467c2745"}"#,
            r#"ROLLBAR_TOKEN="${ROLLBAR_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sentry-access-token",
            summary: "Sentry auth token",
            why: "It reads errors with the data in them, and changes projects. It has no form of its own, so a \
              name has to say whose it is.",
            source: "Sentry documentation, \"Auth tokens\" (64 hexadecimal digits)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["sentry", "sentry auth token"],
            values: &["{h64}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SENTRY_TOKEN="06cc852ba93d7425299c4557c15de732937ac2c1cb9570df3ffae3c5bb434b62""#,
            r#"{"sentryToken": "0aa6e42a69f1540a35e9b74b2a7252b95b304f59c1ff5a3921a98bec9435cc11"}"#,
        ],
        misses: &[
            r#"SENTRY_TOKEN="da82e537065a3f1c3196c02195897f023c95516cef183ac85afe7157290319f""#,
            r#"{"checksum": "d3fd5f7cfc44780acc84c11739ef2206f26a0c642c849805ad4b8994444383f7"}"#,
            r#"SENTRY_TOKEN="${SENTRY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sentry-dsn",
            severity: Severity::Error,
            summary: "Sentry DSN",
            why: "It sends events in the project's name. In pages it is public by design; elsewhere it is not meant to be seen.",
            source: r#"Sentry, "Data Source Name (DSN)""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "{h32}@o{d1-20}.ingest.sentry.io/{d1-20}",
                "{h32}@o{d1-20}.ingest.us.sentry.io/{d1-20}",
                "{h32}@o{d1-20}.ingest.de.sentry.io/{d1-20}",
            ],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "https://7f1c0d2b9a4e8831c0de5f6a7b8c9d0e@o417.ingest.sentry.io/52093",
            r#"{"dsn": "https://7f1c0d2b9a4e8831c0de5f6a7b8c9d0e@o417.ingest.us.sentry.io/52093"}"#,
        ],
        misses: &[
            "https://examplePublicKey@o0.ingest.sentry.io/0",
            "https://7f1c0d2b9a4e8831@o417.ingest.sentry.io/52093",
            "https://o417.ingest.sentry.io/api/52093/envelope/",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sentry-org-token",
            summary: "Sentry organization token",
            why: "It uploads releases and source maps for the whole organization.",
            source: "Sentry documentation, \"Organization auth tokens\" (prefix sntrys_, base64 of a JSON object)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sntrys_eyJ{B60-400}_{b43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: sntrys_eyJrPS4loq31mQfgM0Aku6cnDakQR7QDo1akzbVhqS9JmsPQNOwivobutBxiyOx_hxEwyWK0NaicG9DAaoGjfv1uZDO2FN9kynGk4OOH4Ro, then",
            r#"{"note": "use sntrys_eyJPHSI6d3U24IN2by5gW5l2XivumUWs51OVxdulUOqZxnukyAymY2hRulaDYrV_JscczfFlkeYfXj9X5zWW10sqkPIfmEvcM3hN6cOk1W0 here"}"#,
        ],
        misses: &[
            "token: sntrys_eyJzZhyoozzf8TzhXEs1BluUyXfKhLbqyA9G3u7Lr6eLpc6Jtb80sGCAbIvwWd_JjfrqA8qaaQQfgyZQEN61ztlmlX4rvWkTZyn3ZdZ7vU, then",
            "token: sntrys_eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_H3agRsvYTYK8AETD50D0rWUQ2vN1RgEHZDYZN2nawJa",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sentry-user-token",
            summary: "Sentry user token",
            why: "It does what its user may do.",
            source: "Sentry documentation, \"User auth tokens\" (prefix sntryu_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sntryu_{h64}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &[
            "token: sntryu_d0f7193209cebc87afba49c855882f128e0efca058168d27ca92b4fd22244ce, then",
            "token: sntryu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sumologic-access-id",
            severity: Severity::Error,
            summary: "Sumo Logic access id",
            why: "It is half of the pair that reads all logs. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Sumo Logic documentation, \"Access keys\" (prefix su)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["sumo", "sumologic", "sumo logic"],
            values: &["su{a12}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[r#"SUMO_TOKEN="suMb3By6PKwt4b""#, r#"{"sumoToken": "suPifBIsdx912h"}"#],
        misses: &[r#"SUMO_TOKEN="sudEebucJQgH6""#, r#"{"checksum": "suM1U8Ioc3WwgE"}"#, r#"SUMO_TOKEN="${SUMO_TOKEN}""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sumologic-access-token",
            summary: "Sumo Logic access key",
            why: "With the access id it reads all logs. It has no form of its own, so a name has to say whose it \
              is.",
            source: "Sumo Logic documentation, \"Access keys\" (64 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["sumo", "sumologic", "sumo logic"],
            values: &["{a64}"],
            entropy: 3.0,
            check: unlike_a_hash,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SUMO_TOKEN="t2vwBnWdc3yzFPvsefDxnGlOHZOmJjLCwjkezjUD0Xdque6UVGwf8pAvx1q27Wha""#,
            r#"{"sumoToken": "Spap1fyJkGoeXO7NarTganJQf8c84BUXAczQmeyuZl3eUVyidXSn7eZ8voBWHpdA"}"#,
        ],
        misses: &[
            r#"SUMO_TOKEN="w7pXk6jLbJxMaxP1z5sIypcYLY4VlVYRoHRThmb7RRWKmlwLHOzQHeMYu9smaus""#,
            r#"{"checksum": "4gjcX2gUQ2BqYDX7OrhhaOuPW6yY9e9aAVM3jVgvOzPTBlERL0ULbXkMqmBwgvna"}"#,
            r#"SUMO_TOKEN="${SUMO_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/wakatime-api-key",
            summary: "WakaTime key",
            why: "It reads when and on what its owner works.",
            source: "WakaTime developer documentation, \"Authentication\" (prefix waka_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["waka_{h8}-{h4}-{h4}-{h4}-{h12}"], ..SecretForm::NONE }),
        hits: &[
            "token: waka_7a3c67b3-a2ff-ad7f-258f-11e68a6623b8, then",
            r#"{"note": "use waka_c35ba438-24e6-8c58-626e-a1800a69820c here"}"#,
        ],
        misses: &[
            "token: waka_969de1da-e69f-8cd9-100c-9cc69766c2e, then",
            "token: waka_da631e1e-3181-bfa7-7e99-xxxxxxxxxxxx",
        ],
    },
];
