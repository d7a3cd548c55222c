//! The janitor, once a minute: lets go what is due, asks again for what stopped half-way, closes what is done.

use domain::broadcast::State;
use domain::sending::SETTLE;
use domain::sending::account::Account;
use domain::sending::janitor::{FROZEN_AGAIN_AFTER, Mend, QueueLooks, Standing, Watched};
use jiff::Timestamp;

use crate::fault::Fault;
use crate::model::{Event, Model};
use crate::mutant::Mutant;
use crate::planner::Part;
use crate::table::{Kept, Run};
use crate::world::{MINUTE, Micros, SECOND};

/// One thing that the janitor does.
#[derive(Debug, Clone, Copy)]
pub enum Errand {
    /// Asks for a part.
    Freeze(Part),
    /// Asks for a run.
    Send(Run),
    /// Closes a broadcast.
    Close(usize, Account),
}

impl Model {
    /// A minute is over.
    pub(crate) fn tick(&mut self) {
        if self.is_any_left() {
            self.events.plan(self.now + MINUTE, Event::Tick);
        }
        if matches!(self.mutant, Some(Mutant::NoJanitor | Mutant::NoPartialFailure)) {
            return;
        }
        let skew = self.machine();
        let clock = self.clock(skew);
        let mut errands = Vec::new();
        for cast in 0..self.table.casts.len() {
            if self.release(cast, skew) {
                let parts = u16::try_from(self.world.casts[cast].parts.len()).unwrap_or_default();
                errands.extend((0..parts).map(|part| Errand::Freeze(Part { cast, part })));
            }
            let lane = self.world.casts[cast].lane;
            let is_empty = self.lanes.get(&lane).is_some_and(|of| of.queue.is_empty());
            let queue =
                if is_empty == self.goes_wrong(Fault::StaleQueue) { QueueLooks::Busy } else { QueueLooks::Empty };
            errands.extend(self.mends(cast, queue, clock));
        }
        let mut at = self.now;
        for errand in errands {
            if self.crashes(Fault::CrashInMending) {
                break;
            }
            let stands_still = if self.goes_wrong(Fault::Frozen) { self.random.between(SECOND, 6 * MINUTE) } else { 0 };
            at += self.random.between(1_000, 10_000) + stands_still;
            self.events.plan(at, Event::Janitor(errand));
        }
    }

    fn mends(&self, cast: usize, queue: QueueLooks, clock: Timestamp) -> Vec<Errand> {
        let Some(mut watched) = watched(&self.table.casts[cast], queue) else { return Vec::new() };
        if let (Some(Mutant::ClosedInFreezing), Standing::Stopped(at)) = (self.mutant, watched.standing) {
            watched.standing = Standing::Stopped(at - (SETTLE - FROZEN_AGAIN_AFTER));
        }
        if self.mutant == Some(Mutant::ClosedUnsettled) {
            let account = watched.account();
            let all_frozen = usize::from(watched.plan.parts) == watched.parts.len();
            if all_frozen && account.open == 0 {
                return vec![Errand::Close(cast, account)];
            }
        }
        let errand = |mend| match mend {
            Mend::Freeze(part) => Errand::Freeze(Part { cast, part }),
            Mend::Send(part, run) => Errand::Send(Run { cast, part, run }),
            Mend::Close(account) => Errand::Close(cast, account),
        };
        watched.mend(clock).into_iter().map(errand).collect()
    }

    /// The janitor does one thing.
    pub(crate) fn janitor_does(&mut self, errand: Errand) {
        self.say(|| format!("janitor: {errand:?}"));
        match errand {
            Errand::Freeze(part) => self.ask_to_freeze(part, 0),
            Errand::Send(run) => self.ask_to_send(run, 0),
            Errand::Close(cast, account) => self.close(cast, account),
        }
    }

    /// Closes a broadcast with its account, unless somebody has.
    pub(crate) fn close(&mut self, cast: usize, account: Account) {
        let clock = self.clock(0);
        let account = if self.mutant == Some(Mutant::AddedUp) {
            let accepted = self.added_up[cast].accepted;
            Account { accepted, ..account }
        } else {
            account
        };
        self.change(cast, |broadcast| broadcast.close(account, clock));
    }

    /// A sender that finished something looks whether the broadcast can be closed.
    pub(crate) fn close_if_done(&mut self, cast: usize, skew: Micros) {
        let clock = self.clock(skew);
        let closing = watched(&self.table.casts[cast], QueueLooks::Busy).and_then(|watched| watched.closing(clock));
        if let Some(account) = closing {
            let at = self.soon(2_000, 30_000);
            self.events.plan(at, Event::Janitor(Errand::Close(cast, account)));
        }
    }

    /// Whether any broadcast is on its way.
    fn is_any_left(&self) -> bool {
        let waits = self.now < 3 * MINUTE;
        let is_left = |kept: &Kept| match &kept.broadcast.state {
            State::Approved { .. } | State::Sending { .. } | State::AwaitingApproval { .. } => true,
            State::Stopped { account, .. } => account.is_none(),
            State::Draft | State::Held { .. } | State::Finished { .. } => false,
        };
        waits || self.table.casts.iter().any(is_left)
    }
}

/// What the janitor sees of a broadcast that is under way.
pub(crate) fn watched(kept: &Kept, queue: QueueLooks) -> Option<Watched<'_>> {
    let (plan, since, standing) = match &kept.broadcast.state {
        State::Sending { since, plan, pause: None, .. } => (plan, *since, Standing::Sending),
        State::Sending { since, plan, pause: Some(_), .. } => (plan, *since, Standing::Resting),
        State::Stopped { at, plan: Some(plan), account: None, .. } => (plan, *at, Standing::Stopped(*at)),
        State::Stopped { .. }
        | State::Draft
        | State::AwaitingApproval { .. }
        | State::Approved { .. }
        | State::Finished { .. }
        | State::Held { .. } => return None,
    };
    Some(Watched { plan, since, standing, parts: &kept.parts, ledgers: &kept.ledgers, queue })
}

/// What has become of everybody of a broadcast, whatever it stands.
pub(crate) fn accounted(kept: &Kept, queue: QueueLooks) -> Account {
    let (standing, since) = (Standing::Resting, Timestamp::UNIX_EPOCH);
    let Some(plan) = kept.broadcast.state.plan() else { return Account::default() };
    Watched { plan, since, standing, parts: &kept.parts, ledgers: &kept.ledgers, queue }.account()
}
