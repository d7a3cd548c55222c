//! Broadcasts in the table, and what their senders are ordered.
//!
//! | what | `PK` | `SK` | `GSI1PK` | `GSI1SK` |
//! | --- | --- | --- | --- | --- |
//! | broadcast | `BROADCAST#<id>` | `BROADCAST` | `BROADCASTS#<shelf>` | its place there: `<time>#<id>`, on the desk `<id>` |
//! | what its pages may do | `BROADCAST#<id>` | `ORDER` | | |
//! | emergencies under way | `SENDING` | `EMERGENCIES` | | |
//!
//! All three are written in one transaction, with the act in the audit log if somebody did it: so what senders read in two small
//! items is what the broadcast says. An emergency is under way from the moment it goes until it is closed or stopped, but for
//! the time in which it rests: then nobody has to wait for it.

use app::error::{Error, Kind};
use app::ports::Versioned;
use app::ports::broadcasts::{Broadcasts, Place, Shelf};
use app::ports::staff::Written;
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::audit::Act;
use domain::broadcast::content::limits::CONTENT_BYTES_MAX;
use domain::broadcast::{Broadcast, Earnest, Lane, State};
use domain::ids::BroadcastId;
use domain::sending::delivery::Order;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::write_with_act;
use crate::ledgers::partition;
use crate::table::{Condition, Entity, Item, Key, Step, Table, Update, Write, decode, encode, number, text};

/// A broadcast, or a template of one, takes at most this many bytes as JSON. DynamoDB takes 400 KB, and needs fewer bytes for the same.
pub const BROADCAST_BYTES_MAX: usize = 390_000;
// Fifty remarks of a thousand Japanese characters have room beside the largest content, and so has an audience.
const _: () = assert!(CONTENT_BYTES_MAX + 165_000 <= BROADCAST_BYTES_MAX);

const READING: &str = "read a broadcast";
const WRITING: &str = "write a broadcast";
const LISTING: &str = "list broadcasts";
const ORDERING: &str = "read what a broadcast's pages may do";

/// [`Broadcasts`] in the table.
pub struct TableBroadcasts {
    table: Table,
}

impl TableBroadcasts {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl Broadcasts for TableBroadcasts {
    async fn find(&self, id: &BroadcastId) -> Result<Option<Versioned<Broadcast>>, Error> {
        let item = self.table.get(READING, &broadcast_key(id)).await?;
        let item = decode::<BroadcastItem>(READING, item, Timestamp::MIN)?;
        Ok(item.map(|item| Versioned { value: item.broadcast, version: item.version }))
    }

    async fn put(&self, broadcast: &Broadcast, read: Option<u64>, act: Option<&Act>) -> Result<Written, Error> {
        let steps = steps(broadcast, read)?;
        write_with_act(&self.table, WRITING, steps, act).await
    }

    async fn on_shelf(
        &self,
        on: Shelf,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Broadcast)>, Error> {
        let before = before.map(|place| place.0.as_str());
        let items = self.table.on_index(LISTING, &shelf_partition(on), before, limit).await?;
        let items = items.into_iter().map(|item| decode::<BroadcastItem>(LISTING, Some(item), Timestamp::MIN));
        let items: Vec<Option<BroadcastItem>> = items.collect::<Result<_, _>>()?;
        Ok(items.into_iter().flatten().map(|item| (Place(item.place), item.broadcast)).collect())
    }

    async fn order(&self, id: &BroadcastId, lane: Lane) -> Result<Order, Error> {
        let [order, emergencies] = self.table.get_each(ORDERING, [order_key(id), emergencies_key()]).await?;
        let order = decode::<OrderItem>(ORDERING, order, Timestamp::MIN)?.map(|item| item.order);
        let is_emergency = emergencies.is_some_and(|item| item.contains_key(IDS));
        Ok(match (order, lane) {
            (None | Some(StoredOrder::Stop), _) => Order::Stop,
            (Some(StoredOrder::Rest), _) => Order::Rest,
            (Some(StoredOrder::Go), Lane::Routine) if is_emergency => Order::GiveWay,
            (Some(StoredOrder::Go), Lane::Routine | Lane::Emergency) => Order::Go,
        })
    }
}

/// What is written with a broadcast, beside an act.
fn steps(broadcast: &Broadcast, read: Option<u64>) -> Result<Vec<Step<'static>>, Error> {
    let condition = read.map_or(Condition::Absent(Timestamp::MIN), Condition::Version);
    let item = item(broadcast, read.unwrap_or_default() + 1)?;
    let mut steps = vec![Step::Put(Write { item, condition })];
    if let Some(order) = stored_order(&broadcast.state) {
        let item = encode(WRITING, &order_key(&broadcast.id), &OrderItem { order })?;
        steps.push(Step::Put(Write { item, condition: Condition::None }));
        match (broadcast.lane, broadcast.earnest, order) {
            (Lane::Emergency, Earnest::Real, StoredOrder::Go) => {
                steps.push(emergencies("SET #kind = :kind, #v = :v ADD #ids :ids", &broadcast.id));
            }
            (Lane::Emergency, Earnest::Real, StoredOrder::Rest | StoredOrder::Stop) => {
                steps.push(emergencies("SET #kind = :kind, #v = :v DELETE #ids :ids", &broadcast.id));
            }
            // A drill holds nobody back: it goes to a few phones.
            (Lane::Emergency, Earnest::Drill, _) | (Lane::Routine, _, _) => {}
        }
    }
    Ok(steps)
}

fn item(broadcast: &Broadcast, version: u64) -> Result<Item, Error> {
    let (shelf, place) = shelf(broadcast);
    fits_in_item(WRITING, broadcast)?;
    let item = BroadcastItem { version, broadcast: broadcast.clone(), shelf: shelf_partition(shelf), place };
    encode(WRITING, &broadcast_key(&broadcast.id), &item)
}

/// Whether something that people write fits into one item; an error that no retry heals where it does not.
pub(crate) fn fits_in_item(doing: &'static str, written: &impl Serialize) -> Result<(), Error> {
    let bytes = serde_json::to_vec(written).map_err(|error| Error::new(Kind::Permanent, doing, error))?.len();
    if bytes <= BROADCAST_BYTES_MAX {
        return Ok(());
    }
    Err(Error::new(Kind::Permanent, doing, format!("{bytes} bytes, and the table takes {BROADCAST_BYTES_MAX}")))
}

/// What senders are ordered; `None` before anything could have been sent, which they take for [`Order::Stop`].
fn stored_order(state: &State) -> Option<StoredOrder> {
    match state {
        State::Draft
        | State::AwaitingApproval { .. }
        | State::Approved { .. }
        | State::Held { .. }
        | State::Stopped { plan: None, .. } => None,
        State::Sending { pause: None, .. } => Some(StoredOrder::Go),
        State::Sending { pause: Some(_), .. } => Some(StoredOrder::Rest),
        State::Stopped { plan: Some(_), .. } | State::Finished { .. } => Some(StoredOrder::Stop),
    }
}

fn shelf(broadcast: &Broadcast) -> (Shelf, String) {
    let shelf = match &broadcast.state {
        State::Draft | State::AwaitingApproval { .. } | State::Held { .. } => Shelf::Desk,
        State::Approved { .. } => Shelf::Due,
        State::Sending { .. } | State::Stopped { account: None, .. } => Shelf::Sending,
        State::Stopped { account: Some(_), .. } | State::Finished { .. } => Shelf::Done,
    };
    let time = match &broadcast.state {
        State::Approved { release_at, .. } => Some(*release_at),
        state => state.began(),
    };
    (shelf, time.map_or_else(|| broadcast.id.to_string(), |time| Place::at(time, &broadcast.id).0))
}

fn shelf_partition(shelf: Shelf) -> String {
    let name = match shelf {
        Shelf::Desk => "desk",
        Shelf::Due => "due",
        Shelf::Sending => "sending",
        Shelf::Done => "done",
    };
    format!("BROADCASTS#{name}")
}

/// DynamoDB knows no empty set: without its last id the item has no such attribute.
const IDS: &str = "ids";

fn emergencies(expression: &'static str, id: &BroadcastId) -> Step<'static> {
    let ids = AttributeValue::Ss(vec![id.to_string()]);
    let values = vec![("kind", text("emergencies")), ("v", number(1)), (IDS, ids)];
    Step::Update(emergencies_key(), Update { expression, condition: "", names: &["kind", "v", IDS], values })
}

fn broadcast_key(id: &BroadcastId) -> Key {
    Key::new(partition(id), "BROADCAST")
}

fn order_key(id: &BroadcastId) -> Key {
    Key::new(partition(id), "ORDER")
}

fn emergencies_key() -> Key {
    Key::new("SENDING", "EMERGENCIES")
}

#[derive(Serialize, Deserialize)]
struct BroadcastItem {
    version: u64,
    broadcast: Broadcast,
    #[serde(rename = "GSI1PK")]
    shelf: String,
    #[serde(rename = "GSI1SK")]
    place: String,
}

impl Entity for BroadcastItem {
    const KIND: &'static str = "broadcast";
    const V: u64 = 1;
}

#[derive(Serialize, Deserialize)]
struct OrderItem {
    order: StoredOrder,
}

impl Entity for OrderItem {
    const KIND: &'static str = "order";
    const V: u64 = 1;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredOrder {
    Go,
    Rest,
    Stop,
}
