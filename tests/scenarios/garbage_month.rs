//! A month of garbage reminders: each of 10,000 residents hears of each of their days once, at their time, and of nothing else, with the
//! tick late, doubled and missing for two hours in between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use app::broadcast::desk::Outcome;
use app::ports::Clock;
use app::ports::broadcasts::Timer;
use app::ports::reminders::Reminders;
use domain::broadcast::{Refusal, State};
use domain::dates::{Recurrence, parse_periods, parse_rules};
use domain::garbage::calendar::{CollectionChange, Entry};
use domain::garbage::reminder::{EVENING_DEFAULT, EVENINGS, MORNINGS};
use domain::language::Language;
use domain::reminder::{Became, Draft, GRACE_MINUTES, Kind};
use domain::resident::Switch;
use domain::sending::delivery::Answer;
use domain::time::{date_in_japan, instant_in_japan};
use domain::town::{Area, Category, District, Name, Town};
use jiff::civil::{Date, Time, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use tests::city::TestTown;
use tests::post::{CallFault, Friend};

use super::reminders::World;
use super::sending::friend;

const RESIDENTS: u32 = 10_000;
const DISTRICTS: u32 = 12;
/// The town's categories: which are collected rarely, so that whoever said nothing is reminded of them.
const CATEGORIES: [(&str, &str, bool); 4] = [
    ("burnable", "燃やすごみ", false),
    ("plastic", "プラスチック", false),
    ("paper", "紙", true),
    ("glass", "びん", true),
];

/// On which days something is collected in a district: as a town would say it, and as this test reads it.
fn rules(district: u32, category: &str) -> (String, Box<dyn Fn(Date) -> bool>) {
    let weekdays = ["月", "火", "水", "木", "金", "土"];
    let of = |day: Date| u32::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    let (first, second) = (district % 3, district % 3 + 3);
    let nth = i8::try_from(district % 4).unwrap();
    match category {
        "burnable" => {
            let said = format!("{} {}", weekdays[first as usize], weekdays[second as usize]);
            (said, Box::new(move |day| of(day) == first || of(day) == second))
        }
        "plastic" => (weekdays[second as usize].to_owned(), Box::new(move |day| of(day) == second)),
        "paper" => {
            let said = format!("{}{}", weekdays[second as usize], nth + 1);
            (said, Box::new(move |day| of(day) == second && (day.day() - 1) / 7 == nth))
        }
        _ => ("毎月末日".to_owned(), Box::new(|day| day.tomorrow().unwrap().day() == 1)),
    }
}

/// On this day storm keeps all at home, and what was to be collected is two days later.
const STORM: Date = date(2026, 12, 9);

fn town() -> Town {
    let mut town = Town::default();
    town.profile.languages = vec![Language::Japanese, Language::English];
    for (id, ja, _) in CATEGORIES {
        let name = Name { ja: ja.to_owned(), en: id.to_owned(), ..Name::default() };
        let (color, description, how) = (String::new(), String::new(), String::new());
        let put_out_by = "8:30".to_owned();
        town.categories.push(Category {
            id: id.parse().unwrap(),
            name,
            color,
            description,
            how,
            put_out_by,
            department: None,
        });
    }
    for number in 0..DISTRICTS {
        let (id, name, area) = (format!("d{number}"), format!("地区{number}"), format!("a{number}"));
        let center = String::new();
        town.areas.insert(area.parse().unwrap(), Area { id: area.parse().unwrap(), name: name.clone(), center });
        for (category, _, _) in CATEGORIES {
            let (rules, _) = rules(number, category);
            // The second of January falls out, as a town says it.
            let except = parse_periods("2027-01-01..2027-01-03").unwrap();
            let recurrence = Recurrence { rules: parse_rules(&rules).unwrap(), except, ..Recurrence::default() };
            let entry = Entry { recurrence, ..Entry::default() };
            town.calendar.add(area.parse().unwrap(), category.parse().unwrap(), entry);
        }
        let (reading, area) = (name.clone(), area.parse().unwrap());
        town.districts.push(District { id: id.parse().unwrap(), name, reading, area });
    }
    let storm = CollectionChange {
        id: "storm".parse().unwrap(),
        date: STORM,
        areas: BTreeSet::new(),
        categories: BTreeSet::new(),
        moved_to: Some(STORM + 2.days()),
        reason: "大雪のため".to_owned(),
    };
    town.calendar.change(&storm);
    town.changes.push(storm);
    town
}

/// On this day nothing is collected at all, which is known only when some have been reminded of it the evening before.
const FALLEN_OUT: Date = date(2026, 12, 19);

/// When that becomes known.
fn known() -> Timestamp {
    instant_in_japan(FALLEN_OUT.yesterday().unwrap().at(19, 30, 0, 0))
}

/// The town from then on.
fn town_without_the_day() -> Town {
    let mut town = town();
    let fallen_out = CollectionChange {
        id: "fallen-out".parse().unwrap(),
        date: FALLEN_OUT,
        areas: BTreeSet::new(),
        categories: BTreeSet::new(),
        moved_to: None,
        reason: "道路が通れないため".to_owned(),
    };
    town.calendar.change(&fallen_out);
    town.changes.push(fallen_out);
    town
}

/// What a resident chose, by their number: every kind of choice meets every other.
fn resident(number: u32) -> Friend {
    let switch = |bit: u32| match (number >> bit) % 3 {
        0 => None,
        1 => Some(Switch::On),
        _ => Some(Switch::Off),
    };
    let garbage = (0_u32..).zip(CATEGORIES).filter_map(|(place, (id, _, _))| Some((id.to_owned(), switch(place * 2)?)));
    let time = |times: &[Time], choice: u32| times.get(choice as usize).copied();
    Friend {
        district: (number % 13 < DISTRICTS).then(|| format!("d{}", number % 13)),
        language: Language::ALL[(number / 7 % 3) as usize],
        garbage: garbage.collect(),
        // One more than there are times: they are not reminded on that side.
        evening: if number.is_multiple_of(5) { Some(EVENING_DEFAULT) } else { time(&EVENINGS, number / 3 % 6) },
        morning: time(&MORNINGS, number / 11 % 9),
        ..Friend::new(friend(number))
    }
}

/// What is collected in a district on a day, read by this test alone.
fn collected(district: u32, day: Date) -> Vec<(&'static str, bool)> {
    let by_rule =
        |day: Date, category| !(date(2027, 1, 1)..=date(2027, 1, 3)).contains(&day) && rules(district, category).1(day);
    let is =
        |category| (day != STORM && by_rule(day, category)) || (day == STORM + 2.days() && by_rule(STORM, category));
    CATEGORIES
        .into_iter()
        .filter(|(category, _, _)| is(category))
        .map(|(category, _, is_rare)| (category, is_rare))
        .collect()
}

/// When a resident is to hear of what: the time, and the categories.
fn expected(friend: &Friend, days: &[Date]) -> BTreeMap<Timestamp, BTreeSet<&'static str>> {
    let mut expected = BTreeMap::new();
    let Some(district) = friend.district.as_ref().and_then(|district| district[1..].parse().ok()) else {
        return expected;
    };
    for day in days {
        let wants = |(category, is_rare): &(&str, bool)| {
            let own = friend.garbage.iter().find(|(id, _)| id == category).map(|(_, switch)| *switch == Switch::On);
            own.unwrap_or(*is_rare)
        };
        let names: BTreeSet<_> =
            collected(district, *day).into_iter().filter(wants).map(|(category, _)| category).collect();
        if names.is_empty() {
            continue;
        }
        for (on, time) in [(*day - 1.day(), friend.evening), (*day, friend.morning)] {
            let at = time.map(|time| instant_in_japan(on.to_datetime(time)));
            if let Some(at) = at.filter(|at| *day != FALLEN_OUT || *at < known()) {
                expected.insert(at, names.clone());
            }
        }
    }
    expected
}

/// The categories that a message names.
fn named(words: &str) -> BTreeSet<&'static str> {
    let names = CATEGORIES.into_iter().filter(|(id, ja, _)| words.contains(ja) || words.contains(&format!("{id}\\n")));
    names.map(|(id, _, _)| id).collect()
}

impl World {
    /// From now on the town is another.
    fn becomes(&mut self, town: Town) {
        let town = Arc::new(TestTown(Arc::new(town)));
        self.functions.planner.audiences.towns = town.clone();
        self.ticker.towns = town;
    }

    /// A minute of the month: the tick, if there is one, and the work of everybody.
    async fn live(&self, minute: Timestamp, tick: Tick) {
        Timer::until(&*self.post, minute).await;
        match tick {
            Tick::Once => {
                self.ticker.tick(minute).await.unwrap();
            }
            Tick::Doubled => {
                let (one, two) = tokio::join!(self.ticker.tick(minute), self.ticker.tick(minute));
                assert!(one.is_ok() && two.is_ok());
            }
            Tick::Late => {
                tokio::time::sleep(Duration::from_secs(50)).await;
                self.ticker.tick(minute).await.unwrap();
            }
            Tick::Missing => {}
        }
        self.functions.work().await;
        // What was written at a full or half hour is closed by then.
        if (2..6).contains(&(minute.as_second() / 60 % 30)) {
            self.functions.janitor.tick().await.unwrap();
            self.functions.work().await;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tick {
    Once,
    Doubled,
    Late,
    Missing,
}

/// Two hours in which nobody ticks: an evening with two of the times in it, of which only the later is made up for.
const GAP: (Date, i8) = (date(2026, 12, 15), 17);

fn how(minute: Timestamp) -> Tick {
    let local = domain::time::in_japan(minute);
    let minutes = i64::from(local.hour()) * 60 + i64::from(local.minute());
    let gap = i64::from(GAP.1) * 60;
    match minutes {
        _ if local.date() == GAP.0 && (gap..gap + 120).contains(&minutes) => Tick::Missing,
        _ if local.day() % 3 == 0 => Tick::Doubled,
        _ if local.day() % 3 == 1 => Tick::Late,
        _ => Tick::Once,
    }
}

#[tokio::test(start_paused = true)]
async fn in_a_month_everybody_hears_of_each_of_their_days_once_at_their_time_and_of_nothing_else() {
    let mut world = World::new(0, town());
    let friends: Vec<Friend> = (0..RESIDENTS).map(resident).collect();
    friends.iter().cloned().for_each(|friend| world.post.befriend(friend));
    let rule = world.on(1, garbage()).await;
    let first = instant_in_japan(date(2026, 12, 1).at(0, 0, 0, 0));
    for minute in 0..31 * 24 * 60 {
        let minute = first + SignedDuration::from_mins(minute);
        if minute == known() {
            world.becomes(town_without_the_day());
        }
        world.live(minute, how(minute)).await;
    }
    let end = instant_in_japan(date(2027, 1, 1).at(0, 0, 0, 0));
    assert!(Clock::now(&*world.post) < end + SignedDuration::from_mins(1), "the month took longer than a month");
    // Due at the beginning of the gap was 17:00, given up at 19:00; 18:00 was made up for then.
    let missed = instant_in_japan(GAP.0.at(GAP.1, 0, 0, 0));
    let made_up = (missed + SignedDuration::from_hours(1), missed + SignedDuration::from_hours(2));
    let days: Vec<Date> = (0..32).map(|day| date(2026, 12, 1) + day.days()).collect();
    let heard = world.post.heard();
    let mut times = 0;
    for friend in &friends {
        let mut expected = expected(friend, &days);
        expected.retain(|at, _| (first..end).contains(at) && *at != missed);
        if let Some(names) = expected.remove(&made_up.0) {
            expected.insert(made_up.1, names);
        }
        let heard = heard.get(&friend.id).map(Vec::as_slice).unwrap_or_default();
        let found: Vec<_> = heard.iter().map(|(at, words)| (*at, named(words))).collect();
        times += found.len();
        let is_due = |((at, found), (due, names)): (&(Timestamp, _), (&Timestamp, &_))| {
            (*due..=*due + LATE_AT_MOST).contains(at) && found == names
        };
        assert!(
            found.len() == expected.len() && found.iter().zip(&expected).all(is_due),
            "{friend:?} heard {found:?}, not {expected:?}"
        );
    }
    assert!(60_000 < times, "only {times}");
    let rule = world.rules.find(&rule).await.unwrap().unwrap().value;
    assert_eq!(rule.due().map(date_in_japan), Some(date(2027, 1, 1)));
}

/// The tick may be most of a minute late, and what does not go at once goes with the next look.
const LATE_AT_MOST: SignedDuration = SignedDuration::from_mins(3);

/// The rule that reminds of garbage.
fn garbage() -> Draft {
    Draft {
        name: "ごみの日のお知らせ".parse().unwrap(),
        department: "waste".parse().unwrap(),
        kind: Kind::Garbage,
        until: None,
        grace_minutes: GRACE_MINUTES,
    }
}

/// A time that nobody kept is missed only where anybody was to hear something then.
#[tokio::test(start_paused = true)]
async fn nothing_is_missed_where_nothing_was_to_be_said() {
    for (town, misses) in [(town(), true), (Town::default(), false)] {
        let world = World::new(20, town);
        let rule = world.on(1, garbage()).await;
        world.at("23 12:00").await;
        let ticked = world.tick("23 12:00").await;
        let outcomes = world.rules.rule(&rule).unwrap().outcomes;
        assert_eq!((0 < ticked.missed, outcomes.iter().any(|it| it.became == Became::Missed)), (misses, misses));
        assert_eq!(ticked.stuck, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_told_within_two_hours_is_not_told_in_the_night() {
    let quota = CallFault::Says(Answer::QuotaSpent);
    for faults in [vec![CallFault::Failed; 100_000], vec![quota]] {
        let rests = faults.len() == 1;
        let world = World::new(0, town());
        for number in 0..700 {
            let (district, garbage) = (Some("d0".to_owned()), vec![("burnable".to_owned(), Switch::On)]);
            world.post.befriend(Friend { district, garbage, ..Friend::new(friend(number)) });
        }
        world.on(1, garbage()).await;
        world.post.fail_calls(faults);
        world.at("22 19:00").await;
        world.tick("22 19:00").await;
        world.pass(60).await;
        let written = world.written().await;
        let id = written.into_iter().find(|it| it.title.ends_with("19:00")).unwrap().id;
        let state = || world.post.broadcast(&id).unwrap().state;
        assert!(matches!(state(), State::Sending { pause, .. } if pause.is_some() == rests), "{:?}", state());
        world.at("22 21:00").await;
        tokio::time::advance(Duration::from_secs(1)).await;
        if rests {
            let resumed = world.functions.desk.resume(&id, &"approver".parse().unwrap()).await.unwrap();
            assert!(matches!(resumed, Outcome::Refused(Refusal::HourPast)), "{resumed:?}");
        }
        world.functions.janitor.tick().await.unwrap();
        assert!(matches!(state(), State::Stopped { by: None, .. }), "{:?}", state());
        world.pass(60).await;
        let State::Stopped { account: Some(account), .. } = state() else { panic!("no account: {:?}", state()) };
        assert_eq!((account.frozen, account.accepted, account.stopped + account.unclear), (700, 0, 700));
        assert!(!rests || account.unclear == 0, "certainly did not go: {account:?}");
        let calls = world.post.calls().len();
        world.pass(8 * 60).await;
        assert!(world.post.calls().len() == calls && world.post.received().is_empty());
    }
}
