//! Changing one part of the settings.

use app::town::edit::{Cells, Mistake, Saved, SettingsDraft, SettingsPart, Warnings};
use http::StatusCode;
use maud::{Markup, html};

use super::form::{self, ACCEPT, SEEN, WARNINGS};
use super::{conflict, crumbs, editor, page, path, said};
use crate::kit::{self, ButtonKind, Errors, Form, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::settings as words;
use crate::words::town as town_words;

/// The button that only shows how the texts look.
const DO: &str = "do";
const SHOW: &str = "show";

/// `GET /settings/{part}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let part = part_of(&call)?;
    let cells = part.cells(&call.console.desk.now().await?.settings());
    let form = PartForm { call: &call, part, cells: &cells, seen: &cells };
    let none = Errors::default();
    Ok(form.page(&none, &form.content(&none, town_words::SAVE)?).into())
}

/// `POST /settings/{part}`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let part = part_of(&call)?;
    let seen = form::seen(&call.form).ok_or(Failure::BadRequest)?;
    let cells = form::typed(part, &call.form, &seen);
    let warnings = if call.form.text(WARNINGS) == ACCEPT { Warnings::Accept } else { Warnings::Tell };
    let draft = SettingsDraft { part, cells, seen, warnings };
    let form = PartForm { call: &call, part, cells: &draft.cells, seen: &draft.seen };
    let none = Errors::default();
    if call.form.text(DO) == SHOW {
        return Ok(form.page(&none, &form.content(&none, town_words::SAVE)?).into());
    }
    match call.console.desk.save_settings(&editor(&call)?, &draft).await? {
        Saved::Done { .. } => Ok(done("saved")),
        Saved::Already { .. } => Ok(done("already")),
        Saved::Wrong(mistakes) => form.wrong(&mistakes),
        Saved::Conflict(now) => {
            let now = now.and_then(|rows| rows.into_iter().next()).unwrap_or_default();
            conflict::page_of(&form, &now)
        }
        // Nothing refers to the settings.
        Saved::Held(_) | Saved::Denied => Err(Failure::Denied),
    }
}

fn part_of(call: &Call) -> Result<SettingsPart, Failure> {
    SettingsPart::of(call.param("part")).ok_or(Failure::NotFound)
}

fn done(what: &str) -> Answer {
    Answer::SeeOther(format!("{}?done={what}", Section::Settings.path()))
}

/// The form of a part.
pub(super) struct PartForm<'a> {
    pub(super) call: &'a Call,
    pub(super) part: SettingsPart,
    pub(super) cells: &'a Cells,
    pub(super) seen: &'a Cells,
}

impl PartForm<'_> {
    pub(super) fn page(&self, errors: &Errors, content: &Markup) -> Page {
        let title = words::title(self.part);
        let content = html! {
            (crumbs(&title))
            (kit::heading(&title, self.lead()))
            (kit::error_summary(errors))
            (content)
        };
        page(kit::title(&title, errors), content)
    }

    fn lead(&self) -> Option<&'static str> {
        match self.part {
            SettingsPart::Town => None,
            SettingsPart::Sending => Some(words::SENDING_ABOUT),
            SettingsPart::Reports => Some(words::REPORTS_ABOUT),
            SettingsPart::Texts(_) => Some(words::TEXTS_ABOUT),
        }
    }

    /// The form itself, saved by a button of this name.
    pub(super) fn content(&self, errors: &Errors, save: &str) -> Result<Markup, Failure> {
        self.form(errors, &kit::submit(ButtonKind::Primary, save))
    }

    fn form(&self, errors: &Errors, button: &Markup) -> Result<Markup, Failure> {
        let action = path(self.part);
        let form = Form::post(&action, &self.call.person()?.csrf);
        let is_fresh = self.call.method == http::Method::GET;
        let form = if is_fresh { form.warn_unsaved() } else { form.still_unsaved() };
        let show = kit::submit_named(ButtonKind::Secondary, words::SHOW, DO, SHOW);
        let back = kit::link_button(ButtonKind::Secondary, words::BACK, Section::Settings.path());
        let buttons = match self.part {
            SettingsPart::Town | SettingsPart::Sending | SettingsPart::Reports => vec![button.clone(), back],
            SettingsPart::Texts(_) => vec![button.clone(), show, back],
        };
        Ok(kit::form(
            &form,
            &html! {
                (kit::hidden(SEEN, &form::seen_text(self.seen)))
                (form::fields(self.part, self.cells, &self.call.town.profile.name, errors))
                (kit::actions(&buttons))
            },
        ))
    }

    fn wrong(&self, mistakes: &[Mistake]) -> Result<Answer, Failure> {
        if mistakes.iter().all(Mistake::is_warning) {
            let none = Errors::default();
            let list = html! { ul { @for mistake in mistakes { li { (mistake.sentence) } } } };
            let button = kit::submit_named(ButtonKind::Primary, town_words::SAVE_ANYWAY, WARNINGS, ACCEPT);
            let content = html! {
                (said(NoticeKind::Warning, town_words::WARNINGS, &list))
                (self.form(&none, &button)?)
            };
            return Ok(self.page(&none, &content).status(StatusCode::UNPROCESSABLE_ENTITY).into());
        }
        let errors = form::errors(self.part, self.cells, mistakes);
        let content = self.content(&errors, town_words::SAVE)?;
        Ok(self.page(&errors, &content).status(StatusCode::UNPROCESSABLE_ENTITY).into())
    }
}
