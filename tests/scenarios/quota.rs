//! What the month has left: what the platform counts, and what approved broadcasts still need of it.

use std::sync::Arc;
use std::time::Duration;

use app::broadcast::desk::{BroadcastDesk, Outcome};
use app::broadcast::quota::{Budget, Left};
use app::broadcast::sender::Share;
use app::ports::broadcasts::{Broadcasts, FrozenParts, PartKey};
use app::ports::{Clock, Messages};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, PauseReason, Reach, State, When};
use domain::ids::{BroadcastId, StaffId};
use domain::language::Language;
use domain::sending::KEY_LIFE;
use domain::sending::frozen::PackedId;
use domain::sending::plan::{Plan, Variant};
use domain::town::Town;
use jiff::{SignedDuration, Timestamp};
use tests::post::{Friend, Functions, Post};
use tests::staff::TestStaff;

const FRIENDS: u8 = 100;
const LIMIT: u64 = 1_000;

fn id(number: u8) -> BroadcastId {
    format!("0199aaaa-0000-7000-8000-{number:012}").parse().unwrap()
}

fn aoki() -> StaffId {
    "aoki".parse().unwrap()
}

/// A post office with a hundred friends, half of them in each part, and a month of a thousand messages.
fn city() -> (Arc<Post>, Functions) {
    let post = Post::new(Duration::from_millis(500));
    for number in 0..FRIENDS {
        post.befriend(Friend::new(PackedId([number * 2 + 28; 16])));
    }
    post.quota.limit(LIMIT, 0);
    let share = Share { calls_per_second: 100, senders: 1 };
    let functions = post.functions(Arc::new(Town::default()), Arc::new(TestStaff::new(post.clone())), [share; 2]);
    (post, functions)
}

fn draft(number: u8, lane: Lane, earnest: Earnest, when: When) -> Broadcast {
    let wording = Wording { messages: vec![Message::Text("お知らせ".to_owned())] };
    let draft = Draft {
        title: "お知らせ".to_owned(),
        department: "pr".parse().unwrap(),
        content: Content { wordings: [(Language::Japanese, wording)].into() },
        audience: Audience::All,
        lane,
        when,
    };
    Broadcast::new(id(number), draft, earnest, Origin::Staff, aoki())
}

/// One that is approved, in two parts, and was to reach so many.
fn approved(number: u8, reached: u64, release_at: Timestamp) -> Broadcast {
    let mut broadcast = draft(number, Lane::Routine, Earnest::Real, When::AtOnce);
    let reach = Reach { reached, capped: 0, followers: reached };
    let plan = Plan { parts: 2, variants: vec![Variant::new(Language::Japanese, "words".to_owned())] };
    broadcast.state = State::Approved { by: aoki(), at: release_at, release_at, reach, plan };
    broadcast
}

async fn put(post: &Post, broadcast: &Broadcast) {
    let read = post.find(&broadcast.id).await.unwrap().map(|there| there.version);
    post.put(broadcast, read, None).await.unwrap();
}

async fn reserved(desk: &BroadcastDesk) -> u64 {
    match desk.quota_left(None).await.unwrap() {
        Left::Limited(Budget { limit: LIMIT, used: 0, reserved }) => reserved,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_needs_its_messages_from_its_approval_to_its_last_page() {
    let (post, functions) = city();
    let desk = &functions.desk;
    assert_eq!(reserved(desk).await, 0);
    // It was to reach ten more, who have left since.
    let mut broadcast = approved(1, u64::from(FRIENDS) + 10, post.now());
    put(&post, &broadcast).await;
    assert_eq!(reserved(desk).await, 110);
    broadcast.release(post.now()).unwrap();
    put(&post, &broadcast).await;
    assert_eq!(reserved(desk).await, 110, "nothing is frozen yet");
    functions.planner.freeze(&PartKey { broadcast: id(1), lane: Lane::Routine, part: 0 }).await.unwrap();
    assert_eq!(reserved(desk).await, 110, "a half is frozen, and the rest is missing");
    functions.planner.freeze(&PartKey { broadcast: id(1), lane: Lane::Routine, part: 1 }).await.unwrap();
    assert_eq!(reserved(desk).await, 100, "now it is known whom it reaches");
    broadcast.stop(&aoki(), post.now()).unwrap();
    let goes_on = post.find(&id(1)).await.unwrap().unwrap().value;
    put(&post, &broadcast).await;
    assert_eq!(reserved(desk).await, 0, "nothing more of it begins");
    put(&post, &goes_on).await;
    post.keep_words(&id(1), "words", &Messages("[]".to_owned())).await.unwrap();
    functions.work_until_closed(&id(1), 10).await;
    assert_eq!(reserved(desk).await, 0, "what was sent, the platform counts");
}

#[tokio::test(start_paused = true)]
async fn what_rests_needs_nothing_for_whom_it_can_never_reach_any_more() {
    let (post, functions) = city();
    let mut broadcast = approved(1, FRIENDS.into(), post.now());
    broadcast.release(post.now()).unwrap();
    put(&post, &broadcast).await;
    functions.planner.freeze(&PartKey { broadcast: id(1), lane: Lane::Routine, part: 0 }).await.unwrap();
    broadcast.pause(PauseReason::Quota, post.now()).unwrap();
    put(&post, &broadcast).await;
    let second = Duration::from_secs(1);
    let just_before = Duration::try_from(KEY_LIFE - SignedDuration::from_secs(1)).unwrap();
    tokio::time::advance(just_before).await;
    assert_eq!(reserved(&functions.desk).await, 100);
    tokio::time::advance(second).await;
    assert_eq!(reserved(&functions.desk).await, 50, "the other part is not frozen yet, and will have keys of its own");
}

#[tokio::test(start_paused = true)]
async fn every_kind_counts_that_goes_this_month_and_only_others_do() {
    let (post, functions) = city();
    let now = post.now();
    // Noon on 21 November: the month ends at midnight in Japan nine days later.
    let end: Timestamp = "2026-11-30T15:00:00Z".parse().unwrap();
    let moment = SignedDuration::from_secs(1);
    for (number, reached, at) in [(1, 1, now), (2, 10, end - moment), (3, 100, end), (4, 1_000, end + moment * 999_999)]
    {
        put(&post, &approved(number, reached, at)).await;
    }
    let drill = Broadcast { earnest: Earnest::Drill, ..approved(5, 2, now) };
    let urgent = Broadcast { lane: Lane::Emergency, ..approved(6, 20, now) };
    put(&post, &drill).await;
    put(&post, &urgent).await;
    assert_eq!(reserved(&functions.desk).await, 1 + 10 + 2 + 20);
    let others = functions.desk.quota_left(Some(&id(6))).await.unwrap();
    assert_eq!(others, Left::Limited(Budget { limit: LIMIT, used: 0, reserved: 13 }));
}

#[tokio::test(start_paused = true)]
async fn what_goes_in_a_later_month_is_not_bound_by_this_one() {
    let (post, functions) = city();
    post.quota.limit(LIMIT, LIMIT);
    let end: Timestamp = "2026-11-30T15:00:00Z".parse().unwrap();
    let (noon, night) = (SignedDuration::from_hours(12), SignedDuration::from_secs(1));
    // What is to go in the last night of the month waits for the morning, which is in the next one.
    for (number, at, fits) in [(1, end + noon, true), (2, end - night, true), (3, end - noon, false)] {
        put(&post, &draft(number, Lane::Routine, Earnest::Real, When::At(at))).await;
        let asked = functions.desk.ask(&id(number), 1, &aoki()).await.unwrap();
        assert_eq!(matches!(asked, Outcome::Done(_)), fits, "{asked:?}");
        let over = if let Outcome::Unfit(unfit) = asked { unfit.over_quota } else { None };
        assert_eq!(over.map(|over| over.needed), (!fits).then_some(FRIENDS.into()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_platforms_count_is_about_and_never_makes_less_than_nothing() {
    let (post, functions) = city();
    put(&post, &approved(1, 30, post.now())).await;
    for (used, left) in [(0, 970), (960, 10), (971, 0), (LIMIT + 5, 0)] {
        post.quota.limit(LIMIT, used);
        match functions.desk.quota_left(None).await.unwrap() {
            Left::Limited(budget) => assert_eq!(budget.left(), left),
            other => panic!("{other:?}"),
        }
    }
    post.quota.fail();
    assert_eq!(functions.desk.quota_left(None).await.unwrap(), Left::Unknown);
}
