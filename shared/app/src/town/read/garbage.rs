//! The tables about garbage: categories, collection days, closures, waste items.

use std::collections::{HashMap, HashSet};

use domain::dates::{
    Closure, ClosureEffect, DayOfYear, Period, Recurrence, parse_date, parse_periods, parse_rules, plain,
};
use domain::garbage::calendar::Entry;
use domain::garbage::waste::WasteItem;
use domain::ids::{AreaId, CategoryId, DepartmentId, WasteItemId};
use domain::town::{Area, Category};

use super::{
    AREAS, CATEGORIES, DEPARTMENTS, ITEM_CHARS_MAX, NAME_CHARS_MAX, Once, References, Source, TEXT_CHARS_MAX,
    check_reading, name, parts, refer, rows,
};
use crate::town::color::Color;
use crate::town::data::{CalendarLine, CenterClosure};
use crate::town::files::Need;
use crate::town::problem::{Report, Trouble};
use crate::town::sheet::{Row, excerpt};
use crate::town::table::TownTable;

/// A waste item has at most this many aliases.
const ALIASES_MAX: usize = 50;

pub(super) fn categories(source: Source<'_>, references: &References, report: &mut Report) -> Vec<Category> {
    let mut once = Once::default();
    rows(source, TownTable::Categories, Need::Required, report, |row| {
        let id: Option<CategoryId> = row.id("id");
        let name = name(row);
        let color = color(row);
        let description = row.optional("description", TEXT_CHARS_MAX);
        let how = row.optional("how", TEXT_CHARS_MAX);
        let put_out_by = row.time("put_out_by", NAME_CHARS_MAX);
        let department: Option<DepartmentId> =
            if row.cell("department").is_empty() { None } else { row.id("department") };
        if let Some(department) = &department {
            refer(row, "department", department, &references.departments, DEPARTMENTS);
        }
        let id = id?;
        once.check(row, "id", id.as_str())?;
        Some(Category { id, name: name?, color: color?, description, how, put_out_by, department })
    })
}

fn color(row: &mut Row<'_>) -> Option<String> {
    let found = row.text("color", usize::MAX)?;
    let Some(color) = Color::parse(&found) else {
        row.trouble("color", Trouble::InvalidColor { found: excerpt(&found) });
        return None;
    };
    let used = color.under_white();
    if used != color {
        row.trouble("color", Trouble::PaleColor { found, used: used.to_string() });
    }
    Some(used.to_string())
}

pub(super) fn calendar(
    source: Source<'_>,
    references: &References,
    categories: &[CategoryId],
    report: &mut Report,
) -> Vec<CalendarLine> {
    rows(source, TownTable::Calendar, Need::Required, report, |row| {
        let area: Option<AreaId> = row.id("area");
        let category: Option<CategoryId> = row.id("category");
        let rules = row.notation("when", parse_rules);
        let except = row.notation("except", parse_periods);
        let extra = row.notation("extra", parse_periods);
        let holidays = row.notation("holidays", str::parse);
        let note = row.optional("note", TEXT_CHARS_MAX);
        let recurrence = Recurrence { rules: rules?, except: except?, extra: extra?, holidays: holidays? };
        check_recurrence(row, &recurrence)?;
        let (area, category) = (area?, category?);
        refer(row, "area", &area, &references.areas, AREAS);
        refer(row, "category", &category, categories, CATEGORIES);
        Some(CalendarLine { area, category, entry: Entry { recurrence, note } })
    })
}

fn check_recurrence(row: &mut Row<'_>, recurrence: &Recurrence) -> Option<()> {
    if !recurrence.is_ever() {
        row.trouble("when", Trouble::NoRules);
        return None;
    }
    let both = |extra: &&Period| recurrence.except.iter().any(|except| except.overlaps(**extra));
    if let Some(days) = recurrence.extra.iter().find(both) {
        row.trouble("extra", Trouble::ExceptAndExtra { days: days.to_string() });
    }
    Some(())
}

pub(super) fn closures(source: Source<'_>, areas: &[Area], report: &mut Report) -> Vec<CenterClosure> {
    let mut once = Once::default();
    rows(source, TownTable::Closures, Need::Optional, report, |row| {
        let center = row.text("center", NAME_CHARS_MAX);
        let days = row.period("from", "to");
        let effect = effect(row, days);
        let note = row.optional("note", TEXT_CHARS_MAX);
        let (center, days, effect) = (center?, days?, effect?);
        once.check(row, "from", &format!("{center} {days}"))?;
        if areas.iter().all(|area| area.center != center) {
            row.trouble("center", Trouble::UnknownReference { value: center.clone(), file: AREAS });
        }
        Some(CenterClosure { center, closure: Closure { days, effect }, note })
    })
}

fn effect(row: &mut Row<'_>, days: Option<Period>) -> Option<ClosureEffect> {
    const EFFECTS: [(&str, Option<ClosureEffect>); 3] =
        [("skip", Some(ClosureEffect::Skip)), ("shift-week", Some(ClosureEffect::ShiftWeek)), ("move", None)];
    let effect = row.choice("effect", "skip、shift-week、move", &EFFECTS)?;
    let found = row.cell("moved_to");
    if effect.is_some() {
        if !found.is_empty() {
            row.trouble("moved_to", Trouble::NotMoved);
        }
        return effect;
    }
    if found.is_empty() {
        row.trouble("moved_to", Trouble::Empty);
        return None;
    }
    let days = days?;
    let effect = moved_to(found, days).map(ClosureEffect::MoveTo);
    let effect = effect.filter(|effect| !Closure { days, effect: *effect }.moves_into_itself());
    if effect.is_none() {
        row.trouble("moved_to", Trouble::NoDayToMoveTo { found: excerpt(found) });
    }
    effect
}

/// A day without a year, or for days of one year the date that it stands for there.
fn moved_to(found: &str, days: Period) -> Option<DayOfYear> {
    let named = || match (days, parse_date(found)) {
        (Period::Once(days), Ok(date)) => Some(DayOfYear::of(date)).filter(|day| day.nearest(days.first()) == date),
        (Period::Once(_), Err(_)) | (Period::Yearly(_), _) => None,
    };
    found.parse().ok().or_else(named)
}

pub(super) fn waste_items(source: Source<'_>, categories: &[CategoryId], report: &mut Report) -> Vec<WasteItem> {
    let mut once = Once::default();
    let mut words = HashMap::new();
    rows(source, TownTable::WasteItems, Need::Optional, report, |row| {
        let id: Option<WasteItemId> = row.id("id");
        let name = row.text("name", ITEM_CHARS_MAX);
        let reading = row.text("reading", ITEM_CHARS_MAX).unwrap_or_default();
        check_reading(row, "reading", &reading);
        let aliases = aliases(row);
        let category: Option<CategoryId> = row.id("category");
        let how = row.optional("how", TEXT_CHARS_MAX);
        let note = row.optional("note", TEXT_CHARS_MAX);
        let name_en = row.optional("name_en", ITEM_CHARS_MAX);
        let (id, name, category) = (id?, name?, category?);
        once.check(row, "id", id.as_str())?;
        refer(row, "category", &category, categories, CATEGORIES);
        check_words(row, &name, &aliases, &mut words);
        Some(WasteItem { id, name, reading, aliases, category, how, note, name_en })
    })
}

fn aliases(row: &mut Row<'_>) -> Vec<String> {
    let mut aliases = parts(row, "aliases", ITEM_CHARS_MAX);
    if aliases.len() > ALIASES_MAX {
        row.trouble("aliases", Trouble::TooMany { max: ALIASES_MAX });
        aliases.truncate(ALIASES_MAX);
    }
    aliases
}

/// Reports a word that names two items: a resident who writes it could mean either.
fn check_words(row: &mut Row<'_>, name: &str, aliases: &[String], words: &mut HashMap<String, u32>) {
    let line = row.number();
    let own: HashSet<String> = aliases.iter().map(String::as_str).chain([name]).map(folded).collect();
    for word in own {
        let other_line = *words.entry(word.clone()).or_insert(line);
        if other_line != line {
            let column = if word == folded(name) { "name" } else { "aliases" };
            row.trouble(column, Trouble::AmbiguousWord { word, other_line });
        }
    }
}

/// A word as a resident may write it: width, case and kana do not matter.
fn folded(word: &str) -> String {
    let to_hiragana = |sign: char| match sign {
        'ァ'..='ヶ' => char::from_u32(u32::from(sign) - 0x60).unwrap_or(sign),
        other => other,
    };
    plain(word).to_lowercase().chars().map(to_hiragana).collect()
}
