//! Looking back through the audit log: the latest entry first, a bounded stretch at a time.

use domain::audit::{Act, Action, Actor, Entry};
use domain::ids::DepartmentId;
use domain::text::fold;
use jiff::civil::Date;

use super::kinds::is_plain;
use crate::error::Error;
use crate::ports::staff::AuditLog;

/// One stretch looks at the days of at most this many ends, and asks for as many at a time.
pub const DAYS_MAX: usize = 100;
/// Entries are read this many at a time.
const CHUNK: u64 = 100;

/// What is looked for; an empty filter finds everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The first day.
    pub first: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
    /// Who.
    pub actor: Option<Actor>,
    /// What.
    pub action: Option<Action>,
    /// For which department.
    pub department: Option<DepartmentId>,
    /// A text in the subject, or in a state that is [plain](is_plain), folded ([`fold`]); empty for none. Whoever searches
    /// must not learn what stands in a state whose sight is recorded.
    pub text: String,
}

impl Filter {
    /// Whether an entry of the filter's days is looked for.
    fn finds(&self, entry: &Entry) -> bool {
        let act = &entry.act;
        self.actor.as_ref().is_none_or(|actor| *actor == act.actor)
            && self.action.is_none_or(|action| action == act.action)
            && self.department.as_ref().is_none_or(|department| act.department.as_ref() == Some(department))
            && self.is_in_text(act)
    }

    fn is_in_text(&self, act: &Act) -> bool {
        let holds = |text: &String| fold(text).contains(&self.text);
        self.text.is_empty()
            || holds(&act.subject)
            || (is_plain(act) && [&act.before, &act.after].into_iter().any(holds))
    }
}

/// A place in the log, before the entry of this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The day.
    pub day: Date,
    /// The number.
    pub number: u64,
}

impl Place {
    /// The place before an entry.
    #[must_use]
    pub fn before(entry: &Entry) -> Self {
        Self { day: entry.day, number: entry.number }
    }

    /// The place after an entry.
    #[must_use]
    pub fn after(entry: &Entry) -> Self {
        Self { day: entry.day, number: entry.number.saturating_add(1) }
    }
}

/// A part of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stretch {
    /// Where the looking back begins; `None`: at the latest entry.
    pub from: Option<Place>,
    /// Where it ends; `None`: at the first entry ever.
    pub down_to: Option<Place>,
}

/// What becomes of an entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Taken; more is wanted.
    More,
    /// Taken; it is enough.
    Enough,
    /// Not taken any more: the next look begins with it.
    NotAnyMore,
}

/// Gives what the filter finds to `take`, the latest first, and reads at most `read_max` entries for it, whether they
/// match or not. Where to go on; `None` where there is nothing more.
pub async fn look_back(
    log: &dyn AuditLog,
    filter: &Filter,
    stretch: Stretch,
    read_max: u64,
    mut take: impl FnMut(Entry) -> Taken + Send,
) -> Result<Option<Place>, Error> {
    let mut left = read_max;
    let tops = [filter.last, stretch.from.map(|from| from.day)];
    let before = tops.into_iter().flatten().min().and_then(|top| top.tomorrow().ok());
    let ends = log.days(before, DAYS_MAX).await?;
    for end in &ends {
        let is_over = filter.first.is_some_and(|first| end.day < first)
            || stretch.down_to.is_some_and(|down_to| end.day < down_to.day);
        if is_over {
            return Ok(None);
        }
        let on = |place: Option<Place>| place.filter(|place| place.day == end.day).map(|place| place.number);
        let mut upto = on(stretch.from).map_or(end.entries, |number| end.entries.min(number.saturating_sub(1)));
        let least = on(stretch.down_to).unwrap_or(1).max(1);
        while upto >= least {
            let room = CHUNK.min(left);
            if room == 0 {
                return Ok(Some(Place { day: end.day, number: upto.saturating_add(1) }));
            }
            let from = least.max(upto.saturating_sub(room - 1));
            let wanted = upto - from + 1;
            left -= wanted;
            let chunk = log.entries(end.day, from, usize::try_from(wanted).unwrap_or(usize::MAX)).await?;
            // Where entries were removed, later ones come in their place: those were seen already.
            for entry in chunk.into_iter().rev().filter(|entry| entry.number <= upto && filter.finds(entry)) {
                let (here, there) = (Place::before(&entry), Place::after(&entry));
                match take(entry) {
                    Taken::More => {}
                    Taken::Enough => return Ok(Some(here)),
                    Taken::NotAnyMore => return Ok(Some(there)),
                }
            }
            upto = from - 1;
        }
    }
    let last = ends.last().filter(|_| ends.len() == DAYS_MAX);
    Ok(last.map(|end| Place { day: end.day, number: 1 }))
}
