//! Damage reports: what staff do with them, how they are found, what the reporter hears, and what becomes of photos.
//!
//! What follows from a writing is put into a queue *before* it, by [`ReportJobs`](crate::ports::reports::ReportJobs), and whoever works
//! the queue off looks first whether it was written. So a crash between the two is a job about nothing, and never something undone.

pub mod desk;
pub mod erase;
pub mod find;
pub mod notice;
pub mod outside;
pub mod photo;
pub mod relay;
pub mod release;
pub mod resident;
pub mod systems;
pub mod withdraw;

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Kind};

/// Whoever puts a job has written what it is about by then, or never will: that is put first and written at once.
pub const WRITTEN_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// How often a value is read anew because another writer was faster.
pub(crate) const RACES_MAX: usize = 5;

/// How long ago a job was put, if that is known.
#[derive(Clone, Copy)]
struct Age(Option<SignedDuration>);

impl Age {
    fn of(put_at: Option<Timestamp>, now: Timestamp) -> Self {
        Self(put_at.map(|at| now.duration_since(at)))
    }

    /// Of what waits for so long, too, by its own account: a job that was handed back is younger than what it is about.
    fn and_of(self, since: Timestamp, now: Timestamp) -> Self {
        Self(self.0.map(|age| age.max(now.duration_since(since))))
    }

    fn is_below(self, limit: SignedDuration) -> bool {
        // Nobody gives up for not knowing.
        self.0.is_none_or(|age| age < limit)
    }

    /// An error where what a job is about may still be written: then the job has to come again.
    fn written_by_now(self, doing: &'static str) -> Result<(), Error> {
        let not_yet = || Error::new(Kind::Transient, doing, "what the job is about is not written yet");
        if self.is_below(WRITTEN_WITHIN) { Err(not_yet()) } else { Ok(()) }
    }
}

/// The error of a writer whom another one beat each time.
pub(crate) fn outrun(doing: &'static str) -> Error {
    Error::new(Kind::Transient, doing, "another writer was faster each time")
}
