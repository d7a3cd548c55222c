//! Broadcasts from their release to their account, by the functions' own use cases, on the post office in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use app::broadcast::sender::Share;
use app::ports::Messages;
use app::ports::broadcasts::{Broadcasts, FrozenParts, SendingQueues};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, Reach, State, When};
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::resident::{Standing, Switch};
use domain::sending::account::Account;
use domain::sending::delivery::Answer;
use domain::sending::frozen::PackedId;
use domain::sending::plan::{Plan, Variant};
use domain::town::{Sending, Town};
use tests::post::{CallFault, Friend, Functions, Post, WriteFault};
use tests::staff::TestStaff;

pub(super) const EMERGENCY: Share = Share { calls_per_second: 170, senders: 5 };
pub(super) const ROUTINE: Share = Share { calls_per_second: 20, senders: 2 };

pub(super) fn id(number: u32) -> BroadcastId {
    format!("0199aaaa-0000-7000-8000-{number:012}").parse().unwrap()
}

/// The n-th friend; they are spread over the partitions.
pub(super) fn friend(number: u32) -> PackedId {
    let mut id = [0; 16];
    id[0] = u8::try_from(number * 37 % 256).unwrap();
    id[12..].copy_from_slice(&number.to_be_bytes());
    PackedId(id)
}

/// A post office with so many friends, and the functions, in a town that says nothing of how it sends.
pub(super) fn city(friends: u32) -> (Arc<Post>, Functions) {
    city_that(friends, Sending::default())
}

/// The same in a town that sends so.
pub(super) fn city_that(friends: u32, sending: Sending) -> (Arc<Post>, Functions) {
    let post = Post::new(Duration::from_millis(500));
    for number in 0..friends {
        let language = if number % 3 == 0 { Language::English } else { Language::Japanese };
        post.befriend(Friend { language, ..Friend::new(friend(number)) });
    }
    let staff = Arc::new(TestStaff::new(post.clone()));
    let mut town = Town::default();
    town.profile.sending = sending;
    let functions = post.functions(Arc::new(town), staff, [EMERGENCY, ROUTINE]);
    (post, functions)
}

pub(super) fn draft(lane: Lane) -> Draft {
    let wording = |text: &str| Wording { messages: vec![Message::Text(text.to_owned())] };
    let wordings = BTreeMap::from([(Language::Japanese, wording("避難")), (Language::English, wording("Leave"))]);
    Draft {
        title: "避難のお願い".to_owned(),
        department: "disaster".parse().unwrap(),
        content: Content { wordings },
        audience: Audience::All,
        lane,
        when: When::AtOnce,
    }
}

/// Approves a broadcast in so many parts, and asks for them; it goes after its time to undo.
pub(super) async fn approve(post: &Post, id: BroadcastId, lane: Lane, parts: u16) -> Broadcast {
    approve_from(post, Origin::Staff, id, lane, parts).await
}

/// The same for one that comes from somewhere else.
pub(super) async fn approve_from(post: &Post, origin: Origin, id: BroadcastId, lane: Lane, parts: u16) -> Broadcast {
    let (author, approver) = ("author".parse().unwrap(), "approver".parse().unwrap());
    let mut broadcast = Broadcast::new(id.clone(), draft(lane), Earnest::Real, origin.clone(), author);
    let now = app::ports::Clock::now(post);
    let variant = |language: Language| Variant::new(language, format!("words in {language}"));
    let plan = Plan { parts, variants: vec![variant(Language::Japanese), variant(Language::English)] };
    for variant in &plan.variants {
        let words = Messages(format!("{id} {}", variant.language));
        post.keep_words(&id, &variant.digest, &words).await.unwrap();
    }
    broadcast.ask(&"author".parse().unwrap(), Reach { reached: 1, capped: 0, followers: 1 }, now).unwrap();
    broadcast.approve(&approver, plan, now, now).unwrap();
    // A rule's broadcast is approved with its rule.
    broadcast.origin = origin;
    post.put(&broadcast, None, None).await.unwrap();
    let State::Approved { release_at, .. } = broadcast.state else { panic!("not approved") };
    let delay = u16::try_from(release_at.duration_since(now).as_secs()).unwrap();
    let keys = (0..parts).map(|part| app::ports::broadcasts::PartKey { broadcast: id.clone(), lane, part });
    post.ask_to_freeze(&keys.collect::<Vec<_>>(), delay).await.unwrap();
    broadcast
}

pub(super) fn account(broadcast: &Broadcast) -> Account {
    match &broadcast.state {
        State::Finished { account, .. } | State::Stopped { account: Some(account), .. } => *account,
        other => panic!("no account: {other:?}"),
    }
}

pub(super) fn everybody_once(post: &Post, friends: u32) {
    let received = post.received();
    let expected: BTreeMap<_, _> = (0..friends).map(|number| (friend(number), 1)).collect();
    assert_eq!(received.len(), expected.len(), "somebody misses it");
    assert!(received == expected, "somebody got it more than once");
}

/// Sends a routine broadcast in one part to everybody, of whom nobody knows for good whether they got it: no call is answered in a day.
pub(super) async fn may_have_missed(post: &Post, functions: &Functions, id: &BroadcastId) {
    approve(post, id.clone(), Lane::Routine, 1).await;
    // Of 900 there are two pages in Japanese and one in English; each is tried six times in one delivery.
    post.fail_calls((0..18).map(|_| CallFault::Failed));
    functions.work().await;
    // Where the town keeps to a weekly maximum, it is frozen a moment after it goes.
    tokio::time::advance(Duration::from_secs(5)).await;
    functions.work().await;
    let calls = post.calls().len();
    assert_eq!(calls, 18);
    tokio::time::advance(Duration::from_hours(24)).await;
    let account = account(&functions.work_until_closed(id, 60).await);
    assert_eq!((account.unclear, post.calls().len()), (account.frozen, calls));
}

#[tokio::test(start_paused = true)]
async fn everybody_gets_a_broadcast_once_in_their_own_words() {
    let (post, functions) = city(12_345);
    approve(&post, id(1), Lane::Routine, 3).await;
    let done = functions.work_until_closed(&id(1), 10).await;
    everybody_once(&post, 12_345);
    let account = account(&done);
    assert_eq!((account.frozen, account.accepted, account.open), (12_345, 12_345, 0));
    let words: BTreeSet<_> = post.calls().into_iter().map(|(_, words)| words).collect();
    assert_eq!(words.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn nobody_who_blocked_or_muted_the_account_gets_it_and_both_are_counted() {
    let (post, functions) = city(1_000);
    for (number, standing, muted) in [
        (5_000, Standing::Blocked, Switch::Off),
        (5_001, Standing::Following, Switch::On),
        (5_002, Standing::Blocked, Switch::On),
    ] {
        post.befriend(Friend { standing, muted, ..Friend::new(friend(number)) });
    }
    approve(&post, id(1), Lane::Routine, 1).await;
    let account = account(&functions.work_until_closed(&id(1), 10).await);
    everybody_once(&post, 1_000);
    assert_eq!((account.left_out.blocked, account.left_out.muted), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn an_emergency_waits_until_it_can_no_longer_be_taken_back() {
    let (post, functions) = city(600);
    let mut broadcast = approve(&post, id(1), Lane::Emergency, 1).await;
    tokio::time::advance(Duration::from_secs(9)).await;
    functions.work().await;
    assert!(post.calls().is_empty());
    broadcast.take_back(&"editor".parse().unwrap()).unwrap();
    post.put(&broadcast, Some(1), None).await.unwrap();
    tokio::time::advance(Duration::from_mins(2)).await;
    functions.janitor.tick().await.unwrap();
    functions.work().await;
    assert!(post.calls().is_empty(), "taken back, and sent");
}

#[tokio::test(start_paused = true)]
async fn whatever_the_platform_does_nobody_gets_it_twice_and_all_get_it() {
    let (post, functions) = city(30_000);
    post.fail_calls((0..40).map(|number| match number % 5 {
        0 => CallFault::AcceptedUnheard,
        1 => CallFault::Failed,
        2 => CallFault::Says(Answer::TooFast),
        3 => CallFault::Says(Answer::Unreached),
        _ => CallFault::Says(Answer::Refused(400)),
    }));
    approve(&post, id(1), Lane::Emergency, 2).await;
    let account = account(&functions.work_until_closed(&id(1), 120).await);
    everybody_once(&post, 30_000);
    assert_eq!((account.accepted, account.refused, account.unclear), (30_000, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn whatever_the_table_does_nobody_gets_it_twice_and_all_get_it() {
    let (post, functions) = city(20_000);
    post.fail_records((0..60).map(|number| if number % 2 == 0 { WriteFault::Lost } else { WriteFault::Unheard }));
    approve(&post, id(1), Lane::Emergency, 2).await;
    let account = account(&functions.work_until_closed(&id(1), 120).await);
    everybody_once(&post, 20_000);
    assert_eq!(account.accepted, 20_000);
}

#[tokio::test(start_paused = true)]
async fn ids_that_the_platform_does_not_know_are_dropped_and_counted() {
    let (post, functions) = city(3_000);
    post.forget([7, 8, 1_500, 2_999].map(friend));
    approve(&post, id(1), Lane::Routine, 1).await;
    let account = account(&functions.work_until_closed(&id(1), 120).await);
    assert_eq!((account.frozen, account.accepted, account.dropped), (3_000, 2_996, 4));
    assert_eq!(post.received().len(), 2_996);
    assert!(post.received().values().all(|times| *times == 1));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_refused_again_and_again_is_given_up_and_the_others_go() {
    let (post, functions) = city(400);
    // One page for each of the two wordings; every call of the test's first hour is refused.
    post.fail_calls((0..500).map(|_| CallFault::Says(Answer::Refused(403))));
    approve(&post, id(1), Lane::Routine, 1).await;
    let account = account(&functions.work_until_closed(&id(1), 120).await);
    assert_eq!((account.refused, account.accepted), (400, 0));
    assert!(post.calls().len() <= 6, "{} calls for two pages", post.calls().len());
}

#[tokio::test(start_paused = true)]
async fn messages_that_got_lost_are_asked_for_again() {
    let (post, functions) = city(9_000);
    approve(&post, id(1), Lane::Routine, 3).await;
    post.lose_messages();
    let (mut lost, mut minutes) = (0, 0);
    while !matches!(post.broadcast(&id(1)).unwrap().state, State::Finished { .. }) {
        tokio::time::advance(Duration::from_mins(1)).await;
        functions.janitor.tick().await.unwrap();
        // Parts are frozen, and then their runs get lost as well, once.
        if let Some(part) = post.next_part() {
            functions.planner.freeze(&part).await.unwrap();
            if lost < 2 {
                lost += 1;
                post.lose_messages();
            }
        }
        functions.work().await;
        minutes += 1;
        assert!(minutes < 60, "still not done");
    }
    everybody_once(&post, 9_000);
}

#[tokio::test(start_paused = true)]
async fn after_a_stop_no_page_begins_and_the_account_says_who_was_left() {
    let (post, functions) = city(40_000);
    approve(&post, id(1), Lane::Routine, 2).await;
    let stop = async {
        while post.calls().len() < 5 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut broadcast = post.find(&id(1)).await.unwrap().unwrap();
        broadcast.value.stop(&"somebody".parse().unwrap(), app::ports::Clock::now(&*post)).unwrap();
        post.put(&broadcast.value, Some(broadcast.version), None).await.unwrap();
        tokio::time::Instant::now()
    };
    let (stopped, ()) = tokio::join!(stop, functions.work());
    let account = account(&functions.work_until_closed(&id(1), 60).await);
    let late = post.calls().iter().filter(|(at, _)| stopped + Duration::from_secs(1) < *at).count();
    assert_eq!(late, 0, "calls arrived later than a second after the stop");
    assert_eq!(account.frozen, account.accepted + account.stopped);
    assert_eq!(account.accepted, u64::try_from(post.received().len()).unwrap());
    assert!(0 < account.stopped && 0 < account.accepted);
}

#[tokio::test(start_paused = true)]
async fn a_used_up_quota_lets_it_rest_until_somebody_lets_it_go_on() {
    let (post, functions) = city(6_000);
    post.fail_calls([CallFault::Says(Answer::QuotaSpent)]);
    approve(&post, id(1), Lane::Routine, 1).await;
    functions.work().await;
    tokio::time::advance(Duration::from_mins(30)).await;
    functions.janitor.tick().await.unwrap();
    functions.work().await;
    let mut resting = post.find(&id(1)).await.unwrap().unwrap();
    assert!(matches!(resting.value.state, State::Sending { pause: Some(_), .. }), "{:?}", resting.value.state);
    let before = post.received().len();
    assert!(before < 6_000);
    resting.value.resume().unwrap();
    post.put(&resting.value, Some(resting.version), None).await.unwrap();
    assert_eq!(account(&functions.work_until_closed(&id(1), 60).await).accepted, 6_000);
    everybody_once(&post, 6_000);
}

#[tokio::test(start_paused = true)]
async fn however_many_calls_say_that_the_quota_is_used_up_it_is_let_rest_once() {
    let (post, functions) = city(30_000);
    post.fail_calls((0..40).map(|_| CallFault::Says(Answer::QuotaSpent)));
    approve(&post, id(1), Lane::Routine, 2).await;
    functions.work().await;
    let resting = post.find(&id(1)).await.unwrap().unwrap();
    assert!(matches!(resting.value.state, State::Sending { pause: Some(_), .. }));
    assert_eq!(resting.version, 3, "approved, let go, let rest");
}

#[tokio::test(start_paused = true)]
async fn an_emergency_goes_first_and_a_routine_broadcast_goes_on_after_it() {
    let (post, functions) = city(30_000);
    approve(&post, id(1), Lane::Routine, 2).await;
    let emergency = async {
        while post.calls().len() < 10 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        approve(&post, id(2), Lane::Emergency, 2).await;
        // A second planner and sender, as Lambda would have them.
        tokio::time::sleep(Duration::from_secs(10)).await;
        functions.work().await;
    };
    tokio::join!(emergency, functions.work());
    functions.work_until_closed(&id(2), 60).await;
    functions.work_until_closed(&id(1), 60).await;
    let received = post.received();
    assert!(received.len() == 30_000 && received.values().all(|times| *times == 2));
    let calls = post.calls();
    let is_emergency = |words: &str| words.starts_with(id(2).as_str());
    let first = calls.iter().find(|(_, words)| is_emergency(words)).unwrap().0;
    let last = calls.iter().rfind(|(_, words)| is_emergency(words)).unwrap().0;
    let between = |at: &tokio::time::Instant| first + Duration::from_secs(1) < *at && *at < last;
    assert_eq!(calls.iter().filter(|(at, words)| between(at) && !is_emergency(words)).count(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_sender_alone_keeps_its_lanes_share_in_every_second() {
    let (post, functions) = city(60_000);
    approve(&post, id(1), Lane::Emergency, 2).await;
    functions.work_until_closed(&id(1), 10).await;
    let calls = post.calls();
    for (begin, _) in &calls {
        let within = calls.iter().filter(|(at, _)| begin <= at && *at < *begin + Duration::from_secs(1)).count();
        assert!(within <= 35, "{within} calls in a second by one sender of five that share 170");
    }
    // And it does not dawdle: the whole within a quarter more than the share allows, waking times included.
    let took = calls.last().unwrap().0.duration_since(calls.first().unwrap().0);
    let floor = Duration::from_secs_f64(f64::from(u32::try_from(calls.len()).unwrap()) / 34.0);
    assert!(took < floor.mul_f64(1.25), "{took:?} for {} calls", calls.len());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_with_a_key_that_is_too_old() {
    let (post, functions) = city(900);
    approve(&post, id(1), Lane::Routine, 1).await;
    let part = post.next_part().unwrap();
    functions.planner.freeze(&part).await.unwrap();
    tokio::time::advance(Duration::from_hours(24)).await;
    let account = account(&functions.work_until_closed(&id(1), 60).await);
    assert!(post.calls().is_empty());
    assert_eq!((account.stopped, account.unclear, account.accepted), (900, 0, 0), "of each it is known");
    let rest = Draft { audience: Audience::NotReceived(id(1)), ..draft(Lane::Routine) };
    let rest = Broadcast::new(id(2), rest, Earnest::Real, Origin::Staff, "author".parse().unwrap());
    assert_eq!(functions.count(&rest).await.reach.reached, 900, "and all can be sent another one");
}

#[tokio::test(start_paused = true)]
async fn of_a_page_without_an_answer_nobody_knows_when_its_key_is_too_old() {
    let (post, functions) = city(900);
    may_have_missed(&post, &functions, &id(1)).await;
    assert_eq!(post.received().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn who_did_not_get_one_broadcast_gets_the_next_and_nobody_else() {
    let (post, functions) = city(2_000);
    post.forget((0..50).map(friend));
    approve(&post, id(1), Lane::Routine, 1).await;
    functions.work_until_closed(&id(1), 60).await;
    let audience = Audience::NotReceived(id(1));
    let later = Draft { audience, ..draft(Lane::Routine) };
    let broadcast = Broadcast::new(id(2), later, Earnest::Real, Origin::Staff, "author".parse().unwrap());
    let counted = functions.count(&broadcast).await;
    assert_eq!(
        counted.reach,
        Reach { reached: 50, capped: 0, followers: 2_000 },
        "those whom the platform did not know"
    );
}
