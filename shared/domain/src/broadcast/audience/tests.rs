//! An audience: what is wrong with it, and who is in it by the filter and by the plain meaning of the words.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Time, date, time};
use proptest::prelude::*;

use super::check::{AGE_MONTHS_MAX, CONDITIONS_MAX, LEVELS_MAX, Problem};
use super::filter::{Candidate, Filter, Past, PastMissing, Verdict};
use super::*;
use crate::dates::parse_rules;
use crate::garbage::calendar::{Calendar, Entry};
use crate::garbage::reminder::{EVENING_DEFAULT, Side, Slot};
use crate::resident::{Standing, Switch};
use crate::sending::frozen::PackedId;
use crate::time::YearMonth;
use crate::town::{Area, Category, DateKind, Direction, District, Name, Topic, Town};

const TODAY: Date = date(2026, 11, 20);
const DISTRICTS: [(&str, &str); 4] =
    [("honcho", "area-1"), ("midori", "area-1"), ("kita", "area-2"), ("minami", "area-3")];
/// TODAY is a Friday. Nothing is collected in area-3; what is collected every week is not rare.
const COLLECTED: [(&str, &str); 3] = [("burnable", "金"), ("paper", "金3"), ("glass", "金1")];
const SEVEN: Time = time(19, 0, 0, 0);
const TOPICS: [(&str, Switch); 3] = [("child", Switch::Off), ("garbage", Switch::On), ("events", Switch::Off)];

fn town() -> Town {
    let area = |id: &str| Area { id: id.parse().unwrap(), name: id.to_owned(), center: String::new() };
    let areas = ["area-1", "area-2", "area-3"].map(area).map(|area| (area.id.clone(), area));
    let district = |(id, area): (&str, &str)| District {
        id: id.parse().unwrap(),
        name: id.to_owned(),
        reading: String::new(),
        area: area.parse().unwrap(),
    };
    let topic = |(id, default): (&str, Switch)| Topic {
        id: id.parse().unwrap(),
        name: Name { ja: id.to_owned(), ..Name::default() },
        description: String::new(),
        department: "office".parse().unwrap(),
        default,
        weekly_max: None,
    };
    let category = |(id, _): (&str, &str)| Category {
        id: id.parse().unwrap(),
        name: Name { ja: id.to_owned(), ..Name::default() },
        color: String::new(),
        description: String::new(),
        how: String::new(),
        put_out_by: String::new(),
        department: None,
    };
    let mut calendar = Calendar::default();
    for (category, when) in COLLECTED {
        let entry = || Entry::from(parse_rules(when).unwrap());
        for area in ["area-1", "area-2"] {
            calendar.add(area.parse().unwrap(), category.parse().unwrap(), entry());
        }
    }
    Town {
        areas: areas.into_iter().collect(),
        calendar,
        categories: COLLECTED.map(category).into(),
        dates: vec![DateKind {
            id: "dog".parse().unwrap(),
            name: Name::default(),
            question: Name::default(),
            direction: Direction::Past,
        }],
        districts: DISTRICTS.map(district).into(),
        topics: TOPICS.map(topic).into(),
        ..Town::default()
    }
}

fn set<Id: std::str::FromStr<Err: std::fmt::Debug> + Ord>(ids: &[&str]) -> BTreeSet<Id> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn broadcast(number: usize) -> BroadcastId {
    format!("0199aaaa-0000-7000-8000-{number:012}").parse().unwrap()
}

fn month(text: &str) -> YearMonth {
    text.parse().unwrap()
}

/// A resident as the tests have them.
#[derive(Debug, Clone)]
struct Person {
    id: PackedId,
    standing: Standing,
    since: Timestamp,
    muted: Switch,
    district: Option<&'static str>,
    language: Language,
    topics: Vec<(&'static str, Switch)>,
    children: Vec<YearMonth>,
    dates: Vec<(&'static str, YearMonth)>,
    garbage: Vec<(&'static str, Switch)>,
    evening: Option<Time>,
    morning: Option<Time>,
}

impl Person {
    fn somebody() -> Self {
        Self {
            id: PackedId([7; 16]),
            standing: Standing::Following,
            since: "2026-04-01T03:00:00Z".parse().unwrap(),
            muted: Switch::Off,
            district: None,
            language: Language::Japanese,
            topics: Vec::new(),
            children: Vec::new(),
            dates: Vec::new(),
            garbage: Vec::new(),
            evening: Some(EVENING_DEFAULT),
            morning: None,
        }
    }

    fn candidate(&self) -> Candidate<'_> {
        Candidate {
            id: self.id,
            standing: self.standing,
            since: self.since,
            muted: self.muted,
            district: self.district,
            language: self.language,
            topics: &self.topics,
            children: &self.children,
            dates: &self.dates,
            garbage: &self.garbage,
            evening: self.evening,
            morning: self.morning,
        }
    }
}

fn verdict(audience: &Audience, person: &Person) -> Verdict {
    Filter::new(audience, &town(), TODAY, &Past::default()).unwrap().verdict(&person.candidate())
}

fn is_in(audience: &Audience, person: &Person) -> bool {
    verdict(audience, person) == Verdict::Reached
}

#[test]
fn a_sound_audience_has_no_problems() {
    let sound = Audience::And(vec![
        Audience::Districts(set(&["honcho", "kita"])),
        Audience::Not(Box::new(Audience::Or(vec![
            Audience::Areas(set(&["area-3"])),
            Audience::Not(Box::new(Audience::TopicsAny(set(&["child"])))),
            Audience::ChildAge { from_months: 0, to_months: AGE_MONTHS_MAX },
        ]))),
        Audience::Languages([Language::English].into()),
        Audience::JoinedSince(TODAY),
        Audience::NotReceived(broadcast(1)),
        reminded(&[], &[]),
        given("dog", "2030-01"),
        given("child", "2024-01"),
    ]);
    assert_eq!(sound.levels(), LEVELS_MAX);
    assert_eq!(sound.check(&town()), Ok(()));
}

#[test]
fn each_problem_is_found_wherever_it_lies_and_said_once() {
    let problems = [
        (Audience::Districts(set(&[])), Problem::NothingChosen),
        (Audience::Areas(set(&[])), Problem::NothingChosen),
        (Audience::TopicsAny(set(&[])), Problem::NothingChosen),
        (Audience::TopicsAll(set(&[])), Problem::NothingChosen),
        (Audience::Languages(BTreeSet::new()), Problem::NothingChosen),
        (Audience::Districts(set(&["honcho", "gone"])), Problem::UnknownDistrict("gone".parse().unwrap())),
        (Audience::Areas(set(&["gone"])), Problem::UnknownArea("gone".parse().unwrap())),
        (Audience::TopicsAny(set(&["gone"])), Problem::UnknownTopic("gone".parse().unwrap())),
        (Audience::TopicsAll(set(&["gone"])), Problem::UnknownTopic("gone".parse().unwrap())),
        (Audience::ChildAge { from_months: 3, to_months: 2 }, Problem::AgesReversed),
        (Audience::ChildAge { from_months: 3, to_months: AGE_MONTHS_MAX + 1 }, Problem::AgeTooHigh),
        (Audience::And(Vec::new()), Problem::EmptyGroup),
        (reminded(&["gone"], &[]), Problem::UnknownArea("gone".parse().unwrap())),
        (reminded(&[], &["gone"]), Problem::UnknownCategory("gone".parse().unwrap())),
        (given("cat", "2026-11"), Problem::UnknownDate("cat".parse().unwrap())),
        (evening(TODAY), Problem::RulesOnly),
        (Audience::Or(Vec::new()), Problem::EmptyGroup),
    ];
    for (audience, problem) in problems {
        assert_eq!(audience.check(&town()), Err(vec![problem.clone()]), "{audience:?}");
        let twice = Audience::Or(vec![Audience::Not(Box::new(audience.clone())), audience]);
        assert_eq!(twice.check(&town()), Err(vec![problem]));
    }
}

#[test]
fn an_audience_is_neither_too_deep_nor_too_large() {
    let nested = |levels| (1..levels).fold(Audience::All, |inner, _| Audience::Not(Box::new(inner)));
    assert_eq!(nested(LEVELS_MAX).check(&town()), Ok(()));
    assert_eq!(nested(LEVELS_MAX + 1).check(&town()), Err(vec![Problem::TooDeep]));
    let wide = |conditions| Audience::And(vec![Audience::All; conditions]);
    assert_eq!(wide(CONDITIONS_MAX).check(&town()), Ok(()));
    assert_eq!(wide(CONDITIONS_MAX + 1).check(&town()), Err(vec![Problem::TooMany]));
}

#[test]
fn broadcasts_are_mentioned_wherever_they_stand_and_must_be_known() {
    let audience = Audience::Or(vec![
        Audience::Not(Box::new(Audience::NotReceived(broadcast(1)))),
        Audience::UnclearIn(broadcast(2)),
    ]);
    let mentions = audience.mentions();
    assert_eq!((mentions.received, mentions.unclear), ([broadcast(1)].into(), [broadcast(2)].into()));

    let (town, one, two) = (town(), broadcast(1), broadcast(2));
    let mut past = Past::default();
    let missing = |past: &Past<'_>| Filter::new(&audience, &town, TODAY, past).err();
    assert_eq!(missing(&past), Some(PastMissing(broadcast(1))));
    past.received = [(&one, [].as_slice()), (&two, [].as_slice())].into();
    assert_eq!(missing(&past), Some(PastMissing(broadcast(2))), "what was received says nothing about what is unclear");
    past.unclear = [(&two, [].as_slice())].into();
    assert_eq!(missing(&past), None);
}

#[test]
fn who_blocks_is_counted_first_then_who_is_outside_then_who_is_muted() {
    let nobody = Audience::Not(Box::new(Audience::All));
    let person = |standing, muted| Person { standing, muted, ..Person::somebody() };
    for (audience, standing, muted, expected) in [
        (&Audience::All, Standing::Following, Switch::Off, Verdict::Reached),
        (&Audience::All, Standing::Following, Switch::On, Verdict::Muted),
        (&Audience::All, Standing::Blocked, Switch::Off, Verdict::Blocked),
        (&Audience::All, Standing::Blocked, Switch::On, Verdict::Blocked),
        (&nobody, Standing::Following, Switch::Off, Verdict::Outside),
        (&nobody, Standing::Following, Switch::On, Verdict::Outside),
        (&nobody, Standing::Blocked, Switch::Off, Verdict::Blocked),
    ] {
        assert_eq!(verdict(audience, &person(standing, muted)), expected);
    }
}

#[test]
fn a_childs_age_is_counted_in_months_of_the_calendar() {
    let two_to_three = Audience::ChildAge { from_months: 24, to_months: 47 };
    for (born, expected) in [
        ("2022-11", false), // 48 months
        ("2022-12", true),  // 47
        ("2024-11", true),  // 24
        ("2024-12", false), // 23
    ] {
        let parent = Person { children: vec![month(born)], ..Person::somebody() };
        assert_eq!(is_in(&two_to_three, &parent), expected, "{born}");
    }
    let born =
        |months: &[&str]| Person { children: months.iter().map(|text| month(text)).collect(), ..Person::somebody() };
    assert!(is_in(&two_to_three, &born(&["2010-01", "2024-01"])), "one of the children is enough");
    assert!(!is_in(&two_to_three, &born(&["2010-01", "2026-01"])), "not between two children");
    let newborn = Audience::ChildAge { from_months: 0, to_months: 0 };
    assert!(is_in(&newborn, &born(&["2026-11"])));
    assert!(!is_in(&newborn, &born(&["2026-12"])), "not born yet");
}

#[test]
fn a_day_begins_at_midnight_in_japan() {
    let since = Audience::JoinedSince(date(2026, 4, 1));
    let came = |at: &str| Person { since: at.parse().unwrap(), ..Person::somebody() };
    assert!(!is_in(&since, &came("2026-03-31T14:59:59.999Z")));
    assert!(is_in(&since, &came("2026-03-31T15:00:00Z")));
}

#[test]
fn a_topic_is_heard_by_default_until_somebody_says_otherwise() {
    let garbage = Audience::TopicsAny(set(&["garbage"]));
    let child = Audience::TopicsAny(set(&["child"]));
    let both = Audience::TopicsAll(set(&["garbage", "child"]));
    let quiet = Person::somebody();
    assert_eq!([&garbage, &child, &both].map(|audience| is_in(audience, &quiet)), [true, false, false]);
    let said = Person { topics: vec![("garbage", Switch::Off), ("child", Switch::On)], ..Person::somebody() };
    assert_eq!([&garbage, &child, &both].map(|audience| is_in(audience, &said)), [false, true, false]);
}

#[test]
fn the_topics_limit_counts_where_a_broadcast_goes_under_it() {
    let mut town = town();
    town.profile.sending.weekly_max = Some(3);
    let [first, second] = [town.topics[0].id.clone(), town.topics[1].id.clone()];
    let any = |ids: &[&TopicId]| Audience::TopicsAny(ids.iter().map(|id| (*id).clone()).collect());
    for (limits, audience, expected) in [
        ([None, None], any(&[&first]), Some(3)),
        ([Some(1), None], any(&[&first]), Some(1)),
        ([Some(1), None], any(&[&first, &second]), Some(3)),
        ([Some(1), Some(9)], Audience::And(vec![any(&[&first]), Audience::Or(vec![any(&[&second])])]), Some(9)),
        ([Some(1), None], Audience::All, Some(3)),
        ([Some(9), None], Audience::Or(vec![Audience::All, any(&[&first])]), Some(3)),
        ([Some(9), None], Audience::Or(vec![]), Some(3)),
        ([Some(1), None], Audience::Not(Box::new(any(&[&first]))), Some(3)),
        ([Some(1), None], any(&[&"gone".parse().unwrap()]), Some(3)),
    ] {
        [town.topics[0].weekly_max, town.topics[1].weekly_max] = limits;
        assert_eq!(town.weekly_max(&audience), expected, "{limits:?} {audience:?}");
    }
    town.profile.sending.weekly_max = None;
    [town.topics[0].weekly_max, town.topics[1].weekly_max] = [Some(1), None];
    assert_eq!(
        [any(&[&first]), any(&[&first, &second]), Audience::All].map(|it| town.weekly_max(&it)),
        [Some(1), None, None]
    );
}

#[test]
fn a_month_of_a_kind_is_found_among_those_that_were_given() {
    let dog = Person { dates: vec![("dog", month("2026-04"))], children: vec![month("2024-01")], ..Person::somebody() };
    for (kind, of, expected) in
        [("dog", "2026-04", true), ("dog", "2026-05", false), ("dog", "2024-01", false), ("child", "2024-01", true)]
    {
        assert_eq!(is_in(&given(kind, of), &dog), expected, "{kind} {of}");
    }
}

#[test]
fn whoever_said_nothing_is_reminded_of_what_is_rare_in_the_evening() {
    let at_home = Person { district: Some("honcho"), ..Person::somebody() };
    let of = |person: &Person, day: Date| {
        let (town, audience) = (town(), evening(day));
        let filter = Filter::new(&audience, &town, date(2020, 1, 1), &Past::default()).unwrap();
        let candidate = person.candidate();
        let reminded: Vec<String> = filter.reminded(&candidate).map(ToString::to_string).collect();
        assert_eq!(
            filter.verdict(&candidate) == Verdict::Reached,
            !reminded.is_empty() && person.evening == Some(SEVEN)
        );
        reminded
    };
    assert_eq!(of(&at_home, date(2026, 11, 20)), ["paper"], "the third Friday");
    assert_eq!(of(&at_home, date(2026, 11, 6)), ["glass"], "the first");
    assert!(of(&at_home, date(2026, 11, 13)).is_empty(), "burnables go out, which he did not ask for");
    assert!(of(&at_home, date(2026, 11, 19)).is_empty(), "a Thursday");
    let garbage = vec![("paper", Switch::Off), ("burnable", Switch::On), ("gone", Switch::On)];
    let chosen = Person { garbage, ..at_home.clone() };
    assert_eq!(of(&chosen, date(2026, 11, 20)), ["burnable"]);
    let both = Person { garbage: vec![("burnable", Switch::On)], ..at_home.clone() };
    assert_eq!(of(&both, date(2026, 11, 20)), ["burnable", "paper"]);
    for elsewhere in [None, Some("minami"), Some("gone")] {
        assert!(of(&Person { district: elsewhere, ..at_home.clone() }, TODAY).is_empty(), "{elsewhere:?}");
    }
}

#[test]
fn residents_are_reminded_at_the_time_that_they_chose_and_at_no_other() {
    let early = Person { morning: Some(time(5, 30, 0, 0)), evening: None, ..Person::somebody() };
    let early = Person { district: Some("honcho"), ..early };
    for (side, at, expected) in [
        (Side::Morning, time(5, 30, 0, 0), true),
        (Side::Morning, time(6, 0, 0, 0), false),
        (Side::Evening, time(5, 30, 0, 0), false),
        (Side::Evening, SEVEN, false),
    ] {
        let audience = Audience::GarbageDay { day: TODAY, slot: Slot { side, at } };
        assert_eq!(is_in(&audience, &early), expected, "{side:?} {at}");
    }
    assert!(is_in(&reminded(&["area-1"], &["paper"]), &early), "whenever it is");
    let never = Person { morning: None, ..early };
    assert!(!is_in(&reminded(&["area-1"], &["paper"]), &never));
}

#[test]
fn what_the_town_gave_up_still_finds_who_chose_it() {
    let gone = Audience::Or(vec![Audience::Districts(set(&["gone"])), Audience::TopicsAny(set(&["lost"]))]);
    assert!(is_in(&gone, &Person { district: Some("gone"), ..Person::somebody() }));
    assert!(is_in(&gone, &Person { topics: vec![("lost", Switch::On)], ..Person::somebody() }));
    assert!(!is_in(&gone, &Person::somebody()));
}

#[test]
fn an_audience_is_stored_in_words_that_stay() {
    let audience = Audience::And(vec![
        Audience::All,
        Audience::Districts(set(&["honcho"])),
        Audience::Areas(set(&["area-1"])),
        Audience::TopicsAny(set(&["child"])),
        Audience::TopicsAll(set(&["child", "events"])),
        Audience::ChildAge { from_months: 24, to_months: 47 },
        Audience::Languages([Language::EasyJapanese].into()),
        Audience::JoinedSince(date(2026, 4, 1)),
        Audience::Or(vec![Audience::NotReceived(broadcast(1)), Audience::UnclearIn(broadcast(2))]),
        Audience::Not(Box::new(Audience::All)),
    ]);
    let stored = concat!(
        r#"{"and":["all",{"districts":["honcho"]},{"areas":["area-1"]},{"topics-any":["child"]},"#,
        r#"{"topics-all":["child","events"]},{"child-age":{"from_months":24,"to_months":47}},{"languages":["ja-easy"]},"#,
        r#"{"joined-since":"2026-04-01"},{"or":[{"not-received":"0199aaaa-0000-7000-8000-000000000001"},"#,
        r#"{"unclear-in":"0199aaaa-0000-7000-8000-000000000002"}]},{"not":"all"}]}"#
    );
    assert_eq!(serde_json::to_string(&audience).unwrap(), stored);
    assert_eq!(serde_json::from_str::<Audience>(stored).unwrap(), audience);
}

fn evening(day: Date) -> Audience {
    Audience::GarbageDay { day, slot: Slot { side: Side::Evening, at: SEVEN } }
}

fn reminded(areas: &[&str], categories: &[&str]) -> Audience {
    Audience::GarbageReminded { areas: set(areas), categories: set(categories) }
}

fn given(kind: &str, of: &str) -> Audience {
    Audience::DateIn { kind: kind.parse().unwrap(), month: month(of) }
}

/// Who is in the lists of the earlier broadcasts 0 and 1: ids that begin with these bytes.
const RECEIVED: [&[u8]; 2] = [&[0, 1, 2], &[2, 3]];
const UNCLEAR: [&[u8]; 2] = [&[2], &[]];

fn ids(firsts: &[u8]) -> Vec<PackedId> {
    firsts.iter().map(|first| PackedId([*first; 16])).collect()
}

/// The plain meaning of the words, as slowly as they are read.
fn fulfils(audience: &Audience, person: &Person, town: &Town) -> bool {
    let hears = |topic: &TopicId| match person.topics.iter().find(|(id, _)| *id == topic.as_str()) {
        Some((_, switch)) => *switch == Switch::On,
        None => town.topics.iter().any(|known| known.id == *topic && known.default == Switch::On),
    };
    let home = town.districts.iter().find(|district| Some(district.id.as_str()) == person.district);
    match audience {
        Audience::All => true,
        Audience::Districts(ids) => home.is_some_and(|home| ids.contains(&home.id)),
        Audience::Areas(ids) => home.is_some_and(|home| ids.contains(&home.area)),
        Audience::TopicsAny(topics) => topics.iter().filter(|topic| hears(topic)).count() > 0,
        Audience::TopicsAll(topics) => topics.iter().filter(|topic| !hears(topic)).count() == 0,
        Audience::ChildAge { from_months, to_months } => {
            person.children.iter().filter_map(|born| age(*born)).any(|age| (*from_months..=*to_months).contains(&age))
        }
        Audience::DateIn { kind, month } => {
            let given = if kind.as_str() == "child" {
                person.children.clone()
            } else {
                let of_kind = person.dates.iter().filter(|(given, _)| *given == kind.as_str());
                of_kind.map(|(_, month)| *month).collect()
            };
            given.contains(month)
        }
        Audience::GarbageDay { .. } => unreachable!("nothing lies around it"),
        Audience::GarbageReminded { areas, categories } => COLLECTED.iter().any(|(category, when)| {
            let chosen = person.garbage.iter().find(|(id, _)| id == category);
            let is_on = chosen.map_or(*when != "金", |(_, switch)| *switch == Switch::On);
            let there = home
                .is_some_and(|home| home.area.as_str() != "area-3" && (areas.is_empty() || areas.contains(&home.area)));
            let is_meant = categories.is_empty() || categories.iter().any(|meant| meant.as_str() == *category);
            is_on && there && is_meant && (person.evening.is_some() || person.morning.is_some())
        }),
        Audience::Languages(languages) => languages.contains(&person.language),
        Audience::JoinedSince(day) => crate::time::date_in_japan(person.since) >= *day,
        Audience::NotReceived(id) => !list(&RECEIVED, id).contains(&person.id),
        Audience::UnclearIn(id) => list(&UNCLEAR, id).contains(&person.id),
        Audience::And(inner) => !inner.iter().any(|inner| !fulfils(inner, person, town)),
        Audience::Or(inner) => inner.iter().any(|inner| fulfils(inner, person, town)),
        Audience::Not(inner) => !fulfils(inner, person, town),
    }
}

fn list(lists: &[&[u8]; 2], id: &BroadcastId) -> Vec<PackedId> {
    ids(lists[usize::from(*id == broadcast(1))])
}

/// The age in months today, counted month by month; `None` for a child that is not born yet.
fn age(born: YearMonth) -> Option<u16> {
    let (mut year, mut month) = (born.year(), born.month());
    (0..1_200).find(|_| {
        let is_now = (year, month) == (TODAY.year(), TODAY.month());
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        is_now
    })
}

fn any_switch() -> impl Strategy<Value = Switch> {
    prop_oneof![Just(Switch::On), Just(Switch::Off)]
}

fn any_person() -> impl Strategy<Value = Person> {
    let months = prop::collection::vec((2022i16..2028, 1i8..=12), 0..4);
    (
        (0u8..5, prop::bool::weighted(0.1), any_switch(), 0i64..700),
        prop::option::of(prop::sample::select(DISTRICTS.map(|(id, _)| id).to_vec())),
        prop::sample::select(Language::ALL.to_vec()),
        prop::collection::btree_map(prop::sample::select(TOPICS.map(|(id, _)| id).to_vec()), any_switch(), 0..4),
        (months.clone(), months),
        prop::collection::btree_map(prop::sample::select(COLLECTED.map(|(id, _)| id).to_vec()), any_switch(), 0..4),
        prop::option::of(Just(SEVEN)),
    )
        .prop_map(|((first, blocked, muted, hours), district, language, topics, months, garbage, evening)| {
            Person {
                id: PackedId([first; 16]),
                standing: if blocked { Standing::Blocked } else { Standing::Following },
                since: Timestamp::constant(1_790_000_000, 0) + jiff::SignedDuration::from_hours(hours),
                muted,
                district,
                language,
                topics: topics.into_iter().collect(),
                children: months.0.into_iter().filter_map(|(year, month)| YearMonth::new(year, month).ok()).collect(),
                dates: months
                    .1
                    .into_iter()
                    .filter_map(|(year, of)| Some(("dog", YearMonth::new(year, of).ok()?)))
                    .collect(),
                garbage: garbage.into_iter().collect(),
                evening,
                morning: None,
            }
        })
}

fn any_set<Id>(of: &[&'static str]) -> impl Strategy<Value = BTreeSet<Id>> + use<Id>
where
    Id: std::str::FromStr<Err: std::fmt::Debug> + Ord + std::fmt::Debug,
{
    let sets = prop::collection::btree_set(prop::sample::select(of.to_vec()), 1..=of.len());
    sets.prop_map(|ids| ids.into_iter().map(|id| id.parse().unwrap()).collect())
}

fn any_areas() -> impl Strategy<Value = BTreeSet<AreaId>> {
    prop_oneof![Just(BTreeSet::new()), any_set(&["area-1", "area-2", "area-3"])]
}

fn any_categories() -> impl Strategy<Value = BTreeSet<CategoryId>> {
    prop_oneof![Just(BTreeSet::new()), any_set(&COLLECTED.map(|(id, _)| id))]
}

fn any_audience() -> impl Strategy<Value = Audience> {
    let leaf = prop_oneof![
        Just(Audience::All),
        any_set(&DISTRICTS.map(|(id, _)| id)).prop_map(Audience::Districts),
        any_set(&["area-1", "area-2", "area-3"]).prop_map(Audience::Areas),
        any_set(&TOPICS.map(|(id, _)| id)).prop_map(Audience::TopicsAny),
        any_set(&TOPICS.map(|(id, _)| id)).prop_map(Audience::TopicsAll),
        (0u16..50, 0u16..50)
            .prop_map(|(from_months, more)| Audience::ChildAge { from_months, to_months: from_months + more }),
        any_set(&Language::ALL.map(Language::tag)).prop_map(Audience::Languages),
        (0i32..40)
            .prop_map(|days| Audience::JoinedSince(date(2026, 9, 15).saturating_add(jiff::Span::new().days(days)))),
        (0usize..2).prop_map(|number| Audience::NotReceived(broadcast(number))),
        (0usize..2).prop_map(|number| Audience::UnclearIn(broadcast(number))),
        (prop::sample::select(vec!["dog", "child"]), 2022i16..2028, 1i8..=12)
            .prop_map(|(kind, year, of)| given(kind, &format!("{year}-{of:02}"))),
        (any_areas(), any_categories()).prop_map(|(areas, categories)| Audience::GarbageReminded { areas, categories }),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Audience::And),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Audience::Or),
            inner.prop_map(|inner| Audience::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #[test]
    fn the_filter_means_what_the_words_say(
        audience in any_audience(),
        people in prop::collection::vec(any_person(), 1..12),
    ) {
        let town = town();
        prop_assert_eq!(audience.check(&town), Ok(()));
        let names = [broadcast(0), broadcast(1)];
        let (received, unclear) = (RECEIVED.map(ids), UNCLEAR.map(ids));
        let past = Past {
            received: names.iter().zip(received.iter().map(Vec::as_slice)).collect(),
            unclear: names.iter().zip(unclear.iter().map(Vec::as_slice)).collect(),
        };
        let filter = Filter::new(&audience, &town, TODAY, &past).unwrap();
        for person in &people {
            let expected = match (person.standing, fulfils(&audience, person, &town), person.muted) {
                (Standing::Blocked, _, _) => Verdict::Blocked,
                (Standing::Following, false, _) => Verdict::Outside,
                (Standing::Following, true, Switch::On) => Verdict::Muted,
                (Standing::Following, true, Switch::Off) => Verdict::Reached,
            };
            prop_assert_eq!(filter.verdict(&person.candidate()), expected, "{:?}", person);
        }
    }
}

#[test]
fn it_makes_up_for_a_broadcast_only_where_nobody_in_it_certainly_had_that() {
    let (one, two) = (Audience::UnclearIn(broadcast(1)), Audience::NotReceived(broadcast(2)));
    let nested = Audience::And(vec![one.clone(), Audience::And(vec![Audience::All, two.clone()])]);
    for (audience, expected) in [
        (one.clone(), vec![1]),
        (two.clone(), vec![2]),
        (nested, vec![1, 2]),
        (Audience::Or(vec![one.clone(), two]), vec![]),
        (Audience::Not(Box::new(one)), vec![]),
        (Audience::All, vec![]),
    ] {
        let expected: Vec<BroadcastId> = expected.into_iter().map(broadcast).collect();
        assert!(audience.makes_up_for().into_iter().eq(&expected), "{audience:?}");
    }
}
