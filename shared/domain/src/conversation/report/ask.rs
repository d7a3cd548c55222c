//! What is asked on each step of a report, and what is offered with it.

use super::{Command, Drafting, Part, ReportCommand, unknown_answer};
use crate::conversation::garbage::field;
use crate::conversation::{Talk, choice, fill, main_choice};
use crate::ids::ReportId;
use crate::reply::{Action, Card, Choice, Emphasis, Reply, Row};
use crate::report::ReportNumber;
use crate::report::draft::Step;
use crate::report::kind::{Question, ReportKind};
use crate::report::photo::PHOTOS_MAX;
use crate::report::place::Place;
use crate::report::{Report, TEXT_CHARS_MAX};
use crate::town::Name;

impl<'a> Talk<'a> {
    /// Asks for what is open, and offers the ways on.
    pub(in crate::conversation) fn ask(&mut self) {
        self.about_report = true;
        if !self.takes_reports() {
            self.forget_report();
            return self.say_with_menu(self.words.report.none.to_owned());
        }
        let (Some(step), Some(drafting)) = (self.step(), self.drafting.clone()) else { return };
        match (step, self.kind_of_report()) {
            (Step::Kind, Some(kind)) if !kind.urgent.ja.is_empty() => self.ask_urgent(kind),
            (Step::Kind, _) | (_, None) => self.ask_kind(),
            (Step::Question(id), Some(kind)) => {
                if let Some(question) = kind.questions.iter().find(|question| question.id == id) {
                    self.ask_question(question);
                }
            }
            (Step::Photos, _) => {
                self.say(fill(self.words.report.photos_ask, &[("max", &PHOTOS_MAX.to_string())]));
                self.offer_photos();
            }
            (Step::Place, _) => {
                self.say(self.words.report.place_ask.to_owned());
                self.offer_place();
            }
            (Step::Comment, _) => {
                self.say(fill(self.words.report.comment_ask, &[("max", &TEXT_CHARS_MAX.to_string())]));
                self.offer_report(self.words.report.button_no_comment, ReportCommand::NoComment);
                self.offer_ways_out();
            }
            (Step::Summary, Some(kind)) => self.show_summary(&drafting, kind),
        }
    }

    /// Back and out: offered on every step but the first, which has nothing behind it.
    fn offer_ways_out(&mut self) {
        self.offer_report(self.words.report.button_back, ReportCommand::Back);
        self.offer_report(self.words.report.button_cancel, ReportCommand::Cancel);
    }

    pub(super) fn ask_kind(&mut self) {
        let words = &self.words.report;
        let kinds = &self.town.report_kinds;
        let mut lines = vec![words.kind_how.to_owned()];
        for kind in kinds.iter().filter(|kind| !kind.description.ja.is_empty()) {
            let (kind, description) = (self.of(&kind.name), self.of(&kind.description));
            lines.push(fill(words.kind_line, &[("kind", kind), ("description", description)]));
        }
        let button = |kind: &ReportKind| report_choice(self.of(&kind.name), ReportCommand::Kind(kind.id.clone()));
        let buttons = kinds.iter().map(button).collect();
        self.show_cards(words.kind_title, &lines.join("\n"), buttons);
        // Who has begun here would begin there anew.
        let is_new = self.drafting.as_ref().is_none_or(|drafting| drafting.draft.kind.is_none());
        if let Some(links) = self.links.filter(|_| is_new) {
            self.choices.push(device_choice(words.button_pages, links.open_new(self.language)));
        }
        self.offer_report(self.words.report.button_cancel, ReportCommand::Cancel);
    }

    /// What must be told by telephone at once, before anything else is asked.
    fn ask_urgent(&mut self, kind: &ReportKind) {
        let words = &self.words.report;
        let urgent = self.of(&kind.urgent).to_owned();
        let call = self.call(&kind.urgent_phone).map(|call| Choice { emphasis: Emphasis::Main, ..call });
        let card = Card {
            title: words.urgent_title.to_owned(),
            rows: vec![
                Row::Text(urgent.clone()),
                field("", kind.urgent_phone.clone()),
                Row::Text(words.urgent_else.to_owned()),
            ],
            buttons: call.into_iter().chain([report_choice(words.button_go_on, ReportCommand::GoOn)]).collect(),
            badge: None,
        };
        self.replies.push(Reply::Cards { summary: format!("{} {urgent}", words.urgent_title), cards: vec![card] });
        self.offer_report(words.button_go_on, ReportCommand::GoOn);
        self.offer_report(words.button_change_kind, ReportCommand::Change(Part::Kind));
        self.offer_report(words.button_cancel, ReportCommand::Cancel);
    }

    fn ask_question(&mut self, question: &Question) {
        self.say(self.of(&question.question).to_owned());
        for (place, name) in (0_u8..).zip(&question.choices) {
            let label = self.of(name).to_owned();
            self.choices.push(report_choice(&label, ReportCommand::Answer(question.id.clone(), place)));
        }
        self.offer_report(self.words.report.button_unknown, ReportCommand::Unknown(question.id.clone()));
        self.offer_ways_out();
    }

    pub(super) fn offer_photos(&mut self) {
        let words = &self.words.report;
        let has_photos = self.drafting.as_ref().is_some_and(|drafting| !drafting.draft.photos.is_empty());
        self.choices.push(device_choice(words.button_camera, Action::Camera));
        self.choices.push(device_choice(words.button_album, Action::CameraRoll));
        let on = if has_photos { words.button_photos_done } else { words.button_no_photos };
        self.offer_report(on, ReportCommand::PhotosDone);
        if has_photos {
            self.offer_report(words.button_photos_clear, ReportCommand::PhotosClear);
        }
        self.offer_ways_out();
    }

    pub(super) fn offer_place(&mut self) {
        let words = &self.words.report;
        self.choices.push(device_choice(words.button_location, Action::Location));
        if let Some(point) = self.photo_place {
            self.say(words.place_in_photo.to_owned());
            self.offer_report(words.button_photo_place, ReportCommand::PhotoPlace);
            self.choices.push(device_choice(words.button_photo_map, Action::Open(point.google_maps_url())));
        }
        self.offer_ways_out();
    }

    fn show_summary(&mut self, drafting: &Drafting, kind: &'a ReportKind) {
        let words = &self.words.report;
        let draft = &drafting.draft;
        let mut rows = vec![field(words.field_kind, self.of(&kind.name).to_owned())];
        for question in &kind.questions {
            if let Some(answer) = draft.answers.iter().find(|answer| answer.question == question.id) {
                rows.push(field(self.of(&question.question), self.answer_text(question, &answer.text)));
            }
        }
        let photos = match draft.photos.len() {
            0 => words.nothing.to_owned(),
            count => fill(words.photos_count, &[("count", &count.to_string())]),
        };
        rows.push(field(words.field_photos, photos));
        let mut buttons = vec![main_choice(words.button_send, &Command::Report(ReportCommand::Send(draft.id.clone())))];
        if let Some(place) = &draft.place {
            rows.push(field(words.field_place, self.place_text(place)));
            buttons.push(device_choice(words.button_map, Action::Open(place.point.google_maps_url())));
        } else {
            rows.push(field(words.field_place, words.nothing.to_owned()));
        }
        let comment = if draft.comment.is_empty() { words.nothing } else { &draft.comment };
        rows.push(field(words.field_comment, comment.to_owned()));
        rows.push(Row::Note(words.summary_how.to_owned()));
        let card = Card { title: words.summary_title.to_owned(), rows, buttons, badge: None };
        let summary = format!("{} {}", words.summary_title, words.summary_how);
        self.replies.push(Reply::Cards { summary, cards: vec![card] });
        self.offer_report(words.button_send, ReportCommand::Send(draft.id.clone()));
        for part in Part::ALL.into_iter().filter(|part| *part != Part::Answers || !kind.questions.is_empty()) {
            let label = match part {
                Part::Kind => words.button_change_kind,
                Part::Answers => words.button_change_answers,
                Part::Photos => words.button_change_photos,
                Part::Place => words.button_change_place,
                Part::Comment => words.button_change_comment,
            };
            self.offer_report(label, ReportCommand::Change(part));
        }
        self.offer_ways_out();
    }

    /// An answer in the resident's language: staff read it in Japanese.
    fn answer_text(&self, question: &Question, answer: &str) -> String {
        let chosen = question.choices.iter().find(|choice| choice.ja == answer);
        match chosen {
            Some(choice) => self.of(choice).to_owned(),
            None if answer == unknown_answer() => self.words.report.button_unknown.to_owned(),
            None => answer.to_owned(),
        }
    }

    /// A place in words: what the platform calls it, the district, the coordinates.
    fn place_text(&self, place: &Place) -> String {
        let district = place.district.as_ref().and_then(|id| self.town.district(id));
        let district = district.map_or("", |district| district.name.as_str());
        let coordinates = place.point.text();
        let parts = [place.text.as_str(), district, coordinates.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn say_filed(&mut self, report: &Report) {
        let words = &self.words.report;
        let number = ReportNumber::of(&report.id).to_string();
        let card = Card {
            title: words.filed_title.to_owned(),
            rows: vec![field(words.field_number, number.clone()), Row::Text(words.filed_next.to_owned())],
            buttons: Vec::new(),
            badge: None,
        };
        self.replies.push(Reply::Cards { summary: format!("{} {number}", words.filed_title), cards: vec![card] });
        self.offer_after_report();
    }

    pub(super) fn say_filed_before(&mut self, id: &ReportId) {
        self.say(fill(self.words.report.filed_before, &[("number", &ReportNumber::of(id).to_string())]));
        self.offer_after_report();
    }

    fn offer_after_report(&mut self) {
        self.offer_report(self.words.report.button_mine, ReportCommand::Mine);
        self.offer_menu();
    }

    pub(super) fn offer_report(&mut self, label: &'static str, command: ReportCommand) {
        self.offer(label, &Command::Report(command));
    }

    /// A name of the town's data in the resident's language.
    pub(super) fn of<'b>(&self, name: &'b Name) -> &'b str {
        name.in_language(self.language)
    }
}

fn report_choice(label: &str, command: ReportCommand) -> Choice {
    choice(label, &Command::Report(command))
}

/// A choice that the phone answers by itself.
pub(super) fn device_choice(label: &str, action: Action) -> Choice {
    Choice { label: label.to_owned(), action, emphasis: Emphasis::Plain }
}
