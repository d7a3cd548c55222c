//! What is wrong with an audience: asked when it is written and again before it is approved.

use super::Audience;
use crate::ids::{AreaId, BroadcastId, CategoryId, DateKindId, DistrictId, TopicId};
use crate::town::Town;

/// At most so many levels: a single condition is one, "not" around it is two.
pub const LEVELS_MAX: usize = 5;
/// At most so many single conditions.
pub const CONDITIONS_MAX: usize = 50;
/// No child is older, in months: residents enter children of up to 20 years.
pub const AGE_MONTHS_MAX: u16 = 21 * 12 - 1;

/// Something that is wrong with an audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The town has no such district.
    #[error("there is no district {0}")]
    UnknownDistrict(DistrictId),
    /// The town has no such collection area.
    #[error("there is no collection area {0}")]
    UnknownArea(AreaId),
    /// The town has no such topic.
    #[error("there is no topic {0}")]
    UnknownTopic(TopicId),
    /// The town has no such garbage category.
    #[error("there is no garbage category {0}")]
    UnknownCategory(CategoryId),
    /// Residents are not asked for such a date.
    #[error("there is no kind of date {0}")]
    UnknownDate(DateKindId),
    /// There is no such earlier broadcast. Only who can look for it finds this.
    #[error("there is no broadcast {0}")]
    UnknownBroadcast(BroadcastId),
    /// What became of an earlier broadcast is not kept for so long. Only who can look for it finds this.
    #[error("what became of the broadcast {0} is not kept any more")]
    ForgottenBroadcast(BroadcastId),
    /// The collections of one day can be asked for by a rule only.
    #[error("only a rule may ask who is reminded for one day")]
    RulesOnly,
    /// Nothing is chosen in a condition that offers a choice.
    #[error("nothing is chosen")]
    NothingChosen,
    /// "All of" or "one of" nothing.
    #[error("a group has no conditions")]
    EmptyGroup,
    /// The first age is above the last.
    #[error("the first age is above the last")]
    AgesReversed,
    /// No child is so old.
    #[error("no child is older than {AGE_MONTHS_MAX} months")]
    AgeTooHigh,
    /// More than [`LEVELS_MAX`].
    #[error("conditions lie in each other more than {LEVELS_MAX} levels deep")]
    TooDeep,
    /// More than [`CONDITIONS_MAX`].
    #[error("there are more than {CONDITIONS_MAX} conditions")]
    TooMany,
}

impl Audience {
    /// Whether it can be used in a town, or everything that is wrong with it, each once.
    pub fn check(&self, town: &Town) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut conditions = 0;
        if LEVELS_MAX < self.levels() {
            problems.push(Problem::TooDeep);
        }
        self.visit(&mut |condition| {
            conditions += usize::from(condition.inner().is_empty());
            problems.extend(condition.own_problems(town));
        });
        if CONDITIONS_MAX < conditions {
            problems.push(Problem::TooMany);
        }
        let mut once: Vec<Problem> = Vec::new();
        for problem in problems {
            if !once.contains(&problem) {
                once.push(problem);
            }
        }
        if once.is_empty() { Ok(()) } else { Err(once) }
    }

    pub(super) fn levels(&self) -> usize {
        1 + self.inner().iter().map(Self::levels).max().unwrap_or_default()
    }

    /// What is wrong with this one, apart from what lies in it.
    fn own_problems(&self, town: &Town) -> Vec<Problem> {
        let problem = match self {
            Self::Districts(ids) => return unknown(ids, |id| town.district(id).is_some(), Problem::UnknownDistrict),
            Self::Areas(ids) => return unknown(ids, |id| town.areas.contains_key(id), Problem::UnknownArea),
            Self::TopicsAny(ids) | Self::TopicsAll(ids) => {
                return unknown(ids, |id| town.topic(id).is_some(), Problem::UnknownTopic);
            }
            Self::DateIn { kind, .. } => {
                let is_known = kind.is_child() || town.date_kind(kind).is_some();
                (!is_known).then(|| Problem::UnknownDate(kind.clone()))
            }
            Self::GarbageDay { .. } => Some(Problem::RulesOnly),
            Self::GarbageReminded { areas, categories } => {
                let mut problems = strange(areas, |id| town.areas.contains_key(id), Problem::UnknownArea);
                problems.extend(strange(categories, |id| town.category(id).is_some(), Problem::UnknownCategory));
                return problems;
            }
            Self::Languages(languages) => languages.is_empty().then_some(Problem::NothingChosen),
            Self::ChildAge { from_months, to_months } if to_months < from_months => Some(Problem::AgesReversed),
            Self::ChildAge { to_months, .. } => (AGE_MONTHS_MAX < *to_months).then_some(Problem::AgeTooHigh),
            Self::And(inner) | Self::Or(inner) => inner.is_empty().then_some(Problem::EmptyGroup),
            Self::All | Self::JoinedSince(_) | Self::NotReceived(_) | Self::UnclearIn(_) | Self::Not(_) => None,
        };
        problem.into_iter().collect()
    }
}

fn unknown<'a, Id: Clone + 'a>(
    ids: impl IntoIterator<Item = &'a Id>,
    is_known: impl Fn(&Id) -> bool,
    problem: impl Fn(Id) -> Problem,
) -> Vec<Problem> {
    let mut ids = ids.into_iter().peekable();
    if ids.peek().is_none() {
        return vec![Problem::NothingChosen];
    }
    strange(ids, is_known, problem)
}

/// A problem for each that the town does not have.
fn strange<'a, Id: Clone + 'a>(
    ids: impl IntoIterator<Item = &'a Id>,
    is_known: impl Fn(&Id) -> bool,
    problem: impl Fn(Id) -> Problem,
) -> Vec<Problem> {
    ids.into_iter().filter(|id| !is_known(id)).map(|id| problem(id.clone())).collect()
}
