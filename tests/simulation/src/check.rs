//! What must hold when a world has come to its end.

use domain::broadcast::State;
use domain::sending::janitor::QueueLooks;
use domain::sending::ledger::PageState;
use domain::sending::{KEY_LIFE, RUN_PAGES};

use jiff::SignedDuration;

use crate::fault::Fault;
use crate::janitor::accounted;
use crate::line::Body;
use crate::model::Model;
use crate::world::Micros;

/// A rule that must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nobody gets it twice.
    Twice,
    /// Nobody who should have it misses it.
    Missed,
    /// Nothing begins more than a second after a stop or a pause.
    AfterStop,
    /// Nothing routine begins more than a second after an emergency went.
    InTheWay,
    /// What was taken back never goes.
    TakenBack,
    /// Never more than 200 calls in a second.
    TooFast,
    /// What a ledger says of a page is true.
    False,
    /// The account is true.
    Account,
    /// A broadcast comes to its end.
    NotClosed,
    /// No key is used after a day.
    OldKey,
    /// A key always comes with the same body.
    KeyReused,
    /// No two calls under one key at a time.
    SameTime,
}

/// A rule that did not hold.
#[derive(Debug, Clone)]
pub struct Violation {
    /// Which.
    pub kind: Kind,
    /// When, in microseconds.
    pub at: Micros,
    /// What happened.
    pub words: String,
}

impl Model {
    /// Checks what became of everything.
    pub(crate) fn check_the_end(&mut self) {
        for cast in 0..self.table.casts.len() {
            self.check_closed(cast);
            self.check_account(cast);
            let parts: Vec<u16> = self.table.casts[cast].parts.keys().copied().collect();
            for part in parts {
                self.check_part(cast, part);
            }
        }
    }

    fn check_closed(&mut self, cast: usize) {
        let kept = &self.table.casts[cast];
        let closed = match &kept.broadcast.state {
            State::Finished { .. } => true,
            State::Stopped { account, .. } => account.is_some(),
            State::Draft => self.gates[cast].taken_back.is_some(),
            State::AwaitingApproval { .. } | State::Approved { .. } | State::Sending { .. } | State::Held { .. } => {
                false
            }
        };
        if !closed {
            let state = format!("{:?}", kept.broadcast.state);
            self.violation(Kind::NotClosed, || format!("broadcast {cast} is {state}"));
        }
        if matches!(self.table.casts[cast].broadcast.state, State::Finished { .. }) {
            let (parts, wanted) = (self.table.casts[cast].parts.len(), self.world.casts[cast].parts.len());
            if parts != wanted {
                self.violation(Kind::Missed, || format!("broadcast {cast} is finished with {parts} of {wanted} parts"));
            }
        }
    }

    /// The account says what the ledgers say in the end, and what LINE took.
    fn check_account(&mut self, cast: usize) {
        let kept = &self.table.casts[cast];
        let account = match &kept.broadcast.state {
            State::Finished { account, .. } | State::Stopped { account: Some(account), plan: Some(_), .. } => *account,
            _ => return,
        };
        let counted = accounted(kept, QueueLooks::Busy);
        let sum =
            account.accepted + account.dropped + account.refused + account.stopped + account.unclear + account.open;
        let reached = self.line.reached_in_all(cast);
        self.totals.residents += account.frozen;
        self.totals.unclear += account.unclear;
        let pages: usize = kept.parts.values().map(|part| part.pages().len()).sum();
        self.totals.pages += u64::try_from(pages).unwrap_or_default();
        if account != counted {
            self.violation(Kind::Account, || {
                format!("broadcast {cast}: closed with {account:?}, but it is {counted:?}")
            });
        }
        if account.frozen != sum {
            self.violation(Kind::Account, || format!("broadcast {cast}: {account:?} is no sum"));
        }
        if reached < account.accepted || account.accepted + account.unclear < reached {
            self.violation(Kind::Account, || format!("broadcast {cast}: {account:?}, but LINE took {reached}"));
        }
    }

    /// What the ledgers say of each page is what LINE did, and there is a reason for it.
    fn check_part(&mut self, cast: usize, part: u16) {
        let kept = &self.table.casts[cast];
        let (Some(frozen), Some(object)) = (kept.parts.get(&part), kept.objects.get(&part)) else { return };
        let mut wrong = Vec::new();
        for (number, page) in frozen.pages().into_iter().enumerate() {
            let run = u16::try_from(number / RUN_PAGES).unwrap_or(u16::MAX);
            let state = kept.ledgers.get(&(part, run)).and_then(|ledger| ledger.pages.get(number % RUN_PAGES));
            let first = object.first + u64::try_from(page.first).unwrap_or_default();
            let count = u16::try_from(page.count).unwrap_or_default();
            let body = Body { cast, part, first, count, dropped: Vec::new(), words: page.variant };
            let reached = self.line.reached(cast, part, first, count);
            if let Some((kind, why)) = self.check_page(state.unwrap_or(&PageState::NEW), &body, reached) {
                wrong.push((
                    kind,
                    format!("broadcast {cast} part {part} page {number}: {why}; LINE took {reached}: {state:?}"),
                ));
            }
        }
        for (kind, words) in wrong {
            self.violation(kind, || words);
        }
    }

    fn check_page(&self, state: &PageState, body: &Body, reached: u64) -> Option<(Kind, &'static str)> {
        let was_stopped = matches!(self.table.casts[body.cast].broadcast.state, State::Stopped { .. });
        let may_be_refused = self.is_refused_page(body) || self.mix.has(Fault::Gateway);
        let place = (body.cast, body.part, body.first);
        match state {
            PageState::Open { .. } => Some((Kind::Missed, "open")),
            PageState::Accepted { dropped, .. } => {
                let sent = Body { dropped: dropped.clone(), ..body.clone() }.recipients();
                let all_bad = dropped.iter().all(|index| self.was_bad(place, *index));
                if reached != sent {
                    Some((Kind::False, "accepted"))
                } else if all_bad {
                    None
                } else {
                    Some((Kind::Missed, "dropped without a reason"))
                }
            }
            PageState::Refused { .. } => (reached != 0 || !may_be_refused).then_some((Kind::False, "refused")),
            PageState::Stopped => {
                let may_stop = was_stopped || !self.keys_live(body.cast, body.part);
                (reached != 0 || !may_stop).then_some((Kind::False, "stopped"))
            }
            PageState::Unclear => (!was_stopped && !may_be_refused).then_some((Kind::False, "unclear")),
            PageState::Expired => self.keys_live(body.cast, body.part).then_some((Kind::False, "expired")),
        }
    }

    /// Whether a part's keys are still good, by the true time.
    fn keys_live(&self, cast: usize, part: u16) -> bool {
        let object = self.table.casts[cast].objects.get(&part);
        object.is_some_and(|object| self.clock(0) < object.header.frozen_at + KEY_LIFE - SignedDuration::from_mins(11))
    }
}
