//! A tick that is due for everybody: the real function writes the broadcast, and planners freeze it, with an AWS that answers at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::ports::Clock;
use aws::clock::SystemClock;
use domain::sending::frozen::PackedId;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Failure;
use crate::aws::Aws;
use crate::function::{Function, StandIn};
use crate::processor::{Whose, processor_seconds};
use crate::town::{PARTS, RUNS, daily, environment, open};
use crate::watch::{Watch, busy};

const ROUNDS: usize = 3;
/// More than the machine has processors would only wait for one another.
const PLANNERS: usize = 2;
/// An idle worker looks into its queue so often.
const LOOKS_EVERY: Duration = Duration::from_millis(5);
/// So long a started function has for itself, and a rule after its minute: what goes later waits for nobody.
const SETTLES: Duration = Duration::from_secs(3);

/// Some rounds, each with another table and other processes.
#[tokio::main]
pub(crate) async fn measure(reminder: &str, planner: &str, residents: usize) -> Result<Value, Failure> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(round(reminder, planner, residents).await?);
    }
    Ok(json!({ "residents": residents, "planners": PLANNERS, "rounds": rounds }))
}

async fn round(reminder: &str, planner: &str, residents: usize) -> Result<Value, Failure> {
    let now = SystemClock.now();
    let minute = Timestamp::from_second(now.as_second().div_euclid(60) * 60)?;
    let aws = open((0..residents).map(somebody).collect(), &[daily(1, minute, residents)?]).await?;
    let watch = Arc::new(Watch::default());
    let mut ticker = start(&aws, &watch, reminder).await?;
    let mut planners = Vec::new();
    for _ in 0..PLANNERS {
        planners.push(start(&aws, &watch, planner).await?);
    }
    tokio::time::sleep(SETTLES).await;
    let before = processor_seconds(Whose::Ended)?;
    let began = Instant::now();
    let (written, _) = ticker.answer_to(json!({ "scheduled": minute.to_string() })).await?;
    try_join_all(planners.iter_mut().map(|planner| freeze(planner, &aws))).await?;
    for function in planners.into_iter().chain([ticker]) {
        function.end().await?;
    }
    let spent = processor_seconds(Whose::Ended)? - before;
    let calls = watch.take();
    let ended = calls.iter().filter(|call| call.is_to(RUNS)).map(|call| call.ended).max();
    let ended = ended.ok_or("no run is asked for")?;
    Ok(json!({
        "seconds": (ended - began).as_secs_f64(), "writtenS": (written - began).as_secs_f64(),
        "awsS": busy(&calls, began, ended).as_secs_f64(), "processorSeconds": spent, "calls": calls.len(), "runs": aws.waiting(RUNS),
    }))
}

async fn start(aws: &Arc<Aws>, watch: &Arc<Watch>, program: &str) -> Result<Function, Failure> {
    let stand_in = StandIn::start(watch.before(aws.router())).await?;
    Function::start(stand_in, &[program.to_owned()], &environment())
}

/// Freezes what is in the queue, until nothing is left in it.
async fn freeze(planner: &mut Function, aws: &Aws) -> Result<(), Failure> {
    while 0 < aws.waiting(PARTS) {
        let Some((body, receipt)) = aws.receive(PARTS) else {
            tokio::time::sleep(LOOKS_EVERY).await;
            continue;
        };
        let event = json!({ "Records": [{
            "messageId": receipt, "receiptHandle": receipt, "body": body, "attributes": { "ApproximateReceiveCount": "1" },
            "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs", "awsRegion": "ap-northeast-1",
            "eventSourceARN": "arn:aws:sqs:ap-northeast-1:000000000000:queue",
        }] });
        let (_, answer) = planner.answer_to(event).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        if answer["batchItemFailures"].as_array().is_some_and(|failures| !failures.is_empty()) {
            return Err("a part could not be frozen".into());
        }
        aws.delete(PARTS, &receipt);
    }
    Ok(())
}

/// The n-th resident; they are spread over the partitions as LINE's ids are.
fn somebody(number: usize) -> PackedId {
    let digest = Sha256::digest(number.to_be_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    PackedId(id)
}
