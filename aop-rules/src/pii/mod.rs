//! Personal data: one file a type, one line a recognizer.

use crate::scan::Recognizer;

pub mod card;
pub mod email;
pub mod iban;
pub mod ip;
pub mod us_ssn;

/// The recognizers of personal data, in the manual's order.
pub static RECOGNIZERS: &[&Recognizer] =
    &[&email::RECOGNIZER, &card::RECOGNIZER, &us_ssn::RECOGNIZER, &iban::RECOGNIZER, &ip::RECOGNIZER];
