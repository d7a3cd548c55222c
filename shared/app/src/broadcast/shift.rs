//! One waking of a sender: several runs at a time, in turns, until none is left or its time is over.
//!
//! What to do next is the decision of each run's [`Delivery`]; here it is done, and what came of it is told.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::broadcast::{Lane, PauseReason};
use domain::ids::BroadcastId;
use domain::sending::delivery::{Answer, Delivery, End, Gate, Next, Order, Recorded, Why};
use domain::sending::frozen::{FrozenPart, PackedId, Page};
use domain::sending::key::{KeyOf, retry_key};
use domain::sending::ledger::{Ledger, PageState};
use domain::sending::pace::Pacer;
use domain::sending::plan::Plan;
use domain::sending::{LEASE, RUN_PAGES, TAKES_RUNS_FOR};
use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::{SignedDuration, Timestamp};

use super::sender::Sender;
use super::watch::close_if_done;
use super::{Changed, change};
use crate::error::{Chain, Error, Kind};
use crate::ports::broadcasts::{DELAY_MAX_S, RunKey, TakenRun};
use crate::ports::staff::Written;
use crate::ports::{Messages, Versioned};

/// So many runs are at work at a time at most: it bounds the calls under way, however slow LINE is.
const RUNS_AT_ONCE: usize = 20;
/// A run is taken from the queue when fewer than so many have pages that wait to be sent: the next is ready when the last is used up.
const RUNS_READY: usize = 2;
/// After the queue had nothing, it is asked again after this, as long as there is other work.
const ASKS_AGAIN: SignedDuration = SignedDuration::from_millis(300);
/// After the gate could not be read, it is asked again after this.
const LOOKS_AGAIN: SignedDuration = SignedDuration::from_millis(100);

const BEGINNING: &str = "begin with a run";

/// One waking of a sender.
pub(super) struct Shift<'a> {
    sender: &'a Sender,
    lane: Lane,
    began: Timestamp,
    pacer: Pacer,
    active: Vec<Active>,
    gates: BTreeMap<BroadcastId, Watch>,
    /// Runs being taken and begun.
    coming: usize,
    /// The queue is not asked for more runs before this.
    ask_from: Timestamp,
    finished_in: BTreeSet<BroadcastId>,
    numbers: u64,
    jobs: FuturesUnordered<Pin<Box<dyn Future<Output = Happened> + Send + 'a>>>,
    plans: BTreeMap<BroadcastId, Arc<Plan>>,
    /// What is to be said of the run that woke us.
    woken: Result<(), Error>,
}

/// What is known of a broadcast's gate.
struct Watch {
    gate: Gate,
    looking: Looking,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Looking {
    /// Nobody is reading it; not before this.
    From(Timestamp),
    /// It is being read.
    Now,
}

/// A run at work.
struct Active {
    number: u64,
    load: Arc<Load>,
    delivery: Delivery,
    fence: u64,
    message: Message,
    ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    NotYet,
    Begun,
}

/// The message by which a run came.
#[derive(Clone)]
enum Message {
    /// It woke us; what we return decides on it.
    Woke,
    /// We took it.
    Taken(TakenRun),
}

/// What a run sends.
struct Load {
    run: RunKey,
    pages: Vec<Page>,
    ids: Vec<PackedId>,
    plan: Arc<Plan>,
    words: BTreeMap<usize, Messages>,
}

/// A run that was begun, or why it was not.
enum Begun {
    At(Box<(Load, Ledger, Timestamp)>),
    /// There is nothing to do for it.
    Nothing,
    /// Somebody else has it, or nothing can be done before this.
    Busy(Timestamp),
}

/// Something that a job brought.
enum Happened {
    Came { message: Message, run: RunKey, begun: Result<Begun, Error> },
    NothingCame { because: Result<(), Error> },
    Looked { broadcast: BroadcastId, gate: Result<Gate, Error> },
    Answered { number: u64, page: usize, answer: Answer },
    Recorded { number: u64, page: usize, outcome: Recorded },
    Ended { number: u64, message: Message, outcome: Result<(), Error> },
}

impl<'a> Shift<'a> {
    pub(super) fn new(sender: &'a Sender, lane: Lane) -> Self {
        let began = sender.clock.now();
        Self {
            sender,
            lane,
            began,
            pacer: Pacer::new(sender.paces.interval(lane), began),
            active: Vec::new(),
            gates: BTreeMap::new(),
            coming: 0,
            ask_from: began,
            finished_in: BTreeSet::new(),
            numbers: 0,
            jobs: FuturesUnordered::new(),
            plans: BTreeMap::new(),
            woken: Ok(()),
        }
    }

    /// Works on the run that woke us, and on others meanwhile.
    pub(super) async fn work(mut self, first: &RunKey) -> Result<(), Error> {
        self.coming = 1;
        let (sender, first) = (self.sender, first.clone());
        self.jobs.push(Box::pin(async move {
            let begun = begin(sender, &first, None).await;
            Happened::Came { message: Message::Woke, run: first, begun }
        }));
        // Ends: every page ends with its run's lease, and no run is begun after `TAKES_RUNS_FOR`.
        while !(self.jobs.is_empty() && self.active.is_empty()) {
            let wake = self.drive();
            self.take_more();
            self.wait(wake).await;
        }
        for id in &self.finished_in {
            let now = self.sender.clock.now();
            if let Err(error) = close_if_done(&*self.sender.broadcasts, &*self.sender.ledgers, id, now).await {
                tracing::warn!(broadcast.id = %id, error = %Chain(&error), "closing left to the janitor");
            }
        }
        self.woken
    }

    /// Lets every run do what it can at this moment; gives the time at which the next one can do more.
    fn drive(&mut self) -> Option<Timestamp> {
        let mut wake: Option<Timestamp> = None;
        let mut at_least = |at: Timestamp| wake = Some(wake.map_or(at, |wake| wake.min(at)));
        let mut place = 0;
        while let Some(active) = self.active.get_mut(place) {
            if active.ending == Ending::Begun {
                place += 1;
                continue;
            }
            let now = self.sender.clock.now();
            let never = Watch {
                gate: Gate { read_at: Timestamp::UNIX_EPOCH, order: Order::Rest },
                looking: Looking::From(self.began),
            };
            let watch = self.gates.entry(active.load.run.broadcast.clone()).or_insert(never);
            match active.delivery.next(watch.gate, &mut self.pacer, now) {
                Next::LookAtGate => {
                    match watch.looking {
                        Looking::From(at) if at <= now => {
                            watch.looking = Looking::Now;
                            self.jobs.push(look(self.sender, &active.load.run, now));
                        }
                        Looking::From(at) => at_least(at),
                        Looking::Now => {}
                    }
                    place += 1;
                }
                Next::Call { page, generation, dropped } => {
                    let call = call(self.sender, active.number, active.load.clone(), page, generation, dropped);
                    self.jobs.push(call);
                }
                Next::Record { page, state } => self.jobs.push(record(self.sender, active, page, state)),
                Next::WaitUntil(at) => {
                    at_least(at);
                    place += 1;
                }
                Next::Await => place += 1,
                Next::End(end) => {
                    active.ending = Ending::Begun;
                    if end == End::Finished {
                        self.finished_in.insert(active.load.run.broadcast.clone());
                    }
                    let job = finish(self.sender, active, end, now);
                    self.jobs.push(job);
                    place += 1;
                }
            }
        }
        wake
    }

    /// Takes another run from the queue, if one will soon be needed.
    fn take_more(&mut self) {
        let now = self.sender.clock.now();
        let eager = self.active.iter().filter(|active| active.delivery.wants_to_call()).count();
        let wanted = eager + self.coming < RUNS_READY && self.active.len() + self.coming < RUNS_AT_ONCE;
        let idle = self.active.is_empty() && self.coming == 0;
        if idle || !wanted || now < self.ask_from || self.began + TAKES_RUNS_FOR <= now {
            return;
        }
        self.coming += 1;
        let (sender, lane) = (self.sender, self.lane);
        let plans = self.plans.clone();
        self.jobs.push(Box::pin(async move {
            match sender.queues.take(lane).await {
                Ok(Some(taken)) => {
                    let run = taken.run.clone();
                    let begun = begin(sender, &run, plans.get(&run.broadcast).cloned()).await;
                    Happened::Came { message: Message::Taken(taken), run, begun }
                }
                Ok(None) => Happened::NothingCame { because: Ok(()) },
                Err(error) => Happened::NothingCame { because: Err(error) },
            }
        }));
    }

    async fn wait(&mut self, wake: Option<Timestamp>) {
        let now = self.sender.clock.now();
        let asks = (self.ask_from > now && !self.active.is_empty()).then_some(self.ask_from);
        let wake = wake.into_iter().chain(asks).min();
        let happened = match wake {
            None => self.jobs.next().await,
            Some(at) if at <= now => return,
            // Without jobs their stream is at its end, and would not wait.
            Some(at) if self.jobs.is_empty() => {
                self.sender.timer.until(at).await;
                None
            }
            Some(at) => match select(self.jobs.next(), self.sender.timer.until(at)).await {
                Either::Left((happened, _)) => happened,
                Either::Right(_) => None,
            },
        };
        if let Some(happened) = happened {
            self.take_in(happened);
        }
    }

    fn take_in(&mut self, happened: Happened) {
        let now = self.sender.clock.now();
        match happened {
            Happened::Came { message, run, begun } => {
                self.coming -= 1;
                self.came(message, run, begun, now);
            }
            Happened::NothingCame { because } => {
                self.coming -= 1;
                self.ask_from = now + ASKS_AGAIN;
                if let Err(error) = because {
                    tracing::warn!(error = %Chain(&error), "no further run taken");
                }
            }
            Happened::Looked { broadcast, gate } => {
                if let Some(watch) = self.gates.get_mut(&broadcast) {
                    match gate {
                        Ok(gate) => *watch = Watch { gate, looking: Looking::From(now) },
                        Err(error) => {
                            tracing::warn!(broadcast.id = %broadcast, error = %Chain(&error), "gate not read");
                            watch.looking = Looking::From(now + LOOKS_AGAIN);
                        }
                    }
                }
            }
            Happened::Answered { number, page, answer } => {
                if let Some(active) = self.active.iter_mut().find(|active| active.number == number) {
                    active.delivery.answered(page, answer, &mut self.pacer, now);
                }
            }
            Happened::Recorded { number, page, outcome } => {
                if let Some(active) = self.active.iter_mut().find(|active| active.number == number) {
                    active.delivery.recorded(page, outcome, now);
                }
            }
            Happened::Ended { number, message, outcome } => {
                self.active.retain(|active| active.number != number);
                self.told(&message, outcome);
            }
        }
    }

    fn came(&mut self, message: Message, run: RunKey, begun: Result<Begun, Error>, now: Timestamp) {
        self.numbers += 1;
        let number = self.numbers;
        match begun {
            Ok(Begun::At(begun)) => {
                let (load, claimed, frozen_at) = *begun;
                self.plans.insert(run.broadcast, load.plan.clone());
                let fence = claimed.fence;
                let delivery = Delivery::new(claimed, frozen_at, now);
                let load = Arc::new(load);
                self.active.push(Active { number, load, delivery, fence, message, ending: Ending::NotYet });
            }
            Ok(Begun::Nothing) => {
                let sender = self.sender;
                self.jobs.push(Box::pin(async move {
                    let outcome = settle(sender, &message).await;
                    Happened::Ended { number, message, outcome }
                }));
            }
            Ok(Begun::Busy(until)) => {
                let sender = self.sender;
                self.jobs.push(Box::pin(async move {
                    let outcome = postpone(sender, &run, until.duration_since(now), &message).await;
                    Happened::Ended { number, message, outcome }
                }));
            }
            Err(error) => self.told(&message, Err(error)),
        }
    }

    /// What became of a message: of the one that woke us our own answer decides, any other comes again by itself.
    fn told(&mut self, message: &Message, outcome: Result<(), Error>) {
        match message {
            Message::Woke => self.woken = outcome,
            Message::Taken(taken) => {
                if let Err(error) = outcome {
                    let run = &taken.run;
                    tracing::warn!(
                        broadcast.id = %run.broadcast, part = run.part, run = run.run, error = %Chain(&error),
                        "run not finished, will come again"
                    );
                }
            }
        }
    }
}

type Job<'a> = Pin<Box<dyn Future<Output = Happened> + Send + 'a>>;

/// Reads what a run needs, and claims it.
async fn begin(sender: &Sender, run: &RunKey, plan: Option<Arc<Plan>>) -> Result<Begun, Error> {
    let missing = |what| Error::new(Kind::Permanent, BEGINNING, what);
    let plan = match plan {
        Some(plan) => plan,
        None => match sender.broadcasts.find(&run.broadcast).await? {
            Some(Versioned { value, .. }) => match value.state.plan() {
                Some(plan) => Arc::new(plan.clone()),
                None => return Ok(Begun::Nothing),
            },
            None => return Ok(Begun::Nothing),
        },
    };
    let part = sender.frozen.part(&run.broadcast, run.part).await?.ok_or_else(|| missing("its part is not frozen"))?;
    let pages = part.run_pages(run.run);
    let (Some(first), Some(last)) = (pages.first(), pages.last()) else { return Ok(Begun::Nothing) };
    let ledger = sender.ledgers.ledger(run).await?.unwrap_or_else(|| Ledger::new(pages.len()));
    if ledger.is_done() {
        return Ok(Begun::Nothing);
    }
    let now = sender.clock.now();
    let claimed = match ledger.claim(now) {
        Ok(claimed) => claimed,
        Err(busy) => return Ok(Begun::Busy(busy.until)),
    };
    let ids = sender.frozen.ids(&part, first.first..last.first + last.count).await?;
    let words = words(sender, run, &plan, &pages).await?;
    match sender.ledgers.claim(run, &claimed).await? {
        Written::Done => {}
        Written::Raced => return Ok(Begun::Busy(now + LEASE)),
    }
    let FrozenPart { frozen_at, .. } = part;
    let load = Load { run: run.clone(), pages, ids, plan, words };
    Ok(Begun::At(Box::new((load, claimed, frozen_at))))
}

async fn words(sender: &Sender, run: &RunKey, plan: &Plan, pages: &[Page]) -> Result<BTreeMap<usize, Messages>, Error> {
    let mut words = BTreeMap::new();
    let variants: BTreeSet<usize> = pages.iter().map(|page| page.variant).collect();
    for number in variants {
        let unknown = || Error::new(Kind::Permanent, BEGINNING, "its part has a section that the plan does not have");
        let variant = plan.variants.get(number).ok_or_else(unknown)?;
        words.insert(number, sender.frozen.words(&run.broadcast, &variant.digest).await?);
    }
    Ok(words)
}

fn look<'a>(sender: &'a Sender, run: &RunKey, now: Timestamp) -> Job<'a> {
    let (broadcast, lane) = (run.broadcast.clone(), run.lane);
    Box::pin(async move {
        // As old as the question, not as the answer.
        let order = sender.broadcasts.order(&broadcast, lane).await;
        Happened::Looked { broadcast, gate: order.map(|order| Gate { read_at: now, order }) }
    })
}

fn call(sender: &Sender, number: u64, load: Arc<Load>, page: usize, generation: u8, dropped: Vec<u16>) -> Job<'_> {
    Box::pin(async move {
        let answer = send_page(sender, &load, page, generation, &dropped).await;
        Happened::Answered { number, page, answer }
    })
}

async fn send_page(sender: &Sender, load: &Load, page: usize, generation: u8, dropped: &[u16]) -> Answer {
    let Some(Page { variant, first, count }) = load.pages.get(page).copied() else { return Answer::Unreached };
    let begin = first - load.pages.first().map_or(0, |page| page.first);
    let frozen = load.ids.get(begin..begin + count).unwrap_or_default();
    let is_kept = |(index, id): (usize, &PackedId)| {
        let dropped = u16::try_from(index).is_ok_and(|index| dropped.binary_search(&index).is_ok());
        (!dropped).then_some(*id)
    };
    let ids: Vec<PackedId> = frozen.iter().enumerate().filter_map(is_kept).collect();
    let (Some(words), Some(variant)) = (load.words.get(&variant), load.plan.variants.get(variant)) else {
        return Answer::Unreached;
    };
    if ids.is_empty() {
        // Everybody was taken out of it: there is nothing to send.
        return Answer::Accepted { request: None };
    }
    let number = usize::from(load.run.run) * RUN_PAGES + page;
    let key = retry_key(&KeyOf {
        broadcast: &load.run.broadcast,
        part: load.run.part,
        page: u16::try_from(number).unwrap_or(u16::MAX),
        generation,
        ids: &ids,
        words: &variant.digest,
    });
    let answer = sender.multicast.multicast(&ids, words, key).await;
    match &answer {
        // That a call is too fast is the pace's own business.
        Answer::Accepted { .. } | Answer::TooFast => {}
        Answer::QuotaSpent
        | Answer::Unauthorized
        | Answer::BadIds(_)
        | Answer::Refused(_)
        | Answer::Unreached
        | Answer::Unclear => tracing::warn!(
            broadcast.id = %load.run.broadcast, part = load.run.part, run = load.run.run, page, answer = answer.name(),
            "page not accepted"
        ),
    }
    answer
}

fn record<'a>(sender: &'a Sender, active: &Active, page: usize, state: PageState) -> Job<'a> {
    let (number, fence, load) = (active.number, active.fence, active.load.clone());
    Box::pin(async move {
        let written = sender.ledgers.record(&load.run, page, &state, fence).await;
        let outcome = written.unwrap_or_else(|error| {
            tracing::warn!(
                broadcast.id = %load.run.broadcast, part = load.run.part, run = load.run.run, page,
                error = %Chain(&error), "page's state not written"
            );
            Recorded::Failed
        });
        Happened::Recorded { number, page, outcome }
    })
}

fn finish<'a>(sender: &'a Sender, active: &Active, end: End, now: Timestamp) -> Job<'a> {
    let (number, message, load) = (active.number, active.message.clone(), active.load.clone());
    let back = active.delivery.give_back(now);
    Box::pin(async move {
        if let Some(back) = back
            && let Err(error) = sender.ledgers.give_back(&load.run, &back).await
        {
            // The lease runs out by itself.
            tracing::warn!(broadcast.id = %load.run.broadcast, error = %Chain(&error), "run not given back");
        }
        let outcome = conclude(sender, &load.run, end, &message, now).await;
        Happened::Ended { number, message, outcome }
    })
}

async fn conclude(sender: &Sender, run: &RunKey, end: End, message: &Message, now: Timestamp) -> Result<(), Error> {
    let again = |why: &'static str| Err(Error::new(Kind::Transient, "send a run", why));
    match end {
        End::Finished => {
            tracing::info!(broadcast.id = %run.broadcast, part = run.part, run = run.run, "run finished");
        }
        End::Rest => {}
        End::Failed => return again("some pages are still open"),
        End::Lost => return again("another sender has it by now"),
        End::Again(delay) => return postpone(sender, run, delay, message).await,
        End::Pause(why) => {
            let reason = match why {
                Why::QuotaSpent => PauseReason::Quota,
                Why::Unauthorized => PauseReason::Credentials,
            };
            let paused = change(&*sender.broadcasts, &run.broadcast, |broadcast| broadcast.pause(reason, now)).await?;
            if let Changed::Done(_) = paused {
                tracing::error!(broadcast.id = %run.broadcast, ?reason, "broadcast rests until somebody lets it go on");
            }
        }
    }
    settle(sender, message).await
}

/// Puts a run into the queue anew, to come after a delay, instead of the message by which it came: what only waits does not fail.
async fn postpone(sender: &Sender, run: &RunKey, delay: SignedDuration, message: &Message) -> Result<(), Error> {
    let delay = u16::try_from(delay.as_secs().clamp(1, DELAY_MAX_S.into())).unwrap_or_default();
    sender.queues.ask_to_send(std::slice::from_ref(run), delay).await?;
    settle(sender, message).await
}

/// The message is done with.
async fn settle(sender: &Sender, message: &Message) -> Result<(), Error> {
    match message {
        Message::Woke => Ok(()),
        Message::Taken(taken) => sender.queues.done(taken).await,
    }
}
