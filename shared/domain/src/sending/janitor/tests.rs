//! What the janitor asks for again, and when it closes.

use super::*;
use crate::sending::LEASE;
use crate::sending::frozen::LeftOut;
use crate::sending::ledger::{Doubt, Tried};

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

/// A broadcast of two parts that began at 0; what the janitor sees of it.
struct Seen {
    standing: Standing,
    parts: BTreeMap<u16, FrozenPart>,
    ledgers: BTreeMap<(u16, u16), Ledger>,
    queue: QueueLooks,
}

impl Seen {
    /// Both parts are frozen, of one page each, and nobody worked on them; the queue is empty.
    fn new() -> Self {
        let part = |part| FrozenPart {
            broadcast: "b".parse().unwrap(),
            part,
            frozen_at: moment(0),
            sections: vec![10],
            left_out: LeftOut::default(),
            digest: String::new(),
        };
        let parts = [0, 1].map(|number| (number, part(number))).into();
        Self { standing: Standing::Sending, parts, ledgers: BTreeMap::new(), queue: QueueLooks::Empty }
    }

    /// Both runs were given back with this.
    fn with(state: &PageState, settled_at: Timestamp) -> Self {
        let ledger = Ledger { fence: 1, lease_until: None, settled_at, pages: vec![state.clone()] };
        let ledgers = [((0, 0), ledger.clone()), ((1, 0), ledger)].into();
        Self { ledgers, ..Self::new() }
    }

    fn mend(&self, now: Timestamp) -> Vec<Mend> {
        self.watched(&plan()).mend(now)
    }

    fn watched<'a>(&'a self, plan: &'a Plan) -> Watched<'a> {
        let Self { standing, parts, ledgers, queue } = self;
        Watched { plan, since: moment(0), standing: *standing, parts, ledgers, queue: *queue }
    }
}

fn plan() -> Plan {
    Plan { parts: 2, variants: Vec::new() }
}

fn accepted() -> PageState {
    PageState::Accepted { generation: 0, dropped: Vec::new(), request: None }
}

const BOTH: [Mend; 2] = [Mend::Send(0, 0), Mend::Send(1, 0)];

#[test]
fn a_part_that_is_not_frozen_in_time_is_asked_for_again() {
    let mut seen = Seen::with(&accepted(), Timestamp::UNIX_EPOCH);
    seen.parts.remove(&1);
    seen.ledgers.remove(&(1, 0));
    assert_eq!(seen.mend(moment(0) + FROZEN_AGAIN_AFTER - SignedDuration::from_secs(1)), []);
    assert_eq!(seen.mend(moment(0) + FROZEN_AGAIN_AFTER), [Mend::Freeze(1)]);
    seen.standing = Standing::Resting;
    assert_eq!(seen.mend(moment(100_000)), []);
    seen.standing = Standing::Stopped(moment(0));
    assert!(matches!(seen.mend(moment(100_000))[..], [Mend::Close(_)]), "after a stop nothing more is frozen");
}

#[test]
fn a_run_that_nobody_worked_on_is_asked_for_again_soon_if_its_message_seems_lost() {
    let mut seen = Seen::new();
    assert_eq!(seen.mend(moment(59)), []);
    assert_eq!(seen.mend(moment(60)), BOTH);
    seen.queue = QueueLooks::Busy;
    assert_eq!(seen.mend(moment(0) + WAITS_AT_MOST - SignedDuration::from_secs(1)), []);
    assert_eq!(seen.mend(moment(0) + WAITS_AT_MOST), BOTH);
}

#[test]
fn a_run_at_work_is_left_alone_until_its_sender_is_overdue() {
    let mut seen = Seen::with(&PageState::NEW, Timestamp::UNIX_EPOCH);
    let until = moment(100) + LEASE;
    seen.ledgers.values_mut().for_each(|ledger| ledger.lease_until = Some(until));
    assert_eq!(seen.mend(until + OVERDUE - SignedDuration::from_secs(1)), []);
    assert_eq!(seen.mend(until + OVERDUE), BOTH);
}

#[test]
fn a_run_that_rests_until_its_refusal_can_be_believed_is_left_alone() {
    let doubt = Some(Doubt { at: moment(0), fence: 1 });
    let refused = PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::No, doubt };
    let seen = Seen::with(&refused, Timestamp::UNIX_EPOCH);
    assert_eq!(seen.mend(moment(0) + SETTLE - SignedDuration::from_secs(1)), []);
    assert_eq!(seen.mend(moment(0) + SETTLE), BOTH);
}

#[test]
fn a_stopped_broadcast_is_mended_until_all_is_settled_and_one_that_rests_is_not() {
    let mut seen = Seen::new();
    seen.standing = Standing::Resting;
    assert_eq!(seen.mend(moment(100_000)), []);
    seen.standing = Standing::Stopped(moment(0));
    assert_eq!(seen.mend(moment(60)), BOTH);
}

#[test]
fn it_closes_when_every_part_is_frozen_and_nothing_is_open() {
    let mut seen = Seen::with(&accepted(), moment(0) + SETTLE);
    let account = Account { frozen: 20, accepted: 20, ..Account::default() };
    assert_eq!(seen.mend(moment(0)), [Mend::Close(account)], "what LINE took it cannot take back: nothing to wait for");
    let doubt = Some(Doubt { at: moment(0), fence: 1 });
    let open = PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::No, doubt };
    for state in [PageState::NEW, open] {
        seen.ledgers.values_mut().for_each(|ledger| ledger.pages = vec![state.clone()]);
        assert!(!seen.mend(moment(100_000)).iter().any(|mend| matches!(mend, Mend::Close(_))), "{state:?}");
    }
}

#[test]
fn it_waits_for_late_answers_where_one_could_still_change_the_account() {
    let over = moment(0) + SETTLE;
    for state in [PageState::Refused { status: 400 }, PageState::Expired, PageState::Unclear] {
        let seen = Seen::with(&state, over);
        assert_eq!(seen.mend(over - SignedDuration::from_secs(1)), [], "{state:?}");
        assert!(matches!(seen.mend(over)[..], [Mend::Close(_)]), "{state:?}");
    }
    let seen = Seen::with(&PageState::Stopped, over);
    assert!(matches!(seen.mend(moment(0))[..], [Mend::Close(_)]), "what was not begun gets no answer");
}

#[test]
fn a_stopped_broadcast_without_all_its_parts_closes_when_no_more_can_come() {
    let mut seen = Seen::with(&accepted(), Timestamp::UNIX_EPOCH);
    seen.parts.remove(&1);
    seen.ledgers.remove(&(1, 0));
    seen.standing = Standing::Stopped(moment(50));
    assert_eq!(seen.mend(moment(50) + SETTLE - SignedDuration::from_secs(1)), []);
    let account = Account { frozen: 10, accepted: 10, ..Account::default() };
    assert_eq!(seen.mend(moment(50) + SETTLE), [Mend::Close(account)]);
}

#[test]
fn what_is_open_can_go_as_long_as_its_keys_live() {
    let mut seen = Seen::new();
    seen.parts.get_mut(&1).unwrap().frozen_at = moment(60);
    let (plan, first, moment_before) = (plan(), moment(0) + KEY_LIFE, SignedDuration::from_millis(1));
    let can_go = |at| seen.watched(&plan).can_still_go(at);
    assert_eq!([first - moment_before, first, first + SignedDuration::from_secs(60)].map(can_go), [20, 10, 0]);
    assert_eq!(seen.watched(&plan).account().open, 20, "nobody has looked at them yet");
    assert_eq!(Seen::with(&accepted(), moment(0)).watched(&plan).can_still_go(moment(0)), 0);
}
