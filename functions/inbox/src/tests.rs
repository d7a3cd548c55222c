//! Letters in, outcomes out, over a world in which every port fails and remembers that it was asked.

use std::sync::{Arc, Mutex};

use app::ports::reports::{ChangeJob, Neighbour, NoticeJob, PhotoJob, ReportJobs, Reports};
use app::ports::staff::{Connected, PhoneCode, PhoneCodes, Written};
use app::ports::{
    Clock, Commit, Committed, Conversations, Delivery, Loaded, Messages, Messenger, ReplyToken, Towns, Undelivered,
    Versioned,
};
use async_trait::async_trait;
use domain::audit::Act;
use domain::ids::{EventId, PhotoId, ReportId, ResidentId, StaffId};
use domain::reply::{Choice, Reply};
use domain::report::photo::Photo;
use domain::report::place::Cell;
use domain::report::{Report, Standing};
use domain::town::Town;
use jiff::Timestamp;
use uuid::Uuid;

use super::*;

#[derive(Default)]
struct Broken {
    asked: Mutex<Vec<&'static str>>,
}

impl Broken {
    fn fail<T>(&self, what: &'static str) -> Result<T, Error> {
        self.asked.lock().unwrap().push(what);
        Err(Error::new(Kind::Throttled, what, "as the test says"))
    }
}

#[async_trait]
impl Conversations for Broken {
    async fn load(&self, _: &ResidentId, _: &EventId) -> Result<Loaded, Error> {
        self.fail("load")
    }

    async fn commit(&self, _: &Commit) -> Result<Committed, Error> {
        self.fail("commit")
    }

    async fn confirm(&self, _: &EventId) -> Result<(), Error> {
        self.fail("confirm")
    }

    async fn push_instead(&self, _: &EventId, _: Uuid, _: &Messages) -> Result<(), Error> {
        self.fail("push instead")
    }
}

#[async_trait]
impl Messenger for Broken {
    fn compose(&self, _: &[Reply], _: &[Choice]) -> Result<Messages, Error> {
        self.fail("compose")
    }

    async fn reply(&self, _: &ReplyToken, _: &Messages) -> Result<Delivery, Undelivered> {
        self.fail("reply").map_err(Undelivered::Unknown)
    }

    async fn push(&self, _: &ResidentId, _: &Messages, _: Uuid) -> Result<Delivery, Undelivered> {
        self.fail("push").map_err(Undelivered::Unknown)
    }
}

#[async_trait]
impl PhoneCodes for Broken {
    async fn owner(&self, _: &PhoneCode, _: Timestamp) -> Result<Option<StaffId>, Error> {
        self.fail("owner")
    }

    async fn connect(&self, _: &PhoneCode, _: &ResidentId, _: &Act) -> Result<Connected, Error> {
        self.fail("connect")
    }
}

#[async_trait]
impl Reports for Broken {
    async fn find(&self, _: &ReportId) -> Result<Option<Versioned<Report>>, Error> {
        self.fail("find")
    }

    async fn put(&self, _: &Report, _: Option<&Versioned<Report>>, _: Option<&Act>) -> Result<Written, Error> {
        self.fail("put")
    }

    async fn standing(&self, _: Standing, _: Option<&ReportId>, _: usize) -> Result<Vec<Report>, Error> {
        self.fail("standing")
    }

    async fn of_resident(&self, _: &ResidentId, _: usize) -> Result<Vec<ReportId>, Error> {
        self.fail("of resident")
    }

    async fn closed_before(&self, _: Standing, _: Timestamp, _: usize) -> Result<Vec<ReportId>, Error> {
        self.fail("closed before")
    }

    async fn near(&self, _: &[Cell]) -> Result<Vec<Neighbour>, Error> {
        self.fail("near")
    }

    async fn photos(&self, _: &[PhotoId]) -> Result<Vec<Versioned<Photo>>, Error> {
        self.fail("photos")
    }

    async fn put_photo(&self, _: &Photo, _: Option<u64>) -> Result<Written, Error> {
        self.fail("put photo")
    }

    async fn forgotten_photos(&self, _: Timestamp, _: usize) -> Result<Vec<PhotoId>, Error> {
        self.fail("forgotten photos")
    }
}

#[async_trait]
impl ReportJobs for Broken {
    async fn put_photo(&self, _: &PhotoJob) -> Result<(), Error> {
        self.fail("put photo job")
    }

    async fn put_notice(&self, _: &NoticeJob) -> Result<(), Error> {
        self.fail("put notice job")
    }

    async fn put_change(&self, _: &ChangeJob) -> Result<(), Error> {
        self.fail("put change job")
    }
}

#[async_trait]
impl Towns for Broken {
    async fn current(&self) -> Result<Arc<Town>, Error> {
        self.fail("town")
    }
}

impl Clock for Broken {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// What becomes of a message, and what was asked of the world.
async fn run(body: &str) -> (Result<(), Kind>, Vec<&'static str>) {
    let world = Arc::new(Broken::default());
    let inbox = Inbox {
        conversations: world.clone(),
        messenger: world.clone(),
        towns: world.clone(),
        phone_codes: world.clone(),
        reports: world.clone(),
        jobs: world.clone(),
        links: None,
        clock: world.clone(),
    };
    let outcome = handle(&inbox, body.to_owned()).await.map_err(|error| error.kind);
    let asked = world.asked.lock().unwrap().clone();
    (outcome, asked)
}

fn letter(event: &str) -> String {
    format!(r#"{{"v":1,"received_at":1795230000000,"event":{event}}}"#)
}

#[tokio::test]
async fn a_residents_event_reaches_the_use_case_and_its_failure_comes_back() {
    let source = r#""source":{"type":"user","userId":"U00000000000000000000000000000001"}"#;
    let event =
        format!(r#"{{"type":"follow","mode":"active","webhookEventId":"01K1","timestamp":1795230000000,{source}}}"#);
    assert_eq!(run(&letter(&event)).await, (Err(Kind::Throttled), vec!["load"]));
}

#[tokio::test]
async fn a_letter_that_nobody_can_open_fails_for_good() {
    for body in ["", "かんでんち", "{}", r#"{"v":99,"received_at":0,"event":{}}"#] {
        assert_eq!(run(body).await, (Err(Kind::Permanent), vec![]), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_part_of_a_conversation_is_done_with() {
    for event in ["{}", "[]", r#"{"type":"join","source":{"type":"group","groupId":"C1"}}"#, r#"{"type":"follow"}"#] {
        assert_eq!(run(&letter(event)).await, (Ok(()), vec![]), "{event}");
    }
}
