//! Frozen parts and words in the bucket: the first that is written stays, and what comes back is distrusted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::error::Kind;
use app::ports::Messages;
use app::ports::broadcasts::FrozenParts;
use aws::frozen::S3FrozenParts;
use domain::ids::BroadcastId;
use domain::sending::freeze::FrozenIds;
use domain::sending::freeze::object::encode;
use domain::sending::frozen::{FrozenPart, LeftOut, PackedId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use wiremock::{Request, Respond, ResponseTemplate};

use crate::stub::Stub;

/// A small S3 in memory, with what it is to say to the next calls instead.
#[derive(Default)]
struct Bucket {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    instead: Mutex<Vec<(u16, &'static str)>>,
    asked: Mutex<Vec<String>>,
}

struct Served(Arc<Bucket>);

impl Respond for Served {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let path = request.url.path().to_owned();
        let method = request.method.to_string();
        let how = header("range").or_else(|| header("if-none-match")).unwrap_or_default();
        self.0.asked.lock().unwrap().push(format!("{method} {path} {how}").trim_end().to_owned());
        let next = self.0.instead.lock().unwrap().pop();
        if let Some((status, code)) = next {
            return failure(status, code);
        }
        let mut objects = self.0.objects.lock().unwrap();
        match (method.as_str(), objects.get(&path)) {
            ("PUT", Some(_)) if how == "*" => failure(412, "PreconditionFailed"),
            ("PUT", _) => {
                objects.insert(path, request.body.clone());
                ResponseTemplate::new(200)
            }
            ("GET", None) => failure(404, "NoSuchKey"),
            ("GET", Some(object)) => match how.strip_prefix("bytes=").and_then(|range| range.split_once('-')) {
                None => ResponseTemplate::new(200).set_body_bytes(object.clone()),
                Some((first, last)) => {
                    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
                    match object.get(first..(last + 1).min(object.len())) {
                        Some(bytes) if !bytes.is_empty() => ResponseTemplate::new(206).set_body_bytes(bytes),
                        Some(_) | None => failure(416, "InvalidRange"),
                    }
                }
            },
            other => panic!("{other:?} is not known here"),
        }
    }
}

fn failure(status: u16, code: &str) -> ResponseTemplate {
    let body = format!("<Error><Code>{code}</Code><Message>told so by the test</Message></Error>");
    ResponseTemplate::new(status).set_body_raw(body, "application/xml")
}

struct World {
    bucket: Arc<Bucket>,
    parts: S3FrozenParts,
    _stub: Stub,
}

impl World {
    async fn new() -> Self {
        let bucket = Arc::new(Bucket::default());
        let stub = Stub::served_by(Served(Arc::clone(&bucket))).await;
        let parts = S3FrozenParts::new(&stub.clients(), "media".to_owned());
        Self { bucket, parts, _stub: stub }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.bucket.asked.lock().unwrap())
    }

    fn says_first(&self, mut answers: Vec<(u16, &'static str)>) {
        answers.reverse();
        *self.bucket.instead.lock().unwrap() = answers;
    }

    fn replace(&self, key: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.bucket.objects.lock().unwrap().get_mut(key).unwrap());
    }
}

const PART: &str = "/media/frozen/0199aaaa-0000-7000-8000-000000000001/007";

fn id() -> BroadcastId {
    "0199aaaa-0000-7000-8000-000000000001".parse().unwrap()
}

/// Three ids in the first section, none in the second, and two, which are smaller, in the third.
fn ids() -> FrozenIds {
    let packed = |bytes: &[u8]| bytes.iter().map(|byte| PackedId([*byte; 16])).collect::<Vec<_>>();
    FrozenIds { sections: vec![packed(&[3, 5, 9]), vec![], packed(&[1, 2])], left_out: LeftOut::default() }
}

fn part(at: &str) -> (FrozenPart, Vec<u8>) {
    let ids = ids();
    let part = ids.part(&id(), 7, at.parse::<Timestamp>().unwrap());
    let object = encode(&part, &ids.sections).unwrap();
    (part, object)
}

#[tokio::test]
async fn the_first_freeze_stays_whoever_comes_later() {
    let world = World::new().await;
    assert_eq!(world.parts.part(&id(), 7).await.unwrap(), None);
    let (first, object) = part("2026-11-22T03:00:00Z");
    assert_eq!(world.parts.keep(&first, object).await.unwrap(), first);
    let (second, object) = part("2026-11-22T04:00:00Z");
    assert_eq!(
        world.parts.keep(&second, object).await.unwrap(),
        first,
        "an hour later the same ids, but the first time"
    );
    assert_eq!(world.parts.part(&id(), 7).await.unwrap(), Some(first));
    let header = format!("GET {PART} bytes=0-4095");
    let put = format!("PUT {PART} *");
    assert_eq!(world.asked().iter().collect::<Vec<_>>(), [&header, &put, &put, &header, &header]);
}

#[tokio::test]
async fn a_conflict_is_tried_again_and_a_lost_answer_finds_its_own() {
    let world = World::new().await;
    world.says_first(vec![(409, "ConditionalRequestConflict"), (409, "OperationAborted")]);
    let (first, object) = part("2026-11-22T03:00:00Z");
    assert_eq!(world.parts.keep(&first, object.clone()).await.unwrap(), first);
    assert_eq!(world.asked().len(), 3);
    assert_eq!(world.parts.keep(&first, object.clone()).await.unwrap(), first);

    world.says_first(vec![(409, "ConditionalRequestConflict"); 5]);
    assert_eq!(world.parts.keep(&first, object.clone()).await.unwrap_err().kind, Kind::Transient);
    for (status, code, kind) in [
        (403, "AccessDenied", Kind::Transient),
        (404, "NoSuchBucket", Kind::Transient),
        (400, "InvalidRequest", Kind::Permanent),
    ] {
        world.says_first(vec![(status, code)]);
        assert_eq!(world.parts.keep(&first, object.clone()).await.unwrap_err().kind, kind, "{code}");
    }
    world.says_first(vec![(503, "SlowDown"); 2]);
    assert_eq!(world.parts.keep(&first, object).await.unwrap(), first);
}

#[tokio::test]
async fn any_range_of_ids_comes_back_across_sections_too() {
    let world = World::new().await;
    let (part, object) = part("2026-11-22T03:00:00Z");
    world.parts.keep(&part, object).await.unwrap();
    let all: Vec<PackedId> = ids().sections.concat();
    for range in [0..5, 0..1, 2..4, 3..5, 4..5] {
        assert_eq!(world.parts.ids(&part, range.clone()).await.unwrap(), all[range]);
    }
    world.asked();
    assert_eq!(world.parts.ids(&part, 2..2).await.unwrap(), []);
    assert_eq!(world.asked(), [""; 0], "nobody is asked for nothing");
    world.parts.ids(&part, 2..4).await.unwrap();
    assert_eq!(world.asked(), [format!("GET {PART} bytes=4128-4159")]);
    assert_eq!(world.parts.ids(&part, 4..6).await.unwrap_err().kind, Kind::Transient, "shorter than asked for");
    assert_eq!(world.parts.ids(&part, 9..10).await.unwrap_err().kind, Kind::Permanent);
}

#[tokio::test]
async fn an_object_that_is_not_what_was_frozen_is_an_error() {
    let world = World::new().await;
    let (part, object) = part("2026-11-22T03:00:00Z");
    world.parts.keep(&part, object.clone()).await.unwrap();
    world.replace(PART, |object| object.swap(4_096, 4_096 + 16));
    assert_eq!(world.parts.ids(&part, 0..5).await.unwrap_err().kind, Kind::Permanent, "out of order");
    world.replace(PART, |object| object[0] = b'x');
    assert_eq!(world.parts.part(&id(), 7).await.unwrap_err().kind, Kind::Permanent, "no header");
    world.bucket.objects.lock().unwrap().insert(PART.replace("007", "008"), object);
    assert_eq!(world.parts.part(&id(), 8).await.unwrap_err().kind, Kind::Permanent, "another part's");
}

#[tokio::test]
async fn words_are_kept_under_their_digest_and_come_back_as_they_were() {
    let world = World::new().await;
    let words = Messages(r#"[{"type":"text","text":"高台へ避難してください"}]"#.to_owned());
    let digest = domain::text::hex(&Sha256::digest(words.0.as_bytes()));
    assert_eq!(world.parts.words(&id(), &digest).await.unwrap_err().kind, Kind::Permanent, "there are none");
    world.parts.keep_words(&id(), &digest, &words).await.unwrap();
    world.parts.keep_words(&id(), &digest, &words).await.expect("the same again changes nothing");
    assert_eq!(world.parts.words(&id(), &digest).await.unwrap(), words);
    let key = format!("/media/frozen/{}/words-{digest}", id());
    let (put, get) = (format!("PUT {key} *"), format!("GET {key}"));
    assert_eq!(world.asked().iter().collect::<Vec<_>>(), [&get, &put, &put, &get]);
    world.replace(&key, |words| words.push(b' '));
    assert_eq!(world.parts.words(&id(), &digest).await.unwrap_err().kind, Kind::Permanent, "other words");
}
