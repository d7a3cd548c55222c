//! A reminder (お知らせ予約): a rule that writes broadcasts by itself, at the times that its [`schedule`] names.
//!
//! It is approved once. What it writes then is a broadcast like any other, that goes in the name of whoever approved the rule.

pub mod schedule;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::broadcast::audience::{Audience, Mentions};
use crate::broadcast::content::Content;
use crate::broadcast::template::SavedName;
use crate::broadcast::{self, Broadcast, Class, Earnest, Lane, Origin, Reach, When};
use crate::conversation::date_in;
use crate::garbage::reminder::Slot;
use crate::ids::{BroadcastId, DateKindId, DepartmentId, RuleId, StaffId};
use crate::language::Language;
use crate::sending::plan::Plan;
use crate::time::{YearMonth, date_in_japan, in_japan};

use schedule::{Schedule, moment};

/// For so many minutes what was missed is made up for, where a rule says nothing else.
pub const GRACE_MINUTES: u16 = 60;
/// And for so many at most: what is a day late is wrong.
pub const GRACE_MINUTES_MAX: u16 = 720;
/// A date of a resident lies at most so many months back.
pub const MONTHS_AFTER_MAX: u16 = 1_200;
/// Of so many due times it is kept what became of them, the latest.
pub const OUTCOMES_MAX: usize = 60;

/// A rule, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which.
    pub id: RuleId,
    /// Where it stands.
    pub state: State,
    /// What staff call it.
    pub name: SavedName,
    /// Whose it is.
    pub department: DepartmentId,
    /// What it writes, for whom and when.
    pub kind: Kind,
    /// The last date on which it is due; `None`: there is none.
    pub until: Option<Date>,
    /// For so many minutes what was missed is made up for.
    pub grace_minutes: u16,
    /// Who wrote it last.
    pub author: StaffId,
    /// What became of its latest due times, in order.
    pub outcomes: Vec<Outcome>,
}

/// What a rule writes, for whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What goes out where a resident lives, at the times that residents chose. A town has one such rule ([`RuleId::garbage`]).
    Garbage,
    /// On dates of the town.
    Town {
        /// When.
        schedule: Schedule,
        /// For whom.
        audience: Audience,
        /// What.
        content: Content,
    },
    /// On dates of the town, for those whose own date lies so many months before the month of it.
    Resident {
        /// The kind of date that they gave.
        #[serde(alias = "dates")]
        kind: DateKindId,
        /// So many months before.
        months_after: u16,
        /// When.
        schedule: Schedule,
        /// What else they must fulfil.
        audience: Option<Audience>,
        /// What.
        content: Content,
    },
}

/// Where a rule stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Being written.
    Draft,
    /// Somebody has to approve it.
    Awaiting {
        /// Who asked.
        by: StaffId,
        /// When.
        at: Timestamp,
        /// How many its next broadcast would reach.
        reach: Reach,
    },
    /// It writes broadcasts.
    On {
        /// By what it may.
        permit: Permit,
        /// When it is due next, or was and is not done with.
        next: Timestamp,
    },
    /// It writes none until somebody lets it go on.
    Paused {
        /// Who paused it.
        by: StaffId,
        /// When.
        at: Timestamp,
        /// By what it may go on.
        permit: Permit,
    },
    /// It writes none any more: somebody ended it, or no date is left.
    Ended {
        /// When.
        at: Timestamp,
    },
}

/// The approval by which a rule writes broadcasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// Who approved it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// How many its next broadcast was to reach then.
    pub reach: Reach,
}

/// What became of a due time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// When it was due.
    pub due: Timestamp,
    /// What became of it.
    pub became: Became,
}

/// What became of a due time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Became {
    /// This broadcast.
    Went(BroadcastId),
    /// Nothing so far: it cannot be written as it is. It is tried again as long as its grace lasts.
    Stuck,
    /// Nothing: it was too late.
    Missed,
}

/// What a person writes of a rule: everything that an edit may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What staff call it.
    pub name: SavedName,
    /// Whose it is.
    pub department: DepartmentId,
    /// What it writes, for whom and when.
    pub kind: Kind,
    /// The last date on which it is due.
    pub until: Option<Date>,
    /// For so many minutes what was missed is made up for.
    pub grace_minutes: u16,
}

/// Something that is wrong with a rule as such. What is wrong with its words and its audience, those say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is due at no time to come.
    #[error("no date is left")]
    NoDates,
    /// The grace is longer than [`GRACE_MINUTES_MAX`].
    #[error("the grace is longer than {GRACE_MINUTES_MAX} minutes")]
    GraceTooLong,
    /// More months than [`MONTHS_AFTER_MAX`].
    #[error("there are more than {MONTHS_AFTER_MAX} months")]
    TooManyMonths,
    /// Its audience speaks of an earlier broadcast. What became of that is forgotten some day, and a rule goes on for years.
    #[error("the audience speaks of an earlier broadcast")]
    EarlierBroadcast,
}

/// Why a rule does not go where somebody wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It stands where this cannot be done.
    #[error("the rule stands where this cannot be done")]
    WrongState,
    /// Its author may not approve it.
    #[error("the author of a rule for all may not approve it")]
    OwnWork,
    /// It is due at no time to come.
    #[error("the rule is due at no time to come")]
    NoDates,
    /// The rule of garbage reminders stays one, and no other becomes one.
    #[error("a rule of garbage reminders stays one, and no other becomes one")]
    OtherKind,
}

impl Kind {
    /// Whether it is the town's garbage reminders.
    #[must_use]
    pub fn is_garbage(&self) -> bool {
        matches!(self, Self::Garbage)
    }

    /// For whom, as it was put together; `None` where nothing was.
    #[must_use]
    pub fn audience(&self) -> Option<&Audience> {
        match self {
            Self::Garbage => None,
            Self::Town { audience, .. } => Some(audience),
            Self::Resident { audience, .. } => audience.as_ref(),
        }
    }

    /// When it is due; `None` for garbage reminders, which are at all times that residents may choose.
    #[must_use]
    pub fn schedule(&self) -> Option<&Schedule> {
        match self {
            Self::Garbage => None,
            Self::Town { schedule, .. } | Self::Resident { schedule, .. } => Some(schedule),
        }
    }
}

impl Rule {
    /// A new one. That of the garbage reminders has an id of its own, whatever id is given.
    #[must_use]
    pub fn new(id: RuleId, draft: Draft, author: StaffId) -> Self {
        let Draft { name, department, kind, until, grace_minutes } = draft;
        let id = if kind.is_garbage() { RuleId::garbage() } else { id };
        Self { id, state: State::Draft, name, department, kind, until, grace_minutes, author, outcomes: Vec::new() }
    }

    /// What can be edited of it.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let Self { name, department, kind, until, grace_minutes, .. } = self.clone();
        Draft { name, department, kind, until, grace_minutes }
    }

    /// Everything that is wrong with it as a rule.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<Problem>> {
        let is_far = matches!(self.kind, Kind::Resident { months_after, .. } if MONTHS_AFTER_MAX < months_after);
        let looks_back = self.kind.audience().is_some_and(|audience| audience.mentions() != Mentions::default());
        let found = [
            (self.next_after(now).is_none(), Problem::NoDates),
            (GRACE_MINUTES_MAX < self.grace_minutes, Problem::GraceTooLong),
            (is_far, Problem::TooManyMonths),
            (looks_back, Problem::EarlierBroadcast),
        ];
        let problems: Vec<Problem> = found.into_iter().filter(|(is, _)| *is).map(|(_, problem)| problem).collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Changes it. Whoever changes what it says, to whom or when is its author from now on, and an approval before that is void.
    pub fn edit(&mut self, draft: Draft, by: &StaffId) -> Result<(), Refusal> {
        if self.kind.is_garbage() != draft.kind.is_garbage() {
            return Err(Refusal::OtherKind);
        }
        let is_renamed = Draft { name: self.name.clone(), ..draft.clone() } == self.draft();
        if is_renamed {
            self.name = draft.name;
        } else {
            self.write_anew(draft, by);
        }
        Ok(())
    }

    /// Makes one that has ended a draft again, also where nothing but that changes.
    pub fn begin_again(&mut self, draft: Draft, by: &StaffId) -> Result<(), Refusal> {
        if self.kind.is_garbage() != draft.kind.is_garbage() {
            return Err(Refusal::OtherKind);
        }
        match self.state {
            State::Ended { .. } => {
                self.write_anew(draft, by);
                Ok(())
            }
            State::Draft | State::Awaiting { .. } | State::On { .. } | State::Paused { .. } => Err(Refusal::WrongState),
        }
    }

    /// A new draft, of which stays what became of its due times.
    fn write_anew(&mut self, draft: Draft, by: &StaffId) {
        *self = Self { outcomes: std::mem::take(&mut self.outcomes), ..Self::new(self.id.clone(), draft, by.clone()) };
    }

    /// Asks for approval.
    pub fn ask(&mut self, by: &StaffId, reach: Reach, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            State::Draft => {
                self.state = State::Awaiting { by: by.clone(), at: now, reach };
                Ok(())
            }
            State::Awaiting { .. } | State::On { .. } | State::Paused { .. } | State::Ended { .. } => {
                Err(Refusal::WrongState)
            }
        }
    }

    /// Approves it, by the rule for the broadcasts that it writes. Whether `by` may approve for the department is the caller's
    /// question; here, whether it is their own work.
    pub fn approve(&mut self, by: &StaffId, now: Timestamp) -> Result<(), Refusal> {
        let State::Awaiting { by: asker, reach, .. } = &self.state else { return Err(Refusal::WrongState) };
        let own_work = self.author == *by || asker == by;
        match self.class(*reach, now)? {
            Class::All if own_work => return Err(Refusal::OwnWork),
            Class::All | Class::Segment | Class::Emergency => {}
        }
        let permit = Permit { by: by.clone(), at: now, reach: *reach };
        self.go(permit, now)
    }

    /// By what rule it is approved: as the broadcasts that it writes. So it is with garbage reminders, too: not everybody who gets one
    /// has chosen it, for whoever said nothing is reminded of what is rare.
    pub fn class(&self, reach: Reach, now: Timestamp) -> Result<Class, Refusal> {
        let sketch = self.sketch(now).ok_or(Refusal::NoDates)?;
        Ok(sketch.class(reach))
    }

    /// Takes it back to a draft: not approved after all.
    pub fn take_back(&mut self) -> Result<(), Refusal> {
        match self.state {
            State::Awaiting { .. } => {
                self.state = State::Draft;
                Ok(())
            }
            State::Draft | State::On { .. } | State::Paused { .. } | State::Ended { .. } => Err(Refusal::WrongState),
        }
    }

    /// Lets it rest.
    pub fn pause(&mut self, by: &StaffId, now: Timestamp) -> Result<(), Refusal> {
        let State::On { permit, .. } = &self.state else { return Err(Refusal::WrongState) };
        self.state = State::Paused { by: by.clone(), at: now, permit: permit.clone() };
        Ok(())
    }

    /// Lets it go on. What was due while it rested is not made up for.
    pub fn go_on(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let State::Paused { permit, .. } = &self.state else { return Err(Refusal::WrongState) };
        self.go(permit.clone(), now)
    }

    /// What could not be written before, and can be made up for, is due again; what is too late by now was missed.
    fn go(&mut self, permit: Permit, now: Timestamp) -> Result<(), Refusal> {
        let stuck = self.outcomes.iter().filter(|outcome| outcome.became == Became::Stuck).map(|outcome| outcome.due);
        let again = stuck.filter(|due| self.is_due_at(*due) && self.makes_up(*due, now)).min();
        let next = again.or_else(|| self.next_after(now)).ok_or(Refusal::NoDates)?;
        for outcome in &mut self.outcomes {
            if outcome.became == Became::Stuck && outcome.due < next {
                outcome.became = Became::Missed;
            }
        }
        self.state = State::On { permit, next };
        Ok(())
    }

    fn is_due_at(&self, due: Timestamp) -> bool {
        self.next_after(due - SignedDuration::from_secs(1)) == Some(due)
    }

    /// Ends it. By an edit, or begun again, it becomes a draft again.
    pub fn end(&mut self, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            State::Draft | State::Awaiting { .. } | State::On { .. } | State::Paused { .. } => {
                self.state = State::Ended { at: now };
                Ok(())
            }
            State::Ended { .. } => Err(Refusal::WrongState),
        }
    }

    /// Whether it can be removed altogether: nothing came of it, and nothing is about to.
    #[must_use]
    pub fn is_removable(&self) -> bool {
        self.state == State::Draft && self.outcomes.is_empty()
    }

    /// When it is due next, or was and is not done with; `None` where it writes nothing.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match self.state {
            State::On { next, .. } => Some(next),
            State::Draft | State::Awaiting { .. } | State::Paused { .. } | State::Ended { .. } => None,
        }
    }

    /// How many followed the account when it was approved; `None` where it writes nothing.
    #[must_use]
    pub fn followers(&self) -> Option<u64> {
        match &self.state {
            State::On { permit, .. } => Some(permit.reach.followers),
            State::Draft | State::Awaiting { .. } | State::Paused { .. } | State::Ended { .. } => None,
        }
    }

    /// Whether what was due then is made up for at this minute.
    #[must_use]
    pub fn makes_up(&self, due: Timestamp, minute: Timestamp) -> bool {
        let grace = SignedDuration::from_mins(i64::from(self.grace_minutes));
        let told_within = if self.kind.is_garbage() { slot_at(due).map(Slot::told_within) } else { None };
        minute.duration_since(due) <= told_within.map_or(grace, |within| within.min(grace))
    }

    /// The first time after `at` at which it is due by its dates, wherever it stands.
    #[must_use]
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        let next = self.kind.schedule().map_or_else(|| next_slot(at), |schedule| schedule.next_after(at))?;
        self.until.is_none_or(|until| date_in_japan(next) <= until).then_some(next)
    }

    /// All times after `at` at which it is due by its dates.
    pub fn coming(&self, at: Timestamp) -> impl Iterator<Item = Timestamp> {
        std::iter::successors(self.next_after(at), |due| self.next_after(*due))
    }

    /// Notes what became of the times until `minute`; `open` is the first of them that is not done with.
    pub fn settle(&mut self, outcomes: Vec<Outcome>, open: Option<Timestamp>, minute: Timestamp) {
        for outcome in outcomes {
            self.outcomes.retain(|known| known.due != outcome.due);
            self.outcomes.push(outcome);
        }
        self.outcomes.sort_by_key(|outcome| outcome.due);
        let too_many = self.outcomes.len().saturating_sub(OUTCOMES_MAX);
        self.outcomes.drain(..too_many);
        let State::On { permit, .. } = &self.state else { return };
        self.state = match open.or_else(|| self.next_after(minute)) {
            Some(next) => State::On { permit: permit.clone(), next },
            None => State::Ended { at: minute },
        };
    }

    /// What it writes when it is due, as a draft. What it says of garbage is put in by who knows the town. `None` where it is not
    /// due then, or residents' dates would lie outside all years.
    #[must_use]
    pub fn broadcast(&self, id: BroadcastId, due: Timestamp) -> Option<Broadcast> {
        let day = date_in_japan(due);
        let mut title = format!("{} {}", self.name, date_in(Language::Japanese, day));
        let (audience, content) = match &self.kind {
            Kind::Garbage => {
                let slot = slot_at(due)?;
                let collected = slot.collected(day)?;
                title =
                    format!("{} {} {}", self.name, date_in(Language::Japanese, collected), slot.at.strftime("%-H:%M"));
                (Audience::GarbageDay { day: collected, slot }, Content::default())
            }
            Kind::Town { audience, content, .. } => (audience.clone(), content.dated(day)),
            Kind::Resident { kind, months_after, audience, content, .. } => {
                let month = YearMonth::of(day).ok()?.months_before(*months_after).ok()?;
                let given = Audience::DateIn { kind: kind.clone(), month };
                let both = audience.clone().map(|other| Audience::And(vec![given.clone(), other]));
                (both.unwrap_or(given), content.dated(day))
            }
        };
        let origin = Origin::Rule { rule: self.id.clone(), due, seen_by: None };
        let (lane, when, department) = (Lane::Routine, When::AtOnce, self.department.clone());
        let draft = broadcast::Draft { title, department, content, audience, lane, when };
        Some(Broadcast::new(id, draft, Earnest::Real, origin, self.author.clone()))
    }

    /// A broadcast such as it would write next, by which it is checked and counted, under its own id. Of garbage reminders: to all
    /// who are reminded at all.
    #[must_use]
    pub fn sketch(&self, now: Timestamp) -> Option<Broadcast> {
        let mut sketch = self.broadcast(self.id.as_str().parse().ok()?, self.next_after(now)?)?;
        if self.kind.is_garbage() {
            sketch.audience = Audience::GarbageReminded { areas: [].into(), categories: [].into() };
        }
        Some(sketch)
    }

    /// A broadcast that it wrote, approved as the rule is; it goes at `minute`, or when it is due if that is later.
    pub fn approved(&self, mut written: Broadcast, plan: Plan, minute: Timestamp) -> Result<Broadcast, Refusal> {
        let (State::On { permit, .. }, Origin::Rule { due, .. }) = (&self.state, &written.origin) else {
            return Err(Refusal::WrongState);
        };
        let Permit { by, at, reach } = permit.clone();
        written.state = broadcast::State::Approved { by, at, release_at: minute.max(*due), reach, plan };
        Ok(written)
    }
}

/// The first time after `at` at which residents may be reminded of garbage.
fn next_slot(at: Timestamp) -> Option<Timestamp> {
    let today = date_in_japan(at);
    let days = [Some(today), today.tomorrow().ok()].into_iter().flatten();
    let all = days.flat_map(|day| Slot::all().map(move |slot| moment(day, slot.at)));
    all.filter(|due| at < *due).min()
}

/// The time at which residents may be reminded of garbage that it is then.
fn slot_at(due: Timestamp) -> Option<Slot> {
    let time = in_japan(due).time();
    Slot::all().find(|slot| slot.at == time)
}

#[cfg(test)]
mod tests;
