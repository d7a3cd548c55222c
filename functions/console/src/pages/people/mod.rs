//! People (職員と権限): who may use the console, and for what.

mod account;
pub(crate) mod actor;
mod conflict;
mod draft;
mod edit;
mod help;
mod invite;
pub(crate) mod roles;
mod standing;

pub use account::mail;
pub use edit::{save, show};
pub use help::show as help;
pub use invite::{begin as begin_invitation, send as send_invitation};
pub use standing::{ask_disable, ask_enable, disable, enable};

use domain::staff::{Refusal, Staff, Standing};
use domain::text::fold;
use maud::{Markup, html};

use crate::kit::{self, BadgeKind, ButtonKind, Column, Form, NoticeKind, Pager};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::{Said, Section};
use crate::words::people as words;

/// The list shows this many people at a time.
pub const PAGE: usize = 50;

/// `GET /people?page=2`: everybody.
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let page = call.query.text("page");
    listed(&call, None, page).await
}

/// `POST /people`: who was searched for. Names of people belong into no address, which histories and logs keep.
pub async fn search(call: Call) -> Result<Answer, Failure> {
    listed(&call, Some(call.form.text("q")), call.form.text("page")).await
}

async fn listed(call: &Call, asked: Option<&str>, page: &str) -> Result<Answer, Failure> {
    let (roster, _) = call.console.staff.roster().await?;
    let wanted = fold(asked.unwrap_or_default());
    let mut found: Vec<&Staff> = roster
        .0
        .iter()
        .filter(|staff| [staff.name.as_str(), staff.email.as_str()].iter().any(|text| fold(text).contains(&wanted)))
        .collect();
    found.sort_by_key(|staff| (&staff.name, &staff.email));
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = page.parse().unwrap_or(1).clamp(1, pages);
    let rows: Vec<Vec<Markup>> =
        found.iter().skip((page - 1) * PAGE).take(PAGE).map(|staff| row(call, staff)).collect::<Result<_, _>>()?;
    let columns = [
        Column::row_head(words::NAME),
        Column::text(words::EMAIL),
        Column::text(words::ROLES),
        Column::text(words::STANDING),
        Column::text(words::PHONE),
    ];
    let caption = format!("{}（{}）", words::CAPTION, words::found(found.len()));
    let (page, pages, path) = (page as u64, pages as u64, Section::People.path());
    let form = Form::post(path, &call.person()?.csrf);
    let turn = match asked {
        None => kit::pager(&Pager::numbered(path, &[], page, pages)),
        Some(asked) => kit::pager_by_post(&form, &[("q", asked)], page, pages),
    };
    let content = html! {
        (kit::heading(Section::People.label(), Some(words::LEAD)))
        (kit::actions(&[
            kit::link_button(ButtonKind::Primary, words::INVITE, "/people/invite"),
            kit::link_button(ButtonKind::Plain, words::TO_HELP, "/people/help"),
        ]))
        (kit::search_by_post(&form, words::SEARCH, asked.unwrap_or_default()))
        (kit::table(&caption, &columns, &rows, &html! { p { (words::NOBODY) } }))
        (turn)
    };
    Ok(Page::new(Section::People.label(), Section::People, content).into())
}

fn row(call: &Call, staff: &Staff) -> Result<Vec<Markup>, Failure> {
    let is_you = staff.id == call.person()?.staff.id;
    Ok(vec![
        html! { a href=(path_of(staff)) { (staff.name.as_str()) } @if is_you { (words::YOU) } },
        html! { (staff.email.as_str()) },
        roles::list(&staff.roles, &call.town),
        standing_badge(staff.standing),
        html! { @if staff.phone.is_some() { (words::PHONE_THERE) } @else { (words::PHONE_NOT_THERE) } },
    ])
}

/// Where one person's page is.
fn path_of(staff: &Staff) -> String {
    format!("/people/{}", staff.id)
}

fn standing_badge(standing: Standing) -> Markup {
    let kind = match standing {
        Standing::Invited => BadgeKind::Caution,
        Standing::Active => BadgeKind::Good,
        Standing::Disabled => BadgeKind::Bad,
    };
    kit::badge(kind, words::standing(standing))
}

/// The links above a page of this section.
fn crumbs(here: &str) -> Markup {
    kit::breadcrumbs(&[(Section::People.label(), Section::People.path())], here)
}

/// At which field a refusal is said, and how.
fn refusal(why: Refusal) -> Result<(&'static str, &'static str), Failure> {
    match why {
        Refusal::NotAllowed => Err(Failure::Denied),
        Refusal::Unknown => Err(Failure::NotFound),
        Refusal::Oneself => Ok((draft::ADMINISTRATOR, words::ONESELF)),
        Refusal::LastAdministrator => Ok((draft::ADMINISTRATOR, words::LAST_ADMINISTRATOR)),
        Refusal::NoRole => Ok((draft::ADMINISTRATOR, words::CHOOSE_ROLE)),
        Refusal::EmailTaken => Ok((draft::EMAIL, words::EMAIL_TAKEN)),
    }
}

/// The page with word of what was just done.
fn with_done(page: Page, done: &str) -> Page {
    let said: Said = match done {
        "invited" => words::DONE_INVITED,
        "invited-mailed" => words::DONE_INVITED_MAILED,
        "invited-known" => words::DONE_INVITED_KNOWN,
        "invited-unmailed" => return warned(page, words::DONE_INVITED_UNMAILED),
        "mailed" => words::DONE_MAILED,
        "has-password" => return warned(page, words::HAS_PASSWORD),
        "unmailed" => return warned(page, words::NOT_MAILED),
        "changed" => words::DONE_CHANGED,
        "disabled" => words::DONE_DISABLED,
        "enabled" => words::DONE_ENABLED,
        _ => return page,
    };
    page.notice(NoticeKind::Success, said.title, said.text)
}

fn warned(page: Page, said: Said) -> Page {
    page.notice(NoticeKind::Warning, said.title, said.text)
}
