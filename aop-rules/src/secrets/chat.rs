//! Keys of chats, their bots and their webhooks.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/discord-api-token",
            summary: "Discord token",
            why: "It acts as the bot or the application: it reads and writes in every server that let it in.",
            source: r#"Discord, "OAuth2 and permissions"; the bot's token is its id in base64, a time and a signature"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["discord", "bot token", "discord bot"],
            values: &["{h64}", "{w24-28}.{w6}.{w27-38}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"DISCORD_KEY = "4bd22017f1c0472b9d692e83a2f343b37d812428c088820ae3410627282b2719""#,
            r#"{"discordKey": "Xm7n_8xwSA7Sg9-dyTH3RJgkp8N.EIQpss.eW44QPeFHLHl-GcFDPy3-zZiveJ"}"#,
        ],
        misses: &[
            r#"checksum = "38f8f8a0a5df934c2b72c032ca879faabe29e6e918a24acab374567a36431937""#,
            r#"DISCORD_KEY = "2db5a46b47a394c1ea7636e0632676b4cd1f10a1f53376243c7a101b11ef0d0fe""#,
            r#"DISCORD_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/discord-client-id",
            severity: Severity::Error,
            summary: "Discord client id",
            why: "It names the application, and is half of the pair with the secret. It is a number as every id of \
                  Discord is, so only a name gives it away.",
            source: r#"Discord, "OAuth2 and permissions""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["discord", "discord client", "discord application", "discord app"],
            values: &["{d17-20}"],
            entropy: 2.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"DISCORD_KEY = "9583610948277398235""#, r#"{"discordClientKey": "848268851028174192"}"#],
        misses: &[
            r#"checksum = "8827812719714516508""#,
            r#"DISCORD_KEY = "612722349110263842252""#,
            r#"DISCORD_KEY = "00000000000000000000""#,
            r#"{"discordClientId": "000000000000000000"}"#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/discord-client-secret",
            summary: "Discord client secret",
            why: "With the client id it trades codes for tokens of the people who sign in.",
            source: r#"Discord, "OAuth2 and permissions""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["discord"], values: &["{w32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            r#"DISCORD_KEY = "x7rwtmC_PoljykY-BYWowHC8xVBbRoIp""#,
            r#"{"discordToken": "AAulsYpfivDsOQ-p-XmDmn53PhTlBjHR"}"#,
        ],
        misses: &[
            r#"checksum = "VNQ7L_0v1OeglU5eCerpLQCuYav_yUBV""#,
            r#"DISCORD_KEY = "RkfmqU-IFCP3oeFS3t0qeQAsLfK-aMI0s""#,
            r#"DISCORD_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/discord-webhook-url",
            summary: "Discord webhook",
            why: "Who knows the address posts into the channel under a trusted name.",
            source: "Discord developer documentation, \"Webhook resource\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["discord.com/api/webhooks/{d17-20}/{w60-80}", "discordapp.com/api/webhooks/{d17-20}/{w60-80}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: discord.com/api/webhooks/07801753595605548/6CMeA26piwbgdvKfJYjOnm6aKh1NAmDHfmMwbHyEXnVKJGJ4XT8sX3nlg0lF, then",
            r#"{"note": "use discordapp.com/api/webhooks/57409121623876301/b9Youj99oS98499nEHr5o4VyzwYGjiu5jXzkCCPnflMxEIujrKzV9PkpRnos here"}"#,
        ],
        misses: &[
            "token: discord.com/api/webhooks/02340161319045048/nxtnlrxqRIzH3bPR6cXYU7THRD0LdeOeR6Lsq89LwIihk2sSasNmMZTbjix, then",
            "token: discord.com/api/webhooks/57609485835027073/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gitter-access-token",
            summary: "Gitter access token",
            why: "It reads and writes in the rooms of its owner. Without a prefix, so only a name gives it away.",
            source: r#"Gitter, "Developer program""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["gitter"], values: &["{w40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"GITTER_KEY = "GMOiBx_nv9oDxgrRqe5LZBiYpKyVRl7_jkDFOGZD""#,
            r#"{"gitterToken": "HOq2c-5a8v2WyGfkeEyHa1tkT_y3Fi8Fe6YkQesv"}"#,
        ],
        misses: &[
            r#"checksum = "Xo8c7yORIaut5_50h5O7GxtPXOtAtP68Fp44_4c0""#,
            r#"GITTER_KEY = "hrD-SBqO-WMYkDwKDRLPbVxgkpKkqvYN6xH3TbFCK""#,
            r#"GITTER_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/mattermost-access-token",
            summary: "Mattermost access token",
            why: "It reads and writes as its user. It has no form of its own, so a name has to say whose it is.",
            source: "Mattermost documentation, \"Personal access tokens\" (26 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["mattermost"], values: &["{L26}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[r#"MATTERMOST_TOKEN="u31aco43l0xdxmnyk2sz6hfhcd""#, r#"{"mattermostToken": "5qm9l5ycooitnorq33msxairwg"}"#],
        misses: &[
            r#"MATTERMOST_TOKEN="2jqdchx5yuz28b7jrjisrtxyf""#,
            r#"{"checksum": "dk16464d3ddl7io5y6x7yccwvr"}"#,
            r#"MATTERMOST_TOKEN="${MATTERMOST_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/microsoft-teams-webhook",
            summary: "Teams webhook",
            why: "Who knows the address posts into the channel under a trusted name.",
            source: "Microsoft Learn, \"Create incoming webhooks\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["{w1-63}.webhook.office.com/webhookb2/{w36}@{w36}/IncomingWebhook/{a32}/{w36}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: s.webhook.office.com/webhookb2/qdNSXS9I371exc7zGPU1L3p3Yhzu85gIvchm@97I4EMzn5YbpTTgi78BTxjI1riP7CmH6S4gY/IncomingWebhook/e2Jt2TUbzOa2KkfX4g7CMdlTlqSGRAbT/l0TrsfetWUKSF5lv56bw6H1naonWuYbLTa8L, then",
            r#"{"note": "use Y.webhook.office.com/webhookb2/aB4CV6LpqtZ7mmbM3yBXqJKEQ0hgUQTJM6eq@wiNm3Rpix17DN7ySL32PkSxEgEPHGmDHcjjZ/IncomingWebhook/n2aaBHtQZ411bptDzP5HLH387BQEP01x/xpo4R1VAxloVOxdu1489VOFKfKBBI4Lc1jXf here"}"#,
        ],
        misses: &[
            "token: k.webhook.office.com/webhookb2/eqrz0wKh9ot3ahQovKP571qUIZitRxZN96V@kXhaRqcyCIhb5JBdoDdWKwrAlUOnDQ3xqnKG/IncomingWebhook/N3Rxydg2jNVoMJQEBUOPncU5Tx486A1d/4Iled3sJodZjgjQCJ2XxCVYN0jbcSQK0O29z, then",
            "token: B.webhook.office.com/webhookb2/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@2W6oI5AIFNgwP5sc8tLz5BscY4Mh5qa8zLfC/IncomingWebhook/F3m2cODPmGC78K71LiB7MGGp2HKqeB30/3Fyrh6hHO1uPAiXlvMf3Wl1D0E6rCJDSMVwD",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sendbird-access-id",
            severity: Severity::Error,
            summary: "Sendbird application id",
            why: "It names the application that holds the chats. It has no form of its own, so a name has to say \
              whose it is.",
            source: "Sendbird documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["sendbird"], values: &["{x8}-{x4}-{x4}-{x4}-{x12}"], ..SecretForm::NONE }),
        hits: &[
            r#"SENDBIRD_TOKEN="cdf2dfF9-02a7-f9a9-f19F-CBAABFFDedd4""#,
            r#"{"sendbirdToken": "4C335fe1-46F8-BCCd-ab8E-04E336d2b6C1"}"#,
        ],
        misses: &[
            r#"SENDBIRD_TOKEN="27313B1d-0aFa-A2cB-4f7d-40C35FCBdd2""#,
            r#"{"checksum": "eE0a0A8F-9E68-C3DA-bD2D-A5aA9CAd9B9D"}"#,
            r#"SENDBIRD_TOKEN="${SENDBIRD_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/sendbird-access-token",
            summary: "Sendbird API token",
            why: "It reads and writes all chats of the application. It has no form of its own, so a name has to \
              say whose it is.",
            source: "Sendbird documentation, \"Authentication\" (40 hexadecimal digits)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["sendbird"], values: &["{h40}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            r#"SENDBIRD_TOKEN="75470fb56b1ca1594dda1189b4d4803b8b2e682c""#,
            r#"{"sendbirdToken": "3418f27ad88943b04f40e711e477e1b4e4899cb6"}"#,
        ],
        misses: &[
            r#"SENDBIRD_TOKEN="3ff64421d70306b72efa44d070a77941fd95790""#,
            r#"{"checksum": "7daa6d1abf61120b12394d6ec010d2cead40438d"}"#,
            r#"SENDBIRD_TOKEN="${SENDBIRD_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-app-token",
            summary: "Slack app-level token",
            why: "It opens the socket over which everything said to the app arrives.",
            source: "Slack documentation, \"Token types\" (prefix xapp-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["xapp-{d1}-{a8-14}-{d8-16}-{L32-80}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: xapp-4-RQuxQD1y-88311121-bgh0o81xobsvdyh0q6xudxh7qhmjprvh, then",
            r#"{"note": "use xapp-5-5ve8VjIR-01398813-k6p17dr71wxbdzwf8wd1lq6gr0dznl7l here"}"#,
        ],
        misses: &[
            "token: xapp-8-N9SS34Rj-13017470-gz6lvoc3iml8fwazukq4gf2vxkzubja, then",
            "token: xapp-8-sEnr1S3P-11881408-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-bot-token",
            summary: "Slack bot token",
            why: "It reads and writes wherever the bot has been invited.",
            source: "Slack documentation, \"Token types\" (prefix xoxb-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["xoxb-{d10-13}-{d10-13}-{a16-40}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            "token: xoxb-1342784171-6991581277-vuiyTvjEhSP846tj, then",
            r#"{"note": "use xoxb-1496474341-9300585689-bfUz2eeTcEoLFyJD here"}"#,
        ],
        misses: &[
            "token: xoxb-12345-abcd1234",
            "token: xoxb-4868448488-9264563322-xM0gWv7rNUL1wLq, then",
            "token: xoxb-1224842236-7144723278-xxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-legacy-bot-token",
            summary: "Slack legacy bot token",
            why: "It reads and writes wherever the bot has been invited, and does not expire.",
            source: "Slack documentation, \"Token types\" (bots before granular permissions)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["xoxb-{d8-14}-{a18-26}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &["token: xoxb-60329964-2Jl6A38mez4OeE8YQu, then", r#"{"note": "use xoxb-33842067-S8kk63kLzrUbLzDQQw here"}"#],
        misses: &["token: xoxb-00753980-UkbXkEr3vXsyhqm4q, then", "token: xoxb-06147997-xxxxxxxxxxxxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-user-token",
            summary: "Slack user token",
            why: "It reads and writes as its user, direct messages included.",
            source: "Slack documentation, \"Token types\" (prefixes xoxp-, xoxe-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["xoxp-{d10-13}-{d10-13}-{d10-13}-{a28-34}", "xoxe-{d10-13}-{d10-13}-{d10-13}-{a28-34}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: xoxp-3090049637-3930259261-0465281708-O7hi3ub6CFxqrnF0v2F2iUNX2XdA, then",
            r#"{"note": "use xoxe-7459507652-6184525856-8345038521-HK1CkXkAhc9egqKU5xe7ThD1Vn2G here"}"#,
        ],
        misses: &[
            "token: xoxp-1234-1234-1234-7f1c0d2b9a4e8831c0ffe1d2b3a49587",
            "token: xoxp-2455431284-4589527168-0622237556-tEngQ3ChSzGN440lf1mtvBSGWPw, then",
            "token: xoxp-5600982590-4920378609-7674608259-xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-config-access-token",
            summary: "Slack configuration token",
            why: "It creates and changes apps of the workspace.",
            source: "Slack documentation, \"Configuration tokens\" (prefix xoxe.xoxp-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["xoxe.xoxp-{d1}-{a100-300}", "xoxe.xoxb-{d1}-{a100-300}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: xoxe.xoxp-9-qPrOwDJIWrLshbBDm5S49eWWexOJLgLYfI0pwEKULhDRqLwaXAHHgeILYDztqRmQWPHwsGrNtUTy8jZfaeXw8pHt5J0f5bjKA7lv, then",
            r#"{"note": "use xoxe.xoxb-6-1duLbHtGkZu696qK8bZqyyfl8Z241eNUcq4dhsOE4piaCW4r5sko7Ogwje01ONAbCk2WjWgE5egPSs8tpASNRD8qTSA4I6MyJbeO here"}"#,
        ],
        misses: &[
            "token: xoxe.xoxp-6-CI0BvlamZOmEevia7goSdciT0KK2F5Qral1mXjavXAlt3iWw549iVBaceJ3RUIpX2nA30PwTUmi58d8wBxrQbTmRaJrtTqOamL7, then",
            "token: xoxe.xoxp-2-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-config-refresh-token",
            summary: "Slack configuration refresh token",
            why: "It obtains configuration tokens for as long as nobody revokes it.",
            source: "Slack documentation, \"Configuration tokens\" (prefix xoxe-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["xoxe-{d1}-{a100-300}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "token: xoxe-4-hWZVGeDVNYNJNixjqASQjiJqzqsHcx0flNJAJkBlUg6qTEzaQGwQaTclZevapuxkhabE1t6RfcSOUOKtWRQ0SpC9ZDwblEnChqNL, then",
            r#"{"note": "use xoxe-5-iuYnKQE86pe4OYlYJRFS6EpiETHRZFIjNgyLs6hgO7cpROkRvX4wHJUjkmW8Hl98pVB1UKXgrwhDeRObREDxzoFKCPDURni9qkrT here"}"#,
        ],
        misses: &[
            "token: xoxe-3-Pcdbm3hm6Ct3SosLUn87UpZUb4AAb0Gnz8SEt89TzzZFkbC8hmn1UhpznW1uKz3LWyrAH6L4tPX2WXL9QDKVpidAQij77X4YfDh, then",
            "token: xoxe-0-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-legacy-token",
            summary: "Slack legacy token",
            why: "It does all that its user may do, and does not expire.",
            source: "Slack documentation, \"Legacy tokens\" (prefixes xoxs-, xoxo-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["xoxs-{d6-16}-{d6-16}-{d6-16}-{x8-64}", "xoxo-{d6-16}-{d6-16}-{d6-16}-{x8-64}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: xoxs-326215-648041-828987-de3ff8bc, then",
            r#"{"note": "use xoxo-065874-410354-696867-Ca5C0048 here"}"#,
        ],
        misses: &["token: xoxs-820126-049462-338789-5adc329, then", "token: xoxs-755312-530706-938064-xxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-legacy-workspace-token",
            summary: "Slack workspace token",
            why: "It acts for an app in the workspace; these tokens are retired, but refresh tokens of that form \
              live on.",
            source: "Slack documentation, \"Legacy workspace apps\" (prefixes xoxa-, xoxr-)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["xoxa-{d1}-{w8-160}", "xoxr-{d1}-{w8-160}", "xoxa-{a8-64}", "xoxr-{a8-64}"],
            entropy: 1.5,
            ..SecretForm::NONE
        }),
        hits: &["token: xoxa-5-Psg7bOlf, then", r#"{"note": "use xoxr-iWQleJT6 here"}"#],
        misses: &["token: xoxa-9-OxtIDMZ, then", "token: xoxa-2-xxxxxxxx"],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/slack-webhook-url",
            summary: "Slack webhook",
            why: "Who knows the address posts into the channel under a trusted name.",
            source: "Slack documentation, \"Incoming webhooks\" and \"Workflow triggers\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &[
                "https://hooks.slack.com/services/{b40-120}",
                "http://hooks.slack.com/services/{b40-120}",
                "hooks.slack.com/services/{b40-120}",
                "https://hooks.slack.com/workflows/{b40-120}",
                "http://hooks.slack.com/workflows/{b40-120}",
                "hooks.slack.com/workflows/{b40-120}",
                "https://hooks.slack.com/triggers/{b40-120}",
                "http://hooks.slack.com/triggers/{b40-120}",
                "hooks.slack.com/triggers/{b40-120}",
            ],
            entropy: 2.0,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: https://hooks.slack.com/services/ytTbNcevlgwIwyntUddrAa55vbjEVQaMtqSUXmf1, then",
            r#"{"note": "use hooks.slack.com/triggers/VJQPUPdDFtcfAw4c4W5uw8docz7sZWZEdnbb8MBN here"}"#,
        ],
        misses: &[
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "token: https://hooks.slack.com/services/d2RMpBizGwV83nCg3Jw8bqdkOsc9t4QSHtSWKoE, then",
            "token: https://hooks.slack.com/services/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/telegram-bot-api-token",
            summary: "Telegram bot token",
            why: "It reads what people write to the bot and answers in its name. Under a name that says Telegram a \
              shorter bot id is enough.",
            source: "Telegram, \"Bots: an introduction for developers\" (bot id, colon, 35 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["{d8-10}:AA{w33}"],
            names: &["telegram", "telegram bot", "telegr", "tg bot", "tgbot"],
            values: &["{d5-16}:A{w34}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "token: 86586576:AA7I5NiCCb2ED07HKpP2HQCiTLscnLz0Np4, then",
            r#"{"note": "use 32351728:AA8j8YjgBdSY0fNyuewbMox7lADHC0XG4fV here"}"#,
            r#"TELEGRAM_TOKEN="29379:A9PUg86RcC9PcyXHfNalf2mI1tHLezAxOir""#,
            r#"{"telegramToken": "90267:AU2YBoST5hxgE0ZJyUViIcPdAwPbOq9KcDF"}"#,
        ],
        misses: &[
            "token: 84712104:AAM29PQXkYQEFDZll3JW8s3WevTFBZiapU, then",
            "token: 26189413:AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            r#"TELEGRAM_TOKEN="42822:AGVlojBfBdqXgb7Dg7eLqPcXQOJsRSZx63""#,
            r#"{"checksum": "46101:ALanfcMs3vpv7xTllaXLTzQGL5qyQ6EbvVT"}"#,
            r#"TELEGRAM_TOKEN="${TELEGRAM_TOKEN}""#,
        ],
    },
];
