//! Keys of networks, publishers and services that sell data: Twitter, LinkedIn, Twitch, Notion and others.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/twitter-api-key",
            severity: Severity::Error,
            summary: "Twitter API key",
            why: "It is half of the pair that acts for an app. It has no form of its own, so a name has to say \
              whose it is.",
            source: "X developer documentation, \"OAuth 1.0a\" (25 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "twitter token",
                "twitter key",
                "twitter secret",
                "twitter api",
                "twitter client",
                "twitter access",
                "twitter auth",
                "twitter oauth",
                "twitter app",
                "twitter consumer",
            ],
            values: &["{a25}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"TWITTER_TOKEN="HzkrcRjWCqhQZ3dBgCePQryWi""#, r#"{"twitterToken": "NRPPCxaqlMsrCc1u9IIUfXsJK"}"#],
        misses: &[
            r#"TWITTER_TOKEN="UZWMyRSaTsLPMusIueSfCs2V""#,
            r#"{"checksum": "1GdV50ztyuxcXNpXmfiQn4NKZ"}"#,
            r#"TWITTER_TOKEN="${TWITTER_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/twitter-api-secret",
            summary: "Twitter API secret",
            why: "With the key it acts for an app. It has no form of its own, so a name has to say whose it is.",
            source: "X developer documentation, \"OAuth 1.0a\" (50 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "twitter token",
                "twitter key",
                "twitter secret",
                "twitter api",
                "twitter client",
                "twitter access",
                "twitter auth",
                "twitter oauth",
                "twitter app",
                "twitter consumer",
            ],
            values: &["{a50}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"TWITTER_TOKEN="hxcT68ylraVWNJcuQxo1BFUFdOmVIWK93GyFlJV4RK6VbSTfJ4""#,
            r#"{"twitterToken": "0oo314FTNoGDzy6ejuRu8uw4e3gc65mNQuyI3wQ7tF8R8B0rTF"}"#,
        ],
        misses: &[
            r#"TWITTER_TOKEN="OmGg1410jnW8flkaIhs8JSOrKicfgmFTJBYe5LNYurolV6u8E""#,
            r#"{"checksum": "QqlDocsk9p5cSeAYT7QNQKQu8Jwrg7P8sQbgsaYN0fWl49bGPF"}"#,
            r#"TWITTER_TOKEN="${TWITTER_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/twitter-access-token",
            summary: "Twitter access token",
            why: "With its secret it reads and posts as its user. It has no form of its own, so a name has to say \
              whose it is.",
            source: "X developer documentation, \"OAuth 1.0a\" (user id, hyphen, random part)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["twitter"],
            values: &["{d5-25}-{a20-40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"TWITTER_TOKEN="11071-Y4OQssf7PBJFc8675IgO""#, r#"{"twitterToken": "31308-AlRHth9aYApBrZrW3hYY"}"#],
        misses: &[
            r#"TWITTER_TOKEN="10200-bcE8nH0V7Hv4xPqkfVA""#,
            r#"{"checksum": "12907-Myd6f7rhDCCqAzQqpi1B"}"#,
            r#"TWITTER_TOKEN="${TWITTER_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/twitter-access-secret",
            summary: "Twitter access secret",
            why: "With its token it reads and posts as its user. It has no form of its own, so a name has to say \
              whose it is.",
            source: "X developer documentation, \"OAuth 1.0a\" (45 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "twitter token",
                "twitter key",
                "twitter secret",
                "twitter api",
                "twitter client",
                "twitter access",
                "twitter auth",
                "twitter oauth",
                "twitter app",
                "twitter consumer",
            ],
            values: &["{a45}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"TWITTER_TOKEN="u0N2FrseSdCdbhkcxvltkDwMlp6JHL2yfTFjrcybUilWL""#,
            r#"{"twitterToken": "VkJtELr1Y6k1KRLft2d7EzCPYZDlqlI8Fzud7oI2vQMiy"}"#,
        ],
        misses: &[
            r#"TWITTER_TOKEN="GlgArMNwRNyB4E2e0GX6mnHMNOwSPLdh9lPfmb502Pss""#,
            r#"{"checksum": "LTCgi7wcl0Cv0irnJevOImKD00SE8g0LFTBqXnKq4TjrN"}"#,
            r#"TWITTER_TOKEN="${TWITTER_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/twitter-bearer-token",
            summary: "Twitter bearer token",
            why: "It reads for an app. It has no form of its own, so a name has to say whose it is.",
            source: "X developer documentation, \"Bearer tokens\" (22 times A)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["twitter", "twitter bearer token", "x bearer token"],
            values: &["AAAAAAAAAAAAAAAAAAAAAA{s70-110}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"TWITTER_TOKEN="AAAAAAAAAAAAAAAAAAAAAAfgsKTi2tN14NCYb6hAn4CEsxIAapYFK1igqZooZgiqrCj14suzH0CKYC6dgZEuGJH3VJt8""#,
            r#"{"twitterToken": "AAAAAAAAAAAAAAAAAAAAAAOBawjZzeEb5ArdUN3Z5DgHDLvaF5ZovzPQHDMkXNtazbYcXRVlpb4QecVudReRzinS3auN"}"#,
        ],
        misses: &[
            r#"TWITTER_TOKEN="AAAAAAAAAAAAAAAAAAAAAAm7mcR59KMYXckhEZDeMQGsHnfaFPRVsp9hPpIQoWB7onux7PNtnVeyH8DCRaHUbt43IxV""#,
            r#"{"checksum": "AAAAAAAAAAAAAAAAAAAAAAvCpmOas3rLG72eViz0pkQOSTdFUiVLTTTgThzBwspMAuLA9ZF0E6UKTTslIG4l8XXain4n"}"#,
            r#"TWITTER_TOKEN="${TWITTER_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/linkedin-client-id",
            severity: Severity::Error,
            summary: "LinkedIn client id",
            why: "It is half of the pair that acts for an app. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Microsoft Learn, \"LinkedIn: authorization code flow\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "linkedin token",
                "linkedin key",
                "linkedin secret",
                "linkedin api",
                "linkedin client",
                "linkedin access",
                "linkedin auth",
                "linkedin oauth",
                "linkedin app",
                "linkedin id",
                "linked in token",
                "linked in key",
                "linked in secret",
                "linked in api",
                "linked in client",
                "linked in access",
                "linked in auth",
                "linked in oauth",
                "linked in app",
            ],
            values: &["{L14}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[r#"LINKEDIN_TOKEN="lfvcpwaco6enrn""#, r#"{"linkedinToken": "pmpv5hco0zjdya"}"#],
        misses: &[
            r#"LINKEDIN_TOKEN="9245cgby0m0bl""#,
            r#"{"checksum": "3n9de92weiwt1s"}"#,
            r#"LINKEDIN_TOKEN="${LINKEDIN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/linkedin-client-secret",
            summary: "LinkedIn client secret",
            why: "With the client id it acts for an app. It has no form of its own, so a name has to say whose it \
              is.",
            source: "Microsoft Learn, \"LinkedIn: authorization code flow\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "linkedin token",
                "linkedin key",
                "linkedin secret",
                "linkedin api",
                "linkedin client",
                "linkedin access",
                "linkedin auth",
                "linkedin oauth",
                "linkedin app",
                "linked in token",
                "linked in key",
                "linked in secret",
                "linked in api",
                "linked in client",
                "linked in access",
                "linked in auth",
                "linked in oauth",
                "linked in app",
            ],
            values: &["{a16}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[r#"LINKEDIN_TOKEN="02vbMNsudPmyuy5x""#, r#"{"linkedinToken": "mmZjIKtlfR4fLqm1"}"#],
        misses: &[
            r#"LINKEDIN_TOKEN="RqDRm6sQoBOUvYJ""#,
            r#"{"checksum": "NUd2ewxHikOhplNQ"}"#,
            r#"LINKEDIN_TOKEN="${LINKEDIN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/twitch-api-token",
            summary: "Twitch token",
            why: "It acts as its user or app. It has no form of its own, so a name has to say whose it is.",
            source: "Twitch developer documentation, \"Authentication\" (30 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "twitch token",
                "twitch key",
                "twitch secret",
                "twitch api",
                "twitch client",
                "twitch access",
                "twitch auth",
                "twitch oauth",
                "twitch app",
            ],
            values: &["{L30}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"TWITCH_TOKEN="rax6m8slld3qtdcqipcth6i03jyftg""#, r#"{"twitchToken": "wu2t9fpywhqbkyt07ymy4xoklief3e"}"#],
        misses: &[
            r#"TWITCH_TOKEN="kquwpnk0o535jkoyr9bc45lrjreiy""#,
            r#"{"checksum": "zc817n4fd6dfszov09wwkcqubkamzn"}"#,
            r#"TWITCH_TOKEN="${TWITCH_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/nytimes-access-token",
            summary: "New York Times API key",
            why: "It reads articles at its owner's limits. It has no form of its own, so a name has to say whose \
              it is.",
            source: "The New York Times developer network, \"Get started\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["nytimes", "new york times", "newyorktimes", "nyt api key"],
            values: &["{w32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"NYTIMES_TOKEN="uDdOP2r9vFUPXJeVKKYQylyEGhPvaznu""#,
            r#"{"nytimesToken": "MCJecFFlvcxSuwvfOhoKtSu9mrIOCa6o"}"#,
        ],
        misses: &[
            r#"NYTIMES_TOKEN="cOBd1vGY5u29ovpfORxpo9gxnPmsd9e""#,
            r#"{"checksum": "AYZzCk1bO9wIpvr22l24b2pUsIh46Haq"}"#,
            r#"NYTIMES_TOKEN="${NYTIMES_TOKEN}""#,
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
            "ntn_12345678901",
            "token: ntn_72972221840PtKSHs4l7HPt2vsFupqN5PPr2pHSNCABsm, then",
            "token: ntn_20957691935xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/notion-integration-secret",
            summary: "Notion integration secret",
            why: "It reads and writes the pages that are shared with the integration. Since 2024 the prefix is \
              ntn_; a name has to say whose this older one is.",
            source: "Notion documentation, \"Authorization\" (prefix secret_)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["notion"], values: &["secret_{a43}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"NOTION_TOKEN="secret_GUPAVm7LAzzgg89lrC1r5ScnapA3ScZronHPqODhv1G""#,
            r#"{"notionToken": "secret_BdyQL1ylTnvtXBToesjqZAI7pvYfIzwfqBokPq2vwEX"}"#,
        ],
        misses: &[
            r#"NOTION_TOKEN="secret_IQCTyvYvmPbQpx7SDz3CqPcza71zoPcSAY1wqqgkWy""#,
            r#"{"checksum": "secret_kqJ2jLneZGXWIwu66CIBhnppQvG85KEu4e9wJjZuP6D"}"#,
            r#"NOTION_TOKEN="${NOTION_TOKEN}""#,
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
            id: "secrets/looker-client-id",
            severity: Severity::Error,
            summary: "Looker client id",
            why: "It is half of the pair that reads all reports. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Google Cloud documentation, \"Looker API authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "looker token",
                "looker key",
                "looker secret",
                "looker api",
                "looker client",
                "looker access",
                "looker auth",
                "looker oauth",
            ],
            values: &["{L20}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"LOOKER_TOKEN="8dg6h1uyx2lxr0vgs9l9""#, r#"{"lookerToken": "sk86mfyy2ouukdt817ss"}"#],
        misses: &[
            r#"LOOKER_TOKEN="epnmno7bisavtwtth7w""#,
            r#"{"checksum": "1ck58zcqteyfxo82b674"}"#,
            r#"LOOKER_TOKEN="${LOOKER_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/looker-client-secret",
            summary: "Looker client secret",
            why: "With the client id it reads all reports. It has no form of its own, so a name has to say whose \
              it is.",
            source: "Google Cloud documentation, \"Looker API authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &[
                "looker token",
                "looker key",
                "looker secret",
                "looker api",
                "looker client",
                "looker access",
                "looker auth",
                "looker oauth",
            ],
            values: &["{L24}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"LOOKER_TOKEN="xecl3kg7m8j4fauqkjlbcdys""#, r#"{"lookerToken": "w37hc44h0hh3pswjg6sj384g"}"#],
        misses: &[
            r#"LOOKER_TOKEN="tp6sdqk8roxe0z2dyu7dzsv""#,
            r#"{"checksum": "hyv4re0k4vghwdbdh94d4oe5"}"#,
            r#"LOOKER_TOKEN="${LOOKER_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mapbox-api-token",
            severity: Severity::Error,
            summary: "Mapbox token",
            why: "A secret token changes maps and tokens, a public one spends its owner's money. Both are JSON Web \
              Tokens without the header.",
            source: "Mapbox documentation, \"Access tokens\" (prefixes pk., sk., tk.)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["pk.{L60}.{L22}", "pk.eyJ{w30-200}.{w22}", "sk.eyJ{w30-200}.{w22}", "tk.eyJ{w30-200}.{w22}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: pk.kis415y1z15e17dzt7vdidlzfid12vl1920k1xxrovxcfqkm63nm68i2jp1h.uk16u2ewjoveh1en9r8xj5, then",
            r#"{"note": "use tk.eyJMmof68urRIm5oF3d4P5Yd7fMG2in3c.W8jcKb73wheatQTixp7rNu here"}"#,
        ],
        misses: &[
            "token: pk.1ykigh4bkz6sj1ahsr4yhwr3t0v9sw0sl8qyo3mklx8ok9y48oh057g9kwg.endgwa4idedtyrregjvupf, then",
            "token: pk.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.f4t14wtb578c3ht739mr4z",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/maxmind-license-key",
            summary: "MaxMind licence key",
            why: "It downloads databases and asks services at its owner's cost.",
            source: "MaxMind developer portal, \"License keys\" (ending _mmk)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["{a6}_{a29}_mmk"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: 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, then",
            r#"{"note": "use 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 here"}"#,
        ],
        misses: &["token: iRzPG3_3ZKGaxj5htV0OKEGspqYhna9MQ5g_mmk, then", "token: OyE0kF_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx_mmk"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/rapidapi-access-token",
            summary: "RapidAPI key",
            why: "It calls every API its owner has subscribed to, at his cost. It has no form of its own, so a \
              name has to say whose it is.",
            source: "RapidAPI documentation, \"Authentication\" (50 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["rapidapi", "rapid api"],
            values: &["{w50}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"RAPIDAPI_TOKEN="2yWCnCe78x1DmwghQseT4LNkGRdmFdbp7SxtFMELiiNgxFfeu0""#,
            r#"{"rapidapiToken": "UU1HcfhtV5iOtfzHpNMneYzWBkfEoDwCpWvFbObm9aYA6gF8yE"}"#,
        ],
        misses: &[
            r#"RAPIDAPI_TOKEN="cCKZKvF8PH1o3YtZv0o16cNGmVdyffQwBYtrPSWxZKG5GEEiW""#,
            r#"{"checksum": "oc7T1r5uSaM6Ot8CyEh9IwJC66u59iq0w3HrwGmSWDXAnORvhm"}"#,
            r#"RAPIDAPI_TOKEN="${RAPIDAPI_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/virustotal-api-key",
            summary: "VirusTotal API key",
            why: "It reads and downloads samples at its owner's limits. It has no form of its own, so a name has \
              to say whose it is.",
            source: "VirusTotal documentation, \"API key\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["virustotal", "virus total", "vt api key"],
            values: &["{h64}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"VIRUSTOTAL_TOKEN="105ee06c9c5d560814dc41ab78f116fb2b85be889dbe949cf44de7c82757549d""#,
            r#"{"virustotalToken": "91177eb40662f62d69935e07eb492c50763677a6929e05336028596c5d05cda6"}"#,
        ],
        misses: &[
            r#"VIRUSTOTAL_TOKEN="ebf618f9f73a7791876401e93ef3e5763a48eeff6cf993aa23c5a164fa349f6""#,
            r#"{"checksum": "cb21a32dad7e8a79eb111bcd6c88ae528f460ca39b57dc17f6cfc4540dbc6952"}"#,
            r#"VIRUSTOTAL_TOKEN="${VIRUSTOTAL_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/shodan-api-key",
            summary: "Shodan API key",
            why: "It searches exposed systems at its owner's limits. It has no form of its own, so a name has to \
              say whose it is.",
            source: "Shodan developer documentation, \"API requirements\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["shodan"], values: &["{a32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"SHODAN_TOKEN="Vo8E8rtL3W1IXifEwPT7t01bXp0MnI0Y""#,
            r#"{"shodanToken": "rBBJAaNu4bfbc9idlwwjB1rTX5AN0LFm"}"#,
        ],
        misses: &[
            r#"SHODAN_TOKEN="Jbiz9N5f6BV61z2rARBJRAujzo4l53A""#,
            r#"{"checksum": "amFWRO1fL829d6oz92GMCo9XwpsjBnZE"}"#,
            r#"SHODAN_TOKEN="${SHODAN_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/openweathermap-api-key",
            severity: Severity::Error,
            summary: "OpenWeatherMap key",
            why: "It reads the weather at its owner's limits. It has no form of its own, so a name has to say \
              whose it is.",
            source: "OpenWeather documentation, \"How to start\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["openweathermap", "openweather", "open weather map", "owm api key"],
            values: &["{h32}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"OPENWEATHERMAP_TOKEN="9d60aca30556a71a90760695ea2f7b64""#,
            r#"{"openweathermapToken": "a579576dc44944e683e3fe764d501191"}"#,
        ],
        misses: &[
            r#"OPENWEATHERMAP_TOKEN="4636de1d462d8e8756f7bcc536baf94""#,
            r#"{"checksum": "540c2237819689a920dd77b7b99396f0"}"#,
            r#"OPENWEATHERMAP_TOKEN="${OPENWEATHERMAP_TOKEN}""#,
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
            id: "secrets/newsapi-key",
            severity: Severity::Error,
            summary: "News API key",
            why: "It reads news at its owner's limits. It has no form of its own, so a name has to say whose it \
              is.",
            source: "News API documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["newsapi", "news api", "news api key"],
            values: &["{h32}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"NEWSAPI_TOKEN="47d068dc3dd7ea2375bfc27a4df91d7f""#,
            r#"{"newsapiToken": "0bd6484836af69062e0cd532791c4be7"}"#,
        ],
        misses: &[
            r#"NEWSAPI_TOKEN="d20edc0d4473327fa703d84adaadb47""#,
            r#"{"checksum": "8d219746e048db29ac022665f0a3d8f0"}"#,
            r#"NEWSAPI_TOKEN="${NEWSAPI_TOKEN}""#,
        ],
    },
];
