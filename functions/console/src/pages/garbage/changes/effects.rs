//! What a change does, area by area.

use domain::garbage::effect::{Effect, Fallen};
use domain::town::Town;
use maud::{Markup, html};

use super::super::districts;
use super::super::look::district_names;
use crate::kit::{self, Column};
use crate::words::garbage as words;

/// So many districts are named beside an area.
const DISTRICTS_NAMED: usize = 12;

/// A table with a row for each area: what falls out, and when it is collected next.
pub(super) fn table(town: &Town, effects: &[Effect<'_>]) -> Markup {
    let columns = [Column::row_head(words::AREA), Column::text(words::DISTRICTS), Column::text(words::FALLS_OUT)];
    let row = |effect: &Effect<'_>| {
        vec![
            html! { (effect.area.name) },
            district_names(&districts(town, &effect.area.id), DISTRICTS_NAMED),
            html! { ul.collected { @for fallen in &effect.fallen { li { (sentence(fallen)) } } } },
        ]
    };
    let rows: Vec<Vec<Markup>> = effects.iter().map(row).collect();
    kit::table(words::EFFECTS, &columns, &rows, &html! { p { (words::NO_EFFECT) } })
}

fn sentence(fallen: &Fallen<'_>) -> Markup {
    html! {
        (fallen.category.name.ja) "："
        @match fallen.next {
            Some(day) => { (words::NEXT_DAY) " " (kit::date(day)) },
            None => { (words::NO_NEXT_DAY) },
        }
    }
}
