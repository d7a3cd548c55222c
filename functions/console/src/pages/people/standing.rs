//! Keeping somebody out and letting them in again, after a page that asks.

use app::staff::{NotChanged, change_seen};
use domain::ids::StaffId;
use domain::staff::{Change, Staff, Standing};
use http::StatusCode;
use maud::html;

use super::edit::{SEEN, person_of, seen_in, seen_of};
use super::{crumbs, path_of, refusal, roles, standing_badge};
use crate::kit::{self, ButtonKind, Confirm, Form, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::people as words;

/// Which way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Out,
    In,
}

/// `GET /people/{id}/disable`
pub async fn ask_disable(call: Call) -> Result<Answer, Failure> {
    ask(&call, Turn::Out).await
}

/// `POST /people/{id}/disable`
pub async fn disable(call: Call) -> Result<Answer, Failure> {
    turn(&call, Turn::Out, Change::Disable).await
}

/// `GET /people/{id}/enable`
pub async fn ask_enable(call: Call) -> Result<Answer, Failure> {
    ask(&call, Turn::In).await
}

/// `POST /people/{id}/enable`
pub async fn enable(call: Call) -> Result<Answer, Failure> {
    turn(&call, Turn::In, Change::Enable).await
}

async fn ask(call: &Call, way: Turn) -> Result<Answer, Failure> {
    let staff = person_of(call).await?;
    if staff.id == call.person()?.staff.id {
        return Ok(refused(&staff, words::ONESELF).into());
    }
    let is_so = (staff.standing == Standing::Disabled) == (way == Turn::Out);
    if is_so {
        return Ok(Answer::SeeOther(path_of(&staff)));
    }
    Ok(page(call, &staff, way)?.into())
}

async fn turn(call: &Call, way: Turn, change: fn(StaffId) -> Change) -> Result<Answer, Failure> {
    let staff = person_of(call).await?;
    let seen = seen_in(call)?;
    let (store, by) = (&*call.console.staff, &call.person()?.staff.id);
    match change_seen(store, by, (&staff.id, &seen), &change(staff.id.clone()), call.now).await? {
        Ok(staff) => {
            let done = match way {
                Turn::Out => "disabled",
                Turn::In => "enabled",
            };
            Ok(Answer::SeeOther(format!("{}?done={done}", path_of(&staff))))
        }
        Err(NotChanged::Refused(why)) => {
            let (_, said) = refusal(why)?;
            Ok(refused(&staff, said).into())
        }
        Err(NotChanged::Meanwhile(now)) => {
            let page = page(call, &now, way)?.status(StatusCode::CONFLICT);
            Ok(page.notice(NoticeKind::Warning, words::MEANWHILE.title, words::ASK_AGAIN).into())
        }
    }
}

fn question(staff: &Staff, way: Turn) -> String {
    match way {
        Turn::Out => words::ask_disable(staff.name.as_str()),
        Turn::In => words::ask_enable(staff.name.as_str()),
    }
}

fn page(call: &Call, staff: &Staff, way: Turn) -> Result<Page, Failure> {
    let back = path_of(staff);
    let (consequences, button, act): (&[&str], _, _) = match way {
        Turn::Out => (&words::DISABLE_DOES, words::DISABLE, "disable"),
        Turn::In => (&words::ENABLE_DOES, words::ENABLE, "enable"),
    };
    let about = kit::definitions(&[
        (words::NAME, html! { (staff.name.as_str()) }),
        (words::EMAIL, html! { (staff.email.as_str()) }),
        (words::ROLES, roles::list(&staff.roles, &call.town)),
        (words::STANDING, standing_badge(staff.standing)),
    ]);
    let question = question(staff, way);
    let content = kit::confirm(&Confirm {
        question: &question,
        about: &about,
        consequences,
        form: Form::post(&format!("{back}/{act}"), &call.person()?.csrf),
        values: &[(SEEN, &seen_of(staff)?)],
        button,
        cancel: &back,
    });
    let content = html! { (crumbs(&words::change_title(staff.name.as_str()))) (content) };
    Ok(Page::new(question, Section::People, content))
}

fn refused(staff: &Staff, said: &str) -> Page {
    let title = words::change_title(staff.name.as_str());
    let content = html! {
        (crumbs(&title))
        (kit::heading(&title, None))
        p { (kit::link_button(ButtonKind::Secondary, words::BACK_TO_PERSON, &path_of(staff))) }
    };
    let page = Page::new(title, Section::People, content).status(StatusCode::UNPROCESSABLE_ENTITY);
    page.notice(NoticeKind::Error, words::NOT_DONE, said)
}
