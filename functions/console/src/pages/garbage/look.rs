//! How categories and months look: a sign in the category's color beside its name, and the name alone said to who cannot see.

use domain::dates::Period;
use domain::garbage::sheet::{Day, Month, signs};
use domain::ids::CategoryId;
use domain::town::Category;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::kit;
use crate::words::garbage as words;

/// The categories of a page, each with its sign.
pub(super) struct Signs<'a>(Vec<(&'a Category, String)>);

impl<'a> Signs<'a> {
    pub(super) fn of(categories: Vec<&'a Category>) -> Self {
        let names: Vec<&str> = categories.iter().map(|category| category.name.ja.as_str()).collect();
        let signs = signs(&names);
        Self(categories.into_iter().zip(signs).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a Category, &str)> {
        self.0.iter().map(|(category, sign)| (*category, sign.as_str()))
    }

    /// The drawings of the signs, once for a page; [`Self::sign`] shows them.
    pub(super) fn drawings(&self) -> Markup {
        html! {
            svg.sign-drawings aria-hidden="true" focusable="false" {
                @for (at, (category, sign)) in self.0.iter().enumerate() {
                    symbol id=(drawing(at)) viewBox="0 0 24 24" {
                        rect width="24" height="24" rx="4" fill=(category.color) {}
                        text x="12" y="18" text-anchor="middle" font-size="17" font-weight="700" fill="#fff" { (sign) }
                    }
                }
            }
        }
    }

    /// The sign of a category; nothing for one that the page does not have.
    pub(super) fn sign(&self, category: &CategoryId) -> Markup {
        let at = self.0.iter().position(|(known, _)| known.id == *category);
        html! {
            @if let Some(at) = at {
                svg.sign aria-hidden="true" focusable="false" { use href={ "#" (drawing(at)) } {} }
            }
        }
    }

    /// The sign of a category, and its name.
    pub(super) fn named(&self, category: &Category) -> Markup {
        html! { (self.sign(&category.id)) " " (category.name.ja) }
    }

    /// The sign of a category, with its name for who does not see it.
    fn alone(&self, category: &Category) -> Markup {
        html! { (self.sign(&category.id)) span.unseen { (category.name.ja) } }
    }
}

fn drawing(at: usize) -> String {
    format!("sign-{at}")
}

/// How much of a day there is room for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// For names and remarks.
    Large,
    /// For signs alone.
    Small,
}

/// The days on which the centre of an area takes nothing, each with the reason.
pub(super) type Closed = [(Period, String)];

/// A month as a table of weeks; on a narrow screen a large one is a list of its days. Roles are written out, as in [`kit::table`].
pub(super) fn month(month: &Month<'_>, size: Size, today: Date, signs: &Signs<'_>, closed: &Closed) -> Markup {
    let class = match size {
        Size::Large => "month month-large",
        Size::Small => "month month-small",
    };
    html! {
        table class=(class) role="table" {
            caption { (words::month(month.month)) }
            thead role="rowgroup" {
                tr role="row" { @for name in words::WEEKDAYS { th scope="col" role="columnheader" { (name) } } }
            }
            tbody role="rowgroup" {
                @for week in &month.weeks {
                    tr role="row" {
                        @for day in week {
                            @if let Some(day) = day { (cell(day, size, today, signs, closed)) }
                            @else { td.month-none role="cell" {} }
                        }
                    }
                }
            }
        }
    }
}

fn cell(day: &Day<'_>, size: Size, today: Date, signs: &Signs<'_>, closed: &Closed) -> Markup {
    let is_today = day.date == today;
    html! {
        td.month-today[is_today] role="cell" aria-current=[is_today.then_some("date")] {
            @match size {
                Size::Large => {
                    p.month-date {
                        time datetime=(day.date.to_string()) {
                            (day.date.day()) span.month-weekday { (words::weekday_in_brackets(day.date)) }
                        }
                        @if day.is_holiday { " " span.month-holiday { (words::HOLIDAY) } }
                        @if is_today { " " (words::TODAY) }
                    }
                    @if !day.categories.is_empty() {
                        ul.collected { @for category in &day.categories { li { (signs.named(category)) } } }
                    }
                    (remarks(day, closed))
                }
                Size::Small => {
                    span.month-date.month-holiday[day.is_holiday] { (day.date.day()) }
                    @for category in &day.categories { " " (signs.alone(category)) }
                    @if !day.missing.is_empty() { " " span.month-out { (words::OUT_SIGN) } }
                }
            }
        }
    }
}

/// What departs from the rules on a day, and why.
fn remarks(day: &Day<'_>, closed: &Closed) -> Markup {
    let notes =
        closed.iter().filter(|(days, _)| days.contains(day.date)).map(|(_, note)| words::closed_for(note).to_owned());
    let missing = day.missing.iter().map(|missing| {
        let change = missing.change.map(|change| (change.reason.as_str(), change.moved_to));
        words::missing(&missing.category.name.ja, change)
    });
    let moved = day
        .moved_here
        .iter()
        .map(|(category, change)| words::moved_here(&category.name.ja, change.date, &change.reason));
    let remarks: Vec<String> = notes.chain(missing).chain(moved).collect();
    html! { @if !remarks.is_empty() { ul.remarks { @for remark in &remarks { li { (remark) } } } } }
}

/// What the signs mean, with the time by which each is put out.
pub(super) fn legend(signs: &Signs<'_>) -> Markup {
    html! {
        ul.legend {
            @for (category, _) in signs.iter() {
                li {
                    (signs.named(category))
                    @if !category.put_out_by.is_empty() { " " span.legend-time { (words::put_out_by(&category.put_out_by)) } }
                }
            }
            li { span.month-out { (words::OUT_SIGN) } " " (words::OUT_SIGN_MEANS) }
        }
    }
}

/// The districts of an area, in a sentence that is not too long.
pub(super) fn district_names(names: &[&str], shown: usize) -> Markup {
    html! {
        @if names.is_empty() { (words::NO_DISTRICTS) }
        (names.iter().take(shown).copied().collect::<Vec<_>>().join("、"))
        @if shown < names.len() { (words::and_more(&kit::count_of(names.len() - shown))) }
    }
}
