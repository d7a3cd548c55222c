//! The number of a report (受付番号), as residents and staff say it: the day in Japan and six letters, `261122-K7F3QM`.
//!
//! It is computed from the report's id and stored nowhere. Two reports of one day share theirs once in a billion pairs.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use super::Report;
use crate::ids::ReportId;
use crate::time::{date_in_japan, instant_in_japan};

/// The letters in the order of their worth (<https://www.crockford.com/base32.html>): none that is mistaken for another one.
const LETTERS: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// So many letters stand behind the day.
const LETTERS_LEN: usize = 6;
/// So many digits are the day: two each for year, month and day.
const DIGITS_LEN: usize = 6;
/// What people write between the two, after widths are folded.
const DASHES: [char; 8] = ['-', '‐', '‑', '–', '—', '―', '−', 'ー'];
/// A longer text is no number.
const CHARS_MAX: usize = 40;

/// The number of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportNumber {
    /// On which the report was begun; in the years 2000 to 2099.
    day: Date,
    letters: [u8; LETTERS_LEN],
}

/// A text that is no number of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a report's number is written 261122-K7F3QM")]
pub struct InvalidNumber;

impl ReportNumber {
    /// The number of the report with an id: of a UUID of version 7 the day when it was minted and its last bits.
    #[must_use]
    pub fn of(id: &ReportId) -> Self {
        let bits = id.bits().unwrap_or_else(|| {
            let digest = Sha256::digest(id.as_str());
            digest.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
        });
        let letter = |place: usize| {
            let worth = usize::try_from(bits >> (5 * (LETTERS_LEN - 1 - place)) & 31);
            worth.ok().and_then(|worth| LETTERS.get(worth)).copied().unwrap_or(LETTERS[0])
        };
        let minted = date_in_japan(id.minted_at().unwrap_or(Timestamp::UNIX_EPOCH));
        // Two digits of the year are all that is said. Every 29 February stays one: 2000 is a leap year.
        let day = Date::new(2000 + minted.year().rem_euclid(100), minted.month(), minted.day()).unwrap_or(minted);
        Self { day, letters: std::array::from_fn(letter) }
    }

    /// The ids that reports begun on its day can have.
    #[must_use]
    pub fn ids(self) -> Range<ReportId> {
        let midnight = |day: Date| ReportId::first_at(instant_in_japan(DateTime::from_parts(day, Time::midnight())));
        midnight(self.day)..midnight(self.day.tomorrow().unwrap_or(self.day))
    }

    /// Whether the report with an id has this number.
    #[must_use]
    pub fn matches(self, id: &ReportId) -> bool {
        Self::of(id) == self
    }
}

impl Report {
    /// What residents and staff call it.
    #[must_use]
    pub fn number(&self) -> ReportNumber {
        ReportNumber::of(&self.id)
    }
}

impl fmt::Display for ReportNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}{:02}-", self.day.year() % 100, self.day.month(), self.day.day())?;
        self.letters.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl FromStr for ReportNumber {
    type Err = InvalidNumber;

    /// Reads a number as people type it: in small letters or full width, with blanks or without the dash, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let meant: String = text
            .chars()
            .take(CHARS_MAX)
            .nfkc()
            .filter(|sign| !sign.is_whitespace() && !DASHES.contains(sign))
            .map(|sign| match sign.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                sign => sign,
            })
            .collect();
        let (digits, letters) = meant.as_bytes().split_first_chunk::<DIGITS_LEN>().ok_or(InvalidNumber)?;
        let letters: [u8; LETTERS_LEN] = letters.try_into().map_err(|_| InvalidNumber)?;
        if !digits.iter().all(u8::is_ascii_digit) || !letters.iter().all(|letter| LETTERS.contains(letter)) {
            return Err(InvalidNumber);
        }
        let [year, month, day] =
            [0, 2, 4].map(|at| (digits[at] - b'0').cast_signed() * 10 + (digits[at + 1] - b'0').cast_signed());
        let day = Date::new(2000 + i16::from(year), month, day).map_err(|_| InvalidNumber)?;
        Ok(Self { day, letters })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> ReportId {
        text.parse().unwrap()
    }

    fn read(text: &str) -> Result<String, InvalidNumber> {
        text.parse::<ReportNumber>().map(|number| number.to_string())
    }

    #[test]
    fn a_number_is_the_day_in_japan_and_the_last_bits_of_the_id() {
        // 2026-11-21T15:00:00Z is midnight in Japan; the last 30 bits are 19, 7, 15, 3, 23 and 20 in groups of five.
        let bits: u128 = [19, 7, 15, 3, 23, 20].into_iter().fold(0, |bits, letter| bits << 5 | letter);
        let at: Timestamp = "2026-11-21T15:00:00Z".parse().unwrap();
        let hex = format!("{:012x}70008000{:012x}", at.as_millisecond(), bits);
        let text = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
        let number = ReportNumber::of(&id(&text));
        assert_eq!(number.to_string(), "261122-K7F3QM");
        assert_eq!(number.day, date(2026, 11, 22));
        assert!(number.matches(&id(&text)));
        // A millisecond before it is the day before.
        let earlier = ReportId::first_at(at - jiff::SignedDuration::from_millis(1));
        assert_eq!(ReportNumber::of(&earlier).to_string(), "261121-000000");
        assert!(!number.matches(&earlier));
    }

    #[test]
    fn a_number_is_read_however_it_is_typed() {
        for typed in [
            "261122-K7F3QM",
            "261122-k7f3qm",
            "261122K7F3QM",
            " 261122 k7f3qm ",
            "２６１１２２−Ｋ７Ｆ３ＱＭ",
            "２６１１２２ーｋ７ｆ３ｑｍ",
            "261122‐K7F 3QM",
            "26-11-22 K7F3QM",
            "2611２2―K7F3QM",
            "26ii22-K7F3QM",
            "26L122-K7F3QM",
        ] {
            assert_eq!(read(typed), Ok("261122-K7F3QM".to_owned()), "{typed}");
        }
        assert_eq!(read("26o1o1-ooilOI"), Ok("260101-001101".to_owned()));
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for odd in [
            "",
            "261122",
            "261122-K7F3Q",
            "261122-K7F3QMX",
            "261122-K7F3QU",
            "261322-K7F3QM",
            "261132-K7F3QM",
            "260229-K7F3QM",
            "26A122-K7F3QM",
            "261122-K7F3Qあ",
            "六一一二二-K7F3QM",
            "261122_K7F3QM",
            &"2".repeat(10_000),
        ] {
            assert_eq!(read(odd), Err(InvalidNumber), "{odd}");
        }
    }

    #[test]
    fn an_id_that_is_no_uuid_has_a_number_too() {
        let number = ReportNumber::of(&id("report-1"));
        assert_eq!(number, ReportNumber::of(&id("report-1")));
        assert_ne!(number, ReportNumber::of(&id("report-2")));
        assert_eq!(number.to_string().parse(), Ok(number));
    }

    proptest! {
        #[test]
        fn a_number_leads_back_to_its_reports(milliseconds in 946_652_400_000_i64..4_102_412_400_000, mut bytes: [u8; 16]) {
            // From the first to the last millisecond of 2000 to 2099 in Japan.
            let at = Timestamp::from_millisecond(milliseconds).unwrap();
            bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
            bytes[6] = 0x70;
            let id = ReportId::of_uuid(bytes);
            let number = ReportNumber::of(&id);
            prop_assert_eq!(number.day, date_in_japan(at));
            prop_assert_eq!(number.to_string().parse(), Ok(number));
            prop_assert!(number.ids().contains(&id));
            let next = number.ids().end;
            prop_assert_eq!(date_in_japan(next.minted_at().unwrap()), number.day.tomorrow().unwrap());
        }

        #[test]
        fn no_text_makes_the_reading_fail(text in "\\PC{0,20}") {
            if let Ok(number) = text.parse::<ReportNumber>() {
                prop_assert_eq!(number.to_string().parse(), Ok(number));
            }
        }
    }
}
