//! A month of a city: what its residents and staff do, as far as nobody says otherwise, and how often each act happens so.

use clap::Args;

use crate::bill::Times;
use crate::standing::Standing;

/// As many residents LINE takes in one call.
const PAGE: u32 = 500;
/// Of a month of 730 hours.
const MINUTES: f64 = 43_800.0;

/// What residents and staff do in a month.
#[derive(Debug, Clone, Args)]
pub(crate) struct Habits {
    /// What each friend asks or sets, on the average.
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = amount)]
    pub(crate) messages_per_friend: f64,
    /// How many follow anew and choose a district, of a hundred friends.
    #[arg(long, value_name = "NUMBER", default_value = "2", value_parser = amount)]
    pub(crate) follows_per_100: f64,
    /// Pages of the portal that each friend loads, on the average.
    #[arg(long, value_name = "NUMBER", default_value = "0.2", value_parser = amount)]
    pub(crate) pages_per_friend: f64,
    /// Damage reports by chat with two photos, of a thousand friends.
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = amount)]
    pub(crate) reports_per_1000: f64,
    /// Broadcasts to all friends. Each is counted once before.
    #[arg(long, value_name = "NUMBER", default_value = "8", value_parser = amount)]
    pub(crate) broadcasts: f64,
    /// How often the town reminds of garbage: twice a day.
    #[arg(long, value_name = "NUMBER", default_value = "60", value_parser = amount)]
    pub(crate) reminders: f64,
    /// How many of a hundred friends each of these reaches. For each, all of them are read.
    #[arg(long, value_name = "NUMBER", default_value = "15", value_parser = percentage)]
    pub(crate) reminded_of_100: f64,
    /// Staff who sign in.
    #[arg(long, value_name = "NUMBER", default_value = "20", value_parser = amount)]
    pub(crate) staff: f64,
    /// Pages of the console that each of them opens.
    #[arg(long, value_name = "NUMBER", default_value = "200", value_parser = amount)]
    pub(crate) pages_per_staff: f64,
}

/// A number that something can be as often as.
fn amount(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..=1e9).contains(&number) => Ok(number),
        _ => Err("a number from 0 to 1000000000 is needed".to_owned()),
    }
}

fn percentage(text: &str) -> Result<f64, String> {
    amount(text).ok().filter(|number| *number <= 100.0).ok_or_else(|| "a number from 0 to 100 is needed".to_owned())
}

/// How often each act of the sheet happens in a month with so many friends.
pub(crate) fn month(friends: u32, habits: &Habits, standing: Standing) -> Vec<Times> {
    let each = f64::from(friends);
    let fives = f64::from(friends.div_ceil(PAGE));
    let reminded = (each * habits.reminded_of_100 / 100.0 / f64::from(PAGE)).ceil();
    [
        ("message", each * habits.messages_per_friend),
        ("follow", each * habits.follows_per_100 / 100.0),
        ("portal page", each * habits.pages_per_friend),
        ("report", each * habits.reports_per_1000 / 1_000.0),
        ("broadcast", habits.broadcasts + habits.reminders),
        // Once to count whom it reaches, once to freeze them.
        ("500 residents read", fives * (2.0 * habits.broadcasts + habits.reminders)),
        ("page sent", fives * habits.broadcasts + reminded * habits.reminders),
        ("reminder", habits.reminders),
        ("staff page", habits.staff * habits.pages_per_staff),
        ("staff account", habits.staff),
        ("friend stored", each),
        ("minute", MINUTES),
        ("alarm", f64::from(standing.alarms)),
        ("metric", f64::from(standing.metrics)),
        ("dashboard", f64::from(standing.dashboards)),
        ("secret", f64::from(standing.secrets)),
        ("queue polled", f64::from(standing.queues)),
        ("FIFO queue polled", f64::from(standing.fifo_queues)),
        ("month", 1.0),
    ]
    .map(|(act, times)| Times { act, times })
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::{Habits, amount, month, percentage};
    use crate::standing::Standing;

    fn habits() -> Habits {
        Habits {
            messages_per_friend: 2.0,
            follows_per_100: 5.0,
            pages_per_friend: 0.5,
            reports_per_1000: 1.0,
            broadcasts: 3.0,
            reminders: 10.0,
            reminded_of_100: 20.0,
            staff: 4.0,
            pages_per_staff: 25.0,
        }
    }

    #[test]
    fn a_month_happens_as_often_as_is_reckoned_by_hand() {
        let standing = Standing { alarms: 7, queues: 2, ..Standing::default() };
        let month = month(1_001, &habits(), standing);
        let times = |act: &str| month.iter().find(|one| one.act == act).map(|one| one.times).unwrap();
        let is = |act: &str, expected: f64| assert!((times(act) - expected).abs() < 1e-9, "{act}: {}", times(act));
        is("message", 2_002.0);
        is("follow", 50.05);
        is("report", 1.001);
        is("broadcast", 13.0);
        // 1,001 friends are three pages; 20 % of them are one.
        is("500 residents read", 3.0 * 16.0);
        is("page sent", 3.0 * 3.0 + 10.0);
        is("staff page", 100.0);
        is("alarm", 7.0);
        is("queue polled", 2.0);
        is("secret", 0.0);
    }

    #[test]
    fn odd_numbers_are_refused() {
        for text in ["-1", "NaN", "inf", "1e10", "many", ""] {
            assert!(amount(text).is_err(), "{text}");
        }
        assert!(percentage("100").is_ok());
        assert!(percentage("101").is_err() && percentage("x").is_err());
    }
}
