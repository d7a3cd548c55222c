//! What staff do with broadcasts: write, count, ask for approval, approve, take back, stop, let go on, copy.
//!
//! Every change is made to the version that the person saw. If somebody else has changed the broadcast since, nothing is written
//! and the person is shown what it is now.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::content::{self, Content};
use domain::broadcast::{
    Broadcast, Draft, Earnest, Lane, Origin, PauseReason, Reach, Refusal, Remark, State, When, audience,
};
use domain::ids::{BroadcastId, StaffId};
use domain::language::Language;
use domain::town::QuietHours;
use futures_util::future::try_join_all;
use jiff::Timestamp;

use super::fix::{self, Composed, digest, fix};
use super::janitor::parts;
use super::look::{Standing, look};
use super::past::History;
use super::planner::Audiences;
use super::quota::{self, Left, OverQuota};
use super::reach::{COUNT_LIFE, Counted, Counting, Reads};
use super::watch::ask_for_the_rest;
use crate::audit::changed;
use crate::error::Error;
use crate::ports::broadcasts::{DELAY_MAX_S, Place, ReachCounts, SendingQueues, Shelf};
use crate::ports::messages::{BroadcastMessages, Objection, Verdict};
use crate::ports::pictures::Pictures;
use crate::ports::quota::Quotas;
use crate::ports::staff::Written;
use crate::ports::{Clock, Messages, Versioned};

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct BroadcastDesk {
    /// Broadcasts, frozen parts and ledgers.
    pub history: History,
    /// Who is in an audience.
    pub audiences: Audiences,
    /// The queues.
    pub queues: Arc<dyn SendingQueues>,
    /// The platform's words.
    pub messages: Arc<dyn BroadcastMessages>,
    /// Where pictures are.
    pub pictures: Arc<dyn Pictures>,
    /// How many messages the month has.
    pub quotas: Arc<dyn Quotas>,
    /// Countings of whom a broadcast would reach.
    pub counts: Arc<dyn ReachCounts>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What became of something that staff wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done; the broadcast as it is now.
    Done(Box<Versioned<Broadcast>>),
    /// Done, though the platform could not be asked whether it would take all that it says: an emergency does not wait for that.
    Unchecked(Box<Versioned<Broadcast>>),
    /// There is no such broadcast.
    Nowhere,
    /// Somebody else changed it since it was read: this is what it is now. Nothing was written.
    Changed(Box<Versioned<Broadcast>>),
    /// Where it stands this cannot be done.
    Refused(Refusal),
    /// It cannot be sent as it is.
    Unfit(Unfit),
    /// Whom it reaches is still being counted: so many of [`domain::sending::PARTITIONS`] are. Nothing was written.
    Counting {
        /// Counted.
        done: u16,
    },
}

/// To whom a copy is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyFor {
    /// To the audience of the original.
    TheSame,
    /// To those of whom nobody knows whether the original reached them.
    TheUnclear,
    /// To those of the original's audience whom it certainly did not reach.
    TheRest,
}

/// Why a broadcast cannot be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unfit {
    /// What is wrong with what it says.
    pub content: Vec<content::check::Problem>,
    /// What is wrong with whom it is to reach.
    pub audience: Vec<audience::check::Problem>,
    /// What the platform does not take, by wording.
    pub objections: Vec<(Language, Objection)>,
    /// The wordings about which the platform could not be asked. That is no objection; but what has time waits until it can be.
    pub unasked: Vec<Language>,
    /// Whether it would reach nobody at all.
    pub nobody: Option<Box<Counted>>,
    /// Whether it needs more messages than the month has left.
    pub over_quota: Option<OverQuota>,
}

/// What was found out about a broadcast that is to go.
struct LookedOver {
    unfit: Unfit,
    /// The wordings that the platform would take, by their digests.
    taken: BTreeSet<String>,
}

impl Unfit {
    /// Whether it keeps back a broadcast of this lane. What the platform takes after all our own checks is as good as certain, so an
    /// emergency does not wait for its word; what is routine does, for a refusal that shows only at night reaches nobody.
    fn keeps_back(&self, lane: Lane) -> bool {
        let Self { content, audience, objections, unasked, nobody, over_quota } = self;
        let waits = match lane {
            Lane::Emergency => false,
            Lane::Routine => !unasked.is_empty(),
        };
        let is_wrong = !content.is_empty() || !audience.is_empty() || !objections.is_empty();
        waits || is_wrong || nobody.is_some() || over_quota.is_some()
    }
}

impl Outcome {
    /// The same, done without the platform's word on these wordings.
    fn without_asking(self, unasked: &[Language]) -> Self {
        match self {
            Self::Done(done) if !unasked.is_empty() => Self::Unchecked(done),
            outcome => outcome,
        }
    }
}

impl BroadcastDesk {
    /// A broadcast, and what became of everybody so far.
    pub async fn look(&self, id: &BroadcastId) -> Result<Option<Standing>, Error> {
        look(&self.history, id, self.clock.now()).await
    }

    /// Broadcasts on a shelf, the latest first.
    pub async fn list(
        &self,
        from: Shelf,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Broadcast)>, Error> {
        self.history.broadcasts.on_shelf(from, before, limit).await
    }

    /// Keeps a first draft. The same again, as by a double click, is the same broadcast.
    pub async fn create(
        &self,
        id: BroadcastId,
        draft: Draft,
        earnest: Earnest,
        origin: Origin,
        by: &StaffId,
    ) -> Result<Outcome, Error> {
        let broadcast = Broadcast::new(id, draft, earnest, origin, by.clone());
        let act = act(by, Action::WriteBroadcast, None, &broadcast, self.clock.now());
        match self.history.broadcasts.put(&broadcast, None, Some(&act)).await? {
            Written::Done => Ok(Outcome::Done(Box::new(Versioned { value: broadcast, version: 1 }))),
            Written::Raced => match self.history.broadcasts.find(&broadcast.id).await? {
                Some(there) if there.value == broadcast => Ok(Outcome::Done(Box::new(there))),
                Some(there) => Ok(Outcome::Changed(Box::new(there))),
                None => Ok(Outcome::Nowhere),
            },
        }
    }

    /// Begins a new draft with what another broadcast says. A copy of a drill is a drill. Of what goes by the hour there is none: what
    /// is kept of its words only sums them up.
    pub async fn copy(&self, of: &BroadcastId, id: BroadcastId, whom: CopyFor, by: &StaffId) -> Result<Outcome, Error> {
        let Some(Versioned { value: original, .. }) = self.history.broadcasts.find(of).await? else {
            return Ok(Outcome::Nowhere);
        };
        if original.audience.is_by_the_hour() {
            return Ok(Outcome::Refused(Refusal::WrongState));
        }
        let draft = Draft { when: When::AtOnce, ..original.draft() };
        let draft = match whom {
            CopyFor::TheSame => draft,
            CopyFor::TheUnclear => Draft { audience: Audience::UnclearIn(of.clone()), ..draft },
            CopyFor::TheRest => Draft { audience: rest(draft.audience.clone(), of), ..draft },
        };
        self.create(id, draft, original.earnest, Origin::CopyOf(of.clone()), by).await
    }

    /// Changes a broadcast; an approval before that is void. What goes by the hour stays as its rule wrote it.
    pub async fn edit(&self, id: &BroadcastId, seen: u64, draft: Draft, by: &StaffId) -> Result<Outcome, Error> {
        let edit = move |broadcast: &mut Broadcast| {
            if broadcast.audience.is_by_the_hour() {
                Err(Refusal::WrongState)
            } else {
                broadcast.edit(draft.clone(), by)
            }
        };
        self.decide(id, seen, by, Action::WriteBroadcast, edit).await
    }

    /// Counts whom a broadcast would reach if it went now, or goes on with it for [`reach::STEP`](super::reach::STEP).
    pub async fn count(&self, broadcast: &Broadcast) -> Result<Counting, Error> {
        let since = self.clock.now() - COUNT_LIFE;
        match self.reads().counting(broadcast).await? {
            // Whoever asks again after it was finished wants to know how it is now.
            Some(Counting::Done(_)) => self.reads().count(broadcast, self.clock.now()).await,
            Some(Counting::Going { .. }) | None => self.reads().count(broadcast, since).await,
        }
    }

    /// How far the counting of a broadcast as it is now has come, if there is one.
    pub async fn counting(&self, broadcast: &Broadcast) -> Result<Option<Counting>, Error> {
        self.reads().counting(broadcast).await
    }

    /// Goes on with a counting that is under way.
    pub async fn count_on(&self, broadcast: &Broadcast) -> Result<Option<Counting>, Error> {
        match self.reads().counting(broadcast).await? {
            Some(Counting::Going { .. }) => self.count(broadcast).await.map(Some),
            other => Ok(other),
        }
    }

    /// Counts whom a broadcast would reach, if that was not done lately.
    pub(crate) async fn counted_lately(&self, broadcast: &Broadcast) -> Result<Counting, Error> {
        self.reads().count(broadcast, self.clock.now() - COUNT_LIFE).await
    }

    fn reads(&self) -> Reads<'_> {
        Reads { audiences: &self.audiences, history: &self.history, counts: &*self.counts, clock: &*self.clock }
    }

    /// Asks for approval: all of it is checked, by the platform too, and counted.
    pub async fn ask(&self, id: &BroadcastId, seen: u64, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.history.broadcasts.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        let LookedOver { unfit, taken } = self.look_over(&there.value).await?;
        if unfit.keeps_back(there.value.lane) {
            return Ok(Outcome::Unfit(unfit));
        }
        let reach = match (self.counted_lately(&there.value).await?, there.value.lane) {
            (Counting::Done(counted), _) if counted.reach.reached == 0 => {
                return Ok(Outcome::Unfit(Unfit { nobody: Some(counted), ..Unfit::default() }));
            }
            (Counting::Done(counted), _) => counted.reach,
            (Counting::Going { done }, Lane::Routine) => return Ok(Outcome::Counting { done }),
            // It does not wait until a large city is counted.
            (Counting::Going { done }, Lane::Emergency) => match self.reads().estimate(&there.value).await? {
                Some(reach) => reach,
                None => return Ok(Outcome::Counting { done }),
            },
        };
        let now = self.clock.now();
        if let Some(over) = self.over_quota(&there.value, reach, now).await? {
            return Ok(Outcome::Unfit(Unfit { over_quota: Some(over), ..Unfit::default() }));
        }
        let ask = move |broadcast: &mut Broadcast| {
            broadcast.ask(by, reach, now)?;
            broadcast.note_taken(taken.clone())
        };
        let outcome = self.decide(id, seen, by, Action::AskApproval, ask).await?;
        Ok(outcome.without_asking(&unfit.unasked))
    }

    /// Approves a broadcast, fixes the very bytes that go, and lets it go when its time has come.
    pub async fn approve(&self, id: &BroadcastId, seen: u64, by: &StaffId) -> Result<Outcome, Error> {
        let Some(there) = self.history.broadcasts.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        let State::AwaitingApproval { reach, .. } = there.value.state else {
            return Ok(Outcome::Refused(Refusal::WrongState));
        };
        // The town's data may have changed since somebody asked, and with it what stands for the placeholders.
        let LookedOver { unfit, .. } = self.look_over(&there.value).await?;
        if unfit.keeps_back(there.value.lane) {
            return Ok(Outcome::Unfit(unfit));
        }
        let now = self.clock.now();
        if let Some(over) = self.over_quota(&there.value, reach, now).await? {
            return Ok(Outcome::Unfit(Unfit { over_quota: Some(over), ..Unfit::default() }));
        }
        let words = self.compose(&there.value).await?.into_iter().map(Composed::from);
        let plan = fix(&*self.history.frozen, id, reach.followers, words).await?;
        let earliest = self.earliest(&there.value, now).await?;
        let approve = move |broadcast: &mut Broadcast| broadcast.approve(by, plan.clone(), earliest, now);
        let outcome = self.decide(id, seen, by, Action::ApproveBroadcast, approve).await?;
        if let Outcome::Done(approved) = &outcome {
            self.send_for(&approved.value, now).await;
        }
        Ok(outcome.without_asking(&unfit.unasked))
    }

    /// Takes it back to a draft, before it has gone: not approved, or approved too soon. Whatever version the person saw: an undo
    /// must not fail because somebody made a remark.
    pub async fn take_back(&self, id: &BroadcastId, by: &StaffId) -> Result<Outcome, Error> {
        self.decide_anyway(id, by, Action::TakeBackBroadcast, move |broadcast| broadcast.take_back(by)).await
    }

    /// Throws away what has not gone, in the version that the person saw: it may have been approved since.
    pub async fn discard(&self, id: &BroadcastId, seen: u64, by: &StaffId) -> Result<Outcome, Error> {
        let now = self.clock.now();
        self.decide(id, seen, by, Action::StopBroadcast, move |broadcast| broadcast.stop(by, now)).await
    }

    /// Stops it, whatever version the person saw: a stop must not fail because somebody else was faster with something.
    pub async fn stop(&self, id: &BroadcastId, by: &StaffId) -> Result<Outcome, Error> {
        let now = self.clock.now();
        self.decide_anyway(id, by, Action::StopBroadcast, move |broadcast| broadcast.stop(by, now)).await
    }

    /// Lets it go on after it rested, and asks for everything that is still open. At night, what is not urgent rests on until the morning;
    /// and what is out of time does not go on.
    pub async fn resume(&self, id: &BroadcastId, by: &StaffId) -> Result<Outcome, Error> {
        let (now, quiet) = (self.clock.now(), self.quiet_hours().await?);
        let resume = move |broadcast: &mut Broadcast| {
            broadcast.resume()?;
            if broadcast.is_out_of_time(now) {
                return Err(Refusal::HourPast);
            }
            if now < broadcast.earliest(quiet, now) { broadcast.pause(PauseReason::QuietHours, now) } else { Ok(()) }
        };
        let outcome = self.decide_anyway(id, by, Action::ResumeBroadcast, resume).await?;
        if let Outcome::Done(resumed) = &outcome {
            ask_for_the_rest(&*self.history.ledgers, &*self.queues, &resumed.value).await?;
        }
        Ok(outcome)
    }

    /// Says something about it.
    pub async fn remark(&self, id: &BroadcastId, text: String, by: &StaffId) -> Result<Outcome, Error> {
        let remark = Remark { by: by.clone(), at: self.clock.now(), text };
        let say = move |broadcast: &mut Broadcast| broadcast.remark(remark.clone());
        self.decide_anyway(id, by, Action::RemarkBroadcast, say).await
    }

    /// The message of each wording as the phone will get it.
    pub async fn compose(&self, broadcast: &Broadcast) -> Result<Vec<(Language, Messages)>, Error> {
        let content = self.ready(broadcast).await?;
        self.messages.compose_content(&content, &|picture| self.pictures.urls(picture))
    }

    /// What it says, with the town's data filled in and stamped as a drill if it is one.
    pub async fn ready(&self, broadcast: &Broadcast) -> Result<Content, Error> {
        Ok(fix::ready(broadcast, &*self.audiences.towns.current().await?))
    }

    /// What the month has left for others than this broadcast.
    pub async fn quota_left(&self, but: Option<&BroadcastId>) -> Result<Left, Error> {
        quota::left(&self.history, &*self.quotas, but, self.clock.now()).await
    }

    async fn over_quota(
        &self,
        broadcast: &Broadcast,
        reach: Reach,
        now: Timestamp,
    ) -> Result<Option<OverQuota>, Error> {
        if !quota::is_bound(broadcast, self.earliest(broadcast, now).await?, now) {
            return Ok(None);
        }
        Ok(match self.quota_left(Some(&broadcast.id)).await? {
            Left::Limited(budget) if budget.left() < reach.reached => Some(OverQuota { needed: reach.reached, budget }),
            Left::Limited(_) | Left::Unlimited | Left::Unknown => None,
        })
    }

    /// The first moment at which the town lets a broadcast go.
    async fn earliest(&self, broadcast: &Broadcast, now: Timestamp) -> Result<Timestamp, Error> {
        let wanted = match broadcast.when {
            When::AtOnce => now,
            When::At(at) => at,
        };
        Ok(broadcast.earliest(self.quiet_hours().await?, wanted))
    }

    async fn quiet_hours(&self) -> Result<Option<QuietHours>, Error> {
        Ok(self.audiences.towns.current().await?.profile.sending.quiet_hours)
    }

    /// Why a broadcast cannot be sent as it is, if it cannot.
    pub(crate) async fn unfit(&self, broadcast: &Broadcast) -> Result<Option<Unfit>, Error> {
        let LookedOver { unfit, .. } = self.look_over(broadcast).await?;
        Ok(Some(unfit).filter(|unfit| unfit.keeps_back(broadcast.lane)))
    }

    async fn look_over(&self, broadcast: &Broadcast) -> Result<LookedOver, Error> {
        let town = self.audiences.towns.current().await?;
        let placeholders = Placeholders::of(&town, &broadcast.department);
        let goes_at = self.earliest(broadcast, self.clock.now()).await?;
        let mut unfit = Unfit {
            content: broadcast.content.check(&placeholders, broadcast.earnest).err().unwrap_or_default(),
            audience: broadcast.audience.check(&town).err().unwrap_or_default(),
            ..Unfit::default()
        };
        unfit.audience.extend(self.history.check(&broadcast.audience, goes_at).await?);
        let mut taken = BTreeSet::new();
        if let State::AwaitingApproval { taken: before, .. } = &broadcast.state {
            taken.extend(before.iter().cloned());
        }
        if unfit.content.is_empty() {
            self.ask_platform(broadcast, &mut taken, &mut unfit).await?;
        }
        Ok(LookedOver { unfit, taken })
    }

    /// Asks the platform, at once, about all wordings that it is not known to take.
    async fn ask_platform(
        &self,
        broadcast: &Broadcast,
        taken: &mut BTreeSet<String>,
        unfit: &mut Unfit,
    ) -> Result<(), Error> {
        let mut words = self.compose(broadcast).await?;
        words.retain(|(_, words)| !taken.contains(&digest(words)));
        let verdicts = try_join_all(words.iter().map(|(_, words)| self.messages.validate(words))).await?;
        for ((language, words), verdict) in words.iter().zip(verdicts) {
            match verdict {
                Verdict::Fine => drop(taken.insert(digest(words))),
                Verdict::Refused(objections) => {
                    unfit.objections.extend(objections.into_iter().map(|objection| (*language, objection)));
                }
                Verdict::Unasked => unfit.unasked.push(*language),
            }
        }
        Ok(())
    }

    /// Asks for the parts of an approved broadcast, for the moment at which it goes. If that fails, the janitor does it.
    async fn send_for(&self, approved: &Broadcast, now: Timestamp) {
        let State::Approved { release_at, plan, .. } = &approved.state else { return };
        let wait = release_at.duration_since(now);
        // Rounded up: a part that is asked for too early is only sent back.
        let seconds = wait.as_secs() + i64::from(0 < wait.subsec_nanos());
        // What goes later, the janitor lets go.
        let Some(delay) = u16::try_from(seconds.max(0)).ok().filter(|delay| *delay <= DELAY_MAX_S) else { return };
        if let Err(error) = self.queues.ask_to_freeze(&parts(approved, plan), delay).await {
            tracing::warn!(broadcast.id = %approved.id, error = %crate::error::Chain(&error), "release left to the janitor");
        }
    }

    /// Changes the version that was seen.
    async fn decide<F>(
        &self,
        id: &BroadcastId,
        seen: u64,
        by: &StaffId,
        action: Action,
        change: F,
    ) -> Result<Outcome, Error>
    where
        F: Fn(&mut Broadcast) -> Result<(), Refusal> + Send + Sync,
    {
        let Some(there) = self.history.broadcasts.find(id).await? else { return Ok(Outcome::Nowhere) };
        if there.version != seen {
            return Ok(Outcome::Changed(Box::new(there)));
        }
        self.write(there, by, action, &change).await
    }

    /// Changes whatever version there is.
    async fn decide_anyway<F>(
        &self,
        id: &BroadcastId,
        by: &StaffId,
        action: Action,
        change: F,
    ) -> Result<Outcome, Error>
    where
        F: Fn(&mut Broadcast) -> Result<(), Refusal> + Send + Sync,
    {
        let mut outcome = Outcome::Nowhere;
        for _ in 0..super::TRIES_MAX {
            let Some(there) = self.history.broadcasts.find(id).await? else { return Ok(Outcome::Nowhere) };
            outcome = self.write(there, by, action, &change).await?;
            match &outcome {
                Outcome::Changed(_) => {}
                Outcome::Done(_)
                | Outcome::Unchecked(_)
                | Outcome::Nowhere
                | Outcome::Refused(_)
                | Outcome::Unfit(_)
                | Outcome::Counting { .. } => break,
            }
        }
        Ok(outcome)
    }

    async fn write<F>(
        &self,
        there: Versioned<Broadcast>,
        by: &StaffId,
        action: Action,
        change: &F,
    ) -> Result<Outcome, Error>
    where
        F: Fn(&mut Broadcast) -> Result<(), Refusal> + Send + Sync,
    {
        let Versioned { value: before, version } = there;
        let mut after = before.clone();
        if let Err(refusal) = change(&mut after) {
            return Ok(Outcome::Refused(refusal));
        }
        let act = act(by, action, Some(&before), &after, self.clock.now());
        match self.history.broadcasts.put(&after, Some(version), Some(&act)).await? {
            Written::Done => Ok(Outcome::Done(Box::new(Versioned { value: after, version: version + 1 }))),
            Written::Raced => match self.history.broadcasts.find(&after.id).await? {
                Some(there) => Ok(Outcome::Changed(Box::new(there))),
                None => Ok(Outcome::Nowhere),
            },
        }
    }
}

/// Who of an audience has not received a broadcast; put together so that the form of an audience can show it.
fn rest(of: Audience, not_received: &BroadcastId) -> Audience {
    let condition = Audience::NotReceived(not_received.clone());
    match of {
        Audience::All => condition,
        Audience::And(mut all) => {
            all.push(condition);
            Audience::And(all)
        }
        Audience::Or(any) if any.iter().any(|one| matches!(one, Audience::And(_))) => {
            Audience::Or(any.into_iter().map(|one| rest(one, not_received)).collect())
        }
        other => Audience::And(vec![other, condition]),
    }
}

/// The entry in the audit log: what it was, and what it is now.
fn act(by: &StaffId, action: Action, before: Option<&Broadcast>, after: &Broadcast, at: Timestamp) -> Act {
    let (actor, subject) = (Actor::Staff(by.clone()), format!("broadcast/{}", after.id));
    let department = Some(after.department.clone());
    let [before, after] = changed(before, Some(after), "title");
    Act { at, actor, action, subject, department, before, after }
}
