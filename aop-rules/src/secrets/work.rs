//! Tokens of tools for work: tasks, tables, notes, automation.

use aop_toon::Severity;

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/airtable-api-key",
            summary: "Airtable API key",
            why: "It read and wrote all bases of its owner until Airtable ended such keys in 2024; keys made under this \
                  name since are others.",
            source: r#"Airtable, "API keys deprecation""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["key{a14}"],
            names: &["airtable"],
            values: &["{a17}"],
            entropy: 3.0,
            check: with_digits,
        }),
        hits: &[
            "a: key6cHbcGJP7kFeZp\nb: 1",
            r#"{"value": "keyvQRD0w6uwwjsZg"}"#,
            r#"AIRTABLE_KEY = "MvGqQGi3HC4xI2Yso""#,
            r#"{"airtableToken": "eO24w6gJKklWKVjJ4"}"#,
        ],
        misses: &[
            r#"token = "keyzsqPWxeq9zCI5""#,
            r#"token = "keyxxxxxxxxxxxxxx""#,
            r#"checksum = "6998cflzcQJ92JDjw""#,
            r#"AIRTABLE_KEY = "rUP3mSYd0jkxsRYgxf""#,
            r#"AIRTABLE_KEY = "xxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/airtable-personnal-access-token",
            summary: "Airtable personal access token",
            why: "It reads and writes the bases that it was given.",
            source: r#"Airtable, "Personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pat{a14}.{h64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"token = "patSgEqJRcx4qVSOa.2732a894d6abf054a96449ac7e963b7338a474368bffd3fd915f1dd240c8aa72""#,
            "export KEY='pata7S8gDo6JjYYIx.8eeeeb904779da03ced518b0f5ef14b9e6e8aa114a920399e35d57132e50da7d'",
        ],
        misses: &[
            r#"token = "pat2RCNIRxaTwC0NA.aa04d73c61deb39807193c4073682d5b27da71104fa12b8477a54e853e331f3""#,
            r#"token = "patxxxxxxxxxxxxxx.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/asana-client-id",
            severity: Severity::Error,
            summary: "Asana client id",
            why: "It names the application, and is half of the pair with the secret. It is a number, so only a name \
                  gives it away.",
            source: r#"Asana, "OAuth""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["asana"], values: &["{d16}"], entropy: 2.0, ..SecretForm::NONE }),
        hits: &[r#"ASANA_KEY = "5875450299483242""#, r#"{"asanaToken": "4521490008833798"}"#],
        misses: &[
            r#"checksum = "7921067756388635""#,
            r#"ASANA_KEY = "24874320659142317""#,
            r#"ASANA_KEY = "0000000000000000""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/asana-client-secret",
            summary: "Asana client secret",
            why: "With the client id it trades codes for tokens of the people who sign in.",
            source: r#"Asana, "OAuth""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["asana"], values: &["{a32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"ASANA_KEY = "KhWgZlaVFPJcpYaJKPfyhfbnXpPmDjL6""#,
            r#"{"asanaToken": "VIDCxwyMjwSQZBZ9MmvCiCMDaUEpl7x3"}"#,
        ],
        misses: &[
            r#"checksum = "lrQBd2xPW40b2IAMCxDgTxE80JDttagl""#,
            r#"ASANA_KEY = "8qdESrtp2UZ1hnczSJktFvqzhjV4NIJDM""#,
            r#"ASANA_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/asana-pat",
            summary: "Asana personal access token",
            why: "It reads and writes what its owner may.",
            source: r#"Asana, "Personal access token""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["asana"],
            values: &["{d1}/{d16}:{h32}", "{d1}/{d16}/{d16}:{h32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"ASANA_KEY = "2/3696176423355713:f7dea41067b0d4b56632b5501bf117fa""#,
            r#"{"asanaKey": "7/2160258628532384/6641584706022325:bb294bb1d62f481bf6a91a564408f125"}"#,
        ],
        misses: &[
            r#"checksum = "9/2694500026448953:061bee242dc7a83a5e0d142a99cda4a3""#,
            r#"ASANA_KEY = "5/1340999172471531:60e482aa9049940d72f9f4de17dfab214""#,
            r#"ASANA_KEY = "0/0000000000000000:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/atlassian-api-token",
            summary: "Atlassian API token",
            why: "It reads and writes Jira and Confluence as its owner. The older form has no prefix, so only a name \
                  gives it away.",
            source: r#"Atlassian, "Manage API tokens for your Atlassian account""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["ATATT3{g186}"],
            names: &["atlassian", "confluence", "jira"],
            values: &["{a24}"],
            entropy: 3.0,
            check: with_digits,
        }),
        hits: &[
            "Authorization: Bearer ATATT39Nk41dRbziDZsZMbz+DSGVSwnFxQGI9AM9sc9mpNldSDppcCGiownOrfu3XBk5JoozzPSoRmFz2xEUa\
             Sk1TI4LLQDbl3r22aMrnMGfdO86wt9jFowRMmcWaaDOA6-6y5JIZMVMdmpB11iJcmXOBYDQCNXsv2jpCPJzHnEoYwbMAVeYpTtYmjvrDyhH",
            "it is ATATT39W7f0kDgVjqPFOcW71bn6DC4O0Fhbb0Hn0DfnS1bdZL05S5iP2xCNmzdPM-UoQemwgPfhWK3MjZGZeuRv6bCz0TaeuwNzUX\
             WsFHg8AOqfJT84aFAAtZm85RKIy5tTOoPcZoGaF83jZO/rAdeb13cCn90BtRqjzd8gsJX5NRx3hPIr3K876H5dIGuNQ now",
            r#"ATLASSIAN_KEY = "znl78OfbIkdv32Eh2ByLTMnG""#,
            r#"{"confluenceKey": "jwBq1twx9dwElLiOSgQmWeR1"}"#,
        ],
        misses: &[
            "token = \"ATATT3JJ26EBu9ibeYscE4ralw3YNw32oPpSonIgnCuYzr72nQcW7WDlWQPT57FkFgVsPN7KdxASkj4KnrrtVoJfM851RvV4B\
             mKvDG+1MYm2hraA5oQCFXaS+xenQx2KKFSmIYHMyAE3xxXJcQpv9BK9b4Nv24n7tyh1EcEUDYqPPNYraCPs7YM8aZjXdzg\"",
            "token = \"ATATT3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            r#"checksum = "2xaGtCKInEaWkP6DKsPILbCU""#,
            r#"ATLASSIAN_KEY = "fYs0ZnkDe0TlGXC6nSat0u6hu""#,
            r#"ATLASSIAN_KEY = "xxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"JIRA_PROJECT = "operationsandmaintenance""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/clickup-api-token",
            summary: "ClickUp personal API token",
            why: "It reads and writes tasks as its owner.",
            source: r#"ClickUp, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["pk_{d6-10}_{U32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "a: pk_2474070_IP74YX7XLYWOD999CIOUFF7QTADAFPJ2\nb: 1",
            r#"{"value": "pk_6051789_CNK6MJM2CUOIHKR27XZX3MVDL0XP04NL"}"#,
        ],
        misses: &[
            r#"token = "pk_2187944727_NPXE6QA9VY79BAMZODZB8GA1S0IS5EJ""#,
            r#"token = "pk_000000000_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/linear-api-key",
            summary: "Linear API key",
            why: "It reads and writes issues as its user.",
            source: "Linear developer documentation, \"Personal API keys\" (prefix lin_api_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["lin_api_{a40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: lin_api_RPsECNknswFL7ulp2SR1ri7ZOw0q5Yqmb2vPRrW2, then",
            r#"{"note": "use lin_api_UohptQK9cptf7a9FKftBgsRGJN1EZFWx3lehjdMx here"}"#,
        ],
        misses: &[
            "token: lin_api_eAbqd7DjdH6nUyNCd93drlK0UFft1wH6SCXF3Eb, then",
            "token: lin_api_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/linear-client-secret",
            summary: "Linear client secret",
            why: "With the client id it obtains tokens of those who agreed. It has no form of its own, so a name \
              has to say whose it is.",
            source: "Linear developer documentation, \"OAuth 2.0\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "linear token",
                "linear key",
                "linear secret",
                "linear api",
                "linear client",
                "linear access",
                "linear auth",
                "linear oauth",
            ],
            values: &["{h32}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"LINEAR_TOKEN="221d377586421d385956b6b94681790c""#,
            r#"{"linearToken": "fd4a4f1d659ea86249dd8b6b2ee3827c"}"#,
        ],
        misses: &[
            r#"LINEAR_TOKEN="bc7593e564204f1dce0354e58f8e0e9""#,
            r#"{"checksum": "2a8b029e582e07603b66cca9f6b77123"}"#,
            r#"LINEAR_TOKEN="${LINEAR_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/notion-api-token",
            summary: "Notion token",
            why: "It reads and writes the pages that are shared with the integration.",
            source: "Notion documentation, \"Authorization\" (prefix ntn_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ntn_{d11}{a35}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &[
            "ntn_48201937562",
            "token: ntn_72972221840PtKSHs4l7HPt2vsFupqN5PPr2pHSNCABsm, then",
            "token: ntn_20957691935xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/notion-integration-secret",
            summary: "Notion integration secret",
            why: "It reads and writes the pages that are shared with the integration. Since 2024 the prefix is ntn_.",
            source: "Notion documentation, \"Authorization\" (prefix secret_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["secret_{a43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "use secret_m4Rz8WmQ2nVb7XtYc9Ls3PdJk5Hg6Fq1Aw0Ey2Tu7Vx here",
            r#"NOTION_TOKEN="secret_GUPAVm7LAzzgg89lrC1r5ScnapA3ScZronHPqODhv1G""#,
            r#"{"notionToken": "secret_BdyQL1ylTnvtXBToesjqZAI7pvYfIzwfqBokPq2vwEX"}"#,
        ],
        misses: &[
            r#"NOTION_TOKEN="secret_IQCTyvYvmPbQpx7SDz3CqPcza71zoPcSAY1wqqgkWy""#,
            "secret_kqJ2jLneZGXWIwu66CIBhnppQvG85KEu4e9wJjZuP6D7",
            "secret_of_the_house_and_the_garden_and_the_lake",
            r#"NOTION_TOKEN="${NOTION_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/postman-api-token",
            summary: "Postman API key",
            why: "It reads collections with the secrets in them.",
            source: "Postman documentation, \"API keys\" (prefix PMAK-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["PMAK-{h24}-{h34}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: PMAK-04143ef02712dcd9fe46d772-9ea781fba4b6dd809f8f9be42945f5d125, then",
            r#"{"note": "use PMAK-8dc159f351c3378db48c9225-6a3b6b06e4599bfdef15f2c1e23cffb8df here"}"#,
        ],
        misses: &[
            "token: PMAK-051286e544fb6321083b846c-20a2614c6ca08b18ac9d8d6ae82d11737, then",
            "token: PMAK-6180c352fe5084aec2fef885-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/shortcut-api-token",
            summary: "Shortcut token",
            why: "It reads and writes stories as its user. It has no form of its own, so a name has to say whose \
              it is.",
            source: "Shortcut developer documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["shortcut token", "shortcut api token", "shortcut api key"],
            values: &["{h8}-{h4}-{h4}-{h4}-{h12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            r#"SHORTCUT_TOKEN="e52fd783-b01b-a0af-a3f8-b33ea27203b7""#,
            r#"{"shortcutToken": "95ec8afd-6682-606b-53a4-e808ec5bac80"}"#,
        ],
        misses: &[
            r#"SHORTCUT_TOKEN="75e15825-7625-b7b5-f64f-8ea209b7fd9""#,
            r#"{"checksum": "b9d2c6d7-7367-6153-d854-037928b48f17"}"#,
            r#"SHORTCUT_TOKEN="${SHORTCUT_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/todoist-api-token",
            summary: "Todoist token",
            why: "It reads and writes its user's tasks. It has no form of its own, so a name has to say whose it \
              is.",
            source: "Todoist developer documentation, \"Authorization\" (40 hexadecimal digits)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["todoist"], values: &["{h40}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            r#"TODOIST_TOKEN="8b10c81b38b557c73a95c4f07b0c57e6c59f8fc1""#,
            r#"{"todoistToken": "f76aaf187324d705ee367813b8577d8becc920aa"}"#,
        ],
        misses: &[
            r#"TODOIST_TOKEN="231449ac9e459317fb5fb621db15b458f2c2433""#,
            r#"{"checksum": "f0e7d7e90b80068dacbd401f86375c0ff48681fb"}"#,
            r#"TODOIST_TOKEN="${TODOIST_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/zapier-webhook-url",
            severity: Severity::Error,
            summary: "Zapier webhook",
            why: "Who knows the address starts the automation with data of his own.",
            source: "Zapier help, \"Trigger Zaps from webhooks\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["hooks.zapier.com/hooks/catch/{d4-12}/{L6-12}"],
            entropy: 1.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: hooks.zapier.com/hooks/catch/3474/o01o0x, then",
            r#"{"note": "use hooks.zapier.com/hooks/catch/4002/90xk0h here"}"#,
        ],
        misses: &["token: hooks.zapier.com/hooks/catch/3216/7fixp, then", "token: hooks.zapier.com/hooks/catch/5430/xxxxxx"],
    },
];
