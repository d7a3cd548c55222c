//! The collection calendar (収集カレンダー): areas with what is wrong in their rules, their months and years, and days that fall out.
//!
//! [`list`] is all areas, [`area`] one with a month, [`year`] its year on one sheet of paper, [`changes`] the days that staff close.

pub mod area;
pub mod changes;
mod findings;
pub mod list;
mod look;
mod notes;
pub mod year;

use app::town::edit::Owner;
use app::town::table::TownTable;
use domain::dates::Period;
use domain::ids::{AreaId, CategoryId};
use domain::town::{Area, Town};
use maud::Markup;

use super::town;
use crate::kit;
use crate::web::{Call, Failure, Page};
use crate::words::frame::Section;

/// The area in the path.
fn area_of(call: &Call) -> Result<&Area, Failure> {
    let id: AreaId = call.param("area").parse().map_err(|_| Failure::NotFound)?;
    call.town.areas.get(&id).ok_or(Failure::NotFound)
}

/// The address of an area.
fn path(area: &AreaId) -> String {
    format!("/garbage/areas/{area}")
}

/// The address of the rules of a category in an area, for whoever may change them.
fn rules(call: &Call, area: &AreaId, category: &CategoryId) -> Result<Option<String>, Failure> {
    let may = Owner::of_category(&call.town, category.as_str()).lets(&call.person()?.staff.roles);
    Ok(may.then(|| town::record_path(TownTable::Calendar, "edit", &format!("{area}/{category}"))))
}

/// The days on which the centre of an area takes nothing, each with the reason.
async fn closed(call: &Call, area: &Area) -> Result<Vec<(Period, String)>, Failure> {
    let snapshot = call.console.desk.now().await?;
    let of_area = snapshot.data.closures.iter().filter(|closure| closure.center == area.center);
    Ok(of_area.map(|closure| (closure.closure.days, closure.note.clone())).collect())
}

/// The names of the districts of an area.
fn districts<'a>(town: &'a Town, area: &AreaId) -> Vec<&'a str> {
    let of_area = town.districts.iter().filter(|district| district.area == *area);
    of_area.map(|district| district.name.as_str()).collect()
}

fn page(title: impl Into<String>, content: Markup) -> Page {
    Page::new(title, Section::Garbage, content)
}

/// The way to a page of this section.
fn crumbs(above: &[(&str, &str)], here: &str) -> Markup {
    let section = [(Section::Garbage.label(), Section::Garbage.path())];
    let above: Vec<(&str, &str)> = section.into_iter().chain(above.iter().copied()).collect();
    kit::breadcrumbs(&above, here)
}
