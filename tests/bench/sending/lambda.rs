//! The functions as Lambda runs them: processes that are given what waits in the queues.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use domain::broadcast::Lane;
use futures_util::future::try_join_all;
use serde::Serialize;
use serde_json::{Value, json};

use crate::Failure;
use crate::aws::Aws;
use crate::function::{Function, StandIn};
use crate::office::{EMERGENCY, ROUTINE};

/// An idle worker looks into its queue so often.
const LOOKS_EVERY: Duration = Duration::from_millis(5);

/// What the invocations of a function were.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Invocations {
    /// How many.
    pub(crate) count: u32,
    /// How long they took together, each rounded up to a millisecond as Lambda does.
    pub(crate) seconds: f64,
}

/// A kind of function, and the queue that it works on.
pub(crate) struct Fleet {
    queue: &'static str,
    functions: Vec<Function>,
    invocations: Cell<Invocations>,
}

/// The queue of a lane's parts.
pub(crate) fn parts_of(lane: Lane) -> &'static str {
    match lane {
        Lane::Emergency => "emergency-parts",
        Lane::Routine => "routine-parts",
    }
}

/// The queue of a lane's runs.
pub(crate) fn runs_of(lane: Lane) -> &'static str {
    match lane {
        Lane::Emergency => "emergency-runs",
        Lane::Routine => "routine-runs",
    }
}

/// Where a queue is. Who answers for it looks at its name only.
pub(crate) fn url_of(queue: &str) -> String {
    format!("http://127.0.0.1/{queue}")
}

impl Fleet {
    /// So many of a program, on this AWS and with LINE at this address.
    pub(crate) async fn start(
        aws: &Arc<Aws>,
        program: &str,
        queue: &'static str,
        how_many: u32,
        line: &str,
    ) -> Result<Self, Failure> {
        let environment = environment(line);
        let mut functions = Vec::new();
        for _ in 0..how_many {
            let stand_in = StandIn::start(aws.router()).await?;
            functions.push(Function::start(stand_in, &[program.to_owned()], &environment)?);
        }
        Ok(Self { queue, functions, invocations: Cell::default() })
    }

    /// Works on what is in the queue, until it is said to be done.
    pub(crate) async fn work(&mut self, aws: &Aws, is_done: &impl Fn() -> bool) -> Result<(), Failure> {
        let (queue, invocations) = (self.queue, &self.invocations);
        let each = self.functions.iter_mut().map(|function| serve(function, aws, queue, invocations, is_done));
        try_join_all(each).await.map(drop)
    }

    /// What was done so far.
    pub(crate) fn invocations(&self) -> Invocations {
        self.invocations.get()
    }

    /// Ends them; the most memory that one of them held at once, in kB.
    pub(crate) async fn end(self) -> Result<u64, Failure> {
        let mut most = 0;
        for function in self.functions {
            most = most.max(function.end().await?);
        }
        Ok(most)
    }
}

async fn serve(
    function: &mut Function,
    aws: &Aws,
    queue: &str,
    invocations: &Cell<Invocations>,
    is_done: &impl Fn() -> bool,
) -> Result<(), Failure> {
    while !is_done() {
        let Some((body, receipt)) = aws.receive(queue) else {
            tokio::time::sleep(LOOKS_EVERY).await;
            continue;
        };
        let began = std::time::Instant::now();
        let (at, answer) = function.answer_to(event(&body, &receipt)).await?;
        let Invocations { count, seconds } = invocations.get();
        let took = ((at - began).as_secs_f64() * 1_000.0).ceil() / 1_000.0;
        invocations.set(Invocations { count: count + 1, seconds: seconds + took });
        let answer: Value = serde_json::from_slice(&answer)?;
        if answer["batchItemFailures"].as_array().is_none_or(Vec::is_empty) {
            aws.delete(queue, &receipt);
        }
    }
    Ok(())
}

/// A message of a queue, as Lambda hands it to a function.
fn event(body: &str, receipt: &str) -> Value {
    json!({ "Records": [{
        "messageId": receipt, "receiptHandle": receipt, "body": body, "attributes": { "ApproximateReceiveCount": "1" },
        "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs", "awsRegion": "ap-northeast-1",
        "eventSourceARN": "arn:aws:sqs:ap-northeast-1:000000000000:queue",
    }] })
}

fn environment(line: &str) -> Vec<(&'static str, String)> {
    let of = |lane: Lane| (url_of(parts_of(lane)), url_of(runs_of(lane)));
    let ((emergency_parts, emergency_runs), (routine_parts, routine_runs)) = (of(Lane::Emergency), of(Lane::Routine));
    vec![
        ("TABLE_NAME", "kairan".to_owned()),
        ("MEDIA_BUCKET", "media".to_owned()),
        ("EMERGENCY_PARTS_URL", emergency_parts),
        ("ROUTINE_PARTS_URL", routine_parts),
        ("EMERGENCY_RUNS_URL", emergency_runs),
        ("ROUTINE_RUNS_URL", routine_runs),
        ("SENDING_DEAD_LETTERS_URL", url_of("dead-letters")),
        ("LINE_SECRET_ID", "line".to_owned()),
        ("LINE_API_BASE", line.to_owned()),
        ("LINE_DATA_BASE", line.to_owned()),
        ("EMERGENCY_CALLS_PER_SECOND", EMERGENCY.calls_per_second.to_string()),
        ("EMERGENCY_SENDERS", EMERGENCY.senders.to_string()),
        ("ROUTINE_CALLS_PER_SECOND", ROUTINE.calls_per_second.to_string()),
        ("ROUTINE_SENDERS", ROUTINE.senders.to_string()),
    ]
}
