//! What a town rules about sending: it sleeps at night, nobody gets too many a week, and what rules write is watched.

use std::sync::Arc;
use std::time::Duration;

use app::broadcast::desk::Outcome;
use app::broadcast::reach::Counting;
use app::ports::Clock;
use app::ports::broadcasts::{Broadcasts, Ledgers, PartKey};
use domain::broadcast::audience::Audience;
use domain::broadcast::{Broadcast, Draft, Earnest, Guard, Lane, Origin, Pause, PauseReason, Reach, State};
use domain::ids::{BroadcastId, RuleId, StaffId};
use domain::language::Language;
use domain::staff::{self, Roles, Staff};
use domain::town::{Sending, Town};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tests::post::{Friend, Functions, Post};
use tests::staff::TestStaff;

use super::sending::{
    EMERGENCY, ROUTINE, account, approve, approve_from, city_that, draft, everybody_once, friend, id, may_have_missed,
};

const HOUR: Duration = Duration::from_hours(1);
const MINUTE: Duration = Duration::from_mins(1);

/// Lets the night pass, with a look of the janitor each minute.
async fn pass(functions: &Functions, minutes: u32) {
    for _ in 0..minutes {
        tokio::time::advance(MINUTE).await;
        functions.janitor.tick().await.unwrap();
        functions.work().await;
    }
}

fn rule(due: Timestamp) -> Origin {
    Origin::Rule { rule: RuleId::garbage(), due, seen_by: None }
}

fn state(post: &Post, id: &BroadcastId) -> State {
    post.broadcast(id).unwrap().state
}

#[tokio::test(start_paused = true)]
async fn what_is_routine_rests_at_night_and_goes_on_in_the_morning_by_itself() {
    let (post, functions) = city_that(60_000, Sending::default());
    // It is noon; the town is quiet from nine.
    tokio::time::advance(Duration::from_secs(9 * 3_600 - 3)).await;
    approve(&post, id(1), Lane::Routine, 3).await;
    let nine = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        functions.janitor.tick().await.unwrap();
    };
    tokio::join!(functions.work(), nine);
    let before = post.calls().len();
    assert!(0 < before && before < 120, "{before} calls before the night");
    assert!(matches!(
        state(&post, &id(1)),
        State::Sending { pause: Some(Pause { why: PauseReason::QuietHours, .. }), .. }
    ));
    pass(&functions, 10 * 60 - 1).await;
    assert_eq!(post.calls().len(), before, "calls at night");
    functions.work_until_closed(&id(1), 60).await;
    everybody_once(&post, 60_000);
}

#[tokio::test(start_paused = true)]
async fn what_should_have_gone_before_the_night_waits_for_the_morning_and_an_emergency_does_not() {
    let (post, functions) = city_that(700, Sending::default());
    tokio::time::advance(Duration::from_mins(9 * 60 - 1)).await;
    approve(&post, id(1), Lane::Routine, 1).await;
    approve(&post, id(2), Lane::Emergency, 1).await;
    // An outage: what asks for their parts comes late, or never.
    tokio::time::advance(2 * MINUTE).await;
    let late = post.next_part().unwrap();
    assert_eq!(late.lane, Lane::Routine);
    functions.planner.freeze(&late).await.unwrap();
    post.lose_messages();
    pass(&functions, 10).await;
    assert!(matches!(state(&post, &id(1)), State::Approved { .. }), "the routine one");
    assert!(matches!(state(&post, &id(2)), State::Finished { .. }), "the emergency");
    let in_the_night = post.calls().len();
    pass(&functions, 9 * 60 + 40).await;
    assert_eq!(post.calls().len(), in_the_night, "until just before seven");
    functions.work_until_closed(&id(1), 60).await;
}

#[tokio::test(start_paused = true)]
async fn what_rests_for_another_reason_is_not_sent_at_night_by_the_press_of_a_button() {
    let (post, functions) = city_that(700, Sending::default());
    tokio::time::advance(Duration::from_mins(9 * 60 - 1)).await;
    approve(&post, id(1), Lane::Routine, 1).await;
    let quota = domain::sending::delivery::Answer::QuotaSpent;
    post.fail_calls([tests::post::CallFault::Says(quota)]);
    functions.work().await;
    tokio::time::advance(HOUR).await;
    let by: StaffId = "approver".parse().unwrap();
    assert!(matches!(functions.desk.resume(&id(1), &by).await.unwrap(), Outcome::Done(_)));
    assert!(matches!(
        state(&post, &id(1)),
        State::Sending { pause: Some(Pause { why: PauseReason::QuietHours, .. }), .. }
    ));
    let before = post.calls().len();
    pass(&functions, 60).await;
    assert_eq!(post.calls().len(), before);
    tokio::time::advance(8 * HOUR).await;
    functions.work_until_closed(&id(1), 60).await;
    everybody_once(&post, 700);
}

#[tokio::test(start_paused = true)]
async fn who_has_had_as_many_as_the_town_allows_gets_no_more_that_week_but_for_emergencies() {
    let sending = Sending { weekly_max: Some(2), ..Sending::default() };
    let (post, functions) = city_that(900, sending);
    approve(&post, id(4), Lane::Emergency, 2).await;
    functions.work_until_closed(&id(4), 10).await;
    approve(&post, id(1), Lane::Routine, 2).await;
    functions.work_until_closed(&id(1), 10).await;
    // Two at once, all their parts frozen at once: one of them is the second, and the other would be the third.
    approve(&post, id(6), Lane::Routine, 3).await;
    approve(&post, id(2), Lane::Routine, 2).await;
    post.read_slowly(Duration::from_millis(10));
    for _ in 0..10 {
        let parts: Vec<_> = std::iter::from_fn(|| post.next_part()).collect();
        for frozen in join_all(parts.iter().map(|part| functions.planner.freeze(part))).await {
            frozen.unwrap();
        }
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(post.waiting().0, 0, "parts to freeze");
    for both in [id(2), id(6)] {
        functions.work_until_closed(&both, 10).await;
    }
    assert!(post.received().values().all(|times| *times == 3), "the emergency, and two");
    post.befriend(Friend::new(friend(5_000)));
    let third = Broadcast::new(id(3), draft(Lane::Routine), Earnest::Real, Origin::Staff, "author".parse().unwrap());
    let counted = functions.count(&third).await;
    assert_eq!(counted.reach, Reach { reached: 1, capped: 900, followers: 901 });
    assert_eq!((counted.lately, counted.recent.len()), (Some(0), 0), "who came had neither");
    approve(&post, id(3), Lane::Routine, 2).await;
    let third = account(&functions.work_until_closed(&id(3), 10).await);
    assert_eq!((third.accepted, third.left_out.capped), (1, 900));
    approve(&post, id(7), Lane::Emergency, 2).await;
    let emergency = account(&functions.work_until_closed(&id(7), 10).await);
    assert_eq!((emergency.accepted, emergency.left_out.capped), (901, 0));
    // A week later they may be told again.
    tokio::time::advance(7 * 24 * HOUR).await;
    approve(&post, id(5), Lane::Routine, 2).await;
    let fifth = account(&functions.work_until_closed(&id(5), 10).await);
    assert_eq!((fifth.accepted, fifth.left_out.capped), (901, 0));
}

#[tokio::test(start_paused = true)]
async fn who_may_have_missed_one_can_be_sent_it_again_though_they_have_had_enough() {
    let sending = Sending { weekly_max: Some(1), ..Sending::default() };
    let (post, functions) = city_that(900, sending);
    may_have_missed(&post, &functions, &id(1)).await;
    let unclear = || Audience::UnclearIn(id(1));
    let japanese = Audience::Languages([Language::Japanese].into());
    for (audience, reached, capped) in [
        (Audience::All, 0, 900),
        (unclear(), 900, 0),
        (Audience::And(vec![japanese.clone(), unclear()]), 600, 0),
        (Audience::Or(vec![japanese, unclear()]), 0, 900),
    ] {
        let draft = Draft { audience: audience.clone(), ..draft(Lane::Routine) };
        let broadcast = Broadcast::new(id(2), draft, Earnest::Real, Origin::Staff, "author".parse().unwrap());
        let counted = functions.count(&broadcast).await;
        assert_eq!(counted.reach, Reach { reached, capped, followers: 900 }, "{audience:?}");
    }
    let mut again = approve(&post, id(3), Lane::Routine, 1).await;
    again.audience = unclear();
    post.put(&again, Some(1), None).await.unwrap();
    assert_eq!(account(&functions.work_until_closed(&id(3), 10).await).accepted, 900);
    everybody_once(&post, 900);
    let twice = Draft { audience: unclear(), ..draft(Lane::Routine) };
    let twice = Broadcast::new(id(4), twice, Earnest::Real, Origin::Staff, "author".parse().unwrap());
    assert_eq!(functions.count(&twice).await.reach.capped, 900, "once more is one too many");
}

#[tokio::test(start_paused = true)]
async fn what_a_rule_wrote_too_long_ago_waits_for_a_person_who_lets_it_go() {
    let (post, functions) = city_that(700, Sending::default());
    // When it was due is not asked: what is made up for after an outage goes later than that.
    let due = Clock::now(&*post) - SignedDuration::from_hours(1);
    for (number, late) in [(1, 30), (2, 31)] {
        approve_from(&post, rule(due), id(number), Lane::Routine, 1).await;
        post.lose_messages();
        tokio::time::advance(Duration::from_mins(late)).await;
        functions.janitor.tick().await.unwrap();
        functions.work().await;
    }
    assert!(matches!(state(&post, &id(1)), State::Sending { .. } | State::Finished { .. }), "half an hour is in time");
    assert!(matches!(state(&post, &id(2)), State::Held { why: Guard::TooOld, .. }));
    pass(&functions, 5).await;
    assert_eq!(post.calls().len(), 2, "one wording each of the first");
    let (by, other): (StaffId, StaffId) = ("editor".parse().unwrap(), "approver".parse().unwrap());
    let seen = post.find(&id(2)).await.unwrap().unwrap().version;
    let Outcome::Done(asked) = functions.desk.ask(&id(2), seen, &by).await.unwrap() else { panic!("not asked") };
    let approved = functions.desk.approve(&id(2), asked.version, &other).await.unwrap();
    assert!(matches!(approved, Outcome::Done(_)), "{approved:?}");
    functions.work_until_closed(&id(2), 10).await;
}

#[tokio::test(start_paused = true)]
async fn the_third_of_rules_to_the_same_resident_in_an_hour_waits_for_a_person_and_staff_are_not_held() {
    let (post, functions) = city_that(700, Sending::default());
    // What staff sent counts for nothing.
    approve(&post, id(4), Lane::Emergency, 3).await;
    functions.work_until_closed(&id(4), 10).await;
    for number in 1..=3 {
        approve_from(&post, rule(Clock::now(&*post)), id(number), Lane::Emergency, 3).await;
        pass(&functions, 3).await;
    }
    for sent in 1..=2 {
        assert!(matches!(state(&post, &id(sent)), State::Finished { .. }), "number {sent}");
    }
    assert!(matches!(state(&post, &id(3)), State::Held { why: Guard::TooMany, .. }));
    approve(&post, id(6), Lane::Emergency, 3).await;
    functions.work_until_closed(&id(6), 10).await;
    assert!(post.received().values().all(|times| *times == 4), "two of rules and two of staff");
    // An hour after the first two nobody would have too many.
    tokio::time::advance(HOUR).await;
    approve_from(&post, rule(Clock::now(&*post)), id(5), Lane::Emergency, 3).await;
    functions.work_until_closed(&id(5), 10).await;
}

#[tokio::test(start_paused = true)]
async fn of_a_large_account_the_count_takes_several_looks_and_comes_to_the_same() {
    let (post, functions) = city_that(3_000, Sending::default());
    approve(&post, id(1), Lane::Routine, 4).await;
    functions.work_until_closed(&id(1), 10).await;
    let broadcast =
        Broadcast::new(id(2), draft(Lane::Routine), Earnest::Real, Origin::Staff, "author".parse().unwrap());
    let at_once = functions.count(&broadcast).await;
    assert_eq!((at_once.reach.reached, at_once.lately, at_once.recent[0].both), (3_000, Some(3_000), 3_000));
    tokio::time::advance(Duration::try_from(app::broadcast::reach::COUNT_LIFE).unwrap()).await;
    // Four seconds for each of eight pieces, and eight for a look.
    post.read_slowly(Duration::from_secs(1));
    let mut seen = Vec::new();
    let slowly = loop {
        match functions.desk.count(&broadcast).await.unwrap() {
            Counting::Going { done } if seen.len() < 10 => seen.push(done),
            Counting::Going { done } => panic!("still at {done}"),
            Counting::Done(counted) => break *counted,
        }
    };
    assert_eq!((seen, slowly), (vec![64, 128, 192], at_once));
    // Two who look at once: one of them has counted, and nobody is counted twice.
    let other = Broadcast::new(id(3), draft(Lane::Routine), Earnest::Real, Origin::Staff, "author".parse().unwrap());
    for _ in 0..3 {
        let (one, two) = tokio::join!(functions.desk.count(&other), functions.desk.count(&other));
        assert_eq!(one.unwrap(), two.unwrap());
    }
    let Counting::Done(done) = functions.desk.count(&other).await.unwrap() else { panic!("not counted") };
    assert_eq!(done.reach.reached, 3_000);
    // Two who count different audiences under one id: nobody takes the other's number for theirs.
    let mut few = Broadcast { id: id(4), ..other.clone() };
    few.audience = Audience::NotReceived(id(1));
    let many = Broadcast { id: id(4), ..other };
    post.read_slowly(Duration::from_millis(100));
    let (few, many) = tokio::join!(functions.desk.count(&few), functions.desk.count(&many));
    let reached = |counting| match counting {
        Counting::Done(counted) => Some(counted.reach.reached),
        Counting::Going { .. } => None,
    };
    let (few, many) = (reached(few.unwrap()), reached(many.unwrap()));
    assert!(few.is_none_or(|few| few == 0) && many.is_none_or(|many| many == 3_000), "{few:?} {many:?}");
    assert!(few.is_some() != many.is_some(), "one of them has counted: {few:?} {many:?}");
}

#[tokio::test(start_paused = true)]
async fn a_count_of_something_else_is_not_gone_on_with() {
    let (post, functions) = city_that(300, Sending::default());
    post.read_slowly(Duration::from_secs(1));
    let mut broadcast =
        Broadcast::new(id(1), draft(Lane::Routine), Earnest::Real, Origin::Staff, "author".parse().unwrap());
    assert_eq!(functions.desk.count(&broadcast).await.unwrap(), Counting::Going { done: 64 });
    broadcast.content.wordings.remove(&Language::English);
    assert_eq!(functions.desk.counting(&broadcast).await.unwrap(), None);
    assert_eq!(functions.desk.count(&broadcast).await.unwrap(), Counting::Going { done: 64 });
    tokio::time::advance(HOUR).await;
    assert_eq!(functions.desk.count_on(&broadcast).await.unwrap(), None, "an hour later it says nothing");
}

#[tokio::test(start_paused = true)]
async fn a_drill_reaches_the_phones_of_staff_who_may_come_in_and_nobody_else() {
    let (post, _) = city_that(600, Sending::default());
    let staff = Arc::new(TestStaff::new(post.clone()));
    let person = |id: &str, phone: Option<u32>, standing| Staff {
        id: id.parse().unwrap(),
        name: id.parse().unwrap(),
        email: format!("{id}@city.example").parse().unwrap(),
        standing,
        roles: Roles::default(),
        identity: None,
        phone: phone.map(|number| friend(number).text().parse().unwrap()),
    };
    staff.settle([
        person("active", Some(7), staff::Standing::Active),
        person("disabled", Some(8), staff::Standing::Disabled),
        person("without", None, staff::Standing::Active),
    ]);
    let functions = post.functions(Arc::new(Town::default()), staff, [EMERGENCY, ROUTINE]);
    let mut drill = approve(&post, id(1), Lane::Emergency, 3).await;
    let counted = functions.count(&Broadcast { earnest: Earnest::Drill, ..drill.clone() }).await;
    assert_eq!(counted.reach, Reach { reached: 1, capped: 0, followers: 600 });
    drill.earnest = Earnest::Drill;
    post.put(&drill, Some(1), None).await.unwrap();
    let account = account(&functions.work_until_closed(&id(1), 10).await);
    assert_eq!((account.frozen, account.left_out.outside), (1, 599));
    assert_eq!(post.received().into_iter().collect::<Vec<_>>(), [(friend(7), 1)]);
}

#[tokio::test(start_paused = true)]
async fn of_rules_that_are_due_at_once_no_more_go_than_may() {
    let (post, functions) = city_that(700, Sending::default());
    for number in 1..=4 {
        approve_from(&post, rule(Clock::now(&*post)), id(number), Lane::Emergency, 2).await;
    }
    tokio::time::advance(Duration::from_secs(10)).await;
    freeze_for_a_minute(&post, &functions).await;
    two_went_and_two_are_held(&post);
}

#[tokio::test(start_paused = true)]
async fn of_rules_that_wait_for_the_morning_no_more_go_than_may_and_those_go_at_once() {
    let (post, functions) = city_that(700, Sending::default());
    // It is noon; the town is quiet from nine until seven.
    tokio::time::advance(10 * HOUR).await;
    for number in 1..=4 {
        approve_from(&post, rule(Clock::now(&*post)), id(number), Lane::Routine, 2).await;
    }
    functions.work().await;
    assert_eq!(post.waiting().0, 0, "nobody asks again and again all night");
    tokio::time::advance(9 * HOUR).await;
    functions.janitor.tick().await.unwrap();
    freeze_for_a_minute(&post, &functions).await;
    two_went_and_two_are_held(&post);
    for number in 1..=4 {
        let parts = post.progress(&id(number)).await.unwrap().parts.len();
        let expected = if matches!(state(&post, &id(number)), State::Sending { .. }) { 2 } else { 0 };
        assert_eq!(parts, expected, "parts of number {number}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_rules_that_wait_for_the_morning_the_second_waits_until_the_first_has_gone() {
    let (post, functions) = city_that(700, Sending::default());
    tokio::time::advance(10 * HOUR).await;
    for number in 1..=2 {
        approve_from(&post, rule(Clock::now(&*post)), id(number), Lane::Routine, 1).await;
    }
    functions.work().await;
    tokio::time::advance(9 * HOUR).await;
    let waits = |number| matches!(state(&post, &id(number)), State::Approved { .. });
    let asked = async |number| {
        let key = PartKey { broadcast: id(number), lane: Lane::Routine, part: 0 };
        functions.planner.freeze(&key).await.unwrap();
        [waits(1), waits(2)]
    };
    assert_eq!(asked(1).await, [true, true], "it is seen only after a moment who is the first");
    tokio::time::advance(MINUTE).await;
    assert_eq!(asked(2).await, [true, true], "the second");
    assert_eq!(asked(1).await, [false, true], "the first");
    assert_eq!(asked(2).await, [false, false], "the second, after the first");
}

/// Lets planners work side by side, without a look of the janitor.
async fn freeze_for_a_minute(post: &Post, functions: &Functions) {
    post.read_slowly(Duration::from_millis(10));
    for _ in 0..60 {
        let parts: Vec<_> = std::iter::from_fn(|| post.next_part()).collect();
        for frozen in join_all(parts.iter().map(|part| functions.planner.freeze(part))).await {
            frozen.unwrap();
        }
        tokio::time::advance(Duration::from_secs(1)).await;
    }
}

fn two_went_and_two_are_held(post: &Post) {
    let went = (1..=4).filter(|number| matches!(state(post, &id(*number)), State::Sending { .. }));
    let held = (1..=4).filter(|number| matches!(state(post, &id(*number)), State::Held { why: Guard::TooMany, .. }));
    assert_eq!((went.count(), held.count()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn what_was_stopped_before_all_of_it_was_frozen_holds_nobody_up() {
    let sending = Sending { weekly_max: Some(5), ..Sending::default() };
    let (post, functions) = city_that(900, sending);
    approve(&post, id(1), Lane::Routine, 2).await;
    tokio::time::advance(Duration::from_secs(5)).await;
    let first = post.next_part().unwrap();
    functions.planner.freeze(&first).await.unwrap();
    tokio::time::advance(Duration::from_secs(5)).await;
    functions.planner.freeze(&first).await.unwrap();
    functions.desk.stop(&id(1), &"approver".parse().unwrap()).await.unwrap();
    assert!(matches!(state(&post, &id(1)), State::Stopped { account: None, .. }));
    // Its second part is frozen by nobody any more: whoever is in it certainly has not got it.
    let rest = Draft { audience: Audience::NotReceived(id(1)), ..draft(Lane::Routine) };
    let rest = Broadcast::new(id(2), rest, Earnest::Real, Origin::Staff, "author".parse().unwrap());
    let reached = functions.count(&rest).await.reach.reached;
    assert!(0 < reached && reached < 900, "{reached}");
    approve(&post, id(3), Lane::Routine, 2).await;
    pass(&functions, 3).await;
    assert!(matches!(state(&post, &id(3)), State::Finished { .. }), "{:?}", state(&post, &id(3)));
}
