//! Small towns in every dialect, and every mistake that the reader of the 5374 format knows.

use domain::town::Town;
use jiff::civil::{Date, date};

use super::*;
use crate::town::problem::Severity;

const GOOD: [(&str, &str); 5] = [
    (
        AREA_DAYS,
        "地名,センター,もえる,もえない,資源\n\
         北町,北センター,月 木,水2 水4,隔火20260106 *1\n\
         南町,,火 金,金1:4 5 6,20260110 20260214\n",
    ),
    (
        TARGET,
        "type,name,notice,furigana\nもえる,生ごみ,水を切って,な\nもえない,アイロン,,あ\n資源,\"紙\",\"束ねて<br>出す\",かみ\n",
    ),
    (
        DESCRIPTION,
        "label,sublabel,description,styles,bgcolor\n\
         もえる,,<b>生ごみ</b>など &amp; 紙くず,img/a.svg,#B3261E\nもえない,金属,なべなど,,#455A64\n資源,,,,#1B5E9E\n",
    ),
    (CENTER, "名称,休止開始日,休止終了日\n北センター,2026/1/1,2026/01/03\n北センター,20261230,20270103\n"),
    (REMARKS, "ID,注意事項\n1,雨の日も集めます\n"),
];

fn files(changes: &[(&str, &str)]) -> Files {
    let all = GOOD.iter().chain(changes);
    Files(all.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect())
}

fn reading(changes: &[(&str, &str)]) -> Reading {
    read(&files(changes), ClosureEffect::Skip)
}

fn problems(changes: &[(&str, &str)]) -> Vec<String> {
    let problems = reading(changes).problems;
    let kind = |problem: &super::super::Problem| {
        let trouble = format!("{:?}", problem.trouble);
        let kind = trouble.split([' ', '(']).next().unwrap_or_default().to_owned();
        format!("{}:{} {} {kind}", problem.file, problem.line, problem.column.as_deref().unwrap_or("-"))
    };
    problems.iter().map(kind).collect()
}

fn days(town: &Town, district: &str, category: &str, month: i8) -> Vec<i8> {
    let district = town.districts.iter().find(|known| known.name == district).unwrap();
    let category = town.categories.iter().find(|known| known.name.ja == category).unwrap();
    let first = date(2026, month, 1);
    town.calendar.days(&district.area, &category.id, first..=first.last_of_month()).map(Date::day).collect()
}

#[test]
fn a_good_folder_is_read_without_a_word() {
    let reading = reading(&[]);
    assert_eq!(reading.problems, []);
    let town = reading.data.into_town();
    assert_eq!(days(&town, "北町", "もえる", 1), [5, 8, 12, 15, 19, 22, 26, 29], "the first is closed");
    assert_eq!(days(&town, "北町", "資源", 1), [6, 20]);
    assert_eq!(days(&town, "南町", "もえない", 4), [3]);
    assert_eq!(days(&town, "南町", "もえない", 7), [0; 0]);
    assert_eq!(days(&town, "南町", "資源", 2), [14]);
    assert_eq!(town.categories[0].description, "生ごみなど & 紙くず");
    assert_eq!(town.categories[1].description, "金属\nなべなど");
    let items: Vec<_> = town.waste.items().iter().map(|item| (item.reading.as_str(), item.note.as_str())).collect();
    assert_eq!(items, [("", "水を切って"), ("アイロン", ""), ("かみ", "束ねて\n出す")]);
    let north = town.districts.iter().find(|district| district.name == "北町").unwrap();
    assert_eq!(town.calendar.entries(&north.area, &town.categories[2].id)[0].note, "雨の日も集めます");
}

#[test]
fn a_closure_shifts_where_the_town_says_so() {
    let monthly = [(AREA_DAYS, "地名,センター,もえる\n北町,北センター,木1 木3\n")];
    let town = read(&files(&monthly), ClosureEffect::ShiftWeek).data.into_town();
    assert_eq!(days(&town, "北町", "もえる", 1), [8, 22]);
    let town = read(&files(&monthly), ClosureEffect::Skip).data.into_town();
    assert_eq!(days(&town, "北町", "もえる", 1), [15]);
}

#[test]
fn the_dialects_of_files_give_the_same_town() {
    let label = GOOD[1].1.replace("type,name", "label,name");
    let bgcolor = GOOD[2].1.replace("bgcolor", "Bgcolor").replace("label,", "Label,");
    let crlf = format!("\u{feff}{}", GOOD[0].1.replace('\n', "\r\n"));
    let other = [(TARGET, label.as_str()), (DESCRIPTION, bgcolor.as_str()), (AREA_DAYS, crlf.as_str())];
    assert_eq!(reading(&other), reading(&[]));

    let mut cp932 = files(&[]);
    for bytes in cp932.0.values_mut() {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
    }
    assert_eq!(read(&cp932, ClosureEffect::Skip), reading(&[]));

    let without_center = [(AREA_DAYS, "地名,もえる,もえない,資源\n北町,月 木,水2 水4,火\n")];
    let data = reading(&without_center).data;
    assert_eq!((data.areas[0].center.as_str(), data.calendar.len()), ("", 3));
}

#[test]
fn ids_do_not_depend_on_the_order_of_lines() {
    let turned = GOOD[0].1.lines().collect::<Vec<_>>();
    let turned = format!("{}\n{}\n{}\n", turned[0], turned[2], turned[1]);
    let id =
        |reading: &Reading| reading.data.districts.iter().find(|district| district.name == "北町").unwrap().id.clone();
    assert_eq!(id(&reading(&[(AREA_DAYS, &turned)])), id(&reading(&[])));
}

#[test]
fn every_mistake_is_named_with_its_line_and_the_rest_is_read() {
    for (file, text, expected) in [
        (
            AREA_DAYS,
            "地名,センター,もえる,もえない,資源\n北町,北センター,月 禾,水2,*9\n北町,,月,月,月\n,,月,月,月\n\
             南町,,,水7,隔月20260106\n",
            &[
                "area_days.csv:2 もえる Notation",
                "area_days.csv:2 資源 UnknownRemark",
                "area_days.csv:2 資源 NeverCollected",
                "area_days.csv:3 地名 Duplicate",
                "area_days.csv:4 地名 Empty",
                "area_days.csv:5 もえる NeverCollected",
                "area_days.csv:5 もえない Notation",
                "area_days.csv:5 資源 FirstDayElsewhere",
            ][..],
        ),
        (AREA_DAYS, "地名,センター\n北町,北センター\n", &["area_days.csv:1 - MissingColumn"]),
        (
            AREA_DAYS,
            "地名,センター,もえる,もえない,資　源,びん\n北町,北センター,月,月,月,月\n",
            &["area_days.csv:1 - NoDescription"],
        ),
        (
            TARGET,
            "type,name,notice,furigana\n粗大,机,,つ\n,いす,,い\nもえる,,,\n粗大,棚,,た\nもえる,紙,\"1\n2\",か\nもえる,紙,,か\nもえる,紙,\"1\n2\",か\n",
            &[
                "target.csv:2 - NoDescription",
                "target.csv:3 type Empty",
                "target.csv:4 name Empty",
                "target.csv:8 name Duplicate",
                "target.csv:9 name Repeated",
            ],
        ),
        (TARGET, "kind,item\nもえる,紙\n", &["target.csv:1 label MissingColumn", "target.csv:1 name MissingColumn"]),
        (
            DESCRIPTION,
            "label,sublabel,description,styles,bgcolor\nもえる,,,,red\nもえる,,,,\n,,a,,\nもえない,,,,#FFFFFF\n資源,,,,\n",
            &[
                "description.csv:2 bgcolor InvalidColor",
                "description.csv:3 label Duplicate",
                "description.csv:4 label Empty",
                "description.csv:5 bgcolor PaleColor",
            ],
        ),
        (
            CENTER,
            "名称,休止開始日,休止終了日\n北センター,2026/2/30,いつか\n北センター,2026/1/3,2026/1/1\n東センター,2026/1/1,2026/1/3\n",
            &[
                "center.csv:2 休止開始日 InvalidDate",
                "center.csv:2 休止終了日 InvalidDate",
                "center.csv:3 休止終了日 EndsBeforeItBegins",
                "center.csv:4 名称 UnknownReference",
            ],
        ),
        (REMARKS, "ID,注意事項\n1,\n,雨\n", &["remarks.csv:2 注意事項 Empty", "remarks.csv:3 ID Empty"]),
    ] {
        let mut found = problems(&[(file, text)]);
        found.retain(|problem| problem.starts_with(file));
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_label_without_a_description_is_counted_and_its_items_are_kept() {
    let reading = reading(&[(TARGET, "type,name,notice,furigana\n粗大,机,,つ\n粗大,棚,,た\n")]);
    let problem = &reading.problems[0];
    assert_eq!(problem.trouble, Trouble::NoDescription { label: "粗大".to_owned(), lines: 2 });
    assert_eq!(problem.severity(), Severity::Warning);
    assert_eq!(reading.data.into_town().waste.items().len(), 2);
}

#[test]
fn a_broken_cell_gives_no_days_rather_than_half_of_them() {
    let town = reading(&[(AREA_DAYS, "地名,センター,もえる,資源\n北町,,月 禾,火\n")]).data.into_town();
    assert_eq!(days(&town, "北町", "もえる", 2), [0; 0]);
    assert_eq!(days(&town, "北町", "資源", 2).len(), 4);
}

#[test]
fn html_becomes_text() {
    for (html, text) in [
        ("a<br/>b<BR>c", "a\nb\nc"),
        ("<a href=\"x\">ここ</a>を見る", "ここを見る"),
        ("1 < 2 と <未定>", "1 < 2 と <未定>"),
        ("<", "<"),
        ("<b", "<b"),
    ] {
        assert_eq!(without_tags(html), text);
    }
}
