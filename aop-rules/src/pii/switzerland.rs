//! Switzerland: the old-age insurance number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// Switzerland's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/ch-ahv",
        summary: "Swiss social insurance number (AHV, AVS)",
        why: "It stands for the person for life, with insurers, tax offices and schools.",
        source: "Art. 50c AHVG; Zentrale Ausgleichsstelle: 756, nine digits, check digit as of EAN-13",
        ..Rule::PII
    },
    entity: "CH_AHV",
    region: Some("CH"),
    look: Look::Identifier(Identifier {
        layouts: &[
            ("756.9999.9999.99", 0.95),
            ("756 9999 9999 99", 0.95),
            ("756-9999-9999-99", 0.9),
            ("7569999999999", 0.6),
        ],
        check: ahv,
        names: &[
            "ahv",
            "ahv nummer",
            "ahv nr",
            "ahvn13",
            "avs",
            "numéro avs",
            "numero avs",
            "sozialversicherungsnummer",
            "nss",
            "oasi number",
        ],
        ..Identifier::NONE
    }),
    hits: &["756.3259.3325.97", "AHV-Nr. 7560466807689", r#"{"ahvNummer":"756 8557 0508 91"}"#],
    misses: &["756.3259.3325.98", "757.3259.3325.97", "AHV 75632593325970", "1.756.3259.3325.97", r#"{"ts":7560466807689}"#],
}];

fn ahv(number: &[u8]) -> bool {
    number.starts_with(b"756")
        && weighted::number(&number[3..12]) > 0
        && weighted::sum(number, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}
