//! The garbage calendar of the portal: pages, feeds for calendar programs, files.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::error::Error;
use app::ports::Towns;
use async_trait::async_trait;
use domain::dates::parse_rules;
use domain::garbage::calendar::{CollectionChange, Entry};
use domain::garbage::reminder::{EVENING_DEFAULT, Side, Slot, going_out};
use domain::ids::{AreaId, CategoryId};
use domain::town::{Area, Category, District, Name, Town};
use futures_util::FutureExt;
use http::{Method, Response};
use jiff::civil::{Date, date};
use portal::Portal;
use proptest::prelude::*;
use tests::post::Post;

use crate::portal::{ask, get, page, portal_of, portal_with, town as quiet_town};

/// The day on which the tests' clock begins.
const TODAY: Date = date(2026, 11, 21);
const EVIL: &str = "<script>alert(1)</script>\"'&";

fn area(id: &str) -> AreaId {
    id.parse().unwrap()
}

fn category(id: &str, ja: &str, en: &str) -> Category {
    Category {
        id: id.parse().unwrap(),
        name: Name { ja: ja.to_owned(), easy: String::new(), en: en.to_owned() },
        color: "#123456".to_owned(),
        description: format!("{ja}の例"),
        how: "水気を切り、袋の口をしばる; \\は付けない。\n破れにくい袋を使ってください。".to_owned(),
        put_out_by: "8:30".to_owned(),
        department: None,
    }
}

fn collect(town: &mut Town, of: &str, category: &str, rules: &str, note: &str) {
    let entry = Entry { note: note.to_owned(), ..Entry::from(parse_rules(rules).unwrap()) };
    town.calendar.add(area(of), category.parse().unwrap(), entry);
}

fn change(town: &mut Town, on: Date, moved_to: Option<Date>, reason: &str) {
    let change = CollectionChange {
        id: format!("change-{on}").parse().unwrap(),
        date: on,
        areas: [area("east")].into(),
        categories: BTreeSet::default(),
        moved_to,
        reason: reason.to_owned(),
    };
    town.calendar.change(&change);
    town.changes.push(change);
}

/// Two areas, of which one has three districts and the other one none; nothing is public but this.
fn town() -> Town {
    let mut town = Town { id: "midori".to_owned(), revision: 12, ..quiet_town() };
    town.profile.sending.public_page = domain::resident::Switch::Off;
    town.revised = "2026-11-20T08:09:10.5Z".parse().unwrap();
    for (id, name) in [("east", "東コース"), ("west", "西コース")] {
        town.areas.insert(area(id), Area { id: area(id), name: name.to_owned(), center: String::new() });
    }
    for (id, name, reading) in [("1", "緑野", ""), ("2", "朝日台", "あさひだい"), ("3", "本町", "ほんまち")]
    {
        let (id, name, reading) = (id.parse().unwrap(), name.to_owned(), reading.to_owned());
        town.districts.push(District { id, name, reading, area: area("east") });
    }
    town.categories = vec![
        category("burnable", "燃やすごみ", "Burnable waste"),
        category("paper", "古紙", ""),
        category("oversized", "粗大ごみ", ""),
    ];
    collect(&mut town, "east", "burnable", "月 木", "");
    collect(&mut town, "east", "paper", "水4", "雨の日も収集します");
    collect(&mut town, "west", "burnable", "火", "");
    town
}

fn portal(town: Town) -> Portal {
    portal_of(&Post::new(Duration::ZERO), town)
}

fn header<'a>(response: &'a Response<String>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The lines of a feed, unfolded.
fn lines(feed: &str) -> Vec<String> {
    feed.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

/// The values of a property in a feed.
fn values(feed: &str, property: &str) -> Vec<String> {
    let start = format!("{property}:");
    lines(feed).iter().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
}

/// The event of a day, from its first line to its last.
fn event(feed: &str, day: &str) -> Vec<String> {
    let lines = lines(feed);
    let mut events = lines.split(|line| line == "BEGIN:VEVENT").skip(1);
    let of_day = events.find(|event| event.contains(&format!("DTSTART;VALUE=DATE:{day}"))).unwrap();
    of_day.iter().take_while(|line| *line != "END:VEVENT").cloned().collect()
}

#[tokio::test(start_paused = true)]
async fn a_feed_is_what_calendar_programs_read() {
    let portal = portal(town());
    let feed = page(&portal, "/calendar/east.ics").await;
    assert!(feed.split("\r\n").all(|line| line.len() <= 75), "{feed}");
    assert!(!feed.replace("\r\n", "").contains(['\r', '\n']));
    let lines = lines(&feed);
    let begins: Vec<&str> = lines.iter().map(String::as_str).take_while(|line| *line != "BEGIN:VEVENT").collect();
    assert_eq!(
        begins,
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Kairan//Collection calendar//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "NAME:東コースのごみの収集日",
            "X-WR-CALNAME:東コースのごみの収集日",
            "X-WR-CALDESC:みどり市",
            "X-WR-TIMEZONE:Asia/Tokyo",
            "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
            "X-PUBLISHED-TTL:PT4H",
            "LAST-MODIFIED:20261120T080910Z",
            "URL:https://portal.example/calendar/east",
        ]
    );
    assert_eq!(
        event(&feed, "20261125"),
        [
            "UID:71085510-1fac-5007-b692-0aee1b9124b7",
            "DTSTAMP:20261120T080910Z",
            "LAST-MODIFIED:20261120T080910Z",
            "SEQUENCE:12",
            "DTSTART;VALUE=DATE:20261125",
            "DTEND;VALUE=DATE:20261126",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
            "SUMMARY:古紙",
            "DESCRIPTION:8:30までに出してください。\\n水気を切り、袋の口をしばる\\; \\\\は付けない。\\n破れにくい袋を使ってください。\\n雨の日も収集します",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT5H",
            "DESCRIPTION:あしたは「古紙」の日です。 8:30までに出してください。",
            "END:VALARM",
        ]
    );
    let days = values(&feed, "DTSTART;VALUE=DATE");
    assert_eq!((days.first().unwrap().as_str(), days.last().unwrap().as_str()), ("20261022", "20271223"));
    assert!(days.is_sorted());
    let paper = page(&portal, "/calendar/east/paper.ics").await;
    assert_eq!(values(&paper, "NAME"), ["古紙の収集日（東コース）"]);
    assert_eq!(event(&paper, "20261125"), event(&feed, "20261125"));
    assert!(values(&paper, "SUMMARY").iter().all(|summary| summary == "古紙"));
}

#[tokio::test(start_paused = true)]
async fn a_feed_is_the_same_until_the_data_or_the_day_is_another() {
    let (first, second) = (portal(town()), portal(town()));
    let feed = page(&first, "/calendar/east.ics").await;
    tokio::time::advance(Duration::from_hours(11)).await;
    assert_eq!(feed, page(&second, "/calendar/east.ics").await, "made elsewhere and later on the day");
    tokio::time::advance(Duration::from_hours(2)).await;
    let tomorrow = page(&second, "/calendar/east.ics").await;
    assert_ne!(feed, tomorrow);
    let stays = |feed: &str, day| (event(feed, day), values(feed, "LAST-MODIFIED")[0].clone());
    assert_eq!(stays(&feed, "20261125"), stays(&tomorrow, "20261125"));

    // The data is another: what was known is known by its id, and newer.
    let mut town = town();
    town.revision = 13;
    town.revised = "2026-11-21T00:00:00Z".parse().unwrap();
    "みどり野市".clone_into(&mut town.profile.name);
    town.profile.website = "https://new.example".to_owned();
    "資源の紙".clone_into(&mut town.categories[1].name.ja);
    change(&mut town, date(2026, 11, 26), None, "");
    let newer = page(&portal_of(&Post::new(Duration::ZERO), town), "/calendar/east.ics").await;
    let (old, new) = (event(&feed, "20261125"), event(&newer, "20261125"));
    assert_eq!((&old[0], &old[3], &new[3]), (&new[0], &"SEQUENCE:12".to_owned(), &"SEQUENCE:13".to_owned()));
    assert_eq!((&new[1], &new[8]), (&"DTSTAMP:20261121T000000Z".to_owned(), &"SUMMARY:資源の紙".to_owned()));
    assert_eq!(values(&feed, "UID"), values(&newer, "UID"), "also of the day that falls out");
}

#[tokio::test(start_paused = true)]
async fn what_falls_out_is_cancelled_under_its_id_and_the_new_day_is_another_event() {
    let mut snowed = town();
    change(&mut snowed, date(2026, 11, 26), Some(date(2026, 11, 27)), "大雪のため");
    change(&mut snowed, date(2026, 11, 30), None, "");
    let (before, after) =
        (page(&portal(town()), "/calendar/east.ics").await, page(&portal(snowed.clone()), "/calendar/east.ics").await);
    let (planned, cancelled, instead) =
        (event(&before, "20261126"), event(&after, "20261126"), event(&after, "20261127"));
    assert_eq!(planned[0], cancelled[0]);
    assert_eq!(
        cancelled[6..],
        [
            "STATUS:CANCELLED",
            "TRANSP:TRANSPARENT",
            "SUMMARY:【収集なし】燃やすごみ",
            "DESCRIPTION:11月26日（木）の燃やすごみは、収集しません（大雪のため）。代わりに11月27日（金）に収集します。",
        ],
        "and no alarm"
    );
    assert_eq!((&*instead[6], &*instead[8]), ("STATUS:CONFIRMED", "SUMMARY:燃やすごみ"));
    assert!(instead[9].starts_with("DESCRIPTION:11月26日（木）の分です（大雪のため）。\\n8:30まで"), "{instead:?}");
    assert!(instead[0] != cancelled[0] && !values(&before, "UID").contains(&instead[0][4..].to_owned()));
    assert_eq!(values(&after, "STATUS").iter().filter(|status| *status == "CANCELLED").count(), 2);
    let elsewhere = page(&portal(snowed.clone()), "/calendar/west.ics").await;
    assert!(!elsewhere.contains("CANCELLED"));

    let html = page(&portal(snowed.clone()), "/calendar/east").await;
    assert!(
        html.contains(
            "<li>11月26日（木）の燃やすごみは、収集しません（大雪のため）。代わりに11月27日（金）に収集します。</li>"
        ),
        "{html}"
    );
    assert!(html.contains("<s>燃やすごみ</s>（収集なし）"), "{html}");
    let table = page(&portal(snowed.clone()), "/calendar/east.csv").await;
    assert!(
        table.contains("\r\n2026-11-26,木,,11月26日（木）の燃やすごみは、収集しません（大雪のため）。代わりに"),
        "{table}"
    );
    assert!(table.contains("\r\n2026-11-27,金,燃やすごみ,11月26日（木）の分です（大雪のため）。\r\n"), "{table}");
    let open = page(&portal(snowed), "/calendar.csv").await;
    assert!(!open.contains("2026-11-26,木,east,東コース,緑野、朝日台、本町,burnable"), "{open}");
    assert!(
        open.contains("2026-11-27,金,east,東コース,緑野、朝日台、本町,burnable,燃やすごみ,8:30,11月26日（木）の分"),
        "{open}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_pages_lead_from_a_district_to_its_days() {
    let portal = portal(town());
    let list = page(&portal, "/calendar").await;
    let (a, ho, other, none) = (
        list.find("<h2>あ行</h2>").unwrap(),
        list.find("<h2>は行</h2>").unwrap(),
        list.find("<h2>その他</h2>").unwrap(),
        list.find("<h2>収集区域</h2>").unwrap(),
    );
    assert!(a < ho && ho < other && other < none, "{list}");
    assert!(list.contains("<a href=\"/calendar/east\">朝日台</a> <span class=\"note\">東コース</span>"), "{list}");
    assert!(list[none..].contains("<a href=\"/calendar/west\">西コース</a>"), "it has no district");
    assert!(list.contains("href=\"/calendar.csv\"") && !list.contains("part="), "{list}");
    let html = page(&portal, "/calendar/east").await;
    for said in [
        "<h1>東コースのごみの収集日</h1>",
        "地区: 緑野、朝日台、本町",
        "<time datetime=\"2026-11-23\">11月23日（月）</time></th><td>燃やすごみ</td>",
        "<time datetime=\"2026-11-25\">25日（水）</time></th><td><strong>古紙</strong></td>",
        "href=\"webcal://portal.example/calendar/east.ics\"",
        "<code>https://portal.example/calendar/east.ics</code>",
        "href=\"webcal://portal.example/calendar/east/paper.ics\"",
        "href=\"/calendar/east.csv\"",
        "href=\"/calendar/east?year=2027\"",
        "<link rel=\"alternate\" type=\"text/calendar\" title=\"東コースのごみの収集日\" href=\"/calendar/east.ics\">",
        "2026年度の収集日（2026年4月から2027年3月まで）",
        "<h3 id=\"m2026-04\">2026年4月</h3>",
        "<h3 id=\"m2027-03\">2027年3月</h3>",
    ] {
        assert!(html.contains(said), "{said} in {html}");
    }
    assert!(!html.contains("粗大ごみ"), "it is not collected here");
    assert_eq!(html.matches("<tr").count(), 2 + 12 + 365, "the next days, and all of the year");
    let next = page(&portal, "/calendar/east?year=2027&lang=en").await;
    for said in [
        "<html lang=\"en\">",
        "<h1>Garbage collection days: 東コース</h1>",
        "<h3 id=\"m2028-02\">February 2028</h3>",
        "Tue 29</time>",
        "href=\"/calendar/east?lang=en\"",
        "href=\"/calendar/east.csv?year=2027\"",
        "href=\"webcal://portal.example/calendar/east.ics?lang=en\"",
        "<a href=\"/calendar/east?year=2027\" lang=\"ja\">日本語</a>",
        "Burnable waste",
    ] {
        assert!(next.contains(said), "{said} in {next}");
    }
    assert!(page(&portal, "/calendar/east.ics?lang=en").await.contains("\r\nSUMMARY:Burnable waste\r\n"));
}

#[tokio::test(start_paused = true)]
async fn files_open_in_spreadsheets_and_have_the_days_of_their_year() {
    let mut town = town();
    "=1+1".clone_into(&mut town.categories[1].name.ja);
    let portal = portal(town);
    let response = get(&portal, "/calendar/east.csv").await;
    assert_eq!(header(&response, "content-disposition"), "attachment; filename=\"east-2026.csv\"");
    let table = response.into_body();
    let rows: Vec<&str> = table.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").collect();
    assert_eq!(rows[..3], ["日付,曜日,収集するごみ,備考", "2026-04-02,木,燃やすごみ,", "2026-04-06,月,燃やすごみ,"]);
    assert!(rows.contains(&"2026-11-25,水,'=1+1,"), "{table}");
    assert!(rows.last().unwrap().starts_with("2027-03-29,"), "{table}");
    let next = get(&portal, "/calendar/east.csv?year=2027").await;
    assert_eq!(header(&next, "content-disposition"), "attachment; filename=\"east-2027.csv\"");
    assert!(next.body().contains("\r\n2027-04-01,木,燃やすごみ,\r\n"));
    let open = get(&portal, "/calendar.csv").await;
    assert_eq!(header(&open, "content-disposition"), "attachment; filename=\"calendar-2026-1.csv\"");
    let open = open.into_body();
    assert!(open.starts_with(
        "\u{feff}収集日,曜日,収集区域ID,収集区域名,地区名,分別ID,分別名,出す時刻,備考\r\n2026-04-02,木,east,東コース,"
    ));
    assert!(open.contains("\r\n2026-04-07,火,west,西コース,,burnable,燃やすごみ,8:30,\r\n"), "{open}");
    // Thursdays and Mondays of the year, its fourth Wednesdays, and in the west its Tuesdays.
    assert_eq!(open.lines().count(), 1 + (52 + 52) + 12 + 52);
}

/// As many areas as a large city has, each with the same days.
fn large(areas: usize) -> Town {
    let mut town = town();
    for number in 0..areas {
        let id = format!("area-{number:03}");
        let name = format!("第{number}収集区域");
        town.areas.insert(area(&id), Area { id: area(&id), name, center: String::new() });
        for (kind, rules) in [("burnable", "月 木"), ("paper", "火"), ("oversized", "水1 水3 金")] {
            collect(&mut town, &id, kind, rules, "");
        }
    }
    town
}

#[tokio::test(start_paused = true)]
async fn open_data_that_no_answer_can_carry_comes_in_files() {
    let portal = portal(large(500));
    let list = page(&portal, "/calendar").await;
    let parts = list.matches("/calendar.csv?part=").count() + 1;
    assert!(2 < parts && list.contains(&format!("{parts}つのうち{parts}つ目")), "{parts}");
    let mut areas = Vec::new();
    for part in 1..=parts {
        let file = page(&portal, &format!("/calendar.csv?part={part}")).await;
        assert!(serde_json::to_string(&file).unwrap().len() < 5_000_000, "{part}");
        let mut of_file: Vec<String> =
            file.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().to_owned()).collect();
        assert!(of_file.is_sorted());
        of_file.dedup();
        areas.extend(of_file);
    }
    assert_eq!((areas.len(), areas.is_sorted()), (502, true));
    areas.dedup();
    assert_eq!(areas.len(), 502, "none is torn apart");
    for none in ["0", &(parts + 1).to_string(), "x", "-1"] {
        assert_eq!(get(&portal, &format!("/calendar.csv?part={none}")).await.status(), 404, "{none}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_not_found() {
    let town = town();
    let portal = portal(town);
    for path in [
        "/calendar/",
        "/calendar/north",
        "/calendar/north.ics",
        "/calendar/north.csv",
        "/calendar/EAST",
        "/calendar/east/",
        "/calendar/east/paper",
        "/calendar/east/metal.ics",
        "/calendar/north/paper.ics",
        "/calendar/east/paper.csv",
        "/calendar/east/paper/x.ics",
        "/calendar/%E6%9D%B1.ics",
        "/calendar/../news.ics",
        "/calendar/east?year=2025",
        "/calendar/east?year=2028",
        "/calendar/east?year=99999",
        "/calendar/east.csv?year=x",
        "/calendar.csv?year=1",
        "/calendar.ics",
    ] {
        let response = get(&portal, path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(response.body().contains("ページが見つかりません"), "{path}");
    }
    // The town has it, but not here: a feed without days, so that those who have subscribed see none.
    let empty = page(&portal, "/calendar/east/oversized.ics").await;
    assert!(!empty.contains("VEVENT") && empty.ends_with("END:VCALENDAR\r\n"), "{empty}");
    assert_eq!(get(&portal, "/").await.headers()["location"], "/calendar", "there is no news");
    let without = portal_of(&Post::new(Duration::ZERO), quiet_town());
    for path in ["/calendar", "/calendar.csv", "/calendar/east"] {
        assert_eq!(get(&without, path).await.status(), 404, "{path}");
    }
    assert!(!page(&without, "/news").await.contains("/calendar"));
}

#[tokio::test(start_paused = true)]
async fn every_answer_is_guarded_and_asked_for_again_cheaply() {
    let portal = portal(town());
    for (path, content_type, is_open) in [
        ("/calendar", "text/html; charset=utf-8", ""),
        ("/calendar/east", "text/html; charset=utf-8", ""),
        ("/calendar/east.ics", "text/calendar; charset=utf-8", "*"),
        ("/calendar/east/paper.ics", "text/calendar; charset=utf-8", "*"),
        ("/calendar/east.csv", "text/csv; charset=utf-8", "*"),
        ("/calendar.csv", "text/csv; charset=utf-8", "*"),
    ] {
        let response = get(&portal, path).await;
        assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, content_type), "{path}");
        assert_eq!(header(&response, "cache-control"), "public, max-age=60", "{path}");
        assert_eq!(header(&response, "access-control-allow-origin"), is_open, "{path}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert!(header(&response, "content-security-policy").starts_with("default-src 'none'"), "{path}");
        let head = ask(&portal, Method::HEAD, path, &[]).await;
        assert_eq!((head.status(), head.headers(), head.body().as_str()), (response.status(), response.headers(), ""));
        let again = ask(&portal, Method::GET, path, &[("if-none-match", header(&response, "etag"))]).await;
        assert_eq!((again.status().as_u16(), again.body().as_str()), (304, ""), "{path}");
        assert_eq!(ask(&portal, Method::POST, path, &[]).await.status(), 405, "{path}");
        let html = response.into_body();
        assert!(!html.contains("<script") && !html.contains("style=") && !html.contains(" on"), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_the_town_is_called_stays_text() {
    let mut town = town();
    let evil = || EVIL.to_owned();
    town.profile.name = evil();
    town.areas.values_mut().for_each(|area| area.name = evil());
    town.districts.iter_mut().for_each(|district| district.name = evil());
    for category in &mut town.categories {
        (category.name.ja, category.how, category.description, category.put_out_by) = (evil(), evil(), evil(), evil());
    }
    collect(&mut town, "east", "paper", "火", EVIL);
    change(&mut town, date(2026, 11, 24), Some(date(2026, 11, 25)), &format!("{EVIL}\r\nEND:VCALENDAR\r\n{{day}}"));
    let portal = portal(town);
    for path in ["/calendar", "/calendar/east"] {
        let html = page(&portal, path).await;
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{path}: {html}");
    }
    let feed = page(&portal, "/calendar/east.ics").await;
    assert_eq!(lines(&feed).iter().filter(|line| line.starts_with("END:VCALENDAR")).count(), 1, "{feed}");
    assert!(values(&feed, "DESCRIPTION").iter().any(|said| said.contains("\\nEND:VCALENDAR\\n{day}")), "{feed}");
}

/// Lines of a calendar as towns write them, and odd ones.
fn rules() -> impl Strategy<Value = String> {
    let rule = prop_oneof![
        "[月火水木金土日]",
        "[月火水木金土日][1-5]",
        "[月火水木金土日][1-5]:(4-9|10,12,2)",
        "隔週[月火水木金土日]@2026-0[4-9]-0[1-7]",
        "毎月([1-9]|[12][0-9]|3[01])日",
        Just("毎月末日".to_owned()),
        "2027-0[1-9]-1[0-9]",
    ];
    proptest::collection::vec(rule, 1..4).prop_map(|rules| rules.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_feed_names_the_days_of_the_calendar_each_once(
        lines in proptest::collection::vec((0_usize..3, rules()), 1..5),
        changes in proptest::collection::vec((0_i64..60, proptest::option::of(1_i64..40)), 0..6),
    ) {
        let mut town = Town { calendar: domain::garbage::calendar::Calendar::default(), ..town() };
        for (number, rules) in lines {
            // Not every fortnight begins on the day of the week that it says.
            let Ok(rules) = parse_rules(&rules) else { continue };
            town.calendar.add(area("east"), town.categories[number].id.clone(), Entry::from(rules));
        }
        prop_assume!(!town.calendar.categories(&area("east")).is_empty());
        let later = |day: Date, days: i64| day + jiff::Span::new().days(days);
        for (number, (after, moved)) in changes.into_iter().enumerate() {
            let on = later(TODAY, after);
            let moved_to = moved.map(|days| later(on, days));
            let (areas, categories) = ([area("east")].into(), BTreeSet::default());
            let id = format!("change-{number}").parse().unwrap();
            town.calendar.change(&CollectionChange { id, date: on, areas, categories, moved_to, reason: String::new() });
        }
        let expected = |category: &CategoryId| -> Vec<String> {
            let range = later(TODAY, -31)..=later(TODAY, 400);
            town.calendar.days(&area("east"), category, range).map(|day| day.strftime("%Y%m%d").to_string()).collect()
        };
        let evening = Slot { side: Side::Evening, at: EVENING_DEFAULT };
        let reminded = |category: &CategoryId| -> Vec<String> {
            let days = (-31..=400).map(|days| later(TODAY, days));
            let named = days.filter(|day| going_out(&town, &area("east"), *day, evening).contains(&category));
            named.map(|day| day.strftime("%Y%m%d").to_string()).collect()
        };
        let portal = portal_of(&Post::new(Duration::ZERO), town.clone());
        let mut ids = BTreeSet::new();
        for category in town.categories.iter().map(|category| &category.id) {
            let feed = page(&portal, &format!("/calendar/east/{category}.ics")).now_or_never().unwrap();
            let found: Vec<(String, String)> =
                values(&feed, "DTSTART;VALUE=DATE").into_iter().zip(values(&feed, "STATUS")).collect();
            let made: Vec<String> =
                found.iter().filter(|(_, status)| status == "CONFIRMED").map(|(day, _)| day.clone()).collect();
            prop_assert_eq!(&made, &expected(category));
            prop_assert_eq!(made, reminded(category), "the reminders name the same days");
            let days: BTreeSet<&String> = found.iter().map(|(day, _)| day).collect();
            prop_assert_eq!(days.len(), found.len(), "each day is there once");
            let uids = values(&feed, "UID");
            prop_assert_eq!(uids.len(), found.len());
            for uid in uids {
                prop_assert!(ids.insert(uid), "each id is there once");
            }
        }
    }
}

/// A town that is edited.
struct Edited(Mutex<Arc<Town>>);

#[async_trait]
impl Towns for Edited {
    async fn current(&self) -> Result<Arc<Town>, Error> {
        Ok(Arc::clone(&self.0.lock().unwrap()))
    }
}

#[tokio::test(start_paused = true)]
async fn open_data_is_that_of_the_town_as_it_is_now() {
    let towns = Arc::new(Edited(Mutex::new(Arc::new(town()))));
    let portal = portal_with(&Post::new(Duration::ZERO), towns.clone());
    let before = page(&portal, "/calendar.csv").await;
    assert_eq!(before, page(&portal, "/calendar.csv").await);
    let mut edited = town();
    collect(&mut edited, "west", "paper", "土", "");
    *towns.0.lock().unwrap() = Arc::new(edited);
    let after = page(&portal, "/calendar.csv").await;
    assert!(!before.contains("west,西コース,,paper") && after.contains("west,西コース,,paper"), "{after}");
    let next = page(&portal, "/calendar.csv?year=2027").await;
    assert!(!next.contains("\r\n2026-") && next.contains("\r\n2028-03-2"), "{next}");
    assert_eq!(page(&portal, "/calendar.csv").await, after);
}
