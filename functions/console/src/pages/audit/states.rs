//! What an entry is about, and what differs between before and after, readable for people.

use app::audit::{is_plain, kind_of};
use app::ports::How;
use app::ports::watch::Flow;
use app::questions::read_state;
use app::town::records::RecordKind;
use app::town::table::TownTable;
use domain::audit::Act;
use domain::ids::{DepartmentId, ReportId, StaffId};
use domain::report::{ReportNumber, Standing as Stands};
use domain::staff::{Roles, Roster, Standing};
use domain::town::Town;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::{Seen, work};
use crate::kit::{self, Change};
use crate::pages::people::roles::in_words;
use crate::words::audit as words;
use crate::words::frame::Section;
use crate::words::people::{UNKNOWN, standing};
use crate::words::questions::how;
use crate::words::reports as report_words;
use crate::words::settings;
use crate::words::town as town_words;

/// The list shows this many differing fields of an entry, and this many characters of each.
const SUMMARY_FIELDS: usize = 12;
const SUMMARY_CHARS: usize = 300;
/// Fields of fields of fields are shown as they are in the data.
const DEPTH_MAX: usize = 3;
/// The kind of questions that nothing answered. Their words are not in the log.
const QUESTION: &str = "question";
/// The kind of damage reports. Of what stands in them the log has no word.
const REPORT: &str = "report";

/// One field that differs.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    label: String,
    before: Option<String>,
    after: Option<String>,
}

fn table_of_file(file: &str) -> Option<TownTable> {
    TownTable::ALL.into_iter().find(|table| table.file() == file)
}

/// What differs, folded, for a list.
pub(super) fn summary(act: &Act, seen: &Seen<'_>) -> Markup {
    if !is_plain(act) {
        return html! { p { (words::HIDDEN) } };
    }
    let all = differences(act, seen);
    if all.is_empty() {
        return html! {};
    }
    kit::fold(
        &words::changes(all.len()),
        &html! {
            ul { @for difference in all.iter().take(SUMMARY_FIELDS) { li { (line(difference)) } } }
            @if all.len() > SUMMARY_FIELDS { p { (words::MORE_FIELDS) } }
        },
    )
}

fn line(difference: &Difference) -> Markup {
    let side = |text: &str| {
        let mut cut: String = text.chars().take(SUMMARY_CHARS).collect();
        if cut.len() < text.len() {
            cut.push('…');
        }
        cut
    };
    html! {
        strong { (difference.label) }
        @if let Some(before) = &difference.before { div { (words::BEFORE) "：" (side(before)) } }
        @if let Some(after) = &difference.after { div { (words::AFTER) "：" (side(after)) } }
    }
}

/// All that differs, side by side.
pub(super) fn whole(act: &Act, seen: &Seen<'_>) -> Markup {
    let all = differences(act, seen);
    let changes: Vec<Change<'_>> = all
        .iter()
        .map(|one| Change { label: &one.label, before: one.before.as_deref(), after: one.after.as_deref() })
        .collect();
    html! {
        @if !changes.is_empty() { (kit::changes(words::CHANGED, words::BEFORE, words::AFTER, &changes)) }
    }
}

fn differences(act: &Act, seen: &Seen<'_>) -> Vec<Difference> {
    let kind = kind_of(act);
    let reader = Reader {
        town: seen.town,
        roster: seen.roster,
        table: TownTable::of_kind(kind),
        kind,
        is_settings: RecordKind::of(kind) == Some(RecordKind::Profile),
        is_work: work::KINDS.contains(&kind),
    };
    let before = reader.fields(&act.before).into_iter();
    let mut all: Vec<_> = before.map(|(label, text)| Difference { label, before: Some(text), after: None }).collect();
    for (label, text) in reader.fields(&act.after) {
        match all.iter_mut().find(|known| known.label == label && known.after.is_none()) {
            Some(known) => known.after = Some(text),
            None => all.push(Difference { label, before: None, after: Some(text) }),
        }
    }
    all.retain(|one| one.before != one.after);
    all
}

/// Reads states.
struct Reader<'a> {
    town: &'a Town,
    roster: &'a Roster,
    table: Option<TownTable>,
    /// What they are states of.
    kind: &'a str,
    is_settings: bool,
    /// Of the staff's own work.
    is_work: bool,
}

impl Reader<'_> {
    /// A state as fields with their names in words; a text that is no JSON object is one field.
    fn fields(&self, state: &str) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        if state.is_empty() {
            return fields;
        }
        match serde_json::from_str(state) {
            Ok(Value::Object(object)) => {
                for (key, value) in self.in_order(object) {
                    self.flatten(self.label(&key), &key, value, 1, &mut fields);
                }
            }
            Ok(value @ Value::Array(_)) => {
                fields.push((words::STATE.to_owned(), self.readable("", value)));
            }
            Ok(_) | Err(_) => {
                fields.push((words::STATE.to_owned(), self.text(state)));
            }
        }
        fields
    }

    /// A state that is a text.
    fn text(&self, state: &str) -> String {
        if let Some(known) = (self.kind == REPORT).then(|| state_of_report(state)).flatten() {
            return known;
        }
        match read_state(state).filter(|_| self.kind == QUESTION) {
            Some(How::Ignored) => how(None),
            Some(How::Answered(id)) => how(Some(self.town.waste.item(&id).map_or(id.as_str(), |item| &item.name))),
            None => state.to_owned(),
        }
    }

    /// The fields in the order of the table's columns.
    fn in_order(&self, object: Map<String, Value>) -> Vec<(String, Value)> {
        let columns = self.table.map_or(&[][..], TownTable::columns);
        let mut fields: Vec<_> = object.into_iter().collect();
        fields.sort_by_key(|(key, _)| columns.iter().position(|column| column == key).unwrap_or(columns.len()));
        fields
    }

    fn label(&self, key: &str) -> String {
        if let Some(table) = self.table.filter(|table| table.columns().contains(&key)) {
            return town_words::column(table, key).to_owned();
        }
        if let Some(field) = self.is_settings.then(|| settings::known_field(key)).flatten() {
            return field.to_owned();
        }
        if let Some(field) = self.is_work.then(|| words::field_of_work(key)).flatten() {
            return field.to_owned();
        }
        RecordKind::of(key).map_or_else(|| words::field(key).to_owned(), |kind| town_words::kind(kind).to_owned())
    }

    fn flatten(&self, label: String, key: &str, value: Value, depth: usize, into: &mut Vec<(String, String)>) {
        if let Some(known) = self.of_work(key, &value) {
            into.push((label, known));
            return;
        }
        match value {
            Value::Object(object) if depth < DEPTH_MAX => {
                for (key, value) in object {
                    self.flatten(format!("{label}・{}", self.label(&key)), &key, value, depth + 1, into);
                }
            }
            Value::Null => {}
            value => {
                into.push((label, self.readable(key, value)));
            }
        }
    }

    fn of_work(&self, key: &str, value: &Value) -> Option<String> {
        self.is_work.then(|| work::readable(key, value, self.town, self.roster)).flatten()
    }

    fn readable(&self, key: &str, value: Value) -> String {
        let known = match key {
            "roles" => {
                serde_json::from_value::<Roles>(value.clone()).ok().map(|known| in_words(&known, self.town).join("\n"))
            }
            "standing" => {
                serde_json::from_value::<Standing>(value.clone()).ok().map(|known| standing(known).to_owned())
            }
            "what" => value.as_str().and_then(action_of).map(str::to_owned),
            _ if self.is_settings => value.as_str().map(|cell| settings::value(key, cell)),
            _ => None,
        };
        known.unwrap_or_else(|| match value {
            Value::Array(values) => values.into_iter().map(|value| self.line(value)).collect::<Vec<_>>().join("\n"),
            value => self.line(value),
        })
    }

    /// A value in one line; an object as 「出し方：洗って、備考：…」.
    fn line(&self, value: Value) -> String {
        match value {
            Value::String(text) => text,
            Value::Object(object) => {
                let set = self.in_order(object).into_iter().filter(|(_, value)| value != "" && !value.is_null());
                let pairs = set.map(|(key, value)| words::pair(&self.label(&key), &self.line(value)));
                pairs.collect::<Vec<_>>().join("、")
            }
            value => value.to_string(),
        }
    }
}

fn action_of(name: &str) -> Option<&'static str> {
    words::ACTIONS.into_iter().find(|action| action.name() == name).map(words::action)
}

/// Where a damage report stood, and what had been done last, in words; the log has the names of both.
fn state_of_report(state: &str) -> Option<String> {
    let (standing, done) = state.split_once(' ').unwrap_or((state, ""));
    let standing = Stands::ALL.into_iter().find(|one| one.name() == standing).map(report_words::standing)?;
    let done = words::done_to_report(done);
    Some(if done.is_empty() { standing.to_owned() } else { words::pair(standing, done) })
}

/// A damage report, by the number that staff and residents say.
fn report(id: &str) -> Markup {
    let number = id.parse().map_or_else(|_| id.to_owned(), |id: ReportId| ReportNumber::of(&id).to_string());
    html! { (Section::Reports.label()) " " a href={ (Section::Reports.path()) "/" (id) } { (number) } }
}

/// What failed of a flow.
fn failed(id: &str) -> Markup {
    let name = match Flow::of(id) {
        Some(flow) => crate::words::watch::flow(flow),
        None => id,
    };
    html! { a href=(Section::Watch.path()) { (name) } }
}

/// What an act was about, with a link where there is something to see.
pub(super) fn subject(act: &Act, roster: &Roster) -> Markup {
    let subject = act.subject.as_str();
    if let Some((method @ ("GET" | "POST"), path)) = subject.split_once(' ') {
        return html! { (words::page(method, path)) };
    }
    let Some((kind, id)) = subject.split_once('/') else {
        if let Some(table) = table_of_file(subject) {
            return html! { (town_words::table(table)) "（" (subject) "）" };
        }
        return html! {
            @match subject {
                "audit" => (words::LOG),
                "resident" => (words::ONE_RESIDENT),
                "broadcasts" => (crate::words::after::TITLE),
                "reports" => (Section::Reports.label()),
                _ => (subject),
            }
        };
    };
    if let Some(record) = RecordKind::of(kind) {
        let name = name_in(&act.after).or_else(|| name_in(&act.before)).unwrap_or_else(|| id.to_owned());
        let table = TownTable::of_kind(kind).filter(|_| !act.after.is_empty());
        return html! {
            (town_words::kind(record)) "："
            @match table {
                Some(table) => a href={ "/town/" (table.name()) "/edit?" (query("id", id)) } { (name) },
                None => (name),
            }
        };
    }
    match kind {
        "staff" => staff(id, roster),
        "identity" => html! { (words::account(id)) },
        "trial" => html! { (words::TRIAL) },
        QUESTION => html! { a href="/questions?show=handled" { (words::QUESTION) } },
        "revision" => html! { a href="/town/history" { (words::revision(id)) } },
        "audit" => html! { (words::LOG) " " a href={ "/audit/" (id) } { (id) } },
        "broadcast" => called(act, "title", words::BROADCAST, &format!("/broadcasts/{id}")),
        REPORT => report(id),
        "failed" => failed(id),
        "template" => called(act, "name", words::TEMPLATE, &format!("/broadcasts/templates/{id}")),
        "audience" => {
            let department = act.department.as_ref().map_or("", DepartmentId::as_str);
            called(act, "name", words::AUDIENCE, &format!("/broadcasts/audiences?{}", query("department", department)))
        }
        _ => html! { (subject) },
    }
}

/// One of the staff: the name with a link, or the id where nobody is known by it.
pub(super) fn staff(id: &str, roster: &Roster) -> Markup {
    let known = id.parse::<StaffId>().ok().and_then(|id| roster.get(&id));
    known.map_or_else(
        || html! { (UNKNOWN) " " (id) },
        |staff| html! { a href={ "/people/" (staff.id) } { (staff.name.as_str()) } },
    )
}

fn query(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

/// Something of the staff's own work, by what it is called in its state; a link as long as it is there.
fn called(act: &Act, by: &str, kind: &str, path: &str) -> Markup {
    let name = [&act.after, &act.before].into_iter().find_map(|state| {
        let state: Value = serde_json::from_str(state).ok()?;
        Some(state.get(by)?.as_str()?.to_owned())
    });
    let name = name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| words::UNNAMED.to_owned());
    html! {
        (kind) "："
        @if act.after.is_empty() { (name) } @else { a href=(path) { (name) } }
    }
}

/// The name of a record, as its state has it: a text, or a text for each language.
fn name_in(state: &str) -> Option<String> {
    let state: Value = serde_json::from_str(state).ok()?;
    let name = state.get("name")?;
    Some(name.as_str().or_else(|| name.get("ja")?.as_str())?.to_owned())
}
