//! Sending at LINE's limit: how near to its floor an emergency comes, who gives way to it, and how soon a stop is obeyed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use app::ports::Clock;
use aws::clock::SystemClock;
use domain::broadcast::Lane;
use domain::sending::account::Account;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::office::{EMERGENCY, Office, mark, messages};
use crate::simulator::{self, Simulator};
use crate::stores::Takes;
use crate::{Failure, Platform};

/// LINE takes so many multicasts a second, and answers each after so long.
const LINE_CALLS_PER_SECOND: u32 = 200;
const LINE_LATENCY_MS: u64 = 500;
/// What AWS takes within a region, on the slow side of what is seen.
const TAKES: Takes =
    Takes { table: Duration::from_millis(6), bucket: Duration::from_millis(30), queue: Duration::from_millis(12) };

/// The emergency that goes alone, what is routine, and the emergency that goes before it and is stopped.
const ALONE: u32 = 1;
const ROUTINE: u32 = 2;
const BEFORE: u32 = 3;
/// So many routine calls go out before the emergency is approved.
const ROUTINE_CALLS: usize = 60;
/// So long after its release the second emergency is stopped, in the middle of its work.
const STOPS_AFTER: Duration = Duration::from_secs(10);
/// So long something that must not happen is waited for, before it counts as not happening.
const WATCHES: Duration = Duration::from_secs(5);

/// A call as the simulator saw it: when it arrived, and of which broadcast it was.
struct Arrival {
    at_ms: i64,
    broadcast: u32,
    status: u16,
}

/// Sends, and tells what was seen.
#[tokio::main]
pub(crate) async fn measure(platform: &Platform, page_takes: Duration) -> Result<Value, Failure> {
    let (simulator, friends) = Simulator::with_friends(platform).await?;
    let crowd = Arc::new(Crowd::new(friends, page_takes));
    let office = Office::new(crowd.clone(), crowd.len(), TAKES, &simulator.url);
    simulator.behave(LINE_LATENCY_MS, LINE_CALLS_PER_SECOND).await?;
    let mut looked = 0;
    simulator.multicasts(&mut looked).await?;
    let workers = office.open()?;
    let (mut alone, mut arrivals) = alone(&office, &simulator, &mut looked).await?;
    let (lanes, second) = beside(&office, &simulator, &mut looked).await?;
    drop(workers);
    alone["residents"] = json!(crowd.len());
    arrivals.extend(second);
    Ok(json!({
        "alone": alone, "lanes": lanes,
        "busiestSecond": busiest_second(&arrivals),
        "refused": arrivals.iter().filter(|call| call.status == 429).count(),
        "table": { "ms": TAKES.table.as_millis() }, "bucket": { "ms": TAKES.bucket.as_millis() },
        "queue": { "ms": TAKES.queue.as_millis() }, "page": { "ms": page_takes.as_millis() },
    }))
}

/// One emergency, and nothing else.
async fn alone(office: &Office, simulator: &Simulator, looked: &mut u64) -> Result<(Value, Vec<Arrival>), Failure> {
    let release = office.approve(ALONE, Lane::Emergency).await?;
    let account = office.account(ALONE).await?;
    checked(simulator, ALONE, &account).await?;
    let arrivals = arrivals(office, simulator, looked).await?;
    let accepted = office.calls().iter().filter_map(|call| call.accepted).max().ok_or("nothing was accepted")?;
    let first = arrivals.iter().map(|call| call.at_ms).min().ok_or("nothing arrived")?;
    let calls = arrivals.len();
    let floor = seconds(calls) / f64::from(EMERGENCY.calls_per_second);
    let took = accepted.duration_since(release).as_secs_f64();
    let figures = json!({
        "calls": calls, "accepted": account.accepted, "invocations": office.invocations(),
        "firstCallS": since(first, release), "lastAcceptanceS": took, "floorS": floor, "ratio": took / floor,
    });
    Ok((figures, arrivals))
}

/// Something routine, then an emergency, which is stopped in the middle; then what is routine goes on, and is stopped, too.
async fn beside(office: &Office, simulator: &Simulator, looked: &mut u64) -> Result<(Value, Vec<Arrival>), Failure> {
    office.approve(ROUTINE, Lane::Routine).await?;
    office.under_way(ROUTINE, ROUTINE_CALLS).await?;
    let release = office.approve(BEFORE, Lane::Emergency).await?;
    let wait = Duration::try_from(release.duration_since(SystemClock.now())).unwrap_or_default();
    tokio::time::sleep(wait + STOPS_AFTER).await;
    let stopped = office.stop(BEFORE).await?;
    let account = office.account(BEFORE).await?;
    checked(simulator, BEFORE, &account).await?;
    // Until what is routine goes on, and for a while, in which the stopped one must not.
    tokio::time::sleep(WATCHES).await;
    let routine_stopped = office.stop(ROUTINE).await?;
    let routine_account = office.account(ROUTINE).await?;
    tokio::time::sleep(WATCHES).await;
    checked(simulator, ROUTINE, &routine_account).await?;
    let arrivals = arrivals(office, simulator, looked).await?;
    let of = |broadcast: u32| arrivals.iter().filter(move |call| call.broadcast == broadcast).map(|call| call.at_ms);
    let (release_ms, stopped_ms) = (release.as_millisecond(), stopped.as_millisecond());
    let first = of(BEFORE).min().ok_or("the emergency did not begin")?;
    let last = of(BEFORE).max().unwrap_or_default();
    let gives_way = of(ROUTINE).filter(|at| *at < stopped_ms).max().unwrap_or_default();
    let goes_on = of(ROUTINE).filter(|at| stopped_ms <= *at).min();
    let figures = json!({
        "routineBefore": of(ROUTINE).filter(|at| (release_ms - 3_000..release_ms).contains(at)).count() / 3,
        "firstCallS": since(first, release),
        "lastRoutineAfterReleaseS": since(gives_way, release),
        "lastRoutineAfterFirstCallS": (seconds_of(gives_way) - seconds_of(first)),
        "stop": {
            "lastCallS": since(last, stopped), "callsAfter": of(BEFORE).filter(|at| stopped_ms < *at).count(),
            "accepted": account.accepted, "stopped": account.stopped,
        },
        "routineGoesOnAfterStopS": goes_on.map(|at| since(at, stopped)),
        "routineStop": {
            "lastCallS": since(of(ROUTINE).max().unwrap_or_default(), routine_stopped),
            "accepted": routine_account.accepted, "stopped": routine_account.stopped,
        },
    });
    Ok((figures, arrivals))
}

/// The account is what the simulator counted, and nobody got it twice.
async fn checked(simulator: &Simulator, broadcast: u32, account: &Account) -> Result<(), Failure> {
    let expected = BTreeMap::from([(1, account.accepted)]);
    let received = simulator.received(&mark(broadcast)).await?;
    let adds_up = account.frozen == account.accepted + account.stopped;
    if received == expected && adds_up { Ok(()) } else { Err(format!("{received:?} and {account:?}").into()) }
}

/// What arrived since the last look; each call is known by its key.
async fn arrivals(office: &Office, simulator: &Simulator, looked: &mut u64) -> Result<Vec<Arrival>, Failure> {
    let numbers = [ALONE, ROUTINE, BEFORE].map(|number| (messages(number), number));
    let numbers = BTreeMap::from(numbers);
    let keys: BTreeMap<String, u32> =
        office.calls().into_iter().filter_map(|call| Some((call.key, *numbers.get(&call.words)?))).collect();
    let calls = simulator.multicasts(looked).await?;
    let arrival = |call: &simulator::Call| {
        let broadcast = *keys.get(call.retry_key.as_ref()?)?;
        Some(Arrival { at_ms: call.at, broadcast, status: call.status })
    };
    let arrivals: Vec<_> = calls.iter().filter_map(arrival).collect();
    if arrivals.len() == calls.len() { Ok(arrivals) } else { Err("calls arrived that nobody made".into()) }
}

/// The most calls that arrived within any thousand milliseconds.
fn busiest_second(arrivals: &[Arrival]) -> usize {
    let mut times: Vec<i64> = arrivals.iter().map(|call| call.at_ms).collect();
    times.sort_unstable();
    let distinct: BTreeSet<i64> = times.iter().copied().collect();
    let place = |at: i64| times.partition_point(|time| *time < at);
    distinct.iter().map(|at| place(at + 1_000) - place(*at)).max().unwrap_or_default()
}

fn since(at_ms: i64, moment: Timestamp) -> f64 {
    seconds_of(at_ms - moment.as_millisecond())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of this century")]
fn seconds_of(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn seconds(calls: usize) -> f64 {
    calls as f64
}
