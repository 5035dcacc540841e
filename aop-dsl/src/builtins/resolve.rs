//! Which function a call means.

use super::{Accepts, BUILTINS, Builtin, accepts};
use crate::types::Type;

/// An argument as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Argument<'a> {
    /// `name: value`
    pub(crate) name: Option<&'a str>,
    pub(crate) ty: &'a Type,
    /// It is a literal text, so it can be read as what the parameter takes ([`super::Parameter::literal_type`]).
    pub(crate) is_literal: bool,
}

/// A function and what goes where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// The place in [`BUILTINS`].
    pub(crate) builtin: usize,
    /// For each parameter the number of its argument.
    pub(crate) arguments: Vec<Option<usize>>,
}

/// Why a call fits no function. Arguments and parameters are counted from 0; `builtin` is a place in [`BUILTINS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mismatch {
    NoSuchFunction,
    /// The parameter has no argument.
    Missing {
        builtin: usize,
        parameter: usize,
    },
    /// There are more arguments than parameters; this is the first one too many.
    TooMany {
        builtin: usize,
        argument: usize,
    },
    /// No parameter has this argument's name, or the parameter has an argument already.
    UnknownName {
        builtin: usize,
        argument: usize,
    },
    /// This argument is not of a type that the parameter takes. `expected` says what would be, such as `a path or a domain`.
    WrongType {
        builtin: usize,
        argument: usize,
        parameter: usize,
        expected: String,
    },
}

/// The functions of this name, by their places in [`BUILTINS`].
pub(crate) fn named(name: &str) -> std::ops::Range<usize> {
    let start = BUILTINS.partition_point(|builtin| builtin.name < name);
    let end = BUILTINS.partition_point(|builtin| builtin.name <= name);
    start..end
}

/// The property of this name that a value of this type has: `x.length`.
pub(crate) fn property(name: &str, ty: &Type) -> Option<usize> {
    named(name).find(|&at| BUILTINS[at].property && BUILTINS[at].parameters[0].takes(ty))
}

/// The function of this name that takes these arguments. One that takes a literal text as the string it is goes before one
/// that would read it as something else.
pub(crate) fn resolve(name: &str, arguments: &[Argument<'_>]) -> Result<Resolved, Mismatch> {
    let as_strings: Vec<Argument<'_>> =
        arguments.iter().map(|argument| Argument { is_literal: false, ..*argument }).collect();
    if let Some(resolved) = named(name).find_map(|builtin| fit(builtin, &as_strings).ok()) {
        return Ok(resolved);
    }
    let mut nearest: Option<Mismatch> = None;
    for builtin in named(name) {
        match fit(builtin, arguments) {
            Ok(resolved) => return Ok(resolved),
            Err(mismatch) => nearest = Some(nearer(nearest, mismatch)),
        }
    }
    Err(nearest.unwrap_or(Mismatch::NoSuchFunction))
}

/// Of two mismatches the one that has come further; two that fail at the first argument are one that names both types.
fn nearer(one: Option<Mismatch>, other: Mismatch) -> Mismatch {
    let is_first = |mismatch: &Mismatch| matches!(mismatch, Mismatch::WrongType { parameter: 0, .. });
    match (one, other) {
        (None, other) => other,
        (
            Some(Mismatch::WrongType { builtin, argument, parameter: 0, expected }),
            Mismatch::WrongType { parameter: 0, expected: also, .. },
        ) => {
            let expected = if expected == also { expected } else { format!("{expected} or {also}") };
            Mismatch::WrongType { builtin, argument, parameter: 0, expected }
        }
        (Some(one), other) => {
            if is_first(&one) {
                other
            } else {
                one
            }
        }
    }
}

fn fit(at: usize, arguments: &[Argument<'_>]) -> Result<Resolved, Mismatch> {
    let builtin = BUILTINS[at];
    let mut places: Vec<Option<usize>> = vec![None; builtin.parameters.len()];
    for (number, argument) in arguments.iter().enumerate() {
        let place = match argument.name {
            None if number >= places.len() => return Err(Mismatch::TooMany { builtin: at, argument: number }),
            None => Some(number),
            Some(name) => builtin.parameters.iter().position(|parameter| parameter.name == name),
        };
        match place.filter(|place| places[*place].is_none()) {
            Some(place) => places[place] = Some(number),
            None => return Err(Mismatch::UnknownName { builtin: at, argument: number }),
        }
    }
    let first = places[0].map(|number| arguments[number].ty);
    for (parameter, place) in places.iter().enumerate() {
        match place {
            Some(number) if takes(builtin, parameter, &arguments[*number], first) => {}
            Some(number) => {
                let expected = expected(builtin, parameter, first);
                return Err(Mismatch::WrongType { builtin: at, argument: *number, parameter, expected });
            }
            None if builtin.parameters[parameter].optional => {}
            None => return Err(Mismatch::Missing { builtin: at, parameter }),
        }
    }
    Ok(Resolved { builtin: at, arguments: places })
}

fn takes(builtin: &Builtin, parameter: usize, argument: &Argument<'_>, first: Option<&Type>) -> bool {
    let parameter = &builtin.parameters[parameter];
    let is_same = || first.is_some_and(|first| fits_same(first.required(), argument.ty.required()));
    parameter.takes(argument.ty)
        || (parameter.accepts.contains(&Accepts::Same) && is_same())
        || (argument.is_literal && parameter.literal_type().is_some())
}

/// Whether two values can be compared or put into one list.
fn fits_same(first: &Type, other: &Type) -> bool {
    let is_number = |ty: &Type| matches!(ty, Type::Int | Type::Decimal);
    match (accepts::item(first), accepts::item(other)) {
        (Some(first), Some(other)) => fits_same(first.required(), other.required()),
        _ => {
            first.base() == other.base()
                || (is_number(first) && is_number(other))
                || *first == Type::Error
                || *other == Type::Error
        }
    }
}

fn expected(builtin: &Builtin, parameter: usize, first: Option<&Type>) -> String {
    let with_article = |name: &str| match name.as_bytes().first() {
        _ if matches!(name, "any" | "anything" | "text") => format!("a value of type {name}"),
        Some(b'a' | b'e' | b'i' | b'o' | b'u') if name != "url" => format!("an {name}"),
        _ => format!("a {name}"),
    };
    let names: Vec<String> = builtin.parameters[parameter]
        .accepts
        .iter()
        .map(|accepts| match (accepts, first) {
            (Accepts::Same, Some(first)) => with_article(&first.required().to_string()),
            _ => with_article(accepts.as_str()),
        })
        .collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
