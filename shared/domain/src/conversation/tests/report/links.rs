//! Links to the pages of reports, and the place that stands in a photo.

use super::*;
use crate::ids::PhotoId;
use crate::report::{By, Deed as ByStaff};

const PAGE: &str = "https://town.example/report";

fn with_links() -> Walk {
    Walk { links: Some(ReportLinks::at(PAGE.to_owned())), ..Walk::new() }
}

/// How a page is asked for in a language.
fn asked(language: Language) -> &'static str {
    match language {
        Language::Japanese => "",
        Language::EasyJapanese => "?lang=ja-easy",
        Language::English => "?lang=en",
    }
}

/// The address that a choice of this label opens.
fn opens<'a>(choices: &'a [Choice], label: &str) -> Option<&'a str> {
    choices.iter().find(|choice| choice.label == label).and_then(|choice| match &choice.action {
        Action::Open(address) => Some(address.as_str()),
        Action::Send { .. } | Action::Camera | Action::CameraRoll | Action::Location => None,
    })
}

fn labels(turn: &Turn) -> Vec<&str> {
    turn.choices.iter().map(|choice| choice.label.as_str()).collect()
}

fn buttons(turn: &Turn) -> Vec<Choice> {
    turn.replies
        .iter()
        .filter_map(|reply| match reply {
            Reply::Cards { cards, .. } => Some(cards),
            Reply::Text(_) => None,
        })
        .flatten()
        .flat_map(|card| card.buttons.clone())
        .collect()
}

#[test]
fn the_page_is_offered_before_the_first_answer_and_only_then() {
    for (language, label) in [
        (Language::Japanese, "地図のページで報告する"),
        (Language::EasyJapanese, "地図の ページで 報告"),
        (Language::English, "Report with a map"),
    ] {
        let mut walk = with_links();
        walk.hear(tapped(&Command::SetLanguage(language)));
        let menu = walk.hear(tap(ReportCommand::Start));
        let page = format!("{PAGE}{}", asked(language));
        assert_eq!(opens(&menu.choices, label), Some(page.as_str()), "the page is in the language of the chat");
        walk.hear(choose("other"));
        let changed = walk.hear(tap(ReportCommand::Change(Part::Kind)));
        assert_eq!(opens(&changed.choices, label), None, "there the draft would begin anew");
    }
    let menu = Walk::new().hear(tap(ReportCommand::Start));
    assert_eq!(labels(&menu), ["報告をやめる"], "without pages there is no link");
}

/// A report that was filed in the chat and then worked on.
fn worked_on(deeds: impl IntoIterator<Item = ByStaff>) -> Report {
    let mut walk = Walk::at_summary();
    let turn = walk.send();
    let mut report = filed(&turn).unwrap().clone();
    for deed in deeds {
        report.act(deed, &"hanako".parse().unwrap(), at(100)).unwrap();
    }
    report
}

#[test]
fn each_of_ones_own_reports_leads_to_its_page() {
    let report = worked_on([]);
    let reports = || Deed::AskedReports(vec![OwnReport::of(&report)]);
    let link = format!("{PAGE}/mine/{}", report.id);
    assert_eq!(opens(&buttons(&with_links().hear(reports())), "くわしく見る"), Some(link.as_str()));
    assert_eq!(buttons(&Walk::new().hear(reports())), []);
    let mut walk = with_links();
    walk.hear(tapped(&Command::SetLanguage(Language::English)));
    assert_eq!(opens(&buttons(&walk.hear(reports())), "See more"), Some(format!("{link}?lang=en").as_str()));
}

#[test]
fn what_is_told_leads_to_the_page_of_the_report() {
    let report = worked_on([ByStaff::Answer("見てきました。".to_owned())]);
    let (town, links) = (reporting_town(), ReportLinks::at(PAGE.to_owned()));
    let background = Background { links: Some(&links), ..(&town).into() };
    for (language, label) in [
        (Language::Japanese, "くわしく見る"),
        (Language::EasyJapanese, "くわしく 見る"),
        (Language::English, "See more"),
    ] {
        let (_, choices) = report_notice(language, background, &report, 1).unwrap();
        let page = format!("{PAGE}/mine/{}{}", report.id, asked(language));
        assert_eq!(opens(&choices, label), Some(page.as_str()));
        assert_eq!(choices.len(), 2, "and the way within the chat stays");
    }
    assert_eq!(report_notice(Language::Japanese, &town, &report, 1).unwrap().1.len(), 1);
}

#[test]
fn what_residents_write_is_no_answer_of_the_town() {
    let mut report = worked_on([ByStaff::Done { answer: "なおしました。".to_owned() }]);
    let Reporter::Resident(resident) = report.reporter.clone() else { panic!("a resident") };
    report.reopen_by_reporter("まだ暗いです。", &resident, at(200)).unwrap();
    assert_eq!(report.history.last().unwrap().by, By::Reporter);
    let shown = spoken(&Walk::new().hear(Deed::AskedReports(vec![OwnReport::of(&report)])));
    assert!(shown.contains("なおしました。") && !shown.contains("まだ暗いです。"), "{shown}");
}

/// Somebody who is asked for the place, with a photo that knows where it was taken.
fn at_place(lat: f64, lon: f64) -> (Walk, Turn) {
    let mut walk = Walk::new();
    for deed in [tap(ReportCommand::Start), choose("other"), photo("p1")] {
        walk.hear(deed);
    }
    walk.photo_places = vec![point(lat, lon)];
    let asked = walk.hear(tap(ReportCommand::PhotosDone));
    assert_eq!(walk.step(), Step::Place);
    (walk, asked)
}

#[test]
fn the_place_in_a_photo_is_offered_with_a_map_and_taken_when_it_is_tapped() {
    let (mut walk, asked) = at_place(35.05, 139.02);
    let map = opens(&asked.choices, "写真の場所を地図で見る").expect("a map");
    assert!(map.contains("35.05") && map.contains("139.02"), "{map}");
    assert!(labels(&asked).contains(&"写真の場所を使う"));
    assert!(spoken(&asked).contains("写真に場所が記録されていました"));
    assert_eq!(walk.draft().unwrap().place, None, "nothing is taken without being asked for");
    walk.hear(tap(ReportCommand::PhotoPlace));
    let place = walk.draft().unwrap().place.clone().unwrap();
    assert_eq!((place.point, place.source), (point(35.05, 139.02), PlaceSource::Photo));
    assert_eq!(place.district.unwrap().as_str(), "minami");
    assert_eq!(walk.step(), Step::Comment);
    walk.photo_places = vec![point(35.06, 139.03)];
    walk.hear(tap(ReportCommand::PhotoPlace));
    assert_eq!(
        walk.draft().unwrap().place.clone().unwrap().point,
        point(35.05, 139.02),
        "a second tap changes nothing"
    );
    let (mut typing, _) = at_place(35.05, 139.02);
    typing.hear(said("写真の場所を使う"));
    assert_eq!(typing.step(), Step::Comment);
}

#[test]
fn a_place_in_a_photo_that_is_of_no_use_is_not_offered() {
    let (mut walk, asked) = at_place(36.0, 139.02);
    assert_eq!(labels(&asked), ["場所を送る", "もどる", "報告をやめる"], "outside the town");
    walk.hear(tap(ReportCommand::PhotoPlace));
    assert_eq!(walk.step(), Step::Place);
    // The second of two lies in the town.
    walk.photo_places.push(point(35.05, 139.02));
    let again = walk.hear(said("どこだったか"));
    assert!(labels(&again).contains(&"写真の場所を使う") && spoken(&again).contains("写真に場所が記録されていました"));
    walk.photo_places.clear();
    walk.hear(tap(ReportCommand::PhotoPlace));
    assert_eq!((walk.step(), &walk.draft().unwrap().place), (Step::Place, &None), "it was taken back meanwhile");
    let lost = Walk::new().hear(tap(ReportCommand::PhotoPlace));
    assert!(lost.effects.is_empty() && !lost.replies.is_empty(), "without a draft it is said that there is none");
}

#[test]
fn photos_are_looked_at_only_from_when_the_place_may_be_asked_for() {
    let mut walk = Walk::new();
    let asks = |walk: &Walk, deed: &Deed| asks_for_photo_places(walk.chat.conversation.as_ref(), deed);
    let none: [PhotoId; 0] = [];
    let done = tap(ReportCommand::PhotosDone);
    assert_eq!(asks(&walk, &done), none);
    walk.hear(tap(ReportCommand::Start));
    walk.hear(photo("p1"));
    assert_eq!(asks(&walk, &done), none, "the kind is asked for");
    walk.hear(choose("other"));
    let photos: Vec<PhotoId> = walk.draft().unwrap().photos.iter().map(|photo| photo.id.clone()).collect();
    assert_eq!(photos.len(), 1);
    assert_eq!(asks(&walk, &done), photos);
    assert_eq!(asks(&walk, &said("つぎへ")), photos);
    for deed in [photo("p2"), place(35.05, 139.02), Deed::Followed, Deed::Unsent { message: "p1".to_owned() }] {
        assert_eq!(asks(&walk, &deed), none, "{deed:?}");
    }
}
