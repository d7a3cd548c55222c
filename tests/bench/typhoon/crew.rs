//! Planners and senders in the numbers of `template.yaml`, any of them dropped at any moment.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::broadcast::planner::Planner;
use app::broadcast::sender::{Paces, Sender};
use app::ports::broadcasts::{PartKey, SendingQueues};
use domain::broadcast::Lane;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::office::{EMERGENCY, EMERGENCY_PLANNERS, Office, ROUTINE, ROUTINE_PLANNERS};
use crate::stores::Stores;
use crate::{Failure, lock};

/// A part comes again so many seconds after it was handed out, as `template.yaml` says, if janitor does not ask for it sooner.
const PART_VISIBLE_AGAIN_S: u16 = 360;
/// An idle worker looks into its queue so often.
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// Who works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Freezes.
    Planner(Lane),
    /// Sends.
    Sender(Lane),
}

/// All at work.
pub(crate) struct Crew {
    office: Arc<Office>,
    working: Mutex<Vec<(Role, JoinHandle<()>)>>,
}

impl Crew {
    /// All planners and senders of the template in this office.
    pub(crate) fn open(office: &Arc<Office>) -> Result<Self, Failure> {
        let lanes = [(Lane::Emergency, EMERGENCY_PLANNERS, EMERGENCY), (Lane::Routine, ROUTINE_PLANNERS, ROUTINE)];
        let mut working = Vec::new();
        for (lane, planners, share) in lanes {
            let planners = (0..planners).map(|_| Role::Planner(lane));
            for role in planners.chain((0..share.senders).map(|_| Role::Sender(lane))) {
                working.push((role, start(office, role)?));
            }
        }
        Ok(Self { office: office.clone(), working: Mutex::new(working) })
    }

    /// Drops what one of a role is doing; another takes its place.
    pub(crate) fn kill(&self, role: Role, number: usize) -> Result<(), Failure> {
        let mut working = lock(&self.working);
        let mut of_role: Vec<_> = working.iter_mut().filter(|(who, _)| *who == role).collect();
        let place = number % of_role.len().max(1);
        if let Some((_, worker)) = of_role.get_mut(place) {
            worker.abort();
            *worker = start(&self.office, role)?;
        }
        Ok(())
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for (_, worker) in lock(&self.working).iter() {
            worker.abort();
        }
    }
}

fn start(office: &Arc<Office>, role: Role) -> Result<JoinHandle<()>, Failure> {
    Ok(match role {
        Role::Planner(lane) => tokio::spawn(freeze(office.stores.clone(), office.planner(), lane)),
        Role::Sender(lane) => {
            let sender = office.sender(Paces::of(EMERGENCY, ROUTINE))?;
            tokio::spawn(send(office.stores.clone(), sender, lane))
        }
    })
}

/// A part in the hands of a planner. It comes back into the queue if the planner ends before it is done with it.
struct Held {
    stores: Arc<Stores>,
    part: Option<PartKey>,
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(part) = self.part.take() else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        let stores = self.stores.clone();
        drop(runtime.spawn(async move { stores.ask_to_freeze(&[part], PART_VISIBLE_AGAIN_S).await }));
    }
}

async fn freeze(stores: Arc<Stores>, planner: Planner, lane: Lane) {
    loop {
        let Some(part) = stores.next_part(lane) else {
            tokio::time::sleep(LOOKS_EVERY).await;
            continue;
        };
        let mut held = Held { stores: stores.clone(), part: Some(part.clone()) };
        if planner.freeze(&part).await.is_ok() {
            held.part = None;
        }
    }
}

async fn send(stores: Arc<Stores>, sender: Sender, lane: Lane) {
    loop {
        let Some(taken) = stores.next_run(lane) else {
            tokio::time::sleep(LOOKS_EVERY).await;
            continue;
        };
        // What fails, or is not told to be done with, comes again by itself.
        if sender.send(&taken.run).await.is_ok() && stores.done(&taken).await.is_err() {
            return;
        }
    }
}
