//! Keys of hosted databases, search engines and streams of data.

use aop_toon::Severity;

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
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
            id: "secrets/clickhouse-cloud-api-secret-key",
            summary: "ClickHouse Cloud API secret key",
            why: "With the key id it manages the services of an organization.",
            source: r#"ClickHouse, "Managing API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["4b1d{a38}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["4b1dbo3Zf5MxRTp394ZKBgKVoSFnrBiBt1jmsDTJ2E"]}"#,
            "Authorization: Bearer 4b1dAN654GgxSed9CSWKi3s7sywFGS87Z4OoXfN59Q",
        ],
        misses: &[
            r#"token = "4b1dSUoTUSPaFNyLStRFITZpm9lxsZMVcBlwEeAeW""#,
            r#"token = "4b1dxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            "commit 4b1dee3f1e63bf0cda1643d03464780b11616766",
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
            id: "secrets/databricks-api-token",
            summary: "Databricks access token",
            why: "It reads the workspace's data and runs code on its clusters.",
            source: r#"Databricks, "Authenticate with personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["dapi{h32}-{d1}", "dapi{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["export KEY='dapi6f99fb85e44cc8ae6dfc0b5bdc8303d9-2'", "it is dapi913f696ea34e03c01950af753ef76f73 now"],
        misses: &[
            r#"token = "dapi3ff6c49a5736d25630ffb0e559ebbe6-8""#,
            r#"token = "dapiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-0""#,
            r#"token = "dapi8b5361659d724ef6db144fc8674cb76""#,
            r#"token = "dapiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/elastic-api-key",
            summary: "Elasticsearch API key",
            why: "It reads and writes indices, as far as its role goes. It has no form of its own, so a name has \
              to say whose it is.",
            source: "Elastic documentation, \"Create API key\" (base64 of id and key)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["elastic api key", "elasticsearch api key", "es api key", "elastic cloud api key"],
            values: &["{g56-64}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"ELASTIC_API_KEY="0sWqIcCqsD1wmn7ynxn4OOD7jPT1KALRt4yLyfGxFHhjePyFty2yeODw""#,
            r#"{"elasticApiKey": "s1iBBa6MGkMpvFqfLrJi4gvFmv1LSXOkPBvsTnCOsrEHzrangF7M1ty6"}"#,
        ],
        misses: &[
            r#"ELASTIC_API_KEY="Caan9uSwtPBpdZJqivRHfA4IgtcWQbGBKBflH0jiQHW9RbvRnzYqva9""#,
            r#"{"checksum": "X7UN9kF9VEnOD2KpyuRrYqK6pStfH8RsQfDKSoLfzQHNQl8EeUiKwpru"}"#,
            r#"ELASTIC_API_KEY="${ELASTIC_API_KEY}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/influxdb-token",
            summary: "InfluxDB token",
            why: "It reads and writes buckets, as far as its permissions go. It has no form of its own, so a name \
              has to say whose it is.",
            source: "InfluxData documentation, \"Manage API tokens\" (base64, 88 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["influx", "influxdb"],
            values: &["{w86}=="],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"INFLUX_TOKEN="KlpcvqJYU8C5oFfIVaNi0Vhnp6NzRWJdH7ZSwhPkxdXB6Tkq5IRE4fOAH5LJMiIwnr5tFscnw0BPGQpKABM1Ln==""#,
            r#"{"influxToken": "XJngMQtzzPxgWQPn4NeSTUA3qdF3lN3EtO9sSZLiucnC7S89qOpFp9CbQnslkO6xgyubUN8cb51oQGFZotuWwB=="}"#,
        ],
        misses: &[
            r#"INFLUX_TOKEN="eRWtzcAWPQsDijvK4xDxdP4wrKB0rGkyy6gtAqWHldK4YscSlDKPVKBMsGOwPMIyD8OMMy70TuL4vso8dokTe==""#,
            r#"{"checksum": "MWdERTMWsEzuL9uMZWtp1mc8qVVMPPWazbIjgTW2FPCQF0hkePdWrtivvVX6VFBx8YCn9uqgmkcgyhoZ6asMx6=="}"#,
            r#"INFLUX_TOKEN="${INFLUX_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/meilisearch-master-key",
            summary: "Meilisearch master key",
            why: "It creates and reads all other keys of the instance. It has no form of its own, so a name has to \
              say whose it is.",
            source: "Meilisearch documentation, \"Master key\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["meili master key", "meilisearch master key", "meilisearch key"],
            values: &["{w32-64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MEILI_MASTER_KEY="rMte7HF9JSZwG7zdbA3s3Gf4cY3Uujzf""#,
            r#"{"meiliMasterKey": "mMlOQNGQwCxDcyXtdYJDenuAfg1NfgWS"}"#,
        ],
        misses: &[
            r#"MEILI_MASTER_KEY="d2ZJyAzZJgOYE0FtQDW4Z1Cnbvy4r5N""#,
            r#"{"checksum": "pysu4zfxCnfZpKdITen6KGLQGPtwpVju"}"#,
            r#"MEILI_MASTER_KEY="${MEILI_MASTER_KEY}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mongodb-atlas-private-key",
            summary: "MongoDB Atlas private key",
            why: "With the public key it changes clusters and who may reach them. It has no form of its own, so a \
              name has to say whose it is.",
            source: "MongoDB Atlas documentation, \"Programmatic API keys\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["mongodb atlas private key", "atlas private key", "mongodb atlas", "mongodb atlas api"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MONGODB_ATLAS_PRIVATE_KEY="eb9407a9-700f-891f-06bb-3f1c0766bdc0""#,
            r#"{"mongodbAtlasPrivateKey": "11e51b1e-ed45-26fd-3647-4dad5273d77e"}"#,
        ],
        misses: &[
            r#"MONGODB_ATLAS_PRIVATE_KEY="9553c694-dc6a-fbc0-e2a2-741926f2b81""#,
            r#"{"checksum": "0cf8791f-108a-6ec1-603a-56b93586c811"}"#,
            r#"MONGODB_ATLAS_PRIVATE_KEY="${MONGODB_ATLAS_PRIVATE_KEY}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/neon-api-key",
            summary: "Neon API key",
            why: "It manages the databases of the account and shows their connection strings.",
            source: r#"Neon, "Manage API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["napi_{a48-80}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["napi_itB9Ly63VXbqhN8sTrzHkSqBaeRmHYMq8aqLUz0riS1Lbyf0Pp8sPS"]}"#,
            "Authorization: Bearer napi_2biWocvFVnppv2oHLRwilIccrJSmo5Stca9r1C1lseuzc6dkS",
        ],
        misses: &[
            r#"token = "napi_NTri38BUldXR9dXMATcwHJmQZkFvWSGIS8vr1SIOmtyMoGs""#,
            r#"token = "napi_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/planetscale-api-token",
            summary: "PlanetScale service token",
            why: "It changes databases, branches and who may reach them.",
            source: "PlanetScale documentation, \"Service tokens\" (prefix pscale_tkn_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pscale_tkn_{r32-64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: pscale_tkn_RVFqFFcdscFwzNGDSo5q9RircoL86Utm, then",
            r#"{"note": "use pscale_tkn_oIpsZMk9pRT3aRrmSoiDRyKrCfYCUQPO here"}"#,
        ],
        misses: &[
            "token: pscale_tkn_8EmyHQNjij8B72s918yk1ZgZbt4ogWc, then",
            "token: pscale_tkn_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/planetscale-oauth-token",
            summary: "PlanetScale OAuth token",
            why: "It changes databases and branches as the user who agreed.",
            source: "PlanetScale documentation, \"OAuth applications\" (prefix pscale_oauth_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pscale_oauth_{r32-64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: pscale_oauth_YdtBws925aEV8XNQ5gj6161x1pev7PRQ, then",
            r#"{"note": "use pscale_oauth_twgpgd30YEjjJgCGQd0c2FOmK9CGPvom here"}"#,
        ],
        misses: &[
            "token: pscale_oauth_nMzZzHEFD6U3lXV1kJq3MWtbhOMJs4z, then",
            "token: pscale_oauth_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/planetscale-password",
            summary: "PlanetScale password",
            why: "It reads and writes one branch of a database.",
            source: "PlanetScale documentation, \"Connection strings\" (prefix pscale_pw_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pscale_pw_{r32-64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: pscale_pw_jrhJwT2xF0in573BgLrQBojiCJbUrMoU, then",
            r#"{"note": "use pscale_pw_Xd1FfPE8df472LIGglpEA7LwV8rwpk6P here"}"#,
        ],
        misses: &[
            "token: pscale_pw_0gZQCnYTnVBLor18ohet6qFJKJ7HfpP, then",
            "token: pscale_pw_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/upstash-rest-token",
            summary: "Upstash REST token",
            why: "It reads and writes the database over HTTP. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Upstash documentation, \"REST API\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["upstash", "kv rest api token", "upstash redis rest token", "upstash vector rest token"],
            values: &["A{w30-70}", "A{w30-70}=", "A{w30-70}=="],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"UPSTASH_TOKEN="AMrQsXs5KUq1cRqq3ujOZ7aJTYzq7DB""#,
            r#"{"upstashToken": "A3vcj3CldDS1MAjEj37QgpBVeSkncwP=="}"#,
        ],
        misses: &[
            r#"UPSTASH_TOKEN="ADJYjz4HmnXynXQ0al3iMr6C7gXnrN""#,
            r#"{"checksum": "AZcMVXGEBVJ2xsAEtPqykBSVFqPhX1R"}"#,
            r#"UPSTASH_TOKEN="${UPSTASH_TOKEN}""#,
        ],
    },
];
