//! Filing a report on the pages: what was said is checked as the chat does, the report is written once, and its photos go with it.

use std::collections::BTreeSet;

use domain::conversation::{DRAFT_LIFE, unknown_answer};
use domain::ids::{DistrictId, PhotoId, QuestionId, ReportId, ReportKindId, ResidentId};
use domain::report::draft::{Draft, DraftPhoto, Step};
use domain::report::kind::{ReportKind, UnfitAnswer};
use domain::report::photo::{Photo, PhotoState};
use domain::report::place::{PLACE_CHARS_MAX, Place, PlaceSource, Point};
use domain::report::{Answer, Refusal, Report, Reporter};
use jiff::SignedDuration;

use super::{Denied, Fault, Part, ResidentDesk, Stop};
use crate::error::Error;
use crate::ports::reports::ChangeJob;
use crate::ports::staff::Written;
use crate::report::{RACES_MAX, outrun};

/// A resident files at most so many reports within [`DAY`].
pub const FILED_A_DAY_MAX: usize = 20;
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Of a resident's latest reports so many are looked through for that; what they follow is among them.
const LOOKED_THROUGH: usize = 200;
/// Clocks of the functions that mint ids and take them back differ by no more.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(1);

const FILING: &str = "file a resident's report";

/// What a resident files. There is no `Debug`: it holds what they wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Wish {
    /// The id that the report is to have.
    pub report: ReportId,
    /// Of which kind it is.
    pub kind: ReportKindId,
    /// What they answered; an empty text: they cannot say.
    pub answers: Vec<Answer>,
    /// Where it is.
    pub point: Point,
    /// How far off that may be, in metres, if the device said so.
    pub accuracy_m: Option<u32>,
    /// What they call the place; perhaps nothing.
    pub place_text: String,
    /// How they know the place.
    pub source: PlaceSource,
    /// What they wrote; perhaps nothing.
    pub comment: String,
    /// The photos, in the order in which they are shown.
    pub photos: Vec<PhotoId>,
}

impl ResidentDesk {
    /// Files a report. The same again is the same report, whatever has changed since; where its kind is gone, it is only said that the
    /// report is filed.
    pub async fn file(&self, who: &ResidentId, wish: Wish) -> Result<ReportId, Stop> {
        let town = self.towns.current().await?;
        let Some(kind) = town.report_kind(&wish.kind) else {
            // Without the kind's questions it cannot be told whether the answers are the same.
            let is_filed = self.reports.find(&wish.report).await?.is_some();
            let denied = if is_filed { Denied::FiledOtherwise } else { Denied::Unfit(Part::Kind, Fault::Unknown) };
            return Err(denied.into());
        };
        let district = town.takes_reports_at(wish.point);
        for _ in 0..RACES_MAX {
            let there = self.reports.find(&wish.report).await?;
            let report = self.made_of(wish.clone(), kind, district.clone().unwrap_or_default(), who)?;
            if let Some(there) = there {
                let is_this = there.value.is_filed_like(&report);
                return if is_this { Ok(report.id) } else { Err(Denied::FiledOtherwise.into()) };
            }
            self.must_be_fresh(&report.id)?;
            if !kind.closed.ja.is_empty() {
                return Err(Denied::Unfit(Part::Kind, Fault::Closed).into());
            }
            if district.is_err() {
                return Err(Denied::Unfit(Part::Place, Fault::Outside).into());
            }
            self.must_have_sent(who, &report).await?;
            if FILED_A_DAY_MAX <= self.filed_today(who).await? {
                return Err(Denied::TooManyToday.into());
            }
            self.jobs.put_change(&ChangeJob::of(&report)).await?;
            if self.reports.put(&report, None, None).await? == Written::Done {
                return Ok(report.id);
            }
        }
        Err(outrun(FILING).into())
    }

    /// The report that a wish becomes.
    fn made_of(
        &self,
        wish: Wish,
        kind: &ReportKind,
        district: Option<DistrictId>,
        who: &ResidentId,
    ) -> Result<Report, Denied> {
        let now = self.clock.now();
        let Wish { report, answers, point, accuracy_m, place_text, source, comment, photos, .. } = wish;
        let answers = fit(answers, kind)?;
        let text = place_text.trim().replace(char::is_control, " ");
        let draft = Draft {
            id: report,
            step: Step::Summary,
            kind: Some(kind.id.clone()),
            answers,
            photos: photos.into_iter().map(|id| DraftPhoto { id, at: now, index: None }).collect(),
            place: Some(Place { point, accuracy_m, text, source, district }),
            comment,
        };
        // Kind and place are there.
        let filing = draft.filing(kind, who).map_err(|_| Denied::Unfit(Part::Answers, Fault::Missing))?;
        let place_is_long = filing.place.text.chars().count() > PLACE_CHARS_MAX;
        Report::file(filing, kind, now).map_err(|refusal| match refusal {
            Refusal::TooManyPhotos => Denied::Unfit(Part::Photos, Fault::TooMany),
            Refusal::TooLong if place_is_long => Denied::Unfit(Part::Place, Fault::TooLong),
            Refusal::TooLong => Denied::Unfit(Part::Comment, Fault::TooLong),
            other => Denied::Refused(other),
        })
    }

    /// An id is taken for as long as a draft of the chat lives.
    pub(super) fn must_be_fresh(&self, id: &ReportId) -> Result<(), Denied> {
        let now = self.clock.now();
        match id.minted_at() {
            Some(minted) if minted <= now - DRAFT_LIFE => Err(Denied::Unfit(Part::Report, Fault::TooOld)),
            Some(minted) if minted <= now + CLOCKS_DIFFER => Ok(()),
            Some(_) | None => Err(Denied::Unfit(Part::Report, Fault::Invalid)),
        }
    }

    /// The photos are theirs, were begun for this report, and were not taken back.
    async fn must_have_sent(&self, who: &ResidentId, report: &Report) -> Result<(), Stop> {
        let found = self.reports.photos(&report.photos).await?.into_iter().map(|photo| photo.value);
        let is_fit = |photo: &Photo| {
            photo.report == report.id && photo.by.as_ref() == Some(who) && photo.state != PhotoState::Withdrawn
        };
        if found.filter(is_fit).count() == report.photos.len() {
            Ok(())
        } else {
            Err(Denied::Unfit(Part::Photos, Fault::Unknown).into())
        }
    }

    /// How many reports they filed within a day. Whoever files several at once may come to one or two more.
    async fn filed_today(&self, who: &ResidentId) -> Result<usize, Error> {
        let since = self.clock.now() - DAY;
        // A report is filed within the life of a draft after its id was minted.
        let begun = ReportId::first_at(since - DRAFT_LIFE);
        let ids = self.reports.of_resident(who, LOOKED_THROUGH).await?;
        let ids: Vec<ReportId> = ids.into_iter().filter(|id| begun <= *id).collect();
        // There cannot be more of theirs than of all.
        if ids.len() < FILED_A_DAY_MAX {
            return Ok(ids.len());
        }
        let reports = self.read(ids).await?;
        let is_theirs = |report: &&Report| report.reporter == Reporter::Resident(who.clone());
        let theirs = reports.iter().flatten().filter(is_theirs);
        Ok(theirs.filter(|report| since < report.filed_at).count())
    }
}

/// The answers as they are kept: one to each question that the kind has.
fn fit(answers: Vec<Answer>, kind: &ReportKind) -> Result<Vec<Answer>, Denied> {
    let mut answered: BTreeSet<QuestionId> = BTreeSet::new();
    let mut fit = Vec::new();
    for Answer { question, text } in answers {
        let Some(asked) = kind.questions.iter().find(|asked| asked.id == question) else { continue };
        if !answered.insert(question.clone()) {
            continue;
        }
        let text = if text.trim().is_empty() { Ok(unknown_answer()) } else { asked.answer(&text) };
        let text = text.map_err(|unfit| match unfit {
            UnfitAnswer::NoChoice => Denied::Unfit(Part::Answers, Fault::Unknown),
            UnfitAnswer::TooLong => Denied::Unfit(Part::Answers, Fault::TooLong),
        })?;
        fit.push(Answer { question, text: text.to_owned() });
    }
    Ok(fit)
}
