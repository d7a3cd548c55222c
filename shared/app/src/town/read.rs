//! Reads a town's folder (the format of `infra/sample-town`): checks everything, and names file, line and what is wrong.

mod boundaries;
mod changes;
mod dates;
mod garbage;
mod menu;
mod reports;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use domain::ids::{AreaId, CategoryId, DepartmentId, DistrictId, ReportKindId};
use domain::language::Language;
use domain::resident::Switch;
use domain::town::{Area, Department, District, Name, Topic};

use super::data::{Scope, TownData, TownProfile};
use super::files::{Files, Need};
use super::problem::{Problem, Report, Trouble};
use super::sheet::{Line, Row, Sheet};
use super::table::TownTable;
use super::yaml::Node;

pub use settings::{OTHER_TEXT_CHARS_MAX, WELCOME_CHARS_MAX};

/// What a folder gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// All that could be read.
    pub data: TownData,
    /// What is wrong, in the order of files and lines.
    pub problems: Vec<Problem>,
}

/// A name has at most this many characters.
pub(super) const NAME_CHARS_MAX: usize = 60;
/// The name of a waste item, its reading and each alias has at most this many.
pub(super) const ITEM_CHARS_MAX: usize = 100;
/// A description or a note has at most this many.
pub(super) const TEXT_CHARS_MAX: usize = 1_000;
/// A question to residents has at most this many.
const QUESTION_CHARS_MAX: usize = 100;

pub(super) const TOWN: &str = "town.yaml";
pub(super) const TEXTS: &str = "texts.yaml";
pub(super) const DEPARTMENTS: &str = "departments.csv";
pub(super) const AREAS: &str = "areas.csv";
pub(super) const DISTRICTS: &str = "districts.csv";
pub(super) const TOPICS: &str = "topics.csv";
pub(super) const DATES: &str = "dates.csv";
pub(super) const CATEGORIES: &str = "categories.csv";
pub(super) const CALENDAR: &str = "calendar.csv";
pub(super) const CLOSURES: &str = "closures.csv";
pub(super) const CHANGES: &str = "changes.csv";
pub(super) const WASTE_ITEMS: &str = "waste-items.csv";
pub(super) const REPORT_KINDS: &str = "report-kinds.csv";
pub(super) const REPORT_QUESTIONS: &str = "report-questions.csv";
pub(super) const REPORT_ANSWERS: &str = "report-answers.csv";
pub(super) const BOUNDARIES: &str = "boundaries.geojson";
pub(super) const RICH_MENU: &str = "rich-menu.yaml";
const FILES: [&str; 17] = [
    TOWN,
    TEXTS,
    DEPARTMENTS,
    AREAS,
    DISTRICTS,
    TOPICS,
    DATES,
    CATEGORIES,
    CALENDAR,
    CLOSURES,
    CHANGES,
    WASTE_ITEMS,
    REPORT_KINDS,
    REPORT_QUESTIONS,
    REPORT_ANSWERS,
    BOUNDARIES,
    RICH_MENU,
];

/// Reads a town's folder. Whatever is wrong is reported, and the rest is read.
#[must_use]
pub fn read(files: &Files) -> Reading {
    let mut report = Report::default();
    for name in files.0.keys() {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        let is_ours = ["csv", "yaml", "yml", "geojson"].contains(&ending.as_str()) && !name.contains('/');
        if is_ours && !FILES.contains(&name.as_str()) {
            report.add(name, 1, None, Trouble::UnknownFile);
        }
    }
    let settings = settings::read(files, &mut report);
    let source = Source::Files(files);
    let departments = departments(source, &mut report);
    let areas = areas(source, &mut report);
    let references = References {
        departments: departments.iter().map(|department| department.id.clone()).collect(),
        areas: areas.iter().map(|area| area.id.clone()).collect(),
    };
    let districts = districts(source, &references, &mut report);
    let topics = topics(source, &references, &mut report);
    let dates = dates::dates(source, &mut report);
    let mut categories = garbage::categories(source, &references, &mut report);
    let ids: Vec<CategoryId> = categories.iter().map(|category| category.id.clone()).collect();
    let calendar = garbage::calendar(source, &references, &ids, &mut report);
    for category in &mut categories {
        // Only what is collected has a time by which it is put out.
        if category.put_out_by.is_empty() && calendar.iter().any(|line| line.category == category.id) {
            category.put_out_by.clone_from(&settings.put_out_by);
        }
    }
    let closures = garbage::closures(source, &areas, &mut report);
    let changes = changes::changes(source, &references, &ids, &mut report);
    let waste_items = garbage::waste_items(source, &ids, &mut report);
    let report_kinds = reports::kinds(source, &references, &mut report);
    let ids: Vec<ReportKindId> = report_kinds.iter().map(|kind| kind.id.clone()).collect();
    let report_questions = reports::questions(source, &ids, &mut report);
    let report_answers = reports::answers(source, &ids, &mut report);
    let ids: Vec<DistrictId> = districts.iter().map(|district| district.id.clone()).collect();
    let boundaries = boundaries::read(files, &ids, &mut report);
    let menu = menu::read(files, &mut report);
    let profile = settings.profile;
    let data = TownData {
        profile,
        departments,
        areas,
        districts,
        topics,
        dates,
        categories,
        calendar,
        closures,
        changes,
        waste_items,
        report_kinds,
        report_questions,
        report_answers,
        boundaries,
        menu,
        scope: Scope::Everything,
    };
    Reading { data, problems: report.finish() }
}

/// What rows of other tables may refer to.
struct References {
    departments: Vec<DepartmentId>,
    areas: Vec<AreaId>,
}

/// Where the rows of a table come from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// A folder.
    Files(&'a Files),
    /// Themselves.
    Sheet(&'a Sheet),
}

/// Reads the rows of a table one by one; rows that give nothing have reported why.
fn rows<T>(
    source: Source<'_>,
    table: TownTable,
    need: Need,
    report: &mut Report,
    mut read: impl FnMut(&mut Row<'_>) -> Option<T>,
) -> Vec<T> {
    let file = table.file();
    let read_here;
    let sheet = match source {
        Source::Sheet(sheet) => sheet,
        Source::Files(files) => {
            let Some(sheet) = Sheet::with_columns(files, file, need, table.columns(), report) else {
                return Vec::new();
            };
            read_here = sheet;
            &read_here
        }
    };
    let row = |line: &Line| read(&mut Row::new(file, sheet, line, report));
    sheet.rows.iter().filter_map(row).collect()
}

/// Reads rows of one table against the rest of a town, which is not looked at again: all other tables of what comes back
/// are empty. The very same checks as for a folder.
pub(super) fn read_table(table: TownTable, sheet: &Sheet, town: &TownData) -> (TownData, Vec<Problem>) {
    let mut report = Report::default();
    let source = Source::Sheet(sheet);
    let references = References {
        departments: town.departments.iter().map(|department| department.id.clone()).collect(),
        areas: town.areas.iter().map(|area| area.id.clone()).collect(),
    };
    let categories: Vec<CategoryId> = town.categories.iter().map(|category| category.id.clone()).collect();
    let kinds: Vec<ReportKindId> = town.report_kinds.iter().map(|kind| kind.id.clone()).collect();
    let mut data = TownData::default();
    match table {
        TownTable::Departments => data.departments = departments(source, &mut report),
        TownTable::Areas => data.areas = areas(source, &mut report),
        TownTable::Districts => data.districts = districts(source, &references, &mut report),
        TownTable::Topics => data.topics = topics(source, &references, &mut report),
        TownTable::Dates => data.dates = dates::dates(source, &mut report),
        TownTable::Categories => data.categories = garbage::categories(source, &references, &mut report),
        TownTable::Calendar => data.calendar = garbage::calendar(source, &references, &categories, &mut report),
        TownTable::Closures => data.closures = garbage::closures(source, &town.areas, &mut report),
        TownTable::Changes => data.changes = changes::changes(source, &references, &categories, &mut report),
        TownTable::WasteItems => data.waste_items = garbage::waste_items(source, &categories, &mut report),
        TownTable::ReportKinds => data.report_kinds = reports::kinds(source, &references, &mut report),
        TownTable::ReportQuestions => data.report_questions = reports::questions(source, &kinds, &mut report),
        TownTable::ReportAnswers => data.report_answers = reports::answers(source, &kinds, &mut report),
    }
    (data, report.finish())
}

/// Reads what is written in the place of `town.yaml` and `texts.yaml`. The very same checks as for a folder.
pub(super) fn read_settings(town: &Node, texts: &Node) -> (Option<TownProfile>, Vec<Problem>) {
    let mut report = Report::default();
    let settings = settings::read_nodes(Some(town), Some(texts), &mut report);
    (settings.profile, report.finish())
}

/// Values that may be there once, and the lines where they were first.
#[derive(Default)]
pub(super) struct Once(HashMap<String, u32>);

impl Once {
    /// `None`, reported, for a value that was there before.
    fn check(&mut self, row: &mut Row<'_>, column: &str, value: &str) -> Option<()> {
        let line = row.number();
        let first_line = *self.0.entry(value.to_owned()).or_insert(line);
        if first_line == line {
            return Some(());
        }
        row.trouble(column, Trouble::Duplicate { value: value.to_owned(), first_line });
        None
    }
}

/// `None` for a row beyond those that a table may have, which is reported at the first of them. `taken` counts the rows before.
fn at_most(row: &mut Row<'_>, taken: &mut usize, max: usize) -> Option<()> {
    *taken += 1;
    if *taken == max + 1 {
        row.trouble("id", Trouble::TooManyRows { rows_max: max });
    }
    (*taken <= max).then_some(())
}

/// Reports a reference to something that is not there. The reference stays: what it needs may be loaded later.
fn refer<T: PartialEq + ToString>(row: &mut Row<'_>, column: &str, id: &T, known: &[T], file: &'static str) {
    if !known.contains(id) {
        row.trouble(column, Trouble::UnknownReference { value: id.to_string(), file });
    }
}

/// Whether a text can be how something is read.
fn is_reading(text: &str) -> bool {
    text.chars().all(|sign| matches!(sign, 'ぁ'..='ゖ' | 'ー'))
}

/// Reports a reading that is not one.
fn check_reading(row: &mut Row<'_>, column: &str, reading: &str) {
    if !is_reading(reading) {
        row.trouble(column, Trouble::InvalidReading { found: super::sheet::excerpt(reading) });
    }
}

fn name(row: &mut Row<'_>) -> Option<Name> {
    in_languages(row, ["name", "name_easy", "name_en"], NAME_CHARS_MAX)
}

/// A text in the languages of the account, a column for each; only Japanese must be there.
fn in_languages(row: &mut Row<'_>, [ja, easy, en]: [&str; 3], max: usize) -> Option<Name> {
    let ja = row.text(ja, max);
    let (easy, en) = (row.optional(easy, max), row.optional(en, max));
    Some(Name { ja: ja?, easy, en })
}

/// The parts of a cell, with `|` between them. What is beyond `max` characters in one is reported and cut.
fn parts(row: &mut Row<'_>, column: &str, max: usize) -> Vec<String> {
    let written = row.cell(column).split(['|', '｜']).map(str::trim).filter(|part| !part.is_empty());
    let mut parts = Vec::new();
    for part in written {
        let found = part.chars().count();
        if found > max {
            row.trouble(column, Trouble::TooLong { found, max });
        }
        parts.push(part.chars().take(max).collect());
    }
    parts
}

fn departments(source: Source<'_>, report: &mut Report) -> Vec<Department> {
    let mut once = Once::default();
    rows(source, TownTable::Departments, Need::Required, report, |row| {
        let id: Option<DepartmentId> = row.id("id");
        let name = row.text("name", NAME_CHARS_MAX);
        let phone = row.phone("phone");
        let id = id?;
        once.check(row, "id", id.as_str())?;
        Some(Department { id, name: name?, phone })
    })
}

fn areas(source: Source<'_>, report: &mut Report) -> Vec<Area> {
    let mut once = Once::default();
    rows(source, TownTable::Areas, Need::Required, report, |row| {
        let id: Option<AreaId> = row.id("id");
        let name = row.text("name", NAME_CHARS_MAX);
        let center = row.optional("center", NAME_CHARS_MAX);
        let id = id?;
        once.check(row, "id", id.as_str())?;
        Some(Area { id, name: name?, center })
    })
}

fn districts(source: Source<'_>, references: &References, report: &mut Report) -> Vec<District> {
    let (mut ids, mut names) = (Once::default(), Once::default());
    rows(source, TownTable::Districts, Need::Required, report, |row| {
        let id: Option<DistrictId> = row.id("id");
        let name = row.text("name", NAME_CHARS_MAX);
        let reading = row.text("reading", NAME_CHARS_MAX);
        let area: Option<AreaId> = row.id("area");
        if let Some(reading) = &reading {
            check_reading(row, "reading", reading);
        }
        let (id, name, area) = (id?, name?, area?);
        ids.check(row, "id", id.as_str())?;
        names.check(row, "name", &name)?;
        refer(row, "area", &area, &references.areas, AREAS);
        Some(District { id, reading: reading.unwrap_or_else(|| name.clone()), name, area })
    })
}

fn topics(source: Source<'_>, references: &References, report: &mut Report) -> Vec<Topic> {
    let mut once = Once::default();
    rows(source, TownTable::Topics, Need::Required, report, |row| {
        let id: Option<domain::ids::TopicId> = row.id("id");
        let name = name(row);
        let description = row.optional("description", TEXT_CHARS_MAX);
        let department: Option<DepartmentId> = row.id("department");
        let default = row.choice("default", "on、off", &[("on", Switch::On), ("off", Switch::Off)]);
        let weekly_max = row.positive("weekly_max", settings::WEEKLY_MAX);
        let (id, department) = (id?, department?);
        once.check(row, "id", id.as_str())?;
        refer(row, "department", &department, &references.departments, DEPARTMENTS);
        Some(Topic { id, name: name?, description, department, default: default?, weekly_max })
    })
}

/// The names of the languages, for a sentence that says what can be written.
pub(super) const LANGUAGES: &str = "ja、ja-easy、en";

fn language(text: &str) -> Option<Language> {
    text.parse().ok()
}
