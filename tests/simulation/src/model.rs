//! The model: everything there is at one moment, and what happens next.

use std::collections::{BTreeMap, HashMap, VecDeque};

use domain::broadcast::audience::Audience;
use domain::broadcast::content::Content;
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, Refusal, When};
use domain::ids::StaffId;
use domain::language::Language;
use domain::sending::account::Account;
use domain::sending::plan::{Plan, Variant};
use jiff::Timestamp;

use crate::calls::{Call, CallId};
use crate::check::{Kind, Violation};
use crate::events::Events;
use crate::fault::{Fault, Mix};
use crate::janitor::Errand;
use crate::line::Line;
use crate::mutant::Mutant;
use crate::planner::{Part, PlannerId, Step};
use crate::queue::{Body, Queue};
use crate::random::Random;
use crate::sender::{Op, Sender, SenderId};
use crate::staff::Deed;
use crate::table::{Kept, Run, Table};
use crate::world::{DAY, MINUTE, Micros, World};

/// No world lasts longer.
const ENDS_AT: Micros = 7 * DAY;

/// Until then faults are as frequent as the mix says.
const STORMS_UNTIL: Micros = 40 * MINUTE;

/// Something that happens.
#[derive(Debug)]
pub enum Event {
    /// Somebody does something.
    Staff(Deed),
    /// A minute is over.
    Tick,
    /// The janitor does one thing.
    Janitor(Errand),
    /// Something waits for the planner.
    WakePlanner,
    /// A planner takes a step.
    Planner(PlannerId, Step),
    /// Something waits for a lane's senders.
    WakeLane(Lane),
    /// Something comes of what a sender began.
    Sender(SenderId, Op),
    /// A call of a sender that stood still begins.
    CallBegins(CallId),
    /// A call reaches LINE.
    CallArrives(CallId),
    /// Dead letters of runs are put back.
    Redrive(Run),
}

/// What was done in a world.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// Worlds.
    pub seeds: u64,
    /// Residents in frozen audiences.
    pub residents: u64,
    /// Pages in frozen audiences.
    pub pages: u64,
    /// Calls to LINE.
    pub calls: u64,
    /// Of which LINE had taken them before.
    pub conflicts: u64,
    /// Senders that ended where they should not.
    pub crashes: u64,
    /// Residents of whom nobody knows in the end.
    pub unclear: u64,
    /// Runs that were redriven.
    pub redriven: u64,
    /// Events.
    pub events: u64,
}

/// What became of a world.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What was done.
    pub totals: Totals,
    /// What should not have happened.
    pub violations: Vec<Violation>,
    /// What happened, if it was asked for.
    pub trace: Vec<String>,
}

/// A lane's queue and senders.
#[derive(Debug, Default)]
pub struct LaneOf {
    /// Runs to be sent.
    pub queue: Queue<Run>,
    /// How many senders are awake.
    pub awake: u32,
    /// When the queue wakes a sender next, if that is planned.
    pub wakes_at: Option<Micros>,
}

/// Everything there is.
pub struct Model {
    pub(crate) now: Micros,
    pub(crate) random: Random,
    pub(crate) world: World,
    pub(crate) mix: Mix,
    pub(crate) mutant: Option<Mutant>,
    pub(crate) events: Events<Event>,
    pub(crate) table: Table,
    pub(crate) line: Line,
    pub(crate) lanes: BTreeMap<Lane, LaneOf>,
    pub(crate) parts: Queue<Part>,
    pub(crate) planners: BTreeMap<PlannerId, crate::planner::Planner>,
    pub(crate) planners_begun: PlannerId,
    pub(crate) planner_wakes_at: Option<Micros>,
    pub(crate) senders: Vec<Option<Box<Sender>>>,
    pub(crate) calls: Vec<Call>,
    pub(crate) in_flight: HashMap<[u8; 16], CallId>,
    pub(crate) bad_ids: HashMap<(usize, u16, u64), Vec<u16>>,
    pub(crate) begun: VecDeque<Micros>,
    pub(crate) haunted_until: Micros,
    pub(crate) gates: Vec<GateFacts>,
    pub(crate) emergency_since: Option<Micros>,
    pub(crate) added_up: Vec<Account>,
    pub(crate) totals: Totals,
    pub(crate) violations: Vec<Violation>,
    pub(crate) trace: Option<Vec<String>>,
}

/// Since when, truly, a broadcast's pages may not begin.
#[derive(Debug, Clone, Copy, Default)]
pub struct GateFacts {
    /// It was stopped, or rests.
    pub shut_since: Option<Micros>,
    /// It was taken back, and never went.
    pub taken_back: Option<Micros>,
}

impl Model {
    /// The world of a seed, under these faults or a random mix, with a mistake or none.
    #[must_use]
    pub fn new(seed: u64, faults: Option<&[Fault]>, mutant: Option<Mutant>) -> Self {
        let mut random = Random::new(seed);
        let mix = match faults {
            None => Mix::random(&mut random),
            Some(faults) => Mix::of(faults, &mut random),
        };
        let world = World::new(&mut random, &mix);
        let casts = world.casts.len();
        let mut model = Self {
            now: 0,
            random,
            mix,
            mutant,
            events: Events::default(),
            table: Table { mutant, ..Table::default() },
            line: Line::new(world.quota),
            lanes: BTreeMap::from([Lane::Emergency, Lane::Routine].map(|lane| (lane, LaneOf::default()))),
            parts: Queue::default(),
            planners: BTreeMap::new(),
            planners_begun: 0,
            planner_wakes_at: None,
            senders: Vec::new(),
            calls: Vec::new(),
            in_flight: HashMap::new(),
            bad_ids: HashMap::new(),
            begun: VecDeque::new(),
            haunted_until: 0,
            gates: vec![GateFacts::default(); casts],
            emergency_since: None,
            added_up: vec![Account::default(); casts],
            totals: Totals { seeds: 1, ..Totals::default() },
            violations: Vec::new(),
            trace: None,
            world,
        };
        model.set_up(seed);
        model
    }

    /// Writes down what happens.
    #[must_use]
    pub fn traced(mut self) -> Self {
        let faults = format!("faults: {:?}", self.mix.faults());
        self.trace = Some(vec![faults, format!("{:#?}", self.world)]);
        self
    }

    fn set_up(&mut self, seed: u64) {
        for (number, cast) in self.world.casts.clone().iter().enumerate() {
            if let Some(broadcast) = draft(seed, number, cast.lane) {
                self.table.casts.push(Kept {
                    broadcast,
                    version: 0,
                    parts: BTreeMap::new(),
                    ledgers: BTreeMap::new(),
                    objects: BTreeMap::new(),
                });
            }
            self.events.plan(cast.approved_at, Event::Staff(Deed::Approve(number)));
            if self.mix.has(Fault::DoubleClick) {
                let again = cast.approved_at + self.random.between(0, 500_000);
                self.events.plan(again, Event::Staff(Deed::Approve(number)));
            }
            if let Some(at) = cast.taken_back_at {
                self.events.plan(at, Event::Staff(Deed::TakeBack(number)));
            }
            if let Some(at) = cast.stopped_at {
                self.events.plan(at, Event::Staff(Deed::Stop(number)));
            }
        }
        if self.mix.has(Fault::Revoked) {
            self.events.plan(self.world.revoked_at, Event::Staff(Deed::TokenRevoked));
        }
        let first_tick = self.random.between(0, MINUTE);
        self.events.plan(first_tick, Event::Tick);
    }

    /// Lets the world run to its end, and checks what became of it.
    #[must_use]
    pub fn run(mut self) -> Outcome {
        while let Some((at, event)) = self.events.take() {
            if ENDS_AT < at || 20 <= self.violations.len() {
                break;
            }
            self.now = at;
            self.totals.events += 1;
            self.happens(event);
        }
        self.check_the_end();
        Outcome { totals: self.totals, violations: self.violations, trace: self.trace.unwrap_or_default() }
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Staff(deed) => self.staff_does(deed),
            Event::Tick => self.tick(),
            Event::Janitor(errand) => self.janitor_does(errand),
            Event::WakePlanner => self.wake_planner(),
            Event::Planner(id, step) => self.planner_does(id, step),
            Event::WakeLane(lane) => self.wake_lane(lane),
            Event::Sender(id, op) => self.sender_goes_on(id, op),
            Event::CallBegins(call) => self.call_begins(call),
            Event::CallArrives(call) => self.call_arrives(call),
            Event::Redrive(run) => {
                self.totals.redriven += 1;
                self.say(|| format!("redriven: {run:?}"));
                self.ask_to_send(run, 0);
            }
        }
    }

    /// Writes something down, if somebody wants it.
    pub(crate) fn say(&mut self, words: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            let at = self.now;
            trace.push(format!("{:>6}.{:06} {}", at / 1_000_000, at % 1_000_000, words()));
        }
    }

    /// Something that should not happen has.
    pub(crate) fn violation(&mut self, kind: Kind, words: impl FnOnce() -> String) {
        let words = words();
        self.say(|| format!("VIOLATION {kind:?}: {words}"));
        self.violations.push(Violation { kind, at: self.now, words });
    }

    /// Whether a fault happens here and now. Long trouble is rarer trouble: else nothing would ever come to an end in it.
    pub(crate) fn goes_wrong(&mut self, fault: Fault) -> bool {
        let per_million = self.mix.per_million(fault);
        let per_million = if STORMS_UNTIL < self.now { per_million / 30 } else { per_million };
        self.now < self.world.calm_at && self.random.happens(per_million)
    }

    /// Whether a crash happens here.
    pub(crate) fn crashes(&mut self, fault: Fault) -> bool {
        let crashes = self.goes_wrong(fault);
        if crashes {
            self.totals.crashes += 1;
            self.say(|| format!("{fault:?}"));
        }
        crashes
    }

    /// After so long, in microseconds, drawn from a range.
    pub(crate) fn soon(&mut self, first: Micros, last: Micros) -> Micros {
        self.now + self.random.between(first, last)
    }

    /// A machine's clock: how far it is off.
    pub(crate) fn machine(&mut self) -> Micros {
        let machine = self.random.index(self.world.skews.len());
        self.world.skews.get(machine).copied().unwrap_or_default()
    }

    pub(crate) fn clock(&self, skew: Micros) -> Timestamp {
        self.world.clock(self.now, skew)
    }

    /// Reads a broadcast, changes it and writes it; whether that was done.
    pub(crate) fn change(&mut self, cast: usize, change: impl FnOnce(&mut Broadcast) -> Result<(), Refusal>) -> bool {
        let kept = &self.table.casts[cast];
        let (mut broadcast, version) = (kept.broadcast.clone(), kept.version);
        if self.goes_wrong(Fault::TransactionCanceled) || change(&mut broadcast).is_err() {
            return false;
        }
        let done = self.table.put(cast, broadcast, version);
        self.note_gates(cast);
        self.say(|| format!("broadcast {cast} is changed"));
        done
    }

    /// Puts a run into its lane's queue, visible after a delay.
    pub(crate) fn ask_to_send(&mut self, run: Run, delay: Micros) {
        let lane = self.world.casts[run.cast].lane;
        let copies = if self.goes_wrong(Fault::LostInBatch) {
            0
        } else if self.goes_wrong(Fault::DuplicateNow) {
            2
        } else {
            1
        };
        let newer = self.mix.has(Fault::TwoVersions) && self.world.deployed_at <= self.now;
        let body = if newer { Body::Newer } else { Body::Plain };
        let poison = self.goes_wrong(Fault::Poison).then_some(Body::Poison);
        for body in std::iter::repeat_n(body, copies).chain(poison) {
            let delayed = if self.goes_wrong(Fault::Delayed) { self.random.between(0, 10 * MINUTE) } else { 0 };
            let at = self.soon(2_000, 20_000) + delay + delayed;
            if let Some(of) = self.lanes.get_mut(&lane) {
                of.queue.send(run, body, at);
            }
        }
        for (fault, after) in REDRIVES {
            if self.goes_wrong(fault) {
                self.events.plan(self.now + after, Event::Redrive(run));
            }
        }
        self.plan_wake(lane);
    }

    /// Plans when a lane's queue wakes a sender next.
    pub(crate) fn plan_wake(&mut self, lane: Lane) {
        let now = self.now;
        let Some(of) = self.lanes.get_mut(&lane) else { return };
        let Some(at) = of.queue.next_visible() else { return };
        let at = at.max(now);
        if of.awake < share(lane).1 && of.wakes_at.is_none_or(|planned| at < planned) {
            of.wakes_at = Some(at);
            self.events.plan(at, Event::WakeLane(lane));
        }
    }
}

/// After how long dead letters are put back.
const REDRIVES: [(Fault, Micros); 4] = [
    (Fault::RedriveAfter1h, 60 * MINUTE),
    (Fault::RedriveAfter23h59, 24 * 60 * MINUTE - MINUTE),
    (Fault::RedriveAfter24h01, 24 * 60 * MINUTE + MINUTE),
    (Fault::RedriveAfter3d, 3 * DAY),
];

/// The calls a second and the senders of a lane.
#[must_use]
pub(crate) fn share(lane: Lane) -> (u32, u32) {
    match lane {
        Lane::Emergency => crate::world::EMERGENCY,
        Lane::Routine => crate::world::ROUTINE,
    }
}

/// A plan of so many parts, in two wordings.
pub(crate) fn plan(parts: usize) -> Plan {
    let variant = |language, digest: &str| Variant::new(language, digest.to_owned());
    let variants = vec![variant(Language::Japanese, "a1"), variant(Language::English, "b2")];
    Plan { parts: u16::try_from(parts).unwrap_or(u16::MAX), variants }
}

fn draft(seed: u64, number: usize, lane: Lane) -> Option<Broadcast> {
    let draft = Draft {
        title: String::new(),
        department: "disaster".parse().ok()?,
        content: Content::default(),
        audience: Audience::All,
        lane,
        when: When::AtOnce,
    };
    let author: StaffId = "author".parse().ok()?;
    let id = format!("{seed}-{number}").parse().ok()?;
    Some(Broadcast::new(id, draft, Earnest::Real, Origin::Staff, author))
}
