//! Garbage reminders (ごみの日のお知らせ): when residents may be reminded, who of them is, and of which categories.
//!
//! All who are reminded at one time of one day get one broadcast. It has a wording for each set of categories that somebody may
//! have chosen of what is collected where they live ([`sets`]), so that each gets one message that names exactly theirs.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::ids::{AreaId, CategoryId};
use crate::resident::Switch;
use crate::time::time_of_day;
use crate::town::Town;

/// When residents may be reminded in the evening before a collection.
pub const EVENINGS: [Time; 5] = [hour(17, 0), hour(18, 0), hour(19, 0), hour(20, 0), hour(21, 0)];
/// When residents may be reminded in the morning of a collection.
pub const MORNINGS: [Time; 6] = [hour(5, 30), hour(6, 0), hour(6, 30), hour(7, 0), hour(7, 30), hour(8, 0)];
/// When in the evening whoever said nothing is reminded.
pub const EVENING_DEFAULT: Time = hour(19, 0);
/// What is offered first to whoever wants to be reminded in the morning.
pub const MORNING_DEFAULT: Time = hour(6, 30);

/// Whoever asked to be told at an hour of the evening is told within so long after it, or not at all: later it would wake them.
const EVENING_TOLD_WITHIN: SignedDuration = SignedDuration::from_mins(120);
/// In the morning, within so long: later the garbage truck has come, and what is said is wrong.
const MORNING_TOLD_WITHIN: SignedDuration = SignedDuration::from_mins(25);

/// Of so many categories that go out on one day of one area every choice has a wording of its own. Where more go out, whoever chose
/// neither all of them nor a single one is told all of them, if one of theirs is among them.
pub const CHOICES_MAX: usize = 6;
/// At most so many sets in one broadcast: with all languages, what the header of a frozen part has room for.
pub const SETS_MAX: usize = 200;

const fn hour(hour: i8, minute: i8) -> Time {
    Time::constant(hour, minute, 0, 0)
}

/// On which side of the night residents are reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The evening before the collection.
    Evening,
    /// The morning of the collection.
    Morning,
}

/// A time at which residents may be reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// On which side of the night.
    pub side: Side,
    /// The time of day.
    pub at: Time,
}

impl Slot {
    /// All of them, in the order of the day.
    pub fn all() -> impl Iterator<Item = Self> {
        let mornings = MORNINGS.into_iter().map(|at| Self { side: Side::Morning, at });
        mornings.chain(EVENINGS.into_iter().map(|at| Self { side: Side::Evening, at }))
    }

    /// So long after it whoever chose it is told, and then no more.
    #[must_use]
    pub fn told_within(self) -> SignedDuration {
        match self.side {
            Side::Evening => EVENING_TOLD_WITHIN,
            Side::Morning => MORNING_TOLD_WITHIN,
        }
    }

    /// The day of the collections of which residents are reminded on this day; `None` at the end of time.
    #[must_use]
    pub fn collected(self, on: Date) -> Option<Date> {
        match self.side {
            Side::Evening => on.tomorrow().ok(),
            Side::Morning => Some(on),
        }
    }
}

/// Whether somebody who said nothing is reminded of a category in an area: where it is rare.
#[must_use]
pub fn default_switch(town: &Town, area: &AreaId, category: &CategoryId) -> Switch {
    if town.calendar.is_rare(area, category) { Switch::On } else { Switch::Off }
}

/// The categories of which residents of an area can be reminded at this time for a day: what goes out, but for what has to be put
/// out before that time of the morning.
#[must_use]
pub fn going_out<'a>(town: &'a Town, area: &AreaId, day: Date, slot: Slot) -> Vec<&'a CategoryId> {
    let put_out_by = |id: &CategoryId| town.category(id).and_then(|category| time_of_day(&category.put_out_by));
    let mut categories = town.calendar.on(area, day);
    categories.retain(|category| match slot.side {
        Side::Evening => true,
        Side::Morning => put_out_by(category).is_none_or(|by| slot.at < by),
    });
    categories
}

/// The sets of categories of which somebody may have to be reminded at this time for a day, each once: all that go out where somebody lives, and
/// what can be chosen of them (see [`CHOICES_MAX`]). The larger sets come first, so that of too many the ones that name too much are kept.
#[must_use]
pub fn sets(town: &Town, day: Date, slot: Slot) -> Vec<BTreeSet<CategoryId>> {
    let areas: BTreeSet<&AreaId> = town.districts.iter().map(|district| &district.area).collect();
    let whole: BTreeSet<BTreeSet<&CategoryId>> =
        areas.into_iter().map(|area| going_out(town, area, day, slot).into_iter().collect()).collect();
    let parts: BTreeSet<BTreeSet<&CategoryId>> = whole.iter().flat_map(choices).collect();
    let mut sets: Vec<BTreeSet<&CategoryId>> = parts.into_iter().filter(|set| !set.is_empty()).collect();
    sets.sort_by_key(|set| (!whole.contains(set), std::cmp::Reverse(set.len())));
    sets.truncate(SETS_MAX);
    sets.into_iter().map(|set| set.into_iter().cloned().collect()).collect()
}

/// What can be chosen of the categories that go out on one day.
fn choices<'a>(whole: &BTreeSet<&'a CategoryId>) -> Vec<BTreeSet<&'a CategoryId>> {
    if CHOICES_MAX < whole.len() {
        let single = whole.iter().map(|category| BTreeSet::from([*category]));
        return single.chain([whole.clone()]).collect();
    }
    let chosen = |choice: u32| {
        let bits = whole.iter().enumerate().filter(move |(bit, _)| choice >> bit & 1 == 1);
        bits.map(|(_, category)| *category).collect()
    };
    (0..1 << whole.len()).map(chosen).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::dates::parse_rules;
    use crate::town::{Area, Category, District, Name};

    const FRIDAY: Date = date(2026, 11, 20);
    const EVENING: Slot = Slot { side: Side::Evening, at: EVENING_DEFAULT };

    /// A town of areas, each with one district and these categories on every Friday.
    fn town(areas: &[&[&str]]) -> Town {
        let mut town = Town::default();
        for (number, categories) in areas.iter().enumerate() {
            let id: AreaId = format!("area-{number}").parse().unwrap();
            for category in *categories {
                let entry = parse_rules("金").unwrap().into();
                town.calendar.add(id.clone(), category.parse().unwrap(), entry);
            }
            let area = Area { id: id.clone(), name: String::new(), center: String::new() };
            town.areas.insert(id.clone(), area);
            let district = format!("district-{number}").parse().unwrap();
            town.districts.push(District { id: district, name: String::new(), reading: String::new(), area: id });
        }
        town
    }

    fn named(sets: &[BTreeSet<CategoryId>]) -> Vec<String> {
        let name = |set: &BTreeSet<CategoryId>| set.iter().map(CategoryId::as_str).collect::<Vec<_>>().join(" ");
        sets.iter().map(name).collect()
    }

    #[test]
    fn every_choice_of_what_goes_out_somewhere_is_a_set_once() {
        let town = town(&[&["a", "b"], &["b", "c"], &["b", "c"], &[]]);
        assert_eq!(named(&sets(&town, FRIDAY, EVENING)), ["a b", "b c", "a", "b", "c"]);
        assert!(sets(&town, date(2026, 11, 21), EVENING).is_empty(), "a Saturday");
    }

    #[test]
    fn an_area_where_nobody_lives_is_left_out() {
        let mut town = town(&[&["a"], &["b"]]);
        town.districts.pop();
        assert_eq!(named(&sets(&town, FRIDAY, EVENING)), ["a"]);
    }

    #[test]
    fn of_many_on_one_day_all_and_each_alone_are_sets() {
        let few = town(&[&["a", "b", "c", "d", "e", "f"]]);
        assert_eq!(sets(&few, FRIDAY, EVENING).len(), 63);
        let many = town(&[&["a", "b", "c", "d", "e", "f", "g"]]);
        assert_eq!(named(&sets(&many, FRIDAY, EVENING)), ["a b c d e f g", "a", "b", "c", "d", "e", "f", "g"]);
    }

    #[test]
    fn of_too_many_sets_those_that_name_all_that_goes_out_are_kept() {
        let names: Vec<String> = (0..30).map(|number| format!("c{number:02}")).collect();
        let of = |from: usize| names[from..from + 6].iter().map(String::as_str).collect::<Vec<_>>();
        let areas: Vec<Vec<&str>> = (0..25).map(of).collect();
        let areas: Vec<&[&str]> = areas.iter().map(Vec::as_slice).collect();
        let sets = sets(&town(&areas), FRIDAY, EVENING);
        assert_eq!(sets.len(), SETS_MAX);
        assert!(sets[..25].iter().all(|set| set.len() == 6), "for every area something that names all of it");
    }

    #[test]
    fn in_the_morning_what_had_to_be_out_by_then_is_left_out() {
        let mut town = town(&[&["a", "b", "c"]]);
        for (id, put_out_by) in [("a", "7:30"), ("b", "8:30"), ("c", "")] {
            town.categories.push(Category {
                id: id.parse().unwrap(),
                name: Name::default(),
                color: String::new(),
                description: String::new(),
                how: String::new(),
                put_out_by: put_out_by.to_owned(),
                department: None,
            });
        }
        let at = |at| named(&sets(&town, FRIDAY, Slot { side: Side::Morning, at })).first().cloned();
        assert_eq!(at(hour(7, 0)).as_deref(), Some("a b c"));
        assert_eq!(at(hour(7, 30)).as_deref(), Some("b c"));
        assert_eq!(named(&sets(&town, FRIDAY, EVENING))[0], "a b c");
    }

    #[test]
    fn the_slots_go_through_the_day_and_each_has_its_collections() {
        let slots: Vec<Slot> = Slot::all().collect();
        assert!(slots.is_sorted_by_key(|slot| slot.at));
        assert_eq!(slots.len(), EVENINGS.len() + MORNINGS.len());
        assert!(EVENINGS.contains(&EVENING_DEFAULT) && MORNINGS.contains(&MORNING_DEFAULT));
        let of = |side| Slot { side, at: EVENING_DEFAULT }.collected(date(2026, 12, 31));
        assert_eq!(of(Side::Evening), Some(date(2027, 1, 1)));
        assert_eq!(of(Side::Morning), Some(date(2026, 12, 31)));
        assert_eq!(Slot { side: Side::Evening, at: EVENING_DEFAULT }.collected(Date::MAX), None);
    }
}
