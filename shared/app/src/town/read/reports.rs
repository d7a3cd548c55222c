//! The tables of what residents can report: its kinds, what is asked about each, and what staff often answer.

use std::collections::HashMap;

use domain::ids::{AnswerTemplateId, DepartmentId, QuestionId, ReportKindId};
use domain::report::TEXT_CHARS_MAX;
use domain::report::answer::{AnswerTemplate, Occasion};
use domain::report::kind::{Question, ReportKind};
use domain::town::Name;

use super::{
    DEPARTMENTS, Once, QUESTION_CHARS_MAX, REPORT_KINDS, References, Source, at_most, in_languages, parts, refer, rows,
};
use crate::town::data::KindQuestion;
use crate::town::files::Need;
use crate::town::problem::{Report, Trouble};
use crate::town::sheet::Row;
use crate::town::table::TownTable;

/// A town has at most this many kinds: the chat shows them all at once.
const KINDS_MAX: usize = 12;
/// About one kind at most this much is asked: who is asked more gives up.
const QUESTIONS_MAX: usize = 5;
/// A question has at most this many choices: the chat offers them as buttons, beside its own.
const CHOICES_MAX: usize = 10;
/// The chat writes names and choices on buttons, which hold this many characters.
const LABEL_CHARS_MAX: usize = 20;
/// A sentence about a kind has at most this many characters.
const SENTENCE_CHARS_MAX: usize = 200;
/// What is farther away is not the same thing.
const RADIUS_M_MAX: u16 = 2_000;
/// The list of templates shows their names.
const TEMPLATE_NAME_CHARS_MAX: usize = 40;
/// A town has at most this many templates of answers: nobody finds one among more.
const TEMPLATES_MAX: usize = 100;
/// Ten years.
const DUE_DAYS_MAX: u16 = 3_650;

pub(super) fn kinds(source: Source<'_>, references: &References, report: &mut Report) -> Vec<ReportKind> {
    const NAMES: [&str; 3] = ["name", "name_easy", "name_en"];
    let (mut ids, mut names, mut taken) = (Once::default(), NAMES.map(|_| Once::default()), 0);
    rows(source, TownTable::ReportKinds, Need::Optional, report, |row| {
        let id: Option<ReportKindId> = row.id("id");
        let name = in_languages(row, NAMES, LABEL_CHARS_MAX);
        let description = sentence(row, ["description", "description_easy", "description_en"]);
        let department: Option<DepartmentId> = row.id("department");
        let urgent = urgent(row);
        let duplicate_radius_m = row.whole("duplicate_radius_m", RADIUS_M_MAX);
        let due_days = row.positive("due_days", DUE_DAYS_MAX);
        let closed = sentence(row, ["closed", "closed_easy", "closed_en"]);
        let (id, name, department) = (id?, name?, department?);
        ids.check(row, "id", id.as_str())?;
        for ((column, name), once) in NAMES.into_iter().zip([&name.ja, &name.easy, &name.en]).zip(&mut names) {
            if !name.is_empty() {
                once.check(row, column, name)?;
            }
        }
        refer(row, "department", &department, &references.departments, DEPARTMENTS);
        let (urgent, urgent_phone) = urgent?;
        let duplicate_radius_m = duplicate_radius_m?;
        at_most(row, &mut taken, KINDS_MAX)?;
        let questions = Vec::new();
        Some(ReportKind {
            id,
            name,
            description,
            department,
            urgent,
            urgent_phone,
            duplicate_radius_m,
            due_days,
            closed,
            questions,
        })
    })
}

/// What must be told by telephone at once, and the number to call: both or neither.
fn urgent(row: &mut Row<'_>) -> Option<(Name, String)> {
    let urgent = sentence(row, ["urgent", "urgent_easy", "urgent_en"]);
    let is_number_written = !row.cell("urgent_phone").is_empty();
    let phone = row.phone("urgent_phone");
    match (urgent.ja.is_empty(), is_number_written) {
        (true, true) => row.trouble("urgent", Trouble::UrgentAlone),
        (false, false) => row.trouble("urgent_phone", Trouble::UrgentAlone),
        (true, false) | (false, true) => {}
    }
    (urgent.ja.is_empty() == phone.is_empty()).then_some((urgent, phone))
}

/// A sentence that may be missing; where it is there at all, it is so in Japanese.
fn sentence(row: &mut Row<'_>, columns: [&'static str; 3]) -> Name {
    if columns.iter().all(|column| row.cell(column).is_empty()) {
        return Name::default();
    }
    in_languages(row, columns, SENTENCE_CHARS_MAX).unwrap_or_default()
}

pub(super) fn questions(source: Source<'_>, kinds: &[ReportKindId], report: &mut Report) -> Vec<KindQuestion> {
    let (mut once, mut asked) = (Once::default(), HashMap::<ReportKindId, usize>::new());
    rows(source, TownTable::ReportQuestions, Need::Optional, report, |row| {
        let id: Option<QuestionId> = row.id("id");
        let kind: Option<ReportKindId> = row.id("kind");
        let question = in_languages(row, ["question", "question_easy", "question_en"], QUESTION_CHARS_MAX);
        let choices = choices(row);
        let (id, kind) = (id?, kind?);
        once.check(row, "id", id.as_str())?;
        refer(row, "kind", &kind, kinds, REPORT_KINDS);
        let (question, choices) = (question?, choices?);
        let count = asked.entry(kind.clone()).or_default();
        *count += 1;
        if *count > QUESTIONS_MAX {
            row.trouble("kind", Trouble::TooManyOf { value: kind.to_string(), max: QUESTIONS_MAX });
            return None;
        }
        Some(KindQuestion { kind, question: Question { id, question, choices } })
    })
}

/// What can be chosen, in each language in the same order; `None`, reported, where they do not go together.
fn choices(row: &mut Row<'_>) -> Option<Vec<Name>> {
    const COLUMNS: [&str; 3] = ["choices", "choices_easy", "choices_en"];
    let [ja, easy, en] = COLUMNS.map(|column| labels(row, column));
    let (ja, easy, en) = (ja?, easy?, en?);
    let mut all_match = true;
    for (column, labels) in [(COLUMNS[1], &easy), (COLUMNS[2], &en)] {
        if !labels.is_empty() && labels.len() != ja.len() {
            row.trouble(column, Trouble::OtherCount { expected: ja.len(), found: labels.len() });
            all_match = false;
        }
    }
    let of = |labels: &[String], at: usize| labels.get(at).cloned().unwrap_or_default();
    let choice = |(at, ja): (usize, &String)| Name { ja: ja.clone(), easy: of(&easy, at), en: of(&en, at) };
    all_match.then(|| ja.iter().enumerate().map(choice).collect())
}

/// The labels in a cell. What is too long is reported and cut; `None`, reported, if there are too many, or two alike.
fn labels(row: &mut Row<'_>, column: &str) -> Option<Vec<String>> {
    let mut labels = parts(row, column, LABEL_CHARS_MAX);
    if labels.len() > CHOICES_MAX {
        row.trouble(column, Trouble::TooMany { max: CHOICES_MAX });
        return None;
    }
    let twice = (1..labels.len()).find(|at| labels[..*at].contains(&labels[*at]));
    if let Some(at) = twice {
        row.trouble(column, Trouble::Twice { value: labels.swap_remove(at) });
        return None;
    }
    Some(labels)
}

pub(super) fn answers(source: Source<'_>, kinds: &[ReportKindId], report: &mut Report) -> Vec<AnswerTemplate> {
    let occasions = Occasion::ALL.map(|occasion| (occasion.name(), occasion));
    let (mut once, mut taken) = (Once::default(), 0);
    rows(source, TownTable::ReportAnswers, Need::Optional, report, |row| {
        let id: Option<AnswerTemplateId> = row.id("id");
        let kind: Option<Option<ReportKindId>> =
            if row.cell("kind").is_empty() { Some(None) } else { row.id("kind").map(Some) };
        let occasion = if row.cell("occasion").is_empty() {
            Some(None)
        } else {
            row.choice("occasion", "work、done、decline、reopen、answer", &occasions).map(Some)
        };
        let (name, text) = (row.text("name", TEMPLATE_NAME_CHARS_MAX), row.text("text", TEXT_CHARS_MAX));
        let (id, kind, occasion, name, text) = (id?, kind?, occasion?, name?, text?);
        once.check(row, "id", id.as_str())?;
        if let Some(kind) = &kind {
            refer(row, "kind", kind, kinds, REPORT_KINDS);
        }
        at_most(row, &mut taken, TEMPLATES_MAX)?;
        Some(AnswerTemplate { id, kind, occasion, name, text })
    })
}
