//! `/calendar`: the districts by their readings, each with the way to the days of its collection area.

use domain::language::Language;
use domain::resident::Switch;
use domain::text::kana_row;
use domain::town::{Area, District, Town};
use maud::{Markup, html};

use super::{Look, OPEN_DATA, PART, PATH};
use crate::frame::{Link, document, japanese, languages};
use crate::query::address;
use crate::words::{self, titled};
use crate::{news, public};

/// The page; the open data comes in so many files.
pub(super) fn list(look: &Look<'_>, files: usize) -> Markup {
    let (words, town, language) = (look.words(), look.town, look.language);
    let open_data = |part| address(OPEN_DATA, Language::Japanese, Some((PART, part)).filter(|_| 1 < part));
    let without: Vec<&Area> = town.areas.values().filter(|area| has_no_district(town, area)).collect();
    let content = html! {
        header {
            h1 { (words.title) }
            p.note { (words.lead) }
            (languages(town, language, |language| address(PATH, language, None)))
        }
        main {
            @for (row, districts) in rows(town) {
                section {
                    h2 { (row.map_or_else(|| words.other_row.to_owned(), |row| words.row(row))) }
                    ul { @for district in districts { (entry(look, district)) } }
                }
            }
            @if !without.is_empty() {
                section {
                    h2 { (words.without_district) }
                    ul { @for area in without { li { a href=(look.address(area, "")) { (area.name) } } } }
                }
            }
        }
        footer {
            h2 { (words.open_data_lead) }
            ul { @for part in 1..=files { li { a href=(open_data(part)) { (words.open_data(part, files)) } } } }
            @if town.profile.sending.public_page == Switch::On {
                a href=(address(news::PATH, language, None)) { (words::words(language).news) }
            }
            @if public::is_there(town) {
                a href=(address(public::PATH, language, None)) { (words::public::words(language).title) }
            }
        }
    };
    document(language, &titled(words.title, &town.profile.name), &Link::None, &content)
}

fn entry(look: &Look<'_>, district: &District) -> Markup {
    let area = look.town.areas.get(&district.area);
    html! {
        @if let Some(area) = area {
            li {
                a href=(look.address(area, "")) lang=[japanese(look.language)] { (district.name) }
                @if area.name != district.name { " " span.note { (area.name) } }
            }
        }
    }
}

fn has_no_district(town: &Town, area: &Area) -> bool {
    town.districts.iter().all(|district| district.area != area.id)
}

/// The districts by the rows of the kana table, in the town's order; those without a reading come last.
fn rows(town: &Town) -> Vec<(Option<char>, Vec<&District>)> {
    let mut rows: Vec<(Option<char>, Vec<&District>)> = Vec::new();
    for district in &town.districts {
        let row = kana_row(&district.reading);
        match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, districts)) => districts.push(district),
            None => rows.push((row, vec![district])),
        }
    }
    rows.sort_by_key(|(row, _)| row.is_none());
    rows
}
