//! Keys of social networks.

use aop_toon::Severity;

use super::placeholder::is_placeholder;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
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
        look: Look::Secret(SecretForm { names: TWITTER_NAMES, values: &["{a25}"], entropy: 3.0, ..SecretForm::NONE }),
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
        look: Look::Secret(SecretForm { names: TWITTER_NAMES, values: &["{a50}"], entropy: 3.0, ..SecretForm::NONE }),
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
        look: Look::Secret(SecretForm { names: TWITTER_NAMES, values: &["{a45}"], entropy: 3.0, ..SecretForm::NONE }),
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
];

/// What Twitter's keys are called; the name alone is in too many texts.
const TWITTER_NAMES: &[&str] = &[
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
