//! What the city's own data says: departments, districts, collection areas, topics, garbage, texts.

mod sending;

use std::collections::BTreeMap;

use crate::broadcast::audience::Audience;
use crate::garbage::calendar::{Calendar, CollectionChange};
use crate::garbage::waste::WasteIndex;
use crate::ids::{AreaId, CategoryId, DateKindId, DepartmentId, DistrictId, ReportKindId, TopicId};
use crate::language::Language;
use crate::report::answer::AnswerTemplate;
use crate::report::boundary::{Boundaries, Outside};
use crate::report::kind::{Intake, ReportKind};
use crate::report::place::Point;
use crate::resident::Switch;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use sending::{NoHours, QuietHours, Sending};

/// The data of one town, as the conversation needs it. Everything in it refers only to things that are in it.
#[derive(Debug, Clone, Default)]
pub struct Town {
    /// A short name for the town among others, which stays whatever else changes; empty where its data says none.
    pub id: String,
    /// Counts the edits of the data: feeds tell by it which of two states is the newer one.
    pub revision: u64,
    /// When the latest of those edits was made.
    pub revised: Timestamp,
    /// The town itself.
    pub profile: Profile,
    /// Departments by id.
    pub departments: BTreeMap<DepartmentId, Department>,
    /// Districts in the order of their readings.
    pub districts: Vec<District>,
    /// Collection areas by id.
    pub areas: BTreeMap<AreaId, Area>,
    /// Topics in the town's order.
    pub topics: Vec<Topic>,
    /// Garbage categories in the town's order.
    pub categories: Vec<Category>,
    /// Collection days by area.
    pub calendar: Calendar,
    /// What departs from the collection days by storm or snow, earliest first; the calendar knows of it too.
    pub changes: Vec<CollectionChange>,
    /// The dates that residents are asked for, in the town's order, without the birth month of a child.
    pub dates: Vec<DateKind>,
    /// The waste items, ready to be searched.
    pub waste: WasteIndex,
    /// What residents can report, in the town's order; empty where the town takes no reports.
    pub report_kinds: Vec<ReportKind>,
    /// What staff often answer to reports, in the order in which it is offered.
    pub report_answers: Vec<AnswerTemplate>,
    /// How far the town and its districts go.
    pub boundaries: Boundaries,
}

impl Town {
    /// The district of an id.
    #[must_use]
    pub fn district(&self, id: &DistrictId) -> Option<&District> {
        self.districts.iter().find(|district| district.id == *id)
    }

    /// The category of an id.
    #[must_use]
    pub fn category(&self, id: &CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == *id)
    }

    /// The topic of an id.
    #[must_use]
    pub fn topic(&self, id: &TopicId) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == *id)
    }

    /// The kind of date of an id.
    #[must_use]
    pub fn date_kind(&self, id: &DateKindId) -> Option<&DateKind> {
        self.dates.iter().find(|kind| kind.id == *id)
    }

    /// The kind of report of an id.
    #[must_use]
    pub fn report_kind(&self, id: &ReportKindId) -> Option<&ReportKind> {
        self.report_kinds.iter().find(|kind| kind.id == *id)
    }

    /// In which district a report may lie that is at a point.
    pub fn takes_reports_at(&self, point: Point) -> Result<Option<DistrictId>, Outside> {
        self.boundaries.locate(point, self.profile.reports.boundary_tolerance_m).taken()
    }

    /// Who has had so many routine broadcasts in seven days gets none to this audience; `None`: there is no limit. What goes under
    /// several topics keeps to the most generous of theirs.
    #[must_use]
    pub fn weekly_max(&self, audience: &Audience) -> Option<u16> {
        let towns = self.profile.sending.weekly_max;
        let of_topic = |id: &TopicId| self.topic(id).and_then(|topic| topic.weekly_max).or(towns);
        // No limit is the most generous.
        let limits = audience.topics().into_iter().map(|id| of_topic(id).ok_or(()));
        match limits.collect::<Result<Vec<_>, ()>>() {
            Ok(limits) => limits.into_iter().max().or(towns),
            Err(()) => None,
        }
    }
}

/// The town itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// みどり市
    pub name: String,
    /// The town hall's telephone number.
    pub phone: String,
    /// The town's web site.
    pub website: String,
    /// Where the residents' web pages are, without a slash at the end; empty where the chat is not to lead to them.
    #[serde(default)]
    pub portal: String,
    /// The languages offered to residents.
    pub languages: Vec<Language>,
    /// Days after which a resident who blocked the account is erased; `None` keeps them.
    pub blocked_resident_retention_days: Option<u16>,
    /// The town's own texts.
    pub texts: BTreeMap<Language, Texts>,
    /// How it sends broadcasts.
    #[serde(default)]
    pub sending: Sending,
    /// How it takes reports.
    #[serde(default)]
    pub reports: Intake,
}

impl Profile {
    /// The town's texts in a language; each that this language does not have, in Japanese.
    #[must_use]
    pub fn texts(&self, language: Language) -> Texts {
        let of = |language| self.texts.get(&language).cloned().unwrap_or_default();
        let (own, japanese) = (of(language), of(Language::Japanese));
        let first = |own: String, japanese| if own.is_empty() { japanese } else { own };
        Texts {
            welcome: first(own.welcome, japanese.welcome),
            garbage_not_found_contact: first(own.garbage_not_found_contact, japanese.garbage_not_found_contact),
            emergency_note: first(own.emergency_note, japanese.emergency_note),
        }
    }
}

/// The town's own texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Texts {
    /// The first words to somebody who follows the account.
    pub welcome: String,
    /// Whom to ask about a thing that the waste items do not have.
    pub garbage_not_found_contact: String,
    /// That this account does not replace 119 and 110.
    pub emergency_note: String,
}

/// A department (所管課).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Its id.
    pub id: DepartmentId,
    /// 環境課
    pub name: String,
    /// Its telephone number.
    pub phone: String,
}

/// A district (地区).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct District {
    /// Its id.
    pub id: DistrictId,
    /// 本町
    pub name: String,
    /// ほんちょう
    pub reading: String,
    /// Where its garbage is collected.
    pub area: AreaId,
}

/// A collection area (収集区域).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its id.
    pub id: AreaId,
    /// Its name.
    pub name: String,
    /// The treatment centre whose closures fall on it; empty if none.
    pub center: String,
}

/// A name in the languages of the account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Name {
    /// Japanese.
    pub ja: String,
    /// やさしい日本語; empty: as in Japanese.
    #[serde(default)]
    pub easy: String,
    /// English; empty: as in Japanese.
    #[serde(default)]
    pub en: String,
}

impl Name {
    /// The name in a language, or in Japanese where that language has none.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        let name = match language {
            Language::Japanese => &self.ja,
            Language::EasyJapanese => &self.easy,
            Language::English => &self.en,
        };
        if name.is_empty() { &self.ja } else { name }
    }
}

/// A topic (受信トピック).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub name: Name,
    /// What is sent under it, in a sentence.
    pub description: String,
    /// Who writes in it.
    pub department: DepartmentId,
    /// Whether a resident who said nothing hears it.
    pub default: Switch,
    /// So many routine broadcasts at most reach one resident in seven days, if the next is to this topic; `None`: as many as of others.
    #[serde(default)]
    pub weekly_max: Option<u16>,
}

/// A garbage category (ごみの分別).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// 燃やすごみ
    pub name: Name,
    /// `#RRGGBB`, dark enough for white text.
    pub color: String,
    /// What belongs to it.
    pub description: String,
    /// How to put it out.
    pub how: String,
    /// By when it is put out, such as `8:30`; empty if nobody collects it.
    pub put_out_by: String,
    /// Whom to ask; `None` for the town hall.
    pub department: Option<DepartmentId>,
}

/// A kind of date that residents give of themselves (登録してもらう月), to be reminded by it: a month of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateKind {
    /// Its id.
    pub id: DateKindId,
    /// 犬を飼い始めた月
    pub name: Name,
    /// How a resident is asked for it: 犬を飼い始めたのは、いつですか。
    pub question: Name,
    /// Where the month lies.
    pub direction: Direction,
}

/// Where the month that a resident gives lies, seen from the day they give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// This month or an earlier one.
    Past,
    /// This month or a later one.
    Future,
    /// Any month.
    #[default]
    Any,
}
