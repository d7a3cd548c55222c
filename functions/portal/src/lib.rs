//! The residents' web pages, for everybody and without a sign-in.
//!
//! | address | what |
//! | --- | --- |
//! | `/` | leads to `/news` |
//! | `/news` | what was sent to all, the newest first; `page` counts from 1, `lang` is `ja`, `ja-easy` or `en` |
//! | `/news.atom` | the newest of it as an Atom feed; `lang` as above |
//! | `/assets/portal-HASH.css` | the style |
//!
//! Where the town does not want its broadcasts to be public, none of them but the style is found.

mod feed;
mod frame;
mod news;
mod respond;
mod style;
mod words;

use std::ops::Range;

use app::broadcast::public::{PublicPage, SHOWN_MAX};
use app::error::{Chain, Error};
use aws::web::origin_of;
use bytes::Bytes;
use domain::language::Language;
use domain::town::Town;
use http::header::{ALLOW, InvalidHeaderValue};
use http::{HeaderValue, Method, Request, Response, StatusCode};

use crate::frame::Link;
use crate::news::Shown;
use crate::respond::{Kept, answer, elsewhere, finished};
use crate::words::Said;

/// A page of `/news` has so many broadcasts.
pub const PAGE: usize = 30;
/// The feed has so many.
pub const FEED: usize = 50;

/// The function's parts.
pub struct Portal {
    page: PublicPage,
    policy: HeaderValue,
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Asked {
    Page(Page),
    Style,
}

/// What is there only where the town wants it.
#[derive(Clone, Copy)]
enum Page {
    Home,
    News,
    Feed,
}

impl Asked {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/" => Some(Self::Page(Page::Home)),
            "/news" => Some(Self::Page(Page::News)),
            "/news.atom" => Some(Self::Page(Page::Feed)),
            path if path == style::path() => Some(Self::Style),
            _ => None,
        }
    }
}

impl Portal {
    /// The portal, whose pages show pictures from `pictures_base` and load nothing else from elsewhere.
    pub fn new(page: PublicPage, pictures_base: &str) -> Result<Self, InvalidHeaderValue> {
        let pictures = pictures_base.trim_end_matches('/');
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src {pictures}/; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
        Ok(Self { page, policy: HeaderValue::try_from(policy)? })
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<String> {
        let response = self.find(&request).await.unwrap_or_else(|error| {
            tracing::error!(error = %Chain(&error), "page not made");
            said(StatusCode::SERVICE_UNAVAILABLE, Kept::NotAtAll, words::BROKEN)
        });
        finished(response, request.headers(), &self.policy)
    }

    async fn find(&self, request: &Request<Bytes>) -> Result<Response<String>, Error> {
        let not_found = || said(StatusCode::NOT_FOUND, Kept::AMinute, words::NOT_FOUND);
        let Some(asked) = Asked::of(request.uri().path()) else { return Ok(not_found()) };
        let is_read = *request.method() == Method::GET;
        let page = match asked {
            // The page that says that there is nothing needs it, too.
            Asked::Style if is_read => return Ok(style()),
            Asked::Style => return Ok(only_read()),
            Asked::Page(page) => page,
        };
        let Some(town) = self.page.open().await? else { return Ok(not_found()) };
        if !is_read {
            return Ok(only_read());
        }
        let query = Query::of(request, &town);
        Ok(match page {
            Page::Home => elsewhere(news::PATH),
            Page::Feed => self.feed(&town, query.language, &origin_of(request.headers())).await?,
            Page::News => match query.page {
                Some(page) => self.news(&town, query.language, page).await?.unwrap_or_else(not_found),
                None => not_found(),
            },
        })
    }

    /// A page of the news, counted from 1; `None` where there are not so many.
    async fn news(&self, town: &Town, language: Language, page: usize) -> Result<Option<Response<String>>, Error> {
        let found = self.page.find(town, language, of_page(page)).await?;
        if found.published.is_empty() && 1 < page {
            return Ok(None);
        }
        let pages = found.count.div_ceil(PAGE).max(1);
        let markup = news::news(&Shown { town, language, page, pages, found: &found });
        Ok(Some(answer(StatusCode::OK, "text/html; charset=utf-8", Kept::AMinute, markup.into_string())))
    }

    async fn feed(&self, town: &Town, language: Language, origin: &str) -> Result<Response<String>, Error> {
        let found = self.page.find(town, language, 0..FEED).await?;
        let feed = feed::feed(town, language, origin, &found.published);
        Ok(answer(StatusCode::OK, "application/atom+xml; charset=utf-8", Kept::AMinute, feed))
    }
}

fn style() -> Response<String> {
    answer(StatusCode::OK, "text/css; charset=utf-8", Kept::ForGood, style::STYLE.to_owned())
}

fn only_read() -> Response<String> {
    let mut response = said(StatusCode::METHOD_NOT_ALLOWED, Kept::NotAtAll, words::NOT_FOUND);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    response
}

fn of_page(page: usize) -> Range<usize> {
    let end = page.min(SHOWN_MAX) * PAGE;
    end - PAGE..end
}

/// What stands behind the question mark.
struct Query {
    /// One that the town offers, else Japanese.
    language: Language,
    /// From 1; `None` if it is no such number.
    page: Option<usize>,
}

impl Query {
    fn of(request: &Request<Bytes>, town: &Town) -> Self {
        let mut query = Self { language: Language::Japanese, page: Some(1) };
        for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
            match &*name {
                "lang" => {
                    let offered = value.parse().ok().filter(|language| town.profile.languages.contains(language));
                    query.language = offered.unwrap_or_default();
                }
                "page" => query.page = value.parse().ok().filter(|page| (1..=SHOWN_MAX).contains(page)),
                _ => {}
            }
        }
        query
    }
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
