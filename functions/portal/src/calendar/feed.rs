//! The days of an area as a feed that phones subscribe to (RFC 5545, RFC 7986).
//!
//! Readers tell by `UID` which day they know already, and by `SEQUENCE` and the stamps which of two states is the newer one. All
//! three come from the town's data, so that a feed is the same to the letter until the data changes or the day does.

use std::collections::BTreeSet;

use domain::dates::days_later;
use domain::town::{Area, Category, Town};
use jiff::civil::Date;
use uuid::Uuid;

use super::collections::{Collection, Standing, collections};
use super::content_lines::ContentLines;
use super::{Look, categories};
use crate::feed::SPACE;

/// A feed begins so many days before today: what somebody has just put out does not vanish.
const DAYS_BACK: i16 = 31;
/// And it ends so many days after.
const DAYS_AHEAD: i16 = 400;
/// Readers are asked to look again so often.
const LOOK_AGAIN: &str = "PT4H";
/// Days are Japan's. They have no time of day, and so are the same days wherever the phone is.
const TIME_ZONE: &str = "Asia/Tokyo";
/// 19:00 on the evening before: five hours before the day begins.
const ALARM: &str = "-PT5H";
/// The greatest integer there is (3.3.8).
const SEQUENCE_MAX: u64 = 2_147_483_647;

/// The feed of all categories of an area, or of one.
pub(super) fn feed(look: &Look<'_>, area: &Area, category: Option<&Category>) -> String {
    let (town, words) = (look.town, look.words());
    let name = words.name(&area.name, category.map(|category| category.name.in_language(look.language)));
    let range = days_later(look.today, -DAYS_BACK)..=days_later(look.today, DAYS_AHEAD);
    let mut lines = ContentLines::default();
    lines.put("BEGIN", "VCALENDAR");
    lines.put("VERSION", "2.0");
    lines.put("PRODID", "-//Kairan//Collection calendar//EN");
    lines.put("CALSCALE", "GREGORIAN");
    lines.put("METHOD", "PUBLISH");
    lines.text("NAME", &name);
    lines.text("X-WR-CALNAME", &name);
    lines.text("X-WR-CALDESC", &town.profile.name);
    lines.put("X-WR-TIMEZONE", TIME_ZONE);
    lines.put("REFRESH-INTERVAL;VALUE=DURATION", LOOK_AGAIN);
    lines.put("X-PUBLISHED-TTL", LOOK_AGAIN);
    lines.put("LAST-MODIFIED", &stamp(town));
    lines.put("URL", &format!("{}{}", look.origin, look.address(area, "")));
    for collection in collections(town, &area.id, &categories(town, category), &range) {
        event(&mut lines, look, area, &collection);
    }
    lines.put("END", "VCALENDAR");
    lines.into_string()
}

fn event(lines: &mut ContentLines, look: &Look<'_>, area: &Area, collection: &Collection<'_>) {
    let (words, stamp) = (look.words(), stamp(look.town));
    let name = collection.category.name.in_language(look.language);
    let (status, summary) = match collection.standing {
        Standing::Made | Standing::MadeInstead(_) => ("CONFIRMED", name.to_owned()),
        // It says so too: many programs show what is cancelled as if it were not.
        Standing::FallsOut(_) => ("CANCELLED", words.summary_cancelled(name)),
    };
    lines.put("BEGIN", "VEVENT");
    lines.put("UID", &uid(look.town, area, collection.category, collection.date).to_string());
    lines.put("DTSTAMP", &stamp);
    lines.put("LAST-MODIFIED", &stamp);
    lines.put("SEQUENCE", &look.town.revision.min(SEQUENCE_MAX).to_string());
    lines.put("DTSTART;VALUE=DATE", &day(collection.date));
    lines.put("DTEND;VALUE=DATE", &day(days_later(collection.date, 1)));
    lines.put("STATUS", status);
    lines.put("TRANSP", "TRANSPARENT");
    lines.text("SUMMARY", &summary);
    let description = description(look, area, collection);
    if !description.is_empty() {
        lines.text("DESCRIPTION", &description);
    }
    if collection.is_made() {
        let by = words.by(collection.category).unwrap_or_default();
        lines.put("BEGIN", "VALARM");
        lines.put("ACTION", "DISPLAY");
        lines.put("TRIGGER", ALARM);
        lines.text("DESCRIPTION", format!("{} {by}", words.alarm(name)).trim_end());
        lines.put("END", "VALARM");
    }
    lines.put("END", "VEVENT");
}

/// By when, how, what else; of what falls out, that and why.
fn description(look: &Look<'_>, area: &Area, collection: &Collection<'_>) -> String {
    let (words, category) = (look.words(), collection.category);
    let moved = match collection.standing {
        Standing::FallsOut(by) => {
            return words.falls_out(category.name.in_language(look.language), &by, look.language);
        }
        Standing::MadeInstead(by) => Some(words.moved(&by, look.language)),
        Standing::Made => None,
    };
    let how = Some(category.how.clone()).filter(|how| !how.is_empty());
    let said = [moved, words.by(category), how];
    let notes = notes(look.town, area, category).into_iter().map(str::to_owned);
    said.into_iter().flatten().chain(notes).collect::<Vec<_>>().join("\n")
}

/// What residents of an area should know about the days of a category.
pub(super) fn notes<'a>(town: &'a Town, area: &Area, category: &Category) -> BTreeSet<&'a str> {
    let entries = town.calendar.entries(&area.id, &category.id);
    entries.iter().map(|entry| entry.note.as_str()).filter(|note| !note.is_empty()).collect()
}

/// The same for the same day, in every language and wherever the portal stands: addresses and names may change, the ids of town,
/// area and category do not.
fn uid(town: &Town, area: &Area, category: &Category, date: Date) -> Uuid {
    let name = format!("collection {} {} {} {date}", town.id, area.id, category.id);
    Uuid::new_v5(&SPACE, name.as_bytes())
}

/// When the town's data was revised.
fn stamp(town: &Town) -> String {
    town.revised.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}
