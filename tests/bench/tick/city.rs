//! Ticks that are due for everybody in a running local city: its own clock calls the real functions in its own AWS.
//!
//! Their calls of table, bucket and queues go by a gate of this program, so that it is seen when the last page is asked for, and for how
//! long the city's AWS was waited for.

use std::path::Path;
use std::time::{Duration, Instant};

use app::ports::Clock;
use app::ports::broadcasts::{Broadcasts, Timer};
use app::ports::reminders::Reminders;
use aws::broadcasts::TableBroadcasts;
use aws::clock::SystemClock;
use aws::reminders::TableReminders;
use domain::ids::{BroadcastId, RuleId};
use domain::reminder::Became;
use domain::sending::account::Account;
use domain::sending::frozen::PackedId;
use domain::sending::plan::Plan;
use domain::sending::{PAGE_IDS, RUN_PAGES};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::fill::fill;
use crate::gate::Gate;
use crate::place::Place;
use crate::processor::{Whose, processor_seconds};
use crate::simulator::Simulator;
use crate::town::{daily, put};
use crate::tree::{between, spent};
use crate::watch::{Call, busy, name_of};
use crate::{Failure, Platform};

/// So long before its minute a rule is in the table.
const AHEAD: SignedDuration = SignedDuration::from_secs(10);
/// So long before its minute the watching begins.
const JUST_BEFORE: SignedDuration = SignedDuration::from_millis(500);
/// Whoever waits looks so often: into this program's memory, and into the city's table.
const LOOKS: Duration = Duration::from_millis(20);
const LOOKS_SLOWLY: Duration = Duration::from_secs(2);
/// Until all pages are asked for, and until the broadcast has its account.
const PATIENCE: Duration = Duration::from_mins(3);

/// The city, and what is watched of it.
struct Watched {
    place: Place,
    rules: TableReminders,
    broadcasts: TableBroadcasts,
    reminder: Gate,
    planner: Gate,
    ids: Vec<PackedId>,
}

/// Watches so many ticks.
#[tokio::main]
pub(crate) async fn measure(city: &Path, residents: usize, rounds: u32) -> Result<Value, Failure> {
    let place = Place::read(city)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let (_, ids) =
        Simulator::with_friends(&Platform { simulator: place.simulator.clone(), friends: residents }).await?;
    let began = Instant::now();
    fill(&place, &client, ids.clone()).await?;
    let filled = began.elapsed();
    let (rules, broadcasts) = (TableReminders::new(place.table()), TableBroadcasts::new(place.table()));
    let (reminder, planner) = (Gate::open(&place.aws, &client).await?, Gate::open(&place.aws, &client).await?);
    let city = Watched { place, rules, broadcasts, reminder, planner, ids };
    let measured = city.led(&client, rounds).await;
    city.lead(&client, false).await?;
    Ok(json!({ "residents": residents, "filledS": filled.as_secs_f64(), "rounds": measured? }))
}

impl Watched {
    /// Whether the functions' calls go by the gates.
    async fn lead(&self, client: &reqwest::Client, by_the_gates: bool) -> Result<(), Failure> {
        for (function, gate) in
            [(&self.place.reminder_function, &self.reminder), (&self.place.planner_function, &self.planner)]
        {
            self.place.lead(client, function, by_the_gates.then_some(gate.address.as_str())).await?;
        }
        Ok(())
    }

    async fn led(&self, client: &reqwest::Client, rounds: u32) -> Result<Vec<Value>, Failure> {
        self.lead(client, true).await?;
        let mut measured = Vec::new();
        for _ in 0..rounds {
            measured.push(self.round().await?);
        }
        Ok(measured)
    }

    /// Lets a rule be due at the next minute, and watches until all pages are asked for.
    async fn round(&self) -> Result<Value, Failure> {
        let (due, rule) = self.rule().await?;
        SystemClock.until(due - JUST_BEFORE).await;
        drop((self.reminder.watch.take(), self.planner.watch.take()));
        let (before, own_before) = (spent(self.place.pid), processor_seconds(Whose::Own)?);
        let tick = Instant::now() + Duration::try_from(due.duration_since(SystemClock.now()))?;
        self.all_asked_for(tick).await?;
        let (after, own_after) = (spent(self.place.pid), processor_seconds(Whose::Own)?);
        let (written, planned) = (self.reminder.watch.take(), self.planner.watch.take());
        let account = self.account(&rule).await?;
        let mut figures = self.figures(tick, &written, &planned)?;
        figures["processor"] = json!(between(&before, &after));
        figures["gatesProcessorS"] = json!(own_after - own_before);
        figures["frozen"] = json!(account.frozen);
        figures["accepted"] = json!(account.accepted);
        Ok(figures)
    }

    /// A rule for everybody, and when it is due.
    async fn rule(&self) -> Result<(Timestamp, RuleId), Failure> {
        let next = (SystemClock.now() + AHEAD).as_second().div_euclid(60) * 60 + 60;
        let due = Timestamp::from_second(next)?;
        let rule = daily(next, due, self.ids.len())?;
        put(&self.rules, std::slice::from_ref(&rule)).await?;
        Ok((due, rule.id))
    }

    /// Waits until as many runs are asked for as there are.
    async fn all_asked_for(&self, tick: Instant) -> Result<(), Failure> {
        let (runs, queue) = (self.runs()?, self.queue());
        loop {
            let asked = self.planner.watch.messages_to(queue);
            if runs <= asked {
                return Ok(());
            }
            if PATIENCE < tick.elapsed() {
                return Err(format!("only {asked} of {runs} runs are asked for").into());
            }
            tokio::time::sleep(LOOKS).await;
        }
    }

    fn queue(&self) -> &str {
        name_of(&self.place.routine_runs).unwrap_or_default()
    }

    /// How many runs a broadcast to everybody has.
    fn runs(&self) -> Result<usize, Failure> {
        let plan = Plan { parts: Plan::parts_for(u64::try_from(self.ids.len())?), variants: Vec::new() };
        let runs = (0..plan.parts).map(|part| {
            let partitions = plan.partitions(part);
            let ids = self.ids.iter().filter(|id| partitions.contains(&u16::from(id.0[0]))).count();
            ids.div_ceil(PAGE_IDS).div_ceil(RUN_PAGES)
        });
        Ok(runs.sum())
    }

    /// Waits until what the rule wrote has its account: the next round shall have the city for itself.
    async fn account(&self, rule: &RuleId) -> Result<Account, Failure> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(id) = self.written(rule).await?
                && let Some(found) = self.broadcasts.find(&id).await?
                && let Some(account) = found.value.state.account()
            {
                return Ok(*account);
            }
            tokio::time::sleep(LOOKS_SLOWLY).await;
        }
        Err("the broadcast does not get its account".into())
    }

    /// The broadcast that the rule wrote.
    async fn written(&self, rule: &RuleId) -> Result<Option<BroadcastId>, Failure> {
        let rule = self.rules.find(rule).await?.ok_or("the rule is gone")?.value;
        Ok(rule.outcomes.into_iter().rev().find_map(|outcome| match outcome.became {
            Became::Went(broadcast) => Some(broadcast),
            Became::Stuck | Became::Missed => None,
        }))
    }

    /// What was seen, in seconds after the minute.
    fn figures(&self, tick: Instant, written: &[Call], planned: &[Call]) -> Result<Value, Failure> {
        let after = |at: Option<Instant>| at.map(|at| at.saturating_duration_since(tick).as_secs_f64());
        let queue = self.queue();
        let asked = || planned.iter().filter(move |call| call.is_to(queue));
        let ended = asked().map(|call| call.ended).max().ok_or("no run is asked for")?;
        let residents = || planned.iter().filter(|call| call.is_of_residents());
        let until = |calls: &mut dyn Iterator<Item = &Call>| busy(calls, tick, ended).as_secs_f64();
        Ok(json!({
            "seconds": after(Some(ended)),
            "tickedS": after(written.iter().map(|call| call.began).min()),
            "writtenS": after(written.iter().filter(|call| call.began < ended).map(|call| call.ended).max()),
            "plannerS": after(planned.iter().map(|call| call.began).min()),
            "residentsS": after(residents().map(|call| call.began).min()),
            "firstRunS": after(asked().map(|call| call.ended).min()),
            "awsS": until(&mut written.iter().chain(planned)),
            "awsOfResidentsS": until(&mut residents()),
            "calls": written.len() + planned.len(), "pages": residents().count(),
            "runs": asked().map(|call| call.messages).sum::<usize>(),
        }))
    }
}
