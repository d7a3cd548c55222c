//! The resident's settings: seen, changed and cleared in the chat.

use super::garbage::field;
use super::words::language_name;
use super::{Command, Talk, choice, fill, main_choice};
use crate::ids::{DateKindId, TopicId};
use crate::language::Language;
use crate::reply::{Action, CARDS_MAX, Card, Choice, Reply, Row};
use crate::resident::Switch;
use crate::town::Topic;

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
                    choice(self.words.button_children, &Command::Dates(DateKindId::child())),
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
        let card = self.settings_card();
        let mut cards = vec![card];
        cards.extend(self.dates_cards(CARDS_MAX - 1));
        self.replies.push(Reply::Cards { summary: self.words.settings_title.to_owned(), cards });
        self.offer(self.words.button_garbage, &Command::Garbage);
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_help, &Command::Help);
    }

    fn settings_card(&self) -> Card {
        let topics = self.words.list(
            self.town
                .topics
                .iter()
                .filter(|topic| self.hears(topic))
                .map(|topic| topic.name.in_language(self.language)),
        );
        let children = self.months_text(&DateKindId::child());
        let district = self.my_district().map_or(self.words.nothing_chosen, |district| &district.name).to_owned();
        let mut buttons = vec![
            choice(self.words.button_district, &Command::Districts),
            choice(self.words.button_reminders, &Command::Reminders),
            choice(self.words.button_topics, &Command::Topics),
            choice(self.words.button_children, &Command::Dates(DateKindId::child())),
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
        Card {
            title: self.words.settings_title.to_owned(),
            rows: vec![
                field(self.words.field_district, district),
                self.reminders_field(),
                field(self.words.field_topics, topics),
                field(self.words.field_children, children),
                field(self.words.field_language, language_name(self.language).to_owned()),
                field(self.words.field_broadcasts, broadcasts.to_owned()),
            ],
            buttons,
            badge: None,
        }
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
        let (switch, other) = if self.hears(topic) { (Switch::On, Switch::Off) } else { (Switch::Off, Switch::On) };
        let name = topic.name.in_language(self.language);
        self.tick(name, switch, &Command::SwitchTopic(topic.id.clone(), other))
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

    pub(super) fn is_muted(&self) -> bool {
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
