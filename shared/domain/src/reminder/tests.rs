//! When a rule is due, what it writes, who lets it, and what an edit voids.

use jiff::civil::{date, time};

use super::*;
use crate::broadcast::content::{Message, Wording};
use crate::dates::parse_rules;
use crate::garbage::reminder::Side;

const SOME: Reach = Reach { reached: 10, capped: 0, followers: 100 };
const MOST: Reach = Reach { reached: 51, capped: 0, followers: 100 };

fn at(text: &str) -> Timestamp {
    format!("{text}+09:00").parse().unwrap()
}

fn noon() -> Timestamp {
    at("2026-11-22T12:00")
}

fn who(name: &str) -> StaffId {
    name.parse().unwrap()
}

fn content() -> Content {
    let wording = |text: &str| Wording { messages: vec![Message::Text(text.to_owned())] };
    let wordings = [
        (Language::Japanese, wording("{date}、{month}の健診です。{phone}")),
        (Language::English, wording("Check-up on {date}")),
    ];
    Content { wordings: wordings.into() }
}

fn schedule(rules: &str) -> Schedule {
    let dates = parse_rules(rules).unwrap().into();
    Schedule { dates, time: time(10, 0, 0, 0), from: date(2026, 11, 1) }
}

fn town(rules: &str) -> Kind {
    Kind::Town { schedule: schedule(rules), audience: Audience::All, content: content() }
}

fn town_for(audience: Audience) -> Kind {
    Kind::Town { schedule: schedule("水"), audience, content: content() }
}

fn resident(months_after: u16, audience: Option<Audience>) -> Kind {
    let kind = DateKindId::child();
    Kind::Resident { kind, months_after, schedule: schedule("水1"), audience, content: content() }
}

fn draft(kind: Kind) -> Draft {
    let (name, department) = ("健診".parse().unwrap(), "health".parse().unwrap());
    Draft { name, department, kind, until: None, grace_minutes: GRACE_MINUTES }
}

fn rule(kind: Kind) -> Rule {
    Rule::new("0199cccc-0000-7000-8000-000000000001".parse().unwrap(), draft(kind), who("author"))
}

fn on(kind: Kind) -> Rule {
    let mut rule = rule(kind);
    rule.ask(&who("author"), SOME, noon()).unwrap();
    rule.approve(&who("approver"), noon()).unwrap();
    rule
}

fn written(rule: &Rule, due: Timestamp) -> Broadcast {
    rule.broadcast("b".parse().unwrap(), due).unwrap()
}

#[test]
fn it_is_due_until_its_last_date() {
    let mut rule = rule(town("水"));
    rule.until = Some(date(2026, 12, 2));
    let coming: Vec<_> = rule.coming(noon()).collect();
    assert_eq!(coming, [at("2026-11-25T10:00"), at("2026-12-02T10:00")]);
    rule.until = None;
    assert_eq!(rule.coming(noon()).take(10).count(), 10);
}

#[test]
fn garbage_reminders_are_due_at_all_times_that_residents_may_choose() {
    let mut rule = rule(Kind::Garbage);
    assert_eq!(rule.id, RuleId::garbage(), "a town has one");
    let day: Vec<_> = rule.coming(at("2026-11-24T21:00")).take(11).map(|due| in_japan(due).time()).collect();
    let expected = ["05:30", "06:00", "06:30", "07:00", "07:30", "08:00", "17:00", "18:00", "19:00", "20:00", "21:00"];
    assert_eq!(day, expected.map(|time| time.parse().unwrap()));
    assert_eq!(rule.next_after(at("2026-11-24T21:00")), Some(at("2026-11-25T05:30")));
    rule.until = Some(date(2026, 11, 24));
    assert_eq!(rule.next_after(at("2026-11-24T21:00")), None);
}

#[test]
fn what_it_writes_of_garbage_is_for_the_day_of_the_collection_and_the_hour() {
    let rule = rule(Kind::Garbage);
    for (due, side, day, title) in [
        ("2026-11-24T19:00", Side::Evening, date(2026, 11, 25), "健診 11月25日(水) 19:00"),
        ("2026-11-25T05:30", Side::Morning, date(2026, 11, 25), "健診 11月25日(水) 5:30"),
    ] {
        let written = written(&rule, at(due));
        let slot = Slot { side, at: in_japan(at(due)).time() };
        assert_eq!((written.audience, written.title.as_str()), (Audience::GarbageDay { day, slot }, title));
    }
    assert_eq!(rule.broadcast("b".parse().unwrap(), at("2026-11-25T19:01")), None, "at no such time");
    let reminded = Audience::GarbageReminded { areas: [].into(), categories: [].into() };
    assert_eq!(rule.sketch(noon()).unwrap().audience, reminded, "counted are all who are reminded");
}

#[test]
fn what_it_writes_says_the_date_in_each_language_and_leaves_the_towns_data_open() {
    let rule = on(town("水"));
    let due = at("2026-11-25T10:00");
    let written = written(&rule, due);
    let said = |language| match &written.content.wordings[&language].messages[0] {
        Message::Text(text) => text.as_str(),
        other => panic!("no text: {other:?}"),
    };
    assert_eq!(said(Language::Japanese), "11月25日(水)、11月の健診です。{phone}");
    assert_eq!(said(Language::English), "Check-up on Wed 25 November");
    assert_eq!(written.origin, Origin::Rule { rule: rule.id.clone(), due, seen_by: None });
    assert_eq!(
        (written.lane, written.when, written.title.as_str()),
        (Lane::Routine, When::AtOnce, "健診 11月25日(水)")
    );
}

#[test]
fn residents_are_those_whose_month_lies_so_many_months_before() {
    let given =
        |month: &str| Audience::DateIn { kind: DateKindId::CHILD.parse().unwrap(), month: month.parse().unwrap() };
    let due = at("2026-12-02T10:00");
    for (months, month) in [(0, "2026-12"), (12, "2025-12"), (18, "2025-06")] {
        assert_eq!(written(&rule(resident(months, None)), due).audience, given(month));
    }
    let district = Audience::Districts(["honcho".parse().unwrap()].into());
    let both = written(&rule(resident(18, Some(district.clone()))), due).audience;
    assert_eq!(both, Audience::And(vec![given("2025-06"), district]));
    assert_eq!(rule(resident(u16::MAX, None)).broadcast("b".parse().unwrap(), due), None);
}

#[test]
fn what_is_wrong_with_a_rule_is_said() {
    let mut wrong = rule(resident(MONTHS_AFTER_MAX + 1, None));
    wrong.until = Some(date(2026, 11, 1));
    wrong.grace_minutes = GRACE_MINUTES_MAX + 1;
    assert_eq!(wrong.check(noon()), Err(vec![Problem::NoDates, Problem::GraceTooLong, Problem::TooManyMonths]));
    assert_eq!(rule(resident(MONTHS_AFTER_MAX, None)).check(noon()), Ok(()));
    let earlier = Audience::NotReceived("0199aaaa-0000-7000-8000-000000000001".parse().unwrap());
    let looks_back = Audience::And(vec![Audience::All, Audience::Not(Box::new(earlier))]);
    let rules = [town_for(looks_back.clone()), resident(18, Some(looks_back))].map(rule);
    assert_eq!(rules.map(|rule| rule.check(noon())), [(); 2].map(|()| Err(vec![Problem::EarlierBroadcast])));
}

#[test]
fn it_is_approved_as_its_broadcasts_would_be() {
    for (kind, reach, by, expected) in [
        (town("水"), SOME, "author", Ok(())),
        (town("水"), MOST, "author", Err(Refusal::OwnWork)),
        (town("水"), MOST, "approver", Ok(())),
        (Kind::Garbage, SOME, "author", Ok(())),
        (Kind::Garbage, MOST, "author", Err(Refusal::OwnWork)),
        (Kind::Garbage, MOST, "approver", Ok(())),
        (town("2026-11-01"), SOME, "approver", Err(Refusal::NoDates)),
    ] {
        let mut rule = rule(kind);
        assert_eq!(rule.approve(&who(by), noon()), Err(Refusal::WrongState), "nobody asked");
        rule.ask(&who("author"), reach, noon()).unwrap();
        assert_eq!(rule.approve(&who(by), noon()), expected, "{reach:?} {by}");
        assert_eq!(rule.due().is_some(), expected.is_ok());
    }
}

#[test]
fn whoever_asked_has_a_part_in_it_too() {
    let mut rule = rule(town("水"));
    rule.ask(&who("asker"), MOST, noon()).unwrap();
    assert_eq!(rule.approve(&who("asker"), noon()), Err(Refusal::OwnWork));
}

#[test]
fn an_edit_of_anything_but_the_name_voids_the_approval() {
    let district = Audience::Districts(["honcho".parse().unwrap()].into());
    let as_it_is = draft(town("水"));
    for (edited, is_on) in [
        (Draft { name: "別の名前".parse().unwrap(), ..as_it_is.clone() }, true),
        (as_it_is.clone(), true),
        (Draft { department: "other".parse().unwrap(), ..as_it_is.clone() }, false),
        (Draft { until: Some(date(2027, 1, 1)), ..as_it_is.clone() }, false),
        (Draft { grace_minutes: 5, ..as_it_is.clone() }, false),
        (draft(town("木")), false),
        (draft(Kind::Town { schedule: schedule("水"), audience: district, content: content() }), false),
    ] {
        let mut rule = on(town("水"));
        rule.outcomes.push(Outcome { due: noon(), became: Became::Missed });
        rule.edit(edited.clone(), &who("editor")).unwrap();
        assert_eq!((rule.draft(), rule.due().is_some()), (edited, is_on));
        assert_eq!(rule.author, who(if is_on { "author" } else { "editor" }));
        assert_eq!(rule.outcomes.len(), 1, "what became of it stays");
    }
    assert_eq!(on(town("水")).edit(draft(Kind::Garbage), &who("editor")), Err(Refusal::OtherKind));
    assert_eq!(on(Kind::Garbage).edit(draft(town("水")), &who("editor")), Err(Refusal::OtherKind));
}

#[test]
fn a_rule_that_rests_makes_up_for_nothing_and_one_that_ended_can_be_written_anew() {
    let mut rule = on(town("水"));
    rule.pause(&who("editor"), noon()).unwrap();
    assert_eq!((rule.due(), rule.pause(&who("editor"), noon())), (None, Err(Refusal::WrongState)));
    rule.go_on(at("2026-11-25T10:00")).unwrap();
    assert_eq!(rule.due(), Some(at("2026-12-02T10:00")));
    rule.end(noon()).unwrap();
    assert_eq!((rule.due(), rule.end(noon()), rule.is_removable()), (None, Err(Refusal::WrongState), false));
    rule.edit(draft(town("木")), &who("editor")).unwrap();
    assert!(rule.state == State::Draft && rule.is_removable());
}

#[test]
fn garbage_reminders_that_ended_begin_again_as_a_draft_for_whichever_department() {
    let mut rule = on(Kind::Garbage);
    let anew = Draft { department: "environment".parse().unwrap(), ..draft(Kind::Garbage) };
    assert_eq!(rule.begin_again(anew.clone(), &who("editor")), Err(Refusal::WrongState), "it goes on");
    rule.outcomes.push(Outcome { due: noon(), became: Became::Missed });
    rule.end(noon()).unwrap();
    assert_eq!(rule.begin_again(draft(town("水")), &who("editor")), Err(Refusal::OtherKind));
    for draft in [rule.draft(), anew] {
        let mut again = rule.clone();
        again.begin_again(draft.clone(), &who("editor")).unwrap();
        assert_eq!((&again.state, &again.author, again.outcomes.len()), (&State::Draft, &who("editor"), 1));
        assert_eq!((&again.id, again.draft()), (&RuleId::garbage(), draft.clone()));
        assert_eq!(again.begin_again(draft, &who("editor")), Err(Refusal::WrongState), "it is one already");
    }
}

#[test]
fn what_became_of_it_is_kept_once_for_each_time_and_the_latest_only() {
    let mut rule = on(town("水"));
    let due = at("2026-11-25T10:00");
    rule.settle(vec![Outcome { due, became: Became::Stuck }], Some(due), due);
    assert_eq!((rule.due(), rule.is_removable()), (Some(due), false));
    rule.settle(vec![Outcome { due, became: Became::Missed }], None, at("2026-11-25T11:01"));
    assert_eq!(rule.outcomes, [Outcome { due, became: Became::Missed }]);
    assert_eq!(rule.due(), Some(at("2026-12-02T10:00")));
    let many: Vec<_> = rule.coming(due).take(OUTCOMES_MAX).map(|due| Outcome { due, became: Became::Missed }).collect();
    rule.settle(many.clone(), None, many.last().unwrap().due);
    assert_eq!(rule.outcomes, many, "the oldest is forgotten");
    let mut last = on(town("2026-11-25"));
    last.settle(Vec::new(), None, due);
    assert_eq!(last.state, State::Ended { at: due }, "no date is left");
}

#[test]
fn what_it_writes_is_approved_as_it_is_and_goes_when_it_is_due_or_made_up() {
    let rule = on(town("水"));
    let due = at("2026-11-25T10:00");
    for (minute, goes) in [("2026-11-25T10:00", "2026-11-25T10:00"), ("2026-11-25T10:40", "2026-11-25T10:40")] {
        let plan = Plan { parts: 1, variants: Vec::new() };
        let approved = rule.approved(written(&rule, due), plan.clone(), at(minute)).unwrap();
        let (by, release_at) = (who("approver"), at(goes));
        assert_eq!(approved.state, broadcast::State::Approved { by, at: noon(), release_at, reach: SOME, plan });
        assert!(approved.is_unseen());
    }
    let mut paused = rule.clone();
    paused.pause(&who("editor"), noon()).unwrap();
    let plan = Plan { parts: 1, variants: Vec::new() };
    assert_eq!(paused.approved(written(&rule, due), plan, due), Err(Refusal::WrongState));
    assert!(rule.makes_up(due, at("2026-11-25T11:00")) && !rule.makes_up(due, at("2026-11-25T11:01")));
}

#[test]
fn a_rule_is_stored_and_read_again() {
    for rule in [on(town("水")), on(Kind::Garbage), on(resident(18, Some(Audience::All)))] {
        let stored = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&stored).unwrap(), rule);
    }
}

#[test]
fn what_was_stuck_is_due_again_as_soon_as_the_rule_is_mended_if_it_is_not_too_late() {
    let stuck = |at: Timestamp| vec![Outcome { due: at, became: Became::Stuck }];
    let due = at("2026-11-25T10:00");
    let mended = |minutes: i64, kind: Kind| {
        let mut rule = on(town("水"));
        rule.settle(stuck(due), Some(due), due);
        let now = due + SignedDuration::from_mins(minutes);
        rule.edit(Draft { kind, ..rule.draft() }, &who("author")).unwrap();
        rule.ask(&who("author"), SOME, now).unwrap();
        rule.approve(&who("approver"), now).unwrap();
        (rule.due(), rule.outcomes.into_iter().map(|outcome| outcome.became).collect::<Vec<_>>())
    };
    let wednesdays = |text: &str| {
        let Kind::Town { schedule, audience, mut content } = town("水") else { panic!("another kind") };
        content.wordings.get_mut(&Language::Japanese).unwrap().messages = vec![Message::Text(text.to_owned())];
        Kind::Town { schedule, audience, content }
    };
    assert_eq!(mended(20, wednesdays("なおした文")), (Some(due), vec![Became::Stuck]));
    let next = at("2026-12-02T10:00");
    assert_eq!(mended(61, wednesdays("なおした文")), (Some(next), vec![Became::Missed]), "it is too late for it");
    assert_eq!(mended(20, town("木")), (Some(at("2026-11-26T10:00")), vec![Became::Missed]), "it is no date any more");
}

#[test]
fn in_the_morning_garbage_is_not_told_when_the_truck_has_come() {
    let rule = rule(Kind::Garbage);
    let after = |due: &str, minutes| rule.makes_up(at(due), at(due) + SignedDuration::from_mins(minutes));
    assert_eq!((after("2026-11-25T08:00", 25), after("2026-11-25T08:00", 26)), (true, false));
    assert_eq!((after("2026-11-24T19:00", 60), after("2026-11-24T19:00", 61)), (true, false), "its grace");
}

#[test]
fn what_was_stored_under_earlier_names_is_still_read() {
    let audience = Some(Audience::All);
    let Kind::Town { schedule, content, .. } = town("水") else { panic!("another kind") };
    let kind = Kind::Resident { kind: "child".parse().unwrap(), months_after: 4, schedule, audience, content };
    let rule = rule(kind);
    let mut stored = serde_json::to_value(&rule).unwrap();
    let kind = stored["kind"]["resident"].as_object_mut().unwrap();
    let of = kind.remove("kind").unwrap();
    kind.insert("dates".to_owned(), of);
    let schedule = kind["schedule"].as_object_mut().unwrap();
    let dates = schedule.remove("dates").unwrap();
    schedule.insert("entry".to_owned(), dates);
    assert_eq!(serde_json::from_value::<Rule>(stored).unwrap(), rule);
}
