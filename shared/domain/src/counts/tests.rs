//! Counting in pieces is counting at once; small numbers of a district stay hidden.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::ids::ResidentId;
use crate::resident::Stamp;

const DAY: Date = date(2026, 11, 21);

fn noon(days_ago: i64) -> Timestamp {
    let noon: Timestamp = "2026-11-21T03:00:00Z".parse().unwrap();
    noon - SignedDuration::from_hours(24 * days_ago)
}

fn stamp(days_ago: i64) -> Stamp {
    Stamp { at: noon(days_ago), event: "e".parse().unwrap() }
}

fn resident(since_days_ago: i64) -> Resident {
    let id: ResidentId = "U0123456789abcdef0123456789abcdef".parse().unwrap();
    Resident::new(id, stamp(since_days_ago))
}

fn tally(residents: &[Resident]) -> Tally {
    let mut tally = Tally::new(DAY);
    for resident in residents {
        tally.add(&resident.into());
    }
    tally
}

#[test]
fn each_resident_is_counted_by_what_they_chose() {
    let mut living = resident(0);
    living.settings.set_district(Some("honcho".parse().unwrap()), &stamp(0));
    living.settings.set_language(Language::English, &stamp(0));
    living.settings.set_topic("crime".parse().unwrap(), Switch::On, &stamp(0));
    living.settings.set_topic("disaster".parse().unwrap(), Switch::Off, &stamp(0));
    let mut gone = resident(40);
    gone.settings.set_district(Some("honcho".parse().unwrap()), &stamp(30));
    gone.stand(Standing::Blocked, &stamp(2));
    let tally = tally(&[living, resident(1), gone]);

    assert_eq!((tally.following, tally.blocked, tally.without_district), (2, 1, 1));
    assert_eq!(tally.districts, BTreeMap::from([("honcho".parse().unwrap(), 1)]));
    assert_eq!(tally.languages, BTreeMap::from([(Language::English, 1), (Language::Japanese, 1)]));
    assert_eq!(tally.hear(&"crime".parse().unwrap(), Switch::Off), 1);
    assert_eq!(tally.hear(&"disaster".parse().unwrap(), Switch::On), 1);
    assert_eq!(tally.hear(&"new".parse().unwrap(), Switch::On), 2);
    assert_eq!(tally.hear(&"new".parse().unwrap(), Switch::Off), 0);
    let days = tally.by_day(3);
    assert_eq!(
        days,
        [
            (date(2026, 11, 19), Moved { came: 0, left: 1 }),
            (date(2026, 11, 20), Moved { came: 1, left: 0 }),
            (DAY, Moved { came: 1, left: 0 }),
        ]
    );
}

#[test]
fn a_year_is_kept_by_month_and_nothing_before_or_after() {
    let tally =
        tally(&[resident(-1), resident(0), resident(20), resident(21), resident(355), resident(356), resident(9_999)]);
    assert_eq!(tally.following, 7);
    assert_eq!(tally.since(), date(2025, 12, 1));
    let months = tally.by_month();
    assert_eq!(months.len(), 12);
    let came = |month: &str| months.iter().find(|(at, _)| at.to_string() == month).unwrap().1.came;
    assert_eq!((came("2026-11"), came("2026-10"), came("2025-12")), (2, 1, 1));
    assert_eq!(tally.by_day(1_000).len(), 356, "as far back as it is known");
}

#[test]
fn a_day_is_japans() {
    let mut early = resident(0);
    early.since = "2026-11-20T15:00:00Z".parse().unwrap();
    let mut late = resident(0);
    late.since = "2026-11-20T14:59:59Z".parse().unwrap();
    assert_eq!(tally(&[early, late]).came, BTreeMap::from([(date(2026, 11, 20), 1), (DAY, 1)]));
}

#[test]
fn countings_of_two_days_are_not_mixed() {
    assert_eq!(Tally::new(DAY).merge(&Tally::new(DAY.tomorrow().unwrap())), Err(OtherDay));
}

#[test]
fn small_parts_are_hidden_and_cannot_be_computed() {
    use Shown::{Exactly, Few, Withheld};
    for (parts, expected) in [
        (&[][..], &[][..]),
        (&[5, 100], &[Exactly(5), Exactly(100)]),
        (&[4, 4, 100], &[Few, Few, Exactly(100)]),
        (&[4, 100, 7], &[Few, Exactly(100), Withheld]),
        (&[1, 0, 2, 100], &[Few, Few, Few, Withheld]),
        (&[0, 100], &[Few, Exactly(100)]),
        (&[3], &[Few]),
    ] {
        assert_eq!(shown(parts), expected, "{parts:?}");
    }
}

#[test]
fn the_largest_town_fits_into_an_item() {
    let mut tally = Tally::new(DAY);
    let mut day = tally.since();
    while day <= DAY {
        tally.came.insert(day, u64::MAX);
        tally.left.insert(day, u64::MAX);
        day = day.tomorrow().unwrap();
    }
    for number in 0..500 {
        tally.districts.insert(format!("{number:0>64}").parse().unwrap(), u64::MAX);
        tally.topics.insert(format!("{number:0>64}").parse().unwrap(), Switched { on: u64::MAX, off: u64::MAX });
    }
    let bytes = serde_json::to_string(&tally).unwrap().len();
    assert!(bytes < 200_000, "{bytes} bytes, and an item may have 400 KB");
}

fn any_resident() -> impl Strategy<Value = Resident> {
    let topics = prop::collection::vec((0_u8..3, any::<bool>()), 0..3);
    (-2_i64..500, 0_i64..40, any::<bool>(), prop::option::of(0_u8..4), 0_usize..3, topics).prop_map(
        |(since, ago, blocked, district, language, topics)| {
            let mut resident = resident(since.max(ago));
            resident.since = noon(since);
            let district = district.map(|n| format!("d{n}").parse().unwrap());
            resident.settings.set_district(district, &stamp(ago));
            resident.settings.set_language(Language::ALL[language], &stamp(ago));
            for (topic, on) in topics {
                let switch = if on { Switch::On } else { Switch::Off };
                resident.settings.set_topic(format!("t{topic}").parse().unwrap(), switch, &stamp(ago));
            }
            if blocked {
                resident.stand(Standing::Blocked, &stamp(ago));
            }
            resident
        },
    )
}

proptest! {
    #[test]
    fn any_pieces_in_any_order_give_the_same_tally(
        residents in prop::collection::vec(any_resident(), 0..40),
        cuts in prop::collection::vec(0_usize..40, 0..6),
        backwards in any::<bool>(),
    ) {
        let whole = tally(&residents);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(residents.len())).chain([0, residents.len()]).collect();
        cuts.sort_unstable();
        let mut pieces: Vec<Tally> = cuts.windows(2).map(|cut| tally(&residents[cut[0]..cut[1]])).collect();
        if backwards {
            pieces.reverse();
        }
        let mut merged = Tally::new(DAY);
        for piece in &pieces {
            merged.merge(piece).unwrap();
        }
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(whole.following + whole.blocked, residents.len() as u64);
        let districts: u64 = whole.districts.values().sum();
        prop_assert_eq!(districts + whole.without_district, whole.following);
    }

    #[test]
    fn no_small_part_is_ever_shown(parts in prop::collection::vec(0_u64..20, 0..12)) {
        let shown = shown(&parts);
        prop_assert_eq!(shown.len(), parts.len());
        for (part, shown) in parts.iter().zip(&shown) {
            match shown {
                Shown::Exactly(number) => prop_assert!(number == part && FEW <= *part),
                Shown::Few => prop_assert!(*part < FEW),
                Shown::Withheld => prop_assert!(FEW <= *part),
            }
        }
        let hidden: Vec<u64> = parts.iter().zip(&shown).filter(|(_, shown)| !matches!(shown, Shown::Exactly(_))).map(|(part, _)| *part).collect();
        let alone = hidden.len() == 1 && 0 < hidden[0] && parts.len() > 1;
        prop_assert!(!alone, "{:?} tells the one that is hidden", shown);
    }
}
