//! Keys of services that run language models, and of hubs that keep them.

use super::value::mixed_case;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/openai-api-key",
            summary: "OpenAI API key",
            why: "Who has the key spends its owner's money and reads what is stored with the project. User, \
              project, service account and admin keys are told by their prefix; the older ones by the mark in \
              their middle.",
            source: "OpenAI, \"API keys\" and \"Admin API keys\" (platform.openai.com/docs)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "sk-{a20}T3BlbkFJ{a20}",
                "sk-proj-{w48-240}",
                "sk-svcacct-{w48-240}",
                "sk-admin-{w48-240}",
                "sk-None-{w48-240}",
            ],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use sk-None-E03WKpm15UELhUOuZAzHx4LP4AzUdIG1OHqttidvRzFRYTor here"}"#,
        ],
        misses: &[
            "token: sk-aZB3DO7GWIQtUlmOS6ET3BlbkFJCJSRO5k0A8Uci0qRhSBH, then",
            "token: sk-xxxxxxxxxxxxxxxxxxxxT3BlbkFJpvkTSOsq63Hvzl8IBtPn",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/huggingface-access-token",
            summary: "Hugging Face access token",
            why: "It reads private models and data sets, and with write scope replaces them. Names in code have \
              one case only and are left alone.",
            source: "Hugging Face documentation, \"User access tokens\" (prefix hf_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["hf_{a34}"], entropy: 2.5, check: mixed_case, ..SecretForm::NONE }),
        hits: &[
            "token: hf_RNbzoc51FeogdvbzDp8mFmQp5zvqYMtrb1, then",
            r#"{"note": "use hf_uvZwnZuDMjJxyZLLKcgTAOGSf9uih4vmuG here"}"#,
        ],
        misses: &[
            "call(&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)",
            "token: hf_MGKAuWfpTbmRsHdRXfr8nBNXYK7Gh5Qhy, then",
            "token: hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/huggingface-organization-api-token",
            summary: "Hugging Face organization token",
            why: "It reads and writes whatever the organization owns on the hub. These tokens are no longer \
              issued, but still stand in old code.",
            source: "Hugging Face documentation, \"User access tokens\" (organization tokens, deprecated)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["api_org_{a34}"], entropy: 2.5, check: mixed_case, ..SecretForm::NONE }),
        hits: &[
            "token: api_org_50B7P6nLsbWsXAJKil8Krk3QCI33jOqw5L, then",
            r#"{"note": "use api_org_oVFqxtpuPzNP3MzTtpcqpyZ9NfUl36ohkj here"}"#,
        ],
        misses: &[
            "token: api_org_XRS4ASfzgUOVm0HnCO3V3xkhTOa1bFFHi, then",
            "token: api_org_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/perplexity-api-key",
            summary: "Perplexity API key",
            why: "Who has the key spends its owner's money.",
            source: "Perplexity documentation, \"API key management\" (prefix pplx-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pplx-{a48}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &[
            "token: pplx-ZrK6sYQsuNEt1iXR1u8g1ypKM9Oe1MQh4NmWI1YxNOkWft1, then",
            "token: pplx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/privateai-api-token",
            summary: "Private AI API token",
            why: "It opens the service that removes personal data, and so what is sent there. It has no form of \
              its own, so a name has to say whose it is.",
            source: "Private AI documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["privateai", "private ai"],
            values: &["{L32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"PRIVATEAI_TOKEN="i6twkbcct5y3gacnc31bypi4czxu7qmx""#,
            r#"{"privateaiToken": "7gkgwx8bk9psytdamfpb2xkum8kzpf3e"}"#,
        ],
        misses: &[
            r#"PRIVATEAI_TOKEN="somzv6cq5roylouv19cdifavrl1bciw""#,
            r#"{"checksum": "lnpllo08gsczgp48en3ce1vizu0rya7m"}"#,
            r#"PRIVATEAI_TOKEN="${PRIVATEAI_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/e2b-api-key",
            summary: "E2B API key",
            why: "It starts sandboxes in which an agent's code runs, at its owner's cost.",
            source: "E2B documentation, \"API key\" (prefix e2b_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["e2b_{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: e2b_d00ee8ed0f6bc7e0183f3a506061914380c282d6, then",
            r#"{"note": "use e2b_f22923dad98e28e941b3ec75079db839ba921f3b here"}"#,
        ],
        misses: &[
            "token: e2b_18412d714b151adf6e5384b57a7043573101591, then",
            "token: e2b_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/langflow-api-key",
            summary: "Langflow API key",
            why: "It runs the flows of the instance, with the credentials that are stored in them. It has no form \
              of its own, so a name has to say whose it is.",
            source: "Langflow documentation, \"API keys\" (prefix sk-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["langflow"], values: &["sk-{w43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"LANGFLOW_TOKEN="sk-UnJjkXRqyEo8Vet1jlGSZRGyfTzIHy6rZQ4DQdnmrMk""#,
            r#"{"langflowToken": "sk-SlNNtZx3cK8nkB6VRLetC6Psnc1OAPZnod6tHqlqMfj"}"#,
        ],
        misses: &[
            r#"LANGFLOW_TOKEN="sk-B0tkgqXoa72GgcX5kSDzFVqmgIfOhu0VEtEjUroYye""#,
            r#"{"checksum": "sk-q3C7qhuMk9zUGIAJsam9cDIPYSTGnAvqGCAk7E3Vo9U"}"#,
            r#"LANGFLOW_TOKEN="${LANGFLOW_TOKEN}""#,
        ],
    },
];
