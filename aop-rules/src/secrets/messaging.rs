//! Keys of chat, calls and support: Slack, Telegram, Twilio, Intercom and others.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
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
            id: "secrets/messagebird-api-token",
            summary: "MessageBird access key",
            why: "It sends messages at its owner's cost and reads those sent. It has no form of its own, so a name \
              has to say whose it is.",
            source: "MessageBird (Bird) developer documentation, \"Authentication\" (25 characters)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["messagebird", "message bird"],
            values: &["{L25}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"MESSAGEBIRD_TOKEN="u7wg5qvjb7neb67h8oo92mpj0""#, r#"{"messagebirdToken": "a7zu7b3un6lakplf88cot65qd"}"#],
        misses: &[
            r#"MESSAGEBIRD_TOKEN="ez31fzgza1lbh0awi5cbyo3i""#,
            r#"{"checksum": "zgp5bj5x2u7hg95zqo9prg0fd"}"#,
            r#"MESSAGEBIRD_TOKEN="${MESSAGEBIRD_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/messagebird-client-id",
            severity: Severity::Error,
            summary: "MessageBird client id",
            why: "It names the application that asks for access. It has no form of its own, so a name has to say \
              whose it is.",
            source: "MessageBird (Bird) developer documentation, \"Conversations\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["messagebird", "message bird"],
            values: &["{x8}-{x4}-{x4}-{x4}-{x12}"],
            ..SecretForm::NONE
        }),
        hits: &[
            r#"MESSAGEBIRD_TOKEN="2B5BDc4A-f557-a1d0-eBBd-8eebF21cE661""#,
            r#"{"messagebirdToken": "ecF7D65b-BA85-E0B5-Cb1c-CfDC61E9fB44"}"#,
        ],
        misses: &[
            r#"MESSAGEBIRD_TOKEN="7D5fA2D2-29cC-04Fe-5AA3-693DFcC6dB7""#,
            r#"{"checksum": "5113D1Ab-4aCF-Adce-Da4C-9Bb66EaCcA9e"}"#,
            r#"MESSAGEBIRD_TOKEN="${MESSAGEBIRD_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/twilio-api-key",
            summary: "Twilio API key",
            why: "With its secret it sends messages and calls at its owner's cost. It has no form of its own, so a \
              name has to say whose it is.",
            source: "Twilio documentation, \"API keys\" (prefix SK)",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["twilio"], values: &["SK{x32}"], entropy: 2.5, ..SecretForm::NONE }),
        hits: &[
            r#"TWILIO_TOKEN="SK49B9230Ba67f7a8fAdB4CCBecAeBf095""#,
            r#"{"twilioToken": "SKB02EDAE2ecb3fCeA6B804f241cEf9eC5"}"#,
        ],
        misses: &[
            r#"TWILIO_TOKEN="SK7D6a799aD88E5aDB0DcE1cf0B33155E""#,
            r#"{"checksum": "SKeD8CcCd6f3BC1433e6Ec3D0AEC87fE1D"}"#,
            r#"TWILIO_TOKEN="${TWILIO_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/twilio-auth-token",
            summary: "Twilio auth token",
            why: "With the account's id it does all the account may do. It has no form of its own, so a name has \
              to say whose it is.",
            source: "Twilio documentation, \"Auth token\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["twilio auth token", "twilio auth", "twilio token", "twilio secret"],
            values: &["{h32}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"TWILIO_AUTH_TOKEN="33f5a2582fb44f1b2fc99ac40a1e575d""#,
            r#"{"twilioAuthToken": "e271e472829ad7ac1efbb4cacf59cc8f"}"#,
        ],
        misses: &[
            r#"TWILIO_AUTH_TOKEN="504229ee0f02aa081b8d5a12ecfb288""#,
            r#"{"checksum": "b3f143559e75da5dc7e607479a6d7ad7"}"#,
            r#"TWILIO_AUTH_TOKEN="${TWILIO_AUTH_TOKEN}""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/vonage-api-secret",
            summary: "Vonage API secret",
            why: "With the key it sends messages and calls at its owner's cost. It has no form of its own, so a \
              name has to say whose it is.",
            source: "Vonage developer documentation, \"Authentication\"",
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["vonage api secret", "vonage secret", "nexmo secret", "nexmo api secret"],
            values: &["{a16}"],
            entropy: 2.5,
            ..SecretForm::NONE
        }),
        hits: &[r#"VONAGE_API_SECRET="U2EK8b4u1hiR9txs""#, r#"{"vonageApiSecret": "8ZBtrGGrUcsopwhj"}"#],
        misses: &[
            r#"VONAGE_API_SECRET="yCl6hDVrjg5NI4I""#,
            r#"{"checksum": "Sw9r9vQL3YfpRLZc"}"#,
            r#"VONAGE_API_SECRET="${VONAGE_API_SECRET}""#,
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
];
