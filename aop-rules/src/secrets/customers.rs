//! Keys of tools for customers: sales, support, surveys, announcements.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/beamer-api-token",
            summary: "Beamer API key",
            why: "It publishes announcements in the product's name.",
            source: r#"Beamer, "API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["beamer"], values: &["b_{g44}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"BEAMER_KEY = "b_Luav6FaIsb8xUU52mJO57q9A6DSD67/MYktErN+7bWr1""#,
            r#"{"beamerToken": "b_F68hsxm8OGrkjnZj14gYqUPAOy+RC9Tr2g_NTiWy2atP"}"#,
        ],
        misses: &[
            r#"checksum = "b_X6h34BWvJ69Mo0fgfjV64iaamX/5xLF3qL-KhYvYc7nB""#,
            r#"BEAMER_KEY = "b_Bab5eMb31SanpBMVEwT0WZVNRgjag5aT-TyJx0A/vYP6O""#,
            r#"BEAMER_KEY = "b_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/hubspot-api-key",
            summary: "HubSpot key",
            why: "It reads and changes contacts. It has no form of its own, so a name has to say whose it is.",
            source: "HubSpot developer documentation, \"API keys\" (retired in 2022)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["hubspot", "hub spot", "hapikey"],
            values: &["{x8}-{x4}-{x4}-{x4}-{x12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            r#"HUBSPOT_TOKEN="F70E61e2-5958-1AdC-7AdE-30ee7b576caf""#,
            r#"{"hubspotToken": "CC2f1cE5-750e-8bD0-9cf8-B5bE975FEaCd"}"#,
        ],
        misses: &[
            r#"HUBSPOT_TOKEN="C7ec0790-4Fbf-28EF-b9dE-FD00bB2fc8E""#,
            r#"{"checksum": "FaB143FE-903a-e6d4-d9a8-1BeF358d06AD"}"#,
            r#"HUBSPOT_TOKEN="${HUBSPOT_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/hubspot-private-app-token",
            summary: "HubSpot private app token",
            why: "It reads and changes contacts, as far as its scopes go.",
            source: "HubSpot developer documentation, \"Private apps\" (prefix pat-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}",
                "pat-na2-{h8}-{h4}-{h4}-{h4}-{h12}",
                "pat-eu1-{h8}-{h4}-{h4}-{h4}-{h12}",
                "pat-ap1-{h8}-{h4}-{h4}-{h4}-{h12}",
            ],
            ..SecretForm::NONE
        }),
        hits: &[
            "token: pat-na1-325a6dd1-714a-383f-7df6-daf73d654fb3, then",
            r#"{"note": "use pat-ap1-b96e5bf4-07ea-b56e-0911-44c9f5f4892b here"}"#,
        ],
        misses: &[
            "token: pat-na1-58a2c2f3-8254-260d-f5ed-65bdbe00e67, then",
            "token: pat-na1-eaa9cb1c-92bc-9c42-fb54-xxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/intercom-api-key",
            summary: "Intercom access token",
            why: "It reads what customers wrote and who they are. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Intercom developer documentation, \"Authentication\" (60 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["intercom"], values: &["{r60}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"INTERCOM_TOKEN="FLWxhIvjYQRRkUblgqPiHfc8sIh1ar8Gw7FTWtDaZUVGeWAHQzQAAmV7COc3""#,
            r#"{"intercomToken": "6256NJbxkS90VEPZokimf5MV2qjYiVMyGfoNDBD9lmwsioAGO1OQOLcRYGLK"}"#,
        ],
        misses: &[
            r#"INTERCOM_TOKEN="ZZhDQbby1FjhzpHIWBQgpxoWIS3p5nN4dHLhqEyAz21OsqwPh5WdtGo6FGM""#,
            r#"{"checksum": "28puOW2tfkMobbJJCfrooc0qn12vIJEkdRMqeHL4z3ZwtXjdjOHlrGiLMoOM"}"#,
            r#"INTERCOM_TOKEN="${INTERCOM_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/typeform-api-token",
            summary: "Typeform token",
            why: "It reads what people answered.",
            source: "Typeform developer documentation, \"Personal access tokens\" (prefix tfp_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["tfp_{r59}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: tfp_8CIjsllBD6vEiK5B0E3iXBim9xec4l1jLSSMygXwwinhtBfnYiauqqgjVeO, then",
            r#"{"note": "use tfp_YWH5ojL6kZIx6DV6Q1onFL0PXlrzTkNLBfZQztf7YKkA9VACkADdwgObpp9 here"}"#,
        ],
        misses: &[
            "token: tfp_T5tWM6U7dCsv0UNJyDqWs6ptoAM2NcjOrgk7R9YhgtiYAeL2Cw0D1J7Rj5, then",
            "token: tfp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/zendesk-secret-key",
            summary: "Zendesk secret",
            why: "It reads tickets and who wrote them. It has no form of its own, so a name has to say whose it \
              is.",
            source: "Zendesk developer documentation, \"API token\" (40 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["zendesk"], values: &["{a40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"ZENDESK_TOKEN="Vuqf0hJUG2mSTQEWj3j8O7Ssadryzh5kdSxm8d0C""#,
            r#"{"zendeskToken": "3SVSSIWsAQz2OW9fxOdzEc5YIBv37MSbTJhqxlDj"}"#,
        ],
        misses: &[
            r#"ZENDESK_TOKEN="2K58bp0QEa2ic9DTbHvUH5UhCMErFarCfZkKfOK""#,
            r#"{"checksum": "TbtfujsltcqJ3wpy7xRdzVtFnhV3TPGTpIRCQMtE"}"#,
            r#"ZENDESK_TOKEN="${ZENDESK_TOKEN}""#,
        ],
    },
];
