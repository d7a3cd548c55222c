//! Residents are counted a few seconds at a time, by whoever looks, and each of them once.

use std::sync::Arc;

use app::ports::Clock;
use app::residents::{Counting, JOB_LIFE, Residents};
use domain::counts::Tally;
use domain::ids::ResidentId;
use domain::resident::{Resident, Stamp};
use domain::time::date_in_japan;
use jiff::SignedDuration;
use proptest::prelude::*;
use tests::city::{TableFault, TestClock};
use tests::resident_counts::TestCounts;

/// One step of 1.5 s reads three partitions.
const READING: SignedDuration = SignedDuration::from_millis(500);
const STEPS_MAX: usize = 1_000;

fn resident(number: u128, clock: &TestClock) -> Resident {
    // Spread over the partitions as hashes are.
    let id: ResidentId =
        format!("U{:032x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).parse().unwrap();
    Resident::new(id, Stamp { at: clock.now(), event: "e".parse().unwrap() })
}

fn world(residents: u128) -> (Arc<TestClock>, Arc<TestCounts>, Residents) {
    let clock = Arc::new(TestClock::noon());
    let counts = Arc::new(TestCounts::new(clock.clone(), READING));
    (1..=residents).for_each(|number| counts.put(resident(number, &clock)));
    let use_case = Residents { counts: counts.clone(), clock: clock.clone() };
    (clock, counts, use_case)
}

async fn finish(residents: &Residents) -> Tally {
    for _ in 0..STEPS_MAX {
        // An error is what the next look is for.
        if let Ok(Counting::Idle) = residents.step().await {
            return residents.last().await.unwrap().unwrap().tally;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn a_counting_goes_on_with_every_look_and_ends_with_a_result() {
    let (clock, counts, residents) = world(1_000);
    assert_eq!(residents.step().await.unwrap(), Counting::Idle, "nobody asked for it");
    assert_eq!(residents.last().await.unwrap(), None);
    residents.begin().await.unwrap();
    assert_eq!(residents.progress().await.unwrap(), Counting::Going { done: 0 });
    let before = counts.readings();
    assert!(matches!(residents.step().await.unwrap(), Counting::Going { done: 1.. }));
    assert_eq!(counts.readings() - before, 3, "one step is short");
    let day = date_in_japan(clock.now());
    assert_eq!(finish(&residents).await.following, 1_000);
    assert_eq!(residents.history(day, day).await.unwrap()[0].following, 1_000);
    assert_eq!(residents.step().await.unwrap(), Counting::Idle);
}

#[tokio::test]
async fn a_second_click_joins_the_counting_under_way() {
    let (_, _, residents) = world(100);
    residents.begin().await.unwrap();
    residents.step().await.unwrap();
    let under_way = residents.progress().await.unwrap();
    residents.begin().await.unwrap();
    assert_eq!(residents.progress().await.unwrap(), under_way);
    assert_ne!(under_way, Counting::Going { done: 0 });
}

#[tokio::test]
async fn a_click_after_the_end_counts_anew() {
    let (clock, counts, residents) = world(100);
    residents.begin().await.unwrap();
    assert_eq!(finish(&residents).await.following, 100);
    counts.put(resident(101, &clock));
    residents.begin().await.unwrap();
    assert_eq!(residents.last().await.unwrap().unwrap().tally.following, 100, "the old result stands meanwhile");
    assert_eq!(finish(&residents).await.following, 101);
}

#[tokio::test]
async fn of_two_who_look_at_once_nobody_counts_anybody_twice_or_leaves_anybody_out() {
    let (_, _, residents) = world(1_000);
    residents.begin().await.unwrap();
    for _ in 0..STEPS_MAX {
        let (one, other, third) = tokio::join!(residents.step(), residents.step(), residents.step());
        if [one, other, third].iter().all(|step| matches!(step, Ok(Counting::Idle))) {
            assert_eq!(residents.last().await.unwrap().unwrap().tally.following, 1_000);
            return;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn a_counting_that_was_left_alone_is_begun_anew() {
    let (clock, _, residents) = world(100);
    residents.begin().await.unwrap();
    residents.step().await.unwrap();
    clock.advance(JOB_LIFE);
    assert_eq!(residents.step().await.unwrap(), Counting::Idle, "what it has counted is too old");
    residents.begin().await.unwrap();
    assert_eq!(residents.progress().await.unwrap(), Counting::Going { done: 0 });
    assert_eq!(finish(&residents).await.following, 100);
}

#[tokio::test]
async fn a_counting_over_midnight_belongs_to_the_day_on_which_it_began() {
    let (clock, _, residents) = world(100);
    let day = date_in_japan(clock.now());
    clock.advance(SignedDuration::from_secs(12 * 3_600 - 2));
    residents.begin().await.unwrap();
    assert_eq!(finish(&residents).await.day, day);
    assert_ne!(date_in_japan(clock.now()), day);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A function that dies between reading and keeping, or after keeping without hearing so, changes no number.
    #[test]
    fn crashes_between_the_pieces_change_no_number(
        size in 0_u128..300,
        faults in prop::collection::vec((0_usize..40, any::<bool>()), 0..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (tally, expected) = runtime.block_on(async {
            let (_, counts, residents) = world(size);
            residents.begin().await.unwrap();
            let mut faults = faults;
            faults.sort_unstable();
            for round in 0..40 {
                for (_, kept) in faults.iter().filter(|(at, _)| *at == round) {
                    counts.fail_keep(if *kept { TableFault::ReplyLost } else { TableFault::Throttled });
                }
                let _ = tokio::join!(residents.step(), residents.step());
            }
            (finish(&residents).await, size)
        });
        prop_assert_eq!(u128::from(tally.following), expected);
        prop_assert_eq!(u128::from(tally.came.values().sum::<u64>()), expected);
    }
}
