//! Whether all runs, for people who see nothing of the machines: what waits, what failed, and its way back by a button.
//!
//! What failed is taken, handed back, and only then removed where it lay: whatever dies on the way loses nothing, and a message that
//! came back twice does no harm, because everything that works messages off bears that. Broadcasts are another matter: what is missing of
//! one `janitor` asks for again by itself, from what is written about it, so that nobody needs the message that failed.

use std::sync::Arc;

use domain::audit::{Act, Action, Actor};
use domain::broadcast::{Broadcast, Pause, PauseReason, State};
use domain::checkup::{Checkup, Finding, Messages};
use domain::ids::StaffId;
use futures_util::future::{join, join_all, join4};
use jiff::{SignedDuration, Timestamp};

use crate::broadcast::{BROADCASTS_MAX, all_on};
use crate::error::{Chain, Error};
use crate::ports::Clock;
use crate::ports::broadcasts::{Broadcasts, Shelf};
use crate::ports::checkup::{Checkups, Heartbeat, Heartbeats, Runner};
use crate::ports::staff::AuditLog;
use crate::ports::watch::{Flow, FlowQueues, OnTheWay};

/// One press of the button takes at most so many messages.
pub const PRESS_MAX: u64 = 100;
/// It begins none later than this after it was pressed, so that the page comes back in time.
pub const PRESS_LASTS: SignedDuration = SignedDuration::from_secs(10);

/// Of the hourly look, which may fail a few times, this old says nothing of the present.
pub const CHECKUP_OLD_AFTER: SignedDuration = SignedDuration::from_hours(3);
/// The audit log is checked once a day. Of a check that ended so long ago nobody says that the log is whole.
pub const LOG_OLD_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The use case; it holds the ports.
#[derive(Clone)]
pub struct WatchDesk {
    /// What is on its way.
    pub queues: Arc<dyn FlowQueues>,
    /// What the hourly look found.
    pub checkups: Arc<dyn Checkups>,
    /// When what runs every minute last ran.
    pub heartbeats: Arc<dyn Heartbeats>,
    /// The broadcasts.
    pub broadcasts: Arc<dyn Broadcasts>,
    /// Who did what.
    pub audit: Arc<dyn AuditLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How a flow does; `None` where it could not be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowState {
    /// Which.
    pub flow: Flow,
    /// How much is on its way.
    pub on_the_way: Option<OnTheWay>,
    /// How much failed for good.
    pub failed: Option<u64>,
}

/// What could be asked, or that it could not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<T> {
    /// The answer.
    Said(T),
    /// There was none.
    Unsaid,
}

/// All that is seen at once. What cannot be asked does not hide the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Each flow, as in [`Flow::ALL`].
    pub flows: Vec<FlowState>,
    /// What the hourly look found, if there was one.
    pub checkup: Asked<Option<Checkup>>,
    /// When what runs every minute last ran.
    pub heartbeats: Asked<Vec<Heartbeat>>,
    /// Why the broadcasts rest that a person has to let go on, one reason for each of them.
    pub resting: Asked<Vec<PauseReason>>,
}

/// What is not as it should be, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// So many messages of a flow failed for good.
    Failed(Flow, u64),
    /// So many broadcasts stopped half-way for a reason, and go on when a person lets them.
    Resting(PauseReason, u64),
    /// What runs every minute has not run for long: since when.
    Late(Runner, Timestamp),
    /// The hourly look found it.
    Found(Finding),
    /// The hourly look was made so long ago that it says nothing of today.
    OldCheckup(Timestamp),
    /// A flow did not say what waits, or what failed.
    FlowUnsaid(Flow),
    /// Whether broadcasts rest could not be read.
    RestingUnsaid,
    /// When something last ran is not known: it never did, or it could not be read.
    RunnerUnsaid(Runner),
    /// What the hourly look found is not known: there was none, or it could not be read.
    CheckupUnsaid,
    /// The platform did not say at the hourly look how many messages the month has.
    MessagesUnsaid,
    /// The audit log was not checked to the end for days, or never.
    LogUnchecked,
}

impl Concern {
    /// Whether something is wrong, and not just unknown.
    #[must_use]
    pub fn is_wrong(self) -> bool {
        match self {
            Self::Failed(..) | Self::Resting(..) | Self::Late(..) | Self::Found(_) | Self::OldCheckup(_) => true,
            Self::FlowUnsaid(_)
            | Self::RestingUnsaid
            | Self::RunnerUnsaid(_)
            | Self::CheckupUnsaid
            | Self::MessagesUnsaid
            | Self::LogUnchecked => false,
        }
    }
}

impl Outlook {
    /// All that is to be said at a time, what is wrong before what is not known; nothing where all is well.
    #[must_use]
    pub fn concerns(&self, now: Timestamp) -> Vec<Concern> {
        let flows = self.flows.iter().filter_map(FlowState::concern);
        let runners = Runner::ALL.into_iter().filter_map(|runner| self.concern_of(runner, now));
        let mut all: Vec<Concern> =
            flows.chain(self.concerns_of_resting()).chain(runners).chain(self.concerns_of_checkup(now)).collect();
        all.sort_by_key(|concern| !concern.is_wrong());
        all
    }

    /// When something last ran, if that is known.
    #[must_use]
    pub fn last_run(&self, runner: Runner) -> Option<Heartbeat> {
        match &self.heartbeats {
            Asked::Said(beats) => beats.iter().find(|beat| beat.runner == runner).copied(),
            Asked::Unsaid => None,
        }
    }

    fn concern_of(&self, runner: Runner, now: Timestamp) -> Option<Concern> {
        match self.last_run(runner) {
            Some(beat) => beat.is_late(now).then_some(Concern::Late(runner, beat.at)),
            None => Some(Concern::RunnerUnsaid(runner)),
        }
    }

    fn concerns_of_resting(&self) -> Vec<Concern> {
        let Asked::Said(resting) = &self.resting else { return vec![Concern::RestingUnsaid] };
        let of = |why| resting.iter().filter(|other| **other == why).count() as u64;
        let all = [PauseReason::Quota, PauseReason::Credentials].map(|why| (why, of(why)));
        all.into_iter().filter(|(_, number)| 0 < *number).map(|(why, number)| Concern::Resting(why, number)).collect()
    }

    fn concerns_of_checkup(&self, now: Timestamp) -> Vec<Concern> {
        match &self.checkup {
            Asked::Said(Some(checkup)) => {
                let is_old = CHECKUP_OLD_AFTER <= now.duration_since(checkup.at);
                let checked = checkup.chain.looked_at();
                let others = [
                    (Concern::OldCheckup(checkup.at), is_old),
                    (Concern::MessagesUnsaid, checkup.messages == Messages::Unsaid),
                    (Concern::LogUnchecked, checked.is_none_or(|at| LOG_OLD_AFTER <= now.duration_since(at))),
                ];
                let found = checkup.findings.iter().copied().map(Concern::Found);
                found.chain(others.into_iter().filter_map(|(concern, holds)| holds.then_some(concern))).collect()
            }
            Asked::Said(None) | Asked::Unsaid => vec![Concern::CheckupUnsaid],
        }
    }
}

impl FlowState {
    fn concern(&self) -> Option<Concern> {
        match (self.failed, self.on_the_way) {
            (Some(failed @ 1..), _) => Some(Concern::Failed(self.flow, failed)),
            (Some(0), Some(_)) => None,
            (None, _) | (_, None) => Some(Concern::FlowUnsaid(self.flow)),
        }
    }
}

/// What helps a flow's messages that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// They go on their way once more.
    HandBack,
    /// They are removed: the same was asked for anew by itself.
    Clear,
}

impl Remedy {
    /// What helps those of a flow.
    #[must_use]
    pub fn of(flow: Flow) -> Self {
        match flow {
            Flow::Inbox | Flow::Photos | Flow::Notices | Flow::Changes => Self::HandBack,
            Flow::Sending => Self::Clear,
        }
    }
}

/// What a press of the button brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redriven {
    /// So many were handed back, or cleared away; 0 where nothing lay there, or somebody has taken it and not removed it yet.
    Done(u64),
    /// It stopped half-way, after so many; the log of the function says why. The rest lies where it lay.
    Stopped(u64),
}

impl WatchDesk {
    /// All at once, side by side.
    pub async fn look(&self) -> Outlook {
        let flows = join_all(Flow::ALL.map(|flow| self.state(flow)));
        let sending = all_on(&*self.broadcasts, Shelf::Sending);
        let (flows, checkup, heartbeats, sending) =
            join4(flows, self.checkups.last(), self.heartbeats.all(), sending).await;
        let resting = match said(sending) {
            // The earliest of more than are read would be left out.
            Asked::Said(sending) if sending.len() < BROADCASTS_MAX => {
                Asked::Said(sending.iter().filter_map(rests_for).collect())
            }
            Asked::Said(_) | Asked::Unsaid => Asked::Unsaid,
        };
        Outlook { flows, checkup: said(checkup), heartbeats: said(heartbeats), resting }
    }

    async fn state(&self, flow: Flow) -> FlowState {
        let (on_the_way, failed) = join(self.queues.on_the_way(flow), self.queues.failed(flow)).await;
        FlowState { flow, on_the_way: noted(flow, on_the_way), failed: noted(flow, failed) }
    }

    /// How much of a flow failed for good.
    pub async fn failed(&self, flow: Flow) -> Result<u64, Error> {
        self.queues.failed(flow).await
    }

    /// Hands back what failed of a flow (or clears it away, as [`Remedy`] says), at most [`PRESS_MAX`] and no more than lay there at
    /// first: what fails again at once is not taken again.
    ///
    /// Queues and log cannot be written together. The entry comes first and says how many were there: nothing is done without one.
    pub async fn redrive(&self, flow: Flow, by: &StaffId) -> Result<Redriven, Error> {
        let until = self.clock.now() + PRESS_LASTS;
        let most = self.queues.failed(flow).await?.min(PRESS_MAX);
        if most == 0 {
            return Ok(Redriven::Done(0));
        }
        self.audit.append(&self.act(flow, most, by)).await?;
        let mut moved = 0;
        let worked = self.work(flow, most, until, &mut moved).await;
        tracing::info!(queue.flow = flow.name(), queue.asked = most, queue.moved = moved, "failed messages redriven");
        Ok(match worked {
            Ok(()) => Redriven::Done(moved),
            Err(error) => {
                // The page says so to whoever pressed; nothing is lost.
                tracing::warn!(queue.flow = flow.name(), error = %Chain(&error), "redriving stopped half-way");
                Redriven::Stopped(moved)
            }
        })
    }

    async fn work(&self, flow: Flow, most: u64, until: Timestamp, moved: &mut u64) -> Result<(), Error> {
        while *moved < most && self.clock.now() < until {
            let left = usize::try_from(most - *moved).unwrap_or(usize::MAX);
            let letters = self.queues.take(flow, left).await?;
            if letters.is_empty() {
                return Ok(());
            }
            for letter in &letters {
                if until <= self.clock.now() {
                    return Ok(());
                }
                match Remedy::of(flow) {
                    Remedy::HandBack => self.queues.hand_back(flow, letter).await?,
                    Remedy::Clear => {}
                }
                self.queues.remove(flow, letter).await?;
                *moved += 1;
            }
        }
        Ok(())
    }

    fn act(&self, flow: Flow, most: u64, by: &StaffId) -> Act {
        Act {
            at: self.clock.now(),
            actor: Actor::Staff(by.clone()),
            action: Action::Redrive,
            subject: format!("failed/{}", flow.name()),
            department: None,
            before: String::new(),
            after: serde_json::json!({ "letters": most }).to_string(),
        }
    }
}

/// Why a broadcast rests, if it does not go on by itself.
fn rests_for(broadcast: &Broadcast) -> Option<PauseReason> {
    match &broadcast.state {
        State::Sending {
            pause: Some(Pause { why: why @ (PauseReason::Quota | PauseReason::Credentials), .. }),
            ..
        } => Some(*why),
        _ => None,
    }
}

fn noted<T>(flow: Flow, answer: Result<T, Error>) -> Option<T> {
    answer
        .inspect_err(|error| tracing::warn!(queue.flow = flow.name(), error = %Chain(error), "a queue did not answer"))
        .ok()
}

fn said<T>(answer: Result<T, Error>) -> Asked<T> {
    match answer {
        Ok(answer) => Asked::Said(answer),
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "how all runs could not be read");
            Asked::Unsaid
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::checkup::{Chain as Log, Unfollows};

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn checkup(minute: i64, used: u64) -> Checkup {
        let messages = Messages::Limited { limit: 100, used };
        Checkup::new(at(minute), messages, Unfollows::default(), Log::Whole { at: at(minute) }, None)
    }

    /// All is well at minute 600.
    fn well() -> Outlook {
        let state = |flow| FlowState { flow, on_the_way: Some(OnTheWay::default()), failed: Some(0) };
        Outlook {
            flows: Flow::ALL.map(state).to_vec(),
            checkup: Asked::Said(Some(checkup(590, 0))),
            heartbeats: Asked::Said(Runner::ALL.map(|runner| Heartbeat { runner, at: at(595) }).to_vec()),
            resting: Asked::Said(Vec::new()),
        }
    }

    #[test]
    fn what_waits_is_no_concern_and_what_failed_is() {
        let mut outlook = well();
        outlook.flows[0].on_the_way = Some(OnTheWay { waiting: 1_000, in_hand: 10, delayed: 1 });
        assert!(outlook.concerns(at(600)).is_empty());
        outlook.flows[1].failed = Some(2);
        assert_eq!(outlook.concerns(at(600)), [Concern::Failed(Flow::ALL[1], 2)]);
    }

    #[test]
    fn what_is_not_known_is_neither_well_nor_wrong_and_comes_last() {
        let mut outlook = well();
        outlook.flows[0].failed = None;
        outlook.flows[1].on_the_way = None;
        outlook.flows[2] = FlowState { flow: Flow::ALL[2], on_the_way: None, failed: Some(1) };
        let unsaid = |place: usize| Concern::FlowUnsaid(Flow::ALL[place]);
        let concerns = outlook.concerns(at(600));
        assert_eq!(concerns, [Concern::Failed(Flow::ALL[2], 1), unsaid(0), unsaid(1)]);
        assert_eq!(concerns.iter().map(|concern| concern.is_wrong()).collect::<Vec<_>>(), [true, false, false]);
        let nothing = Outlook {
            flows: Vec::new(),
            checkup: Asked::Said(None),
            heartbeats: Asked::Said(Vec::new()),
            resting: Asked::Said(Vec::new()),
        };
        let unread =
            Outlook { flows: Vec::new(), checkup: Asked::Unsaid, heartbeats: Asked::Unsaid, resting: Asked::Unsaid };
        let runners = Runner::ALL.map(Concern::RunnerUnsaid);
        assert_eq!(nothing.concerns(at(600)), [runners[0], runners[1], Concern::CheckupUnsaid]);
        assert_eq!(unread.concerns(at(600)), [Concern::RestingUnsaid, runners[0], runners[1], Concern::CheckupUnsaid]);
    }

    #[test]
    fn broadcasts_that_wait_for_a_person_are_said_by_their_reason() {
        let mut outlook = well();
        outlook.resting = Asked::Said(vec![PauseReason::Quota, PauseReason::Credentials, PauseReason::Quota]);
        let resting = [Concern::Resting(PauseReason::Quota, 2), Concern::Resting(PauseReason::Credentials, 1)];
        assert_eq!(outlook.concerns(at(600)), resting);
        assert!(resting.iter().all(|concern| concern.is_wrong()));
    }

    #[test]
    fn who_stopped_and_what_the_look_found_is_said() {
        let mut outlook = well();
        assert!(outlook.concerns(at(609)).is_empty(), "a run every few minutes is enough");
        let late = Runner::ALL.map(|runner| Concern::Late(runner, at(595)));
        assert_eq!(outlook.concerns(at(610)), late);
        outlook.heartbeats = Asked::Said(Runner::ALL.map(|runner| Heartbeat { runner, at: at(770) }).to_vec());
        assert!(outlook.concerns(at(769)).is_empty());
        assert_eq!(outlook.concerns(at(770)), [Concern::OldCheckup(at(590))]);
        outlook.checkup = Asked::Said(Some(checkup(770, 80)));
        assert_eq!(outlook.concerns(at(770)), [Concern::Found(Finding::MessagesNearlyUsedUp)]);
    }

    #[test]
    fn what_the_look_could_not_ask_is_not_known() {
        let mut outlook = well();
        let checkup = |messages, chain| Checkup::new(at(590), messages, Unfollows::default(), chain, None);
        outlook.checkup = Asked::Said(Some(checkup(Messages::Unsaid, Log::NotLooked)));
        assert_eq!(outlook.concerns(at(600)), [Concern::MessagesUnsaid, Concern::LogUnchecked]);
        assert!(outlook.concerns(at(600)).iter().all(|concern| !concern.is_wrong()));
        let old = 600 - LOG_OLD_AFTER.as_mins();
        let unchecked = [Concern::LogUnchecked];
        for (checked, expected) in [(old + 1, &unchecked[..0]), (old, &unchecked[..])] {
            outlook.checkup = Asked::Said(Some(checkup(Messages::Unlimited, Log::Whole { at: at(checked) })));
            assert_eq!(outlook.concerns(at(600)), expected);
        }
    }

    #[test]
    fn a_flow_is_found_by_its_name() {
        for flow in Flow::ALL {
            assert_eq!(Flow::of(flow.name()), Some(flow));
        }
        assert_eq!(Flow::of("Inbox"), None);
        assert_eq!(OnTheWay { waiting: 1, in_hand: 2, delayed: 3 }.and(OnTheWay::default()).total(), 6);
    }
}
