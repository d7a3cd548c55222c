//! A resident of the post office in memory.

use domain::garbage::reminder::EVENING_DEFAULT;
use domain::language::Language;
use domain::resident::{Standing, Switch};
use domain::sending::frozen::PackedId;
use domain::time::YearMonth;
use jiff::civil::Time;

/// A resident of the test.
#[derive(Debug, Clone)]
pub struct Friend {
    /// Who.
    pub id: PackedId,
    /// Whether they follow.
    pub standing: Standing,
    /// Whether they have stopped all broadcasts.
    pub muted: Switch,
    /// Where they live.
    pub district: Option<String>,
    /// In which language they read.
    pub language: Language,
    /// The garbage categories that they switched themselves.
    pub garbage: Vec<(String, Switch)>,
    /// When they are reminded in the evening before a collection.
    pub evening: Option<Time>,
    /// When they are reminded in the morning of a collection.
    pub morning: Option<Time>,
    /// The months that they gave, by kind.
    pub dates: Vec<(String, YearMonth)>,
}

impl Friend {
    /// One who follows and has chosen nothing.
    #[must_use]
    pub fn new(id: PackedId) -> Self {
        Self {
            id,
            standing: Standing::Following,
            muted: Switch::Off,
            district: None,
            language: Language::Japanese,
            garbage: Vec::new(),
            evening: Some(EVENING_DEFAULT),
            morning: None,
            dates: Vec::new(),
        }
    }
}
