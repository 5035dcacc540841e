//! Keys of hosted databases.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
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
];
