//! `+ - * / %`
//!
//! | left | | right | gives |
//! |---|---|---|---|
//! | int, decimal | `+ - * / %` | int, decimal | the type that the checker says: an int is cut at the point, a decimal division has 28 digits |
//! | float | `+ - * /` | float | float |
//! | duration | `+ -` | duration | duration |
//! | duration | `/` | duration | decimal |
//! | duration | `* /` | int, decimal | duration |
//! | size | `+ -` | size | size |
//! | size | `/` | size | decimal |
//! | size | `* /` | int, decimal | size |
//! | time | `+ -` | duration | time |
//! | time | `-` | time | duration |
//! | string | `+` | string | string |
//!
//! The number may also stand left of a duration's or size's `*`, the duration left of a time's `+`. What leaves the range,
//! divides by nothing or would have to be rounded (except by `/`) is unknown.

use std::borrow::Cow;

use aop_toon::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Gap, Outcome, Reason, Value, decimal};
use crate::syntax::ast::BinaryOp;
use crate::types::Type;

/// The longest text that `+` makes, in bytes.
pub(crate) const TEXT_MAX: usize = 1 << 20;

/// The result of an arithmetic operator, which is of type `result`: int division cuts off the fraction, so it matters.
pub(crate) fn arithmetic(op: BinaryOp, left: &Value<'_>, right: &Value<'_>, result: &Type) -> Outcome<'static> {
    use BinaryOp::{Add, Divide, Multiply, Subtract};
    use Value::{Digest, Duration, Float, Number, Size, Text, Time};
    if matches!(left, Digest(_)) || matches!(right, Digest(_)) {
        return Err(Gap::Unknown(Reason::Forgotten));
    }
    let value = match (left, op, right) {
        (Number(a), _, Number(b)) => numbers(op, *a, *b, *result.required() == Type::Int).map(Number),
        (Float(a), _, Float(b)) => floats(op, *a, *b).map(Float),
        (Duration(a), Add, Duration(b)) => a.checked_add(*b).map(Duration),
        (Duration(a), Subtract, Duration(b)) => a.checked_sub(*b).map(Duration),
        (Duration(a), Divide, Duration(b)) => decimal::divide(Decimal::from(*a), Decimal::from(*b)).map(Number),
        (Duration(a), Multiply, Number(b)) | (Number(b), Multiply, Duration(a)) => {
            decimal::multiply(Decimal::from(*a), *b).and_then(micros).map(Duration)
        }
        (Duration(a), Divide, Number(b)) => decimal::divide(Decimal::from(*a), *b).and_then(micros).map(Duration),
        (Size(a), Add, Size(b)) => a.checked_add(*b).map(Size),
        (Size(a), Subtract, Size(b)) => a.checked_sub(*b).map(Size),
        (Size(a), Divide, Size(b)) => decimal::divide(Decimal::from(*a), Decimal::from(*b)).map(Number),
        (Size(a), Multiply, Number(b)) | (Number(b), Multiply, Size(a)) => {
            decimal::multiply(Decimal::from(*a), *b).and_then(bytes).map(Size)
        }
        (Size(a), Divide, Number(b)) => decimal::divide(Decimal::from(*a), *b).and_then(bytes).map(Size),
        (Time(a), Add, Duration(b)) | (Duration(b), Add, Time(a)) => {
            a.micros().checked_add(*b).map(Timestamp::from_micros).map(Time)
        }
        (Time(a), Subtract, Duration(b)) => a.micros().checked_sub(*b).map(Timestamp::from_micros).map(Time),
        (Time(a), Subtract, Time(b)) => a.micros().checked_sub(b.micros()).map(Duration),
        (Text(a), Add, Text(b)) if a.len() + b.len() > TEXT_MAX => return Err(Gap::Unknown(Reason::TooLong)),
        (Text(a), Add, Text(b)) => Some(Text(Cow::Owned([a.as_ref(), b.as_ref()].concat()))),
        _ => return Err(Gap::Unknown(Reason::WrongType)),
    };
    value.ok_or(Gap::Unknown(Reason::Arithmetic))
}

fn numbers(op: BinaryOp, a: Decimal, b: Decimal, whole: bool) -> Option<Decimal> {
    match op {
        BinaryOp::Add => decimal::add(a, b),
        BinaryOp::Subtract => decimal::subtract(a, b),
        BinaryOp::Multiply => decimal::multiply(a, b),
        BinaryOp::Divide if whole => decimal::divide_int(a, b),
        BinaryOp::Divide => decimal::divide(a, b),
        BinaryOp::Remainder => decimal::remainder(a, b),
        _ => None,
    }
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide => a / b,
        BinaryOp::Remainder => a % b,
        _ => return None,
    };
    value.is_finite().then_some(value)
}

/// To the nearest microsecond, half to even.
fn micros(number: Decimal) -> Option<i64> {
    number.round().to_i64()
}

/// To the nearest byte, half to even.
fn bytes(number: Decimal) -> Option<u64> {
    number.round().to_u64()
}

/// `-x`: a number, a float or a duration.
pub(crate) fn negate(value: &Value<'_>) -> Outcome<'static> {
    match value {
        Value::Number(number) => Ok(Value::Number(if number.is_zero() { Decimal::ZERO } else { -*number })),
        Value::Float(float) => Ok(Value::Float(-*float)),
        Value::Duration(micros) => micros.checked_neg().map(Value::Duration).ok_or(Gap::Unknown(Reason::Arithmetic)),
        Value::Digest(_) => Err(Gap::Unknown(Reason::Forgotten)),
        _ => Err(Gap::Unknown(Reason::WrongType)),
    }
}
