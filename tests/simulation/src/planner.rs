//! The planner: freezes a part, notes it, and puts its runs into the queue; it may end between any two of these.

use domain::broadcast::{Broadcast, State};
use domain::sending::frozen::{FrozenPart, LeftOut};

use jiff::Timestamp;

use crate::fault::Fault;
use crate::model::{Event, Model};
use crate::mutant::Mutant;
use crate::queue::{Body, MessageId};
use crate::table::{Object, Run};
use crate::world::{MINUTE, Micros, SECOND};

/// What names a planner at work.
pub type PlannerId = u64;

/// One part of a broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which broadcast.
    pub cast: usize,
    /// Which part of it.
    pub part: u16,
}

/// A planner at work on one part.
#[derive(Debug, Clone)]
pub struct Planner {
    part: Part,
    message: MessageId,
    skew: Micros,
    /// When its time is over.
    ends_at: Micros,
}

/// What it does next.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Looks at the broadcast, lets it go if it is due, and reads the residents.
    Begin,
    /// Writes the object of who was there when it began to read.
    Keep {
        /// Then.
        read_at: Micros,
        /// Which was this by its clock.
        frozen_at: Timestamp,
    },
    /// Notes the part in the table.
    Note,
    /// Puts up to ten runs into the queue, from this one on.
    Enqueue(u16),
}

/// So many planners work at a time.
const PLANNERS: usize = 10;
/// One has so much time.
const LIFE: Micros = 60 * SECOND;
/// A message that was received stays hidden so long.
const HIDDEN_FOR: Micros = 75 * SECOND;
/// So many runs go into the queue at a time.
const BATCH: u16 = 10;

impl Model {
    /// Asks for a part to be frozen.
    pub(crate) fn ask_to_freeze(&mut self, part: Part, delay: Micros) {
        if self.goes_wrong(Fault::LostInBatch) {
            return;
        }
        let twice = self.goes_wrong(Fault::DuplicateNow);
        let at = self.soon(2_000, 20_000) + delay;
        for _ in 0..=u32::from(twice) {
            self.parts.send(part, Body::Plain, at);
        }
        self.plan_planner();
    }

    fn plan_planner(&mut self) {
        let Some(at) = self.parts.next_visible().map(|at| at.max(self.now)) else { return };
        if self.planners.len() < PLANNERS && self.planner_wakes_at.is_none_or(|planned| at < planned) {
            self.planner_wakes_at = Some(at);
            self.events.plan(at, Event::WakePlanner);
        }
    }

    /// Something waits for the planner.
    pub(crate) fn wake_planner(&mut self) {
        if self.planner_wakes_at.is_some_and(|at| at <= self.now) {
            self.planner_wakes_at = None;
        }
        let now = self.now;
        while self.planners.len() < PLANNERS {
            let received = self.parts.receive(now, now + HIDDEN_FOR, 20, &mut self.random);
            let Some((message, received)) = received else { break };
            self.planners_begun += 1;
            let skew = self.machine();
            let planner = Planner { part: received.asks, message, skew, ends_at: now + LIFE };
            self.planners.insert(self.planners_begun, planner);
            let at = self.soon(5_000, 300_000);
            self.events.plan(at, Event::Planner(self.planners_begun, Step::Begin));
        }
        self.plan_planner();
    }

    /// A planner takes a step.
    pub(crate) fn planner_does(&mut self, id: PlannerId, step: Step) {
        let Some(planner) = self.planners.get(&id).cloned() else { return };
        let timed_out = planner.ends_at < self.now && !self.mix.has(Fault::Frozen);
        if timed_out || self.crashes(Fault::TimeOut) {
            return self.planner_ends(id, None);
        }
        self.say(|| format!("planner {id}: {:?} {step:?}", planner.part));
        match step {
            Step::Begin => self.begin_freezing(id, &planner),
            Step::Keep { read_at, frozen_at } => {
                if self.goes_wrong(Fault::ObjectFails) {
                    return self.planner_ends(id, None);
                }
                self.keep(planner.part, read_at, frozen_at);
                if self.crashes(Fault::CrashInFreezing) {
                    return self.planner_ends(id, None);
                }
                let enqueues_first = self.mutant == Some(Mutant::EnqueuedBeforeNoted);
                self.then(id, if enqueues_first { Step::Enqueue(0) } else { Step::Note });
            }
            Step::Note => {
                if self.goes_wrong(Fault::Throttled) {
                    return self.planner_ends(id, None);
                }
                self.note(planner.part);
                if self.goes_wrong(Fault::ReplyLost) {
                    self.planner_ends(id, None);
                } else if self.mutant == Some(Mutant::EnqueuedBeforeNoted) {
                    self.planner_ends(id, Some(planner.message));
                } else {
                    self.then(id, Step::Enqueue(0));
                }
            }
            Step::Enqueue(from) => self.enqueue(id, &planner, from),
        }
    }

    fn then(&mut self, id: PlannerId, step: Step) {
        let stands_still = if self.goes_wrong(Fault::Frozen) { self.random.between(SECOND, 6 * MINUTE) } else { 0 };
        let at = self.soon(5_000, 60_000) + stands_still;
        self.events.plan(at, Event::Planner(id, step));
    }

    /// It ends, and if all is done so is its message.
    fn planner_ends(&mut self, id: PlannerId, done: Option<MessageId>) {
        self.planners.remove(&id);
        if let Some(message) = done {
            self.parts.delete(message);
        }
        self.plan_planner();
    }

    fn begin_freezing(&mut self, id: PlannerId, planner: &Planner) {
        let cast = planner.part.cast;
        self.release(cast, planner.skew);
        let goes = match &self.table.casts[cast].broadcast.state {
            State::Sending { .. } => true,
            // Not yet by this clock: the message comes again.
            State::Approved { .. } => false,
            State::Draft
            | State::AwaitingApproval { .. }
            | State::Held { .. }
            | State::Stopped { .. }
            | State::Finished { .. } => return self.planner_ends(id, Some(planner.message)),
        };
        if goes {
            let (read_at, frozen_at) = (self.now, self.clock(planner.skew));
            let at = self.soon(100_000, 3 * SECOND);
            self.events.plan(at, Event::Planner(id, Step::Keep { read_at, frozen_at }));
        } else {
            self.planner_ends(id, None);
        }
    }

    /// Lets a broadcast go, if its time has come by this clock.
    pub(crate) fn release(&mut self, cast: usize, skew: Micros) -> bool {
        let clock = self.clock(skew);
        let is_due = matches!(&self.table.casts[cast].broadcast.state, State::Approved { release_at, .. } if *release_at <= clock);
        is_due && self.change(cast, |broadcast: &mut Broadcast| broadcast.release(clock))
    }

    /// Writes the object of a part, if there is none.
    fn keep(&mut self, part: Part, read_at: Micros, frozen_at: Timestamp) {
        let Part { cast, part } = part;
        let is_there = self.table.casts[cast].objects.contains_key(&part);
        if is_there && self.mutant != Some(Mutant::FrozenAgain) {
            return;
        }
        let header = FrozenPart {
            broadcast: self.table.casts[cast].broadcast.id.clone(),
            part,
            frozen_at,
            sections: self.world.casts[cast].parts.get(usize::from(part)).cloned().unwrap_or_default(),
            left_out: LeftOut::default(),
            digest: String::new(),
        };
        let object = Object { header, first: self.first_resident(cast, read_at) };
        self.table.casts[cast].objects.insert(part, object);
    }

    /// Who is the first in a part's audience at a time: one after another leaves, and another comes at its end.
    pub(crate) fn first_resident(&self, cast: usize, at: Micros) -> u64 {
        u64::try_from(at / self.world.casts[cast].churn).unwrap_or_default()
    }

    /// Notes a part, whatever has become of the broadcast meanwhile.
    fn note(&mut self, part: Part) {
        let kept = &mut self.table.casts[part.cast];
        let Some(object) = kept.objects.get(&part.part) else { return };
        if self.mutant == Some(Mutant::FrozenAgain) || !kept.parts.contains_key(&part.part) {
            kept.parts.insert(part.part, object.header.clone());
        }
    }

    fn enqueue(&mut self, id: PlannerId, planner: &Planner, from: u16) {
        let Part { cast, part } = planner.part;
        let runs = self.table.casts[cast].objects.get(&part).map_or(0, |object| object.header.runs());
        let until = runs.min(from + BATCH);
        for run in from..until {
            if self.crashes(Fault::CrashInEnqueuing) {
                return self.planner_ends(id, None);
            }
            self.ask_to_send(Run { cast, part, run }, 0);
        }
        if until < runs {
            self.then(id, Step::Enqueue(until));
        } else if self.mutant == Some(Mutant::EnqueuedBeforeNoted) {
            self.then(id, Step::Note);
        } else {
            self.planner_ends(id, Some(planner.message));
        }
    }
}
