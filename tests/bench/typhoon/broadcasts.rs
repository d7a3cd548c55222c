//! The broadcasts: an emergency before the storm, and in it something routine and the same emergency again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::broadcast::Lane;
use domain::sending::account::Account;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Failure;
use crate::log::Log;
use crate::office::{Office, mark, messages};
use crate::simulator::Simulator;
use crate::stores::Takes;

/// What AWS takes within a region, on the slow side of what is seen.
pub(crate) const TAKES: Takes =
    Takes { table: Duration::from_millis(6), bucket: Duration::from_millis(30), queue: Duration::from_millis(12) };
/// How long the table takes for a page of residents, 1 MB.
pub(crate) const PAGE_TAKES: Duration = Duration::from_millis(60);

/// The emergency before the storm.
pub(crate) const ALONE: u32 = 1;
/// What is routine.
pub(crate) const ROUTINE: u32 = 2;
/// The emergency in the storm.
pub(crate) const EMERGENCY: u32 = 3;

/// Where they are let go, and looked at.
pub(crate) struct Broadcasts {
    pub(crate) office: Arc<Office>,
    pub(crate) simulator: Simulator,
    /// How many each of them reaches.
    pub(crate) friends: u64,
}

impl Broadcasts {
    /// Approves a broadcast; when it goes.
    pub(crate) async fn approve(&self, number: u32, lane: Lane) -> Result<Timestamp, Failure> {
        self.office.approve(number, lane).await
    }

    /// Waits for a broadcast's account, and compares it with what LINE counted. Times in seconds from its release, moments from the
    /// beginning of the log.
    pub(crate) async fn account(&self, number: u32, release: Timestamp, log: &Log) -> Value {
        let ended = match self.office.account(number).await {
            Ok(account) => self.checked(number, &account).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &ended {
            log.wrong(format!("broadcast {number}: {error}"));
        }
        let words = messages(number);
        let calls = self.office.calls();
        let mut accepted: Vec<Timestamp> =
            calls.iter().filter(|call| call.words == words).filter_map(|call| call.accepted).collect();
        accepted.sort_unstable();
        let after = |percent: usize| {
            let place = (accepted.len() * percent).div_ceil(100).checked_sub(1)?;
            Some(accepted.get(place)?.duration_since(release).as_secs_f64())
        };
        let moments: Vec<f64> = accepted.iter().map(|at| log.second_of(at.as_millisecond())).collect();
        json!({
            "calls": accepted.len(), "exact": ended.is_ok(), "p50": after(50), "p90": after(90), "last": after(100),
            "release": log.second_of(release.as_millisecond()), "accepted": moments,
        })
    }

    /// Everybody has it once, by the account and by what LINE counted.
    async fn checked(&self, number: u32, account: &Account) -> Result<(), Failure> {
        let received = self.simulator.received(&mark(number)).await?;
        let everybody = account.frozen == self.friends && account.accepted == self.friends;
        if everybody && received == BTreeMap::from([(1, self.friends)]) {
            Ok(())
        } else {
            Err(format!("not everybody has it once: {received:?} and {account:?}").into())
        }
    }
}
