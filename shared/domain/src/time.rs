//! Time as a Japanese town keeps it: the fixed offset +09:00, civil dates, and months of birth.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// Japan Standard Time: +09:00 all year round.
pub const JST: Offset = Offset::constant(9);

/// The civil date and time in Japan at an instant.
#[must_use]
pub fn in_japan(at: Timestamp) -> DateTime {
    JST.to_datetime(at)
}

/// The date in Japan at an instant.
#[must_use]
pub fn date_in_japan(at: Timestamp) -> Date {
    in_japan(at).date()
}

/// The instant of a civil date and time in Japan; the ends of time for dates that no instant has.
#[must_use]
pub fn instant_in_japan(at: DateTime) -> Timestamp {
    let far = if at.year() < 2000 { Timestamp::MIN } else { Timestamp::MAX };
    at.to_zoned(TimeZone::fixed(JST)).map_or(far, |zoned| zoned.timestamp())
}

/// Reads a time of day written `8:30`.
#[must_use]
pub fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A year and a month, as in a child's birth month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YearMonth {
    year: i16,
    month: i8,
}

/// A text or a pair of numbers that is not a year and a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a month is written YYYY-MM, from 1900-01 to 2199-12")]
pub struct InvalidYearMonth;

impl YearMonth {
    /// The month `month` (1 to 12) of `year` (1900 to 2199).
    pub fn new(year: i16, month: i8) -> Result<Self, InvalidYearMonth> {
        if (1900..=2199).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(InvalidYearMonth)
        }
    }

    /// The month that a date is in, if it is within the years above.
    pub fn of(date: Date) -> Result<Self, InvalidYearMonth> {
        Self::new(date.year(), date.month())
    }

    /// The month so many months before, if it is within the years above.
    pub fn months_before(self, months: u16) -> Result<Self, InvalidYearMonth> {
        let number = i32::from(self.year) * 12 + i32::from(self.month) - 1 - i32::from(months);
        let year = i16::try_from(number.div_euclid(12)).map_err(|_| InvalidYearMonth)?;
        let month = i8::try_from(number.rem_euclid(12) + 1).map_err(|_| InvalidYearMonth)?;
        Self::new(year, month)
    }

    /// The year, 1900 to 2199.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.month
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for YearMonth {
    type Err = InvalidYearMonth;

    fn from_str(text: &str) -> Result<Self, InvalidYearMonth> {
        let (year, month) = text.split_once('-').ok_or(InvalidYearMonth)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(InvalidYearMonth);
        }
        Self::new(year.parse().map_err(|_| InvalidYearMonth)?, month.parse().map_err(|_| InvalidYearMonth)?)
    }
}

impl TryFrom<String> for YearMonth {
    type Error = InvalidYearMonth;

    fn try_from(text: String) -> Result<Self, InvalidYearMonth> {
        text.parse()
    }
}

impl From<YearMonth> for String {
    fn from(month: YearMonth) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;

    #[test]
    fn a_day_in_japan_begins_at_fifteen_hours_universal_time() {
        let before: Timestamp = "2026-11-20T14:59:59Z".parse().unwrap();
        let after: Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
        assert_eq!(date_in_japan(before), date(2026, 11, 20));
        assert_eq!(date_in_japan(after), date(2026, 11, 21));
        assert_eq!(instant_in_japan(datetime(2026, 11, 21, 0, 0, 0, 0)), after);
    }

    #[test]
    fn a_time_of_day_is_read_or_refused() {
        assert_eq!(time_of_day("8:30"), Some(jiff::civil::time(8, 30, 0, 0)));
        assert_eq!(time_of_day("17:05"), Some(jiff::civil::time(17, 5, 0, 0)));
        for bad in ["", "8", "8:5", "25:00", "8:60", "-1:00", "朝8時", "8:30:00", "008:30"] {
            assert_eq!(time_of_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn months_are_counted_back_over_the_turn_of_years() {
        let month = |text: &str| text.parse::<YearMonth>().unwrap();
        for (from, months, to) in [
            ("2026-11", 0, "2026-11"),
            ("2026-11", 10, "2026-01"),
            ("2026-11", 11, "2025-12"),
            ("2026-12", 12, "2025-12"),
            ("2026-01", 18, "2024-07"),
            ("2026-11", 1_200, "1926-11"),
        ] {
            assert_eq!(month(from).months_before(months), Ok(month(to)), "{months} before {from}");
        }
        assert_eq!(month("1900-01").months_before(1), Err(InvalidYearMonth));
        assert_eq!(month("2026-01").months_before(u16::MAX), Err(InvalidYearMonth));
    }

    #[test]
    fn a_month_goes_through_text_unchanged_and_odd_texts_are_refused() {
        let month = YearMonth::new(2024, 5).unwrap();
        assert_eq!(month.to_string().parse(), Ok(month));
        for bad in ["2024-13", "2024-00", "24-05", "2024-5", "2024/05", "", "1899-01", "２０２４-05"] {
            assert_eq!(bad.parse::<YearMonth>(), Err(InvalidYearMonth), "{bad}");
        }
    }
}
