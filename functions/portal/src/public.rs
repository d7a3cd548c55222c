//! `/reports`: the damage reports that staff released, for everybody: pages, files and a feed.

mod atom;
mod filter;
mod find;
mod list;
mod map;
mod open_data;
mod report;

use std::sync::Arc;

use app::error::Error;
use app::ports::released::PublicReports;
use app::ports::{PictureAddresses, PictureUrls};
use app::report::outside::OutsideDesk;
use domain::language::Language;
use domain::report::release::PublicReport;
use domain::report::{ReportNumber, Standing};
use domain::town::Town;
use http::Response;
use jiff::Timestamp;
use maud::Markup;

use crate::query::{Query, address};
use crate::words::public::{Words, words};
use crate::words::report::words as report_words;
use crate::words::titled;

use filter::Group;
pub(crate) use find::{Found, everything, latest};
pub(crate) use map::credit;

/// Where the list is.
pub(crate) const PATH: &str = "/reports";
/// Where the map is.
const MAP: &str = "/reports/map";
const FEED: &str = "/reports.atom";
const GEOJSON: &str = "/reports.geojson";
const TABLE: &str = "/reports.csv";

/// What everybody and other programs see of damage reports, and how those file some.
pub struct Faces {
    /// What staff released.
    pub released: Arc<dyn PublicReports>,
    /// Where the photos are that may be seen.
    pub pictures: Arc<dyn PictureAddresses>,
    /// Takes what other systems file.
    pub outside: OutsideDesk,
    /// Where the tiles of maps are, with `{z}`, `{x}` and `{y}`; without, there is no map.
    pub tiles: Option<String>,
}

/// What is asked for; whether there is such a report is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    /// The list.
    List,
    /// The map.
    Map,
    /// The feed.
    Feed,
    /// Those of a month as `GeoJSON`.
    GeoJson,
    /// The same for spreadsheets.
    Table,
    /// One report.
    Report(&'a str),
}

impl<'a> Asked<'a> {
    pub(crate) fn of(path: &'a str) -> Option<Self> {
        match path {
            PATH => Some(Self::List),
            MAP => Some(Self::Map),
            FEED => Some(Self::Feed),
            GEOJSON => Some(Self::GeoJson),
            TABLE => Some(Self::Table),
            path => path.strip_prefix(PATH)?.strip_prefix('/').map(Self::Report),
        }
    }
}

/// Who looks, at what, and when.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) faces: &'a Faces,
    pub(crate) town: &'a Arc<Town>,
    pub(crate) language: Language,
    pub(crate) now: Timestamp,
    /// Where the portal stands.
    pub(crate) origin: &'a str,
    pub(crate) query: &'a Query<'a>,
}

impl Look<'_> {
    /// The words of these pages.
    pub(crate) fn words(&self) -> &'static Words {
        words(self.language)
    }

    /// The page of a report.
    fn page_of(&self, report: &PublicReport) -> String {
        address(&format!("{PATH}/{}", report.id), self.language, None)
    }

    /// The name of a report's kind; of one that the town has given up, its id.
    pub(crate) fn kind_name<'a>(&'a self, report: &'a PublicReport) -> &'a str {
        let kind = self.town.report_kind(&report.kind);
        kind.map_or(report.kind.as_str(), |kind| kind.name.in_language(self.language))
    }

    /// The name of the district in which a report lies, if it is known.
    fn district_name<'a>(&'a self, report: &PublicReport) -> Option<&'a str> {
        self.town.district(report.district.as_ref()?).map(|district| district.name.as_str())
    }

    /// The name of the department that works on a report; empty for one that the town has given up.
    pub(crate) fn department_name<'a>(&'a self, report: &PublicReport) -> &'a str {
        self.town.departments.get(&report.department).map_or("", |department| department.name.as_str())
    }

    /// The photos of a report that may be seen, in their order.
    pub(crate) fn photos(&self, report: &PublicReport) -> Vec<PictureUrls> {
        report.release.photos.iter().map(|photo| self.faces.pictures.urls(&photo.copy)).collect()
    }

    /// How a report stands.
    pub(crate) fn standing(&self, standing: Standing) -> &'static str {
        let words = report_words(self.language);
        match standing {
            Standing::Received => words.received,
            Standing::Checking => words.checking,
            Standing::Working => words.working,
            Standing::Done => words.done,
            Standing::Declined => words.declined,
            Standing::Duplicate => words.duplicate,
        }
    }

    /// The standings of a colour that are ever seen.
    fn words_of(&self, group: Group) -> String {
        let standings = Standing::ALL.into_iter().filter(|standing| *standing != Standing::Duplicate);
        let of_group = standings.filter(|standing| Group::of(*standing) == group);
        of_group.map(|standing| self.standing(standing)).collect::<Vec<_>>().join(self.words().comma)
    }

    /// How a report stands, in its colour.
    fn badge(&self, report: &PublicReport) -> Markup {
        Group::of(report.standing).badge(self.standing(report.standing))
    }

    /// What the town and its page of reports are called.
    fn title(&self) -> String {
        titled(self.words().title, &self.town.profile.name)
    }
}

/// Whether the town takes reports at all.
pub(crate) fn is_there(town: &Town) -> bool {
    !town.report_kinds.is_empty()
}

/// The answer; `None` where there is no such thing.
pub(crate) async fn find(asked: Asked<'_>, look: &Look<'_>) -> Result<Option<Response<String>>, Error> {
    if !is_there(look.town) {
        return Ok(None);
    }
    match asked {
        Asked::List => list::list(look).await,
        Asked::Map => map::map(look).await,
        Asked::Feed => atom::feed(look).await.map(Some),
        Asked::GeoJson => open_data::geojson(look).await,
        Asked::Table => open_data::table(look).await,
        Asked::Report(id) => report::report(look, id).await,
    }
}

/// What residents call a report.
fn number(report: &PublicReport) -> String {
    ReportNumber::of(&report.id).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_asks_for_one_thing() {
        for (path, expected) in [
            ("/reports", Some(Asked::List)),
            ("/reports/map", Some(Asked::Map)),
            ("/reports.atom", Some(Asked::Feed)),
            ("/reports.geojson", Some(Asked::GeoJson)),
            ("/reports.csv", Some(Asked::Table)),
            ("/reports/0199aaaa", Some(Asked::Report("0199aaaa"))),
            // There are no such ids.
            ("/reports/", Some(Asked::Report(""))),
            ("/reports/a/b", Some(Asked::Report("a/b"))),
            ("/report", None),
            ("/reports.json", None),
            ("/reportsmap", None),
        ] {
            assert_eq!(Asked::of(path), expected, "{path}");
        }
    }
}
