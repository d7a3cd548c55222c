//! The table of changes: collections that fall out or move once.

use std::collections::BTreeSet;
use std::str::FromStr;

use domain::garbage::calendar::CollectionChange;
use domain::ids::{CategoryId, ChangeId};

use super::{AREAS, CATEGORIES, Once, References, Source, TEXT_CHARS_MAX, at_most, refer, rows};
use crate::town::files::Need;
use crate::town::problem::{Report, Trouble};
use crate::town::sheet::{Row, excerpt};
use crate::town::table::TownTable;

/// A town keeps at most this many: every question for a collection day looks through them. It is a matter of decades.
const CHANGES_MAX: usize = 1_000;
/// A cell names at most this many ids, so that a change always fits into one record.
const IDS_MAX: usize = 1_000;

pub(super) fn changes(
    source: Source<'_>,
    references: &References,
    categories: &[CategoryId],
    report: &mut Report,
) -> Vec<CollectionChange> {
    let (mut once, mut taken) = (Once::default(), 0);
    rows(source, TownTable::Changes, Need::Optional, report, |row| {
        let id: Option<ChangeId> = row.id("id");
        let date = row.date("date");
        let areas = ids(row, "areas", &references.areas, AREAS);
        let categories = ids(row, "categories", categories, CATEGORIES);
        let moved_to = if row.cell("new_date").is_empty() { Some(None) } else { row.date("new_date").map(Some) };
        let reason = row.optional("reason", TEXT_CHARS_MAX);
        let (id, date, moved_to) = (id?, date?, moved_to?);
        once.check(row, "id", id.as_str())?;
        if moved_to.is_some_and(|day| day <= date) {
            row.trouble("new_date", Trouble::NotLater);
            return None;
        }
        let (areas, categories) = (areas?, categories?);
        at_most(row, &mut taken, CHANGES_MAX)?;
        Some(CollectionChange { id, date, areas, categories, moved_to, reason })
    })
}

/// Ids with spaces between them. One that cannot be read takes the whole cell with it: what is left might be none, and
/// that would mean all.
fn ids<T>(row: &mut Row<'_>, column: &str, known: &[T], file: &'static str) -> Option<BTreeSet<T>>
where
    T: FromStr + Ord + ToString,
{
    let words: Vec<&str> = row.cell(column).split_whitespace().collect();
    if words.len() > IDS_MAX {
        row.trouble(column, Trouble::TooMany { max: IDS_MAX });
        return None;
    }
    let (mut ids, mut all_read) = (BTreeSet::new(), true);
    for word in words {
        if let Ok(id) = word.parse() {
            refer(row, column, &id, known, file);
            ids.insert(id);
        } else {
            row.trouble(column, Trouble::InvalidId { found: excerpt(word) });
            all_read = false;
        }
    }
    all_read.then_some(ids)
}
