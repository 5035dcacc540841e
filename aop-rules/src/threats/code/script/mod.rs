//! HTML and JavaScript in values.

mod breakout;
mod decoded;
pub mod injection;
mod markup;
mod style;
