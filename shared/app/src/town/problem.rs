//! What is wrong in a town's files: where, how bad, and what to do about it.

use std::fmt;

use domain::dates::NotationError;

use super::words;

/// At most this many problems are reported; a file with more is not what its name says.
pub const PROBLEMS_MAX: usize = 5_000;

/// Something wrong in a town's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column of a table or the key of a setting, where one is at fault.
    pub column: Option<String>,
    /// What is wrong.
    pub trouble: Trouble,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It is loaded, but somebody should look at it.
    Warning,
    /// Something is not loaded, or not as it was written.
    Error,
    /// A file, or its end, cannot be read at all: to load the rest would remove all that it used to say.
    Unreadable,
}

/// What can be wrong in a town's files. The sentences for staff are in [`words`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is explained to staff in `words`, which says the same better")]
pub enum Trouble {
    MissingFile,
    UnknownFile,
    FileTooLarge { bytes_max: usize },
    Encoding,
    TooManyProblems,
    // Tables
    NoHeader,
    UnclosedQuote,
    MissingColumn,
    UnknownColumn,
    DuplicateColumn,
    TooManyRows { rows_max: usize },
    TooManyCells { expected: usize, found: usize },
    // Settings
    Yaml { message: String },
    UnknownKey,
    MissingKey,
    NotText,
    NotNumber { max: u16 },
    NotList,
    NotMap,
    // Values
    Empty,
    TooLong { found: usize, max: usize },
    InvalidId { found: String },
    ReservedId { found: String },
    Duplicate { value: String, first_line: u32 },
    UnknownReference { value: String, file: &'static str },
    NotOneOf { found: String, allowed: &'static str },
    InvalidColor { found: String },
    PaleColor { found: String, used: String },
    InvalidReading { found: String },
    InvalidAddress { found: String },
    InvalidTime { found: String },
    InvalidPhone { found: String },
    Blank { found: String },
    NoHours,
    OnlyOneTime,
    Zero,
    Notation(NotationError),
    InvalidDate { found: String },
    EndsBeforeItBegins,
    NotLater,
    ExceptAndExtra { days: String },
    NotMoved,
    NoDayToMoveTo { found: String },
    NoRules,
    AmbiguousWord { word: String, other_line: u32 },
    // Reports
    UrgentAlone,
    TooManyOf { value: String, max: usize },
    OtherCount { expected: usize, found: usize },
    Twice { value: String },
    // Boundaries
    Json { message: String },
    NoFeatures,
    NoPolygon,
    ShortRing,
    OpenRing,
    Swapped { found: String },
    OutsideJapan { found: String },
    TooManyPoints { max: usize },
    // Rich menu
    TooMany { max: usize },
    MenuSize,
    OutsidePicture,
    UnknownTab { found: String },
    PictureMissing { file: String },
    PictureTooLarge { bytes_max: usize },
    PictureFormat,
    PictureSize { width: u32, height: u32 },
    // The 5374 format
    NoDescription { label: String, lines: usize },
    Repeated { value: String, first_line: u32 },
    UnknownRemark { id: String },
    FirstDayElsewhere { named: char, actual: char },
    NeverCollected,
}

impl Trouble {
    /// How bad it is.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a list: one line per kind of trouble")]
    pub fn severity(&self) -> Severity {
        match self {
            Self::UnknownFile
            | Self::UnknownColumn
            | Self::PaleColor { .. }
            | Self::InvalidReading { .. }
            | Self::AmbiguousWord { .. }
            | Self::NoDescription { .. }
            | Self::Repeated { .. }
            | Self::FirstDayElsewhere { .. }
            | Self::NeverCollected => Severity::Warning,
            Self::MissingFile
            | Self::FileTooLarge { .. }
            | Self::Encoding
            | Self::NoHeader
            | Self::UnclosedQuote
            | Self::MissingColumn
            | Self::TooManyRows { .. }
            | Self::Yaml { .. }
            | Self::MissingKey
            | Self::NotList
            | Self::NotMap
            | Self::Json { .. }
            | Self::NoFeatures
            | Self::TooManyPoints { .. } => Severity::Unreadable,
            Self::TooManyProblems
            | Self::DuplicateColumn
            | Self::TooManyCells { .. }
            | Self::UnknownKey
            | Self::NotText
            | Self::NotNumber { .. }
            | Self::Empty
            | Self::TooLong { .. }
            | Self::InvalidId { .. }
            | Self::ReservedId { .. }
            | Self::Duplicate { .. }
            | Self::UnknownReference { .. }
            | Self::NotOneOf { .. }
            | Self::InvalidColor { .. }
            | Self::InvalidAddress { .. }
            | Self::InvalidTime { .. }
            | Self::InvalidPhone { .. }
            | Self::Blank { .. }
            | Self::NoHours
            | Self::OnlyOneTime
            | Self::Zero
            | Self::Notation(_)
            | Self::InvalidDate { .. }
            | Self::EndsBeforeItBegins
            | Self::NotLater
            | Self::ExceptAndExtra { .. }
            | Self::NotMoved
            | Self::NoDayToMoveTo { .. }
            | Self::NoRules
            | Self::UrgentAlone
            | Self::TooManyOf { .. }
            | Self::OtherCount { .. }
            | Self::Twice { .. }
            | Self::NoPolygon
            | Self::ShortRing
            | Self::OpenRing
            | Self::Swapped { .. }
            | Self::OutsideJapan { .. }
            | Self::TooMany { .. }
            | Self::MenuSize
            | Self::OutsidePicture
            | Self::UnknownTab { .. }
            | Self::PictureMissing { .. }
            | Self::PictureTooLarge { .. }
            | Self::PictureFormat
            | Self::PictureSize { .. }
            | Self::UnknownRemark { .. } => Severity::Error,
        }
    }
}

impl Problem {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.trouble.severity()
    }
}

impl fmt::Display for Problem {
    /// One line for staff, in Japanese: `calendar.csv:3: エラー 列「when」: ...`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, words::severity(self.severity()))?;
        if let Some(column) = &self.column {
            write!(f, "「{column}」")?;
        }
        write!(f, ": {}", words::sentence(&self.trouble))
    }
}

/// Collects problems, up to [`PROBLEMS_MAX`].
#[derive(Debug, Default)]
pub(super) struct Report {
    problems: Vec<Problem>,
}

impl Report {
    /// Adds a problem.
    pub(super) fn add(&mut self, file: &str, line: u32, column: Option<&str>, trouble: Trouble) {
        let trouble = match self.problems.len() {
            0..PROBLEMS_MAX => trouble,
            PROBLEMS_MAX => Trouble::TooManyProblems,
            _ => return,
        };
        self.problems.push(Problem { file: file.to_owned(), line, column: column.map(str::to_owned), trouble });
    }

    /// The problems, in the order of files and lines.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        self.problems
    }
}
