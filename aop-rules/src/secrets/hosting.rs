//! Keys of platforms that build and run applications.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/flyio-access-token",
            summary: "Fly.io access token",
            why: "It deploys and reads applications. The long forms are macaroons: whoever has one may also pass on a \
                  narrower one.",
            source: r#"Fly.io, "Access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["fo1_{w43}", "fm1r_{B100-}", "fm1a_{B100-}", "fm2_{B100-}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"token = "fo1_rhES3-sjgO246x6e0Gb8Ho6Cd4YOpHeSvSvhKUH-JOR""#,
            "Authorization: Bearer fm1r_YxCV0D9Is2mETRTfBTpNYNt7uDg9hpLul72blCO/NSsRZ2jQFYgzu55QWPVyhOWxWweq0mv6/O8804oi\
             tFJVj8kOXJJ6sRWBMy4o",
            "{\"value\": \"fm1a_vDRai01BUn9VzD1wUbrKn4KiJpO+kO0iLlq34QpcRe2eVcusumGoARLtk09dkIiyRajZSlYqy1c9D7v+QMliue0c\
             pvvkAEwHIZYV8afqej\"}",
            "export KEY='fm2_4ASHQhnFG4e7oGNRQ96ebWEPvMXFYrfewRkEsv86oa80nLlLOYn4zlrwBiYmjNlgewpCqY8HP1ahQQ7O/osEq5RuqCH\
             19Exo+z4XuzbYq'",
        ],
        misses: &[
            r#"token = "fo1_XfxoDQNXwM4-QSKZtfCvxBOQcO1Xy2YpM_znSMfhSB""#,
            "token = \"fm1r_timMFlv8cSy6uhQ5ZWe84jcXSMHwFLMNQopW9nJOUMJzGnyckRGDtOG5VBjJOX9RjthDY3yfvifXDHtg+XYwI+7FrrWu\
             pyIXgGO\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/heroku-api-key",
            summary: "Heroku API key",
            why: "It changes apps and reads their variables. It has no form of its own, so a name has to say whose \
              it is.",
            source: "Heroku Dev Center, \"OAuth\" (tokens before the prefix HRKU-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["heroku"], values: &["{x8}-{x4}-{x4}-{x4}-{x12}"], ..SecretForm::NONE }),
        hits: &[
            r#"HEROKU_TOKEN="8E8512F2-1A73-F0D1-ed91-3D6EdffAfFEC""#,
            r#"{"herokuToken": "6eb294da-86C3-d67C-8A6B-1ddD137b6D2D"}"#,
        ],
        misses: &[
            r#"HEROKU_TOKEN="A5bBDCC7-7788-ADcC-496E-dFaDF4BEdB4""#,
            r#"{"checksum": "b16c3fF3-AA75-83E2-371B-d14FC60B793A"}"#,
            r#"HEROKU_TOKEN="${HEROKU_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/heroku-api-key-v2",
            summary: "Heroku API key",
            why: "It changes apps and reads their variables.",
            source: "Heroku Dev Center, \"OAuth\" (prefix HRKU-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["HRKU-AA{w58}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: HRKU-AAngxzh4i7ivQExHboP5NB7RVmtZQf9vGLPFsPHu996Jvkr6yBi8dZmMA97Y, then",
            r#"{"note": "use HRKU-AAC4ZIPgENPgw3tQYD6MeXIpy39womprSrCa3Okne9i4ZjKCQXdPTWQHD0jU here"}"#,
        ],
        misses: &[
            "token: HRKU-AAsvb6qoP0s4PjTxc0eFcsromhRaO3AeN9aGeTejlz0xHme1zh2zJybnz6T, then",
            "token: HRKU-AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/netlify-access-token",
            summary: "Netlify access token",
            why: "It replaces sites and reads their variables. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Netlify documentation, \"API: authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["netlify"], values: &["{r40-46}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"NETLIFY_TOKEN="yWAfHdKa01IseWFrX5KGYeJUFP1c2ur8sCEFmA6T""#,
            r#"{"netlifyToken": "3OMQj4HsaklzfFz1NblWJIIqwKfFVAZUNvKLG7ez"}"#,
        ],
        misses: &[
            r#"NETLIFY_TOKEN="dLwwP0Vtc9WcZL9mzcMFXDBWzlRyOCPFRBOG9Wb""#,
            r#"{"checksum": "vplin4rUcl3c1dTbTv6OGQWtN8VvS6km9Lx5Q4GC"}"#,
            r#"NETLIFY_TOKEN="${NETLIFY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/openshift-user-token",
            summary: "OpenShift token",
            why: "It does in the cluster what its user may do.",
            source: "Red Hat OpenShift documentation, \"Configuring the internal OAuth server\" (prefix sha256~)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sha256~{w43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: sha256~BzPe7om3TAUfdS914dmii6VU0c6vMIfxIvzggt3Z7xK, then",
            r#"{"note": "use sha256~YQILWxS20kfHUIRunv8kgl3MVfy5N9QuMFVw1ZFg56q here"}"#,
        ],
        misses: &[
            "token: sha256~um2L6bTFEVLhRulNoE4WlEP9S74BsAX3Y9MJetmygH, then",
            "token: sha256~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/railway-api-token",
            summary: "Railway token",
            why: "It deploys and reads the variables of projects. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Railway documentation, \"Public API\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["railway token", "railway api token", "railway api key", "railway key"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            r#"RAILWAY_TOKEN="0fce9736-deeb-b463-99d1-e11be4ec1eda""#,
            r#"{"railwayToken": "93ccaffa-c298-69c9-4c06-5513839eee86"}"#,
        ],
        misses: &[
            r#"RAILWAY_TOKEN="e758f038-2f4e-4723-f9f7-239e54d4a7a""#,
            r#"{"checksum": "25af8429-1748-b1af-17f8-cfef8d978e51"}"#,
            r#"RAILWAY_TOKEN="${RAILWAY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/render-api-key",
            summary: "Render API key",
            why: "It deploys services and reads their environment variables.",
            source: r#"Render, "The Render API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["rnd_{a28-40}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[r#"token = "rnd_QBlvBtVeOo2SDBDgekUpEH1UunarBuaYz7""#, "export KEY='rnd_dvdRT8inpF9P4XYNw89ahE39WI17QT60'"],
        misses: &[r#"token = "rnd_F6ocJXSuy7UJK0tM013LBAUn6Ca""#, r#"token = "rnd_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/scalingo-api-token",
            summary: "Scalingo token",
            why: "It changes apps and reads their variables.",
            source: "Scalingo documentation, \"Tokens\" (prefix tk-us-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["tk-us-{w48}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: tk-us-VoZtKwlfBovenhYOkleREPkEaeUO5QT3glMeNZs0jw133hWh, then",
            r#"{"note": "use tk-us-Wbz2IitzmZwUGVDMhAj5tR9F8GRu7FPuNlVR5ufZNrYAL6Xn here"}"#,
        ],
        misses: &[
            "token: tk-us-LeHk9krwhC3gMqPrWJct5a1oHAdHa5RBH3E6z0ARODh7hok, then",
            "token: tk-us-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/settlemint-application-access-token",
            summary: "SettleMint application token",
            why: "It reads and writes what the application holds.",
            source: "SettleMint documentation, \"Access tokens\" (prefix sm_aat_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sm_aat_{a16}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: sm_aat_OVQ2Tw36YTtLIsUP, then", r#"{"note": "use sm_aat_x0bEZyHVovsaauNV here"}"#],
        misses: &["token: sm_aat_uxGvDlsPIRnQI1h, then", "token: sm_aat_xxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/settlemint-personal-access-token",
            summary: "SettleMint personal token",
            why: "It does what its user may do.",
            source: "SettleMint documentation, \"Access tokens\" (prefix sm_pat_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sm_pat_{a16}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: sm_pat_jVtrihRMu5Hq0Krr, then", r#"{"note": "use sm_pat_2GOvdJ59ewZUigQ6 here"}"#],
        misses: &["token: sm_pat_Qefh2uL8JZnbPBH, then", "token: sm_pat_xxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/settlemint-service-access-token",
            summary: "SettleMint service token",
            why: "It does what the service may do.",
            source: "SettleMint documentation, \"Access tokens\" (prefix sm_sat_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sm_sat_{a16}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: sm_sat_rBSXr7XLCS93Jb4h, then", r#"{"note": "use sm_sat_1M9q9BZvowJ3nBVS here"}"#],
        misses: &["token: sm_sat_RAmIVD7dkcfIAqz, then", "token: sm_sat_xxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/supabase-access-token",
            summary: "Supabase access token",
            why: "It manages the projects of its owner and reads their keys.",
            source: r#"Supabase, "Management API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sbp_{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "sbp_6608c6f3ce6f6f9be48fc75c5f721339b1a9f817"}"#,
            r#"{"headers": ["sbp_7f6ce171c783e4d994aa4c0bb8664f54a8331bfc"]}"#,
        ],
        misses: &[
            r#"token = "sbp_9d45e876beaa4ffe6300dbf5d6c4a693731d131""#,
            r#"token = "sbp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/supabase-secret-key",
            summary: "Supabase secret API key",
            why: "It passes by the row level security of the project's database. Left alone: publishable keys, which \
                  begin with `sb_publishable_`.",
            source: r#"Supabase, "Understanding API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sb_secret_{w31}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "it is sb_secret_nlEvqe88Wmh6_r8F_fFcDgIwwTD8OsU now",
            r#"token = "sb_secret_T2KyTrvRhxkO8HKRi-DC_SQmAz2SaN6""#,
        ],
        misses: &[
            r#"token = "sb_secret_F3KCEhIRQm_UGwZccLPPCkI-4KD4Wm""#,
            r#"token = "sb_secret_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/vercel-access-token",
            summary: "Vercel access token",
            why: "It deploys projects and reads their environment variables.",
            source: r#"Vercel, "REST API", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["vercel"], values: &["{a24}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[r#"VERCEL_KEY = "T6AmCjmbFqRIfO4zJR1FcQKx""#, r#"{"vercelToken": "NDGZ4ZOdfEv5NcKT0C83bNa7"}"#],
        misses: &[
            r#"checksum = "xOGcA4uPLcUEKUqWFeVePuqO""#,
            r#"VERCEL_KEY = "c6KnrYkHLAb6YWlEXixq2lnC9""#,
            r#"VERCEL_KEY = "xxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
];
