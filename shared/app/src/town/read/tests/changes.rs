//! Changes of collections and kinds of dates: what is read, what is told, and what older towns lack.

use std::collections::BTreeSet;

use domain::town::Direction;

use super::*;

const HEADER: &str = "id,date,areas,categories,new_date,reason\n";
const DATES_HEADER: &str = "id,name,name_easy,name_en,question,question_easy,question_en,direction\n";

fn of(file: &str, header: &str, rows: &str) -> Vec<String> {
    let mut found = problems(&[(file, &format!("{header}{rows}"))]);
    found.retain(|problem| problem.starts_with(file));
    found
}

#[test]
fn changes_and_dates_are_read_with_all_that_they_say() {
    let town = read(&files(&[])).data.into_town();
    let [change] = &town.changes[..] else { panic!("{:?}", town.changes) };
    assert_eq!((change.id.as_str(), change.date, change.moved_to), ("yuki", date(2026, 2, 4), Some(date(2026, 2, 6))));
    assert_eq!(change.reason, "大雪のため");
    let ids: Vec<&str> = change.areas.iter().map(AreaId::as_str).collect();
    assert_eq!((ids, change.categories.len()), (vec!["higashi", "nishi"], 1));
    let kind = town.date_kind(&"inu".parse().unwrap()).unwrap();
    assert_eq!(kind.direction, Direction::Past);
    assert_eq!(kind.question.in_language(Language::English), "When?");
    assert_eq!(kind.question.in_language(Language::EasyJapanese), "いつですか");
}

#[test]
fn nothing_named_is_everything_and_changes_stand_in_the_order_of_their_days() {
    let rows = "b,2027-01-20,,,,\na,2026-01-20,nishi　higashi,sodai moeru,2026-02-01,\n";
    assert_eq!(of(CHANGES, HEADER, rows), [""; 0]);
    let town = read(&files(&[(CHANGES, &format!("{HEADER}{rows}"))])).data.into_town();
    let found: Vec<_> = town.changes.iter().map(|it| (it.id.as_str(), it.areas.len(), it.categories.len())).collect();
    assert_eq!(found, [("a", 2, 2), ("b", 0, 0)]);
    let (area, category) = ("nishi".parse().unwrap(), "sodai".parse().unwrap());
    assert!(town.changes.iter().all(|change| change.concerns(&area, &category)));
    assert!(!town.changes[0].concerns(&"minami".parse().unwrap(), &category) && town.changes[1].moved_to.is_none());
}

#[test]
fn every_mistake_in_a_change_is_named_with_its_line_and_column() {
    let rows = "Yuki,2026-02-04,,,,\nkaze,2026-02-30,,,2026-02-32,\nsame,2026-02-04,,,2026-02-04,\n\
                before,2026-02-04,,,2026-02-03,\nwhere,2026-02-04,minami higashi,gomi,,\n\
                twice,2026-02-04,,,,\ntwice,2026-02-05,,,,\ncomma,2026-02-04,\"higashi,nishi\",moeru 燃やす,,\nnever,,,,,\n";
    let expected = [
        "changes.csv:2 id InvalidId",
        "changes.csv:3 date InvalidDate",
        "changes.csv:3 new_date InvalidDate",
        "changes.csv:4 new_date NotLater",
        "changes.csv:5 new_date NotLater",
        "changes.csv:6 areas UnknownReference",
        "changes.csv:6 categories UnknownReference",
        "changes.csv:8 id Duplicate",
        "changes.csv:9 areas InvalidId",
        "changes.csv:9 categories InvalidId",
        "changes.csv:10 date Empty",
    ];
    assert_eq!(of(CHANGES, HEADER, rows), expected);
    let many = vec!["higashi"; 1_001].join(" ");
    assert_eq!(of(CHANGES, HEADER, &format!("a,2026-02-04,{many},,,\n")), ["changes.csv:2 areas TooMany"]);
    let reading = read(&files(&[(CHANGES, &format!("{HEADER}{rows}"))]));
    let same = reading.problems.iter().find(|problem| problem.trouble == Trouble::NotLater).unwrap();
    assert!(same.to_string().starts_with("changes.csv:4: エラー「new_date」: 代わりの日が、"), "{same}");
}

/// To name none means all: a cell of which nothing is left must not come to that.
#[test]
fn a_change_of_what_is_not_there_is_no_change_of_everything() {
    let rows = "gone,2026-02-04,minami,,,\nodd,2026-02-05,みなみ,,,\npart,2026-02-06,minami higashi,,,\n\
                what,2026-02-07,,gomi,,\n";
    let data = read(&files(&[(CHANGES, &format!("{HEADER}{rows}"))])).data;
    let read: Vec<_> = data.changes.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(read, ["gone", "part", "what"], "what a row refers to may be loaded later");
    let town = data.into_town();
    let left: Vec<_> = town.changes.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(left, ["part"]);
    assert_eq!(town.changes[0].areas, BTreeSet::from(["higashi".parse().unwrap()]));
}

#[test]
fn every_mistake_in_a_kind_of_date_is_named_with_its_line_and_column() {
    let long = "長".repeat(101);
    let rows = format!(
        "child,子,,,いつ,,,past\ninu,犬,,,いつ,,,past\ninu,犬,,,いつ,,,any\nneko,,,,,,,past\ntori,鳥,,,いつ,,,later\n\
         usagi,うさぎ,,,いつ,,{long},future\n"
    );
    let expected = [
        "dates.csv:2 id ReservedId",
        "dates.csv:4 id Duplicate",
        "dates.csv:5 name Empty",
        "dates.csv:5 question Empty",
        "dates.csv:6 direction NotOneOf",
        "dates.csv:7 question_en TooLong",
    ];
    assert_eq!(of(DATES, DATES_HEADER, &rows), expected);
    let data = read(&files(&[(DATES, &format!("{DATES_HEADER}{rows}"))])).data;
    let kinds: Vec<_> = data.dates.iter().map(|kind| (kind.id.as_str(), kind.direction)).collect();
    assert_eq!(kinds, [("inu", Direction::Past), ("usagi", Direction::Future)], "in the order of the file");
}

/// Both are looked through again and again, so neither grows for ever.
#[test]
fn a_town_keeps_a_thousand_changes_and_fifty_dates() {
    let changes = |count: usize| (0..count).map(|n| format!("c{n},2026-02-04,,,,\n")).collect::<Vec<_>>().concat();
    let kinds = |count: usize| (0..count).map(|n| format!("k{n},犬,,,いつ,,,any\n")).collect::<Vec<_>>().concat();
    assert_eq!(of(CHANGES, HEADER, &changes(1_000)), [""; 0]);
    assert_eq!(of(CHANGES, HEADER, &changes(1_003)), ["changes.csv:1002 id TooManyRows"]);
    assert_eq!(of(DATES, DATES_HEADER, &kinds(50)), [""; 0]);
    assert_eq!(of(DATES, DATES_HEADER, &kinds(53)), ["dates.csv:52 id TooManyRows"]);
    let files =
        files(&[(CHANGES, &format!("{HEADER}{}", changes(1_003))), (DATES, &format!("{DATES_HEADER}{}", kinds(53)))]);
    let data = read(&files).data;
    assert_eq!((data.changes.len(), data.dates.len()), (1_000, 50));
}

/// The days are as the changes say, without anything else to be done.
#[test]
fn the_calendar_knows_of_the_changes() {
    let rows = "a,2026-01-08,nishi,moeru,2026-01-09,\nb,2026-01-15,,,,\n";
    let town = read(&files(&[(CHANGES, &format!("{HEADER}{rows}"))])).data.into_town();
    let (area, category) = ("nishi".parse().unwrap(), "moeru".parse().unwrap());
    let days = |from, to| town.calendar.days(&area, &category, from..=to).collect::<Vec<_>>();
    // Thursdays but for the 8th, which becomes Friday, and the 15th, which falls out.
    assert_eq!(
        days(date(2026, 1, 1), date(2026, 1, 29)),
        [date(2026, 1, 1), date(2026, 1, 9), date(2026, 1, 22), date(2026, 1, 29)]
    );
}

/// What was stored before there were these tables, and a folder that was written before.
#[test]
fn a_town_from_before_has_no_changes_and_no_dates() {
    let mut files = files(&[]);
    for file in [CHANGES, DATES] {
        files.0.remove(file);
    }
    let reading = read(&files);
    assert_eq!(reading.problems, []);
    let records = to_records(&reading.data).unwrap();
    assert!(records.iter().all(|record| !["change", "date-kind"].contains(&record.kind.as_str())));
    let stored = from_records(records);
    assert_eq!(stored.odd, []);
    let town = stored.data.into_town();
    assert!(town.changes.is_empty() && town.dates.is_empty() && town.areas.len() == 2);
}
