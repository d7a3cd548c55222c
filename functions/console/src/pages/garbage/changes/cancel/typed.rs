//! What can be chosen on a day, and what was typed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use app::town::edit::Owner;
use domain::garbage::calendar::CollectionChange;
use domain::town::{Area, Category};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{AREAS, CATEGORIES, DATE, NEW_DATE, PLACE, REASON};
use crate::kit::Errors;
use crate::web::fields::Fields;
use crate::web::{Call, Failure};
use crate::words::garbage as words;

/// All areas.
pub(super) const ALL: &str = "all";
/// Those that are ticked.
pub(super) const SOME: &str = "some";
/// A new day later than this is a slip of the finger.
const NEW_DATE_DAYS_MAX: i32 = 60;

/// The collections of a day that the person may close.
pub(super) struct Offered<'a> {
    /// Where there are any.
    pub(super) areas: Vec<&'a Area>,
    /// Of what.
    pub(super) categories: Vec<&'a Category>,
}

/// The categories whose collections the person may close.
fn own(call: &Call) -> Result<Vec<&Category>, Failure> {
    let roles = &call.person()?.staff.roles;
    let may = |category: &&Category| Owner::of_category(&call.town, category.id.as_str()).lets(roles);
    Ok(call.town.categories.iter().filter(may).collect())
}

/// The days of a range on which there is something that the person may close, with the names of the categories.
pub(super) fn soon(call: &Call, range: RangeInclusive<Date>) -> Result<BTreeMap<Date, Vec<&str>>, Failure> {
    let mut soon: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for category in own(call)? {
        let of_area = |area| call.town.calendar.days(area, &category.id, range.clone());
        let days: BTreeSet<Date> = call.town.areas.keys().flat_map(of_area).collect();
        for day in days {
            soon.entry(day).or_default().push(&category.name.ja);
        }
    }
    Ok(soon)
}

impl<'a> Offered<'a> {
    pub(super) fn on(call: &'a Call, date: Date) -> Result<Self, Failure> {
        let mine = own(call)?;
        let (mut areas, mut collected) = (Vec::new(), BTreeSet::new());
        for area in call.town.areas.values() {
            let on = call.town.calendar.on(&area.id, date);
            let here: Vec<_> = mine.iter().filter(|category| on.contains(&&category.id)).collect();
            if !here.is_empty() {
                areas.push(area);
                collected.extend(here.into_iter().map(|category| &category.id));
            }
        }
        Ok(Self { areas, categories: mine.into_iter().filter(|category| collected.contains(&category.id)).collect() })
    }
}

/// What stands in the form, sound or not.
pub(super) struct Typed {
    pub(super) date: String,
    pub(super) categories: Vec<String>,
    pub(super) place: String,
    pub(super) areas: Vec<String>,
    pub(super) new_date: String,
    pub(super) reason: String,
}

impl Typed {
    /// The form of a day at first: everything that is collected.
    pub(super) fn of(date: Date, offered: &Offered<'_>) -> Self {
        Self {
            date: date.to_string(),
            categories: offered.categories.iter().map(|category| category.id.to_string()).collect(),
            place: String::new(),
            areas: Vec::new(),
            new_date: String::new(),
            reason: String::new(),
        }
    }

    pub(super) fn read(form: &Fields) -> Self {
        let all = |name| form.all(name).map(str::to_owned).collect();
        let text = |name| form.text(name).to_owned();
        Self {
            date: text(DATE),
            categories: all(CATEGORIES),
            place: text(PLACE),
            areas: all(AREAS),
            new_date: text(NEW_DATE),
            reason: text(REASON),
        }
    }

    /// The fields, to go into another form.
    pub(super) fn values(&self) -> Vec<(&str, &str)> {
        let single = [(DATE, &self.date), (PLACE, &self.place), (NEW_DATE, &self.new_date), (REASON, &self.reason)];
        let single = single.map(|(name, value)| (name, value.as_str()));
        let categories = self.categories.iter().map(|id| (CATEGORIES, id.as_str()));
        let areas = self.areas.iter().map(|id| (AREAS, id.as_str()));
        single.into_iter().chain(categories).chain(areas).collect()
    }

    /// The change that is typed; what is wrong goes to the errors. What somebody else looks after is denied.
    pub(super) fn change(
        &self,
        call: &Call,
        date: Date,
        errors: &mut Errors,
    ) -> Result<Option<CollectionChange>, Failure> {
        let categories: BTreeSet<_> = self.categories.iter().filter_map(|id| id.parse().ok()).collect();
        let categories: BTreeSet<_> = categories.into_iter().filter(|id| call.town.category(id).is_some()).collect();
        let roles = &call.person()?.staff.roles;
        if !categories.iter().all(|id| Owner::of_category(&call.town, id.as_str()).lets(roles)) {
            return Err(Failure::Denied);
        }
        if categories.is_empty() {
            errors.add_labelled(CATEGORIES, words::WHAT, words::NO_WHAT);
        }
        let areas: BTreeSet<_> = match self.place.as_str() {
            SOME => self.areas.iter().filter_map(|id| id.parse().ok()).collect(),
            _ => BTreeSet::new(),
        };
        let areas: BTreeSet<_> = areas.into_iter().filter(|id| call.town.areas.contains_key(id)).collect();
        match self.place.as_str() {
            SOME if areas.is_empty() => errors.add_labelled(AREAS, words::AREAS_OF, words::NO_AREA),
            ALL | SOME => {}
            _ => errors.add_labelled(PLACE, words::WHERE, words::NO_WHERE),
        }
        let moved_to = self.moved_to(date, errors);
        if self.reason.is_empty() {
            errors.add_labelled(REASON, words::REASON, words::NO_REASON);
        }
        // Only a place holder: the desk gives the record its id.
        let id = date.to_string().parse().map_err(|_| Failure::BadRequest)?;
        let change = CollectionChange { id, date, areas, categories, moved_to, reason: self.reason.clone() };
        Ok(errors.is_empty().then_some(change))
    }

    fn moved_to(&self, date: Date, errors: &mut Errors) -> Option<Date> {
        if self.new_date.is_empty() {
            return None;
        }
        let Ok(day) = self.new_date.parse::<Date>() else {
            errors.add_labelled(NEW_DATE, words::NEW_DATE, words::NO_DATE);
            return None;
        };
        if day <= date {
            errors.add_labelled(NEW_DATE, words::NEW_DATE, words::NEW_DATE_EARLY);
        } else if date.saturating_add(NEW_DATE_DAYS_MAX.days()) < day {
            errors.add_labelled(NEW_DATE, words::NEW_DATE, words::NEW_DATE_LATE);
        }
        Some(day)
    }
}

/// The day that was typed, if its collections can still fall out.
pub(super) fn day(text: &str, today: Date, errors: &mut Errors) -> Option<Date> {
    let wrong = match text.parse::<Date>() {
        Ok(day) if today <= day => return Some(day),
        Ok(_) => words::PAST,
        Err(_) => words::NO_DATE,
    };
    errors.add_labelled(DATE, words::DATE, wrong);
    None
}
