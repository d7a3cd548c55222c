//! The conversation with one resident: [`respond`] decides what is said, what changes and what follows. Pure.
//!
//! [`Command`] is what a tap or a typed word asks for; `settings`, `places`, `months`, `garbage`, `days`, `reminders` and `report`
//! answer commands; `notice` is said without being asked; `words` holds every word that is said.

mod code;
mod command;
mod days;
mod deed;
mod garbage;
mod months;
mod notice;
mod places;
mod reminders;
mod report;
mod settings;
mod words;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dates::days_later;
use crate::ids::{DateKindId, PhotoId, ReportId};
use crate::language::Language;
use crate::reply::{Action, CHOICES_MAX, Choice, Emphasis, LABEL_GRAPHEMES_MAX, Reply};
use crate::report::Report;
use crate::report::place::Point;
use crate::resident::{Resident, Stamp, Standing, Switch};
use crate::time::in_japan;
use crate::town::Town;
use unicode_segmentation::UnicodeSegmentation;
use words::{Words, fill, typed_command, words};

pub use code::{CODE_TRIES_MAX, CodeShown, phone_code};
pub use command::Command;
pub use deed::{Deed, Incoming, Thing};
pub use notice::{NextDays, garbage_day_cancelled, garbage_next_days, garbage_reminder};
pub use report::{
    DRAFT_LIFE, Drafting, OWN_REPORTS_MAX, OwnReport, Part, ReportCommand, ReportLinks, asks_for_photo_places,
    asks_for_reports, report_notice, unknown_answer,
};

/// So many ways on are offered below most answers, beside what belongs to the answer.
const WAYS_ON_MAX: usize = 6;

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
    /// The report that is being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Drafting>,
    /// The report that was filed last: the second tap on the same button is told so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<ReportId>,
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
    /// Fetch a photo for a report in the making: it is on its way until it is kept, and forgotten if the report is never filed.
    FilePhoto {
        /// The report that is being made.
        report: ReportId,
        /// The photo.
        photo: PhotoId,
        /// The message that carries it.
        message: String,
    },
    /// File a report. Filing it twice is filing it once: it has its id from the event that began it.
    FileReport(Box<Report>),
    /// Erase a photo, if there is one of this id: what the resident took back may have been something else.
    WithdrawPhoto(PhotoId),
}

/// What an answer is made of, beside what the resident did and what is known of them.
#[derive(Debug, Clone, Copy)]
pub struct Background<'a> {
    /// The town's data.
    pub town: &'a Town,
    /// Links to the pages on which reports are made and seen, if there are such.
    pub links: Option<&'a ReportLinks>,
    /// The places that stand in photos of the report that is being made, the first photo's first.
    pub photo_places: &'a [Point],
}

impl<'a> From<&'a Town> for Background<'a> {
    fn from(town: &'a Town) -> Self {
        Self { town, links: None, photo_places: &[] }
    }
}

/// Decides the answer to one event.
///
/// `known` and `conversation` are what is stored, if anything; `now` is our clock. An older event than those that made
/// the stored state changes nothing that they decided. What [`asks_for_reports`] and [`asks_for_photo_places`] is to be looked up before.
#[must_use]
pub fn respond<'a>(
    background: impl Into<Background<'a>>,
    known: Option<&Resident>,
    conversation: Option<&Conversation>,
    incoming: &Incoming,
    now: Timestamp,
) -> Turn {
    if incoming.deed == Deed::Other {
        return Turn::default();
    }
    let Background { town, links, photo_places } = background.into();
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
        instant: now,
        message: incoming.message.clone(),
        links,
        photo_place: photo_places.iter().copied().find(|point| town.takes_reports_at(*point).is_ok()),
        drafting: state.report.clone(),
        filed: state.filed.clone(),
        is_late,
        is_expired: false,
        about_report: false,
    };
    talk.forget_if_expired();
    talk.hear(&incoming.deed, expecting);
    let wrong_codes = code::noted(&state, &incoming.deed, now);
    let next = talk.settle(&state, wrong_codes);
    Turn { conversation: (next != state).then_some(next), ..talk.conclude(known) }
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
    /// Our clock.
    instant: Timestamp,
    /// The message that this is, if it is one.
    message: Option<String>,
    links: Option<&'a ReportLinks>,
    /// The place that stands in a photo of the report, if it is in the town.
    photo_place: Option<Point>,
    drafting: Option<Drafting>,
    filed: Option<ReportId>,
    /// Whether a younger event has moved the conversation.
    is_late: bool,
    /// Whether a report that was begun is too old, and was forgotten in this turn.
    is_expired: bool,
    /// Whether the turn is about the report that is being made, so that it need not be offered.
    about_report: bool,
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
            Deed::AskedReports(reports) => {
                self.is_here();
                self.show_own_reports(reports);
            }
            Deed::SentPhoto { message, index, total, set } => {
                self.is_here();
                self.expecting = expecting;
                self.hear_photo(message, *index, set.as_deref().zip(*total));
            }
            Deed::SentPlace { point, title, address } => {
                self.is_here();
                self.expecting = expecting;
                self.hear_place(*point, title, address);
            }
            Deed::Unsent { message } => {
                self.expecting = expecting;
                self.take_back(message);
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
        let is_for_report = expecting == Expecting::Anything && self.drafting.is_some();
        match typed_command(&fold_command(text)) {
            // The same words lead out of whatever was asked last.
            Some(Command::Cancel) if is_for_report => return self.report(ReportCommand::Cancel),
            Some(Command::Report(ReportCommand::Back)) if !is_for_report => return self.obey(Command::Cancel),
            Some(command) => return self.obey(command),
            None if is_for_report => return self.hear_in_report(text),
            None => {}
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
            Command::Report(command) => self.report(command),
            Command::Cancel => self.say_with_menu(self.words.cancelled.to_owned()),
        }
    }

    fn help(&mut self) {
        let mut text = fill(self.words.help_text, &[("town", &self.town.profile.name)]);
        if self.takes_reports() {
            text = [text.as_str(), self.words.report.help].join("\n");
        }
        let note = self.town.profile.texts(self.language).emergency_note;
        self.say(text);
        if !note.is_empty() {
            self.say(note);
        }
        self.offer_menu();
    }

    fn thank_for(&mut self, thing: Thing) {
        let word = match thing {
            Thing::Photo if self.drafting.is_some() => self.words.report.photo_elsewhere,
            Thing::Photo => self.words.got_photo,
            Thing::Place if self.drafting.is_some() => self.words.report.place_unclear,
            Thing::Place => self.words.got_place,
            Thing::Sticker => self.words.got_sticker,
            Thing::Video | Thing::Audio | Thing::File if self.drafting.is_some() => self.words.report.no_photo,
            Thing::Video | Thing::Audio | Thing::File => self.words.got_file,
            Thing::Unknown => self.words.got_unknown,
        };
        if self.drafting.is_some() {
            self.say(word.to_owned());
            return self.ask();
        }
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
        if self.takes_reports() && self.drafting.is_none() {
            self.offer(self.words.report.button_start, &Command::Report(ReportCommand::Start));
        }
        self.offer(self.words.button_settings, &Command::Settings);
        self.offer(self.words.button_help, &Command::Help);
    }

    fn offer(&mut self, label: &str, command: &Command) {
        self.choices.push(choice(label, command));
    }

    /// Where the conversation stands after this turn.
    fn settle(&self, state: &Conversation, wrong_codes: Option<Vec<Timestamp>>) -> Conversation {
        let stands = match (&self.drafting, &state.report) {
            (Some(ours), Some(before)) => ours.stands_like(before),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        // What is added to a report does not move the conversation: an answer to the same question may still be on its way.
        let moved_on = !self.is_late && (self.expecting != state.expecting || !stands);
        Conversation {
            expecting: if moved_on { self.expecting.clone() } else { state.expecting.clone() },
            moved: if moved_on { Some(self.stamp.clone()) } else { state.moved.clone() },
            wrong_codes: wrong_codes.unwrap_or_else(|| state.wrong_codes.clone()),
            report: self.drafting.clone(),
            filed: self.filed.clone(),
        }
    }

    /// Makes the turn: only what differs from what is stored is written.
    fn conclude(mut self, known: Option<&Resident>) -> Turn {
        if self.drafting.is_some() && !self.about_report && !self.replies.is_empty() {
            let resume = choice(self.words.report.button_resume, &Command::Report(ReportCommand::Resume));
            self.choices.insert(0, resume);
            self.choices.truncate(CHOICES_MAX);
        }
        if self.is_expired && !(self.replies.is_empty() && self.choices.is_empty()) {
            self.replies.insert(0, Reply::Text(self.words.report.expired.to_owned()));
        }
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
