//! The parts that pages are made of: functions that give `Markup`, labelled, escaped, and free of inline style and script.

mod buttons;
mod chart;
mod choices;
mod confirm;
mod diff;
mod fields;
mod fold;
mod form;
#[cfg(test)]
pub(crate) mod gallery;
mod layout;
mod notice;
mod pager;
mod preview;
mod progress;
mod table;
#[cfg(test)]
pub(crate) mod testing;
mod values;

pub use buttons::{ButtonKind, actions, link_button, submit, submit_named};
pub use chart::{Bars, bar_chart};
pub use choices::{Choice, checkboxes, radios, select};
pub use confirm::{Confirm, confirm};
pub use diff::{Change, changes};
pub use fields::{Field, InputKind, file, input, text, textarea};
pub use fold::{fold, unfolded};
pub use form::{
    CSRF_FIELD, Errors, Form, csrf, error_summary, filter, form, hidden, post_button, search, search_by_post, title,
};
pub use layout::{Tile, breadcrumbs, card, definitions, heading, section, tabs, tiles};
pub use notice::{BadgeKind, NoticeKind, badge, headline, notice};
pub use pager::{Pager, pager, pager_by_post};
pub use preview::{PhonePreview, compose, phone_preview};
pub use progress::{Progress, progress, progress_saying};
pub use table::{Column, table};
pub use values::{count, count_of, date, moment, moment_text, time_of_day, written};
