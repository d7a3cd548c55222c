//! All broadcasts: what is being sent, what waits, what is being written, and what was sent.

use app::ports::broadcasts::{Place, Shelf};
use domain::broadcast::{Broadcast, Reach, State, When};
use domain::staff::Act;
use maud::{Markup, html};

use super::show::sees_counts;
use super::{department_name, desk, kind_badges, page, path, quota, state_badge};
use crate::kit::{self, ButtonKind, Column, Pager};
use crate::web::{Answer, Call, Failure};
use crate::words::broadcasts as words;
use crate::words::frame::Section;
use crate::words::templates as kept;

/// So many rows stand on a page of a shelf.
const ROWS: usize = 30;
/// Which shelf's further pages are asked for, and from where on.
const SHELF: &str = "shelf";
const FROM: &str = "from";
/// All shelves in the order in which they are shown, with their names in addresses.
const SHELVES: [(Shelf, &str); 4] =
    [(Shelf::Sending, "sending"), (Shelf::Due, "due"), (Shelf::Desk, "desk"), (Shelf::Done, "done")];

/// `GET /broadcasts`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let asked = SHELVES.into_iter().find(|(_, name)| *name == call.query.text(SHELF));
    let before = Some(call.query.text(FROM)).filter(|from| !from.is_empty()).map(|from| Place(from.to_owned()));
    let mut shown = Vec::new();
    if let Some((shelf, _)) = asked {
        shown.push(page_of(&call, shelf, before.as_ref()).await?);
    } else {
        for (shelf, _) in SHELVES {
            shown.push(page_of(&call, shelf, None).await?);
        }
        // What stands empty is said only where somebody looks for it.
        shown.retain(|(shelf, found, _)| !found.is_empty() || matches!(shelf, Shelf::Desk | Shelf::Done));
    }
    let content = html! {
        (kit::heading(Section::Broadcasts.label(), Some(words::LEAD)))
        @if asked.is_none() { (quota::left(&call).await?) }
        @if call.person()?.staff.roles.allow(Act::Write) {
            (kit::actions(&[
                kit::link_button(ButtonKind::Primary, words::NEW, "/broadcasts/new"),
                kit::link_button(ButtonKind::Secondary, words::NEW_DRILL, "/broadcasts/new?earnest=drill"),
            ]))
        }
        (kit::actions(&[
            kit::link_button(ButtonKind::Plain, kept::TEMPLATES, super::templates::LIST),
            kit::link_button(ButtonKind::Plain, kept::AUDIENCES, super::saved::LIST),
            kit::link_button(ButtonKind::Plain, crate::words::after::TITLE, super::after::PATH),
        ]))
        @for (shelf, found, next) in &shown {
            (table(&call, *shelf, found)?)
            (kit::pager(&Pager::onward(Section::Broadcasts.path(), &[(SHELF, name_of(*shelf))], next.as_deref())))
        }
        @if asked.is_some() { p { a href=(Section::Broadcasts.path()) { (words::ALL_SHELVES) } } }
    };
    Ok(page(Section::Broadcasts.label(), content).into())
}

/// A page of a shelf, and where the next one begins.
async fn page_of(
    call: &Call,
    shelf: Shelf,
    before: Option<&Place>,
) -> Result<(Shelf, Vec<Broadcast>, Option<String>), Failure> {
    let mut found = desk(call).list(shelf, before, ROWS + 1).await?;
    let more = ROWS < found.len();
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|(place, _)| place.0.clone());
    Ok((shelf, found.into_iter().map(|(_, broadcast)| broadcast).collect(), next))
}

fn name_of(shelf: Shelf) -> &'static str {
    SHELVES.into_iter().find(|(other, _)| *other == shelf).map_or("", |(_, name)| name)
}

fn table(call: &Call, shelf: Shelf, broadcasts: &[Broadcast]) -> Result<Markup, Failure> {
    let columns = [
        Column::row_head(words::TITLE),
        Column::text(words::STATE),
        Column::text(words::DEPARTMENT),
        Column::text(words::TIME),
        Column::number(words::REACHED),
    ];
    let rows: Vec<Vec<Markup>> = broadcasts.iter().map(|broadcast| row(call, broadcast)).collect::<Result<_, _>>()?;
    let empty = html! { p { (words::EMPTY) } };
    Ok(kit::section(words::shelf(shelf), &kit::table(words::shelf(shelf), &columns, &rows, &empty)))
}

fn row(call: &Call, broadcast: &Broadcast) -> Result<Vec<Markup>, Failure> {
    let counted = |reach: &Reach| Ok::<_, Failure>(sees_counts(call, broadcast)?.then_some(reach.reached));
    let (at, reached) = match &broadcast.state {
        State::Approved { release_at, reach, .. } => (Some(*release_at), counted(reach)?),
        State::AwaitingApproval { reach, .. } => (wanted(broadcast), counted(reach)?),
        State::Sending { since, .. } => (Some(*since), None),
        State::Finished { since, account, .. } => (Some(*since), Some(account.accepted)),
        State::Stopped { at, plan, account, .. } => {
            // What was thrown away was for nobody.
            (Some(*at), account.filter(|_| plan.is_some()).map(|account| account.accepted))
        }
        State::Draft | State::Held { .. } => (wanted(broadcast), None),
    };
    Ok(vec![
        html! { a href=(path(&broadcast.id)) { (broadcast.title) } " " (kind_badges(broadcast.lane, broadcast.earnest)) },
        state_badge(&broadcast.state),
        html! { (department_name(call, &broadcast.department)) },
        html! { @if let Some(at) = at { (kit::moment(at)) } @else { "－" } },
        html! { @if let Some(reached) = reached { (kit::count(reached)) } @else { "－" } },
    ])
}

fn wanted(broadcast: &Broadcast) -> Option<jiff::Timestamp> {
    match broadcast.when {
        When::At(at) => Some(at),
        When::AtOnce => None,
    }
}
