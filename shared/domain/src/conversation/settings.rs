//! The resident's settings: seen, changed and cleared in the chat.

use super::words::language_name;
use super::{Command, Expecting, Talk, choice, fill, main_choice};
use crate::garbage::waste::Lookup;
use crate::ids::TopicId;
use crate::language::Language;
use crate::reply::{Action, CHOICES_MAX, Card, Choice, Reply, Row};
use crate::resident::{CHILDREN_MAX, Switch};
use crate::text::fold;
use crate::time::YearMonth;
use crate::town::Topic;

/// Years of birth that are offered: with the way out they fill the choices.
const YEARS_OFFERED: i16 = 12;
/// A child's birth month may lie so many years back.
const CHILD_YEARS_MAX: i16 = 20;
/// The year before the first of 令和.
const REIWA: i16 = 2018;
/// The year before the first of 平成.
const HEISEI: i16 = 1988;

const _: () = assert!(YEARS_OFFERED < 13 && CHOICES_MAX == 13);

impl Talk<'_> {
    pub(super) fn welcome(&mut self) {
        let texts = self.town.profile.texts(self.language);
        for text in [texts.welcome, texts.emergency_note] {
            if !text.is_empty() {
                self.say(text);
            }
        }
        if self.my_district().is_some() || self.is_muted() {
            self.show_settings();
        } else {
            let card = Card {
                title: self.words.start_title.to_owned(),
                rows: vec![Row::Text(self.words.start_text.to_owned())],
                buttons: vec![
                    main_choice(self.words.button_district, &Command::Districts),
                    choice(self.words.button_topics, &Command::Topics),
                    choice(self.words.button_children, &Command::Children),
                    choice(self.words.button_help, &Command::Help),
                ],
                badge: None,
            };
            self.replies.push(Reply::Cards { summary: self.words.start_text.to_owned(), cards: vec![card] });
        }
        self.choices.clear();
        for language in self.other_languages() {
            self.choices.push(language_choice(language));
        }
    }

    fn other_languages(&self) -> Vec<Language> {
        let offered = self.town.profile.languages.iter().copied();
        offered.filter(|language| *language != self.language).collect()
    }

    pub(super) fn show_settings(&mut self) {
        let settings = &self.resident.settings;
        let topics = self.words.list(
            self.town
                .topics
                .iter()
                .filter(|topic| self.hears(topic))
                .map(|topic| topic.name.in_language(self.language)),
        );
        let months: Vec<String> = settings.children().into_iter().map(|month| self.month_text(month)).collect();
        let field = |name: &str, value: String| Row::Field { name: name.to_owned(), value };
        let district = self.my_district().map_or(self.words.nothing_chosen, |district| &district.name).to_owned();
        let mut buttons = vec![
            choice(self.words.button_district, &Command::Districts),
            choice(self.words.button_topics, &Command::Topics),
            choice(self.words.button_children, &Command::Children),
        ];
        if 1 < self.town.profile.languages.len() {
            buttons.push(choice(self.words.button_language, &Command::Languages));
        }
        let broadcasts = if self.is_muted() {
            buttons.push(main_choice(self.words.button_unmute, &Command::Unmute));
            self.words.broadcasts_muted
        } else {
            buttons.push(choice(self.words.button_mute, &Command::Mute));
            self.words.broadcasts_heard
        };
        buttons.push(choice(self.words.button_clear, &Command::Clear));
        let card = Card {
            title: self.words.settings_title.to_owned(),
            rows: vec![
                field(self.words.field_district, district),
                field(self.words.field_topics, topics),
                field(self.words.field_children, self.words.list(months.iter().map(String::as_str))),
                field(self.words.field_language, language_name(self.language).to_owned()),
                field(self.words.field_broadcasts, broadcasts.to_owned()),
            ],
            buttons,
            badge: None,
        };
        let summary = self.words.settings_title.to_owned();
        self.replies.push(Reply::Cards { summary, cards: vec![card] });
        self.offer(self.words.button_garbage, &Command::Garbage);
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_help, &Command::Help);
    }

    fn hears(&self, topic: &Topic) -> bool {
        self.resident.settings.topic(&topic.id).unwrap_or(topic.default) == Switch::On
    }

    pub(super) fn show_topics(&mut self) {
        let buttons: Vec<Choice> = self.town.topics.iter().map(|topic| self.topic_button(topic)).collect();
        self.show_cards(self.words.topics_title, self.words.topics_how, buttons);
        if self.is_muted() {
            self.say(self.words.muted_still.to_owned());
            self.offer(self.words.button_unmute, &Command::Unmute);
        }
        self.offer(self.words.button_settings, &Command::Settings);
        self.offer(self.words.button_garbage, &Command::Garbage);
    }

    fn topic_button(&self, topic: &Topic) -> Choice {
        let name = topic.name.in_language(self.language);
        let blanks = [("topic", name)];
        if self.hears(topic) {
            main_choice(&fill(self.words.topic_on, &blanks), &Command::SwitchTopic(topic.id.clone(), Switch::Off))
        } else {
            choice(&fill(self.words.topic_off, &blanks), &Command::SwitchTopic(topic.id.clone(), Switch::On))
        }
    }

    pub(super) fn switch_topic(&mut self, id: TopicId, switch: Switch) {
        let town = self.town;
        let Some(topic) = town.topic(&id) else {
            self.say(self.words.topic_gone.to_owned());
            return self.show_topics();
        };
        self.resident.settings.set_topic(id, switch, &self.stamp);
        let said = if self.hears(topic) { self.words.topic_switched_on } else { self.words.topic_switched_off };
        self.say(fill(said, &[("topic", topic.name.in_language(self.language))]));
        self.show_topics();
    }

    pub(super) fn show_children(&mut self) {
        let children = self.resident.settings.children();
        let mut rows = vec![Row::Text(self.words.children_why.to_owned())];
        if children.is_empty() {
            rows.push(Row::Note(self.words.children_none.to_owned()));
        }
        let mut buttons: Vec<Choice> = Vec::new();
        if children.len() < CHILDREN_MAX {
            buttons.push(main_choice(self.words.button_add_child, &Command::AddChild));
        }
        for month in children {
            let label = fill(self.words.button_remove_child, &[("month", &self.month_text(month))]);
            buttons.push(choice(&label, &Command::RemoveChildOf(month)));
        }
        let card = Card { title: self.words.children_title.to_owned(), rows, buttons, badge: None };
        self.replies.push(Reply::Cards { summary: self.words.children_title.to_owned(), cards: vec![card] });
        self.offer(self.words.button_settings, &Command::Settings);
        self.offer(self.words.button_garbage, &Command::Garbage);
    }

    pub(super) fn ask_child_year(&mut self) {
        if CHILDREN_MAX <= self.resident.settings.children().len() {
            return self.say_children_full();
        }
        self.expecting = Expecting::ChildMonth;
        self.say(self.words.child_year_ask.to_owned());
        let this_year = self.today.year();
        for year in (this_year - YEARS_OFFERED + 1..=this_year).rev() {
            let label = fill(self.words.child_year, &[("year", &year.to_string()), ("era", &era_year(year))]);
            self.offer(&label, &Command::AddChildIn(year));
        }
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    pub(super) fn ask_child_month(&mut self, year: i16) {
        let months: Vec<YearMonth> = (1..=12)
            .filter_map(|month| YearMonth::new(year, month).ok())
            .filter(|month| self.is_likely(*month))
            .collect();
        if months.is_empty() {
            self.say(self.words.child_unlikely.to_owned());
            return self.ask_child_year();
        }
        self.expecting = Expecting::ChildMonth;
        self.say(fill(self.words.child_month_ask, &[("year", &year.to_string())]));
        for month in months {
            self.offer(&self.words.month_name(month.month()), &Command::AddChildOf(month));
        }
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    pub(super) fn hear_child_month(&mut self, text: &str) {
        let Some(month) = typed_month(text) else {
            if matches!(self.town.waste.find(text), Lookup::Found(_)) {
                return self.answer_question(text);
            }
            self.say(self.words.child_unclear.to_owned());
            return self.ask_child_year();
        };
        self.add_child(month);
    }

    pub(super) fn add_child(&mut self, month: YearMonth) {
        let children = self.resident.settings.children();
        if !self.is_likely(month) {
            self.say(self.words.child_unlikely.to_owned());
            return self.ask_child_year();
        }
        if CHILDREN_MAX <= children.len() && !children.contains(&month) {
            return self.say_children_full();
        }
        self.resident.settings.set_child(month, Switch::On, &self.stamp);
        if self.resident.settings.children().contains(&month) {
            self.say(fill(self.words.child_added, &[("month", &self.month_text(month))]));
        }
        self.show_children();
    }

    pub(super) fn remove_child(&mut self, month: YearMonth) {
        self.resident.settings.set_child(month, Switch::Off, &self.stamp);
        if !self.resident.settings.children().contains(&month) {
            self.say(fill(self.words.child_removed, &[("month", &self.month_text(month))]));
        }
        self.show_children();
    }

    fn say_children_full(&mut self) {
        self.say(fill(self.words.children_full, &[("max", &CHILDREN_MAX.to_string())]));
        self.show_children();
    }

    fn is_likely(&self, month: YearMonth) -> bool {
        let this_month = (self.today.year(), self.today.month());
        (month.year(), month.month()) <= this_month && self.today.year() - CHILD_YEARS_MAX <= month.year()
    }

    fn month_text(&self, month: YearMonth) -> String {
        let name = self.words.month_name(month.month());
        fill(self.words.year_month, &[("year", &month.year().to_string()), ("month", &name)])
    }

    pub(super) fn ask_language(&mut self) {
        let buttons = self.town.profile.languages.iter().map(|language| language_choice(*language)).collect();
        let names: Vec<&str> = self.town.profile.languages.iter().map(|language| language_name(*language)).collect();
        self.show_cards(self.words.language_title, &names.join(" / "), buttons);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    pub(super) fn set_language(&mut self, language: Language) {
        self.resident.settings.set_language(language, &self.stamp);
        self.language = self.resident.settings.language();
        self.words = super::words(self.language);
        self.say(self.words.language_set.to_owned());
        self.show_settings();
    }

    fn is_muted(&self) -> bool {
        self.resident.settings.muted() == Switch::On
    }

    pub(super) fn ask_mute(&mut self) {
        self.say(fill(self.words.mute_ask, &[("town", &self.town.profile.name)]));
        self.offer(self.words.button_mute_now, &Command::MuteNow);
        self.offer(self.words.button_topics, &Command::Topics);
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    pub(super) fn set_muted(&mut self, muted: Switch) {
        self.resident.settings.set_muted(muted, &self.stamp);
        let said = if self.is_muted() { self.words.muted } else { self.words.unmuted };
        self.say(said.to_owned());
        self.show_settings();
    }

    pub(super) fn ask_clear(&mut self) {
        self.say(self.words.clear_ask.to_owned());
        self.offer(self.words.button_clear_now, &Command::ClearNow);
        self.offer(self.words.button_cancel, &Command::Cancel);
    }

    pub(super) fn clear(&mut self) {
        self.resident.settings.clear(&self.stamp);
        self.language = self.resident.settings.language();
        self.words = super::words(self.language);
        self.say(self.words.cleared.to_owned());
        self.show_settings();
    }
}

fn language_choice(language: Language) -> Choice {
    let label = language_name(language);
    Choice {
        action: Action::Send { data: Command::SetLanguage(language).data(), said: label.to_owned() },
        ..choice(label, &Command::SetLanguage(language))
    }
}

/// 令和8年 as R8, as forms have it.
fn era_year(year: i16) -> String {
    if REIWA < year { format!("R{}", year - REIWA) } else { format!("H{}", year - HEISEI) }
}

/// Reads a birth month as people write it: 2024年5月, 2024/5, 2024-05, 202405, 令和6年5月, R6.5, 平成30年12月.
fn typed_month(text: &str) -> Option<YearMonth> {
    let text = fold(text);
    let eras = [("令和", REIWA), ("r", REIWA), ("平成", HEISEI), ("h", HEISEI)];
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
    fn a_birth_month_is_read_as_people_write_it() {
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
