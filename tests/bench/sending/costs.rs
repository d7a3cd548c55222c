//! What a broadcast costs: the real functions send it, and what they ask of AWS and LINE is counted on its way.

use std::time::{Duration, Instant};

use domain::broadcast::Lane;
use domain::broadcast::audience::Audience;
use domain::sending::plan::Plan;
use futures_util::future::try_join;
use serde_json::{Value, json};

use crate::lambda::{Fleet, parts_of, runs_of};
use crate::office::{EMERGENCY, id, mark};
use crate::simulator::Simulator;
use crate::town::{NUMBER, approved};
use crate::{Failure, Platform};

/// As many planners as there are; more than the machine has processors would only wait for one another.
const PLANNERS: u32 = 2;
/// LINE's limit and latency.
const LINE_CALLS_PER_SECOND: u32 = 200;
const LINE_LATENCY_MS: u64 = 500;
/// Nothing takes so long.
const PATIENCE: Duration = Duration::from_mins(3);

/// Sends to as many residents as are asked for, once for each number.
#[tokio::main]
pub(crate) async fn measure(
    platform: &Platform,
    planner: &str,
    sender: &str,
    sizes: &[usize],
) -> Result<Value, Failure> {
    let (simulator, friends) = Simulator::with_friends(platform).await?;
    simulator.behave(LINE_LATENCY_MS, LINE_CALLS_PER_SECOND).await?;
    let mut looked = 0;
    simulator.multicasts(&mut looked).await?;
    let mut received = 0;
    let mut broadcasts = Vec::new();
    for size in sizes {
        // From all partitions alike.
        let step = friends.len() / size;
        let residents: Vec<_> = friends.iter().step_by(step.max(1)).take(*size).copied().collect();
        let parts = Plan::parts_for(u64::try_from(residents.len())?);
        let aws = approved(residents, Audience::All, parts).await?;
        // What the approval has cost is the console's.
        aws.forget_bill();
        let mut planners = Fleet::start(&aws, planner, parts_of(Lane::Emergency), PLANNERS, &simulator.url).await?;
        let senders = EMERGENCY.senders;
        let mut senders = Fleet::start(&aws, sender, runs_of(Lane::Emergency), senders, &simulator.url).await?;
        let began = Instant::now();
        let is_done = || {
            aws.is_closed(&id(NUMBER).map_or_else(|_| String::new(), |id| id.to_string())) || PATIENCE < began.elapsed()
        };
        try_join(planners.work(&aws, &is_done), senders.work(&aws, &is_done)).await?;
        let took = began.elapsed();
        let (freezing, sending) = (planners.invocations(), senders.invocations());
        planners.end().await?;
        senders.end().await?;
        let calls = simulator.multicasts(&mut looked).await?.len();
        let all: u64 = simulator
            .received(&mark(NUMBER))
            .await?
            .iter()
            .map(|(times, residents)| u64::from(*times) * residents)
            .sum();
        let now = all - received;
        received = all;
        if usize::try_from(now)? != *size {
            return Err(format!("{now} residents got it, and not {size}, after {took:?}").into());
        }
        broadcasts.push(json!({
            "residents": size, "parts": parts, "bytesEach": aws.residents().bytes_each(), "seconds": took.as_secs_f64(),
            "lineCalls": calls, "planner": freezing, "sender": sending, "aws": aws.bill(),
        }));
    }
    Ok(json!({ "broadcasts": broadcasts }))
}
