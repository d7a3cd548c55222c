//! What is odd in the rules of the calendar, said in words, with the way to what has to be mended.

use std::collections::BTreeSet;

use app::town::table::TownTable;
use domain::garbage::calendar::Finding;
use domain::ids::{AreaId, CategoryId, ChangeId};
use domain::town::Town;
use maud::{Markup, html};

use crate::kit::{self, NoticeKind};
use crate::pages::town;
use crate::web::{Call, Failure};
use crate::words::garbage as words;
use crate::words::garbage::finding as said;

/// So many are told at once; the rest when these are mended.
const SHOWN: usize = 20;

/// The areas that a finding is about; none: all of them, or none.
pub(super) fn areas(finding: &Finding) -> BTreeSet<&AreaId> {
    match finding {
        Finding::Quiet { area, .. }
        | Finding::Lost { area, .. }
        | Finding::ExtraExcepted { area, .. }
        | Finding::EmptyLine { area, .. }
        | Finding::ChangeMeets { area, .. }
        | Finding::ChangesNothing { area: Some(area), .. } => BTreeSet::from([area]),
        Finding::ClosuresDiffer { areas, .. } => areas.iter().collect(),
        Finding::ChangesNothing { area: None, .. } => BTreeSet::new(),
    }
}

/// Findings as a list in a box; nothing where there are none.
pub(super) fn listed(call: &Call, findings: &[&Finding]) -> Result<Markup, Failure> {
    let sentences = findings.iter().take(SHOWN).map(|finding| sentence(call, finding));
    let sentences: Vec<Markup> = sentences.collect::<Result<_, _>>()?;
    let list = html! {
        ul { @for sentence in &sentences { li { (sentence) } } }
        @if SHOWN < findings.len() { p { (words::and_more_findings(&kit::count_of(findings.len() - SHOWN))) } }
    };
    Ok(html! { @if !findings.is_empty() { (kit::notice(NoticeKind::Warning, words::FINDINGS_TITLE, &list)) } })
}

fn sentence(call: &Call, finding: &Finding) -> Result<Markup, Failure> {
    let town = &call.town;
    let (text, way) = match finding {
        Finding::Quiet { area, category, next } => {
            (said::quiet(&place(town, area, category), *next), to_rules(call, area, category)?)
        }
        Finding::Lost { area, category, date, moved_to } => {
            (said::lost(&place(town, area, category), *date, *moved_to), to_rules(call, area, category)?)
        }
        Finding::ExtraExcepted { area, category, date } => {
            (said::extra_excepted(&place(town, area, category), *date), to_rules(call, area, category)?)
        }
        Finding::EmptyLine { area, category, line } => {
            (said::empty_line(&place(town, area, category), &kit::count_of(*line)), to_rules(call, area, category)?)
        }
        Finding::ClosuresDiffer { first, second, date, .. } => {
            let way = html! { a href=(town::path(TownTable::Closures)) { (words::TO_CLOSURES) } };
            (said::closures_differ(*date, &first.to_string(), &second.to_string()), way)
        }
        Finding::ChangesNothing { change, area, date } => {
            let area = area.as_ref().map(|area| area_name(town, area));
            (said::changes_nothing(*date, area), to_change(change))
        }
        Finding::ChangeMeets { change, area, category, date } => {
            (said::change_meets(&place(town, area, category), *date), to_change(change))
        }
    };
    Ok(html! { (text) " " (way) })
}

fn to_change(change: &ChangeId) -> Markup {
    html! { a href=(super::changes::path(change)) { (words::TO_CHANGE) } }
}

/// The way to the rules of a category in an area, for whoever may change them.
fn to_rules(call: &Call, area: &AreaId, category: &CategoryId) -> Result<Markup, Failure> {
    let rules = super::rules(call, area, category)?;
    Ok(html! { @if let Some(rules) = rules { a href=(rules) { (words::TO_RECORD) } } })
}

fn place(town: &Town, area: &AreaId, category: &CategoryId) -> String {
    let category = town.category(category).map_or(category.as_str(), |category| &category.name.ja);
    said::place(area_name(town, area), category)
}

fn area_name<'a>(town: &'a Town, area: &'a AreaId) -> &'a str {
    town.areas.get(area).map_or(area.as_str(), |area| &area.name)
}
