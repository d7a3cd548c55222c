//! What went (配信の実績): by whom, when, to how many, and how many blocked the account after it; with sums by day and department.
//!
//! Everybody who works here sees all departments: nobody of the residents is named.

mod export;

use std::collections::BTreeMap;

use app::broadcast::after::{Asked, Stretch, Sums, Went, by_day, by_department, went};
use app::ports::unfollows::KEPT;
use domain::broadcast::Broadcast;
use domain::sending::account::Account;
use domain::staff::Roster;
use domain::time::date_in_japan;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use maud::{Markup, html};

pub use self::export::export;
use super::{crumbs, department_name, desk, kind_badges, page, path};
use crate::kit::{self, ButtonKind, Choice, Column, Errors, Field, InputKind, NoticeKind, Pager, Tile};
use crate::pages::audit::days;
use crate::pages::people::actor::staff_name;
use crate::web::fields::Fields;
use crate::web::{Answer, Call, Failure};
use crate::words::after as words;
use crate::words::audit::{FIRST as FIRST_DAY, LAST as LAST_DAY};

/// Its address.
pub const PATH: &str = "/broadcasts/after";
/// Unasked, so many days are shown.
const DAYS: i32 = 31;
/// And at most so many.
const DAYS_MAX: i32 = 366;
/// So many broadcasts stand on a page.
const ROWS: usize = 50;
/// For the sums, and for one file, at most so many are read: more than a town sends in a year. They are read in a second; as rows
/// of a file, of a kilobyte at the very most, they stay far below the 6 MB that an answer carries.
const READ_MAX: usize = 2_000;

const FIRST: &str = "first";
const LAST: &str = "last";
const DEPARTMENT: &str = "department";

/// What is asked for, as it was typed and as it was understood.
struct Period {
    first: String,
    last: String,
    /// `None` where something is wrong.
    asked: Option<Asked>,
    errors: Errors,
}

impl Period {
    /// Reads it. Without days: the last month.
    fn read(fields: &Fields, today: Date) -> Self {
        let mut errors = Errors::default();
        let days = days(fields, (FIRST, LAST), &mut errors);
        let last = days.1.unwrap_or_else(|| days.0.map_or(today, |first| first.max(today)));
        let first = days.0.unwrap_or_else(|| last.saturating_sub((DAYS - 1).days()));
        if errors.is_empty() && first.saturating_add(DAYS_MAX.days()) <= last {
            errors.add(LAST, words::TOO_LONG);
        }
        let department = fields.text(DEPARTMENT).parse().ok();
        let asked = errors.is_empty().then_some(Asked { first, last, department });
        let shown = |name: &str, day: Date| match fields.text(name) {
            "" => day.to_string(),
            typed => typed.to_owned(),
        };
        Self { first: shown(FIRST, first), last: shown(LAST, last), asked, errors }
    }

    /// For an address, or hidden fields.
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let department = self.asked.as_ref().and_then(|asked| asked.department.as_ref());
        let days = [(FIRST, self.first.as_str()), (LAST, self.last.as_str())].into_iter();
        days.chain(department.map(|department| (DEPARTMENT, department.as_str()))).collect()
    }
}

/// `GET /broadcasts/after?first=...&last=...&department=...&page=2`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let period = Period::read(&call.query, date_in_japan(call.now));
    let found = match &period.asked {
        Some(asked) => Some(went(&*desk(&call).history.broadcasts, asked, &Stretch::default(), READ_MAX).await?),
        None => None,
    };
    let (roster, _) = call.console.staff.roster().await?;
    let content = html! {
        (crumbs(words::TITLE))
        (kit::heading(words::TITLE, Some(words::LEAD)))
        (kit::error_summary(&period.errors))
        (kit::section(words::FILTER, &filter(&call, &period)))
        @if let Some(found) = &found {
            @if found.left.is_some() {
                (kit::notice(NoticeKind::Warning, words::TOO_MANY.title, &html! { p { (words::TOO_MANY.text) } }))
            }
            @if found.went.is_empty() { p { (words::NOTHING) } } @else { (result(&call, &period, &found.went, &roster)) }
            (export::section(&period, &call.person()?.csrf))
        }
    };
    Ok(page(kit::title(words::TITLE, &period.errors), content).into())
}

fn filter(call: &Call, period: &Period) -> Markup {
    let day = |name: &'static str, label, value: &str| {
        let field = Field::new(name, label).value(value.to_owned()).error(period.errors.of(name).map(str::to_owned));
        kit::input(InputKind::Date, &field)
    };
    let departments = call.town.departments.values();
    let departments = departments.map(|known| Choice::new(known.id.as_str(), known.name.as_str()));
    let departments: Vec<Choice<'_>> = [Choice::new("", words::ALL)].into_iter().chain(departments).collect();
    let chosen = period.asked.as_ref().and_then(|asked| asked.department.as_ref()).map_or("", |id| id.as_str());
    let fields = html! {
        (day(FIRST, FIRST_DAY, &period.first))
        (day(LAST, LAST_DAY, &period.last))
        (kit::select(&Field::new(DEPARTMENT, words::DEPARTMENT).value(chosen.to_owned()), &departments))
        (kit::actions(&[kit::submit(ButtonKind::Primary, words::SHOW)]))
    };
    kit::filter(PATH, &fields)
}

/// The sums of everything, and a page of the broadcasts with the sums of its days.
fn result(call: &Call, period: &Period, all: &[Went], roster: &Roster) -> Markup {
    let pages = all.len().div_ceil(ROWS).max(1);
    let number = call.query.text("page").parse().unwrap_or(1).clamp(1, pages);
    let here = &all[(number - 1) * ROWS..all.len().min(number * ROWS)];
    let sum = all.iter().fold(Sums::default(), Sums::plus);
    let departments = by_department(all).into_iter().map(|(id, sums)| (department_name(call, id).to_owned(), sums));
    // Of a day whose broadcasts stand on two pages both show the whole sum.
    let mut days: BTreeMap<Date, Sums> = by_day(all);
    days.retain(|day, _| here.iter().any(|went| went.day() == *day));
    let days = days.into_iter().rev().map(|(day, sums)| (kit::written(day), sums));
    html! {
        (kit::section(words::SUM, &html! { (sum_tiles(&sum)) p.hint { (words::SUM_HINT) } p.hint { (words::UNFOLLOWED_HINT) } }))
        (kit::section(words::BY_DEPARTMENT, &sums_table(words::BY_DEPARTMENT, words::DEPARTMENT, departments)))
        (kit::section(words::LIST, &html! {
            (table(call, &words::list(all.len()), here, roster))
            (sums_table(words::BY_DAY, words::DAY, days))
            (kit::pager(&Pager::numbered(PATH, &period.pairs(), number as u64, pages as u64)))
        }))
    }
}

fn sum_tiles(sum: &Sums) -> Markup {
    let tile = |label, number, unit| Tile { label, value: kit::count(number), unit, href: None };
    let people = crate::words::broadcasts::PEOPLE;
    kit::tiles(&[
        tile(words::BROADCASTS, sum.broadcasts, words::TIMES),
        tile(words::FROZEN, sum.frozen, people),
        tile(words::ACCEPTED, sum.accepted, people),
        tile(words::UNFOLLOWED, sum.unfollowed, people),
    ])
}

fn sums_table(caption: &str, head: &str, sums: impl Iterator<Item = (String, Sums)>) -> Markup {
    let columns = [
        Column::row_head(head),
        Column::number(words::BROADCASTS),
        Column::number(words::FROZEN),
        Column::number(words::ACCEPTED),
        Column::number(words::UNFOLLOWED),
    ];
    let row = |(name, sums): (String, Sums)| {
        let numbers = [sums.broadcasts, sums.frozen, sums.accepted, sums.unfollowed];
        let numbers = numbers.map(|number| html! { (kit::count(number)) });
        [html! { (name) }].into_iter().chain(numbers).collect()
    };
    let rows: Vec<Vec<Markup>> = sums.map(row).collect();
    kit::table(caption, &columns, &rows, &html! {})
}

fn table(call: &Call, caption: &str, all: &[Went], roster: &Roster) -> Markup {
    let columns = [
        Column::row_head(words::NAME),
        Column::text(words::BEGAN),
        Column::text(words::WHO),
        Column::number(words::FROZEN),
        Column::number(words::ACCEPTED),
        Column::text(words::LOST),
        Column::number(words::UNFOLLOWED),
    ];
    let row = |went: &Went| {
        vec![
            html! { a href=(path(&went.id)) { (went.title) } " " (kind_badges(went.lane, went.earnest)) },
            kit::moment(went.began),
            html! {
                div { (department_name(call, &went.department)) }
                div { (words::AUTHOR) "：" (staff_name(roster, &went.author)) }
                div { (words::APPROVER) "：" (approver(went, roster)) }
            },
            html! { (kit::count(went.account.frozen)) },
            html! { (kit::count(went.account.accepted)) },
            lost(&went.account),
            html! { (words::people(went.unfollowed)) },
        ]
    };
    let rows: Vec<Vec<Markup>> = all.iter().map(row).collect();
    kit::table(caption, &columns, &rows, &html! {})
}

/// For whom LINE has not taken it, and why.
fn lost(account: &Account) -> Markup {
    let lines = [
        (words::DROPPED, account.dropped),
        (words::REFUSED, account.refused),
        (words::STOPPED, account.stopped),
        (words::UNCLEAR, account.unclear),
    ];
    html! {
        @for (why, number) in lines.iter().filter(|(_, number)| 0 < *number) { div { (why) "：" (kit::count(*number)) } }
        @if account.accepted == account.frozen { (words::NOBODY) }
    }
}

fn approver<'a>(went: &Went, roster: &'a Roster) -> &'a str {
    went.approval.as_ref().map_or(words::UNRECORDED, |approval| staff_name(roster, &approval.by))
}

/// How many blocked the account after a broadcast, for its own page.
pub(super) fn unfollowed(broadcast: &Broadcast, now: Timestamp) -> Markup {
    let Some(began) = broadcast.state.account().and(broadcast.state.began()) else { return html! {} };
    html! { p { (words::after(broadcast.unfollowed, now.duration_since(began) < KEPT)) } }
}
