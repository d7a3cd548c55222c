//! What is looked at before a broadcast goes: when approval is asked for and when it is given, also while the platform is silent.

use std::sync::Arc;
use std::time::Duration;

use app::broadcast::desk::{Outcome, Unfit};
use app::ports::broadcasts::FROZEN_LIFE;
use app::ports::{Clock, Objection, Verdict};
use domain::broadcast::audience::Audience;
use domain::broadcast::audience::check::Problem;
use domain::broadcast::content::{Message, Wording};
use domain::broadcast::{Draft, Earnest, Lane, Origin, Refusal, State, When};
use domain::ids::{BroadcastId, StaffId};
use domain::language::Language;
use domain::town::{Sending, Town};
use jiff::SignedDuration;
use tests::post::{Functions, Post};
use tests::staff::TestStaff;

use super::sending::{EMERGENCY, ROUTINE, approve, city, city_that, draft, everybody_once, friend, id};

fn who(name: &str) -> StaffId {
    name.parse().unwrap()
}

/// Keeps a draft, as its first version.
async fn write(functions: &Functions, id: BroadcastId, draft: Draft) {
    let created = functions.desk.create(id, draft, Earnest::Real, Origin::Staff, &who("author")).await.unwrap();
    assert!(matches!(created, Outcome::Done(_)), "{created:?}");
}

async fn ask(functions: &Functions, id: &BroadcastId) -> Outcome {
    functions.desk.ask(id, 1, &who("author")).await.unwrap()
}

fn version(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Done(done) | Outcome::Unchecked(done) => done.version,
        other => panic!("not done: {other:?}"),
    }
}

fn unfit(outcome: Outcome) -> Unfit {
    match outcome {
        Outcome::Unfit(unfit) => unfit,
        other => panic!("nothing is wrong with it: {other:?}"),
    }
}

fn state(post: &Post, id: &BroadcastId) -> State {
    post.broadcast(id).unwrap().state
}

fn objection() -> Objection {
    Objection { property: "messages[0]".to_owned(), words: "too odd".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn an_emergency_goes_though_the_platform_cannot_be_asked_what_it_takes() {
    let (post, functions) = city(600);
    write(&functions, id(1), draft(Lane::Emergency)).await;
    post.verdicts.say([Verdict::Fine, Verdict::Unasked]);
    let asked = ask(&functions, &id(1)).await;
    assert!(matches!(asked, Outcome::Unchecked(_)), "{asked:?}");
    assert_eq!(post.verdicts.asked().len(), 2, "about each wording");
    post.verdicts.say([Verdict::Unasked]);
    let approved = functions.desk.approve(&id(1), version(&asked), &who("approver")).await.unwrap();
    assert!(matches!(approved, Outcome::Unchecked(_)), "{approved:?}");
    assert_eq!(post.verdicts.asked().len(), 1, "about the one of which it said nothing");
    tokio::time::advance(Duration::from_secs(10)).await;
    functions.work().await;
    everybody_once(&post, 600);
}

#[tokio::test(start_paused = true)]
async fn what_is_routine_waits_until_the_platform_can_be_asked() {
    let (post, functions) = city(600);
    write(&functions, id(1), draft(Lane::Routine)).await;
    post.verdicts.say([Verdict::Fine, Verdict::Unasked]);
    let unasked = Unfit { unasked: vec![Language::English], ..Unfit::default() };
    assert_eq!(unfit(ask(&functions, &id(1)).await), unasked);
    assert_eq!(state(&post, &id(1)), State::Draft);
    let asked = ask(&functions, &id(1)).await;
    assert!(matches!(asked, Outcome::Done(_)), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_does_not_take_keeps_an_emergency_back_too() {
    let (post, functions) = city(600);
    write(&functions, id(1), draft(Lane::Emergency)).await;
    post.verdicts.say([Verdict::Unasked, Verdict::Refused(vec![objection()])]);
    let unfit = unfit(ask(&functions, &id(1)).await);
    assert_eq!(unfit.objections, [(Language::English, objection())]);
}

#[tokio::test(start_paused = true)]
async fn at_the_approval_the_platform_is_asked_about_words_that_are_new_to_it() {
    let (post, functions) = city(600);
    let mut words = draft(Lane::Routine);
    let of_the_town = Wording { messages: vec![Message::Text("{phone}".to_owned())] };
    words.content.wordings.insert(Language::English, of_the_town);
    let town = |phone: &str| {
        let mut town = Town::default();
        phone.clone_into(&mut town.profile.phone);
        let staff = Arc::new(TestStaff::new(post.clone()));
        post.functions(Arc::new(town), staff, [EMERGENCY, ROUTINE])
    };
    let (before, after) = (town("110"), town("119"));
    write(&functions, id(1), words).await;
    let asked = ask(&before, &id(1)).await;
    assert_eq!(post.verdicts.asked().len(), 2);
    // The town's data changes in between, and with it one of the wordings.
    post.verdicts.say([Verdict::Refused(vec![objection()])]);
    let refused = after.desk.approve(&id(1), version(&asked), &who("approver")).await.unwrap();
    assert_eq!(unfit(refused).objections, [(Language::English, objection())]);
    let about = post.verdicts.asked();
    assert!(about.len() == 1 && about[0].contains("119"), "{about:?}");
    let approved = before.desk.approve(&id(1), version(&asked), &who("approver")).await.unwrap();
    assert!(matches!(approved, Outcome::Done(_)), "{approved:?}");
    assert!(post.verdicts.asked().is_empty(), "it has said that it takes these");
}

#[tokio::test(start_paused = true)]
async fn what_speaks_of_a_broadcast_that_nobody_remembers_is_told_so() {
    let (post, functions) = city(600);
    post.forget((0..50).map(friend));
    approve(&post, id(1), Lane::Routine, 1).await;
    functions.work_until_closed(&id(1), 60).await;
    let began = state(&post, &id(1)).began().unwrap();
    let about = |number, when| {
        let audience = Audience::And(vec![Audience::All, Audience::NotReceived(id(number))]);
        Draft { audience, when, ..draft(Lane::Routine) }
    };
    let wrong = |problem| Unfit { audience: vec![problem], ..Unfit::default() };
    write(&functions, id(2), about(9, When::AtOnce)).await;
    assert_eq!(unfit(ask(&functions, &id(2)).await), wrong(Problem::UnknownBroadcast(id(9))));

    let day = SignedDuration::from_hours(24);
    let wait = (began + FROZEN_LIFE - day).duration_since(post.now());
    tokio::time::advance(Duration::try_from(wait).unwrap()).await;
    write(&functions, id(3), about(1, When::AtOnce)).await;
    assert!(matches!(ask(&functions, &id(3)).await, Outcome::Done(_)), "a day before it is forgotten");
    // What goes only when it is forgotten finds nothing any more.
    write(&functions, id(4), about(1, When::At(began + FROZEN_LIFE))).await;
    assert_eq!(unfit(ask(&functions, &id(4)).await), wrong(Problem::ForgottenBroadcast(id(1))));
    tokio::time::advance(Duration::try_from(day).unwrap()).await;
    write(&functions, id(5), about(1, When::AtOnce)).await;
    assert_eq!(unfit(ask(&functions, &id(5)).await), wrong(Problem::ForgottenBroadcast(id(1))));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_morning_can_be_taken_back_after_its_time() {
    let (post, functions) = city_that(700, Sending::default());
    tokio::time::advance(Duration::from_mins(9 * 60 - 1)).await;
    for number in [1, 2] {
        approve(&post, id(number), Lane::Routine, 1).await;
    }
    // Its time comes in the evening; it is asked for only when the town sleeps.
    tokio::time::advance(Duration::from_mins(2)).await;
    functions.work().await;
    assert!(matches!(state(&post, &id(1)), State::Approved { .. }));
    let taken_back = functions.desk.take_back(&id(1), &who("approver")).await.unwrap();
    assert!(matches!(taken_back, Outcome::Done(_)), "{taken_back:?}");
    tokio::time::advance(Duration::from_hours(10)).await;
    functions.janitor.tick().await.unwrap();
    functions.work().await;
    assert_eq!(state(&post, &id(1)), State::Draft);
    assert!(matches!(state(&post, &id(2)), State::Sending { .. } | State::Finished { .. }));
    let too_late = functions.desk.take_back(&id(2), &who("approver")).await.unwrap();
    assert!(matches!(too_late, Outcome::Refused(Refusal::TooLate | Refusal::WrongState)), "{too_late:?}");
    everybody_once(&post, 700);
}

#[tokio::test(start_paused = true)]
async fn an_emergency_does_not_wait_until_everybody_is_counted() {
    let (post, functions) = city(3_000);
    // Four seconds for each of eight pieces, and eight for a look.
    post.read_slowly(Duration::from_secs(1));
    write(&functions, id(1), draft(Lane::Routine)).await;
    assert_eq!(ask(&functions, &id(1)).await, Outcome::Counting { done: 64 });
    write(&functions, id(2), draft(Lane::Emergency)).await;
    let asked = ask(&functions, &id(2)).await;
    let State::AwaitingApproval { reach, .. } = state(&post, &id(2)) else { panic!("{asked:?}") };
    assert!((2_900..=3_100).contains(&reach.reached) && reach.followers == reach.reached, "{reach:?}");
    // Of whom nobody is found it is not known whether there is anybody.
    let few = Draft { audience: Audience::NotReceived(id(3)), ..draft(Lane::Emergency) };
    approve(&post, id(3), Lane::Emergency, 1).await;
    tokio::time::advance(Duration::from_secs(10)).await;
    functions.work_until_closed(&id(3), 60).await;
    write(&functions, id(4), few).await;
    assert_eq!(ask(&functions, &id(4)).await, Outcome::Counting { done: 64 });
}
