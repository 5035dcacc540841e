//! Keys of social networks, chats and pictures.

use aop_toon::Severity;

use super::placeholder::is_placeholder;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
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
            id: "secrets/facebook-secret",
            summary: "Facebook app secret",
            why: "With the app id it acts as the application and signs its requests. It looks like a hash, so only a \
                  name gives it away.",
            source: r#"Meta, "Securing Graph API requests""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["facebook", "fb app", "fb client"],
            values: &["{h32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"FACEBOOK_KEY = "0399db81591b9924fb197d6d8e6a9bb3""#,
            r#"{"fbAppKey": "789bdd199d4491902c9ed2167592ef23"}"#,
        ],
        misses: &[
            r#"checksum = "61ec616e0c51766c8433774d959f5675""#,
            r#"FACEBOOK_KEY = "3fbc6c009d6bd434c15cea47cd10c19f3""#,
            r#"FACEBOOK_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/facebook-page-access-token",
            summary: "Facebook access token",
            why: "It reads and writes as a person or a page.",
            source: r#"Meta, "Access tokens""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            tokens: &["EAAM{a80-400}", "EAAC{a80-400}", "EAAB{a80-400}", "EAAG{a80-400}", "EAAJ{a80-400}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            "Authorization: Bearer EAAM00heNJW4P0kkAmP78ckDUB5MIDAXRDXZW5zSVGgtWkceNsitsBsbr1D1VPqQ5VDKtXLOgc84diWxt7E0Y\
             1Lz",
            r#"{"value": "EAACDrnNCUKkZ78FkbTcceUa6tCWE2bGQW3LUBfZGwgZHIfOkhG2ncoUZnp74xsPwPirGc1NZF4kgJ8IxBxG4"}"#,
            "export KEY='EAABbIVdcnz780fNofpAgi2qhc6MJHRAwWEClLpJMVUXlv0MTMyIRieWEOzgD3Ah7SddRQNF2dm78F61gLAzu98f'",
            "it is EAAGp3l8KzsypkRS4FIJ7gwRebCguRK02Mv4pq2X23NwysHoeVrbBfJa0dF8PlseAiGdlsv9TwXALLTo7qKSGOzcU now",
        ],
        misses: &[
            r#"token = "EAAMjqOeizF8dTYxmpNZPGvGuPrFRaoAtDi5849O9npq1eBPfdtHrGkXpsxZ1e91ExOQf92qB4DVEj560pD""#,
            r#"token = "EAACcpGqoj4FIlPJs0YkqetXQBABpIXQFKmnZEDbmspS0MRk7x6LuUMWcbJAh3cxdNMCvnffF8dw9aqj44z""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/flickr-access-token",
            summary: "Flickr API key",
            why: "It calls the API as the application. Without a prefix, so only a name gives it away.",
            source: r#"Flickr, "API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["flickr"], values: &["{L32}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"FLICKR_KEY = "r5sur2gvz0qt1x1kmd7y1grcn2soo26g""#,
            r#"{"flickrToken": "px4fqlgae8sarqqahvmkxp8yqztx1yzg"}"#,
        ],
        misses: &[
            r#"checksum = "xaivy2x6n4j9ynl87vqhwrwcirc1rvll""#,
            r#"FLICKR_KEY = "0v3ot3amlhvmgvp68jpye2c9n47goupvu""#,
            r#"FLICKR_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
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
            id: "secrets/facebook-access-token",
            summary: "Facebook app access token",
            why: "It acts as the application: its id, a bar, and a secret part.",
            source: r#"Meta, "Access tokens", app access tokens"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Code { anchors: &[Anchor::Digits(15)], verify: app_token },
        hits: &[
            "facebook 5539422614576918|P9qEINwnwicSuS6J8R6o2nZZOHM",
            r#"{"access_token": "7836939951163371|eIu9RJs1xlJvS9XSgUJscQ6vBmO"}"#,
            "https://graph.facebook.com/me?access_token=3132877997675246|ieqRg6axyuLpLhMQs7rA5iiQ41i",
        ],
        misses: &[
            "token = 5539422614576918|P9qEINwnwicSuS6J8R6o2nZZOH",
            "token = 5539422614576918|P9qEINwnwicSuS6J8R6o2nZZOHMa",
            "token = 5539422614576918/P9qEINwnwicSuS6J8R6o2nZZOHM",
            "token = 422614576918|P9qEINwnwicSuS6J8R6o2nZZOHM",
            "5539422614576918|xxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
    },
];

fn app_token(candidate: &Candidate<'_>) -> Option<Match> {
    const SECRET_BYTES: usize = 27;
    let rest = &candidate.bytes()[candidate.start..];
    let digits = rest.iter().take(17).take_while(|byte| byte.is_ascii_digit()).count();
    let (start, end) = (candidate.start, candidate.start + digits + 1 + SECRET_BYTES);
    let is_own = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let secret = candidate.text.get(start..end)?[digits..].strip_prefix('|')?;
    let has_form = (15..=16).contains(&digits) && secret.bytes().all(is_own);
    let touches = !candidate.begins_word(start) || candidate.byte(end).is_some_and(is_own);
    (has_form && !touches && !is_placeholder(secret)).then_some(Match { start, end, score: 0.9 })
}
