//! A small good town, and every mistake that the reader knows, each at its line.

mod boundaries;
mod calendar;
mod changes;
mod reports;

use domain::dates::ClosureEffect;
use domain::town::Sending;
use jiff::civil::date;

use super::*;
use crate::town::problem::Severity;
use crate::town::records::{from_records, to_records};

const GOOD: [(&str, &str); 12] = [
    (
        TOWN,
        "id: ume\nname: うめ町\nreading: うめちょう\nphone: \"0000-00-0000\"\nwebsite: https://www.example.jp/\n\
         languages: [ja, en]\nblocked_resident_retention_days: 30\n\
         texts:\n  welcome: ようこそ\n  garbage_put_out_by: \"8:30\"\n  contact: 環境課へ\n",
    ),
    (TEXTS, "en:\n  welcome: |-\n    Welcome.\n    Hello.\n  emergency_note: Call 119.\n"),
    (DEPARTMENTS, "id,name,phone\nkankyo,環境課,0000-00-0001\n"),
    (AREAS, "id,name,center\nhigashi,東,ひがしセンター\nnishi,西,\n"),
    (DISTRICTS, "id,name,reading,area\nyama,山,やま,nishi\nkawa,川,かわ,higashi\n"),
    (TOPICS, "id,name,name_easy,name_en,description,department,default\nbosai,防災,,Safety,地震など,kankyo,on\n"),
    (
        CATEGORIES,
        "id,name,name_easy,name_en,color,description,how,put_out_by,department\n\
         moeru,燃やす,,Burnable,#B3261E,生ごみ,袋に入れて,,kankyo\nsodai,粗大,,,#2E6B30,家具,予約して,,\n",
    ),
    (
        CALENDAR,
        "area,category,when,except,extra,note\nhigashi,moeru,水1 水3,2026-01-21,2026-01-24,\nnishi,moeru,木,,,\n",
    ),
    (CLOSURES, "center,from,to,effect,note\nひがしセンター,2026-01-01,2026-01-10,shift-week,年始\n"),
    (
        WASTE_ITEMS,
        "id,name,reading,aliases,category,how,note,name_en\nisu,いす,いす,椅子|チェア,sodai,,\"1行目\n2行目\",Chair\n",
    ),
    (CHANGES, "id,date,areas,categories,new_date,reason\nyuki,2026-02-04,higashi nishi,moeru,2026-02-06,大雪のため\n"),
    (
        DATES,
        "id,name,name_easy,name_en,question,question_easy,question_en,direction\n\
         inu,犬を飼い始めた月,,The month my dog came,いつですか,,When?,past\n",
    ),
];

fn files(changes: &[(&str, &str)]) -> Files {
    let good = GOOD.iter().chain(changes).map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    Files(good.collect())
}

/// `file:line column trouble` of every problem, the trouble by the name of its kind.
fn problems(changes: &[(&str, &str)]) -> Vec<String> {
    let line = |problem: &Problem| {
        let trouble = format!("{:?}", problem.trouble);
        let kind = trouble.split([' ', '(']).next().unwrap_or_default();
        format!("{}:{} {} {kind}", problem.file, problem.line, problem.column.as_deref().unwrap_or("-"))
    };
    read(&files(changes)).problems.iter().map(line).collect()
}

#[test]
fn a_good_town_is_read_without_a_word() {
    let reading = read(&files(&[]));
    assert_eq!(reading.problems, []);
    let town = reading.data.into_town();
    assert_eq!(town.profile.texts(Language::English).welcome, "Welcome.\nHello.");
    assert_eq!(town.profile.texts(Language::Japanese).garbage_not_found_contact, "環境課へ");
    assert_eq!(town.districts.iter().map(|district| district.name.as_str()).collect::<Vec<_>>(), ["川", "山"]);
    let put_out_by: Vec<_> = town.categories.iter().map(|category| category.put_out_by.as_str()).collect();
    assert_eq!(put_out_by, ["8:30", ""], "what nobody collects has no time");
    assert_eq!(town.waste.items()[0].aliases, ["椅子", "チェア"]);
    assert_eq!(town.waste.items()[0].note, "1行目\n2行目");
    let next = |from| town.calendar.next_day(&town.districts[0].area, &town.categories[0].id, from);
    // The first Wednesday (7 January) is closed: the month moves by a week; the 21st becomes the 28th but for the exception.
    assert_eq!(next(date(2026, 1, 1)), Some(date(2026, 1, 14)));
    assert_eq!(next(date(2026, 1, 15)), Some(date(2026, 1, 24)));
    // The 4th is snowed in.
    assert_eq!(next(date(2026, 1, 25)), Some(date(2026, 2, 6)));
}

#[test]
fn stored_data_comes_back_as_it_was_read() {
    let mut data = read(&files(&[])).data;
    let mut records = to_records(&data).unwrap();
    records.reverse();
    let stored = from_records(records);
    assert_eq!(stored.odd, []);
    data.areas.sort_by(|a, b| a.id.cmp(&b.id));
    data.districts.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(stored.data, data);
    assert_eq!(data.closures[0].closure.effect, ClosureEffect::ShiftWeek);
}

#[test]
fn excel_files_are_read_alike() {
    let departments = encoding_rs::SHIFT_JIS.encode("id,name,phone\r\nkankyo,環境課,0000-00-0001\r\n,,\r\n").0;
    let mut excel = files(&[(AREAS, "\u{feff}center,id,name\r\nひがしセンター,higashi,東\r\n,nishi,西\r\n")]);
    excel.0.insert(DEPARTMENTS.to_owned(), departments.into_owned());
    assert_eq!(read(&excel), read(&files(&[])));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of mistakes")]
fn every_mistake_in_a_table_is_named_with_its_line_and_column() {
    for (file, text, expected) in [
        (DEPARTMENTS, "", &["departments.csv:1 - NoHeader"][..]),
        (
            CLOSURES,
            "center,from,to,effekt,note,note\nひがしセンター,2026-01-01,2026-01-03,skip,,\n",
            &[
                "closures.csv:1 effekt UnknownColumn",
                "closures.csv:1 note DuplicateColumn",
                "closures.csv:1 effect MissingColumn",
            ],
        ),
        (
            CLOSURES,
            "center,from,to,effect,note\n\n\"ひがし\nセンター\",2026-01-01,2026-01-03,skip,\n\
             ひがしセンター,2026-02-30,2026-01-03,stop,\nひがしセンター,2026-01-03,2026-01-01,skip,\n\
             ひがしセンター,2026-01-01,2026-01-01,skip,\nひがしセンター,2026-01-01,2026-01-01,skip,\n",
            &[
                "closures.csv:3 center UnknownReference",
                "closures.csv:5 from InvalidDate",
                "closures.csv:5 effect NotOneOf",
                "closures.csv:6 to EndsBeforeItBegins",
                "closures.csv:8 from Duplicate",
            ],
        ),
        (
            DISTRICTS,
            "id,name,reading,area\nYama,山,ヤマ,nishi\nkawa,川,,higashi\nkawa,川上,かわかみ,higashi\n\
             umi,川,うみ,minami\nhara,,はら,nishi\nno,野,の,nishi,x\n",
            &[
                "districts.csv:2 id InvalidId",
                "districts.csv:2 reading InvalidReading",
                "districts.csv:3 reading Empty",
                "districts.csv:4 id Duplicate",
                "districts.csv:5 name Duplicate",
                "districts.csv:6 name Empty",
                "districts.csv:7 - TooManyCells",
            ],
        ),
        (DISTRICTS, "id,name,reading,area\numi,海,うみ,minami\n", &["districts.csv:2 area UnknownReference"]),
        (
            CALENDAR,
            "area,category,when,except,extra,note\nhigashi,moeru,月 禾,,,\nhigashi,moeru,,,,\nnishi,moeru,水6,x,y,\n\
             nishi,moeru,月,2026-01-01..2026-01-03,2026-01-02,\nminami,gomi,月,,,\n",
            &[
                "calendar.csv:2 when Notation",
                "calendar.csv:3 when NoRules",
                "calendar.csv:4 when Notation",
                "calendar.csv:4 except Notation",
                "calendar.csv:4 extra Notation",
                "calendar.csv:5 extra ExceptAndExtra",
                "calendar.csv:6 area UnknownReference",
                "calendar.csv:6 category UnknownReference",
            ],
        ),
        (
            TOPICS,
            "id,name,name_easy,name_en,description,department,default\nbosai,防災,,,,somu,yes\nbosai,防犯,,,,somu,on\n",
            &["topics.csv:2 default NotOneOf", "topics.csv:2 department UnknownReference", "topics.csv:3 id Duplicate"],
        ),
        (
            WASTE_ITEMS,
            "id,name,reading,aliases,category,how,note,name_en\nisu,いす,いす,チェア,sodai,,,\n\
             chea,ちぇあ,ちぇあ,,moyasu,,,\nx,\"いすの足,いすのあし,,sodai,,,\ny,机,つくえ,,sodai,,,\n",
            &[
                "waste-items.csv:3 category UnknownReference",
                "waste-items.csv:3 name AmbiguousWord",
                "waste-items.csv:4 - UnclosedQuote",
            ],
        ),
        ("calender.csv", "", &["calender.csv:1 - UnknownFile"]),
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
fn colors_must_carry_white_text() {
    let header = "id,name,name_easy,name_en,color,description,how,put_out_by,department\n";
    let text = format!("{header}aka,赤,,,赤,,,,\nmoeru,燃やす,,,#FFEE00,,,,\nsodai,粗大,,,#2E6B30,,,,somu\n");
    let reading = read(&files(&[(CATEGORIES, &text)]));
    let here = reading.problems.iter().filter(|problem| problem.file == CATEGORIES);
    let troubles: Vec<_> = here.map(|problem| (problem.line, problem.severity())).collect();
    assert_eq!(troubles, [(2, Severity::Error), (3, Severity::Warning), (4, Severity::Error)]);
    assert_ne!(reading.data.categories[0].color, "#FFEE00");
    assert!(reading.data.clone().into_town().categories[1].department.is_none(), "dropped where the town is made");
    assert!(reading.data.categories[1].department.is_some(), "and not before");
}

#[test]
fn times_of_day_are_read_by_programs_too() {
    let header = "id,name,name_easy,name_en,color,description,how,put_out_by,department\n";
    let row = |id: &str, time: &str| format!("{id},燃やす,,,#2E6B30,,,{time},\n");
    let text = format!("{header}{}{}{}", row("moeru", "８：３０"), row("sodai", "朝8時"), row("kami", "24:30"));
    let reading = read(&files(&[(CATEGORIES, &text)]));
    let lines: Vec<_> = reading.problems.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("categories.csv:3: エラー「put_out_by」: 「朝8時」は時刻ではありません。"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("categories.csv:4: エラー「put_out_by」: 「24:30」"), "{lines:?}");
    let times: Vec<_> = reading.data.categories.iter().map(|category| category.put_out_by.as_str()).collect();
    assert_eq!(times, ["8:30", "朝8時", "24:30"]);
}

#[test]
fn a_number_that_calls_somebody_else_is_left_out() {
    let text =
        "id,name,phone\nkankyo,環境課,００００-00-0001\nsomu,総務課,0000000002\nbosai,防災課,#7119\nzei,税務課,\n";
    let reading = read(&files(&[(DEPARTMENTS, text)]));
    let lines: Vec<_> = reading.problems.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("departments.csv:3: エラー「phone」: 「0000000002」は電話番号ではありません。"),
        "{lines:?}"
    );
    let phones: Vec<_> = reading.data.departments.iter().map(|department| department.phone.as_str()).collect();
    assert_eq!(phones, ["0000-00-0001", "", "#7119", ""]);
}

/// Whoever loads the rest of a file that was not read removes all that it used to say.
#[test]
fn what_would_empty_a_file_is_worse_than_an_error_in_it() {
    let worst = |name: &str, text: &[u8]| {
        let mut files = files(&[]);
        files.0.insert(name.to_owned(), text.to_vec());
        read(&files).problems.iter().map(Problem::severity).max()
    };
    let header = "id,name,reading,aliases,category,how,note,name_en\n";
    for text in [
        b"\xff\xff".to_vec(),
        b"".to_vec(),
        b"name,reading\n".to_vec(),
        format!("{header}a,い,い,,sodai,,,\nb,ろ,ろ,,sodai,\"閉じない,,\nc,は,は,,sodai,,,\n").into_bytes(),
        format!("{header}{}", "a,い,い,,sodai,,,\n".repeat(20_001)).into_bytes(),
        vec![b'a'; crate::town::files::FILE_BYTES_MAX + 1],
    ] {
        let excerpt = String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned();
        assert_eq!(worst(WASTE_ITEMS, &text), Some(Severity::Unreadable), "{excerpt}");
    }
    for text in ["tabs: [", "- a", "a: b", "tabs: a"] {
        assert_eq!(worst(RICH_MENU, text.as_bytes()), Some(Severity::Unreadable), "{text}");
    }
    for row in ["a,い,い,,nai,,,\n", "a b,い,い,,sodai,,,\n", "a,い,い,,sodai,,,,,9\n"] {
        assert_eq!(worst(WASTE_ITEMS, format!("{header}{row}").as_bytes()), Some(Severity::Error), "{row}");
    }
}

#[test]
fn a_text_that_is_too_long_is_cut() {
    let long = format!("id,name,phone\nkankyo,{},0000-00-0001\n", "環".repeat(61));
    let reading = read(&files(&[(DEPARTMENTS, &long)]));
    assert_eq!(reading.problems[0].trouble, Trouble::TooLong { found: 61, max: 60 });
    assert_eq!(reading.data.departments[0].name.chars().count(), 60);
}

#[test]
fn every_mistake_in_the_settings_is_named_with_its_line_and_key() {
    for (file, text, expected) in [
        (
            TOWN,
            "id: Ume Cho\nname:\nphone: 0120\nwebsite: example.jp\nlanguages: [ja, fr, ja]\n\
             blocked_resident_retention_days: 5000\nretention: 3\ntexts:\n  welcom: a\n  garbage_put_out_by: 朝8時\n",
            &[
                "town.yaml:1 id InvalidId",
                "town.yaml:2 name Empty",
                "town.yaml:3 phone NotText",
                "town.yaml:4 website InvalidAddress",
                "town.yaml:5 languages NotOneOf",
                "town.yaml:5 languages Duplicate",
                "town.yaml:6 blocked_resident_retention_days NotNumber",
                "town.yaml:9 welcom UnknownKey",
                "town.yaml:10 garbage_put_out_by InvalidTime",
                "town.yaml:7 retention UnknownKey",
            ][..],
        ),
        (
            TOWN,
            "id: ume\nname: うめ町\n",
            &[
                "town.yaml:1 phone MissingKey",
                "town.yaml:1 website MissingKey",
                "town.yaml:1 languages MissingKey",
                "town.yaml:1 blocked_resident_retention_days MissingKey",
            ],
        ),
        (
            TOWN,
            "id: ume\nname: うめ町\nphone: \"0120\"\nwebsite: https://www.example.jp/\nlanguages: [ja]\n\
             blocked_resident_retention_days: 30\n",
            &["town.yaml:3 phone InvalidPhone"],
        ),
        (
            TOWN,
            "id: ume\nname: うめ町\nreading: ウメ\nphone: \"119\"\nwebsite: https://www.example.jp/\nlanguages: []\n\
             blocked_resident_retention_days: 30\nsending:\n  quiet_from: \"24:00\"\n  quiet_to: 7:00\n\
             \u{20} weekly_max: 0\n  public_page: maybe\n  quiet: on\n  rule_minutes_max: 1441\n  rule_hourly_max: 0\n",
            &[
                "town.yaml:3 reading InvalidReading",
                "town.yaml:6 languages Empty",
                "town.yaml:9 quiet_from InvalidTime",
                "town.yaml:11 weekly_max Zero",
                "town.yaml:12 public_page NotOneOf",
                "town.yaml:13 quiet UnknownKey",
                "town.yaml:14 rule_minutes_max NotNumber",
                "town.yaml:15 rule_hourly_max Zero",
            ],
        ),
        (TOWN, "- a\n", &["town.yaml:1 - NotMap"]),
        (TOWN, "id: ume\nname: [\n", &["town.yaml:2 - Yaml"]),
        (
            TEXTS,
            "fr:\n  welcome: a\nja: b\nen:\n  welcome: [a]\n",
            &["texts.yaml:1 fr NotOneOf", "texts.yaml:3 ja NotMap", "texts.yaml:5 welcome NotText"],
        ),
        (
            TEXTS,
            "ja:\n  welcome: '{name}さん'\n  emergency_note: 括弧{だけ\n  garbage_not_found_contact: |-\n    {改行\n    まで}\n",
            &["texts.yaml:2 welcome Blank"],
        ),
    ] {
        let mut found = problems(&[(file, text)]);
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_town_sends_as_its_file_says_or_as_most_do() {
    let base = "id: ume\nname: うめ町\nphone: \"119\"\nwebsite: https://www.example.jp/\nlanguages: [ja]\n\
                blocked_resident_retention_days: 30\n";
    let sending = |text: &str| {
        let file = format!("{base}{text}");
        let files = files(&[(TOWN, &file)]);
        read(&files).data.profile.unwrap().profile.sending
    };
    let usual = Sending::default();
    assert_eq!(sending(""), usual);
    assert_eq!(sending("sending: {}\n"), usual);
    let never = sending(
        "sending: {quiet_from: null, quiet_to: null, weekly_max: 2, public_page: on, rule_minutes_max: 5, rule_hourly_max: 1}\n",
    );
    let said = Sending {
        quiet_hours: None,
        weekly_max: Some(2),
        public_page: Switch::On,
        rule_minutes_max: 5,
        rule_hourly_max: 1,
    };
    assert_eq!(never, said);
    for wrong in
        ["quiet_from: \"7:00\"", "quiet_from: \"7:00\", quiet_to: null", "quiet_from: \"7:00\", quiet_to: \"7:00\""]
    {
        assert_eq!(sending(&format!("sending: {{{wrong}}}\n")), usual, "{wrong}");
    }
}

const TAB: &str =
    "- alias: top\n  name: 上\n  chat_bar_text: メニュー\n  width: 2500\n  height: 843\n  image: top.png\n  areas:\n";

fn menu(areas: &str) -> Vec<String> {
    let mut files = files(&[(RICH_MENU, &format!("tabs:\n{TAB}{areas}"))]);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([0, 0, 0x09, 0xc4, 0, 0, 0x03, 0x4b]);
    files.0.insert("top.png".to_owned(), png);
    let reading = read(&files);
    reading.problems.iter().map(|problem| format!("{} {:?}", problem.line, problem.trouble)).collect()
}

#[test]
fn a_rich_menu_is_checked_against_what_the_platform_takes() {
    let area = |place: &str, action: &str| format!("  - {{{place}, label: 押す, action: {{{action}}}}}\n");
    let whole = "x: 0, y: 0, width: 2500, height: 843";
    for good in ["command: garbage", "command: next-collection", "say: 乾電池", "open: 'tel:0000000000'", "tab: top"]
    {
        assert_eq!(menu(&area(whole, good)), [""; 0], "{good}");
    }
    for (place, action, expected) in [
        ("x: 1, y: 0, width: 2500, height: 843", "tab: top", "OutsidePicture"),
        ("x: 1, y: 0, width: 0, height: 843", "tab: top", "OutsidePicture"),
        (whole, "tab: else", "UnknownTab"),
        (whole, "command: fly", "NotOneOf"),
        (whole, "say: a, tab: top", "NotOneOf"),
        (whole, "open: 'ftp://example.jp'", "InvalidAddress"),
        (whole, "open: 'tel:#7119'", "InvalidPhone"),
        (whole, "open: 'tel:環境課'", "InvalidPhone"),
        (whole, "do: a", "UnknownKey"),
    ] {
        let found = menu(&area(place, action));
        assert!(found.iter().any(|problem| problem.contains(expected)), "{action}: {found:?}");
    }
    let many: String = (0..21).map(|_| area(whole, "tab: top")).collect();
    assert_eq!(menu(&many), ["29 TooMany { max: 20 }"]);
    let missing = problems(&[(RICH_MENU, &format!("tabs:\n{TAB}  - {}\n{TAB}", "a"))]);
    assert!(missing.iter().filter(|problem| problem.contains("PictureMissing")).count() == 2, "{missing:?}");
    assert!(missing.contains(&"rich-menu.yaml:10 alias Duplicate".to_owned()), "{missing:?}");
}

#[test]
fn a_missing_file_is_named_and_only_where_a_town_needs_it() {
    let mut files = files(&[]);
    for file in FILES {
        files.0.remove(file);
    }
    let missing: Vec<_> = read(&files).problems.iter().map(|problem| problem.file.clone()).collect();
    assert_eq!(missing, [AREAS, CALENDAR, CATEGORIES, DEPARTMENTS, DISTRICTS, TOPICS, TOWN]);
}

#[test]
fn problems_are_sentences_for_staff() {
    let reading = read(&files(&[(CALENDAR, "area,category,when,except,extra,note\nhigashi,moeru,月 禾,,,\n")]));
    let line = reading.problems[0].to_string();
    assert!(line.starts_with("calendar.csv:2: エラー「when」: 「禾」を読めません。"), "{line}");
}
