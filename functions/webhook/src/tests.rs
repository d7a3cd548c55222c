//! Requests in, statuses out, with parts that can be made to fail.

use std::sync::Mutex;

use app::error::Kind;
use app::ports::ChannelSecret;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::*;

const ONE_EVENT: &str = r#"{"destination":"U0","events":[{"type":"follow","webhookEventId":"01K1","source":{"type":"user","userId":"U1"}}]}"#;
const NO_EVENTS: &str = r#"{"destination":"U0","events":[]}"#;

fn secret(value: &str) -> Arc<ChannelSecret> {
    Arc::new(ChannelSecret { channel_id: "1".to_owned(), channel_secret: value.into() })
}

/// What is known, what staff have put there since, and how often it was asked for.
struct Secrets {
    known: Result<Arc<ChannelSecret>, Kind>,
    newest: Option<Arc<ChannelSecret>>,
    reports: Mutex<usize>,
}

impl Secrets {
    fn holding(value: &str) -> Self {
        Self { known: Ok(secret(value)), newest: None, reports: Mutex::new(0) }
    }
}

#[async_trait]
impl ChannelSecrets for Secrets {
    async fn current(&self) -> Result<Arc<ChannelSecret>, Error> {
        self.known.clone().map_err(|kind| Error::new(kind, "read the secret", "as the test says"))
    }

    async fn renewed(&self, wrong: &Arc<ChannelSecret>) -> Result<Arc<ChannelSecret>, Error> {
        *self.reports.lock().unwrap() += 1;
        Ok(self.newest.clone().unwrap_or_else(|| Arc::clone(wrong)))
    }
}

/// What was put, unless the queue is told to refuse.
#[derive(Default)]
struct Queue {
    refusing: Option<Kind>,
    puts: Mutex<Vec<Vec<QueuedLetter>>>,
}

#[async_trait]
impl InboxQueue for Queue {
    async fn put(&self, letters: &[QueuedLetter]) -> Result<(), Error> {
        self.puts.lock().unwrap().push(letters.to_vec());
        self.refusing.map_or(Ok(()), |kind| Err(Error::new(kind, "put", "as the test says")))
    }
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-11-21T03:00:00Z".parse().unwrap()
    }
}

struct City {
    secrets: Arc<Secrets>,
    queue: Arc<Queue>,
    webhook: Webhook,
}

fn city(secrets: Secrets, queue: Queue) -> City {
    let (secrets, queue) = (Arc::new(secrets), Arc::new(queue));
    let webhook = Webhook { secrets: secrets.clone(), queue: queue.clone(), clock: Arc::new(Noon) };
    City { secrets, queue, webhook }
}

impl City {
    async fn status(&self, request: Request<Bytes>) -> u16 {
        let answer = self.webhook.answer(request).await;
        assert_eq!(answer.body(), "", "LINE reads none, and strangers learn nothing");
        answer.status().as_u16()
    }

    fn queued(&self) -> usize {
        self.queue.puts.lock().unwrap().iter().map(Vec::len).sum()
    }
}

fn sign(body: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn request(body: &str, signature: Option<&str>) -> Request<Bytes> {
    let builder = Request::post("https://city.example/any/path");
    let builder = match signature {
        Some(signature) => builder.header("X-Line-Signature", signature),
        None => builder,
    };
    builder.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
}

fn signed(body: &str) -> Request<Bytes> {
    request(body, Some(&sign(body, "right")))
}

#[tokio::test]
async fn a_genuine_event_is_queued_and_answered_200() {
    let city = city(Secrets::holding("right"), Queue::default());
    assert_eq!(city.status(signed(ONE_EVENT)).await, 200);
    let puts = city.queue.puts.lock().unwrap();
    assert_eq!(puts.len(), 1);
    assert_eq!((puts[0][0].group.as_str(), puts[0][0].deduplication.as_str()), ("U1", "01K1"));
}

#[tokio::test]
async fn the_trial_without_events_is_200_and_puts_nothing() {
    let city = city(Secrets::holding("right"), Queue::default());
    assert_eq!(city.status(signed(NO_EVENTS)).await, 200);
    assert!(city.queue.puts.lock().unwrap().is_empty(), "not even an empty batch");
}

#[tokio::test]
async fn a_missing_or_wrong_signature_is_401_and_nothing_is_queued() {
    let city = city(Secrets::holding("right"), Queue::default());
    for signature in [
        Some(sign(ONE_EVENT, "wrong")),
        Some(sign(NO_EVENTS, "right")),
        Some("?".to_owned()),
        Some(String::new()),
        None,
    ] {
        assert_eq!(city.status(request(ONE_EVENT, signature.as_deref())).await, 401, "{signature:?}");
    }
    let mut garbled = signed(ONE_EVENT);
    garbled.headers_mut().insert("x-line-signature", http::HeaderValue::from_bytes(b"\xff\xfe").unwrap());
    assert_eq!(city.status(garbled).await, 401);
    assert_eq!(city.queued(), 0);
}

#[tokio::test]
async fn a_secret_that_staff_changed_is_found_by_the_first_signature_that_does_not_match() {
    let changed = Secrets { newest: Some(secret("right")), ..Secrets::holding("old") };
    let city = city(changed, Queue::default());
    assert_eq!(city.status(signed(ONE_EVENT)).await, 200);
    assert_eq!(city.queued(), 1);
    assert_eq!(city.status(request(ONE_EVENT, Some(&sign(ONE_EVENT, "forged")))).await, 401);
    assert_eq!(*city.secrets.reports.lock().unwrap(), 2);
    assert_eq!(city.status(request(ONE_EVENT, None)).await, 401);
    assert_eq!(*city.secrets.reports.lock().unwrap(), 2, "no signature says nothing about the secret");
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_and_garbage_that_line_signed_is_400() {
    let city = city(Secrets::holding("right"), Queue::default());
    let large = format!("{}{}", " ".repeat(line::limits::WEBHOOK_BYTES_MAX), NO_EVENTS);
    assert_eq!(city.status(signed(&large)).await, 413);
    assert_eq!(city.status(signed(&large[NO_EVENTS.len()..])).await, 200, "as large as may be");
    for garbage in ["", "{}", "null", "かんでんち", r#"{"events":{}}"#] {
        assert_eq!(city.status(signed(garbage)).await, 400, "{garbage}");
    }
    assert_eq!(city.queued(), 0);
}

#[tokio::test]
async fn a_refusing_queue_is_503_so_that_line_delivers_again() {
    for kind in [Kind::Transient, Kind::Throttled, Kind::Permanent] {
        let city = city(Secrets::holding("right"), Queue { refusing: Some(kind), ..Queue::default() });
        assert_eq!(city.status(signed(ONE_EVENT)).await, 503);
    }
}

#[tokio::test]
async fn without_the_secret_nothing_is_taken() {
    let unread = Secrets { known: Err(Kind::Permanent), ..Secrets::holding("") };
    let city = city(unread, Queue::default());
    assert_eq!(city.status(signed(ONE_EVENT)).await, 503);
    assert_eq!(city.queued(), 0);
}

#[tokio::test]
async fn only_post_is_answered() {
    let city = city(Secrets::holding("right"), Queue::default());
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS] {
        let mut request = signed(ONE_EVENT);
        *request.method_mut() = method;
        let answer = city.webhook.answer(request).await;
        assert_eq!((answer.status().as_u16(), answer.headers()["allow"].to_str().unwrap()), (405, "POST"));
    }
    assert_eq!(city.queued(), 0);
}

/// Which events the lines of the log name.
#[derive(Clone, Default)]
struct Named(Arc<Mutex<Vec<String>>>);

impl Subscriber for Named {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Visit for Named {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "event.ids" {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[tokio::test]
async fn the_log_names_the_events_that_were_taken_and_those_that_were_not() {
    let two = ONE_EVENT.replace("]}", r#",{"type":"follow","webhookEventId":"01K2","source":{"userId":"U2"}}]}"#);
    let named = Named::default();
    let _guard = tracing::subscriber::set_default(named.clone());
    for refusing in [None, Some(Kind::Transient)] {
        let city = city(Secrets::holding("right"), Queue { refusing, ..Queue::default() });
        city.status(signed(&two)).await;
    }
    assert_eq!(*named.0.lock().unwrap(), ["01K1 01K2", "01K1 01K2"]);
}
