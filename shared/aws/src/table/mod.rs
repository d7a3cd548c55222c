//! The table: items by key, whole partitions, conditional writes. The only module that speaks to DynamoDB.
//!
//! Every item has `PK`, `SK`, `kind` (what it is), `v` (the shape of its attributes, raised when that changes), and
//! where it is temporary `expires` (epoch seconds). DynamoDB removes expired items late, so they count as absent here.

mod item;
mod page;
mod restore;
mod write;

use std::collections::{HashMap, HashSet};

use app::error::{Error, Kind};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::clients::Clients;
use crate::failure::{ROUNDS_MAX, failed, pause_before};

pub(crate) use item::{Entity, Item, Key, decode, encode, number, text};
pub(crate) use page::{Page, Projection};
pub use restore::{Backup, Stands};
pub(crate) use write::{
    BATCH_WRITES_MAX, Condition, Happened, STEPS_MAX, Step, Test, Transacted, Update, Updated, Write,
};

/// DynamoDB takes at most this many keys in one reading.
const KEYS_MAX: usize = 100;

/// Which way along a partition's sort keys, and where a reading begins: both ends of a place are exclusive.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Along<'a> {
    /// Upwards, after a place.
    After(&'a str),
    /// Downwards, before a place.
    Before(&'a str),
    /// Downwards, from the end.
    FromTheEnd,
}

/// One DynamoDB table.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// The table of this name.
    #[must_use]
    pub fn new(clients: &Clients, name: String) -> Self {
        Self { client: clients.dynamodb(), name }
    }

    /// Reads one item, consistently.
    pub(crate) async fn get(&self, doing: &'static str, key: &Key) -> Result<Option<Item>, Error> {
        let call = self.client.get_item().table_name(&self.name).consistent_read(true);
        let answer = call.set_key(Some(key.attributes())).send().await;
        Ok(answer.map_err(|error| failed(doing, error))?.item)
    }

    /// Reads a few items (at most [`KEYS_MAX`]), each consistently, and gives them in the order of the keys.
    pub(crate) async fn get_each<const N: usize>(
        &self,
        doing: &'static str,
        keys: [Key; N],
    ) -> Result<[Option<Item>; N], Error> {
        let mut found = self.fetch(doing, keys.iter().map(Key::attributes).collect()).await?;
        Ok(keys.map(|key| found.remove(&key)))
    }

    /// Reads any number of items, each consistently, and gives them in the order of the keys, of which the same may stand there twice.
    pub(crate) async fn get_all(&self, doing: &'static str, keys: Vec<Key>) -> Result<Vec<Option<Item>>, Error> {
        let wanted: Vec<&Key> = keys.iter().collect::<HashSet<_>>().into_iter().collect();
        let mut found = HashMap::with_capacity(wanted.len());
        for some in wanted.chunks(KEYS_MAX) {
            found.extend(self.fetch(doing, some.iter().map(|key| key.attributes()).collect()).await?);
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    /// Reads the items of these keys, at most [`KEYS_MAX`] different ones.
    async fn fetch(&self, doing: &'static str, mut wanted: Vec<Item>) -> Result<HashMap<Key, Item>, Error> {
        let mut found: HashMap<Key, Item> = HashMap::with_capacity(wanted.len());
        for round in 0..ROUNDS_MAX {
            if round > 0 {
                tokio::time::sleep(pause_before(round)).await;
            }
            let request = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(wanted)).build();
            let request = request.map_err(|error| Error::new(Kind::Permanent, doing, error))?;
            let call = self.client.batch_get_item().request_items(&self.name, request);
            let mut answer = call.send().await.map_err(|error| failed(doing, error))?;
            let items = answer.responses.as_mut().and_then(|tables| tables.remove(&self.name)).unwrap_or_default();
            found.extend(items.into_iter().filter_map(|item| Some((Key::of(&item)?, item))));
            let left = answer.unprocessed_keys.as_mut().and_then(|tables| tables.remove(&self.name));
            wanted = left.map(|left| left.keys).unwrap_or_default();
            if wanted.is_empty() {
                return Ok(found);
            }
        }
        Err(Error::new(Kind::Throttled, doing, "the table left keys unread again and again"))
    }

    /// Reads a whole partition, consistently, page after page.
    pub(crate) async fn partition(&self, doing: &'static str, pk: &str) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let mut from: Option<Item> = None;
        loop {
            let call = self.client.query().table_name(&self.name).consistent_read(true);
            let call = call.key_condition_expression("PK = :pk");
            let call = call.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
            let answer =
                call.set_exclusive_start_key(from.take()).send().await.map_err(|error| failed(doing, error))?;
            items.extend(answer.items.unwrap_or_default());
            // Bounded by the partition: each page begins where the last one ended.
            match answer.last_evaluated_key {
                Some(last) if !last.is_empty() => from = Some(last),
                Some(_) | None => return Ok(items),
            }
        }
    }

    /// Reads items of a partition of the index `GSI1`, downwards, before a place or from the end, at most `limit`. An index lags
    /// behind its table by a moment.
    pub(crate) async fn on_index(
        &self,
        doing: &'static str,
        pk: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Item>, Error> {
        let condition = match before {
            Some(_) => "GSI1PK = :pk AND GSI1SK < :place",
            None => "GSI1PK = :pk",
        };
        let query = self.client.query().index_name("GSI1").scan_index_forward(false);
        self.gather(doing, query.key_condition_expression(condition), pk, before, limit).await
    }

    /// Reads the keys of items of a partition of the index `GSI1`, upwards, before a place, at most `limit`.
    pub(crate) async fn keys_on_index(
        &self,
        doing: &'static str,
        pk: &str,
        before: &str,
        limit: usize,
    ) -> Result<Vec<Key>, Error> {
        let query = self.client.query().index_name("GSI1").projection_expression("PK, SK");
        let query = query.key_condition_expression("GSI1PK = :pk AND GSI1SK < :place");
        let items = self.gather(doing, query, pk, Some(before), limit).await?;
        Ok(items.iter().filter_map(Key::of).collect())
    }

    /// Reads items of a partition along their sort keys, consistently, at most `limit`.
    pub(crate) async fn some(
        &self,
        doing: &'static str,
        pk: &str,
        along: Along<'_>,
        limit: usize,
    ) -> Result<Vec<Item>, Error> {
        let (condition, place, upwards) = match along {
            Along::After(place) => ("PK = :pk AND SK > :place", Some(place), true),
            Along::Before(place) => ("PK = :pk AND SK < :place", Some(place), false),
            Along::FromTheEnd => ("PK = :pk", None, false),
        };
        let query = self.client.query().consistent_read(true).scan_index_forward(upwards);
        self.gather(doing, query.key_condition_expression(condition), pk, place, limit).await
    }

    /// Reads what a query of a partition finds, page after page, at most `limit`.
    async fn gather(
        &self,
        doing: &'static str,
        query: QueryFluentBuilder,
        pk: &str,
        place: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Item>, Error> {
        let query = query.table_name(&self.name).expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        let query = match place {
            Some(place) => query.expression_attribute_values(":place", AttributeValue::S(place.to_owned())),
            None => query,
        };
        let mut items: Vec<Item> = Vec::new();
        let mut from: Option<Item> = None;
        // Bounded by the limit and the partition: each page begins where the last one ended.
        while items.len() < limit {
            let left = i32::try_from(limit - items.len()).unwrap_or(i32::MAX);
            let call = query.clone().limit(left).set_exclusive_start_key(from.take());
            let answer = call.send().await.map_err(|error| failed(doing, error))?;
            items.extend(answer.items.unwrap_or_default());
            match answer.last_evaluated_key {
                Some(last) if !last.is_empty() => from = Some(last),
                Some(_) | None => break,
            }
        }
        Ok(items)
    }
}
