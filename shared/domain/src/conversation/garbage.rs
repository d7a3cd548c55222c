//! Answers on garbage: what a thing is, how it is put out, and when.

use super::{Command, Effect, Talk, choice, fill, shorten};
use crate::garbage::waste::{Lookup, WasteItem};
use crate::ids::WasteItemId;
use crate::reply::{Action, Badge, CARDS_MAX, CHOICES_MAX, Card, Choice, Emphasis, Reply, Row};
use crate::text::fold;
use crate::time::time_of_day;
use crate::town::{Category, District};
use jiff::civil::Date;
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

/// So many of the best answers are shown as cards; the others are offered below.
const CARDS_SHOWN: usize = 5;
/// A question with more characters than this is a letter, not the name of a thing.
const QUESTION_GRAPHEMES_MAX: usize = 60;
/// A question with more characters than this may tell of a person, and is not kept.
const KEPT_GRAPHEMES_MAX: usize = 20;
/// A quoted question is cut to this.
const QUOTE_GRAPHEMES_MAX: usize = 24;

const _: () = assert!(CARDS_SHOWN <= CARDS_MAX);

impl Talk<'_> {
    /// Answers what a resident typed as a thing to throw away.
    pub(super) fn answer_question(&mut self, text: &str) {
        let text = text.trim();
        if text.graphemes(true).count() > QUESTION_GRAPHEMES_MAX {
            return self.say_with_menu(self.words.waste_too_long.to_owned());
        }
        let town = self.town;
        match town.waste.find(text) {
            Lookup::Found(items) => self.show_waste(text, &items),
            Lookup::Nearest(_) | Lookup::Nothing if self.show_category(text) => self.offer_menu(),
            Lookup::Nearest(_) | Lookup::Nothing if self.offer_district(text) => self.offer_menu(),
            Lookup::Nearest(items) => self.find_nothing(text, &items),
            Lookup::Nothing => self.find_nothing(text, &[]),
        }
    }

    /// Answers the name of a garbage category, such as 粗大ごみ, if that is what a text is.
    fn show_category(&mut self, text: &str) -> bool {
        let wanted = fold(text);
        let is_named = |category: &&Category| {
            let name = &category.name;
            [&name.ja, &name.easy, &name.en].into_iter().any(|name| !name.is_empty() && fold(name) == wanted)
        };
        let Some(category) = self.town.categories.iter().find(is_named) else { return false };
        let name = category.name.in_language(self.language).to_owned();
        let mut card = Card { title: name.clone(), ..Card::default() };
        for text in [&category.description, &category.how] {
            if !text.is_empty() {
                card.rows.push(Row::Text(text.clone()));
            }
        }
        self.add_next_day(&mut card, category);
        card.buttons.extend(self.call_department(category));
        self.replies.push(Reply::Cards { summary: name, cards: vec![card] });
        true
    }

    pub(super) fn show_waste_item(&mut self, id: &WasteItemId) {
        let town = self.town;
        match town.waste.item(id) {
            Some(item) => self.show_waste(&item.name, &[item]),
            None => self.say_with_menu(self.words.waste_gone.to_owned()),
        }
    }

    fn show_waste(&mut self, question: &str, items: &[&WasteItem]) {
        let cards: Vec<Card> = items.iter().take(CARDS_SHOWN).map(|item| self.waste_card(item)).collect();
        let summary = match items {
            [item] => self.waste_summary(item),
            _ => fill(self.words.waste_found, &[("text", &shorten(question, QUOTE_GRAPHEMES_MAX))]),
        };
        self.replies.push(Reply::Cards { summary, cards });
        self.offer_items(&items[items.len().min(CARDS_SHOWN)..]);
        if self.resident.settings.district().is_none() {
            self.offer(self.words.button_district, &Command::Districts);
        }
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    fn find_nothing(&mut self, question: &str, nearest: &[&WasteItem]) {
        let kept = question_to_keep(question);
        let quote = shorten(question, QUOTE_GRAPHEMES_MAX);
        let mut lines = vec![fill(self.words.waste_none, &[("text", &quote)])];
        let contact = self.town.profile.texts(self.language).garbage_not_found_contact;
        if !contact.is_empty() {
            lines.push(contact);
        }
        if let Some(kept) = kept {
            lines.push(self.words.waste_kept.to_owned());
            self.effects.push(Effect::KeepQuestion(kept));
        }
        if !nearest.is_empty() {
            lines.push(self.words.waste_nearest.to_owned());
        }
        self.say(lines.join("\n"));
        self.offer_items(nearest);
        self.offer_menu();
    }

    fn offer_items(&mut self, items: &[&WasteItem]) {
        // Leave room for the ways on that follow.
        for item in items.iter().take(CHOICES_MAX - 4) {
            self.offer(self.item_name(item), &Command::Waste(item.id.clone()));
        }
    }

    fn waste_summary(&self, item: &WasteItem) -> String {
        let category =
            self.town.category(&item.category).map_or("", |category| category.name.in_language(self.language));
        fill(self.words.waste_summary, &[("item", self.item_name(item)), ("category", category)])
    }

    fn item_name<'b>(&self, item: &'b WasteItem) -> &'b str {
        match self.language {
            crate::language::Language::English if !item.name_en.is_empty() => &item.name_en,
            crate::language::Language::Japanese
            | crate::language::Language::EasyJapanese
            | crate::language::Language::English => &item.name,
        }
    }

    fn waste_card(&self, item: &WasteItem) -> Card {
        let mut card = Card { title: self.item_name(item).to_owned(), ..Card::default() };
        let Some(category) = self.town.category(&item.category) else {
            card.rows.push(Row::Text(item.how.clone()));
            return card;
        };
        let name = category.name.in_language(self.language).to_owned();
        card.badge = Some(Badge { text: name, color: category.color.clone() });
        let how = if item.how.is_empty() { &category.how } else { &item.how };
        if !how.is_empty() {
            card.rows.push(Row::Text(how.clone()));
        }
        self.add_next_day(&mut card, category);
        if !item.note.is_empty() {
            card.rows.push(Row::Note(item.note.clone()));
        }
        card.buttons.extend(self.call_department(category));
        card
    }

    /// Adds the next collection day, or how to get to see it, if anybody collects the category at all.
    fn add_next_day(&self, card: &mut Card, category: &Category) {
        let Some(district) = self.my_district() else {
            if self.is_collected(category) {
                card.rows.push(Row::Note(self.words.next_day_needs_district.to_owned()));
            }
            return;
        };
        if let Some(day) = self.next_day(district, category) {
            card.rows.push(field(self.words.field_next_day, self.words.date(day, self.today)));
            if !category.put_out_by.is_empty() {
                let by = fill(self.words.put_out_by, &[("time", &self.words.time(&category.put_out_by))]);
                card.rows.push(field(self.words.field_put_out_by, by));
            }
        }
        // A note may be all that there is to say, such as "by telephone only".
        let entries = self.town.calendar.entries(&district.area, &category.id);
        let notes: BTreeSet<&str> = entries.iter().map(|entry| entry.note.as_str()).collect();
        card.rows.extend(notes.into_iter().filter(|note| !note.is_empty()).map(|note| Row::Note(note.to_owned())));
    }

    /// The next day on which the category can still be put out: today only until its time has come.
    fn next_day(&self, district: &District, category: &Category) -> Option<Date> {
        let is_over = time_of_day(&category.put_out_by).is_some_and(|end| end < self.now.time());
        let from = if is_over { self.today.tomorrow().ok()? } else { self.today };
        self.town.calendar.next_day(&district.area, &category.id, from)
    }

    /// Whether the category is collected at the kerb anywhere in the town.
    fn is_collected(&self, category: &Category) -> bool {
        let calendar = &self.town.calendar;
        !category.put_out_by.is_empty()
            || self.town.areas.keys().any(|area| calendar.categories(area).contains(&&category.id))
    }

    /// A telephone call, for what the town does not collect at the kerb.
    fn call_department(&self, category: &Category) -> Option<Choice> {
        if self.is_collected(category) {
            return None;
        }
        let department = self.town.departments.get(category.department.as_ref()?)?;
        let digits: String = department.phone.chars().filter(char::is_ascii_digit).collect();
        // #7119 is for fingers: phones dial no number with # in it from a link.
        if digits.is_empty() || department.phone.starts_with('#') {
            return None;
        }
        let label = self.words.button_call.to_owned();
        Some(Choice { label, action: Action::Open(format!("tel:{digits}")), emphasis: Emphasis::Plain })
    }

    pub(super) fn show_next_collection(&mut self) {
        let Some(district) = self.my_district() else {
            self.say(self.words.next_needs_district.to_owned());
            return self.ask_district();
        };
        let card = self.next_collection_card(district);
        let days = card.rows.iter().filter_map(|row| match row {
            Row::Field { name, value } => Some(format!("{name} {value}")),
            Row::Text(_) | Row::Note(_) => None,
        });
        let summary = format!("{}: {}", card.title, days.collect::<Vec<_>>().join(self.words.list_comma));
        self.replies.push(Reply::Cards { summary: shorten(&summary, 300), cards: vec![card] });
        self.offer(self.words.button_garbage, &Command::Garbage);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    /// The next day of each category, soonest first.
    pub(super) fn next_collection_card(&self, district: &District) -> Card {
        let mut days: Vec<(Date, usize, &Category)> = Vec::new();
        for (place, category) in self.town.categories.iter().enumerate() {
            if let Some(day) = self.next_day(district, category) {
                days.push((day, place, category));
            }
        }
        days.sort_by_key(|(day, place, _)| (*day, *place));
        let mut rows: Vec<Row> = days
            .iter()
            .map(|(day, _, category)| {
                field(category.name.in_language(self.language), self.words.date(*day, self.today))
            })
            .collect();
        if rows.is_empty() {
            rows.push(Row::Text(self.words.next_none.to_owned()));
        }
        let title = fill(self.words.next_title, &[("district", &district.name)]);
        Card { title, rows, buttons: vec![choice(self.words.button_garbage, &Command::Garbage)], ..Card::default() }
    }

    /// The resident's district, if they chose one that the town still has.
    pub(super) fn my_district(&self) -> Option<&District> {
        self.resident.settings.district().and_then(|id| self.town.district(id))
    }
}

fn field(name: &str, value: String) -> Row {
    Row::Field { name: name.to_owned(), value }
}

/// The question as it may be kept for the city to read: the name of a thing, without numbers that could name somebody.
/// Sentences, addresses and long texts are not kept at all.
fn question_to_keep(question: &str) -> Option<String> {
    let looks_like_an_address = question.contains('@') || question.contains("://");
    let has_a_letter = question.chars().any(char::is_alphabetic);
    let is_long = KEPT_GRAPHEMES_MAX < question.graphemes(true).count();
    let is_sentence = question.contains(['。', '、', '!', '！', '\n', '丁', '番', '号', '様']);
    if looks_like_an_address || !has_a_letter || is_long || is_sentence {
        return None;
    }
    let mut kept = String::with_capacity(question.len());
    let mut digits = String::new();
    for char in question.chars().chain(['\n']) {
        if char.is_numeric() || (char == '-' && !digits.is_empty()) {
            digits.push(char);
            continue;
        }
        let is_harmless = digits.chars().count() < 4 && !digits.contains('-');
        kept.push_str(if is_harmless { &digits } else { "＊" });
        digits.clear();
        kept.push(char);
    }
    Some(kept.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sentences_and_addresses_are_not_kept() {
        assert_eq!(question_to_keep("単3電池"), Some("単3電池".to_owned()));
        assert_eq!(question_to_keep("090-1234-5678の山"), Some("＊の山".to_owned()));
        assert_eq!(question_to_keep("電話０９０１２３４"), Some("電話＊".to_owned()));
        assert_eq!(question_to_keep("本町1-2-3"), Some("本町＊".to_owned()));
        let long = "長".repeat(21);
        for unkept in
            ["母が倒れました。", "本町1丁目", &long, "taro@example.jp", "https://example.jp/x", "1234", "？？", ""]
        {
            assert_eq!(question_to_keep(unkept), None, "{unkept}");
        }
    }
}
