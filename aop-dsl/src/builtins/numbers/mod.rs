//! Functions over numbers, and conversions.

pub(super) mod abs;
pub(super) mod ceiling;
pub(super) mod floor;
pub(super) mod max;
pub(super) mod min;
pub(super) mod round;
pub(super) mod to_decimal;
pub(super) mod to_float;
pub(super) mod to_int;
pub(super) mod to_string;
