//! Who lets a broadcast go, and until when it can be taken back.

use jiff::civil::time;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::*;
use crate::sending::plan::Variant;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn who(name: &str) -> StaffId {
    name.parse().unwrap()
}

fn plan() -> Plan {
    Plan { parts: 1, variants: vec![Variant::new(crate::language::Language::Japanese, "d".to_owned())] }
}

const SOME: Reach = Reach { reached: 50, capped: 0, followers: 100 };
const MOST: Reach = Reach { reached: 51, capped: 0, followers: 100 };

fn draft(lane: Lane, when: When) -> Draft {
    Draft {
        title: "断水".to_owned(),
        department: "water".parse().unwrap(),
        content: Content::default(),
        audience: Audience::All,
        lane,
        when,
    }
}

fn written(lane: Lane, earnest: Earnest) -> Broadcast {
    Broadcast::new("b".parse().unwrap(), draft(lane, When::AtOnce), earnest, Origin::Staff, who("author"))
}

/// Asked for by its author at 0, and approved at 0.
fn approved(lane: Lane, reach: Reach, by: &str) -> Result<Broadcast, Refusal> {
    let mut broadcast = written(lane, Earnest::Real);
    broadcast.ask(&who("author"), reach, at(0))?;
    broadcast.approve(&who(by), plan(), at(0), at(0))?;
    Ok(broadcast)
}

fn release_at(broadcast: &Broadcast) -> Timestamp {
    match &broadcast.state {
        State::Approved { release_at, .. } => *release_at,
        other => panic!("not approved: {other:?}"),
    }
}

#[test]
fn the_class_is_by_lane_reach_and_earnest() {
    for (lane, earnest, reach, class) in [
        (Lane::Routine, Earnest::Real, SOME, Class::Segment),
        (Lane::Routine, Earnest::Real, MOST, Class::All),
        (Lane::Routine, Earnest::Real, Reach { reached: 1, capped: 0, followers: 1 }, Class::All),
        (Lane::Routine, Earnest::Real, Reach { reached: 1, capped: 50, followers: 100 }, Class::All),
        (Lane::Routine, Earnest::Drill, MOST, Class::Segment),
        (Lane::Emergency, Earnest::Real, SOME, Class::Emergency),
        (Lane::Emergency, Earnest::Drill, MOST, Class::Emergency),
    ] {
        assert_eq!(written(lane, earnest).class(reach), class, "{lane:?} {earnest:?} {reach:?}");
    }
}

#[test]
fn only_a_broadcast_to_all_needs_somebody_else() {
    assert!(approved(Lane::Routine, SOME, "author").is_ok());
    assert_eq!(approved(Lane::Routine, MOST, "author").unwrap_err(), Refusal::OwnWork);
    assert!(approved(Lane::Routine, MOST, "approver").is_ok());
    assert!(approved(Lane::Emergency, MOST, "author").is_ok());
}

#[test]
fn whoever_asked_does_not_approve_what_somebody_else_wrote_for_all_either() {
    let mut broadcast = written(Lane::Routine, Earnest::Real);
    broadcast.ask(&who("colleague"), MOST, at(0)).unwrap();
    assert_eq!(broadcast.approve(&who("colleague"), plan(), at(0), at(0)), Err(Refusal::OwnWork));
    assert_eq!(broadcast.approve(&who("author"), plan(), at(0), at(0)), Err(Refusal::OwnWork));
    assert_eq!(broadcast.approve(&who("approver"), plan(), at(0), at(0)), Ok(()));
}

#[test]
fn an_emergency_waits_ten_seconds_and_can_be_taken_back_until_then() {
    let mut broadcast = approved(Lane::Emergency, MOST, "author").unwrap();
    assert_eq!(release_at(&broadcast), at(0) + UNDO);
    assert_eq!(broadcast.release(at(9)), Err(Refusal::WrongState));
    let mut undone = broadcast.clone();
    assert_eq!(
        (undone.take_back(&who("editor")), &undone.state),
        (Ok(()), &State::Draft),
        "as long as nobody has let it go"
    );
    assert_eq!(undone.release(at(10)), Err(Refusal::WrongState));
    assert_eq!(broadcast.release(at(10)), Ok(()));
    let gone = broadcast.clone();
    assert_eq!((broadcast.take_back(&who("editor")), &broadcast), (Err(Refusal::TooLate), &gone));
    broadcast.stop(&who("author"), at(12)).unwrap();
    assert_eq!(broadcast.take_back(&who("editor")), Err(Refusal::WrongState));
}

#[test]
fn it_goes_when_it_is_wanted_and_the_town_allows_it() {
    let mut broadcast = written(Lane::Routine, Earnest::Real);
    broadcast.when = When::At(at(600));
    broadcast.ask(&who("author"), SOME, at(0)).unwrap();
    let mut late = broadcast.clone();
    broadcast.approve(&who("approver"), plan(), at(3_600), at(0)).unwrap();
    assert_eq!(release_at(&broadcast), at(3_600), "quiet hours");
    assert_eq!(late.approve(&who("approver"), plan(), at(0), at(600)), Err(Refusal::TimePast));
}

#[test]
fn only_what_is_routine_and_meant_heeds_the_night() {
    let night = QuietHours::new(time(21, 0, 0, 0), time(7, 0, 0, 0)).ok();
    // Three in the morning in Japan.
    let (wanted, morning) = (instant("2026-11-21T18:00:00Z"), instant("2026-11-21T22:00:00Z"));
    for (lane, earnest, quiet, expected) in [
        (Lane::Routine, Earnest::Real, night, morning),
        (Lane::Routine, Earnest::Real, None, wanted),
        (Lane::Routine, Earnest::Drill, night, wanted),
        (Lane::Emergency, Earnest::Real, night, wanted),
    ] {
        assert_eq!(written(lane, earnest).earliest(quiet, wanted), expected, "{lane:?} {earnest:?} {quiet:?}");
    }
    assert_eq!(written(Lane::Routine, Earnest::Real).earliest(night, morning), morning);
    let slot = crate::garbage::reminder::Slot::all().next().unwrap();
    let audience = Audience::GarbageDay { day: jiff::civil::date(2026, 11, 20), slot };
    let asked_for = Broadcast { audience, ..written(Lane::Routine, Earnest::Real) };
    assert_eq!(asked_for.earliest(night, wanted), wanted, "at the hour that its residents chose");
}

#[test]
fn what_a_rule_wrote_is_held_until_a_person_has_looked_at_it() {
    let minutes = SignedDuration::from_mins(30);
    let mut broadcast = approved(Lane::Routine, SOME, "approver").unwrap();
    let staffs = broadcast.clone();
    broadcast.origin = Origin::Rule { rule: RuleId::garbage(), due: at(0), seen_by: None };
    assert_eq!(
        (broadcast.too_old(None, minutes, at(1_800)), broadcast.too_old(None, minutes, at(1_801))),
        (None, Some(Guard::TooOld))
    );
    assert_eq!((staffs.is_unseen(), staffs.too_old(None, minutes, at(9_999))), (false, None));
    assert_eq!(staffs.clone().hold(Guard::TooOld, at(1)), Err(Refusal::WrongState));
    // Due in the middle of quiet hours that end after six hours.
    let local = crate::time::in_japan(at(0));
    let quiet = QuietHours::new((local - 1.hour()).time(), (local + 6.hours()).time()).ok();
    let age = |second: i64| broadcast.too_old(quiet, minutes, at(6 * 3_600 + second));
    assert_eq!((age(1_800), age(1_801)), (None, Some(Guard::TooOld)));
    broadcast.hold(Guard::TooMany, at(5)).unwrap();
    assert_eq!(broadcast.state, State::Held { at: at(5), why: Guard::TooMany });
    assert_eq!(broadcast.release(at(6)), Err(Refusal::WrongState));
    assert_eq!(broadcast.hold(Guard::TooMany, at(6)), Err(Refusal::WrongState), "nobody has approved it since");
    broadcast.ask(&who("editor"), SOME, at(7)).unwrap();
    broadcast.approve(&who("approver"), plan(), at(7), at(7)).unwrap();
    assert!(!broadcast.is_unseen());
    assert_eq!(broadcast.too_old(None, minutes, at(9_999)), None);
    assert_eq!(broadcast.hold(Guard::TooMany, at(8)), Err(Refusal::WrongState));
    assert_eq!(broadcast.release(at(8)), Ok(()));
}

#[test]
fn an_edit_makes_an_approval_void_and_its_writer_the_author() {
    let mut broadcast = approved(Lane::Emergency, MOST, "approver").unwrap();
    broadcast.edit(draft(Lane::Routine, When::AtOnce), &who("editor")).unwrap();
    assert_eq!((&broadcast.state, broadcast.author.as_str()), (&State::Draft, "editor"));
    assert_eq!(broadcast.release(at(60)), Err(Refusal::WrongState));
    let mut gone = approved(Lane::Routine, SOME, "approver").unwrap();
    gone.release(at(0)).unwrap();
    let before = gone.clone();
    assert_eq!(gone.edit(draft(Lane::Emergency, When::AtOnce), &who("editor")), Err(Refusal::TooLate));
    assert_eq!(gone, before, "nothing of it has changed");
}

#[test]
fn a_stop_ends_it_wherever_it_stands_and_only_once() {
    let mut waiting = approved(Lane::Emergency, MOST, "approver").unwrap();
    waiting.stop(&who("approver"), at(3)).unwrap();
    assert!(matches!(waiting.state, State::Stopped { plan: None, account: Some(_), .. }));
    assert_eq!(waiting.release(at(60)), Err(Refusal::WrongState));
    let mut going = approved(Lane::Routine, SOME, "approver").unwrap();
    going.release(at(0)).unwrap();
    going.stop(&who("editor"), at(3)).unwrap();
    assert_eq!(going.stop(&who("editor"), at(4)), Err(Refusal::WrongState));
    assert!(
        matches!(going.state, State::Stopped { plan: Some(_), account: None, .. }),
        "what had begun is counted first"
    );
    going.close(Account::default(), at(9)).unwrap();
    assert_eq!(going.close(Account::default(), at(10)), Err(Refusal::WrongState));
}

#[test]
fn the_first_reason_to_rest_stays_until_somebody_lets_it_go_on() {
    let mut broadcast = approved(Lane::Routine, SOME, "approver").unwrap();
    assert_eq!(broadcast.pause(PauseReason::Quota, at(0)), Err(Refusal::WrongState));
    broadcast.release(at(0)).unwrap();
    assert_eq!(broadcast.resume(), Err(Refusal::WrongState));
    broadcast.pause(PauseReason::Quota, at(1)).unwrap();
    for again in [PauseReason::Quota, PauseReason::Credentials] {
        assert_eq!(broadcast.pause(again, at(2)), Err(Refusal::WrongState), "nothing to write, nothing to tell");
    }
    let State::Sending { pause: Some(pause), .. } = &broadcast.state else { panic!("it goes on") };
    assert_eq!((pause.why, pause.at), (PauseReason::Quota, at(1)));
    assert_eq!(broadcast.resume(), Ok(()));
    assert!(matches!(broadcast.state, State::Sending { pause: None, .. }));
}

#[test]
fn remarks_are_kept_up_to_a_number() {
    let mut broadcast = written(Lane::Routine, Earnest::Real);
    let remark = Remark { by: who("editor"), at: at(0), text: "よい".to_owned() };
    for _ in 0..REMARKS_MAX {
        broadcast.remark(remark.clone()).unwrap();
    }
    assert_eq!(broadcast.remark(remark), Err(Refusal::TooManyRemarks));
    assert_eq!(UNDO, SignedDuration::from_secs(10));
}

#[test]
fn where_it_stands_is_written_before_what_can_be_long() {
    let written = serde_json::to_string(&written(Lane::Routine, Earnest::Real)).unwrap();
    let at = |name: &str| written.find(&format!("\"{name}\"")).unwrap();
    for long in ["audience", "content", "remarks"] {
        assert!(at("state") < at(long), "{long} stands before the state: {written}");
    }
}

/// Approved at 0, sent from 5 on.
fn sent() -> Broadcast {
    let mut broadcast = approved(Lane::Routine, SOME, "approver").unwrap();
    broadcast.release(at(5)).unwrap();
    broadcast
}

#[test]
fn who_approved_it_and_since_when_it_went_stays_known_however_it_ends() {
    let approval = Some(Approval { by: who("approver"), at: at(0) });
    let (mut finished, mut stopped) = (sent(), sent());
    finished.close(Account::default(), at(9)).unwrap();
    stopped.stop(&who("editor"), at(7)).unwrap();
    stopped.close(Account::default(), at(9)).unwrap();
    for broadcast in [finished, stopped] {
        assert_eq!((&broadcast.approval, broadcast.state.began()), (&approval, Some(at(5))));
        assert_eq!(broadcast.state.account(), Some(&Account::default()));
    }
    let mut never = approved(Lane::Routine, SOME, "approver").unwrap();
    never.stop(&who("editor"), at(3)).unwrap();
    assert_eq!((&never.approval, never.state.began(), never.state.account()), (&None, Some(at(3)), None));
}

#[test]
fn what_residents_asked_for_at_an_hour_ends_by_itself_two_hours_later_and_goes_no_more() {
    let slot = crate::garbage::reminder::Slot::all().last().unwrap();
    let audience = Audience::GarbageDay { day: jiff::civil::date(2026, 11, 20), slot };
    let origin = Origin::Rule { rule: RuleId::garbage(), due: at(0), seen_by: None };
    let (last, late) = (at(7_200), at(7_201));
    let mut to_all = Broadcast { origin: origin.clone(), ..sent() };
    assert_eq!((to_all.is_out_of_time(late), to_all.give_up(late)), (false, Err(Refusal::WrongState)));
    let mut going = Broadcast { audience: audience.clone(), origin: origin.clone(), ..sent() };
    assert_eq!((going.is_out_of_time(last), going.give_up(last)), (false, Err(Refusal::WrongState)));
    going.pause(PauseReason::Quota, at(9)).unwrap();
    going.give_up(late).unwrap();
    let State::Stopped { by, at: stopped, since, plan, account } = &going.state else { panic!("{:?}", going.state) };
    assert_eq!((by, *stopped, *since, plan.is_some(), account), (&None, late, Some(at(5)), true, &None));
    let mut waiting = Broadcast { origin, audience, ..approved(Lane::Routine, SOME, "approver").unwrap() };
    assert_eq!(waiting.give_up(late), Err(Refusal::WrongState), "it has not gone");
    let day = SignedDuration::from_hours(24);
    assert_eq!((waiting.too_old(None, day, last), waiting.too_old(None, day, late)), (None, Some(Guard::TooOld)));
    waiting.hold(Guard::TooOld, late).unwrap();
    assert_eq!(waiting.ask(&who("editor"), SOME, late), Err(Refusal::HourPast));
    // In the morning the truck has come long before that.
    let slot = crate::garbage::reminder::Slot::all().next().unwrap();
    going.audience = Audience::GarbageDay { day: jiff::civil::date(2026, 11, 20), slot };
    assert_eq!((going.is_out_of_time(at(1_500)), going.is_out_of_time(at(1_501))), (false, true));
}

#[test]
fn what_its_rule_takes_back_nobody_has_looked_at_and_what_a_person_takes_back_somebody_has() {
    let origin = Origin::Rule { rule: RuleId::garbage(), due: at(0), seen_by: None };
    let waiting = Broadcast { origin, ..approved(Lane::Routine, SOME, "approver").unwrap() };
    let (mut with_rule, mut by_hand) = (waiting.clone(), waiting);
    with_rule.take_back_with_its_rule().unwrap();
    assert_eq!((&with_rule.state, with_rule.is_unseen()), (&State::Draft, true));
    assert_eq!(with_rule.take_back_with_its_rule(), Err(Refusal::WrongState), "it does not wait any more");
    by_hand.take_back(&who("editor")).unwrap();
    assert_eq!((&by_hand.state, by_hand.is_unseen()), (&State::Draft, false));
    let mut looked_at = approved(Lane::Routine, SOME, "approver").unwrap();
    assert_eq!(looked_at.take_back_with_its_rule(), Err(Refusal::WrongState), "a person let it go");
}

#[test]
fn what_was_stored_before_that_was_kept_is_still_read() {
    let mut stopped = sent();
    stopped.stop(&who("editor"), at(7)).unwrap();
    let mut stored = serde_json::to_value(&stopped).unwrap();
    stored.as_object_mut().unwrap().remove("approval").unwrap();
    stored["state"]["stopped"].as_object_mut().unwrap().remove("since").unwrap();
    let read: Broadcast = serde_json::from_value(stored).unwrap();
    assert_eq!((&read.approval, &read.unfollowed, read.state.began()), (&None, &None, Some(at(7))));
}

#[test]
fn unfollows_are_counted_after_what_went_until_the_count_is_settled() {
    let so_far = |people| Unfollowed { people, count: Count::SoFar };
    let settled = Unfollowed { people: 3, count: Count::Settled };
    let mut broadcast = sent();
    assert_eq!(broadcast.count_unfollowed(so_far(1)), Err(Refusal::WrongState), "it is not closed");
    broadcast.close(Account::default(), at(9)).unwrap();
    for unfollowed in [so_far(1), so_far(2), settled] {
        assert_eq!(broadcast.count_unfollowed(unfollowed), Ok(()));
    }
    assert_eq!(broadcast.count_unfollowed(so_far(4)), Err(Refusal::WrongState));
    assert_eq!(broadcast.unfollowed, Some(settled));
}
