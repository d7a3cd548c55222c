//! What a sender does at a moment: whatever each run's `Delivery` says, and whether it takes another run.

use domain::sending::TAKES_RUNS_FOR;
use domain::sending::delivery::{Gate, Next, Order, Recorded};
use domain::sending::ledger::PageState;
use jiff::{SignedDuration, Timestamp};

use super::{NOT_YET, Op, RUNS_AT_ONCE, RUNS_READY, Sender, Watch};
use crate::fault::Fault;
use crate::model::{Event, Model};
use crate::mutant::Mutant;
use crate::world::SECOND;

impl Model {
    /// Lets every run do what it can at this moment, and takes another from the queue if one will soon be needed.
    pub(super) fn work(&mut self, sender: &mut Sender) {
        if sender.dies || self.now < sender.still_until {
            return;
        }
        let mut wake: Option<Timestamp> = None;
        let mut place = 0;
        while place < sender.active.len() && !sender.dies {
            if self.drive(sender, place, &mut wake) {
                place += 1;
            }
        }
        self.take_more(sender);
        let now = self.clock(sender.skew);
        let asks = (now < sender.ask_from && !sender.active.is_empty()).then_some(sender.ask_from);
        if let Some(at) = wake.into_iter().chain(asks).min() {
            let late = self.random.between(50, 3_000);
            let at = self.world.moment(at, sender.skew).max(self.now) + late;
            if sender.goes_on_at.is_none_or(|planned| at + 3_000 < planned || planned < self.now) {
                sender.goes_on_at = Some(at);
                self.events.plan(at, Event::Sender(sender.id, Op::GoOn));
            }
        }
    }

    /// One decision of one run; whether there is nothing more to decide for it now.
    fn drive(&mut self, sender: &mut Sender, place: usize, wake: &mut Option<Timestamp>) -> bool {
        let now = self.clock(sender.skew);
        let Some(active) = sender.active.get_mut(place).filter(|active| !active.is_ending) else { return true };
        let cast = active.run.cast;
        let never = Gate { read_at: Timestamp::UNIX_EPOCH, order: Order::Rest };
        let never = Watch { gate: never, looking: false, read_at: Timestamp::UNIX_EPOCH };
        let watch = sender.gates.entry(cast).or_insert(never);
        match active.delivery.next(watch.gate, &mut sender.pacer, now) {
            Next::LookAtGate => {
                if watch.looking {
                    return true;
                }
                let believes_old =
                    self.mutant == Some(Mutant::StopSeenLate) && now < watch.read_at + SignedDuration::from_secs(10);
                if believes_old {
                    watch.gate.read_at = now;
                    return false;
                }
                watch.looking = true;
                self.look(sender, cast, now);
                true
            }
            Next::Call { page, generation, dropped } => {
                self.send_page(sender, place, page, generation, dropped);
                false
            }
            Next::Record { page, state } => {
                self.begin_record(sender, place, page, state, now);
                false
            }
            Next::WaitUntil(at) => {
                *wake = Some(wake.map_or(at, |wake| wake.min(at)));
                true
            }
            Next::Await => true,
            Next::End(end) => {
                active.is_ending = true;
                let back = active.delivery.give_back(now).map(Box::new);
                let op = Op::GiveBack { number: active.number, run: active.run, back, end };
                let at = self.soon(2_000, 15_000);
                self.events.plan(at, Event::Sender(sender.id, op));
                true
            }
        }
    }

    fn look(&mut self, sender: &Sender, cast: usize, now: Timestamp) {
        let order = match (self.table.order(cast), self.mutant) {
            (Order::GiveWay, Some(Mutant::LaneIgnored)) | (Order::Stop, Some(Mutant::StopIgnored)) => Order::Go,
            (order, _) => order,
        };
        let gate = if self.goes_wrong(Fault::Throttled) { None } else { Some(Gate { read_at: now, order }) };
        let at = if gate.is_some() { self.soon(2_000, 20_000) } else { self.soon(100_000, 200_000) };
        self.events.plan(at, Event::Sender(sender.id, Op::Looked { cast, gate }));
    }

    fn begin_record(&mut self, sender: &mut Sender, place: usize, page: usize, state: PageState, now: Timestamp) {
        let active = &mut sender.active[place];
        let (number, run, fence) = (active.number, active.run, active.fence);
        if self.mutant == Some(Mutant::UsedBeforeWritten) && state.is_open() {
            active.delivery.recorded(page, Recorded::Written, now);
            let at = self.now + 5 * SECOND;
            let op = Op::Record { number: NOT_YET, run, page, state: Box::new(state), fence };
            self.events.plan(at, Event::Sender(sender.id, op));
            return;
        }
        let state = Box::new(match (self.mutant, state) {
            (Some(Mutant::RefusedThoughTried), PageState::Unclear) if self.table.order(run.cast) != Order::Stop => {
                PageState::Refused { status: 403 }
            }
            (Some(Mutant::NotSentThoughTried), PageState::Expired) => PageState::Stopped,
            (_, state) => state,
        });
        let at = self.soon(3_000, 20_000);
        self.events.plan(at, Event::Sender(sender.id, Op::Record { number, run, page, state, fence }));
    }

    fn take_more(&mut self, sender: &mut Sender) {
        let now = self.clock(sender.skew);
        let eager = sender.active.iter().filter(|active| active.delivery.wants_to_call()).count();
        let wanted = eager + sender.coming < RUNS_READY && sender.active.len() + sender.coming < RUNS_AT_ONCE;
        let idle = sender.active.is_empty() && sender.coming == 0;
        if idle || !wanted || now < sender.ask_from || sender.began + TAKES_RUNS_FOR <= now {
            return;
        }
        sender.coming += 1;
        let taken = self.receive(sender.lane);
        let at = self.soon(8_000, 60_000);
        let op = match taken {
            Some((message, run, body)) => Op::Came(message, Some((run, body))),
            None => Op::Came(0, None),
        };
        self.events.plan(at, Event::Sender(sender.id, op));
    }
}
