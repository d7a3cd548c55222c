//! A broadcast (一斉配信): one content to one audience, once; and the states it goes through until it has been sent.
//!
//! [`content`] is what it says, [`audience`] to whom, [`template`] what staff keep of both; here is who lets it go. How it is sent then is [`crate::sending`].

pub mod after;
pub mod audience;
pub mod content;
mod public;
pub mod template;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{BroadcastId, DepartmentId, RuleId, StaffId, TemplateId};
use crate::sending::account::Account;
use crate::sending::plan::Plan;
use crate::town::QuietHours;

use after::{Approval, Count, Unfollowed};
use audience::Audience;
use content::Content;

/// An emergency waits so long after its approval, so that a mistaken tap can be taken back.
pub const UNDO: SignedDuration = SignedDuration::from_secs(10);
/// At most this many remarks are kept with a broadcast.
pub const REMARKS_MAX: usize = 50;

/// One broadcast, from its first draft to its account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broadcast {
    /// Which.
    pub id: BroadcastId,
    /// Where it stands.
    pub state: State,
    /// What staff call it; residents do not see it.
    pub title: String,
    /// Whose it is.
    pub department: DepartmentId,
    /// How urgent it is.
    pub lane: Lane,
    /// Whether it is meant.
    pub earnest: Earnest,
    /// When it is to go.
    pub when: When,
    /// Where it comes from.
    pub origin: Origin,
    /// Who wrote it last.
    pub author: StaffId,
    /// The approval by which it went; `None` before, and where it went before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// How many blocked the account after it; `None` until somebody has counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfollowed: Option<Unfollowed>,
    /// To whom.
    pub audience: Audience,
    /// What it says.
    pub content: Content,
    /// What was said about it.
    pub remarks: Vec<Remark>,
}

/// How urgent a broadcast is (優先度). Each lane has its own queues and its own share of the platform's rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// Goes before everything else, at any hour.
    Emergency,
    /// Waits for the morning, and for emergencies.
    Routine,
}

/// Whether a broadcast is meant. It is chosen with the first draft and never changes, not in copies and templates either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Earnest {
    /// It is.
    Real,
    /// It is a drill (訓練): stamped as one, and sent to the drill list alone.
    Drill,
}

/// When a broadcast is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// As soon as it is approved.
    AtOnce,
    /// At this time.
    At(Timestamp),
}

/// Where a broadcast comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Somebody wrote it.
    Staff,
    /// Somebody began with a copy of this one.
    CopyOf(BroadcastId),
    /// Somebody began with this template.
    FromTemplate(TemplateId),
    /// A rule wrote it, and it was due at this time.
    Rule {
        /// The rule.
        rule: RuleId,
        /// When it was due.
        due: Timestamp,
        /// Who has looked at it since a guard held it; nobody has to, where none did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen_by: Option<StaffId>,
    },
}

/// Something that was said about a broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// How many the audience has, as it was counted for the approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reach {
    /// Who would get it.
    pub reached: u64,
    /// Who would, had they not had as many as the town allows: on another day they do.
    pub capped: u64,
    /// Who follows the account.
    pub followers: u64,
}

/// By what rule a broadcast is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Routine to some: one person, who may be its author.
    Segment,
    /// Routine to most or all: one person who is not its author.
    All,
    /// An emergency: one person, who may be its author, and [`UNDO`] to take it back.
    Emergency,
}

/// Where a broadcast stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Being written.
    Draft,
    /// Somebody has to approve it.
    AwaitingApproval {
        /// Who asked.
        by: StaffId,
        /// When.
        at: Timestamp,
        /// How many it reaches.
        reach: Reach,
        /// The wordings that the platform said it would take, by their digests.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        taken: BTreeSet<String>,
    },
    /// Approved; goes at `release_at` or later, and can be taken back until it does.
    Approved {
        /// Who approved it.
        by: StaffId,
        /// When.
        at: Timestamp,
        /// When it goes.
        release_at: Timestamp,
        /// How many it was to reach.
        reach: Reach,
        /// What exactly goes, and in how many parts.
        plan: Plan,
    },
    /// Its audience is being frozen and its pages are going out.
    Sending {
        /// Since when.
        since: Timestamp,
        /// How many it was to reach; nobody, where it went before this was kept.
        #[serde(default)]
        reach: Reach,
        /// What exactly goes.
        plan: Plan,
        /// Why it rests, if it does.
        pause: Option<Pause>,
    },
    /// It was stopped. Pages that had begun are still being accounted for until there is an account.
    Stopped {
        /// Who stopped it; nobody, where its hour was past.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<StaffId>,
        /// When.
        at: Timestamp,
        /// Since when it had been going; `None` if nothing had begun, and where it was stopped before this was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
        /// What was to go; `None` if nothing had begun.
        plan: Option<Plan>,
        /// What became of everybody.
        account: Option<Account>,
    },
    /// All of it went out, or what did not is known.
    Finished {
        /// Since when it went.
        since: Timestamp,
        /// When the last page was accounted for.
        at: Timestamp,
        /// What went.
        plan: Plan,
        /// What became of everybody.
        account: Account,
    },
    /// A rule wrote it, and a guard wants a person to look at it first.
    Held {
        /// When.
        at: Timestamp,
        /// Which guard.
        why: Guard,
    },
}

/// Why a broadcast that is being sent rests until somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub why: PauseReason,
}

/// Why a broadcast rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseReason {
    /// The month's messages are used up.
    Quota,
    /// LINE does not take our token.
    Credentials,
    /// The town does not send at night; it goes on in the morning by itself.
    QuietHours,
}

/// What stops a broadcast that a rule wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// It should have gone too long ago.
    TooOld,
    /// The same residents have had too many in the last hour.
    TooMany,
}

/// Why a broadcast does not go where somebody wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It stands where this cannot be done.
    #[error("the broadcast stands where this cannot be done")]
    WrongState,
    /// Its author may not approve it.
    #[error("the author of a broadcast to all may not approve it")]
    OwnWork,
    /// It goes, so that it can only be stopped.
    #[error("the broadcast has gone")]
    TooLate,
    /// The time at which it is to go is past.
    #[error("the time at which the broadcast is to go is past")]
    TimePast,
    /// The hour at which its residents asked to be told is past.
    #[error("the hour at which its residents asked to be told is past")]
    HourPast,
    /// There are too many remarks.
    #[error("a broadcast has at most 50 remarks")]
    TooManyRemarks,
}

/// What a draft says, as a person writes it: everything that an edit may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What staff call it.
    pub title: String,
    /// Whose it is.
    pub department: DepartmentId,
    /// What it says.
    pub content: Content,
    /// To whom.
    pub audience: Audience,
    /// How urgent it is.
    pub lane: Lane,
    /// When it is to go.
    pub when: When,
}

impl State {
    /// What exactly goes, or went; `None` before it is approved, and where it was stopped before anything went.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        match self {
            Self::Approved { plan, .. } | Self::Sending { plan, .. } | Self::Finished { plan, .. } => Some(plan),
            Self::Stopped { plan, .. } => plan.as_ref(),
            Self::Draft | Self::AwaitingApproval { .. } | Self::Held { .. } => None,
        }
    }

    /// When it began to go, or was stopped before; `None` where it has not gone. Where the beginning of what was stopped was not
    /// kept, the stop stands for it.
    #[must_use]
    pub fn began(&self) -> Option<Timestamp> {
        match self {
            Self::Sending { since, .. } | Self::Finished { since, .. } => Some(*since),
            Self::Stopped { since, at, .. } => Some(since.unwrap_or(*at)),
            Self::Draft | Self::AwaitingApproval { .. } | Self::Approved { .. } | Self::Held { .. } => None,
        }
    }

    /// What became of everybody, of a broadcast that went and is closed.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Finished { account, .. } => Some(account),
            Self::Stopped { plan: Some(_), account, .. } => account.as_ref(),
            Self::Stopped { plan: None, .. }
            | Self::Sending { .. }
            | Self::Draft
            | Self::AwaitingApproval { .. }
            | Self::Approved { .. }
            | Self::Held { .. } => None,
        }
    }
}

impl Broadcast {
    /// A new one.
    #[must_use]
    pub fn new(id: BroadcastId, draft: Draft, earnest: Earnest, origin: Origin, author: StaffId) -> Self {
        let Draft { title, department, content, audience, lane, when } = draft;
        let (remarks, state, approval, unfollowed) = (Vec::new(), State::Draft, None, None);
        Self {
            id,
            state,
            title,
            department,
            lane,
            earnest,
            when,
            origin,
            author,
            approval,
            unfollowed,
            audience,
            content,
            remarks,
        }
    }

    /// What can be edited of it.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let Self { title, department, content, audience, lane, when, .. } = self.clone();
        Draft { title, department, content, audience, lane, when }
    }

    /// By what rule it is approved. More than half of the followers are all: two conditions may say "everybody" in many ways.
    /// Whoever is left out only because they have had enough counts too, for by the time it goes they may not have.
    #[must_use]
    pub fn class(&self, reach: Reach) -> Class {
        match (self.lane, self.earnest) {
            (Lane::Emergency, Earnest::Real | Earnest::Drill) => Class::Emergency,
            (Lane::Routine, Earnest::Real) if reach.followers / 2 < reach.reached + reach.capped => Class::All,
            (Lane::Routine, Earnest::Real | Earnest::Drill) => Class::Segment,
        }
    }

    /// Changes it. Whoever changes it is its author from now on, and an approval before it is void.
    pub fn edit(&mut self, draft: Draft, by: &StaffId) -> Result<(), Refusal> {
        self.take_back(by)?;
        let Draft { title, department, content, audience, lane, when } = draft;
        *self = Self { title, department, content, audience, lane, when, author: by.clone(), ..self.clone() };
        Ok(())
    }

    /// Asks for approval.
    pub fn ask(&mut self, by: &StaffId, reach: Reach, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            State::Draft | State::Held { .. } => {
                self.not_past(now)?;
                self.look_at(by);
                self.state = State::AwaitingApproval { by: by.clone(), at: now, reach, taken: BTreeSet::new() };
                Ok(())
            }
            State::AwaitingApproval { .. }
            | State::Approved { .. }
            | State::Sending { .. }
            | State::Stopped { .. }
            | State::Finished { .. } => Err(Refusal::WrongState),
        }
    }

    /// Notes which of its wordings the platform would take, by their digests, once approval is asked for: of them it need not be asked again.
    pub fn note_taken(&mut self, digests: BTreeSet<String>) -> Result<(), Refusal> {
        let State::AwaitingApproval { taken, .. } = &mut self.state else { return Err(Refusal::WrongState) };
        *taken = digests;
        Ok(())
    }

    /// Approves it. Whether `by` may approve for the department is the caller's question; here, whether it is their own work.
    ///
    /// `earliest` is the first moment at which the town lets such a broadcast go (after quiet hours).
    pub fn approve(&mut self, by: &StaffId, plan: Plan, earliest: Timestamp, now: Timestamp) -> Result<(), Refusal> {
        let State::AwaitingApproval { by: asker, reach, .. } = &self.state else { return Err(Refusal::WrongState) };
        let reach = *reach;
        let own_work = self.author == *by || asker == by;
        let undo = match self.class(reach) {
            Class::All if own_work => return Err(Refusal::OwnWork),
            Class::All | Class::Segment => SignedDuration::ZERO,
            Class::Emergency => UNDO,
        };
        self.not_past(now)?;
        let wanted = match self.when {
            When::AtOnce => now,
            When::At(at) => at,
        };
        let release_at = wanted.max(earliest).max(now + undo);
        self.state = State::Approved { by: by.clone(), at: now, release_at, reach, plan };
        Ok(())
    }

    /// Takes it back to a draft: not approved after all, or changed. Once it goes it is too late. That its time has come does not
    /// mean that it goes: it may wait for the morning, or for others. Whoever lets it go meanwhile writes another version, or this one does.
    pub fn take_back(&mut self, by: &StaffId) -> Result<(), Refusal> {
        match self.state {
            State::Draft | State::AwaitingApproval { .. } | State::Approved { .. } | State::Held { .. } => {
                self.look_at(by);
                self.state = State::Draft;
                Ok(())
            }
            State::Sending { .. } => Err(Refusal::TooLate),
            State::Stopped { .. } | State::Finished { .. } => Err(Refusal::WrongState),
        }
    }

    /// Takes it back because the rule that wrote it was stopped. Nobody has looked at it by that: let go on, the rule may write it anew.
    pub fn take_back_with_its_rule(&mut self) -> Result<(), Refusal> {
        match self.state {
            State::Approved { .. } if self.is_unseen() => {
                self.state = State::Draft;
                Ok(())
            }
            State::Draft
            | State::AwaitingApproval { .. }
            | State::Approved { .. }
            | State::Held { .. }
            | State::Sending { .. }
            | State::Stopped { .. }
            | State::Finished { .. } => Err(Refusal::WrongState),
        }
    }

    /// Notes who looked at what a rule wrote.
    fn look_at(&mut self, by: &StaffId) {
        if let Origin::Rule { seen_by, .. } = &mut self.origin {
            *seen_by = Some(by.clone());
        }
    }

    /// Whether it keeps to the town's rules for what is not urgent: it waits for the morning, and counts for the weekly maximum.
    /// Who asked to be told at this very hour is told.
    #[must_use]
    pub fn keeps_to_the_rules(&self) -> bool {
        match (self.lane, self.earnest) {
            (Lane::Routine, Earnest::Real) => !self.audience.is_by_the_hour(),
            (Lane::Routine, Earnest::Drill) | (Lane::Emergency, Earnest::Real | Earnest::Drill) => false,
        }
    }

    /// The first moment, not before `wanted`, at which the town lets it go.
    #[must_use]
    pub fn earliest(&self, quiet: Option<QuietHours>, wanted: Timestamp) -> Timestamp {
        match quiet {
            Some(quiet) if self.keeps_to_the_rules() => quiet.next_allowed(wanted),
            Some(_) | None => wanted,
        }
    }

    /// Whether the hour at which everybody in it asked to be told is so long past that nobody is told any more.
    #[must_use]
    pub fn is_out_of_time(&self, now: Timestamp) -> bool {
        let Origin::Rule { due, .. } = &self.origin else { return false };
        self.audience.told_within().is_some_and(|within| *due + within < now)
    }

    /// Whether a rule wrote it and nobody has looked at it: then the guards do.
    #[must_use]
    pub fn is_unseen(&self) -> bool {
        matches!(self.origin, Origin::Rule { seen_by: None, .. })
    }

    /// The guard that holds it for its age, `at_most` after it should have gone. What should have gone at night is as young in the
    /// morning as if that had been its time. What is out of time is too old, however much the town allows.
    #[must_use]
    pub fn too_old(&self, quiet: Option<QuietHours>, at_most: SignedDuration, now: Timestamp) -> Option<Guard> {
        let State::Approved { release_at, .. } = &self.state else { return None };
        let is_old = at_most < now.duration_since(self.earliest(quiet, *release_at)) || self.is_out_of_time(now);
        (is_old && self.is_unseen()).then_some(Guard::TooOld)
    }

    /// Holds it for a person, before it goes.
    pub fn hold(&mut self, why: Guard, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            State::Approved { .. } if self.is_unseen() => {
                self.state = State::Held { at: now, why };
                Ok(())
            }
            State::Draft
            | State::AwaitingApproval { .. }
            | State::Approved { .. }
            | State::Sending { .. }
            | State::Stopped { .. }
            | State::Finished { .. }
            | State::Held { .. } => Err(Refusal::WrongState),
        }
    }

    /// Lets it go, when its time has come.
    pub fn release(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let State::Approved { by, at, release_at, reach, plan } = &self.state else { return Err(Refusal::WrongState) };
        if now < *release_at {
            return Err(Refusal::WrongState);
        }
        self.approval = Some(Approval { by: by.clone(), at: *at });
        self.state = State::Sending { since: now, reach: *reach, plan: plan.clone(), pause: None };
        Ok(())
    }

    /// Stops it: no page begins any more. Before it goes this is the end of it, too.
    pub fn stop(&mut self, by: &StaffId, now: Timestamp) -> Result<(), Refusal> {
        self.end(Some(by.clone()), now)
    }

    /// Stops what is going and out of time: nobody has to decide it.
    pub fn give_up(&mut self, now: Timestamp) -> Result<(), Refusal> {
        if matches!(self.state, State::Sending { .. }) && self.is_out_of_time(now) {
            self.end(None, now)
        } else {
            Err(Refusal::WrongState)
        }
    }

    fn end(&mut self, by: Option<StaffId>, now: Timestamp) -> Result<(), Refusal> {
        let (since, plan) = match &self.state {
            State::Sending { since, plan, .. } => (Some(*since), Some(plan.clone())),
            State::Draft | State::AwaitingApproval { .. } | State::Approved { .. } | State::Held { .. } => (None, None),
            State::Stopped { .. } | State::Finished { .. } => return Err(Refusal::WrongState),
        };
        let account = if plan.is_some() { None } else { Some(Account::default()) };
        self.state = State::Stopped { by, at: now, since, plan, account };
        Ok(())
    }

    /// Lets it rest. What rests already is let be: the first reason stays, and nothing is to be written or told again.
    pub fn pause(&mut self, why: PauseReason, now: Timestamp) -> Result<(), Refusal> {
        let State::Sending { pause: pause @ None, .. } = &mut self.state else { return Err(Refusal::WrongState) };
        *pause = Some(Pause { at: now, why });
        Ok(())
    }

    /// Lets it go on.
    pub fn resume(&mut self) -> Result<(), Refusal> {
        let State::Sending { pause, .. } = &mut self.state else { return Err(Refusal::WrongState) };
        pause.take().map(drop).ok_or(Refusal::WrongState)
    }

    /// Closes it with the account of everybody in its audience.
    pub fn close(&mut self, closing: Account, now: Timestamp) -> Result<(), Refusal> {
        match &mut self.state {
            State::Sending { since, plan, .. } => {
                self.state = State::Finished { since: *since, at: now, plan: plan.clone(), account: closing };
                Ok(())
            }
            State::Stopped { account: account @ None, .. } => {
                *account = Some(closing);
                Ok(())
            }
            State::Draft
            | State::AwaitingApproval { .. }
            | State::Approved { .. }
            | State::Stopped { .. }
            | State::Finished { .. }
            | State::Held { .. } => Err(Refusal::WrongState),
        }
    }

    /// Notes how many blocked the account after it. A count that is settled stays.
    pub fn count_unfollowed(&mut self, unfollowed: Unfollowed) -> Result<(), Refusal> {
        match (self.state.account(), self.unfollowed) {
            (None, _) | (_, Some(Unfollowed { count: Count::Settled, .. })) => Err(Refusal::WrongState),
            (Some(_), _) => {
                self.unfollowed = Some(unfollowed);
                Ok(())
            }
        }
    }

    /// Says something about it.
    pub fn remark(&mut self, remark: Remark) -> Result<(), Refusal> {
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.push(remark);
            Ok(())
        } else {
            Err(Refusal::TooManyRemarks)
        }
    }

    fn not_past(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.when {
            When::At(_) | When::AtOnce if self.is_out_of_time(now) => Err(Refusal::HourPast),
            When::At(at) if at <= now => Err(Refusal::TimePast),
            When::At(_) | When::AtOnce => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
