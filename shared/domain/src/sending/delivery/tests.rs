//! Each rule of the protocol, by one sender's work on one run.

use super::*;
use crate::sending::{LEASE, RUN_PAGES};

/// A sender with one run at hand, and what it was told to do.
struct Desk {
    delivery: Delivery,
    pacer: Pacer,
    now: Timestamp,
    order: Order,
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap() + SignedDuration::from_millis(ms)
}

fn claimed(pages: usize) -> Ledger {
    Ledger::new(pages).claim(moment(0)).unwrap()
}

fn accepted() -> Answer {
    Answer::Accepted { request: Some("r".to_owned()) }
}

impl Desk {
    fn new(claimed: Ledger) -> Self {
        let now = claimed.lease_until.unwrap() - LEASE;
        let pacer = Pacer::new(SignedDuration::ZERO, now);
        Self { delivery: Delivery::new(claimed, moment(0), now), pacer, now, order: Order::Go }
    }

    /// What it does next, with a gate that was read just now.
    fn next(&mut self) -> Next {
        let gate = Gate { read_at: self.now, order: self.order };
        self.delivery.next(gate, &mut self.pacer, self.now)
    }

    /// Waits as it says, and sends what it sends then.
    fn sends(&mut self) -> usize {
        for _ in 0..10 {
            match self.next() {
                Next::Call { page, .. } => return page,
                Next::WaitUntil(at) => self.now = at,
                other => panic!("{other:?}"),
            }
        }
        panic!("it waits on and on")
    }

    fn answer(&mut self, page: usize, answer: Answer) {
        self.delivery.answered(page, answer, &mut self.pacer, self.now);
    }

    /// Sends the next page, and LINE answers that.
    fn sends_and_hears(&mut self, answer: Answer) -> usize {
        let page = self.sends();
        self.answer(page, answer);
        page
    }

    /// It writes something, which is done.
    fn writes(&mut self) -> PageState {
        let Next::Record { page, state } = self.next() else { panic!("nothing to write") };
        self.delivery.recorded(page, Recorded::Written, self.now);
        state
    }

    fn ends(&mut self) -> End {
        match self.next() {
            Next::End(end) => end,
            other => panic!("{other:?}"),
        }
    }

    fn given_back(&self) -> GivenBack {
        self.delivery.give_back(self.now).unwrap()
    }
}

/// A page that somebody may have sent.
fn perhaps() -> PageState {
    PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::Perhaps, doubt: None }
}

#[test]
fn each_page_is_sent_once_and_written_down() {
    let mut desk = Desk::new(claimed(3));
    for page in 0..3 {
        assert_eq!(desk.sends_and_hears(accepted()), page);
        let state = PageState::Accepted { generation: 0, dropped: Vec::new(), request: Some("r".to_owned()) };
        assert_eq!(desk.writes(), state);
    }
    assert_eq!(desk.ends(), End::Finished);
    let back = GivenBack { fence: 1, settled_at: Timestamp::UNIX_EPOCH, open: Vec::new() };
    assert_eq!(desk.given_back(), back);
}

#[test]
fn several_pages_are_under_way_at_a_time_and_the_end_waits_for_all_of_them() {
    let mut desk = Desk::new(claimed(2));
    assert_eq!((desk.sends(), desk.sends()), (0, 1));
    assert_eq!(desk.next(), Next::Await);
    desk.answer(1, accepted());
    desk.writes();
    assert_eq!(desk.next(), Next::Await);
    desk.answer(0, accepted());
    desk.writes();
    assert_eq!(desk.ends(), End::Finished);
}

#[test]
fn pages_that_are_settled_are_not_sent_again() {
    let mut ledger = claimed(3);
    ledger.pages[0] = PageState::Accepted { generation: 0, dropped: Vec::new(), request: None };
    ledger.pages[2] = PageState::Refused { status: 400 };
    let mut desk = Desk::new(ledger);
    assert_eq!(desk.sends_and_hears(accepted()), 1);
    desk.writes();
    assert_eq!(desk.ends(), End::Finished);
}

#[test]
fn nothing_begins_under_an_old_gate_or_one_from_the_future() {
    let mut delivery = Delivery::new(claimed(1), moment(0), moment(0));
    let mut pacer = Pacer::new(SignedDuration::ZERO, moment(0));
    let mut next =
        |read_at| delivery.next(Gate { read_at: moment(read_at), order: Order::Go }, &mut pacer, moment(1_000));
    assert_eq!(next(499), Next::LookAtGate);
    assert_eq!(next(1_001), Next::LookAtGate);
    assert!(matches!(next(500), Next::Call { .. }));
}

#[test]
fn without_an_answer_the_same_goes_again_ever_more_slowly_and_at_last_fails() {
    let mut desk = Desk::new(claimed(1));
    let mut begun = Vec::new();
    for _ in 0..=ATTEMPTS_MAX {
        if let Next::WaitUntil(at) = desk.next() {
            desk.now = at;
            assert_eq!(desk.next(), Next::Call { page: 0, generation: 0, dropped: Vec::new() });
        }
        begun.push(desk.now);
        desk.answer(0, Answer::Unclear);
    }
    assert_eq!(desk.ends(), End::Failed);
    let pauses: Vec<_> = begun.windows(2).map(|pair| pair[1].duration_since(pair[0])).collect();
    assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]) && PAUSE <= pauses[0], "{pauses:?}");
    let back = desk.given_back();
    assert_eq!((back.open, back.settled_at), (vec![(0, perhaps())], desk.now + SETTLE));
}

#[test]
fn what_certainly_did_not_arrive_leaves_no_doubt() {
    let mut desk = Desk::new(claimed(1));
    for _ in 0..=ATTEMPTS_MAX {
        desk.sends_and_hears(Answer::Unreached);
    }
    assert_eq!(desk.ends(), End::Failed);
    let back = desk.given_back();
    assert_eq!((back.open, back.settled_at), (Vec::new(), Timestamp::UNIX_EPOCH));
}

#[test]
fn too_fast_is_tried_again_more_slowly() {
    let interval = SignedDuration::from_millis(30);
    let mut desk = Desk::new(claimed(2));
    desk.pacer = Pacer::new(interval, desk.now);
    desk.sends_and_hears(Answer::TooFast);
    let before = desk.now;
    assert_eq!(desk.sends(), 1);
    assert_eq!(desk.now.duration_since(before), interval * 2);
    assert_eq!(desk.sends(), 0);
}

#[test]
fn a_spent_quota_and_an_unknown_token_pause_the_whole_broadcast() {
    for (answer, why) in [(Answer::QuotaSpent, Why::QuotaSpent), (Answer::Unauthorized, Why::Unauthorized)] {
        let mut desk = Desk::new(claimed(3));
        desk.sends();
        desk.sends();
        desk.answer(0, answer);
        assert_eq!(desk.next(), Next::Await, "no other page begins");
        desk.answer(1, accepted());
        desk.writes();
        assert_eq!(desk.ends(), End::Pause(why));
        assert_eq!(desk.given_back().open, Vec::new());
    }
}

#[test]
fn bad_ids_are_taken_out_and_that_is_written_before_the_rest_is_sent() {
    let mut desk = Desk::new(claimed(1));
    desk.sends_and_hears(Answer::BadIds(vec![2]));
    let Next::Record { page: 0, state } = desk.next() else { panic!() };
    assert_eq!(state, PageState::Open { generation: 1, dropped: vec![2], tried: Tried::No, doubt: None });
    assert_eq!(desk.next(), Next::Await, "nothing is sent before it is written");
    desk.delivery.recorded(0, Recorded::Written, desk.now);
    assert_eq!(desk.next(), Next::Call { page: 0, generation: 1, dropped: vec![2] });
    // The second of those that were sent is the third of the page; the third is the fifth.
    desk.answer(0, Answer::BadIds(vec![1, 2]));
    desk.writes();
    assert_eq!(desk.next(), Next::Call { page: 0, generation: 2, dropped: vec![1, 2, 3] });
    desk.answer(0, accepted());
    assert!(matches!(desk.writes(), PageState::Accepted { generation: 2, .. }));
    assert_eq!(desk.ends(), End::Finished);
}

#[test]
fn a_run_whose_ids_were_taken_out_is_given_back_without_saying_that_again() {
    let mut desk = Desk::new(claimed(1));
    desk.sends_and_hears(Answer::BadIds(vec![0]));
    desk.writes();
    desk.order = Order::GiveWay;
    assert_eq!(desk.ends(), End::Again(GIVE_WAY_FOR));
    assert_eq!(
        desk.given_back().open,
        Vec::new(),
        "a state of the same rank would be refused, and with it the whole giving back"
    );
}

#[test]
fn no_id_is_taken_out_while_a_call_may_be_under_way() {
    let mut unsettled = claimed(1);
    unsettled.settled_at = moment(1);
    let mut desk = Desk::new(unsettled);
    desk.sends_and_hears(Answer::BadIds(vec![0]));
    assert_eq!(desk.ends(), End::Again(SETTLE));

    let mut desk = Desk::new(claimed(1));
    desk.sends_and_hears(Answer::Unclear);
    desk.sends_and_hears(Answer::BadIds(vec![0]));
    assert_eq!(desk.ends(), End::Again(SETTLE));
}

#[test]
fn a_refusal_is_believed_only_in_a_later_delivery_after_everything_is_over() {
    let mut desk = Desk::new(claimed(1));
    desk.sends_and_hears(Answer::Refused(400));
    assert_eq!(desk.ends(), End::Again(SETTLE));
    let back = desk.given_back();
    let doubt = Some(Doubt { at: desk.now, fence: 1 });
    let doubted = PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::No, doubt };
    assert_eq!(back.open, vec![(0, doubted.clone())]);

    let again = |settled_at, after| {
        let now = desk.now + after;
        let pages = vec![doubted.clone()];
        Desk::new(Ledger { fence: 2, lease_until: Some(now + LEASE), settled_at, pages })
    };
    let just_before = SETTLE - SignedDuration::from_millis(1);
    let mut early = again(Timestamp::UNIX_EPOCH, just_before);
    early.sends_and_hears(Answer::Refused(400));
    assert_eq!(early.ends(), End::Again(SETTLE));
    let mut unsettled = again(desk.now + SETTLE * 2, SETTLE);
    unsettled.sends_and_hears(Answer::Refused(400));
    assert_eq!(unsettled.ends(), End::Again(SETTLE));
    let mut late = again(Timestamp::UNIX_EPOCH, SETTLE);
    late.sends_and_hears(Answer::Refused(400));
    assert_eq!(late.writes(), PageState::Refused { status: 400 });
    assert_eq!(late.ends(), End::Finished);
}

#[test]
fn a_page_that_was_refused_may_still_be_taken_later() {
    let doubt = Some(Doubt { at: moment(0), fence: 1 });
    let pages = vec![PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::No, doubt }];
    let now = moment(0) + SETTLE;
    let ledger = Ledger { fence: 2, lease_until: Some(now + LEASE), settled_at: Timestamp::UNIX_EPOCH, pages };
    let mut desk = Desk::new(ledger);
    desk.sends_and_hears(accepted());
    assert!(matches!(desk.writes(), PageState::Accepted { .. }));
}

#[test]
fn nobody_knows_of_a_page_that_was_refused_after_a_call_without_an_answer() {
    let doubt = Some(Doubt { at: moment(0), fence: 1 });
    let pages = vec![PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::Perhaps, doubt }];
    let now = moment(0) + SETTLE;
    let ledger = Ledger { fence: 2, lease_until: Some(now + LEASE), settled_at: Timestamp::UNIX_EPOCH, pages };
    let mut desk = Desk::new(ledger);
    desk.sends_and_hears(Answer::Refused(403));
    assert_eq!(desk.writes(), PageState::Unclear);
}

#[test]
fn no_key_is_used_23_hours_after_the_freeze() {
    let ledger = |now: Timestamp| Ledger { lease_until: Some(now + LEASE), ..claimed(1) };
    let last = moment(0) + KEY_LIFE - SignedDuration::from_millis(1);
    assert_eq!(Desk::new(ledger(last)).sends(), 0);
    // Whether it was begun before that decides: of what nobody sent it is known.
    for (page, settled) in [(PageState::NEW, PageState::Stopped), (perhaps(), PageState::Expired)] {
        let mut desk = Desk::new(Ledger { pages: vec![page], ..ledger(moment(0) + KEY_LIFE) });
        assert_eq!(desk.writes(), settled);
        assert_eq!(desk.ends(), End::Finished);
    }
}

#[test]
fn a_stop_settles_what_was_not_begun_and_tells_it_from_what_nobody_knows() {
    let mut ledger = claimed(3);
    ledger.pages[1] = perhaps();
    let mut desk = Desk::new(ledger);
    assert_eq!(desk.sends(), 0);
    desk.order = Order::Stop;
    assert_eq!([desk.writes(), desk.writes()], [PageState::Unclear, PageState::Stopped]);
    assert_eq!(desk.next(), Next::Await);
    desk.answer(0, Answer::Unclear);
    assert_eq!(desk.writes(), PageState::Unclear);
    assert_eq!(desk.ends(), End::Finished);
}

#[test]
fn a_broadcast_that_rests_leaves_its_message_and_one_that_gives_way_takes_a_new_one() {
    for (order, end) in [(Order::Rest, End::Rest), (Order::GiveWay, End::Again(GIVE_WAY_FOR))] {
        let mut desk = Desk::new(claimed(2));
        desk.sends();
        desk.order = order;
        assert_eq!(desk.next(), Next::Await);
        desk.answer(0, accepted());
        desk.writes();
        assert_eq!(desk.ends(), end);
    }
}

#[test]
fn no_call_begins_that_could_outlast_the_lease() {
    let mut desk = Desk::new(claimed(2));
    desk.now = moment(0) + LEASE - CALL_LIFE - SignedDuration::from_millis(1);
    desk.sends();
    desk.now += SignedDuration::from_millis(1);
    assert_eq!(desk.next(), Next::Await);
    desk.answer(0, accepted());
    desk.writes();
    assert_eq!(desk.ends(), End::Failed);
}

#[test]
fn a_run_that_another_has_is_left_to_them_but_what_line_took_is_said_all_the_same() {
    let mut desk = Desk::new(claimed(3));
    for _ in 0..3 {
        desk.sends();
    }
    desk.answer(0, Answer::BadIds(vec![0]));
    let Next::Record { page: 0, .. } = desk.next() else { panic!() };
    desk.delivery.recorded(0, Recorded::Lost, desk.now);
    desk.answer(1, Answer::BadIds(vec![0]));
    assert_eq!(desk.next(), Next::Await, "what is ours no more is not written");
    desk.answer(2, accepted());
    assert!(matches!(desk.writes(), PageState::Accepted { .. }));
    assert_eq!(desk.ends(), End::Lost);
    assert_eq!(desk.delivery.give_back(desk.now), None);
}

#[test]
fn an_acceptance_that_could_not_be_written_is_not_taken_for_nothing() {
    let mut desk = Desk::new(claimed(1));
    desk.sends_and_hears(accepted());
    let Next::Record { page: 0, .. } = desk.next() else { panic!() };
    desk.delivery.recorded(0, Recorded::Failed, desk.now);
    assert_eq!(desk.ends(), End::Failed);
    let back = desk.given_back();
    assert_eq!((back.open, back.settled_at), (vec![(0, perhaps())], desk.now + SETTLE));
}

#[test]
fn a_full_run_keeps_the_pace() {
    let interval = SignedDuration::from_millis(30);
    let mut desk = Desk::new(claimed(RUN_PAGES));
    desk.pacer = Pacer::new(interval, desk.now);
    let begun: Vec<_> = (0..RUN_PAGES).map(|_| (desk.sends(), desk.now).1).collect();
    assert!(begun.windows(2).all(|pair| pair[1].duration_since(pair[0]) == interval), "{begun:?}");
    assert_eq!(begun[0], moment(30), "the first waits, too");
}
