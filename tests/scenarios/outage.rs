//! Long trouble at the platform or the table, with the queue in between: residents wait, and nobody is forgotten.

use app::inbox::{Letter, Outcome};
use app::ports::Undelivered;
use domain::ids::ResidentId;
use jiff::SignedDuration;
use proptest::prelude::*;
use tests::city::{City, PlatformFault, TableFault};
use tests::queue::{RECEPTIONS_MAX, TestQueue, VISIBILITY};

use crate::inbox::{ask, city, question};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

/// Delivers until nothing waits any more; says how often.
async fn settle(city: &City, queue: &mut TestQueue) -> usize {
    for rounds in 0..RECEPTIONS_MAX * 2 {
        if queue.waiting() == 0 {
            return rounds;
        }
        queue.deliver(city).await;
    }
    panic!("{} letters wait for ever", queue.waiting());
}

/// Twelve residents ask when the trouble begins, and each once more ten minutes into it.
async fn ask_during(city: &City, queue: &mut TestQueue) {
    for number in 0..12 {
        queue.put(ask(city, &resident(number), number));
    }
    for _ in 0..10 * 60 / VISIBILITY.as_secs() {
        queue.deliver(city).await;
    }
    for number in 0..12 {
        queue.put(ask(city, &resident(number), 100 + number));
    }
}

fn answers(city: &City) -> Vec<usize> {
    (0..12).map(|number| city.platform.received_by(&resident(number))).collect()
}

#[tokio::test(start_paused = true)]
async fn an_hour_in_which_the_platform_takes_nothing_ends_with_every_answer_once() {
    for fault in [PlatformFault::Unreachable, PlatformFault::Throttled, PlatformFault::NotLetIn] {
        let (city, mut queue) = (city(), TestQueue::default());
        city.platform.fail_for(HOUR, fault);
        ask_during(&city, &mut queue).await;
        let rounds = settle(&city, &mut queue).await;
        assert!(rounds > 50, "{fault:?} ended after {rounds} rounds");
        assert_eq!(queue.dead(), 0, "{fault:?}");
        assert_eq!(answers(&city), [2; 12], "{fault:?}");
    }
}

/// Of an internal error nobody knows whether the answer was taken. So an answer that tried its token is not said again by
/// another way, and may be lost; those that only waited behind it are not.
#[tokio::test(start_paused = true)]
async fn an_hour_of_errors_that_say_nothing_doubles_no_answer_and_loses_none_that_was_not_tried() {
    for fault in [PlatformFault::Failed, PlatformFault::TimedOutBefore, PlatformFault::TimedOutAfterAcceptance] {
        let (city, mut queue) = (city(), TestQueue::default());
        city.platform.fail_for(HOUR, fault);
        ask_during(&city, &mut queue).await;
        settle(&city, &mut queue).await;
        assert_eq!(queue.dead(), 0, "{fault:?}");
        let lost = usize::from(fault != PlatformFault::TimedOutAfterAcceptance);
        assert_eq!(answers(&city), [2 - lost; 12], "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_hour_without_the_table_ends_with_every_answer_once() {
    let (city, mut queue) = (city(), TestQueue::default());
    let calls = 12 * HOUR.as_secs() / VISIBILITY.as_secs();
    city.table.fail_loads((0..calls).map(|_| TableFault::Throttled));
    ask_during(&city, &mut queue).await;
    settle(&city, &mut queue).await;
    assert_eq!((queue.dead(), answers(&city)), (0, vec![2; 12]));
}

#[tokio::test(start_paused = true)]
async fn what_outlasts_the_patience_of_the_queue_is_answered_when_it_is_handed_back() {
    let (city, mut queue) = (city(), TestQueue::default());
    city.platform.fail_for(7 * HOUR, PlatformFault::Unreachable);
    queue.put(ask(&city, &resident(0), 0));
    let rounds = settle(&city, &mut queue).await;
    assert_eq!((rounds, queue.dead()), (RECEPTIONS_MAX + 1, 1));
    city.clock.advance(HOUR);
    queue.redrive();
    settle(&city, &mut queue).await;
    assert_eq!((queue.dead(), city.platform.received_by(&resident(0))), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_certainly_refused_goes_out_as_a_push_when_its_token_is_dead() {
    let city = city();
    let letter = question(&city, 1);
    city.platform.fail([PlatformFault::Throttled, PlatformFault::Unreachable, PlatformFault::Throttled]);
    assert!(city.inbox.handle(&letter).await.is_err());
    city.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::AlreadyAnswered);
    assert_eq!(city.platform.received().len(), 1);
}

/// One attempt of which nothing is known among refusals that are certain.
#[tokio::test(start_paused = true)]
async fn a_reply_that_may_have_been_taken_is_never_pushed() {
    for place in 0..3 {
        let city = city();
        let letter = question(&city, 1);
        let mut faults = [PlatformFault::Throttled; 3];
        faults[place] = PlatformFault::TimedOutAfterAcceptance;
        city.platform.fail(faults);
        assert!(city.inbox.handle(&letter).await.is_err());
        city.clock.advance(SignedDuration::from_mins(2));
        assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::TokenSpent, "{place}");
        assert_eq!(city.platform.received().len(), 1, "{place}");
    }
}

/// Who finds an unconfirmed reply does not know what became of earlier attempts, however clear their own refusal is.
#[tokio::test(start_paused = true)]
async fn a_later_delivery_never_turns_a_reply_into_a_push() {
    let city = city();
    let letter = question(&city, 1);
    city.platform.fail([PlatformFault::TimedOutAfterAcceptance]);
    city.platform.fail([PlatformFault::Unreachable; 5]);
    assert!(city.inbox.handle(&letter).await.is_err());
    assert!(city.inbox.handle(&letter).await.is_err());
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::TokenSpent);
    assert_eq!(city.platform.received().len(), 1);
}

/// The token dies while the refusals are waited out: then "spent" does not mean that the answer went out.
#[tokio::test(start_paused = true)]
async fn a_token_that_dies_between_refusals_costs_no_answer() {
    let city = city();
    let letter = question(&city, 1);
    city.platform.fail([PlatformFault::Throttled]);
    city.platform.expire(letter.reply_token.as_ref().unwrap());
    assert!(city.inbox.handle(&letter).await.is_err());
    assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered);
    assert_eq!(city.platform.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_could_not_be_turned_into_a_push_still_has_its_token() {
    for fault in [TableFault::Throttled, TableFault::ReplyLost] {
        let city = city();
        let letter = question(&city, 1);
        city.platform.fail([PlatformFault::Unreachable; 3]);
        city.table.fail_push_instead([fault]);
        assert!(city.inbox.handle(&letter).await.is_err());
        city.clock.advance(VISIBILITY);
        assert_eq!(city.inbox.handle(&letter).await.unwrap(), Outcome::Answered, "{fault:?}");
        assert_eq!(city.platform.received().len(), 1, "{fault:?}");
    }
}

/// What a use case is told of a failure: which is which must not be lost on the way.
#[test]
fn a_certain_refusal_and_an_unknown_fate_keep_their_failure() {
    let error = || app::error::Error::new(app::error::Kind::Throttled, "try", "told so by the test");
    for undelivered in [Undelivered::NotTaken, Undelivered::NotLetIn, Undelivered::Unknown].map(|kind| kind(error())) {
        assert_eq!(undelivered.kind(), app::error::Kind::Throttled);
        assert_eq!(undelivered.error().doing, "try");
    }
}

fn any_fault() -> impl Strategy<Value = PlatformFault> {
    prop_oneof![
        Just(PlatformFault::Failed),
        Just(PlatformFault::Throttled),
        Just(PlatformFault::NotLetIn),
        Just(PlatformFault::Unreachable),
        Just(PlatformFault::TimedOutAfterAcceptance),
        Just(PlatformFault::TimedOutBefore),
    ]
}

fn certain_fault() -> impl Strategy<Value = PlatformFault> {
    prop_oneof![Just(PlatformFault::Throttled), Just(PlatformFault::NotLetIn), Just(PlatformFault::Unreachable)]
}

fn any_table_fault() -> impl Strategy<Value = TableFault> {
    prop_oneof![Just(TableFault::Throttled), Just(TableFault::ReplyLost)]
}

/// What goes wrong in one run, and when what is delivered: the number of a letter, and the seconds that pass after it.
#[derive(Debug, Clone, Default)]
struct Trouble {
    platform: Vec<PlatformFault>,
    loads: Vec<TableFault>,
    commits: Vec<TableFault>,
    confirms: Vec<TableFault>,
    push_instead: Vec<TableFault>,
    deliveries: Vec<(u32, i64)>,
}

const LETTERS: u32 = 4;

/// Runs it, delivers every letter until it is settled, and says how many answers each resident has got.
fn after(trouble: Trouble, waited: SignedDuration) -> Vec<usize> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let city = city();
        let letters: Vec<Letter> = (0..LETTERS).map(|number| ask(&city, &resident(number), number)).collect();
        city.clock.advance(waited);
        city.platform.fail(trouble.platform);
        city.table.fail_loads(trouble.loads);
        city.table.fail_commits(trouble.commits);
        city.table.fail_confirms(trouble.confirms);
        city.table.fail_push_instead(trouble.push_instead);
        for (number, pause) in trouble.deliveries {
            // An error means that the queue delivers again, as the loop below does.
            let _ = city.inbox.handle(&letters[number as usize]).await;
            city.clock.advance(SignedDuration::from_secs(pause));
        }
        for letter in &letters {
            let mut left = 32;
            while city.inbox.handle(letter).await.is_err() {
                left -= 1;
                assert!(0 < left, "the faults are used up long before");
            }
        }
        (0..LETTERS).map(|number| city.platform.received_by(&resident(number))).collect()
    })
}

fn faults<T: std::fmt::Debug>(fault: impl Strategy<Value = T>, max: usize) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(fault, 0..max)
}

fn deliveries(pause: std::ops::Range<i64>) -> impl Strategy<Value = Vec<(u32, i64)>> {
    prop::collection::vec((0..LETTERS, pause), 0..12)
}

/// Anything may go wrong anywhere.
fn any_trouble(pause: std::ops::Range<i64>) -> impl Strategy<Value = Trouble> {
    let table = || faults(any_table_fault(), 4);
    (faults(any_fault(), 12), table(), table(), table(), table(), deliveries(pause)).prop_map(
        |(platform, loads, commits, confirms, push_instead, deliveries)| Trouble {
            platform,
            loads,
            commits,
            confirms,
            push_instead,
            deliveries,
        },
    )
}

/// The platform refuses clearly, and the table does what it says.
fn clear_trouble() -> impl Strategy<Value = Trouble> {
    let table = || faults(Just(TableFault::Throttled), 4);
    (faults(certain_fault(), 12), table(), table(), deliveries(0..40)).prop_map(
        |(platform, loads, commits, deliveries)| Trouble { platform, loads, commits, deliveries, ..Trouble::default() },
    )
}

const NO_TIME: SignedDuration = SignedDuration::ZERO;
const TOO_LONG: SignedDuration = SignedDuration::from_secs(51);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Tokens die on the way, and whatever fails, nothing is said twice.
    #[test]
    fn no_event_is_answered_twice_under_any_faults(trouble in any_trouble(0..40)) {
        let answers = after(trouble, NO_TIME);
        prop_assert!(answers.iter().all(|answers| *answers <= 1), "{answers:?}");
    }

    #[test]
    fn every_event_is_answered_exactly_once_while_its_token_lives(trouble in any_trouble(0..4)) {
        prop_assert_eq!(after(trouble, NO_TIME), [1; LETTERS as usize]);
    }

    #[test]
    fn every_event_that_is_answered_by_push_is_answered_exactly_once(trouble in any_trouble(0..40)) {
        prop_assert_eq!(after(trouble, TOO_LONG), [1; LETTERS as usize]);
    }

    #[test]
    fn every_event_is_answered_exactly_once_when_all_refusals_are_certain(trouble in clear_trouble()) {
        prop_assert_eq!(after(trouble, NO_TIME), [1; LETTERS as usize]);
    }
}
