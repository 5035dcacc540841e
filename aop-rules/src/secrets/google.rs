//! Keys and tokens of Google Cloud, Firebase and Google's sign-in.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/gcp-api-key",
            severity: Severity::Error,
            summary: "Google API key",
            why: "The key is billed to its project, and since 2024 the same form opens Gemini. It is often in public in \
                  apps, where Google wants it restricted: an error, not worse. Left alone: keys inside longer tokens.",
            source: r#"Google Cloud, "Manage API keys""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["AIza{w35}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &["it is AIzaOfLQ-dma0VRKyNXpzVLSKMyf_niQh3XQbuu now", r#"token = "AIzaEw64-JNb_hX2YNIVO75dvv5R0U5IVKQDm29""#],
        misses: &[
            r#"token = "AIzae1nsKX2sVNQ7LucunhfW4MJR6NNFq--x2K""#,
            r#"token = "AIzaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
            "TefoOWpYykpTA99ovfldAIzaUdfOEynUqCvGa9lPJOBM3PBurV9kN7jEKxS1i9ECDlDRHFMMtI",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gcp-oauth-client-secret",
            summary: "Google OAuth client secret",
            why: "With the client id it lets anybody sign in as the application and trade codes for tokens.",
            source: r#"Google Identity, "Using OAuth 2.0 to access Google APIs""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["GOCSPX-{w28}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer 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",
            "it is 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 now",
        ],
        misses: &[r#"token = "GOCSPX-xycYWRr7w-plDhdFSFUT2_r9aTt""#, r#"token = "GOCSPX-xxxxxxxxxxxxxxxxxxxxxxxxxxxx""#],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gcp-oauth-refresh-token",
            summary: "Google OAuth refresh token",
            why: "It yields new access tokens for a person's data until somebody revokes it. Left alone: links such as \
                  `1//0.example`, whose rest is too short.",
            source: r#"Google Identity, "Using OAuth 2.0 to access Google APIs""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["1//0{w40-512}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer 1//0i7P5gqAC0gokx2L-tKpisbxFxRpz4MdXkvqTJOwo3c-6IR",
            "it is 1//06VFAw53vOAavDx3uPO-S_OG3MZIzVWmS73opAWbbWrzH now",
        ],
        misses: &[
            r#"token = "1//0PiaBpjs0DMGDp_23A4YSbLqZiUyB_DgIbc5aJzN""#,
            r#"token = "1//0xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/gcp-oauth-access-token",
            summary: "Google OAuth access token",
            why: "Until it expires, mostly within the hour, it acts as the person or the service account that it was \
                  given to.",
            source: r#"Google Identity, "Using OAuth 2.0 to access Google APIs""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["ya29.{r40-2048}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "export KEY='ya29.ucdWaufa2.DvBVFWoFwL34HfRXwODo-jsnj7ya3TSWs'",
            "a: ya29.M1cwOjibbjE0imJB.zwrgEVNFD7DGqA0mP-yGQOg\nb: 1",
        ],
        misses: &[
            r#"token = "ya29.RufhKNgi-fld0rg68H8MTrMgtQjWjD1r-L1LyFx""#,
            r#"token = "ya29.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/firebase-cloud-messaging-server-key",
            summary: "Firebase Cloud Messaging server key",
            why: "Who has it sends notifications to every installation of the app. Left alone: registration tokens, \
                  which have the same second half and a longer first one.",
            source: r#"Firebase, "About FCM server environments""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["A{w10}:APA91b{w134}"], entropy: 3.5, ..SecretForm::NONE }),
        hits: &[
            "{\"headers\": [\"AteYJUAUHaE:APA91brbfqqDvqFCKzFoNPSWcE9Xwebr7H4Win3ReoSuPHmADMDxM5Ap0WJlEm99Q6r2Prrd8HUKrN\
             ey-l9RBcR8OGzioJ-QJSJjKEPeMC047RLTr7Tfxi3eNryJw6qerKgnTEqqNFTG\"]}",
            "Authorization: Bearer AReaRUMCoBR:APA91bH0En4Cgumb9RoqPVOlnMklRI10o8Zp1EUZNVUmgUNSUWOCfQ3hGC8oTfhFsymMQ0bXn\
             VPJHpZzXs5KjL5b9_XhYSH_uV3sGLmeDi5Gvv3uhj7lP1JgdOqCj3JPaeIMwuF6ZMEQ",
        ],
        misses: &[
            "token = \"ApLRJ7c4eQF:APA91bofnnfMjv0tDtosvHHhnd8LSdLeP8CoIAMyLSzwFCBBrMz32K5-27JlA1urGIyynQ_nOLZfTaKBzPVKR\
             api8fIhyE9F7sXRNZu3shBJO7XwYlYeJi0dCu8mIUvDp4RBeo3BE0y\"",
            "token = \"Axxxxxxxxxx:APA91bxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        ],
    },
];
