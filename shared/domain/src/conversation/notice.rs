//! Messages on garbage days that nobody asked for: a reminder of the day, and that a collection falls out.

use jiff::civil::Date;

use super::fill;
use super::words::{Words, words};
use crate::garbage::reminder::Side;
use crate::language::Language;
use crate::time::time_of_day;

/// The one message that reminds of all that goes out on a day: what to do, and by when.
///
/// `groups` are the categories by their time, which may be empty, in the order in which they are to be read; a group without names is
/// passed over.
#[must_use]
pub fn garbage_reminder(language: Language, side: Side, day: Date, groups: &[(&str, Vec<&str>)]) -> String {
    let words = words(language);
    let word = match side {
        Side::Evening => words.reminder_tomorrow,
        Side::Morning => words.reminder_today,
    };
    let day = fill(word, &[("day", &words.plain_date(day))]);
    let groups: Vec<&(&str, Vec<&str>)> = groups.iter().filter(|(_, names)| !names.is_empty()).collect();
    let mut lines = Vec::new();
    match groups.as_slice() {
        [(by, names)] if !by.is_empty() => {
            lines.push(fill(words.reminder_by, &[("day", &day), ("time", &by_time(words, by))]));
            lines.extend(items(words, names));
        }
        groups => {
            lines.push(fill(words.reminder_day, &[("day", &day)]));
            for (by, names) in groups {
                if !by.is_empty() {
                    lines.push(fill(words.reminder_group, &[("time", &by_time(words, by))]));
                }
                lines.extend(items(words, names));
            }
        }
    }
    lines.push(String::new());
    lines.push(words.reminder_change.to_owned());
    lines.join("\n")
}

/// That these categories are not collected on a day, why, and on which day they are instead.
///
/// `reason` is as residents read it (大雪のため), and may be empty.
#[must_use]
pub fn garbage_day_cancelled(
    language: Language,
    day: Date,
    names: &[&str],
    moved_to: Option<Date>,
    reason: &str,
) -> String {
    let words = words(language);
    let blanks = [("day", &*words.plain_date(day)), ("reason", &*words.reason(reason))];
    let mut lines = vec![fill(words.change_message, &blanks)];
    lines.extend(items(words, names));
    lines.push(words.moved(moved_to));
    lines.join("\n")
}

/// When categories are collected next, in areas that are alike in this: what [`garbage_day_cancelled`] leaves open where there is no
/// new day, or where not the same falls out everywhere.
#[must_use]
pub fn garbage_next_days(language: Language, groups: &[NextDays<'_>]) -> String {
    let words = words(language);
    let item = |(name, next): &(&str, Option<Date>)| {
        let item = fill(words.reminder_item, &[("name", name)]);
        match next {
            Some(day) => format!("{item}: {}", fill(words.day_over_next, &[("day", &words.plain_date(*day))])),
            None => item,
        }
    };
    let mut lines = Vec::new();
    for group in groups {
        if !group.areas.is_empty() {
            lines.push(words.list(group.areas.iter().copied()));
        }
        lines.extend(group.items.iter().map(item));
    }
    lines.join("\n")
}

/// Areas in which the same is collected next on the same days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextDays<'a> {
    /// Their names; none where it is so everywhere.
    pub areas: Vec<&'a str>,
    /// The names of the categories, each with its next day if there is one.
    pub items: Vec<(&'a str, Option<Date>)>,
}

fn items<'a>(words: &'a Words, names: &'a [&str]) -> impl Iterator<Item = String> {
    names.iter().map(|name| fill(words.reminder_item, &[("name", name)]))
}

/// A time of the town's data, such as `8:30`, as it is said in a message.
fn by_time(words: &Words, by: &str) -> String {
    match time_of_day(by) {
        Some(time) if time.hour() < 12 => fill(words.reminder_morning, &[("time", by)]),
        Some(_) | None => by.to_owned(),
    }
}
