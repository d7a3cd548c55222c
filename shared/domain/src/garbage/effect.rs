//! What a change of collections (収集の変更) does: which collections fall out where, and when each is made next.

use jiff::civil::Date;

use crate::garbage::calendar::{Calendar, CollectionChange};
use crate::ids::{AreaId, CategoryId};
use crate::town::{Area, Category, Town};

/// What a change does in one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect<'a> {
    /// Where.
    pub area: &'a Area,
    /// What falls out, in the town's order; something does.
    pub fallen: Vec<Fallen<'a>>,
}

/// A collection that falls out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fallen<'a> {
    /// Of what.
    pub category: &'a Category,
    /// The next day on which it is collected there, be it the change's new day or not; `None`: none that is near enough.
    pub next: Option<Date>,
}

/// What a change would do.
#[derive(Debug, Clone)]
pub struct Foreseen<'a> {
    /// In each area in which it does something, in the order of their ids.
    pub effects: Vec<Effect<'a>>,
    after: Calendar,
}

impl Foreseen<'_> {
    /// Whether all that falls out would be collected on a day.
    #[must_use]
    pub fn takes_all_on(&self, day: Date) -> bool {
        let is_taken = |effect: &Effect<'_>| {
            let on = self.after.on(&effect.area.id, day);
            effect.fallen.iter().all(|fallen| on.contains(&&fallen.category.id))
        };
        self.effects.iter().all(is_taken)
    }
}

/// What a change would do that the town does not have yet.
#[must_use]
pub fn foreseen<'a>(town: &'a Town, change: &CollectionChange) -> Foreseen<'a> {
    let mut after = town.calendar.clone();
    after.change(change);
    let falls = |area: &AreaId, category: &CategoryId| {
        change.concerns(area, category) && town.calendar.on(area, change.date).contains(&category)
    };
    Foreseen { effects: effects(town, change.date, &after, &falls), after }
}

/// What a change does that the town has.
#[must_use]
pub fn made<'a>(town: &'a Town, change: &CollectionChange) -> Vec<Effect<'a>> {
    let falls = |area: &AreaId, category: &CategoryId| town.calendar.took_away(change, area, category);
    effects(town, change.date, &town.calendar, &falls)
}

fn effects<'a>(
    town: &'a Town,
    date: Date,
    after: &Calendar,
    falls: &dyn Fn(&AreaId, &CategoryId) -> bool,
) -> Vec<Effect<'a>> {
    let fallen = |area: &AreaId, category: &'a Category| {
        let next = || date.tomorrow().ok().and_then(|from| after.next_day(area, &category.id, from));
        falls(area, &category.id).then(|| Fallen { category, next: next() })
    };
    let effect = |area: &'a Area| {
        let fallen: Vec<_> = town.categories.iter().filter_map(|category| fallen(&area.id, category)).collect();
        (!fallen.is_empty()).then_some(Effect { area, fallen })
    };
    town.areas.values().filter_map(effect).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::dates::parse_rules;
    use crate::garbage::calendar::Entry;
    use crate::town::Name;

    /// On Wednesdays `moeru` is collected in the east and the west, on the first one `gareki` in the east too.
    fn town() -> Town {
        let mut town = Town::default();
        for id in ["east", "west"] {
            let area = Area { id: id.parse().unwrap(), name: id.to_owned(), center: String::new() };
            town.areas.insert(area.id.clone(), area);
        }
        town.categories = ["moeru", "gareki"].map(category).to_vec();
        for (area, id, rules) in [("east", "moeru", "水 土"), ("west", "moeru", "水"), ("east", "gareki", "水1")] {
            let entry = Entry::from(parse_rules(rules).unwrap());
            town.calendar.add(area.parse().unwrap(), id.parse().unwrap(), entry);
        }
        town
    }

    fn category(id: &str) -> Category {
        Category {
            id: id.parse().unwrap(),
            name: Name { ja: id.to_owned(), ..Name::default() },
            color: "#000000".to_owned(),
            description: String::new(),
            how: String::new(),
            put_out_by: String::new(),
            department: None,
        }
    }

    fn change(areas: &[&str], categories: &[&str], moved_to: Option<Date>) -> CollectionChange {
        CollectionChange {
            id: "storm".parse().unwrap(),
            date: date(2026, 12, 2),
            areas: areas.iter().map(|id| id.parse().unwrap()).collect(),
            categories: categories.iter().map(|id| id.parse().unwrap()).collect(),
            moved_to,
            reason: "大雪のため".to_owned(),
        }
    }

    /// As `area: category next, ...`.
    fn said(effects: &[Effect<'_>]) -> Vec<String> {
        let next = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let fallen = |fallen: &Fallen<'_>| format!("{} {}", fallen.category.id, next(fallen.next));
        effects
            .iter()
            .map(|effect| {
                format!("{}: {}", effect.area.id, effect.fallen.iter().map(fallen).collect::<Vec<_>>().join(", "))
            })
            .collect()
    }

    #[test]
    fn what_is_foreseen_is_what_is_made() {
        let friday = Some(date(2026, 12, 4));
        for (areas, categories, moved_to, expected) in [
            (&[][..], &[][..], None, &["east: moeru 2026-12-05, gareki 2027-01-06", "west: moeru 2026-12-09"][..]),
            (&[], &["moeru"], friday, &["east: moeru 2026-12-04", "west: moeru 2026-12-04"]),
            (&["west"], &[], None, &["west: moeru 2026-12-09"]),
            // The new day may be later than the next that is in the calendar anyway.
            (&["east"], &["moeru"], Some(date(2026, 12, 7)), &["east: moeru 2026-12-05"]),
            (&["west"], &["gareki"], friday, &[]),
        ] {
            let mut town = town();
            let change = change(areas, categories, moved_to);
            assert_eq!(said(&foreseen(&town, &change).effects), expected, "{change:?}");
            town.calendar.change(&change);
            town.changes.push(change.clone());
            assert_eq!(said(&made(&town, &change)), expected, "{change:?}");
            let again = CollectionChange { id: "again".parse().unwrap(), ..change.clone() };
            assert_eq!(foreseen(&town, &again).effects, [], "what fell out cannot fall out again");
        }
    }

    #[test]
    fn a_new_day_that_falls_out_itself_takes_nothing() {
        let mut town = town();
        let moved = change(&["west"], &["moeru"], Some(date(2026, 12, 4)));
        assert!(foreseen(&town, &moved).takes_all_on(date(2026, 12, 4)));
        let friday = date(2026, 12, 4);
        let storm = CollectionChange { id: "friday".parse().unwrap(), date: friday, ..change(&[], &[], None) };
        town.calendar.change(&storm);
        assert!(!foreseen(&town, &moved).takes_all_on(date(2026, 12, 4)));
    }
}
