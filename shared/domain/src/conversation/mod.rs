//! The conversation with one resident: [`respond`] decides what is said, what changes and what follows. Pure.
//!
//! [`Command`] is what a tap or a typed word asks for; `settings`, `places`, `months`, `garbage`, `days` and `reminders` answer
//! commands; `notice` is said without being asked; `words` holds every word that is said.

mod code;
mod command;
mod days;
mod garbage;
mod months;
mod notice;
mod places;
mod reminders;
mod settings;
mod words;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dates::days_later;
use crate::ids::{DateKindId, EventId, ResidentId};
use crate::language::Language;
use crate::reply::{Action, Choice, Emphasis, LABEL_GRAPHEMES_MAX, Reply};
use crate::resident::{Resident, Stamp, Standing, Switch};
use crate::time::in_japan;
use crate::town::Town;
use unicode_segmentation::UnicodeSegmentation;
use words::{Words, fill, typed_command, words};

pub use code::{CODE_TRIES_MAX, CodeShown, phone_code};
pub use command::Command;
pub use notice::{NextDays, garbage_day_cancelled, garbage_next_days, garbage_reminder};

/// A date as the account says it: 11月25日(水).
#[must_use]
pub fn date_in(language: Language, date: Date) -> String {
    words(language).plain_date(date)
}

/// A month, 1 to 12, as the account says it: 11月.
#[must_use]
pub fn month_in(language: Language, month: i8) -> String {
    words(language).month_name(month)
}

/// Something a resident did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The event.
    pub event: EventId,
    /// Who did it.
    pub resident: ResidentId,
    /// When, by the platform's clock.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
}

/// What a resident did.
#[derive(Clone, PartialEq, Eq)]
pub enum Deed {
    /// Followed the account, or unblocked it.
    Followed,
    /// Blocked the account.
    Unfollowed,
    /// Wrote a text.
    Said(String),
    /// Tapped something of ours that sent this data.
    Tapped(String),
    /// Wrote a one-time code of the staff, which was looked up (or was not).
    ShowedCode(CodeShown),
    /// Sent a thing that is not text.
    Sent(Thing),
    /// Did something that needs no answer (the platform may invent more).
    Other,
}

impl std::fmt::Debug for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Followed => f.write_str("Followed"),
            Self::Unfollowed => f.write_str("Unfollowed"),
            Self::Said(text) => write!(f, "Said({} bytes)", text.len()),
            Self::Tapped(data) => write!(f, "Tapped({} bytes)", data.len()),
            Self::ShowedCode(code) => write!(f, "ShowedCode({code:?})"),
            Self::Sent(thing) => write!(f, "Sent({thing:?})"),
            Self::Other => f.write_str("Other"),
        }
    }
}

/// A thing that a resident can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A photo.
    Photo,
    /// A place.
    Place,
    /// A sticker.
    Sticker,
    /// A video.
    Video,
    /// A voice message.
    Audio,
    /// A file.
    File,
    /// Something that this version does not know.
    Unknown,
}

/// Where the conversation stands. It is forgotten after a day of silence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Conversation {
    /// What a typed text means now.
    pub expecting: Expecting,
    /// The event that brought it here; an older event does not move it back.
    pub moved: Option<Stamp>,
    /// When codes were looked up in the last hour that were wrong, at most [`CODE_TRIES_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong_codes: Vec<Timestamp>,
}

/// What a typed text means.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Expecting {
    /// A word of ours, or a thing to throw away.
    #[default]
    Anything,
    /// The name of a district.
    District,
    /// A child's birth month.
    ChildMonth,
    /// A month of another kind.
    MonthOf(DateKindId),
}

impl Expecting {
    fn month_of(kind: &DateKindId) -> Self {
        if kind.is_child() { Self::ChildMonth } else { Self::MonthOf(kind.clone()) }
    }
}

/// What one event brings about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turn {
    /// What is said, at most [`crate::reply::REPLIES_MAX`].
    pub replies: Vec<Reply>,
    /// What is offered below the last reply, at most [`crate::reply::CHOICES_MAX`].
    pub choices: Vec<Choice>,
    /// The resident as they are now; `None`: unchanged.
    pub resident: Option<Resident>,
    /// When the resident is to be erased, if ever; means something only with `resident`.
    pub erase_resident_at: Option<Timestamp>,
    /// Where the conversation stands now; `None`: unchanged.
    pub conversation: Option<Conversation>,
    /// What else follows.
    pub effects: Vec<Effect>,
}

/// What follows from a turn beside the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Keep a question that had no answer, without who asked it.
    KeepQuestion(String),
    /// Note that the resident blocked the account at this time: of a resident only the latest is known, and broadcasts are judged
    /// by who left soon after them.
    NoteUnfollow(Timestamp),
}

/// Decides the answer to one event.
///
/// `known` and `conversation` are what is stored, if anything; `now` is our clock. An older event than those that made
/// the stored state changes nothing that they decided.
#[must_use]
pub fn respond(
    town: &Town,
    known: Option<&Resident>,
    conversation: Option<&Conversation>,
    incoming: &Incoming,
    now: Timestamp,
) -> Turn {
    if incoming.deed == Deed::Other {
        return Turn::default();
    }
    let stamp = Stamp { at: incoming.at, event: incoming.event.clone() };
    let resident = known.cloned().unwrap_or_else(|| Resident::new(incoming.resident.clone(), stamp.clone()));
    let state = conversation.cloned().unwrap_or_default();
    let is_late = state.moved.as_ref().is_some_and(|moved| stamp < *moved);
    let expecting = if is_late { Expecting::Anything } else { state.expecting.clone() };
    let mut talk = Talk {
        town,
        now: in_japan(now),
        today: in_japan(now).date(),
        words: words(resident.settings.language()),
        language: resident.settings.language(),
        stamp,
        resident,
        expecting: Expecting::Anything,
        replies: Vec::new(),
        choices: Vec::new(),
        effects: Vec::new(),
    };
    talk.hear(&incoming.deed, expecting);
    let moved_on = !is_late && talk.expecting != state.expecting;
    let wrong_codes = code::noted(&state, &incoming.deed, now);
    let conversation = (moved_on || wrong_codes.is_some()).then(|| Conversation {
        expecting: if moved_on { talk.expecting.clone() } else { state.expecting },
        moved: if moved_on { Some(talk.stamp.clone()) } else { state.moved },
        wrong_codes: wrong_codes.unwrap_or(state.wrong_codes),
    });
    Turn { conversation, ..talk.conclude(known) }
}

/// One turn in the making.
struct Talk<'a> {
    town: &'a Town,
    now: DateTime,
    today: Date,
    words: &'static Words,
    language: Language,
    stamp: Stamp,
    resident: Resident,
    expecting: Expecting,
    replies: Vec<Reply>,
    choices: Vec<Choice>,
    effects: Vec<Effect>,
}

impl Talk<'_> {
    fn hear(&mut self, deed: &Deed, expecting: Expecting) {
        match deed {
            Deed::Followed => {
                self.resident.stand(Standing::Following, &self.stamp);
                self.welcome();
            }
            Deed::Unfollowed => {
                self.resident.stand(Standing::Blocked, &self.stamp);
                self.effects.push(Effect::NoteUnfollow(self.stamp.at));
            }
            Deed::Said(text) => {
                self.is_here();
                self.hear_text(text, expecting);
            }
            Deed::Tapped(data) => {
                self.is_here();
                match Command::parse(data) {
                    Some(command) => self.obey(command),
                    None => self.say_with_menu(self.words.old_button.to_owned()),
                }
            }
            Deed::ShowedCode(code) => {
                self.is_here();
                self.expecting = expecting;
                self.answer_code(*code);
            }
            Deed::Sent(thing) => {
                self.is_here();
                self.expecting = expecting;
                self.thank_for(*thing);
            }
            Deed::Other => {}
        }
    }

    /// Somebody who writes follows, even if the event that said so was lost.
    fn is_here(&mut self) {
        if self.resident.standing.value == Standing::Blocked {
            self.resident.stand(Standing::Following, &self.stamp);
        }
    }

    fn hear_text(&mut self, text: &str, expecting: Expecting) {
        if let Some(command) = typed_command(&fold_command(text)) {
            return self.obey(command);
        }
        if self.answer_when(text) {
            return;
        }
        match expecting {
            Expecting::Anything => self.answer_question(text),
            Expecting::District => self.hear_district(text),
            Expecting::ChildMonth => self.hear_date(&DateKindId::child(), text),
            Expecting::MonthOf(kind) => self.hear_date(&kind, text),
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Help => self.help(),
            Command::Garbage => self.say_with_menu(self.words.garbage_how.to_owned()),
            Command::Waste(id) => self.show_waste_item(&id),
            Command::NextCollection => self.show_next_collection(),
            Command::Today => self.show_day(self.today),
            Command::Tomorrow => self.show_day(days_later(self.today, 1)),
            Command::NextOf(id) => self.show_next_of_id(&id),
            Command::Reminders => self.show_reminders(),
            Command::Remind(id, switch) => self.remind_of(id, switch),
            Command::RemindEvening(at) => self.remind_evening(at),
            Command::RemindMorning(at) => self.remind_morning(at),
            Command::RemindersOff => self.stop_reminders(),
            Command::Settings => self.show_settings(),
            Command::Districts => self.ask_district(),
            Command::DistrictsInRow(row) => self.show_districts_in_row(row),
            Command::SetDistrict(id) => self.set_district(id),
            Command::ForgetDistrict => self.forget_district(),
            Command::Topics => self.show_topics(),
            Command::SwitchTopic(id, switch) => self.switch_topic(id, switch),
            Command::Dates(kind) => self.show_dates(&kind),
            Command::AddDate(kind) => self.ask_date_year(&kind),
            Command::AddDateIn(kind, year) => self.ask_date_month(&kind, year),
            Command::AddDateOf(kind, month) => self.add_date(&kind, month),
            Command::RemoveDateOf(kind, month) => self.remove_date(&kind, month),
            Command::Languages => self.ask_language(),
            Command::SetLanguage(language) => self.set_language(language),
            Command::Mute => self.ask_mute(),
            Command::MuteNow => self.set_muted(Switch::On),
            Command::Unmute => self.set_muted(Switch::Off),
            Command::Clear => self.ask_clear(),
            Command::ClearNow => self.clear(),
            Command::Cancel => self.say_with_menu(self.words.cancelled.to_owned()),
        }
    }

    fn help(&mut self) {
        let text = fill(self.words.help_text, &[("town", &self.town.profile.name)]);
        let note = self.town.profile.texts(self.language).emergency_note;
        self.say(text);
        if !note.is_empty() {
            self.say(note);
        }
        self.offer_menu();
    }

    fn thank_for(&mut self, thing: Thing) {
        let word = match thing {
            Thing::Photo => self.words.got_photo,
            Thing::Place => self.words.got_place,
            Thing::Sticker => self.words.got_sticker,
            Thing::Video | Thing::Audio | Thing::File => self.words.got_file,
            Thing::Unknown => self.words.got_unknown,
        };
        self.say_with_menu(word.to_owned());
    }

    fn say(&mut self, text: String) {
        self.replies.push(Reply::Text(text));
    }

    fn say_with_menu(&mut self, text: String) {
        self.say(text);
        self.offer_menu();
    }

    /// The ways on that are always right.
    fn offer_menu(&mut self) {
        self.offer(self.words.button_garbage, &Command::Garbage);
        self.offer(self.words.button_next_collection, &Command::NextCollection);
        self.offer(self.words.button_settings, &Command::Settings);
        self.offer(self.words.button_help, &Command::Help);
    }

    fn offer(&mut self, label: &str, command: &Command) {
        self.choices.push(choice(label, command));
    }

    /// Makes the turn: only what differs from what is stored is written.
    fn conclude(self, known: Option<&Resident>) -> Turn {
        let blocked = self.resident.standing.value == Standing::Blocked;
        let erase_resident_at = self.town.profile.blocked_resident_retention_days.filter(|_| blocked).map(|days| {
            let retention = SignedDuration::from_hours(24 * i64::from(days));
            self.resident.standing.stamp.at.saturating_add(retention).unwrap_or(Timestamp::MAX)
        });
        let changed = known != Some(&self.resident);
        let (replies, choices) = if blocked { (Vec::new(), Vec::new()) } else { (self.replies, self.choices) };
        Turn {
            replies,
            choices,
            resident: changed.then_some(self.resident),
            erase_resident_at,
            conversation: None,
            effects: self.effects,
        }
    }
}

/// A typed word as the table of commands has it: folded widths and case, but kana as typed.
fn fold_command(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|char| !char.is_whitespace()).flat_map(char::to_lowercase).take(32).collect()
}

/// A choice that sends a command and shows its label in the chat.
fn choice(label: &str, command: &Command) -> Choice {
    let label = shorten(label, LABEL_GRAPHEMES_MAX);
    Choice { action: Action::Send { data: command.data(), said: label.clone() }, label, emphasis: Emphasis::Plain }
}

/// The same choice, standing out.
fn main_choice(label: &str, command: &Command) -> Choice {
    Choice { emphasis: Emphasis::Main, ..choice(label, command) }
}

/// The text, or its beginning and an ellipsis, in at most `max` characters as a reader counts them.
fn shorten(text: &str, max: usize) -> String {
    if text.graphemes(true).count() <= max {
        return text.to_owned();
    }
    let mut short: String = text.graphemes(true).take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests;
