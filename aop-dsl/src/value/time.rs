//! Points in time by the calendar, in UTC.

use aop_toon::Timestamp;

const MICROS_A_MINUTE: i64 = 60_000_000;
const MICROS_AN_HOUR: i64 = 60 * MICROS_A_MINUTE;
const MICROS_A_DAY: i64 = 24 * MICROS_AN_HOUR;

/// In the order of a week; 1970-01-01 was a Thursday.
pub(crate) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// From 0 to 23.
pub(crate) fn hour(time: Timestamp) -> i64 {
    time.micros().rem_euclid(MICROS_A_DAY) / MICROS_AN_HOUR
}

/// From 0 to 59.
pub(crate) fn minute(time: Timestamp) -> i64 {
    time.micros().rem_euclid(MICROS_AN_HOUR) / MICROS_A_MINUTE
}

/// Its name in lower case.
pub(crate) fn weekday(time: Timestamp) -> &'static str {
    let days = (time.micros().div_euclid(MICROS_A_DAY) + 3).rem_euclid(7);
    WEEKDAYS[usize::try_from(days).unwrap_or(0) % 7]
}

/// `2025-12-05`
pub(crate) fn date(time: Timestamp) -> String {
    // Days since 0000-03-01, in cycles of 400 years; a year that begins in March has its leap day last.
    let days = time.micros().div_euclid(MICROS_A_DAY) + 719_468;
    let (cycle, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    format!("{:04}-{month:02}-{day:02}", cycle * 400 + year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_calendar() {
        let time: Timestamp = "2024-02-29T23:59:59.999Z".parse().unwrap();
        assert_eq!((hour(time), minute(time), weekday(time), date(time).as_str()), (23, 59, "thursday", "2024-02-29"));
        let time = Timestamp::from_micros(-1);
        assert_eq!((hour(time), minute(time), weekday(time), date(time).as_str()), (23, 59, "wednesday", "1969-12-31"));
        let time: Timestamp = "2025-12-07T00:00:00Z".parse().unwrap();
        assert_eq!(weekday(time), "sunday");
    }

    proptest! {
        #[test]
        fn dates_are_those_of_timestamps(micros in -62_167_219_200_000_000i64..253_402_300_800_000_000, any in any::<i64>()) {
            let time = Timestamp::from_micros(micros);
            prop_assert_eq!(date(time), time.to_string()[..10].to_owned());
            prop_assert_eq!(format!("{:02}:{:02}", hour(time), minute(time)), time.to_string()[11..16].to_owned());
            let time = Timestamp::from_micros(any);
            let _ = (hour(time), minute(time), weekday(time), date(time));
        }
    }
}
