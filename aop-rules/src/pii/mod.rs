//! Personal data: one file a subject or country, one row a recognizer.

use crate::scan::Recognizer;

pub mod australia;
pub mod austria;
pub mod belgium;
pub mod brazil;
pub mod bulgaria;
pub mod canada;
pub mod card;
pub mod china;
pub mod czechia;
pub mod denmark;
pub mod email;
pub mod eu_vat_id;
pub mod finland;
pub mod france;
pub mod germany;
pub mod greece;
pub mod hong_kong;
pub mod hungary;
pub mod iban;
pub mod india;
pub mod ip;
pub mod ireland;
pub mod israel;
pub mod italy;
pub mod japan;
pub mod mexico;
pub mod netherlands;
pub mod new_zealand;
pub mod nigeria;
pub mod norway;
pub mod philippines;
pub mod poland;
pub mod portugal;
pub mod romania;
pub mod singapore;
pub mod south_africa;
pub mod south_korea;
pub mod spain;
pub mod sweden;
pub mod switzerland;
pub mod thailand;
pub mod turkey;
pub mod united_kingdom;
pub mod united_states;
pub mod us_ssn;

/// The recognizers of personal data, a table a subject or country, in the manual's order.
pub static TABLES: &[&[Recognizer]] = &[
    email::RECOGNIZERS,
    card::RECOGNIZERS,
    us_ssn::RECOGNIZERS,
    iban::RECOGNIZERS,
    ip::RECOGNIZERS,
    united_states::RECOGNIZERS,
    united_kingdom::RECOGNIZERS,
    canada::RECOGNIZERS,
    australia::RECOGNIZERS,
    new_zealand::RECOGNIZERS,
    india::RECOGNIZERS,
    singapore::RECOGNIZERS,
    south_korea::RECOGNIZERS,
    thailand::RECOGNIZERS,
    turkey::RECOGNIZERS,
    nigeria::RECOGNIZERS,
    south_africa::RECOGNIZERS,
    philippines::RECOGNIZERS,
    brazil::RECOGNIZERS,
    mexico::RECOGNIZERS,
    japan::RECOGNIZERS,
    china::RECOGNIZERS,
    hong_kong::RECOGNIZERS,
    israel::RECOGNIZERS,
    germany::RECOGNIZERS,
    spain::RECOGNIZERS,
    italy::RECOGNIZERS,
    france::RECOGNIZERS,
    netherlands::RECOGNIZERS,
    belgium::RECOGNIZERS,
    poland::RECOGNIZERS,
    sweden::RECOGNIZERS,
    finland::RECOGNIZERS,
    denmark::RECOGNIZERS,
    norway::RECOGNIZERS,
    portugal::RECOGNIZERS,
    austria::RECOGNIZERS,
    switzerland::RECOGNIZERS,
    ireland::RECOGNIZERS,
    czechia::RECOGNIZERS,
    romania::RECOGNIZERS,
    bulgaria::RECOGNIZERS,
    greece::RECOGNIZERS,
    hungary::RECOGNIZERS,
    eu_vat_id::RECOGNIZERS,
];
