//! The way in: what Lambda hands to a function, record by record or request by request.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use app::error::{Chain, Error, Kind};
use app::ports::{Clock as _, DeadLetter, DeadLetters};
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::clock::SystemClock;
use crate::http_event::{HttpAnswer, HttpEvent};
use crate::stamped::Stamped;

/// Why a function cannot start or go on.
pub use lambda_runtime::Error as Fatal;

/// This many groups of a batch are worked on side by side: as many as there are records in the largest batch of a FIFO queue.
pub const GROUPS_AT_ONCE: usize = 10;

/// From this try on, each try of a message is one line of the log. An alarm cannot ask the queue: of a standard one the age of the oldest
/// message leaves out what was received three times
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>).
pub const MANY_TRIES: u64 = 10;

/// The attribute of a record that names its group.
const GROUP: &str = "MessageGroupId";
/// The attribute of a record that tells it apart from others of its group: the id of the event, in the one queue that has it.
const EVENT: &str = "MessageDeduplicationId";
/// The attribute of a record that says when it was put into the queue, in milliseconds since 1970.
const SENT_AT: &str = "SentTimestamp";

/// A message as the queue hands it over.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrival {
    /// What it says.
    pub body: String,
    /// When it was put into the queue, if the queue says so.
    pub sent_at: Option<Timestamp>,
}

impl Arrival {
    fn of(record: &SqsMessage) -> Self {
        let sent_at =
            record.attributes.get(SENT_AT).and_then(|text| Timestamp::from_millisecond(text.parse().ok()?).ok());
        Self { body: record.body.clone().unwrap_or_default(), sent_at }
    }
}

/// Begins to log, in the form and from the level that the function's configuration in `template.yaml` says, each line with its time.
///
/// A panic is logged by its place alone: its message may quote what a resident wrote.
pub fn log() {
    let writer = || Stamped { at: SystemClock.now(), to: std::io::stdout() };
    lambda_runtime::tracing::init_default_subscriber_with_writer(writer);
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.place = place, "panic");
    }));
}

/// Hands a queue's messages to `handler`, and what fails for good to `dead_letters`, until the process ends.
pub async fn serve_queue<H, F>(dead_letters: &dyn DeadLetters, handler: H) -> Result<(), Fatal>
where
    H: Fn(Arrival) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let handler = &handler;
    let serve = |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Fatal>(handle_batch(event.payload, dead_letters, handler).await)
    };
    lambda_runtime::run(service_fn(serve)).await
}

/// Calls `handler` whenever a schedule is due, until the process ends. What fails is logged, and Lambda counts it as an error.
pub async fn serve_schedule<H, F>(handler: H) -> Result<(), Fatal>
where
    H: Fn() -> F,
    F: Future<Output = Result<(), Error>>,
{
    let handler = &handler;
    // Whatever the schedule says: it only wakes.
    let serve = |_: LambdaEvent<IgnoredAny>| async move { done(handler().await) };
    lambda_runtime::run(service_fn(serve)).await
}

/// Calls `handler` with the minute for which a schedule was due, whenever it is, until the process ends. What fails is logged, and
/// Lambda counts it as an error.
pub async fn serve_ticks<H, F>(handler: H) -> Result<(), Fatal>
where
    H: Fn(Timestamp) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let handler = &handler;
    let serve = |event: LambdaEvent<Tick>| async move { done(handler(event.payload.minute()).await) };
    lambda_runtime::run(service_fn(serve)).await
}

/// What the schedule in `template.yaml` sends: `{"scheduled": "<aws.scheduler.scheduled-time>"}`.
#[derive(Debug, Deserialize)]
struct Tick {
    scheduled: Timestamp,
}

impl Tick {
    fn minute(&self) -> Timestamp {
        let second = self.scheduled.as_second();
        Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(self.scheduled)
    }
}

fn done(worked: Result<(), Error>) -> Result<(), Fatal> {
    worked.map_err(|error| {
        tracing::error!(error = %Chain(&error), "scheduled work failed");
        Fatal::from("scheduled work failed; the log says why")
    })
}

/// Hands the requests of a function URL (or HTTP API) to `handler`, until the process ends.
///
/// A request that is none is answered 400, a panic 500: neither ends the process or fails the invocation.
pub async fn serve_http<H, F, B>(handler: H) -> Result<(), Fatal>
where
    H: Fn(Request<Bytes>) -> F,
    F: Future<Output = Response<B>>,
    B: Into<Bytes>,
{
    let handler = &handler;
    let serve =
        |event: LambdaEvent<HttpEvent>| async move { Ok::<_, Fatal>(handle_request(event.payload, handler).await) };
    lambda_runtime::run(service_fn(serve)).await
}

async fn handle_request<H, F, B>(event: HttpEvent, handler: &H) -> HttpAnswer
where
    H: Fn(Request<Bytes>) -> F,
    F: Future<Output = Response<B>>,
    B: Into<Bytes>,
{
    let request = match event.into_request() {
        Ok(request) => request,
        Err(malformed) => {
            tracing::warn!(reason = %malformed, "request not understood");
            return HttpAnswer::empty(StatusCode::BAD_REQUEST);
        }
    };
    let answer = AssertUnwindSafe(async { handler(request).await }).catch_unwind().await;
    answer.map_or_else(|_| HttpAnswer::empty(StatusCode::INTERNAL_SERVER_ERROR), HttpAnswer::from)
}

/// Handles the records of a batch and names those that must come again.
///
/// Records of one group are handled in order, and after one that must come again the rest of that group is left untried,
/// so that none overtakes it. Different groups do not wait for one another. What fails for good, a panic included, is
/// put into `dead_letters` at once and is done with; only if that fails, it comes again too.
pub async fn handle_batch<H, F>(event: SqsEvent, dead_letters: &dyn DeadLetters, handler: H) -> SqsBatchResponse
where
    H: Fn(Arrival) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let mut groups: BTreeMap<String, Vec<SqsMessage>> = BTreeMap::new();
    for (index, record) in event.records.into_iter().enumerate() {
        // A standard queue has no groups: then each record is its own. No group of a FIFO queue has a blank in its name.
        let group = record.attributes.get(GROUP).cloned().unwrap_or_else(|| format!("record {index}"));
        groups.entry(group).or_default().push(record);
    }
    let handler = &handler;
    let failures = stream::iter(groups.into_values()).map(|group| handle_group(group, dead_letters, handler));
    let failures: Vec<Vec<String>> = failures.buffer_unordered(GROUPS_AT_ONCE).collect().await;

    let mut response = SqsBatchResponse::default();
    // A record without an id would be named by an empty one, by which Lambda understands the whole batch. So it must.
    failures.into_iter().flatten().for_each(|message_id| response.add_failure(message_id));
    response
}

/// Handles one group in order; gives the ids of the records that must come again, tried or not.
async fn handle_group<H, F>(group: Vec<SqsMessage>, dead_letters: &dyn DeadLetters, handler: &H) -> Vec<String>
where
    H: Fn(Arrival) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let mut records = group.into_iter();
    let mut failures = Vec::new();
    for record in records.by_ref() {
        if let Settled::ComesAgain = handle_record(&record, dead_letters, handler).await {
            failures.push(record.message_id.unwrap_or_default());
            break;
        }
    }
    let untried: Vec<_> = records.map(|record| record.message_id.unwrap_or_default()).collect();
    if !untried.is_empty() {
        tracing::warn!(queue.untried = untried.len(), "later messages of the same group left untried");
    }
    failures.extend(untried);
    failures
}

/// What becomes of a record.
enum Settled {
    /// It is done with: handled, or among the dead letters.
    Done,
    /// The queue is to hand it out again.
    ComesAgain,
}

async fn handle_record<H, F>(record: &SqsMessage, dead_letters: &dyn DeadLetters, handler: &H) -> Settled
where
    H: Fn(Arrival) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let arrival = Arrival::of(record);
    let message_id = record.message_id.as_deref().unwrap_or_default();
    let received = record.attributes.get("ApproximateReceiveCount").map_or("", String::as_str);
    let event = record.attributes.get(EVENT).map(String::as_str);
    let tries: u64 = received.parse().unwrap_or_default();
    if MANY_TRIES <= tries {
        // Before it is tried, so that a try which ends the function is counted, too. Alarms in `template.yaml` wait for these words.
        tracing::warn!(event.id = event, queue.message_id = message_id, tries, "message comes again and again");
    }
    // The handler's parts are shared by later records, but each of them must bear a crash at any point anyway.
    let outcome = AssertUnwindSafe(async { handler(arrival).await }).catch_unwind().await;
    let outcome = outcome
        .unwrap_or_else(|_| Err(Error::new(Kind::Permanent, "handle a message without panicking", "it panicked")));
    let Err(error) = outcome else { return Settled::Done };
    let cause = Chain(&error);
    match error.kind {
        Kind::Transient | Kind::Throttled => {
            tracing::warn!(event.id = event, queue.message_id = message_id, queue.received = received, error = %cause, "message failed, will come again");
            Settled::ComesAgain
        }
        Kind::Permanent => {
            tracing::error!(event.id = event, queue.message_id = message_id, queue.received = received, error = %cause, "message failed for good");
            bury(record, &error, dead_letters).await
        }
    }
}

/// Puts a record that fails for good among the dead letters, so that it does not hold up its group.
async fn bury(record: &SqsMessage, error: &Error, dead_letters: &dyn DeadLetters) -> Settled {
    let letter = DeadLetter {
        id: record.message_id.clone().unwrap_or_default(),
        group: record.attributes.get(GROUP).cloned(),
        body: record.body.clone().unwrap_or_default(),
        why: error.doing.replace(' ', "-"),
    };
    match dead_letters.put(&letter).await {
        Ok(()) => Settled::Done,
        Err(error) => {
            let event = record.attributes.get(EVENT).map(String::as_str);
            tracing::error!(event.id = event, queue.message_id = letter.id, error = %Chain(&error), "no dead letter, will come again");
            Settled::ComesAgain
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    async fn answer(event: Value) -> Value {
        let handler = |request: Request<Bytes>| async move {
            assert_ne!(request.uri().path(), "/panic", "as the test says");
            Response::builder().status(202).header("X-Kept", "yes").body(request.method().to_string()).unwrap()
        };
        serde_json::to_value(handle_request(serde_json::from_value(event).unwrap(), &handler).await).unwrap()
    }

    #[test]
    fn a_tick_is_for_the_minute_that_it_was_scheduled_in() {
        let minute = |event: Value| serde_json::from_value::<Tick>(event).map(|tick| tick.minute().to_string());
        for (scheduled, expected) in [
            ("2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z"),
            ("2026-11-25T10:00:59.999Z", "2026-11-25T10:00:00Z"),
            ("1969-12-31T23:59:30Z", "1969-12-31T23:59:00Z"),
        ] {
            assert_eq!(minute(json!({ "scheduled": scheduled })).unwrap(), expected);
        }
        for odd in [json!({}), json!({ "scheduled": "<aws.scheduler.scheduled-time>" }), json!("2026-11-25T10:00:00Z")]
        {
            assert!(minute(odd).is_err());
        }
    }

    #[tokio::test]
    async fn a_request_goes_through_the_handler_and_odd_ones_end_before_it() {
        let event = |path: &str| json!({"rawPath": path, "requestContext": {"http": {"method": "PUT"}}});
        assert_eq!(
            answer(event("/")).await,
            json!({"statusCode": 202, "headers": {"x-kept": "yes"}, "body": "PUT", "isBase64Encoded": false})
        );
        assert_eq!(answer(event("/panic")).await["statusCode"], 500);
        assert_eq!(answer(event("/a b")).await["statusCode"], 400);
        assert_eq!(answer(json!({})).await["statusCode"], 400);
    }
}
