//! Durations and sizes, as they are written: `10m`, `64kb`.

/// From the smallest, in microseconds.
const DURATION_UNITS: [(&str, i64); 6] = [
    ("ms", 1_000),
    ("s", 1_000_000),
    ("m", 60_000_000),
    ("h", 3_600_000_000),
    ("d", 86_400_000_000),
    ("w", 604_800_000_000),
];

/// In bytes.
const SIZE_UNITS: [(&str, u64); 7] = [
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
];

/// `90s` in microseconds: digits and a unit, as in a policy.
pub(crate) fn read_duration(text: &str) -> Option<i64> {
    let (number, unit) = number_and_unit(text)?;
    let (_, micros) = DURATION_UNITS.iter().find(|(name, _)| *name == unit)?;
    i64::try_from(number).ok()?.checked_mul(*micros)
}

/// `64kb` in bytes.
pub(crate) fn read_size(text: &str) -> Option<u64> {
    let (number, unit) = number_and_unit(text)?;
    let (_, bytes) = SIZE_UNITS.iter().find(|(name, _)| *name == unit)?;
    number.checked_mul(*bytes)
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let (number, unit) = text.split_at(text.find(|character: char| !character.is_ascii_digit())?);
    Some((number.parse().ok()?, unit))
}

/// A duration for people: its two largest units, or seconds and a fraction.
pub(crate) fn show_duration(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let total = micros.unsigned_abs();
    let seconds = total / 1_000_000;
    let fraction = |value: u64, unit: u64| {
        let text = format!("{}.{:03}", value / unit, value % unit * 1_000 / unit);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{sign}{large}{large_unit}"),
        _ => format!("{sign}{large}{large_unit}{small}{small_unit}"),
    };
    match seconds {
        0 if total == 0 => "0s".to_owned(),
        0 if total < 1_000 => format!("{sign}{total}µs"),
        0 => format!("{sign}{}ms", fraction(total, 1_000)),
        1..60 => format!("{sign}{}s", fraction(total, 1_000_000)),
        60..3_600 => two(seconds / 60, "m", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds % 3_600 / 60, "m"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

/// A size for people: in the largest decimal unit, to one place.
pub(crate) fn show_size(bytes: u64) -> String {
    let (unit, one) = match bytes {
        0..1_000 => return format!("{bytes}b"),
        1_000..1_000_000 => ("kb", 1_000),
        1_000_000..1_000_000_000 => ("mb", 1_000_000),
        _ => ("gb", 1_000_000_000),
    };
    match bytes % one * 10 / one {
        0 => format!("{}{unit}", bytes / one),
        tenths => format!("{}.{tenths}{unit}", bytes / one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read() {
        assert_eq!(read_duration("10m"), Some(600_000_000));
        assert_eq!(read_duration("250ms"), Some(250_000));
        assert_eq!(read_duration("1w"), Some(604_800_000_000));
        assert_eq!(read_size("10kb"), Some(10_000));
        assert_eq!(read_size("2gib"), Some(2 << 30));
        for text in ["", "10", "m", "-10m", "10 m", "1.5h", "10M", "99999999999999999999s", "9223372036854775807w", "10kb"] {
            assert_eq!(read_duration(text), None, "{text}");
        }
        assert_eq!(read_size("18446744073709551615kb"), None);
    }

    #[test]
    fn quantities_are_shown() {
        for (micros, shown) in [
            (0, "0s"),
            (350, "350µs"),
            (350_000, "350ms"),
            (1_500, "1.5ms"),
            (2_350_000, "2.35s"),
            (90_000_000, "1m30s"),
            (600_000_000, "10m"),
            (7_500_000_000, "2h5m"),
            (-86_400_000_000, "-1d"),
            (i64::MIN, "-106751991d4h"),
        ] {
            assert_eq!(show_duration(micros), shown);
        }
        for (bytes, shown) in
            [(0, "0b"), (999, "999b"), (1_000, "1kb"), (1_550, "1.5kb"), (2_000_000, "2mb"), (u64::MAX, "18446744073.7gb")]
        {
            assert_eq!(show_size(bytes), shown);
        }
    }
}
