//! One's own sessions: where one is signed in, and how to end that everywhere else.

use app::staff::{living_sessions, sign_out_elsewhere};
use maud::{Markup, html};

use crate::frame::SESSIONS;
use crate::kit::{self, ButtonKind, Column, Form, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::sign_in as words;

const DONE: &str = "ended";

/// `GET /sessions`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let person = call.person()?;
    let sessions = living_sessions(&*call.console.sessions, &person.staff.id, call.now).await?;
    let row = |session: &app::ports::staff::Session| -> Vec<Markup> {
        let is_this = session.key == person.session.key;
        vec![html! { (kit::moment(session.began)) @if is_this { (words::THIS_ONE) } }, kit::moment(session.seen)]
    };
    let rows: Vec<_> = sessions.iter().map(row).collect();
    let columns = [Column::row_head(words::BEGAN), Column::text(words::LAST_USED)];
    let end = Form::post("/sessions/end-others", &person.csrf);
    let content = html! {
        (kit::heading(words::SESSIONS, Some(words::SESSIONS_LEAD)))
        (kit::table(&words::sessions(rows.len()), &columns, &rows, &html! {}))
        @if rows.len() > 1 {
            p { (words::END_OTHERS_ABOUT) }
            (kit::post_button(ButtonKind::Secondary, words::END_OTHERS, &end, &[]))
        }
    };
    let page = Page::new(words::SESSIONS, Section::Nowhere, content);
    let is_done = call.query.text("done") == DONE;
    let done = words::OTHERS_ENDED;
    Ok(if is_done { page.notice(NoticeKind::Success, done.title, done.text) } else { page }.into())
}

/// `POST /sessions/end-others`
pub async fn end_others(call: Call) -> Result<Answer, Failure> {
    sign_out_elsewhere(&*call.console.sessions, &call.person()?.session, call.now).await?;
    Ok(Answer::SeeOther(format!("{SESSIONS}?done={DONE}")))
}
