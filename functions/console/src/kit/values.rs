//! How numbers, days and moments are written for people: with commas, in Japan's time, in Japanese form.

use domain::time::in_japan;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use maud::{Markup, html};

use crate::words::kit as words;

/// A number with commas: `1,720,000`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// How many things there are, written as [`count`] does.
#[must_use]
pub fn count_of(things: usize) -> String {
    count(u64::try_from(things).unwrap_or(u64::MAX))
}

/// A day: `2026年1月31日（土）`.
#[must_use]
pub fn date(day: Date) -> Markup {
    html! { time datetime=(day.to_string()) { (written(day)) } }
}

/// A time of day: `9:05`.
#[must_use]
pub fn time_of_day(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// An instant in Japan's time, to the minute: `2026年1月31日（土）9:05`.
#[must_use]
pub fn moment(at: Timestamp) -> Markup {
    let local = in_japan(at);
    let machine = format!("{}T{:02}:{:02}+09:00", local.date(), local.hour(), local.minute());
    html! { time datetime=(machine) { (written(local.date())) (time_of_day(local.time())) } }
}

/// A moment as text, where no markup can stand.
#[must_use]
pub fn moment_text(at: Timestamp) -> String {
    let local = in_japan(at);
    format!("{}{}", written(local.date()), time_of_day(local.time()))
}

/// A day as text, where no markup can stand: `2026年1月31日（土）`.
#[must_use]
pub fn written(day: Date) -> String {
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    let weekday = words::WEEKDAYS.get(weekday).unwrap_or(&"");
    format!("{}年{}月{}日（{weekday}）", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;

    #[test]
    fn numbers_have_commas() {
        for (number, said) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_720_000, "1,720,000"), (100_000, "100,000")]
        {
            assert_eq!(count(number), said);
        }
    }

    #[test]
    fn days_are_written_in_japanese() {
        let day = date(civil::date(2026, 1, 31)).into_string();
        assert_eq!(day, r#"<time datetime="2026-01-31">2026年1月31日（土）</time>"#);
    }

    #[test]
    fn moments_are_japans() {
        let at: Timestamp = "2026-01-31T15:04:59Z".parse().expect("a timestamp");
        assert_eq!(
            moment(at).into_string(),
            r#"<time datetime="2026-02-01T00:04+09:00">2026年2月1日（日）0:04</time>"#
        );
    }
}
