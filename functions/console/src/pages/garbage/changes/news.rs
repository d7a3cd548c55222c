//! The broadcast about a change: a draft that says what falls out and when it is collected instead, to those who are reminded of it
//! where it does.

use std::collections::{BTreeMap, BTreeSet};

use app::broadcast::desk::Outcome;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::limits::TEXT_UNITS_MAX;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::{Draft, Earnest, Lane, Origin, When};
use domain::conversation::{NextDays, garbage_day_cancelled, garbage_next_days};
use domain::garbage::calendar::CollectionChange;
use domain::garbage::effect::{self, Effect};
use domain::ids::{AreaId, CategoryId, DepartmentId};
use domain::language::Language;
use domain::staff::Act;
use domain::time::date_in_japan;
use domain::town::Town;
use jiff::civil::Date;

use super::{ID, change_of, is_to_come, may_edit};
use crate::kit;
use crate::pages::broadcasts::{self, audience::AudienceForm};
use crate::web::{Answer, Call, Failure};
use crate::words::garbage as words;

/// `POST /garbage/changes/{change}/broadcast`
pub async fn write(call: Call) -> Result<Answer, Failure> {
    let change = change_of(&call)?;
    if !may_edit(&call, change)? {
        return Err(Failure::Denied);
    }
    if !is_to_come(change, date_in_japan(call.now)) {
        return Err(Failure::BadRequest);
    }
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    let effects = effect::made(&call.town, change);
    let Some(audience) = audience(&call.town, &effects) else { return Err(Failure::BadRequest) };
    let draft = Draft {
        title: words::news_title(&kit::written(change.date)),
        department: department(&call, &effects)?,
        content: content(&call, change, &effects),
        audience,
        lane: Lane::Routine,
        when: When::AtOnce,
    };
    let by = &call.person()?.staff.id;
    match call.console.broadcasts.create(id, draft, Earnest::Real, Origin::Staff, by).await? {
        // The same button twice: the broadcast is there.
        Outcome::Done(there) | Outcome::Unchecked(there) | Outcome::Changed(there) => {
            Ok(Answer::SeeOther(format!("{}/edit", broadcasts::path(&there.value.id))))
        }
        Outcome::Nowhere | Outcome::Refused(_) | Outcome::Unfit(_) | Outcome::Counting { .. } => {
            Err(Failure::BadRequest)
        }
    }
}

/// Who is reminded of something where it falls out; `None` where nothing does. Categories that fall out in the same areas share a
/// condition. More conditions than the form can show become a single one, by which some hear of it who need not.
fn audience(town: &Town, effects: &[Effect<'_>]) -> Option<Audience> {
    let mut places: BTreeMap<&CategoryId, BTreeSet<AreaId>> = BTreeMap::new();
    for (effect, fallen) in effects.iter().flat_map(|effect| effect.fallen.iter().map(move |fallen| (effect, fallen))) {
        places.entry(&fallen.category.id).or_default().insert(effect.area.id.clone());
    }
    let mut together: BTreeMap<BTreeSet<AreaId>, BTreeSet<CategoryId>> = BTreeMap::new();
    for (category, areas) in places {
        together.entry(areas).or_default().insert(category.clone());
    }
    let all = Audience::GarbageReminded {
        areas: everywhere_or(town, together.keys().flatten().cloned().collect()),
        categories: together.values().flatten().cloned().collect(),
    };
    let reminded = |(areas, categories)| Audience::GarbageReminded { areas: everywhere_or(town, areas), categories };
    let mut each: Vec<Audience> = together.into_iter().map(reminded).collect();
    if each.len() <= 1 {
        return each.pop();
    }
    let exact = Audience::Or(each);
    Some(if AudienceForm::of(&exact).is_some() { exact } else { all })
}

/// All areas are none that are named.
fn everywhere_or(town: &Town, areas: BTreeSet<AreaId>) -> BTreeSet<AreaId> {
    if areas.len() == town.areas.len() { BTreeSet::new() } else { areas }
}

/// Whose broadcast it is: of those to whom the categories belong, else of any for whom the person may write.
fn department(call: &Call, effects: &[Effect<'_>]) -> Result<DepartmentId, Failure> {
    let roles = &call.person()?.staff.roles;
    let owners =
        effects.iter().flat_map(|effect| &effect.fallen).filter_map(|fallen| fallen.category.department.as_ref());
    let mut all = owners.chain(call.town.departments.keys());
    all.find(|department| roles.allow(Act::EditFor(department))).cloned().ok_or(Failure::Denied)
}

/// What it says, in each language of the town.
fn content(call: &Call, change: &CollectionChange, effects: &[Effect<'_>]) -> Content {
    let is_everywhere = effects.len() == call.town.areas.len();
    let wording = |language: &Language| {
        let mut groups = groups(*language, effects);
        // Where it is the same everywhere, no area needs to be named.
        if let ([group], true) = (groups.as_mut_slice(), is_everywhere) {
            group.areas.clear();
        }
        (*language, wording(*language, change, effects, &groups))
    };
    Content { wordings: call.town.profile.languages.iter().map(wording).collect() }
}

/// Areas in which the same falls out and is collected next on the same days.
fn groups<'a>(language: Language, effects: &[Effect<'a>]) -> Vec<NextDays<'a>> {
    let mut groups: Vec<NextDays<'a>> = Vec::new();
    for effect in effects {
        let items: Vec<(&str, Option<Date>)> =
            effect.fallen.iter().map(|it| (it.category.name.in_language(language), it.next)).collect();
        match groups.iter_mut().find(|group| group.items == items) {
            Some(group) => group.areas.push(&effect.area.name),
            None => groups.push(NextDays { areas: vec![&effect.area.name], items }),
        }
    }
    groups
}

fn wording(language: Language, change: &CollectionChange, effects: &[Effect<'_>], groups: &[NextDays<'_>]) -> Wording {
    let mut names: Vec<&str> = Vec::new();
    for fallen in effects.iter().flat_map(|effect| &effect.fallen) {
        let name = fallen.category.name.in_language(language);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut text = garbage_day_cancelled(language, change.date, &names, change.moved_to, &change.reason);
    if change.moved_to.is_none() || groups.iter().any(|group| !group.areas.is_empty()) {
        text.push_str("\n\n");
        text.push_str(&garbage_next_days(language, groups));
    }
    Wording { messages: in_messages(&text) }
}

/// A text in as many messages as it needs, broken between lines.
fn in_messages(text: &str) -> Vec<Message> {
    let mut messages: Vec<String> = Vec::new();
    for line in text.lines() {
        let units = |text: &str| text.encode_utf16().count();
        match messages.last_mut().filter(|last| units(last) + 1 + units(line) <= TEXT_UNITS_MAX) {
            Some(last) => {
                last.push('\n');
                last.push_str(line);
            }
            None => messages.push(line.to_owned()),
        }
    }
    messages.into_iter().map(Message::Text).collect()
}

#[cfg(test)]
mod tests {
    use domain::garbage::effect::Fallen;
    use domain::town::{Area, Category, Name};

    use super::*;

    fn ids<Id: Ord + std::str::FromStr<Err: std::fmt::Debug>>(ids: &[&str]) -> BTreeSet<Id> {
        ids.iter().map(|id| id.parse().unwrap()).collect()
    }

    fn reminded(areas: &[&str], categories: &[&str]) -> Audience {
        Audience::GarbageReminded { areas: ids(areas), categories: ids(categories) }
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

    /// The audience where this falls out in a town of these areas.
    fn told(areas: &[&str], fallen: &[(&str, &[&str])]) -> Option<Audience> {
        let mut town = Town::default();
        for id in areas {
            let area = Area { id: id.parse().unwrap(), name: (*id).to_owned(), center: String::new() };
            town.areas.insert(area.id.clone(), area);
        }
        let kinds: BTreeSet<&str> = fallen.iter().flat_map(|(_, categories)| categories.iter().copied()).collect();
        town.categories = kinds.into_iter().map(category).collect();
        let of = |id: &&str| Fallen { category: town.category(&id.parse().unwrap()).unwrap(), next: None };
        let effect = |(area, categories): &(&str, &[&str])| Effect {
            area: &town.areas[&area.parse().unwrap()],
            fallen: categories.iter().map(of).collect(),
        };
        let effects: Vec<Effect<'_>> = fallen.iter().map(effect).collect();
        let audience = audience(&town, &effects);
        assert!(audience.iter().all(|audience| audience.check(&town).is_ok() && AudienceForm::of(audience).is_some()));
        audience
    }

    #[test]
    fn those_are_told_whose_collection_falls_out() {
        let areas = ["east", "north", "west"];
        assert_eq!(told(&areas, &[]), None);
        assert_eq!(
            told(&areas, &[("east", &["cans"]), ("west", &["cans"])]),
            Some(reminded(&["east", "west"], &["cans"]))
        );
        let everywhere = areas.map(|area| (area, &["cans", "paper"][..]));
        assert_eq!(told(&areas, &everywhere), Some(reminded(&[], &["cans", "paper"])));
        let differs = told(&areas, &[("east", &["cans", "glass", "paper"]), ("west", &["cans", "glass"])]);
        let expected = [reminded(&["east"], &["paper"]), reminded(&["east", "west"], &["cans", "glass"])];
        assert_eq!(differs, Some(Audience::Or(expected.to_vec())));
    }

    #[test]
    fn more_conditions_than_the_form_can_show_become_one() {
        let names: Vec<String> = (0..40).map(|at| format!("n{at:02}")).collect();
        let areas: Vec<&str> = names.iter().map(String::as_str).collect();
        let kinds: Vec<[&str; 1]> = areas.iter().map(|area| [*area]).collect();
        let fallen: Vec<(&str, &[&str])> = areas.iter().zip(&kinds).map(|(area, kind)| (*area, &kind[..])).collect();
        assert!(matches!(told(&areas, &fallen[..30]), Some(Audience::Or(each)) if each.len() == 30));
        assert_eq!(told(&areas, &fallen[..39]), Some(reminded(&areas[..39], &areas[..39])));
    }
}
