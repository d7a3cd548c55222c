//! The queues of sending, in SQS: parts on their way to `planner`, runs on their way to `sender`, each lane with its own.
//!
//! Standard queues: order does not matter, and what comes twice does no harm.

use app::error::{Error, Kind};
use app::ports::broadcasts::{PartKey, RunKey, SendingQueues, TakenRun};
use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
use domain::broadcast::Lane;
use domain::ids::BroadcastId;
use domain::sending::janitor::QueueLooks;
use serde::{Deserialize, Serialize};

use crate::clients::Clients;
use crate::failure::failed;
use crate::job;
use crate::queue::{BATCH_LETTERS_MAX, none_refused, send_batch};

const ASKING_TO_FREEZE: &str = "ask for parts to be frozen";
const ASKING_TO_SEND: &str = "ask for runs to be sent";
const TAKING: &str = "take a run from the queue";
const DONE: &str = "remove a run from the queue";
const LOOKING: &str = "look at the queue of runs";

/// The queues of both lanes, by their URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneUrls {
    /// Of the emergency lane.
    pub emergency: String,
    /// Of the routine lane.
    pub routine: String,
}

/// The queues of a kind that a function is told of.
#[derive(Default)]
struct Known {
    emergency: Option<String>,
    routine: Option<String>,
}

impl From<Option<LaneUrls>> for Known {
    fn from(urls: Option<LaneUrls>) -> Self {
        let both = |LaneUrls { emergency, routine }| Self { emergency: Some(emergency), routine: Some(routine) };
        urls.map(both).unwrap_or_default()
    }
}

impl Known {
    fn of(&self, lane: Lane) -> Option<&str> {
        match lane {
            Lane::Emergency => self.emergency.as_deref(),
            Lane::Routine => self.routine.as_deref(),
        }
    }
}

/// [`SendingQueues`] in SQS. Whoever is told of no queue of a kind has nothing to do with it, and may not use it either.
pub struct SqsSendingQueues {
    client: Client,
    parts: Known,
    runs: Known,
}

impl SqsSendingQueues {
    /// The queues of parts and of runs.
    #[must_use]
    pub fn new(clients: &Clients, parts: Option<LaneUrls>, runs: Option<LaneUrls>) -> Self {
        Self { client: clients.sqs(), parts: parts.into(), runs: runs.into() }
    }

    /// The queue of parts of routine broadcasts, for whoever writes no others.
    #[must_use]
    pub fn of_routine_parts(clients: &Clients, url: String) -> Self {
        let parts = Known { emergency: None, routine: Some(url) };
        Self { client: clients.sqs(), parts, runs: Known::default() }
    }

    fn parts(&self, doing: &'static str, lane: Lane) -> Result<&str, Error> {
        let none = || Error::new(Kind::Permanent, doing, "this function has no such queue of parts");
        self.parts.of(lane).ok_or_else(none)
    }

    fn runs(&self, doing: &'static str, lane: Lane) -> Result<&str, Error> {
        let none = || Error::new(Kind::Permanent, doing, "this function has no such queue of runs");
        self.runs.of(lane).ok_or_else(none)
    }

    async fn send(&self, doing: &'static str, url: &str, bodies: &[String], delay_s: u16) -> Result<(), Error> {
        let mut refused = Vec::new();
        for batch in bodies.chunks(BATCH_LETTERS_MAX) {
            let entries = batch.iter().enumerate().map(|(index, body)| {
                let entry = SendMessageBatchRequestEntry::builder().id(index.to_string()).message_body(body);
                let entry = entry.delay_seconds(i32::from(delay_s)).build();
                entry.map_err(|error| Error::new(Kind::Permanent, doing, error))
            });
            // A message that is refused for good does not keep its neighbours from the queue.
            refused.extend(send_batch(&self.client, doing, url, entries.collect::<Result<_, _>>()?).await?);
        }
        none_refused(doing, &refused)
    }
}

#[async_trait]
impl SendingQueues for SqsSendingQueues {
    async fn ask_to_freeze(&self, parts: &[PartKey], delay_s: u16) -> Result<(), Error> {
        for lane in [Lane::Emergency, Lane::Routine] {
            let bodies = parts.iter().filter(|part| part.lane == lane).map(part_body);
            let bodies: Vec<String> = bodies.collect::<Result<_, _>>()?;
            if !bodies.is_empty() {
                let url = self.parts(ASKING_TO_FREEZE, lane)?;
                self.send(ASKING_TO_FREEZE, url, &bodies, delay_s).await?;
            }
        }
        Ok(())
    }

    async fn ask_to_send(&self, runs: &[RunKey], delay_s: u16) -> Result<(), Error> {
        for lane in [Lane::Emergency, Lane::Routine] {
            let bodies = runs.iter().filter(|run| run.lane == lane).map(run_body);
            let bodies: Vec<String> = bodies.collect::<Result<_, _>>()?;
            if !bodies.is_empty() {
                let url = self.runs(ASKING_TO_SEND, lane)?;
                self.send(ASKING_TO_SEND, url, &bodies, delay_s).await?;
            }
        }
        Ok(())
    }

    /// A message that cannot be understood stays: the queue hands it to a function next, which puts it among the dead letters.
    async fn take(&self, lane: Lane) -> Result<Option<TakenRun>, Error> {
        let call = self.client.receive_message().queue_url(self.runs(TAKING, lane)?);
        let call = call.max_number_of_messages(1).wait_time_seconds(0);
        let answer = call.send().await.map_err(|error| failed(TAKING, error))?;
        let Some(message) = answer.messages.unwrap_or_default().into_iter().next() else { return Ok(None) };
        let run = run_key(message.body().unwrap_or_default())?;
        let receipt = message.receipt_handle;
        let receipt = receipt.ok_or_else(|| Error::new(Kind::Permanent, TAKING, "a message came without a receipt"))?;
        Ok(Some(TakenRun { run, receipt }))
    }

    async fn done(&self, taken: &TakenRun) -> Result<(), Error> {
        let url = self.runs(DONE, taken.run.lane)?;
        let call = self.client.delete_message().queue_url(url).receipt_handle(&taken.receipt);
        call.send().await.map(drop).map_err(|error| failed(DONE, error))
    }

    async fn looks(&self, lane: Lane) -> Result<QueueLooks, Error> {
        const COUNTS: [QueueAttributeName; 3] = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let call = self.client.get_queue_attributes().queue_url(self.runs(LOOKING, lane)?);
        let call = call.set_attribute_names(Some(COUNTS.to_vec()));
        let answer = call.send().await.map_err(|error| failed(LOOKING, error))?;
        let counts = answer.attributes.unwrap_or_default();
        let is_none = |name: &QueueAttributeName| counts.get(name).is_some_and(|count| count == "0");
        // What is not said may be anything.
        Ok(if COUNTS.iter().all(is_none) { QueueLooks::Empty } else { QueueLooks::Busy })
    }
}

/// Which part a message of a queue of parts is about.
pub fn part_key(body: &str) -> Result<PartKey, Error> {
    let PartBody { broadcast, lane, part } = job::open(body)?;
    Ok(PartKey { broadcast, lane, part })
}

/// Which run a message of a queue of runs is about.
pub fn run_key(body: &str) -> Result<RunKey, Error> {
    let RunBody { broadcast, lane, part, run } = job::open(body)?;
    Ok(RunKey { broadcast, lane, part, run })
}

fn part_body(key: &PartKey) -> Result<String, Error> {
    let PartKey { broadcast, lane, part } = key.clone();
    job::write(&PartBody { broadcast, lane, part })
}

fn run_body(key: &RunKey) -> Result<String, Error> {
    let RunKey { broadcast, lane, part, run } = key.clone();
    job::write(&RunBody { broadcast, lane, part, run })
}

#[derive(Serialize, Deserialize)]
struct PartBody {
    broadcast: BroadcastId,
    lane: Lane,
    part: u16,
}

#[derive(Serialize, Deserialize)]
struct RunBody {
    broadcast: BroadcastId,
    lane: Lane,
    part: u16,
    run: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> BroadcastId {
        "0199aaaa-0000-7000-8000-000000000001".parse().unwrap()
    }

    #[test]
    fn a_body_says_its_shape_and_comes_back() {
        let part = PartKey { broadcast: id(), lane: Lane::Emergency, part: 3 };
        let body = part_body(&part).unwrap();
        assert_eq!(body, format!(r#"{{"v":1,"broadcast":"{}","lane":"emergency","part":3}}"#, id()));
        assert_eq!(part_key(&body).unwrap(), part);
        let run = RunKey { broadcast: id(), lane: Lane::Routine, part: 255, run: 7 };
        let body = run_body(&run).unwrap();
        assert_eq!(body, format!(r#"{{"v":1,"broadcast":"{}","lane":"routine","part":255,"run":7}}"#, id()));
        assert_eq!(run_key(&body).unwrap(), run);
    }

    #[test]
    fn what_is_no_such_body_fails_for_good() {
        let body = |v: &str, lane: &str, part: &str| {
            format!(r#"{{"v":{v},"broadcast":"{}","lane":"{lane}","part":{part},"run":0}}"#, id())
        };
        assert!(run_key(&body("1", "routine", "0")).is_ok());
        for odd in [
            body("2", "routine", "0"),
            body("\"1\"", "routine", "0"),
            body("1", "express", "0"),
            body("1", "routine", "-1"),
            body("1", "routine", "65536"),
            body("1", "routine", "0").replace("0199", "0199 "),
            body("1", "routine", "0").replace("run", "ran"),
            r#"{"broadcast":"b","lane":"routine","part":0,"run":0}"#.to_owned(),
            "null".to_owned(),
            String::new(),
        ] {
            let error = run_key(&odd).expect_err(&odd);
            assert_eq!(error.kind, Kind::Permanent, "{odd}");
        }
    }
}
