//! The sentence: as it stands, and that it can be read in one way only.

use std::collections::BTreeMap;
use std::str::FromStr;

use domain::broadcast::audience::Audience;
use domain::garbage::reminder::{Side, Slot};
use domain::ids::{BroadcastId, TopicId};
use domain::language::Language;
use domain::resident::Switch;
use domain::town::{Area, Category, DateKind, Direction, District, Name, Topic, Town};
use jiff::civil::{date, time};

use super::{Names, sentence};

const BROADCAST: &str = "0199aaaa-0000-7000-8000-000000000001";

/// みどり市, as far as its names are needed.
pub(crate) fn town() -> Town {
    let district = |id: &str, name: &str| District {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        reading: String::new(),
        area: "north".parse().unwrap(),
    };
    let topic = |id: &str, name: &str| Topic {
        id: id.parse().unwrap(),
        name: Name { ja: name.to_owned(), ..Name::default() },
        description: String::new(),
        department: "office".parse().unwrap(),
        default: Switch::Off,
        weekly_max: None,
    };
    let area = Area { id: "north".parse().unwrap(), name: "北部".to_owned(), center: String::new() };
    let paper = Category {
        id: "paper".parse().unwrap(),
        name: Name { ja: "古紙".to_owned(), ..Name::default() },
        color: String::new(),
        description: String::new(),
        how: String::new(),
        put_out_by: String::new(),
        department: None,
    };
    let dog = DateKind {
        id: "dog".parse().unwrap(),
        name: Name { ja: "犬を飼い始めた月".to_owned(), ..Name::default() },
        question: Name::default(),
        direction: Direction::Past,
    };
    Town {
        categories: vec![paper],
        dates: vec![dog],
        districts: vec![district("honcho", "本町"), district("midori", "緑町")],
        topics: vec![topic("child", "子育て"), topic("events", "催し")],
        areas: [(area.id.clone(), area)].into(),
        ..Town::default()
    }
}

/// The one earlier broadcast.
pub(crate) fn titles() -> BTreeMap<BroadcastId, String> {
    [(BROADCAST.parse().unwrap(), "断水のお知らせ".to_owned())].into()
}

fn said(audience: &Audience) -> String {
    sentence(audience, &Names { town: &town(), broadcasts: &titles() })
}

fn ids<Id: FromStr<Err: std::fmt::Debug>, Ids: FromIterator<Id>>(ids: &[&str]) -> Ids {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn districts(of: &[&str]) -> Audience {
    Audience::Districts(ids(of))
}

fn given(kind: &str) -> Audience {
    Audience::DateIn { kind: kind.parse().unwrap(), month: "2026-04".parse().unwrap() }
}

fn reminded(areas: &[&str], categories: &[&str]) -> Audience {
    Audience::GarbageReminded { areas: ids(areas), categories: ids(categories) }
}

fn topics(of: &[&str]) -> Audience {
    Audience::TopicsAny(ids::<TopicId, _>(of))
}

fn ages(from_months: u16, to_months: u16) -> Audience {
    Audience::ChildAge { from_months, to_months }
}

fn easy() -> Audience {
    Audience::Languages([Language::EasyJapanese].into())
}

fn not(audience: Audience) -> Audience {
    Audience::Not(Box::new(audience))
}

#[test]
fn single_conditions_are_said_plainly() {
    let broadcast: BroadcastId = BROADCAST.parse().unwrap();
    for (audience, expected) in [
        (Audience::All, "すべての友だち"),
        (districts(&["honcho"]), "本町に住む人"),
        (districts(&["honcho", "midori"]), "本町・緑町に住む人"),
        (Audience::Areas(ids(&["north"])), "収集区域が北部の人"),
        (topics(&["child"]), "「子育て」を受け取る人"),
        (topics(&["child", "events"]), "「子育て」「催し」のどれかを受け取る人"),
        (Audience::TopicsAll(ids(&["child", "events"])), "「子育て」「催し」のすべてを受け取る人"),
        (ages(24, 47), "2歳から3歳の子がいる人"),
        (ages(36, 47), "3歳の子がいる人"),
        (ages(0, 11), "0歳の子がいる人"),
        (ages(4, 4), "4か月の子がいる人"),
        (ages(4, 18), "4か月から1歳6か月の子がいる人"),
        (ages(24, 46), "2歳0か月から3歳10か月の子がいる人"),
        (easy(), "ことばがやさしい日本語の人"),
        (Audience::Languages([Language::Japanese, Language::English].into()), "ことばが日本語・英語の人"),
        (Audience::JoinedSince(date(2026, 4, 1)), "2026年4月1日（水）以降に友だちになった人"),
        (Audience::NotReceived(broadcast.clone()), "配信「断水のお知らせ」が届いていない人"),
        (Audience::UnclearIn(broadcast), "配信「断水のお知らせ」が届いたかどうかわからない人"),
        (given("dog"), "「犬を飼い始めた月」に2026年4月を登録している人"),
        (given("child"), "2026年4月生まれの子がいる人"),
        (given("gone"), "「gone（いまはありません）」に2026年4月を登録している人"),
        (reminded(&[], &[]), "ごみの日のお知らせを受け取る人"),
        (reminded(&["north"], &["paper"]), "収集区域が北部で、古紙のお知らせを受け取る人"),
        (
            Audience::GarbageDay { day: date(2026, 4, 1), slot: Slot { side: Side::Evening, at: time(19, 0, 0, 0) } },
            "2026年4月1日（水）の前の日19:00に、ごみの日のお知らせを受け取る人",
        ),
        (districts(&["gone"]), "gone（いまはありません）に住む人"),
        (districts(&[]), "（未選択）に住む人"),
        (not(easy()), "すべての友だち（ことばがやさしい日本語の人をのぞく）"),
    ] {
        assert_eq!(said(&audience), expected);
    }
}

#[test]
fn what_is_put_together_reads_as_a_sentence() {
    let and = Audience::And(vec![districts(&["honcho", "midori"]), topics(&["child"]), ages(24, 47), not(easy())]);
    assert_eq!(
        said(&and),
        "本町・緑町に住み、「子育て」を受け取り、2歳から3歳の子がいる人（ことばがやさしい日本語の人をのぞく）"
    );
    let or = Audience::Or(vec![districts(&["honcho"]), topics(&["child"])]);
    assert_eq!(said(&or), "本町に住む人、または「子育て」を受け取る人");
    assert_eq!(
        said(&Audience::And(vec![or.clone(), ages(24, 47)])),
        "〔本町に住む人、または「子育て」を受け取る人〕に当てはまり、2歳から3歳の子がいる人"
    );
    assert_eq!(
        said(&Audience::Or(vec![and.clone(), not(or.clone())])),
        concat!(
            "〔本町・緑町に住み、「子育て」を受け取り、2歳から3歳の子がいる人（ことばがやさしい日本語の人をのぞく）〕、または",
            "〔すべての友だち（〔本町に住む人、または「子育て」を受け取る人〕をのぞく）〕"
        )
    );
    assert_eq!(
        said(&Audience::And(vec![ages(0, 11), not(easy()), not(districts(&["honcho"]))])),
        "0歳の子がいる人（ことばがやさしい日本語の人をのぞき、本町に住む人をのぞく）"
    );
}

#[test]
fn what_says_nothing_more_is_left_out() {
    assert_eq!(said(&not(not(easy()))), said(&easy()));
    assert_eq!(said(&Audience::And(vec![Audience::All, easy()])), said(&easy()));
    assert_eq!(said(&Audience::Or(vec![easy()])), said(&easy()));
    let (one, two, three) = (districts(&["honcho"]), topics(&["child"]), ages(0, 11));
    let nested = Audience::And(vec![one.clone(), Audience::And(vec![two.clone(), three.clone()])]);
    assert_eq!(said(&nested), said(&Audience::And(vec![one, two, three])));
}

/// Whether an audience holds for somebody of whom exactly these single conditions are true.
pub(crate) fn holds(audience: &Audience, truths: &[(&Audience, bool)]) -> bool {
    match audience {
        Audience::All => true,
        Audience::And(members) => members.iter().all(|member| holds(member, truths)),
        Audience::Or(members) => members.iter().any(|member| holds(member, truths)),
        Audience::Not(inner) => !holds(inner, truths),
        single => truths.iter().any(|(known, truth)| *known == single && *truth),
    }
}

/// For whom an audience holds, of everybody of whom some of three conditions are true.
pub(crate) fn truth_table(audience: &Audience, atoms: &[Audience; 3]) -> [bool; 8] {
    std::array::from_fn(|bits| {
        let truths: Vec<_> = atoms.iter().enumerate().map(|(at, atom)| (atom, bits >> at & 1 == 1)).collect();
        holds(audience, &truths)
    })
}

/// Everything that can be put together of these with one more "not", "and" or "or".
pub(crate) fn one_level_more(of: &[Audience]) -> Vec<Audience> {
    let pairs = || of.iter().flat_map(|one| of.iter().map(|other| vec![one.clone(), other.clone()]));
    let mut all: Vec<Audience> = of.iter().cloned().map(not).collect();
    all.extend(pairs().map(Audience::And));
    all.extend(pairs().map(Audience::Or));
    all.extend_from_slice(of);
    all
}

/// Two audiences of different people never read alike: whoever reads the sentence knows whom it means.
#[test]
fn no_two_meanings_share_a_sentence() {
    let atoms = [districts(&["honcho"]), topics(&["child"]), easy()];
    let two_levels = one_level_more(&atoms);
    let three_levels = one_level_more(&two_levels);
    // All with three levels, and of those with four a wide choice.
    let sample: Vec<Audience> = three_levels.iter().step_by(29).cloned().collect();
    let mut meanings: BTreeMap<String, [bool; 8]> = BTreeMap::new();
    let mut count = 0;
    for audience in three_levels.into_iter().chain(one_level_more(&sample)) {
        let table = truth_table(&audience, &atoms);
        let sentence = said(&audience);
        assert_eq!(*meanings.entry(sentence.clone()).or_insert(table), table, "{sentence}: {audience:?}");
        count += 1;
    }
    assert!(4_000 < count && 1_000 < meanings.len(), "{count} audiences, {} sentences", meanings.len());
}
