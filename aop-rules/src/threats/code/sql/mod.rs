//! SQL in parameters: in values, where none should be, and in statements, where only ordinary ones should.

mod conditions;
mod encoded;
mod ending;
pub mod injection;
mod keywords;
mod names;
mod quote;
mod reading;
mod shapes;
pub mod statement;
mod tokens;
