//! Reporting damage in the chat: one question at a time, from the kind to the summary, and on every step a way back and out.
//!
//! [`Drafting`] is what is kept between two turns; `ask` says what is asked, `hear` takes what is typed, `parts` takes photos and
//! places, `mine` shows what became of earlier reports, `links` leads to the same in the browser.
//! An older event than the one that made the last step changes no step.

mod ask;
mod command;
mod drafting;
mod hear;
mod ids;
mod links;
mod mine;
mod notice;
mod parts;

use super::{Command, Conversation, Deed, Effect, Talk, fill};
use crate::ids::{PhotoId, QuestionId, ReportId, ReportKindId};
use crate::report::draft::Step;
use crate::report::kind::ReportKind;
use crate::report::{Answer, Report};
use drafting::Told;

pub use command::{Part, ReportCommand};
pub use drafting::{DRAFT_LIFE, Drafting};
pub use links::ReportLinks;
pub use mine::{OWN_REPORTS_MAX, OwnReport, asks_for_reports};
pub use notice::report_notice;

/// The answer to a question of whoever cannot answer it, as staff read it.
#[must_use]
pub fn unknown_answer() -> &'static str {
    super::words(crate::language::Language::Japanese).report.button_unknown
}

/// The photos whose own places the answer to a deed may offer: those of the report that is being made, from when the place is next to be
/// asked for. What is known of them goes into [`Background`](super::Background).
#[must_use]
pub fn asks_for_photo_places(conversation: Option<&Conversation>, deed: &Deed) -> Vec<PhotoId> {
    let draft = conversation.and_then(|state| state.report.as_ref()).map(|drafting| &drafting.draft);
    let asks = |step: &Step| match step {
        Step::Kind | Step::Question(_) => false,
        Step::Photos | Step::Place | Step::Comment | Step::Summary => matches!(deed, Deed::Said(_) | Deed::Tapped(_)),
    };
    let photos = draft.filter(|draft| asks(&draft.step)).map(|draft| draft.photos.as_slice());
    photos.unwrap_or_default().iter().map(|photo| photo.id.clone()).collect()
}

impl<'a> Talk<'a> {
    pub(super) fn report(&mut self, command: ReportCommand) {
        self.about_report = command != ReportCommand::Mine;
        let asks_elsewhere = matches!(command, ReportCommand::Mine | ReportCommand::Send(_));
        if self.is_late && self.drafting.is_some() && !asks_elsewhere {
            return self.ask();
        }
        if self.drafting.is_none() && command.needs_a_draft() {
            return self.offer_new_report();
        }
        match command {
            ReportCommand::Start | ReportCommand::Resume => self.start_report(),
            ReportCommand::Kind(id) => self.choose_kind(&id),
            ReportCommand::Send(id) => self.send_report(&id),
            ReportCommand::Mine => self.show_own_reports(&[]),
            ReportCommand::Back => self.go_back(),
            ReportCommand::Cancel => self.cancel_report(),
            ReportCommand::GoOn => self.finish(&Step::Kind),
            ReportCommand::Answer(question, choice) => self.choose_answer(&question, choice),
            ReportCommand::Unknown(question) => self.answer_unknown(&question),
            ReportCommand::PhotosDone => self.finish(&Step::Photos),
            ReportCommand::PhotosClear => self.clear_photos(),
            ReportCommand::PhotoPlace => self.take_photo_place(),
            ReportCommand::NoComment if self.step() == Some(Step::Comment) => self.set_comment("", None),
            ReportCommand::NoComment => self.ask(),
            ReportCommand::Change(part) => self.change(part),
        }
    }

    /// Goes on from a step; the second tap on a button whose step is over asks again for what is open.
    fn finish(&mut self, step: &Step) {
        if self.step().as_ref() == Some(step) { self.go_on() } else { self.ask() }
    }

    fn start_report(&mut self) {
        if !self.takes_reports() {
            return self.say_with_menu(self.words.report.none.to_owned());
        }
        if self.drafting.is_some() {
            self.say(self.words.report.resumed.to_owned());
        } else {
            self.begin_report();
        }
        self.ask();
    }

    fn begin_report(&mut self) {
        let id = ids::report_id(self.stamp.at, &self.stamp.event, &self.resident.id);
        self.drafting = Some(Drafting::begin(id, self.stamp.at));
    }

    /// Says that the report of a button is gone, and offers another.
    fn offer_new_report(&mut self) {
        if !self.is_expired {
            self.say(self.words.report.gone.to_owned());
        }
        self.offer_menu();
    }

    /// The kind of an id, if the town has it.
    fn report_kind(&self, id: &ReportKindId) -> Option<&'a ReportKind> {
        self.town.report_kinds.iter().find(|kind| kind.id == *id)
    }

    /// The kind of the draft, if it is chosen and the town still has it.
    fn kind_of_report(&self) -> Option<&'a ReportKind> {
        self.report_kind(self.drafting.as_ref()?.draft.kind.as_ref()?)
    }

    /// What is asked at the moment: the kind, where the town's data has changed so much that there is nothing else to ask.
    fn step(&self) -> Option<Step> {
        let draft = &self.drafting.as_ref()?.draft;
        let Some(kind) = self.kind_of_report() else { return Some(Step::Kind) };
        Some(match &draft.step {
            Step::Question(id) if !kind.questions.iter().any(|question| question.id == *id) => Step::Kind,
            step => step.clone(),
        })
    }

    fn choose_kind(&mut self, id: &ReportKindId) {
        if !self.takes_reports() {
            return self.say_with_menu(self.words.report.none.to_owned());
        }
        if self.drafting.is_none() {
            self.begin_report();
        }
        let kind = self.report_kind(id);
        let name = kind.map_or("", |kind| kind.name.in_language(self.language));
        let why = kind.map_or("", |kind| kind.closed.in_language(self.language));
        let Some(drafting) = &mut self.drafting else { return };
        let Some(kind) = kind.filter(|_| why.is_empty()) else {
            let words = &self.words.report;
            let said = if name.is_empty() {
                words.kind_gone.to_owned()
            } else {
                fill(words.kind_closed, &[("kind", name), ("why", why)])
            };
            drafting.draft.step = Step::Kind;
            self.say(said);
            return self.ask_kind();
        };
        drafting.set_kind(kind);
        if kind.urgent.ja.is_empty() { self.go_on() } else { self.ask() }
    }

    /// Goes on to what is to be asked next, and asks it.
    fn go_on(&mut self) {
        if let (Some(kind), Some(drafting)) = (self.kind_of_report(), &mut self.drafting) {
            drafting.go_on(kind);
        }
        self.ask();
    }

    fn go_back(&mut self) {
        if self.drafting.is_none() {
            return self.say_with_menu(self.words.cancelled.to_owned());
        }
        if self.step() == Some(Step::Kind) {
            return self.ask_kind();
        }
        if let (Some(kind), Some(drafting)) = (self.kind_of_report(), &mut self.drafting) {
            drafting.go_back(kind);
        }
        self.ask();
    }

    fn change(&mut self, part: Part) {
        // Before there is a kind nothing else is asked.
        let Some(kind) = self.kind_of_report() else { return self.ask() };
        if let Some(drafting) = &mut self.drafting {
            match (part, kind.questions.first()) {
                (Part::Kind, _) => drafting.draft.step = Step::Kind,
                (Part::Photos, _) => drafting.draft.step = Step::Photos,
                (Part::Place, _) => drafting.draft.step = Step::Place,
                (Part::Comment, _) => drafting.draft.step = Step::Comment,
                (Part::Answers, Some(first)) => drafting.ask_again(first),
                (Part::Answers, None) => {}
            }
        }
        // The kind is asked for anew even where what is urgent about it was to be said first.
        if part == Part::Kind { self.ask_kind() } else { self.ask() }
    }

    fn choose_answer(&mut self, question: &QuestionId, choice: u8) {
        let town_has = self.kind_of_report().and_then(|kind| kind.questions.iter().find(|asked| asked.id == *question));
        match town_has.and_then(|asked| asked.choices.get(usize::from(choice))) {
            Some(chosen) => self.set_answer(question, &chosen.ja, None),
            None => self.ask(),
        }
    }

    fn answer_unknown(&mut self, question: &QuestionId) {
        if self.kind_of_report().is_some_and(|kind| kind.questions.iter().any(|asked| asked.id == *question)) {
            self.set_answer(question, unknown_answer(), None);
        } else {
            self.ask();
        }
    }

    /// Sets an answer as staff read it. An answer to the question that is asked goes on; one to another is put right.
    fn set_answer(&mut self, question: &QuestionId, text: &str, message: Option<&str>) {
        let is_asked = self.step() == Some(Step::Question(question.clone()));
        if let Some(drafting) = &mut self.drafting {
            drafting.draft.answers.retain(|answer| answer.question != *question);
            drafting.draft.answers.push(Answer { question: question.clone(), text: text.to_owned() });
            drafting.told(Told::Answer(question.clone()), message);
        }
        if is_asked { self.go_on() } else { self.ask() }
    }

    fn set_comment(&mut self, text: &str, message: Option<&str>) {
        if let Some(drafting) = &mut self.drafting {
            text.clone_into(&mut drafting.draft.comment);
            drafting.told(Told::Comment, message);
        }
        self.go_on();
    }

    fn cancel_report(&mut self) {
        let said = if self.drafting.is_some() { self.words.report.cancelled } else { self.words.cancelled };
        self.forget_report();
        self.say_with_menu(said.to_owned());
    }

    pub(super) fn takes_reports(&self) -> bool {
        !self.town.report_kinds.is_empty()
    }

    /// Forgets a draft that is too old; whatever is said in this turn begins with that.
    pub(super) fn forget_if_expired(&mut self) {
        if self.drafting.as_ref().is_some_and(|drafting| drafting.is_expired(self.instant)) {
            self.forget_report();
            self.is_expired = true;
        }
    }

    /// Forgets the draft; the copies of its photos are erased.
    pub(super) fn forget_report(&mut self) {
        if let Some(mut drafting) = self.drafting.take() {
            self.effects.extend(drafting.clear_photos().into_iter().map(Effect::WithdrawPhoto));
        }
    }

    fn send_report(&mut self, id: &ReportId) {
        if self.filed.as_ref() == Some(id) {
            return self.say_filed_before(id);
        }
        let Some(drafting) = self.drafting.clone().filter(|drafting| drafting.draft.id == *id) else {
            return if self.drafting.is_some() { self.ask() } else { self.offer_new_report() };
        };
        let Some(kind) = self.kind_of_report().filter(|_| !self.is_late) else { return self.ask() };
        if !kind.closed.ja.is_empty() {
            return self.choose_kind(&kind.id);
        }
        let filing = match drafting.draft.filing(kind, &self.resident.id) {
            Ok(filing) => filing,
            Err(step) => return self.ask_missing(step),
        };
        // What was written was measured when it was taken; were it too long nevertheless, it can be mended.
        let Ok(report) = Report::file(filing, kind, self.instant) else { return self.change(Part::Comment) };
        self.drafting = None;
        self.filed = Some(report.id.clone());
        self.say_filed(&report);
        self.effects.push(Effect::FileReport(Box::new(report)));
    }

    fn ask_missing(&mut self, step: Step) {
        if let Some(drafting) = &mut self.drafting {
            drafting.draft.step = step;
        }
        self.say(self.words.report.missing.to_owned());
        self.ask();
    }
}
