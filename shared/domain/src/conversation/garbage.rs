//! Answers on garbage: what a thing is and how it is put out.

use super::{Command, Effect, Talk, WAYS_ON_MAX, fill, shorten};
use crate::garbage::waste::{Lookup, WasteItem};
use crate::ids::WasteItemId;
use crate::reply::{Action, Badge, CARDS_MAX, CHOICES_MAX, Card, Choice, Emphasis, Reply, Row};
use crate::text::fold;
use crate::town::{Category, District};
use unicode_segmentation::UnicodeSegmentation;

/// So many of the best answers are shown as cards; the others are offered below.
pub(super) const CARDS_SHOWN: usize = 5;
/// A question with more characters than this is a letter, not the name of a thing.
pub(super) const QUESTION_GRAPHEMES_MAX: usize = 60;
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
        let name = self.category_name(category);
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
        for item in items.iter().take(CHOICES_MAX - WAYS_ON_MAX) {
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
        let name = self.category_name(category);
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

    /// A telephone call, for what the town does not collect at the kerb.
    pub(super) fn call_department(&self, category: &Category) -> Option<Choice> {
        if self.is_collected(category) {
            return None;
        }
        self.call(&self.town.departments.get(category.department.as_ref()?)?.phone)
    }

    /// A call of a number, if a phone dials it from a link.
    pub(super) fn call(&self, phone: &str) -> Option<Choice> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        // #7119 is for fingers: phones dial no number with # in it from a link.
        if digits.is_empty() || phone.starts_with('#') {
            return None;
        }
        let label = self.words.button_call.to_owned();
        Some(Choice { label, action: Action::Open(format!("tel:{digits}")), emphasis: Emphasis::Plain })
    }

    /// The resident's district, if they chose one that the town still has.
    pub(super) fn my_district(&self) -> Option<&District> {
        self.resident.settings.district().and_then(|id| self.town.district(id))
    }
}

pub(super) fn field(name: &str, value: String) -> Row {
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
