//! Keys of shops and market places.

use super::value::with_digits;
use crate::rule::Rule;
use crate::scan::{Look, Recognizer, SecretForm};

/// The recognizers of this file, in the order of its kinds.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "secrets/etsy-access-token",
        summary: "Etsy API key",
        why: "It calls the API as the application, and with a seller's consent manages the shop. Without a prefix, \
                  so only a name gives it away.",
        source: r#"Etsy, "Open API v3", authentication"#,
        ..Rule::SECRET
    },
    entity: "SECRET",
    region: None,
    look: Look::Secret(SecretForm {
        names: &["etsy"],
        values: &["{a24}"],
        entropy: 3.0,
        check: with_digits,
        ..SecretForm::NONE
    }),
    hits: &[r#"ETSY_KEY = "Am7EWaT4Ftbz05Zxes9JCkZc""#, r#"{"etsyToken": "dEaI0KpmFzFXyn47Cev6SYiz"}"#],
    misses: &[
        r#"checksum = "qjMAxr5YU1ztlCHO83hyBfvo""#,
        r#"ETSY_KEY = "6xx9KpTnC457hQt9cb6sOwxSt""#,
        r#"ETSY_KEY = "xxxxxxxxxxxxxxxxxxxxxxxx""#,
        r#"SetsyKey = "HWalDqEw1xw65vpsbPCgkL9c""#,
    ],
}];
