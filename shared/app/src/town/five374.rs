//! Reads the widespread 5374 format: `area_days.csv`, `target.csv`, `description.csv`, `center.csv`, `remarks.csv`.
//!
//! It grew by copying, so its dialects are many: columns are found by what they hold, labels are matched with width and
//! spaces made equal. What cannot be taken is reported line by line. It has no ids: they are computed from the names,
//! so that they are the same at every load, whatever order the lines are in.

mod cell;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use domain::dates::{Closure, ClosureEffect, DateRange, parse_date, plain};
use domain::garbage::calendar::Entry;
use domain::garbage::waste::WasteItem;
use domain::ids::{AreaId, CategoryId, DistrictId, WasteItemId};
use domain::town::{Area, Category, District, Name};
use uuid::Uuid;

use super::color::Color;
use super::data::{CalendarLine, CenterClosure, Scope, TownData};
use super::files::{Files, Need};
use super::problem::{Report, Trouble};
use super::read::{ITEM_CHARS_MAX, NAME_CHARS_MAX, Reading, TEXT_CHARS_MAX};
use super::sheet::{Line, Sheet, excerpt};

const AREA_DAYS: &str = "area_days.csv";
const TARGET: &str = "target.csv";
const DESCRIPTION: &str = "description.csv";
const CENTER: &str = "center.csv";
const REMARKS: &str = "remarks.csv";

/// The colour of a category that has none.
const COLOR: &str = "#37474F";
/// The space in which ids are computed from names.
const IDS: Uuid = Uuid::from_u128(0x5374_0000_0000_4000_8000_0000_0000_5374);
/// Digits of a computed id: two of a hundred thousand names meet once in a thousand million towns.
const ID_DIGITS: usize = 16;

/// Reads a folder in the 5374 format. What becomes of collections in a closure is set in the program there, not in the
/// files: `false` for its `WeekShift` is [`ClosureEffect::Skip`], `true` is [`ClosureEffect::ShiftWeek`].
#[must_use]
pub fn read(files: &Files, effect: ClosureEffect) -> Reading {
    let mut report = Report::default();
    let mut categories = Categories::default();
    descriptions(files, &mut categories, &mut report);
    let remarks = remarks(files, &mut report);
    let mut data = TownData { scope: Scope::Garbage, ..TownData::default() };
    area_days(files, &remarks, &mut categories, &mut data, &mut report);
    data.closures = closures(files, &data.areas, effect, &mut report);
    data.waste_items = targets(files, &mut categories, &mut report);
    data.categories = categories.finish(&mut report);
    Reading { data, problems: report.finish() }
}

/// The same id for the same name, always.
fn id<T: FromStr>(prefix: &str, name: &str) -> Option<T> {
    let digits = Uuid::new_v5(&IDS, format!("{prefix}:{name}").as_bytes()).simple().to_string();
    format!("{prefix}-{}", &digits[..ID_DIGITS]).parse().ok()
}

/// A label as it is compared.
fn key(label: &str) -> String {
    plain(label).split_whitespace().collect()
}

/// What is being read of one table: where, and the report.
struct Place<'a> {
    file: &'static str,
    line: u32,
    report: &'a mut Report,
}

impl Place<'_> {
    fn trouble(&mut self, column: &str, trouble: Trouble) {
        self.report.add(self.file, self.line, Some(column), trouble);
    }

    /// The text, cut (and reported) where it is too long.
    fn text(&mut self, column: &str, text: &str, max: usize) -> String {
        let found = text.chars().count();
        if found > max {
            self.trouble(column, Trouble::TooLong { found, max });
        }
        text.chars().take(max).collect()
    }
}

/// The categories, which come from three files: described in one, named in two others.
#[derive(Default)]
struct Categories {
    list: Vec<Category>,
    /// Which of them a label means.
    known: HashMap<String, usize>,
    /// Labels that no description has: where they were first, and on how many lines they are.
    bare: Vec<(String, &'static str, u32, usize)>,
}

impl Categories {
    fn add(&mut self, label: &str, color: String, description: String) -> Option<CategoryId> {
        let id: CategoryId = id("category", &key(label))?;
        self.known.insert(key(label), self.list.len());
        self.list.push(Category {
            id: id.clone(),
            name: Name { ja: label.chars().take(NAME_CHARS_MAX).collect(), ..Name::default() },
            color,
            description,
            how: String::new(),
            put_out_by: String::new(),
            department: None,
        });
        Some(id)
    }

    /// The category of a label; a bare one if nothing describes it, so that nothing that hangs on it is lost.
    fn of(&mut self, label: &str, place: &Place<'_>) -> Option<CategoryId> {
        let key = key(label);
        if let Some(bare) = self.bare.iter_mut().find(|(bare, ..)| *bare == key) {
            bare.3 += 1;
        }
        if let Some(at) = self.known.get(&key) {
            return Some(self.list[*at].id.clone());
        }
        self.bare.push((key, place.file, place.line, 1));
        self.add(label, COLOR.to_owned(), String::new())
    }

    fn finish(self, report: &mut Report) -> Vec<Category> {
        for (key, file, line, lines) in self.bare {
            let label = self.known.get(&key).map(|at| self.list[*at].name.ja.clone()).unwrap_or(key);
            report.add(file, line, None, Trouble::NoDescription { label, lines });
        }
        self.list
    }
}

/// Finds columns by any of their names, whatever their case.
fn column(sheet: &Sheet, file: &'static str, names: &[&str], report: &mut Report) -> Option<usize> {
    let at = sheet.header.iter().position(|name| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
    if at.is_none() {
        report.add(file, 1, names.first().copied(), Trouble::MissingColumn);
    }
    at
}

fn cell(line: &Line, at: Option<usize>) -> &str {
    at.and_then(|at| line.cells.get(at)).map(String::as_str).unwrap_or_default()
}

fn descriptions(files: &Files, categories: &mut Categories, report: &mut Report) {
    let Some(sheet) = Sheet::read(files, DESCRIPTION, Need::Required, report) else { return };
    let Some(label_at) = column(&sheet, DESCRIPTION, &["label", "type"], report) else { return };
    let mut quiet = Report::default();
    let [sub_at, text_at, color_at] =
        ["sublabel", "description", "bgcolor"].map(|name| column(&sheet, DESCRIPTION, &[name], &mut quiet));
    let mut lines = HashMap::new();
    for line in &sheet.rows {
        let mut place = Place { file: DESCRIPTION, line: line.number, report };
        let label = cell(line, Some(label_at));
        if label.is_empty() {
            place.trouble("label", Trouble::Empty);
            continue;
        }
        let first_line = *lines.entry(key(label)).or_insert(line.number);
        if first_line != line.number {
            place.trouble("label", Trouble::Duplicate { value: label.to_owned(), first_line });
            continue;
        }
        let label = place.text("label", label, NAME_CHARS_MAX);
        let color = color(cell(line, color_at), &mut place);
        let texts = [cell(line, sub_at), cell(line, text_at)].map(without_tags);
        let text = texts.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n");
        let text = place.text("description", &text, TEXT_CHARS_MAX);
        categories.add(&label, color, text);
    }
}

fn color(found: &str, place: &mut Place<'_>) -> String {
    if found.is_empty() {
        return COLOR.to_owned();
    }
    let Some(color) = Color::parse(found) else {
        place.trouble("bgcolor", Trouble::InvalidColor { found: excerpt(found) });
        return COLOR.to_owned();
    };
    let used = color.under_white();
    if used != color {
        place.trouble("bgcolor", Trouble::PaleColor { found: found.to_owned(), used: used.to_string() });
    }
    used.to_string()
}

/// The texts of that format may hold HTML, which a chat does not show.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let name = tag.trim_start_matches('/');
        match tag.split_once('>') {
            Some((_, after)) if name.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                if name.get(..2).is_some_and(|name| name.eq_ignore_ascii_case("br")) {
                    text.push('\n');
                }
                rest = after;
            }
            _ => {
                text.push('<');
                rest = tag;
            }
        }
    }
    text.push_str(rest);
    for (name, sign) in [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
        text = text.replace(name, sign);
    }
    text.trim().to_owned()
}

fn remarks(files: &Files, report: &mut Report) -> HashMap<String, String> {
    let Some(sheet) = Sheet::read(files, REMARKS, Need::Optional, report) else { return HashMap::new() };
    let mut remarks = HashMap::new();
    for line in &sheet.rows {
        let mut place = Place { file: REMARKS, line: line.number, report };
        let (id, text) = (plain(cell(line, Some(0))), without_tags(cell(line, Some(1))));
        if id.is_empty() || text.is_empty() {
            place.trouble(if id.is_empty() { "ID" } else { "注意事項" }, Trouble::Empty);
            continue;
        }
        let text = place.text("注意事項", &text, TEXT_CHARS_MAX);
        // Some write the star in both places.
        remarks.entry(id.trim_start_matches('*').to_owned()).or_insert(text);
    }
    remarks
}

fn area_days(
    files: &Files,
    remarks: &HashMap<String, String>,
    categories: &mut Categories,
    data: &mut TownData,
    report: &mut Report,
) {
    let Some(sheet) = Sheet::read(files, AREA_DAYS, Need::Required, report) else { return };
    // The second column names the centre, unless it is the label of a category.
    let has_center = sheet.header.get(1).is_some_and(|label| !categories.known.contains_key(&key(label)));
    let first_label = if has_center { 2 } else { 1 };
    let mut header = Place { file: AREA_DAYS, line: 1, report };
    let labels = sheet.header.iter().enumerate().skip(first_label).filter(|(_, label)| !label.is_empty());
    let labels: Vec<(usize, &str, CategoryId)> =
        labels.filter_map(|(at, label)| Some((at, label.as_str(), categories.of(label, &header)?))).collect();
    if labels.is_empty() {
        header.trouble("-", Trouble::MissingColumn);
    }
    let mut names = HashMap::new();
    for line in &sheet.rows {
        let mut place = Place { file: AREA_DAYS, line: line.number, report };
        let Some((district, area)) = district(&sheet, line, has_center, &mut names, &mut place) else { continue };
        for (at, label, category) in &labels {
            let Some(entry) = entry(label, cell(line, Some(*at)), remarks, &mut place) else { continue };
            data.calendar.push(CalendarLine { area: area.id.clone(), category: category.clone(), entry });
        }
        data.districts.push(district);
        data.areas.push(area);
    }
}

/// Each line is a district and a collection area in one: nothing says which of them belong together.
fn district(
    sheet: &Sheet,
    line: &Line,
    has_center: bool,
    names: &mut HashMap<String, u32>,
    place: &mut Place<'_>,
) -> Option<(District, Area)> {
    let column = sheet.header[0].as_str();
    let name = cell(line, Some(0));
    if name.is_empty() {
        place.trouble(column, Trouble::Empty);
        return None;
    }
    let first_line = *names.entry(key(name)).or_insert(line.number);
    if first_line != line.number {
        place.trouble(column, Trouble::Duplicate { value: excerpt(name), first_line });
        return None;
    }
    let area: AreaId = id("area", &key(name))?;
    let district: DistrictId = id("district", &key(name))?;
    let name = place.text(column, name, NAME_CHARS_MAX);
    let center = if has_center { cell(line, Some(1)).to_owned() } else { String::new() };
    let district = District { id: district, reading: name.clone(), name: name.clone(), area: area.clone() };
    Some((district, Area { id: area, name, center }))
}

fn entry(label: &str, text: &str, remarks: &HashMap<String, String>, place: &mut Place<'_>) -> Option<Entry> {
    let cell = match cell::parse(text) {
        Ok(cell) => cell,
        Err(error) => {
            // Half of a cell would be worse than none: a resident would miss a day and not know it.
            place.trouble(label, Trouble::Notation(error));
            return None;
        }
    };
    for (named, actual) in cell.elsewhere {
        place.trouble(label, Trouble::FirstDayElsewhere { named, actual });
    }
    let mut notes = Vec::new();
    for id in cell.remarks {
        match remarks.get(&id) {
            Some(text) => notes.push(text.as_str()),
            None => place.trouble(label, Trouble::UnknownRemark { id }),
        }
    }
    let note = notes.join("\n");
    if cell.rules.is_empty() && note.is_empty() {
        place.trouble(label, Trouble::NeverCollected);
        return None;
    }
    Some(Entry { note, ..Entry::from(cell.rules) })
}

fn closures(files: &Files, areas: &[Area], effect: ClosureEffect, report: &mut Report) -> Vec<CenterClosure> {
    let Some(sheet) = Sheet::read(files, CENTER, Need::Optional, report) else { return Vec::new() };
    let mut closures: Vec<CenterClosure> = Vec::new();
    for line in &sheet.rows {
        let mut place = Place { file: CENTER, line: line.number, report };
        let center = cell(line, Some(0)).to_owned();
        let name = |at: usize| sheet.header.get(at).map(String::as_str).unwrap_or_default();
        let mut date = |at: usize| {
            let found = cell(line, Some(at));
            let date = parse_date(found).ok();
            if date.is_none() {
                place.trouble(name(at), Trouble::InvalidDate { found: excerpt(found) });
            }
            date
        };
        let (Some(first), Some(last)) = (date(1), date(2)) else { continue };
        let Some(days) = DateRange::new(first, last) else {
            place.trouble(name(2), Trouble::EndsBeforeItBegins);
            continue;
        };
        if areas.iter().all(|area| area.center != center) {
            place.trouble(name(0), Trouble::UnknownReference { value: excerpt(&center), file: AREA_DAYS });
            continue;
        }
        let closure = CenterClosure { center, closure: Closure { days: days.into(), effect }, note: String::new() };
        if !closures.contains(&closure) {
            closures.push(closure);
        }
    }
    closures
}

fn targets(files: &Files, categories: &mut Categories, report: &mut Report) -> Vec<WasteItem> {
    let Some(sheet) = Sheet::read(files, TARGET, Need::Required, report) else { return Vec::new() };
    let label_at = column(&sheet, TARGET, &["label", "type"], report);
    let name_at = column(&sheet, TARGET, &["name"], report);
    let mut quiet = Report::default();
    let [notice_at, reading_at] = ["notice", "furigana"].map(|name| column(&sheet, TARGET, &[name], &mut quiet));
    if label_at.is_none() || name_at.is_none() {
        return Vec::new();
    }
    let mut items = Vec::new();
    let mut seen: HashMap<WasteItemId, (u32, &str)> = HashMap::new();
    for line in &sheet.rows {
        let mut place = Place { file: TARGET, line: line.number, report };
        let (label, name) = (cell(line, label_at), cell(line, name_at));
        let empty: HashSet<_> =
            [("type", label), ("name", name)].into_iter().filter(|(_, cell)| cell.is_empty()).collect();
        for (column, _) in &empty {
            place.trouble(column, Trouble::Empty);
        }
        if !empty.is_empty() {
            continue;
        }
        let Some(id) = id::<WasteItemId>("item", &format!("{}:{}", key(label), key(name))) else { continue };
        let notice = cell(line, notice_at);
        let (first_line, first_notice) = *seen.entry(id.clone()).or_insert((line.number, notice));
        if first_line != line.number {
            let value = excerpt(name);
            let same = first_notice == notice;
            let trouble =
                if same { Trouble::Repeated { value, first_line } } else { Trouble::Duplicate { value, first_line } };
            place.trouble("name", trouble);
            continue;
        }
        let Some(category) = categories.of(label, &place) else { continue };
        let name = place.text("name", name, ITEM_CHARS_MAX);
        let note = place.text("notice", &without_tags(notice), TEXT_CHARS_MAX);
        let reading = reading(&name, cell(line, reading_at));
        let aliases = Vec::new();
        items.push(WasteItem {
            id,
            name,
            reading,
            aliases,
            category,
            how: String::new(),
            note,
            name_en: String::new(),
        });
    }
    items
}

/// Most write only the first kana there, for an index: that is no reading. A name in kana is its own.
fn reading(name: &str, furigana: &str) -> String {
    let is_kana = |sign: char| matches!(sign, 'ぁ'..='ゖ' | 'ァ'..='ヶ' | 'ー');
    if furigana.chars().count() > 1 {
        furigana.chars().take(ITEM_CHARS_MAX).collect()
    } else if name.chars().all(is_kana) {
        name.to_owned()
    } else {
        String::new()
    }
}
