//! Planners and senders at work, in the numbers and at the paces of `template.yaml`, and who approves and stops broadcasts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::broadcast::janitor::Janitor;
use app::broadcast::past::History;
use app::broadcast::planner::{Audiences, Planner};
use app::broadcast::sender::{Paces, Sender, Share};
use app::error::Error;
use app::ports::audience::AudienceSource;
use app::ports::broadcasts::{Broadcasts, FrozenParts, Multicast, PartKey, SendingQueues};
use app::ports::{ChannelSecret, ChannelSecrets, Clock, Messages};
use async_trait::async_trait;
use aws::clock::SystemClock;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, Reach, State, When};
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::sending::account::Account;
use domain::sending::delivery::Answer;
use domain::sending::frozen::PackedId;
use domain::sending::plan::{Plan, Variant};
use domain::text::hex;
use domain::town::Town;
use jiff::Timestamp;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::multicaster::LineMulticaster;
use serde_json::json;
use sha2::{Digest, Sha256};
use tests::city::TestTown;
use tests::post::Post;
use tests::staff::TestStaff;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::stores::{Stores, Takes};
use crate::{Failure, lock};

/// The lanes' shares, as `template.yaml` has them.
pub(crate) const EMERGENCY: Share = Share { calls_per_second: 170, senders: 5 };
pub(crate) const ROUTINE: Share = Share { calls_per_second: 20, senders: 2 };
/// So many planners work on an emergency at once, and on what is routine.
pub(crate) const EMERGENCY_PLANNERS: u32 = 20;
pub(crate) const ROUTINE_PLANNERS: u32 = 5;
/// An idle worker looks into its queue so often.
const LOOKS_EVERY: Duration = Duration::from_millis(5);
/// Whoever waits for what becomes of a broadcast looks so often. Seldom enough not to disturb the measuring.
const LOOKS_SLOWLY: Duration = Duration::from_secs(1);
/// Nothing that is waited for here takes so long.
const PATIENCE: Duration = Duration::from_mins(3);

/// Where broadcasts are approved, frozen and sent.
pub(crate) struct Office {
    pub(crate) stores: Arc<Stores>,
    post: Arc<Post>,
    audiences: Audiences,
    simulator: String,
    followers: u64,
    /// What became of each call, in the order in which they ended.
    calls: Arc<Mutex<Vec<Called>>>,
    invocations: Arc<AtomicU64>,
}

/// A call to LINE, as a sender saw it.
#[derive(Clone)]
pub(crate) struct Called {
    /// Its retry key.
    pub(crate) key: String,
    /// What it said.
    pub(crate) words: String,
    /// When its answer came, if it was taken.
    pub(crate) accepted: Option<Timestamp>,
}

impl Office {
    /// One with these residents, whose stores take so long, and with LINE at this address.
    pub(crate) fn new(source: Arc<dyn AudienceSource>, followers: usize, takes: Takes, simulator: &str) -> Arc<Self> {
        let post = Post::new(Duration::ZERO);
        let mut town = Town::default();
        // Measured at any hour.
        town.profile.sending.quiet_hours = None;
        let towns = Arc::new(TestTown(Arc::new(town)));
        let staff = Arc::new(TestStaff::new(post.clone()));
        Arc::new(Self {
            stores: Arc::new(Stores::new(post.clone(), takes)),
            post,
            audiences: Audiences { source, towns, staff },
            simulator: simulator.to_owned(),
            followers: u64::try_from(followers).unwrap_or(u64::MAX),
            calls: Arc::default(),
            invocations: Arc::default(),
        })
    }

    /// What the machine's clock shows at a moment of the post office's.
    fn by_the_machine(&self, at: Timestamp) -> Timestamp {
        at + SystemClock.now().duration_since(self.post.now())
    }

    /// Another planner.
    pub(crate) fn planner(&self) -> Planner {
        let stores = &self.stores;
        let history = History { broadcasts: stores.clone(), frozen: stores.clone(), ledgers: stores.clone() };
        Planner { history, queues: stores.clone(), audiences: self.audiences.clone(), clock: self.post.clone() }
    }

    /// Another sender, with connections and a token of its own, as each has one.
    pub(crate) fn sender(&self, paces: Paces) -> Result<Sender, Failure> {
        let endpoints = Endpoints::new(&self.simulator, &self.simulator)?;
        let line = LineClient::new(endpoints, Timeouts::patient(), Arc::new(Secret), self.post.clone())?;
        let multicast = Watched { line: LineMulticaster::new(line), calls: self.calls.clone() };
        Ok(Sender {
            broadcasts: self.stores.clone(),
            frozen: self.stores.clone(),
            ledgers: self.stores.clone(),
            queues: self.stores.clone(),
            multicast: Arc::new(multicast),
            clock: self.post.clone(),
            timer: self.post.clone(),
            paces,
        })
    }

    /// Lets all planners and senders of the template work, until what is given back is dropped.
    pub(crate) fn open(self: &Arc<Self>) -> Result<JoinSet<()>, Failure> {
        let mut workers = JoinSet::new();
        let lanes = [(Lane::Emergency, EMERGENCY_PLANNERS, EMERGENCY), (Lane::Routine, ROUTINE_PLANNERS, ROUTINE)];
        for (lane, planners, share) in lanes {
            for _ in 0..planners {
                workers.spawn(freeze_for_ever(self.clone(), lane));
            }
            for _ in 0..share.senders {
                workers.spawn(send_for_ever(self.clone(), self.sender(Paces::of(EMERGENCY, ROUTINE))?, lane));
            }
        }
        Ok(workers)
    }

    /// Approves a broadcast to everybody, and asks for its parts; when it goes, by the machine's clock.
    pub(crate) async fn approve(&self, number: u32, lane: Lane) -> Result<Timestamp, Failure> {
        let (id, words) = (id(number)?, Messages(messages(number)));
        let digest = hex(&Sha256::digest(&words.0));
        self.stores.keep_words(&id, &digest, &words).await?;
        let mut broadcast =
            Broadcast::new(id.clone(), draft(number, lane)?, Earnest::Real, Origin::Staff, "a".parse()?);
        let plan =
            Plan { parts: Plan::parts_for(self.followers), variants: vec![Variant::new(Language::Japanese, digest)] };
        let (now, parts) = (self.post.now(), plan.parts);
        let reach = Reach { reached: self.followers, capped: 0, followers: self.followers };
        broadcast.ask(&"a".parse()?, reach, now)?;
        broadcast.approve(&"b".parse()?, plan, now, now)?;
        self.stores.put(&broadcast, None, None).await?;
        let State::Approved { release_at, .. } = broadcast.state else { return Err("it is not approved".into()) };
        let keys: Vec<_> = (0..parts).map(|part| PartKey { broadcast: id.clone(), lane, part }).collect();
        let wait = u16::try_from(release_at.duration_since(now).as_secs())?;
        self.stores.ask_to_freeze(&keys, wait).await?;
        Ok(self.by_the_machine(release_at))
    }

    /// Stops a broadcast; when it was stopped, by the machine's clock.
    pub(crate) async fn stop(&self, number: u32) -> Result<Timestamp, Failure> {
        let mut read = self.stores.find(&id(number)?).await?.ok_or("there is no such broadcast")?;
        read.value.stop(&"b".parse()?, self.post.now())?;
        self.stores.put(&read.value, Some(read.version), None).await?;
        Ok(SystemClock.now())
    }

    /// The janitor of all of it.
    pub(crate) async fn janitor(&self) -> Result<Janitor, Failure> {
        let town = self.audiences.towns.current().await?;
        Ok(self.post.functions(town, Arc::new(TestStaff::new(self.post.clone())), [EMERGENCY, ROUTINE]).janitor)
    }

    /// Waits until a broadcast has its account.
    pub(crate) async fn account(&self, number: u32) -> Result<Account, Failure> {
        let janitor = self.janitor().await?;
        let id = id(number)?;
        self.until("its account", LOOKS_SLOWLY, async || {
            let state = self.post.broadcast(&id).map(|broadcast| broadcast.state);
            if let Some(State::Finished { account, .. } | State::Stopped { account: Some(account), .. }) = state {
                return Ok(Some(account));
            }
            janitor.tick().await?;
            Ok(None)
        })
        .await
    }

    /// Waits until all parts of a broadcast are frozen, and so many calls for it have been answered.
    pub(crate) async fn under_way(&self, number: u32, calls: usize) -> Result<(), Failure> {
        let (id, words) = (id(number)?, messages(number));
        self.until("its parts", LOOKS_SLOWLY, async || {
            let plan = self.post.broadcast(&id).and_then(|broadcast| broadcast.state.plan().cloned());
            let frozen = app::ports::broadcasts::Ledgers::progress(&*self.post, &id).await?.parts.len();
            let answered = lock(&self.calls).iter().filter(|call| call.words == words).count();
            let is_frozen = plan.is_some_and(|plan| usize::from(plan.parts) == frozen);
            Ok((is_frozen && calls <= answered).then_some(()))
        })
        .await
    }

    /// Asks again and again, for a while.
    async fn until<T>(
        &self,
        what: &str,
        every: Duration,
        ask: impl AsyncFn() -> Result<Option<T>, Failure>,
    ) -> Result<T, Failure> {
        let began = tokio::time::Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(found) = ask().await? {
                return Ok(found);
            }
            tokio::time::sleep(every).await;
        }
        Err(format!("a broadcast does not get {what}").into())
    }

    /// All calls whose end was seen.
    pub(crate) fn calls(&self) -> Vec<Called> {
        lock(&self.calls).clone()
    }

    /// How often a function was invoked.
    pub(crate) fn invocations(&self) -> u64 {
        self.invocations.load(Ordering::Relaxed)
    }

    fn invoked(&self) {
        self.invocations.fetch_add(1, Ordering::Relaxed);
    }
}

/// The id of the n-th broadcast.
pub(crate) fn id(number: u32) -> Result<BroadcastId, Failure> {
    Ok(format!("0199aaaa-0000-7000-8000-{number:012}").parse()?)
}

/// A word that no other broadcast has.
pub(crate) fn mark(number: u32) -> String {
    format!("broadcast-{number:06}")
}

/// What the n-th broadcast says, as LINE gets it.
pub(crate) fn messages(number: u32) -> String {
    json!([{ "type": "text", "text": text(number) }]).to_string()
}

fn text(number: u32) -> String {
    format!("【避難指示】東町・西町の方は、ただちに高いところへ避難してください。{}", mark(number))
}

/// The n-th broadcast, to everybody.
pub(crate) fn draft(number: u32, lane: Lane) -> Result<Draft, Failure> {
    let wording = Wording { messages: vec![Message::Text(text(number))] };
    Ok(Draft {
        title: mark(number),
        department: "disaster".parse()?,
        content: Content { wordings: BTreeMap::from([(Language::Japanese, wording)]) },
        audience: Audience::All,
        lane,
        when: When::AtOnce,
    })
}

async fn freeze_for_ever(office: Arc<Office>, lane: Lane) {
    let planner = office.planner();
    loop {
        let Some(part) = office.stores.next_part(lane) else {
            tokio::time::sleep(LOOKS_EVERY).await;
            continue;
        };
        office.invoked();
        if planner.freeze(&part).await.is_err() && office.stores.ask_to_freeze(&[part], 1).await.is_err() {
            return;
        }
    }
}

async fn send_for_ever(office: Arc<Office>, sender: Sender, lane: Lane) {
    loop {
        let Some(taken) = office.stores.next_run(lane) else {
            tokio::time::sleep(LOOKS_EVERY).await;
            continue;
        };
        office.invoked();
        // What fails comes again by itself.
        if sender.send(&taken.run).await.is_ok() && office.stores.done(&taken).await.is_err() {
            return;
        }
    }
}

/// LINE's multicast, and what became of each call.
struct Watched {
    line: LineMulticaster,
    calls: Arc<Mutex<Vec<Called>>>,
}

#[async_trait]
impl Multicast for Watched {
    async fn multicast(&self, to: &[PackedId], messages: &Messages, key: [u8; 16]) -> Answer {
        let answer = self.line.multicast(to, messages, key).await;
        let accepted = matches!(answer, Answer::Accepted { .. }).then(|| SystemClock.now());
        let called = Called { key: Uuid::from_bytes(key).to_string(), words: messages.0.clone(), accepted };
        lock(&self.calls).push(called);
        answer
    }
}

/// The simulator's channel.
struct Secret;

#[async_trait]
impl ChannelSecrets for Secret {
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error> {
        Ok(Arc::new(ChannelSecret { channel_id: "1".to_owned(), channel_secret: "secret".into() }))
    }

    async fn renewed(&self, wrong: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error> {
        Ok(wrong.clone())
    }
}
