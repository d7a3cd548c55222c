//! The fields of the form, with the phone beside those of each language.

use domain::broadcast::Earnest;
use domain::broadcast::content::limits::{ALT_UNITS_MAX, BUTTONS_TEXT_UNITS_MAX, MESSAGES_MAX, TEXT_UNITS_MAX};
use domain::broadcast::content::placeholders::{Placeholder, Placeholders};
use domain::language::Language;
use maud::{Markup, html};

use super::{ContentForm, DO, Kind, Typed, TypedButton, Way, picture_path, read};
use crate::kit::{self, ButtonKind, Choice, Errors, Field};
use crate::pages::broadcasts::preview;
use crate::words::content as words;

/// What the fields are shown with.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What the placeholders stand for.
    pub placeholders: &'a Placeholders,
    /// Whether it is meant.
    pub earnest: Earnest,
    /// The languages that the town offers; those in which something is written are shown, too.
    pub languages: &'a [Language],
}

/// The fields, to be put into a form [with files](kit::Form::with_files).
#[must_use]
pub fn fields(form: &ContentForm, shown: &Shown<'_>, errors: &Errors) -> Markup {
    let is_written = |language| form.of_language(language).next().is_some();
    let is_shown = |language: &Language| {
        *language == Language::Japanese || shown.languages.contains(language) || is_written(*language)
    };
    html! {
        // A line of text that is ended with the Enter key presses the first button of a form: this one changes nothing.
        button.unseen type="submit" name=(DO) value={ (read::OURS) ":show" } tabindex="-1" aria-hidden="true" { (words::SHOW) }
        (placeholders(shown.placeholders))
        @for language in Language::ALL.iter().copied().filter(is_shown) {
            @if language == Language::Japanese || is_written(language) {
                (wording(form, language, shown, errors))
            } @else {
                (kit::fold(&words::add_language(language), &wording(form, language, shown, errors)))
            }
        }
    }
}

fn placeholders(with: &Placeholders) -> Markup {
    let said = |one: Placeholder| match with.get(one) {
        "" => words::NO_VALUE,
        value => value,
    };
    kit::fold(
        words::PLACEHOLDERS,
        &html! {
            p { (words::PLACEHOLDERS_LEAD) }
            dl.definitions {
                @for one in Placeholder::ALL { div.definition { dt { code { "{" (one.name()) "}" } } dd { (said(one)) } } }
            }
        },
    )
}

fn wording(form: &ContentForm, language: Language, shown: &Shown<'_>, errors: &Errors) -> Markup {
    let count = form.of_language(language).count();
    html! {
        section.wording id={ "f-" (language) } tabindex="-1" {
            h2 { (words::language(language)) }
            @if let Some(error) = errors.of(language.tag()) { (said(error)) }
            div.compose {
                div {
                    @for (at, typed) in form.of_language(language).enumerate() {
                        (message(typed, Place { language, at, count }, errors))
                    }
                    @if count < MESSAGES_MAX { (adding(language)) } @else { p.hint { (words::FULL) } }
                }
                div {
                    (preview::phone(form, language, shown.placeholders, shown.earnest))
                    (pressing(ButtonKind::Secondary, words::SHOW, &read::press("show", language, "")))
                }
            }
        }
    }
}

fn said(error: &str) -> Markup {
    html! { p.error { strong { (crate::words::kit::ERROR) } (error) } }
}

fn pressing(kind: ButtonKind, label: &str, value: &str) -> Markup {
    kit::submit_named(kind, label, DO, value)
}

fn adding(language: Language) -> Markup {
    let buttons = Kind::ALL.map(|kind| {
        pressing(ButtonKind::Secondary, words::add(kind.name()), &read::press("add", language, kind.name()))
    });
    html! { p.label { (words::ADD) } (kit::actions(&buttons)) }
}

#[derive(Clone, Copy)]
struct Place {
    language: Language,
    at: usize,
    /// How many messages the wording has.
    count: usize,
}

impl Place {
    fn name(self, part: &str) -> String {
        read::name(self.language, self.at, part)
    }

    fn press(self, action: &str) -> String {
        read::press(action, self.language, self.at)
    }
}

fn message(typed: &Typed, place: Place, errors: &Errors) -> Markup {
    let whole = format!("{}-{}", place.language, place.at);
    html! {
        fieldset.message id={ "f-" (whole) } tabindex="-1" {
            legend { (words::legend(place.at, typed.kind.name())) }
            (kit::hidden(&place.name("kind"), typed.kind.name()))
            @if let Some(error) = errors.of(&whole) { (said(error)) }
            @match typed.kind {
                Kind::Text => (long(place, "text", words::TEXT, &typed.text, TEXT_UNITS_MAX, errors)),
                Kind::Picture => (picture(typed, place, errors)),
                Kind::Buttons => (buttons(typed, place, errors)),
                Kind::Flex => (flex(typed, place, errors)),
            }
            (tools(place))
        }
    }
}

fn tools(place: Place) -> Markup {
    let mut buttons = Vec::new();
    if place.at > 0 {
        buttons.push(pressing(ButtonKind::Plain, &words::up(place.at), &place.press("up")));
    }
    if place.at + 1 < place.count {
        buttons.push(pressing(ButtonKind::Plain, &words::down(place.at), &place.press("down")));
    }
    buttons.push(pressing(ButtonKind::Plain, &words::remove(place.at), &place.press("remove")));
    kit::actions(&buttons)
}

fn long(place: Place, part: &str, label: &str, value: &str, max: usize, errors: &Errors) -> Markup {
    let name = place.name(part);
    kit::textarea(&Field::new(&name, label).value(value).units_max(max).required().error(errors.of(&name)))
}

fn picture(typed: &Typed, place: Place, errors: &Errors) -> Markup {
    let name = place.name("file");
    let field = Field::new(&name, words::PICTURE).hint(words::PICTURE_HINT).error(errors.of(&name));
    html! {
        @if let Some(id) = &typed.picture {
            (kit::hidden(&place.name("picture"), id.as_str()))
            img.picture src=(picture_path(id)) alt=(words::PICTURE_NOW);
        }
        (kit::file(&field, "image/jpeg,image/png,image/webp"))
        (pressing(ButtonKind::Secondary, words::UPLOAD, &place.press("upload")))
    }
}

fn buttons(typed: &Typed, place: Place, errors: &Errors) -> Markup {
    let title = place.name("title");
    let title =
        Field::new(&title, words::TITLE).value(typed.title.as_str()).hint(words::TITLE_HINT).error(errors.of(&title));
    html! {
        (kit::text(&title))
        (long(place, "text", words::TEXT, &typed.text, BUTTONS_TEXT_UNITS_MAX, errors))
        @for (row, one) in typed.buttons.iter().enumerate() { (button(row, one, place, errors)) }
    }
}

fn button(row: usize, one: &TypedButton, place: Place, errors: &Errors) -> Markup {
    let [label, way, does] = ["label", "way", "does"].map(|part| place.name(&format!("{part}{row}")));
    let chosen = match one.way {
        Way::Open => read::OPEN,
        Way::Say => read::SAY,
    };
    let ways = [Choice::new(read::OPEN, words::WAY_OPEN), Choice::new(read::SAY, words::WAY_SAY)];
    html! {
        fieldset.button-row {
            legend { (words::button(row)) }
            (kit::text(&Field::new(&label, words::LABEL).value(one.label.as_str()).hint(words::LABEL_HINT).error(errors.of(&label))))
            (kit::select(&Field::new(&way, words::WAY).value(chosen), &ways))
            (kit::text(&Field::new(&does, words::DOES).value(one.does.as_str()).hint(words::DOES_HINT).error(errors.of(&does))))
        }
    }
}

fn flex(typed: &Typed, place: Place, errors: &Errors) -> Markup {
    let name = place.name("json");
    let json = Field::new(&name, words::JSON).value(typed.json.as_str()).hint(words::JSON_HINT).rows(12).required();
    html! {
        (long(place, "alt", words::ALT, &typed.alt, ALT_UNITS_MAX, errors))
        (kit::textarea(&json.error(errors.of(&name))))
    }
}
