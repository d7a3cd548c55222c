//! The board: how many reports wait where; and the list, which everything else begins with.

use std::collections::{BTreeMap, BTreeSet};

use app::report::find::Board;
use domain::ids::{DepartmentId, PhotoId, ReportId};
use domain::report::{Priority, Report, ReportNumber, Standing};
use domain::staff::{Act, Roster};
use domain::time::date_in_japan;
use jiff::civil::Date;
use maud::{Markup, html};

use super::filter::{Asked, LATE, STATE};
use super::photos::{self, Linked};
use super::{
    age, department_name, desk, due, enter, export, kind_name, map, may_see, page, path, place_name, standing_badge,
    visible,
};
use crate::kit::{self, BadgeKind, ButtonKind, Column, NoticeKind, Pager, Tile};
use crate::pages::people::actor::staff_name;
use crate::web::{Answer, Call, Failure};
use crate::words::frame::{Said, Section};
use crate::words::reports as words;

/// So many rows stand on a page.
const ROWS: usize = 30;
/// What is counted.
const OPEN: [Standing; 3] = [Standing::Received, Standing::Checking, Standing::Working];
/// The address of the list.
const PATH: &str = "/reports";

/// `GET /reports?state=...&department=...&kind=...&who=...&late=yes&from=...&q=...`
pub async fn list(call: Call) -> Result<Answer, Failure> {
    let number = call.query.text("q");
    let missed = match number {
        "" => None,
        number => match search(&call, number).await? {
            Ok(found) => return Ok(Answer::SeeOther(path(&found))),
            Err(said) => Some(said),
        },
    };
    let asked = Asked::read(&call, &call.query)?;
    let today = date_in_japan(call.now);
    let before: Option<ReportId> = call.query.text("from").parse().ok();
    let board = desk(&call).board(today).await?;
    let found = desk(&call).list(&asked.filter, before.as_ref(), ROWS).await?;
    let (roster, _) = call.console.staff.roster().await?;
    let firsts = photos::first_of(&call, &found.reports).await?;
    let rows: Vec<Vec<Markup>> =
        found.reports.iter().map(|report| row(&call, report, &firsts, &roster, today)).collect();
    let next = found.more.map(|id| id.to_string());
    let content = html! {
        (kit::heading(Section::Reports.label(), Some(words::LEAD)))
        @if let Some(said) = missed { (kit::notice(NoticeKind::Info, said.title, &html! { p { (said.text) } })) }
        (kit::section(words::BOARD, &counted(&call, &board)?))
        (kit::search(PATH, words::SEARCH, number, &[]))
        (kit::actions(&ways(&call, &asked)?))
        (asked.folded(&call, PATH, &roster)?)
        (kit::table(words::LIST, &columns(), &rows, &html! { p { (words::EMPTY) } }))
        (kit::pager(&Pager::onward(PATH, &asked.pairs(), next.as_deref())))
        (export::section(&asked, &call.person()?.csrf))
    };
    let shown = photos::allowed(page(Section::Reports.label(), content), firsts.values());
    let entered = call.query.text("entered").parse::<ReportNumber>().ok();
    Ok(match (words::done(call.query.text("done")), entered) {
        (Some((kind, said)), _) => shown.notice(kind, said.title, said.text).into(),
        (None, Some(number)) => {
            shown.notice(NoticeKind::Success, words::entered(&number.to_string()), words::ENTERED_ELSEWHERE).into()
        }
        (None, None) => shown.into(),
    })
}

/// The report of this number, or what to say where there is none for the person.
async fn search(call: &Call, number: &str) -> Result<Result<ReportId, Said>, Failure> {
    let Ok(number) = number.parse::<ReportNumber>() else { return Ok(Err(words::NO_NUMBER)) };
    for report in desk(call).of_number(&number).await? {
        if may_see(call, &report.department)? {
            return Ok(Ok(report.id));
        }
    }
    Ok(Err(words::NOT_FOUND))
}

fn ways(call: &Call, asked: &Asked) -> Result<Vec<Markup>, Failure> {
    let mut ways = vec![kit::link_button(ButtonKind::Secondary, words::AS_MAP, &asked.address(map::PATH))];
    if call.person()?.staff.roles.allow(Act::Write) {
        ways.push(kit::link_button(ButtonKind::Secondary, words::NEW, enter::PATH));
    }
    Ok(ways)
}

/// How many are where in the person's departments: all together, and by department where there are several.
fn counted(call: &Call, board: &Board) -> Result<Markup, Failure> {
    let visible = visible(call)?;
    let departments: BTreeSet<&DepartmentId> = board.open.keys().map(|(department, _)| department).collect();
    let departments = departments.into_iter().filter(|id| visible.as_ref().is_none_or(|visible| visible.contains(*id)));
    let rows: Vec<(&DepartmentId, [usize; 4])> = departments.map(|id| (id, counts(board, id))).collect();
    let heads = [words::standing(OPEN[0]), words::standing(OPEN[1]), words::standing(OPEN[2]), words::OVERDUE];
    let [received, checking, working] = OPEN.map(|standing| format!("{PATH}?{STATE}={}", standing.name()));
    let late = format!("{PATH}?{LATE}=yes");
    let tiles: Vec<Tile<'_>> = [&received, &checking, &working, &late]
        .into_iter()
        .zip(heads)
        .enumerate()
        .map(|(at, (href, label))| {
            let value = kit::count_of(rows.iter().map(|(_, counts)| counts[at]).sum());
            Tile { label, value, unit: words::REPORTS, href: Some(href) }
        })
        .collect();
    let columns: Vec<Column<'_>> =
        [Column::row_head(words::DEPARTMENT)].into_iter().chain(heads.map(Column::number)).collect();
    let cells = |(id, counts): &(&DepartmentId, [usize; 4])| {
        let counts = counts.map(|count| html! { (kit::count_of(count)) });
        [html! { (department_name(call, id)) }].into_iter().chain(counts).collect()
    };
    let cells: Vec<Vec<Markup>> = rows.iter().map(cells).collect();
    Ok(html! {
        (kit::tiles(&tiles))
        @if board.has_more { (kit::notice(NoticeKind::Warning, words::CUT.title, &html! { p { (words::CUT.text) } })) }
        @if 1 < cells.len() { (kit::table(words::BY_DEPARTMENT, &columns, &cells, &html! {})) }
    })
}

/// Those of a department: by their standing, and how many should have been done.
fn counts(board: &Board, department: &DepartmentId) -> [usize; 4] {
    let [received, checking, working] =
        OPEN.map(|standing| board.open.get(&(department.clone(), standing)).copied().unwrap_or_default());
    [received, checking, working, board.overdue.get(department).copied().unwrap_or_default()]
}

/// Few and broad: of more, each would hold a word a line.
fn columns() -> [Column<'static>; 6] {
    [
        Column::text(words::PHOTO),
        Column::row_head(words::NUMBER),
        Column::text(words::KIND_AND_PLACE),
        Column::text(words::STATE_AND_PRIORITY),
        Column::text(words::ASSIGNEE),
        Column::text(words::DUE_AND_AGE),
    ]
}

fn row(call: &Call, report: &Report, firsts: &BTreeMap<PhotoId, Linked>, roster: &Roster, today: Date) -> Vec<Markup> {
    let first = report.photos.first().and_then(|id| firsts.get(id));
    vec![
        photos::thumbnail(first, words::PHOTO),
        html! { a href=(path(&report.id)) { (report.number()) } },
        html! { (kind_name(call, &report.kind)) br; (place_name(call, &report.place)) },
        html! { (standing_badge(report.state.standing())) br; (priority(report.priority)) },
        html! { (report.assignee.as_ref().map_or(words::NOBODY, |id| staff_name(roster, id))) },
        html! { (due(report, today)) br; (words::AGE) "：" (age(report, today)) },
    ]
}

/// How much it presses.
pub(super) fn priority(priority: Priority) -> Markup {
    html! {
        @match priority {
            Priority::High => { (kit::badge(BadgeKind::Bad, words::priority(priority))) }
            Priority::Normal | Priority::Low => { (words::priority(priority)) }
        }
    }
}
