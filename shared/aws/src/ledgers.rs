//! The ledgers of a broadcast's runs, and which of its parts are frozen, in the table.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | frozen part | `BROADCAST#<id>` | `PART#<part in 3 digits>` |
//! | ledger of a run | `BROADCAST#<id>` | `RUN#<part in 3 digits>#<run in 3 digits>` |
//!
//! A ledger has an attribute per page, `p0` to `p9`: the page's state, and beside it its rank, for the conditions. Every write
//! raises the rank of each page that it touches, or leaves that page as it was; so a page whose rank is what was read has not
//! been touched since.

use std::collections::BTreeMap;

use app::error::{Error, Kind};
use app::ports::broadcasts::{Ledgers, Progress, RunKey};
use app::ports::staff::Written;
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::BroadcastId;
use domain::sending::delivery::{GivenBack, Recorded};
use domain::sending::frozen::FrozenPart;
use domain::sending::ledger::{Ledger, PageState, Tried};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Along, Condition, Entity, Item, Key, Table, Update, Updated, Write, decode, encode, number, text};

/// The attributes of a run's pages.
const PAGES: [&str; domain::sending::RUN_PAGES] = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"];
/// Each further try of a claim has met a page that ranks higher than before: there are not more.
const CLAIMS_MAX: usize = PAGES.len() + 1;

const NOTING: &str = "note that a part is frozen";
const READING: &str = "read the ledgers of a broadcast";
const CLAIMING: &str = "claim a run";
const RECORDING: &str = "record what became of a page";
const GIVING_BACK: &str = "give a run back";

/// [`Ledgers`] in the table.
pub struct TableLedgers {
    table: Table,
}

impl TableLedgers {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl Ledgers for TableLedgers {
    async fn note_frozen(&self, part: &FrozenPart) -> Result<(), Error> {
        let key = Key::new(partition(&part.broadcast), format!("PART#{:03}", part.part));
        let item = encode(NOTING, &key, &PartItem { frozen: part.clone() })?;
        let write = Write { item, condition: Condition::Absent(Timestamp::MIN) };
        self.table.transact(NOTING, vec![write]).await.map(drop)
    }

    async fn progress(&self, broadcast: &BroadcastId) -> Result<Progress, Error> {
        // The broadcast itself, which is large, sorts before its parts and runs.
        let items = self.table.some(READING, &partition(broadcast), Along::After("PART#"), usize::MAX).await?;
        let mut progress = Progress::default();
        for item in items {
            let Some(key) = Key::of(&item) else { continue };
            if key.sk.starts_with("PART#") {
                let part: PartItem = required(READING, item)?;
                progress.parts.insert(part.frozen.part, part.frozen);
            } else if let Some(place) = place(&key) {
                progress.ledgers.insert(place, ledger_of(READING, item)?);
            }
        }
        Ok(progress)
    }

    async fn ledger(&self, run: &RunKey) -> Result<Option<Ledger>, Error> {
        let item = self.table.get(READING, &key(run)).await?;
        item.map(|item| ledger_of(READING, item)).transpose()
    }

    /// A claim whose answer was lost counts as lost, too: nobody can tell it from another's, and its lease runs out.
    async fn claim(&self, run: &RunKey, claimed: &Ledger) -> Result<Written, Error> {
        let before = claimed.fence.saturating_sub(1);
        let mut pages = pages_of_claim(claimed);
        for _ in 0..CLAIMS_MAX {
            let update = Change::new(CLAIMING).head(claimed)?.pages(&pages)?;
            let update = if before == 0 { update.only_new() } else { update.under(before).not_below(&pages) };
            let stored = match update.write(&self.table, run).await? {
                Updated::Written => return Ok(Written::Done),
                Updated::Refused(stored) => stored,
            };
            let stored = stored.map(|item| ledger_of(CLAIMING, item)).transpose()?;
            let Some(stored) = stored.filter(|stored| stored.fence == before && before != 0) else {
                return Ok(Written::Raced);
            };
            // An answer came in late, and says more of a page than the claim does.
            let known = |page: usize| stored.pages.get(page).map_or(0, PageState::rank);
            pages.retain(|(page, state)| known(*page) <= state.rank());
        }
        Ok(Written::Raced)
    }

    async fn record(&self, run: &RunKey, page: usize, state: &PageState, fence: u64) -> Result<Recorded, Error> {
        let is_accepted = matches!(state, PageState::Accepted { .. });
        let pages = [(page, state)];
        let update = Change::new(RECORDING).pages(&pages)?.above(&pages);
        let update = if is_accepted { update } else { update.under(fence) };
        let stored = match update.write(&self.table, run).await? {
            Updated::Written => return Ok(Recorded::Written),
            Updated::Refused(stored) => stored,
        };
        let stored = stored.ok_or_else(|| wrong(RECORDING, "there is no ledger of a run that was claimed"))?;
        let stored = ledger_of(RECORDING, stored)?;
        if stored.fence != fence && !is_accepted {
            return Ok(Recorded::Lost);
        }
        match stored.pages.get(page) {
            // An earlier attempt wrote it, and its answer was lost.
            Some(there) if there == state => Ok(Recorded::Written),
            Some(_) => Ok(Recorded::Outranked),
            None => Err(wrong(RECORDING, "the ledger has no such page")),
        }
    }

    async fn give_back(&self, run: &RunKey, back: &GivenBack) -> Result<(), Error> {
        let pages: Vec<_> = back.open.iter().map(|(page, state)| (*page, state)).collect();
        let update = Change::new(GIVING_BACK).released(back.settled_at).pages(&pages)?;
        // What was recorded of an open page in this very claim has the same rank and is the same.
        update.under(back.fence).not_below(&pages).write(&self.table, run).await.map(drop)
    }
}

/// Which pages a claim says something of: all of a run that nobody has worked on; afterwards those that may have been begun.
fn pages_of_claim(claimed: &Ledger) -> Vec<(usize, &PageState)> {
    let is_first = claimed.fence <= 1;
    let says = |state: &PageState| is_first || matches!(state, PageState::Open { tried: Tried::Perhaps, .. });
    claimed.pages.iter().enumerate().filter(|(_, state)| says(state)).collect()
}

/// A change of a ledger, put together.
struct Change {
    doing: &'static str,
    set: Vec<String>,
    /// Whether the lease ends.
    remove: &'static str,
    conditions: Vec<String>,
    names: Vec<&'static str>,
    values: BTreeMap<String, AttributeValue>,
}

impl Change {
    fn new(doing: &'static str) -> Self {
        let (set, conditions, names, values) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        Self { doing, set, remove: "", conditions, names, values }
    }

    fn named(&mut self, name: &'static str) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    fn set(&mut self, name: &'static str, value: AttributeValue) {
        self.named(name);
        self.set.push(format!("#{name} = :{name}"));
        self.values.insert(name.to_owned(), value);
    }

    /// What a claim says of the run as a whole.
    fn head(mut self, claimed: &Ledger) -> Result<Self, Error> {
        let until = claimed.lease_until.ok_or_else(|| wrong(self.doing, "a claim without a lease"))?;
        self.set("kind", text(RunItem::KIND));
        self.set("v", number(RunItem::V));
        self.set("fence", number(claimed.fence));
        self.set("lease_until", text(&until.to_string()));
        self.set("settled_at", text(&claimed.settled_at.to_string()));
        Ok(self)
    }

    /// The end of a claim.
    fn released(mut self, settled_at: Timestamp) -> Self {
        self.set("settled_at", text(&settled_at.to_string()));
        self.named("lease_until");
        self.remove = " REMOVE #lease_until";
        self
    }

    /// New states of pages.
    fn pages(mut self, pages: &[(usize, &PageState)]) -> Result<Self, Error> {
        for (page, state) in pages {
            let name = PAGES.get(*page).ok_or_else(|| wrong(self.doing, "a run has no such page"))?;
            let stored = StoredPage { rank: state.rank(), state: (*state).clone() };
            let stored = serde_dynamo::to_attribute_value(stored);
            let stored = stored.map_err(|error| Error::new(Kind::Permanent, self.doing, error))?;
            self.set(name, stored);
        }
        Ok(self)
    }

    /// Only if there is no such ledger.
    fn only_new(mut self) -> Self {
        self.conditions.push("attribute_not_exists(PK)".to_owned());
        self
    }

    /// Only while this is the latest claim.
    fn under(mut self, fence: u64) -> Self {
        self.named("fence");
        self.conditions.push("#fence = :held".to_owned());
        self.values.insert("held".to_owned(), number(fence));
        self
    }

    /// Only over states of lower rank.
    fn above(self, pages: &[(usize, &PageState)]) -> Self {
        self.ranked(pages, "<")
    }

    /// Only over states of no higher rank.
    fn not_below(self, pages: &[(usize, &PageState)]) -> Self {
        self.ranked(pages, "<=")
    }

    fn ranked(mut self, pages: &[(usize, &PageState)], sign: &str) -> Self {
        for (name, state) in pages.iter().filter_map(|(page, state)| Some((PAGES.get(*page)?, state))) {
            self.named("rank");
            self.conditions.push(format!("#{name}.#rank {sign} :rank_{name}"));
            self.values.insert(format!("rank_{name}"), number(state.rank()));
        }
        self
    }

    async fn write(self, table: &Table, run: &RunKey) -> Result<Updated, Error> {
        let expression = format!("SET {}{}", self.set.join(", "), self.remove);
        let update = Update {
            expression: &expression,
            condition: &self.conditions.join(" AND "),
            names: &self.names,
            values: self.values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect(),
        };
        table.update_or_show(self.doing, &key(run), update).await
    }
}

pub(crate) fn partition(broadcast: &BroadcastId) -> String {
    format!("BROADCAST#{broadcast}")
}

fn key(run: &RunKey) -> Key {
    Key::new(partition(&run.broadcast), format!("RUN#{:03}#{:03}", run.part, run.run))
}

/// The part and the run of a ledger's key.
fn place(key: &Key) -> Option<(u16, u16)> {
    let (part, run) = key.sk.strip_prefix("RUN#")?.split_once('#')?;
    Some((part.parse().ok()?, run.parse().ok()?))
}

fn ledger_of(doing: &'static str, mut item: Item) -> Result<Ledger, Error> {
    let invalid = |error| Error::new(Kind::Permanent, doing, error);
    let mut pages = Vec::with_capacity(PAGES.len());
    for stored in PAGES.iter().map_while(|name| item.remove(*name)) {
        let stored: StoredPage = serde_dynamo::from_attribute_value(stored).map_err(invalid)?;
        pages.push(stored.state);
    }
    let RunItem { fence, lease_until, settled_at } = required(doing, item)?;
    Ok(Ledger { fence, lease_until, settled_at, pages })
}

fn required<E: Entity>(doing: &'static str, item: Item) -> Result<E, Error> {
    decode(doing, Some(item), Timestamp::MIN)?.ok_or_else(|| wrong(doing, "what has no end has one"))
}

fn wrong(doing: &'static str, what: &'static str) -> Error {
    Error::new(Kind::Permanent, doing, what)
}

#[derive(Serialize, Deserialize)]
struct PartItem {
    frozen: FrozenPart,
}

impl Entity for PartItem {
    const KIND: &'static str = "frozen-part";
    const V: u64 = 1;
}

/// A ledger without its pages.
#[derive(Serialize, Deserialize)]
struct RunItem {
    fence: u64,
    #[serde(default)]
    lease_until: Option<Timestamp>,
    settled_at: Timestamp,
}

impl Entity for RunItem {
    const KIND: &'static str = "run";
    const V: u64 = 1;
}

/// A page. The rank is that of the state, where conditions can see it.
#[derive(Serialize, Deserialize)]
struct StoredPage {
    rank: u32,
    state: PageState,
}
