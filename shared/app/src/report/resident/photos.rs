//! Photos on the way into a report: where the browser puts them, what became of them, and that they are taken back.

use domain::ids::{PhotoId, ReportId, ResidentId};
use domain::report::photo::{PHOTOS_MAX, Photo, PhotoFault, PhotoState};
use uuid::Uuid;

use super::{Denied, Fault, OwnPhoto, Part, ResidentDesk, Stop};
use crate::error::Error;
use crate::ports::reports::{PhotoJob, Upload};
use crate::ports::staff::Written;
use crate::report::photo::FILE_BYTES_MAX;
use crate::report::withdraw::withdraw;
use crate::report::{RACES_MAX, outrun};

/// So many photos can be begun for a report: those that are taken back and those that are refused count, too.
pub const SLOTS: u8 = 20;
/// The media types that are taken. HEIC is refused later, with words that help.
const TYPES: [&str; 5] = ["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"];
/// Ids of photos are computed in this namespace from report, resident and slot.
const PHOTO_IDS: Uuid = Uuid::from_u128(0x6b61_6972_616e_5f75_706c_6f61_645f_6b31);

const BEGINNING: &str = "begin a photo";

/// For which photo somebody asks where to put it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Of which report, which is not filed yet.
    pub report: ReportId,
    /// Which of the report's photos; the same again is the same photo.
    pub slot: Slot,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
}

/// The place of a photo among those that were begun for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(u8);

impl Slot {
    /// The one of a number below [`SLOTS`].
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (number < SLOTS).then_some(Self(number))
    }

    /// The id of the photo that a resident begins here.
    fn photo(self, report: &ReportId, by: &ResidentId) -> PhotoId {
        let name = format!("{report}/{}/{}", by.as_str(), self.0);
        PhotoId::of_uuid(Uuid::new_v5(&PHOTO_IDS, name.as_bytes()).into_bytes())
    }
}

impl ResidentDesk {
    /// Where to put a photo. The same again is the same photo with a fresh link: the answer may be lost, and links end soon.
    pub async fn add_photo(&self, who: &ResidentId, asked: &Asked) -> Result<(PhotoId, Upload), Stop> {
        let Asked { report, slot, bytes, media_type } = asked;
        self.must_be_fresh(report)?;
        if *bytes == 0 || FILE_BYTES_MAX < *bytes {
            let fault = if *bytes == 0 { Fault::Invalid } else { Fault::TooLarge };
            return Err(Denied::Unfit(Part::Bytes, fault).into());
        }
        if !TYPES.contains(&media_type.as_str()) {
            return Err(Denied::Unfit(Part::Type, Fault::Unknown).into());
        }
        if self.reports.find(report).await?.is_some() {
            return Err(Denied::FiledOtherwise.into());
        }
        let id = slot.photo(report, who);
        self.begin_photo(who, report, &id).await?;
        let upload = self.uploads.link(report, &id, *bytes, media_type).await?;
        Ok((id, upload))
    }

    /// Writes the item of a photo that is to come, unless it is awaited already.
    async fn begin_photo(&self, who: &ResidentId, report: &ReportId, id: &PhotoId) -> Result<(), Stop> {
        let job = PhotoJob::Uploaded { photo: id.clone(), report: report.clone() };
        let slots: Vec<PhotoId> = (0..SLOTS).map(|number| Slot(number).photo(report, who)).collect();
        for _ in 0..RACES_MAX {
            let begun = self.reports.photos(&slots).await?;
            let there = begun.iter().find(|photo| photo.value.id == *id);
            match there.map(|there| &there.value.state) {
                Some(PhotoState::Waiting) => return Ok(()),
                // It was waited for too long, as for a phone without a line. It may come all the same, and is awaited again.
                None | Some(PhotoState::Refused(PhotoFault::Gone)) => {}
                Some(PhotoState::Kept { .. } | PhotoState::Refused(_)) => {
                    return Err(Denied::PhotoCame(id.clone()).into());
                }
                Some(PhotoState::Withdrawn) => return Err(Denied::PhotoWithdrawn.into()),
            }
            let counts = |state: &PhotoState| match state {
                PhotoState::Waiting | PhotoState::Kept { .. } => true,
                PhotoState::Refused(_) | PhotoState::Withdrawn => false,
            };
            if PHOTOS_MAX <= begun.iter().filter(|photo| counts(&photo.value.state)).count() {
                return Err(Denied::Unfit(Part::Photos, Fault::TooMany).into());
            }
            self.jobs.put_photo(&job).await?;
            let photo = Photo {
                id: id.clone(),
                report: report.clone(),
                by: Some(who.clone()),
                at: self.clock.now(),
                state: PhotoState::Waiting,
            };
            if self.reports.put_photo(&photo, there.map(|there| there.version)).await? == Written::Done {
                return Ok(());
            }
        }
        Err(outrun(BEGINNING).into())
    }

    /// Takes a photo back, also out of a report that was filed.
    pub async fn withdraw_photo(&self, who: &ResidentId, id: &PhotoId) -> Result<(), Stop> {
        let found = self.reports.photos(std::slice::from_ref(id)).await?.pop();
        if found.is_none_or(|photo| photo.value.by.as_ref() != Some(who)) {
            return Err(Denied::NotFound.into());
        }
        Ok(withdraw(&*self.reports, &*self.jobs, id).await?)
    }

    /// What became of photos of theirs; others are left out.
    pub async fn photos(&self, who: &ResidentId, ids: &[PhotoId]) -> Result<Vec<OwnPhoto>, Error> {
        let mut own = Vec::new();
        for photo in self.reports.photos(ids).await?.into_iter().map(|photo| photo.value) {
            if photo.by.as_ref() != Some(who) {
                continue;
            }
            let links = match photo.state {
                PhotoState::Kept { .. } => Some(self.files.links(&photo.report, &photo.id).await?),
                PhotoState::Waiting | PhotoState::Refused(_) | PhotoState::Withdrawn => None,
            };
            own.push((photo, links));
        }
        Ok(own)
    }
}
