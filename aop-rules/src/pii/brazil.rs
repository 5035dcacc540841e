//! Brazil: the taxpayer's numbers of persons and companies.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted::is_one_character;

/// What is found of Brazil.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/br-cpf",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Brazilian taxpayer number",
            why: "It identifies a person for life, for every purchase and account. Both of its check digits are asked for.",
            source: "Receita Federal, Cadastro de Pessoas Físicas: two check digits by modulus 11",
            ..Rule::PII
        },
        entity: "BR_CPF",
        region: Some("BR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999.999.999-99", 0.95), ("999999999-99", 0.7), ("99999999999", 0.4)],
            check: |digits| !is_one_character(digits) && ends_in_checks(digits, 11),
            names: &["cpf", "cpf number", "número do cpf", "numero do cpf", "cadastro de pessoas físicas"],
            words: &["brasil", "brazil", "contribuinte", "cliente"],
            near: 0.8,
            ..Identifier::NONE
        }),
        hits: &["pago por 694.549.473-03", "CPF 76291533502", r#"{"cpf": 30700927727}"#],
        misses: &["694.549.473-04", "694.549.473-13", "record 76291533502", "CPF 111.111.111-11"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/br-cnpj",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Brazilian company number",
            why: "It names a company; the register is public. Letters are in those given out since July 2026.",
            source: "Receita Federal, Instrução Normativa RFB 2.229/2024: two check digits by modulus 11 over character codes less 48",
            ..Rule::PII
        },
        entity: "BR_CNPJ",
        region: Some("BR"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("XX.XXX.XXX/XXXX-99", 0.95),
                ("99999999/9999-99", 0.9),
                ("99999999999999", 0.4),
                ("XXXXXXXXXXXX99", 0.3),
            ],
            check: |number| !is_one_character(number) && ends_in_checks(number, 9),
            names: &["cnpj", "cnpj number", "número do cnpj", "cadastro nacional da pessoa jurídica"],
            words: &["brasil", "brazil", "empresa", "ltda"],
            near: 0.8,
            ..Identifier::NONE
        }),
        hits: &["nota de 02.752.510/0001-40", r#"{"cnpj": "92425751000178"}"#, "CNPJ 7K.X39.B4D/0001-54"],
        misses: &["02.752.510/0001-41", "seq 92425751000178", "CNPJ 00000000000000", "CNPJ 7K.X39.B4D/0001-55"],
    },
];

/// Whether the last two characters check what is before them: weights rise from 2 by the right and begin anew after the
/// greatest; a remainder below 2 checks as 0.
fn ends_in_checks(number: &[u8], weight_max: u32) -> bool {
    let checks = |end: usize| {
        let weights = (2..=weight_max).cycle();
        let sum: u32 = number[..end].iter().rev().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
        let digit = if sum % 11 < 2 { 0 } else { 11 - sum % 11 };
        u32::from(number[end] - b'0') == digit
    };
    checks(number.len() - 2) && checks(number.len() - 1)
}
