//! Somebody else decided about the same question first: what they decided, and the choice between theirs and mine.

use app::ports::{Handling, How};
use app::questions::Meanwhile;
use http::StatusCode;
use jiff::Timestamp;
use maud::{Markup, html};

use super::{PATH, QUESTION};
use crate::kit::{self, ButtonKind, Form, NoticeKind};
use crate::pages::people::actor::staff_name;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::questions as words;

/// The hidden field with when the decision was made that the person saw; empty where they saw none.
pub(in crate::pages) const DECIDED: &str = "decided";

/// When the decision was made that the person saw.
pub(in crate::pages) fn seen(call: &Call) -> Result<Option<Timestamp>, Failure> {
    match call.form.text(DECIDED) {
        "" => Ok(None),
        at => at.parse().map(Some).map_err(|_| Failure::BadRequest),
    }
}

/// What a form says of the decision that it shows.
pub(super) fn shown(at: Option<Timestamp>) -> String {
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// A form that decides all the same.
pub(super) struct Again<'a> {
    /// What its button says.
    pub(super) label: &'a str,
    /// Where it goes.
    pub(super) action: &'a str,
    /// What it sends beside the question.
    pub(super) fields: &'a [(&'a str, &'a str)],
}

/// The page that tells what was decided meanwhile.
pub(super) async fn page(
    call: &Call,
    question: &str,
    Meanwhile(now): &Meanwhile,
    again: &Again<'_>,
) -> Result<Answer, Failure> {
    let form = Form::post(again.action, &call.person()?.csrf);
    let decided = shown(now.as_ref().map(|now| now.at));
    let own = [(QUESTION, question), (DECIDED, decided.as_str())];
    let fields = [&own, again.fields].concat();
    let back = format!("{PATH}?show=handled");
    let content = html! {
        (kit::breadcrumbs(&[(Section::Questions.label(), PATH)], words::MEANWHILE.title))
        (kit::heading(words::MEANWHILE.title, None))
        (kit::definitions(&[(words::QUESTION, html! { (question) }), (words::NOW, standing(call, now.as_ref()).await?)]))
        (kit::actions(&[
            kit::post_button(ButtonKind::Secondary, again.label, &form, &fields),
            kit::link_button(ButtonKind::Primary, words::LEAVE, &back),
        ]))
    };
    let page = Page::new(words::MEANWHILE.title, Section::Questions, content);
    let page = page.notice(NoticeKind::Warning, words::MEANWHILE.title, words::MEANWHILE.text);
    Ok(page.status(StatusCode::CONFLICT).into())
}

async fn standing(call: &Call, now: Option<&Handling>) -> Result<Markup, Failure> {
    let Some(now) = now else { return Ok(html! { (words::NOT_DECIDED) }) };
    let (roster, _) = call.console.staff.roster().await?;
    Ok(html! {
        p { (decision(call, &now.how)) }
        p { (staff_name(&roster, &now.by)) " " (kit::moment(now.at)) }
    })
}

/// A decision in words.
pub(super) fn decision(call: &Call, how: &How) -> String {
    words::how(match how {
        How::Ignored => None,
        How::Answered(id) => Some(call.town.waste.item(id).map_or(id.as_str(), |item| &item.name)),
    })
}
