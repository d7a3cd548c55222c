//! An audience: what is wrong with it, and who is in it by the filter and by the plain meaning of the words.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::check::{AGE_MONTHS_MAX, CONDITIONS_MAX, LEVELS_MAX, Problem};
use super::filter::{Candidate, Filter, Past, PastMissing, Verdict};
use super::*;
use crate::resident::{Standing, Switch};
use crate::sending::frozen::PackedId;
use crate::time::YearMonth;
use crate::town::{Area, District, Name, Topic, Town};

const TODAY: Date = date(2026, 11, 20);
const DISTRICTS: [(&str, &str); 4] =
    [("honcho", "area-1"), ("midori", "area-1"), ("kita", "area-2"), ("minami", "area-3")];
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
    Town {
        areas: areas.into_iter().collect(),
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
        months,
    )
        .prop_map(|((first, blocked, muted, hours), district, language, topics, months)| Person {
            id: PackedId([first; 16]),
            standing: if blocked { Standing::Blocked } else { Standing::Following },
            since: Timestamp::constant(1_790_000_000, 0) + jiff::SignedDuration::from_hours(hours),
            muted,
            district,
            language,
            topics: topics.into_iter().collect(),
            children: months.into_iter().filter_map(|(year, month)| YearMonth::new(year, month).ok()).collect(),
        })
}

fn any_set<Id>(of: &[&'static str]) -> impl Strategy<Value = BTreeSet<Id>> + use<Id>
where
    Id: std::str::FromStr<Err: std::fmt::Debug> + Ord + std::fmt::Debug,
{
    let sets = prop::collection::btree_set(prop::sample::select(of.to_vec()), 1..=of.len());
    sets.prop_map(|ids| ids.into_iter().map(|id| id.parse().unwrap()).collect())
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
