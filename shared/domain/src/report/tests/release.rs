//! What everybody sees of a report.

use super::*;
use crate::broadcast::content::PictureId;
use crate::report::release::{AREAS_MAX, Area, NoArea, RELEASED_CHARS_MAX, Release, ReleasedPhoto};

/// What staff wrote for everybody, without photos.
pub(super) fn release(what: &str) -> Release {
    let (place, outcome) = (String::new(), String::new());
    Release { at: at(0), what: what.to_owned(), place, outcome, photos: Vec::new(), taken_back: Vec::new() }
}

fn shown(photo: &str, copy: u8) -> ReleasedPhoto {
    let areas = vec![Area::new(0, 0, 500, 1_000).unwrap()];
    ReleasedPhoto { of: photo.parse().unwrap(), copy: PictureId::of([copy; 32]), areas }
}

fn with_photos(photos: &[ReleasedPhoto]) -> Release {
    Release { photos: photos.to_vec(), ..release("街路灯") }
}

fn act(report: &mut Report, deed: Deed) -> Result<usize, Refusal> {
    report.act(deed, &staff(), at(5))
}

#[test]
fn nobody_sees_anything_before_it_is_released_or_after_it_is_hidden() {
    let mut report = report("r1");
    assert_eq!(report.public(), None);
    assert_eq!(act(&mut report, Deed::Hide), Err(Refusal::Unchanged));
    assert_eq!(act(&mut report, Deed::Release(release(" 街路灯\r\n"))), Ok(1));
    let seen = report.public().unwrap();
    assert_eq!((seen.release.what.as_str(), seen.release.at, seen.changed_at), ("街路灯", at(5), at(5)));
    assert_eq!((seen.point, seen.standing), (report.place.point, Standing::Received));
    let all = serde_json::to_string(&seen).unwrap();
    for private in ["消えて", "A-12", "本町1-2-3", &REPORTER[1..]] {
        assert!(!all.contains(private), "{private}: {all}");
    }
    assert_eq!(act(&mut report, Deed::Hide), Ok(2));
    assert_eq!(report.public(), None);
    let told: Vec<_> = report.history.iter().skip(1).map(|entry| (entry.what.clone(), entry.told)).collect();
    assert_eq!(told, [(What::Released, Told::No), (What::Hidden, Told::No)]);
}

#[test]
fn what_is_released_has_its_bounds() {
    let long = "あ".repeat(RELEASED_CHARS_MAX);
    let mut too_many = shown("photo-1", 1);
    too_many.areas = too_many.areas.repeat(AREAS_MAX + 1);
    for (change, refusal) in [
        (Release { what: " \n".to_owned(), ..release("") }, Refusal::Empty),
        (release(&format!("{long}い")), Refusal::TooLong),
        (Release { place: format!("{long}い"), ..release("街路灯") }, Refusal::TooLong),
        (Release { outcome: format!("{long}い"), ..release("街路灯") }, Refusal::TooLong),
        (with_photos(&[too_many]), Refusal::TooLong),
        (with_photos(&[shown("another", 1)]), Refusal::NotItsPhoto),
        (with_photos(&[shown("photo-1", 1), shown("photo-1", 2)]), Refusal::NotItsPhoto),
    ] {
        let mut report = report("r1");
        assert_eq!(act(&mut report, Deed::Release(change)), Err(refusal));
        assert_eq!(report, super::report("r1"), "what is refused changes nothing");
    }
    let full = Release { what: long.clone(), place: long.clone(), outcome: long, ..release("") };
    assert!(act(&mut report("r1"), Deed::Release(full)).is_ok());
}

#[test]
fn the_same_again_is_no_change_but_another_marking_is() {
    let mut report = report("r1");
    act(&mut report, Deed::Release(with_photos(&[shown("photo-1", 1)]))).unwrap();
    let again = Release { at: at(99), ..with_photos(&[shown("photo-1", 1)]) };
    assert_eq!(act(&mut report, Deed::Release(again)), Err(Refusal::Unchanged));
    assert!(act(&mut report, Deed::Release(with_photos(&[shown("photo-1", 2)]))).is_ok());
}

#[test]
fn a_duplicate_is_not_shown_beside_the_one_that_remains() {
    let (mut one, mut other) = (report("one"), report("other"));
    act(&mut one, Deed::Release(release("街路灯"))).unwrap();
    one.merge_into(&mut other, &staff(), at(6)).unwrap();
    assert_eq!(one.public(), None);
    assert_eq!(act(&mut one, Deed::Release(release("道路"))), Err(Refusal::WrongState));
    act(&mut one, Deed::Reopen { answer: String::new() }).unwrap();
    assert_eq!(one.public().unwrap().release.what, "街路灯");
    one.merge_into(&mut other, &staff(), at(7)).unwrap();
    assert!(act(&mut one, Deed::Hide).is_ok(), "what is not seen can be hidden for good");
}

#[test]
fn it_last_changed_when_something_did_that_everybody_sees() {
    let mut report = report("r1");
    report.act(Deed::Release(release("街路灯")), &staff(), at(10)).unwrap();
    report.act(Deed::Work { answer: String::new() }, &staff(), at(20)).unwrap();
    report.act(Deed::Note("メモ".to_owned()), &staff(), at(30)).unwrap();
    report.comment("まだです。", &resident(1), at(40)).unwrap();
    assert_eq!(report.public().unwrap().changed_at, at(20));
}

#[test]
fn a_photo_that_is_taken_back_is_not_shown_any_more() {
    let mut report = report("r1");
    assert_eq!(report.unrelease(&"photo-1".parse().unwrap()), []);
    act(&mut report, Deed::Release(with_photos(&[shown("photo-1", 1), shown("photo-2", 2)]))).unwrap();
    assert_eq!(report.unrelease(&"another".parse().unwrap()), []);
    let entries = report.history.len();
    assert_eq!(report.unrelease(&"photo-1".parse().unwrap()), [PictureId::of([1; 32])]);
    let seen = report.public().unwrap().release;
    assert_eq!((seen.photos, seen.taken_back), (vec![shown("photo-2", 2)], vec![]), "nobody hears of what goes");
    assert_eq!(report.history.len(), entries);
}

#[test]
fn a_copy_is_named_until_it_is_certain_that_it_goes() {
    let mut report = report("r1");
    let (one, two) = ("photo-1".parse().unwrap(), "photo-2".parse().unwrap());
    act(&mut report, Deed::Release(with_photos(&[shown("photo-1", 1), shown("photo-2", 2)]))).unwrap();
    report.unrelease(&one);
    assert_eq!(report.unrelease(&one), [PictureId::of([1; 32])], "asked again it is still to be erased");
    assert_eq!(report.unrelease(&two), [PictureId::of([2; 32])]);
    report.forget_copies(&one);
    assert_eq!((report.unrelease(&one), report.unrelease(&two)), (vec![], vec![PictureId::of([2; 32])]));
}

#[test]
fn erasure_of_what_is_closed_leaves_nothing_to_be_seen() {
    let mut report = report("r1");
    act(&mut report, Deed::Release(release("田中さんの家の前"))).unwrap();
    act(&mut report, Deed::Done { answer: String::new() }).unwrap();
    report.erase_personal(at(9));
    assert_eq!(report.public(), None);
    assert!(!serde_json::to_string(&report).unwrap().contains("田中"));
}

#[test]
fn what_was_erased_is_not_shown_where_it_was_not() {
    let mut report = report("r1");
    let place = report.place.clone();
    act(&mut report, Deed::Done { answer: String::new() }).unwrap();
    assert!(act(&mut report.clone(), Deed::Release(release("街路灯"))).is_ok(), "it is only closed");
    report.erase_personal(at(9));
    assert!(report.is_placed_roughly() && report.place.point != place.point);
    assert_eq!(act(&mut report, Deed::Release(release("街路灯"))), Err(Refusal::WrongState));
    act(&mut report, Deed::Place(place)).unwrap();
    assert!(act(&mut report, Deed::Release(release("街路灯"))).is_ok(), "staff know where it was");
}

#[test]
fn a_full_history_can_be_hidden_and_closed_in_any_order() {
    let mut full = report("r1");
    act(&mut full, Deed::Release(release("街路灯"))).unwrap();
    while act(&mut full, Deed::Note("メモ".to_owned())).is_ok() {}
    assert_eq!(full.history.len(), ENTRIES_MAX - 3);
    assert_eq!(act(&mut full, Deed::Release(release("道路"))), Err(Refusal::HistoryFull));
    let orders: [[Deed; 2]; 2] =
        [[Deed::Hide, Deed::Done { answer: String::new() }], [Deed::Done { answer: String::new() }, Deed::Hide]];
    for deeds in orders {
        let mut report = full.clone();
        for deed in deeds {
            assert!(act(&mut report, deed.clone()).is_ok(), "{deed:?}");
        }
        report.erase_personal(at(9));
        assert_eq!((report.history.len(), &report.history.last().unwrap().what), (ENTRIES_MAX, &What::Erased));
    }
}

#[test]
fn what_is_nothing_or_beyond_the_edge_is_no_part_of_a_photo() {
    for area in
        [[0, 0, 0, 10], [0, 0, 10, 0], [1_000, 0, 1, 1], [500, 0, 501, 1], [0, 1, 1, 1_000], [u16::MAX, 0, 1, 1]]
    {
        assert_eq!(Area::try_from(area), Err(NoArea), "{area:?}");
    }
    assert!(Area::new(999, 999, 1, 1).is_ok());
    assert!(serde_json::from_str::<Area>("[0,0,1001,1]").is_err());
}

#[test]
fn a_part_reaches_over_all_pixels_that_it_touches() {
    let area = |left, width| Area::new(left, 0, width, 1_000).unwrap().columns(100);
    assert_eq!([area(0, 5), area(995, 5), area(14, 2), area(0, 1_000)], [0..1, 99..100, 1..2, 0..100]);
    assert_eq!(Area::new(0, 333, 1, 334).unwrap().rows(3), 0..3);
}
