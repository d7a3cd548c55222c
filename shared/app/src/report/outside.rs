//! Reports that other systems file, each with its key. Whoever files the same again within some minutes, as after an answer that was
//! lost, files once: the id is computed from what is filed.

use std::sync::Arc;

use domain::ids::{QuestionId, ReportId, ReportKindId};
use domain::report::kind::{ReportKind, UnfitAnswer};
use domain::report::place::{Place, PlaceSource, Point};
use domain::report::{Answer, By, Filing, Priority, Refusal, Report, Reporter};
use domain::text::hex;
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::outrun;
use crate::error::Error;
use crate::ports::Clock;
use crate::ports::outside::{ApiKey, ApiKeys};
use crate::ports::reports::{ChangeJob, ReportJobs, Reports};
use crate::ports::staff::Written;

/// The same from the same system within this time is the same report.
pub const SAME_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct OutsideDesk {
    /// The keys of other systems.
    pub keys: Arc<dyn ApiKeys>,
    /// The reports.
    pub reports: Arc<dyn Reports>,
    /// What follows from them.
    pub jobs: Arc<dyn ReportJobs>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What another system files. It is personal, and has no `Debug`.
#[derive(Clone)]
pub struct OutsideFiling {
    /// Of which kind it is.
    pub kind: ReportKindId,
    /// Where it is.
    pub point: Point,
    /// What the other system calls the place; perhaps nothing.
    pub place: String,
    /// What was answered to the kind's questions; none of them must be.
    pub answers: Vec<Answer>,
    /// What is broken, as somebody wrote it.
    pub comment: String,
    /// How to reach whoever reports it; perhaps nothing.
    pub contact: String,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is filed, now or by an earlier attempt.
    Filed(Box<Report>),
    /// The town has no such kind.
    NoKind,
    /// Nothing of the kind is taken at the moment.
    Closed,
    /// The place is outside the town.
    Elsewhere,
    /// An answer is none of those that can be chosen.
    NotOffered(QuestionId),
    /// It has no text, or something in it is too long.
    Refused(Refusal),
}

impl OutsideDesk {
    /// Whose key this is; `None` where it is nobody's.
    pub async fn system(&self, key: &str) -> Result<Option<ApiKey>, Error> {
        self.keys.find(&hash_of(key)).await
    }

    /// Files a report for a system.
    pub async fn file(&self, town: &Town, system: &ApiKey, filing: OutsideFiling) -> Result<Outcome, Error> {
        let Some(kind) = town.report_kind(&filing.kind) else { return Ok(Outcome::NoKind) };
        if !kind.closed.ja.is_empty() {
            return Ok(Outcome::Closed);
        }
        let Ok(district) = town.takes_reports_at(filing.point) else { return Ok(Outcome::Elsewhere) };
        let fitted: Result<Vec<Answer>, Outcome> =
            filing.answers.into_iter().map(|answer| fitted(kind, answer)).collect();
        let filing = match fitted {
            Ok(answers) => OutsideFiling { answers, ..filing },
            Err(refused) => return Ok(refused),
        };
        if filing.comment.trim().is_empty() {
            return Ok(Outcome::Refused(Refusal::Empty));
        }
        let now = self.clock.now();
        let [earlier, id] = ids(system, &filing, now);
        for id in [&earlier, &id] {
            if let Some(there) = self.there(id, now).await? {
                return Ok(Outcome::Filed(Box::new(there)));
            }
        }
        let OutsideFiling { kind: _, point, place, answers, comment, contact } = filing;
        let place = Place { point, accuracy_m: None, text: place, source: PlaceSource::Outside, district };
        let (by, reporter) = (By::Outside(system.name.clone()), Reporter::Told { contact });
        let (photos, priority) = (Vec::new(), Priority::Normal);
        match Report::file(Filing { id, place, answers, comment, reporter, photos, priority, by }, kind, now) {
            Ok(report) => self.write(report, now).await,
            Err(refusal) => Ok(Outcome::Refused(refusal)),
        }
    }

    async fn write(&self, report: Report, now: Timestamp) -> Result<Outcome, Error> {
        self.jobs.put_change(&ChangeJob::of(&report)).await?;
        match self.reports.put(&report, None, None).await? {
            Written::Done => Ok(Outcome::Filed(Box::new(report))),
            Written::Raced => match self.there(&report.id, now).await? {
                Some(there) => Ok(Outcome::Filed(Box::new(there))),
                None => Err(outrun("file a report of another system")),
            },
        }
    }

    /// The report of an id, if the same can still be filed again as it.
    async fn there(&self, id: &ReportId, now: Timestamp) -> Result<Option<Report>, Error> {
        let there = self.reports.find(id).await?.map(|there| there.value);
        Ok(there.filter(|there| now.duration_since(there.filed_at) <= SAME_WITHIN))
    }
}

/// What is kept of a key: its SHA-256 in hex.
#[must_use]
pub fn hash_of(key: &str) -> String {
    hex(&Sha256::digest(key))
}

/// An answer as it is kept; one to a question that the town does not ask any more is left out later.
fn fitted(kind: &ReportKind, answer: Answer) -> Result<Answer, Outcome> {
    let Some(question) = kind.questions.iter().find(|question| question.id == answer.question) else {
        return Ok(answer);
    };
    match question.answer(&answer.text) {
        Ok(text) => Ok(Answer { text: text.to_owned(), ..answer }),
        Err(UnfitAnswer::NoChoice) => Err(Outcome::NotOffered(answer.question)),
        Err(UnfitAnswer::TooLong) => Err(Outcome::Refused(Refusal::TooLong)),
    }
}

/// The ids that a filing has: time goes in steps of [`SAME_WITHIN`], and the same may have been filed in the step before this one.
fn ids(system: &ApiKey, filing: &OutsideFiling, now: Timestamp) -> [ReportId; 2] {
    let digest = digest(system, filing);
    let step = SAME_WITHIN.as_secs();
    let begun = now.as_second().div_euclid(step) * step;
    [begun - step, begun].map(|at| ReportId::computed(Timestamp::from_second(at).unwrap_or(now), digest))
}

/// Of everything that makes it this filing and no other one.
fn digest(system: &ApiKey, filing: &OutsideFiling) -> [u8; 16] {
    let OutsideFiling { kind, point, place, answers, comment, contact } = filing;
    let point = point.text();
    let answers = answers.iter().flat_map(|answer| [answer.question.as_str(), &answer.text]);
    let parts = [&system.hash, kind.as_str(), &point, place, comment, contact].into_iter().chain(answers);
    let mut whole = Sha256::new();
    for part in parts {
        // With its length, so that nothing moves from one part into the next.
        whole.update(part.len().to_be_bytes());
        whole.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&whole.finalize()[..16]);
    bytes
}
