//! What a resident types while they report: the answer to what is asked, or the words of a button.

use super::{Command, ReportCommand};
use crate::conversation::words::typed_in_report;
use crate::conversation::{Talk, fill};
use crate::ids::QuestionId;
use crate::reply::{Action, Reply};
use crate::report::TEXT_CHARS_MAX;
use crate::report::draft::Step;
use crate::report::kind::{ANSWER_CHARS_MAX, UnfitAnswer};
use crate::text::fold;

impl Talk<'_> {
    /// Takes a typed text as what is asked at the moment.
    pub(in crate::conversation) fn hear_in_report(&mut self, text: &str) {
        let Some(step) = self.step() else { return };
        self.about_report = true;
        if self.is_late {
            return self.ask();
        }
        if let Some(command) = self.offered_as(text) {
            return self.report(command);
        }
        let text = text.trim();
        match step {
            Step::Question(question) => self.type_answer(&question, text),
            Step::Place => self.type_place(text),
            Step::Comment => self.type_comment(text),
            Step::Kind | Step::Photos | Step::Summary => self.ask(),
        }
    }

    /// The command that a text stands for at this step: a word of its own, or what one of the buttons says that it offers.
    fn offered_as(&mut self, text: &str) -> Option<ReportCommand> {
        let drafting = self.drafting.as_ref()?;
        if let Some(command) = typed_in_report(&drafting.draft, &fold(text)) {
            return Some(command);
        }
        let said = (std::mem::take(&mut self.replies), std::mem::take(&mut self.choices));
        self.ask();
        let replies = std::mem::replace(&mut self.replies, said.0);
        let choices = std::mem::replace(&mut self.choices, said.1);
        let cards = replies.into_iter().flat_map(|reply| match reply {
            Reply::Text(_) => Vec::new(),
            Reply::Cards { cards, .. } => cards,
        });
        let buttons = cards.flat_map(|card| card.buttons).chain(choices);
        let wanted = fold(text);
        let mut commands =
            buttons.filter(|button| fold(&button.label) == wanted).filter_map(|button| match button.action {
                Action::Send { data, .. } => Command::parse(&data),
                Action::Open(_) | Action::Camera | Action::CameraRoll | Action::Location => None,
            });
        commands.find_map(|command| if let Command::Report(command) = command { Some(command) } else { None })
    }

    fn type_answer(&mut self, question: &QuestionId, text: &str) {
        let asked = self.kind_of_report().and_then(|kind| kind.questions.iter().find(|asked| asked.id == *question));
        let Some(asked) = asked.filter(|_| !text.is_empty()) else { return self.ask() };
        // The words of a choice in this language were taken as its button; here are those of the others.
        match asked.answer(text) {
            Ok(answer) => return self.set_answer(question, answer, self.message.clone().as_deref()),
            Err(UnfitAnswer::NoChoice) => self.say(self.words.report.answer_choose.to_owned()),
            Err(UnfitAnswer::TooLong) => {
                self.say(fill(self.words.report.answer_long, &[("max", &ANSWER_CHARS_MAX.to_string())]));
            }
        }
        self.ask();
    }

    fn type_comment(&mut self, text: &str) {
        if TEXT_CHARS_MAX < text.chars().count() {
            self.say(fill(self.words.report.comment_long, &[("max", &TEXT_CHARS_MAX.to_string())]));
            return self.ask();
        }
        self.set_comment(text, self.message.clone().as_deref());
    }
}
