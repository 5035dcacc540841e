//! Accounts, banks and money.

pub mod aba;
pub mod bank_account;
pub mod bic;
pub mod card_details;
mod country;
pub mod crypto;
pub mod lei;
