//! Personal data: one file a subject or country, one row a recognizer.

use crate::scan::Recognizer;

pub mod card;
pub mod email;
pub mod iban;
pub mod ip;
pub mod us_ssn;

/// The recognizers of personal data, a table a subject or country, in the manual's order.
pub static TABLES: &[&[Recognizer]] =
    &[email::RECOGNIZERS, card::RECOGNIZERS, us_ssn::RECOGNIZERS, iban::RECOGNIZERS, ip::RECOGNIZERS];
