//! Ways to reach a person.

pub mod phone;
mod plan;
pub mod regional_phone;
pub mod spelled_email;
pub mod url;
