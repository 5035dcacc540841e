//! Exact numbers: int and decimal, of up to 28 digits, and JSON's numbers of any length.

use std::borrow::Cow;
use std::fmt::Write;

use rust_decimal::Decimal;

/// How many digits an int or decimal may have, and how many places after the point.
const DIGITS_MAX: u32 = 28;

/// The first number with more digits than that.
const LIMIT: u128 = 10u128.pow(DIGITS_MAX);

/// A number as it is written in JSON or in a policy; nothing when it has more than 28 digits or places.
pub(crate) fn read(lexeme: &str) -> Option<Decimal> {
    read_short(lexeme).or_else(|| Exact::read(lexeme)?.decimal())
}

/// A whole number; nothing when it has a fraction, an exponent or more than 28 digits.
pub(crate) fn read_int(lexeme: &str) -> Option<Decimal> {
    if lexeme.contains(['.', 'e', 'E']) { None } else { read(lexeme) }
}

/// The common case of up to 18 digits without an exponent.
fn read_short(lexeme: &str) -> Option<Decimal> {
    let digits = lexeme.strip_prefix('-').unwrap_or(lexeme);
    if !(1..=18).contains(&digits.len()) {
        return None;
    }
    let (mut mantissa, mut point) = (0i64, None);
    for (at, byte) in digits.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() && at > 0 && at + 1 < digits.len() => point = Some(at),
            _ => return None,
        }
    }
    let scale = point.map_or(0, |at| digits.len() - at - 1);
    let mantissa = if digits.len() < lexeme.len() { -mantissa } else { mantissa };
    Some(Decimal::new(mantissa, u32::try_from(scale).ok()?))
}

/// `a + b`; nothing when the exact result has more than 28 digits.
pub(crate) fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    let scale = a.scale().max(b.scale());
    // What does not fit in 38 digits once the points are aligned has more than 28 digits, since its last one is not 0.
    let aligned = |number: Decimal| number.mantissa().checked_mul(10i128.checked_pow(scale - number.scale())?);
    exact(aligned(a)?.checked_add(aligned(b)?)?, scale)
}

/// `a - b`; nothing when the exact result has more than 28 digits.
pub(crate) fn subtract(a: Decimal, b: Decimal) -> Option<Decimal> {
    add(a, -b)
}

/// `a * b`; nothing when the exact result has more than 28 digits.
pub(crate) fn multiply(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    let scale = a.scale() + b.scale();
    let (mut left, mut right) = (a.mantissa(), b.mantissa());
    match left.checked_mul(right) {
        Some(product) => exact(product, scale),
        None => {
            // A product this long can only be exact when twos of one side and fives of the other make tens.
            let tens = tens(&mut left, &mut right) + tens(&mut right, &mut left);
            exact(left.checked_mul(right)?, scale.checked_sub(tens)?)
        }
    }
}

/// Takes the twos out of one number and as many fives out of the other; says how many tens they make.
fn tens(twos: &mut i128, fives: &mut i128) -> u32 {
    let mut tens = 0;
    while *twos != 0 && *fives != 0 && *twos % 2 == 0 && *fives % 5 == 0 {
        (*twos, *fives, tens) = (*twos / 2, *fives / 5, tens + 1);
    }
    tens
}

/// `mantissa / 10^scale`, when that has at most 28 digits and places.
fn exact(mut mantissa: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    if mantissa.unsigned_abs() >= LIMIT {
        return None;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// `a / b`, cut to a whole number; nothing when `b` is 0.
pub(crate) fn divide_int(a: Decimal, b: Decimal) -> Option<Decimal> {
    let quotient = a.mantissa().checked_div(b.mantissa())?;
    if a.scale() == 0 && b.scale() == 0 { exact(quotient, 0) } else { a.checked_div(b).map(|quotient| quotient.trunc()) }
}

/// `a / b`, rounded to 28 digits, half to even; nothing when `b` is 0 or the result is too large.
pub(crate) fn divide(a: Decimal, b: Decimal) -> Option<Decimal> {
    let quotient = a.checked_div(b)?.normalize();
    if quotient.mantissa().unsigned_abs() < LIMIT {
        return Some(quotient);
    }
    // 29 digits: one place less.
    let rounded = quotient.round_dp(quotient.scale().checked_sub(1)?);
    exact(rounded.mantissa(), rounded.scale())
}

/// What remains of `a / b`, with the sign of `a`; nothing when `b` is 0.
pub(crate) fn remainder(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_rem(b).map(|rest| if rest.is_zero() { Decimal::ZERO } else { rest })
}

/// The number as a whole one, when it fits.
pub(crate) fn whole(number: Decimal) -> Option<i64> {
    let number = number.normalize();
    if number.scale() == 0 { i64::try_from(number.mantissa()).ok() } else { None }
}

/// A number of any length in its one form: ± digits × 10^exponent, the digits without zeros at either end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Exact<'a> {
    /// At most 38 digits.
    Short {
        negative: bool,
        digits: u128,
        exponent: i64,
    },
    Long {
        negative: bool,
        digits: Cow<'a, str>,
        exponent: i64,
    },
}

/// Exponents beyond this are taken as this: they are the number 0 to everybody who reads doubles.
const EXPONENT_MAX: i64 = 1 << 48;

impl<'a> Exact<'a> {
    const ZERO: Self = Self::Short { negative: false, digits: 0, exponent: 0 };

    /// JSON's syntax, or a policy's; nothing for any other text.
    pub(crate) fn read(lexeme: &'a str) -> Option<Self> {
        let unsigned = lexeme.strip_prefix('-').unwrap_or(lexeme);
        let negative = unsigned.len() < lexeme.len();
        let (number, written) =
            unsigned.find(['e', 'E']).map_or((unsigned, "0"), |at| (&unsigned[..at], &unsigned[at + 1..]));
        let mut exponent = read_exponent(written)?;
        let digits: Cow<'_, str> = match number.split_once('.') {
            Some((whole, fraction)) if !whole.is_empty() && !fraction.is_empty() => {
                exponent -= i64::try_from(fraction.len()).ok()?;
                Cow::Owned([whole, fraction].concat())
            }
            Some(_) => return None,
            None => Cow::Borrowed(number),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = digits.trim_start_matches('0').len();
        if significant == 0 {
            return Some(Self::ZERO);
        }
        let start = digits.len() - significant;
        let end = digits.trim_end_matches('0').len();
        exponent += i64::try_from(digits.len() - end).ok()?;
        let exponent = exponent.clamp(-EXPONENT_MAX, EXPONENT_MAX);
        if end - start <= 38 {
            return Some(Self::Short { negative, digits: digits[start..end].parse().ok()?, exponent });
        }
        let digits = match digits {
            Cow::Borrowed(digits) => Cow::Borrowed(&digits[start..end]),
            Cow::Owned(digits) => Cow::Owned(digits[start..end].to_owned()),
        };
        Some(Self::Long { negative, digits, exponent })
    }

    /// The shortest decimal that reads back as this double.
    pub(crate) fn of_float(float: f64) -> Exact<'static> {
        let short = |lexeme: &str| match Exact::read(lexeme)? {
            Exact::Short { negative, digits, exponent } => Some(Exact::Short { negative, digits, exponent }),
            Exact::Long { .. } => None,
        };
        short(&format!("{float:e}")).unwrap_or(Exact::ZERO)
    }

    /// As an int or decimal, when it has at most 28 digits and places.
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        let Self::Short { negative, digits, exponent } = *self else { return None };
        if digits >= LIMIT {
            return None;
        }
        let mantissa = i128::try_from(digits).ok()?;
        let mantissa = if negative { -mantissa } else { mantissa };
        match u32::try_from(exponent) {
            Ok(zeros) => exact(mantissa.checked_mul(10i128.checked_pow(zeros)?)?, 0),
            Err(_) => {
                let scale = u32::try_from(exponent.unsigned_abs()).ok()?;
                if scale > DIGITS_MAX { None } else { exact(mantissa, scale) }
            }
        }
    }

    /// Writes it as JSON: plainly when that takes at most 40 characters more than its digits, else with an exponent.
    pub(crate) fn write(&self, out: &mut String) {
        let (negative, digits, exponent): (bool, Cow<'_, str>, i64) = match self {
            Self::Short { negative, digits, exponent } => (*negative, Cow::Owned(digits.to_string()), *exponent),
            Self::Long { negative, digits, exponent } => (*negative, Cow::Borrowed(digits), *exponent),
        };
        if negative {
            out.push('-');
        }
        let point = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(exponent);
        let zeros = |count: i64, out: &mut String| out.extend(std::iter::repeat_n('0', usize::try_from(count).unwrap_or(0)));
        match exponent {
            0..=40 => {
                out.push_str(&digits);
                zeros(exponent, out);
            }
            ..0 if point > 0 => {
                let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
                out.extend([whole, ".", fraction]);
            }
            ..0 if point > -40 => {
                out.push_str("0.");
                zeros(-point, out);
                out.push_str(&digits);
            }
            _ => {
                // A String takes whatever is written to it.
                let _ = write!(out, "{digits}e{exponent}");
            }
        }
    }
}

impl From<Decimal> for Exact<'static> {
    fn from(number: Decimal) -> Self {
        let (mantissa, scale) = (number.mantissa(), i64::from(number.scale()));
        let negative = mantissa < 0;
        let (digits, zeros) = match u64::try_from(mantissa.unsigned_abs()) {
            Ok(0) => return Exact::ZERO,
            Ok(mut small) => {
                let mut zeros = 0;
                while small % 10 == 0 {
                    (small, zeros) = (small / 10, zeros + 1);
                }
                (u128::from(small), zeros)
            }
            Err(_) => {
                let (mut large, mut zeros) = (mantissa.unsigned_abs(), 0);
                while large % 10 == 0 {
                    (large, zeros) = (large / 10, zeros + 1);
                }
                (large, zeros)
            }
        };
        Exact::Short { negative, digits, exponent: zeros - scale }
    }
}

fn read_exponent(written: &str) -> Option<i64> {
    let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = digits.parse().unwrap_or(EXPONENT_MAX).min(EXPONENT_MAX);
    Some(if written.starts_with('-') { -exponent } else { exponent })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(lexeme: &str) -> Decimal {
        read(lexeme).unwrap_or_else(|| panic!("{lexeme} is no number"))
    }

    #[test]
    fn numbers_are_read_exactly() {
        for (lexeme, shown) in [
            ("5000.00", "5000"),
            ("1.50", "1.5"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("1e3", "1000"),
            ("12.5E-1", "1.25"),
            ("0.1", "0.1"),
            ("1234567890123456789012345678", "1234567890123456789012345678"),
            ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
            ("100000000000000000000000000.00000000000000000000", "100000000000000000000000000"),
        ] {
            assert_eq!(number(lexeme).normalize().to_string(), shown, "{lexeme}");
        }
        for lexeme in
            ["12345678901234567890123456789", "1e28", "1e-29", "1e99999999999999999999", "", "-", ".5", "5.", "1e", "x"]
        {
            assert_eq!(read(lexeme), None, "{lexeme}");
        }
        assert_eq!(read("9999999999999999999999999999").map(|n| n.to_string().len()), Some(28));
        assert_eq!(read_int("1.0"), None);
        assert_eq!(read_int("1e3"), None);
    }

    #[test]
    fn arithmetic_is_exact_or_not_at_all() {
        assert_eq!(add(number("0.1"), number("0.2")), Some(number("0.3")));
        assert_eq!(add(number("1e27"), number("1e-27")), None);
        assert_eq!(add(number("9999999999999999999999999999"), number("1")), None);
        assert_eq!(subtract(number("1"), number("1.00")), Some(Decimal::ZERO));
        assert_eq!(multiply(number("1.5"), number("-2")), Some(number("-3")));
        assert_eq!(multiply(number("1e14"), number("1e14")), None);
        // 2^80 × 5^39 has 51 digits, of which the last 39 are zeros, which the scale takes away.
        let twos = Decimal::try_from_i128_with_scale(1 << 80, 20).unwrap();
        let fives = Decimal::try_from_i128_with_scale(5i128.pow(39), 20).unwrap();
        assert_eq!(multiply(twos, fives), Some(number("219902325555.2")));
        assert_eq!(divide_int(number("-7"), number("2")), Some(number("-3")));
        assert_eq!(divide_int(number("7"), number("0")), None);
        assert_eq!(divide(number("1"), number("3")), Some(number("0.3333333333333333333333333333")));
        assert_eq!(divide(number("2"), number("3")), Some(number("0.6666666666666666666666666667")));
        assert_eq!(divide(number("1"), number("0")), None);
        assert_eq!(remainder(number("-7"), number("2")), Some(number("-1")));
        assert_eq!(remainder(number("7.5"), number("2")), Some(number("1.5")));
        assert_eq!(remainder(number("7.5"), number("0")), None);
    }

    fn canonical(lexeme: &str) -> String {
        let mut out = String::new();
        Exact::read(lexeme).unwrap().write(&mut out);
        out
    }

    #[test]
    fn each_number_has_one_form() {
        for (lexeme, form) in [
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("0.10e1", "1"),
            ("-0.00", "0"),
            ("1e-3", "0.001"),
            ("1e300", "1e300"),
            ("12.5e299", "125e298"),
            ("1e-300", "1e-300"),
            ("9007199254740993", "9007199254740993"),
            ("123456789012345678901234567890123456789012345", "123456789012345678901234567890123456789012345"),
            ("0.123456789012345678901234567890123456789012345", "0.123456789012345678901234567890123456789012345"),
        ] {
            assert_eq!(canonical(lexeme), form, "{lexeme}");
            assert_eq!(canonical(form), form, "{lexeme}");
        }
        assert_eq!(Exact::of_float(0.1), Exact::read("0.1").unwrap());
        assert_eq!(Exact::of_float(-0.0), Exact::ZERO);
        assert_eq!(Exact::of_float(1.5e300), Exact::read("15e299").unwrap());
        assert_ne!(Exact::read("1e-400"), Exact::read("1e-401"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}", number in "-?[0-9]{1,60}(\\.[0-9]{1,60})?([eE][+-]?[0-9]{1,25})?") {
            let _ = (read(&text), Exact::read(&text));
            let exact = Exact::read(&number).unwrap();
            let mut form = String::new();
            exact.write(&mut form);
            prop_assert_eq!(Exact::read(&form), Some(exact.clone()), "{}", form);
            prop_assert_eq!(read(&number).map(Exact::from), exact.decimal().map(Exact::from));
            if let Some(decimal) = read(&number) {
                prop_assert_eq!(Exact::from(decimal), exact);
            }
        }

        #[test]
        fn sums_and_products_agree_with_wide_integers(a in -1i64 << 60..1i64 << 60, b in -1i64 << 60..1i64 << 60, s in 0u32..10, t in 0u32..10) {
            let (x, y) = (Decimal::new(a, s), Decimal::new(b, t));
            prop_assert_eq!(add(x, y), x.checked_add(y));
            prop_assert_eq!(subtract(x, y), x.checked_sub(y));
            if let Some(product) = multiply(x, y) {
                prop_assert_eq!(Some(product), x.checked_mul(y));
            }
            prop_assert_eq!(remainder(x, y).is_none(), b == 0);
        }
    }
}
