//! Legal entity identifiers.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::iso7064;

/// Finds `LEI_CODE`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/lei",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "legal entity identifier (LEI)",
        why: "It names a party to financial transactions, sole traders among them. Two check digits at the end of twenty \
              characters leave other strings alone.",
        source: "ISO 17442-1 (eighteen characters and two check digits by ISO 7064 MOD 97-10)",
        ..Rule::PII
    },
    entity: "LEI_CODE",
    region: None,
    look: Look::Identifier(Identifier {
        layouts: &[("XXXXXXXXXXXXXXXXXX99", 0.45)],
        check: is_identifier,
        names: &["lei", "lei code", "legal entity identifier", "legal entity id"],
        words: &["gleif", "counterparty", "issuer", "legal entity"],
        near: 0.8,
        named: 0.95,
    }),
    hits: &["LEI 894500Q7F2K9RWXTB362", r#"{"legalEntityIdentifier": "894500Q7F2K9RWXTB362"}"#],
    misses: &["894500Q7F2K9RWXTB362", "LEI 894500Q7F2K9RWXTB363", "LEI 894500Q7F2K9RWXTB3"],
}];

fn is_identifier(characters: &[u8]) -> bool {
    characters.len() == 20 && characters.iter().any(u8::is_ascii_alphabetic) && iso7064::is_mod_97_10(characters)
}
