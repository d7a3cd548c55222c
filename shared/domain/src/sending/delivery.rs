//! One sender's work on one run: what it does next, and what an answer means. All rules of the protocol meet here.
//!
//! The one who drives it (a function, or the simulation) asks [`Delivery::next`] again and again, does what it says, and tells what came
//! of it by [`Delivery::answered`] and [`Delivery::recorded`]. Several calls may be under way at a time, one per page.

use jiff::{SignedDuration, Timestamp};

use super::ledger::{Doubt, Ledger, Left, PageState, Tried};
use super::pace::Pacer;
use super::{CALL_LIFE, GATE_AGE, KEY_LIFE, SETTLE};

/// A call without a clear answer is repeated at most this often in one delivery.
pub const ATTEMPTS_MAX: u8 = 5;
/// Ids are taken out of a page at most this often.
pub const GENERATIONS_MAX: u8 = 100;
/// The first pause before a call is repeated; it doubles each time up to [`PAUSE_MAX`].
pub const PAUSE: SignedDuration = SignedDuration::from_millis(200);
/// The longest.
pub const PAUSE_MAX: SignedDuration = SignedDuration::from_secs(5);
/// A run that gives way to an emergency comes again after this.
pub const GIVE_WAY_FOR: SignedDuration = SignedDuration::from_secs(5);

/// What a sender was last told about its broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// When it was read.
    pub read_at: Timestamp,
    /// What it said.
    pub order: Order,
}

/// What a broadcast's pages may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Go.
    Go,
    /// Wait until somebody lets the broadcast go on: the quota is used up, or the like.
    Rest,
    /// Wait until the emergencies have gone.
    GiveWay,
    /// Never begin: the broadcast was stopped.
    Stop,
}

/// What the platform answered to a call for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It has taken it, now or before.
    Accepted {
        /// The id under which it knows the call.
        request: Option<String>,
    },
    /// Too many calls in a second: certainly not taken.
    TooFast,
    /// The month's messages are used up: certainly not taken.
    QuotaSpent,
    /// It does not know us: certainly not taken.
    Unauthorized,
    /// It does not take these ids, as indices into those that were sent: nobody got it.
    BadIds(Vec<u16>),
    /// It refuses the call, with this HTTP status.
    Refused(u16),
    /// Nothing reached it.
    Unreached,
    /// It failed, or did not answer, or not clearly: perhaps taken.
    Unclear,
}

impl Answer {
    /// The answer in a word, for logs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::TooFast => "too-fast",
            Self::QuotaSpent => "quota-spent",
            Self::Unauthorized => "unauthorized",
            Self::BadIds(_) => "bad-ids",
            Self::Refused(_) => "refused",
            Self::Unreached => "unreached",
            Self::Unclear => "unclear",
        }
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Read what the broadcast may do, and ask again with that.
    LookAtGate,
    /// Send this page, without the dropped ids, under the key of this generation.
    Call {
        /// Which of the run's pages.
        page: usize,
        /// How often ids were taken out.
        generation: u8,
        /// Which ids to leave out, as indices into the page as it was frozen.
        dropped: Vec<u16>,
    },
    /// Write this state, then say by [`Delivery::recorded`] what became of it.
    Record {
        /// Which of the run's pages.
        page: usize,
        /// What became of it.
        state: PageState,
    },
    /// Nothing can begin before this; answers may come earlier.
    WaitUntil(Timestamp),
    /// Nothing can begin before an answer comes, or a state is written.
    Await,
    /// It is over: give the run back by [`Delivery::give_back`].
    End(End),
}

/// How a delivery ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every page is settled: the message is done with.
    Finished,
    /// The message is to come again through the queue's own doing, as a failure.
    Failed,
    /// A new message is to be put into the queue with this delay, and this one is done with.
    Again(SignedDuration),
    /// The broadcast rests: the message is done with; whoever lets it go on puts new ones into the queue.
    Rest,
    /// The whole broadcast is to rest for this reason; the message is done with.
    Pause(Why),
    /// Another sender has the run by now; nothing is given back.
    Lost,
}

/// Why a sender lets a whole broadcast rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The month's messages are used up.
    QuotaSpent,
    /// The platform does not know us.
    Unauthorized,
}

/// What became of a state that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is written.
    Written,
    /// A higher one was there.
    Outranked,
    /// Another sender has claimed the run since.
    Lost,
    /// The table did not do it, or perhaps did.
    Failed,
}

/// How a run is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// The claim that ends. Written only if it is still the last one.
    pub fence: u64,
    /// From when on everything that was begun is certainly over.
    pub settled_at: Timestamp,
    /// What is known of pages that are still open. Written only over states of lower rank.
    pub open: Vec<(usize, PageState)>,
}

/// One sender's work on one run.
#[derive(Debug, Clone)]
pub struct Delivery {
    claimed: Ledger,
    /// No call begins at this time or later.
    last_call: Timestamp,
    key_ends: Timestamp,
    pages: Vec<Work>,
    left: Left,
    pause: Option<Why>,
    lost: bool,
}

#[derive(Debug, Clone)]
struct Work {
    state: PageState,
    doing: Doing,
    /// A call in this very delivery got no clear answer.
    unclear_here: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Doing {
    /// Can be sent from then on, for the n-th time.
    Ready { at: Timestamp, attempts: u8 },
    /// Is being sent.
    Calling { attempts: u8 },
    /// Has this to be written, and then goes on like that.
    ToRecord { state: PageState, then: Then },
    /// This is being written.
    Recording { state: PageState, then: Then },
    /// Stays open for a later delivery.
    Left(Later),
    /// Is settled.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Done,
    Ready,
}

/// Why a page stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Later {
    /// The platform or the table fails.
    Trouble,
    /// Its refusal is not believed yet.
    Doubt,
}

impl Delivery {
    /// Begins on a run that was claimed at `now`: `claimed` is the ledger as the claim left it.
    #[must_use]
    pub fn new(claimed: Ledger, frozen_at: Timestamp, now: Timestamp) -> Self {
        let begin = |state: &PageState| Work {
            doing: if state.is_open() { Doing::Ready { at: now, attempts: 0 } } else { Doing::Done },
            state: state.clone(),
            unclear_here: false,
        };
        let pages = claimed.pages.iter().map(begin).collect();
        let last_call = claimed.lease_until.unwrap_or(now) - CALL_LIFE;
        let key_ends = frozen_at + KEY_LIFE;
        Self { claimed, last_call, key_ends, pages, left: Left::Clean, pause: None, lost: false }
    }

    /// What to do next. A call it asks for has begun, and a record too: their outcome must be told.
    pub fn next(&mut self, gate: Gate, pacer: &mut Pacer, now: Timestamp) -> Next {
        if let Some(record) = self.next_record() {
            return record;
        }
        if self.lost {
            return if self.is_under_way() { Next::Await } else { Next::End(End::Lost) };
        }
        if self.wants_to_call() && self.last_call <= now {
            return self.leave_ready();
        }
        if self.wants_to_call() {
            // One from the future is old: the clock has been set back since.
            if gate.read_at + GATE_AGE < now || now < gate.read_at {
                return Next::LookAtGate;
            }
            if let Some(record) = self.settle(gate.order, now) {
                return record;
            }
        }
        let may_call = gate.order == Order::Go && self.pause.is_none();
        match self.ready_from() {
            Some(at) if may_call => self.next_call(at, pacer, now),
            _ if self.is_under_way() => Next::Await,
            _ => Next::End(self.end(gate.order)),
        }
    }

    /// Whether some page waits to be sent, now or soon.
    #[must_use]
    pub fn wants_to_call(&self) -> bool {
        self.ready_from().is_some()
    }

    /// What the platform answered to the call for a page.
    pub fn answered(&mut self, page: usize, answer: Answer, pacer: &mut Pacer, now: Timestamp) {
        let Some(work) = self.pages.get_mut(page) else { return };
        let Doing::Calling { attempts } = work.doing else { return };
        let PageState::Open { generation, dropped, .. } = &work.state else { return };
        let (generation, dropped) = (*generation, dropped.clone());
        let again = |at| Doing::Ready { at, attempts: attempts + 1 };
        work.doing = match answer {
            Answer::Accepted { request } => {
                Doing::ToRecord { state: PageState::Accepted { generation, dropped, request }, then: Then::Done }
            }
            Answer::TooFast => {
                pacer.slow_down(now);
                if attempts < 4 * ATTEMPTS_MAX { again(now + PAUSE) } else { Doing::Left(Later::Trouble) }
            }
            Answer::QuotaSpent => {
                self.pause = Some(Why::QuotaSpent);
                Doing::Left(Later::Trouble)
            }
            Answer::Unauthorized => {
                self.pause = Some(Why::Unauthorized);
                Doing::Left(Later::Trouble)
            }
            Answer::Unreached if attempts < ATTEMPTS_MAX => again(now + pause(page, attempts, self.claimed.fence)),
            Answer::Unreached => Doing::Left(Later::Trouble),
            Answer::Unclear => {
                (self.left, work.unclear_here) = (Left::Unclear, true);
                try_perhaps(&mut work.state);
                let at = now + pause(page, attempts, self.claimed.fence);
                if attempts < ATTEMPTS_MAX { again(at) } else { Doing::Left(Later::Trouble) }
            }
            Answer::BadIds(bad) => work.without(&bad, self.claimed.settled_at <= now),
            Answer::Refused(status) => work.refused(status, &self.claimed, now),
        };
        if let Doing::Left(Later::Doubt) = work.doing {
            work.doubted(Doubt { at: now, fence: self.claimed.fence });
        }
    }

    /// What became of a state that was to be written.
    pub fn recorded(&mut self, page: usize, outcome: Recorded, now: Timestamp) {
        let Some(work) = self.pages.get_mut(page) else { return };
        let Doing::Recording { state, then } = &work.doing else { return };
        let (state, then) = (state.clone(), *then);
        work.doing = match (outcome, then) {
            (Recorded::Written, Then::Ready) => {
                // The table knows it: giving the run back does not say it again.
                self.claimed.pages[page] = state.clone();
                work.state = state;
                Doing::Ready { at: now, attempts: 0 }
            }
            (Recorded::Written, Then::Done) => {
                work.state = state;
                Doing::Done
            }
            // Somebody knows more of the page than we do: whoever comes next reads it.
            (Recorded::Outranked, Then::Done) => Doing::Done,
            (Recorded::Outranked, Then::Ready) => Doing::Left(Later::Trouble),
            (Recorded::Lost, _) => {
                self.lost = true;
                Doing::Left(Later::Trouble)
            }
            (Recorded::Failed, _) => {
                if matches!(state, PageState::Accepted { .. }) {
                    (self.left, work.unclear_here) = (Left::Unclear, true);
                    try_perhaps(&mut work.state);
                }
                Doing::Left(Later::Trouble)
            }
        };
    }

    /// How the run is given back after [`Next::End`]; `None` if it is another's.
    #[must_use]
    pub fn give_back(&self, now: Timestamp) -> Option<GivenBack> {
        let known = self.claimed.pages.iter().zip(&self.pages).enumerate();
        let changed = known.filter(|(_, (before, work))| work.state.is_open() && before.rank() < work.state.rank());
        let open = changed.map(|(page, (_, work))| (page, work.state.clone())).collect();
        let settled_at = self.claimed.settled_after(self.left, now);
        (!self.lost).then_some(GivenBack { fence: self.claimed.fence, settled_at, open })
    }

    /// What is to be written next. Once another sender has the run only "accepted" is: it is true whoever says it.
    fn next_record(&mut self) -> Option<Next> {
        let lost = self.lost;
        self.pages.iter_mut().enumerate().find_map(|(page, work)| match &work.doing {
            Doing::ToRecord { state, then } if !lost || matches!(state, PageState::Accepted { .. }) => {
                let (state, then) = (state.clone(), *then);
                work.doing = Doing::Recording { state: state.clone(), then };
                Some(Next::Record { page, state })
            }
            _ => None,
        })
    }

    /// Settles pages that will not be sent any more: the broadcast was stopped, or the life of their keys is over.
    fn settle(&mut self, order: Order, now: Timestamp) -> Option<Next> {
        let stopped = order == Order::Stop;
        if !stopped && now < self.key_ends {
            return None;
        }
        for work in &mut self.pages {
            let (Doing::Ready { .. }, PageState::Open { tried, .. }) = (&work.doing, &work.state) else { continue };
            let state = match tried {
                Tried::No => PageState::Stopped,
                Tried::Perhaps if stopped => PageState::Unclear,
                Tried::Perhaps => PageState::Expired,
            };
            work.doing = Doing::ToRecord { state, then: Then::Done };
        }
        self.next_record()
    }

    fn next_call(&mut self, ready_from: Timestamp, pacer: &mut Pacer, now: Timestamp) -> Next {
        if now < ready_from {
            return if self.last_call <= ready_from { self.leave_ready() } else { Next::WaitUntil(ready_from) };
        }
        if let Err(at) = pacer.take(now) {
            return if self.last_call <= at { self.leave_ready() } else { Next::WaitUntil(at) };
        }
        let ready = self.pages.iter_mut().enumerate().find_map(|(page, work)| match work.doing {
            Doing::Ready { at, attempts } if at <= now => Some((page, work, attempts)),
            _ => None,
        });
        let Some((page, work, attempts)) = ready else { return Next::Await };
        work.doing = Doing::Calling { attempts };
        match &work.state {
            PageState::Open { generation, dropped, .. } => {
                Next::Call { page, generation: *generation, dropped: dropped.clone() }
            }
            _ => Next::Await,
        }
    }

    /// Too late for a call: what is ready stays open.
    fn leave_ready(&mut self) -> Next {
        for work in &mut self.pages {
            if let Doing::Ready { .. } = work.doing {
                work.doing = Doing::Left(Later::Trouble);
            }
        }
        if self.is_under_way() { Next::Await } else { Next::End(self.end(Order::Go)) }
    }

    fn ready_from(&self) -> Option<Timestamp> {
        let ready = self.pages.iter().filter_map(|work| match work.doing {
            Doing::Ready { at, .. } => Some(at),
            _ => None,
        });
        ready.min()
    }

    fn is_under_way(&self) -> bool {
        let under_way = |work: &Work| matches!(work.doing, Doing::Calling { .. } | Doing::Recording { .. });
        self.pages.iter().any(under_way)
    }

    fn end(&self, order: Order) -> End {
        let is_left = |why: Later| self.pages.iter().any(|work| work.doing == Doing::Left(why));
        if let Some(why) = self.pause {
            return End::Pause(why);
        }
        if self.ready_from().is_some() {
            match order {
                Order::GiveWay => return End::Again(GIVE_WAY_FOR),
                Order::Rest => return End::Rest,
                Order::Go | Order::Stop => return End::Failed,
            }
        }
        if is_left(Later::Trouble) {
            End::Failed
        } else if is_left(Later::Doubt) {
            End::Again(SETTLE)
        } else {
            End::Finished
        }
    }
}

impl Work {
    /// LINE names ids that it does not take, and nobody got the message: the page goes on without them, once that is written.
    ///
    /// Only if no call for the page can still be under way: it would reach the others a second time, under another key.
    fn without(&self, bad: &[u16], settled: bool) -> Doing {
        let PageState::Open { generation, dropped, tried, .. } = &self.state else { return Doing::Done };
        if !settled || self.unclear_here || *generation == GENERATIONS_MAX || bad.is_empty() {
            return Doing::Left(Later::Doubt);
        }
        let mut dropped = dropped.clone();
        for index in bad.iter().rev() {
            insert_nth_kept(&mut dropped, *index);
        }
        let (generation, tried) = (*generation + 1, *tried);
        let state = PageState::Open { generation, dropped, tried, doubt: None };
        Doing::ToRecord { state, then: Then::Ready }
    }

    /// LINE refuses the page. Believed if it did so before, in an earlier claim, and whatever was begun since is over.
    ///
    /// Then nobody got it, unless an earlier call had no answer: what stands before LINE may refuse what LINE has taken.
    fn refused(&self, status: u16, claimed: &Ledger, now: Timestamp) -> Doing {
        let PageState::Open { doubt, tried, .. } = &self.state else { return Doing::Done };
        let confirmed = doubt.is_some_and(|doubt| doubt.fence < claimed.fence && doubt.at + SETTLE <= now);
        if confirmed && claimed.settled_at <= now && !self.unclear_here {
            let state = match tried {
                Tried::No => PageState::Refused { status },
                Tried::Perhaps => PageState::Unclear,
            };
            Doing::ToRecord { state, then: Then::Done }
        } else {
            Doing::Left(Later::Doubt)
        }
    }

    fn doubted(&mut self, new: Doubt) {
        if let PageState::Open { doubt, .. } = &mut self.state {
            doubt.get_or_insert(new);
        }
    }
}

fn try_perhaps(state: &mut PageState) {
    if let PageState::Open { tried, .. } = state {
        *tried = Tried::Perhaps;
    }
}

/// Adds to `dropped` (ascending indices into a page) the index of the `nth` id that is not in it.
fn insert_nth_kept(dropped: &mut Vec<u16>, nth: u16) {
    let mut index = nth;
    for (place, taken) in dropped.iter().enumerate() {
        if index < *taken {
            dropped.insert(place, index);
            return;
        }
        index += 1;
    }
    dropped.push(index);
}

/// 200 ms to 5 s, and up to a half more, so that pages that failed together do not come again together.
fn pause(page: usize, attempts: u8, fence: u64) -> SignedDuration {
    let pause = (PAUSE * (1 << attempts.min(5))).min(PAUSE_MAX);
    let spread = (u64::try_from(page).unwrap_or_default() * 7 + u64::from(attempts) * 13 + fence * 29) % 16;
    pause + pause / 32 * i32::try_from(spread).unwrap_or_default()
}

#[cfg(test)]
mod tests;
