//! Freezing: who gets in, what is written, and what is made of it later.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU16;

use jiff::civil::date;
use proptest::prelude::*;

use super::caps::Had;
use super::object::{BadObject, encode, read, read_header, read_page};
use super::past::PartPast;
use super::*;
use crate::broadcast::audience::Audience;
use crate::broadcast::audience::filter::Past;
use crate::dates::parse_rules;
use crate::garbage::calendar::Entry;
use crate::garbage::reminder::{EVENING_DEFAULT, SETS_MAX, Side, Slot, sets};
use crate::ids::{AreaId, CategoryId};
use crate::language::Language;
use crate::resident::{Standing, Switch};
use crate::sending::frozen::{HEADER_BYTES, ID_BYTES};
use crate::sending::ledger::{Ledger, PageState, Tried};
use crate::sending::plan::{PART_RESIDENTS, Variant};
use crate::sending::{PAGE_IDS, RUN_PAGES};
use crate::town::{District, Town};

const BROADCAST: &str = "0199aaaa-0000-7000-8000-000000000001";

fn id(number: u32) -> PackedId {
    let mut id = [0; ID_BYTES];
    id[12..].copy_from_slice(&number.to_be_bytes());
    PackedId(id)
}

fn candidate(number: u32) -> Candidate<'static> {
    Candidate::follower(id(number))
}

fn plan() -> Plan {
    let variant = |language| Variant::new(language, String::new());
    Plan { parts: 1, variants: [Language::Japanese, Language::English].map(variant).into() }
}

fn freeze(audience: &Audience, candidates: &[Candidate<'_>], capped: &[PackedId]) -> FrozenIds {
    let (town, plan) = (Town::default(), plan());
    let filter = Filter::new(audience, &town, date(2026, 11, 20), &Past::default()).unwrap();
    let mut freezing = Freezing::new(&filter, &plan, capped);
    for candidate in candidates {
        freezing.add(candidate);
    }
    freezing.finish()
}

fn part_of(ids: &FrozenIds) -> FrozenPart {
    ids.part(&BROADCAST.parse().unwrap(), 3, "2026-11-20T01:02:03Z".parse().unwrap())
}

fn sections(counts: &[u32]) -> FrozenIds {
    let mut next = 0;
    let section = |count: &u32| {
        next += count;
        (next - count..next).map(id).collect()
    };
    FrozenIds { sections: counts.iter().map(section).collect(), left_out: LeftOut::default() }
}

#[test]
fn everybody_is_frozen_once_or_counted_once() {
    let english = |number| Candidate { language: Language::English, ..candidate(number) };
    let candidates = [
        candidate(9),
        english(4),
        Candidate { language: Language::EasyJapanese, ..candidate(1) },
        Candidate { standing: Standing::Blocked, ..candidate(2) },
        Candidate { muted: Switch::On, ..candidate(3) },
        candidate(5),
        english(0),
        candidate(6),
        candidate(9),
    ];
    let frozen = freeze(&Audience::All, &candidates, &[id(5), id(8)]);
    assert_eq!(frozen.sections, [vec![id(1), id(6), id(9)], vec![id(0), id(4)]], "no easy wording: the Japanese one");
    assert_eq!(frozen.left_out, LeftOut { blocked: 1, outside: 0, muted: 1, capped: 1 });
    assert_eq!(frozen.reached(), 5);

    let english_only = Audience::Languages([Language::English].into());
    let frozen = freeze(&english_only, &candidates[..8], &[id(5), id(0)]);
    assert_eq!(frozen.sections, [vec![], vec![id(4)]]);
    assert_eq!(
        frozen.left_out,
        LeftOut { blocked: 1, outside: 5, muted: 0, capped: 1 },
        "outside counts before capped"
    );
}

#[test]
fn an_object_has_these_bytes() {
    let frozen = FrozenIds {
        sections: vec![vec![id(1), id(0x0203)], vec![id(2)]],
        left_out: LeftOut { blocked: 1, outside: 2, muted: 3, capped: 4 },
    };
    let part = part_of(&frozen);
    let bytes = encode(&part, &frozen.sections).unwrap();
    let header = concat!(
        r#"{"broadcast":"0199aaaa-0000-7000-8000-000000000001","part":3,"frozen_at":"2026-11-20T01:02:03Z","#,
        r#""sections":[2,1],"left_out":{"blocked":1,"outside":2,"muted":3,"capped":4},"#,
        r#""digest":"bc6bcf6c36a3f1d22467375c3f75ad87968291dd8a47e4852bcd558ec7a2580d"}"#
    );
    assert_eq!(String::from_utf8_lossy(&bytes[..HEADER_BYTES]), format!("{header:<HEADER_BYTES$}"));
    let mut ids = vec![0; 3 * ID_BYTES];
    (ids[15], ids[30], ids[31], ids[47]) = (1, 2, 3, 2);
    assert_eq!(&bytes[HEADER_BYTES..], ids);
    assert_eq!(read(&bytes), Ok((part.clone(), vec![id(1), id(0x0203), id(2)])), "only within a section do ids ascend");
    assert_eq!(read_header(&bytes[..HEADER_BYTES]), Ok(part));
}

#[test]
fn a_header_that_does_not_fit_is_not_cut_off() {
    let frozen = sections(&[1; 3_000]);
    assert_eq!(encode(&part_of(&frozen), &frozen.sections), Err(BadObject::HeaderTooLong));
}

#[test]
fn bytes_that_are_not_what_was_frozen_are_refused() {
    let frozen = sections(&[3, 2]);
    let part = part_of(&frozen);
    let good = encode(&part, &frozen.sections).unwrap();
    assert_eq!(read(&good[..HEADER_BYTES - 1]), Err(BadObject::Length));
    assert_eq!(read(&good[..good.len() - 1]), Err(BadObject::Length));
    assert_eq!(read(&good[..good.len() - ID_BYTES]), Err(BadObject::Length));
    assert_eq!(read(&[&good[..], &[0; ID_BYTES]].concat()), Err(BadObject::Length));
    assert_eq!(read(&[&b"x"[..], &good[1..]].concat()), Err(BadObject::Header));
    let mut other = good.clone();
    other[HEADER_BYTES + 2 * ID_BYTES + 15] ^= 0x40;
    assert_eq!(read(&other), Err(BadObject::Digest));

    let disordered = FrozenIds { sections: vec![vec![id(2), id(1)]], ..frozen.clone() };
    let bytes = encode(&part_of(&disordered), &disordered.sections).unwrap();
    assert_eq!(read(&bytes), Err(BadObject::Order));
    let doubled = FrozenIds { sections: vec![vec![id(1), id(1)]], ..frozen };
    let bytes = encode(&part_of(&doubled), &doubled.sections).unwrap();
    assert_eq!(read(&bytes), Err(BadObject::Order));
}

#[test]
fn the_pages_of_an_object_are_its_ids_and_nothing_else() {
    let frozen = sections(&[1_201, 0, 500]);
    let part = part_of(&frozen);
    let bytes = encode(&part, &frozen.sections).unwrap();
    let pages = part.pages();
    assert_eq!(
        pages.iter().map(|page| (page.variant, page.count)).collect::<Vec<_>>(),
        [(0, PAGE_IDS), (0, PAGE_IDS), (0, 201), (2, PAGE_IDS),]
    );
    let read = |page: &_, bytes: &[u8]| read_page(page, bytes);
    let ids: Vec<_> = pages.iter().flat_map(|page| read(page, &bytes[page.bytes()]).unwrap()).collect();
    assert_eq!(ids, frozen.sections.concat());

    let page = &bytes[pages[2].bytes()];
    assert_eq!(read(&pages[2], &page[1..]), Err(BadObject::Length));
    assert_eq!(read(&pages[2], &page[ID_BYTES..]), Err(BadObject::Length));
    let mut swapped = page.to_vec();
    swapped.rotate_left(ID_BYTES);
    assert_eq!(read(&pages[2], &swapped), Err(BadObject::Order));
}

#[test]
fn what_became_of_each_id_is_read_from_the_ledgers() {
    // Twelve pages: ten in the first run, two in the second.
    let full = u32::try_from(PAGE_IDS).unwrap();
    let frozen = sections(&[full * 9, full * 3]);
    let part = part_of(&frozen);
    let ids = frozen.sections.concat();
    let mut ledger = Ledger::new(RUN_PAGES);
    let open = |dropped| PageState::Open { generation: 1, dropped, tried: Tried::Perhaps, doubt: None };
    ledger.pages[0] = PageState::Accepted { generation: 1, dropped: vec![0, 499], request: None };
    ledger.pages[1] = open(vec![7]);
    ledger.pages[2] = PageState::Refused { status: 400 };
    ledger.pages[3] = PageState::Stopped;
    ledger.pages[4] = PageState::Expired;
    ledger.pages[9] = PageState::Unclear;
    let became = PartPast::of(&part, &ids, &[Some(&ledger), None]);

    let page = |number: u32| number * full..(number + 1) * full;
    let not_received: BTreeSet<u32> = [0, 499, 507].into_iter().chain(page(2)).chain(page(3)).collect();
    let received: Vec<_> = (0..12 * full).filter(|number| !not_received.contains(number)).map(id).collect();
    assert_eq!(became.received, received);
    assert_eq!(became.unclear, page(4).chain(page(9)).map(id).collect::<Vec<_>>());
    assert_eq!(PartPast::of(&part, &ids, &[]).received, ids, "nobody has worked on it: they are still going to get it");
}

#[test]
fn what_became_of_ids_ascends_though_there_are_several_wordings() {
    let frozen = FrozenIds { sections: vec![vec![id(2), id(9)], vec![id(1), id(5)]], ..FrozenIds::default() };
    let mut ledger = Ledger::new(2);
    ledger.pages = vec![PageState::Unclear; 2];
    let became = PartPast::of(&part_of(&frozen), &frozen.sections.concat(), &[Some(&ledger)]);
    assert_eq!(became.received, [1, 2, 5, 9].map(id));
    assert_eq!(became.unclear, became.received);
}

#[test]
fn who_had_as_many_as_the_town_allows_is_at_the_maximum() {
    let lists =
        [vec![1, 2, 3], vec![2, 3, 9], vec![], vec![3, 9]].map(|list| list.into_iter().map(id).collect::<Vec<_>>());
    let had = had(&lists);
    let at = |max| had.at_least(NonZeroU16::new(max).unwrap());
    assert_eq!(at(1), [1, 2, 3, 9].map(id));
    assert_eq!(at(2), [2, 3, 9].map(id));
    assert_eq!(at(3), [id(3)]);
    assert_eq!(at(4), []);
    assert_eq!(at(5), []);
    assert_eq!(Had::default().at_least(NonZeroU16::MIN), []);
}

fn had(lists: &[Vec<PackedId>]) -> Had {
    let mut had = Had::default();
    for list in lists {
        had.add(list);
    }
    had
}

proptest! {
    #[test]
    fn the_merge_counts_as_a_map_of_everybody_would(
        lists in prop::collection::vec(prop::collection::btree_set(0u32..40, 0..30), 0..9),
        max in 1u16..6,
    ) {
        let mut counts = BTreeMap::new();
        lists.iter().flatten().for_each(|number| *counts.entry(id(*number)).or_insert(0) += 1);
        let expected: Vec<_> = counts.into_iter().filter(|(_, count)| *count >= max).map(|(id, _)| id).collect();
        let lists: Vec<Vec<_>> = lists.iter().map(|list| list.iter().copied().map(id).collect()).collect();
        prop_assert_eq!(had(&lists).at_least(NonZeroU16::new(max).unwrap()), expected);
    }

    #[test]
    fn the_order_in_which_residents_are_read_does_not_matter(
        numbers in prop::collection::btree_set(0u32..1_000, 0..60),
        order in any::<u64>(),
    ) {
        let ordered: Vec<_> = numbers.iter().copied().map(candidate).collect();
        let mut shuffled = ordered.clone();
        shuffled.sort_by_key(|candidate| order.wrapping_mul(u64::from(candidate.id.0[15]) + 1).rotate_left(7));
        let frozen = freeze(&Audience::All, &ordered, &[]);
        prop_assert_eq!(frozen.sections[0].len(), numbers.len());
        prop_assert_eq!(&freeze(&Audience::All, &shuffled, &[]), &frozen);
        let object = encode(&part_of(&frozen), &frozen.sections).unwrap();
        prop_assert_eq!(read(&object).unwrap().1, frozen.sections.concat());
    }

    #[test]
    fn no_bit_of_the_ids_can_turn_unseen(at in 0usize..5 * ID_BYTES, bit in 0u8..8) {
        let frozen = sections(&[2, 3]);
        let mut object = encode(&part_of(&frozen), &frozen.sections).unwrap();
        object[HEADER_BYTES + at] ^= 1 << bit;
        prop_assert_eq!(read(&object), Err(BadObject::Digest));
    }
}

#[test]
fn each_is_put_under_the_wording_that_names_what_goes_out_for_them() {
    let friday = date(2026, 11, 20);
    let mut town = Town::default();
    for (area, district, categories) in
        [("north", "kita", ["glass", "paper"].as_slice()), ("south", "minami", ["paper"].as_slice())]
    {
        let area: AreaId = area.parse().unwrap();
        for category in categories {
            let entry = Entry::from(parse_rules("金3").unwrap());
            town.calendar.add(area.clone(), category.parse().unwrap(), entry);
        }
        let district = District { id: district.parse().unwrap(), name: String::new(), reading: String::new(), area };
        town.districts.push(district);
    }
    let slot = Slot { side: Side::Evening, at: EVENING_DEFAULT };
    let audience = Audience::GarbageDay { day: friday, slot };
    let sets = sets(&town, friday, slot);
    let variants = sets.iter().flat_map(|set| {
        [Language::Japanese, Language::English]
            .map(|language| Variant { categories: set.clone(), ..Variant::new(language, String::new()) })
    });
    let plan = Plan { parts: 1, variants: variants.collect() };
    let filter = Filter::new(&audience, &town, friday, &Past::default()).unwrap();
    let mut freezing = Freezing::new(&filter, &plan, &[]);
    let kita = |number| Candidate { district: Some("kita"), ..candidate(number) };
    for candidate in [
        kita(1),
        Candidate { garbage: &[("glass", Switch::Off)], ..kita(2) },
        Candidate { garbage: &[("paper", Switch::Off)], language: Language::English, ..kita(3) },
        Candidate { garbage: &[("paper", Switch::Off), ("glass", Switch::Off)], ..kita(4) },
        Candidate { district: Some("minami"), ..candidate(5) },
        Candidate { evening: None, ..kita(6) },
        candidate(7),
    ] {
        freezing.add(&candidate);
    }
    let frozen = freezing.finish();
    let got: Vec<(Language, String, Vec<PackedId>)> = plan
        .variants
        .iter()
        .zip(&frozen.sections)
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(variant, ids)| {
            let names: Vec<&str> = variant.categories.iter().map(CategoryId::as_str).collect();
            (variant.language, names.join(" "), ids.clone())
        })
        .collect();
    let (ja, en) = (Language::Japanese, Language::English);
    assert_eq!(
        got,
        [
            (ja, "glass paper".to_owned(), vec![id(1)]),
            (ja, "paper".to_owned(), vec![id(2), id(5)]),
            (en, "glass".to_owned(), vec![id(3)]),
        ]
    );
    assert_eq!(frozen.left_out.outside, 3);
    // As if paper alone had not gone out anywhere when the plan was made.
    let both = plan.variants.into_iter().filter(|variant| variant.categories.len() == 2).collect();
    let plan = Plan { parts: 1, variants: both };
    let mut freezing = Freezing::new(&filter, &plan, &[]);
    freezing.add(&kita(1));
    freezing.add(&Candidate { district: Some("minami"), ..candidate(5) });
    let frozen = freezing.finish();
    assert_eq!((frozen.sections.concat(), frozen.left_out.outside), (vec![id(1)], 1), "nothing fits the other");
}

#[test]
fn the_header_has_room_for_as_many_wordings_as_there_can_be() {
    let sections = SETS_MAX * Language::ALL.len();
    let each = usize::try_from(PART_RESIDENTS).unwrap() / sections + 1;
    let ids =
        (0..sections).map(|section| (0..each).map(|at| id(u32::try_from(section * each + at).unwrap())).collect());
    let frozen = FrozenIds { sections: ids.collect(), left_out: LeftOut { outside: u64::MAX, ..LeftOut::default() } };
    let part = part_of(&frozen);
    let bytes = encode(&part, &frozen.sections).unwrap();
    assert_eq!(read_header(&bytes[..HEADER_BYTES]), Ok(part));
}
