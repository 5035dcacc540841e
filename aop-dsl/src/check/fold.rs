//! What can be worked out when a policy is compiled.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::builtins;
use crate::syntax::ast::BinaryOp;
use crate::typed::{Const, Expr, ExprKind};
use crate::types::Type;
use crate::value::{self, Gap, Value};

/// The result of an operator on two constants; a sentence when there is none, nothing when it must wait for an event.
pub(super) fn binary(op: BinaryOp, left: &Expr, right: &Expr, result: &Type) -> Option<Result<Const, String>> {
    let (ExprKind::Const(left_const), ExprKind::Const(right_const)) = (&left.kind, &right.kind) else { return None };
    let (a, b) = (value::from_const(left_const), value::from_const(right_const));
    let truth = |outcome: Result<bool, Gap>| outcome.ok().map(|truth| Ok(Const::Bool(truth)));
    let ordered = |holds: fn(Ordering) -> bool| truth(value::order(left.ty.required(), &a, &b).map(holds));
    match op {
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
            let outcome = value::arithmetic(op, &a, &b, result.required());
            match outcome.ok().and_then(|value| to_const(&value)) {
                Some(known) => Some(Ok(known)),
                None if is_zero(right_const) && matches!(op, BinaryOp::Divide | BinaryOp::Remainder) => {
                    Some(Err("nothing can be divided by zero".to_owned()))
                }
                None => Some(Err("the result is out of range".to_owned())),
            }
        }
        BinaryOp::Equal => truth(value::equal_as(left.ty.required(), &a, &b)),
        BinaryOp::NotEqual => truth(value::equal_as(left.ty.required(), &a, &b).map(|equal| !equal)),
        BinaryOp::Less => ordered(Ordering::is_lt),
        BinaryOp::LessEqual => ordered(Ordering::is_le),
        BinaryOp::Greater => ordered(Ordering::is_gt),
        BinaryOp::GreaterEqual => ordered(Ordering::is_ge),
        BinaryOp::Contains => truth(value::contains(&a, &b, left.ty.required())),
        BinaryOp::StartsWith => truth(value::starts_with(&a, &b)),
        BinaryOp::EndsWith => truth(value::ends_with(&a, &b)),
        BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::In
        | BinaryOp::NotIn
        | BinaryOp::Matches
        | BinaryOp::DerivesFrom
        | BinaryOp::Else => None,
    }
}

/// `-x`
pub(super) fn negate(value: &Expr) -> Option<Const> {
    let ExprKind::Const(known) = &value.kind else { return None };
    value::negate(&value::from_const(known)).ok().and_then(|value| to_const(&value))
}

/// `x as T`
pub(super) fn cast(value: &Expr, target: &Type) -> Option<Result<Const, String>> {
    let ExprKind::Const(known) = &value.kind else { return None };
    let outcome = value::cast(&value::from_const(known), value.ty.required(), target.required());
    match outcome.ok().and_then(|value| to_const(&value)) {
        Some(known) => Some(Ok(known)),
        None => Some(Err(format!("this cannot be read as `{target}`"))),
    }
}

/// A call of a built-in function; all of them give the same for the same arguments.
pub(super) fn call(builtin: usize, arguments: &[Option<Expr>], types: &[Option<Type>]) -> Option<Const> {
    let mut values: Vec<Option<Value<'_>>> = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(match argument {
            None => None,
            Some(Expr { kind: ExprKind::Const(known), .. }) => Some(value::from_const(known)),
            Some(_) => return None,
        });
    }
    builtins::call(builtin, &values, types).ok().and_then(|value| to_const(&value))
}

/// A value that needs no event any more.
fn to_const(value: &Value<'_>) -> Option<Const> {
    Some(match value {
        Value::Bool(truth) => Const::Bool(*truth),
        Value::Number(number) => Const::Number(*number),
        Value::Float(float) => Const::Float(*float),
        Value::Text(text) => Const::Text(Arc::from(text.as_ref())),
        Value::Time(time) => Const::Time(*time),
        Value::Duration(micros) => Const::Duration(*micros),
        Value::Size(bytes) => Const::Size(*bytes),
        Value::Ip(ip) => Const::Ip(*ip),
        Value::Cidr(network) => Const::Cidr(*network),
        Value::Const(known) => (*known).clone(),
        Value::List(items) => Const::List(items.iter().map(to_const).collect::<Option<Vec<_>>>()?.into()),
        Value::Words(words) => Const::List(words.iter().map(|word| Const::Text(word.as_str().into())).collect()),
        Value::Json(_) | Value::OwnedJson(..) | Value::Detection(_) | Value::Digest(_) => return None,
    })
}

fn is_zero(known: &Const) -> bool {
    match known {
        Const::Number(number) => number.is_zero(),
        Const::Float(float) => *float == 0.0,
        Const::Duration(micros) => *micros == 0,
        Const::Size(bytes) => *bytes == 0,
        _ => false,
    }
}
