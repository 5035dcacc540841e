//! Keys of services whose models make or read speech and pictures.

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "secrets/assemblyai-api-key",
            summary: "AssemblyAI API key",
            why: "It transcribes on the account's bill and reads its transcripts.",
            source: r#"AssemblyAI, "API reference", authentication"#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["assemblyai", "assembly ai"],
            values: &["{h32}"],
            entropy: 3.0,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"ASSEMBLYAI_KEY = "fbf12b1ef1fa9a47ad6aae3626d70249""#,
            r#"{"assemblyAiKey": "f4d2c3daf1050c830fa70fa5307ac874"}"#,
        ],
        misses: &[
            r#"checksum = "2989db80c38cb307f6139607ba9cd4d0""#,
            r#"ASSEMBLYAI_KEY = "0f23118c4adf076c4c8b547c6486db867""#,
            r#"ASSEMBLYAI_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/deepgram-api-key",
            summary: "Deepgram API key",
            why: "It transcribes on the project's bill and reads its usage.",
            source: r#"Deepgram, "Authenticating""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { names: &["deepgram"], values: &["{h40}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            r#"DEEPGRAM_KEY = "63a6636eb2826ef087274bc24383430191b2e883""#,
            r#"{"deepgramToken": "f454621c1168be9af50a12cd967e9c81514fc83a"}"#,
        ],
        misses: &[
            r#"checksum = "bc427df0635adcec50c627aa500a3401fda59eb5""#,
            r#"DEEPGRAM_KEY = "4192612b34336394455a40af2fe0d3d9d6b5da323""#,
            r#"DEEPGRAM_KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/elevenlabs-api-key",
            summary: "ElevenLabs API key",
            why: "It speaks with the account's voices, on its bill.",
            source: r#"ElevenLabs, "Authentication""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm { tokens: &["sk_{h48}"], entropy: 3.0, ..SecretForm::NONE }),
        hits: &[
            "Authorization: Bearer sk_0ead6df9dbb00958b6f76a6383e5f8a2952f3a82c8be97e7",
            "it is sk_c2efc2f7ae54560ab3816529aa12c3916d167bf5228dd1ee now",
        ],
        misses: &[
            r#"token = "sk_3d88c8f409d0544b30b64457c6ffb3300b0722a6bff21e9""#,
            r#"token = "sk_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "secrets/stability-ai-api-key",
            summary: "Stability AI API key",
            why: "It makes pictures on the account's bill. Other issuers use the same form, so a name has to say whose \
                  it is.",
            source: r#"Stability AI, "REST API""#,
            ..Rule::SECRET
        },
        entity: "SECRET",
        region: None,
        look: Look::Secret(SecretForm {
            names: &["stability", "stabilityai", "dreamstudio"],
            values: &["sk-{a48}"],
            entropy: 3.5,
            ..SecretForm::NONE
        }),
        hits: &[
            r#"STABILITY_KEY = "sk-0gDKopavYpgH5kSVSYG14jufyQeipsgnRx7P5jvKbQAmLJmB""#,
            r#"{"stabilityaiKey": "sk-EdH2ApoiVQ1As9Jvlud2wcGi7LsDq3EfHdIlUzs3oNv7iVVu"}"#,
        ],
        misses: &[
            r#"checksum = "sk-35bXdjloNDt9C5PJh1FEJE4F8U2VZCrHKXxuERyDuoOKn5px""#,
            r#"STABILITY_KEY = "sk-XW49tRM03k0vtmB630IW5VyA4mYS3kjYUIK9qmsNon1IV6AWp""#,
            r#"STABILITY_KEY = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx""#,
        ],
    },
];
