//! Tokens of continuous integration.

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/appveyor-api-token",
            summary: "AppVeyor API token",
            why: "It starts builds and reads their settings.",
            source: r#"AppVeyor, "REST API", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["appveyor"], values: &["v2.{L20}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"APPVEYOR_KEY = "v2.cbbvzwo8itcj1u2sd3vt""#, r#"{"appveyorToken": "v2.4v6rzojclx7qh4tempb4"}"#],
        misses: &[
            r#"checksum = "v2.bd8prsitc486io7dob4g""#,
            r#"APPVEYOR_KEY = "v2.a201ig81gerzy3bfbxupe""#,
            r#"APPVEYOR_KEY = "v2.xxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/bitrise-access-token",
            summary: "Bitrise access token",
            why: "It starts builds and reads the secrets of its owner's apps.",
            source: r#"Bitrise, "Personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["bitrise"], values: &["{w86}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"BITRISE_KEY = "yowRnvUZGr9TXygdFlY6OICvZjoAncETm_4i7dKUQNJ9ZrkBhx2r86HHT3-qTETe7jdOCy71XOGtYGQAAqkueP""#,
            "{\"bitriseToken\": \"fmmLZZG4aARxviaNpzoqDJ4pBl2Jn0djzHexnnEXSZtt6ccc3ZeVlaOV4rftClQz_N8OJvRdow6nW2wlf-RPHz\
             \"}",
        ],
        misses: &[
            r#"checksum = "mAW33eAIbUCEPvmhghG3uy5jrA88jEnshEUB6VpTIozczctvS-bBfo6tgtQrcwgSnodKJAjNTXz-UQ63AR33M9""#,
            r#"BITRISE_KEY = "8YgrLA1C4bjgBPDt2GP88Q5XJSz9kYnzP7PmCGUEMMZauG_goDv5XM_E9qsRoxTp35CtWsp2HGdybVsvzOY0uZD""#,
            r#"BITRISE_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/buildkite-api-token",
            summary: "Buildkite API access token",
            why: "It starts builds and reads their logs and artefacts.",
            source: r#"Buildkite, "Managing API access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["bkua_{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "export KEY='bkua_4a2b1df100bd9e9385620ae8c49687601753b615'",
            "a: bkua_c160679b835518e58b2e2994dab2462f37ad553f\nb: 1",
        ],
        misses: &[
            r#"token = "bkua_a1963b958691f8485a3cbd8728739a2288635a9""#,
            r#"token = "bkua_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/buildkite-agent-token",
            summary: "Buildkite agent token",
            why: "An agent that registers with it gets jobs and their secrets. Without a prefix in its older forms, so a \
                  name has to give it away.",
            source: r#"Buildkite, "Buildkite agent tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["buildkite agent", "bk agent"],
            values: &["{h50}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"BUILDKITE_AGENT_KEY = "02540a0b4a145339dc110b5ec83e308596dc5cbea85c4bed72""#,
            r#"{"bkAgentKey": "66c9fe361cff00d1527ac41ef0e8ae510492f5db91f9b4fc3c"}"#,
        ],
        misses: &[
            r#"checksum = "a1f511774fb92bfd45476ab09aec997d8e13e081908fc62984""#,
            r#"BUILDKITE_AGENT_KEY = "5e4a879f0c6ecd264320f1aeed63b331a3ac3314c2fc884d6f2""#,
            r#"BUILDKITE_AGENT_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/circleci-personal-token",
            summary: "CircleCI personal API token",
            why: "It starts pipelines and reads what its owner may.",
            source: r#"CircleCI, "Managing API tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["CCIPAT_{a22}_{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["CCIPAT_iW6aFhaUD8TWTNxGAmiEdR_a6efc66d9c00841615fc3b6b0a3455afd6c6ce15"]}"#,
            "Authorization: Bearer CCIPAT_pLaahSEPdPi6f6yPbl8OhH_bc9a358ca578b6fb7d44cf572162125ac333e630",
        ],
        misses: &[
            r#"token = "CCIPAT_b4qY0rL1ONZy8TH6ngYOiC_90cb890dff41c7f9f8e1973df52baac9b9acafe""#,
            r#"token = "CCIPAT_xxxxxxxxxxxxxxxxxxxxxx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/circleci-project-token",
            summary: "CircleCI project API token",
            why: "It reads and writes a project's settings and environment variables, as far as its scope goes.",
            source: r#"CircleCI, "Managing API tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["CCIPRJ_{a22}_{h40}"],
            names: &["circle token", "circleci", "circle ci"],
            values: &["{h40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"headers": ["CCIPRJ_lwCdZdjLQpL88KNVMJo9ZP_78a77c8ecc01666026285c3057ff06e7bebf5059"]}"#,
            "Authorization: Bearer CCIPRJ_3RGPNWRV8gKSpPBdZ9fLjB_6ce225f4e36aa20733a431223090a6e906d418e0",
            r#"CIRCLE_TOKEN = "d418c0e24a4d8beba55bede55807867dbb877f25""#,
            r#"{"circleciKey": "e1f0283ee27cd8f91bd10820dbbb1725b1ad2f5d"}"#,
        ],
        misses: &[
            r#"token = "CCIPRJ_8SARSM70RJGIy602VRTUXn_eecf80388692e841c4f40a63a958601152336ba""#,
            r#"token = "CCIPRJ_xxxxxxxxxxxxxxxxxxxxxx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
            r#"checksum = "74b926902fc6c1547959d650b035cb8c602eda65""#,
            r#"CIRCLE_TOKEN = "a6152a1b8f033ea422deb16da6707e245c68a30a4""#,
            r#"CIRCLE_TOKEN = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/droneci-access-token",
            summary: "Drone CI access token",
            why: "It starts builds and reads the secrets of its owner's repositories. Without a prefix, so only a name \
                  gives it away.",
            source: r#"Drone, "API overview""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["droneci", "drone ci", "drone token", "drone secret", "drone rpc"],
            values: &["{a32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"DRONECI_KEY = "M4tpgW5ctSF3PgwRAqwJZPk4X7xACDpd""#,
            r#"{"droneCiKey": "aLnEgzHGLnudJ1THZ4DUjzmTq3P4bZDI"}"#,
        ],
        misses: &[
            r#"checksum = "tieAwIKrSzoso73ETNE16GQouoABFNHA""#,
            r#"DRONECI_KEY = "V3YMbw6OQuZM68QLguWbqvlj0GcmQ12sy""#,
            r#"DRONECI_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/harness-api-key",
            summary: "Harness API key",
            why: "It runs pipelines and reads their secrets, as a person or as a service account.",
            source: r#"Harness, "Manage API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["pat.{w22}.{a24}.{a20}", "sat.{w22}.{a24}.{a20}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "export KEY='pat.WgZ-a9GYcrprfe-Ps1zyom.RL1t8ptQIl5amvvtIh7SjTvB.dKlgkJlERX47c4ZttO2x'",
            "it is sat.Z7EIjsBPFA-MaFjYg_JjWy.i4b5lefVlIzxppShX73sDTJB.35ZEwKT40CE0RZ8hMT5c now",
        ],
        misses: &[
            r#"token = "pat.saCDj-6e91Ve-GvrBzvpox.P8fYy7ohcRVKLnJRIvl9ufP.9tEOs4QatSUHEkYlITZA""#,
            r#"token = "pat.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxx""#,
            r#"token = "sat.MLqjwEGn_xUnM-a8zYmHME.E7pxsqtEkdUrYmGauXQF21D.dcn92jg0k6tC0cL2UYhD""#,
            r#"token = "sat.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/jenkins-api-token",
            summary: "Jenkins API token",
            why: "It starts jobs and reads what its owner may. It looks like a hash but for its first two digits, so a \
                  name has to give it away.",
            source: r#"Jenkins, "Authenticating scripted clients""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["jenkins"], values: &["11{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"JENKINS_KEY = "1112733a9d44573d91f268ac9f968a0947""#,
            r#"{"jenkinsToken": "11fdedc6a476b719dbeef389636f84936e"}"#,
        ],
        misses: &[
            r#"checksum = "11bec2fb430753b4d2fba717cdc68ae658""#,
            r#"JENKINS_KEY = "116d8de8eddaf3f805cf03e8be64b04c858""#,
            r#"JENKINS_KEY = "11aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/semaphore-api-token",
            summary: "Semaphore API token",
            why: "It starts workflows and reads the organization's secrets.",
            source: r#"Semaphore, "Semaphore API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["semaphore api token", "semaphore token", "semaphoreci"],
            values: &["{w20}", "{w40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SEMAPHORE_API_TOKEN = "X6yuWS_szoSv_wlZikSN""#,
            r#"{"semaphoreApiToken": "QUGT9mPLbNLFBVKaH4j2upCuk_9VifXiE-YV8DDL"}"#,
        ],
        misses: &[
            r#"checksum = "fgNTJg_O_aaiz2MHk9MQ""#,
            r#"SEMAPHORE_API_TOKEN = "I5l0v_r26JBWie0-yeO4O""#,
            r#"SEMAPHORE_API_TOKEN = "xxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/teamcity-access-token",
            summary: "TeamCity access token",
            why: "It acts as its owner on the build server.",
            source: r#"JetBrains, "Configuring your user profile", access tokens"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["eyJ0eXAiOiAiVENWMiJ9.{w20-80}.{g30-100}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "export KEY='eyJ0eXAiOiAiVENWMiJ9.8bN3-b12DuSw95E-95dEpx.6QfX4a54sWIOB4Eelj0-Dpx_TQydeU63'",
            "a: eyJ0eXAiOiAiVENWMiJ9.E4q_dWEo057env-7boZI.OnTCRA4dcJbBDwvT/5uF6_PLrwmoMnKcG\nb: 1",
        ],
        misses: &[
            r#"token = "eyJ0eXAiOiAiVENWMiJ9.RDJJuuyZ-sK0oxt0RPJp7.6Y5qsX15_gRS-C5SBX3reLwiJ9uko""#,
            r#"token = "eyJ0eXAiOiAiVENWMiJ9.xxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/travisci-access-token",
            summary: "Travis CI access token",
            why: "It reads build logs and settings. It has no form of its own, so a name has to say whose it is.",
            source: "Travis CI documentation, \"Authentication\" (22 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "travis token",
                "travis key",
                "travis secret",
                "travis api",
                "travis client",
                "travis access",
                "travis auth",
                "travis oauth",
                "travisci",
                "travis ci",
            ],
            values: &["{w22}"],
            entropy: 3.0,
            check: with_digits,
            ..SecretForm::NONE
        }),
        hits: &[r#"TRAVIS_TOKEN="AEccjmS4cgW5dBkhfqCOGP""#, r#"{"travisToken": "A2I7xrtFRRL8Ej8GdwE6qt"}"#],
        misses: &[
            r#"TRAVIS_TOKEN="Lh4Lh50tCzXxES7Es8EfM""#,
            r#"{"checksum": "c3Fw6KHM7ma0v32OKPBCRY"}"#,
            r#"TRAVIS_TOKEN="${TRAVIS_TOKEN}""#,
        ],
    },
];
