//! The collection calendar as staff see it, and a day that they close: looked at, agreed to, recorded once, and said to those it concerns.

use app::ports::broadcasts::Broadcasts;
use domain::audit::Action;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::Message;
use domain::broadcast::{Broadcast, Lane, State, When};
use domain::dates::parse_rules;
use domain::garbage::calendar::CollectionChange;
use domain::ids::BroadcastId;
use domain::language::Language;
use domain::staff::Role;
use domain::town::{Area, Category, District, Name, Town};
use http::StatusCode;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, ToSpan as _};
use serde_json::json;
use tests::console::{Browser, Seen, TownHall};
use tests::forms::{Form, forms};

use super::broadcasts::{form_to, send};
use super::town::hall;

const CANCEL: &str = "/garbage/cancel";
/// A Wednesday on which plastics and cloth are collected in the middle, and plastics in the hills.
const WEDNESDAY: &str = "/garbage/cancel?date=2026-11-25";
const MADE: &str = "/garbage/changes/2026-11-25";
const EVIL: &str = r#"<script>alert(1)</script>"'><img src=x>"#;

/// What is typed about a storm in the middle of the town.
const STORM: [(&str, &str); 5] = [
    ("place", "some"),
    ("areas", "chuo"),
    ("categories", "plastics"),
    ("categories", "cloth"),
    ("reason", "大雪のため"),
];

/// Fills in the form of a day and looks at what it would do.
async fn looked_at(browser: &Browser, at: &str, typed: &[(&str, &str)]) -> Seen {
    let page = browser.get(at).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    send(browser, form_to(&forms(&page.body), CANCEL), typed).await
}

/// The form that agrees to what is shown.
fn agreeing(preview: &Seen) -> Form {
    let is_it = |form: &Form| form.fields.iter().any(|field| field.name == "do" && field.values == ["save"]);
    forms(&preview.body).into_iter().find(is_it).unwrap_or_else(|| panic!("nothing to agree to: {}", preview.body))
}

fn changes(hall: &TownHall) -> usize {
    hall.staff.acts().iter().filter(|act| act.action == Action::EditTown).count()
}

async fn broadcast(hall: &TownHall, edit: &str) -> Broadcast {
    let id = edit.strip_prefix("/broadcasts/").and_then(|rest| rest.strip_suffix("/edit"));
    let id: BroadcastId = id.unwrap_or_else(|| panic!("{edit}")).parse().unwrap();
    hall.post.find(&id).await.unwrap().unwrap().value
}

fn text(broadcast: &Broadcast, language: Language) -> &str {
    match broadcast.content.wordings[&language].messages.as_slice() {
        [Message::Text(text)] => text,
        other => panic!("{other:?}"),
    }
}

/// Who is reminded of these there.
fn reminded(areas: &[&str], categories: &[&str]) -> Audience {
    let areas = areas.iter().map(|id| id.parse().unwrap()).collect();
    Audience::GarbageReminded { areas, categories: categories.iter().map(|id| id.parse().unwrap()).collect() }
}

#[tokio::test]
async fn readers_see_areas_months_and_years() {
    let hall = hall();
    let oka = hall.signed_in("oka").await;
    let list = oka.get("/garbage").await;
    for words in ["中央コース", "駅前、本町", "きょう：収集なし", "href=\"/garbage/areas/yamate\""] {
        assert!(list.body.contains(words), "{words}: {}", list.body);
    }
    let found = oka.get("/garbage?q=駅前").await.body;
    assert!(found.contains("中央コース") && !found.contains("東コース"), "{found}");

    let month = oka.get("/garbage/areas/nishi?month=2026-12").await.body;
    for words in [
        "西コースの収集カレンダー",
        "川辺、柳田",
        "datetime=\"2026-12-31\"",
        "年末年始の休み（翌週に収集します）",
        "燃やすごみの収集なし",
        "8:30まで",
        "?month=2026-11",
        "?month=2027-01",
    ] {
        assert!(month.contains(words), "{words}: {month}");
    }
    assert!(!month.contains("/town/calendar/edit"), "a reader changes no rules");
    let rules = "/town/calendar/edit?id=nishi%2Fburnable";
    assert!(hall.signed_in("mori").await.get("/garbage/areas/nishi").await.body.contains(rules));

    let year = oka.get("/garbage/areas/chuo/year").await.body;
    assert_eq!(year.matches("<table").count(), 12);
    for words in
        ["2026年度", ">2026年4月<", ">2027年3月<", "2026年12月31日（木）から2027年1月3日（日）まで：年末年始の休み"]
    {
        assert!(year.contains(words), "{words}: {year}");
    }
    for sign in ["燃", "不", "プ", "ペ", "缶", "古", "着", "有"] {
        assert_eq!(year.matches(&format!(">{sign}</text>")).count(), 1, "{sign}");
    }
    for (address, status) in [
        ("/garbage/areas/nowhere", StatusCode::NOT_FOUND),
        ("/garbage/areas/chuo?month=9999-99", StatusCode::OK),
        ("/garbage/areas/chuo/year?from=2199-12", StatusCode::OK),
        ("/garbage/areas/chuo?month=1900-01", StatusCode::OK),
        ("/garbage/changes/nothing", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(oka.get(address).await.status, status, "{address}");
    }
}

#[tokio::test]
async fn a_day_is_closed_after_a_look_and_only_once() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let begun = mori.get(CANCEL).await.body;
    assert!(
        begun.contains(WEDNESDAY) && begun.contains("2026年11月25日（水）</a>：燃やさないごみ、プラスチック資源"),
        "{begun}"
    );
    let preview = looked_at(&mori, WEDNESDAY, &STORM).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    for words in ["取りやめますか", "駅前、本町", "大雪のため", "2026年12月2日（水）", "2026年12月23日（水）"]
    {
        assert!(preview.body.contains(words), "{words}: {}", preview.body);
    }
    assert!(!preview.body.contains("山手コース"), "only the middle was chosen");
    assert_eq!(changes(&hall), 0, "nothing is written before it is agreed to");
    let typed = forms(&preview.body).into_iter().find(|form| form.untouched().contains(&("do".into(), "edit".into())));
    let again = send(&mori, &typed.unwrap(), &[]).await.body;
    assert!(again.contains(r#"value="大雪のため""#) && again.contains(r#"value="chuo" checked"#), "{again}");

    let agreed = agreeing(&preview);
    for (done, times) in [("added", 1), ("already", 1)] {
        let saved = send(&mori, &agreed, &[]).await;
        assert_eq!(
            (saved.status, saved.location()),
            (StatusCode::SEE_OTHER, &*format!("{MADE}?done={done}")),
            "{}",
            saved.body
        );
        assert_eq!(changes(&hall), times, "a double click");
    }
    let body = hall.records.body("change", "2026-11-25").unwrap();
    let expected =
        json!({"date": "2026-11-25", "areas": ["chuo"], "categories": ["cloth", "plastics"], "reason": "大雪のため"});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(body[name], *value, "{name}");
    }
    let act = hall.staff.acts().into_iter().rfind(|act| act.action == Action::EditTown).unwrap();
    assert_eq!((act.subject.as_str(), act.department.unwrap().as_str()), ("change/2026-11-25", "environment"));

    let page = mori.get(MADE).await.body;
    assert!(page.contains("お知らせを書く") && page.contains("2026年12月2日（水）"), "{page}");
    let month = mori.get("/garbage/areas/chuo?month=2026-11").await.body;
    assert!(month.contains("プラスチック資源の収集なし（大雪のため）"), "{month}");
    assert!(mori.get("/garbage/changes").await.body.contains(MADE));
    let gone = send(
        &mori,
        form_to(&forms(&mori.get("/town/changes/remove?id=2026-11-25").await.body), "remove?id=2026-11-25"),
        &[],
    )
    .await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    assert_eq!(mori.get(MADE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn those_who_are_reminded_are_told_with_their_next_days() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let everywhere = [("place", "all"), ("categories", "plastics"), ("reason", "大雪のため")];
    let preview = looked_at(&mori, WEDNESDAY, &everywhere).await;
    send(&mori, &agreeing(&preview), &[]).await;
    let page = mori.get(MADE).await;
    let forms = forms(&page.body);
    let news = form_to(&forms, "/broadcast");
    let written = send(&mori, news, &[]).await;
    assert_eq!(written.location(), send(&mori, news, &[]).await.location(), "a double click is one broadcast");
    let draft = broadcast(&hall, written.location()).await;
    assert_eq!((&draft.state, draft.lane, draft.when), (&State::Draft, Lane::Routine, When::AtOnce));
    assert_eq!(draft.department.as_str(), "environment");
    assert_eq!(
        draft.audience,
        reminded(&["chuo", "yamate"], &["plastics"]),
        "nowhere else are they collected that day"
    );
    // Every week in the middle, every second week in the hills.
    let said = text(&draft, Language::Japanese);
    for words in ["11月25日", "大雪のため", "プラスチック資源", "中央コース\n", "12月2日", "山手コース\n", "12月9日"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(said.find("中央コース") < said.find("12月2日") && said.find("12月2日") < said.find("山手コース"), "{said}");
    let english = text(&draft, Language::English);
    assert!(english.contains("Plastics") && !english.contains("プラスチック"), "{english}");
    assert!(draft.content.wordings.contains_key(&Language::EasyJapanese));
    assert_eq!(mori.get(written.location()).await.status, StatusCode::OK, "the form can show it");
}

#[tokio::test]
async fn whose_collection_does_not_fall_out_is_not_told() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    // Cloth is collected in the middle only on that day.
    let typed = [
        ("place", "all"),
        ("categories", "plastics"),
        ("categories", "cloth"),
        ("reason", "雪"),
        ("new_date", "2026-11-28"),
    ];
    let preview = looked_at(&mori, WEDNESDAY, &typed).await;
    send(&mori, &agreeing(&preview), &[]).await;
    let page = mori.get(MADE).await;
    assert!(page.body.contains("1週間の上限") && page.body.contains("「緊急」の配信"), "{}", page.body);
    let written = send(&mori, form_to(&forms(&page.body), "/broadcast"), &[]).await;
    let draft = broadcast(&hall, written.location()).await;
    let each = [reminded(&["chuo"], &["cloth"]), reminded(&["chuo", "yamate"], &["plastics"])];
    assert_eq!(draft.audience, Audience::Or(each.to_vec()));
    assert_eq!(mori.get(written.location()).await.status, StatusCode::OK, "the form can show it");
    // What fell out already falls out no more: there is no news.
    let later = CollectionChange { id: "later".parse().unwrap(), ..change(date(2026, 11, 25)) };
    let mut town = odd_town(vec![change(date(2026, 11, 25)), later]);
    town.calendar.add("east".parse().unwrap(), "rare".parse().unwrap(), parse_rules("水").unwrap().into());
    let hall = TownHall::of(town);
    hall.staff.settle([TownHall::person("admin", [Role::Administrator])]);
    let page = hall.signed_in("admin").await.get("/garbage/changes/later").await;
    assert!(page.body.contains("取りやめる収集はありません") && !page.body.contains("お知らせを書く"), "{}", page.body);
}

#[tokio::test]
async fn a_new_day_is_one_on_which_something_can_be_taken() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let with = |day: &'static str| [STORM.to_vec(), vec![("new_date", day)]].concat();
    for (day, words) in [
        ("2026-11-25", "取りやめる日より後の日を入れてください。"),
        ("2027-11-27", "取りやめる日から60日以内の日を入れてください。"),
        ("あした", "日付を、2026-01-31のように入れてください。"),
    ] {
        let wrong = looked_at(&mori, WEDNESDAY, &with(day)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        assert!(
            wrong.body.contains(words) && wrong.body.contains(&format!("value=\"{day}\"")),
            "{day}: {}",
            wrong.body
        );
    }
    let taken = looked_at(&mori, WEDNESDAY, &with("2026-12-02")).await;
    assert!(taken.body.contains("代わりに集める日は、もともと収集日の区域があります"), "{}", taken.body);
    let preview = looked_at(&mori, WEDNESDAY, &with("2026-11-27")).await;
    assert!(!preview.body.contains("もともと収集日の区域があります") && preview.body.contains("2026年11月27日（金）"));
    send(&mori, &agreeing(&preview), &[]).await;
    let month = mori.get("/garbage/areas/chuo?month=2026-11").await.body;
    assert!(month.contains("古着・古布は2026年11月25日（水）から振り替え（大雪のため）"), "{month}");
    let page = mori.get(MADE).await;
    let written = send(&mori, form_to(&forms(&page.body), "/broadcast"), &[]).await;
    let draft = broadcast(&hall, written.location()).await;
    let said = text(&draft, Language::Japanese);
    assert!(said.contains("11月27日") && !said.contains("12月"), "{said}");
    assert!(said.contains("中央コース\n"), "it is not so everywhere: {said}");
    // What is made up for on a day that falls out itself.
    let friday = [("place", "all"), ("categories", "burnable"), ("categories", "plastics"), ("categories", "cloth")];
    let fallen = [&friday[..], &[("reason", "台風のため")]].concat();
    let preview = looked_at(&mori, "/garbage/cancel?date=2026-11-27", &fallen).await;
    send(&mori, &agreeing(&preview), &[]).await;
    let other = [
        ("place", "some"),
        ("areas", "yamate"),
        ("categories", "plastics"),
        ("reason", "雪"),
        ("new_date", "2026-11-27"),
    ];
    let wrong = looked_at(&mori, WEDNESDAY, &other).await;
    assert!(wrong.body.contains("この日の収集も取りやめられています"), "{}", wrong.body);
}

#[tokio::test]
async fn mistakes_are_told_and_what_is_over_stays_as_it_is() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    for (address, words) in [
        ("/garbage/cancel?date=2026-11-20", "過ぎた日の収集は変えられません"),
        ("/garbage/cancel?date=soon", "日付を、2026-01-31のように入れてください。"),
        ("/garbage/cancel?date=2026-11-22", "この日に、あなたが変えられる収集はありません"),
    ] {
        let seen = mori.get(address).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert!(seen.body.contains(words), "{address}: {}", seen.body);
    }
    for (typed, words) in [
        (&[("place", ""), ("reason", "雪")][..], "すべての区域か、選んだ区域だけかを選んでください。"),
        (&[("place", "some"), ("reason", "雪")], "取りやめる区域を、1つ以上選んでください。"),
        (&[("place", "all"), ("categories", ""), ("reason", "雪")], "取りやめる分別を、1つ以上選んでください。"),
        (&[("place", "all"), ("reason", "")], "理由を入れてください。"),
        (
            &[("place", "some"), ("areas", "kita"), ("categories", "cloth"), ("reason", "雪")],
            "この日に選んだ分別の収集がありません",
        ),
        (&[("place", "all"), ("date", "2026-11-20"), ("reason", "雪")], "過ぎた日の収集は変えられません"),
    ] {
        let wrong = looked_at(&mori, WEDNESDAY, typed).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}: {}", wrong.body);
        assert!(wrong.body.contains(words), "{typed:?}: {}", wrong.body);
    }
    let shown = looked_at(&mori, WEDNESDAY, &[("place", "all"), ("reason", EVIL)]).await;
    assert!(!shown.body.contains("<img src=x") && shown.body.contains("&lt;img src=x&gt;"), "{}", shown.body);
    assert_eq!(changes(&hall), 0);
    assert!(!shown.body.contains("もう、ごみを出す時刻を過ぎています"));
    hall.clock.advance(SignedDuration::from_hours(4 * 24));
    let mori = hall.signed_in("mori").await;
    let late = looked_at(&mori, WEDNESDAY, &[("place", "all"), ("reason", "事故のため")]).await;
    assert!(late.body.contains("もう、ごみを出す時刻を過ぎています"), "{}", late.body);
}

#[tokio::test]
async fn of_two_at_once_the_second_sees_what_the_first_has_done() {
    let hall = hall();
    let (mori, sato) = (hall.signed_in("mori").await, hall.signed_in("sato").await);
    let both = looked_at(&mori, WEDNESDAY, &STORM).await;
    let plastics = [("place", "some"), ("areas", "chuo"), ("categories", "plastics"), ("reason", "雪")];
    let one = looked_at(&sato, WEDNESDAY, &plastics).await;
    assert_eq!(send(&sato, &agreeing(&one), &[]).await.status, StatusCode::SEE_OTHER);
    let moved = send(&mori, &agreeing(&both), &[]).await;
    assert_eq!(moved.status, StatusCode::CONFLICT, "{}", moved.body);
    assert!(moved.body.contains("確かめたあとに、集める日が変わりました"), "{}", moved.body);
    assert!(!moved.body.contains("プラスチック資源："), "that has fallen out already: {}", moved.body);
    let csrf = both.field("csrf").unwrap();
    let same = send(&mori, &agreeing(&one), &[("csrf", &csrf)]).await;
    assert_eq!(same.location(), format!("{MADE}?done=already"), "the same from another is the same");
    assert_eq!(changes(&hall), 1);
    let saved = send(&mori, &agreeing(&moved), &[]).await;
    assert_eq!(saved.location(), format!("{MADE}-2?done=added"), "{}", saved.body);
    let nothing = send(&mori, &agreeing(&both), &[("reason", "別の理由")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("ほかの職員が、先に取りやめたのかもしれません"), "{}", nothing.body);
}

#[tokio::test]
async fn days_are_closed_by_those_to_whom_the_garbage_belongs() {
    let hall = hall();
    let mori = hall.signed_in("mori").await;
    let preview = looked_at(&mori, WEDNESDAY, &STORM).await;
    let agreed = agreeing(&preview);
    let ueda = hall.signed_in("ueda").await;
    assert!(ueda.get(CANCEL).await.body.contains("あなたが変えられる収集はありません"));
    let csrf = ueda.get("/").await.field("csrf").unwrap();
    let forced = send(&ueda, &agreed, &[("csrf", &csrf)]).await;
    assert_eq!((forced.status, changes(&hall)), (StatusCode::FORBIDDEN, 0));
    send(&mori, &agreed, &[]).await;
    for who in ["ueda", "oka"] {
        let browser = hall.signed_in(who).await;
        let page = browser.get(MADE).await;
        assert!(!page.body.contains("お知らせを書く</button>") && !page.body.contains("remove?id"), "{who}");
        let csrf = page.field("csrf").unwrap();
        let id = "0199f000-0000-7000-8000-000000000001";
        let forced = browser.post(&page, &format!("{MADE}/broadcast"), &[("csrf", &csrf), ("id", id)]).await;
        assert_eq!(forced.status, StatusCode::FORBIDDEN, "{who}");
    }
    assert_eq!(hall.signed_in("oka").await.get(CANCEL).await.status, StatusCode::FORBIDDEN);
}

/// A town with one area, one category that is collected on 1 December of next year, and these changes.
fn odd_town(changes: Vec<CollectionChange>) -> Town {
    let mut town = Town::default();
    let area = Area { id: "east".parse().unwrap(), name: "東".to_owned(), center: String::new() };
    town.areas.insert(area.id.clone(), area.clone());
    let district = |at: usize| District {
        id: format!("d{at}").parse().unwrap(),
        name: format!("地区{at}"),
        reading: "ちく".to_owned(),
        area: area.id.clone(),
    };
    town.districts = (0..3).map(district).collect();
    town.categories = vec![Category {
        id: "rare".parse().unwrap(),
        name: Name { ja: "まれなごみ".to_owned(), ..Name::default() },
        color: "#2E6B30".to_owned(),
        description: String::new(),
        how: String::new(),
        put_out_by: String::new(),
        department: None,
    }];
    town.calendar.add(area.id, "rare".parse().unwrap(), parse_rules("2027-12-01").unwrap().into());
    for change in changes {
        town.calendar.change(&change);
        town.changes.push(change);
    }
    town
}

fn change(date: Date) -> CollectionChange {
    let id = format!("c-{date}").parse().unwrap();
    CollectionChange { id, date, areas: [].into(), categories: [].into(), moved_to: None, reason: "雪".to_owned() }
}

#[tokio::test]
async fn what_is_odd_is_told_to_those_who_can_mend_it() {
    let hall = TownHall::of(odd_town(vec![change(date(2026, 12, 2))]));
    let people = [("admin", Role::Administrator), ("reader", Role::Reader("roads".parse().unwrap()))];
    hall.staff.settle(people.map(|(id, role)| TownHall::person(id, [role])));
    let (admin, reader) = (hall.signed_in("admin").await, hall.signed_in("reader").await);
    assert!(admin.get("/").await.body.contains("確かめてほしいことが2件あります"));
    assert!(!reader.get("/").await.body.contains("確かめてほしいこと"));
    let rules = "/town/calendar/edit?id=east%2Frare";
    for address in ["/garbage", "/garbage/areas/east"] {
        let page = admin.get(address).await.body;
        assert!(page.contains("東のまれなごみは、これから60日のあいだ、集める日がありません。"), "{address}: {page}");
        assert!(page.contains(rules), "{address}: {page}");
        let page = reader.get(address).await.body;
        assert!(page.contains("これから60日のあいだ") && !page.contains(rules), "{address}: {page}");
    }
    let list = admin.get("/garbage").await.body;
    assert!(list.contains("2026年12月2日（水）の収集の変更は、どの区域にもその日の収集がないため"), "{list}");
    assert!(list.contains("/garbage/changes/c-2026-12-02"), "{list}");
}

#[tokio::test]
async fn changes_to_come_stand_first_and_many_are_on_several_pages() {
    let first = date(2026, 10, 1);
    let days = first.series(1.day()).take(110);
    let hall = TownHall::of(odd_town(days.map(change).collect()));
    hall.staff.settle([TownHall::person("reader", [Role::Reader("roads".parse().unwrap())])]);
    let reader = hall.signed_in("reader").await;
    let mut seen = Vec::new();
    for page in 1..=3 {
        let body = reader.get(&format!("/garbage/changes?page={page}")).await.body;
        let links = body.split("href=\"/garbage/changes/c-").skip(1).filter_map(|rest| rest.split('"').next());
        seen.extend(links.map(|day| day.parse::<Date>().unwrap()));
    }
    // Today is 21 November: from it on, then back from the day before.
    let today = date(2026, 11, 21);
    let to_come = today.series(1.day()).take_while(|day| *day < first.saturating_add(110.days()));
    let over = today.yesterday().unwrap().series(-1.day()).take_while(|day| first <= *day);
    assert_eq!(seen, to_come.chain(over).collect::<Vec<_>>());
}
