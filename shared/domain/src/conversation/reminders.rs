//! Garbage reminders: of which categories a resident is reminded, and when; seen, changed and stopped in the chat.

use jiff::civil::Time;

use super::garbage::field;
use super::{Command, Talk, choice, fill, main_choice};
use crate::garbage::reminder::{EVENING_DEFAULT, EVENINGS, MORNINGS, default_switch};
use crate::ids::CategoryId;
use crate::reply::{CARDS_MAX, Card, Choice, Reply, Row};
use crate::resident::{RemindAt, Switch};
use crate::town::{Category, District};

impl Talk<'_> {
    pub(super) fn show_reminders(&mut self) {
        let Some(district) = self.my_district() else {
            self.say(self.words.reminders_need_district.to_owned());
            return self.ask_district();
        };
        if self.collected(district).is_empty() {
            return self.say_with_menu(self.words.next_none.to_owned());
        }
        let cards = self.reminder_cards(district);
        let summary = format!("{} {}", self.words.reminders_title, self.reminders_value(district));
        self.replies.push(Reply::Cards { summary, cards });
        if self.is_muted() {
            self.say(self.words.muted_still.to_owned());
            self.offer(self.words.button_unmute, &Command::Unmute);
        }
        if self.reminded_when().is_some() {
            self.offer(self.words.button_reminders_off, &Command::RemindersOff);
        }
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    fn reminder_cards(&self, district: &District) -> Vec<Card> {
        let buttons = self.collected(district).into_iter().map(|category| {
            let switch = self.reminded_of(district, category);
            let other = if switch == Switch::On { Switch::Off } else { Switch::On };
            self.tick(&self.category_name(category), switch, &Command::Remind(category.id.clone(), other))
        });
        let (title, how) = (self.words.reminders_title, self.words.reminders_how);
        let mut cards = self.lay_out(title, how, buttons.collect(), CARDS_MAX - 2);
        let settings = &self.resident.settings;
        cards.push(self.times_card(
            (self.words.evening_title, self.words.evening_how),
            &EVENINGS,
            settings.evening(),
            Command::RemindEvening,
        ));
        cards.push(self.times_card(
            (self.words.morning_title, self.words.morning_how),
            &MORNINGS,
            settings.morning(),
            Command::RemindMorning,
        ));
        cards
    }

    /// The times of one side of the night, with the one that holds ticked.
    fn times_card(
        &self,
        (title, how): (&str, &str),
        times: &[Time],
        holds: Option<Time>,
        command: impl Fn(RemindAt) -> Command,
    ) -> Card {
        let button = |name: &str, at: RemindAt| {
            let switch = if at.time() == holds { Switch::On } else { Switch::Off };
            self.tick(name, switch, &command(at))
        };
        let mut buttons: Vec<Choice> =
            times.iter().map(|time| button(&self.words.hour(*time), RemindAt::At(*time))).collect();
        buttons.push(button(self.words.remind_never, RemindAt::Never));
        Card { title: title.to_owned(), rows: vec![Row::Text(how.to_owned())], buttons, badge: None }
    }

    /// A button that shows whether what it names is chosen.
    pub(super) fn tick(&self, name: &str, switch: Switch, command: &Command) -> Choice {
        match switch {
            Switch::On => main_choice(&fill(self.words.ticked, &[("name", name)]), command),
            Switch::Off => choice(&fill(self.words.unticked, &[("name", name)]), command),
        }
    }

    pub(super) fn remind_of(&mut self, id: CategoryId, switch: Switch) {
        let town = self.town;
        let Some(category) = town.category(&id) else {
            self.say(self.words.category_gone.to_owned());
            return self.show_reminders();
        };
        self.resident.settings.set_garbage(id, switch, &self.stamp);
        if let Some(district) = self.my_district() {
            let name = self.category_name(category);
            let holds = match self.reminded_of(district, category) {
                Switch::On => self.reminders_hold(&name),
                Switch::Off => fill(self.words.reminders_not_of, &[("category", &name)]),
            };
            self.say(holds);
        }
        self.show_reminders();
    }

    pub(super) fn remind_evening(&mut self, at: RemindAt) {
        if at.time().is_some_and(|time| !EVENINGS.contains(&time)) {
            return self.say_with_menu(self.words.old_button.to_owned());
        }
        self.resident.settings.set_evening(at, &self.stamp);
        self.say_reminders();
    }

    pub(super) fn remind_morning(&mut self, at: RemindAt) {
        if at.time().is_some_and(|time| !MORNINGS.contains(&time)) {
            return self.say_with_menu(self.words.old_button.to_owned());
        }
        self.resident.settings.set_morning(at, &self.stamp);
        self.say_reminders();
    }

    /// Says of what and when the resident is reminded now, and shows it.
    fn say_reminders(&mut self) {
        let Some(when) = self.reminded_when() else { return self.say_stopped() };
        if let Some(district) = self.my_district() {
            let names = self.names_reminded_of(district);
            let holds = match names.as_slice() {
                [] => fill(self.words.reminders_no_category, &[("when", &when)]),
                names => self.reminders_hold(&names.join(self.words.list_comma)),
            };
            self.say(holds);
        }
        self.show_reminders();
    }

    pub(super) fn stop_reminders(&mut self) {
        self.resident.settings.set_evening(RemindAt::Never, &self.stamp);
        self.resident.settings.set_morning(RemindAt::Never, &self.stamp);
        // A late event may have changed nothing.
        self.say_reminders();
    }

    fn say_stopped(&mut self) {
        self.say(self.words.reminders_stopped.to_owned());
        self.offer(self.words.button_reminders_on, &Command::RemindEvening(RemindAt::At(EVENING_DEFAULT)));
        self.offer(self.words.button_reminders, &Command::Reminders);
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_settings, &Command::Settings);
    }

    /// What the settings say of reminders.
    pub(super) fn reminders_field(&self) -> Row {
        let value = self.my_district().map(|district| self.reminders_value(district));
        field(self.words.reminders_title, value.unwrap_or_else(|| self.words.nothing_chosen.to_owned()))
    }

    /// Of what and when somebody who lives in a district is reminded.
    pub(super) fn reminders_value(&self, district: &District) -> String {
        let Some(when) = self.reminded_when() else { return self.words.broadcasts_muted.to_owned() };
        let names = self.names_reminded_of(district);
        if names.is_empty() {
            return self.words.nothing_chosen.to_owned();
        }
        fill(self.words.reminders_value, &[("categories", &names.join(self.words.list_comma)), ("when", &when)])
    }

    /// That these categories are reminded of, and when.
    fn reminders_hold(&self, categories: &str) -> String {
        match self.reminded_when() {
            Some(when) => fill(self.words.reminders_hold, &[("categories", categories), ("when", &when)]),
            None => fill(self.words.reminders_no_time, &[("categories", categories)]),
        }
    }

    fn names_reminded_of(&self, district: &District) -> Vec<&str> {
        let reminded = |category: &&Category| self.reminded_of(district, category) == Switch::On;
        let categories = self.collected(district).into_iter().filter(reminded);
        categories.map(|category| category.name.in_language(self.language)).collect()
    }

    /// Whether somebody who lives in a district is reminded of a category, if they are reminded at all.
    fn reminded_of(&self, district: &District, category: &Category) -> Switch {
        let default = || default_switch(self.town, &district.area, &category.id);
        self.resident.settings.garbage(&category.id).unwrap_or_else(default)
    }

    /// When the resident is reminded, in words; `None`: never.
    fn reminded_when(&self) -> Option<String> {
        let when = |word: &str, at: Time| fill(word, &[("time", &self.words.hour(at))]);
        let settings = &self.resident.settings;
        let evening = settings.evening().map(|at| when(self.words.when_evening, at));
        let morning = settings.morning().map(|at| when(self.words.when_morning, at));
        let both: Vec<String> = evening.into_iter().chain(morning).collect();
        (!both.is_empty()).then(|| both.join(self.words.and))
    }
}
