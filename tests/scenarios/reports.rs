//! A damage report from the first tap to the filed report: once, with all its photos, whatever is doubled, lost or dies half-way.

use std::collections::{BTreeMap, BTreeSet};

use app::inbox::{Letter, Outcome};
use app::ports::Clock;
use app::ports::reports::PhotoJob;
use app::report::withdraw::Forgetter;
use aws::reports::UNFILED_LIFE;
use domain::conversation::Deed;
use domain::ids::{PhotoId, ReportId, ResidentId};
use domain::report::kind::{Question, ReportKind};
use domain::report::photo::PhotoState;
use domain::report::place::Point;
use domain::report::{Report, Reporter, State};
use domain::town::{Name, Town};
use jiff::SignedDuration;
use proptest::prelude::*;
use tests::city::{City, PlatformFault, TableFault};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn name(ja: &str) -> Name {
    Name { ja: ja.to_owned(), ..Name::default() }
}

fn city() -> City {
    let pole = Question {
        id: "pole".parse().unwrap(),
        question: name("電柱の番号が見えますか"),
        choices: vec![name("見えます"), name("見えません")],
    };
    let light = ReportKind {
        id: "light".parse().unwrap(),
        name: name("街路灯"),
        description: Name::default(),
        department: "roads".parse().unwrap(),
        urgent: Name::default(),
        urgent_phone: String::new(),
        duplicate_radius_m: 50,
        due_days: Some(14),
        closed: Name::default(),
        questions: vec![pole],
    };
    City::of(Town { report_kinds: vec![light], ..Town::default() })
}

fn somebody() -> ResidentId {
    "U0123456789abcdef0123456789abcdef".parse().unwrap()
}

fn another() -> ResidentId {
    "Ufedcba9876543210fedcba9876543210".parse().unwrap()
}

fn tap(data: &str) -> Deed {
    Deed::Tapped(data.to_owned())
}

/// The message of a resident's photo with this place among those that were sent together.
fn message(resident: &ResidentId, index: u8) -> String {
    format!("{}-{index}", &resident.as_str()[..5])
}

fn photo(resident: &ResidentId, index: u8) -> Deed {
    let set = Some("set".to_owned());
    Deed::SentPhoto { message: message(resident, index), index: Some(index), total: Some(3), set }
}

fn place() -> Deed {
    let point = Point::new(35.12345, 139.12345).unwrap();
    Deed::SentPlace { point, title: String::new(), address: "本町1-2-3".to_owned() }
}

/// What a resident does before the report can be sent; the photos were sent together and arrive in another order.
fn story(resident: &ResidentId) -> Vec<Deed> {
    vec![
        tap("report"),
        tap("report-kind:light"),
        tap("report-answer:pole:1"),
        photo(resident, 3),
        photo(resident, 1),
        photo(resident, 2),
        tap("report-photos-done"),
        place(),
        tap("report-no-comment"),
    ]
}

/// The letters of a resident's deeds, a second apart, with numbers from `first`.
fn letters(city: &City, resident: &ResidentId, first: u32, deeds: Vec<Deed>) -> Vec<Letter> {
    let letter = |(number, deed)| {
        let letter = city.letter(resident, number, deed);
        // Whatever comes next is younger.
        city.clock.advance(SECOND);
        letter
    };
    (first..).zip(deeds).map(letter).collect()
}

/// The photos that were asked for, by the message that carries each.
fn asked_for(city: &City) -> BTreeMap<String, PhotoId> {
    by_message(city.jobs.take_photos())
}

fn by_message(jobs: Vec<PhotoJob>) -> BTreeMap<String, PhotoId> {
    let sent = jobs.into_iter().filter_map(|job| match job {
        PhotoJob::Sent { photo, message } => Some((message, photo)),
        PhotoJob::Uploaded { .. } | PhotoJob::Withdrawn { .. } | PhotoJob::Unreleased { .. } => None,
    });
    sent.collect()
}

/// Of which report the photos are.
fn report_of(city: &City, photos: &BTreeMap<String, PhotoId>) -> ReportId {
    let reports = photos.values().map(|photo| city.reports.photo(photo).unwrap().report);
    let reports: BTreeSet<ReportId> = reports.collect();
    assert_eq!(reports.len(), 1, "the photos belong to one report");
    reports.into_iter().next().unwrap()
}

/// The last tap.
fn sending(city: &City, photos: &BTreeMap<String, PhotoId>) -> Letter {
    city.clock.advance(SECOND);
    city.letter(&somebody(), 50, tap(&format!("report-send:{}", report_of(city, photos))))
}

async fn tell(city: &City, letters: &[Letter]) {
    for letter in letters {
        city.inbox.handle(letter).await.unwrap();
    }
}

/// A report is filed without trouble; it and its photos by message.
async fn filed(city: &City, resident: &ResidentId, first: u32) -> (Report, BTreeMap<String, PhotoId>) {
    tell(city, &letters(city, resident, first, story(resident))).await;
    let photos = asked_for(city);
    let id = report_of(city, &photos);
    tell(city, &letters(city, resident, first + 50, vec![tap(&format!("report-send:{id}"))])).await;
    (city.reports.report(&id).unwrap(), photos)
}

/// There is one report, with all that was told, and its number was said once.
fn assert_filed_once(city: &City, photos: &BTreeMap<String, PhotoId>) {
    let all = city.reports.all();
    assert_eq!(all.len(), 1);
    let report = &all[0];
    assert_eq!((&report.state, &report.reporter), (&State::Received, &Reporter::Resident(somebody())));
    let in_order: Vec<PhotoId> = (1..=3).map(|index| photos[&message(&somebody(), index)].clone()).collect();
    assert_eq!(report.photos, in_order, "as they were sent, not as they came");
    assert_eq!(city.reports.photos_kept(), 3);
    for id in &report.photos {
        let photo = city.reports.photo(id).unwrap();
        assert_eq!((photo.state, photo.by, &photo.report), (PhotoState::Waiting, Some(somebody()), &report.id));
    }
    let said = city.platform.received().iter().filter(|text| text.contains(&report.number().to_string())).count();
    assert_eq!(said, 1, "its number is said once");
}

#[tokio::test(start_paused = true)]
async fn a_report_with_photos_out_of_order_is_filed_once_although_everything_is_delivered_twice() {
    let city = city();
    let letters = letters(&city, &somebody(), 1, story(&somebody()));
    for letter in &letters {
        city.inbox.handle(letter).await.unwrap();
        assert_eq!(city.inbox.handle(letter).await.unwrap(), Outcome::AlreadyAnswered);
    }
    let jobs = city.jobs.take_photos();
    assert_eq!(jobs.len(), 3, "a delivery of what is handled asks for nothing");
    let photos = by_message(jobs);
    let send = sending(&city, &photos);
    for _ in 0..2 {
        city.inbox.handle(&send).await.unwrap();
    }
    for letter in letters.iter().rev() {
        assert_eq!(city.inbox.handle(letter).await.unwrap(), Outcome::AlreadyAnswered);
    }
    assert_filed_once(&city, &photos);
    assert!(city.jobs.take_notices().is_empty(), "the answer in the chat told of it");
    let changes = city.jobs.take_changes();
    assert_eq!(changes.iter().map(|job| (job.change, job.hook.clone())).collect::<Vec<_>>(), [(1, None)]);
}

#[tokio::test(start_paused = true)]
async fn a_second_tap_on_send_files_nothing_more() {
    let city = city();
    let (report, _) = filed(&city, &somebody(), 1).await;
    tell(&city, &letters(&city, &somebody(), 80, vec![tap(&format!("report-send:{}", report.id))])).await;
    assert_eq!(city.reports.all(), [report]);
}

/// Goes through the story to its end and calls again whoever died, once more for each letter that failed.
async fn filed_with_a_death(calls: usize) -> bool {
    let city = city();
    let mut died = false;
    city.reports.life.ends_after(calls);
    let mut photos = BTreeMap::new();
    for (number, told) in (1..).zip(story(&somebody()).into_iter().map(Some).chain([None])) {
        city.clock.advance(SECOND);
        let last = || tap(&format!("report-send:{}", report_of(&city, &photos)));
        let letter = city.letter(&somebody(), number, told.unwrap_or_else(last));
        if city.inbox.handle(&letter).await.is_err() {
            died = true;
            city.reports.life.ends_after(usize::MAX);
            city.inbox.handle(&letter).await.unwrap();
        }
        photos.extend(asked_for(&city));
    }
    assert_eq!(photos.len(), 3, "each photo is asked for, after {calls} calls");
    assert_filed_once(&city, &photos);
    died
}

#[tokio::test(start_paused = true)]
async fn whoever_dies_between_the_job_and_the_photo_and_the_turn_files_it_once_with_all_photos() {
    let mut calls = 0;
    while filed_with_a_death(calls).await {
        calls += 1;
        assert!(calls < 100, "the story ends");
    }
    assert!(5 < calls, "it died in more than one place");
}

/// All but the last tap; what sends the report, and its photos.
async fn about_to_send(city: &City) -> (Letter, BTreeMap<String, PhotoId>) {
    tell(city, &letters(city, &somebody(), 1, story(&somebody()))).await;
    let photos = asked_for(city);
    (sending(city, &photos), photos)
}

#[tokio::test(start_paused = true)]
async fn a_turn_of_which_nobody_knows_whether_it_was_written_files_it_once() {
    for fault in [TableFault::Throttled, TableFault::ReplyLost] {
        let city = city();
        let (send, photos) = about_to_send(&city).await;
        city.table.fail_commits([fault]);
        assert!(city.inbox.handle(&send).await.is_err(), "{fault:?}");
        city.inbox.handle(&send).await.unwrap();
        assert_filed_once(&city, &photos);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_could_not_be_given_tells_the_number_later_and_files_nothing_more() {
    let city = city();
    let (send, photos) = about_to_send(&city).await;
    city.platform.fail([PlatformFault::Unreachable; 3]);
    assert!(city.inbox.handle(&send).await.is_err());
    assert_eq!(city.reports.all().len(), 1, "it is filed before anything is said");
    city.clock.advance(SignedDuration::from_mins(2));
    city.inbox.handle(&send).await.unwrap();
    assert_filed_once(&city, &photos);
}

/// A kind of trouble that meets one delivery.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    None,
    Loading,
    Committing,
    CommitUnsure,
    Confirming,
    Dying(usize),
    Doubled,
}

fn troubles() -> impl Strategy<Value = Vec<Trouble>> {
    let trouble = prop_oneof![
        3 => Just(Trouble::None),
        1 => Just(Trouble::Loading),
        1 => Just(Trouble::Committing),
        1 => Just(Trouble::CommitUnsure),
        1 => Just(Trouble::Confirming),
        2 => (0_usize..4).prop_map(Trouble::Dying),
        2 => Just(Trouble::Doubled),
    ];
    prop::collection::vec(trouble, 0..60)
}

/// Delivers a letter until it is handled.
async fn deliver(city: &City, letter: &Letter, troubles: &mut impl Iterator<Item = Trouble>) {
    loop {
        let trouble = troubles.next().unwrap_or(Trouble::None);
        city.reports.life.ends_after(usize::MAX);
        match trouble {
            Trouble::None => {}
            Trouble::Loading => city.table.fail_loads([TableFault::Throttled]),
            Trouble::Committing => city.table.fail_commits([TableFault::Throttled]),
            Trouble::CommitUnsure => city.table.fail_commits([TableFault::ReplyLost]),
            Trouble::Confirming => city.table.fail_confirms([TableFault::Throttled]),
            Trouble::Dying(calls) => city.reports.life.ends_after(calls),
            Trouble::Doubled => {
                let (one, other) = tokio::join!(city.inbox.handle(letter), city.inbox.handle(letter));
                if one.is_ok() || other.is_ok() {
                    return;
                }
            }
        }
        if city.inbox.handle(letter).await.is_ok() {
            return;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_goes_wrong_there_is_one_report_with_three_photos(troubles in troubles()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let city = city();
            let mut troubles = troubles.into_iter();
            let mut photos = BTreeMap::new();
            for letter in letters(&city, &somebody(), 1, story(&somebody())) {
                deliver(&city, &letter, &mut troubles).await;
                photos.extend(asked_for(&city));
            }
            let send = sending(&city, &photos);
            deliver(&city, &send, &mut troubles).await;
            city.reports.life.ends_after(usize::MAX);
            city.inbox.handle(&send).await.unwrap();
            assert_eq!(photos.len(), 3);
            assert_filed_once(&city, &photos);
        });
    }
}

#[tokio::test(start_paused = true)]
async fn a_photo_that_is_taken_back_is_withdrawn_and_its_files_are_asked_to_be_erased_also_after_filing() {
    let city = city();
    let (report, photos) = filed(&city, &somebody(), 1).await;
    let unsent = |message: &str| vec![Deed::Unsent { message: message.to_owned() }];
    let second = message(&somebody(), 2);
    tell(&city, &letters(&city, &somebody(), 60, unsent(&second))).await;
    let jobs = city.jobs.take_photos();
    assert_eq!(jobs, [PhotoJob::Withdrawn { photo: photos[&second].clone() }]);
    let state = |index: u8| city.reports.photo(&photos[&message(&somebody(), index)]).unwrap().state;
    assert_eq!([1, 2, 3].map(state), [PhotoState::Waiting, PhotoState::Withdrawn, PhotoState::Waiting]);
    assert_eq!(city.reports.report(&report.id), Some(report), "that there was one stays");
    tell(&city, &letters(&city, &somebody(), 70, unsent(&second))).await;
    tell(&city, &letters(&city, &somebody(), 71, unsent("some-words"))).await;
    assert!(city.jobs.take_photos().is_empty(), "nothing more is to be erased");
}

#[tokio::test(start_paused = true)]
async fn a_withdrawal_that_dies_half_way_is_made_again() {
    for calls in 0..3 {
        let city = city();
        let (_, photos) = filed(&city, &somebody(), 1).await;
        let first = message(&somebody(), 1);
        let letter = city.letter(&somebody(), 60, Deed::Unsent { message: first.clone() });
        city.reports.life.ends_after(calls);
        assert!(city.inbox.handle(&letter).await.is_err(), "{calls}");
        city.reports.life.ends_after(usize::MAX);
        city.inbox.handle(&letter).await.unwrap();
        let asked = city.jobs.take_photos();
        assert!(asked.contains(&PhotoJob::Withdrawn { photo: photos[&first].clone() }), "{calls}");
        assert_eq!(city.reports.photo(&photos[&first]).unwrap().state, PhotoState::Withdrawn);
    }
}

#[tokio::test(start_paused = true)]
async fn photos_of_a_report_that_was_given_up_are_withdrawn() {
    let city = city();
    tell(&city, &letters(&city, &somebody(), 1, story(&somebody()))).await;
    let photos = asked_for(&city);
    tell(&city, &letters(&city, &somebody(), 50, vec![tap("report-cancel")])).await;
    for photo in photos.values() {
        assert_eq!(city.reports.photo(photo).unwrap().state, PhotoState::Withdrawn);
    }
    assert_eq!((city.jobs.take_photos().len(), city.reports.all().len()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_filed_is_forgotten_with_its_photos_and_what_was_filed_is_not() {
    let city = city();
    let forgetter = Forgetter { reports: city.reports.clone(), jobs: city.jobs.clone(), clock: city.clock.clone() };
    let (report, _) = filed(&city, &another(), 100).await;
    tell(&city, &letters(&city, &somebody(), 1, story(&somebody()))).await;
    let photos = asked_for(&city);
    city.clock.advance(UNFILED_LIFE - SignedDuration::from_mins(1));
    assert_eq!(forgetter.tick().await.unwrap(), 0);
    city.clock.advance(SignedDuration::from_mins(1));
    city.reports.life.ends_after(3);
    assert!(forgetter.tick().await.is_err());
    city.reports.life.ends_after(usize::MAX);
    assert_eq!(forgetter.tick().await.unwrap(), 3, "the next minute does it again");
    assert_eq!(forgetter.tick().await.unwrap(), 0);
    let asked: BTreeSet<PhotoId> = city.jobs.take_photos().into_iter().map(|job| job.photo().clone()).collect();
    assert_eq!(asked, photos.values().cloned().collect());
    for photo in photos.values() {
        let photo = city.reports.photo(photo).unwrap();
        assert_eq!((photo.state, photo.by), (PhotoState::Withdrawn, None), "nor is it known who sent it");
    }
    for photo in &report.photos {
        assert_eq!(city.reports.photo(photo).unwrap().state, PhotoState::Waiting);
    }
    let late = city.letter(&somebody(), 90, tap(&format!("report-send:{}", report_of(&city, &photos))));
    city.inbox.handle(&late).await.unwrap();
    assert_eq!(city.reports.all(), [report], "it is too late for the other one");
}

#[tokio::test(start_paused = true)]
async fn who_asks_is_shown_their_own_reports_and_no_others() {
    let city = city();
    let (mine, _) = filed(&city, &somebody(), 1).await;
    let (theirs, _) = filed(&city, &another(), 200).await;
    assert_ne!(mine.id, theirs.id);
    city.reports.find_wrongly(&somebody(), &theirs.id);
    tell(&city, &letters(&city, &somebody(), 90, vec![tap("my-reports")])).await;
    let shown = city.platform.received().pop().unwrap();
    assert!(shown.contains(&mine.number().to_string()), "{shown}");
    assert!(!shown.contains(&theirs.number().to_string()), "{shown}");
    city.reports.life.ends_after(0);
    let letter = city.letter(&somebody(), 91, tap("my-reports"));
    assert!(city.inbox.handle(&letter).await.is_err(), "trouble is no empty list");
    assert!(city.clock.now() > mine.filed_at);
}
