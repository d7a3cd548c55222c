//! Japan's national holidays, computed from the law (国民の祝日に関する法律, Act No. 178 of 1948) as it stands since 2019.
//!
//! The law names the two equinoxes without a date: they are those of the astronomical almanac, which the government announces in
//! the February before. The formula here is the one that almanac makers use for 1980 to 2099, with other constants up to 2150; it
//! agrees with all that was announced. Later years go on with the latter and may be a day off.
//! The act that moved three days of 2020 and 2021 for the Olympic Games and the one about the accession of 2019 are in it.
//! Of years before 2019 no day is a holiday here.

use jiff::civil::{Date, Weekday};

/// Earlier years are not known here.
const FIRST_YEAR: i16 = 2019;
/// As many national holidays as could follow each other, and some more.
const RUN_MAX: usize = 14;

/// Whether the day is a holiday by that law: a national holiday, the day in lieu of one on a Sunday, or a day between two.
#[must_use]
pub fn is_holiday(day: Date) -> bool {
    is_national(day) || is_in_lieu(day) || is_between(day)
}

/// Whether the day is a working day (平日): Monday to Friday, and no holiday. The days around New Year that offices take off
/// are working days here: which they are is for each town to say.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(day)
}

/// Article 3, paragraph 2: if a national holiday is a Sunday, the first day after it that is none is a holiday.
fn is_in_lieu(day: Date) -> bool {
    just_before(day).any(|day| day.weekday() == Weekday::Sunday)
}

/// Article 3, paragraph 3: a day between two national holidays.
fn is_between(day: Date) -> bool {
    just_before(day).next().is_some() && day.tomorrow().is_ok_and(is_national)
}

/// The national holidays that follow each other up to the day before.
fn just_before(day: Date) -> impl Iterator<Item = Date> {
    let before = std::iter::successors(day.yesterday().ok(), |day| day.yesterday().ok());
    before.take(RUN_MAX).take_while(|day| is_national(*day))
}

/// Article 2, and the acts for single years.
fn is_national(day: Date) -> bool {
    let (year, month, number) = (day.year(), day.month(), day.day());
    if year < FIRST_YEAR {
        return false;
    }
    let monday = |nth: i8| day.weekday() == Weekday::Monday && (number - 1) / 7 + 1 == nth;
    match (year, month) {
        (2019, 2) => number == 11,
        (2019, 5) => matches!(number, 1 | 3..=5),
        (2019, 10) => monday(2) || number == 22,
        (2020, 7) => matches!(number, 23 | 24),
        (2020, 8) => number == 10,
        (2021, 7) => matches!(number, 22 | 23),
        (2021, 8) => number == 8,
        (2020 | 2021, 10) => false,
        (_, 1) => number == 1 || monday(2),
        (_, 2) => matches!(number, 11 | 23),
        (_, 3) => number == equinox(year, 20_843_100, 21_851_000),
        (_, 4) => number == 29,
        (_, 5) => matches!(number, 3..=5),
        (_, 7) => monday(3),
        (_, 8) => number == 11,
        (_, 9) => monday(3) || number == equinox(year, 23_248_800, 24_248_800),
        (_, 10) => monday(2),
        (_, 11) => matches!(number, 3 | 23),
        (_, _) => false,
    }
}

/// The day of the month on which an equinox is, from its time in 1980 in millionths of a day: until 2099, and later.
fn equinox(year: i16, until_2099: i32, later: i32) -> i8 {
    // A solar year is so many millionths of a day longer than 365 days.
    const LONGER: i32 = 242_194;
    let start = if year <= 2099 { until_2099 } else { later };
    let years = i32::from(year) - 1980;
    i8::try_from((start + LONGER * years) / 1_000_000 - years / 4).unwrap_or(0)
}
