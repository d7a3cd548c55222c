//! AWS in this process, as far as sending needs it: table, bucket, queues and secret, and a bill of what was asked of them.
//!
//! The table is the one of the adapters' tests, with its conditions; the residents are [`Residents`]. The bill counts as AWS does:
//! bytes of items as they are stored, and every attempt.

#[expect(clippy::unwrap_used, reason = "it is made for tests, which stop at the first surprise")]
#[expect(dead_code, reason = "only a part of it is needed here")]
#[path = "../../../shared/aws/tests/adapters/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::residents::Residents;
use crate::{Failure, lock};
use aws::clients::{Clients, SdkConfig};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use memory::Memory;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What comes from a queue comes again after this, unless it is deleted.
const VISIBLE_AGAIN: Duration = Duration::from_mins(1);
const READ_UNIT: usize = 4_096;
const WRITE_UNIT: usize = 1_024;

/// AWS.
pub(crate) struct Aws {
    table: Memory,
    residents: Residents,
    bucket: Mutex<BTreeMap<String, Bytes>>,
    queues: Mutex<BTreeMap<String, Vec<Message>>>,
    bill: Mutex<Bill>,
    /// How many messages were sent.
    numbers: Mutex<usize>,
    /// When each object was kept.
    kept: Mutex<Vec<Instant>>,
    /// When the first message came into each queue.
    first: Mutex<BTreeMap<String, Instant>>,
}

/// A message of a queue: when it can be seen, and how often it was handed out.
struct Message {
    number: usize,
    from: Instant,
    received: u32,
    receipt: String,
    body: String,
}

/// What was asked for. Read units are counted in halves, since an eventually consistent reading costs half.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bill {
    pub(crate) table_calls: u64,
    pub(crate) half_read_units: usize,
    pub(crate) resident_half_read_units: usize,
    pub(crate) write_units: usize,
    pub(crate) queue_calls: u64,
    pub(crate) bucket_puts: u64,
    pub(crate) bucket_gets: u64,
    pub(crate) bytes_put: usize,
    pub(crate) bytes_got: usize,
    /// How long these stand-ins worked on answers about residents.
    #[serde(skip)]
    pub(crate) reading_residents: Duration,
}

type Item = Map<String, Value>;

impl Aws {
    /// With these residents, and nothing else.
    pub(crate) fn new(residents: Residents) -> Arc<Self> {
        Arc::new(Self {
            table: Memory::default(),
            residents,
            bucket: Mutex::default(),
            queues: Mutex::default(),
            bill: Mutex::default(),
            numbers: Mutex::default(),
            kept: Mutex::default(),
            first: Mutex::default(),
        })
    }

    /// Whatever is asked for at any address.
    pub(crate) fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(serve).layer(DefaultBodyLimit::disable()).with_state(self.clone())
    }

    pub(crate) fn residents(&self) -> &Residents {
        &self.residents
    }

    /// The bill so far.
    pub(crate) fn bill(&self) -> Bill {
        lock(&self.bill).clone()
    }

    /// Begins a new bill.
    pub(crate) fn forget_bill(&self) {
        *lock(&self.bill) = Bill::default();
    }

    /// When each object was kept, in order.
    pub(crate) fn objects(&self) -> Vec<Instant> {
        lock(&self.kept).clone()
    }

    /// When the first message came into a queue.
    pub(crate) fn first_in(&self, queue: &str) -> Option<Instant> {
        lock(&self.first).get(queue).copied()
    }

    /// Whether a broadcast has its account.
    pub(crate) fn is_closed(&self, id: &str) -> bool {
        let broadcast = self.item(&format!("BROADCAST#{id}"), "BROADCAST");
        broadcast.is_some_and(|item| item.get("GSI1PK").is_some_and(|shelf| shelf["S"] == "BROADCASTS#done"))
    }

    /// An item of the table.
    fn item(&self, pk: &str, sk: &str) -> Option<Item> {
        let found = self.table.call("GetItem", &json!({ "Key": { "PK": { "S": pk }, "SK": { "S": sk } } })).ok()?;
        found["Item"].as_object().cloned()
    }

    /// How many messages a queue has.
    pub(crate) fn waiting(&self, queue: &str) -> usize {
        lock(&self.queues).get(queue).map_or(0, Vec::len)
    }

    /// Takes a message from a queue, which is one call of SQS: its body and receipt.
    pub(crate) fn receive(&self, queue: &str) -> Option<(String, String)> {
        let mut queues = lock(&self.queues);
        let now = Instant::now();
        let message = queues.get_mut(queue)?.iter_mut().find(|message| message.from <= now)?;
        lock(&self.bill).queue_calls += 1;
        message.from = now + VISIBLE_AGAIN;
        message.received += 1;
        message.receipt = format!("{}#{}", message.number, message.received);
        Some((message.body.clone(), message.receipt.clone()))
    }

    /// Deletes a message, which is another.
    pub(crate) fn delete(&self, queue: &str, receipt: &str) {
        lock(&self.bill).queue_calls += 1;
        if let Some(messages) = lock(&self.queues).get_mut(queue) {
            messages.retain(|message| message.receipt != receipt);
        }
    }

    fn send(&self, queue: &str, body: &str, delay_s: u64) {
        let now = Instant::now();
        lock(&self.first).entry(queue.to_owned()).or_insert(now);
        let from = now + Duration::from_secs(delay_s);
        let mut numbers = lock(&self.numbers);
        *numbers += 1;
        let message = Message { number: *numbers, from, received: 0, receipt: String::new(), body: body.to_owned() };
        lock(&self.queues).entry(queue.to_owned()).or_default().push(message);
    }

    fn ask_table(&self, operation: &str, body: &Value) -> Result<(StatusCode, String), Failure> {
        lock(&self.bill).table_calls += 1;
        let pk = body["ExpressionAttributeValues"][":pk"]["S"].as_str().unwrap_or_default();
        if operation == "Query" && pk.starts_with("RESIDENT#") {
            let began = Instant::now();
            let page = self.residents.page(body)?;
            let mut bill = lock(&self.bill);
            bill.resident_half_read_units += units(page.bytes, READ_UNIT) * halves(body);
            bill.reading_residents += began.elapsed();
            return Ok((StatusCode::OK, page.json));
        }
        let touched = touched(operation, body);
        let before: Vec<_> = touched.iter().map(|(step, _)| self.bytes_of(step)).collect();
        let (status, answer) = match self.table.call(operation, body) {
            Ok(answer) => (StatusCode::OK, answer),
            Err((status, answer)) => (StatusCode::from_u16(status)?, answer),
        };
        let mut bill = lock(&self.bill);
        match operation {
            "GetItem" => bill.half_read_units += units(found_bytes(&answer["Item"]), READ_UNIT) * halves(body),
            "BatchGetItem" => {
                let asked = body["RequestItems"].as_object().into_iter().flatten();
                let keys: usize = asked.map(|(_, asked)| asked["Keys"].as_array().map_or(0, Vec::len)).sum();
                let items =
                    answer["Responses"].as_object().into_iter().flatten().filter_map(|(_, items)| items.as_array());
                let sizes: Vec<usize> = items.flatten().map(|item| units(found_bytes(item), READ_UNIT)).collect();
                // What is not there costs a unit as well.
                bill.half_read_units += 2 * (sizes.iter().sum::<usize>() + keys.saturating_sub(sizes.len()));
            }
            "Query" => {
                let bytes = answer["Items"].as_array().into_iter().flatten().map(found_bytes).sum();
                bill.half_read_units += units(bytes, READ_UNIT) * halves(body);
            }
            _ => {
                drop(bill);
                let after = touched.iter().map(|(step, factor)| (self.bytes_of(step), factor, step));
                let written = after.zip(before).map(|((after, factor, step), before)| {
                    units(before.max(after), WRITE_UNIT) * factor + self.on_index(step, after)
                });
                let written: usize = written.sum();
                lock(&self.bill).write_units += written;
            }
        }
        Ok((status, answer.to_string()))
    }

    fn bytes_of(&self, key: &Key) -> usize {
        self.item(&key.0, &key.1).map_or(0, |item| size_of(&item))
    }

    /// What a write costs on the index: an item that is in it stands there whole, and moves with its place.
    fn on_index(&self, key: &Key, bytes: usize) -> usize {
        let is_there = self.item(&key.0, &key.1).is_some_and(|item| item.contains_key("GSI1PK"));
        // Out of the old place, into the new one.
        if is_there { 2 * units(bytes, WRITE_UNIT) } else { 0 }
    }

    fn ask_queue(&self, operation: &str, body: &Value) -> Value {
        let url = body["QueueUrl"].as_str().unwrap_or_default();
        let queue = url.rsplit('/').next().unwrap_or_default();
        match operation {
            "SendMessageBatch" => {
                lock(&self.bill).queue_calls += 1;
                let entries: Vec<&Value> = body["Entries"].as_array().into_iter().flatten().collect();
                for entry in &entries {
                    let delay_s = entry["DelaySeconds"].as_u64().unwrap_or_default();
                    self.send(queue, entry["MessageBody"].as_str().unwrap_or_default(), delay_s);
                }
                let taken =
                    |entry: &&Value| json!({ "Id": entry["Id"], "MessageId": entry["Id"], "MD5OfMessageBody": "" });
                json!({ "Successful": entries.iter().map(taken).collect::<Vec<_>>(), "Failed": [] })
            }
            "ReceiveMessage" => {
                let Some((body, receipt)) = self.receive(queue) else {
                    lock(&self.bill).queue_calls += 1;
                    return json!({});
                };
                json!({ "Messages": [{ "MessageId": receipt, "ReceiptHandle": receipt, "Body": body }] })
            }
            "DeleteMessage" => {
                self.delete(queue, body["ReceiptHandle"].as_str().unwrap_or_default());
                json!({})
            }
            _ => json!({}),
        }
    }

    fn ask_bucket(&self, method: &Method, key: &str, headers: &HeaderMap, body: Bytes) -> Response {
        let mut bucket = lock(&self.bucket);
        let mut bill = lock(&self.bill);
        if *method == Method::PUT {
            bill.bucket_puts += 1;
            if bucket.contains_key(key) {
                return StatusCode::PRECONDITION_FAILED.into_response();
            }
            bill.bytes_put += body.len();
            lock(&self.kept).push(Instant::now());
            bucket.insert(key.to_owned(), body);
            return StatusCode::OK.into_response();
        }
        bill.bucket_gets += 1;
        let Some(object) = bucket.get(key) else {
            let nothing = "<Error><Code>NoSuchKey</Code><Message>there is none</Message></Error>";
            return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/xml")], nothing).into_response();
        };
        let range =
            headers.get(header::RANGE).and_then(|range| range.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
        let range = range.and_then(|(first, last)| Some((first.parse::<usize>().ok()?, last.parse::<usize>().ok()?)));
        let Some((first, last)) = range else {
            bill.bytes_got += object.len();
            return object.clone().into_response();
        };
        let last = last.min(object.len().saturating_sub(1));
        let piece = object.slice(first.min(last)..=last);
        bill.bytes_got += piece.len();
        let of = format!("bytes {first}-{last}/{}", object.len());
        (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, of)], piece).into_response()
    }
}

/// The services are told apart by the header that they themselves go by; the bucket has none.
async fn serve(State(aws): State<Arc<Aws>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (service, operation) = target.split_once('.').unwrap_or_default();
    let answered = |kind: &'static str, answer: String| ([(header::CONTENT_TYPE, kind)], answer).into_response();
    let asked = || serde_json::from_slice::<Value>(&body).unwrap_or_default();
    match service {
        "" => aws.ask_bucket(&method, uri.path(), &headers, body),
        "secretsmanager" => {
            let secret = json!({ "channelId": "1", "channelSecret": "secret" }).to_string();
            let arn = "arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:line";
            let answer = json!({ "ARN": arn, "Name": "line", "SecretString": secret });
            answered("application/x-amz-json-1.1", answer.to_string())
        }
        "AmazonSQS" => answered("application/x-amz-json-1.0", aws.ask_queue(operation, &asked()).to_string()),
        _ => match aws.ask_table(operation, &asked()) {
            Ok((status, answer)) => (status, answered("application/x-amz-json-1.0", answer)).into_response(),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        },
    }
}

/// The clients of whatever is at an address.
pub(crate) fn clients_at(address: &str) -> Clients {
    let credentials = SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "benchmark"));
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12());
    let config = config.region(Region::new("ap-northeast-1")).credentials_provider(credentials);
    Clients::new(config.endpoint_url(format!("http://{address}")).build())
}

/// Partition key and sort key.
type Key = (String, String);

/// The items that a write is about, and how many times its units each costs: in a transaction twice.
fn touched(operation: &str, body: &Value) -> Vec<(Key, usize)> {
    let key = |of: &Value| {
        let text = |name: &str| of[name]["S"].as_str().unwrap_or_default().to_owned();
        (text("PK"), text("SK"))
    };
    match operation {
        "UpdateItem" => vec![(key(&body["Key"]), 1)],
        "TransactWriteItems" => {
            let steps = body["TransactItems"].as_array().into_iter().flatten().filter_map(Value::as_object);
            let steps = steps.flat_map(Map::values).map(|step| step.get("Item").unwrap_or(&step["Key"]));
            steps.map(|at| (key(at), 2)).collect()
        }
        _ => Vec::new(),
    }
}

fn units(bytes: usize, unit: usize) -> usize {
    bytes.div_ceil(unit).max(1)
}

fn halves(reading: &Value) -> usize {
    if reading["ConsistentRead"] == true { 2 } else { 1 }
}

fn found_bytes(item: &Value) -> usize {
    item.as_object().map_or(0, size_of)
}

/// The bytes of an item as it is stored: those of names and values, and a few for lists and maps
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>).
pub(crate) fn size_of(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + bytes_of(value)).sum()
}

fn bytes_of(typed: &Value) -> usize {
    let Some((kind, value)) = typed.as_object().and_then(|typed| typed.iter().next()) else { return 0 };
    let text = |value: &Value| value.as_str().map_or(0, str::len);
    match kind.as_str() {
        "N" => text(value).div_ceil(2) + 1,
        "M" => 3 + value.as_object().map_or(0, |inner| size_of(inner) + inner.len()),
        "L" => 3 + value.as_array().into_iter().flatten().map(|inner| 1 + bytes_of(inner)).sum::<usize>(),
        "SS" => value.as_array().into_iter().flatten().map(text).sum(),
        "S" => text(value),
        _ => 1,
    }
}
