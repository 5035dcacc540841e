//! Mexico: the population registry's key and the taxpayer's.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted::value;
use crate::verify::{date, weighted};

/// What is found of Mexico.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/mx-curp",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Mexican population registry key",
            why: "It identifies a person for life and holds initials, birth date, sex and place of birth.",
            source: "Registro Nacional de Población: Instructivo normativo para la asignación de la CURP, with the check digit",
            ..Rule::PII
        },
        entity: "MX_CURP",
        region: Some("MX"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAAA999999AAAAAAX9", 0.95)],
            check: curp,
            names: &["curp", "clave única de registro de población", "clave unica de registro de poblacion"],
            ..Identifier::NONE
        }),
        hits: &["alta de GOMA850312HDFRRL05", r#"{"curp": "LOHM921123MJCPRN01"}"#, "RUSC050708HNLZLRA0"],
        misses: &["GOMA850312HDFRRL06", "GOMA851312HDFRRL05", "GOMA850312KDFRRL05", "GOMA850312HQQRRL05"],
    },
    Recognizer {
        rule: &RFC,
        entity: "MX_RFC",
        region: Some("MX"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAAA999999XXX", 0.8), ("AAA999999XXX", 0.6), ("AAAA-999999-XXX", 0.9), ("AAA-999999-XXX", 0.8)],
            check: |rfc| rfc_form(rfc) && rfc_check(rfc),
            names: RFC_NAMES,
            words: RFC_WORDS,
            near: 0.9,
            ..Identifier::NONE
        }),
        hits: &["factura a GOMA850312AB0", r#"{"rfc": "LOHM921123QX4"}"#, "ACM010712K7A"],
        misses: &["factura a GOMA851312AB0", "trace GOMA850332AB0", "XAXX010101000", "GOMA850312AB0X"],
    },
    // Not every key in use has the check character of the published rule.
    Recognizer {
        rule: &RFC,
        entity: "MX_RFC",
        region: Some("MX"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAAA999999XXX", 0.3), ("AAA999999XXX", 0.2), ("AAAA-999999-XXX", 0.4)],
            check: rfc_form,
            names: RFC_NAMES,
            words: RFC_WORDS,
            ..Identifier::NONE
        }),
        hits: &["RFC: GOMA850312AB7", "contribuyente LOHM921123QX9"],
        misses: &["GOMA850312AB7", "RFC: XEXX010101000"],
    },
];

static RFC: Rule = Rule {
    id: "pii/mx-rfc",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    summary: "Mexican taxpayer key",
    why: "It identifies a taxpayer and holds initials and birth date. The two keys for the public and for foreigners are left \
          alone; with a wrong check character only a name or a word nearby makes it one.",
    source: "Servicio de Administración Tributaria: Reglamento del Código Fiscal de la Federación, check character by modulus 11",
    ..Rule::PII
};
const RFC_NAMES: &[&str] = &["rfc", "registro federal de contribuyentes", "clave rfc"];
const RFC_WORDS: &[&str] = &["contribuyente", "factura", "sat", "méxico", "mexico", "cfdi"];

/// Letters count as in base 36, those from O on one more: a letter between N and O counts too.
fn place(byte: u8) -> u32 {
    value(byte) + u32::from(byte >= b'O')
}

fn curp(curp: &[u8]) -> bool {
    let is_state = std::str::from_utf8(&curp[11..13]).is_ok_and(|state| STATES.binary_search(&state).is_ok());
    let sum: u32 = curp[..17].iter().zip((2..=18).rev()).map(|(byte, weight)| place(*byte) * weight).sum();
    date::is_yymmdd(&curp[4..10])
        && b"HMX".contains(&curp[10])
        && is_state
        && !curp[13..16].iter().any(|byte| b"AEIOU".contains(byte))
        && (10 - sum % 10) % 10 == value(curp[17])
}

fn rfc_form(rfc: &[u8]) -> bool {
    let letters = rfc.len() - 9;
    let is_generic = rfc == b"XAXX010101000" || rfc == b"XEXX010101000";
    date::is_yymmdd(&rfc[letters..letters + 6]) && !is_generic && matches!(rfc[rfc.len() - 1], b'0'..=b'9' | b'A')
}

/// A company's key has three letters; a blank, which counts 37, stands for the fourth.
fn rfc_check(rfc: &[u8]) -> bool {
    let (body, check) = rfc.split_at(rfc.len() - 1);
    let blank = if body.len() == 11 { 37 * 13 } else { 0 };
    let sum: u32 = body.iter().rev().zip(2..).map(|(byte, weight)| place(*byte) * weight).sum();
    (11 - (sum + blank) % 11) % 11 == weighted::value(check[0])
}

/// The states of birth, NE for abroad, sorted.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "AS", "BC", "BS", "CC", "CH", "CL", "CM", "CS", "DF", "DG", "GR", "GT", "HG", "JC", "MC", "MN", "MS", "NE", "NL", "NT", "OC",
    "PL", "QR", "QT", "SL", "SP", "SR", "TC", "TL", "TS", "VZ", "YN", "ZS",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_are_sorted() {
        assert!(STATES.is_sorted_by(|left, right| left < right));
    }
}
