//! What the public sees of a report (公開): what staff released, in their own words, with the photos that they made fit to be seen.
//!
//! Nothing of it is taken from what the reporter wrote: whoever writes to a city does not write to everybody.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::acts::{Refusal, said, written};
use super::place::Point;
use super::{By, Report, Standing, Told, What};
use crate::broadcast::content::PictureId;
use crate::ids::{DepartmentId, DistrictId, PhotoId, ReportId, ReportKindId};

/// Where and what it is, each in at most so many characters.
pub const RELEASED_CHARS_MAX: usize = 200;
/// Of a photo so many parts may be marked.
pub const AREAS_MAX: usize = 30;
/// A whole side.
const WHOLE: u16 = 1_000;

/// A report as staff released it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// When it was released in this form.
    pub at: Timestamp,
    /// What is broken, in the words of staff; at most [`RELEASED_CHARS_MAX`] characters.
    pub what: String,
    /// Where it is, in the words of staff: 中央公園の北側の入口. At most [`RELEASED_CHARS_MAX`] characters, perhaps none.
    pub place: String,
    /// What became of it, in the words of staff; at most [`RELEASED_CHARS_MAX`] characters, perhaps none.
    pub outcome: String,
    /// The photos that may be seen, in the order in which they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<ReleasedPhoto>,
    /// Photos that were among them and are being taken back: nobody sees them any more. They stand here until it is certain that their
    /// copies will be erased, so that no copy is ever kept of which nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_back: Vec<ReleasedPhoto>,
}

/// A photo that may be seen by everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedPhoto {
    /// Of which photo of the report it is a copy.
    pub of: PhotoId,
    /// The copy, in which what staff marked is blurred. Another marking makes another copy.
    pub copy: PictureId,
    /// What staff marked; at most [`AREAS_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Area>,
}

/// A part of a photo, upright, in thousandths of its width and its height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[u16; 4]", into = "[u16; 4]")]
pub struct Area {
    left: u16,
    top: u16,
    width: u16,
    height: u16,
}

/// Numbers that are no part of a photo: nothing, or beyond its edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no part of a photo")]
pub struct NoArea;

impl Area {
    /// The part that begins so far from the left and from the top, and is so wide and so high.
    pub fn new(left: u16, top: u16, width: u16, height: u16) -> Result<Self, NoArea> {
        let fits = |begin: u16, length: u16| 0 < length && begin.checked_add(length).is_some_and(|end| end <= WHOLE);
        if fits(left, width) && fits(top, height) { Ok(Self { left, top, width, height }) } else { Err(NoArea) }
    }

    /// From which pixel of a width of so many to which it reaches: all that it touches.
    #[must_use]
    pub fn columns(self, width: u32) -> Range<u32> {
        touched(width, self.left, self.width)
    }

    /// The same of a height.
    #[must_use]
    pub fn rows(self, height: u32) -> Range<u32> {
        touched(height, self.top, self.height)
    }
}

fn touched(side: u32, begin: u16, length: u16) -> Range<u32> {
    let of = |thousandths: u16| u64::from(side) * u64::from(thousandths);
    let first = of(begin) / u64::from(WHOLE);
    let end = of(begin + length).div_ceil(u64::from(WHOLE));
    u32::try_from(first).unwrap_or(side)..u32::try_from(end).unwrap_or(side)
}

impl TryFrom<[u16; 4]> for Area {
    type Error = NoArea;

    fn try_from([left, top, width, height]: [u16; 4]) -> Result<Self, NoArea> {
        Self::new(left, top, width, height)
    }
}

impl From<Area> for [u16; 4] {
    fn from(Area { left, top, width, height }: Area) -> Self {
        [left, top, width, height]
    }
}

/// A report as the public sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicReport {
    /// Which.
    pub id: ReportId,
    /// Of which kind.
    pub kind: ReportKindId,
    /// Who works on it.
    pub department: DepartmentId,
    /// How it stands.
    pub standing: Standing,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When it last changed in what is seen here.
    pub changed_at: Timestamp,
    /// Where it is.
    pub point: Point,
    /// In which district it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<DistrictId>,
    /// What staff say.
    pub release: Release,
}

impl fmt::Debug for PublicReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicReport").field("id", &self.id).field("standing", &self.standing).finish_non_exhaustive()
    }
}

impl Release {
    /// As it is kept: each text without blanks around it, and none too long.
    fn worded(self) -> Result<Self, Refusal> {
        let short =
            |text: String| if text.chars().count() > RELEASED_CHARS_MAX { Err(Refusal::TooLong) } else { Ok(text) };
        Ok(Self {
            what: said(&self.what).and_then(short)?,
            place: written(&self.place).and_then(short)?,
            outcome: written(&self.outcome).and_then(short)?,
            ..self
        })
    }
}

impl Report {
    /// Lets everybody see it so. What stands under another report is not shown beside it; nor is what was erased when it was closed, at a
    /// place where it was not.
    pub(super) fn release_as(&mut self, release: Release, by: By, now: Timestamp) -> Result<usize, Refusal> {
        if self.state.standing() == Standing::Duplicate || self.is_placed_roughly() {
            return Err(Refusal::WrongState);
        }
        let release = Release { at: now, ..release.worded()? };
        if release.photos.iter().any(|photo| AREAS_MAX < photo.areas.len()) {
            return Err(Refusal::TooLong);
        }
        let mut those = BTreeSet::new();
        if !release.photos.iter().all(|photo| self.photos.contains(&photo.of) && those.insert(&photo.of)) {
            return Err(Refusal::NotItsPhoto);
        }
        if self.release.as_ref().is_some_and(|old| Release { at: now, ..old.clone() } == release) {
            return Err(Refusal::Unchanged);
        }
        let entry = self.enter(What::Released, by, Told::No, now)?;
        self.release = Some(release);
        Ok(entry)
    }

    /// Takes a photo out of what everybody sees, because it is taken back; gives the copies that are to be erased, also those of an earlier
    /// call. It is no entry of the history: that the photo is gone is seen at the photo.
    pub fn unrelease(&mut self, photo: &PhotoId) -> Vec<PictureId> {
        let Some(release) = &mut self.release else { return Vec::new() };
        let (gone, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut release.photos).into_iter().partition(|shown| shown.of == *photo);
        release.photos = left;
        release.taken_back.extend(gone);
        let of_it = release.taken_back.iter().filter(|shown| shown.of == *photo);
        of_it.map(|shown| shown.copy.clone()).collect()
    }

    /// Forgets the copies of a photo that was taken out of what everybody saw: it is certain that they are erased.
    pub fn forget_copies(&mut self, photo: &PhotoId) {
        if let Some(release) = &mut self.release {
            release.taken_back.retain(|shown| shown.of != *photo);
        }
    }

    /// What the public sees of it; `None` where it was not released, or stands under another one.
    #[must_use]
    pub fn public(&self) -> Option<PublicReport> {
        let release = Release { taken_back: Vec::new(), ..self.release.clone()? };
        let standing = self.state.standing();
        (standing != Standing::Duplicate).then(|| PublicReport {
            id: self.id.clone(),
            kind: self.kind.clone(),
            department: self.department.clone(),
            standing,
            filed_at: self.filed_at,
            changed_at: self.turned_at().max(release.at),
            point: self.place.point,
            district: self.place.district.clone(),
            release,
        })
    }

    /// When it began to stand where it stands, or came to another department or kind or place.
    fn turned_at(&self) -> Timestamp {
        let is_seen = |what: &What| match what {
            What::Filed | What::State { .. } | What::Moved { .. } | What::KindChanged { .. } | What::Placed => true,
            What::Answered(_)
            | What::Commented(_)
            | What::Noted(_)
            | What::Assigned(_)
            | What::Priority(_)
            | What::Due(_)
            | What::Merged(_)
            | What::Released
            | What::Hidden
            | What::Erased => false,
        };
        self.history.iter().rev().find(|entry| is_seen(&entry.what)).map_or(self.filed_at, |entry| entry.at)
    }
}
