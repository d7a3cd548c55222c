//! Residents as the table keeps them: a few dozen that are written by the real adapter, each of them again and again under other ids.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use app::ports::{Clock, Commit, Conversations, Way};
use aws::Table;
use aws::clock::SystemClock;
use aws::conversations::TableConversations;
use axum::Router;
use axum::body::Bytes;
use domain::ids::ResidentId;
use domain::language::Language;
use domain::resident::{Resident, Stamp, Switch};
use domain::sending::frozen::PackedId;
use domain::text::hex;
use serde_json::{Map, Value};

use crate::aws::{clients_at, size_of};
use crate::function::StandIn;
use crate::{Failure, lock};

/// So many differ in more than their ids.
const KINDS: usize = 64;
/// DynamoDB gives at most so many bytes of items at a time, as they are stored.
const PAGE_BYTES: usize = 1_048_576;
/// Stands where the id of a resident does.
const ID: &str = "Uffffffffffffffffffffffffffffffff";

/// A town's residents as items.
pub(crate) struct Residents {
    /// Ascending.
    ids: Vec<PackedId>,
    kinds: Vec<Kind>,
}

/// An item, and what is left of it where only some of its attributes are asked for.
struct Kind {
    size: usize,
    item: Map<String, Value>,
    /// For one projection: the JSON before and after the id.
    shown: Mutex<Option<(String, [String; 2])>>,
}

/// Some residents, as DynamoDB gives them.
pub(crate) struct Page {
    /// The answer.
    pub(crate) json: String,
    /// How many bytes their items have, as they are stored.
    pub(crate) bytes: usize,
}

impl Residents {
    /// These.
    pub(crate) async fn new(mut ids: Vec<PackedId>) -> Result<Self, Failure> {
        ids.sort_unstable();
        let written: Arc<Mutex<Vec<Bytes>>> = Arc::default();
        let taken = written.clone();
        let table = Router::new().fallback(async move |body: Bytes| {
            lock(&taken).push(body);
            "{}"
        });
        let stand_in = StandIn::start(table).await.map_err(|error| error.to_string())?;
        let clients = clients_at(&stand_in.address);
        let conversations = TableConversations::new(Table::new(&clients, "kairan".to_owned()), Arc::new(SystemClock));
        for kind in 0..KINDS {
            let resident = resident(kind)?;
            let commit = Commit {
                event: "e".parse()?,
                resident_id: resident.id.clone(),
                way: Way::Silence,
                resident: Some((resident, Some(kind.try_into()?))),
                erase_resident_at: None,
                conversation: None,
                effects: Vec::new(),
                now: SystemClock.now(),
            };
            conversations.commit(&commit).await?;
        }
        let kinds = lock(&written).iter().map(|body| kind(body)).collect::<Result<_, _>>()?;
        Ok(Self { ids, kinds })
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// How many bytes the item of one has on average, as it is stored.
    pub(crate) fn bytes_each(&self) -> usize {
        self.kinds.iter().map(|kind| kind.size).sum::<usize>() / self.kinds.len().max(1)
    }

    /// Answers a `Query` for a partition of them.
    pub(crate) fn page(&self, query: &Value) -> Result<Page, Failure> {
        let pk = query["ExpressionAttributeValues"][":pk"]["S"].as_str().unwrap_or_default();
        let partition = u8::from_str_radix(pk.trim_start_matches("RESIDENT#"), 16)?;
        let mut range = self.partition(partition);
        if let Some(after) = query["ExclusiveStartKey"]["SK"]["S"].as_str() {
            let after = PackedId::of(&after.parse::<ResidentId>()?);
            range.start = self.ids.partition_point(|id| *id <= after);
        }
        let (mut json, mut bytes, mut end) = (r#"{"Items":["#.to_owned(), 0, range.start);
        for place in range.clone() {
            let kind = &self.kinds[place % self.kinds.len()];
            if PAGE_BYTES < bytes + kind.size {
                break;
            }
            bytes += kind.size;
            end = place + 1;
            if place != range.start {
                json.push(',');
            }
            kind.write(query, &self.ids[place], &mut json);
        }
        write!(json, r#"],"Count":{0},"ScannedCount":{0}"#, end - range.start)?;
        if end < range.end {
            let last = self.ids[end - 1].text();
            write!(json, r#","LastEvaluatedKey":{{"PK":{{"S":"{pk}"}},"SK":{{"S":"{last}"}}}}"#)?;
        }
        json.push('}');
        Ok(Page { json, bytes })
    }

    fn partition(&self, number: u8) -> Range<usize> {
        let first = self.ids.partition_point(|id| id.0[0] < number);
        first..self.ids.partition_point(|id| id.0[0] <= number)
    }
}

impl Kind {
    /// Writes the item of a resident of this kind, as far as it is asked for.
    fn write(&self, query: &Value, id: &PackedId, json: &mut String) {
        let projection = query["ProjectionExpression"].as_str().unwrap_or_default();
        let mut shown = lock(&self.shown);
        if shown.as_ref().is_none_or(|(of, _)| of != projection) {
            let item = Value::Object(projected(&self.item, projection, &query["ExpressionAttributeNames"])).to_string();
            let (before, after) = item.split_once(ID).unwrap_or((&item, ""));
            *shown = Some((projection.to_owned(), [before.to_owned(), after.to_owned()]));
        }
        if let Some((_, [before, after])) = shown.as_ref() {
            for piece in [before.as_str(), "U", &hex(&id.0), after] {
                json.push_str(piece);
            }
        }
    }
}

/// The item that a commit writes of a resident, with a mark where the id is.
fn kind(commit: &[u8]) -> Result<Kind, Failure> {
    let body: Value = serde_json::from_slice(commit)?;
    let puts = body["TransactItems"].as_array().into_iter().flatten().map(|step| &step["Put"]["Item"]);
    let mut items = puts.filter(|item| item["kind"]["S"] == "resident");
    let mut item = items.next().and_then(Value::as_object).ok_or("no resident was written")?.clone();
    let size = size_of(&item);
    item.insert("SK".to_owned(), serde_json::json!({ "S": ID }));
    Ok(Kind { size, item, shown: Mutex::default() })
}

/// What a projection such as `SK, #settings.#language.#value` leaves of an item.
fn projected(item: &Map<String, Value>, projection: &str, names: &Value) -> Map<String, Value> {
    let paths =
        projection.split(',').map(|path| path.trim().split('.').map(|name| names[name].as_str().unwrap_or(name)));
    let mut left = Map::new();
    for path in paths {
        let path: Vec<&str> = path.collect();
        keep(item, &path, &mut left);
    }
    left
}

fn keep(from: &Map<String, Value>, path: &[&str], to: &mut Map<String, Value>) {
    let Some((name, rest)) = path.split_first() else { return };
    let Some(value) = from.get(*name) else { return };
    if rest.is_empty() {
        to.insert((*name).to_owned(), value.clone());
    } else if let Some(inner) = value["M"].as_object() {
        let kept = to.entry(*name).or_insert_with(|| serde_json::json!({ "M": {} }));
        if let Some(kept) = kept["M"].as_object_mut() {
            keep(inner, rest, kept);
        }
    }
}

/// A resident as they may be: most have said where they live, some read another language, some have children. All of them follow.
fn resident(kind: usize) -> Result<Resident, Failure> {
    let number = u32::try_from(kind)?;
    let stamp = Stamp { at: SystemClock.now(), event: format!("01JD0000000000000000000{number:03}").parse()? };
    let mut resident =
        Resident::new(ResidentId::try_from(format!("U4af4980629f3a1c7b2d6e8501{number:07x}"))?, stamp.clone());
    let settings = &mut resident.settings;
    if number % 8 != 0 {
        settings.set_district(Some(format!("district-{:02}", number % 20).parse()?), &stamp);
    }
    if number % 16 == 3 {
        settings.set_language(Language::English, &stamp);
    }
    let topics: BTreeSet<u32> = (0..number % 5).collect();
    for topic in topics {
        settings.set_topic(format!("topic-{topic}").parse()?, Switch::On, &stamp);
    }
    for child in 0..(number % 7).saturating_sub(4) {
        settings.set_child(format!("20{:02}-{:02}", 12 + number % 12, 1 + child).parse()?, Switch::On, &stamp);
    }
    Ok(resident)
}
