//! The residents' web pages, for everybody and, but for `/report`, without a sign-in. What they have in common is `lang`: `ja`, `ja-easy` or `en`.
//!
//! | address | what |
//! | --- | --- |
//! | `/` | leads to `/news`, or where there is none to `/calendar`, or to `/reports` |
//! | `/news` | what was sent to all, the newest first; `page` counts from 1 |
//! | `/news.atom` | the newest of it as an Atom feed |
//! | `/calendar` | the districts, with the way to the collection days of their area |
//! | `/calendar/AREA` | the collection days of an area; `year` is the year in which the fiscal year begins: this one or the next |
//! | `/calendar/AREA.ics`, `/calendar/AREA/CATEGORY.ics` | the same, or those of one category, for calendar programs |
//! | `/calendar/AREA.csv` | the same for spreadsheets; `year` as above |
//! | `/calendar.csv` | the collection days of all areas as open data; `year` as above, `part` counts its files from 1 |
//! | `/reports` | the damage reports that staff released; `standing`, `kind`, `district` choose, `before` goes on from a report |
//! | `/reports/map` | the same on a map |
//! | `/reports/ID` | one of them |
//! | `/reports.atom` | those that changed last as an Atom feed |
//! | `/reports.geojson`, `/reports.csv` | those begun in a `month` as open data; `before` goes on where `Link` says so |
//! | `/open311/v2/…` | the same for other programs, which also file reports there |
//! | `/report`, `/report/…` | where residents report damage and see what became of it, see [`report`] |
//! | `/assets/…` | style and scripts |
//!
//! Where the town does not want its broadcasts to be public, none of the news is found; where it has no collection days, no calendar;
//! where it takes no reports, none of theirs.

mod assets;
mod calendar;
mod feed;
mod frame;
mod news;
mod open311;
mod public;
mod query;
mod report;
mod respond;
mod style;
pub mod wiring;
mod words;
mod xml;

use std::ops::Range;
use std::sync::Arc;

use app::broadcast::public::{PublicPage, SHOWN_MAX};
use app::error::{Chain, Error};
use app::ports::{Clock, Towns};
use aws::web::origin_of;
use bytes::Bytes;
use domain::language::Language;
use domain::time::date_in_japan;
use domain::town::Town;
use http::header::{ALLOW, InvalidHeaderValue};
use http::{HeaderValue, Method, Request, Response, StatusCode};

use crate::calendar::OpenData;
use crate::frame::Link;
use crate::news::Shown;
use crate::query::Query;
use crate::report::Policies;
use crate::respond::{Kept, answer, elsewhere, finished};
use crate::words::Said;

pub use crate::public::Faces;
pub use crate::report::{ReportPages, Settings};

/// A page of `/news` has so many broadcasts.
pub const PAGE: usize = 30;
/// The feed has so many.
pub const FEED: usize = 50;

/// The function's parts.
pub struct Portal {
    public: PublicPage,
    faces: Faces,
    towns: Arc<dyn Towns>,
    clock: Arc<dyn Clock>,
    open_data: OpenData,
    policy: HeaderValue,
    reports: Option<(ReportPages, Policies)>,
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Home,
    News,
    Feed,
    Calendar(calendar::Asked<'a>),
    Reports(public::Asked<'a>),
    Open311(open311::Asked<'a>),
    Style,
    NoIcon,
    /// Type and text of a file.
    Asset(&'static str, &'static str),
}

impl<'a> Asked<'a> {
    fn of(path: &'a str) -> Option<Self> {
        match path {
            "/" => Some(Self::Home),
            news::PATH => Some(Self::News),
            feed::PATH => Some(Self::Feed),
            path if path == style::path() => Some(Self::Style),
            // Browsers ask for it without having been told of one.
            "/favicon.ico" => Some(Self::NoIcon),
            path => (calendar::Asked::of(path).map(Self::Calendar))
                .or_else(|| public::Asked::of(path).map(Self::Reports))
                .or_else(|| open311::Asked::of(path).map(Self::Open311))
                .or_else(|| assets::asset(path).map(|(kind, text)| Self::Asset(kind, text))),
        }
    }
}

impl Portal {
    /// The portal, whose pages show pictures from `pictures_base` and load nothing else from elsewhere.
    pub fn new(
        public: PublicPage,
        faces: Faces,
        towns: Arc<dyn Towns>,
        clock: Arc<dyn Clock>,
        pictures_base: &str,
    ) -> Result<Self, InvalidHeaderValue> {
        let pictures = pictures_base.trim_end_matches('/');
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src {pictures}/; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::try_from(policy)?;
        Ok(Self { public, faces, towns, clock, open_data: OpenData::default(), policy, reports: None })
    }

    /// The same with the pages on which residents report damage.
    pub fn with_reports(self, pages: ReportPages) -> Result<Self, InvalidHeaderValue> {
        let policies = pages.settings.policies()?;
        Ok(Self { reports: Some((pages, policies)), ..self })
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<String> {
        let response = self.find(&request).await.unwrap_or_else(|error| {
            tracing::error!(error = %Chain(&error), "page not made");
            said(StatusCode::SERVICE_UNAVAILABLE, Kept::NotAtAll, words::BROKEN)
        });
        let mut response = finished(response, request.headers(), &self.policy);
        if *request.method() == Method::HEAD {
            response.body_mut().clear();
        }
        response
    }

    async fn find(&self, request: &Request<Bytes>) -> Result<Response<String>, Error> {
        let query = Query::of(request.uri());
        let origin = origin_of(request.headers());
        let found = match Asked::of(request.uri().path()) {
            Some(Asked::Style) => Some(style()),
            Some(Asked::NoIcon) => Some(no_icon()),
            Some(Asked::Asset(kind, text)) => Some(answer(StatusCode::OK, kind, Kept::ForGood, text.to_owned())),
            Some(Asked::Home) => self.home().await?,
            Some(Asked::News) => self.news(&query).await?,
            Some(Asked::Feed) => self.feed(&query, &origin).await?,
            Some(Asked::Calendar(asked)) => self.calendar(asked, &query, &origin).await?,
            Some(Asked::Reports(asked)) => {
                let town = self.towns.current().await?;
                public::find(asked, &self.look(&town, &query, &origin)).await?
            }
            Some(Asked::Open311(asked)) => {
                let town = self.towns.current().await?;
                // It knows its own methods.
                match open311::find(asked, &self.look(&town, &query, &origin), request).await? {
                    Some(answer) => return Ok(answer),
                    None => None,
                }
            }
            None => match self.report(request, &origin).await? {
                // It knows its own methods.
                Some(answer) => return Ok(answer),
                None => None,
            },
        };
        Ok(match found {
            Some(found) if [Method::GET, Method::HEAD].contains(request.method()) => found,
            Some(_) => only_read(),
            None => said(StatusCode::NOT_FOUND, Kept::AMinute, words::NOT_FOUND),
        })
    }

    fn look<'a>(&'a self, town: &'a Arc<Town>, query: &'a Query<'a>, origin: &'a str) -> public::Look<'a> {
        let (faces, now) = (&self.faces, self.clock.now());
        public::Look { faces, town, language: query.language(town), now, origin, query }
    }

    /// What residents see and do of reports of their own.
    async fn report(&self, request: &Request<Bytes>, origin: &str) -> Result<Option<Response<String>>, Error> {
        let Some((pages, policies)) = self.reports.as_ref().filter(|_| report::is_here(request.uri().path())) else {
            return Ok(None);
        };
        let town = self.towns.current().await?;
        Ok(pages.answer(request, &town, policies, origin).await)
    }

    async fn home(&self) -> Result<Option<Response<String>>, Error> {
        if self.public.open().await?.is_some() {
            return Ok(Some(elsewhere(news::PATH)));
        }
        let town = self.towns.current().await?;
        let leads = [(calendar::is_there(&town), calendar::PATH), (public::is_there(&town), public::PATH)];
        Ok(leads.into_iter().find(|(is_there, _)| *is_there).map(|(_, path)| elsewhere(path)))
    }

    /// A page of the news; `None` where there are not so many.
    async fn news(&self, query: &Query<'_>) -> Result<Option<Response<String>>, Error> {
        let Some(town) = self.public.open().await? else { return Ok(None) };
        let Some(page) = query.number("page", 1, 1..=SHOWN_MAX) else { return Ok(None) };
        let language = query.language(&town);
        let found = self.public.find(&town, language, of_page(page)).await?;
        if found.published.is_empty() && 1 < page {
            return Ok(None);
        }
        let pages = found.count.div_ceil(PAGE).max(1);
        let markup = news::news(&Shown { town: &town, language, page, pages, found: &found });
        Ok(Some(respond::page(markup)))
    }

    async fn feed(&self, query: &Query<'_>, origin: &str) -> Result<Option<Response<String>>, Error> {
        let Some(town) = self.public.open().await? else { return Ok(None) };
        let language = query.language(&town);
        let found = self.public.find(&town, language, 0..FEED).await?;
        let feed = feed::feed(&town, language, origin, &found.published);
        Ok(Some(answer(StatusCode::OK, "application/atom+xml; charset=utf-8", Kept::AMinute, feed)))
    }

    async fn calendar(
        &self,
        asked: calendar::Asked<'_>,
        query: &Query<'_>,
        origin: &str,
    ) -> Result<Option<Response<String>>, Error> {
        let town = self.towns.current().await?;
        let today = date_in_japan(self.clock.now());
        let look = calendar::Look { town: &town, language: query.language(&town), today, origin };
        Ok(calendar::find(asked, &look, query, &self.open_data))
    }
}

fn style() -> Response<String> {
    answer(StatusCode::OK, "text/css; charset=utf-8", Kept::ForGood, style::STYLE.to_owned())
}

fn no_icon() -> Response<String> {
    answer(StatusCode::NO_CONTENT, "image/x-icon", Kept::ForGood, String::new())
}

fn only_read() -> Response<String> {
    let mut response = said(StatusCode::METHOD_NOT_ALLOWED, Kept::NotAtAll, words::NOT_FOUND);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn of_page(page: usize) -> Range<usize> {
    let end = page.min(SHOWN_MAX) * PAGE;
    end - PAGE..end
}

/// A page that says one thing.
fn said(status: StatusCode, kept: Kept, said: Said) -> Response<String> {
    let markup = frame::document(
        Language::Japanese,
        said.title,
        &Link::None,
        &maud::html! { h1 { (said.title) } p { (said.text) } },
    );
    answer(status, "text/html; charset=utf-8", kept, markup.into_string())
}
