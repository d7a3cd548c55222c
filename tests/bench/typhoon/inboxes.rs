//! Lambda as it runs `inbox`: some at work on the queue at once, each with a client of its own, and any of them dropped at any moment.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;

use app::error::{Error, Kind};
use app::inbox::Inbox;
use app::ports::{ChannelSecret, ChannelSecrets, Clock, Towns};
use async_trait::async_trait;
use aws::clock::SystemClock;
use aws::lambda::{Arrival, handle_batch};
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::letter::{Opened, open};
use line::messenger::LineMessenger;
use serde_json::{Value, json};
use tests::queue::TestDeadLetters;
use tests::reports::{TestReportJobs, TestReports};
use tests::staff::TestStaff;
use tokio::runtime;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, LocalSet, spawn_local};

use crate::Failure;
use crate::platform::{CHANNEL_ID, CHANNEL_SECRET};
use crate::queue::{Batch, Queue};
use crate::watch::Watch;

/// What all of them share.
pub(crate) struct Desk {
    /// Where events come from.
    pub(crate) queue: Arc<Queue>,
    /// The table.
    pub(crate) watch: Arc<Watch>,
    /// What failed for good.
    pub(crate) dead: TestDeadLetters,
    towns: Arc<dyn Towns>,
    staff: Arc<TestStaff>,
    reports: Arc<TestReports>,
    jobs: Arc<TestReportJobs>,
    simulator: String,
}

impl Desk {
    /// One in this town, with LINE at this address.
    pub(crate) fn new(queue: Arc<Queue>, towns: Arc<dyn Towns>, simulator: &str) -> Arc<Self> {
        let staff = Arc::new(TestStaff::new(Arc::new(SystemClock)));
        let reports = Arc::new(TestReports::new(staff.clone()));
        let watch = Arc::new(Watch::new(reports.clone()));
        let (dead, jobs) = (TestDeadLetters::default(), Arc::new(TestReportJobs::default()));
        Arc::new(Self { queue, watch, dead, towns, staff, reports, jobs, simulator: simulator.to_owned() })
    }

    /// Another inbox, with connections and a token of its own.
    fn inbox(&self) -> Result<Inbox, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let endpoints = Endpoints::new(&self.simulator, &self.simulator)?;
        let line = LineClient::new(endpoints, Timeouts::prompt(), Arc::new(Secret), clock.clone())?;
        Ok(Inbox {
            conversations: self.watch.clone(),
            messenger: Arc::new(LineMessenger::new(line)),
            towns: self.towns.clone(),
            phone_codes: self.staff.clone(),
            reports: self.reports.clone(),
            jobs: self.jobs.clone(),
            links: None,
            clock,
        })
    }

    /// Handles messages one batch after the other.
    async fn work(self: Arc<Self>) -> Result<(), Failure> {
        let inbox = self.inbox()?;
        loop {
            let Some(batch) = self.queue.take() else {
                self.queue.filled().await;
                continue;
            };
            let mut held = Held { watch: &self.watch, batch: Some(&batch) };
            let records: Vec<Value> = batch
                .messages
                .iter()
                .map(|message| {
                    let attributes = json!({ "MessageGroupId": message.group });
                    json!({ "messageId": message.id, "body": message.body, "attributes": attributes })
                })
                .collect();
            let event = serde_json::from_value(json!({ "Records": records }))?;
            let handler = |Arrival { body, .. }: Arrival| handle(&inbox, &self.watch, body);
            let response = handle_batch(event, &self.dead, handler).await;
            held.batch = None;
            let failed: HashSet<String> =
                response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
            self.queue.settle(&batch, &failed);
        }
    }
}

/// What the function does with a message; who drops it in the middle has killed the function.
async fn handle(inbox: &Inbox, watch: &Watch, body: String) -> Result<(), Error> {
    match open(&body).map_err(|error| Error::new(Kind::Permanent, "open a letter", error))? {
        Opened::Letter(letter) => {
            let event = &letter.incoming.event;
            match inbox.handle(&letter).await {
                Ok(outcome) => {
                    watch.ended(event, outcome);
                    Ok(())
                }
                Err(error) => {
                    watch.cut(event.as_str());
                    Err(error)
                }
            }
        }
        Opened::SetAside { .. } => Ok(()),
    }
}

/// Messages in the hands of a function; they are cut if it ends before it is done with them.
struct Held<'a> {
    watch: &'a Watch,
    batch: Option<&'a Batch>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        for message in self.batch.iter().flat_map(|batch| &batch.messages) {
            self.watch.cut(&message.id);
        }
    }
}

/// The functions at work, in a thread of their own.
pub(crate) struct Inboxes {
    kills: mpsc::UnboundedSender<usize>,
}

impl Inboxes {
    /// So many at this desk. They end with what is given back.
    pub(crate) fn open(desk: &Arc<Desk>, count: u16) -> Result<Self, Failure> {
        let (kills, killed) = mpsc::unbounded_channel();
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let desk = desk.clone();
        thread::Builder::new()
            .name("inbox".to_owned())
            .spawn(move || LocalSet::new().block_on(&runtime, keep_at_work(desk, count, killed)))?;
        Ok(Self { kills })
    }

    /// Drops what one of them is doing; another takes its place.
    pub(crate) fn kill(&self, number: usize) {
        // Nobody hears it when all is over.
        let _ = self.kills.send(number);
    }
}

async fn keep_at_work(desk: Arc<Desk>, count: u16, mut killed: mpsc::UnboundedReceiver<usize>) {
    let start = || spawn_local(desk.clone().work());
    let mut working: Vec<JoinHandle<Result<(), Failure>>> = (0..count).map(|_| start()).collect();
    while let Some(number) = killed.recv().await {
        let place = number % working.len().max(1);
        if let Some(worker) = working.get_mut(place) {
            worker.abort();
            *worker = start();
        }
    }
}

/// The simulator's channel.
struct Secret;

#[async_trait]
impl ChannelSecrets for Secret {
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error> {
        let (id, secret) = (CHANNEL_ID.to_owned(), CHANNEL_SECRET.into());
        Ok(Arc::new(ChannelSecret { channel_id: id, channel_secret: secret }))
    }

    async fn renewed(&self, wrong: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error> {
        Ok(wrong.clone())
    }
}
