//! Everything that a town's files hold, as it is checked, stored and compared.

use std::collections::BTreeSet;

use domain::conversation::Command;
use domain::dates::Closure;
use domain::garbage::calendar::{Calendar, CollectionChange, Entry};
use domain::garbage::waste::{WasteIndex, WasteItem};
use domain::ids::{AreaId, CategoryId, DepartmentId, DistrictId, ReportKindId};
use domain::language::Language;
use domain::report::answer::AnswerTemplate;
use domain::report::boundary::{Boundaries, Boundary};
use domain::report::kind::{Question, ReportKind};
use domain::town::{Area, Category, DateKind, Department, District, Profile, Topic, Town};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The data of one town. Ids are unique, but may refer to things that are not there: [`Self::into_town`] drops those.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TownData {
    /// The town itself; `None` where the files say nothing of it.
    pub profile: Option<TownProfile>,
    /// Departments.
    pub departments: Vec<Department>,
    /// Collection areas.
    pub areas: Vec<Area>,
    /// Districts.
    pub districts: Vec<District>,
    /// Topics, in the order in which they are offered.
    pub topics: Vec<Topic>,
    /// The dates that residents are asked for, in the order in which they are.
    pub dates: Vec<DateKind>,
    /// Garbage categories, in the order in which they are shown.
    pub categories: Vec<Category>,
    /// Collection days.
    pub calendar: Vec<CalendarLine>,
    /// Closures of treatment centres.
    pub closures: Vec<CenterClosure>,
    /// Collections that fall out or move once.
    pub changes: Vec<CollectionChange>,
    /// Waste items.
    pub waste_items: Vec<WasteItem>,
    /// What residents can report, in the order in which it is offered; what is asked about it stands apart.
    pub report_kinds: Vec<ReportKind>,
    /// What is asked about the kinds of reports, in order.
    pub report_questions: Vec<KindQuestion>,
    /// What staff often answer to reports, in the order in which it is offered.
    pub report_answers: Vec<AnswerTemplate>,
    /// How far the town and its districts go.
    pub boundaries: Boundaries,
    /// The tabs of the rich menu, the first one shown first.
    pub menu: Vec<MenuTab>,
    /// How much of a town this is.
    pub scope: Scope,
}

/// How much of a town some data describes: what is outside is neither changed nor removed by loading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// All of it.
    #[default]
    Everything,
    /// Districts, areas, categories, collection days, closures, waste items.
    Garbage,
}

/// What a town says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TownProfile {
    /// A short name for the town among others.
    pub id: String,
    /// こはるのし
    pub reading: String,
    /// What residents see of it.
    pub profile: Profile,
}

/// A line of the calendar: when a category is collected in an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarLine {
    /// Where.
    pub area: AreaId,
    /// What.
    pub category: CategoryId,
    /// When.
    pub entry: Entry,
}

/// A closure of a treatment centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CenterClosure {
    /// The centre's name.
    pub center: String,
    /// When, and what becomes of the collections.
    pub closure: Closure,
    /// 年末年始の休み
    pub note: String,
}

/// A question about a kind of report. Its id is the only one in the town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindQuestion {
    /// About which kind.
    pub kind: ReportKindId,
    /// What is asked.
    #[serde(flatten)]
    pub question: Question,
}

/// A tab of the rich menu: one picture with places to tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuTab {
    /// Its short name, by which other tabs lead to it.
    pub alias: String,
    /// Its name for staff.
    pub name: String,
    /// What the button that opens the menu says.
    pub chat_bar_text: String,
    /// The picture's width in pixels.
    pub width: u16,
    /// The picture's height in pixels.
    pub height: u16,
    /// The picture's file.
    pub image: String,
    /// The places to tap.
    pub areas: Vec<MenuArea>,
}

/// A place to tap, in pixels from the picture's upper left corner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuArea {
    /// The left edge.
    pub x: u16,
    /// The upper edge.
    pub y: u16,
    /// How wide.
    pub width: u16,
    /// How high.
    pub height: u16,
    /// What a screen reader says.
    pub label: String,
    /// What the tap does.
    pub action: MenuAction,
}

/// What a tap on the rich menu does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MenuAction {
    /// Calls a function of the account.
    Command(CommandText),
    /// Sends a text as if the resident had typed it.
    Say(String),
    /// Opens a web address.
    Open(String),
    /// Shows another tab.
    Tab(String),
}

/// A command of the conversation, kept as the text that travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommandText(Command);

impl CommandText {
    /// The command.
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.0
    }
}

/// A text that is no command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no command of the conversation")]
pub struct UnknownCommand;

impl TryFrom<String> for CommandText {
    type Error = UnknownCommand;

    fn try_from(text: String) -> Result<Self, UnknownCommand> {
        Command::parse(&text).map(Self).ok_or(UnknownCommand)
    }
}

impl From<CommandText> for String {
    fn from(text: CommandText) -> Self {
        text.0.data()
    }
}

impl TownData {
    /// The town as the conversation needs it. What refers to things that are not there is dropped here, and only here.
    #[must_use]
    pub fn into_town(self) -> Town {
        let departments: BTreeSet<_> = self.departments.iter().map(|department| department.id.clone()).collect();
        let areas: BTreeSet<_> = self.areas.iter().map(|area| area.id.clone()).collect();
        let categories: BTreeSet<_> = self.categories.iter().map(|category| category.id.clone()).collect();

        let mut calendar = Calendar::default();
        for line in self.calendar {
            if areas.contains(&line.area) && categories.contains(&line.category) {
                calendar.add(line.area, line.category, line.entry);
            }
        }
        for area in &self.areas {
            for closure in self.closures.iter().filter(|closure| closure.center == area.center) {
                calendar.close(area.id.clone(), closure.closure);
            }
        }
        let mut changes: Vec<_> =
            self.changes.into_iter().filter_map(|change| within(change, &areas, &categories)).collect();
        changes.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
        for change in &changes {
            calendar.change(change);
        }
        let mut districts: Vec<_> =
            self.districts.into_iter().filter(|district| areas.contains(&district.area)).collect();
        districts.sort_by(|a, b| (&a.reading, &a.id).cmp(&(&b.reading, &b.id)));
        let known = |category: Category| Category {
            department: category.department.filter(|department| departments.contains(department)),
            ..category
        };
        let report_kinds = with_questions(self.report_kinds, self.report_questions, &departments);
        let boundaries = within_districts(self.boundaries, &districts);
        let (id, profile) =
            self.profile.map_or_else(|| (String::new(), nameless()), |profile| (profile.id, profile.profile));
        Town {
            id,
            // Data has none; whoever reads it from the store says which it is.
            revision: 0,
            revised: Timestamp::UNIX_EPOCH,
            profile,
            topics: self.topics.into_iter().filter(|topic| departments.contains(&topic.department)).collect(),
            departments: self.departments.into_iter().map(|department| (department.id.clone(), department)).collect(),
            areas: self.areas.into_iter().map(|area| (area.id.clone(), area)).collect(),
            districts,
            categories: self.categories.into_iter().map(known).collect(),
            calendar,
            changes,
            dates: self.dates,
            waste: WasteIndex::new(
                self.waste_items.into_iter().filter(|item| categories.contains(&item.category)).collect(),
            ),
            report_answers: for_known_kinds(self.report_answers, &report_kinds),
            report_kinds,
            boundaries,
        }
    }
}

/// The templates without those for a kind that is not there.
fn for_known_kinds(mut templates: Vec<AnswerTemplate>, kinds: &[ReportKind]) -> Vec<AnswerTemplate> {
    templates.retain(|template| template.kind.as_ref().is_none_or(|id| kinds.iter().any(|kind| kind.id == *id)));
    templates
}

/// A change without the areas and categories that are not there; `None` for one that is about nothing else. To name none
/// means all: so a change that would come to that is none any more.
fn within(
    mut change: CollectionChange,
    areas: &BTreeSet<AreaId>,
    categories: &BTreeSet<CategoryId>,
) -> Option<CollectionChange> {
    let (all_areas, all_categories) = (change.areas.is_empty(), change.categories.is_empty());
    change.areas.retain(|area| areas.contains(area));
    change.categories.retain(|category| categories.contains(category));
    let is_about_something = all_areas == change.areas.is_empty() && all_categories == change.categories.is_empty();
    is_about_something.then_some(change)
}

/// The kinds that a department looks after, each with what is asked about it.
fn with_questions(
    kinds: Vec<ReportKind>,
    questions: Vec<KindQuestion>,
    departments: &BTreeSet<DepartmentId>,
) -> Vec<ReportKind> {
    let mut kinds: Vec<_> = kinds.into_iter().filter(|kind| departments.contains(&kind.department)).collect();
    for KindQuestion { kind, question } in questions {
        if let Some(kind) = kinds.iter_mut().find(|known| known.id == kind) {
            kind.questions.push(question);
        }
    }
    kinds
}

/// Boundaries of the districts that there are. One of a district that is no more still lies in the town.
fn within_districts(boundaries: Boundaries, districts: &[District]) -> Boundaries {
    let is_there = |id: &DistrictId| districts.iter().any(|district| district.id == *id);
    let known = |boundary: Boundary| Boundary { district: boundary.district.filter(is_there), ..boundary };
    Boundaries(boundaries.0.into_iter().map(known).collect())
}

/// A town of which nothing was loaded yet still speaks Japanese.
fn nameless() -> Profile {
    Profile { languages: vec![Language::Japanese], ..Profile::default() }
}
