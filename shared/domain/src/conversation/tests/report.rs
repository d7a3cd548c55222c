//! Reporting damage in the chat: whole conversations, ways back and out, wrong answers, and events in whatever order they come.

use super::*;
use crate::ids::ReportKindId;
use crate::report::ReportNumber;
use crate::report::boundary::{Boundaries, Boundary, Polygon};
use crate::report::draft::Step;
use crate::report::kind::{Question, ReportKind};
use crate::report::place::{PlaceSource, Point};
use crate::report::{Reporter, State, TEXT_CHARS_MAX};

mod links;
mod order;
mod steps;
mod walks;

const HOUR: i64 = 3_600;

fn kind(id: &str, name_ja: &str, name_en: &str) -> ReportKind {
    ReportKind {
        id: id.parse().unwrap(),
        name: name(name_ja, name_en),
        description: name(&format!("{name_ja}のこと"), ""),
        department: "environment".parse().unwrap(),
        urgent: Name::default(),
        urgent_phone: String::new(),
        duplicate_radius_m: 50,
        due_days: Some(7),
        closed: Name::default(),
        questions: Vec::new(),
    }
}

fn question(id: &str, question: &str, choices: &[(&str, &str)]) -> Question {
    Question {
        id: id.parse().unwrap(),
        question: name(question, ""),
        choices: choices.iter().map(|(ja, en)| name(ja, en)).collect(),
    }
}

fn point(lat: f64, lon: f64) -> Point {
    Point::new(lat, lon).unwrap()
}

/// A town of some eleven kilometres square, a district in its west, with four kinds: 道路 is urgent, 街路灯 asks two things, 河川 is closed.
fn reporting_town() -> Town {
    let square = |west: f64, east: f64| {
        let outer = [point(35.0, west), point(35.0, east), point(35.1, east), point(35.1, west)];
        vec![Polygon::new(&outer, &[]).unwrap()]
    };
    let mut town = garbage_town();
    town.report_kinds = vec![
        ReportKind {
            urgent: name(
                "道路に大きな穴があいていて、車が落ちそうなとき",
                "A hole so large that a car may fall into it",
            ),
            urgent_phone: "0000-11-2222".to_owned(),
            ..kind("road", "道路", "Road")
        },
        ReportKind {
            questions: vec![
                question(
                    "what",
                    "どうなっていますか。",
                    &[("消えている", "It is dark"), ("昼もついている", "It is on by day")],
                ),
                question("pole", "電柱の番号が見えますか。", &[]),
            ],
            ..kind("light", "街路灯", "Street light")
        },
        ReportKind {
            closed: name("県土木事務所へお電話ください。", "Please call the prefecture."),
            ..kind("river", "河川", "River")
        },
        kind("other", "その他", "Other"),
    ];
    town.boundaries = Boundaries(vec![
        Boundary { district: None, polygons: square(139.0, 139.1) },
        Boundary { district: Some("minami".parse().unwrap()), polygons: square(139.0, 139.05) },
    ]);
    town.profile.reports.boundary_tolerance_m = 200;
    town
}

fn tap(command: ReportCommand) -> Deed {
    tapped(&Command::Report(command))
}

fn choose(id: &str) -> Deed {
    tap(ReportCommand::Kind(id.parse().unwrap()))
}

fn photo(message: &str) -> Deed {
    Deed::SentPhoto { message: message.to_owned(), index: None, total: None, set: None }
}

/// One of several that were sent together.
fn photo_of(set: &str, index: u8, total: u8) -> Deed {
    Deed::SentPhoto {
        message: format!("{set}-{index}"),
        index: Some(index),
        total: Some(total),
        set: Some(set.to_owned()),
    }
}

fn place(lat: f64, lon: f64) -> Deed {
    Deed::SentPlace { point: point(lat, lon), title: String::new(), address: "ためし町本町1-2".to_owned() }
}

/// Somebody who reports in that town; every deed is one second after the other, and has a message id `m1`, `m2` and so on.
struct Walk {
    town: Town,
    chat: Chat,
    second: i64,
    links: Option<ReportLinks>,
    photo_places: Vec<Point>,
}

impl Walk {
    fn new() -> Self {
        Self { town: reporting_town(), chat: Chat::default(), second: 0, links: None, photo_places: Vec::new() }
    }

    /// At the summary, with a kind without questions, one photo, the place and a comment.
    fn at_summary() -> Self {
        let mut walk = Self::new();
        for deed in [
            tap(ReportCommand::Start),
            choose("other"),
            photo("p1"),
            tap(ReportCommand::PhotosDone),
            place(35.05, 139.02),
            said("ベンチの脚が折れています"),
        ] {
            walk.hear(deed);
        }
        assert_eq!(walk.step(), Step::Summary);
        walk
    }

    fn hear(&mut self, deed: Deed) -> Turn {
        self.second += 1;
        self.hear_at(self.second, deed)
    }

    fn hear_at(&mut self, second: i64, deed: Deed) -> Turn {
        self.hear_later(second, second, deed)
    }

    /// An event of one second that comes at another.
    fn hear_later(&mut self, second: i64, now: i64, deed: Deed) -> Turn {
        let incoming = Incoming { message: Some(format!("m{second}")), ..incoming(second, deed) };
        let chat = &mut self.chat;
        let (links, photo_places) = (self.links.as_ref(), self.photo_places.as_slice());
        let background = Background { town: &self.town, links, photo_places };
        let turn = respond(background, chat.resident.as_ref(), chat.conversation.as_ref(), &incoming, at(now));
        chat.resident = turn.resident.clone().or(chat.resident.take());
        chat.conversation = turn.conversation.clone().or(chat.conversation.take());
        turn
    }

    fn draft(&self) -> Option<&crate::report::draft::Draft> {
        Some(&self.chat.conversation.as_ref()?.report.as_ref()?.draft)
    }

    fn step(&self) -> Step {
        self.draft().expect("a draft").step.clone()
    }

    fn kind(&self) -> Option<&str> {
        self.draft()?.kind.as_ref().map(ReportKindId::as_str)
    }

    fn messages_of_photos(&self) -> Vec<usize> {
        let ids: Vec<_> = self.draft().unwrap().photos.iter().map(|photo| photo.index).collect();
        ids.into_iter().flatten().map(usize::from).collect()
    }

    fn send(&mut self) -> Turn {
        let id = self.draft().expect("a draft").id.clone();
        self.hear(tap(ReportCommand::Send(id)))
    }
}

/// The report that a turn files.
fn filed(turn: &Turn) -> Option<&Report> {
    turn.effects.iter().find_map(|effect| match effect {
        Effect::FileReport(report) => Some(&**report),
        Effect::KeepQuestion(_) | Effect::NoteUnfollow(_) | Effect::FilePhoto { .. } | Effect::WithdrawPhoto(_) => None,
    })
}

fn withdrawn(turn: &Turn) -> usize {
    turn.effects.iter().filter(|effect| matches!(effect, Effect::WithdrawPhoto(_))).count()
}

#[test]
fn a_street_light_is_reported_from_the_menu_to_the_number() {
    let mut walk = Walk::new();
    let kinds = walk.hear(tap(ReportCommand::Start));
    for said in ["道路: 道路のこと", "街路灯", "河川", "その他", "報告をやめる"] {
        assert!(spoken(&kinds).contains(said) || kinds.choices.iter().any(|choice| choice.label == said), "{said}");
    }
    let first = walk.hear(choose("light"));
    assert!(spoken(&first).contains("どうなっていますか。"));
    let labels: Vec<&str> = first.choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(labels, ["消えている", "昼もついている", "わからない", "もどる", "報告をやめる"]);
    let second = walk.hear(tap(ReportCommand::Answer("what".parse().unwrap(), 0)));
    assert!(spoken(&second).contains("電柱の番号"));
    let photos = walk.hear(said(" 12の3 "));
    assert!(spoken(&photos).contains("写真を送ってください(5枚まで)"));
    let actions: Vec<_> = photos.choices.iter().map(|choice| choice.action.clone()).collect();
    assert_eq!(actions[..2], [Action::Camera, Action::CameraRoll]);
    let one = walk.hear(photo("p1"));
    assert!(spoken(&one).contains("写真を1枚受け取りました"), "{}", spoken(&one));
    assert!(matches!(&one.effects[..], [Effect::FilePhoto { message, .. }] if message == "p1"));
    let ask_place = walk.hear(tap(ReportCommand::PhotosDone));
    assert!(ask_place.choices.iter().any(|choice| choice.action == Action::Location));
    let comment = walk.hear(place(35.05, 139.02));
    assert!(spoken(&comment).contains("ほかに伝えたいこと"), "{}", spoken(&comment));
    let summary = walk.hear(said("夜、道が真っ暗です"));
    for said in
        ["街路灯", "消えている", "12の3", "1枚", "ためし町本町1-2\n南町\n35.05000,139.02000", "夜、道が真っ暗です"]
    {
        assert!(spoken(&summary).contains(said), "{said}: {}", spoken(&summary));
    }
    let id = walk.draft().unwrap().id.clone();
    let sent = walk.send();
    let report = filed(&sent).expect("a report");
    assert_eq!((report.id.clone(), report.kind.as_str(), report.state.clone()), (id, "light", State::Received));
    let answers: Vec<(&str, &str)> =
        report.answers.iter().map(|answer| (answer.question.as_str(), answer.text.as_str())).collect();
    assert_eq!(answers, [("what", "消えている"), ("pole", "12の3")]);
    assert_eq!(report.photos.len(), 1);
    assert_eq!(report.place.point, point(35.05, 139.02));
    assert_eq!(report.place.district.as_ref().unwrap().as_str(), "minami");
    assert_eq!((report.place.text.as_str(), report.place.source), ("ためし町本町1-2", PlaceSource::Chat));
    assert_eq!(report.comment, "夜、道が真っ暗です");
    assert_eq!(report.reporter, Reporter::Resident(SOMEBODY.parse().unwrap()));
    assert!(spoken(&sent).contains(&report.number().to_string()), "{}", spoken(&sent));
    assert!(offered(&sent).contains(&Command::Report(ReportCommand::Mine)));
    assert_eq!(walk.draft(), None);
}

#[test]
fn a_report_is_made_by_typing_alone_in_every_language() {
    for (language, typed) in [
        (
            Language::Japanese,
            [
                "損傷を報告",
                "街路灯",
                "昼もついている",
                "わからない",
                "次へ",
                "北緯35.05度 東経139.02度",
                "なし",
                "送信",
            ],
        ),
        (
            Language::EasyJapanese,
            [
                "ほうこく",
                "街路灯",
                "消えている",
                "わかりません",
                "写真は ありません",
                "35.05, 139.02",
                "ありません",
                "これで 送る",
            ],
        ),
        (
            Language::English,
            [
                "Report damage",
                "street light",
                "It is dark",
                "I don't know",
                "next",
                "35.05,139.02",
                "no comment",
                "Send this report",
            ],
        ),
    ] {
        let mut walk = Walk::new();
        walk.hear(tapped(&Command::SetLanguage(language)));
        let turns: Vec<Turn> = typed.into_iter().map(|text| walk.hear(said(text))).collect();
        let report =
            filed(turns.last().unwrap()).unwrap_or_else(|| panic!("{language}: {}", spoken(turns.last().unwrap())));
        let japanese: Vec<&str> = report.answers.iter().map(|answer| answer.text.as_str()).collect();
        assert!(["消えている", "昼もついている"].contains(&japanese[0]), "{language}: staff read it in Japanese");
        assert_eq!(japanese[1], "わからない", "{language}");
        assert_eq!((report.comment.as_str(), report.place.source), ("", PlaceSource::Map), "{language}");
    }
}

#[test]
fn what_is_urgent_is_said_with_a_number_before_anything_is_asked() {
    let mut walk = Walk::new();
    walk.hear(tap(ReportCommand::Start));
    let urgent = walk.hear(choose("road"));
    assert!(spoken(&urgent).contains("車が落ちそうなとき") && spoken(&urgent).contains("0000-11-2222"));
    let Some(Reply::Cards { cards, .. }) = urgent.replies.first() else { panic!("no card") };
    assert!(cards[0].buttons.iter().any(|button| button.action == Action::Open("tel:0000112222".to_owned())));
    assert!(!spoken(&urgent).contains("写真を送って"));
    let again = walk.hear(said("えっ"));
    assert!(spoken(&again).contains("車が落ちそうなとき"));
    let kinds = walk.hear(tap(ReportCommand::Change(Part::Kind)));
    assert!(spoken(&kinds).contains("街路灯"));
    assert!(spoken(&walk.hear(tap(ReportCommand::Back))).contains("街路灯"));
    walk.hear(tap(ReportCommand::GoOn));
    assert_eq!((walk.kind(), walk.step()), (Some("road"), Step::Photos));
}

#[test]
fn what_is_not_taken_says_so() {
    let mut walk = Walk::new();
    walk.hear(tap(ReportCommand::Start));
    let closed = walk.hear(choose("river"));
    assert!(spoken(&closed).contains("「河川」の報告は、いまは受け付けていません。県土木事務所へ"));
    let gone = walk.hear(choose("harbour"));
    assert!(spoken(&gone).contains("その種別はなくなりました"));
    assert_eq!((walk.kind(), walk.step()), (None, Step::Kind));

    // It is closed, or gone, while a report of it is made.
    for kinds_left in [1, 0] {
        let mut walk = Walk::at_summary();
        walk.town.report_kinds.retain(|kind| kinds_left == 1 && kind.id.as_str() == "river");
        let turn = walk.send();
        assert_eq!(filed(&turn), None);
        assert_eq!(walk.draft().is_some(), kinds_left == 1);
    }
    let mut walk = Walk::at_summary();
    walk.town.report_kinds[3].closed = name("いまはお休みです。", "");
    let turn = walk.send();
    assert!(filed(&turn).is_none() && spoken(&turn).contains("いまはお休みです。"));
    assert_eq!(walk.step(), Step::Kind);
}

#[test]
fn a_town_without_kinds_offers_no_reports() {
    let mut walk = Walk::new();
    walk.town.report_kinds.clear();
    for deed in [said("損傷報告"), choose("road")] {
        let turn = walk.hear(deed);
        assert!(spoken(&turn).contains("受け付けていません"), "{}", spoken(&turn));
        assert!(!offered(&turn).contains(&Command::Report(ReportCommand::Start)));
    }
    assert!(spoken(&walk.hear(photo("p1"))).contains("写真からはお答えできません"));
    assert!(spoken(&walk.hear(place(35.05, 139.02))).contains("位置からはお答えできません"));
    assert!(!spoken(&walk.hear(tapped(&Command::Help))).contains("損傷"));
    assert_eq!(walk.draft(), None);
}

#[test]
fn photos_and_places_outside_a_report_are_not_kept_but_lead_to_one() {
    let mut walk = Walk::new();
    for deed in [photo("p1"), photo_of("s", 1, 3), place(35.05, 139.02)] {
        let turn = walk.hear(deed);
        assert_eq!(turn.effects, []);
        assert!(spoken(&turn).contains("保存していません"), "{}", spoken(&turn));
        assert!(offered(&turn).contains(&Command::Report(ReportCommand::Start)));
    }
    assert_eq!(walk.hear(photo_of("s", 2, 3)).replies, [], "one answer is enough");
    assert_eq!(walk.chat.conversation, None);
    assert!(spoken(&walk.hear(tapped(&Command::Help))).contains("損傷を報告"));
}

#[test]
fn one_sees_how_ones_reports_stand() {
    let mut walk = Walk::at_summary();
    let mut report = filed(&walk.send()).unwrap().clone();
    assert!(asks_for_reports(&said("報告の状況")) && asks_for_reports(&tap(ReportCommand::Mine)));
    assert!(!asks_for_reports(&said("報告")) && !asks_for_reports(&photo("p")));
    let first = walk.hear(Deed::AskedReports(vec![OwnReport::of(&report)]));
    for said in [report.number().to_string().as_str(), "その他", "受付", "11月"] {
        assert!(spoken(&first).contains(said), "{said}: {}", spoken(&first));
    }
    report.state = State::Declined { why: "県の道路です".to_owned() };
    report.history.push(crate::report::Entry {
        at: at(1),
        by: crate::report::By::Staff("sato".parse().unwrap()),
        what: crate::report::What::State { from: State::Received, to: report.state.clone(), answer: String::new() },
        told: crate::report::Told::Due,
    });
    report.history.push(crate::report::Entry {
        at: at(2),
        by: crate::report::By::Staff("sato".parse().unwrap()),
        what: crate::report::What::Noted("内緒のメモ".to_owned()),
        told: crate::report::Told::No,
    });
    report.kind = "gone".parse().unwrap();
    let own = OwnReport::of(&report);
    assert!(!format!("{own:?}").contains("県の道路"));
    let many = walk.hear(Deed::AskedReports(vec![own; 30]));
    let Some(Reply::Cards { cards, .. }) = many.replies.first() else { panic!("no cards") };
    assert_eq!(cards.len(), OWN_REPORTS_MAX);
    assert!(spoken(&many).contains("対応しません") && spoken(&many).contains("県の道路です"));
    assert!(!spoken(&many).contains("内緒"));
    assert!(spoken(&walk.hear(Deed::AskedReports(Vec::new()))).contains("まだありません"));
}

#[test]
fn debug_shows_nothing_of_what_was_written_or_where() {
    let walk = Walk::at_summary();
    let shown = format!("{:?}", walk.chat.conversation);
    for hidden in ["ベンチ", "本町1-2", "35.05", "3505000"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
    for deed in
        [place(35.05, 139.02), photo("461230966842064897"), Deed::Unsent { message: "461230966842064897".to_owned() }]
    {
        let shown = format!("{deed:?}");
        assert!(!shown.contains("35") && !shown.contains("461230966842064897") && !shown.contains("本町"), "{shown}");
    }
}

#[test]
fn a_draft_that_is_stored_comes_back_and_one_of_an_older_version_too() {
    let walk = Walk::at_summary();
    let conversation = walk.chat.conversation.unwrap();
    let json = serde_json::to_string(&conversation).unwrap();
    assert_eq!(serde_json::from_str::<Conversation>(&json).unwrap(), conversation);
    let old = serde_json::from_str::<Conversation>(r#"{"expecting":"Anything","moved":null}"#).unwrap();
    assert_eq!(old, Conversation::default());
}
