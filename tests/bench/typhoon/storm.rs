//! The storm itself: requests at their moments, whatever becomes of those before; deliveries again as LINE's; a function killed each second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::broadcast::janitor::Janitor;
use app::ports::{Clock, Towns};
use app::town::CachedTowns;
use app::town::records::to_records;
use aws::clock::SystemClock;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use domain::broadcast::Lane;
use domain::sending::frozen::PackedId;
use serde_json::{Value, json};
use tests::console::TownHall;
use tests::staff::TestStaff;
use tests::town::TestTownStore;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, sleep_until, timeout};

use crate::account::{Acknowledged, Journal, account};
use crate::broadcasts::{ALONE, Broadcasts, EMERGENCY, PAGE_TAKES, ROUTINE, TAKES};
use crate::crew::{Crew, Role};
use crate::crowd::Crowd;
use crate::events::{Delivery, Wishes, comes_again, is_odd};
use crate::functions::{Functions, Unanswered};
use crate::inboxes::{Desk, Inboxes};
use crate::log::Log;
use crate::memory::Memory;
use crate::office::Office;
use crate::platform::Line;
use crate::queue::Queue;
use crate::simulator::Simulator;
use crate::staff::{read_pages, sample_town};
use crate::{Failure, Options, lock};

/// Everything is at work for so long before the first request.
const SETTLES: Duration = Duration::from_secs(4);
/// The simulator makes the events so long before they are to be delivered, for a tenth of a second at a time.
const LEAD: Duration = Duration::from_secs(2);
const PORTIONS_A_SECOND: u64 = 10;
/// No event is waited for longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// LINE hangs up after this time (<https://developers.line.biz/en/docs/partner-docs/development-guidelines/>), and delivers again so often,
/// after a pause that grows so much each time. How often and when LINE does not say; this is as the simulator has it.
const LINE_WAITS: Duration = Duration::from_secs(2);
const REDELIVERIES: u32 = 4;
const REDELIVERED_AFTER: Duration = Duration::from_secs(1);
const PAUSES_GROW: u32 = 4;
/// What was answered comes again after this time.
const AGAIN_AFTER: Duration = Duration::from_millis(700);
/// So long after the storm the queue may still hold something.
const DRAINS_FOR: Duration = Duration::from_mins(10);
/// The broadcasts are approved at these moments of the storm, and go ten seconds later. So a planner is killed while it freezes what is
/// routine, and senders while they send it and the emergency.
const ROUTINE_AT: Duration = Duration::from_secs(2);
const EMERGENCY_AT: Duration = Duration::from_secs(10);
const TIDIES_EVERY: Duration = Duration::from_mins(1);
/// The memory is looked at once in so many looks.
const LOOKS_A_MINUTE: u64 = 60;

/// What is killed, one each second, by turns.
#[derive(Debug, Clone, Copy)]
enum Victim {
    Webhook,
    Inbox,
    Crew(&'static str, Role),
}

const VICTIMS: [Victim; 10] = [
    Victim::Crew("sender", Role::Sender(Lane::Emergency)),
    Victim::Webhook,
    Victim::Crew("planner", Role::Planner(Lane::Routine)),
    Victim::Inbox,
    Victim::Crew("planner", Role::Planner(Lane::Emergency)),
    Victim::Webhook,
    Victim::Crew("sender", Role::Sender(Lane::Routine)),
    Victim::Inbox,
    Victim::Webhook,
    Victim::Inbox,
];

/// What the requests of a storm share.
struct Storm {
    functions: Arc<Functions>,
    log: Arc<Log>,
    /// The events that were sent.
    sent: Mutex<HashMap<String, Acknowledged>>,
    rate: u64,
    requests: u64,
    seed: u64,
}

/// Lets it pass, and gives all figures; what is wrong is in them.
pub(crate) async fn measure(options: &Options) -> Result<Value, Failure> {
    let interrupted = async {
        let heard = tokio::signal::ctrl_c().await;
        Err::<Value, Failure>(heard.map_or_else(Failure::from, |()| "interrupted".into()))
    };
    tokio::select! {
        figures = Box::pin(pass(options)) => figures,
        interrupted = interrupted => interrupted,
    }
}

async fn pass(options: &Options) -> Result<Value, Failure> {
    let (simulator, friends) = Simulator::with_friends(&options.platform).await?;
    let line = Line::at(&options.platform.simulator)?;
    let names: Vec<String> = friends.iter().map(PackedId::text).collect();
    let crowd = Arc::new(Crowd::new(friends, PAGE_TAKES));
    let office = Office::new(crowd.clone(), crowd.len(), TAKES, &options.platform.simulator);
    let crew = Crew::open(&office)?;
    let broadcasts = Broadcasts { office, simulator, friends: u64::try_from(crowd.len())? };
    if !options.soak {
        line.bad_weather(options.seed).await?;
    }
    let before = Log::new(Instant::now());
    let alone = if options.soak { Value::Null } else { alone(&broadcasts, &before).await? };

    let queue = Arc::new(Queue::default());
    let functions = Functions::new(&options.webhook, options.processes, queue.clone());
    let mut processes = functions.open();
    let desk = Desk::new(queue.clone(), towns()?, &options.platform.simulator);
    let inboxes = Inboxes::open(&desk, options.inboxes)?;
    let storm = Storm::coming(options, functions.clone());
    let log = storm.log.clone();
    let over = Arc::new(Notify::new());
    let observer = Observer::new(&line, &desk, &log, options.simulator_process).await?;
    let observer = tokio::spawn(observer.observe(over.clone()));
    let weather = storm.breaks(&line, Wishes::of(names, options.seed)).await?;
    let mut released = None;
    let mut tidying = None;
    if !options.soak {
        tidying = Some(tokio::spawn(tidy(broadcasts.office.janitor().await?, log.clone())));
        let kills = Kills { functions: &functions, inboxes: &inboxes, crew: &crew };
        let hall = TownHall::of_records(to_records(&sample_town()?)?);
        let (went, (), killed) = tokio::join!(
            releases(&broadcasts, &log),
            read_pages(&hall, &log, options.seconds),
            kills.each_second(&log, options.seconds)
        );
        released = Some(went?);
        killed?;
    }
    for task in weather {
        task.await??;
    }
    line.good_weather().await?;
    let (drained, sent_out) = tokio::join!(drain(&queue), accounts(&broadcasts, &log, released));
    if let Some(tidying) = tidying {
        tidying.abort();
    }
    over.notify_one();
    let (journal, memory) = observer.await??;
    while let Some(ended) = processes.try_join_next() {
        log.wrong(format!("a place of webhook ended: {ended:?}"));
    }
    let ends = account(&lock(&storm.sent), &journal, &desk, &log);
    if options.soak {
        for growing in memory.growing() {
            log.wrong(growing);
        }
    }
    let wrong: Vec<String> = before.wrongs().into_iter().chain(log.wrongs()).collect();
    Ok(json!({
        "soak": options.soak, "seed": options.seed, "rate": options.rate, "seconds": options.seconds,
        "friends": crowd.len(), "processes": options.processes, "inboxes": options.inboxes,
        "drainedS": drained.as_secs_f64(), "log": log.figures(), "calls": journal.figures(), "account": ends,
        "alone": alone, "broadcasts": sent_out, "memory": memory.figures(), "wrong": wrong,
    }))
}

/// The emergency before the storm, with LINE as it will be in it.
async fn alone(broadcasts: &Broadcasts, log: &Log) -> Result<Value, Failure> {
    let release = broadcasts.approve(ALONE, Lane::Emergency).await?;
    Ok(broadcasts.account(ALONE, release, log).await)
}

/// Something that goes on beside.
type Task = JoinHandle<Result<(), Failure>>;

/// When broadcasts went: what is routine, and the emergency.
type Released = (jiff::Timestamp, jiff::Timestamp);

/// Lets janitor look after everything each minute, as `template.yaml` does.
async fn tidy(janitor: Janitor, log: Arc<Log>) {
    loop {
        if let Err(error) = janitor.tick().await {
            log.wrong(format!("janitor failed: {error}"));
        }
        sleep(TIDIES_EVERY).await;
    }
}

/// Approves what is routine, and then the emergency.
async fn releases(broadcasts: &Broadcasts, log: &Log) -> Result<Released, Failure> {
    sleep_until((log.began() + ROUTINE_AT).into()).await;
    let routine = broadcasts.approve(ROUTINE, Lane::Routine).await?;
    sleep_until((log.began() + EMERGENCY_AT).into()).await;
    Ok((routine, broadcasts.approve(EMERGENCY, Lane::Emergency).await?))
}

/// What became of both.
async fn accounts(broadcasts: &Broadcasts, log: &Log, released: Option<Released>) -> Value {
    let Some((routine, emergency)) = released else { return Value::Null };
    let (routine, emergency) =
        tokio::join!(broadcasts.account(ROUTINE, routine, log), broadcasts.account(EMERGENCY, emergency, log));
    json!({ "routine": routine, "emergency": emergency })
}

/// The sample town as `inbox` reads it.
fn towns() -> Result<Arc<dyn Towns>, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Arc::new(TestTownStore::new(Arc::new(TestStaff::new(clock.clone()))));
    store.settle(to_records(&sample_town()?)?);
    Ok(Arc::new(CachedTowns::new(store, clock)))
}

/// The events that the simulator makes, as they come.
async fn collected(line: &Line) -> Result<mpsc::UnboundedReceiver<Value>, Failure> {
    let (take, minted) = mpsc::unbounded_channel();
    let app = Router::new().route("/", post(collect)).with_state(take);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move { axum::serve(listener, app).await });
    line.deliver_to(&address).await?;
    Ok(minted)
}

async fn collect(State(take): State<mpsc::UnboundedSender<Value>>, body: Bytes) -> StatusCode {
    let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(events) = body["events"].as_array_mut() else { return StatusCode::BAD_REQUEST };
    let are_taken = events.drain(..).all(|event| take.send(event).is_ok());
    if are_taken { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Lets the simulator make the events, some time before they are to be delivered.
async fn mint(line: Line, mut wishes: Wishes, storm: Arc<Storm>) -> Result<(), Failure> {
    let portions = (storm.requests * PORTIONS_A_SECOND).div_ceil(storm.rate);
    for portion in 0..portions {
        let first = |portion: u64| (portion * storm.rate / PORTIONS_A_SECOND).min(storm.requests);
        let numbers = first(portion)..first(portion + 1);
        let some: Vec<Value> = numbers.filter(|number| !is_odd(*number)).map(|_| wishes.next_one()).collect();
        let moment = storm.moment_of(first(portion));
        sleep_until(moment.checked_sub(LEAD).unwrap_or(moment).into()).await;
        if !some.is_empty() {
            line.play(&some).await?;
        }
    }
    Ok(())
}

impl Storm {
    /// One that begins when everything has settled.
    fn coming(options: &Options, functions: Arc<Functions>) -> Arc<Self> {
        Arc::new(Self {
            functions,
            log: Arc::new(Log::new(Instant::now() + SETTLES)),
            sent: Mutex::default(),
            rate: options.rate.into(),
            requests: u64::from(options.rate) * u64::from(options.seconds),
            seed: options.seed,
        })
    }

    /// Lets the simulator make events, and delivers them; two tasks, which end with the last answer.
    async fn breaks(self: &Arc<Self>, line: &Line, wishes: Wishes) -> Result<[Task; 2], Failure> {
        let minted = collected(line).await?;
        let making = tokio::spawn(mint(line.clone(), wishes, self.clone()));
        Ok([making, tokio::spawn(self.clone().pace(minted))])
    }

    /// When the n-th request is to go out.
    fn moment_of(&self, number: u64) -> Instant {
        self.log.began() + Duration::from_micros(number * 1_000_000 / self.rate)
    }

    /// Sends every request at its moment, and waits until all have their end.
    async fn pace(self: Arc<Self>, mut minted: mpsc::UnboundedReceiver<Value>) -> Result<(), Failure> {
        let mut under_way = JoinSet::new();
        for number in 0..self.requests {
            let moment = self.moment_of(number);
            sleep_until(moment.into()).await;
            let delivery = if is_odd(number) {
                Delivery::odd(number, self.seed, SystemClock.now().as_millisecond())
            } else {
                let event = timeout(PATIENCE, minted.recv()).await?;
                Delivery::of(event.ok_or("the simulator makes no events any more")?)
            };
            under_way.spawn(self.clone().deliver(number, delivery, moment));
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
        Ok(())
    }

    /// Delivers a request until it is answered, as LINE does, and some of them again.
    async fn deliver(self: Arc<Self>, number: u64, delivery: Delivery, moment: Instant) {
        let id = delivery.event_id().map(str::to_owned);
        if let Some(id) = &id {
            lock(&self.sent).insert(id.clone(), Acknowledged::No);
        }
        let (mut moment, mut pause) = (moment, REDELIVERED_AFTER);
        for attempt in 0..=REDELIVERIES {
            if self.attempt(&delivery, attempt, moment).await == Acknowledged::Yes {
                if let Some(id) = id {
                    lock(&self.sent).insert(id, Acknowledged::Yes);
                }
                if comes_again(number) {
                    sleep(AGAIN_AFTER).await;
                    self.attempt(&delivery, attempt + 1, Instant::now()).await;
                }
                return;
            }
            moment = Instant::now() + pause;
            sleep(pause).await;
            pause *= PAUSES_GROW;
        }
    }

    /// One request, which was to go out at this moment.
    async fn attempt(&self, delivery: &Delivery, attempt: u32, moment: Instant) -> Acknowledged {
        let handed = Instant::now();
        let request = match delivery.request(attempt) {
            Ok(request) => request,
            Err(error) => {
                self.log.wrong(format!("a request cannot be made: {error}"));
                return Acknowledged::No;
            }
        };
        let mut answering = Box::pin(self.functions.clone().answer_to(request));
        let answered = timeout(LINE_WAITS, &mut answering).await;
        match answered {
            Ok(Ok(answered)) => {
                self.log.asked(moment, handed, &answered);
                if answered.status == delivery.right_status() {
                    self.log.ended(moment, "answered");
                    return Acknowledged::Yes;
                }
                self.log.ended(moment, "answered wrongly");
                self.log.wrong(format!("webhook answers {} instead of {}", answered.status, delivery.right_status()));
            }
            Ok(Err(Unanswered::Killed)) => self.log.ended(moment, "killed"),
            Ok(Err(Unanswered::Refused)) => self.log.ended(moment, "refused"),
            Err(_) => {
                self.log.ended(moment, "too late");
                let log = self.log.clone();
                // Nobody waits for it any more; if a process has it, how long that took still counts.
                tokio::spawn(async move {
                    if let Ok(answered) = answering.await {
                        log.asked(moment, handed, &answered);
                    }
                });
            }
        }
        Acknowledged::No
    }
}

/// Everything that can be killed.
struct Kills<'a> {
    functions: &'a Functions,
    inboxes: &'a Inboxes,
    crew: &'a Crew,
}

impl Kills<'_> {
    /// Kills one each second of the storm.
    async fn each_second(&self, log: &Log, seconds: u32) -> Result<(), Failure> {
        let numbers = 0_usize..;
        for ((second, number), victim) in (1..seconds).zip(numbers).zip(VICTIMS.into_iter().cycle()) {
            sleep_until((log.began() + Duration::from_secs(second.into())).into()).await;
            match victim {
                Victim::Webhook => {
                    self.functions.kill(number);
                    log.killed("webhook");
                }
                Victim::Inbox => {
                    self.inboxes.kill(number);
                    log.killed("inbox");
                }
                Victim::Crew(name, role) => {
                    self.crew.kill(role, number)?;
                    log.killed(name);
                }
            }
        }
        Ok(())
    }
}

/// Waits until nothing is in the queue any more, for a while; how long it took.
async fn drain(queue: &Queue) -> Duration {
    let began = Instant::now();
    while began.elapsed() < DRAINS_FOR {
        let depth = queue.depth();
        if depth.waiting + depth.out == 0 {
            break;
        }
        sleep(Duration::from_millis(200)).await;
    }
    began.elapsed()
}

/// Who looks each second at LINE's record, at the queue, and each minute at the memory.
struct Observer {
    journal: Journal,
    memory: Memory,
    line: Line,
    desk: Arc<Desk>,
    log: Arc<Log>,
    simulator: u32,
}

impl Observer {
    /// One for whom nothing has happened yet.
    async fn new(line: &Line, desk: &Arc<Desk>, log: &Arc<Log>, simulator: u32) -> Result<Self, Failure> {
        let mut journal = Journal::default();
        journal.look(line, log).await?;
        journal.forget();
        let (line, desk, log) = (line.clone(), desk.clone(), log.clone());
        Ok(Self { journal, memory: Memory::default(), line, desk, log, simulator })
    }

    /// Looks until all is over; what was seen.
    async fn observe(mut self, over: Arc<Notify>) -> Result<(Journal, Memory), Failure> {
        for look in 0_u64.. {
            self.log.depth(self.desk.queue.depth());
            self.journal.look(&self.line, &self.log).await?;
            if look.is_multiple_of(LOOKS_A_MINUTE) {
                self.memory.look(self.simulator);
            }
            tokio::select! {
                () = sleep(Duration::from_secs(1)) => {}
                () = over.notified() => break,
            }
        }
        self.journal.look(&self.line, &self.log).await?;
        self.log.depth(self.desk.queue.depth());
        Ok((self.journal, self.memory))
    }
}
