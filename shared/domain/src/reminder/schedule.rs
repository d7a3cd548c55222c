//! When a rule is due: dates, and a time of day.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::dates::Recurrence;
use crate::time::{date_in_japan, instant_in_japan};

/// When a rule is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// On which dates.
    #[serde(alias = "entry")]
    pub dates: Recurrence,
    /// At which time of day in Japan, to the minute.
    pub time: Time,
    /// Not before this date.
    pub from: Date,
}

impl Schedule {
    /// The first moment after `at` at which it is due, if there is one within [`YEARS_AHEAD`](crate::dates::YEARS_AHEAD).
    #[must_use]
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        let first = date_in_japan(at).max(self.from);
        let due = |from: Date| self.dates.next(from).map(|day| moment(day, self.time));
        due(first).filter(|due| at < *due).or_else(|| due(first.tomorrow().ok()?))
    }
}

/// A minute of a day in Japan.
pub(super) fn moment(day: Date, time: Time) -> Timestamp {
    instant_in_japan(day.at(time.hour(), time.minute(), 0, 0))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::dates::{parse_periods, parse_rules};

    fn schedule(rules: &str) -> Schedule {
        let dates = parse_rules(rules).unwrap().into();
        Schedule { dates, time: time(10, 0, 0, 0), from: date(2026, 11, 1) }
    }

    fn at(text: &str) -> Timestamp {
        format!("{text}+09:00").parse().unwrap()
    }

    #[test]
    fn the_next_time_is_after_now_and_on_a_date_of_its_own() {
        for (rules, now, next) in [
            ("水", "2026-11-25T09:59:59", Some("2026-11-25T10:00")),
            ("水", "2026-11-25T10:00", Some("2026-12-02T10:00")),
            ("水2", "2026-11-25T10:00", Some("2026-12-09T10:00")),
            ("毎月末日", "2026-11-30T10:00", Some("2026-12-31T10:00")),
            ("2026-11-25", "2026-11-24T00:00", Some("2026-11-25T10:00")),
            ("2026-11-25", "2026-11-25T10:00", None),
            ("水", "2026-01-01T00:00", Some("2026-11-04T10:00")),
            ("毎月29日:2", "2026-11-25T10:00", Some("2028-02-29T10:00")),
            ("毎月29日:2", "2096-03-01T00:00", Some("2104-02-29T10:00")),
            ("", "2026-11-25T10:00", None),
        ] {
            assert_eq!(schedule(rules).next_after(at(now)), next.map(at), "{rules} after {now}");
        }
    }

    #[test]
    fn a_date_that_falls_out_is_none_and_one_that_is_added_is() {
        let mut schedule = schedule("水");
        schedule.dates.except = parse_periods("2026-12-02").unwrap();
        schedule.dates.extra = parse_periods("2026-12-03").unwrap();
        assert_eq!(schedule.next_after(at("2026-11-25T10:00")), Some(at("2026-12-03T10:00")));
    }

    #[test]
    fn seconds_of_a_time_are_left_out() {
        let schedule = Schedule { time: time(10, 0, 30, 5), ..schedule("水") };
        assert_eq!(schedule.next_after(at("2026-11-25T09:00")), Some(at("2026-11-25T10:00")));
    }
}
