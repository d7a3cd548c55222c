//! Somebody else changed the same part first: what differs, and the choice between theirs and mine.

use app::town::edit::Cells;
use http::StatusCode;
use maud::{Markup, html};

use super::edit::PartForm;
use super::{lines, path, said};
use crate::kit::{self, ButtonKind, Column, Errors, NoticeKind};
use crate::web::{Answer, Failure};
use crate::words::settings as words;
use crate::words::town as town_words;

/// The page with everything that differs, and the form that saves mine over theirs knowingly.
pub(super) fn page_of(form: &PartForm<'_>, now: &Cells) -> Result<Answer, Failure> {
    let none = Errors::default();
    let again = PartForm { seen: now, ..*form };
    let content = html! {
        (said(NoticeKind::Warning, town_words::CONFLICT, &html! {}))
        (compared(form, now))
        (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::TAKE_THEIRS, &path(form.part))]))
        (again.content(&none, town_words::OVERWRITE)?)
    };
    Ok(form.page(&none, &content).status(StatusCode::CONFLICT).into())
}

/// Field by field: as it was seen, as it is now, as it was typed. Fields that are the same everywhere are left out.
fn compared(form: &PartForm<'_>, now: &Cells) -> Markup {
    let columns = [
        Column::row_head(town_words::FIELD),
        Column::text(town_words::AS_SEEN),
        Column::text(town_words::THEIRS),
        Column::text(town_words::MINE),
    ];
    let row = |(at, column): (usize, &&'static str)| {
        let cells = [form.seen, now, form.cells].map(|cells| cells.get(at).map_or("", String::as_str));
        let differs = cells.iter().any(|cell| *cell != cells[0]);
        differs.then(|| {
            let name = html! { (words::field(column)) };
            std::iter::once(name).chain(cells.iter().map(|cell| lines(&words::value(column, cell)))).collect()
        })
    };
    let rows: Vec<Vec<Markup>> = form.part.columns().iter().enumerate().filter_map(row).collect();
    kit::table(town_words::COMPARISON, &columns, &rows, &html! {})
}
