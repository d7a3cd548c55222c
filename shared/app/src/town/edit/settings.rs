//! The town's settings as forms: the parts of `town.yaml` and `texts.yaml`, each with its fields, and what saving one does.
//!
//! All parts are one record. But a form is compared with what its person saw of its own part only, so that two who change
//! different parts do not meet. What is typed is put in its place in the trees of the two files and read as they are.

use domain::audit::Action;
use domain::dates::plain;
use domain::language::Language;
use domain::report::kind::Intake;
use domain::resident::Switch;
use domain::town::{QuietHours, Sending, Texts};
use jiff::civil::Time;
use serde::Deserialize as _;
use serde_json::{Map, Value as Json, json};

use super::decide::{Decision, edit_of};
use super::rights::Owner;
use super::snapshot::Snapshot;
use super::{Cells, Editor, FieldChange, Mistake, Saved, Warnings};
use crate::error::{Error, Kind};
use crate::ports::TownChange;
use crate::town::data::{TownData, TownProfile};
use crate::town::read::read_settings;
use crate::town::records::{RecordKind, to_records};
use crate::town::words;
use crate::town::yaml::{Node, Value};

/// A part of the town's settings that is edited at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsPart {
    /// The town itself.
    Town,
    /// How broadcasts are sent.
    Sending,
    /// How reports are taken.
    Reports,
    /// Its own texts in a language.
    Texts(Language),
}

/// How the cell of a setting says that there is none, as the files do.
pub const NONE: &str = "null";

/// What was typed is on this line of the trees, what stays on another.
const TYPED: u32 = 2;
const STAYS: u32 = 1;

impl SettingsPart {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Town,
        Self::Sending,
        Self::Reports,
        Self::Texts(Language::Japanese),
        Self::Texts(Language::EasyJapanese),
        Self::Texts(Language::English),
    ];

    /// Its name in addresses, such as `texts-ja`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::Sending => "sending",
            Self::Reports => "reports",
            Self::Texts(Language::Japanese) => "texts-ja",
            Self::Texts(Language::EasyJapanese) => "texts-ja-easy",
            Self::Texts(Language::English) => "texts-en",
        }
    }

    /// The part of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    /// Its fields, by their keys in the files.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Town => &["name", "reading", "phone", "website", "portal", "languages", RETENTION],
            Self::Sending => {
                &["quiet_from", "quiet_to", "weekly_max", "public_page", "rule_minutes_max", "rule_hourly_max"]
            }
            Self::Reports => {
                &["boundary_tolerance_m", "erase_after_days", "erase_declined_after_days", "erase_duplicate_after_days"]
            }
            Self::Texts(_) => &["welcome", "garbage_not_found_contact", "emergency_note"],
        }
    }

    /// What stands in its fields.
    #[must_use]
    pub fn cells(self, profile: &TownProfile) -> Cells {
        let TownProfile { reading, profile, .. } = profile;
        match self {
            Self::Town => {
                let languages: Vec<&str> = profile.languages.iter().map(|language| language.tag()).collect();
                let days = profile.blocked_resident_retention_days;
                vec![
                    profile.name.clone(),
                    reading.clone(),
                    profile.phone.clone(),
                    profile.website.clone(),
                    profile.portal.clone(),
                    languages.join(" "),
                    days.map_or_else(|| NONE.to_owned(), |days| days.to_string()),
                ]
            }
            Self::Sending => {
                let Sending { quiet_hours, weekly_max, public_page, rule_minutes_max, rule_hourly_max } =
                    &profile.sending;
                let side =
                    |side: fn(QuietHours) -> Time| quiet_hours.map(|hours| time(side(hours))).unwrap_or_default();
                let public = match public_page {
                    Switch::On => "on",
                    Switch::Off => "off",
                };
                vec![
                    side(QuietHours::begin),
                    side(QuietHours::end),
                    weekly_max.map(|max| max.to_string()).unwrap_or_default(),
                    public.to_owned(),
                    rule_minutes_max.to_string(),
                    rule_hourly_max.to_string(),
                ]
            }
            Self::Reports => {
                let Intake {
                    boundary_tolerance_m,
                    erase_after_days,
                    erase_declined_after_days,
                    erase_duplicate_after_days,
                } = profile.reports;
                let days = [erase_after_days, erase_declined_after_days, erase_duplicate_after_days];
                let days = days.map(|days| days.map(|days| days.to_string()).unwrap_or_default());
                [boundary_tolerance_m.to_string()].into_iter().chain(days).collect()
            }
            Self::Texts(language) => {
                let Texts { welcome, garbage_not_found_contact, emergency_note } =
                    profile.texts.get(&language).cloned().unwrap_or_default();
                vec![welcome, garbage_not_found_contact, emergency_note]
            }
        }
    }
}

const RETENTION: &str = "blocked_resident_retention_days";
/// Fields that hold a number or nothing.
const NUMBERS: [&str; 7] = [
    "weekly_max",
    "rule_minutes_max",
    "rule_hourly_max",
    "boundary_tolerance_m",
    "erase_after_days",
    "erase_declined_after_days",
    "erase_duplicate_after_days",
];

/// As it is written in files: `21:00`.
fn time(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// What somebody wants a part of the settings to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsDraft {
    /// Which part.
    pub part: SettingsPart,
    /// Its fields.
    pub cells: Cells,
    /// Its fields as they were when the form was opened.
    pub seen: Cells,
    /// Whether they know of the warnings.
    pub warnings: Warnings,
}

impl Snapshot {
    /// The town's settings; empty ones where nothing was loaded yet.
    #[must_use]
    pub fn settings(&self) -> TownProfile {
        self.data.profile.clone().unwrap_or_else(|| {
            let profile = domain::town::Profile { languages: vec![Language::Japanese], ..Default::default() };
            TownProfile { profile, ..TownProfile::default() }
        })
    }
}

/// What saving a part does.
pub(super) fn save(snapshot: &Snapshot, editor: &Editor<'_>, draft: &SettingsDraft) -> Decision<Saved> {
    if !editor.may(&Owner::Town) {
        return Ok(Err(Saved::Denied));
    }
    let part = draft.part;
    let id = || part.name().to_owned();
    let present = snapshot.settings();
    let (now, typed) = (part.cells(&present), trimmed(part, &draft.cells));
    if now == typed {
        return Ok(Err(Saved::Already { id: id() }));
    }
    if now != draft.seen {
        return Ok(Err(Saved::Conflict(Some(vec![now]))));
    }
    let (profile, mistakes) = check(&present, part, &typed);
    let only_warnings = mistakes.iter().all(Mistake::is_warning);
    if !only_warnings || (!mistakes.is_empty() && draft.warnings == Warnings::Tell) {
        return Ok(Err(Saved::Wrong(mistakes)));
    }
    let failed = |error| Error::new(Kind::Permanent, "write the settings as a record", error);
    let data = TownData { profile, ..TownData::default() };
    let Some(record) = to_records(&data).map_err(failed)?.pop() else {
        return Err(Error::new(Kind::Permanent, "read the settings", "they are sound, but none"));
    };
    let before = snapshot.body(&record.kind, &record.id).cloned();
    if before.as_ref() == Some(&record.body) {
        return Ok(Err(Saved::Already { id: id() }));
    }
    let change = TownChange { kind: record.kind, id: record.id, before, after: Some(record.body) };
    let mut edit = edit_of(snapshot, editor, vec![change], Action::EditTown)?;
    words::settings(part).clone_into(&mut edit.label);
    Ok(Ok((id(), edit)))
}

/// Cells without spaces around them and with plain line ends; as many as the part has fields.
fn trimmed(part: SettingsPart, cells: &[String]) -> Cells {
    let cell = |at| cells.get(at).map(|cell: &String| cell.trim().replace("\r\n", "\n")).unwrap_or_default();
    (0..part.columns().len()).map(cell).collect()
}

/// Reads all settings, with what was typed in the place of what is there, and tells what is wrong with what was typed.
fn check(present: &TownProfile, part: SettingsPart, typed: &Cells) -> (Option<TownProfile>, Vec<Mistake>) {
    let mut town = vec![entry("id", STAYS, Value::Text(present.id.clone()))];
    let mut texts = Vec::new();
    for of in SettingsPart::ALL {
        let (line, cells) = if of == part { (TYPED, typed.clone()) } else { (STAYS, of.cells(present)) };
        // A language that says nothing is none.
        let is_silent = cells.iter().all(String::is_empty);
        let fields =
            of.columns().iter().zip(cells).map(|(column, cell)| entry(column, line, value(line, column, cell)));
        match of {
            SettingsPart::Town => town.extend(fields),
            SettingsPart::Sending | SettingsPart::Reports => {
                town.push(entry(of.name(), line, Value::Map(fields.collect())));
            }
            SettingsPart::Texts(_) if is_silent => {}
            SettingsPart::Texts(language) => texts.push(entry(language.tag(), line, Value::Map(fields.collect()))),
        }
    }
    let node = |entries| Node { line: STAYS, value: Value::Map(entries) };
    let (profile, problems) = read_settings(&node(town), &node(texts));
    let mistake = |problem: &crate::town::Problem| Mistake {
        line: 1,
        column: problem.column.clone(),
        severity: problem.severity(),
        sentence: words::sentence(&problem.trouble),
    };
    let of_typed = problems.iter().filter(|problem| problem.line == TYPED);
    (profile, of_typed.map(mistake).collect())
}

fn entry(key: &str, line: u32, value: Value) -> (String, Node) {
    (key.to_owned(), Node { line, value })
}

/// What a field would be in the file.
fn value(line: u32, column: &str, cell: String) -> Value {
    let whole = |cell: String| plain(&cell).parse().map_or(Value::Text(cell), Value::Whole);
    match column {
        "languages" => {
            let tag = |tag: &str| Node { line, value: Value::Text(tag.to_owned()) };
            Value::List(cell.split_whitespace().map(tag).collect())
        }
        RETENTION if cell == NONE => Value::Null,
        RETENTION => whole(cell),
        column if NUMBERS.contains(&column) && cell.is_empty() => Value::Null,
        column if NUMBERS.contains(&column) => whole(cell),
        _ => Value::Text(cell),
    }
}

/// The settings of a record by part and field; `None` for one that is none, or cannot be read.
fn profile_of(kind: &str, body: &Json) -> Option<TownProfile> {
    (RecordKind::of(kind)? == RecordKind::Profile).then(|| TownProfile::deserialize(body).ok())?
}

/// The settings of a record as JSON that people can read: fields by name, texts by language.
pub(super) fn described(kind: &str, body: &Json) -> Option<String> {
    let profile = profile_of(kind, body)?;
    let mut all = Map::from_iter([("id".to_owned(), json!(profile.id))]);
    for part in SettingsPart::ALL {
        let fields = part.columns().iter().zip(part.cells(&profile));
        let fields: Map<String, Json> = fields.map(|(column, cell)| ((*column).to_owned(), json!(cell))).collect();
        match part {
            SettingsPart::Town | SettingsPart::Sending | SettingsPart::Reports => all.extend(fields),
            SettingsPart::Texts(language) => {
                all.insert(language.tag().to_owned(), fields.into());
            }
        }
    }
    Some(Json::from(all).to_string())
}

/// What differs between two states of the settings; `None` where they are none.
pub(super) fn field_changes(change: &TownChange) -> Option<Vec<FieldChange>> {
    let side = |body: &Option<Json>| body.as_ref().map(|body| profile_of(&change.kind, body).ok_or(()));
    let (before, after) = (side(&change.before).transpose().ok()?, side(&change.after).transpose().ok()?);
    let mut all = Vec::new();
    for part in SettingsPart::ALL {
        let (before, after) = (before.as_ref().map(|it| part.cells(it)), after.as_ref().map(|it| part.cells(it)));
        for (at, column) in part.columns().iter().enumerate() {
            let side = |cells: &Option<Cells>| cells.as_ref().and_then(|cells| cells.get(at).cloned());
            let (before, after) = (side(&before), side(&after));
            if before.as_deref().unwrap_or_default() != after.as_deref().unwrap_or_default() {
                all.push(FieldChange { part: Some(part), column, before, after });
            }
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests;
