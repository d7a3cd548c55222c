//! Holidays, days of every year, and closures that move to a named day: what is read, and what is told.

use domain::dates::{Closure, OnHoliday};
use jiff::civil::Weekday;

use super::*;

const HEADER: &str = "area,category,when,except,extra,holidays,note\n";
const CLOSURES_HEADER: &str = "center,from,to,effect,moved_to,note\n";

fn told(file: &str, header: &str, rows: &str) -> Vec<String> {
    let mut found = problems(&[(file, &format!("{header}{rows}"))]);
    found.retain(|problem| problem.starts_with(file));
    found
}

#[test]
fn holidays_and_days_of_every_year_are_read() {
    let rows =
        "higashi,moeru,平日1 最終水,12-31..01-03,12-30,ｎｅｘｔ,\nnishi,moeru,木,,,土曜日,\nnishi,moeru,月,,,,\n";
    assert_eq!(told(CALENDAR, HEADER, rows), [""; 0]);
    let data = read(&files(&[(CALENDAR, &format!("{HEADER}{rows}"))])).data;
    let holidays: Vec<OnHoliday> = data.calendar.iter().map(|line| line.entry.recurrence.holidays).collect();
    assert_eq!(holidays, [OnHoliday::Next, OnHoliday::MoveTo(Weekday::Saturday), OnHoliday::Stay]);
    let town = data.into_town();
    let days = |year: i16| -> Vec<String> {
        let range = date(year, 12, 28)..=date(year + 1, 1, 6);
        let days = town.calendar.days(&"higashi".parse().unwrap(), &"moeru".parse().unwrap(), range);
        days.map(|day| day.to_string()).collect()
    };
    // 2028-01-03 is the first working day of its month, and falls out.
    assert_eq!(days(2027), ["2027-12-29", "2027-12-30"]);
}

#[test]
fn closures_of_every_year_and_named_days_are_read() {
    let rows = "ひがしセンター,12/31,1-3,skip,,\nひがしセンター,2026-12-31,2027-01-03,move,2027/1/4,\n\
                ひがしセンター,08-13,08-15,move,08-16,\nひがしセンター,2026-05-01,2026-05-02,move,05-06,\n";
    assert_eq!(told(CLOSURES, CLOSURES_HEADER, rows), [""; 0]);
    let data = read(&files(&[(CLOSURES, &format!("{CLOSURES_HEADER}{rows}"))])).data;
    let to = |day: &str| ClosureEffect::MoveTo(day.parse().unwrap());
    let expected = [
        ("12-31..01-03", ClosureEffect::Skip),
        ("2026-12-31..2027-01-03", to("01-04")),
        ("08-13..08-15", to("08-16")),
        ("2026-05-01..2026-05-02", to("05-06")),
    ];
    let closures: Vec<Closure> = data.closures.iter().map(|closure| closure.closure).collect();
    assert_eq!(closures, expected.map(|(days, effect)| Closure { days: days.parse().unwrap(), effect }));
    let stored = from_records(to_records(&data).unwrap());
    assert_eq!((stored.data.closures.len(), stored.odd.len()), (4, 0));
}

#[test]
fn every_mistake_in_them_is_named_with_its_line_and_column() {
    let rows = "higashi,moeru,平日24,,,,\nhigashi,moeru,月,02-30,13-1,,\nhigashi,moeru,月,,,祝,\n\
                higashi,moeru,,,,skip,\nhigashi,moeru,月,12-31..01-03,2027-01-03,,\n";
    assert_eq!(
        told(CALENDAR, HEADER, rows),
        [
            "calendar.csv:2 when Notation",
            "calendar.csv:3 except Notation",
            "calendar.csv:3 extra Notation",
            "calendar.csv:4 holidays Notation",
            "calendar.csv:5 when NoRules",
            "calendar.csv:6 extra ExceptAndExtra",
        ]
    );
    let rows = "ひがしセンター,12-31,2027-01-03,skip,,\nひがしセンター,02-30,03-01,skip,,\nひがしセンター,12-31,01-03,move,,\n\
                ひがしセンター,12-31,01-03,move,2027-01-04,\nひがしセンター,12-31,01-03,move,01-02,\n\
                ひがしセンター,2026-12-31,2027-01-03,move,2028-01-04,\nひがしセンター,2026-12-31,2027-01-03,move,01-03,\n\
                ひがしセンター,2026-12-31,2027-01-03,move,来週,\nひがしセンター,08-13,08-15,skip,08-16,\n\
                ひがしセンター,08-13,8/15,skip,,\nひがしセンター,09-01,09-02,stay,,\n";
    assert_eq!(
        told(CLOSURES, CLOSURES_HEADER, rows),
        [
            "closures.csv:2 from InvalidDate",
            "closures.csv:3 from InvalidDate",
            "closures.csv:3 to InvalidDate",
            "closures.csv:4 moved_to Empty",
            "closures.csv:5 moved_to NoDayToMoveTo",
            "closures.csv:6 moved_to NoDayToMoveTo",
            "closures.csv:7 moved_to NoDayToMoveTo",
            "closures.csv:8 moved_to NoDayToMoveTo",
            "closures.csv:9 moved_to NoDayToMoveTo",
            "closures.csv:10 moved_to NotMoved",
            "closures.csv:11 from Duplicate",
            "closures.csv:12 effect NotOneOf",
        ]
    );
}
