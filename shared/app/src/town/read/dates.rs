//! The table of dates: the months that residents are asked for, to be reminded by them.

use domain::ids::DateKindId;
use domain::town::{DateKind, Direction};

use super::{Once, QUESTION_CHARS_MAX, Source, at_most, in_languages, name, rows};
use crate::town::files::Need;
use crate::town::problem::{Report, Trouble};
use crate::town::table::TownTable;

/// A town asks for at most this many: a resident looks through them in the chat.
const DATES_MAX: usize = 50;

pub(super) fn dates(source: Source<'_>, report: &mut Report) -> Vec<DateKind> {
    const DIRECTIONS: [(&str, Direction); 3] =
        [("past", Direction::Past), ("future", Direction::Future), ("any", Direction::Any)];
    let (mut once, mut taken) = (Once::default(), 0);
    rows(source, TownTable::Dates, Need::Optional, report, |row| {
        let id: Option<DateKindId> = row.id("id");
        let name = name(row);
        let question = in_languages(row, ["question", "question_easy", "question_en"], QUESTION_CHARS_MAX);
        let direction = row.choice("direction", "past、future、any", &DIRECTIONS);
        let id = id?;
        if id.is_child() {
            row.trouble("id", Trouble::ReservedId { found: id.to_string() });
            return None;
        }
        once.check(row, "id", id.as_str())?;
        let (name, question, direction) = (name?, question?, direction?);
        at_most(row, &mut taken, DATES_MAX)?;
        Some(DateKind { id, name, question, direction })
    })
}
