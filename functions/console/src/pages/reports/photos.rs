//! The photos of a report, under addresses that hold for some minutes.

use std::collections::BTreeMap;

use app::ports::reports::PhotoLinks;
use domain::ids::PhotoId;
use domain::report::Report;
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::Point;
use futures_util::{StreamExt, TryStreamExt, stream};
use maud::{Markup, html};

use super::desk;
use crate::web::{Call, Failure, Page};
use crate::words::reports as words;

/// So many addresses are made at a time.
const AT_ONCE: usize = 8;

/// A photo, and where it is found if it is kept.
pub(super) struct Linked {
    photo: Photo,
    links: Option<PhotoLinks>,
}

/// The photos of a report, in its order.
pub(super) async fn of(call: &Call, report: &Report) -> Result<Vec<Linked>, Failure> {
    linked(call, &report.photos).await
}

/// Of each of these reports the first photo, by the photo's id.
pub(super) async fn first_of(call: &Call, reports: &[Report]) -> Result<BTreeMap<PhotoId, Linked>, Failure> {
    let ids: Vec<PhotoId> = reports.iter().filter_map(|report| report.photos.first().cloned()).collect();
    Ok(linked(call, &ids).await?.into_iter().map(|linked| (linked.photo.id.clone(), linked)).collect())
}

async fn linked(call: &Call, ids: &[PhotoId]) -> Result<Vec<Linked>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let photos = desk(call).reports.photos(ids).await?;
    let linking: Vec<_> = photos.into_iter().map(|found| Box::pin(link(call, found.value))).collect();
    stream::iter(linking).buffered(AT_ONCE).try_collect().await
}

async fn link(call: &Call, photo: Photo) -> Result<Linked, Failure> {
    let links = match &photo.state {
        PhotoState::Kept { .. } => Some(call.console.photo_files.links(&photo.report, &photo.id).await?),
        PhotoState::Waiting | PhotoState::Refused(_) | PhotoState::Withdrawn => None,
    };
    Ok(Linked { photo, links })
}

/// The page may show them.
pub(super) fn allowed<'a>(page: Page, photos: impl IntoIterator<Item = &'a Linked>) -> Page {
    photos
        .into_iter()
        .filter_map(|linked| linked.links.as_ref())
        .fold(page, |page, links| page.image_from(&links.large).image_from(&links.small))
}

/// A small one for a list, leading to its report; nothing where there is none to see.
pub(super) fn thumbnail(linked: Option<&Linked>, of: &str) -> Markup {
    html! {
        @if let Some(links) = linked.and_then(|linked| linked.links.as_ref()) {
            img.thumbnail src=(links.small) alt=(of) loading="lazy";
        }
    }
}

/// All of them, large, each with what there is to say about it. `take` is what can be done with a position that stood in a photo and
/// is not the report's.
pub(super) fn gallery(report: &Report, photos: &[Linked], take: &dyn Fn(Point) -> Markup) -> Markup {
    html! {
        @if photos.is_empty() { p { (words::NO_PHOTOS) } }
        @else {
            ul.photos {
                @for (at, linked) in photos.iter().enumerate() { li { (one(report, linked, &words::photo(at + 1), take)) } }
            }
        }
    }
}

fn one(report: &Report, linked: &Linked, name: &str, take: &dyn Fn(Point) -> Markup) -> Markup {
    html! {
        @match (&linked.photo.state, &linked.links) {
            (PhotoState::Kept { width, height, gps, .. }, Some(links)) => {
                figure {
                    a href=(links.large) target="_blank" rel="noopener" {
                        img src=(links.large) alt=(name) width=(width) height=(height);
                    }
                    figcaption {
                        (name)
                        @if let Some(point) = gps {
                            br; (words::in_photo(&point.text(), point.distance_m(report.place.point)))
                            @if *point != report.place.point { (take(*point)) }
                        }
                    }
                }
            }
            (PhotoState::Refused(fault), _) => p { (name) "：" (words::fault(*fault)) },
            (PhotoState::Withdrawn, _) => p { (name) "：" (words::WITHDRAWN) },
            (PhotoState::Waiting | PhotoState::Kept { .. }, _) => p { (name) "：" (words::WAITING) },
        }
    }
}

/// A photo that there is to see.
pub(super) struct Kept<'a> {
    /// Which.
    pub(super) id: &'a PhotoId,
    /// Its place among all photos of the report, from 1.
    pub(super) number: usize,
    /// Pixels from left to right.
    pub(super) width: u32,
    /// Pixels from top to bottom.
    pub(super) height: u32,
    /// Where it is found.
    pub(super) links: &'a PhotoLinks,
}

/// Only those that there are to see.
pub(super) fn kept(photos: &[Linked]) -> impl Iterator<Item = Kept<'_>> {
    photos.iter().enumerate().filter_map(|(at, Linked { photo, links })| {
        let PhotoState::Kept { width, height, .. } = photo.state else { return None };
        Some(Kept { id: &photo.id, number: at + 1, width, height, links: links.as_ref()? })
    })
}

/// For a sheet of paper.
pub(super) fn printed(photos: &[Linked]) -> Markup {
    html! {
        div.sheet-photos {
            @for photo in kept(photos) {
                img src=(photo.links.large) alt=(words::photo(photo.number)) width=(photo.width) height=(photo.height);
            }
        }
    }
}
