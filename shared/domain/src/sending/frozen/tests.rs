//! Pages and runs of a frozen part.

use proptest::prelude::*;

use super::*;

fn part(sections: Vec<u32>) -> FrozenPart {
    FrozenPart {
        broadcast: "b".parse().unwrap(),
        part: 0,
        frozen_at: Timestamp::UNIX_EPOCH,
        sections,
        left_out: LeftOut::default(),
        digest: String::new(),
    }
}

proptest! {
    #[test]
    fn every_id_is_in_one_page_and_every_page_in_one_run(sections in proptest::collection::vec(0..3_000_u32, 0..4)) {
        let part = part(sections);
        let pages = part.pages();
        let mut next = 0;
        for page in &pages {
            prop_assert_eq!(page.first, next);
            prop_assert!(0 < page.count && page.count <= PAGE_IDS);
            next += page.count;
        }
        prop_assert_eq!(u64::try_from(next).unwrap(), part.count());
        let by_run: Vec<Page> = (0..part.runs()).flat_map(|run| part.run_pages(run)).collect();
        prop_assert_eq!(by_run, pages);
        prop_assert!(part.run_pages(part.runs()).is_empty());
    }

    #[test]
    fn a_packed_id_is_the_id(digits in proptest::array::uniform16(any::<u8>()), other in proptest::array::uniform16(any::<u8>())) {
        let text = PackedId(digits).text();
        let id: ResidentId = text.parse().unwrap();
        prop_assert_eq!(PackedId::of(&id), PackedId(digits));
        prop_assert_eq!(PackedId(digits).cmp(&PackedId(other)), text.cmp(&PackedId(other).text()));
    }
}

#[test]
fn no_page_has_ids_of_two_wordings() {
    let page = |variant, first, count| Page { variant, first, count };
    let pages = part(vec![501, 0, 3]).pages();
    assert_eq!(pages, [page(0, 0, 500), page(0, 500, 1), page(2, 501, 3)]);
    assert_eq!(pages[2].bytes(), 4_096 + 501 * 16..4_096 + 504 * 16);
}

#[test]
fn nobody_is_no_page_and_no_run() {
    let nobody = part(vec![0, 0]);
    assert_eq!((nobody.count(), nobody.pages(), nobody.runs()), (0, Vec::new(), 0));
}

#[test]
fn a_run_has_ten_pages() {
    assert_eq!([5_000, 5_001, 25_000].map(|ids| part(vec![ids]).runs()), [1, 2, 5]);
}
