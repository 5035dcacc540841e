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
pub mod contact;
pub mod czechia;
pub mod denmark;
pub mod device;
pub mod email;
pub mod eu_vat_id;
pub mod finance;
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
mod label;
pub mod mexico;
pub mod netherlands;
pub mod network;
pub mod new_zealand;
pub mod nigeria;
pub mod norway;
pub mod person;
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
/// None without the feature `pii`, so that none of them is linked in.
pub static TABLES: &[&[Recognizer]] = if cfg!(feature = "pii") { ALL } else { &[] };

static ALL: &[&[Recognizer]] = &[
    email::RECOGNIZERS,
    contact::spelled_email::RECOGNIZERS,
    contact::phone::RECOGNIZERS,
    contact::regional_phone::RECOGNIZERS,
    contact::url::RECOGNIZERS,
    card::RECOGNIZERS,
    finance::card_details::RECOGNIZERS,
    us_ssn::RECOGNIZERS,
    iban::RECOGNIZERS,
    finance::bic::RECOGNIZERS,
    finance::aba::RECOGNIZERS,
    finance::bank_account::RECOGNIZERS,
    finance::lei::RECOGNIZERS,
    finance::crypto::RECOGNIZERS,
    ip::RECOGNIZERS,
    network::mac::RECOGNIZERS,
    device::mobile::RECOGNIZERS,
    device::vin::RECOGNIZERS,
    person::date_of_birth::RECOGNIZERS,
    person::date_time::RECOGNIZERS,
    person::age::RECOGNIZERS,
    person::documents::RECOGNIZERS,
    person::license_plate::RECOGNIZERS,
    person::postcode::RECOGNIZERS,
    person::username::RECOGNIZERS,
    person::coordinates::RECOGNIZERS,
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

/// Entities that are never found with a higher score than this: too little for the default threshold, at which nobody looks
/// for them.
pub static WEAK: &[(&str, f64)] = &[("DATE_TIME", 0.4), ("URL", 0.3), ("USERNAME", 0.3)];
