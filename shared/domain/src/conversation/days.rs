//! Answers on collection days: today, tomorrow, the next ones, and what falls out of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::garbage::{CARDS_SHOWN, QUESTION_GRAPHEMES_MAX, field};
use super::places::best_fits;
use super::words::{Asked, asked, category_key};
use super::{Command, Talk, choice, fill, shorten};
use crate::dates::days_later;
use crate::garbage::calendar::{Cancelled, LOOK_AHEAD_DAYS};
use crate::garbage::reminder::default_switch;
use crate::ids::CategoryId;
use crate::reply::{Action, Badge, Card, Choice, Emphasis, Reply, Row};
use crate::resident::Switch;
use crate::time::time_of_day;
use crate::town::{Category, District};
use unicode_segmentation::UnicodeSegmentation;

/// The next days of so many categories are offered below an answer.
const NEXT_OFFERED: usize = 3;
/// Where notifications show an answer, it is cut to this.
const SUMMARY_GRAPHEMES_MAX: usize = 300;

impl Talk<'_> {
    /// Answers a text that asks for collection days, if it is one.
    pub(super) fn answer_when(&mut self, text: &str) -> bool {
        if QUESTION_GRAPHEMES_MAX < text.graphemes(true).count() {
            return false;
        }
        match asked(text) {
            Some(Asked::Command(command)) => self.obey(command),
            Some(Asked::Next(things)) => {
                let town = self.town;
                let found = things.iter().map(|thing| named(&town.categories, thing)).find(|found| !found.is_empty());
                let Some(categories) = found else { return false };
                self.show_next_of(&categories);
            }
            None => return false,
        }
        true
    }

    /// Shows what is collected on a day: today, or tomorrow.
    pub(super) fn show_day(&mut self, day: Date) {
        let Some(district) = self.my_district() else {
            self.say(self.words.next_needs_district.to_owned());
            return self.ask_district();
        };
        let card = self.day_card(district, day);
        let rare = self.rarely_collected(district);
        self.show_days(card);
        if day == self.today {
            self.offer(self.words.button_tomorrow, &Command::Tomorrow);
        } else {
            self.offer(self.words.button_today, &Command::Today);
        }
        for (name, id) in rare.into_iter().take(NEXT_OFFERED) {
            self.offer(&fill(self.words.button_next_of, &[("category", &name)]), &Command::NextOf(id));
        }
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_reminders, &Command::Reminders);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    /// The categories that are not collected every week: nobody knows their days by heart.
    fn rarely_collected(&self, district: &District) -> Vec<(String, CategoryId)> {
        let rare = self
            .collected(district)
            .into_iter()
            .filter(|category| default_switch(self.town, &district.area, &category.id) == Switch::On);
        rare.map(|category| (self.category_name(category), category.id.clone())).collect()
    }

    fn day_card(&self, district: &District, day: Date) -> Card {
        let (mut rows, mut over) = (Vec::new(), BTreeSet::new());
        let calendar = &self.town.calendar;
        let on = calendar.on(&district.area, day);
        for category in self.town.categories.iter().filter(|category| on.contains(&&category.id)) {
            let by = category.put_out_by.as_str();
            let value = if day == self.today && self.is_over(category) {
                over.insert((time_of_day(by), by));
                let next = self.next_day(district, category).map(|day| self.words.date(day, self.today));
                next.map_or_else(
                    || self.words.nothing_chosen.to_owned(),
                    |day| fill(self.words.day_over_next, &[("day", &day)]),
                )
            } else if by.is_empty() {
                self.words.day_collected.to_owned()
            } else {
                fill(self.words.put_out_by, &[("time", &self.words.time(by))])
            };
            rows.push(field(category.name.in_language(self.language), value));
        }
        if rows.is_empty() {
            rows.extend(self.no_collection(district, day));
        }
        let over = over.into_iter().map(|(_, by)| Row::Text(fill(self.words.day_over, &[("time", by)])));
        let mut rows: Vec<Row> = over.chain(rows).collect();
        rows.extend(self.changes(district, |_| Some((day, day))));
        let title = fill(self.words.day_title, &[("day", &self.words.date(day, self.today))]);
        Card { title, rows, ..Card::default() }
    }

    /// That nothing is collected on a day, and what is next.
    fn no_collection(&self, district: &District, day: Date) -> Vec<Row> {
        let mut rows = vec![Row::Text(self.words.day_none.to_owned())];
        let days = self.next_days(district);
        if let Some((next, ..)) = days.iter().find(|(next, ..)| day < *next) {
            let same = days.iter().filter(|(other, ..)| other == next);
            let names = self.words.list(same.map(|(.., category)| category.name.in_language(self.language)));
            let date = self.words.date(*next, self.today);
            rows.push(Row::Text(fill(self.words.day_next, &[("day", &date), ("categories", &names)])));
        }
        rows
    }

    pub(super) fn show_next_of_id(&mut self, id: &CategoryId) {
        let town = self.town;
        match town.category(id) {
            Some(category) => self.show_next_of(&[category]),
            None => self.say_with_menu(self.words.category_gone.to_owned()),
        }
    }

    /// Shows the next day of each of the categories.
    fn show_next_of(&mut self, categories: &[&Category]) {
        if self.my_district().is_none() && categories.iter().any(|category| self.is_collected(category)) {
            self.say(self.words.next_needs_district.to_owned());
            return self.ask_district();
        }
        let cards: Vec<Card> =
            categories.iter().take(CARDS_SHOWN).map(|category| self.next_of_card(category)).collect();
        let summary = cards.iter().map(summary).collect::<Vec<_>>().join(" / ");
        self.replies.push(Reply::Cards { summary: shorten(&summary, SUMMARY_GRAPHEMES_MAX), cards });
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_reminders, &Command::Reminders);
        self.offer(self.words.button_garbage, &Command::Garbage);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    fn next_of_card(&self, category: &Category) -> Card {
        let name = self.category_name(category);
        let badge = Badge { text: name.clone(), color: category.color.clone() };
        let mut card = Card { title: name, badge: Some(badge), ..Card::default() };
        self.add_next_day(&mut card, category);
        card.buttons.extend(self.call_department(category));
        if card.rows.is_empty() {
            let text = if category.how.is_empty() { self.words.next_none } else { &category.how };
            card.rows.push(Row::Text(text.to_owned()));
        }
        card
    }

    /// Adds the next collection day, or how to get to see it, if anybody collects the category at all.
    pub(super) fn add_next_day(&self, card: &mut Card, category: &Category) {
        let Some(district) = self.my_district() else {
            if self.is_collected(category) {
                card.rows.push(Row::Note(self.words.next_day_needs_district.to_owned()));
            }
            return;
        };
        let next = self.next_day(district, category);
        if let Some(day) = next {
            card.rows.push(field(self.words.field_next_day, self.words.date(day, self.today)));
            if !category.put_out_by.is_empty() {
                let by = fill(self.words.put_out_by, &[("time", &self.words.time(&category.put_out_by))]);
                card.rows.push(field(self.words.field_put_out_by, by));
            }
        }
        card.rows.extend(self.changes(district, |other| (other.id == category.id).then(|| self.until(next))));
        // A note may be all that there is to say, such as "by telephone only".
        let entries = self.town.calendar.entries(&district.area, &category.id);
        let notes: BTreeSet<&str> = entries.iter().map(|entry| entry.note.as_str()).collect();
        card.rows.extend(notes.into_iter().filter(|note| !note.is_empty()).map(|note| Row::Note(note.to_owned())));
    }

    /// The next day on which the category can still be put out: today only until its time has come.
    pub(super) fn next_day(&self, district: &District, category: &Category) -> Option<Date> {
        let from = if self.is_over(category) { self.today.tomorrow().ok()? } else { self.today };
        self.town.calendar.next_day(&district.area, &category.id, from)
    }

    /// Whether it is too late to put the category out today.
    fn is_over(&self, category: &Category) -> bool {
        time_of_day(&category.put_out_by).is_some_and(|end| end < self.now.time())
    }

    /// Whether the category is collected at the kerb anywhere in the town.
    pub(super) fn is_collected(&self, category: &Category) -> bool {
        let calendar = &self.town.calendar;
        !category.put_out_by.is_empty()
            || self.town.areas.keys().any(|area| calendar.categories(area).contains(&&category.id))
    }

    /// The categories that are collected in a district, in the town's order.
    pub(super) fn collected(&self, district: &District) -> Vec<&Category> {
        let entries = |category: &Category| self.town.calendar.entries(&district.area, &category.id).iter();
        // Of some there is only a note to say.
        let collected = |category: &&Category| entries(category).any(|entry| entry.recurrence.is_ever());
        self.town.categories.iter().filter(collected).collect()
    }

    pub(super) fn category_name(&self, category: &Category) -> String {
        category.name.in_language(self.language).to_owned()
    }

    pub(super) fn show_next_collection(&mut self) {
        let Some(district) = self.my_district() else {
            self.say(self.words.next_needs_district.to_owned());
            return self.ask_district();
        };
        let card = self.next_collection_card(district);
        self.show_days(card);
        self.offer(self.words.button_today, &Command::Today);
        self.offer(self.words.button_tomorrow, &Command::Tomorrow);
        self.offer(self.words.button_garbage, &Command::Garbage);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    /// The next day of each category, soonest first.
    pub(super) fn next_collection_card(&self, district: &District) -> Card {
        let days = self.next_days(district);
        let mut rows: Vec<Row> = days
            .iter()
            .map(|(day, _, category)| {
                field(category.name.in_language(self.language), self.words.date(*day, self.today))
            })
            .collect();
        let next: BTreeMap<&CategoryId, Date> = days.iter().map(|(day, _, category)| (&category.id, *day)).collect();
        rows.extend(self.changes(district, |category| Some(self.until(next.get(&category.id).copied()))));
        if rows.is_empty() {
            rows.push(Row::Text(self.words.next_none.to_owned()));
        }
        let mut buttons = vec![choice(self.words.button_garbage, &Command::Garbage)];
        if !self.collected(district).is_empty() {
            let name = self.words.reminders_title;
            rows.push(Row::Note(format!("{name}: {}", self.reminders_value(district))));
            buttons.push(choice(self.words.button_reminders, &Command::Reminders));
            buttons.extend(self.calendar_link(district));
        }
        let title = fill(self.words.next_title, &[("district", &district.name)]);
        Card { title, rows, buttons, ..Card::default() }
    }

    /// Opens the calendar of where the resident lives, to be read, printed and subscribed to.
    fn calendar_link(&self, district: &District) -> Option<Choice> {
        let portal = &self.town.profile.portal;
        let action = Action::Open(format!("{portal}/calendar/{}", district.area));
        let label = self.words.button_calendar.to_owned();
        (!portal.is_empty()).then_some(Choice { label, action, emphasis: Emphasis::Plain })
    }

    /// The next day of each category that has one, soonest first, with the category's place in the town's order.
    fn next_days(&self, district: &District) -> Vec<(Date, usize, &Category)> {
        let next = |(place, category)| self.next_day(district, category).map(|day| (day, place, category));
        let mut days: Vec<(Date, usize, &Category)> =
            self.town.categories.iter().enumerate().filter_map(next).collect();
        days.sort_by_key(|(day, place, _)| (*day, *place));
        days
    }

    /// From today until the next day that is known of something: what falls out in between has to be told.
    fn until(&self, next: Option<Date>) -> (Date, Date) {
        (self.today, next.unwrap_or_else(|| days_later(self.today, LOOK_AHEAD_DAYS)))
    }

    /// What falls out by a change: of each category within its first and last day, if it has any. What falls out for the same
    /// reason on the same day is told together.
    fn changes(&self, district: &District, days: impl Fn(&Category) -> Option<(Date, Date)>) -> Vec<Row> {
        let mut changes: BTreeMap<(Date, Option<Date>, &str), Vec<&str>> = BTreeMap::new();
        for category in &self.town.categories {
            let Some((first, last)) = days(category) else { continue };
            for Cancelled { date, moved_to, reason } in
                self.town.calendar.cancelled(&district.area, &category.id, first..=last)
            {
                let names = changes.entry((date, moved_to, reason)).or_default();
                names.push(category.name.in_language(self.language));
            }
        }
        let row = |((day, moved_to, reason), names): (_, Vec<&str>)| {
            let names = self.words.list(names.into_iter());
            let date = self.words.date(day, self.today);
            let reason = self.words.reason(reason);
            let out = fill(self.words.change_out, &[("categories", &names), ("day", &date), ("reason", &reason)]);
            Row::Text(format!("{out}\n{}", self.words.moved(moved_to)))
        };
        changes.into_iter().map(row).collect()
    }

    /// Shows a card whose fields are read in a notification.
    fn show_days(&mut self, card: Card) {
        self.replies.push(Reply::Cards { summary: shorten(&summary(&card), SUMMARY_GRAPHEMES_MAX), cards: vec![card] });
    }
}

/// What a notification shows of a card: its heading, and what it says of days.
fn summary(card: &Card) -> String {
    let rows = card.rows.iter().filter_map(|row| match row {
        Row::Field { name, value } => Some(format!("{name} {value}")),
        Row::Text(text) => Some(text.clone()),
        Row::Note(_) => None,
    });
    format!("{}: {}", card.title, rows.collect::<Vec<_>>().join(" / "))
}

/// The categories that a part of a name may mean.
fn named<'a>(categories: &'a [Category], thing: &str) -> Vec<&'a Category> {
    best_fits(categories, thing, |category| {
        let name = &category.name;
        let names = [&name.ja, &name.easy, &name.en].into_iter().filter(|name| !name.is_empty());
        names.map(|name| category_key(name)).collect()
    })
}
