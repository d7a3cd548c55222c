//! What was sent, read as a form; and the name of every field, by which problems find their way back.

use domain::broadcast::content::PictureId;
use domain::broadcast::content::check::{Part, Problem};
use domain::language::Language;

use super::{ContentForm, Kind, Typed, TypedButton, Way};
use crate::kit::Errors;
use crate::web::fields::Fields;
use crate::words::content as words;

/// What the values of all our buttons begin with.
pub(super) const OURS: &str = "content";
/// A button's value for saying something in the resident's name.
pub(super) const SAY: &str = "say";
/// And for opening something.
pub(super) const OPEN: &str = "open";

/// The name of a field of a message.
pub(super) fn name(language: Language, at: usize, part: &str) -> String {
    format!("{language}-{at}-{part}")
}

/// The value of a button.
pub(super) fn press(action: &str, language: Language, what: impl std::fmt::Display) -> String {
    format!("{OURS}:{action}:{language}:{what}")
}

/// A message, if one was sent at this place.
pub(super) fn message(sent: &Fields, language: Language, at: usize) -> Option<Typed> {
    let name = |part: &str| name(language, at, part);
    let kind = Kind::named(sent.text(&name("kind")))?;
    let button = |row: usize| TypedButton {
        label: sent.text(&name(&format!("label{row}"))).to_owned(),
        way: if sent.text(&name(&format!("way{row}"))) == SAY { Way::Say } else { Way::Open },
        does: sent.text(&name(&format!("does{row}"))).to_owned(),
    };
    Some(Typed {
        kind,
        text: sent.long_text(&name("text")),
        title: sent.text(&name("title")).to_owned(),
        picture: PictureId::try_from(sent.text(&name("picture")).to_owned()).ok(),
        buttons: std::array::from_fn(button),
        alt: sent.long_text(&name("alt")),
        json: sent.long_text(&name("json")),
    })
}

impl ContentForm {
    /// Puts a problem of the [`content`](Self::content) at its field.
    pub(super) fn add_error(&self, problem: &Problem, errors: &mut Errors) {
        let language = problem.place.language;
        let text = words::fault(&problem.fault);
        let Some(at) = problem.place.message.and_then(|message| self.places(language).get(message).copied()) else {
            errors.add_labelled(language.tag(), words::language(language), text);
            return;
        };
        // Empty rows of buttons are no buttons.
        let row = |button: &usize| {
            let written: Vec<usize> =
                self.of_language(language).nth(at)?.written_buttons().map(|(row, _)| row).collect();
            written.get(*button).copied()
        };
        let (field, label) = match &problem.place.part {
            Part::Whole => {
                errors.add_labelled(format!("{language}-{at}"), words::message(language, at), text);
                return;
            }
            Part::Title => ("title".to_owned(), words::TITLE.to_owned()),
            Part::Text => ("text".to_owned(), words::TEXT.to_owned()),
            Part::Label(button) => {
                let row = row(button).unwrap_or_default();
                (format!("label{row}"), words::of_button(row, words::LABEL))
            }
            Part::Does(button) => {
                let row = row(button).unwrap_or_default();
                (format!("does{row}"), words::of_button(row, words::DOES))
            }
            Part::Alt => ("alt".to_owned(), words::ALT.to_owned()),
            Part::Contents(path) if path.is_empty() => ("json".to_owned(), words::JSON.to_owned()),
            Part::Contents(path) => ("json".to_owned(), words::at_path(path)),
        };
        errors.add_labelled(name(language, at, &field), words::place(language, at, &label), text);
    }
}
