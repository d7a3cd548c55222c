//! Months that a resident gives of themselves, to be reminded by them: the birth months of children, and the kinds that the town
//! asks for.

use super::garbage::field;
use super::{Command, Expecting, Talk, choice, fill, main_choice};
use crate::garbage::waste::Lookup;
use crate::ids::DateKindId;
use crate::reply::{CHOICES_MAX, Card, Choice, Reply, Row};
use crate::resident::{DATES_MAX, Switch};
use crate::text::fold;
use crate::time::YearMonth;
use crate::town::Direction;

/// Years that are offered: with the way out they fill the choices.
const YEARS_OFFERED: i16 = 12;
/// Of these, where any year is possible, so many lie ahead.
const YEARS_OFFERED_AHEAD: i16 = 6;
/// A child's birth month may lie so many years back.
const CHILD_YEARS_MAX: i16 = 20;
/// Any other month may lie so many years back.
const YEARS_BACK_MAX: i16 = 100;
/// And so many years ahead.
const YEARS_AHEAD_MAX: i16 = 30;
/// The year before the first of 令和.
const REIWA: i16 = 2018;
/// The year before the first of 平成.
const HEISEI: i16 = 1988;
/// The year before the first of 昭和.
const SHOWA: i16 = 1925;

const _: () = assert!(YEARS_OFFERED < 13 && CHOICES_MAX == 13);

/// A kind of months, and how the account speaks of it.
struct Kind {
    id: DateKindId,
    direction: Direction,
    years_back: i16,
    name: String,
    question: String,
    why: &'static str,
    button_add: &'static str,
    year_ask: &'static str,
    month_ask: &'static str,
    added: &'static str,
    removed: &'static str,
    full: &'static str,
}

impl Talk<'_> {
    fn kind(&self, id: &DateKindId) -> Option<Kind> {
        let words = self.words;
        if id.is_child() {
            return Some(Kind {
                id: id.clone(),
                direction: Direction::Past,
                years_back: CHILD_YEARS_MAX,
                name: words.children_title.to_owned(),
                question: String::new(),
                why: words.children_why,
                button_add: words.button_add_child,
                year_ask: words.child_year_ask,
                month_ask: words.child_month_ask,
                added: words.child_added,
                removed: words.child_removed,
                full: words.children_full,
            });
        }
        let kind = self.town.date_kind(id)?;
        Some(Kind {
            id: id.clone(),
            direction: kind.direction,
            years_back: YEARS_BACK_MAX,
            name: kind.name.in_language(self.language).to_owned(),
            question: kind.question.in_language(self.language).to_owned(),
            why: words.dates_why,
            button_add: words.button_add_date,
            year_ask: words.date_year_ask,
            month_ask: words.date_month_ask,
            added: words.date_added,
            removed: words.date_removed,
            full: words.dates_full,
        })
    }

    /// Does something about a kind, if the town still has it.
    fn with_kind(&mut self, id: &DateKindId, act: impl FnOnce(&mut Self, &Kind)) {
        let Some(kind) = self.kind(id) else {
            self.say(self.words.dates_gone.to_owned());
            return self.show_settings();
        };
        act(self, &kind);
    }

    pub(super) fn show_dates(&mut self, id: &DateKindId) {
        self.with_kind(id, Self::show_kind);
    }

    pub(super) fn ask_date_year(&mut self, id: &DateKindId) {
        self.with_kind(id, Self::ask_year);
    }

    pub(super) fn ask_date_month(&mut self, id: &DateKindId, year: i16) {
        self.with_kind(id, |talk, kind| talk.ask_month(kind, year));
    }

    pub(super) fn add_date(&mut self, id: &DateKindId, month: YearMonth) {
        self.with_kind(id, |talk, kind| talk.add_month(kind, month));
    }

    pub(super) fn remove_date(&mut self, id: &DateKindId, month: YearMonth) {
        self.with_kind(id, |talk, kind| {
            talk.resident.settings.set_date(kind.id.clone(), month, Switch::Off, &talk.stamp);
            if !talk.resident.settings.dates(&kind.id).contains(&month) {
                talk.say_of(kind, kind.removed, month);
            }
            talk.show_kind(kind);
        });
    }

    pub(super) fn hear_date(&mut self, id: &DateKindId, text: &str) {
        if let Some(month) = typed_month(text) {
            self.add_date(id, month);
        } else if matches!(self.town.waste.find(text), Lookup::Found(_)) {
            self.answer_question(text);
        } else {
            self.say(self.words.date_unclear.to_owned());
            self.ask_date_year(id);
        }
    }

    /// The kinds of the town, for the settings: on one card, or as many as they need up to `cards_max`.
    pub(super) fn dates_cards(&self, cards_max: usize) -> Vec<Card> {
        let name = |kind: &crate::town::DateKind| kind.name.in_language(self.language).to_owned();
        let kinds = &self.town.dates;
        if kinds.is_empty() {
            return Vec::new();
        }
        let buttons = kinds.iter().map(|kind| choice(&name(kind), &Command::Dates(kind.id.clone()))).collect();
        let mut cards = self.lay_out(self.words.dates_title, self.words.dates_why, buttons, cards_max);
        cards[0].rows.extend(kinds.iter().map(|kind| field(&name(kind), self.months_text(&kind.id))));
        cards
    }

    /// The months of a kind that the resident gave, as a list.
    pub(super) fn months_text(&self, id: &DateKindId) -> String {
        let months: Vec<String> =
            self.resident.settings.dates(id).into_iter().map(|month| self.month_text(month)).collect();
        self.words.list(months.iter().map(String::as_str))
    }

    fn show_kind(&mut self, kind: &Kind) {
        let months = self.resident.settings.dates(&kind.id);
        let mut rows = vec![Row::Text(kind.why.to_owned())];
        if months.is_empty() {
            rows.push(Row::Note(self.words.dates_none.to_owned()));
        }
        let mut buttons: Vec<Choice> = Vec::new();
        if months.len() < DATES_MAX {
            buttons.push(main_choice(kind.button_add, &Command::AddDate(kind.id.clone())));
        }
        for month in months {
            let label = fill(self.words.button_remove_date, &[("month", &self.month_text(month))]);
            buttons.push(choice(&label, &Command::RemoveDateOf(kind.id.clone(), month)));
        }
        let card = Card { title: kind.name.clone(), rows, buttons, badge: None };
        self.replies.push(Reply::Cards { summary: kind.name.clone(), cards: vec![card] });
        self.offer(self.words.button_settings, &Command::Settings);
        self.offer(self.words.button_garbage, &Command::Garbage);
    }

    fn ask_year(&mut self, kind: &Kind) {
        if DATES_MAX <= self.resident.settings.dates(&kind.id).len() {
            return self.say_full(kind);
        }
        self.expecting = Expecting::month_of(&kind.id);
        self.say(fill(kind.year_ask, &[("question", &kind.question)]));
        let this_year = self.today.year();
        let first = match kind.direction {
            Direction::Past => this_year - YEARS_OFFERED + 1,
            Direction::Future => this_year,
            Direction::Any => this_year - YEARS_OFFERED + 1 + YEARS_OFFERED_AHEAD,
        };
        let mut years: Vec<i16> = (first..first + YEARS_OFFERED).collect();
        if kind.direction == Direction::Past {
            years.reverse();
        }
        for year in years {
            let label = fill(self.words.date_year, &[("year", &year.to_string()), ("era", &era_year(year))]);
            self.offer(&label, &Command::AddDateIn(kind.id.clone(), year));
        }
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    fn ask_month(&mut self, kind: &Kind, year: i16) {
        let months: Vec<YearMonth> = (1..=12)
            .filter_map(|month| YearMonth::new(year, month).ok())
            .filter(|month| self.is_likely(kind, *month))
            .collect();
        if months.is_empty() {
            self.say(self.words.date_unlikely.to_owned());
            return self.ask_year(kind);
        }
        self.expecting = Expecting::month_of(&kind.id);
        self.say(fill(kind.month_ask, &[("year", &year.to_string())]));
        for month in months {
            self.offer(&self.words.month_name(month.month()), &Command::AddDateOf(kind.id.clone(), month));
        }
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    fn add_month(&mut self, kind: &Kind, month: YearMonth) {
        let months = self.resident.settings.dates(&kind.id);
        if !self.is_likely(kind, month) {
            self.say(self.words.date_unlikely.to_owned());
            return self.ask_year(kind);
        }
        if DATES_MAX <= months.len() && !months.contains(&month) {
            return self.say_full(kind);
        }
        self.resident.settings.set_date(kind.id.clone(), month, Switch::On, &self.stamp);
        if self.resident.settings.dates(&kind.id).contains(&month) {
            self.say_of(kind, kind.added, month);
        }
        self.show_kind(kind);
    }

    fn say_of(&mut self, kind: &Kind, word: &str, month: YearMonth) {
        self.say(fill(word, &[("name", &kind.name), ("month", &self.month_text(month))]));
    }

    fn say_full(&mut self, kind: &Kind) {
        self.say(fill(kind.full, &[("max", &DATES_MAX.to_string())]));
        self.show_kind(kind);
    }

    fn is_likely(&self, kind: &Kind, month: YearMonth) -> bool {
        let (this_year, this_month) = (self.today.year(), (self.today.year(), self.today.month()));
        let month = (month.year(), month.month());
        let is_on_its_side = match kind.direction {
            Direction::Past => month <= this_month,
            Direction::Future => this_month <= month,
            Direction::Any => true,
        };
        is_on_its_side && (this_year - kind.years_back..=this_year + YEARS_AHEAD_MAX).contains(&month.0)
    }

    fn month_text(&self, month: YearMonth) -> String {
        let name = self.words.month_name(month.month());
        fill(self.words.year_month, &[("year", &month.year().to_string()), ("month", &name)])
    }
}

/// 令和8年 as R8, as forms have it.
fn era_year(year: i16) -> String {
    if REIWA < year { format!("R{}", year - REIWA) } else { format!("H{}", year - HEISEI) }
}

/// Reads a month as people write it: 2024年5月, 2024/5, 2024-05, 202405, 令和6年5月, R6.5, 平成30年12月, S25.4.
fn typed_month(text: &str) -> Option<YearMonth> {
    let text = fold(text);
    let eras = [("令和", REIWA), ("r", REIWA), ("平成", HEISEI), ("h", HEISEI), ("昭和", SHOWA), ("s", SHOWA)];
    let (base, rest) = eras
        .into_iter()
        .find_map(|(era, base)| text.strip_prefix(era).map(|rest| (base, rest)))
        .unwrap_or((0, text.as_str()));
    let rest = rest.replace('元', "1");
    let numbers: Vec<&str> = rest.split(|char: char| !char.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let (year, month) = match numbers.as_slice() {
        [joined] if joined.len() == 6 && base == 0 => joined.split_at(4),
        [year, month] | [year, month, _] => (*year, *month),
        _ => return None,
    };
    let year: i16 = year.parse().ok()?;
    if base == 0 && year < 1000 {
        return None;
    }
    YearMonth::new(base.checked_add(year)?, month.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_people_write_it() {
        let may = YearMonth::new(2024, 5).ok();
        for text in [
            "2024年5月",
            "２０２４年５月",
            "2024/5",
            "2024-05",
            "202405",
            "令和6年5月",
            "R6.5",
            "ｒ６年５月",
            "2024年5月12日",
        ] {
            assert_eq!(typed_month(text), may, "{text}");
        }
        assert_eq!(typed_month("平成30年12月"), YearMonth::new(2018, 12).ok());
        assert_eq!(typed_month("令和元年6月"), YearMonth::new(2019, 6).ok());
        assert_eq!(typed_month("昭和25年4月"), YearMonth::new(1950, 4).ok());
        assert_eq!(typed_month("S25.4"), YearMonth::new(1950, 4).ok());
        for text in [
            "",
            "5月",
            "2024年",
            "2024年13月",
            "24年5月",
            "20240512",
            "かんでんち",
            "令和99999年5月",
            "99999999999年1月",
        ] {
            assert_eq!(typed_month(text), None, "{text}");
        }
    }
}
