//! Choosing the district: by typing its name or walking the kana table, whether the town has 5 of them or 169.

use std::collections::BTreeMap;

use super::{Command, Expecting, Talk, choice, fill, main_choice, shorten};
use crate::garbage::waste::Lookup;
use crate::ids::{DateKindId, DistrictId};
use crate::reply::{CARDS_MAX, Card, Choice, Reply, Row};
use crate::text::{fold, kana_row};
use crate::town::District;

/// A town with at most so many districts shows them all at once.
const LIST_ALL_MAX: usize = 16;
/// So many buttons stand on one card.
const BUTTONS_PER_CARD: usize = 8;
/// The row of a district without a name.
const OTHER_ROW: char = '*';
/// The rows of the kana table.
const KANA_ROWS: &str = "あかさたなはまやらわ";

impl Talk<'_> {
    pub(super) fn ask_district(&mut self) {
        self.expecting = Expecting::District;
        let districts: Vec<&District> = self.town.districts.iter().collect();
        let mut buttons =
            if districts.len() <= LIST_ALL_MAX { district_buttons(&districts) } else { self.row_buttons() };
        if self.resident.settings.district().is_some() {
            buttons.push(choice(self.words.button_forget_district, &Command::ForgetDistrict));
        }
        self.show_cards(self.words.district_title, self.words.district_how, buttons);
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    fn row_buttons(&self) -> Vec<Choice> {
        let mut counts: BTreeMap<(usize, char), usize> = BTreeMap::new();
        for row in self.town.districts.iter().map(row_of) {
            // Rows of the kana table come first and in its order, the others by their character.
            let place = KANA_ROWS.chars().position(|kana| kana == row);
            *counts.entry((place.unwrap_or(usize::MAX), row)).or_default() += 1;
        }
        let label = |row: char, count: usize| {
            let word = if KANA_ROWS.contains(row) { self.words.district_row } else { self.words.district_initial };
            fill(word, &[("row", &row.to_string()), ("count", &count.to_string())])
        };
        counts.into_iter().map(|((_, row), count)| choice(&label(row, count), &Command::DistrictsInRow(row))).collect()
    }

    pub(super) fn show_districts_in_row(&mut self, row: char) {
        self.expecting = Expecting::District;
        let districts: Vec<&District> = self.town.districts.iter().filter(|district| row_of(district) == row).collect();
        if districts.is_empty() {
            return self.ask_district();
        }
        let title = fill(self.words.district_row_title, &[("row", &row.to_string())]);
        self.show_cards(&title, self.words.district_how, district_buttons(&districts));
        self.offer(self.words.button_district, &Command::Districts);
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    /// Takes a typed text as the name of a district, or a part of it.
    pub(super) fn hear_district(&mut self, text: &str) {
        let town = self.town;
        let found = matching(&town.districts, text);
        match found.as_slice() {
            [] if matches!(town.waste.find(text), Lookup::Found(_)) => self.answer_question(text),
            [] => {
                let quote = shorten(text.trim(), 24);
                self.say(fill(self.words.district_none, &[("text", &quote)]));
                self.ask_district();
            }
            [district] => self.set_district(district.id.clone()),
            several => {
                self.expecting = Expecting::District;
                let title = fill(self.words.district_many, &[("text", &shorten(text.trim(), 24))]);
                self.show_cards(self.words.district_title, &title, district_buttons(several));
                self.offer(self.words.button_cancel, &Command::Cancel);
            }
        }
    }

    /// The district whose very name a text is, if the text is nothing else.
    pub(super) fn offer_district(&mut self, text: &str) -> bool {
        let wanted = fold(text);
        let named = self.town.districts.iter().find(|district| fold(&district.name) == wanted);
        let Some(district) = named else { return false };
        let offer = fill(self.words.district_offer, &[("district", &district.name)]);
        let card = Card {
            title: district.name.clone(),
            rows: vec![Row::Text(offer.clone())],
            buttons: vec![main_choice(self.words.button_set_district, &Command::SetDistrict(district.id.clone()))],
            badge: None,
        };
        self.replies.push(Reply::Cards { summary: offer, cards: vec![card] });
        true
    }

    pub(super) fn set_district(&mut self, id: DistrictId) {
        if self.town.district(&id).is_none() {
            self.say(self.words.district_gone.to_owned());
            return self.ask_district();
        }
        self.resident.settings.set_district(Some(id), &self.stamp);
        self.say_district();
    }

    pub(super) fn forget_district(&mut self) {
        self.resident.settings.set_district(None, &self.stamp);
        self.say_district();
    }

    /// Says what the district is now: a late event may have changed nothing.
    fn say_district(&mut self) {
        match self.my_district() {
            Some(district) => {
                let text = fill(self.words.district_set, &[("district", &district.name)]);
                let card = self.next_collection_card(district);
                let summary = card.title.clone();
                self.say(text);
                self.replies.push(Reply::Cards { summary, cards: vec![card] });
            }
            None => self.say(self.words.district_forgotten.to_owned()),
        }
        self.offer(self.words.button_garbage, &Command::Garbage);
        self.offer(self.words.button_reminders, &Command::Reminders);
        self.offer(self.words.button_topics, &Command::Topics);
        self.offer(self.words.button_children, &Command::Dates(DateKindId::child()));
        self.offer(self.words.button_settings, &Command::Settings);
    }

    /// Shows buttons on as many cards as they need; the first card carries the text.
    pub(super) fn show_cards(&mut self, title: &str, text: &str, buttons: Vec<Choice>) {
        let summary = format!("{title} {text}");
        self.replies.push(Reply::Cards { summary, cards: self.lay_out(title, text, buttons, CARDS_MAX) });
    }

    /// Lays buttons out on as many cards as they need, one to `cards_max`; the first card carries the text.
    pub(super) fn lay_out(&self, title: &str, text: &str, buttons: Vec<Choice>, cards_max: usize) -> Vec<Card> {
        let mut cards: Vec<Card> = Vec::new();
        let mut rest = buttons;
        let too_many = BUTTONS_PER_CARD * cards_max < rest.len();
        while cards.is_empty() || !rest.is_empty() {
            let later = rest.split_off(rest.len().min(BUTTONS_PER_CARD));
            let rows = if cards.is_empty() { vec![Row::Text(text.to_owned())] } else { Vec::new() };
            cards.push(Card { title: title.to_owned(), rows, buttons: rest, badge: None });
            rest = later;
            if cards.len() == cards_max {
                break;
            }
        }
        if let Some(last) = cards.last_mut().filter(|_| too_many) {
            last.rows.push(Row::Note(self.words.more_than_shown.to_owned()));
        }
        cards
    }
}

/// The row in which a district is looked for: that of its reading, or its first character where no reading is known.
fn row_of(district: &District) -> char {
    kana_row(&district.reading).or_else(|| district.name.chars().next()).unwrap_or(OTHER_ROW)
}

fn district_buttons(districts: &[&District]) -> Vec<Choice> {
    districts.iter().map(|district| choice(&district.name, &Command::SetDistrict(district.id.clone()))).collect()
}

/// The districts that a typed text may mean, by name or reading.
fn matching<'a>(districts: &'a [District], text: &str) -> Vec<&'a District> {
    best_fits(districts, &fold(text), |district| vec![fold(&district.name), fold(&district.reading)])
}

/// The things that a text may mean: the one of that very name, else those of which a name begins with it, else those of which one
/// contains it. `forms` gives the names of a thing, in the spelling of `wanted`.
pub(super) fn best_fits<'a, T>(things: &'a [T], wanted: &str, forms: impl Fn(&T) -> Vec<String>) -> Vec<&'a T> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let that = |fits: &dyn Fn(&String) -> bool| things.iter().filter(|thing| forms(thing).iter().any(fits)).collect();
    let exact: Vec<&T> = that(&|form| form == wanted);
    if exact.len() == 1 {
        return exact;
    }
    let beginning: Vec<&T> = that(&|form| form.starts_with(wanted));
    if beginning.is_empty() { that(&|form| form.contains(wanted)) } else { beginning }
}

const _: () = assert!(LIST_ALL_MAX <= BUTTONS_PER_CARD * CARDS_MAX);
