//! Code that rides in an action's parameters: what a tool would run that pastes a value into a query, a page or a command.
//!
//! Each kind reads a parameter as its interpreter would, token by token, and says whether it breaks out of being a value.

pub mod address;
pub mod bytes;
mod ends;
pub mod link;
pub mod nosql;
pub mod path;
pub mod script;
pub mod shell;
pub(crate) mod source;
pub mod sql;
pub mod template;
pub mod terminal;
