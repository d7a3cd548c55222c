//! `/calendar/{area}`: the next days of an area, its year, and the ways into the reader's own calendar.

use domain::dates::{days_between, days_later};
use domain::garbage::sheet::{collected, moved};
use domain::language::Language;
use domain::time::YearMonth;
use domain::town::{Area, Category};
use jiff::civil::Date;
use maud::{Markup, html};

use super::collections::{Collection, Standing, collections};
use super::feed::notes;
use super::open_data::districts;
use super::table::days_of;
use super::{Look, PATH, YEAR, categories, this_year};
use crate::frame::{Feed, Link, document, japanese, languages};
use crate::query::address;
use crate::words::calendar::{day, day_of_month, month};
use crate::words::titled;

/// Changes are told so long after today.
const CHANGES_DAYS: i16 = 62;

/// What the page shows.
struct Sheet<'a> {
    look: &'a Look<'a>,
    area: &'a Area,
    /// What is ever collected there.
    collected: Vec<&'a Category>,
    /// The month with which the year begins.
    year: YearMonth,
}

/// The page of an area and a fiscal year; `None` where time ends before the year does.
pub(super) fn page(look: &Look<'_>, area: &Area, year: YearMonth) -> Option<Markup> {
    let (words, town, language) = (look.words(), look.town, look.language);
    let sheet = Sheet { look, area, collected: collected(town, &area.id), year };
    let name = words.name(&area.name, None);
    let districts = districts(town, area);
    let here = |language| address(&format!("{PATH}/{}", area.id), language, sheet.number());
    let content = html! {
        header {
            h1 { (name) }
            @if !districts.is_empty() { p.note { (words.districts(&districts)) } }
            p { a href=(address(PATH, language, None)) { (words.back) } }
            (languages(town, language, here))
        }
        main {
            @if sheet.collected.is_empty() { p { (words.none) } } @else {
                (sheet.next_days())
                (sheet.changes())
                (sheet.subscribe())
                (sheet.months()?)
                (sheet.how())
            }
        }
        footer { a href=(table(&sheet)) { (words.table) } }
    };
    let feed = Link::Feed { kind: Feed::Calendar, address: look.address(area, ".ics"), title: name.clone() };
    Some(document(language, &titled(&name, &town.profile.name), &feed, &content))
}

fn table(sheet: &Sheet<'_>) -> String {
    address(&format!("{PATH}/{}.csv", sheet.area.id), Language::Japanese, sheet.number())
}

impl Sheet<'_> {
    /// The year, where it does not go without saying.
    fn number(&self) -> Option<(&'static str, usize)> {
        let is_this = this_year(self.look) == Some(self.year);
        usize::try_from(self.year.year()).ok().filter(|_| !is_this).map(|year| (YEAR, year))
    }

    fn name(&self, category: &Category) -> Markup {
        let name = category.name.in_language(self.look.language);
        let is_rare = self.look.town.calendar.is_rare(&self.area.id, &category.id);
        html! { @if is_rare { strong { (name) } } @else { (name) } }
    }

    /// The next day of each category, the soonest first.
    fn next_days(&self) -> Markup {
        let (look, calendar) = (self.look, &self.look.town.calendar);
        let next = |category: &&Category| calendar.next_day(&self.area.id, &category.id, look.today);
        let mut days: Vec<(Date, &Category)> =
            self.collected.iter().filter_map(|category| Some((next(category)?, *category))).collect();
        days.sort_by_key(|(date, _)| *date);
        html! {
            section.screen {
                h2 id="next" { (look.words().next) }
                table aria-labelledby="next" {
                    tbody {
                        @for (date, category) in days {
                            tr {
                                th scope="row" { time datetime=(date) { (day(date, look.language)) } }
                                td { (category.name.in_language(look.language)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What falls out soon.
    fn changes(&self) -> Markup {
        let (look, words) = (self.look, self.look.words());
        let range = look.today..=days_later(look.today, CHANGES_DAYS);
        let found = collections(look.town, &self.area.id, &categories(look.town, None), &range);
        let changes: Vec<String> = found
            .iter()
            .filter_map(|collection| match &collection.standing {
                Standing::Made | Standing::MadeInstead(_) => None,
                Standing::FallsOut(by) => {
                    Some(words.falls_out(collection.category.name.in_language(look.language), by, look.language))
                }
            })
            .collect();
        html! {
            @if !changes.is_empty() {
                section.screen.changes {
                    h2 { (words.changes) }
                    ul { @for change in changes { li { (change) } } }
                }
            }
        }
    }

    fn subscribe(&self) -> Markup {
        let (look, words) = (self.look, self.look.words());
        let feed = |ending: &str| format!("{}{}", look.origin, look.address(self.area, ending));
        let all = feed(".ics");
        html! {
            section.screen {
                h2 { (words.subscribe) }
                p { (words.subscribe_how) }
                p { a.main href=(by_calendar(&all)) { (words.subscribe_all) } }
                p.note { (words.subscribe_alarm) }
                p.note { (words.subscribe_address) br; code { (all) } }
                details {
                    summary { (words.subscribe_one) }
                    ul {
                        @for category in &self.collected {
                            li { a href=(by_calendar(&feed(&format!("/{}.ics", category.id)))) { (category.name.in_language(look.language)) } }
                        }
                    }
                }
            }
        }
    }

    /// The twelve months: one under the other on a phone, side by side on one sheet of paper.
    fn months(&self) -> Option<Markup> {
        let (look, words) = (self.look, self.look.words());
        let found = collections(look.town, &self.area.id, &categories(look.town, None), &days_of(self.year)?);
        let months: Vec<YearMonth> =
            std::iter::successors(Some(self.year), |month| moved(*month, 1)).take(12).collect();
        let here = format!("{}{}", look.origin, look.address(self.area, ""));
        Some(html! {
            section.year {
                h2 { span.paper { (self.area.name) " " } (words.year(self.year)) }
                (self.years()?)
                p.screen.note { (words.print) " " (words.rare) }
                nav.screen aria-label=(words.months) {
                    ul.ways { @for month in &months { li { a href={ "#m" (month) } { (self::month(*month, look.language)) } } } }
                }
                div.months { @for month in &months { (self.month(*month, &found)?) } }
                p.paper { (words.may_change(&here)) " " (words.rare) }
            }
        })
    }

    /// The way to the other year.
    fn years(&self) -> Option<Markup> {
        let (look, words, this) = (self.look, self.look.words(), this_year(self.look)?);
        let years = [this, moved(this, 12)?];
        let path = format!("{PATH}/{}", self.area.id);
        let to = |year: YearMonth| {
            let number = usize::try_from(year.year()).ok().filter(|_| year != this);
            address(&path, look.language, number.map(|number| (YEAR, number)))
        };
        Some(html! {
            nav.screen aria-label=(words.years) {
                ul.ways {
                    @for year in years {
                        @let is_current = (year == self.year).then_some("true");
                        li { a href=(to(year)) aria-current=[is_current] { (words.year_short(year)) } }
                    }
                }
            }
        })
    }

    fn month(&self, of: YearMonth, found: &[Collection<'_>]) -> Option<Markup> {
        let (look, words) = (self.look, self.look.words());
        let first = Date::new(of.year(), of.month(), 1).ok()?;
        Some(html! {
            section.month {
                h3 id={ "m" (of) } { (month(of, look.language)) }
                table aria-labelledby={ "m" (of) } {
                    thead { tr { th scope="col" { (words.day) } th scope="col" { (words.what) } } }
                    tbody {
                        @for date in days_between(first, first.last_of_month()) {
                            (self.day(date, found))
                        }
                    }
                }
            }
        })
    }

    /// A row; one without anything is on paper only, where the days of all months stand in line.
    fn day(&self, date: Date, found: &[Collection<'_>]) -> Markup {
        let (look, words) = (self.look, self.look.words());
        let from = found.partition_point(|collection| collection.date < date);
        let of_day: Vec<_> = found.iter().skip(from).take_while(|collection| collection.date == date).collect();
        html! {
            tr.paper[of_day.is_empty()] {
                th scope="row" { time datetime=(date) { (day_of_month(date, look.language)) } }
                td {
                    @for (number, collection) in of_day.iter().enumerate() {
                        @if 0 < number { (words.comma) }
                        @if collection.is_made() { (self.name(collection.category)) } @else {
                            s { (collection.category.name.in_language(look.language)) } (words.cancelled)
                        }
                    }
                }
            }
        }
    }

    fn how(&self) -> Markup {
        let (look, words) = (self.look, self.look.words());
        html! {
            section.screen {
                h2 { (words.how) }
                @for category in &self.collected {
                    article lang=[japanese(look.language)] {
                        h3 { (category.name.in_language(look.language)) }
                        @if !category.description.is_empty() { p { (category.description) } }
                        @if !category.how.is_empty() { p { (category.how) } }
                        @if let Some(by) = words.by(category) { p { (by) } }
                        @for note in notes(look.town, self.area, category) { p.note { (note) } }
                    }
                }
            }
        }
    }
}

/// The address by which a calendar program, and not the browser, opens a feed.
fn by_calendar(address: &str) -> String {
    address.split_once("://").map_or_else(|| address.to_owned(), |(_, rest)| format!("webcal://{rest}"))
}
