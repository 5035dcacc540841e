//! What describes or identifies one person.

pub mod age;
pub mod coordinates;
mod date;
pub mod date_of_birth;
pub mod date_time;
pub mod documents;
pub mod license_plate;
pub mod postcode;
pub mod username;
