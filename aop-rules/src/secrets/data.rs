//! Keys of services that sell data and maps.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/finnhub-access-token",
            summary: "Finnhub API key",
            why: "Requests with it count against its account. Without a prefix, so only a name gives it away.",
            source: r#"Finnhub, "API documentation", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["finnhub"],
            values: &["{a20}", "{a40}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[r#"FINNHUB_KEY = "h08txk5w6Cy1tK2fegEQ""#, r#"{"finnhubKey": "ohuLgEfJ3DzNJzxP3EZBMoiXFO5HS3MifQzg9RDl"}"#],
        misses: &[
            r#"checksum = "WPQHbtmEp6juSDbvdSdw""#,
            r#"FINNHUB_KEY = "YSzye7IsywWfXUySgxZf8""#,
            r#"FINNHUB_KEY = "xxxxxxxxxxxxxxxxxxxx""#,
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
        look: Look::Secret(SecretForm { names: LOOKER_NAMES, values: &["{L20}"], entropy: 3.0, ..SecretForm::NONE }),
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
        look: Look::Secret(SecretForm { names: LOOKER_NAMES, values: &["{L24}"], entropy: 3.0, ..SecretForm::NONE }),
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
];

/// What Looker's keys are called; the name alone is a word.
const LOOKER_NAMES: &[&str] = &[
    "looker token",
    "looker key",
    "looker secret",
    "looker api",
    "looker client",
    "looker access",
    "looker auth",
    "looker oauth",
];
