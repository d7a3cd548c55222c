//! How many calls a second one sender makes on one core, when nothing but the core bounds it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::broadcast::sender::{Paces, Sender, Share};
use app::ports::Clock;
use app::ports::broadcasts::SendingQueues;
use aws::clock::SystemClock;
use domain::broadcast::Lane;
use serde_json::{Value, json};

use crate::crowd::Crowd;
use crate::office::Office;
use crate::processor::{Whose, processor_seconds};
use crate::simulator::Simulator;
use crate::stores::Takes;
use crate::{Failure, Platform};

/// More than anybody can reach.
const UNBOUNDED: u32 = 1_000_000;
/// The numbers of the broadcasts begin here: other numbers have gone to the same simulator.
const FIRST: u32 = 1_000;

/// One warm round, and then so many that count. Freezing is done before each.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn measure(platform: &Platform, rounds: u32) -> Result<Value, Failure> {
    let (simulator, friends) = Simulator::with_friends(platform).await?;
    simulator.behave(0, UNBOUNDED).await?;
    let crowd = Arc::new(Crowd::new(friends, Duration::ZERO));
    let office = Office::new(crowd.clone(), crowd.len(), Takes::default(), &simulator.url);
    let share = Share { calls_per_second: UNBOUNDED, senders: 1 };
    let sender = office.sender(Paces::of(share, share))?;
    let planner = office.planner();
    // Other runs of this program have used numbers on the same simulator.
    let first = FIRST + u32::try_from(SystemClock.now().as_second() % 900_000)?;
    let mut measured = Vec::new();
    for round in 0..=rounds {
        let number = first + round;
        office.approve(number, Lane::Routine).await?;
        while let Some(part) = office.stores.next_part(Lane::Routine) {
            planner.freeze(&part).await?;
        }
        let before = office.calls().len();
        let (began, cpu) = (Instant::now(), processor_seconds(Whose::Own)?);
        send_all(&office, &sender).await?;
        let (took, spent) = (began.elapsed().as_secs_f64(), processor_seconds(Whose::Own)? - cpu);
        let calls = office.calls().len() - before;
        let account = office.account(number).await?;
        if usize::try_from(account.accepted)? != crowd.len() {
            return Err(format!("{account:?}").into());
        }
        measured.push(json!({ "calls": calls, "seconds": took, "processorSeconds": spent }));
    }
    Ok(json!({ "rounds": &measured[1..] }))
}

async fn send_all(office: &Office, sender: &Sender) -> Result<(), Failure> {
    while let Some(taken) = office.stores.next_run(Lane::Routine) {
        sender.send(&taken.run).await?;
        office.stores.done(&taken).await?;
    }
    Ok(())
}
