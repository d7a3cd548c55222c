//! All broadcasts: what is being sent, what waits, what is being written, and what was sent.

use app::ports::broadcasts::{Place, Shelf};
use domain::broadcast::{Broadcast, State, When};
use domain::staff::Act;
use maud::{Markup, html};

use super::{department_name, desk, kind_badges, page, path, state_badge};
use crate::kit::{self, ButtonKind, Column, Pager};
use crate::web::{Answer, Call, Failure};
use crate::words::broadcasts as words;
use crate::words::frame::Section;

/// So many rows stand on a page of what was sent.
const ROWS: usize = 30;
/// And so many of each kind that waits: more than a person has on the desk.
const WAITING_MAX: usize = 100;

/// `GET /broadcasts`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let before = Some(call.query.text("from")).filter(|from| !from.is_empty()).map(|from| Place(from.to_owned()));
    let mut tables = Vec::new();
    if before.is_none() {
        for shelf in [Shelf::Sending, Shelf::Due, Shelf::Desk] {
            let found = desk(&call).list(shelf, None, WAITING_MAX).await?;
            if !found.is_empty() || shelf == Shelf::Desk {
                tables.push(table(&call, shelf, found.iter().map(|(_, broadcast)| broadcast)));
            }
        }
    }
    let mut done = desk(&call).list(Shelf::Done, before.as_ref(), ROWS + 1).await?;
    let more = done.len() > ROWS;
    done.truncate(ROWS);
    let next = done.last().filter(|_| more).map(|(place, _)| place.0.clone());
    let done_table = table(&call, Shelf::Done, done.iter().map(|(_, broadcast)| broadcast));
    let content = html! {
        (kit::heading(Section::Broadcasts.label(), Some(words::LEAD)))
        @if call.person()?.staff.roles.allow(Act::Write) {
            (kit::actions(&[
                kit::link_button(ButtonKind::Primary, words::NEW, "/broadcasts/new"),
                kit::link_button(ButtonKind::Secondary, words::NEW_DRILL, "/broadcasts/new?earnest=drill"),
            ]))
        }
        @for table in &tables { (table) }
        (done_table)
        (kit::pager(&Pager::onward(Section::Broadcasts.path(), &[], next.as_deref())))
    };
    Ok(page(Section::Broadcasts.label(), content).into())
}

fn table<'a>(call: &Call, shelf: Shelf, broadcasts: impl Iterator<Item = &'a Broadcast>) -> Markup {
    let columns = [
        Column::row_head(words::TITLE),
        Column::text(words::STATE),
        Column::text(words::DEPARTMENT),
        Column::text(words::TIME),
        Column::number(words::REACHED),
    ];
    let rows: Vec<Vec<Markup>> = broadcasts.map(|broadcast| row(call, broadcast)).collect();
    kit::section(
        words::shelf(shelf),
        &kit::table(words::shelf(shelf), &columns, &rows, &html! { p { (words::EMPTY) } }),
    )
}

fn row(call: &Call, broadcast: &Broadcast) -> Vec<Markup> {
    let (at, reached) = match &broadcast.state {
        State::Approved { release_at, reach, .. } => (Some(*release_at), Some(reach.reached)),
        State::AwaitingApproval { reach, .. } => (wanted(broadcast), Some(reach.reached)),
        State::Sending { since, .. } => (Some(*since), None),
        State::Finished { since, account, .. } => (Some(*since), Some(account.accepted)),
        State::Stopped { at, account, .. } => (Some(*at), account.map(|account| account.accepted)),
        State::Draft | State::Held { .. } => (wanted(broadcast), None),
    };
    vec![
        html! { a href=(path(&broadcast.id)) { (broadcast.title) } " " (kind_badges(broadcast.lane, broadcast.earnest)) },
        state_badge(&broadcast.state),
        html! { (department_name(call, &broadcast.department)) },
        html! { @if let Some(at) = at { (kit::moment(at)) } @else { "－" } },
        html! { @if let Some(reached) = reached { (kit::count(reached)) } @else { "－" } },
    ]
}

fn wanted(broadcast: &Broadcast) -> Option<jiff::Timestamp> {
    match broadcast.when {
        When::At(at) => Some(at),
        When::AtOnce => None,
    }
}
