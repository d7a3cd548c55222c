//! Collections that fall out by storm or snow, with a new day or none (収集の変更): all of them, one of them, and the way to what is
//! said to residents. [`cancel`] is the form in which one is made, [`news`] the broadcast about it.
//!
//! A change is a record of the town's data: it is removed and taken back there.

pub mod cancel;
mod effects;
pub mod news;

use app::ports::mint;
use app::town::edit::Owner;
use app::town::table::TownTable;
use domain::garbage::calendar::CollectionChange;
use domain::garbage::effect::{self, Effect};
use domain::ids::ChangeId;
use domain::staff::Act;
use domain::time::date_in_japan;
use jiff::civil::Date;
use maud::{Markup, html};

use super::{crumbs, page};
use crate::kit::{self, BadgeKind, ButtonKind, Column, Form, NoticeKind, Pager};
use crate::pages::town;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::garbage as words;

/// Where they are listed.
pub(super) const LIST: &str = "/garbage/changes";
/// So many stand on a page.
const ROWS: usize = 50;
/// So many areas are named in a row.
const AREAS_NAMED: usize = 8;
/// The hidden field with the id of the broadcast that a button begins.
const ID: &str = "id";

/// `GET /garbage/changes?page=2`: those to come, the next first; then those that are over, the latest first.
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let today = date_in_japan(call.now);
    let (mut all, over): (Vec<_>, Vec<_>) = call.town.changes.iter().partition(|change| is_to_come(change, today));
    all.extend(over.into_iter().rev());
    let pages = all.len().div_ceil(ROWS).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let shown = all.iter().skip((number - 1) * ROWS).take(ROWS);
    let rows: Vec<Vec<Markup>> = shown.map(|change| row(&call, change, today)).collect();
    let columns = [
        Column::row_head(words::DATE),
        Column::text(words::WHERE),
        Column::text(words::WHAT),
        Column::text(words::NEW_DATE),
        Column::text(words::REASON),
    ];
    let content = html! {
        (crumbs(&[], words::CHANGES))
        (kit::heading(words::CHANGES, Some(words::CHANGES_LEAD)))
        @if call.person()?.staff.roles.allow(Act::Write) {
            (kit::actions(&[kit::link_button(ButtonKind::Primary, words::CANCEL, cancel::PATH)]))
        }
        (kit::table(words::CHANGES, &columns, &rows, &html! { p { (words::NO_CHANGES) } }))
        (kit::pager(&Pager::numbered(LIST, &[], number as u64, pages as u64)))
    };
    Ok(page(words::CHANGES, content).into())
}

fn row(call: &Call, change: &CollectionChange, today: Date) -> Vec<Markup> {
    vec![
        html! { a href=(path(&change.id)) { (kit::date(change.date)) } " " (standing(change, today)) },
        html! { (words::names(&area_names(call, change), AREAS_NAMED)) },
        html! { (words::names(&category_names(call, change), usize::MAX)) },
        new_date(change),
        html! { (change.reason) },
    ]
}

/// `GET /garbage/changes/{change}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let change = change_of(&call)?;
    let title = words::change_title(&kit::written(change.date));
    let (areas, categories) = (area_names(&call, change), category_names(&call, change));
    let effects = effect::made(&call.town, change);
    let content = html! {
        (crumbs(&[(words::CHANGES, LIST)], &title))
        (kit::heading(&title, None))
        p { (standing(change, date_in_japan(call.now))) }
        (kit::definitions(&[
            (words::DATE, kit::date(change.date)),
            (words::WHERE, html! { (words::names(&areas, usize::MAX)) }),
            (words::WHAT, html! { (words::names(&categories, usize::MAX)) }),
            (words::NEW_DATE, new_date(change)),
            (words::REASON, html! { (change.reason) }),
        ]))
        (actions(&call, change, &effects)?)
        (kit::section(words::EFFECTS, &effects::table(&call.town, &effects)))
    };
    Ok(told(page(title, content), call.query.text("done")).into())
}

/// What can be done about a change: residents can be told as long as it is not over and does something.
fn actions(call: &Call, change: &CollectionChange, effects: &[Effect<'_>]) -> Result<Markup, Failure> {
    let person = call.person()?;
    if !may_edit(call, change)? {
        return Ok(html! {});
    }
    let (news, new) = (format!("{}/broadcast", path(&change.id)), mint(&*call.console.chance, call.now).to_string());
    let mut buttons = Vec::new();
    let is_news = is_to_come(change, date_in_japan(call.now)) && !effects.is_empty();
    if is_news {
        let form = Form::post(&news, &person.csrf);
        buttons.push(kit::post_button(ButtonKind::Primary, words::WRITE_NEWS, &form, &[(ID, &new)]));
    }
    let record = |what| town::record_path(TownTable::Changes, what, change.id.as_str());
    buttons.push(kit::link_button(ButtonKind::Secondary, words::EDIT, &record("edit")));
    buttons.push(kit::link_button(ButtonKind::Plain, words::REMOVE, &record("remove")));
    Ok(html! {
        (kit::actions(&buttons))
        @if is_news {
            p.hint { (words::WRITE_NEWS_HINT) }
            p.hint { (words::NEWS_IS_ROUTINE) }
        }
    })
}

/// The page with what was just done.
fn told(page: Page, done: &str) -> Page {
    let said = match done {
        "added" => words::DONE_ADDED,
        "already" => words::DONE_ALREADY,
        _ => return page,
    };
    page.notice(NoticeKind::Success, said.title, said.text)
}

/// The change in the path.
fn change_of(call: &Call) -> Result<&CollectionChange, Failure> {
    let id = call.param("change");
    call.town.changes.iter().find(|change| change.id.as_str() == id).ok_or(Failure::NotFound)
}

/// The address of a change.
pub(super) fn path(id: &ChangeId) -> String {
    format!("{LIST}/{id}")
}

fn may_edit(call: &Call, change: &CollectionChange) -> Result<bool, Failure> {
    let owner = Owner::in_town(&call.town, TownTable::Changes, change.id.as_str());
    let roles = &call.person()?.staff.roles;
    Ok(owner.is_some_and(|owner| owner.lets(roles)))
}

/// Whether there still is something to tell residents: neither of its days is over.
fn is_to_come(change: &CollectionChange, today: Date) -> bool {
    today <= change.moved_to.unwrap_or(change.date)
}

fn standing(change: &CollectionChange, today: Date) -> Markup {
    if is_to_come(change, today) {
        kit::badge(BadgeKind::Active, words::TO_COME)
    } else {
        kit::badge(BadgeKind::Neutral, words::OVER)
    }
}

fn new_date(change: &CollectionChange) -> Markup {
    html! { @match change.moved_to { Some(day) => { (kit::date(day)) }, None => { (words::NO_NEW_DATE) } } }
}

/// The names of the areas that a change is about; none where it is about all.
fn area_names<'a>(call: &'a Call, change: &CollectionChange) -> Vec<&'a str> {
    let concerned = call.town.areas.values().filter(|area| change.areas.contains(&area.id));
    concerned.map(|area| area.name.as_str()).collect()
}

/// The names of the categories that a change is about; none where it is about all.
fn category_names<'a>(call: &'a Call, change: &CollectionChange) -> Vec<&'a str> {
    let concerned = call.town.categories.iter().filter(|category| change.categories.contains(&category.id));
    concerned.map(|category| category.name.ja.as_str()).collect()
}
