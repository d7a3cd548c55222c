//! Residents and a report: who hears of it, what they add, and that it is not mended yet.

use jiff::Timestamp;

use super::acts::{Refusal, said};
use super::{By, FOLLOWERS_MAX, Report, Reporter, Standing, State, Told, What};
use crate::ids::ResidentId;

/// From where residents may lead a report back.
pub(super) const REOPENED: [Standing; 2] = [Standing::Done, Standing::Declined];

impl Report {
    /// Who hears of it: the reporter, if it is a resident, and the followers.
    pub fn hears(&self) -> impl Iterator<Item = &ResidentId> {
        let reporter = match &self.reporter {
            Reporter::Resident(id) => Some(id),
            Reporter::Told { .. } | Reporter::Erased => None,
        };
        reporter.into_iter().chain(self.followers.iter().filter(move |follower| Some(*follower) != reporter))
    }

    /// Whoever hears of it writes something; gives the number of the entry. What the reporter sends again because the answer was
    /// lost is written once; of followers it is not known which one wrote, and of two the second may say the same.
    pub fn comment(&mut self, text: &str, who: &ResidentId, now: Timestamp) -> Result<usize, Refusal> {
        let by = self.heard_by(who)?;
        let what = What::Commented(said(text)?);
        if by == By::Reporter && self.history.last().is_some_and(|last| last.by == by && last.what == what) {
            return Err(Refusal::Unchanged);
        }
        self.enter(what, by, Told::No, now)
    }

    /// Whoever hears of it says that it is not mended yet, or should be; `text` may be empty. Gives the number of the entry.
    pub fn reopen_by_reporter(&mut self, text: &str, who: &ResidentId, now: Timestamp) -> Result<usize, Refusal> {
        let by = self.heard_by(who)?;
        self.turn(State::Checking, &REOPENED, text, by, now)
    }

    /// A resident wants to hear of it. Of a duplicate nothing more is to be heard.
    pub fn follow(&mut self, who: &ResidentId) -> Result<(), Refusal> {
        if self.heard_by(who).is_ok() {
            return Err(Refusal::Unchanged);
        }
        if self.state.standing() == Standing::Duplicate {
            return Err(Refusal::WrongState);
        }
        if self.followers.len() >= FOLLOWERS_MAX {
            return Err(Refusal::TooManyFollowers);
        }
        self.followers.insert(who.clone());
        Ok(())
    }

    /// A follower does not want to hear of it any more.
    pub fn unfollow(&mut self, who: &ResidentId) -> Result<(), Refusal> {
        if self.followers.remove(who) { Ok(()) } else { Err(Refusal::Unchanged) }
    }

    /// As who a resident hears of it.
    pub(super) fn heard_by(&self, who: &ResidentId) -> Result<By, Refusal> {
        if self.reporter == Reporter::Resident(who.clone()) {
            Ok(By::Reporter)
        } else if self.followers.contains(who) {
            Ok(By::Follower)
        } else {
            Err(Refusal::NotTheirs)
        }
    }
}
