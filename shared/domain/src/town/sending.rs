//! The town's rules for what it sends by itself: when routine broadcasts wait, how many reach one resident, who can read them.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::resident::Switch;
use crate::time::{in_japan, instant_in_japan};

/// How broadcasts are sent. Emergencies keep to none of the limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// When routine broadcasts wait; `None`: never.
    pub quiet_hours: Option<QuietHours>,
    /// So many routine broadcasts at most reach one resident in seven days; `None`: all.
    pub weekly_max: Option<u16>,
    /// Whether everybody can read on a web page what was sent to all.
    pub public_page: Switch,
    /// What a rule wrote goes at most so many minutes after it was due; then a person looks at it first.
    #[serde(default = "rule_minutes_max")]
    pub rule_minutes_max: u16,
    /// The broadcast by which one resident would have so many in one hour that rules wrote waits for a person.
    #[serde(default = "rule_hourly_max")]
    pub rule_hourly_max: u16,
}

fn rule_minutes_max() -> u16 {
    30
}

fn rule_hourly_max() -> u16 {
    3
}

impl Default for Sending {
    fn default() -> Self {
        let (from, to) = (Time::constant(21, 0, 0, 0), Time::constant(7, 0, 0, 0));
        Self {
            quiet_hours: Some(QuietHours { from, to }),
            weekly_max: None,
            public_page: Switch::Off,
            rule_minutes_max: rule_minutes_max(),
            rule_hourly_max: rule_hourly_max(),
        }
    }
}

/// Hours of every day, most often over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FromTo", into = "FromTo")]
pub struct QuietHours {
    from: Time,
    to: Time,
}

/// [`QuietHours`] as they are stored.
#[derive(Serialize, Deserialize)]
struct FromTo {
    from: Time,
    to: Time,
}

/// Hours that end when they begin: the whole day, or nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("quiet hours end when they begin")]
pub struct NoHours;

impl QuietHours {
    /// From one time of day until another, which is the next day's if it is the earlier one.
    pub fn new(from: Time, to: Time) -> Result<Self, NoHours> {
        if from == to { Err(NoHours) } else { Ok(Self { from, to }) }
    }

    /// The first moment of them.
    #[must_use]
    pub fn begin(self) -> Time {
        self.from
    }

    /// The first moment after them.
    #[must_use]
    pub fn end(self) -> Time {
        self.to
    }

    /// The first moment from `at` on that does not lie in them, in Japan.
    #[must_use]
    pub fn next_allowed(self, at: Timestamp) -> Timestamp {
        let local = in_japan(at);
        if !self.contain(local.time()) {
            return at;
        }
        let day = if local.time() < self.to { Ok(local.date()) } else { local.date().tomorrow() };
        day.map_or(at, |day| instant_in_japan(day.to_datetime(self.to)))
    }

    /// Whether a time of day lies in them.
    #[must_use]
    pub fn contain(self, time: Time) -> bool {
        if self.from < self.to { self.from <= time && time < self.to } else { self.from <= time || time < self.to }
    }
}

impl TryFrom<FromTo> for QuietHours {
    type Error = NoHours;

    fn try_from(FromTo { from, to }: FromTo) -> Result<Self, NoHours> {
        Self::new(from, to)
    }
}

impl From<QuietHours> for FromTo {
    fn from(QuietHours { from, to }: QuietHours) -> Self {
        Self { from, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: i8, to: i8) -> QuietHours {
        QuietHours::new(Time::constant(from, 0, 0, 0), Time::constant(to, 0, 0, 0)).unwrap()
    }

    fn at(hour: i8, minute: i8) -> Time {
        Time::constant(hour, minute, 0, 0)
    }

    #[test]
    fn hours_go_over_midnight_and_end_before_their_end() {
        let night = hours(21, 7);
        for (time, is_quiet) in [
            (at(20, 59), false),
            (at(21, 0), true),
            (at(23, 59), true),
            (at(0, 0), true),
            (at(6, 59), true),
            (at(7, 0), false),
        ] {
            assert_eq!(night.contain(time), is_quiet, "{time}");
        }
        let noon = hours(12, 13);
        for (time, is_quiet) in
            [(at(11, 59), false), (at(12, 0), true), (at(12, 59), true), (at(13, 0), false), (at(0, 0), false)]
        {
            assert_eq!(noon.contain(time), is_quiet, "{time}");
        }
    }

    #[test]
    fn hours_without_an_end_are_none_wherever_they_come_from() {
        assert_eq!(QuietHours::new(at(7, 0), at(7, 0)), Err(NoHours));
        assert!(serde_json::from_str::<QuietHours>(r#"{"from":"07:00:00","to":"07:00:00"}"#).is_err());
    }

    #[test]
    fn a_town_that_says_nothing_is_quiet_at_night_and_keeps_to_itself() {
        let sending = Sending::default();
        assert_eq!(sending.quiet_hours, Some(hours(21, 7)));
        assert_eq!((sending.weekly_max, sending.public_page), (None, Switch::Off));
        let stored = serde_json::to_string(&sending).unwrap();
        assert_eq!(serde_json::from_str::<Sending>(&stored).unwrap(), sending);
    }
}
