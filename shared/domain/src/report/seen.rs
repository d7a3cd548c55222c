//! What a resident sees of a report that they filed or follow: where it stands and what staff said to them. What a reporter wrote,
//! their photos and what they call the place are shown to nobody else, nor is a follower's comment, and what staff note for themselves to none.

use jiff::Timestamp;

use super::news::News;
use super::place::{Place, Point};
use super::residents::REOPENED;
use super::{Answer, By, Entry, Report, State, What};
use crate::ids::{PhotoId, ReportId, ReportKindId, ResidentId};

/// A report as a resident sees it who hears of it. There is no `Debug`: it holds what they wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Which.
    pub id: &'a ReportId,
    /// Of which kind.
    pub kind: &'a ReportKindId,
    /// Where it stands.
    pub state: &'a State,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When it last changed in what is seen here.
    pub changed_at: Timestamp,
    /// Where it is.
    pub point: Point,
    /// What only its reporter sees; `None` for whoever follows it.
    pub own: Option<Own<'a>>,
    /// What happened, the earliest first.
    pub history: Vec<SeenEntry<'a>>,
    /// Whether they can lead it back: it is not mended yet.
    pub can_reopen: bool,
}

/// What the reporter sees of their own report alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Own<'a> {
    /// Where it is.
    pub place: &'a Place,
    /// What they answered to the kind's questions.
    pub answers: &'a [Answer],
    /// What they wrote.
    pub comment: &'a str,
    /// The photos.
    pub photos: &'a [PhotoId],
}

/// Something that happened, as they see it.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenEntry<'a> {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: &'a By,
    /// What.
    pub what: SeenWhat<'a>,
}

/// What happened, as they see it.
#[derive(Clone, PartialEq, Eq)]
pub enum SeenWhat<'a> {
    /// It was filed.
    Filed,
    /// It stands elsewhere now.
    State {
        /// Where.
        to: &'a State,
        /// What was said beside; perhaps nothing.
        said: &'a str,
    },
    /// Staff answered.
    Answered(&'a str),
    /// They wrote something themselves.
    Commented(&'a str),
}

impl Report {
    /// What a resident sees of it; `None` for whoever does not hear of it.
    #[must_use]
    pub fn seen_by(&self, who: &ResidentId) -> Option<Seen<'_>> {
        let by = self.heard_by(who).ok()?;
        let history: Vec<SeenEntry<'_>> = self.history.iter().filter_map(|entry| entry.seen_by(&by)).collect();
        let own = || Own { place: &self.place, answers: &self.answers, comment: &self.comment, photos: &self.photos };
        Some(Seen {
            id: &self.id,
            kind: &self.kind,
            state: &self.state,
            filed_at: self.filed_at,
            changed_at: history.last().map_or(self.filed_at, |entry| entry.at),
            point: self.place.point,
            own: (by == By::Reporter).then(own),
            history,
            can_reopen: REOPENED.contains(&self.state.standing()),
        })
    }
}

impl Entry {
    /// What they hear of, and beside it that it was filed and what they wrote themselves.
    fn seen_by(&self, who: &By) -> Option<SeenEntry<'_>> {
        let is_theirs = self.by == By::Reporter && *who == By::Reporter;
        let what = if self.what == What::Filed {
            SeenWhat::Filed
        } else if is_theirs && let What::State { to, answer, .. } = &self.what {
            SeenWhat::State { to, said: answer }
        } else if is_theirs && let What::Commented(text) = &self.what {
            SeenWhat::Commented(text)
        } else {
            self.news()?.into()
        };
        Some(SeenEntry { at: self.at, by: &self.by, what })
    }
}

impl<'a> From<News<'a>> for SeenWhat<'a> {
    fn from(news: News<'a>) -> Self {
        match news {
            News::State { to, said } => Self::State { to, said },
            News::Answered(text) => Self::Answered(text),
        }
    }
}
