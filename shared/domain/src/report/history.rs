//! The history of a report (経過): what is written into it, and what is blotted out in the end.
//!
//! A report is one item of the table, so that its history has an end. The last places are kept: whatever was written before, it can be
//! closed and hidden from everybody, and whatever is in it, the reporter can be erased.

use jiff::Timestamp;

use super::acts::Refusal;
use super::{By, ENTRIES_MAX, Entry, Report, Reporter, State, Told, What};
use crate::ids::ResidentId;

/// The texts of a history have at most so many bytes together, those of the last entry aside: an item of the table has 400,000 in all.
const TEXT_BYTES_MAX: usize = 200_000;
/// Of the entries so many at most are the reporter's: they cannot fill what staff need.
const OF_REPORTER_MAX: usize = 40;
/// Of the entries so many at most are the followers' together: whoever follows cannot fill what the reporter or staff need.
const OF_FOLLOWERS_MAX: usize = 15;

/// For whom the last places of a history are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// For nobody: it goes on, or is reopened.
    Going,
    /// It is closed.
    Closing,
    /// It is hidden from everybody.
    Hiding,
    /// It is erased.
    Erasing,
}

impl Report {
    /// Writes an entry behind the others; gives its number.
    pub(super) fn enter(&mut self, what: What, by: By, told: Told, now: Timestamp) -> Result<usize, Refusal> {
        let need = what.need();
        let number = self.history.len();
        let is_shown = what == What::Released || self.release.is_some() && what != What::Hidden;
        let for_closing = usize::from(need == Need::Going || need == Need::Hiding && self.state.is_open());
        let for_hiding = usize::from(need != Need::Erasing && is_shown);
        let for_erasing = usize::from(need != Need::Erasing && !self.was_erased());
        let is_full = number + 1 + for_closing + for_hiding + for_erasing > ENTRIES_MAX;
        let bytes = || self.history.iter().map(|entry| entry.what.text_bytes()).sum::<usize>() + what.text_bytes();
        let most = match by {
            By::Reporter => Some(OF_REPORTER_MAX),
            By::Follower => Some(OF_FOLLOWERS_MAX),
            By::Staff(_) | By::Outside(_) | By::System => None,
        };
        let of_theirs = || self.history.iter().skip(1).filter(|entry| entry.by == by).count();
        if is_full || need == Need::Going && bytes() > TEXT_BYTES_MAX || most.is_some_and(|most| of_theirs() >= most) {
            return Err(Refusal::HistoryFull);
        }
        self.history.push(Entry { at: now, by, what, told });
        Ok(number)
    }

    /// What an entry begins with that is for the reporter: that it is due, or that nobody is there to hear it.
    pub(super) fn to_be_told(&self) -> Told {
        if self.hears().next().is_some() { Told::Due } else { Told::Unreachable }
    }

    /// Notes that the reporter and the followers have heard of an entry, or cannot be reached.
    pub fn told(&mut self, entry: usize, told: Told) -> Result<(), Refusal> {
        let due = self.history.get_mut(entry).filter(|entry| entry.told == Told::Due).ok_or(Refusal::Unchanged)?;
        match told {
            Told::At(_) | Told::Unreachable => due.told = told,
            Told::No | Told::Due => return Err(Refusal::Unchanged),
        }
        Ok(())
    }

    /// Erases who reported it and all that anybody wrote about it, and that there were photos. Of a report that is closed also who follows
    /// it, what everybody saw of it, and where exactly it was: the district and about where remain. What it was, when, where it stood and
    /// who worked on it remain. One that is open keeps the point, so that it can be mended, and those who want to hear of that: they
    /// are erased when its own time is over. Done again it changes nothing.
    pub fn erase_personal(&mut self, now: Timestamp) {
        let before = self.clone();
        self.reporter = Reporter::Erased;
        self.comment.clear();
        self.answers.clear();
        self.photos.clear();
        if self.state.is_open() {
            self.place.text.clear();
            if let Some(release) = &mut self.release {
                release.photos.clear();
            }
        } else {
            self.place = before.place.clone().coarse();
            self.followers.clear();
            self.release = None;
        }
        self.state.blot_out();
        for entry in &mut self.history {
            entry.what.blot_out();
            if entry.told == Told::Due {
                entry.told = Told::Unreachable;
            }
        }
        // It is told once, and there is always room for that.
        if *self != before && !self.was_erased() {
            self.enter(What::Erased, By::System, Told::No, now).ok();
        }
    }

    /// Erases that somebody follows it, and what those who follow it wrote: whose that was is not kept. Done again it changes nothing.
    pub fn erase_follower(&mut self, who: &ResidentId) {
        if self.followers.remove(who) {
            self.history.iter_mut().filter(|entry| entry.by == By::Follower).for_each(|entry| entry.what.blot_out());
        }
    }

    /// Since when it is closed and has something in it that would be erased; `None` while it is open, and where nothing is left.
    #[must_use]
    pub fn erasable_since(&self) -> Option<Timestamp> {
        let closed = self.closed_at.filter(|_| !self.state.is_open())?;
        let mut erased = self.clone();
        erased.erase_personal(closed);
        // What was written into it after it was erased once has a time of its own.
        let last = self.history.last().filter(|_| self.was_erased()).map_or(closed, |entry| entry.at);
        (erased != *self).then(|| closed.max(last))
    }

    /// Whether only about where it was is left of its place: it was erased when it was closed, and nobody has placed it since.
    #[must_use]
    pub fn is_placed_roughly(&self) -> bool {
        self.was_erased() && !self.state.is_open() && self.place.point == self.place.point.coarse()
    }

    fn was_erased(&self) -> bool {
        self.history.iter().any(|entry| entry.what == What::Erased)
    }
}

impl What {
    /// A word for what happened, for the audit log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::State { .. } => "state",
            Self::Answered(_) => "answered",
            Self::Commented(_) => "commented",
            Self::Noted(_) => "noted",
            Self::Assigned(_) => "assigned",
            Self::Moved { .. } => "moved",
            Self::KindChanged { .. } => "kind-changed",
            Self::Priority(_) => "priority",
            Self::Due(_) => "due",
            Self::Placed => "placed",
            Self::Merged(_) => "merged",
            Self::Released => "released",
            Self::Hidden => "hidden",
            Self::Erased => "erased",
        }
    }

    fn need(&self) -> Need {
        match self {
            Self::State { to, .. } if !to.is_open() => Need::Closing,
            Self::Hidden => Need::Hiding,
            Self::Erased => Need::Erasing,
            Self::State { .. }
            | Self::Filed
            | Self::Answered(_)
            | Self::Commented(_)
            | Self::Noted(_)
            | Self::Assigned(_)
            | Self::Moved { .. }
            | Self::KindChanged { .. }
            | Self::Priority(_)
            | Self::Due(_)
            | Self::Placed
            | Self::Merged(_)
            | Self::Released => Need::Going,
        }
    }

    fn text_bytes(&self) -> usize {
        let why = |state: &State| if let State::Declined { why } = state { why.len() } else { 0 };
        match self {
            Self::State { from, to, answer } => why(from) + why(to) + answer.len(),
            Self::Answered(text) | Self::Commented(text) | Self::Noted(text) => text.len(),
            Self::Filed
            | Self::Assigned(_)
            | Self::Moved { .. }
            | Self::KindChanged { .. }
            | Self::Priority(_)
            | Self::Due(_)
            | Self::Placed
            | Self::Merged(_)
            | Self::Released
            | Self::Hidden
            | Self::Erased => 0,
        }
    }

    /// Takes out what its author wrote.
    fn blot_out(&mut self) {
        match self {
            Self::State { from, to, answer } => {
                from.blot_out();
                to.blot_out();
                answer.clear();
            }
            Self::Answered(text) | Self::Commented(text) | Self::Noted(text) => text.clear(),
            Self::Filed
            | Self::Assigned(_)
            | Self::Moved { .. }
            | Self::KindChanged { .. }
            | Self::Priority(_)
            | Self::Due(_)
            | Self::Placed
            | Self::Merged(_)
            | Self::Released
            | Self::Hidden
            | Self::Erased => {}
        }
    }
}

impl State {
    /// Takes out what was written beside it.
    fn blot_out(&mut self) {
        match self {
            Self::Declined { why } => why.clear(),
            Self::Received | Self::Checking | Self::Working | Self::Done | Self::Duplicate { .. } => {}
        }
    }
}
