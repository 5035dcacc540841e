//! Tokens of tools for work: documents, designs, tasks, files.

use aop_toon::Severity;

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/adobe-client-id",
            severity: Severity::Error,
            summary: "Adobe client id",
            why: "It names the integration, and is half of the pair with the secret. It looks like a hash, so only a \
                  name gives it away.",
            source: r#"Adobe, "Authentication" (developer console)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["adobe"], values: &["{h32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"ADOBE_KEY = "51e6abf54ebcdd3a81dc880e56428273""#,
            r#"{"adobeToken": "e3eb3d934806d28508730a94291fd442"}"#,
        ],
        misses: &[
            r#"checksum = "bcb552d11147a6e28b0cfbdf6c90cb75""#,
            r#"ADOBE_KEY = "5c9ceab488cb81427de69f1d2e7001d37""#,
            r#"ADOBE_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/adobe-client-secret",
            summary: "Adobe client secret",
            why: "With the client id it signs in as the integration.",
            source: r#"Adobe, "Authentication" (developer console)"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["p8e-{x32}", "p8e-{w32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["a: p8e-b9f2bc817e0Fc554d3d3F6e6688A26c9\nb: 1", r#"token = "p8e-pEXO-IFlbRZl9Bndfz-9u40PQA11zlJA""#],
        misses: &[
            r#"token = "p8e-eCaE65EE9aDaEfE3E3Aa4cEb7BfD721""#,
            r#"token = "p8e-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA""#,
            r#"token = "p8e-tfRWrHN_M10fKds9ehVLSDbk-seBXl9""#,
            r#"token = "p8e-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
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
            id: "secrets/contentful-delivery-api-token",
            severity: Severity::Error,
            summary: "Contentful delivery API token",
            why: "It reads the published content of a space. It is made to be in apps: an error, not worse.",
            source: r#"Contentful, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["contentful"], values: &["{g43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"CONTENTFUL_KEY = "vFErYt_mZKZzPsim2yAat7uML8RkBc9_hlKEjbt0JSu""#,
            r#"{"contentfulToken": "sPegP2oN4Of73qOdQ32rGmVX7i9+oqB0iDrAV_sEseT"}"#,
        ],
        misses: &[
            r#"checksum = "LohpW_wbG7QMQ0_iBX7vZTwdS6eFz30dV2oIb8NUY6A""#,
            r#"CONTENTFUL_KEY = "t04Y2/uVe5mWjRD6hhYwPU+nQ8z87UTYTwJGYWfIoFSd""#,
            r#"CONTENTFUL_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/contentful-personal-access-token",
            summary: "Contentful personal access token",
            why: "It changes the content of every space its owner may change.",
            source: r#"Contentful, "Personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["CFPAT-{w43}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "CFPAT-aMB_16Wdp1LmkFeHIRVlEGI7BVaQ-kMuomKqDYiC8Zq"}"#,
            r#"{"headers": ["CFPAT-ZS3K5v5GTTR01is4p8kCdCGYEon_S8r1awDzwC_mdR1"]}"#,
        ],
        misses: &[
            r#"token = "CFPAT-CbE4UZlg1o2UZIfriVLYMT6-QLZIf53SwELYgf_9VJ""#,
            r#"token = "CFPAT-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dropbox-api-token",
            summary: "Dropbox app key or secret",
            why: "With its other half it signs in as the application. Fifteen characters without a prefix, so only a \
                  name gives it away.",
            source: r#"Dropbox, "OAuth guide""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["dropbox"],
            values: &["{L15}"],
            entropy: 3.0,
            check: with_digits,
            ..SecretForm::NONE
        }),
        hits: &[r#"DROPBOX_KEY = "fqm4715so81iwho""#, r#"{"dropboxToken": "2hjay0oriaep66k"}"#],
        misses: &[
            r#"checksum = "fqz7lh3cg4knq9a""#,
            r#"DROPBOX_KEY = "hb9bvyf3r0liljke""#,
            r#"DROPBOX_KEY = "xxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dropbox-long-lived-api-token",
            summary: "Dropbox long-lived access token",
            why: "It reads and writes files until somebody revokes it.",
            source: r#"Dropbox, "OAuth guide""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["dropbox"],
            values: &["{a11}AAAAAAAAAA{g43}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"DROPBOX_KEY = "dR0FHistnhFAAAAAAAAAAWFtayJOY0ZnIPDHMVFk7PkJL-i8k-9THgxOJkeiPFSk""#,
            r#"{"dropboxToken": "Cy0C8Jpl6rtAAAAAAAAAAWgFkpC3XxDY8p8hG/9PM-2S5sNFuo9RR628IqxkSdpK"}"#,
        ],
        misses: &[
            r#"checksum = "SB2PYK9n4tlAAAAAAAAAAt4L/PB46bCObfSlkVadrABypNbNS2xgx-2pMX8dOtio""#,
            r#"DROPBOX_KEY = "THXnc7xwlwaAAAAAAAAAAu3CeHGlHgnx1/sqUPfRKolqCXK7+jiIqcxSjTOnNhxMI""#,
            r#"DROPBOX_KEY = "xxxxxxxxxxxAAAAAAAAAAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/dropbox-short-lived-api-token",
            summary: "Dropbox short-lived access token",
            why: "For some hours it reads and writes files.",
            source: r#"Dropbox, "OAuth guide""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sl.{g130-2048}", "sl.u.{g130-2048}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer sl.DRkQUJNjGTM3qErnoxBSX-CPfXiHhuwKMDOGHqEnYZMUFsNKKlA23NkECEcUXwoPoszMLJp0SsSyxXc79y\
             g1xGzgpR4jz5rKbffzydbgcQ1cfqkB/zqZjHw209R9yqlrab",
            "{\"value\": \"sl.u.XEdbW6VhCN4A0Zof3qGoLn41C4NzPujal2pqOsCj61p3KjYS88WL46GHVuw16M5I3t7gR0B1u/uVqcv6ntSJKohJ\
             boreMiOZbMtupirSPLAeKB39HmU7KmYWd/feoBPsyo\"}",
        ],
        misses: &[
            "token = \"sl.MpqYN0EJQhl9UfdRw0t9NZUZtmDG3i3TBHc94WkZAQFNnH4+0fNSFfbCq7CMT87gOAoqZenvEe8Qu4u0qkl-waMNOS5QP6\
             0r5LBSOJNJGOQlNl7U0iEUp0O5pFGnll46b\"",
            "token = \"sl.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            "token = \"sl.u.FZXkI7bDUEQkxITpXOHku6pTHcuhoQBO5n8Adijh7NwPz8loQoXmg_SzmFN0e4j7FmNAMAQ2xSsprvCtt1hpSvSTa7H6\
             EORI1u0QI3WY1MY1c57-KyRQQjO1mZglhXqv6\"",
            "token = \"sl.u.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/duffel-api-token",
            summary: "Duffel API token",
            why: "It searches, books and pays for journeys. That of the test mode looks alike but for a word.",
            source: r#"Duffel, "Making requests""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["duffel_live_{g43}", "duffel_test_{g43}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"{"value": "duffel_live_KfqDjjhoC/XQeHvDw70RLswtFe8pPwX8_iAvKOVXDCC"}"#,
            "export KEY='duffel_test_JIZRwbD+kWaRDjn6n23MYRd5LYW+ArXDEI6Ur6R7ped'",
        ],
        misses: &[
            r#"token = "duffel_live_M4aRPfjoPJ+he1E8CamwfeJxim-JbyuieCJjMnI4Bc""#,
            r#"token = "duffel_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            r#"token = "duffel_test_XiPCLUFRXErCMtKv_DNKW4TrpcJOsedpE-obDqy2mb""#,
            r#"token = "duffel_test_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/figma-personal-access-token",
            summary: "Figma personal access token",
            why: "It reads the files of its owner.",
            source: r#"Figma, "Manage personal access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["figd_{w40}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            r#"{"value": "figd_qCRtrVTUEBIrxt2_E4do_kEcxmtGSkuzmceJGMxI"}"#,
            r#"{"headers": ["figd_9ziBjJgtk_X54WAOc8RXoRt9_zuvTst1dZ4qm5HD"]}"#,
        ],
        misses: &[
            r#"token = "figd_3Bp-k9qAA9SzaVhVZ-04uMmSPO2jXb9DgSCmsfU""#,
            r#"token = "figd_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/frameio-api-token",
            summary: "Frame.io API token",
            why: "It reads and writes the footage of its owner's teams.",
            source: r#"Frame.io, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["fio-u-{g64}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"{"headers": ["fio-u-FIXPNoZvUQbBRU8ThY4eQzX8aFdDOFEIWV_R8/FchafFaCXAGJUOMGD9Eq17G4J3"]}"#,
            "Authorization: Bearer fio-u-rNzCm65ORIWlVFXQX9m3tugxuwS0z-fws32ndclFHUnVNMwS2zEdY_g2wHMNDmIs",
        ],
        misses: &[
            r#"token = "fio-u-RUH0a7bWuaxH9mUQpUmLuAYFFMcGRlODoys0305kN/w58Hh4qvop5LUvndLFhEE""#,
            r#"token = "fio-u-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
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
];
