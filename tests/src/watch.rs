//! What is on its way and what failed, in memory: with letters that are hidden while somebody has them, and faults on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use app::error::{Error, Kind};
use app::ports::watch::{FailedLetter, Flow, FlowQueues, OnTheWay};
use async_trait::async_trait;
use jiff::SignedDuration;

use crate::city::{TestClock, lock};

/// One call hands out at most so many.
const TAKEN_MAX: usize = 10;

#[derive(Default)]
struct Rows {
    made: usize,
    on_the_way: BTreeMap<Flow, OnTheWay>,
    failed: Vec<(Flow, FailedLetter)>,
    handed_back: Vec<(Flow, FailedLetter)>,
    /// Of what failed, the ids that somebody has just taken.
    taken: BTreeSet<String>,
    silent: BTreeSet<Flow>,
    fails_again: BTreeSet<Flow>,
    /// So many more work, then one does not.
    hand_backs: Option<usize>,
    removals: Option<usize>,
    slow: Option<(Arc<TestClock>, SignedDuration)>,
}

impl Rows {
    fn bury(&mut self, flow: Flow, group: Option<String>, body: &str) {
        self.made += 1;
        let (id, receipt) = (format!("id-{}", self.made), format!("receipt-{}", self.made));
        self.failed.push((flow, FailedLetter { id, group, body: body.to_owned(), receipt }));
    }

    fn heard(&self, flow: Flow) -> Result<(), Error> {
        if self.silent.contains(&flow) { Err(fault()) } else { Ok(()) }
    }
}

/// Counts one down; an error where it was the one that does not work.
fn count_down(left: &mut Option<usize>) -> Result<(), Error> {
    match left.take() {
        Some(0) => Err(fault()),
        Some(more) => {
            *left = Some(more - 1);
            Ok(())
        }
        None => Ok(()),
    }
}

fn fault() -> Error {
    Error::new(Kind::Transient, "ask a queue", "as the test says")
}

/// The queues between the functions.
#[derive(Default)]
pub struct TestFlowQueues(Mutex<Rows>);

impl TestFlowQueues {
    /// Something of a flow failed for good.
    pub fn bury(&self, flow: Flow, body: &str) {
        let group = (flow == Flow::Inbox).then(|| "U1".to_owned());
        lock(&self.0).bury(flow, group, body);
    }

    /// So much of a flow is on its way.
    pub fn wait(&self, flow: Flow, on_the_way: OnTheWay) {
        lock(&self.0).on_the_way.insert(flow, on_the_way);
    }

    /// What failed of a flow and lies there, in order.
    #[must_use]
    pub fn lying(&self, flow: Flow) -> Vec<FailedLetter> {
        of(&lock(&self.0).failed, flow)
    }

    /// What was handed back of a flow, in order.
    #[must_use]
    pub fn handed_back(&self, flow: Flow) -> Vec<FailedLetter> {
        of(&lock(&self.0).handed_back, flow)
    }

    /// From now on a flow answers nothing.
    pub fn silence(&self, flow: Flow) {
        lock(&self.0).silent.insert(flow);
    }

    /// From now on what is handed back of a flow fails again at once.
    pub fn fail_again(&self, flow: Flow) {
        lock(&self.0).fails_again.insert(flow);
    }

    /// So many more are handed back, then one is not.
    pub fn fail_hand_back_after(&self, times: usize) {
        lock(&self.0).hand_backs = Some(times);
    }

    /// So many more are removed, then one is not.
    pub fn fail_removal_after(&self, times: usize) {
        lock(&self.0).removals = Some(times);
    }

    /// From now on it takes this long to hand one back.
    pub fn slow_down(&self, clock: &Arc<TestClock>, by: SignedDuration) {
        lock(&self.0).slow = Some((clock.clone(), by));
    }

    /// Somebody else takes all that lies there.
    pub fn taken_by_others(&self) {
        let mut rows = lock(&self.0);
        let ids: Vec<String> = rows.failed.iter().map(|(_, letter)| letter.id.clone()).collect();
        rows.taken.extend(ids);
    }

    /// Half a minute passes: what was taken and not removed is found again.
    pub fn find_again(&self) {
        lock(&self.0).taken.clear();
    }
}

fn of(letters: &[(Flow, FailedLetter)], flow: Flow) -> Vec<FailedLetter> {
    letters.iter().filter(|(of, _)| *of == flow).map(|(_, letter)| letter.clone()).collect()
}

#[async_trait]
impl FlowQueues for TestFlowQueues {
    async fn on_the_way(&self, flow: Flow) -> Result<OnTheWay, Error> {
        let rows = lock(&self.0);
        rows.heard(flow)?;
        Ok(rows.on_the_way.get(&flow).copied().unwrap_or_default())
    }

    async fn failed(&self, flow: Flow) -> Result<u64, Error> {
        lock(&self.0).heard(flow)?;
        Ok(self.lying(flow).len() as u64)
    }

    async fn take(&self, flow: Flow, limit: usize) -> Result<Vec<FailedLetter>, Error> {
        let mut rows = lock(&self.0);
        rows.heard(flow)?;
        let mut found = of(&rows.failed, flow);
        found.retain(|letter| !rows.taken.contains(&letter.id));
        found.truncate(limit.min(TAKEN_MAX));
        rows.taken.extend(found.iter().map(|letter| letter.id.clone()));
        Ok(found)
    }

    async fn hand_back(&self, flow: Flow, letter: &FailedLetter) -> Result<(), Error> {
        let mut rows = lock(&self.0);
        rows.heard(flow)?;
        count_down(&mut rows.hand_backs)?;
        if let Some((clock, by)) = &rows.slow {
            clock.advance(*by);
        }
        rows.handed_back.push((flow, letter.clone()));
        if rows.fails_again.contains(&flow) {
            rows.bury(flow, letter.group.clone(), &letter.body);
        }
        Ok(())
    }

    async fn remove(&self, flow: Flow, letter: &FailedLetter) -> Result<(), Error> {
        let mut rows = lock(&self.0);
        rows.heard(flow)?;
        count_down(&mut rows.removals)?;
        rows.failed.retain(|(of, known)| *of != flow || known.receipt != letter.receipt);
        Ok(())
    }
}
