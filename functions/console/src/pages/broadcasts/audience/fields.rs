//! The form's HTML.

use domain::ids::DateKindId;
use domain::language::Language;
use maud::{Markup, html};

use super::read::{EXCEPT, JOIN, name_in_group, name_in_row, name_of_new};
use super::{AudienceForm, DO, GROUPS_MAX, Group, Join, ROWS_MAX, Row, SHOW, Side, Unit};
use crate::kit::{self, ButtonKind, Choice, Errors, Field, InputKind};
use crate::words::audience::form as words;
use crate::words::audience::{Names, sentence};

/// More choices than this are folded away once something is chosen.
const FOLDED_FROM: usize = 12;

/// The fields with what was typed, the sentence they make, and their buttons. They go into a form of the page.
///
/// The first button only shows the form again: it is the one that a browser presses when somebody presses Enter in a field.
#[must_use]
pub fn fields(names: &Names<'_>, form: &AudienceForm, errors: &Errors) -> Markup {
    let several = 1 < form.groups.len();
    html! {
        p { (words::ABOUT) }
        section.card {
            h3.card-title { (words::SENTENCE) }
            @match form.audience(names) {
                Ok(audience) => p { strong { (sentence(&audience, names)) } },
                Err(_) => p.hint { (words::NOT_YET) },
            }
            (kit::submit_named(ButtonKind::Plain, words::SHOW, DO, SHOW))
        }
        @if several { (join_field(JOIN, words::MATCH_GROUPS, form.join)) }
        @else { (kit::hidden(JOIN, form.join.value())) }
        @for (number, group) in form.groups.iter().enumerate() {
            @if several {
                section.card {
                    h3.card-title { (words::group(number + 1)) }
                    (group_fields(names, number, group, errors))
                    (except(&name_in_group(number, "side"), group.side))
                    @let label = words::remove_group(number + 1);
                    (kit::submit_named(ButtonKind::Plain, &label, DO, &format!("remove-group:{number}")))
                }
            } @else {
                (group_fields(names, number, group, errors))
                // Of a group that stands alone now; it can be taken back only where it is seen.
                @if group.side == Side::Except { (except(&name_in_group(number, "side"), group.side)) }
            }
        }
        @if form.groups.len() < GROUPS_MAX {
            p.hint { (words::ADD_GROUP_ABOUT) }
            (kit::submit_named(ButtonKind::Plain, words::ADD_GROUP, DO, "add-group"))
        }
    }
}

fn group_fields(names: &Names<'_>, number: usize, group: &Group, errors: &Errors) -> Markup {
    let join = name_in_group(number, "join");
    html! {
        @if 1 < group.rows.len() { (join_field(&join, words::MATCH, group.join)) }
        @else { (kit::hidden(&join, group.join.value())) }
        @for (at, row) in group.rows.iter().enumerate() {
            (row_fields(names, number, at, row, errors))
        }
        @if group.rows.len() < ROWS_MAX {
            @let name = name_of_new(number);
            @let kinds = words::KINDS.map(|(value, label)| Choice::new(value, label));
            (kit::select(&Field::new(&name, words::NEW).error(errors.of(&name)), &kinds))
            (kit::submit_named(ButtonKind::Secondary, words::ADD, DO, &format!("add-row:{number}")))
        }
    }
}

fn join_field(name: &str, label: &str, join: Join) -> Markup {
    let choices = [Choice::new(Join::All.value(), words::MATCH_ALL), Choice::new(Join::Any.value(), words::MATCH_ANY)];
    kit::radios(&Field::new(name, label).value(join.value()), &choices)
}

fn except(name: &str, side: Side) -> Markup {
    let id = format!("f-{name}");
    html! {
        div.choice {
            input type="checkbox" id=(id) name=(name) value=(EXCEPT) checked[side == Side::Except];
            label for=(id) { (words::EXCEPT) }
        }
    }
}

fn row_fields(names: &Names<'_>, group: usize, at: usize, row: &Row, errors: &Errors) -> Markup {
    let remove = words::remove_row(at + 1);
    html! {
        fieldset.field {
            legend.label { (words::row(at + 1, row.kind)) }
            (kit::hidden(&name_in_row(group, at, "kind"), row.kind))
            (condition(names, group, at, row, errors))
            (except(&name_in_row(group, at, "side"), row.side))
            (kit::submit_named(ButtonKind::Plain, &remove, DO, &format!("remove-row:{group}:{at}")))
        }
    }
}

fn condition(names: &Names<'_>, group: usize, at: usize, row: &Row, errors: &Errors) -> Markup {
    let town = names.town;
    match row.kind {
        "districts" => {
            let choices = town.districts.iter().map(|it| Choice::new(it.id.as_str(), &it.name)).collect::<Vec<_>>();
            several(group, at, row, &choices, errors)
        }
        "areas" => {
            let choices = town.areas.values().map(|it| Choice::new(it.id.as_str(), &it.name)).collect::<Vec<_>>();
            several(group, at, row, &choices, errors)
        }
        "topics-any" | "topics-all" => {
            let choices = town.topics.iter().map(|it| Choice::new(it.id.as_str(), &it.name.ja)).collect::<Vec<_>>();
            several(group, at, row, &choices, errors)
        }
        "languages" => {
            let choices = Language::ALL.map(|it| Choice::new(it.tag(), crate::words::residents::language(it)));
            several(group, at, row, &choices, errors)
        }
        "date-in" => date_in(names, group, at, row, errors),
        "garbage-reminded" => garbage_reminded(names, group, at, row, errors),
        "child-age" => child_age(group, at, row, errors),
        "joined-since" => {
            let name = name_in_row(group, at, "day");
            let field = Field::new(&name, words::DAY).value(row.day.as_str()).error(errors.of(&name));
            kit::input(InputKind::Date, &field)
        }
        _ => {
            // Ids begin with the time, so the newest stands first.
            let titles = names.broadcasts.iter().rev();
            let choices: Vec<_> = titles.map(|(id, title)| Choice::new(id.as_str(), title)).collect();
            let name = name_in_row(group, at, "of");
            let chosen = row.of.first().map_or("", String::as_str);
            kit::select(&Field::new(&name, words::BROADCAST).value(chosen).error(errors.of(&name)), &choices)
        }
    }
}

/// Boxes to tick; a long list is folded once it is done.
fn several(group: usize, at: usize, row: &Row, choices: &[Choice<'_>], errors: &Errors) -> Markup {
    boxes(&name_in_row(group, at, "of"), words::OF, choices, &row.of, errors)
}

fn boxes(name: &str, label: &str, choices: &[Choice<'_>], ticked: &[String], errors: &Errors) -> Markup {
    let field = Field::new(name, label).error(errors.of(name));
    let boxes = html! { div.many { (kit::checkboxes(&field, choices, ticked)) } };
    let is_done = !ticked.is_empty() && errors.of(name).is_none();
    if is_done && FOLDED_FROM < choices.len() { kit::fold(&words::chosen(ticked.len()), &boxes) } else { boxes }
}

/// Who is reminded: in which areas, and of what; nothing ticked is everything.
fn garbage_reminded(names: &Names<'_>, group: usize, at: usize, row: &Row, errors: &Errors) -> Markup {
    let town = names.town;
    let areas: Vec<_> = town.areas.values().map(|it| Choice::new(it.id.as_str(), &it.name)).collect();
    let categories: Vec<_> = town.categories.iter().map(|it| Choice::new(it.id.as_str(), &it.name.ja)).collect();
    html! {
        (boxes(&name_in_row(group, at, "of"), words::IN_AREAS, &areas, &row.of, errors))
        (boxes(&name_in_row(group, at, "also"), words::CATEGORIES, &categories, &row.also, errors))
    }
}

fn date_in(names: &Names<'_>, group: usize, at: usize, row: &Row, errors: &Errors) -> Markup {
    let [of, day] = ["of", "day"].map(|what| name_in_row(group, at, what));
    let kinds = names.town.dates.iter().map(|kind| Choice::new(kind.id.as_str(), &kind.name.ja));
    let kinds: Vec<_> = [Choice::new(DateKindId::CHILD, words::CHILD)].into_iter().chain(kinds).collect();
    let chosen = row.of.first().map_or("", String::as_str);
    let month = Field::new(&day, words::MONTH).hint(words::MONTH_HINT).value(row.day.as_str()).error(errors.of(&day));
    html! {
        (kit::select(&Field::new(&of, words::DATE_KIND).value(chosen).error(errors.of(&of)), &kinds))
        (kit::input(InputKind::Month, &month))
    }
}

fn child_age(group: usize, at: usize, row: &Row, errors: &Errors) -> Markup {
    let [from, to, unit] = ["from", "to", "unit"].map(|what| name_in_row(group, at, what));
    let units = [Choice::new(Unit::Years.value(), words::YEARS), Choice::new(Unit::Months.value(), words::MONTHS)];
    let field = |name, label, value| Field::new(name, label).value(value).error(errors.of(name)).autocomplete("off");
    html! {
        (kit::radios(&field(&unit, words::UNIT, row.unit.value()).hint(words::AGE_HINT), &units))
        (kit::input(InputKind::Digits, &field(&from, words::FROM, row.from.as_str())))
        (kit::input(InputKind::Digits, &field(&to, words::TO, row.to.as_str())))
    }
}
