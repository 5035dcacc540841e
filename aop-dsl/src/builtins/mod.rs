//! The built-in functions of the policy language: one table, one file a function. The manual is made from it, and its
//! examples run as tests.
//!
//! A function may be there several times for several types of its first parameter (`length(text)`, `length(list)`);
//! [`resolve`] finds the one that is meant. `x.f(y)` is `f(x, y)`; what is marked as a property is also written `x.f`.
//!
//! All of them are total and take time linear in their arguments; what they make is bounded
//! ([`crate::value::Reason::TooLong`]).

mod accepts;
mod arguments;
mod encodings;
mod json;
mod lists;
mod mail;
mod manual;
mod network;
mod numbers;
mod pages;
mod paths;
mod prelude;
mod resolve;
mod shell;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod times;
mod versions;
mod web;

pub(crate) use accepts::Accepts;
pub use manual::manual;
pub(crate) use resolve::{Argument, Mismatch, Resolved, property, resolve};
pub(crate) use table::BUILTINS;

use crate::types::Type;
use crate::value::{Gap, Outcome, Reason, Value, settle};

/// A function.
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    pub(crate) group: Group,
    /// At least one.
    pub(crate) parameters: &'static [Parameter],
    /// The type of the result, by the types of the arguments (`None` for an optional one that is not given). It is optional
    /// when the function itself may give nothing. An argument that is a gap makes the result that gap, so the checker adds a
    /// `?` when an argument is optional.
    pub(crate) result: fn(&[Option<&Type>]) -> Type,
    /// The result type as the manual writes it.
    pub(crate) result_text: &'static str,
    /// Also written without parentheses: `x.f`.
    pub(crate) property: bool,
    /// One or two sentences for the manual.
    pub(crate) summary: &'static str,
    pub(crate) examples: &'static [Example],
    pub(crate) cost: Cost,
    /// Use [`call`], which settles the arguments.
    run: for<'e> fn(&[Option<Value<'e>>]) -> Outcome<'e>,
}

/// Where it stands in the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Text,
    Mail,
    Web,
    Network,
    Path,
    Shell,
    Time,
    Version,
    Number,
    List,
    Json,
    Encoding,
    Page,
}

pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    /// One of these.
    pub(crate) accepts: &'static [Accepts],
    pub(crate) optional: bool,
}

/// `lower("Hello")` gives `"hello"`; the value may also be `absent` or `unknown`.
pub(crate) struct Example {
    pub(crate) expression: &'static str,
    pub(crate) value: &'static str,
}

/// What a call costs at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// So many steps.
    Steps(u32),
    /// So many steps for each 64 bytes of its arguments, and as many more.
    PerText(u32),
}

impl Parameter {
    pub(crate) fn takes(&self, ty: &Type) -> bool {
        self.accepts.iter().any(|accepts| accepts.takes(ty))
    }

    /// The type that a literal text given here is read as (with [`crate::value::const_read`]), when it is no string.
    pub(crate) fn literal_type(&self) -> Option<Type> {
        self.accepts.iter().find_map(|accepts| accepts.literal_type())
    }
}

impl std::fmt::Debug for Builtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.signature())
    }
}

impl Builtin {
    /// `substring(text: text, start: int, length: int?) -> string`
    pub(crate) fn signature(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| {
                let optional = if parameter.optional { "?" } else { "" };
                // What goes with a list is one too.
                let with_list = parameter.accepts == [Accepts::Same] && self.parameters[0].accepts == [Accepts::List];
                let accepts = if with_list { "list<T>".to_owned() } else { accepts::listed(parameter.accepts) };
                format!("{}: {accepts}{optional}", parameter.name)
            })
            .collect();
        format!("{}({}) -> {}", self.name, parameters.join(", "), self.result_text)
    }
}

/// Calls a function with a value for each parameter, `None` for an optional one that was not given; `types` are those of the
/// arguments. A gap among the arguments is the caller's: the result is that gap.
pub(crate) fn call<'e>(builtin: usize, arguments: &[Option<Value<'e>>], types: &[Option<Type>]) -> Outcome<'e> {
    let Some(builtin) = BUILTINS.get(builtin) else { return Err(Gap::Unknown(Reason::WrongType)) };
    let is_list = |ty: &Option<Type>| ty.as_ref().is_some_and(|ty| matches!(ty.required(), Type::List(_) | Type::Set(_)));
    if !types.iter().any(is_list) {
        return (builtin.run)(arguments);
    }
    let settled: Result<Vec<Option<Value<'e>>>, Gap> = arguments
        .iter()
        .zip(types)
        .map(|(argument, ty)| match (argument, ty) {
            (Some(argument), Some(ty)) => settle(argument.clone(), ty).map(Some),
            _ => Ok(argument.clone()),
        })
        .collect();
    (builtin.run)(&settled?)
}
