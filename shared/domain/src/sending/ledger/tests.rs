//! The lattice, and who may claim a run when.

use proptest::prelude::*;

use super::*;

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn states() -> impl Strategy<Value = PageState> {
    let dropped = || proptest::collection::vec(0..500_u16, 0..3);
    let tried = prop_oneof![Just(Tried::No), Just(Tried::Perhaps)];
    let doubt = proptest::option::of((0..1_000_i64, 0..5_u64).prop_map(|(at, fence)| Doubt { at: moment(at), fence }));
    prop_oneof![
        (0..=100_u8, dropped(), tried, doubt).prop_map(|(generation, dropped, tried, doubt)| PageState::Open {
            generation,
            dropped,
            tried,
            doubt
        }),
        (400..500_u16).prop_map(|status| PageState::Refused { status }),
        Just(PageState::Expired),
        Just(PageState::Stopped),
        Just(PageState::Unclear),
        (0..=100_u8, dropped()).prop_map(|(generation, dropped)| PageState::Accepted {
            generation,
            dropped,
            request: None
        }),
    ]
}

proptest! {
    #[test]
    fn joining_is_idempotent_and_associative_and_its_height_does_not_depend_on_the_order(
        a in states(), b in states(), c in states()
    ) {
        prop_assert_eq!(a.clone().join(a.clone()), a.clone());
        prop_assert_eq!(a.clone().join(b.clone()).rank(), b.clone().join(a.clone()).rank());
        let left = a.clone().join(b.clone()).join(c.clone());
        let right = a.clone().join(b.clone().join(c.clone()));
        prop_assert_eq!(left, right);
        let joined = a.clone().join(b.clone());
        prop_assert!(a.rank() <= joined.rank() && b.rank() <= joined.rank());
    }

    #[test]
    fn accepted_beats_every_other_word_and_is_never_beaten(a in states(), b in states()) {
        let is_accepted = |state: &PageState| matches!(state, PageState::Accepted { .. });
        let joined = a.clone().join(b.clone());
        prop_assert_eq!(is_accepted(&joined), is_accepted(&a) || is_accepted(&b));
    }

    #[test]
    fn a_word_that_settles_a_page_beats_one_that_leaves_it_open(a in states(), b in states()) {
        prop_assert_eq!(a.clone().join(b.clone()).is_open(), a.is_open() && b.is_open());
    }

    #[test]
    fn a_claim_never_lowers_a_page(pages in proptest::collection::vec(states(), 1..=RUN_PAGES), lapsed in any::<bool>()) {
        let lease_until = lapsed.then(|| moment(0));
        let ledger = Ledger { fence: 3, lease_until, settled_at: Timestamp::UNIX_EPOCH, pages };
        let claimed = ledger.claim(moment(100_000)).unwrap();
        for (before, after) in ledger.pages.iter().zip(&claimed.pages) {
            prop_assert!(before.rank() <= after.rank());
        }
        prop_assert_eq!((claimed.fence, claimed.lease_until), (4, Some(moment(100_000) + LEASE)));
    }
}

#[test]
fn a_run_belongs_to_one_sender_until_its_lease_is_over() {
    let claimed = Ledger::new(2).claim(moment(0)).unwrap();
    let until = moment(0) + LEASE;
    assert_eq!(claimed.claim(until - SignedDuration::from_nanos(1)), Err(Busy { until }));
    assert_eq!(claimed.claim(until).unwrap().fence, 2);
}

#[test]
fn who_takes_over_a_run_that_was_not_given_back_takes_nothing_in_it_for_untouched() {
    let claimed = Ledger::new(1).claim(moment(0)).unwrap();
    assert_eq!((claimed.pages.clone(), claimed.settled_at), (vec![PageState::NEW], Timestamp::UNIX_EPOCH));
    let taken_over = claimed.claim(moment(60)).unwrap();
    let perhaps = PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::Perhaps, doubt: None };
    assert_eq!((taken_over.pages, taken_over.settled_at), (vec![perhaps], moment(0) + LEASE + SETTLE));
    let given_back = Ledger { lease_until: None, ..claimed };
    assert_eq!(given_back.claim(moment(60)).unwrap().pages, vec![PageState::NEW]);
}

#[test]
fn a_run_of_which_all_that_is_open_was_refused_rests_until_that_can_be_believed() {
    let doubt = Some(Doubt { at: moment(10), fence: 1 });
    let refused = PageState::Open { generation: 0, dropped: Vec::new(), tried: Tried::No, doubt };
    let done = PageState::Accepted { generation: 0, dropped: Vec::new(), request: None };
    let ledger = |pages: Vec<PageState>, settled_at| Ledger { fence: 1, lease_until: None, settled_at, pages };
    let claim = |pages, settled_at, at| ledger(pages, settled_at).claim(at).map(|claimed| claimed.fence);

    let until = moment(10) + SETTLE;
    let just_before = until - SignedDuration::from_nanos(1);
    let only = vec![done.clone(), refused.clone()];
    assert_eq!(claim(only.clone(), Timestamp::UNIX_EPOCH, just_before), Err(Busy { until }));
    assert_eq!(claim(only.clone(), Timestamp::UNIX_EPOCH, until), Ok(2));
    let later = until + SETTLE;
    assert_eq!(claim(only, later, until), Err(Busy { until: later }));
    let another_is_open = vec![PageState::NEW, refused];
    assert_eq!(claim(another_is_open, Timestamp::UNIX_EPOCH, moment(11)), Ok(2));
    assert_eq!(claim(vec![done], later, moment(11)), Ok(2), "nothing is open: nothing rests");
}

#[test]
fn what_was_begun_is_over_later_only_if_an_answer_is_missing() {
    let ledger = Ledger { settled_at: moment(5), ..Ledger::new(1) };
    assert_eq!(ledger.settled_after(Left::Clean, moment(100)), moment(5));
    assert_eq!(ledger.settled_after(Left::Unclear, moment(100)), moment(100) + SETTLE);
    let far = Ledger { settled_at: moment(100_000), ..ledger };
    assert_eq!(far.settled_after(Left::Unclear, moment(100)), moment(100_000));
}
