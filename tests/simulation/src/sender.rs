//! A sender: is woken by one run, takes others meanwhile, and does what each run's [`Delivery`] says. Its function may end at any moment.

mod decisions;
mod outcomes;

use std::collections::{BTreeMap, BTreeSet};

use domain::broadcast::Lane;
use domain::sending::SENDER_LIFE;
use domain::sending::delivery::{Delivery, End, Gate, GivenBack};
use domain::sending::frozen::Page;
use domain::sending::ledger::{Ledger, PageState};
use domain::sending::pace::Pacer;
use jiff::Timestamp;

use crate::calls::CallId;
use crate::fault::Fault;
use crate::model::{Event, Model, share};
use crate::mutant::Mutant;
use crate::queue::{Body, MessageId};
use crate::table::Run;
use crate::world::{HOUR, MINUTE, Micros, SECOND, micros};

/// What names a sender.
pub type SenderId = usize;

/// So many runs are at work at a time at most.
const RUNS_AT_ONCE: usize = 20;
/// A run is taken when fewer than so many have pages that wait to be sent.
const RUNS_READY: usize = 2;
/// A function that is frozen and goes on stands still so long at most, in all.
const STANDS_STILL: Micros = 9 * MINUTE;
/// After the queue had nothing, it is asked again after this.
const ASKS_AGAIN: Micros = 300_000;

/// The number of no run: what a mutant has only begun to write.
const NOT_YET: u32 = 0;

/// Something that comes of what a sender began.
#[derive(Debug, Clone)]
pub enum Op {
    /// A run that it wanted has come, or none has.
    Came(MessageId, Option<(Run, Body)>),
    /// The claim of a run reaches the table.
    Claim {
        /// By which message it came.
        message: MessageId,
        /// The run.
        run: Run,
        /// What is written.
        claimed: Box<Ledger>,
    },
    /// A gate was read.
    Looked {
        /// Of which broadcast.
        cast: usize,
        /// What it said when it was asked; `None` if it did not answer.
        gate: Option<Gate>,
    },
    /// LINE has answered, or it was waited for long enough.
    Answered {
        /// For which run at work.
        number: u32,
        /// For which page.
        page: usize,
        /// To which call.
        call: CallId,
    },
    /// Everybody was taken out of a page: there is nothing to send.
    NobodyLeft {
        /// Of which run at work.
        number: u32,
        /// Which page.
        page: usize,
    },
    /// What became of a page reaches the table.
    Record {
        /// Of which run at work.
        number: u32,
        /// The run.
        run: Run,
        /// Which page.
        page: usize,
        /// What became of it.
        state: Box<PageState>,
        /// Under which claim.
        fence: u64,
    },
    /// A run that is given back reaches the table.
    GiveBack {
        /// Which run at work.
        number: u32,
        /// The run.
        run: Run,
        /// How; `None` if it is another's.
        back: Option<Box<GivenBack>>,
        /// How it ended.
        end: End,
    },
    /// A run's message is done with.
    Settle {
        /// Which run at work.
        number: u32,
        /// How it ended.
        end: End,
    },
    /// Something can be done.
    GoOn,
    /// Its time is over.
    TimeOver,
}

/// A sender at work.
#[derive(Debug)]
pub struct Sender {
    id: SenderId,
    lane: Lane,
    skew: Micros,
    began: Timestamp,
    pacer: Pacer,
    active: Vec<Active>,
    gates: BTreeMap<usize, Watch>,
    coming: usize,
    ask_from: Timestamp,
    numbers: u32,
    woke: MessageId,
    woke_is_done: bool,
    finished_in: BTreeSet<usize>,
    goes_on_at: Option<Micros>,
    still_until: Micros,
    stood_still: Micros,
    is_ghost: bool,
    reads: Reads,
    dies: bool,
}

impl Sender {
    /// It stands still from now on, for so long; in all for [`STANDS_STILL`] at most. Until when?
    pub(crate) fn stands_still(&mut self, now: Micros, span: Micros) -> Micros {
        let span = span.min(STANDS_STILL - self.stood_still);
        self.stood_still += span;
        self.still_until = now + span;
        self.still_until
    }

    pub(crate) fn die(&mut self) {
        self.dies = true;
    }

    pub(crate) fn id(&self) -> SenderId {
        self.id
    }

    pub(crate) fn lane(&self) -> Lane {
        self.lane
    }

    /// The run at a place among those at work: its number, the run, one of its pages, the first resident of its part.
    pub(crate) fn at_work(&self, place: usize, page: usize) -> (u32, Run, Page, u64) {
        let active = &self.active[place];
        (active.number, active.run, active.pages[page], active.first_resident)
    }
}

/// Which messages a function can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Only those of all versions: it is of the older one.
    Plain,
    /// Those of the newer version too.
    Newer,
}

#[derive(Debug, Clone, Copy)]
struct Watch {
    gate: Gate,
    /// Whether it is being read.
    looking: bool,
    /// When it was truly read.
    read_at: Timestamp,
}

#[derive(Debug)]
struct Active {
    number: u32,
    run: Run,
    delivery: Delivery,
    fence: u64,
    message: MessageId,
    is_ending: bool,
    pages: Vec<Page>,
    first_resident: u64,
}

impl Model {
    /// Something waits for a lane's senders.
    pub(crate) fn wake_lane(&mut self, lane: Lane) {
        let now = self.now;
        let Some(of) = self.lanes.get_mut(&lane) else { return };
        if of.wakes_at.is_some_and(|at| at <= now) {
            of.wakes_at = None;
        }
        while self.lanes.get(&lane).is_some_and(|of| of.awake < share(lane).1) {
            let Some((message, run, body)) = self.receive(lane) else { break };
            let id = self.begin_sender(lane, message);
            let at = self.soon(3_000, 40_000);
            self.events.plan(at, Event::Sender(id, Op::Came(message, Some((run, body)))));
            self.events.plan(self.now + micros(SENDER_LIFE), Event::Sender(id, Op::TimeOver));
        }
        self.plan_wake(lane);
    }

    fn receive(&mut self, lane: Lane) -> Option<(MessageId, Run, Body)> {
        let (now, hidden_until) = (self.now, self.now + self.world.hidden_for);
        let of = self.lanes.get_mut(&lane)?;
        let (id, message) = of.queue.receive(now, hidden_until, self.world.receives_max, &mut self.random)?;
        for run in std::mem::take(&mut of.queue.dead) {
            // Somebody puts dead letters back the next day.
            self.events.plan(now + 24 * HOUR + MINUTE, Event::Redrive(run));
        }
        Some((id, message.asks, message.body))
    }

    fn begin_sender(&mut self, lane: Lane, woke: MessageId) -> SenderId {
        let skew = self.machine();
        let began = self.clock(skew);
        let (calls, senders) = share(lane);
        let senders = if self.mutant == Some(Mutant::PaceNotShared) { 1 } else { senders };
        let interval = Pacer::interval(calls, senders);
        let paced_from = if self.mutant == Some(Mutant::NoFirstInterval) { began - interval } else { began };
        if let Some(of) = self.lanes.get_mut(&lane) {
            of.awake += 1;
        }
        let id = self.senders.len();
        let in_deploy = self.mix.has(Fault::TwoVersions) && self.now < self.world.deployed_at + MINUTE;
        let reads = if in_deploy && self.random.is_one_in(2) { Reads::Plain } else { Reads::Newer };
        self.senders.push(Some(Box::new(Sender {
            id,
            lane,
            skew,
            began,
            pacer: Pacer::new(interval, paced_from),
            active: Vec::new(),
            gates: BTreeMap::new(),
            coming: 1,
            ask_from: began,
            numbers: 0,
            woke,
            woke_is_done: false,
            finished_in: BTreeSet::new(),
            goes_on_at: None,
            still_until: 0,
            stood_still: 0,
            is_ghost: false,
            reads,
            dies: false,
        })));
        self.say(|| format!("sender {id} awakes in {lane:?}"));
        id
    }

    /// Something comes of what a sender began.
    pub(crate) fn sender_goes_on(&mut self, id: SenderId, op: Op) {
        let Some(mut sender) = self.senders.get_mut(id).and_then(Option::take) else {
            // It is dead; what it wrote is on its way all the same.
            self.write_of_the_dead(op);
            return;
        };
        if matches!(op, Op::TimeOver) {
            return self.time_over(sender);
        }
        if self.now < sender.still_until {
            self.events.plan(sender.still_until, Event::Sender(id, op));
            self.senders[id] = Some(sender);
            return;
        }
        if sender.is_ghost {
            self.haunt();
        }
        self.misfortunes(&mut sender);
        self.take_in(&mut sender, op);
        self.work(&mut sender);
        if sender.dies {
            self.sender_dies(&sender);
        } else if sender.active.is_empty() && sender.coming == 0 {
            self.sender_ends(&sender);
        } else {
            self.senders[id] = Some(sender);
        }
    }

    fn write_of_the_dead(&mut self, op: Op) {
        match op {
            Op::Claim { run, claimed, .. } => {
                self.table.claim(run, &claimed);
            }
            Op::Record { number, run, page, state, fence } if number != NOT_YET => {
                self.table.record(run, page, &state, fence);
            }
            Op::GiveBack { run, back: Some(back), .. } => {
                self.table.give_back(run, &back);
            }
            Op::Came(..)
            | Op::Looked { .. }
            | Op::Answered { .. }
            | Op::NobodyLeft { .. }
            | Op::Record { .. }
            | Op::GiveBack { .. }
            | Op::Settle { .. }
            | Op::GoOn
            | Op::TimeOver => {}
        }
    }

    fn misfortunes(&mut self, sender: &mut Sender) {
        if self.mix.has(Fault::Frozen) && self.goes_wrong(Fault::Frozen) && self.random.is_one_in(20) {
            let span = self.random.between(SECOND, STANDS_STILL);
            sender.stands_still(self.now, span);
            self.say(|| format!("sender {} stands still", sender.id));
        }
        if self.mix.has(Fault::StepBack) && self.goes_wrong(Fault::StepBack) && self.random.is_one_in(20) {
            let step = self.random.between(1_000, 5 * MINUTE);
            sender.skew = (sender.skew - step).max(-5 * MINUTE);
            self.say(|| format!("sender {}'s clock steps back", sender.id));
        }
        if self.mix.has(Fault::TimeOut) && self.random.is_one_in(20) && self.crashes(Fault::TimeOut) {
            sender.dies = true;
        }
    }

    /// Its function's time is over: it ends, or, if it stands still, the world thinks so.
    fn time_over(&mut self, mut sender: Box<Sender>) {
        if self.now < sender.still_until {
            self.say(|| format!("sender {} is thought dead", sender.id));
            if !sender.is_ghost {
                sender.is_ghost = true;
                self.leave_lane(sender.lane);
            }
            let ends_at = sender.still_until + 20 * SECOND;
            self.events.plan(ends_at, Event::Sender(sender.id, Op::TimeOver));
            let id = sender.id;
            self.senders[id] = Some(sender);
        } else {
            self.sender_dies(&sender);
        }
    }

    fn sender_dies(&mut self, sender: &Sender) {
        self.say(|| format!("sender {} dies", sender.id));
        if !sender.is_ghost {
            self.leave_lane(sender.lane);
        }
    }

    fn sender_ends(&mut self, sender: &Sender) {
        self.say(|| format!("sender {} ends", sender.id));
        for cast in &sender.finished_in {
            self.close_if_done(*cast, sender.skew);
        }
        if sender.woke_is_done {
            self.delete(sender.lane, sender.woke);
        }
        if !sender.is_ghost {
            self.leave_lane(sender.lane);
        }
    }

    fn leave_lane(&mut self, lane: Lane) {
        if let Some(of) = self.lanes.get_mut(&lane) {
            of.awake = of.awake.saturating_sub(1);
        }
        self.plan_wake(lane);
    }

    fn delete(&mut self, lane: Lane, message: MessageId) {
        let deleted = self.lanes.get_mut(&lane).and_then(|of| of.queue.delete(message));
        if let Some(deleted) = deleted
            && self.goes_wrong(Fault::DuplicateLater)
        {
            let at = self.now + self.random.between(0, 6 * HOUR);
            self.events.plan(at, Event::Redrive(deleted.asks));
        }
    }
}
