//! Residents and a report: who hears of it, what they add, and that it is not mended yet.

use jiff::Timestamp;

use super::acts::{Refusal, said};
use super::{By, FOLLOWERS_MAX, Report, Reporter, Standing, State, Told, What};
use crate::ids::ResidentId;

impl Report {
    /// Who hears of it: the reporter, if it is a resident, and the followers.
    pub fn hears(&self) -> impl Iterator<Item = &ResidentId> {
        let reporter = match &self.reporter {
            Reporter::Resident(id) => Some(id),
            Reporter::Told { .. } | Reporter::Erased => None,
        };
        reporter.into_iter().chain(self.followers.iter().filter(move |follower| Some(*follower) != reporter))
    }

    /// Whoever hears of it writes something; gives the number of the entry.
    pub fn comment(&mut self, text: &str, who: &ResidentId, now: Timestamp) -> Result<usize, Refusal> {
        self.must_hear(who)?;
        self.enter(What::Commented(said(text)?), By::Reporter, Told::No, now)
    }

    /// Whoever hears of it says that it is not mended yet, or should be; `text` may be empty. Gives the number of the entry.
    pub fn reopen_by_reporter(&mut self, text: &str, who: &ResidentId, now: Timestamp) -> Result<usize, Refusal> {
        self.must_hear(who)?;
        self.turn(State::Checking, &[Standing::Done, Standing::Declined], text, By::Reporter, now)
    }

    /// A resident wants to hear of it. Of a duplicate nothing more is to be heard.
    pub fn follow(&mut self, who: &ResidentId) -> Result<(), Refusal> {
        if self.must_hear(who).is_ok() {
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

    fn must_hear(&self, who: &ResidentId) -> Result<(), Refusal> {
        if self.hears().any(|hearing| hearing == who) { Ok(()) } else { Err(Refusal::NotTheirs) }
    }
}
