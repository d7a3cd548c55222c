//! The tick: every minute, the rules that are due write their broadcasts, each once.
//!
//! It works on the minute that it was scheduled for, never on the present one, so that one which is late, doubled or out of order comes
//! to the same. What a broadcast is called is computed from its rule and date, and it is put only if there is none of that name;
//! only then does the rule go on to its next time. So whatever dies in between, the next tick finds it open and does the rest.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::broadcast::audience::{Audience, Mentions};
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::{Broadcast, Earnest, State};
use domain::ids::{BroadcastId, RuleId};
use domain::reminder::{Became, Outcome, Problem, Rule};
use domain::sending::plan::Plan;
use domain::time::{date_in_japan, in_japan};
use domain::town::Town;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::garbage;
use crate::broadcast::change;
use crate::broadcast::fix::{Composed, fix, ready};
use crate::broadcast::janitor::parts;
use crate::error::{Chain, Error, Kind};
use crate::ports::broadcasts::{Broadcasts, FrozenParts, SendingQueues};
use crate::ports::reminders::Reminders;
use crate::ports::staff::Written;
use crate::ports::{Clock, Composer, PictureAddresses, Towns, Versioned};

/// The ids of broadcasts that rules write are computed in this namespace.
const BROADCASTS: Uuid = Uuid::from_u128(0x6b61_6972_616e_5f72_7565_6c65_5f64_6174);
/// So many rules are looked for at a time; what is left the next minute finds.
const DUE_MAX: usize = 5_000;
/// So many are worked on side by side.
const AT_ONCE: usize = 16;
/// A tick begins no rule later than this; what is left stays due.
pub const WORKS_FOR: SignedDuration = SignedDuration::from_secs(40);

/// What a rule wrote waits no longer than this before it goes or is held: over a night, and as long as it is made up for.
const WAITS_MAX: SignedDuration = SignedDuration::from_hours(48);

const WRITING: &str = "write a rule's broadcast";

/// The use case; it holds the ports.
pub struct Ticker {
    /// The rules.
    pub rules: Arc<dyn Reminders>,
    /// The broadcasts.
    pub broadcasts: Arc<dyn Broadcasts>,
    /// Where words are kept.
    pub frozen: Arc<dyn FrozenParts>,
    /// The queues.
    pub queues: Arc<dyn SendingQueues>,
    /// The platform's words.
    pub composer: Arc<dyn Composer>,
    /// Where pictures are.
    pub pictures: Arc<dyn PictureAddresses>,
    /// The town.
    pub towns: Arc<dyn Towns>,
    /// The time: for how long it may work, and nothing else.
    pub clock: Arc<dyn Clock>,
}

/// What a tick brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ticked {
    /// Rules that were due.
    pub due: usize,
    /// Times of theirs whose broadcast is there, whoever wrote it.
    pub went: usize,
    /// Times that were too late.
    pub missed: usize,
    /// Times of which no broadcast can be written as things are.
    pub stuck: usize,
    /// Rules that were left to the next tick.
    pub left: usize,
    /// Rules that could not be looked after.
    pub failed: usize,
}

/// What came of one rule.
#[derive(Debug, Default)]
struct Worked {
    ticked: Ticked,
    outcomes: Vec<Outcome>,
    /// The first time that is not done with.
    open: Option<Timestamp>,
    trouble: Option<Error>,
}

impl Ticker {
    /// Works off what is due at a minute. One rule that fails does not keep the others from it; then it is an error in the end.
    pub async fn tick(&self, minute: Timestamp) -> Result<Ticked, Error> {
        let until = self.clock.now() + WORKS_FOR;
        let due = self.rules.due(minute, DUE_MAX).await?;
        let mut ticked = Ticked { due: due.len(), ..Ticked::default() };
        if due.is_empty() {
            return Ok(ticked);
        }
        let town = &*self.towns.current().await?;
        let mut works: Vec<BoxFuture<'_, (&RuleId, Result<Worked, Error>)>> = Vec::new();
        for id in &due {
            works.push(Box::pin(async move { (id, self.work(id, town, minute, until).await) }));
        }
        let mut works = stream::iter(works).buffer_unordered(AT_ONCE);
        let mut trouble = None;
        while let Some((id, worked)) = works.next().await {
            let failed = match worked {
                Ok(worked) => {
                    ticked.add(worked.ticked);
                    worked.trouble
                }
                Err(error) => Some(error),
            };
            if let Some(error) = failed {
                tracing::warn!(rule.id = %id, error = %Chain(&error), "a rule could not be looked after");
                ticked.failed += 1;
                trouble = Some(error);
            }
        }
        trouble.map_or(Ok(ticked), Err)
    }

    async fn work(&self, id: &RuleId, town: &Town, minute: Timestamp, until: Timestamp) -> Result<Worked, Error> {
        if until <= self.clock.now() {
            return Ok(Worked { ticked: Ticked { left: 1, ..Ticked::default() }, ..Worked::default() });
        }
        // The index may lag: what the rule itself says counts.
        let Some(Versioned { value: rule, version }) = self.rules.find(id).await? else { return Ok(Worked::default()) };
        let Some(first) = rule.due().filter(|due| *due <= minute) else { return Ok(Worked::default()) };
        let times = std::iter::successors(Some(first), |due| rule.next_after(*due)).take_while(|due| *due <= minute);
        let mut worked = Worked::default();
        for due in times {
            self.write_for(&rule, town, due, minute, &mut worked).await;
        }
        let mut settled = rule.clone();
        settled.settle(std::mem::take(&mut worked.outcomes), worked.open, minute);
        if settled != rule && self.rules.put(&settled, Some(version), None).await? == Written::Raced {
            // Another tick was faster: what is still open then, the next one sees. Or somebody stopped the rule meanwhile, and did not
            // know of what was written here.
            let now = self.rules.find(id).await?.filter(|now| now.value.due().is_none());
            if let Some(Versioned { value: stopped, .. }) = now {
                let known = written_until(&stopped, minute);
                let unknown = written_until(&rule, minute);
                take_back(&*self.broadcasts, unknown.difference(&known).cloned().collect()).await?;
            }
        }
        Ok(worked)
    }

    /// Sees to one time of a rule.
    async fn write_for(&self, rule: &Rule, town: &Town, due: Timestamp, minute: Timestamp, worked: &mut Worked) {
        let became = if rule.makes_up(due, minute) {
            match self.write(rule, town, due, minute).await {
                Ok(Some(broadcast)) => Became::Went(broadcast),
                Ok(None) => return,
                Err(error) => {
                    worked.open.get_or_insert(due);
                    match error.kind {
                        Kind::Permanent => Self::tell(rule, due, Some(&error)),
                        Kind::Transient | Kind::Throttled => return worked.trouble = Some(error),
                    }
                    Became::Stuck
                }
            }
        } else {
            match self.went(rule, due).await {
                // The rule does not know of it: the table was restored to a time before it, and the broadcast was carried over.
                Ok(Some(broadcast)) => Became::Went(broadcast),
                Ok(None) if self.had_nothing_to_say(rule, town, due) => return,
                Ok(None) => {
                    Self::tell(rule, due, None);
                    Became::Missed
                }
                Err(error) if error.kind == Kind::Permanent => {
                    Self::tell(rule, due, Some(&error));
                    Became::Missed
                }
                Err(error) => {
                    worked.open.get_or_insert(due);
                    return worked.trouble = Some(error);
                }
            }
        };
        match &became {
            Became::Went(_) => worked.ticked.went += 1,
            Became::Stuck => worked.ticked.stuck += 1,
            Became::Missed => worked.ticked.missed += 1,
        }
        worked.outcomes.push(Outcome { due, became });
    }

    /// The broadcast of a time, if it was written and not taken back.
    async fn went(&self, rule: &Rule, due: Timestamp) -> Result<Option<BroadcastId>, Error> {
        let id = broadcast_id(rule, due)?;
        let there = self.broadcasts.find(&id).await?.filter(|there| !is_taken_back(&there.value));
        Ok(there.map(|_| id))
    }

    /// Whether nothing went out of which anybody could have been reminded then.
    fn had_nothing_to_say(&self, rule: &Rule, town: &Town, due: Timestamp) -> bool {
        let written = broadcast_id(rule, due).ok().and_then(|id| rule.broadcast(id, due));
        written.is_some_and(|mut broadcast| matches!(self.words(&mut broadcast, town), Ok(None)))
    }

    /// The alarm, once for each thing that a person has to know.
    fn tell(rule: &Rule, due: Timestamp, stuck: Option<&Error>) {
        let known = |outcome: &Outcome| outcome.due == due && outcome.became == Became::Stuck;
        match stuck {
            Some(_) if rule.outcomes.iter().any(known) => {}
            Some(error) => {
                tracing::error!(rule.id = %rule.id, due = %due, why = %Chain(error), "a reminder does not go");
            }
            None => tracing::error!(rule.id = %rule.id, due = %due, why = "too late", "a reminder does not go"),
        }
    }

    /// Writes the broadcast of a time, if there is none yet, and asks for its parts; `None` where there is nothing to say.
    async fn write(
        &self,
        rule: &Rule,
        town: &Town,
        due: Timestamp,
        minute: Timestamp,
    ) -> Result<Option<BroadcastId>, Error> {
        let id = broadcast_id(rule, due)?;
        let read = match self.broadcasts.find(&id).await? {
            None => None,
            // It was taken back with its rule, which has been let go on since; nobody has touched it: it is written anew.
            Some(there) if is_taken_back(&there.value) => Some(there.version),
            Some(_) => return Ok(Some(id)),
        };
        let nothing = || Error::new(Kind::Permanent, WRITING, "it is about a month outside of all years");
        let mut broadcast = rule.broadcast(id.clone(), due).ok_or_else(nothing)?;
        let Some(words) = self.words(&mut broadcast, town)? else { return Ok(None) };
        let followers = rule.followers().unwrap_or_default();
        let plan = fix(&*self.frozen, &id, followers, words).await?;
        let refused = |refusal| Error::new(Kind::Permanent, WRITING, refusal);
        let approved = rule.approved(broadcast, plan.clone(), minute).map_err(refused)?;
        match self.broadcasts.put(&approved, read, None).await? {
            Written::Done => self.send_for(&approved, &plan).await,
            // Another tick was faster, if it did write: two that meet may both write nothing.
            Written::Raced if self.broadcasts.find(&id).await?.map(|there| there.version) != read => {}
            Written::Raced => {
                return Err(Error::new(Kind::Transient, WRITING, "another tick was met, and it wrote none"));
            }
        }
        Ok(Some(id))
    }

    /// What a broadcast says in the platform's words; `None` where nothing goes out of which anybody could be reminded.
    fn words(&self, broadcast: &mut Broadcast, town: &Town) -> Result<Option<Vec<Composed>>, Error> {
        let urls = |picture: &_| self.pictures.urls(picture);
        if let Audience::GarbageDay { day, slot } = broadcast.audience {
            broadcast.content = garbage::summary(town, slot, day);
            let mut words = Vec::new();
            for said in garbage::said(town, slot, day) {
                for (language, messages) in self.composer.compose_content(&said.content(), &urls)? {
                    words.push(Composed { language, categories: said.categories.clone(), messages });
                }
            }
            return Ok((!words.is_empty()).then_some(words));
        }
        if broadcast.audience.mentions() != Mentions::default() {
            return Err(Error::new(Kind::Permanent, WRITING, Problem::EarlierBroadcast));
        }
        // What a condition speaks of may have been given up since the approval: then it would mean nobody, or everybody.
        if let Err(problems) = broadcast.audience.check(town) {
            return Err(Error::new(Kind::Permanent, WRITING, format!("{} faults in whom it reaches", problems.len())));
        }
        let content = ready(broadcast, town);
        let placeholders = Placeholders::of(town, &broadcast.department);
        if let Err(problems) = broadcast.content.check(&placeholders, Earnest::Real) {
            return Err(Error::new(Kind::Permanent, WRITING, format!("{} faults in what it says", problems.len())));
        }
        let composed = self.composer.compose_content(&content, &urls)?;
        Ok(Some(composed.into_iter().map(Composed::from).collect()))
    }

    /// Asks for its parts. If that fails, the janitor does it.
    async fn send_for(&self, approved: &Broadcast, plan: &Plan) {
        tracing::info!(broadcast.id = %approved.id, "a rule wrote a broadcast");
        if let Err(error) = self.queues.ask_to_freeze(&parts(approved, plan), 0).await {
            tracing::warn!(broadcast.id = %approved.id, error = %Chain(&error), "release left to the janitor");
        }
    }
}

impl Ticked {
    fn add(&mut self, other: Self) {
        let Self { due: _, went, missed, stuck, left, failed } = other;
        self.went += went;
        self.missed += missed;
        self.stuck += stuck;
        self.left += left;
        self.failed += failed;
    }
}

/// What a rule has written lately, or is about to write: the broadcasts of its times until a minute.
pub(super) fn written_until(rule: &Rule, minute: Timestamp) -> BTreeSet<BroadcastId> {
    let lately = rule.outcomes.iter().filter(|outcome| minute - WAITS_MAX < outcome.due);
    let went = lately.filter_map(|outcome| match &outcome.became {
        Became::Went(id) => Some(id.clone()),
        Became::Stuck | Became::Missed => None,
    });
    let due = std::iter::successors(rule.due(), |due| rule.next_after(*due)).take_while(|due| *due <= minute);
    went.chain(due.filter_map(|due| broadcast_id(rule, due).ok())).collect()
}

/// Whether a broadcast that a rule wrote was taken back with it, and nobody has touched it since.
fn is_taken_back(broadcast: &Broadcast) -> bool {
    broadcast.is_unseen() && broadcast.state == State::Draft
}

/// Takes back what has not gone of the broadcasts of a rule, because somebody stopped it: they are drafts then.
pub(super) async fn take_back(broadcasts: &dyn Broadcasts, ids: BTreeSet<BroadcastId>) -> Result<(), Error> {
    for id in ids {
        change(broadcasts, &id, Broadcast::take_back_with_its_rule).await?;
    }
    Ok(())
}

/// The id of what a rule writes: of one date there is one, whatever time of it the rule names by then; of garbage reminders one for
/// each time of a date.
pub(super) fn broadcast_id(rule: &Rule, due: Timestamp) -> Result<BroadcastId, Error> {
    let date = date_in_japan(due);
    let name = if rule.kind.is_garbage() {
        format!("{}/{date}/{}", rule.id, in_japan(due).time())
    } else {
        format!("{}/{date}", rule.id)
    };
    let id = Uuid::new_v5(&BROADCASTS, name.as_bytes()).to_string();
    id.parse().map_err(|error| Error::new(Kind::Permanent, WRITING, error))
}
