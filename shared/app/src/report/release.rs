//! What staff show everybody of a report: their own words, and copies of its photos in which what they marked cannot be recognised.
//!
//! A copy is kept once the report names it, and erased before the report lets it go: a crash between the two leaves a picture that is
//! missing, and never one of which nobody knows any more. Nothing is kept of what staff only look at.

mod blur;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::broadcast::content::PictureId;
use domain::ids::{PhotoId, ReportId, StaffId};
use domain::report::photo::PhotoState;
use domain::report::release::{Area, Release, ReleasedPhoto};
use domain::report::{By, Deed, Entry, Refusal, Report, What};
use image::DynamicImage;

use super::desk::{Outcome, ReportDesk};
use super::photo::LARGE_SIDE;
use crate::error::{Error, Kind};
use crate::images::{self, Bounds, Fault};
use crate::pictures::{PREVIEW_SIDE, Picture};
use crate::ports::pictures::PhotoCopies;
use crate::ports::reports::PhotoFiles;
use crate::ports::{Chance, PictureAddresses, Versioned};

/// What is read: our own files.
const BOUNDS: Bounds = Bounds { pixels: 4_200_000, side: LARGE_SIDE, bytes: 60_000_000 };
const QUALITY: u8 = 85;
const COPYING: &str = "copy a photo for everybody";

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct ReleaseDesk {
    /// What staff do with reports otherwise.
    pub desk: ReportDesk,
    /// The photos.
    pub files: Arc<dyn PhotoFiles>,
    /// What everybody may see of them.
    pub copies: Arc<dyn PhotoCopies>,
    /// Where everybody finds that.
    pub addresses: Arc<dyn PictureAddresses>,
    /// Ids of copies that nobody can guess.
    pub chance: Arc<dyn Chance>,
}

/// A photo that is to be seen, and what of it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Which.
    pub photo: PhotoId,
    /// What is made unrecognisable.
    pub areas: Vec<Area>,
}

/// What everybody is to see, in the words of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What is broken.
    pub what: String,
    /// Where it is.
    pub place: String,
    /// What became of it.
    pub outcome: String,
    /// The photos, in their order.
    pub photos: Vec<Marked>,
}

impl ReleaseDesk {
    /// The photos as everybody would see them, as JPEG files; `None` if one of them cannot be shown. Nothing is kept.
    pub async fn preview(&self, report: &Report, photos: &[Marked]) -> Result<Option<Vec<Vec<u8>>>, Error> {
        let pictures = self.pictures(report, photos).await?;
        Ok(pictures.map(|pictures| pictures.into_iter().map(|picture| picture.preview).collect()))
    }

    /// Lets everybody see a report, as it was seen: with so many entries in its history. The same again does what was left undone.
    pub async fn release(&self, id: &ReportId, seen: usize, wanted: &Wanted, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.desk.look(id).await? else { return Ok(Outcome::Nowhere) };
        let is_again = is_last(&there.value, seen, &What::Released, by) && wanted.is(there.value.release.as_ref());
        if !is_again && there.value.history.len() != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        let Some(pictures) = self.pictures(&there.value, &wanted.photos).await? else {
            return Ok(Outcome::Refused(Refusal::NotItsPhoto));
        };
        let now = if is_again {
            Box::new(there)
        } else {
            match self.write(there, seen, wanted, by).await? {
                Outcome::Done(now) => now,
                // The other one of two clicks was faster.
                Outcome::Changed(now)
                    if is_last(&now.value, seen, &What::Released, by) && wanted.is(now.value.release.as_ref()) =>
                {
                    now
                }
                other @ (Outcome::Nowhere | Outcome::Changed(_) | Outcome::Refused(_)) => return Ok(other),
            }
        };
        for (shown, picture) in shown(&now.value).iter().zip(&pictures) {
            self.copies.keep(&shown.copy, picture).await?;
        }
        self.without_withdrawn(now, by).await
    }

    /// Writes what everybody is to see, once the copies are gone that they saw before.
    async fn write(
        &self,
        there: Versioned<Report>,
        seen: usize,
        wanted: &Wanted,
        by: &StaffId,
    ) -> Result<Outcome, Error> {
        let copy = |marked: &Marked| ReleasedPhoto {
            of: marked.photo.clone(),
            copy: PictureId::of(self.chance.bytes()),
            areas: marked.areas.clone(),
        };
        let now = self.desk.clock.now();
        let deed = Deed::Release(Release {
            at: now,
            what: wanted.what.clone(),
            place: wanted.place.clone(),
            outcome: wanted.outcome.clone(),
            photos: wanted.photos.iter().map(copy).collect(),
            taken_back: Vec::new(),
        });
        if let Err(refusal) = there.value.clone().act(deed.clone(), by, now) {
            return Ok(Outcome::Refused(refusal));
        }
        self.erase(&copied_of(&there.value)).await?;
        self.desk.act(&there.value.id, seen, deed, by).await
    }

    /// Lets nobody else see anything of a report any more, as it was seen. The same again changes nothing.
    pub async fn hide(&self, id: &ReportId, seen: usize, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.desk.look(id).await? else { return Ok(Outcome::Nowhere) };
        if is_last(&there.value, seen, &What::Hidden, by) {
            return Ok(Outcome::Done(Box::new(there)));
        }
        if there.value.history.len() != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        self.erase(&copied_of(&there.value)).await?;
        Ok(match self.desk.act(id, seen, Deed::Hide, by).await? {
            // The other one of two clicks was faster.
            Outcome::Changed(now) if is_last(&now.value, seen, &What::Hidden, by) => Outcome::Done(now),
            other @ (Outcome::Done(_) | Outcome::Nowhere | Outcome::Changed(_) | Outcome::Refused(_)) => other,
        })
    }

    /// The same report without photos that were taken back while they were copied: whoever did that saw no release from which to take
    /// them ([`withdraw`](super::withdraw::withdraw)).
    async fn without_withdrawn(&self, now: Box<Versioned<Report>>, by: &StaffId) -> Result<Outcome, Error> {
        let Some(release) = &now.value.release else { return Ok(Outcome::Done(now)) };
        let ids: Vec<PhotoId> = release.photos.iter().map(|shown| shown.of.clone()).collect();
        let kept = self.kept(&ids).await?;
        let (left, gone): (Vec<_>, Vec<_>) = release.photos.iter().cloned().partition(|shown| kept.contains(&shown.of));
        if gone.is_empty() {
            return Ok(Outcome::Done(now));
        }
        self.erase(&gone).await?;
        let deed = Deed::Release(Release { photos: left, ..release.clone() });
        match self.desk.act(&now.value.id, now.value.history.len(), deed, by).await? {
            // Whoever took it back was there first.
            Outcome::Refused(Refusal::Unchanged) => Ok(Outcome::Done(now)),
            done => Ok(done),
        }
    }

    /// What everybody would see of these photos, in their order; `None` if one of them cannot be shown.
    async fn pictures(&self, report: &Report, photos: &[Marked]) -> Result<Option<Vec<Picture>>, Error> {
        let ids: Vec<PhotoId> = photos.iter().map(|marked| marked.photo.clone()).collect();
        let kept = self.kept(&ids).await?;
        let mut pictures = Vec::with_capacity(photos.len());
        for marked in photos {
            if !report.photos.contains(&marked.photo) || !kept.contains(&marked.photo) {
                return Ok(None);
            }
            let Some(file) = self.files.large(&report.id, &marked.photo).await? else { return Ok(None) };
            let picture = copied(&file, &marked.areas);
            pictures.push(picture.map_err(|fault| Error::new(Kind::Permanent, COPYING, format!("{fault:?}")))?);
        }
        Ok(Some(pictures))
    }

    /// Which of these photos there are to be seen.
    async fn kept(&self, ids: &[PhotoId]) -> Result<BTreeSet<PhotoId>, Error> {
        let found = self.desk.reports.photos(ids).await?.into_iter().map(|read| read.value);
        Ok(found.filter(|photo| matches!(photo.state, PhotoState::Kept { .. })).map(|photo| photo.id).collect())
    }

    async fn erase(&self, copies: &[ReleasedPhoto]) -> Result<(), Error> {
        for shown in copies {
            self.copies.erase(&shown.copy).await?;
        }
        Ok(())
    }
}

impl Wanted {
    /// Whether just this is what everybody sees.
    fn is(&self, release: Option<&Release>) -> bool {
        release.is_some_and(|release| {
            let photos = release.photos.iter().map(|shown| (&shown.of, &shown.areas));
            [&self.what, &self.place, &self.outcome] == [&release.what, &release.place, &release.outcome]
                && self.photos.iter().map(|marked| (&marked.photo, &marked.areas)).eq(photos)
        })
    }
}

/// Whether nothing happened since but that this person did this: they clicked twice.
fn is_last(report: &Report, seen: usize, wanted: &What, by: &StaffId) -> bool {
    let since = report.history.get(seen..).unwrap_or_default();
    matches!(since, [Entry { by: By::Staff(who), what, .. }] if who == by && what == wanted)
}

/// The copies that everybody sees of a report.
fn shown(report: &Report) -> &[ReleasedPhoto] {
    report.release.as_ref().map_or(&[], |release| &release.photos)
}

/// All copies that are kept of a report, also those that nobody sees any more.
fn copied_of(report: &Report) -> Vec<ReleasedPhoto> {
    let all = report.release.iter().flat_map(|release| release.photos.iter().chain(&release.taken_back));
    all.cloned().collect()
}

/// A copy of our own file in which the marked parts cannot be recognised. It is no larger than what staff look at before it is out: what
/// they cannot see there, nobody else shall find.
fn copied(file: &[u8], areas: &[Area]) -> Result<Picture, Fault> {
    let mut image = images::decode(file, &BOUNDS, LARGE_SIDE)?.image.into_rgb8();
    blur::blur(&mut image, areas);
    let seen = images::shrunk(&DynamicImage::ImageRgb8(image), PREVIEW_SIDE);
    let file = images::jpeg(&seen, QUALITY)?;
    Ok(Picture { original: file.clone(), preview: file })
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    #[test]
    fn nothing_is_shown_to_everybody_that_is_larger_than_what_was_looked_at() {
        let file = images::jpeg(&DynamicImage::ImageRgb8(RgbImage::new(2_048, 1_024)), QUALITY).unwrap();
        let Picture { original, preview } = copied(&file, &[]).unwrap();
        assert_eq!(original, preview, "the look at it shows the preview");
        let shown = images::decode(&original, &BOUNDS, LARGE_SIDE).unwrap().image.into_rgb8();
        assert_eq!(shown.dimensions(), (PREVIEW_SIDE, PREVIEW_SIDE / 2));
    }
}
