//! Ticks of the real function on a table with many rules, of which none is due, or one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::Failure;
use crate::function::{Function, StandIn};
use crate::times::percentile;
use crate::town::{PARTS, daily, environment, open};
use crate::watch::{Watch, busy};

const ROUNDS: i64 = 300;
/// So many ticks before do not count. The first of them reads the town.
const WARM_UP: i64 = 10;
/// Its residents are one part.
const FEW: usize = 1_200;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What ticks took, and asked of AWS at most.
#[derive(Default)]
struct Times {
    total: Vec<Duration>,
    aws: Vec<Duration>,
    own: Vec<Duration>,
    calls: usize,
    reads: usize,
}

/// Lets it tick in minutes in which no rule is due, and then in as many in which one is.
#[tokio::main]
pub(crate) async fn measure(reminder: &str, rules: u32) -> Result<Value, Failure> {
    let (first, never): (Timestamp, Timestamp) = ("2027-01-01T03:00:00Z".parse()?, "2099-01-01T03:00:00Z".parse()?);
    let due = |number: i64| if number == 1 { first } else { never };
    let all: Vec<_> = (1..=i64::from(rules)).map(|number| daily(number, due(number), FEW)).collect::<Result<_, _>>()?;
    let aws = open(Vec::new(), &all).await?;
    let watch = Arc::new(Watch::default());
    let stand_in = StandIn::start(watch.before(aws.router())).await?;
    let mut function = Function::start(stand_in, &[reminder.to_owned()], &environment())?;
    let none = ticks(&mut function, &watch, 0, |_| first - SignedDuration::from_mins(1)).await?;
    // Its rule is due each day.
    let one = ticks(&mut function, &watch, 1, |turn| first + DAY * i32::try_from(turn).unwrap_or(i32::MAX)).await?;
    let peak = function.end().await?;
    Ok(json!({ "rules": rules, "rounds": ROUNDS, "none": none.figures(), "one": one.figures(), "peakKb": peak }))
}

/// Gives it one minute after another; in each, so many broadcasts are written.
async fn ticks(
    function: &mut Function,
    watch: &Watch,
    broadcasts: usize,
    minute: impl Fn(i64) -> Timestamp,
) -> Result<Times, Failure> {
    let mut times = Times::default();
    for turn in 0..WARM_UP + ROUNDS {
        drop(watch.take());
        let began = Instant::now();
        let (at, _) = function.answer_to(json!({ "scheduled": minute(turn).to_string() })).await?;
        let parts = watch.messages_to(PARTS);
        if parts != broadcasts {
            return Err(format!("{parts} parts are asked for at {}, and not {broadcasts}", minute(turn)).into());
        }
        let calls = watch.take();
        if WARM_UP <= turn {
            let (total, aws) = (at - began, busy(&calls, began, at));
            times.total.push(total);
            times.aws.push(aws);
            times.own.push(total.saturating_sub(aws));
            times.calls = times.calls.max(calls.len());
            times.reads = times.reads.max(calls.iter().filter(|call| call.is_read()).count());
        }
    }
    Ok(times)
}

impl Times {
    fn figures(mut self) -> Value {
        let of = |times: &mut Vec<Duration>| json!({ "p50": percentile(times, 50), "p99": percentile(times, 99) });
        json!({
            "total": of(&mut self.total), "aws": of(&mut self.aws), "own": of(&mut self.own),
            "calls": self.calls, "reads": self.reads,
        })
    }
}
