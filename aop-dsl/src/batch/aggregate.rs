//! Aggregates over runs.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::expression::{Run, Scene};
use crate::typed::{Expr, RunFunction};
use crate::value::{Gap, Outcome, Reason, Truth, Value};

/// An aggregate over these runs; absent when there is nothing to aggregate.
pub(super) fn aggregate<'r>(
    function: RunFunction,
    value: Option<&'r Expr>,
    runs: &[&'r Run<'r>],
    scene: &Scene<'r>,
) -> Outcome<'r> {
    let Some(value) = value else { return Ok(Value::Number(Decimal::from(runs.len()))) };
    if matches!(function, RunFunction::Count | RunFunction::Rate) {
        return counted(function, value, runs, scene);
    }
    let mut amounts = Vec::with_capacity(runs.len());
    for run in runs {
        match scene.with_run(run).value(value) {
            Ok(amount) => amounts.push(Amount::of(&amount).ok_or(Gap::Unknown(Reason::WrongType))?),
            Err(Gap::Absent) => {}
            Err(unknown) => return Err(unknown),
        }
    }
    let percentile =
        |amounts: Vec<Amount>, percent: usize| nearest_rank(amounts, percent).map(Amount::value).ok_or(Gap::Absent);
    match function {
        RunFunction::Count | RunFunction::Rate => Err(Gap::Absent),
        RunFunction::Sum => sum(&amounts, &value.ty),
        RunFunction::Mean => mean(&amounts, &value.ty),
        RunFunction::Min => amounts.into_iter().min_by(Amount::order).map(Amount::value).ok_or(Gap::Absent),
        RunFunction::Max => amounts.into_iter().max_by(Amount::order).map(Amount::value).ok_or(Gap::Absent),
        RunFunction::P50 => percentile(amounts, 50),
        RunFunction::P90 => percentile(amounts, 90),
        RunFunction::P95 => percentile(amounts, 95),
        RunFunction::P99 => percentile(amounts, 99),
    }
}

/// For how many runs a condition is true, and for which share of them.
fn counted<'r>(function: RunFunction, condition: &'r Expr, runs: &[&'r Run<'r>], scene: &Scene<'r>) -> Outcome<'r> {
    let mut count = 0u64;
    for run in runs {
        let of_run = scene.with_run(run);
        match of_run.truth(condition) {
            Truth::True => count += 1,
            Truth::False => {}
            Truth::Unknown => return Err(Gap::Unknown(of_run.reason(condition))),
        }
    }
    let count = Decimal::from(count);
    match function {
        RunFunction::Rate if runs.is_empty() => Err(Gap::Absent),
        RunFunction::Rate => {
            Ok(Value::Number(count.checked_div(Decimal::from(runs.len())).ok_or(Gap::Unknown(Reason::Arithmetic))?))
        }
        _ => Ok(Value::Number(count)),
    }
}

/// Something that can be added up and compared.
#[derive(Debug, Clone, Copy)]
enum Amount {
    Number(Decimal),
    Float(f64),
    Duration(i64),
    Size(u64),
}

impl Amount {
    fn of(value: &Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Number(number) => Self::Number(*number),
            Value::Float(float) => Self::Float(*float),
            Value::Duration(micros) => Self::Duration(*micros),
            Value::Size(bytes) => Self::Size(*bytes),
            _ => return None,
        })
    }

    fn value<'r>(self) -> Value<'r> {
        match self {
            Self::Number(number) => Value::Number(number),
            Self::Float(float) => Value::Float(float),
            Self::Duration(micros) => Value::Duration(micros),
            Self::Size(bytes) => Value::Size(bytes),
        }
    }

    /// Amounts of one expression are of one kind.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::Float(one), Self::Float(other)) => one.total_cmp(other),
            _ => self.exact().cmp(&other.exact()),
        }
    }

    fn exact(&self) -> Decimal {
        match self {
            Self::Number(number) => *number,
            Self::Float(float) => Decimal::try_from(*float).unwrap_or_default(),
            Self::Duration(micros) => Decimal::from(*micros),
            Self::Size(bytes) => Decimal::from(*bytes),
        }
    }
}

/// The least value that at least so many percent of all do not exceed.
fn nearest_rank(mut amounts: Vec<Amount>, percent: usize) -> Option<Amount> {
    let rank = (amounts.len() * percent).div_ceil(100).checked_sub(1)?;
    let (_, found, _) = amounts.select_nth_unstable_by(rank, Amount::order);
    Some(*found)
}

fn sum<'r>(amounts: &[Amount], ty: &crate::types::Type) -> Outcome<'r> {
    if let [Amount::Float(_), ..] = amounts {
        let total = amounts.iter().map(|amount| if let Amount::Float(float) = amount { *float } else { 0.0 }).sum();
        return Ok(Value::Float(total));
    }
    of_type(exact_sum(amounts)?, amounts.first().copied(), ty)
}

fn mean<'r>(amounts: &[Amount], ty: &crate::types::Type) -> Outcome<'r> {
    let count = amounts.len();
    let Some(first) = amounts.first().copied() else { return Err(Gap::Absent) };
    if let Amount::Float(_) = first {
        let total: f64 = amounts.iter().map(|amount| if let Amount::Float(float) = amount { *float } else { 0.0 }).sum();
        return Ok(Value::Float(total / count as f64));
    }
    let mean = exact_sum(amounts)?.checked_div(Decimal::from(count)).ok_or(Gap::Unknown(Reason::Arithmetic))?;
    of_type(mean, Some(first), ty)
}

fn exact_sum(amounts: &[Amount]) -> Result<Decimal, Gap> {
    let add = |sum: Decimal, amount: &Amount| sum.checked_add(amount.exact());
    amounts.iter().try_fold(Decimal::ZERO, add).ok_or(Gap::Unknown(Reason::Arithmetic))
}

/// A number as an amount of this kind; of no amounts, as their type has it. Durations and sizes are rounded to the nearest.
fn of_type<'r>(number: Decimal, kind: Option<Amount>, ty: &crate::types::Type) -> Outcome<'r> {
    use crate::types::Type;
    let unknown = Gap::Unknown(Reason::Arithmetic);
    let whole = number.round();
    match (kind, ty.required()) {
        (Some(Amount::Duration(_)), _) | (None, Type::Duration) => whole.to_i64().map(Value::Duration).ok_or(unknown),
        (Some(Amount::Size(_)), _) | (None, Type::Size) => whole.to_u64().map(Value::Size).ok_or(unknown),
        (None, Type::Float) => Ok(Value::Float(0.0)),
        _ => Ok(Value::Number(number)),
    }
}
