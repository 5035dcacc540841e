//! What each function's file uses.

pub(super) use std::borrow::Cow;

pub(super) use rust_decimal::Decimal;

pub(super) use super::arguments::*;
pub(super) use super::{Accepts, Builtin, Cost, Group};
pub(super) use crate::types::Type;
pub(super) use crate::value::{Gap, Outcome, Value};
