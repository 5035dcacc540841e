//! Keys of services that set up and steer what runs: infrastructure as code, deployment, workflows, feature flags.

use super::value::mixed_case;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/hashicorp-tf-api-token",
            summary: "Terraform Cloud token",
            why: "It changes infrastructure and reads its state.",
            source: "HashiCorp documentation, \"API tokens\" (`.atlasv1.` in the middle)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{a14}.atlasv1.{g60-70}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: 5RhT7nXzXEfaZg.atlasv1.m2jAPWec64fBTLdJNeXUAxaP29oBZ4c5KNDCk12ox4tkCE77VafNZDWTM9lR, then",
            r#"{"note": "use LejQwTdf3Nd8Pg.atlasv1.F8I07YM6yDC5UlIq4yRnUcvu0PlV8I86gAVhTeM5ILbCa4VRJhB3jWnsH7sj here"}"#,
        ],
        misses: &[
            "token: vpCy1xMrXv9gyM.atlasv1.baoVs7zdm25KA7LwxpReEYEayb6EQ4DIIeoXuedY3eGMYqQehmTAKjNHklJ, then",
            "token: GbyA2eGgq9Pwrp.atlasv1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/infracost-api-token",
            summary: "Infracost API key",
            why: "It reads prices at its owner's cost. Icons with a hash in their name are left alone.",
            source: "Infracost documentation, \"API key\" (prefix ico-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ico-{a32}"], entropy: 3.0, check: mixed_case, ..SecretForm::NONE }),
        hits: &[
            "token: ico-qL2WCcKDHTD05HvIzvGoXKrhyPS9QqHt, then",
            r#"{"note": "use ico-heVpTg1Hk5ZJQuQO4ZW2S69zQhy27Lr3 here"}"#,
        ],
        misses: &[
            "img/x.ico-7f1c0d2b9a4e8831c0ffe1d2b3a49587.png",
            "token: ico-Y8sCuEVhQbsRBZ2qxTaKfvzrMZ2xdH7, then",
            "token: ico-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/launchdarkly-access-token",
            summary: "LaunchDarkly access token",
            why: "It changes what customers see. It has no form of its own, so a name has to say whose it is.",
            source: "LaunchDarkly documentation, \"API access tokens\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["launchdarkly", "launch darkly"],
            values: &["{g40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"LAUNCHDARKLY_TOKEN="PZhDvlVs094mtNxiF5zfBGpW2QqdaEzkUg3vy5RC""#,
            r#"{"launchdarklyToken": "yYLoUBjh8FbQ2GUso9zXXkqhOUcTXanyUxylzyEN"}"#,
        ],
        misses: &[
            r#"LAUNCHDARKLY_TOKEN="PhYVeUwj9F3Qe8U0UQyjDQQHaPwpIgQKbxPNWDc""#,
            r#"{"checksum": "wmOQLYlbqrTymFScfL1WdbqKchQnmyMxQaYGfVLg"}"#,
            r#"LAUNCHDARKLY_TOKEN="${LAUNCHDARKLY_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/launchdarkly-sdk-key",
            summary: "LaunchDarkly SDK key",
            why: "It reads all flags and their rules. Mobile keys and client ids are public and left alone.",
            source: "LaunchDarkly documentation, \"SDK credentials\" (prefixes sdk-, api-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["sdk-{h8}-{h4}-{h4}-{h4}-{h12}", "api-{h8}-{h4}-{h4}-{h4}-{h12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            "token: sdk-e5e722b5-108d-d306-4bbe-09b857a682f3, then",
            r#"{"note": "use api-1cafad62-de48-8c6d-8ab6-756d89d3f544 here"}"#,
        ],
        misses: &["token: sdk-1772711c-48e1-41d2-7810-75c600da671, then", "token: sdk-10c64002-6ed7-c0a0-52f0-xxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/octopus-deploy-api-key",
            summary: "Octopus Deploy API key",
            why: "It deploys and reads the variables of deployments.",
            source: "Octopus documentation, \"API keys\" (prefix API-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["API-{U26}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["token: API-QY1IHFTQ0ZF4Q7GXOKTL7Y8B97, then", r#"{"note": "use API-7JEPE7OADWE1D4DZD9H90XABV7 here"}"#],
        misses: &["token: API-5YZYN6DDBINQBYAQPIBVPR4JE, then", "token: API-xxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/prefect-api-token",
            summary: "Prefect API key",
            why: "It runs flows and reads the secrets in their blocks.",
            source: "Prefect documentation, \"API keys\" (prefix pnu_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pnu_{a36}", "pnb_{a36}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: pnu_wFYqPzLW95JHMmZ59mcImHsNTHnoydhsg2NU, then",
            r#"{"note": "use pnb_oOAxF12rfRfYECvg3808c8bPqAXykwGrNsnx here"}"#,
        ],
        misses: &["token: pnu_VUSYXEscSGlCiHKh74JOJmlqcKHvvR3oFWq, then", "token: pnu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/pulumi-api-token",
            summary: "Pulumi access token",
            why: "It changes infrastructure and reads the secrets in its state.",
            source: "Pulumi documentation, \"Access tokens\" (prefix pul-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pul-{h40}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: pul-cf261cb1fbf732a12dcb7d3619885a948b9823ef, then",
            r#"{"note": "use pul-a4e195634b73a2aad56ddeb4b23c57e9a5f53192 here"}"#,
        ],
        misses: &[
            "token: pul-e0ea771710272dd4f8945f15064dd2fe4dafe4d, then",
            "token: pul-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
];
