//! Lambda as it runs `webhook`: some processes with one request each at a time, a row before them, and `kill -9`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinSet;

use crate::Failure;
use crate::aws::{self, Meter};
use crate::function::{Function, StandIn};
use crate::queue::Queue;

/// A request waits no longer for a process that is free. Lambda has no row: it starts another process, and refuses what its concurrency does not
/// reach for.
const ROW: Duration = Duration::from_millis(250);

/// The processes.
pub(crate) struct Functions {
    command: Vec<String>,
    queue: Arc<Queue>,
    asks: mpsc::UnboundedSender<Ask>,
    row: Mutex<mpsc::UnboundedReceiver<Ask>>,
    kills: Vec<Notify>,
}

/// A request that waits for a process.
struct Ask {
    event: Value,
    since: Instant,
    answer: oneshot::Sender<Result<Answered, Unanswered>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unanswered {
    /// No process was free.
    Refused,
    /// The process was killed over it.
    Killed,
}

/// What a process answered, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    /// The status of its answer.
    pub(crate) status: u16,
    /// How long the request waited for a process.
    pub(crate) waited: Duration,
    /// From its being handed over until the answer.
    pub(crate) function: Duration,
    /// How much of that the stand-in of AWS worked.
    pub(crate) aws: Duration,
}

impl Functions {
    /// So many processes of this program, whose events come into this queue. None runs before [`Functions::open`].
    pub(crate) fn new(program: &str, processes: u16, queue: Arc<Queue>) -> Arc<Self> {
        let (asks, row) = mpsc::unbounded_channel();
        let kills = (0..processes).map(|_| Notify::new()).collect();
        Arc::new(Self { command: vec![program.to_owned()], queue, asks, row: Mutex::new(row), kills })
    }

    /// Lets them run until what is given back is dropped; whoever stops by itself is there with the reason.
    pub(crate) fn open(self: &Arc<Self>) -> JoinSet<Result<(), String>> {
        let mut running = JoinSet::new();
        for number in 0..self.kills.len() {
            running.spawn(self.clone().run(number));
        }
        running
    }

    /// Hands a request to the next process that is free.
    pub(crate) async fn answer_to(self: Arc<Self>, event: Value) -> Result<Answered, Unanswered> {
        let (answer, answered) = oneshot::channel();
        let _ = self.asks.send(Ask { event, since: Instant::now(), answer });
        answered.await.unwrap_or(Err(Unanswered::Killed))
    }

    /// Kills a process, whatever it is doing; another takes its place.
    pub(crate) fn kill(&self, number: usize) {
        if let Some(kill) = self.kills.get(number % self.kills.len().max(1)) {
            kill.notify_one();
        }
    }

    /// One place in which a process runs, and after it another.
    async fn run(self: Arc<Self>, number: usize) -> Result<(), String> {
        loop {
            let meter = Meter::default();
            let mut function = self.started(&meter).await.map_err(|error| error.to_string())?;
            self.serve(&mut function, &self.kills[number], &meter).await?;
            // Dropping it is `kill -9`.
        }
    }

    async fn started(&self, meter: &Meter) -> Result<Function, Failure> {
        let stand_in = StandIn::start(aws::router(self.queue.clone(), meter.clone())).await;
        let stand_in = stand_in.map_err(|error| error.to_string())?;
        let environment = [
            ("LINE_SECRET_ID", "line".to_owned()),
            ("INBOX_QUEUE_URL", format!("http://{}/000000000000/inbox.fifo", stand_in.address)),
        ];
        let function = Function::start(stand_in, &self.command, &environment);
        Ok(function.map_err(|error| error.to_string())?)
    }

    /// Gives a process one request after the other, until it is killed.
    async fn serve(&self, function: &mut Function, kill: &Notify, meter: &Meter) -> Result<(), String> {
        loop {
            let ask = tokio::select! {
                ask = self.next() => ask.ok_or("nobody asks any more")?,
                () = kill.notified() => return Ok(()),
            };
            let (given, spent) = (Instant::now(), meter.spent());
            let (at, body) = tokio::select! {
                answered = function.answer_to(ask.event) => answered.map_err(|error| error.to_string())?,
                // Who asked sees that no answer comes.
                () = kill.notified() => return Ok(()),
            };
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            let status = body["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
            // LINE may have hung up meanwhile.
            let _ = ask.answer.send(Ok(Answered {
                status,
                waited: given - ask.since,
                function: at.saturating_duration_since(given),
                aws: meter.spent().saturating_sub(spent),
            }));
        }
    }

    /// The next request that has not waited too long; those before it are refused.
    async fn next(&self) -> Option<Ask> {
        let mut row = self.row.lock().await;
        loop {
            let ask = row.recv().await?;
            if ask.since.elapsed() < ROW {
                return Some(ask);
            }
            let _ = ask.answer.send(Err(Unanswered::Refused));
        }
    }
}
