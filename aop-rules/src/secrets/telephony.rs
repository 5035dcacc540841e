//! Keys of services that call and send text messages.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file.
pub static RECOGNIZERS: &[Recognizer] = &[
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
];
