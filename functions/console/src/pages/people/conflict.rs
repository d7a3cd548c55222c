//! Two administrators changed one person at the same time: the second sees both changes, and nothing is overwritten.

use app::staff::Seen;
use domain::staff::{PersonName, Role, Roles, Staff, Standing};
use domain::town::Town;
use http::StatusCode;
use maud::{Markup, html};

use super::draft::Draft;
use super::roles::{Level, department_name, levels};
use super::{crumbs, edit, path_of};
use crate::kit::{self, Change, Errors, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::people as words;

/// One side of a comparison: names of fields with their values.
type Side = Vec<(String, String)>;

/// The page: what the others changed since the form was made, and what it would change now.
pub(super) fn page(
    call: &Call,
    seen: &Seen,
    now: &Staff,
    draft: &Draft,
    (name, roles): (&PersonName, &Roles),
) -> Result<Answer, Failure> {
    let title = words::change_title(now.name.as_str());
    let stored = Seen::of(now);
    let all = [&seen.roles, &stored.roles, roles];
    let side = |name: &PersonName, roles: &Roles, standing| side(&call.town, &all, (name, roles, standing));
    let opened = side(&seen.name, &seen.roles, seen.standing);
    let is_now = side(&stored.name, &stored.roles, stored.standing);
    let typed = side(name, roles, stored.standing);
    let content = html! {
        (crumbs(&title))
        (kit::heading(&title, None))
        (differences(words::THEIR_CHANGES, (words::WHEN_OPENED, &opened), (words::STORED, &is_now)))
        (differences(words::YOUR_CHANGES, (words::STORED, &is_now), (words::TYPED, &typed)))
        p { a href=(path_of(now)) { (words::START_ANEW) } }
        (edit::form(call, now, draft, &Errors::default(), words::SAVE_ANYWAY)?)
    };
    let page = Page::new(words::MEANWHILE.title, Section::People, content).status(StatusCode::CONFLICT);
    Ok(page.notice(NoticeKind::Warning, words::MEANWHILE.title, words::MEANWHILE.text).into())
}

fn side(town: &Town, all: &[&Roles], (name, roles, standing): (&PersonName, &Roles, Standing)) -> Side {
    let has = levels(roles);
    let administrator = if roles.0.contains(&Role::Administrator) { words::ADMINISTRATOR } else { words::NO_ROLE };
    let mut side = vec![
        (words::NAME.to_owned(), name.as_str().to_owned()),
        (words::STANDING.to_owned(), words::standing(standing).to_owned()),
        (words::ADMINISTRATOR.to_owned(), administrator.to_owned()),
    ];
    let departments: std::collections::BTreeSet<_> = all.iter().flat_map(|roles| roles.departments()).collect();
    side.extend(departments.into_iter().map(|id| {
        let level = has.get(id).copied().unwrap_or(Level::Nothing);
        (department_name(town, id), level.word().to_owned())
    }));
    side
}

fn differences(caption: &str, (before, old): (&str, &Side), (after, new): (&str, &Side)) -> Markup {
    let changes: Vec<Change<'_>> = old
        .iter()
        .zip(new)
        .filter(|(old, new)| old != new)
        .map(|((label, old), (_, new))| Change { label, before: Some(old), after: Some(new) })
        .collect();
    html! {
        @if changes.is_empty() { p { (words::NO_DIFFERENCE) } }
        @else { (kit::changes(caption, before, after, &changes)) }
    }
}
