//! Residents as candidates of an audience, read from the table partition by partition.
//!
//! Up to 1.7 million are read for one broadcast. So of each only what a condition may ask comes over the wire, and it is looked at
//! where it lies instead of being made into a struct.

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::Clock;
use app::ports::audience::AudienceSource;
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::broadcast::audience::filter::Candidate;
use domain::garbage::reminder::EVENING_DEFAULT;
use domain::ids::ResidentId;
use domain::resident::{RemindAt, Standing, Switch};
use domain::sending::frozen::PackedId;
use domain::time::YearMonth;
use jiff::Timestamp;

use crate::conversations::ResidentItem;
use crate::table::{Entity, Item, Projection, Table};

const READING: &str = "read residents for an audience";

/// What is read of a resident; see [`view`].
const ASKED: Projection<'static> = Projection {
    expression: "SK, #kind, #v, #expires, #standing.#value, #since, #settings.#district.#value, \
                 #settings.#language.#value, #settings.#muted.#value, #settings.#topics, #settings.#children, #settings.#dates, \
                 #settings.#garbage, #settings.#evening.#value, #settings.#morning.#value",
    names: &[
        "kind", "v", "expires", "standing", "value", "since", "settings", "district", "language", "muted", "topics",
        "children", "dates", "garbage", "evening", "morning",
    ],
};

/// [`AudienceSource`] over the table.
pub struct TableAudienceSource {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TableAudienceSource {
    /// Of the residents in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

#[async_trait]
impl AudienceSource for TableAudienceSource {
    /// An item that is no resident's is passed over, loudly: it must not keep an evacuation order from the twenty thousand others.
    /// One that a newer program has written is an error, because that program can read it.
    async fn read(
        &self,
        partition: u16,
        see: &mut (dyn for<'a, 'b> FnMut(&'b Candidate<'a>) + Send),
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let pk = format!("RESIDENT#{partition:02x}");
        let mut after: Option<String> = None;
        // Bounded by the partition: each page begins where the last one ended.
        loop {
            let page = self.table.page(READING, &pk, after.as_deref(), ASKED).await?;
            let mut odd = 0_u32;
            for item in &page.items {
                match view(item, now, see) {
                    Seen::Shown | Seen::Gone => {}
                    Seen::Odd => odd += 1,
                    Seen::Newer => {
                        return Err(Error::new(Kind::Transient, READING, "a newer program has written a resident"));
                    }
                }
            }
            if 0 < odd {
                tracing::error!(partition = pk, odd, "items that are no residents passed over");
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

/// What an item was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// A resident, and shown.
    Shown,
    /// One whose item has expired.
    Gone,
    /// No resident's, or not as this program writes them.
    Odd,
    /// Written by a newer program.
    Newer,
}

/// Shows a resident's item. Its form is that of [`crate::conversations`].
fn view(item: &Item, now: Timestamp, see: &mut (dyn for<'a, 'b> FnMut(&'b Candidate<'a>) + Send)) -> Seen {
    match number(item, "v") {
        Some(ResidentItem::V) => {}
        Some(newer) if ResidentItem::V < newer => return Seen::Newer,
        Some(_) | None => return Seen::Odd,
    }
    if text(item.get("kind")) != Some(ResidentItem::KIND) {
        return Seen::Odd;
    }
    if number(item, "expires").is_some_and(|expires| i128::from(expires) <= i128::from(now.as_second())) {
        return Seen::Gone;
    }
    let Some(seen) = read(item, see) else { return Seen::Odd };
    seen
}

fn read(item: &Item, see: &mut (dyn for<'a, 'b> FnMut(&'b Candidate<'a>) + Send)) -> Option<Seen> {
    let id: ResidentId = text(item.get("SK"))?.parse().ok()?;
    let nothing = Item::new();
    let settings = map(item.get("settings")).unwrap_or(&nothing);
    let chosen = |name: &str| value(settings.get(name)).filter(|value| !value.is_null());
    let dates = map(settings.get("dates")).unwrap_or(&nothing).iter();
    let dates = dates.flat_map(|(kind, given)| months(map(Some(given))).map(|month| Some((kind.as_str(), month?))));
    let remind = |name: &str| chosen(name).map(|at| text(Some(at))?.parse::<RemindAt>().ok());
    let candidate = Candidate {
        id: PackedId::of(&id),
        standing: match text(value(item.get("standing")))? {
            "Following" => Standing::Following,
            "Blocked" => Standing::Blocked,
            _ => return None,
        },
        since: text(item.get("since"))?.parse().ok()?,
        muted: chosen("muted").map_or(Some(Switch::Off), switch)?,
        district: match chosen("district") {
            None => None,
            Some(district) => Some(text(Some(district))?),
        },
        // Whoever chose a language that only a newer program speaks gets the Japanese wording rather than none.
        language: text(chosen("language")).and_then(|language| language.parse().ok()).unwrap_or_default(),
        topics: &switches(map(settings.get("topics")))?,
        children: &months(map(settings.get("children"))).collect::<Option<Vec<_>>>()?,
        dates: &dates.collect::<Option<Vec<_>>>()?,
        garbage: &switches(map(settings.get("garbage")))?,
        // Whoever said nothing is reminded as `Settings::evening` and `Settings::morning` say.
        evening: remind("evening").map_or(Some(RemindAt::At(EVENING_DEFAULT)), |at| at)?.time(),
        morning: remind("morning").map_or(Some(RemindAt::Never), |at| at)?.time(),
    };
    see(&candidate);
    Some(Seen::Shown)
}

/// What was switched on or off, by id; `None` where one is neither.
fn switches(set: Option<&Item>) -> Option<Vec<(&str, Switch)>> {
    let set = set.into_iter().flatten();
    set.map(|(id, stamped)| Some((id.as_str(), switch(value(Some(stamped))?)?))).collect()
}

/// The months that are switched on; `None` for what is no month or neither on nor off.
fn months(set: Option<&Item>) -> impl Iterator<Item = Option<YearMonth>> {
    set.into_iter().flatten().filter_map(|(month, stamped)| {
        let switch = value(Some(stamped)).and_then(switch);
        (switch != Some(Switch::Off)).then(|| switch.and_then(|_| month.parse().ok()))
    })
}

fn text(value: Option<&AttributeValue>) -> Option<&str> {
    value?.as_s().ok().map(String::as_str)
}

fn map(value: Option<&AttributeValue>) -> Option<&Item> {
    value?.as_m().ok()
}

/// The value of a stamped one.
fn value(stamped: Option<&AttributeValue>) -> Option<&AttributeValue> {
    map(stamped)?.get("value")
}

fn switch(value: &AttributeValue) -> Option<Switch> {
    match text(Some(value))? {
        "On" => Some(Switch::On),
        "Off" => Some(Switch::Off),
        _ => None,
    }
}

fn number(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}
