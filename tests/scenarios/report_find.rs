//! How staff find reports: the board, lists with filters page by page, a number that somebody says, and what lies near.

use std::collections::BTreeSet;

use app::ports::Clock;
use app::ports::reports::Reports;
use app::ports::staff::Written;
use app::report::find::{Assignee, Filter};
use domain::ids::ReportId;
use domain::report::kind::ReportKind;
use domain::report::place::Point;
use domain::report::{Deed, Report, ReportNumber, Reporter, Standing};
use domain::time::date_in_japan;
use jiff::SignedDuration;

use crate::report_desk::{Office, light, resident, work};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn done() -> Deed {
    Deed::Done { answer: String::new() }
}

fn decline() -> Deed {
    Deed::Decline { why: "県の道路です。".to_owned() }
}

/// Files a report of a kind at a place, and does something to it.
async fn filed(office: &Office, kind: &ReportKind, at: (f64, f64), deeds: impl IntoIterator<Item = Deed>) -> Report {
    let mut filing = office.filing(Reporter::Resident(resident(1)));
    filing.place.point = Point::new(at.0, at.1).unwrap();
    let now = office.city.clock.now();
    let mut report = Report::file(filing, kind, now).unwrap();
    for deed in deeds {
        report.act(deed, &"hanako".parse().unwrap(), now).unwrap();
    }
    assert_eq!(office.city.reports.put(&report, None, None).await.unwrap(), Written::Done);
    report
}

fn park() -> ReportKind {
    ReportKind { id: "park".parse().unwrap(), department: "parks".parse().unwrap(), due_days: None, ..light() }
}

const HERE: (f64, f64) = (35.123_45, 139.123_45);

/// An office with so many reports, of two kinds and four standings by turns; the earliest first.
async fn full(count: usize) -> (Office, Vec<Report>) {
    let office = Office::open();
    let mut reports = Vec::new();
    for number in 0..count {
        let kind = if number % 3 == 0 { park() } else { light() };
        let deeds = match number % 5 {
            0 | 1 => Vec::new(),
            2 => vec![work()],
            3 => vec![done()],
            _ => vec![decline()],
        };
        reports.push(filed(&office, &kind, HERE, deeds).await);
    }
    (office, reports)
}

/// All pages of a list.
async fn all(office: &Office, filter: &Filter, limit: usize) -> Vec<ReportId> {
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let page = office.desk.list(filter, before.as_ref(), limit).await.unwrap();
        assert!(page.reports.len() <= limit);
        ids.extend(page.reports.into_iter().map(|report| report.id));
        match page.more {
            Some(more) => before = Some(more),
            None => return ids,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_page_goes_on_where_the_last_one_ended_whatever_is_wanted() {
    let (office, reports) = full(1_100).await;
    let department = |id: &str| Some(BTreeSet::from([id.parse().unwrap()]));
    let every = Standing::ALL.to_vec();
    let filters = [
        Filter { standings: every.clone(), ..Filter::default() },
        Filter { standings: vec![Standing::Received], ..Filter::default() },
        Filter { standings: vec![Standing::Working, Standing::Done, Standing::Declined], ..Filter::default() },
        Filter { standings: every.clone(), departments: department("parks"), ..Filter::default() },
        Filter { standings: every.clone(), kind: Some("light".parse().unwrap()), ..Filter::default() },
        Filter { standings: every, departments: department("elsewhere"), ..Filter::default() },
        Filter::default(),
    ];
    for filter in filters {
        let fits = |report: &&Report| {
            filter.standings.contains(&report.state.standing())
                && filter.departments.as_ref().is_none_or(|some| some.contains(&report.department))
                && filter.kind.as_ref().is_none_or(|kind| *kind == report.kind)
        };
        let wanted: Vec<ReportId> = reports.iter().rev().filter(fits).map(|report| report.id.clone()).collect();
        for limit in [7, 200, 5_000] {
            assert_eq!(all(&office, &filter, limit).await, wanted, "{filter:?} by {limit}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_search_for_few_among_many_stops_for_breath() {
    let (office, reports) = full(5_300).await;
    let rare = Filter {
        standings: Standing::ALL.to_vec(),
        assignee: Some(Assignee::One("jiro".parse().unwrap())),
        ..Filter::default()
    };
    let first = office.desk.list(&rare, None, 50).await.unwrap();
    assert!(first.reports.is_empty() && first.more.is_some(), "{:?}", first.more);
    assert!(all(&office, &rare, 50).await.is_empty());
    let oldest = &reports[0];
    office.act(oldest, Deed::Assign(Some("jiro".parse().unwrap()))).await;
    assert_eq!(all(&office, &rare, 50).await, std::slice::from_ref(&oldest.id));
    let nobodys = Filter { standings: vec![Standing::Received], assignee: Some(Assignee::Nobody), ..Filter::default() };
    assert_eq!(all(&office, &nobodys, 5_000).await.len(), 5_300 / 5 * 2 - 1);
}

#[tokio::test(start_paused = true)]
async fn the_board_counts_what_is_open_and_what_is_late() {
    let (office, reports) = full(1_000).await;
    let today = date_in_japan(office.city.clock.now());
    let board = office.desk.board(today).await.unwrap();
    let count = |department: &str, standing| {
        let of = |report: &&Report| report.department.as_str() == department && report.state.standing() == standing;
        reports.iter().filter(of).count()
    };
    for ((department, standing), counted) in &board.open {
        assert_eq!(*counted, count(department.as_str(), *standing));
    }
    assert_eq!(board.open.values().sum::<usize>(), 600, "those that are closed are not on it");
    assert!(board.overdue.is_empty() && !board.has_more);
    office.city.clock.advance(DAY * 15);
    let late = office.desk.board(date_in_japan(office.city.clock.now())).await.unwrap();
    let lights = count("roads", Standing::Received) + count("roads", Standing::Working);
    assert_eq!(late.overdue.into_iter().collect::<Vec<_>>(), [("roads".parse().unwrap(), lights)]);
    let overdue = Filter {
        standings: Standing::ALL.to_vec(),
        overdue_on: Some(date_in_japan(office.city.clock.now())),
        ..Filter::default()
    };
    assert_eq!(all(&office, &overdue, 100).await.len(), lights, "the list and the board agree");
}

#[tokio::test(start_paused = true)]
async fn a_board_with_too_much_on_it_says_so() {
    let office = Office::open();
    for _ in 0..5_001 {
        filed(&office, &light(), HERE, []).await;
    }
    let board = office.desk.board(date_in_japan(office.city.clock.now())).await.unwrap();
    assert!(board.has_more);
    assert_eq!(board.open.into_values().collect::<Vec<_>>(), [5_000]);
}

#[tokio::test(start_paused = true)]
async fn a_report_is_found_by_its_number_however_it_stands() {
    let (office, mut reports) = full(600).await;
    office.city.clock.advance(DAY);
    for _ in 0..300 {
        reports.push(filed(&office, &light(), HERE, []).await);
    }
    for report in [&reports[0], &reports[3], &reports[4], &reports[599], &reports[600], &reports[899]] {
        let found = office.desk.of_number(&report.number()).await.unwrap();
        assert_eq!(found.iter().map(|one| &one.id).collect::<Vec<_>>(), [&report.id], "{}", report.number());
        let typed: ReportNumber = report.number().to_string().to_lowercase().replace('-', "").parse().unwrap();
        assert_eq!(office.desk.of_number(&typed).await.unwrap(), found);
    }
    let nobody = ReportNumber::of(&ReportId::first_at(office.city.clock.now() + DAY));
    assert!(office.desk.of_number(&nobody).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_lies_near_is_shown_the_nearest_first_and_nothing_that_is_over() {
    let office = Office::open();
    let north = |metres: f64| (HERE.0 + metres / 111_195.0, HERE.1);
    filed(&office, &light(), north(10.0), [done()]).await;
    let still_open = filed(&office, &light(), north(40.0), []).await;
    office.city.clock.advance(DAY * 181);
    let closed = filed(&office, &park(), north(30.0), [decline()]).await;
    let next_cell = filed(&office, &light(), north(-49.0), [work()]).await;
    filed(&office, &light(), north(52.0), []).await;
    let duplicate = filed(&office, &light(), north(1.0), []).await;
    let here = filed(&office, &light(), HERE, []).await;
    office.desk.merge(&duplicate.id, 1, &here.id, &"hanako".parse().unwrap()).await.unwrap();
    let near = office.desk.near(&here, 50).await.unwrap();
    let found: Vec<(&ReportId, u32)> = near.iter().map(|(neighbour, metres)| (&neighbour.id, *metres)).collect();
    assert_eq!(found, [(&closed.id, 30), (&still_open.id, 40), (&next_cell.id, 49)]);
    assert_eq!(office.desk.near(&here, 500).await.unwrap().len(), 4);
    assert!(office.desk.near(&here, 0).await.unwrap().is_empty());
}
