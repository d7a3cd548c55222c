//! The tables of a town's folder: their names, columns and records. What staff edit in the console is a row of one.

use super::read;
use super::records::RecordKind;

/// A table of a town's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TownTable {
    /// `waste-items.csv`
    WasteItems,
    /// `calendar.csv`
    Calendar,
    /// `changes.csv`
    Changes,
    /// `districts.csv`
    Districts,
    /// `topics.csv`
    Topics,
    /// `dates.csv`
    Dates,
    /// `report-kinds.csv`
    ReportKinds,
    /// `report-questions.csv`
    ReportQuestions,
    /// `report-answers.csv`
    ReportAnswers,
    /// `categories.csv`
    Categories,
    /// `areas.csv`
    Areas,
    /// `closures.csv`
    Closures,
    /// `departments.csv`
    Departments,
}

impl TownTable {
    /// All of them, those first that change most often.
    pub const ALL: [Self; 13] = [
        Self::WasteItems,
        Self::Calendar,
        Self::Changes,
        Self::Districts,
        Self::Topics,
        Self::Dates,
        Self::ReportKinds,
        Self::ReportQuestions,
        Self::ReportAnswers,
        Self::Categories,
        Self::Areas,
        Self::Closures,
        Self::Departments,
    ];

    /// Its name in addresses, such as `waste-items`.
    #[must_use]
    pub fn name(self) -> &'static str {
        let file = self.file();
        file.strip_suffix(".csv").unwrap_or(file)
    }

    /// The table of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// The name of its file.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::WasteItems => read::WASTE_ITEMS,
            Self::Calendar => read::CALENDAR,
            Self::Changes => read::CHANGES,
            Self::Districts => read::DISTRICTS,
            Self::Topics => read::TOPICS,
            Self::Dates => read::DATES,
            Self::ReportKinds => read::REPORT_KINDS,
            Self::ReportQuestions => read::REPORT_QUESTIONS,
            Self::ReportAnswers => read::REPORT_ANSWERS,
            Self::Categories => read::CATEGORIES,
            Self::Areas => read::AREAS,
            Self::Closures => read::CLOSURES,
            Self::Departments => read::DEPARTMENTS,
        }
    }

    /// Its columns, in the order in which they are written.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::WasteItems => &["id", "name", "reading", "aliases", "category", "how", "note", "name_en"],
            Self::Calendar => &["area", "category", "when", "except", "extra", "holidays", "note"],
            Self::Changes => &["id", "date", "areas", "categories", "new_date", "reason"],
            Self::Districts => &["id", "name", "reading", "area"],
            Self::Topics => {
                &["id", "name", "name_easy", "name_en", "description", "department", "default", "weekly_max"]
            }
            Self::Dates => {
                &["id", "name", "name_easy", "name_en", "question", "question_easy", "question_en", "direction"]
            }
            Self::ReportKinds => &[
                "id",
                "name",
                "name_easy",
                "name_en",
                "description",
                "description_easy",
                "description_en",
                "department",
                "urgent",
                "urgent_easy",
                "urgent_en",
                "urgent_phone",
                "duplicate_radius_m",
                "due_days",
                "closed",
                "closed_easy",
                "closed_en",
            ],
            Self::ReportQuestions => {
                &["id", "kind", "question", "question_easy", "question_en", "choices", "choices_easy", "choices_en"]
            }
            Self::ReportAnswers => &["id", "kind", "occasion", "name", "text"],
            Self::Categories => {
                &["id", "name", "name_easy", "name_en", "color", "description", "how", "put_out_by", "department"]
            }
            Self::Areas => &["id", "name", "center"],
            Self::Closures => &["center", "from", "to", "effect", "moved_to", "note"],
            Self::Departments => &["id", "name", "phone"],
        }
    }

    /// What its rows are stored as: a record for each, but one for all lines of the calendar of an area and a category.
    #[must_use]
    pub fn kind(self) -> RecordKind {
        match self {
            Self::WasteItems => RecordKind::WasteItem,
            Self::Calendar => RecordKind::Calendar,
            Self::Changes => RecordKind::Change,
            Self::Districts => RecordKind::District,
            Self::Topics => RecordKind::Topic,
            Self::Dates => RecordKind::DateKind,
            Self::ReportKinds => RecordKind::ReportKind,
            Self::ReportQuestions => RecordKind::ReportQuestion,
            Self::ReportAnswers => RecordKind::ReportAnswer,
            Self::Categories => RecordKind::Category,
            Self::Areas => RecordKind::Area,
            Self::Closures => RecordKind::Closure,
            Self::Departments => RecordKind::Department,
        }
    }

    /// The table of a kind of records; `None` for what no table holds.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.kind().name() == kind)
    }
}

/// Whether the cells of a column hold ids with spaces between them; none means all.
#[must_use]
pub fn holds_several(column: &str) -> bool {
    matches!(column, "areas" | "categories")
}
