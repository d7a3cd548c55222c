//! `/calendar`: when garbage is collected, as pages, as feeds for calendar programs, and as files.

mod area;
mod collections;
mod content_lines;
mod feed;
mod list;
mod open_data;
mod table;

use std::sync::Arc;

use domain::garbage::sheet::fiscal_start;
use domain::language::Language;
use domain::time::YearMonth;
use domain::town::{Area, Category, Town};
use http::header::CONTENT_DISPOSITION;
use http::{HeaderValue, Response, StatusCode};
use jiff::civil::Date;

use crate::query::{Query, address};
use crate::respond::{Kept, answer, open, page};
use crate::words::calendar::{Words, words};

pub(crate) use open_data::OpenData;

/// Where it is.
pub(crate) const PATH: &str = "/calendar";
/// Where the open data is.
const OPEN_DATA: &str = "/calendar.csv";
/// The number that says which fiscal year.
const YEAR: &str = "year";
/// The number that says which file of the open data.
const PART: &str = "part";

/// What is asked for; whether there is such an area or category is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    /// The districts with their areas.
    List,
    /// The days of all areas.
    OpenData,
    /// The days of an area, as a page.
    Area(&'a str),
    /// The same, as a file.
    Table(&'a str),
    /// The same, or those of one category, for a calendar program.
    Feed(&'a str, Option<&'a str>),
}

impl<'a> Asked<'a> {
    pub(crate) fn of(path: &'a str) -> Option<Self> {
        if path == PATH {
            return Some(Self::List);
        }
        if path == OPEN_DATA {
            return Some(Self::OpenData);
        }
        let rest = path.strip_prefix(PATH)?.strip_prefix('/')?;
        // No id has a full stop in it.
        Some(if let Some(feed) = rest.strip_suffix(".ics") {
            let (area, category) = feed.split_once('/').map_or((feed, None), |(area, of)| (area, Some(of)));
            Self::Feed(area, category)
        } else if let Some(area) = rest.strip_suffix(".csv") {
            Self::Table(area)
        } else {
            Self::Area(rest)
        })
    }
}

/// Who looks, at what, and when.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) town: &'a Arc<Town>,
    pub(crate) language: Language,
    pub(crate) today: Date,
    /// Where the portal stands.
    pub(crate) origin: &'a str,
}

impl Look<'_> {
    fn words(&self) -> &'static Words {
        words(self.language)
    }

    /// The address of something of an area: its page, or with an ending such as `.ics` its feed.
    fn address(&self, area: &Area, ending: &str) -> String {
        address(&format!("{PATH}/{}{ending}", area.id), self.language, None)
    }
}

/// Whether the town has a calendar at all.
pub(crate) fn is_there(town: &Town) -> bool {
    town.areas.keys().any(|area| !town.calendar.categories(area).is_empty())
}

/// The answer; `None` where there is no such thing.
pub(crate) fn find(
    asked: Asked<'_>,
    look: &Look<'_>,
    query: &Query<'_>,
    open_data: &OpenData,
) -> Option<Response<String>> {
    if !is_there(look.town) {
        return None;
    }
    let area = |id: &str| look.town.areas.get(&id.parse().ok()?);
    match asked {
        Asked::List => Some(page(list::list(look, open_data.parts(look, this_year(look)?)?))),
        Asked::OpenData => {
            let year = asked_year(look, query)?;
            let part = query.number(PART, 1, 1..=usize::MAX)?;
            Some(file(open_data.file(look, year, part)?, &format!("calendar-{}-{part}", year.year())))
        }
        Asked::Area(id) => Some(page(area::page(look, area(id)?, asked_year(look, query)?)?)),
        Asked::Table(id) => {
            let (area, year) = (area(id)?, asked_year(look, query)?);
            Some(file(table::table(look.town, area, year)?, &format!("{}-{}", area.id, year.year())))
        }
        Asked::Feed(id, category) => {
            let category = match category {
                Some(category) => Some(look.town.category(&category.parse().ok()?)?),
                None => None,
            };
            Some(calendar(feed::feed(look, area(id)?, category)))
        }
    }
}

/// The month with which the asked fiscal year begins: this one, unless the next is asked for. Of earlier and later ones nobody knows.
fn asked_year(look: &Look<'_>, query: &Query<'_>) -> Option<YearMonth> {
    let this = this_year(look)?;
    let number = usize::try_from(this.year()).ok()?;
    let asked = query.number(YEAR, number, number..=number + 1)?;
    YearMonth::new(i16::try_from(asked).ok()?, this.month()).ok()
}

fn this_year(look: &Look<'_>) -> Option<YearMonth> {
    fiscal_start(YearMonth::of(look.today).ok()?)
}

/// The categories of a feed: all of the town, in its order, or one.
fn categories<'a>(town: &'a Town, one: Option<&'a Category>) -> Vec<&'a Category> {
    one.map_or_else(|| town.categories.iter().collect(), |one| vec![one])
}

fn calendar(feed: String) -> Response<String> {
    open(answer(StatusCode::OK, "text/calendar; charset=utf-8", Kept::AMinute, feed))
}

/// A file; its name is of letters, digits and hyphens.
fn file(rows: String, name: &str) -> Response<String> {
    let mut response = open(answer(StatusCode::OK, "text/csv; charset=utf-8", Kept::AMinute, rows));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}.csv\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_asks_for_one_thing() {
        for (path, expected) in [
            ("/calendar", Some(Asked::List)),
            ("/calendar.csv", Some(Asked::OpenData)),
            ("/calendar/east", Some(Asked::Area("east"))),
            ("/calendar/east.csv", Some(Asked::Table("east"))),
            ("/calendar/east.ics", Some(Asked::Feed("east", None))),
            ("/calendar/east/paper.ics", Some(Asked::Feed("east", Some("paper")))),
            // There are no such ids.
            ("/calendar/", Some(Asked::Area(""))),
            ("/calendar/east/paper", Some(Asked::Area("east/paper"))),
            ("/calendar/east/paper/x.ics", Some(Asked::Feed("east", Some("paper/x")))),
            ("/calendarium", None),
            ("/calendar.ics", None),
            ("/news", None),
        ] {
            assert_eq!(Asked::of(path), expected, "{path}");
        }
    }
}
