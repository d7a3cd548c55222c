//! What came of what a sender began: it is told to the run's [`Delivery`], and the next step is planned.

use domain::broadcast::PauseReason;
use domain::sending::delivery::{Answer, Delivery, End, GivenBack, Recorded, Why};
use domain::sending::ledger::{Doubt, Ledger, PageState};
use jiff::{SignedDuration, Timestamp};

use super::{ASKS_AGAIN, Active, Op, Reads, Sender};
use crate::calls::CallId;
use crate::check::Kind;
use crate::fault::Fault;
use crate::model::{Event, Model};
use crate::mutant::Mutant;
use crate::queue::{Body, MessageId};
use crate::table::Run;
use crate::world::{MINUTE, micros};

impl Model {
    pub(super) fn take_in(&mut self, sender: &mut Sender, op: Op) {
        let now = self.clock(sender.skew);
        match op {
            Op::Came(_, None) => {
                sender.coming -= 1;
                sender.ask_from = now + SignedDuration::from_micros(ASKS_AGAIN);
            }
            Op::Came(message, Some((run, body))) => self.begin_run(sender, message, run, body),
            Op::Claim { message, run, claimed } => self.claim(sender, message, run, *claimed),
            Op::Looked { cast, gate } => {
                if let Some(watch) = sender.gates.get_mut(&cast) {
                    watch.looking = false;
                    if let Some(gate) = gate {
                        (watch.gate, watch.read_at) = (gate, gate.read_at);
                    }
                }
            }
            Op::Answered { number, page, call } => self.answered(sender, number, page, call),
            Op::NobodyLeft { number, page } => {
                if let Some(active) = sender.active.iter_mut().find(|active| active.number == number) {
                    active.delivery.answered(page, Answer::Accepted { request: None }, &mut sender.pacer, now);
                }
            }
            Op::Record { number, run, page, state, fence } => {
                self.record(sender, (number, page), run, &state, fence);
            }
            Op::GiveBack { number, run, back, end } => self.give_back(sender, number, run, back, end),
            Op::Settle { number, end } => self.settle(sender, number, end),
            Op::GoOn => {
                if sender.goes_on_at.is_some_and(|at| at <= self.now) {
                    sender.goes_on_at = None;
                }
            }
            Op::TimeOver => {}
        }
    }

    /// Reads what a run needs, and claims it.
    fn begin_run(&mut self, sender: &mut Sender, message: MessageId, run: Run, body: Body) {
        let readable = match body {
            Body::Plain => true,
            Body::Newer => sender.reads == Reads::Newer,
            Body::Poison => false,
        };
        let unreadable = !readable || self.goes_wrong(Fault::ObjectFails) || self.goes_wrong(Fault::Truncated);
        let pages =
            self.table.casts[run.cast].objects.get(&run.part).map(|object| object.header.run_pages(run.run).len());
        let Some(pages) = pages.filter(|_| !unreadable) else {
            sender.coming -= 1;
            return;
        };
        let ledger = self.table.ledger(run).cloned().unwrap_or_else(|| Ledger::new(pages));
        if ledger.is_done() {
            sender.coming -= 1;
            self.message_is_done(sender, message);
            return;
        }
        let ledger = match self.mutant {
            Some(Mutant::NoClaim | Mutant::TakenForUntouched) => {
                let lease_until = ledger.lease_until.filter(|_| self.mutant == Some(Mutant::TakenForUntouched));
                let free = lease_until.is_none_or(|until| until <= self.clock(sender.skew));
                Ledger { lease_until: if free { None } else { lease_until }, ..ledger }
            }
            _ => ledger,
        };
        match ledger.claim(self.clock(sender.skew)) {
            Ok(claimed) => {
                let at = self.soon(20_000, 150_000);
                let claim = Op::Claim { message, run, claimed: Box::new(claimed) };
                self.events.plan(at, Event::Sender(sender.id, claim));
            }
            Err(_) => sender.coming -= 1,
        }
    }

    fn claim(&mut self, sender: &mut Sender, message: MessageId, run: Run, claimed: Ledger) {
        sender.coming -= 1;
        if self.goes_wrong(Fault::Throttled) || !self.table.claim(run, &claimed) || self.is_answer_lost() {
            self.say(|| format!("sender {}: {run:?} is not claimed", sender.id));
            return;
        }
        let Some(object) = self.table.casts[run.cast].objects.get(&run.part) else { return };
        let (pages, first_resident) = (object.header.run_pages(run.run), object.first);
        let now = self.clock(sender.skew);
        let frozen_at = if self.mutant == Some(Mutant::NoKeyFence) { now } else { object.header.frozen_at };
        sender.numbers += 1;
        self.say(|| format!("sender {}: {run:?} is claimed, fence {}", sender.id, claimed.fence));
        let fence = claimed.fence;
        let known = self.as_known(claimed);
        let delivery = Delivery::new(known, frozen_at, now);
        let number = sender.numbers;
        sender.active.push(Active { number, run, delivery, fence, message, is_ending: false, pages, first_resident });
    }

    /// The ledger as the sender takes it; mutants change what it says.
    fn as_known(&self, mut claimed: Ledger) -> Ledger {
        match self.mutant {
            Some(Mutant::NoSettling | Mutant::DroppedWhileUnclear) => claimed.settled_at = Timestamp::UNIX_EPOCH,
            Some(Mutant::NoLastCall) => {
                claimed.lease_until = claimed.lease_until.map(|until| until + SignedDuration::from_mins(2));
            }
            Some(Mutant::RefusalBelieved | Mutant::ConflictRefused) => {
                claimed.settled_at = Timestamp::UNIX_EPOCH;
                for page in &mut claimed.pages {
                    if let PageState::Open { doubt, .. } = page {
                        *doubt = Some(Doubt { at: Timestamp::UNIX_EPOCH, fence: 0 });
                    }
                }
            }
            _ => {}
        }
        claimed
    }

    fn answered(&mut self, sender: &mut Sender, number: u32, page: usize, call: CallId) {
        let answer = self.answer(call);
        if self.crashes(Fault::CrashAfterAnswer) {
            sender.dies = true;
            return;
        }
        self.say(|| format!("sender {}: call {call} {answer:?}", sender.id));
        let now = self.clock(sender.skew);
        if let Some(active) = sender.active.iter_mut().find(|active| active.number == number) {
            active.delivery.answered(page, answer, &mut sender.pacer, now);
        }
    }

    /// Whether the answer to a write is lost.
    fn is_answer_lost(&mut self) -> bool {
        self.goes_wrong(Fault::ReplyLost) || self.goes_wrong(Fault::WrittenTwice)
    }

    fn record(&mut self, sender: &mut Sender, place: (u32, usize), run: Run, state: &PageState, fence: u64) {
        let (number, page) = place;
        let outcome = if self.goes_wrong(Fault::Throttled) {
            Recorded::Failed
        } else {
            let knew = self.table.is_accepted(run, page) || matches!(state, PageState::Accepted { .. });
            let written = self.table.record(run, page, state, fence);
            if knew && !self.table.is_accepted(run, page) {
                self.violation(Kind::False, || format!("{run:?} page {page}: forgotten that LINE took it"));
            }
            if self.goes_wrong(Fault::ReplyLost) {
                Recorded::Failed
            } else if self.goes_wrong(Fault::WrittenTwice) {
                self.table.record(run, page, state, fence)
            } else {
                written
            }
        };
        self.say(|| format!("sender {}: {run:?} page {page} {state:?} {outcome:?}", sender.id));
        if self.crashes(Fault::CrashAfterRecord) {
            sender.dies = true;
            return;
        }
        let now = self.clock(sender.skew);
        let Some(active) = sender.active.iter_mut().find(|active| active.number == number) else { return };
        if let (Recorded::Written, PageState::Accepted { dropped, .. }) = (outcome, state)
            && let Some(frozen) = active.pages.get(page)
        {
            let reached = frozen.count.saturating_sub(dropped.len());
            self.added_up[run.cast].accepted += u64::try_from(reached).unwrap_or_default();
        }
        active.delivery.recorded(page, outcome, now);
    }

    fn give_back(&mut self, sender: &mut Sender, number: u32, run: Run, back: Option<Box<GivenBack>>, end: End) {
        if let Some(back) = back
            && !self.goes_wrong(Fault::Throttled)
        {
            let done = self.table.give_back(run, &back);
            self.say(|| format!("sender {}: {run:?} {end:?} {back:?} done: {done}", sender.id));
        }
        if self.crashes(Fault::CrashInGivingBack) {
            sender.dies = true;
            return;
        }
        let at = self.soon(2_000, 15_000);
        match end {
            End::Finished => {
                sender.finished_in.insert(run.cast);
            }
            End::Again(delay) => self.ask_to_send(run, micros(delay).min(15 * MINUTE)),
            End::Pause(why) => {
                let reason = match why {
                    Why::QuotaSpent => PauseReason::Quota,
                    Why::Unauthorized => PauseReason::Credentials,
                };
                let clock = self.clock(sender.skew);
                if self.change(run.cast, |broadcast| broadcast.pause(reason, clock)) {
                    self.rests(run.cast);
                }
            }
            End::Failed | End::Rest | End::Lost => {}
        }
        self.events.plan(at, Event::Sender(sender.id, Op::Settle { number, end }));
    }

    fn settle(&mut self, sender: &mut Sender, number: u32, end: End) {
        let Some(place) = sender.active.iter().position(|active| active.number == number) else { return };
        let active = sender.active.swap_remove(place);
        let done = match end {
            End::Finished | End::Again(_) | End::Rest | End::Pause(_) => true,
            End::Failed | End::Lost => matches!(self.mutant, Some(Mutant::NoPartialFailure | Mutant::JanitorAlone)),
        };
        if done {
            self.message_is_done(sender, active.message);
        }
    }

    fn message_is_done(&mut self, sender: &mut Sender, message: MessageId) {
        if message == sender.woke {
            sender.woke_is_done = true;
        } else {
            self.delete(sender.lane, message);
        }
    }
}
