//! The history of a report (経過): what is written into it, and what is blotted out in the end.
//!
//! A report is one item of the table, so that its history has an end. The last places are kept: whatever was written before, it can be
//! closed, and whatever is in it, the reporter can be erased.

use jiff::Timestamp;

use super::acts::Refusal;
use super::{By, ENTRIES_MAX, Entry, Report, Reporter, State, Told, What};

/// The texts of a history have at most so many bytes together, those of the last entry aside: an item of the table has 400,000 in all.
const TEXT_BYTES_MAX: usize = 200_000;
/// Of the entries so many at most are the reporter's and the followers': they cannot fill what staff need.
const OF_RESIDENTS_MAX: usize = 40;

/// For whom the last places of a history are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// For nobody: it goes on, or is reopened.
    Going,
    /// It is closed.
    Closing,
    /// It is erased.
    Erasing,
}

impl Report {
    /// Writes an entry behind the others; gives its number.
    pub(super) fn enter(&mut self, what: What, by: By, told: Told, now: Timestamp) -> Result<usize, Refusal> {
        let need = what.need();
        let number = self.history.len();
        let for_closing = usize::from(need == Need::Going);
        let for_erasing = usize::from(need != Need::Erasing && !self.was_erased());
        let is_full = number + 1 + for_closing + for_erasing > ENTRIES_MAX;
        let bytes = || self.history.iter().map(|entry| entry.what.text_bytes()).sum::<usize>() + what.text_bytes();
        let of_residents = || self.history.iter().skip(1).filter(|entry| entry.by == By::Reporter).count();
        if is_full
            || need == Need::Going && bytes() > TEXT_BYTES_MAX
            || by == By::Reporter && of_residents() >= OF_RESIDENTS_MAX
        {
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

    /// Erases who reported and who follows it, their words, and that there were photos; of the place remain the district and about where
    /// it was. What it was, when, where it stood and what staff wrote remain. Done again it changes nothing.
    pub fn erase_personal(&mut self, now: Timestamp) {
        let before = self.clone();
        self.reporter = Reporter::Erased;
        self.followers.clear();
        self.comment.clear();
        self.answers.clear();
        self.photos.clear();
        self.place = before.place.clone().coarse();
        for entry in &mut self.history {
            if entry.by == By::Reporter {
                entry.what.blot_out();
            }
            if entry.told == Told::Due {
                entry.told = Told::Unreachable;
            }
        }
        // It is told once, and there is always room for that.
        if *self != before && !self.was_erased() {
            self.enter(What::Erased, By::System, Told::No, now).ok();
        }
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
            Self::Erased => "erased",
        }
    }

    fn need(&self) -> Need {
        match self {
            Self::State { to, .. } if !to.is_open() => Need::Closing,
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
            | Self::Merged(_) => Need::Going,
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
            | Self::Erased => 0,
        }
    }

    /// Takes out what its author wrote.
    fn blot_out(&mut self) {
        match self {
            Self::State { answer: text, .. } | Self::Answered(text) | Self::Commented(text) | Self::Noted(text) => {
                text.clear();
            }
            Self::Filed
            | Self::Assigned(_)
            | Self::Moved { .. }
            | Self::KindChanged { .. }
            | Self::Priority(_)
            | Self::Due(_)
            | Self::Placed
            | Self::Merged(_)
            | Self::Erased => {}
        }
    }
}
