//! The form in which a broadcast is written: per language up to five messages, each a text, a picture, buttons, or flex as JSON.
//!
//! Messages are added, moved and taken away by plain submit buttons named [`DO`], so it works without scripts: the page reads the
//! [`ContentForm`], lets it [`press`](ContentForm::press) what was pressed, takes in an uploaded picture by [`receive`], and shows
//! the [`fields`] again as they were typed.

mod fields;
mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::pictures::{self, NoPicture, NotKept};
use app::ports::{Chance, Pictures};
use bytes::Bytes;
use domain::broadcast::Earnest;
use domain::broadcast::content::limits::{BUTTONS_MAX, MESSAGES_MAX};
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::content::{Button, Content, Does, Message, PictureId, Wording, flex};
use domain::language::Language;

pub use super::audience::{DO, Pressed};
use crate::kit::Errors;
use crate::web::fields::{Fields, Upload};
use crate::web::{Answer, Failure};
use crate::words::content as words;
pub use fields::{Shown, fields};

/// What is typed into the form, sound or not: the messages of every language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentForm {
    messages: Vec<(Language, Typed)>,
}

/// One message as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Typed {
    kind: Kind,
    /// The text, also the one above buttons.
    text: String,
    title: String,
    picture: Option<PictureId>,
    buttons: [TypedButton; BUTTONS_MAX],
    alt: String,
    json: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct TypedButton {
    label: String,
    way: Way,
    does: String,
}

/// What a message is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Text,
    Picture,
    Buttons,
    Flex,
}

/// What a button does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Open,
    Say,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Text, Self::Picture, Self::Buttons, Self::Flex];

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Picture => "picture",
            Self::Buttons => "buttons",
            Self::Flex => "flex",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl ContentForm {
    /// The form of a content. One without a Japanese message begins with an empty text.
    #[must_use]
    pub fn of(content: &Content) -> Self {
        let of_wording = |(language, wording): (&Language, &Wording)| {
            let language = *language;
            wording.messages.iter().map(move |message| (language, Typed::of(message))).collect::<Vec<_>>()
        };
        let mut form = Self { messages: content.wordings.iter().flat_map(of_wording).collect() };
        if form.of_language(Language::Japanese).next().is_none() {
            form.messages.push((Language::Japanese, Typed::default()));
        }
        form
    }

    /// The form as it was sent.
    #[must_use]
    pub fn typed(sent: &Fields) -> Self {
        let of_language =
            |language| (0..MESSAGES_MAX).map_while(move |at| Some((language, read::message(sent, language, at)?)));
        Self { messages: Language::ALL.into_iter().flat_map(of_language).collect() }
    }

    /// What is typed, whatever is wrong with it: a draft. Only what is no message yet (a picture without a file) is left out.
    #[must_use]
    pub fn content(&self) -> Content {
        let mut content = Content::default();
        for (language, typed) in &self.messages {
            if let Some(message) = typed.message() {
                content.wordings.entry(*language).or_insert_with(Wording::default).messages.push(message);
            }
        }
        content
    }

    /// Whether somebody wants to see how it looks: then they are told what is wrong with it, too, and not while they put it together.
    #[must_use]
    pub fn is_looked_at(sent: &Fields) -> bool {
        sent.text(DO).strip_prefix(read::OURS).is_some_and(|rest| rest.starts_with(":show"))
    }

    /// That it is too large to be kept even as a draft, at its largest message.
    pub fn add_size(&self, errors: &mut Errors) {
        if let Some(problem) = self.content().too_large() {
            self.add_error(&problem, errors);
        }
    }

    /// What is wrong with it, at its fields. A draft is kept all the same.
    #[must_use]
    pub fn errors(&self, with: &Placeholders, earnest: Earnest) -> Errors {
        let mut errors = Errors::default();
        for language in Language::ALL {
            for (at, typed) in self.of_language(language).enumerate() {
                if typed.message().is_none() {
                    let label = words::place(language, at, words::PICTURE);
                    errors.add_labelled(read::name(language, at, "file"), label, words::NO_PICTURE);
                }
            }
        }
        for problem in self.content().check(with, earnest).err().unwrap_or_default() {
            self.add_error(&problem, &mut errors);
        }
        errors
    }

    /// Does what the pressed button says, if it is one of the form.
    pub fn press(&mut self, sent: &Fields) -> Pressed {
        let mut said = sent.text(DO).split(':');
        if said.next() != Some(read::OURS) {
            return Pressed::Others;
        }
        let (action, language, what) = (said.next(), said.next(), said.next().unwrap_or_default());
        let Some(language) = language.and_then(|tag| tag.parse::<Language>().ok()) else { return Pressed::Ours };
        if action == Some("add") {
            if let Some(kind) = Kind::named(what).filter(|_| self.of_language(language).count() < MESSAGES_MAX) {
                self.messages.push((language, Typed { kind, ..Typed::default() }));
            }
            return Pressed::Ours;
        }
        // Where the messages of this language stand among all.
        let places = self.messages.iter().enumerate().filter(|(_, (of, _))| *of == language).map(|(place, _)| place);
        let places: Vec<usize> = places.collect();
        let Some(at) = what.parse::<usize>().ok().filter(|at| *at < places.len()) else { return Pressed::Ours };
        match action {
            Some("remove") => drop(self.messages.remove(places[at])),
            Some("up") if at > 0 => self.messages.swap(places[at], places[at - 1]),
            Some("down") if at + 1 < places.len() => self.messages.swap(places[at], places[at + 1]),
            // The file has come with the form already; what else there is only shows the form again.
            _ => {}
        }
        Pressed::Ours
    }

    fn of_language(&self, language: Language) -> impl Iterator<Item = &Typed> {
        self.messages.iter().filter(move |(of, _)| *of == language).map(|(_, typed)| typed)
    }

    /// The HTML ids of the fields of a language's texts, in the order of its [`content`](Self::content); `None` for other messages.
    pub(super) fn text_fields(&self, language: Language) -> Vec<Option<String>> {
        let id = |at: usize| format!("f-{}", read::name(language, at, "text"));
        let written = self.of_language(language).enumerate().filter(|(_, typed)| typed.message().is_some());
        written.map(|(at, typed)| (typed.kind == Kind::Text).then(|| id(at))).collect()
    }

    /// Where the messages of a language's [`content`](Self::content) stand in the form.
    fn places(&self, language: Language) -> Vec<usize> {
        let typed = self.of_language(language).enumerate();
        typed.filter(|(_, typed)| typed.message().is_some()).map(|(at, _)| at).collect()
    }
}

impl Typed {
    fn of(message: &Message) -> Self {
        match message {
            Message::Text(text) => Self { kind: Kind::Text, text: text.clone(), ..Self::default() },
            Message::Picture(id) => Self { kind: Kind::Picture, picture: Some(id.clone()), ..Self::default() },
            Message::Buttons { title, text, buttons } => {
                let mut typed: [TypedButton; BUTTONS_MAX] = <_>::default();
                typed.iter_mut().zip(buttons).for_each(|(typed, button)| *typed = TypedButton::of(button));
                let (title, text) = (title.clone(), text.clone());
                Self { kind: Kind::Buttons, title, text, buttons: typed, ..Self::default() }
            }
            Message::Flex { alt, contents } => {
                Self { kind: Kind::Flex, alt: alt.clone(), json: flex::laid_out(contents), ..Self::default() }
            }
        }
    }

    fn message(&self) -> Option<Message> {
        Some(match self.kind {
            Kind::Text => Message::Text(self.text.clone()),
            Kind::Picture => Message::Picture(self.picture.clone()?),
            Kind::Buttons => Message::Buttons {
                title: self.title.clone(),
                text: self.text.clone(),
                buttons: self.written_buttons().map(|(_, button)| button.button()).collect(),
            },
            Kind::Flex => Message::Flex { alt: self.alt.clone(), contents: flex::packed(&self.json) },
        })
    }

    /// The buttons in whose row something stands, and which row that is.
    fn written_buttons(&self) -> impl Iterator<Item = (usize, &TypedButton)> {
        let is_written = |button: &TypedButton| !button.label.is_empty() || !button.does.is_empty();
        self.buttons.iter().enumerate().filter(move |(_, button)| is_written(button))
    }
}

impl TypedButton {
    fn of(button: &Button) -> Self {
        let (way, does) = match &button.does {
            Does::Open(address) => (Way::Open, address),
            Does::Say(said) => (Way::Say, said),
        };
        Self { label: button.label.clone(), way, does: does.clone() }
    }

    fn button(&self) -> Button {
        let does = match self.way {
            Way::Open => Does::Open(self.does.clone()),
            Way::Say => Does::Say(self.does.clone()),
        };
        Button { label: self.label.clone(), does }
    }
}

/// Takes the picture that came with the form into the message at whose field it was chosen, and says what is wrong with it.
/// Without one nothing happens.
pub async fn receive(
    form: &mut ContentForm,
    upload: Option<&Upload>,
    pictures: &dyn Pictures,
    chance: &dyn Chance,
) -> Result<Errors, Failure> {
    let mut errors = Errors::default();
    let Some(upload) = upload.filter(|upload| !upload.bytes.is_empty()) else { return Ok(errors) };
    for language in Language::ALL {
        let mut messages = form.messages.iter_mut().filter(|(of, _)| *of == language).map(|(_, typed)| typed);
        let Some((at, typed)) = messages
            .by_ref()
            .enumerate()
            .find(|(at, typed)| typed.kind == Kind::Picture && read::name(language, *at, "file") == upload.field)
        else {
            continue;
        };
        match pictures::keep(pictures, chance, &upload.bytes).await {
            Ok(id) => typed.picture = Some(id),
            Err(NotKept::Failed(error)) => return Err(error.into()),
            Err(NotKept::NoPicture(why)) => {
                let text = match why {
                    NoPicture::OtherFormat => words::OTHER_FORMAT,
                    NoPicture::TooManyPixels => words::TOO_MANY_PIXELS,
                    NoPicture::Broken => words::BROKEN_PICTURE,
                };
                errors.add_labelled(upload.field.clone(), words::place(language, at, words::PICTURE), text);
            }
        }
        break;
    }
    Ok(errors)
}

/// Where the console shows a picture to staff, who may not be able to reach the place where phones fetch it.
#[must_use]
pub fn picture_path(id: &PictureId) -> String {
    format!("/broadcasts/pictures/{}", id.as_str())
}

/// `GET /broadcasts/pictures/{id}`
pub async fn picture(pictures: &Arc<dyn Pictures>, id: &str) -> Result<Answer, Failure> {
    let id = PictureId::try_from(id.to_owned()).map_err(|_| Failure::NotFound)?;
    let bytes = pictures.preview(&id).await?.ok_or(Failure::NotFound)?;
    let mut answer = http::Response::new(Bytes::from(bytes));
    let headers = answer.headers_mut();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("image/jpeg"));
    Ok(Answer::Raw(answer))
}
